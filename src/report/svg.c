/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "report/svg.h"

#include <stdio.h>

#include "base/escape.h"
#include "base/i18n.h"
#include "base/utf8.h"
#include "view/columns.h"
#include "view/ladder.h"

enum {
	WIDTH = 360, HEIGHT = 120, LEFT = 44, RIGHT = 6, TOP = 8, BOTTOM = 26,
	PLOT_WIDTH = WIDTH - LEFT - RIGHT, PLOT_HEIGHT = HEIGHT - TOP - BOTTOM,
	LADDER_WIDTH = 720, LADDER_X1 = 300, LADDER_X2 = 420, RUNG = 26, NAME_COLUMNS = 36
};

struct plot {
	double low, high;        /* ms */
	size_t rounds;           /* the most there are of any hop */
};

static void put_text(const char *class, int x, int y, const char *anchor, const char *text,
	struct strbuf *buf)
{
	strbuf_printf(buf, "<text%s x=\"%d\" y=\"%d\" text-anchor=\"%s\">", class, x, y, anchor);
	escape_xml(buf, text);
	strbuf_puts(buf, "</text>\n");
}

static void put_line(const char *class, int x1, int y1, int x2, int y2, struct strbuf *buf)
{
	strbuf_printf(buf, "<line class=\"%s\" x1=\"%d\" y1=\"%d\" x2=\"%d\" y2=\"%d\"/>\n", class, x1,
		y1, x2, y2);
}

static void widen(const struct snap_stats *stats, struct plot *plot)
{
	for (size_t i = 0; stats->is_on && i < stats->history_count; i++) {
		double ms = ns_to_ms(stats->history[i].rtt);

		if (stats->history[i].cell == SNAP_CELL_ANSWERED) {
			plot->low = plot->low < 0.0 || ms < plot->low ? ms : plot->low;
			plot->high = ms > plot->high ? ms : plot->high;
		}
	}
}

/* The newest round is at the right edge, in every drawing at the same place. */
static double x_of(const struct plot *plot, const struct snap_stats *stats, size_t index)
{
	size_t age = stats->history_count - 1 - index;
	size_t last = plot->rounds > 1 ? plot->rounds - 1 : 1;

	return (double)(LEFT + PLOT_WIDTH) - (double)age * (double)PLOT_WIDTH / (double)last;
}

static double y_of(const struct plot *plot, ns_t rtt)
{
	double share = (plot->high - ns_to_ms(rtt)) / (plot->high - plot->low);

	return (double)TOP + (double)PLOT_HEIGHT * share;
}

static bool is_answered(const struct snap_stats *stats, size_t index)
{
	return index < stats->history_count && stats->history[index].cell == SNAP_CELL_ANSWERED;
}

/* A line as long as answers follow each other; a single one is a dot. */
static void put_series(const struct plot *plot, const struct snap_stats *stats, const char *class,
	struct strbuf *buf)
{
	for (size_t i = 0; stats->is_on && i < stats->history_count; i++) {
		if (!is_answered(stats, i)) {
			continue;
		}
		if (!is_answered(stats, i + 1)) {
			strbuf_printf(buf, "<circle class=\"d%s\" cx=\"%.1f\" cy=\"%.1f\" r=\"1.2\"/>\n",
				class, x_of(plot, stats, i), y_of(plot, stats->history[i].rtt));
			continue;
		}
		strbuf_printf(buf, "<polyline class=\"%s\" points=\"", class);
		for (; is_answered(stats, i); i++) {
			strbuf_printf(buf, "%.1f,%.1f ", x_of(plot, stats, i),
				y_of(plot, stats->history[i].rtt));
		}
		strbuf_puts(buf, "\"/>\n");
	}
}

/* What was lost on the way through stands below the curve. */
static void put_losses(const struct plot *plot, const struct snap_stats *stats, struct strbuf *buf)
{
	for (size_t i = 0; stats->is_on && i < stats->history_count; i++) {
		enum snap_cell cell = stats->history[i].cell;
		double x = x_of(plot, stats, i);

		if (cell == SNAP_CELL_LOST || cell == SNAP_CELL_ERROR) {
			strbuf_printf(buf, "<line class=\"x\" x1=\"%.1f\" y1=\"%d\" x2=\"%.1f\" y2=\"%d\"/>\n",
				x, TOP + PLOT_HEIGHT + 2, x, TOP + PLOT_HEIGHT + 8);
		}
	}
}

static void put_axes(const struct plot *plot, const struct snapshot *snap, struct strbuf *buf)
{
	int floor = TOP + PLOT_HEIGHT;
	double step = (plot->high - plot->low) / 10.0;
	char text[32];

	put_line("axis", LEFT, TOP, LEFT, floor, buf);
	put_line("axis", LEFT, floor, LEFT + PLOT_WIDTH, floor, buf);
	column_ms_step(plot->high, step, text, sizeof text);
	put_text("", LEFT - 4, TOP + 8, "end", text, buf);
	column_ms_step(plot->low, step, text, sizeof text);
	put_text("", LEFT - 4, floor, "end", text, buf);
	put_text("", LEFT - 4, (TOP + floor) / 2 + 3, "end", _("ms"), buf);
	(void)snprintf(text, sizeof text, _("-%.0f s"),
		(double)(plot->rounds > 0 ? plot->rounds - 1 : 0) * ns_to_sec(snap->interval));
	put_text("", LEFT, HEIGHT - 4, "start", text, buf);
	put_text("", LEFT + PLOT_WIDTH, HEIGHT - 4, "end", _("end"), buf);
}

static void put_chart(const struct snapshot *snap, const struct snap_hop *hop, size_t rounds,
	struct strbuf *buf)
{
	struct plot plot = {-1.0, 0.0, rounds};
	struct strbuf title = {0};

