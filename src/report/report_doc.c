/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "report/report.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "base/i18n.h"
#include "report/compat_mtr.h"
#include "report/doc.h"
#include "report/doc_findings.h"
#include "report/facts.h"
#include "report/text_mtu.h"
#include "view/ladder.h"
#include "view/words.h"

static void put_fact(void *arg, const char *label, const char *text)
{
	struct doc *doc = arg;

	doc->ops->fact(doc, label, text);
}

static void put_facts(struct doc *doc, const struct snapshot *snap)
{
	facts_tell(snap, put_fact, doc);
	doc->ops->facts_end(doc);
}

/* A column of the screen under a heading that need not tell Through from To. */
struct choice {
	char letter;             /* 0: the end */
	const char *heading;     /* N_(); NULL: the column's own */
};

static const struct choice through[] = {{'s', N_("Snt")}, {'r', N_("Rcv")}, {'l', N_("Loss%")},
	{'e', N_("least")}, {'t', N_("at most")}, {'u', N_("60 s%")}, {'b', N_("best")},
	{'p', N_("p50")}, {'q', N_("p95")}, {'z', N_("p99")}, {'m', N_("Jitter")}, {0, NULL}};
static const struct choice to[] = {{'S', N_("Snt")}, {'R', N_("Rcv")}, {'L', N_("Loss%")},
	{'E', N_("least")}, {'T', N_("at most")}, {'U', N_("60 s%")}, {'B', N_("best")},
	{'P', N_("p50")}, {'Q', N_("p95")}, {'Z', N_("p99")}, {'M', N_("Jitter")}, {0, NULL}};
static const struct choice names[] = {{'o', NULL}, {'c', NULL}, {'O', NULL}, {'1', NULL},
	{'2', NULL}, {'3', NULL}, {'4', NULL}, {'C', NULL}, {0, NULL}};

/* Whether some hop has more than a dash in one of these columns. */
static bool is_worth_it(const struct snapshot *snap, const struct choice *choices)
{
	for (; choices->letter != 0; choices++) {
		const struct column *column = column_of(choices->letter);

		for (size_t i = 0; i < snap->hop_count; i++) {
			struct column_input in = {.hop = &snap->hops[i],
				.link = snap_link_to(snap, snap->hops[i].hop)};
			struct column_text text;

			column->value(column, &in, &text);
			if (strcmp(text.text, "-") != 0) {
				return true;
			}
		}
	}
	return false;
}

static void put_hop_cells(struct doc *doc, const struct snap_hop *hop)
{
	struct strbuf host = {0};
	char number[16];

	(void)snprintf(number, sizeof number, "%u", hop->hop);
	doc->ops->row(doc);
	doc->ops->cell(doc, ROLE_NORMAL, number, false);
	column_put_hop(hop, doc->shows_both, &host);
	doc->ops->cell(doc, ROLE_NORMAL, strbuf_text(&host), true);
	strbuf_finish(&host);
}

static void put_hop(struct doc *doc, const struct snapshot *snap, const struct snap_hop *hop,
	const struct choice *choices)
{
	struct column_input in = {.hop = hop, .link = snap_link_to(snap, hop->hop)};

	put_hop_cells(doc, hop);
	for (; choices->letter != 0; choices++) {
		const struct column *column = column_of(choices->letter);
		struct column_text text;

		column->value(column, &in, &text);
		doc->ops->cell(doc, text.role, text.text, column->is_left);
	}
}

/* A row a hop. */
static void put_hops(struct doc *doc, const struct snapshot *snap, const char *heading,
	const struct choice *choices)
{
	size_t count = 0;

	if (!is_worth_it(snap, choices)) {
		return;
	}
	while (choices[count].letter != 0) {
		count++;
	}
	doc->ops->heading(doc, heading);
	doc->ops->table(doc, count + 2);
	doc->ops->head(doc, _("Hop"), false);
	doc->ops->head(doc, _("Host"), true);
	for (size_t i = 0; i < count; i++) {
		const struct column *column = column_of(choices[i].letter);

		doc->ops->head(doc, choices[i].heading != NULL ? _(choices[i].heading) :
			_(column->heading), column->is_left);
	}
	for (size_t i = 0; i < snap->hop_count; i++) {
		put_hop(doc, snap, &snap->hops[i], choices);
	}
	doc->ops->table_end(doc);
}

