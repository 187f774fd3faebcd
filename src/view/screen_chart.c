/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "view/view.h"

#include <math.h>
#include <stdio.h>

#include "base/i18n.h"
#include "base/strbuf.h"
#include "base/utf8.h"
#include "view/columns.h"
#include "view/screen.h"

/*
 * Round trips over time, of the chosen hop and of those that were added. In UTF-8 a cell has
 * two by four dots of braille; in ASCII it has one. Time goes on to the right; a zoom of 0 is
 * a round a dot, each step more doubles or halves that. Losses of the chosen hop are marked
 * below the curve.
 */
enum { SERIES = 4, AXIS = 8, DOTS_X = 2, DOTS_Y = 4, NAME_MOST = 40, NAME_LEAST = 4 };

struct series {
	const struct snap_hop *hop;
	const struct snap_stats *stats;
	enum role role;
};

struct chart {
	const struct view_in *in;
	struct series series[SERIES];   /* the chosen hop last: it is drawn above the others */
	size_t count;
	struct area plot;
	size_t dots_x, dots_y;          /* of a cell */
	size_t rounds, dots;            /* so many rounds take so many dots of width */
	size_t pan;                     /* the newest rounds that lie beyond the right edge */
	double low, high;               /* ms, multiples of the step */
	double step;
};

static const struct snap_stats *stats_of(const struct snap_hop *hop)
{
	return hop->through.is_on ? &hop->through : &hop->to;
}

static void choose_series(struct chart *chart)
{
	const struct snapshot *snap = chart->in->snap;
	unsigned chosen = ui_hop(chart->in->ui, snap);

	for (size_t k = 0; k < snap->hop_count && chart->count + 1 < SERIES; k++) {
		if ((chart->in->ui->charted >> k & 1) != 0 && k + 1 != chosen) {
			chart->series[chart->count] = (struct series){&snap->hops[k],
				stats_of(&snap->hops[k]),
				(enum role)(ROLE_SERIES_B + (int)chart->count)};
			chart->count++;
		}
	}
	if (chosen > 0) {
		chart->series[chart->count++] = (struct series){&snap->hops[chosen - 1],
			stats_of(&snap->hops[chosen - 1]), ROLE_SERIES_A};
	}
}

/* Dots from the right edge to the left one of a sample that is `age` rounds old. */
static size_t dot_of(const struct chart *chart, size_t age)
{
	return age * chart->dots / chart->rounds;
}

static size_t width_dots(const struct chart *chart)
{
	return chart->plot.width * chart->dots_x;
}

/* The sample that is so many rounds before the right edge; NULL: it is not kept, or not shown. */
static const struct snap_sample *sample_at(const struct chart *chart,
	const struct snap_stats *stats, size_t age)
{
	return age + chart->pan >= stats->history_count || dot_of(chart, age) >= width_dots(chart) ?
		NULL : &stats->history[stats->history_count - 1 - age - chart->pan];
}

/* A step of 1, 2 or 5 times a power of ten, so that axes have round numbers. */
static double round_step(double span)
{
	double power = pow(10.0, floor(log10(span)));

	return span / power > 5.0 ? power : span / power > 2.0 ? power / 2.0 : power / 5.0;
}

static void choose_scale(struct chart *chart)
{
	double low = -1.0, high = 0.0;

	for (size_t i = 0; i < chart->count; i++) {
		const struct snap_stats *stats = chart->series[i].stats;

		const struct snap_sample *sample;

		for (size_t age = 0; (sample = sample_at(chart, stats, age)) != NULL; age++) {
			double ms = ns_to_ms(sample->rtt);

			if (sample->cell == SNAP_CELL_ANSWERED) {
				low = low < 0.0 || ms < low ? ms : low;
				high = ms > high ? ms : high;
			}
		}
	}
	if (low < 0.0) {
		low = 0.0;
		high = 1.0;
	}
	/* From 0 on, unless that would squeeze the curves into less than half of the height. */
	low = low <= high / 2.0 ? 0.0 : low;
	high = column_ms_axis_end(low, high);
	chart->step = round_step(high - low);
	chart->low = floor(low / chart->step) * chart->step;
	chart->high = ceil(high / chart->step) * chart->step;
}

/* One dot more in a cell of braille (Unicode 2800), or the one character of an ASCII cell. */
static void put_dot(const struct chart *chart, size_t x, size_t y, enum role role,
	struct canvas *canvas)
{
	static const unsigned char bits[DOTS_Y][DOTS_X] = {
		{0x01, 0x08}, {0x02, 0x10}, {0x04, 0x20}, {0x40, 0x80}};
	size_t column = chart->plot.x + x / chart->dots_x, row = chart->plot.y + y / chart->dots_y;
	const char *text = canvas_at(canvas, column, row)->text;
	unsigned dots = bits[y % DOTS_Y][x % DOTS_X];
	char cell[4] = "*";

