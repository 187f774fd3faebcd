/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "report/report.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "base/i18n.h"
#include "base/utf8.h"
#include "report/facts.h"
#include "report/text_findings.h"
#include "report/text_flows.h"
#include "report/text_hints.h"
#include "report/text_mtr.h"
#include "report/text_mtu.h"
#include "view/columns.h"
#include "view/words.h"

enum { HOST_NARROW = 28 };

/* Less of a link's time than this is not worth a word. */
static const double SERIAL_WORTH_MS = 0.05;

static void put_ms(struct strbuf *buf, bool is_known, double ms, size_t columns)
{
	char text[32] = "-";

	if (is_known) {
		column_ms(ms, text, sizeof text);
	}
	strbuf_right(buf, text, columns);
}

/* A loss and the interval it lies in, or dashes where nothing was measured. */
static void put_loss(struct strbuf *buf, double loss, double low, double high)
{
	char text[32] = "-", from[16], to[16];

	if (loss >= 0.0) {
		column_percent(loss, text, sizeof text);
	}
	strbuf_right(buf, text, 6);
	if (loss < 0.0) {
		strbuf_right(buf, "-", 14);
		return;
	}
	column_percent(low, from, sizeof from);
	column_percent(high, to, sizeof to);
	(void)snprintf(text, sizeof text, _("%s to %s"), from, to);
	strbuf_right(buf, text, 14);
}

static void put_count(struct strbuf *buf, uint64_t count, size_t columns)
{
	char text[32];

	(void)snprintf(text, sizeof text, "%" PRIu64, count);
	strbuf_right(buf, text, columns);
}

static void put_fact(void *arg, const char *label, const char *text)
{
	strbuf_left(arg, label, 13);
	strbuf_printf(arg, "%s\n", text);
}

static size_t host_width(const struct snapshot *snap, bool is_wide)
{
	size_t longest = utf8_width(_("Host"));

	for (size_t i = 0; i < snap->hop_count; i++) {
		size_t width = utf8_width(column_host(&snap->hops[i]));

		longest = width > longest ? width : longest;
	}
	return !is_wide && longest > HOST_NARROW ? HOST_NARROW : longest;
}

static void put_numbers(const struct snap_stats *stats, struct strbuf *buf)
{
	put_loss(buf, stats->resolved > 0 ? stats->loss : SNAP_UNKNOWN, stats->low, stats->high);
	put_ms(buf, stats->has_rtt, stats->p50_ms, 7);
	put_ms(buf, stats->has_rtt, stats->p95_ms, 7);
	put_ms(buf, stats->has_rtt, stats->p99_ms, 7);
	put_ms(buf, stats->has_rtt, stats->jitter_avg_ms, 6);
	strbuf_putc(buf, '\n');
}

static void put_headings(size_t columns, struct strbuf *buf)
{
	strbuf_left(buf, _("Hop"), 5);
	strbuf_left(buf, _("Host"), columns);
	strbuf_right(buf, _("Snt"), 6);
	strbuf_right(buf, _("Rcv"), 6);
	strbuf_right(buf, _("Loss%"), 6);
	/* xgettext:no-c-format */
	strbuf_right(buf, _("95 % interval"), 14);
	strbuf_right(buf, _("p50"), 7);
	strbuf_right(buf, _("p95"), 7);
	strbuf_right(buf, _("p99"), 7);
	strbuf_right(buf, _("Jitter"), 6);
	strbuf_putc(buf, '\n');
}