static void put_reason(void *arg, const char *line)
{
	struct doc *doc = arg;

	doc->ops->item(doc, ROLE_NORMAL, "", line);
	doc->has_reasons = true;
}

static void put_loss_cells(struct doc *doc, enum role role, double loss, double low, double high)
{
	double values[] = {loss, low, high};

	for (size_t i = 0; i < sizeof values / sizeof values[0]; i++) {
		char text[16] = "-";

		if (loss >= 0.0) {
			column_percent(values[i], text, sizeof text);
		}
		doc->ops->cell(doc, loss < 0.0 ? ROLE_DIM : i == 0 ? role : ROLE_NORMAL, text, false);
	}
}

static void put_loss_heads(struct doc *doc)
{
	doc->ops->head(doc, _("Loss%"), false);
	doc->ops->head(doc, _("least"), false);
	doc->ops->head(doc, _("at most"), false);
}

static void put_stats_heads(struct doc *doc)
{
	doc->ops->head(doc, _("Snt"), false);
	doc->ops->head(doc, _("Rcv"), false);
	put_loss_heads(doc);
	doc->ops->head(doc, _("p50"), false);
}

/* Six cells. */
static void put_stats(struct doc *doc, const struct snap_stats *stats)
{
	uint64_t counts[] = {stats->sent, stats->received};
	char text[32] = "-";

	for (size_t i = 0; i < sizeof counts / sizeof counts[0]; i++) {
		if (stats->is_on) {
			(void)snprintf(text, sizeof text, "%" PRIu64, counts[i]);
		}
		doc->ops->cell(doc, ROLE_NORMAL, text, false);
	}
	put_loss_cells(doc, stats->loss > 0.0 ? ROLE_WARNING : ROLE_GOOD, stats->is_on ? stats->loss :
		SNAP_UNKNOWN, stats->low, stats->high);
	(void)snprintf(text, sizeof text, "-");
	if (stats->has_rtt) {
		column_ms(stats->p50_ms, text, sizeof text);
	}
	doc->ops->cell(doc, ROLE_NORMAL, text, false);
}

/* The kinds beside the main one, where several are sent. */
static void put_walks(struct doc *doc, const struct snapshot *snap)
{
	if (!facts_has_several_walks(snap)) {
		return;
	}
	doc->ops->heading(doc, _("The same hops by other walks: routed return path (direct), routed "
		"both ways (natural), or routed forward path (return-only)"));
	doc->ops->table(doc, 9);
	doc->ops->head(doc, _("Hop"), false);
	doc->ops->head(doc, _("Host"), true);
	doc->ops->head(doc, _("Walk"), true);
	put_stats_heads(doc);
	for (size_t i = 0; i < snap->hop_count; i++) {
		struct snap_walk walks[SNAP_WALKS];

		snap_hop_walks(&snap->hops[i], walks);
		for (size_t k = 0; k < SNAP_WALKS; k++) {
			if (walks[k].stats->is_on) {
				put_hop_cells(doc, &snap->hops[i]);
				doc->ops->cell(doc, ROLE_NORMAL, walks[k].name, true);
				put_stats(doc, walks[k].stats);
			}
		}
	}
	doc->ops->table_end(doc);
}

static void put_via(struct doc *doc, const struct snap_via *via, const char *walk,
	const struct snap_stats *stats)
{
	struct strbuf host = {0};

	doc->ops->row(doc);
	column_put_host(via->address, via->name, doc->shows_both, &host);
	doc->ops->cell(doc, ROLE_NORMAL, strbuf_text(&host), true);
	strbuf_finish(&host);
	doc->ops->cell(doc, ROLE_NORMAL, stats->is_on ? walk :
		_("not measured: it does not decapsulate"), true);
	put_stats(doc, stats);
}

