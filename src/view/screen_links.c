/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "view/view.h"

#include <stdio.h>
#include <string.h>

#include "base/i18n.h"
#include "base/utf8.h"
#include "view/columns.h"
#include "view/mtu.h"

/* Which link is bad: the loss that each adds, with the interval it lies in, also as a bar. */
enum { LINK = 7, WIDE = 72, BAR_WIDE = 110, BAR_MIN = 16 };

static double scale_of(const struct snapshot *snap)
{
	double most = 0.01;

	for (size_t i = 0; i < snap->link_count; i++) {
		if (snap->links[i].loss >= 0.0 && snap->links[i].high > most) {
			most = snap->links[i].high;
		}
	}
	return most;
}

static void put_percent(struct lines *lines, enum role role, size_t columns, bool is_known,
	double fraction)
{
	char text[16] = "-";

	if (is_known) {
		column_percent(fraction, text, sizeof text);
	}
	lines_right(lines, is_known ? role : ROLE_DIM, columns, text);
}

/* From the lower to the upper bound, the estimate in between. */
static void put_bar(const struct view_in *in, const struct snap_link *link, size_t columns,
	double scale, struct lines *lines)
{
	size_t low = (size_t)(link->low / scale * (double)(columns - 1));
	size_t high = (size_t)(link->high / scale * (double)(columns - 1));
	size_t at = (size_t)(link->loss / scale * (double)(columns - 1));

	lines_put(lines, ROLE_NORMAL, "  ");
	for (size_t i = 0; i < columns; i++) {
		lines_put(lines, column_link_role(link), i == at ? (in->is_ascii ? "o" : "●") :
			i > low && i < high ? (in->is_ascii ? "-" : "─") :
			i == low ? (in->is_ascii ? "|" : "├") :
			i == high ? (in->is_ascii ? "|" : "┤") : " ");
	}
}

/* A finding of that kind that is true, or that was, of this hop or of the link that ends there. */
static bool has_finding(const struct snapshot *snap, const char *id, unsigned hop, bool is_active)
{
	for (size_t i = 0; i < snap->finding_count; i++) {
		const struct snap_finding *finding = &snap->findings[i];

		if (strcmp(finding->id, id) == 0 && finding->is_active == is_active &&
		    finding->hop_count > 0 && finding->hops[finding->hop_count - 1] == hop) {
			return true;
		}
	}
	return false;
}

/* Of a link that loses and is not suspect, why it is not. */
static void put_unproven(const struct snapshot *snap, const struct snap_link *link,
	enum role role, struct lines *lines)
{
	unsigned ends[] = {link->link, link->from_hop};
	/* After a reset what was found may no longer be in the counts. */
	bool is_much = link->low > 0.001;

	for (size_t i = 0; is_much && i < 2; i++) {
		if (has_finding(snap, "decap-fault", ends[i], true)) {
			lines_printf(lines, role, _("caused by hop %u"), ends[i]);
			return;
		}
	}
	lines_put(lines, role, is_much && has_finding(snap, "link-loss", link->link, false) ?
		_("past loss") : _("some loss, not proven"));
}

static void put_verdict(const struct snapshot *snap, const struct snap_link *link,
	enum role role, struct lines *lines)
{
	lines_put(lines, role, "  ");
	if (link->loss < 0.0) {
		lines_put(lines, role, _("not measured yet"));
	} else if (link->is_back_routed) {
		lines_put(lines, role, _("includes the routed return path"));
	} else if (link->is_suspect) {
		lines_put(lines, role, _("loses packets"));
	} else if (link->loss > 0.0) {
		put_unproven(snap, link, role, lines);
	} else {
		lines_put(lines, role, _("no loss seen"));
	}
}

static const char *host_of(const struct snapshot *snap, unsigned hop)
{
	return hop == 0 ? snap->source == NULL ? "?" : snap->source :
		column_host(&snap->hops[hop - 1]);
}

