/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "view/screen.h"

#include <stdio.h>
#include <string.h>

#include "base/i18n.h"
#include "view/columns.h"
#include "view/layout.h"

/* The list holds the chosen columns in their order, then the others as the table has them. */
enum { ITEMS_MAX = 96, LIST_MIN = 4 };

static size_t items_of(const char *order, char ret_items[ITEMS_MAX])
{
	size_t count = 0;

	for (const char *at = order; *at != '\0'; at++) {
		if (*at != ' ') {
			ret_items[count++] = *at;
		}
	}
	for (size_t i = 2; i < column_count(); i++) {
		if (strchr(order, column_at(i)->letter) == NULL) {
			ret_items[count++] = column_at(i)->letter;
		}
	}
	return count;
}

void columns_open(struct ui_state *state, const struct snapshot *snap)
{
	const char *order = ui_set_order(state, snap, ui_set_shown(state, snap));

	state->before.has_set = state->has_set;
	state->before.set = state->set;
	memcpy(state->before.order, state->order, sizeof state->order);
	if (order != state->order) {
		ui_choose_order(state, order);
	}
	state->mode = UI_MODE_COLUMNS;
	state->view = UI_VIEW_TABLE;
	state->column = 0;
}

static void close_list(struct ui_state *state, bool is_taken)
{
	state->mode = UI_MODE_MAIN;
	if (!is_taken) {
		state->has_set = state->before.has_set;
		state->set = state->before.set;
		memcpy(state->order, state->before.order, sizeof state->order);
	} else if (state->order[0] == '\0') {
		state->has_set = false;
	}
}

/* Chooses a column, at the end, or lets go of it. */
static void toggle(struct ui_state *state, char letter)
{
	char *at = strchr(state->order, letter);
	size_t len = strlen(state->order);

	if (at != NULL) {
		memmove(at, at + 1, strlen(at));
	} else if (len < UI_ORDER_MAX) {
		state->order[len] = letter;
		state->order[len + 1] = '\0';
	}
}

static void move_column(struct ui_state *state, bool is_left)
{
	size_t len = strlen(state->order), at = state->column;
	size_t to = is_left ? at - 1 : at + 1;
	char letter;

	if (at >= len || (is_left && at == 0) || to >= len) {
		return;
	}
	letter = state->order[at];
	state->order[at] = state->order[to];
	state->order[to] = letter;
	state->column = to;
}

static bool is_column_letter(int key)
{
	char text[2] = {(char)key, '\0'};

	return key > ' ' && key < 0x7f && columns_are_known(text);
}

enum ui_action columns_key(struct ui_state *state, int key)
{
	char items[ITEMS_MAX];
	size_t count = items_of(state->order, items), len = strlen(state->order);

	if (key == UI_KEY_ENTER || key == UI_KEY_ESCAPE) {
		close_list(state, key == UI_KEY_ENTER);
	} else if (key == UI_KEY_UP) {
		state->column -= state->column > 0;
	} else if (key == UI_KEY_DOWN) {
		state->column += state->column + 1 < count;
	} else if (key == UI_KEY_HOME) {
		state->column = 0;
	} else if (key == UI_KEY_END) {
		state->column = count - 1;
	} else if (key == UI_KEY_LEFT || key == UI_KEY_RIGHT) {
		move_column(state, key == UI_KEY_LEFT);
	} else if (key == ' ') {
		toggle(state, items[state->column]);
	} else if (key == UI_KEY_BACKSPACE && len > 0) {
		state->order[len - 1] = '\0';
	} else if (key == UI_KEY_DELETE) {
		state->order[0] = '\0';
		state->column = 0;
	} else if (is_column_letter(key)) {
		toggle(state, (char)key);
	} else {
		return UI_ACTION_NONE;
	}
	return UI_ACTION_REDRAW;
}

static void add_item(const struct ui_state *state, char letter, unsigned item,
	struct lines *lines)
{
	const struct column *column = column_of(letter);
	bool is_chosen = strchr(state->order, letter) != NULL;

	lines_begin(lines, item);
	lines_put(lines, is_chosen ? ROLE_GOOD : ROLE_DIM, is_chosen ? " [x] " : " [ ] ");
	lines_printf(lines, ROLE_KEY, "%c  ", letter);
	lines_left(lines, is_chosen ? ROLE_NORMAL : ROLE_DIM, 11, _(column->heading));
	lines_left(lines, ROLE_DIM, 4, _(column->unit));
	lines_put(lines, is_chosen ? ROLE_NORMAL : ROLE_DIM, _(column->meaning));
}

void screen_columns(const struct snapshot *snap, const struct ui_state *state,
	struct canvas *canvas)
{
	struct layout_frame frame = layout_frame(canvas->height);
	size_t rows = frame.rows + frame.has_footer;
	size_t preview = rows >= 3 * LIST_MIN ? rows / 2 : rows > LIST_MIN ? rows - LIST_MIN : 0;
	struct area table = {0, frame.top, canvas->width, preview};
	struct area list = {0, frame.top + preview, canvas->width, rows - preview};
	struct view_in in = {snap, state, canvas->width, canvas->is_ascii};
	struct lines lines = {0};
	char items[ITEMS_MAX];
	size_t count = items_of(state->order, items);

	frame_draw(snap, state, canvas);
	if (preview > 0) {
		view_table_draw(&in, &table, canvas);
	}
	lines_begin(&lines, 0);
	lines_put(&lines, ROLE_HEADING, _("Columns"));
	lines_printf(&lines, ROLE_KEY, " %s_", state->order);
	lines_begin(&lines, 0);
	lines_wrap(&lines, ROLE_DIM, canvas->width, 0, _("space or the letter: select  left, right: "
		"move  Enter: apply  Esc: cancel  Backspace, Del: remove last, all"));
	lines.fixed = list.height > 2 * lines.count ? lines.count : 1;
	for (size_t i = 0; i < count; i++) {
		add_item(state, items[i], (unsigned)i + 1, &lines);
	}
	(void)lines_draw(&lines, &list, 0, (unsigned)(state->column < count ? state->column + 1 :
		count), canvas);
	lines_finish(&lines);
}
