/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "view/view.h"

#include <inttypes.h>
#include <string.h>

#include "base/i18n.h"
#include "base/utf8.h"

/* What the name of a hop says, by which of its bytes and which rule; and whose the address and
 * the other end of its link are. */
enum { LABEL = 17 };

static void fact(const struct view_in *in, struct lines *lines, const char *label,
	struct strbuf *text)
{
	lines_begin(lines, 0);
	lines_left(lines, ROLE_DIM, LABEL, label);
	lines_wrap(lines, ROLE_NORMAL, in->width, 0, strbuf_text(text));
	strbuf_clear(text);
}

static void set_mark(bool *is_marked, size_t len, struct mark mark)
{
	for (size_t i = mark.start; i < (size_t)mark.start + mark.len && i < len; i++) {
		is_marked[i] = true;
	}
}

static bool has_any(const bool *is_marked, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		if (is_marked[i]) {
			return true;
		}
	}
	return false;
}

/* One row of the name: `size` bytes from `start`, what carried a hint underlined. */
static void put_row(const struct view_in *in, struct lines *lines, const char *name,
	const bool *is_marked, size_t size)
{
	for (size_t at = 0; at < size;) {
		size_t len = 1;
		struct strbuf part = {0};

		while (at + len < size && is_marked[at + len] == is_marked[at]) {
			len++;
		}
		strbuf_add(&part, name + at, len);
		lines_put(lines, is_marked[at] ? ROLE_MARK : ROLE_NORMAL, strbuf_text(&part));
		strbuf_finish(&part);
		at += len;
	}
	/* Where there may be no attributes, a line of its own marks them. */
	if (in->is_ascii && has_any(is_marked, size)) {
		struct strbuf marks = {0};

		for (size_t i = 0; i < size; i++) {
			strbuf_putc(&marks, is_marked[i] ? '^' : ' ');
		}
		lines_begin(lines, 0);
		lines_pad(lines, LABEL);
		lines_put(lines, ROLE_NORMAL, strbuf_text(&marks));
		strbuf_finish(&marks);
	}
}

static void add_name(const struct view_in *in, const struct snap_hop *hop, struct lines *lines)
{
	const struct hints *hints = &hop->hints;
	size_t len = strlen(hop->name), room = in->width > LABEL + 8 ? in->width - LABEL : 8;
	bool is_marked[256] = {false};

	len = len < sizeof is_marked ? len : sizeof is_marked - 1;
	set_mark(is_marked, len, hints->port.mark);
	set_mark(is_marked, len, hints->role_mark);
	set_mark(is_marked, len, hints->party_mark);
	set_mark(is_marked, len, hints->operator_mark);
	if (hop->place.kind != PLACE_NONE) {
		set_mark(is_marked, len, hop->place.mark);
	}
	for (size_t at = 0; at < len;) {
		size_t size = utf8_prefix(hop->name + at, room);

		size = size == 0 || at + size > len ? len - at : size;
		lines_begin(lines, 0);
		lines_left(lines, ROLE_DIM, LABEL, at == 0 ? _("name") : "");
		put_row(in, lines, hop->name + at, is_marked + at, size);
		at += size;
	}
}

static const char *rule_words(const struct place *place)
{
	switch (place->rule) {
	case RULE_CITY:
		return _("the city's name");
	case RULE_CODE:
		return _("a code networks use");
	case RULE_OPERATOR:
		return _("this operator's own code");
	case RULE_AIRPORT:
		return _("an airport");
	case RULE_CLLI:
		return _("a CLLI code: place and state");
	case RULE_LOCODE:
		return _("a UN/LOCODE: country and place");
	case RULE_ABBREVIATION:
		return _("an abbreviation within the country");
	case RULE_NONE:
	case RULE_COUNT:
		break;
	}
	return _("the address, from the city database");
}

static void add_place(const struct view_in *in, const struct snap_hop *hop, struct lines *lines,
	struct strbuf *text)
{
	const struct place *place = &hop->place, *other = &hop->hints.places[0];

	if (place->kind != PLACE_NONE) {
		strbuf_printf(text, "%s %s: ", place->city, place->country);
		if (place->mark.len > 0) {
			strbuf_printf(text, "%s, ", place->token);
		}
		strbuf_printf(text, _("%s, %u %% sure"), rule_words(place), place->percent);
		if (place->is_learned) {
			strbuf_puts(text, _("; where the operator's other names have theirs"));
		}
		fact(in, lines, _("place"), text);
	}
	if (hop->hints.ends[0][0] != '\0') {
		strbuf_printf(text, _("%s and %s; the name does not say which of them the hop is"),
			hop->hints.ends[0], hop->hints.ends[1]);
		fact(in, lines, _("link between"), text);
	}
	if (hop->hints.place_count > 0 && (place->kind == PLACE_NONE ||
	    strcmp(place->city, other->city) != 0)) {
		strbuf_printf(text, _("%s %s (%s): contradicted by light or by adjacent hops"),
			other->city, other->country, other->token);
		fact(in, lines, _("rejected"), text);
	}
}

