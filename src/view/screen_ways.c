/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "view/view.h"

#include <stdio.h>
#include <string.h>

#include "base/i18n.h"
#include "view/columns.h"
#include "view/ladder.h"
#include "view/words.h"

enum { RUNG = 5, HOP = 5 };

struct ladder {
	const struct view_in *in;
	const struct snap_way *way;
	size_t columns;          /* of an address or name */
	struct lines *lines;
};

static void put_out(const struct ladder *ladder, const struct ladder_row *row)
{
	const struct snapshot *snap = ladder->in->snap;
	char text[16] = "";

	if (row->has_hop) {
		(void)snprintf(text, sizeof text, "%3u", row->hop);
	}
	lines_left(ladder->lines, ROLE_NORMAL, HOP, text);
	lines_words(ladder->lines, ROLE_NORMAL, ladder->columns, ladder->in->is_ascii,
		!row->has_hop ? "" : row->hop == 0 ? snap->source == NULL ? "?" : snap->source :
		column_host(&snap->hops[row->hop - 1]));
}

static const char *glyph(const struct ladder *ladder, const char *wide, const char *ascii)
{
	return ladder->in->is_ascii ? ascii : wide;
}

static const char *rung(const struct ladder *ladder, enum ladder_row_kind kind)
{
	switch (kind) {
	case LADDER_SHARED:
		return glyph(ladder, "════", "====");
	case LADDER_PARTED:
		return glyph(ladder, " ≠", " /");
	case LADDER_UNKNOWN:
		return " ?";
	case LADDER_BACK:
		break;
	}
	return "";
}

static void put_row(void *arg, const struct ladder_row *row)
{
	const struct ladder *ladder = arg;
	enum role role = row->kind == LADDER_SHARED ? ROLE_GOOD : row->kind == LADDER_UNKNOWN ?
		ROLE_DIM : ROLE_WARNING;
	enum role right = role == ROLE_GOOD ? ROLE_NORMAL : role;
	char text[16] = "";

	lines_begin(ladder->lines, row->hop);
	put_out(ladder, row);
	lines_put(ladder->lines, ROLE_NORMAL, " ");
	lines_left(ladder->lines, role, RUNG - 1, rung(ladder, row->kind));
	if (row->back == NULL) {
		return;
	}
	(void)snprintf(text, sizeof text, "%3u", row->back->hop);
	lines_left(ladder->lines, right, HOP, text);
	lines_words(ladder->lines, right, ladder->columns, ladder->in->is_ascii,
		ladder_host(row->back));
}

/* The way back from the chosen hop, where it was traced; else from the deepest. */
static const struct snap_way *way_of(const struct view_in *in)
{
	for (size_t i = 0; i < in->snap->way_count; i++) {
		if (in->snap->ways_back[i].from_hop == in->ui->selected) {
			return &in->snap->ways_back[i];
		}
	}
	return &in->snap->way_back;
}

struct shares {
	const struct snap_way *way;
	unsigned shared, parts, unknown; /* links behind the first; the first of these, 0: none */
};

static void count_shares(void *arg, const struct ladder_row *row)
{
	struct shares *shares = arg;

	if (!row->has_hop || row->hop < 2 || row->hop > shares->way->from_hop) {
		return;
	}
	shares->shared += row->kind == LADDER_SHARED;
	if (row->kind == LADDER_PARTED && shares->parts == 0) {
		shares->parts = row->hop;
	}
	if (row->kind == LADDER_UNKNOWN && shares->unknown == 0) {
		shares->unknown = row->hop;
	}
}

static void put_summary(const struct view_in *in, const struct snap_way *way,
	struct lines *lines)
{
	struct shares shares = {.way = way};
	bool is_parted;

	if (way->from_hop < 2) {
		return;
	}
	ladder_tell(in->snap, way, count_shares, &shares);
	is_parted = way->is_complete && shares.parts > 0;
	lines_begin(lines, 0);
	if (shares.shared + 1 >= way->from_hop) {
		lines_wrap(lines, ROLE_GOOD, in->width, 0, _("The return path uses every forward link from "
			"link 2 on; link 1 cannot be seen."));
	} else {
		struct strbuf text = {0};

		strbuf_printf(&text, ngettext("%u of %u links beyond the first is seen on the return path "
			"too", "%u of %u links beyond the first are seen on the return path "
			"too", shares.shared),
			shares.shared, way->from_hop - 1);
		strbuf_puts(&text, "; ");
		strbuf_printf(&text, is_parted ? _("seen from here, the paths diverge at link %u") :
			_("link %u is not known"), is_parted || shares.unknown == 0 ? shares.parts :
			shares.unknown);
		lines_wrap(lines, is_parted ? ROLE_WARNING : ROLE_NORMAL, in->width, 0,
			strbuf_text(&text));
		strbuf_finish(&text);
	}
}

