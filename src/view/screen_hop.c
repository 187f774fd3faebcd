/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "view/view.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "base/i18n.h"
#include "base/utf8.h"
#include "view/columns.h"
#include "view/words.h"

/* All that is known of one hop: what it is, every statistic of every kind of probe side by
 * side, and how its round trips are spread. */
enum { LABEL = 17, NAME = 12, NUMBER = 9, BINS = 10, KINDS = SNAP_WALKS + 2 };

static void begin_fact(struct lines *lines, const char *label)
{
	lines_begin(lines, 0);
	lines_left(lines, ROLE_DIM, LABEL, label);
}

static void fact(const struct view_in *in, struct lines *lines, const char *label,
	const char *text)
{
	begin_fact(lines, label);
	lines_wrap(lines, ROLE_NORMAL, in->width, 0, text);
}

static void fact_buffer(const struct view_in *in, struct lines *lines, const char *label,
	struct strbuf *text)
{
	if (text->len > 0) {
		fact(in, lines, label, text->text + strspn(text->text, " "));
	}
	strbuf_clear(text);
}

static const char *yes_no(enum snap_tri tri, const char *yes, const char *no)
{
	switch (tri) {
	case SNAP_TRI_YES:
		return yes;
	case SNAP_TRI_NO:
		return no;
	case SNAP_TRI_UNKNOWN:
		break;
	}
	return _("not known");
}

static void add_decap(const struct view_in *in, const struct snap_hop *hop, struct lines *lines)
{
	struct strbuf text = {0};

	if (strcmp(hop->decap, "yes") == 0) {
		strbuf_puts(&text, _("yes"));
		if (hop->carrier != NULL && strcmp(hop->carrier, "ipip") != 0) {
			strbuf_printf(&text, " (%s)", hop->carrier);
		}
	} else if (!hop->through.is_on) {
		words_untested(hop, &text);
	} else {
		strbuf_puts(&text, strcmp(hop->decap, "no") == 0 ? _("no") :
			strcmp(hop->decap, "silent") == 0 ? _("tested, but silent") : _("not known yet"));
	}
	fact_buffer(in, lines, _("decapsulates"), &text);
	words_bounce(&hop->bounce, &text);
	fact_buffer(in, lines, _("through"), &text);
	if (hop->last_leg != NULL) {
		strbuf_printf(&text, _("the hop itself, to %s: return path chosen by routing"),
			hop->last_leg);
		fact_buffer(in, lines, _("answered by"), &text);
	}
	if (strcmp(hop->decap, "yes") == 0 && !in->snap->is_routed) {
		fact(in, lines, _("own source"), yes_no(hop->own_source, _("is forwarded"),
			_("is dropped: probes carry this host's address")));
		fact(in, lines, _("inner TTL"), yes_no(hop->decrements, _("is decremented"),
			_("is left unchanged")));
	}
	if (hop->strict_out != SNAP_TRI_UNKNOWN || hop->strict_back != SNAP_TRI_UNKNOWN) {
		strbuf_printf(&text, _("out %s, back %s"),
			yes_no(hop->strict_out, _("as listed"), _("longer than listed")),
			yes_no(hop->strict_back, _("as listed"), _("longer than listed")));
		fact_buffer(in, lines, _("segments"), &text);
	}
	strbuf_finish(&text);
}

static void add_addresses(const struct view_in *in, const struct snap_hop *hop,
	struct lines *lines)
{
	struct strbuf text = {0};

	strbuf_puts(&text, hop->address == NULL ? _("none: it is silent") : hop->address);
	fact_buffer(in, lines, _("address"), &text);
	for (size_t i = 0; i < hop->address_count; i++) {
		if (hop->address == NULL || strcmp(hop->addresses[i], hop->address) != 0) {
			strbuf_printf(&text, " %s", hop->addresses[i]);
		}
	}
	fact_buffer(in, lines, _("other addresses"), &text);
	if (hop->return_address != NULL) {
		fact(in, lines, _("return segment"), hop->return_address);
	}
	words_interface(hop, &text);
	fact_buffer(in, lines, _("interface"), &text);
	words_node(hop, &text);
	fact_buffer(in, lines, _("node"), &text);
	for (size_t i = 0; i < hop->mpls_count; i++) {
		words_label(&hop->mpls[i], &text);
		fact_buffer(in, lines, _("label"), &text);
	}
	strbuf_finish(&text);
}

static void add_errors(const struct view_in *in, const struct snap_hop *hop, struct lines *lines)
{
	struct strbuf text = {0};

	words_odd(&hop->through, &text);
	fact_buffer(in, lines, _("through: other"), &text);
	words_odd(&hop->to, &text);
	fact_buffer(in, lines, _("to: other"), &text);
	if (hop->last_error.cause != NULL) {
		words_error(&hop->last_error, &text);
		fact_buffer(in, lines, _("ICMP error"), &text);
	}
	strbuf_finish(&text);
}