static void put_vias(struct doc *doc, const struct snapshot *snap)
{
	if (snap->via_count == 0) {
		return;
	}
	doc->ops->heading(doc, _("Routers of the return path that are off the path: out to them and "
		"back (round); out via them, back along the path (home)"));
	doc->ops->table(doc, 8);
	doc->ops->head(doc, _("Router"), true);
	doc->ops->head(doc, _("Walk"), true);
	put_stats_heads(doc);
	for (size_t i = 0; i < snap->via_count; i++) {
		put_via(doc, &snap->vias[i], _("round"), &snap->vias[i].round);
		if (snap->vias[i].home.is_on) {
			put_via(doc, &snap->vias[i], _("home"), &snap->vias[i].home);
		}
	}
	doc->ops->table_end(doc);
}

/* Of each hop whether flows showed all of it, and of those with several addresses each flow. */
static void put_flows(struct doc *doc, const struct snapshot *snap)
{
	if (snap->hop_count == 0 || snap->hops[0].flow_count == 0) {
		return;
	}
	doc->ops->heading(doc, _("Flows: what load balancers showed to probes with constant ports"));
	for (size_t k = 0; k < snap->hop_count; k++) {
		const struct snap_hop *hop = &snap->hops[k];
		struct strbuf text = {0};

		strbuf_printf(&text, _("hop %u: "), hop->hop);
		words_sureness(hop, &text);
		for (size_t i = 0; i < hop->flow_count && hop->address_count > 1; i++) {
			const struct snap_flow *flow = &hop->flows[i];

			strbuf_printf(&text, _("; flow %zu  %s"), i, flow->address == NULL ? "???" :
				flow->address);
			words_flow_count(&flow->to, _("to"), &text);
			words_flow_count(&flow->through, _("through"), &text);
		}
		doc->ops->item(doc, ROLE_NORMAL, "", strbuf_text(&text));
		strbuf_finish(&text);
	}
	doc->ops->items_end(doc);
}

static void put_link(struct doc *doc, const struct snap_link *link)
{
	bool has_direction = link->direction != NULL && link->loss > 0.0;
	struct strbuf text = {0};
	char added[32] = "-";

	doc->ops->row(doc);
	strbuf_printf(&text, "%u-%u", link->from_hop, link->link);
	doc->ops->cell(doc, ROLE_NORMAL, strbuf_text(&text), true);
	doc->ops->cell(doc, ROLE_NORMAL, link->from == NULL ? "?" : link->from, true);
	doc->ops->cell(doc, ROLE_NORMAL, link->to == NULL ? "?" : link->to, true);
	put_loss_cells(doc, column_link_role(link), link->loss, link->low, link->high);
	if (link->rtt_added_ms != SNAP_UNKNOWN) {
		column_ms(link->rtt_added_ms, added, sizeof added);
	}
	doc->ops->cell(doc, ROLE_NORMAL, added, false);
	doc->ops->cell(doc, ROLE_NORMAL, has_direction ? link->direction : "-", true);
	strbuf_finish(&text);
}

static void put_links(struct doc *doc, const struct snapshot *snap)
{
	if (!facts_has_measured_link(snap)) {
		return;
	}
	doc->ops->heading(doc, _("Links, both directions together: loss and the time (ms) each one "
		"adds"));
	doc->ops->table(doc, 8);
	doc->ops->head(doc, _("Hops"), true);
	doc->ops->head(doc, _("From"), true);
	doc->ops->head(doc, _("To"), true);
	put_loss_heads(doc);
	doc->ops->head(doc, _("Added RTT"), false);
	doc->ops->head(doc, _("Direction"), true);
	for (size_t i = 0; i < snap->link_count; i++) {
		put_link(doc, &snap->links[i]);
	}
	doc->ops->table_end(doc);
}