static void put_row(const struct view_in *in, const struct snap_link *link, size_t columns,
	size_t bar, struct lines *lines)
{
	bool is_known = link->loss >= 0.0;
	enum role role = is_known ? column_link_role(link) : ROLE_DIM;
	char text[32];

	lines_begin(lines, link->link);
	(void)snprintf(text, sizeof text, "%3u-%u", link->from_hop, link->link);
	lines_left(lines, ROLE_NORMAL, LINK, text);
	if (in->width >= WIDE) {
		lines_words(lines, ROLE_NORMAL, columns, in->is_ascii,
			host_of(in->snap, link->from_hop));
		lines_put(lines, ROLE_DIM, " > ");
	}
	lines_words(lines, ROLE_NORMAL, columns, in->is_ascii, host_of(in->snap, link->link));
	put_percent(lines, role, 6, is_known, link->loss);
	if (in->width >= WIDE) {
		put_percent(lines, ROLE_NORMAL, 6, is_known, link->low);
	}
	put_percent(lines, ROLE_NORMAL, 6, is_known, link->high);
	if (in->width >= WIDE) {
		put_percent(lines, ROLE_NORMAL, 6, link->recent >= 0.0, link->recent);
		(void)snprintf(text, sizeof text, "-");
		if (link->rtt_added_ms != SNAP_UNKNOWN) {
			column_ms(link->rtt_added_ms, text, sizeof text);
		}
		lines_right(lines, ROLE_NORMAL, 7, text);
	}
	if (bar > 0 && is_known) {
		put_bar(in, link, bar, scale_of(in->snap), lines);
	} else if (bar > 0) {
		lines_pad(lines, utf8_width(strbuf_text(&lines->line[lines->count - 1].text)) + 2 + bar);
	}
	if (in->width >= WIDE + 24) {
		put_verdict(in->snap, link, role == ROLE_GOOD ? ROLE_DIM : role, lines);
	}
}

static void put_heading(const struct view_in *in, size_t columns, size_t bar,
	struct lines *lines)
{
	char text[32], most[16];

	lines_begin(lines, 0);
	lines_left(lines, ROLE_HEADING, LINK, _(" Link"));
	if (in->width >= WIDE) {
		lines_left(lines, ROLE_HEADING, columns + 3, _("From"));
	}
	lines_left(lines, ROLE_HEADING, columns, _("To"));
	lines_right(lines, ROLE_HEADING, 6, _("Loss%"));
	if (in->width >= WIDE) {
		lines_right(lines, ROLE_HEADING, 6, _("least"));
	}
	lines_right(lines, ROLE_HEADING, 6, _("most"));
	if (in->width >= WIDE) {
		lines_right(lines, ROLE_HEADING, 6, _("60 s"));
		lines_right(lines, ROLE_HEADING, 7, _("+ms"));
	}
	if (bar > 0) {
		column_percent(scale_of(in->snap), most, sizeof most);
		(void)snprintf(text, sizeof text, _("to %s %%"), most);
		lines_put(lines, ROLE_HEADING, _("  0"));
		lines_right(lines, ROLE_HEADING, bar - 2, text);
	}
}

/* When those that are not proven would be. */
static void put_waits(const struct view_in *in, struct lines *lines)
{
	for (size_t i = 0; i < in->snap->link_count; i++) {
		const struct snap_link *link = &in->snap->links[i];
		char text[128];

		if (link->rounds_to_decide > 0) {
			(void)snprintf(text, sizeof text, ngettext("link %u-%u: %u more round to prove at this "
				"rate", "link %u-%u: %u more rounds to prove at this rate",
				link->rounds_to_decide), link->from_hop, link->link, link->rounds_to_decide);
			lines_begin(lines, 0);
			lines_wrap(lines, ROLE_WARNING, in->width, 0, text);
		}
	}
}