enum number_kind { NUMBER_COUNT, NUMBER_LOSS, NUMBER_BOUND, NUMBER_MS };

struct number_row {
	const char *label;       /* N_() */
	enum number_kind kind;
	size_t offset;           /* into struct snap_stats */
};

#define STAT(member) offsetof(struct snap_stats, member)

static const struct number_row number_rows[] = {
	{N_("sent"), NUMBER_COUNT, STAT(sent)},
	{N_("received"), NUMBER_COUNT, STAT(received)},
	{N_("loss %"), NUMBER_LOSS, STAT(loss)},
	{N_("  at least"), NUMBER_BOUND, STAT(low)},
	{N_("  at most"), NUMBER_BOUND, STAT(high)},
	{N_("  last 60 s"), NUMBER_LOSS, STAT(recent)},
	{N_("last ms"), NUMBER_MS, STAT(last_ms)},
	{N_("best"), NUMBER_MS, STAT(best_ms)},
	{N_("average"), NUMBER_MS, STAT(avg_ms)},
	{N_("worst"), NUMBER_MS, STAT(worst_ms)},
	{N_("deviation"), NUMBER_MS, STAT(stddev_ms)},
	{N_("geom. mean"), NUMBER_MS, STAT(gmean_ms)},
	{N_("p50"), NUMBER_MS, STAT(p50_ms)},
	{N_("p95"), NUMBER_MS, STAT(p95_ms)},
	{N_("p99"), NUMBER_MS, STAT(p99_ms)},
	{N_("jitter, last"), NUMBER_MS, STAT(jitter_ms)},
	{N_("  average"), NUMBER_MS, STAT(jitter_avg_ms)},
	{N_("  worst"), NUMBER_MS, STAT(jitter_worst_ms)},
	{N_("  as mtr"), NUMBER_MS, STAT(jitter_mtr_ms)},
	{N_("  RFC 3550"), NUMBER_MS, STAT(jitter_rfc3550_ms)},
	{N_("late"), NUMBER_COUNT, STAT(late)},
	{N_("duplicate"), NUMBER_COUNT, STAT(duplicate)},
	{N_("reordered"), NUMBER_COUNT, STAT(reordered)},
};
#undef STAT

static enum role format_number(const struct number_row *row, const struct snap_stats *stats,
	char *ret_text, size_t cap)
{
	const void *at = (const char *)stats + row->offset;
	bool is_known = row->kind == NUMBER_COUNT ? true : row->kind == NUMBER_MS ?
		stats->has_rtt : stats->loss >= 0.0 && *(const double *)at >= 0.0;

	if (!is_known) {
		(void)snprintf(ret_text, cap, "-");
		return ROLE_DIM;
	}
	switch (row->kind) {
	case NUMBER_COUNT:
		(void)snprintf(ret_text, cap, "%" PRIu64, *(const uint64_t *)at);
		break;
	case NUMBER_LOSS:
		column_percent(*(const double *)at, ret_text, cap);
		return *(const double *)at > 0.0 ? ROLE_NOTICE : ROLE_NORMAL;
	case NUMBER_BOUND:
		column_percent(*(const double *)at, ret_text, cap);
		break;
	case NUMBER_MS:
		column_ms(*(const double *)at, ret_text, cap);
		break;
	}
	return ROLE_NORMAL;
}

/* The kinds of probe that are sent to the hop, the main ones first. */
static size_t kinds_of(const struct snap_hop *hop, struct snap_walk ret_kinds[KINDS])
{
	struct snap_walk walks[SNAP_WALKS];
	size_t count = 0;

	if (hop->through.is_on) {
		ret_kinds[count++] = (struct snap_walk){_("through"), "", &hop->through};
	}
	if (hop->to.is_on) {
		ret_kinds[count++] = (struct snap_walk){_("to"), "", &hop->to};
	}
	snap_hop_walks(hop, walks);
	for (size_t i = 0; i < SNAP_WALKS; i++) {
		if (walks[i].stats->is_on) {
			ret_kinds[count++] = walks[i];
		}
	}
	return count;
}