static void through_row(const struct snap_hop *hop, size_t columns, struct strbuf *buf)
{
	const struct snap_stats *stats = &hop->through;

	strbuf_printf(buf, "%3u  ", hop->hop);
	strbuf_left(buf, column_host(hop), columns);
	put_count(buf, stats->sent, 6);
	put_count(buf, stats->received, 6);
	if (stats->loss < 0.0 && stats->resolved > 0 && stats->error_count == 0) {
		strbuf_printf(buf, "  %s\n", strcmp(hop->decap, "no") == 0 ||
			strcmp(hop->decap, "silent") == 0 ?
			_("not measured: the hop does not decapsulate") :
			_("not measured: a hop before it does not decapsulate"));
		return;
	}
	if (stats->loss < 0.0 && stats->error_count > 0) {
		strbuf_printf(buf, "  %s\n", _("not measured: ICMP errors came back (see below)"));
		return;
	}
	put_numbers(stats, buf);
}

static void put_line(void *arg, const char *line)
{
	strbuf_printf(arg, "%s\n", line);
}

static bool has_answering_end(const struct snapshot *snap)
{
	return snap->hop_count > 0 && snap->hops[snap->hop_count - 1].last_leg != NULL;
}

static void block_through(const struct snapshot *snap, bool is_wide, struct strbuf *buf)
{
	size_t columns = host_width(snap, is_wide);

	if (snap->hop_count == 0) {
		strbuf_printf(buf, "\n%s\n", _("No hop of the path is known."));
		return;
	}
	if (!snap->has_through) {
		strbuf_printf(buf, "\n%s\n",
			_("Loss through the hops was not measured: no nested probes were sent."));
		return;
	}
	/* Then the replies of the hops are all there is, and a caveat says why. */
	if (!snap_has_through(snap)) {
		return;
	}
	strbuf_printf(buf, "\n%s\n", _("Through each hop and back: loss and delay of forwarded "
		"packets; no router has to reply; times in ms"));
	put_headings(columns, buf);
	for (size_t i = 0; i < snap->hop_count; i++) {
		if (snap->hops[i].through.is_on) {
			through_row(&snap->hops[i], columns, buf);
		}
	}
	words_untested_hops(snap, put_line, buf);
	words_bounced(snap, put_line, buf);
	if (has_answering_end(snap)) {
		const struct snap_hop *end = &snap->hops[snap->hop_count - 1];

		strbuf_printf(buf, _("Hop %u does not decapsulate: the destination replied itself to an "
			"ordinary last packet (%s),\n"
			"and its return path was chosen by routing.\n"), end->hop,
			end->last_leg);
	}
}

/* The counts behind the table at the top, which has no intervals. */
static void block_to(const struct snapshot *snap, bool is_wide, struct strbuf *buf)
{
	size_t columns = host_width(snap, is_wide);

	if (!snap->has_to || snap->hop_count == 0) {
		return;
	}
	strbuf_printf(buf, "\n%s\n", _("To each hop: its own replies to probes that expire or end "
		"there"));
	put_headings(columns, buf);
	for (size_t i = 0; i < snap->hop_count; i++) {
		const struct snap_hop *hop = &snap->hops[i];

		if (hop->to.is_on) {
			strbuf_printf(buf, "%3u  ", hop->hop);
			strbuf_left(buf, column_host(hop), columns);
			put_count(buf, hop->to.sent, 6);
			put_count(buf, hop->to.received, 6);
			put_numbers(&hop->to, buf);
		}
	}
}

/* The way back, a line a router; what it shares with the way out is said beside it. */
static void block_way(const struct snap_way *way, struct strbuf *buf)
{
	if (way->from_hop == 0) {
		return;
	}
	strbuf_putc(buf, '\n');
	strbuf_printf(buf, _("Return path from hop %u as routed%s"), way->from_hop,
		way->is_complete ? "" : _(" (its length is not proven yet)"));
	strbuf_putc(buf, '\n');
	if (way->return_count == 0) {
		strbuf_printf(buf, "%s\n", way->is_complete ?
			_("No routers between it and this host.") : _("No router replied."));
	}
	for (size_t i = 0; i < way->return_count; i++) {
		const struct snap_return *back = &way->returns[i];

		strbuf_printf(buf, "%3u  ", back->hop);
		strbuf_left(buf, back->address == NULL ? "???" : back->address, 17);
		strbuf_left(buf, back->name == NULL ? "" : back->name, HOST_NARROW + 4);
		if (back->mate_of > 0) {
			strbuf_printf(buf, _("  link of hop %u"), back->mate_of);
		}
		strbuf_putc(buf, '\n');
	}
}

