/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "view/screen.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "base/i18n.h"
#include "base/utf8.h"
#include "view/columns.h"
#include "view/layout.h"
#include "view/spark.h"

static void draw_headings(const struct layout *layout, bool is_plain, const struct area *area,
	struct canvas *canvas)
{
	for (size_t i = 0; i < layout->count; i++) {
		const struct layout_column *at = &layout->column[i];
		const struct column *column = at->column;

		(void)(column->is_left ? canvas_put : canvas_put_right)(canvas, area->x + at->x, area->y,
			at->width, ROLE_HEADING, is_plain ? column_plain_heading(column) : _(column->heading));
	}
}

static size_t longest_host(const struct snapshot *snap, bool shows_both)
{
	size_t longest = utf8_width(_("Host"));
	struct strbuf host = {0};

	for (size_t i = 0; i < snap->hop_count; i++) {
		size_t width;

		column_put_hop(&snap->hops[i], shows_both, &host);
		width = utf8_width(strbuf_text(&host));
		longest = width > longest ? width : longest;
		strbuf_clear(&host);
	}
	strbuf_finish(&host);
	return longest;
}

struct row_style {
	bool is_selected, shows_both;
	bool has_line;           /* the name stands in a line of its own below */
	double scale_ms, to_scale_ms;
};

/* Words that do not fit lose their end, and say so. */
static void draw_words(const char *words, const struct layout_column *at, size_t y,
	enum role role, struct canvas *canvas)
{
	(void)canvas_put(canvas, at->x, y, at->width, role, words);
	if (canvas_columns(canvas, words) > at->width) {
		(void)canvas_put(canvas, at->x + at->width - 1, y, 1, role,
			canvas->is_ascii ? ">" : "…");
	}
}

static void draw_host(const struct snap_hop *hop, const struct layout_column *at, size_t y,
	const struct row_style *style, struct canvas *canvas)
{
	enum role role = style->is_selected ? ROLE_SELECTED :
		hop->address == NULL ? ROLE_DIM : ROLE_NORMAL;
	struct strbuf host = {0};

	if (style->has_line) {
		strbuf_puts(&host, hop->address);
	} else {
		column_put_hop(hop, style->shows_both, &host);
	}
	draw_words(strbuf_text(&host), at, y, role, canvas);
	strbuf_finish(&host);
}

static void draw_cell(const struct column_input *in, const struct layout_column *at, size_t y,
	const struct row_style *style, struct canvas *canvas)
{
	const struct column *column = at->column;
	struct column_text cell;

	if (column->letter == COLUMN_HOST) {
		draw_host(in->hop, at, y, style, canvas);
	} else if (column->value == NULL) {
		bool is_filled;
		const struct snap_stats *stats = column_cell_stats(column, in, &is_filled);

		if (stats != NULL) {
			spark_draw(canvas, at->x, y, at->width, stats,
				column->source == COLUMN_THROUGH ? style->scale_ms : style->to_scale_ms);
		}
	} else {
		column->value(column, in, &cell);
		if (style->is_selected && column->letter == COLUMN_NUMBER) {
			cell.role = ROLE_SELECTED;
		}
		if (column->is_left) {
			draw_words(cell.text, at, y, cell.role, canvas);
		} else {
			(void)canvas_put_right(canvas, at->x, y, at->width, cell.role, cell.text);
		}
	}
}

static const struct layout_column *host_column(const struct layout *layout)
{
	for (size_t i = 0; i < layout->count; i++) {
		if (layout->column[i].column->letter == COLUMN_HOST) {
			return &layout->column[i];
		}
	}
	return NULL;
}

/* Where the row of a hop has no room for all of its name, and the address would fit. */
static bool is_name_cut(const struct snap_hop *hop, const struct layout_column *host)
{
	return host != NULL && hop->name != NULL && hop->address != NULL &&
	       utf8_width(hop->name) > host->width && utf8_width(hop->address) <= host->width;
}

/* Lines that a hop takes beside its row: its whole name, and who else answers there. */
static size_t lines_below(const struct snap_hop *hop, const struct layout_column *host)
{
	return is_name_cut(hop, host) + (hop->address_count > 1 ? hop->address_count - 1 : 0);
}

static size_t lines_of_all(const struct snapshot *snap, const struct layout *layout)
{
	size_t count = snap->hop_count;

	for (size_t i = 0; i < snap->hop_count; i++) {
		count += lines_below(&snap->hops[i], host_column(layout));
	}
	return count;
}

/* Free lines are used; where there are too few, every hop has just its row. */
static struct layout_rows rows_of(const struct view_in *in, const struct layout *layout,
	size_t height, size_t note_count, bool *ret_has_more)
{
	size_t hops = in->snap->hop_count, all = lines_of_all(in->snap, layout);

	*ret_has_more = host_column(layout) != NULL && all > hops &&
		all + note_count + 3 <= height;
	return layout_rows(height, *ret_has_more ? all : hops, note_count);
}

