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

struct set {
	enum column_id id[LAYOUT_COLUMNS];
	size_t count;
};

static const struct set sets[UI_SET_COUNT] = {
	[UI_SET_THROUGH] = {{COLUMN_NUMBER, COLUMN_HOST, COLUMN_LOSS, COLUMN_AT_MOST,
		COLUMN_LINK, COLUMN_P50, COLUMN_P95, COLUMN_JITTER, COLUMN_SENT, COLUMN_TO_LOSS,
		COLUMN_TO_P50, COLUMN_HISTORY}, 12},
	[UI_SET_TO] = {{COLUMN_NUMBER, COLUMN_HOST, COLUMN_TO_LOSS, COLUMN_TO_SENT,
		COLUMN_TO_LAST, COLUMN_TO_AVG, COLUMN_TO_BEST, COLUMN_TO_WORST, COLUMN_TO_STDEV,
		COLUMN_TO_HISTORY}, 10},
	[UI_SET_HISTORY] = {{COLUMN_NUMBER, COLUMN_HOST, COLUMN_LOSS, COLUMN_TO_LOSS,
		COLUMN_HISTORY}, 5},
	[UI_SET_JITTER] = {{COLUMN_NUMBER, COLUMN_HOST, COLUMN_JITTER, COLUMN_JITTER_AVG,
		COLUMN_JITTER_WORST, COLUMN_TO_DROP, COLUMN_TO_RECEIVED, COLUMN_TO_GMEAN,
		COLUMN_TO_JITTER, COLUMN_TO_JITTER_AVG, COLUMN_TO_JITTER_WORST,
		COLUMN_TO_JITTER_INT}, 12},
};

/* Without Through probes the history is that of the answers. */
static struct set set_for(const struct snapshot *snap, enum ui_set which)
{
	struct set set = sets[which];

	for (size_t i = 0; i < set.count; i++) {
		if (set.id[i] == COLUMN_HISTORY && !snap->has_through) {
			set.id[i] = COLUMN_TO_HISTORY;
		}
	}
	return set;
}

static void add_state(const struct snapshot *snap, struct strbuf *buf)
{
	switch (snap->phase) {
	case SNAP_DISCOVERING:
		strbuf_printf(buf, _("discovering: %u of %u TTLs answered"),
			snap->discovery_answered, snap->discovery_awaited);
		break;
	case SNAP_SCANNING:
		strbuf_puts(buf, _("asking the hops whether they decapsulate"));
		break;
	case SNAP_PROBING:
		return;
	case SNAP_DRAINING:
		strbuf_puts(buf, _("waiting for the last answers"));
		break;
	case SNAP_DONE:
		strbuf_puts(buf, _("done"));
		break;
	}
	strbuf_puts(buf, "  ");
}

static void add_path(const struct snapshot *snap, struct strbuf *buf)
{
	if (snap->phase != SNAP_DISCOVERING) {
		strbuf_puts(buf, snap->is_explicit ? _("explicit path") : _("discovered path"));
		strbuf_puts(buf, ", ");
		strbuf_printf(buf, ngettext("%zu hop", "%zu hops", snap->hop_count),
			snap->hop_count);
		strbuf_puts(buf, ", ");
	}
	if (snap->has_through && snap->walk != NULL) {
		strbuf_printf(buf, "%s, ", snap->walk);
	}
	strbuf_printf(buf, _("%u of %u bytes"), snap->probe_bytes, snap->mtu);
}

/* The sets of columns with the one that shows in brackets, or that one alone. */
static void draw_tabs(const struct snapshot *snap, enum ui_set shown, size_t from,
	struct canvas *canvas)
{
	static const enum ui_set order[] = {
		UI_SET_THROUGH, UI_SET_TO, UI_SET_HISTORY, UI_SET_JITTER};
	size_t width = 0, x;
	bool is_short;

	for (size_t i = 0; i < UI_SET_COUNT; i++) {
		width += utf8_width(ui_set_name(order[i])) + 3;
	}
	is_short = from + 2 + width > canvas->width + 1;
	if (is_short) {
		width = utf8_width(ui_set_name(shown)) + 3;
	}
	if (from + 2 + width > canvas->width + 1) {
		return;
	}
	x = canvas->width + 1 - width;
	for (size_t i = 0; i < UI_SET_COUNT; i++) {
		char text[48];
		bool is_shown = order[i] == shown;

		if (is_short && !is_shown) {
			continue;
		}
		if ((order[i] == UI_SET_THROUGH && !snap->has_through) ||
		    (order[i] == UI_SET_TO && !snap->has_to)) {
			x += utf8_width(ui_set_name(order[i])) + 3;
			continue;
		}
		(void)snprintf(text, sizeof text, is_shown ? "[%s]" : " %s ",
			ui_set_name(order[i]));
		x += canvas_put(canvas, x, 1, canvas->width, is_shown ? ROLE_TAB : ROLE_DIM,
			text) + 1;
	}
}

static void draw_info(const struct snapshot *snap, enum ui_set shown, struct canvas *canvas)
{
	struct strbuf state = {0}, path = {0};
	size_t x;

	add_state(snap, &state);
	add_path(snap, &path);
	x = canvas_put(canvas, 0, 1, canvas->width, ROLE_NOTICE, strbuf_text(&state));
	x += canvas_put(canvas, x, 1, canvas->width, ROLE_NORMAL, strbuf_text(&path));
	draw_tabs(snap, shown, x, canvas);
	strbuf_finish(&state);
	strbuf_finish(&path);
}