static void block_lengths(const struct snapshot *snap, struct strbuf *buf)
{
	struct strbuf text = {0};

	words_lengths(snap, &text);
	if (text.len > 0) {
		strbuf_printf(buf, "\n%s", text.text);
	}
	strbuf_finish(&text);
}

static void walk_row(const char *name, const struct snap_stats *stats, struct strbuf *buf)
{
	strbuf_left(buf, name, 12);
	put_count(buf, stats->sent, 6);
	put_count(buf, stats->received, 6);
	put_loss(buf, stats->loss, stats->low, stats->high);
	put_ms(buf, stats->has_rtt, stats->p50_ms, 7);
	strbuf_putc(buf, '\n');
}

/* The other kinds of walk, under each hop: where they differ, routing back differs. */
static void block_walks(const struct snapshot *snap, struct strbuf *buf)
{
	struct snap_walk walks[SNAP_WALKS];

	/* A single kind is the main one, and has its table above. */
	if (!facts_has_several_walks(snap)) {
		return;
	}
	strbuf_printf(buf, "\n%s\n", _("The same hops by other walks: routed return path (direct), "
		"routed both ways (natural), or routed forward path (return-only)"));
	strbuf_left(buf, _("Hop"), 5);
	strbuf_left(buf, _("Walk"), 12);
	strbuf_right(buf, _("Snt"), 6);
	strbuf_right(buf, _("Rcv"), 6);
	strbuf_right(buf, _("Loss%"), 6);
	/* xgettext:no-c-format */
	strbuf_right(buf, _("95 % interval"), 14);
	strbuf_right(buf, _("p50"), 7);
	strbuf_putc(buf, '\n');
	for (size_t i = 0; i < snap->hop_count; i++) {
		snap_hop_walks(&snap->hops[i], walks);
		for (size_t k = 0; k < SNAP_WALKS; k++) {
			if (walks[k].stats->is_on) {
				strbuf_printf(buf, "%3u  ", snap->hops[i].hop);
				walk_row(walks[k].name, walks[k].stats, buf);
			}
		}
	}
}

/* Walks by routers of the way back, where there are any. */
static void block_vias(const struct snapshot *snap, struct strbuf *buf)
{
	for (size_t i = 0; i < snap->via_count; i++) {
		const struct snap_via *via = &snap->vias[i];

		if (i == 0) {
			strbuf_printf(buf, "\n%s\n", _("Routers of the return path that are off the path: out "
				"to them and back (round); out via them, back along the path (home)"));
		}
		if (!via->round.is_on) {
			strbuf_printf(buf, _("%s is not measured: it does not decapsulate\n"), via->address);
			continue;
		}
		strbuf_left(buf, via->address, 17);
		walk_row(_("round"), &via->round, buf);
		strbuf_left(buf, via->address, 17);
		walk_row(_("home"), &via->home, buf);
	}
}

static void link_name(const struct snap_link *link, struct strbuf *buf)
{
	strbuf_printf(buf, "%s > %s", link->from == NULL ? "?" : link->from,
		link->to == NULL ? "?" : link->to);
}

static void link_row(const struct snap_link *link, size_t columns, struct strbuf *buf)
{
	struct strbuf text = {0};

	strbuf_printf(&text, "%u-%u", link->from_hop, link->link);
	strbuf_left(buf, strbuf_text(&text), 7);
	strbuf_clear(&text);
	link_name(link, &text);
	strbuf_left(buf, strbuf_text(&text), columns);
	put_loss(buf, link->loss, link->low, link->high);
	put_ms(buf, link->rtt_added_ms != SNAP_UNKNOWN, link->rtt_added_ms, 10);
	if (link->serial_ms >= SERIAL_WORTH_MS) {
		strbuf_printf(buf, _("  %.2f ms of it is serialization at %u Mbit/s"), link->serial_ms,
			link->speed_mbps);
	}
	strbuf_puts(buf, link->is_back_routed ? _("  includes the routed return path\n") : "\n");
	strbuf_finish(&text);
}

