/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "report/text_hints.h"

#include <inttypes.h>
#include <stdio.h>

#include "base/i18n.h"
#include "base/strbuf.h"
#include "snap/snapshot.h"

enum { PLACE_COLUMNS = 22, PORT_COLUMNS = 20, ROLE_COLUMNS = 9 };

static void put_left(struct strbuf *buf, const char *text, size_t columns)
{
	strbuf_left(buf, text, columns - 1);
	strbuf_putc(buf, ' ');
}

static void add_row(const struct snap_hop *hop, struct strbuf *rows)
{
	const struct hints *hints = &hop->hints;
	char place[sizeof hop->place.city + 5] = "", port[sizeof hints->port.token + 12] = "";

	if (hop->place.kind == PLACE_NONE && hints->port.type == PORT_NONE &&
	    hints->role == ROUTER_NONE && hints->router[0] == '\0' && hop->as.number == 0) {
		return;
	}
	if (hop->place.kind != PLACE_NONE) {
		(void)snprintf(place, sizeof place, "%s %s%s", hop->place.city, hop->place.country,
			hop->place.kind == PLACE_DATABASE ? "*" : "");
	}
	if (hints->port.type != PORT_NONE) {
		(void)snprintf(port, sizeof port, "%s %s", port_type_name(hints->port.type),
			hints->port.token);
	}
	strbuf_printf(rows, "%3u  ", hop->hop);
	put_left(rows, place, PLACE_COLUMNS);
	put_left(rows, port, PORT_COLUMNS);
	put_left(rows, router_role_name(hints->role), ROLE_COLUMNS);
	strbuf_puts(rows, hints->router);
	if (hints->other_party[0] != '\0') {
		strbuf_printf(rows, _("  to %s"), hints->other_party);
	}
	if (hop->as.number > 0) {
		strbuf_printf(rows, "  AS%" PRIu32 " %s", hop->as.number,
			hop->as.name == NULL ? "" : hop->as.name);
	}
	while (rows->len > 0 && rows->text[rows->len - 1] == ' ') {
		rows->text[--rows->len] = '\0';
	}
	strbuf_putc(rows, '\n');
}

void text_hints(const struct snapshot *snap, struct strbuf *buf)
{
	struct strbuf rows = {0};
	bool has_database = false;

	for (size_t i = 0; i < snap->hop_count; i++) {
		add_row(&snap->hops[i], &rows);
		has_database = has_database || snap->hops[i].place.kind == PLACE_DATABASE;
	}
	if (rows.len > 0) {
		strbuf_printf(buf, "\n%s\n", _("From host names: location, interface, role, router"));
		strbuf_puts(buf, rows.text);
		if (has_database) {
			strbuf_printf(buf, "%s\n", _("* of the address, from the city database"));
		}
	}
	strbuf_finish(&rows);
}