static void layout_table(const struct view_in *in, size_t width, struct layout *ret_layout)
{
	enum ui_set shown = ui_set_shown(in->ui, in->snap);
	char asked[UI_ASKED_MAX + 1], order[UI_SHOWN_MAX + 1];

	ui_asked(in->ui, asked);
	ui_shown_order(in->ui, in->snap, order);
	layout_columns(in->snap, &(struct layout_wish){.letters = order, .asked = asked,
		.is_own = shown == UI_SET_OWN, .is_plain = shown == UI_SET_REPLIES, .width = width,
		.host_width = longest_host(in->snap, in->ui->shows_both)}, ret_layout);
}

/* Returns how many lines it took. */
static size_t draw_below(const struct snap_hop *hop, const struct layout_column *host, size_t x,
	size_t y, const struct row_style *style, struct canvas *canvas)
{
	size_t count = 0;

	if (is_name_cut(hop, host)) {
		(void)canvas_put(canvas, x, y, canvas->width - x, ROLE_NORMAL, hop->name);
		count++;
	}
	for (size_t i = 1; i < hop->address_count; i++) {
		struct strbuf text = {0};

		column_put_host(hop->addresses[i], hop->address_names == NULL ? NULL :
			hop->address_names[i], style->shows_both, &text);
		(void)canvas_put(canvas, x, y + count, canvas->width - x, ROLE_DIM, strbuf_text(&text));
		strbuf_finish(&text);
		count++;
	}
	return count;
}

static void draw_table(const struct view_in *in, const struct layout *layout,
	const struct layout_rows *rows, bool has_more, const struct area *area,
	struct canvas *canvas)
{
	const struct snapshot *snap = in->snap;
	const struct layout_column *host = host_column(layout);
	size_t first = has_more ? 0 : layout_first(snap->hop_count, rows->table_rows,
		in->ui->selected);
	size_t y = area->y + rows->table_top, end = y + rows->table_rows;
	struct row_style style = {
		.shows_both = in->ui->shows_both,
		.scale_ms = spark_scale_ms(snap, COLUMN_THROUGH),
		.to_scale_ms = spark_scale_ms(snap, COLUMN_TO),
	};

	for (size_t k = first; k < snap->hop_count && y < end; k++) {
		const struct snap_hop *hop = &snap->hops[k];
		struct column_input input = {.hop = hop, .link = snap_link_to(snap, hop->hop),
			.is_filled = true};

		style.is_selected = in->ui->selected == k + 1;
		style.has_line = has_more && is_name_cut(hop, host);
		for (size_t j = 0; j < layout->count; j++) {
			struct layout_column at = layout->column[j];

			at.x += area->x;
			draw_cell(&input, &at, y, &style, canvas);
		}
		y++;
		y += has_more ? draw_below(hop, host, area->x + host->x, y, &style, canvas) : 0;
	}
}

/* In the only row there is the gravest of them stands, and how many more there are. */
static void draw_one_note(const struct lines *notes, const struct area *area, struct canvas *canvas)
{
	struct lines first = *notes;
	char more[32];
	size_t width;

	(void)snprintf(more, sizeof more, _(" +%zu (7)"), notes->count - 1);
	width = utf8_width(more);
	if (width + 8 > area->width) {
		width = 0;
	}
	first.count = 1;
	(void)lines_draw(&first, &(struct area){area->x, area->y, area->width - width, 1}, 0, 0,
		canvas);
	if (canvas_columns(canvas, strbuf_text(&notes->line[0].text)) > area->width - width) {
		(void)canvas_put(canvas, area->x + area->width - width - 1, area->y, 1, ROLE_DIM,
			canvas->is_ascii ? ">" : "…");
	}
	(void)canvas_put(canvas, area->x + area->width - width, area->y, width, ROLE_NOTICE, more);
}

/* Findings and notes, a line each; what does not fit is counted in the last one. */
static void draw_notes(const struct view_in *in, const struct lines *notes,
	const struct area *area, struct canvas *canvas)
{
	struct lines shown = *notes;

	if (area->height == 0) {
		return;
	}
	if (notes->count > 1 && area->height == 1) {
		draw_one_note(notes, area, canvas);
		return;
	}
	if (notes->count > area->height) {
		char text[64];
		size_t more = notes->count - area->height + 1;

		shown.count = area->height - 1;
		(void)snprintf(text, sizeof text, _("+%zu more, press 7"), more);
		(void)canvas_put(canvas, area->x, area->y + area->height - 1, area->width,
			ROLE_NOTICE, text);
	}
	(void)lines_draw(&shown, &(struct area){area->x, area->y, area->width, shown.count}, 0, 0,
		canvas);
	for (size_t i = 0; i < shown.count; i++) {
		if (canvas_columns(canvas, strbuf_text(&shown.line[i].text)) > area->width) {
			(void)canvas_put(canvas, area->x + area->width - 1, area->y + i, 1, ROLE_DIM,
				in->is_ascii ? ">" : "…");
		}
	}
}