static void add_numbers(const struct view_in *in, const struct snap_hop *hop, struct lines *lines)
{
	struct snap_walk kinds[KINDS];
	size_t count = kinds_of(hop, kinds);
	size_t columns = in->width < NAME + 2 * (NUMBER + 3) ? NUMBER : NUMBER + 2;

	lines_begin(lines, 0);
	lines_begin(lines, 0);
	lines_pad(lines, NAME);
	for (size_t i = 0; i < count; i++) {
		lines_right(lines, ROLE_HEADING, columns, kinds[i].name);
	}
	for (size_t k = 0; count > 0 && k < sizeof number_rows / sizeof number_rows[0]; k++) {
		lines_begin(lines, 0);
		lines_left(lines, ROLE_DIM, NAME, _(number_rows[k].label));
		for (size_t i = 0; i < count; i++) {
			char text[32];
			enum role role = format_number(&number_rows[k], kinds[i].stats, text, sizeof text);

			lines_right(lines, role, columns, text);
		}
	}
}

struct spread {
	double low, high;        /* ms */
	unsigned bin[BINS];
	unsigned count, most;
};

/* How the answers of the last rounds are spread from the fastest to the slowest. */
static struct spread spread_of(const struct snap_stats *stats)
{
	struct spread spread = {.low = -1.0};

	for (size_t i = 0; i < stats->history_count; i++) {
		double ms = ns_to_ms(stats->history[i].rtt);

		if (stats->history[i].cell == SNAP_CELL_ANSWERED) {
			spread.low = spread.low < 0.0 || ms < spread.low ? ms : spread.low;
			spread.high = ms > spread.high ? ms : spread.high;
			spread.count++;
		}
	}
	for (size_t i = 0; i < stats->history_count && spread.count > 0; i++) {
		double width = (spread.high - spread.low) / (double)BINS;
		double at = width > 0.0 ? (ns_to_ms(stats->history[i].rtt) - spread.low) / width : 0.0;
		size_t bin = at >= (double)BINS ? BINS - 1 : at > 0.0 ? (size_t)at : 0;

		if (stats->history[i].cell == SNAP_CELL_ANSWERED) {
			spread.bin[bin]++;
			spread.most = spread.bin[bin] > spread.most ? spread.bin[bin] : spread.most;
		}
	}
	return spread;
}

static void add_spread(const struct view_in *in, const struct snap_hop *hop, struct lines *lines)
{
	bool is_through = hop->through.has_rtt;
	struct spread spread = spread_of(is_through ? &hop->through : &hop->to);
	size_t room = in->width > 32 ? in->width - 24 : 8;
	double width = (spread.high - spread.low) / (double)BINS;

	if (spread.count < 2 || width <= 0.0) {
		return;
	}
	room = room > 60 ? 60 : room;
	lines_begin(lines, 0);
	lines_begin(lines, 0);
	lines_printf(lines, ROLE_HEADING, is_through ? _("Round trips through it, last %u replies") :
		_("Round trips to it, last %u replies"), spread.count);
	for (size_t i = 0; i < BINS; i++) {
		char text[32];
		size_t cells = (spread.bin[i] * room + spread.most - 1) / spread.most;

		lines_begin(lines, 0);
		column_ms(spread.low + width * (double)i, text, sizeof text);
		lines_right(lines, ROLE_DIM, 7, text);
		lines_put(lines, ROLE_DIM, " ms ");
		for (size_t k = 0; k < cells; k++) {
			lines_put(lines, ROLE_SERIES_A, in->is_ascii ? "#" : "█");
		}
		if (spread.bin[i] > 0) {
			lines_printf(lines, ROLE_NORMAL, " %u", spread.bin[i]);
		}
	}
}

static void add_findings(const struct view_in *in, unsigned hop, struct lines *lines)
{
	for (size_t i = 0; i < in->snap->finding_count; i++) {
		const struct snap_finding *finding = &in->snap->findings[i];

		for (size_t k = 0; finding->is_active && k < finding->hop_count; k++) {
			if (finding->hops[k] == hop) {
				lines_begin(lines, 0);
				lines_put(lines, view_severity_role(finding->severity),
					words_sign(finding->severity));
				lines_put(lines, ROLE_NORMAL, " ");
				lines_wrap(lines, view_text_role(finding->severity), in->width, 0,
					finding->text);
			}
		}
	}
}

void view_hop_lines(const struct view_in *in, struct lines *lines)
{
	unsigned number = ui_hop(in->ui, in->snap);
	const struct snap_hop *hop;

	lines_begin(lines, 0);
	lines->fixed = 1;
	if (number == 0) {
		lines_put(lines, ROLE_DIM, _("No hop of the path is known yet."));
		return;
	}
	hop = &in->snap->hops[number - 1];
	lines_printf(lines, ROLE_TITLE, _("Hop %u of %zu: %s"), number, in->snap->hop_count,
		column_host(hop));
	add_findings(in, number, lines);
	add_addresses(in, hop, lines);
	view_add_names(in, hop, lines);
	add_decap(in, hop, lines);
	add_errors(in, hop, lines);
	add_numbers(in, hop, lines);
	add_spread(in, hop, lines);
}
