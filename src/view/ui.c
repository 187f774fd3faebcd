/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "view/ui.h"

#include "base/i18n.h"
#include "view/screen.h"

enum { PAGE = 10 };

static const char *const set_names[UI_SET_COUNT] = {
	[UI_SET_THROUGH] = N_("through"),
	[UI_SET_TO] = N_("to"),
	[UI_SET_HISTORY] = N_("history"),
	[UI_SET_JITTER] = N_("jitter"),
};

const char *ui_set_name(enum ui_set set)
{
	return _(set_names[set]);
}

enum ui_set ui_set_shown(const struct ui_state *state, const struct snapshot *snap)
{
	if (state->has_set) {
		return state->set;
	}
	return snap->has_through || !snap->has_to ? UI_SET_THROUGH : UI_SET_TO;
}

static void choose(struct ui_state *state, const struct snapshot *snap, enum ui_action action)
{
	enum ui_set shown = ui_set_shown(state, snap);

	state->has_set = true;
	if (action == UI_ACTION_JITTER) {
		state->set = shown == UI_SET_JITTER ? state->set_before : UI_SET_JITTER;
		state->set_before = shown;
		return;
	}
	switch (shown) {
	case UI_SET_THROUGH:
		state->set = snap->has_to ? UI_SET_TO : UI_SET_HISTORY;
		break;
	case UI_SET_TO:
		state->set = UI_SET_HISTORY;
		break;
	case UI_SET_HISTORY:
	case UI_SET_JITTER:
	case UI_SET_COUNT:
		state->set = snap->has_through || !snap->has_to ? UI_SET_THROUGH : UI_SET_TO;
		break;
	}
}

/* Moves within 0..last by the action. */
static size_t move(size_t at, size_t first, size_t last, enum ui_action action)
{
	size_t step = action == UI_ACTION_PAGE_UP || action == UI_ACTION_PAGE_DOWN ? PAGE : 1;

	if (action == UI_ACTION_HOME) {
		return first;
	}
	if (action == UI_ACTION_END) {
		return last;
	}
	if (action == UI_ACTION_UP || action == UI_ACTION_PAGE_UP) {
		return at < first + step ? first : at - step;
	}
	return at + step > last ? last : at + step;
}

static void scroll(struct ui_state *state, const struct snapshot *snap, enum ui_action action)
{
	if (state->mode == UI_MODE_HELP) {
		state->help_top = move(state->help_top, 0, screen_help_lines() - 1, action);
	} else if (snap->hop_count > 0) {
		if (state->selected > snap->hop_count) {
			state->selected = (unsigned)snap->hop_count;
		}
		state->selected = (unsigned)move(state->selected, 1, snap->hop_count, action);
	}
}

static enum ui_action leave(struct ui_state *state)
{
	if (state->mode == UI_MODE_HELP) {
		state->mode = UI_MODE_MAIN;
	} else {
		state->selected = 0;
	}
	return UI_ACTION_REDRAW;
}

enum ui_action ui_key(struct ui_state *state, const struct snapshot *snap, int key)
{
	enum ui_action action = keymap_action(key);

	switch (action) {
	case UI_ACTION_QUIT:
		return state->mode == UI_MODE_HELP ? leave(state) : action;
	case UI_ACTION_NONE:
	case UI_ACTION_PAUSE:
	case UI_ACTION_RESUME:
	case UI_ACTION_RESET:
	case UI_ACTION_REPAINT:
	case UI_ACTION_REDRAW:
		return action;
	case UI_ACTION_HELP:
		state->mode = state->mode == UI_MODE_HELP ? UI_MODE_MAIN : UI_MODE_HELP;
		state->help_top = 0;
		break;
	case UI_ACTION_DISPLAY:
	case UI_ACTION_JITTER:
		choose(state, snap, action);
		break;
	case UI_ACTION_UP:
	case UI_ACTION_DOWN:
	case UI_ACTION_PAGE_UP:
	case UI_ACTION_PAGE_DOWN:
	case UI_ACTION_HOME:
	case UI_ACTION_END:
		scroll(state, snap, action);
		break;
	case UI_ACTION_LEAVE:
		return leave(state);
	}
	return UI_ACTION_REDRAW;
}