	if (!canvas->is_ascii) {
		/* U+2800 + dots is E2, A0 + its two upper bits, 80 + its six lower bits. */
		if ((unsigned char)text[0] == 0xe2 && ((unsigned char)text[1] & 0xfc) == 0xa0) {
			dots |= ((unsigned)text[1] & 3) << 6 | ((unsigned)text[2] & 0x3f);
		}
		cell[0] = (char)0xe2;
		cell[1] = (char)(0xa0 | dots >> 6);
		cell[2] = (char)(0x80 | (dots & 0x3f));
		cell[3] = '\0';
	}
	(void)canvas_put(canvas, column, row, 1, role, cell);
}

static size_t height_of(const struct chart *chart, double ms)
{
	size_t most = chart->plot.height * chart->dots_y - 1;
	double share = (chart->high - ms) / (chart->high - chart->low);

	return share <= 0.0 ? 0 : share >= 1.0 ? most : (size_t)(share * (double)most + 0.5);
}

/* Upright strokes join neighbours, so that a leap is seen as one. */
static void join(const struct chart *chart, size_t x, size_t from, size_t to, enum role role,
	struct canvas *canvas)
{
	for (size_t y = from < to ? from : to; y <= (from < to ? to : from); y++) {
		put_dot(chart, x, y, role, canvas);
	}
}

static void draw_series(const struct chart *chart, const struct series *series,
	struct canvas *canvas)
{
	const struct snap_stats *stats = series->stats;
	size_t width = width_dots(chart), before = 0;
	const struct snap_sample *sample;
	bool has_before = false;

	for (size_t age = 0; (sample = sample_at(chart, stats, age)) != NULL; age++) {
		size_t dot = dot_of(chart, age), next = dot_of(chart, age + 1), y;

		if (sample->cell != SNAP_CELL_ANSWERED) {
			has_before = has_before && sample->cell == SNAP_CELL_NONE;
			continue;
		}
		y = height_of(chart, ns_to_ms(sample->rtt));
		for (size_t d = dot; d == dot || (d < next && d < width); d++) {
			put_dot(chart, width - 1 - d, y, series->role, canvas);
		}
		if (has_before) {
			join(chart, width - 1 - dot, y, before, series->role, canvas);
		}
		before = y;
		has_before = true;
	}
}

/* Where the chosen hop lost, in the row below the plot. */
static void draw_losses(const struct chart *chart, struct canvas *canvas)
{
	const struct snap_stats *stats = chart->series[chart->count - 1].stats;
	size_t width = width_dots(chart), y = chart->plot.y + chart->plot.height;
	const struct snap_sample *sample;

	(void)canvas_put_right(canvas, chart->plot.x - AXIS, y, AXIS - 1, ROLE_DIM, _("lost"));
	for (size_t age = 0; (sample = sample_at(chart, stats, age)) != NULL; age++) {
		enum snap_cell cell = sample->cell;
		size_t x = chart->plot.x + (width - 1 - dot_of(chart, age)) / chart->dots_x;

		if (cell == SNAP_CELL_LOST || cell == SNAP_CELL_ERROR) {
			(void)canvas_put(canvas, x, y, 1, ROLE_WARNING, cell == SNAP_CELL_LOST ? "x" : "!");
		}
	}
}

static void draw_axes(const struct chart *chart, struct canvas *canvas)
{
	const struct area *plot = &chart->plot;
	size_t y = plot->y + plot->height + 1;
	double step = round_step(chart->high - chart->low);

	while ((chart->high - chart->low) / step * 2.0 > (double)plot->height) {
		step *= 2.0;
	}
	for (size_t i = 0; i < plot->height; i++) {
		(void)canvas_put(canvas, plot->x - 1, plot->y + i, 1, ROLE_DIM,
			canvas->is_ascii ? "|" : "│");
	}
	for (double ms = chart->low; ms < chart->high + step / 2.0; ms += step) {
		char text[32];

		column_ms_step(ms, chart->step, text, sizeof text);
		(void)canvas_put_right(canvas, plot->x - AXIS, plot->y + height_of(chart, ms) /
			chart->dots_y, AXIS - 2, ROLE_DIM, text);
	}
	for (size_t cell = 0; cell < plot->width; cell += 16) {
		size_t rounds = cell * chart->dots_x * chart->rounds / chart->dots + chart->pan;
		double sec = (double)rounds * ns_to_sec(chart->in->snap->interval);
		char text[32];

		(void)snprintf(text, sizeof text, sec < 10.0 ? _("-%.1f s") : _("-%.0f s"), sec);
		if (cell + 8 <= plot->width) {
			(void)canvas_put_right(canvas, plot->x, y, plot->width - cell, ROLE_DIM,
				rounds == 0 ? _("now") : text);
		}
	}
}