static void block_links(const struct snapshot *snap, struct strbuf *buf)
{
	size_t columns = utf8_width(_("From > to"));

	if (snap->link_count == 0 || !snap_has_through(snap)) {
		return;
	}
	if (!facts_has_measured_link(snap)) {
		strbuf_printf(buf, "\n%s\n", _("Loss of the links is not known: no nested probe has "
			"returned or timed out yet."));
		return;
	}
	for (size_t i = 0; i < snap->link_count; i++) {
		struct strbuf text = {0};

		link_name(&snap->links[i], &text);
		columns = text.len > columns ? text.len : columns;
		strbuf_finish(&text);
	}
	strbuf_printf(buf, "\n%s\n",
		_("Links, both directions together: loss and the time (ms) each one adds"));
	strbuf_left(buf, _("Hops"), 7);
	strbuf_left(buf, _("From > to"), columns);
	strbuf_right(buf, _("Loss%"), 6);
	/* xgettext:no-c-format */
	strbuf_right(buf, _("95 % interval"), 14);
	strbuf_right(buf, _("Added RTT"), 10);
	strbuf_putc(buf, '\n');
	for (size_t i = 0; i < snap->link_count; i++) {
		link_row(&snap->links[i], columns, buf);
	}
}

/* What did not simply come back or stay away, for one kind of probe to one hop. */
static void odd_row(const struct snap_hop *hop, const char *kind,
	const struct snap_stats *stats, struct strbuf *buf)
{
	struct strbuf line = {0};

	words_odd(stats, &line);
	if (line.len > 0) {
		strbuf_printf(buf, "%3u  ", hop->hop);
		strbuf_left(buf, kind, 9);
		strbuf_printf(buf, "%s\n", line.text);
	}
	strbuf_finish(&line);
}

/* Who said why, and how far the probe had come. */
static void error_row(const struct snap_hop *hop, struct strbuf *buf)
{
	const struct snap_last_error *error = &hop->last_error;

	if (error->cause == NULL) {
		return;
	}
	strbuf_printf(buf, "%3u  ", hop->hop);
	words_error(error, buf);
	strbuf_putc(buf, '\n');
}

static void block_odd(const struct snapshot *snap, struct strbuf *buf)
{
	struct strbuf rows = {0};

	for (size_t i = 0; i < snap->hop_count; i++) {
		odd_row(&snap->hops[i], _("through"), &snap->hops[i].through, &rows);
		odd_row(&snap->hops[i], _("to"), &snap->hops[i].to, &rows);
		error_row(&snap->hops[i], &rows);
	}
	if (rows.len > 0) {
		strbuf_printf(buf, "\n%s\n%s", _("ICMP errors and anomalies, by hop"),
			rows.text);
	}
	strbuf_finish(&rows);
}

static void add_addresses(const struct snap_hop *hop, struct strbuf *rows)
{
	if (hop->address_count < 2) {
		return;
	}
	strbuf_printf(rows, "%3u ", hop->hop);
	for (size_t i = 0; i < hop->address_count; i++) {
		strbuf_printf(rows, " %s", hop->addresses[i]);
	}
	strbuf_putc(rows, '\n');
}

static void add_labels(const struct snap_hop *hop, struct strbuf *rows)
{
	for (size_t i = 0; i < hop->mpls_count; i++) {
		strbuf_printf(rows, "%3u  ", hop->hop);
		words_label(&hop->mpls[i], rows);
		strbuf_putc(rows, '\n');
	}
}