static void add_via_stats(const char *name, const struct snap_stats *stats, struct strbuf *text)
{
	char loss[16] = "-", ms[16] = "-";

	if (stats->loss >= 0.0) {
		column_percent(stats->loss, loss, sizeof loss);
	}
	if (stats->has_rtt) {
		column_ms(stats->p50_ms, ms, sizeof ms);
	}
	strbuf_printf(text, "%s %s %%, %s ms", name, loss, ms);
}

/* A router, and beside it or below it what goes by it. */
static void put_via(const struct view_in *in, const struct snap_via *via, struct lines *lines)
{
	bool is_lossy = via->round.loss > 0.0 || via->home.loss > 0.0;
	struct strbuf text = {0};

	lines_begin(lines, 0);
	lines_words(lines, ROLE_NORMAL, in->width >= 120 ? 36 : 18, in->is_ascii,
		via->name != NULL ? via->name : via->address);
	lines_put(lines, ROLE_NORMAL, "  ");
	if (via->round.is_on) {
		add_via_stats(_("out to it and back"), &via->round, &text);
		strbuf_puts(&text, ";  ");
		add_via_stats(_("back along the path"), &via->home, &text);
	} else {
		strbuf_puts(&text, _("not measured: it does not decapsulate"));
	}
	lines_wrap(lines, !via->round.is_on ? ROLE_DIM : is_lossy ? ROLE_WARNING : ROLE_NORMAL,
		in->width, 0, strbuf_text(&text));
	strbuf_finish(&text);
}

static void put_vias(const struct view_in *in, struct lines *lines)
{
	for (size_t i = 0; i < in->snap->via_count; i++) {
		if (i == 0) {
			lines_begin(lines, 0);
			lines_head(lines, _("Via routers of the return path that are off the path"));
		}
		put_via(in, &in->snap->vias[i], lines);
	}
}

/* Whether some hop sends a packet back for us, or may yet turn out to. */
static bool is_traceable(const struct snapshot *snap)
{
	for (size_t i = 0; i < snap->hop_count; i++) {
		const char *decap = snap->hops[i].decap;

		if (strcmp(decap, "yes") == 0 || strcmp(decap, "unknown") == 0) {
			return true;
		}
	}
	return snap->hop_count == 0;
}

void view_ways_lines(const struct view_in *in, struct lines *lines)
{
	struct ladder ladder = {.in = in, .way = way_of(in), .lines = lines};
	struct strbuf text = {0};

	ladder.columns = in->width > 2 * HOP + RUNG + 16 ? (in->width - 2 * HOP - RUNG) / 2 : 8;
	ladder.columns = ladder.columns > 40 ? 40 : ladder.columns;
	lines_begin(lines, 0);
	lines->fixed = 1;
	lines_put(lines, ROLE_NORMAL, "");
	lines_pad(lines, HOP);
	lines_left(lines, ROLE_HEADING, ladder.columns, _("Forward path"));
	lines_pad(lines, 2 * HOP + RUNG + ladder.columns);
	if (ladder.way->from_hop == 0) {
		lines_put(lines, ROLE_HEADING, is_traceable(in->snap) ?
			_("Return path: not traced yet") : _("Return path: no hop can trace it"));
	} else {
		lines_printf(lines, ROLE_HEADING, _("Return path from hop %u%s"), ladder.way->from_hop,
			ladder.way->is_complete ? "" : _(" (may be incomplete)"));
	}
	ladder_tell(in->snap, ladder.way, put_row, &ladder);
	lines_begin(lines, 0);
	if (ladder.way->from_hop > 0) {
		put_summary(in, ladder.way, lines);
	}
	words_lengths(in->snap, &text);
	lines_text(lines, ROLE_NORMAL, in->width, strbuf_text(&text));
	strbuf_finish(&text);
	put_vias(in, lines);
	view_add_mates(in, lines);
}