struct rungs {
	struct doc *doc;
	const struct snapshot *snap;
};

static void put_rung(void *arg, const struct ladder_row *row)
{
	static const char *const signs[] = {[LADDER_SHARED] = "=", [LADDER_PARTED] = "/",
		[LADDER_UNKNOWN] = "?", [LADDER_BACK] = ""};
	const struct rungs *rungs = arg;
	struct doc *doc = rungs->doc;
	const char *out = !row->has_hop ? "" : row->hop > 0 ?
		column_host(&rungs->snap->hops[row->hop - 1]) : rungs->snap->source == NULL ? "?" :
		rungs->snap->source;
	char number[16] = "", back[16] = "";

	if (row->has_hop) {
		(void)snprintf(number, sizeof number, "%u", row->hop);
	}
	if (row->back != NULL) {
		(void)snprintf(back, sizeof back, "%u", row->back->hop);
	}
	doc->ops->row(doc);
	doc->ops->cell(doc, ROLE_NORMAL, number, false);
	doc->ops->cell(doc, ROLE_NORMAL, out, true);
	doc->ops->cell(doc, ROLE_NORMAL, signs[row->kind], true);
	doc->ops->cell(doc, ROLE_NORMAL, back, false);
	doc->ops->cell(doc, ROLE_NORMAL, row->back == NULL ? "" : ladder_host(row->back), true);
}

static void put_way(struct doc *doc, const struct snapshot *snap, const struct snap_way *way)
{
	struct rungs rungs = {doc, snap};
	struct strbuf text = {0};

	if (way->from_hop == 0) {
		return;
	}
	strbuf_printf(&text, _("Forward path, and return path from hop %u as routed%s"),
		way->from_hop, way->is_complete ? "" : _(" (its length is not proven yet)"));
	doc->ops->heading(doc, strbuf_text(&text));
	strbuf_finish(&text);
	if (doc->ops->ladder != NULL) {
		doc->ops->ladder(doc, snap, way);
		return;
	}
	doc->ops->table(doc, 5);
	doc->ops->head(doc, _("Hop"), false);
	doc->ops->head(doc, _("Forward path"), true);
	doc->ops->head(doc, _("="), true);
	doc->ops->head(doc, _("Hop"), false);
	doc->ops->head(doc, _("Return path"), true);
	ladder_tell(snap, way, put_rung, &rungs);
	doc->ops->table_end(doc);
}

/* Each line of what the words hold. */
static void put_lines(struct doc *doc, struct strbuf *text)
{
	char *rest = text->text;

	while (rest != NULL && *rest != '\0') {
		char *line = rest;

		rest = strchr(line, '\n');
		if (rest != NULL) {
			*rest++ = '\0';
		}
		doc->ops->line(doc, line);
	}
	strbuf_finish(text);
}

static void put_ways(struct doc *doc, const struct snapshot *snap)
{
	struct strbuf text = {0};

	put_way(doc, snap, &snap->way_back);
	for (size_t i = 0; i < snap->way_count; i++) {
		put_way(doc, snap, &snap->ways_back[i]);
	}
	words_lengths(snap, &text);
	put_lines(doc, &text);
}

static void put_odd_of(struct doc *doc, const struct snap_hop *hop, const char *kind,
	const struct snap_stats *stats)
{
	struct strbuf odd = {0}, text = {0};

	words_odd(stats, &odd);
	if (odd.len > 0) {
		strbuf_printf(&text, _("hop %u, %s: %s"), hop->hop, kind, odd.text);
		doc->ops->item(doc, ROLE_NORMAL, "", strbuf_text(&text));
	}
	strbuf_finish(&odd);
	strbuf_finish(&text);
}

