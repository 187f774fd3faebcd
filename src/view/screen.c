/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "view/screen.h"

#include "base/i18n.h"
#include "view/layout.h"

enum { SMALLEST_WIDTH = 8, SMALLEST_HEIGHT = 2 };

static void draw_too_small(struct canvas *canvas)
{
	(void)canvas_put(canvas, 0, 0, canvas->width, ROLE_WARNING,
		canvas->width < SMALLEST_WIDTH ? _("larger!") : _("Make the terminal larger"));
}

static void draw_view(const struct snapshot *snap, const struct ui_state *state,
	struct canvas *canvas)
{
	const struct view *view = view_get(state->view);
	struct layout_frame frame = layout_frame(canvas->height);
	struct area area = {0, frame.top, canvas->width, frame.rows};
	struct view_in in = {snap, state, canvas->width - 1, canvas->is_ascii};
	struct lines lines = {0};

	frame_draw(snap, state, canvas);
	if (view->lines == NULL) {
		in.width = canvas->width;
		view->draw(&in, &area, canvas);
		return;
	}
	view->lines(&in, &lines);
	(void)lines_draw(&lines, &area, state->top[state->view],
		view_item(state->view, snap, state), canvas);
	lines_finish(&lines);
}

void screen_draw(const struct snapshot *snap, const struct ui_state *state,
	struct canvas *canvas)
{
	bool is_asking = state->mode == UI_MODE_PROMPT || state->mode == UI_MODE_CONFIRM;

	canvas_clear(canvas);
	if (canvas->width < SMALLEST_WIDTH || canvas->height < SMALLEST_HEIGHT) {
		draw_too_small(canvas);
		return;
	}
	switch (is_asking ? state->mode_before : state->mode) {
	case UI_MODE_PROMPT:
	case UI_MODE_CONFIRM:
	case UI_MODE_MAIN:
		draw_view(snap, state, canvas);
		break;
	case UI_MODE_COLUMNS:
		screen_columns(snap, state, canvas);
		break;
	case UI_MODE_EDIT:
		screen_edit(snap, state, canvas);
		break;
	case UI_MODE_HELP:
		screen_help(snap, state, canvas);
		break;
	}
	if (is_asking || state->message[0] != '\0') {
		prompt_draw(snap, state, canvas);
	}
}