	widen(&hop->through, &plot);
	widen(&hop->to, &plot);
	if (plot.low < 0.0 && !hop->through.is_on) {
		return; /* it never said a word */
	}
	plot.low = plot.low < 0.0 ? 0.0 : plot.low;
	plot.high = column_ms_axis_end(plot.low, plot.high);
	strbuf_printf(&title, "%u  %s", hop->hop, column_host(hop));
	strbuf_puts(buf, "<figure><figcaption>");
	escape_xml(buf, strbuf_text(&title));
	strbuf_printf(buf, "</figcaption>\n<svg viewBox=\"0 0 %d %d\" role=\"img\" aria-label=\"",
		WIDTH, HEIGHT);
	escape_xml(buf, strbuf_text(&title));
	strbuf_puts(buf, "\">\n");
	put_axes(&plot, snap, buf);
	put_series(&plot, &hop->to, "b", buf);
	put_series(&plot, &hop->through, "a", buf);
	put_losses(&plot, &hop->through, buf);
	strbuf_puts(buf, "</svg></figure>\n");
	strbuf_finish(&title);
}

static size_t history_of(const struct snap_hop *hop)
{
	size_t through = hop->through.is_on ? hop->through.history_count : 0;
	size_t to = hop->to.is_on ? hop->to.history_count : 0;

	return through > to ? through : to;
}

void svg_charts(const struct snapshot *snap, struct strbuf *buf)
{
	size_t rounds = 0;

	for (size_t i = 0; i < snap->hop_count; i++) {
		rounds = history_of(&snap->hops[i]) > rounds ? history_of(&snap->hops[i]) : rounds;
	}
	strbuf_puts(buf, "<div class=\"charts\">\n");
	for (size_t i = 0; i < snap->hop_count; i++) {
		if (history_of(&snap->hops[i]) > 0) {
			put_chart(snap, &snap->hops[i], rounds, buf);
		}
	}
	strbuf_puts(buf, "</div>\n");
}

/* As much of a name as stands beside the ladder; the tables have it whole. */
static void add_name(struct strbuf *buf, const char *name)
{
	if (utf8_width(name) <= NAME_COLUMNS) {
		strbuf_puts(buf, name);
		return;
	}
	strbuf_add(buf, name, utf8_prefix(name, NAME_COLUMNS - 1));
	strbuf_puts(buf, "\xe2\x80\xa6");
}

struct drawing {
	const struct snapshot *snap;
	struct strbuf *buf;
	int row;
	bool has_before_out, has_before_back; /* a row above which it goes on from */
	int before_out, before_back;
	int turn;                /* where the way back begins; 0: not drawn yet */
	unsigned from_hop;
};

/* The stroke from the end before on that side, whose place is kept. */
static void put_way(struct drawing *drawing, int x, bool is_out, const char *class)
{
	bool *has_before = is_out ? &drawing->has_before_out : &drawing->has_before_back;
	int *before = is_out ? &drawing->before_out : &drawing->before_back;
	int y = drawing->row * RUNG + RUNG / 2;

	if (*has_before) {
		put_line(class, x, *before, x, y, drawing->buf);
	}
	strbuf_printf(drawing->buf, "<circle class=\"d%s\" cx=\"%d\" cy=\"%d\" r=\"4\"/>\n",
		is_out ? "a" : "b", x, y);
	*has_before = true;
	*before = y;
}

static void put_rung(void *arg, const struct ladder_row *row)
{
	struct drawing *drawing = arg;
	const struct snapshot *snap = drawing->snap;
	int y = drawing->row * RUNG + RUNG / 2;
	struct strbuf text = {0};

	if (row->kind == LADDER_SHARED) {
		put_line("shared", LADDER_X1, y, LADDER_X2, y, drawing->buf);
	}
	if (row->has_hop) {
		put_way(drawing, LADDER_X1, true, row->kind == LADDER_PARTED ? "part" : "way");
		drawing->turn = row->hop == drawing->from_hop ? y : drawing->turn;
		add_name(&text, row->hop > 0 ? column_host(&snap->hops[row->hop - 1]) :
			snap->source == NULL ? "?" : snap->source);
		strbuf_printf(&text, "  %u", row->hop);
		put_text(" class=\"t\"", LADDER_X1 - 12, y + 4, "end", strbuf_text(&text), drawing->buf);
		strbuf_clear(&text);
	}
	if (row->back != NULL) {
		put_way(drawing, LADDER_X2, false, row->kind == LADDER_SHARED ? "way" : "part");
		strbuf_printf(&text, "%u  ", row->back->hop);
		add_name(&text, ladder_host(row->back));
		put_text(" class=\"t\"", LADDER_X2 + 12, y + 4, "start", strbuf_text(&text), drawing->buf);
	}
	if (row->kind == LADDER_UNKNOWN) {
		put_text("", (LADDER_X1 + LADDER_X2) / 2, y + 4, "middle", "?", drawing->buf);
	}
	drawing->row++;
	strbuf_finish(&text);
}

void svg_ladder(const struct snapshot *snap, const struct snap_way *way, struct strbuf *buf)
{
	struct strbuf inside = {0};
	struct drawing drawing = {.snap = snap, .buf = &inside, .from_hop = way->from_hop};

	ladder_tell(snap, way, put_rung, &drawing);
	if (drawing.turn > drawing.before_back) {
		put_line("turn", LADDER_X1, drawing.turn, LADDER_X2, drawing.before_back, &inside);
	}
	strbuf_printf(buf, "<svg viewBox=\"0 0 %d %d\" role=\"img\">\n%s</svg>\n", LADDER_WIDTH,
		drawing.row * RUNG, strbuf_text(&inside));
	strbuf_finish(&inside);
}
