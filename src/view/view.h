/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef THRUPATH_VIEW_VIEW_H
#define THRUPATH_VIEW_VIEW_H

#include "view/lines.h"
#include "view/ui.h"

/*
 * The eight views, one const row each: its name on the tab, how it is drawn, and what the
 * cursor moves over. Most are text; the table and the chart draw themselves.
 */
struct view_in {
	const struct snapshot *snap;
	const struct ui_state *ui;
	size_t width;            /* columns there are */
	bool is_ascii;
};

enum view_cursor {
	VIEW_CURSOR_HOPS,        /* moves the chosen hop */
	VIEW_CURSOR_FINDINGS,
	VIEW_CURSOR_LINES        /* scrolls */
};

typedef void view_lines_fn(const struct view_in *, struct lines *);
typedef void view_draw_fn(const struct view_in *, const struct area *, struct canvas *);

struct view {
	const char *name;        /* N_() */
	enum view_cursor cursor;
	view_lines_fn *lines;    /* NULL: draw */
	view_draw_fn *draw;
};

const struct view *view_get(enum ui_view);
/* The line that the end of a view that scrolls begins with, as it was drawn last. */
size_t view_last_top(const struct snapshot *, const struct ui_state *);
/* What the cursor is on in a view of lines; 0: nothing. */
unsigned view_item(enum ui_view, const struct snapshot *, const struct ui_state *);

view_draw_fn view_table_draw, view_chart_draw;
view_lines_fn view_hop_lines, view_links_lines, view_ways_lines, view_flows_lines;
view_lines_fn view_findings_lines, view_log_lines;

/* Active findings, the gravest first, then what else the reader must know: one item each,
 * numbered from 1. `width` 0: a line each, not wrapped; the chosen one with its evidence. */
void view_add_findings(const struct view_in *, bool has_evidence, struct lines *);
/* What the hop's name says and whose it is; nothing where neither is known. */
void view_add_names(const struct view_in *, const struct snap_hop *, struct lines *);
/* The other ends of the links, where they have names. */
void view_add_mates(const struct view_in *, struct lines *);
enum role view_severity_role(enum snap_severity);        /* of its sign */
enum role view_text_role(enum snap_severity);            /* of its sentence */
size_t view_finding_count(const struct snapshot *);      /* items of those */
/* The hop to look at for such an item, of a link the far end; 0: it names none. */
unsigned view_finding_hop(const struct snapshot *, unsigned item);

#endif