static void put_mtu(const struct view_in *in, const struct snap_mtu *mtu, size_t columns,
	struct lines *lines)
{
	enum role role = mtu->is_black_hole ? ROLE_WARNING : ROLE_NORMAL;
	struct strbuf text = {0};

	lines_begin(lines, mtu->link);
	strbuf_printf(&text, "%3u-%u", mtu->from_hop, mtu->link);
	lines_left(lines, ROLE_NORMAL, LINK, strbuf_text(&text));
	if (in->width >= WIDE) {
		lines_words(lines, ROLE_NORMAL, columns, in->is_ascii, host_of(in->snap, mtu->from_hop));
		lines_put(lines, ROLE_DIM, " > ");
	}
	lines_words(lines, ROLE_NORMAL, columns, in->is_ascii, host_of(in->snap, mtu->link));
	for (int is_back = 0; is_back < 2; is_back++) {
		strbuf_clear(&text);
		mtu_bytes(mtu, is_back == 1, &text);
		lines_right(lines, role, 8, strbuf_text(&text));
	}
	strbuf_clear(&text);
	mtu_remark(mtu, &text);
	lines_put(lines, ROLE_DIM, "  ");
	lines_put(lines, mtu->is_black_hole ? role : ROLE_DIM, strbuf_text(&text));
	strbuf_finish(&text);
}

static void put_mtus(const struct view_in *in, size_t columns, struct lines *lines)
{
	if (in->snap->mtu_count == 0 && !in->snap->is_mtu_running) {
		return;
	}
	lines_begin(lines, 0);
	lines_begin(lines, 0);
	lines_wrap(lines, ROLE_HEADING, in->width, 0, mtu_heading());
	lines_begin(lines, 0);
	lines_left(lines, ROLE_HEADING, LINK, _(" Link"));
	if (in->width >= WIDE) {
		lines_left(lines, ROLE_HEADING, columns + 3, _("From"));
	}
	lines_left(lines, ROLE_HEADING, columns, _("To"));
	lines_right(lines, ROLE_HEADING, 8, _("Out"));
	lines_right(lines, ROLE_HEADING, 8, _("Back"));
	for (size_t i = 0; i < in->snap->mtu_count; i++) {
		put_mtu(in, &in->snap->mtus[i], columns, lines);
	}
	if (in->snap->is_mtu_running) {
		lines_begin(lines, 0);
		lines_wrap(lines, ROLE_DIM, in->width, 0, _("measuring the others"));
	}
}

void view_links_lines(const struct view_in *in, struct lines *lines)
{
	size_t verdict_columns = in->width >= WIDE + 24 ? 25 : 0;
	size_t numbers = in->width >= WIDE ? 39 : 15;
	size_t bar = in->width >= BAR_WIDE ? BAR_MIN + (in->width - BAR_WIDE) / 4 : 0;
	size_t used = LINK + numbers + verdict_columns + (bar > 0 ? bar + 2 : 0);
	size_t columns = in->width > used + 8 ? in->width - used : 8;

	columns = in->width >= WIDE ? (columns - 3) / 2 : columns;
	columns = columns > 34 ? 34 : columns;
	put_heading(in, columns, bar, lines);
	lines->fixed = 1;
	for (size_t i = 0; i < in->snap->link_count; i++) {
		put_row(in, &in->snap->links[i], columns, bar, lines);
	}
	put_waits(in, lines);
	put_mtus(in, columns, lines);
	lines_begin(lines, 0);
	if (in->snap->link_count == 0) {
		lines_wrap(lines, ROLE_DIM, in->width, 0, in->snap->has_through ?
			_("No link is measured yet: probes must return through the hops first.") :
			_("Links are not measured: no nested probes are sent."));
		return;
	}
	lines_begin(lines, 0);
	lines_wrap(lines, ROLE_DIM, in->width, 0, _("Loss is of both directions of the link. least and "
		"most: its bounds at 95 %. 60 s: over the last minute. +ms: the delay the link adds, the "
		"median over rounds in which both its ends answered."));
}