static void add_port(const struct view_in *in, const struct hints *hints, struct lines *lines,
	struct strbuf *text)
{
	if (hints->port.type == PORT_NONE) {
		return;
	}
	strbuf_printf(text, "%s: %s", hints->port.token, port_type_name(hints->port.type));
	/* 10GE says it already. */
	if (hints->port.speed_mbps > 0 && hints->port.type >= PORT_ET) {
		strbuf_printf(text, _(", %u Mbit/s"), hints->port.speed_mbps);
	}
	if (hints->port.vendor[0] != '\0') {
		strbuf_printf(text, _(", as %s writes it"), hints->port.vendor);
	}
	if (hints->port.slot[0] != '\0') {
		strbuf_printf(text, _(", slot %s"), hints->port.slot);
	}
	if (hints->port.chassis_slots > 1) {
		strbuf_printf(text, _(" of at least %u"), hints->port.chassis_slots);
	}
	if (hints->port.unit[0] != '\0') {
		strbuf_printf(text, _(", unit %s"), hints->port.unit);
	}
	fact(in, lines, _("port"), text);
}

/* The router and what it is for, with the word that says so. */
static void add_router(const struct view_in *in, const struct snap_hop *hop,
	struct lines *lines, struct strbuf *text)
{
	const struct hints *hints = &hop->hints;

	if (hints->router[0] != '\0' && hints->operator[0] != '\0') {
		strbuf_printf(text, _("%s of %s"), hints->router, hints->operator);
	} else {
		strbuf_puts(text, hints->router[0] != '\0' ? hints->router : hints->operator);
	}
	if (text->len > 0) {
		fact(in, lines, _("router"), text);
	}
	if (hints->role != ROUTER_NONE) {
		strbuf_puts(text, router_role_name(hints->role));
		if (hints->role_mark.len > 0 && hop->name != NULL) {
			strbuf_printf(text, _(": %.*s, as many call those"), (int)hints->role_mark.len,
				hop->name + hints->role_mark.start);
		}
		fact(in, lines, _("role"), text);
	}
	if (hints->other_party[0] != '\0' || hints->relation != RELATION_NONE) {
		strbuf_puts(text, hints->other_party);
		if (hints->relation != RELATION_NONE) {
			strbuf_printf(text, "%s%s", text->len > 0 ? ", " : "",
				relation_name(hints->relation));
		}
		fact(in, lines, _("other party"), text);
	}
}

/* The other end of the link by which the hop is reached, and what its name tells. */
static void put_mate(const struct snap_hop *hop, struct strbuf *text)
{
	const struct snap_mate *mate = &hop->mate;

	strbuf_printf(text, "%s %s", mate->address, mate->name);
	if (mate->is_of_before && hints_are_of_one_router(&mate->hints, &hop->hints)) {
		strbuf_printf(text, _(": %s numbers the link, and this end is another network's"),
			mate->hints.operator);
	} else if (mate->is_of_before) {
		strbuf_puts(text, _(": the previous hop, so this is its link"));
	} else if (mate->hints.operator[0] != '\0' &&
		   strcmp(mate->hints.operator, hop->hints.operator) != 0) {
		strbuf_printf(text, _(": %s has the other end"), mate->hints.operator);
	}
}

/* " (ZZ, ripencc, 2001-01-01)", of these what is known. */
static void add_registered(const struct snap_hop *hop, struct strbuf *text)
{
	const char *const words[] = {hop->as.country, hop->as.registry, hop->as.allocated};
	const char *before = " (";

	for (size_t i = 0; i < sizeof words / sizeof words[0]; i++) {
		if (words[i] != NULL) {
			strbuf_printf(text, "%s%s", before, words[i]);
			before = ", ";
		}
	}
	strbuf_puts(text, before[0] == ',' ? ")" : "");
}

static void add_address(const struct view_in *in, const struct snap_hop *hop,
	struct lines *lines, struct strbuf *text)
{
	if (hop->as.number > 0) {
		strbuf_printf(text, "AS%" PRIu32, hop->as.number);
		if (hop->as.name != NULL) {
			strbuf_printf(text, " %s", hop->as.name);
		}
		if (hop->as.prefix != NULL) {
			strbuf_printf(text, ", %s", hop->as.prefix);
		}
		add_registered(hop, text);
		fact(in, lines, _("network"), text);
	}
	if (hop->database.country[0] != '\0' && hop->place.kind != PLACE_DATABASE) {
		strbuf_printf(text, "%s%s%s", hop->database.city, hop->database.city[0] == '\0' ? "" : " ",
			hop->database.country);
		fact(in, lines, _("from the database"), text);
	}
	if (hop->mate.name != NULL) {
		put_mate(hop, text);
		fact(in, lines, _("link's other end"), text);
	}
}

void view_add_names(const struct view_in *in, const struct snap_hop *hop, struct lines *lines)
{
	struct strbuf text = {0};

	if (hop->name != NULL) {
		add_name(in, hop, lines);
	}
	add_place(in, hop, lines, &text);
	add_port(in, &hop->hints, lines, &text);
	add_router(in, hop, lines, &text);
	add_address(in, hop, lines, &text);
	strbuf_finish(&text);
}

void view_add_mates(const struct view_in *in, struct lines *lines)
{
	struct strbuf text = {0};
	bool has_any = false;

	for (size_t i = 0; i < in->snap->hop_count; i++) {
		const struct snap_hop *hop = &in->snap->hops[i];

		if (hop->mate.name == NULL) {
			continue;
		}
		if (!has_any) {
			lines_begin(lines, 0);
			lines_head(lines, _("At the far ends of its outgoing links"));
			has_any = true;
		}
		put_mate(hop, &text);
		lines_begin(lines, 0);
		lines_printf(lines, ROLE_NORMAL, "%3u  ", hop->hop);
		lines_wrap(lines, ROLE_NORMAL, in->width, 0, strbuf_text(&text));
		strbuf_clear(&text);
	}
	strbuf_finish(&text);
}
