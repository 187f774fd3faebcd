/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef THRUPATH_VIEW_SCREEN_H
#define THRUPATH_VIEW_SCREEN_H

#include <stddef.h>

#include "view/canvas.h"
#include "view/ui.h"
#include "view/view.h"

/* What the screens share; a program calls screen_draw() of ui.h. */

/* The rows around a view: title, facts of the run, tabs, keys. */
void frame_draw(const struct snapshot *, const struct ui_state *, struct canvas *);
/* Row 0: program, source > destination, the word "paused", time, round, rate. */
void frame_title(const struct snapshot *, const struct ui_state *, struct canvas *);
/* The tab at column x of the row of tabs; UI_VIEW_COUNT: none. */
enum ui_view frame_tab_at(const struct ui_state *, size_t width, size_t x);

void screen_help(const struct snapshot *, const struct ui_state *, struct canvas *);
/* The line that its end begins with, as it was drawn last. */
size_t screen_help_last_top(const struct ui_state *);

/* Choosing columns: a list below the table, which shows what is chosen. */
void columns_open(struct ui_state *, const struct snapshot *);
enum ui_action columns_key(struct ui_state *, int key);
void screen_columns(const struct snapshot *, const struct ui_state *, struct canvas *);

/* The path editor. */
void edit_open(struct ui_state *, const struct snapshot *);
enum ui_action edit_key(struct ui_state *, const struct snapshot *, int key);
void screen_edit(const struct snapshot *, const struct ui_state *, struct canvas *);

/* The last row: a question that is being answered, else the message. */
enum ui_prompt prompt_of(enum ui_action asking);
void prompt_open(struct ui_state *, const struct snapshot *, enum ui_prompt);
enum ui_action prompt_key(struct ui_state *, int key);
void prompt_draw(const struct snapshot *, const struct ui_state *, struct canvas *);

/* Of the chart: rounds of the hop that may lie beyond its right edge; hop 0: none. */
size_t chart_pan_most(const struct snapshot *, unsigned hop);

/* Of the table: its part of the view, and the hop at a row of it; 0: none. */
struct area screen_table_area(const struct snapshot *, const struct area *);
unsigned screen_table_hop_at(const struct view_in *, const struct area *, size_t y);
/* The finding or note at a row of it, from 1; 0: none. */
unsigned screen_table_note_at(const struct view_in *, const struct area *, size_t y);

#endif