/* What it reported of itself, if it did. */
static void add_words(const struct snap_hop *hop, words_hop_fn *words, struct strbuf *rows)
{
	struct strbuf text = {0};

	words(hop, &text);
	if (text.len > 0) {
		strbuf_printf(rows, "%3u%s\n", hop->hop, text.text);
	}
	strbuf_finish(&text);
}

static void block_more(const struct snapshot *snap, struct strbuf *buf)
{
	struct strbuf addresses = {0}, labels = {0}, returns = {0}, interfaces = {0}, nodes = {0};

	for (size_t i = 0; i < snap->hop_count; i++) {
		add_addresses(&snap->hops[i], &addresses);
		add_labels(&snap->hops[i], &labels);
		add_words(&snap->hops[i], words_interface, &interfaces);
		add_words(&snap->hops[i], words_node, &nodes);
		if (snap->hops[i].return_address != NULL) {
			strbuf_printf(&returns, "%3u  %s\n", snap->hops[i].hop,
				snap->hops[i].return_address);
		}
	}
	if (addresses.len > 0) {
		strbuf_printf(buf, "\n%s\n%s", _("Hops that replied from several addresses"),
			addresses.text);
	}
	if (labels.len > 0) {
		strbuf_printf(buf, "\n%s\n%s", _("MPLS labels in replies"), labels.text);
	}
	if (returns.len > 0) {
		strbuf_printf(buf, "\n%s\n%s", _("Return segments are addressed to the far side of the "
			"link"),
			returns.text);
	}
	if (interfaces.len > 0) {
		strbuf_printf(buf, "\n%s\n%s", _("Ingress interfaces, as reported by the hops"),
			interfaces.text);
	}
	if (nodes.len > 0) {
		strbuf_printf(buf, "\n%s\n%s", _("Nodes, as reported by the hops"), nodes.text);
	}
	strbuf_finish(&addresses);
	strbuf_finish(&interfaces);
	strbuf_finish(&nodes);
	strbuf_finish(&returns);
	strbuf_finish(&labels);
}

static void put_caveat(void *arg, const char *sentence)
{
	strbuf_printf(arg, "- %s\n", sentence);
}

static void block_caveats(const struct snapshot *snap, struct strbuf *buf)
{
	struct strbuf rows = {0};

	caveats_tell(snap, put_caveat, &rows);
	if (rows.len > 0) {
		strbuf_printf(buf, "\n%s\n%s", _("Caveats"), rows.text);
	}
	strbuf_finish(&rows);
}

static void block_outages(const struct snapshot *snap, struct strbuf *buf)
{
	for (size_t i = 0; i < snap->end.outage_count; i++) {
		if (i == 0) {
			strbuf_printf(buf, "\n%s\n", _("Outages: the destination did not reply"));
		}
		words_outage(&snap->end.outages[i], buf);
		strbuf_putc(buf, '\n');
	}
	if (snap->end.forgotten > 0) {
		words_shorter_outages(&snap->end, buf);
		strbuf_putc(buf, '\n');
	}
}

void report_text(const struct snapshot *snap, const struct report_options *options,
	struct strbuf *buf)
{
	text_mtr(snap, options, buf);
	if (options->is_mtr_alone) {
		return;
	}
	text_verdict(snap, buf);
	strbuf_putc(buf, '\n');
	facts_tell(snap, put_fact, buf);
	block_outages(snap, buf);
	block_through(snap, options->is_wide, buf);
	block_to(snap, options->is_wide, buf);
	block_walks(snap, buf);
	block_links(snap, buf);
	text_mtu(snap, buf);
	block_way(&snap->way_back, buf);
	for (size_t i = 0; i < snap->way_count; i++) {
		block_way(&snap->ways_back[i], buf);
	}
	block_vias(snap, buf);
	block_lengths(snap, buf);
	text_flows(snap, buf);
	block_odd(snap, buf);
	block_more(snap, buf);
	text_hints(snap, buf);
	text_findings(snap, buf);
	block_caveats(snap, buf);
}