static void add_legend(const struct series *series, size_t name_most, bool is_ascii,
	struct strbuf *text)
{
	const char *name = column_host(series->hop);
	char last[16] = "-";

	strbuf_printf(text, "%s %u ", is_ascii ? "*" : "━", series->hop->hop);
	if (utf8_width(name) <= name_most) {
		strbuf_puts(text, name);
	} else {
		strbuf_left(text, name, name_most - 1);
		strbuf_puts(text, is_ascii ? ">" : "…");
	}
	if (series->stats->has_rtt) {
		column_ms(series->stats->last_ms, last, sizeof last);
	}
	strbuf_printf(text, " %s%s", last, series->stats == &series->hop->to ? _(" (to)") : "");
}

/* The series side by side, the chosen hop first. Returns the columns that they take, or would. */
static size_t put_legend(const struct chart *chart, const struct area *at, size_t name_most,
	bool is_drawn, struct canvas *canvas)
{
	size_t columns = 0;

	for (size_t i = chart->count; i-- > 0;) {
		const struct series *series = &chart->series[i];
		struct strbuf text = {0};

		add_legend(series, name_most, canvas->is_ascii, &text);
		if (is_drawn && columns < at->width) {
			(void)canvas_put(canvas, at->x + columns, at->y, at->width - columns, series->role,
				strbuf_text(&text));
		}
		columns += canvas_columns(canvas, strbuf_text(&text)) + 2;
		strbuf_finish(&text);
	}
	return columns;
}

/* Names are cut, so that the last round trip of every hop is seen. */
static void draw_legend(const struct chart *chart, const struct area *area,
	struct canvas *canvas)
{
	const char *signs = _("x lost  ! ICMP error");
	const char *keys = _("left, right: time  +, -: zoom  x: hops");
	size_t used = canvas_put(canvas, area->x, area->y, area->width, ROLE_DIM, _("ms")) + 2;
	struct area at = {area->x + used, area->y, area->width - used, 1};
	size_t name_most = NAME_MOST, both;
	struct strbuf text = {0};

	while (name_most > NAME_LEAST &&
	       put_legend(chart, &at, name_most, /* is_drawn= */ false, canvas) > at.width + 2) {
		name_most--;
	}
	used = put_legend(chart, &at, name_most, /* is_drawn= */ true, canvas);
	/* What else may be done here, where there is room to say so. */
	both = utf8_width(signs) + 3 + utf8_width(keys);
	strbuf_printf(&text, "%s%s%s", used + both <= at.width ? signs : "",
		used + both <= at.width ? "   " : "", keys);
	if (chart->in->ui->view == UI_VIEW_CHART && used + utf8_width(keys) <= at.width) {
		(void)canvas_put_right(canvas, at.x, at.y, at.width, ROLE_DIM, strbuf_text(&text));
	}
	strbuf_finish(&text);
}

/* No farther back than what is kept of it, one cell of that left. */
size_t chart_pan_most(const struct snapshot *snap, unsigned hop)
{
	size_t kept = hop == 0 ? 0 : stats_of(&snap->hops[hop - 1])->history_count;

	return kept > DOTS_X ? kept - DOTS_X : 0;
}

static size_t pan_of(const struct view_in *in)
{
	size_t most = chart_pan_most(in->snap, ui_hop(in->ui, in->snap));

	return in->ui->view != UI_VIEW_CHART ? 0 : in->ui->pan < most ? in->ui->pan : most;
}

void view_chart_draw(const struct view_in *in, const struct area *area, struct canvas *canvas)
{
	struct chart chart = {.in = in, .rounds = 1, .dots = 1,
		.dots_x = in->is_ascii ? 1 : DOTS_X, .dots_y = in->is_ascii ? 1 : DOTS_Y};

	choose_series(&chart);
	if (chart.count == 0 || area->height < 5 || area->width < AXIS + 8) {
		(void)canvas_put(canvas, area->x, area->y, area->width, ROLE_DIM, chart.count == 0 ?
			_("No hop of the path is known yet.") : _("Make the terminal larger"));
		return;
	}
	chart.plot = (struct area){area->x + AXIS, area->y + 1, area->width - AXIS,
		area->height - 3};
	if (in->ui->zoom > 0) {
		chart.dots = (size_t)1 << in->ui->zoom;
	} else {
		chart.rounds = (size_t)1 << -in->ui->zoom;
	}
	chart.pan = pan_of(in);
	choose_scale(&chart);
	draw_legend(&chart, area, canvas);
	draw_axes(&chart, canvas);
	for (size_t i = 0; i < chart.count; i++) {
		draw_series(&chart, &chart.series[i], canvas);
	}
	draw_losses(&chart, canvas);
}
