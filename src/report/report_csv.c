/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "report/report.h"

#include <inttypes.h>
#include <string.h>

#include "base/escape.h"
#include "report/compat_mtr.h"

struct row {
	const struct snapshot *snap;
	const struct snap_hop *hop;
	const struct snap_link *link;   /* that ends at the hop; NULL: none */
	const char *address;            /* of its addresses the one that the row is of, */
	const char *host;               /* and how it is shown */
};

typedef void cell_fn(const struct row *, size_t offset, struct strbuf *);

/* A number that is not known is nothing at all. */
static void put_real(double value, double factor, struct strbuf *buf)
{
	if (value != SNAP_UNKNOWN) {
		strbuf_printf(buf, "%.3f", value * factor);
	}
}

static double real_at(const void *object, size_t offset)
{
	return *(const double *)(const void *)((const char *)object + offset);
}

static void cell_version(const struct row *row, size_t offset, struct strbuf *buf)
{
	(void)offset;
	escape_csv(buf, row->snap->version == NULL ? "" : row->snap->version);
}

static void cell_address(const struct row *row, size_t offset, struct strbuf *buf)
{
	(void)offset;
	escape_csv(buf, row->address == NULL ? "" : row->address);
}

static void cell_decap(const struct row *row, size_t offset, struct strbuf *buf)
{
	(void)offset;
	strbuf_puts(buf, row->hop->decap);
}

static void cell_count(const struct row *row, size_t offset, struct strbuf *buf)
{
	const struct snap_stats *stats = &row->hop->through;

	if (stats->is_on) {
		strbuf_printf(buf, "%" PRIu64,
			*(const uint64_t *)(const void *)((const char *)stats + offset));
	}
}

static void cell_percent(const struct row *row, size_t offset, struct strbuf *buf)
{
	if (row->hop->through.is_on && row->hop->through.loss != SNAP_UNKNOWN) {
		put_real(real_at(&row->hop->through, offset), 100.0, buf);
	}
}

static void cell_ms(const struct row *row, size_t offset, struct strbuf *buf)
{
	if (row->hop->through.is_on && row->hop->through.has_rtt) {
		put_real(real_at(&row->hop->through, offset), 1.0, buf);
	}
}

static void cell_link_from(const struct row *row, size_t offset, struct strbuf *buf)
{
	(void)offset;
	if (row->link != NULL) {
		strbuf_printf(buf, "%u", row->link->from_hop);
	}
}

static void cell_link_percent(const struct row *row, size_t offset, struct strbuf *buf)
{
	if (row->link != NULL && row->link->loss != SNAP_UNKNOWN) {
		put_real(real_at(row->link, offset), 100.0, buf);
	}
}

static void cell_link_added(const struct row *row, size_t offset, struct strbuf *buf)
{
	(void)offset;
	if (row->link != NULL) {
		put_real(row->link->rtt_added_ms, 1.0, buf);
	}
}

static void cell_link_direction(const struct row *row, size_t offset, struct strbuf *buf)
{
	(void)offset;
	if (row->link != NULL && row->link->direction != NULL) {
		strbuf_puts(buf, row->link->direction);
	}
}

#define THROUGH(name, fn, member) {name, fn, offsetof(struct snap_stats, member)}
#define LINK(name, fn, member) {name, fn, offsetof(struct snap_link, member)}

/* Behind mtr's columns. */
static const struct {
	const char *title;
	cell_fn *put;
	size_t offset;
} columns[] = {
	{"Thrupath_Version", cell_version, 0},
	{"Address", cell_address, 0},
	{"Decap", cell_decap, 0},
	THROUGH("Through_Snt", cell_count, sent),
	THROUGH("Through_Rcv", cell_count, received),
	THROUGH("Through_Loss%", cell_percent, loss),
	THROUGH("Through_Low%", cell_percent, low),
	THROUGH("Through_High%", cell_percent, high),
	THROUGH("Through_P50", cell_ms, p50_ms),
	THROUGH("Through_P95", cell_ms, p95_ms),
	THROUGH("Through_P99", cell_ms, p99_ms),
	THROUGH("Through_Javg", cell_ms, jitter_avg_ms),
	{"Link_From", cell_link_from, 0},
	LINK("Link_Loss%", cell_link_percent, loss),
	LINK("Link_Low%", cell_link_percent, low),
	LINK("Link_High%", cell_link_percent, high),
	{"Link_Direction", cell_link_direction, 0},
	{"Link_Added", cell_link_added, 0},
	THROUGH("Through_Resolved", cell_count, resolved),
};
#undef THROUGH
#undef LINK