static void put_odd(struct doc *doc, const struct snapshot *snap)
{
	bool has_any = false;

	for (size_t i = 0; i < snap->hop_count; i++) {
		struct strbuf text = {0};

		words_odd(&snap->hops[i].through, &text);
		words_odd(&snap->hops[i].to, &text);
		has_any = has_any || text.len > 0 || snap->hops[i].last_error.cause != NULL;
		strbuf_finish(&text);
	}
	if (!has_any) {
		return;
	}
	doc->ops->heading(doc, _("ICMP errors and anomalies, by hop"));
	for (size_t i = 0; i < snap->hop_count; i++) {
		const struct snap_hop *hop = &snap->hops[i];
		struct strbuf text = {0};

		put_odd_of(doc, hop, _("through"), &hop->through);
		put_odd_of(doc, hop, _("to"), &hop->to);
		if (hop->last_error.cause != NULL) {
			strbuf_printf(&text, _("hop %u: "), hop->hop);
			words_error(&hop->last_error, &text);
			doc->ops->item(doc, ROLE_NORMAL, "", strbuf_text(&text));
		}
		strbuf_finish(&text);
	}
	doc->ops->items_end(doc);
}

static void put_caveat(void *arg, const char *sentence)
{
	struct doc *doc = arg;

	if (!doc->has_caveats) {
		doc->has_caveats = true;
		doc->ops->heading(doc, _("Caveats"));
	}
	doc->ops->item(doc, ROLE_NORMAL, "", sentence);
}

static void put_charts(struct doc *doc, const struct snapshot *snap)
{
	if (doc->ops->charts == NULL || snap->hop_count == 0) {
		return;
	}
	doc->ops->heading(doc, _("Round trips over time (ms): through the hop, and its own replies "
		"(grey); losses are marked below"));
	doc->ops->charts(doc, snap);
}

static void put_through(struct doc *doc, const struct snapshot *snap)
{
	put_hops(doc, snap, _("Through each hop and back: loss and delay of forwarded packets; no "
		"router has to reply; times in ms"), through);
	/* Hops whose dashes have a reason. */
	words_untested_hops(snap, put_reason, doc);
	words_bounced(snap, put_reason, doc);
	if (doc->has_reasons) {
		doc->ops->items_end(doc);
	}
	put_links(doc, snap);
	doc_mtu(doc, snap);
}

static void report_doc(struct doc *doc, const struct snapshot *snap)
{
	struct strbuf title = {0};

	strbuf_printf(&title, _("thrupath: %s to %s"), snap->local_host == NULL ? "" :
		snap->local_host, compat_destination(snap));
	doc->ops->begin(doc, strbuf_text(&title));
	strbuf_finish(&title);
	put_facts(doc, snap);
	doc_findings(doc, snap);
	doc_outages(doc, &snap->end);
	/* Else the replies of the hops are all there is, and a caveat says why. */
	if (snap_has_through(snap)) {
		put_through(doc, snap);
	}
	put_hops(doc, snap, _("To each hop: its own replies to probes that expire or end there"), to);
	put_charts(doc, snap);
	put_walks(doc, snap);
	put_ways(doc, snap);
	put_vias(doc, snap);
	put_flows(doc, snap);
	put_hops(doc, snap, _("Hops: address, decapsulation, interface, and what their names say"),
		names);
	put_odd(doc, snap);
	doc_evidence(doc, snap);
	caveats_tell(snap, put_caveat, doc);
	if (doc->has_caveats) {
		doc->ops->items_end(doc);
	}
	doc->ops->end(doc);
}

void report_markdown(const struct snapshot *snap, const struct report_options *options,
	struct strbuf *buf)
{
	struct doc doc = doc_markdown(buf);

	doc.shows_both = options->shows_both;
	report_doc(&doc, snap);
}

void report_html(const struct snapshot *snap, const struct report_options *options,
	struct strbuf *buf)
{
	struct doc doc = doc_html(buf);

	doc.shows_both = options->shows_both;
	report_doc(&doc, snap);
}