static void draw_headings(const struct layout *layout, size_t y, struct canvas *canvas)
{
	for (size_t i = 0; i < layout->count; i++) {
		const struct layout_column *at = &layout->column[i];
		const struct column *column = column_get(at->id);

		(void)(column->is_left ? canvas_put : canvas_put_right)(canvas, at->x, y,
			at->width, ROLE_HEADING, _(column->heading));
	}
}

static const struct snap_link *link_to(const struct snapshot *snap, unsigned hop)
{
	for (size_t i = 0; i < snap->link_count; i++) {
		if (snap->links[i].link == hop) {
			return &snap->links[i];
		}
	}
	return NULL;
}

struct row_style {
	bool is_selected;
	double scale_ms, to_scale_ms;
};

/* A name that does not fit loses its end, and says so. */
static void draw_host(const struct snap_hop *hop, const struct layout_column *at, size_t y,
	enum role role, struct canvas *canvas)
{
	const char *host = column_host(hop);

	(void)canvas_put(canvas, at->x, y, at->width, role, host);
	if (utf8_width(host) > at->width) {
		(void)canvas_put(canvas, at->x + at->width - 1, y, 1, role,
			canvas->is_ascii ? ">" : "…");
	}
}

static void draw_cell(const struct column_input *in, const struct layout_column *at, size_t y,
	const struct row_style *style, struct canvas *canvas)
{
	const struct column *column = column_get(at->id);
	const struct snap_stats *stats = column_stats(column->source, in->hop);
	struct column_text cell;

	if (at->id == COLUMN_HOST) {
		draw_host(in->hop, at, y, style->is_selected ? ROLE_SELECTED :
			in->hop->address == NULL ? ROLE_DIM : ROLE_NORMAL, canvas);
	} else if (column->value == NULL) {
		if (stats != NULL) {
			spark_draw(canvas, at->x, y, at->width, stats,
				at->id == COLUMN_HISTORY ? style->scale_ms : style->to_scale_ms);
		}
	} else {
		column->value(column, in, &cell);
		if (style->is_selected && at->id == COLUMN_NUMBER) {
			cell.role = ROLE_SELECTED;
		}
		(void)canvas_put_right(canvas, at->x, y, at->width, cell.role, cell.text);
	}
}

static void draw_table(const struct snapshot *snap, const struct ui_state *state,
	const struct layout *layout, const struct layout_rows *rows, struct canvas *canvas)
{
	size_t first = layout_first(snap->hop_count, rows->table_rows, state->selected);
	struct row_style style = {
		.scale_ms = spark_scale_ms(snap, COLUMN_THROUGH),
		.to_scale_ms = spark_scale_ms(snap, COLUMN_TO),
	};

	for (size_t i = 0; i < rows->table_rows; i++) {
		const struct snap_hop *hop = &snap->hops[first + i];
		struct column_input in = {.hop = hop, .link = link_to(snap, hop->hop)};

		style.is_selected = state->selected == first + i + 1;
		for (size_t j = 0; j < layout->count; j++) {
			draw_cell(&in, &layout->column[j], rows->table_top + i, &style, canvas);
		}
	}
}

/* Says at the heading which hops show, when they do not all. */
static void draw_more(const struct snapshot *snap, const struct ui_state *state,
	const struct layout_rows *rows, struct canvas *canvas)
{
	size_t first = layout_first(snap->hop_count, rows->table_rows, state->selected);
	size_t y = rows->table_top - 1;
	char text[64];

	if (!rows->has_blank || rows->table_rows >= snap->hop_count) {
		return;
	}
	(void)snprintf(text, sizeof text, _("hops %zu to %zu of %zu"), first + 1,
		first + rows->table_rows, snap->hop_count);
	(void)canvas_put_right(canvas, 0, y - 1, canvas->width, ROLE_DIM, text);
}

static void draw_notes(const struct snapshot *snap, const struct layout_rows *rows,
	struct canvas *canvas)
{
	for (size_t i = 0; i < rows->notes_rows; i++) {
		size_t y = rows->notes_top + i;

		if (i + 1 == rows->notes_rows && snap->note_count > rows->notes_rows) {
			char text[64];
			size_t more = snap->note_count - i;

			(void)snprintf(text, sizeof text,
				ngettext("i %zu more note", "i %zu more notes", more), more);
			(void)canvas_put(canvas, 0, y, canvas->width, ROLE_NOTICE, text);
			return;
		}
		(void)canvas_put(canvas, 0, y, canvas->width, ROLE_NOTICE, "i ");
		(void)canvas_put(canvas, 2, y, canvas->width, ROLE_NOTICE, snap->notes[i]);
	}
}

static size_t longest_host(const struct snapshot *snap)
{
	size_t longest = utf8_width(_("Host"));

	for (size_t i = 0; i < snap->hop_count; i++) {
		size_t width = utf8_width(column_host(&snap->hops[i]));

		longest = width > longest ? width : longest;
	}
	return longest;
}

void screen_main(const struct snapshot *snap, const struct ui_state *state,
	struct canvas *canvas)
{
	enum ui_set shown = ui_set_shown(state, snap);
	struct set set = set_for(snap, shown);
	struct layout_rows rows = layout_rows(canvas->height, snap->hop_count, snap->note_count);
	struct layout layout;

	layout_columns(snap, set.id, set.count, canvas->width, longest_host(snap), &layout);
	if (rows.has_title) {
		screen_title(snap, canvas);
	}
	if (rows.has_info) {
		draw_info(snap, shown, canvas);
	}
	if (rows.has_headings) {
		draw_headings(&layout, rows.table_top - 1, canvas);
	}
	draw_table(snap, state, &layout, &rows, canvas);
	draw_more(snap, state, &rows, canvas);
	draw_notes(snap, &rows, canvas);
	if (rows.has_footer) {
		screen_footer(canvas);
	}
}