enum { COLUMNS = sizeof columns / sizeof columns[0] };

/* mtr ends its heading, and nothing else, with a comma; ours go on from there. */
static void put_heading(const char *letters, bool has_networks, struct strbuf *buf)
{
	strbuf_puts(buf, "Mtr_Version,Start_Time,Status,Host,Hop,Ip,");
	strbuf_puts(buf, has_networks ? "Asn," : "");
	for (; *letters != '\0'; letters++) {
		const struct compat_field *field = compat_field(*letters);

		if (field != NULL) {
			strbuf_printf(buf, "%s,", field->title);
		}
	}
	for (size_t i = 0; i < COLUMNS; i++) {
		strbuf_printf(buf, "%s%s", columns[i].title, i + 1 < COLUMNS ? "," : "\n");
	}
}

/* The time is that of the end, whatever mtr's column is called. */
static void put_row(const struct row *row, const struct report_options *options, bool has_networks,
	struct strbuf *buf)
{
	const char *letters = options->fields == NULL ? COMPAT_FIELDS : options->fields;
	struct strbuf text = {0};

	strbuf_printf(buf, "MTR.0.95,%" PRId64 ",OK,", row->snap->now_realtime / NS_PER_SEC);
	escape_csv(buf, compat_destination(row->snap));
	strbuf_printf(buf, ",%u,", row->hop->hop);
	escape_csv(buf, row->host);
	if (has_networks) {
		compat_network(row->hop, SNAP_NETWORK_NUMBER, &text);
		strbuf_printf(buf, ",%s", strbuf_text(&text));
	}
	for (; *letters != '\0'; letters++) {
		const struct compat_field *field = compat_field(*letters);

		if (field != NULL) {
			strbuf_printf(buf, ",%.*f", field->is_count || *letters == ' ' ? 0 : 2,
				compat_value(field, compat_stats(row->hop)));
		}
	}
	for (size_t i = 0; i < COLUMNS; i++) {
		strbuf_putc(buf, ',');
		columns[i].put(row, columns[i].offset, buf);
	}
	strbuf_putc(buf, '\n');
	strbuf_finish(&text);
}

/* A name that a spreadsheet would compute is left out: anybody may give his host such a one. */
static const char *plain_host(const char *host, const char *address)
{
	return strchr("=+-@", host[0]) == NULL || host[0] == '\0' || address == NULL ? host : address;
}

void report_csv(const struct snapshot *snap, const struct report_options *options,
	struct strbuf *buf)
{
	bool has_networks = options->shows_as && options->network == SNAP_NETWORK_NUMBER;

	put_heading(options->fields == NULL ? COMPAT_FIELDS : options->fields, has_networks, buf);
	for (size_t i = compat_first(snap); i < snap->hop_count; i++) {
		const struct snap_hop *hop = &snap->hops[i];
		struct strbuf host = {0};
		struct row row = {snap, hop, snap_link_to(snap, hop->hop), hop->address, NULL};

		compat_host(hop, options->shows_both, &host);
		row.host = plain_host(strbuf_text(&host), hop->address);
		put_row(&row, options, has_networks, buf);
		for (size_t k = 0; options->is_wide && k < hop->address_count; k++) {
			strbuf_clear(&host);
			if (compat_other_host(hop, k, options->shows_both, &host)) {
				row.address = hop->addresses[k];
				row.host = plain_host(strbuf_text(&host), row.address);
				put_row(&row, options, has_networks, buf);
			}
		}
		strbuf_finish(&host);
	}
}