/* What the signs of the history mean, where a row is left for it. */
static void draw_legend(const struct view_in *in, const struct layout *layout, size_t y,
	const struct area *area, struct canvas *canvas)
{
	const struct column *last = layout->column[layout->count - 1].column;
	char text[128], scale[16];

	if (layout->count == 0 || !column_is_history(last) || y >= area->y + area->height) {
		return;
	}
	column_ms(spark_scale_ms(in->snap, last->source), scale, sizeof scale);
	(void)snprintf(text, sizeof text, _("%s 0 to %s ms  x lost  ! ICMP error  ? pending"),
		in->is_ascii ? "1-8" : "▁▂▃▄▅▆▇█", scale);
	(void)canvas_put_right(canvas, area->x, area->y + area->height - 1, area->width, ROLE_DIM,
		text);
}

/* The detail of the hop beside the table, where there is room for it. */
static void draw_detail(const struct view_in *in, const struct area *area, struct canvas *canvas)
{
	struct view_in narrow = *in;
	struct lines lines = {0};

	for (size_t i = 0; i < area->height; i++) {
		(void)canvas_put(canvas, area->x - 2, area->y + i, 1, ROLE_DIM,
			in->is_ascii ? "|" : "│");
	}
	narrow.width = area->width;
	view_hop_lines(&narrow, &lines);
	(void)lines_draw(&lines, area, 0, 0, canvas);
	lines_finish(&lines);
}

enum { DETAIL_FROM = 140, DETAIL = 52, CHART_ROWS = 12 };

/* The chosen hop's round trips below the table, where the screen is high as well as wide. */
static void draw_chart(const struct view_in *in, size_t used, const struct area *area,
	struct canvas *canvas)
{
	/* A blank row above and one below, and the legend of the history. */
	struct area chart = {area->x, area->y + used + 1, area->width - 2, 0};

	if (area->height >= used + 3 + CHART_ROWS) {
		chart.height = area->height - used - 3;
		view_chart_draw(in, &chart, canvas);
	}
}

struct area screen_table_area(const struct snapshot *snap, const struct area *area)
{
	struct area table = *area;

	if (area->width >= DETAIL_FROM && snap->hop_count > 0) {
		table.width -= DETAIL + 3;
	}
	return table;
}

/* The rows of the table as it is drawn in the area. */
static struct layout_rows rows_in(const struct view_in *in, const struct area *area,
	struct layout *ret_layout, bool *ret_has_more)
{
	struct area table = screen_table_area(in->snap, area);

	layout_table(in, table.width, ret_layout);
	return rows_of(in, ret_layout, table.height, view_finding_count(in->snap), ret_has_more);
}

unsigned screen_table_hop_at(const struct view_in *in, const struct area *area, size_t y)
{
	struct layout layout;
	bool has_more;
	struct layout_rows rows = rows_in(in, area, &layout, &has_more);
	size_t k = has_more ? 0 : layout_first(in->snap->hop_count, rows.table_rows,
		in->ui->selected);
	size_t at = rows.table_top;

	if (y < at || y >= at + rows.table_rows) {
		return 0;
	}
	for (; k < in->snap->hop_count; k++) {
		at += 1 + (has_more ? lines_below(&in->snap->hops[k], host_column(&layout)) : 0);
		if (y < at) {
			return (unsigned)k + 1;
		}
	}
	return 0;
}

unsigned screen_table_note_at(const struct view_in *in, const struct area *area, size_t y)
{
	struct layout layout;
	bool has_more;
	struct layout_rows rows = rows_in(in, area, &layout, &has_more);

	return y < rows.notes_top || y >= rows.notes_top + rows.notes_rows ? 0 :
		(unsigned)(y - rows.notes_top + 1);
}

void view_table_draw(const struct view_in *in, const struct area *whole, struct canvas *canvas)
{
	struct area area = screen_table_area(in->snap, whole);
	bool is_plain = ui_set_shown(in->ui, in->snap) == UI_SET_REPLIES, has_more;
	struct lines notes = {0};
	struct layout_rows rows;
	struct layout layout;

	view_add_findings(in, false, &notes);
	layout_table(in, area.width, &layout);
	rows = rows_of(in, &layout, area.height, notes.count, &has_more);
	if (rows.has_headings) {
		draw_headings(&layout, is_plain, &area, canvas);
	}
	draw_table(in, &layout, &rows, has_more, &area, canvas);
	draw_notes(in, &notes, &(struct area){area.x, area.y + rows.notes_top, area.width,
		rows.notes_rows}, canvas);
	draw_legend(in, &layout, area.y + rows.notes_top + rows.notes_rows + 2, &area, canvas);
	if (area.width < whole->width) {
		draw_chart(in, rows.notes_top + rows.notes_rows, &area, canvas);
		draw_detail(in, &(struct area){area.x + area.width + 3, area.y, DETAIL, area.height},
			canvas);
	}
	lines_finish(&notes);
}
