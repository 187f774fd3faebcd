/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <string.h>

#include "base/i18n.h"
#include "view/layout.h"
#include "view/screen.h"
#include "view/ui.h"

/* What keys and clicks change in the state of ui.c. */

enum { PAGE = 10, PAN = 8 };

/* Whether the numbers stand in the table without having been asked for. */
static bool shows_numbers(const struct ui_state *state, const struct snapshot *snap)
{
	bool is_known = false;

	for (size_t i = 0; i < snap->hop_count; i++) {
		is_known = is_known || snap->hops[i].as.number != 0;
	}
	return state->network == UI_NETWORK_NUMBER || (state->network == UI_NETWORK_OF_SET &&
		is_known && strchr(ui_set_order(state, snap, ui_set_shown(state, snap)), '3') != NULL);
}

static void choose_network(struct ui_state *state, const struct snapshot *snap,
	enum ui_action action)
{
	bool has_numbers = shows_numbers(state, snap);

	if (action == UI_ACTION_AS_NUMBERS) {
		state->network = has_numbers ? UI_NETWORK_NONE : UI_NETWORK_NUMBER;
	} else if (has_numbers) {
		state->network = UI_NETWORK_PREFIX;
	} else {
		state->network = state->network == UI_NETWORK_NONE ? UI_NETWORK_NUMBER :
			(enum ui_network)(state->network + 1);
	}
}

static void choose_labels(struct ui_state *state, const struct snapshot *snap,
	enum ui_action action)
{
	bool has_labels = false;

	(void)action;
	state->shows_labels = !state->shows_labels;
	for (size_t i = 0; i < snap->hop_count; i++) {
		has_labels = has_labels || snap->hops[i].mpls_count > 0;
	}
	if (state->shows_labels && !has_labels) {
		ui_say(state, false, _("No MPLS labels in replies so far."));
	}
}

/* Jitter has a key of its own. */
static enum ui_set next_set(const struct ui_state *state, const struct snapshot *snap)
{
	enum ui_set next = ui_set_shown(state, snap);

	do {
		next = (enum ui_set)((next + 1) % UI_SET_COUNT);
	} while (next == UI_SET_JITTER || !ui_set_is_there(state, snap, next));
	return next;
}

static void choose(struct ui_state *state, const struct snapshot *snap, enum ui_action action)
{
	enum ui_set shown = ui_set_shown(state, snap);

	if (action == UI_ACTION_JITTER) {
		state->set = shown == UI_SET_JITTER ? state->set_before : UI_SET_JITTER;
		state->set_before = shown;
	} else {
		state->set = next_set(state, snap);
	}
	state->has_set = true;
}

/* Moves within first..last by the action. */
static size_t move(size_t at, size_t first, size_t last, enum ui_action action)
{
	size_t step = action == UI_ACTION_PAGE_UP || action == UI_ACTION_PAGE_DOWN ? PAGE : 1;

	/* What is shown may have become less, or the screen larger. */
	at = at > last ? last : at;
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

static void move_item(unsigned *item, size_t count, enum ui_action action)
{
	if (count > 0) {
		*item = (unsigned)move(*item, 1, count, action);
	}
}

static void scroll(struct ui_state *state, const struct snapshot *snap, enum ui_action action)
{
	size_t *top = &state->top[state->view];

	if (state->mode == UI_MODE_HELP) {
		state->help_top = move(state->help_top, 0, screen_help_last_top(state), action);
		return;
	}
	switch (view_get(state->view)->cursor) {
	case VIEW_CURSOR_HOPS:
		move_item(&state->selected, snap->hop_count, action);
		break;
	case VIEW_CURSOR_FINDINGS:
		move_item(&state->finding, view_finding_count(snap), action);
		break;
	case VIEW_CURSOR_LINES:
		*top = move(*top, 0, view_last_top(snap, state), action);
		break;
	}
}

static void show(struct ui_state *state, enum ui_view view)
{
	if (state->view != view) {
		state->view_before = view == UI_VIEW_HOP ? state->view : UI_VIEW_TABLE;
		state->view = view;
	}
}

static void leave(struct ui_state *state)
{
	if (state->mode == UI_MODE_HELP) {
		state->mode = UI_MODE_MAIN;
	} else if (state->view != UI_VIEW_TABLE) {
		state->view = state->view_before;
		state->view_before = UI_VIEW_TABLE;
	} else {
		state->selected = 0;
		state->has_declined = true;
	}
}

/* Its evidence shows already; the hop that it is about has more. */
static void enter_finding(struct ui_state *state, const struct snapshot *snap)
{
	unsigned hop;

	if (view_finding_count(snap) == 0) {
		return;
	}
	state->finding = state->finding == 0 ? 1 : view_item(UI_VIEW_FINDINGS, snap, state);
	hop = view_finding_hop(snap, state->finding);
	if (hop > 0) {
		state->selected = hop;
		show(state, UI_VIEW_HOP);
	} else {
		ui_say(state, false, _("No further detail for this finding."));
	}
}

static void enter(struct ui_state *state, const struct snapshot *snap)
{
	if (view_get(state->view)->cursor == VIEW_CURSOR_HOPS && snap->hop_count > 0) {
		state->selected = ui_hop(state, snap);
		show(state, UI_VIEW_HOP);
	} else if (view_get(state->view)->cursor == VIEW_CURSOR_FINDINGS) {
		enter_finding(state, snap);
	}
}

/* In the chart time moves, elsewhere the choice. */
static void beside(struct ui_state *state, const struct snapshot *snap, enum ui_action action)
{
	if (state->mode == UI_MODE_MAIN && state->view == UI_VIEW_CHART) {
		size_t step = (size_t)PAN << (state->zoom < 0 ? -state->zoom : 0);
		size_t most = chart_pan_most(snap, ui_hop(state, snap));
		size_t pan = state->pan < most ? state->pan : most;

		state->pan = action == UI_ACTION_RIGHT ? pan - (pan < step ? pan : step) :
			pan + step < most ? pan + step : most;
		return;
	}
	state->selected = ui_hop(state, snap);
	move_item(&state->selected, snap->hop_count, action == UI_ACTION_LEFT ? UI_ACTION_UP :
		UI_ACTION_DOWN);
}

static void zoom(struct ui_state *state, const struct snapshot *snap, enum ui_action action)
{
	int step = action == UI_ACTION_PLUS ? 1 : -1;

	if (state->mode == UI_MODE_MAIN && state->view == UI_VIEW_CHART) {
		if (state->zoom + step >= -UI_ZOOM_MAX && state->zoom + step <= UI_ZOOM_MAX) {
			state->zoom += step;
		}
		return;
	}
	scroll(state, snap, step > 0 ? UI_ACTION_PAGE_DOWN : UI_ACTION_PAGE_UP);
}

/* Vi's letters move in lists; in the table they keep what mtr made of them. */
static enum ui_action meant(const struct ui_state *state, int key)
{
	enum ui_action action = keymap_action(key);
	bool is_list = state->mode != UI_MODE_MAIN || view_get(state->view)->lines != NULL;

	if (action == UI_ACTION_JITTER && is_list) {
		return UI_ACTION_DOWN;
	}
	if (action == UI_ACTION_LIST_UP) {
		return is_list ? UI_ACTION_UP : UI_ACTION_NONE;
	}
	if (action == UI_ACTION_QUIT && state->mode == UI_MODE_HELP) {
		return UI_ACTION_LEAVE;
	}
	if (action == UI_ACTION_RESET && state->selected > 0) {
		return UI_ACTION_RESET_HOP;
	}
	return action;
}

static void go_help(struct ui_state *state, const struct snapshot *snap, enum ui_action action)
{
	(void)snap;
	(void)action;
	state->mode = state->mode == UI_MODE_HELP ? UI_MODE_MAIN : UI_MODE_HELP;
	state->help_top = 0;
}

static void go_next(struct ui_state *state, const struct snapshot *snap, enum ui_action action)
{
	(void)snap;
	(void)action;
	show(state, (enum ui_view)((state->view + 1) % UI_VIEW_COUNT));
}

static void go_edit(struct ui_state *state, const struct snapshot *snap, enum ui_action action)
{
	(void)action;
	edit_open(state, snap);
}

static void go_columns(struct ui_state *state, const struct snapshot *snap,
	enum ui_action action)
{
	(void)action;
	columns_open(state, snap);
}

static void go_leave(struct ui_state *state, const struct snapshot *snap, enum ui_action action)
{
	(void)snap;
	(void)action;
	leave(state);
}

static void go_enter(struct ui_state *state, const struct snapshot *snap, enum ui_action action)
{
	(void)action;
	enter(state, snap);
}

static void freeze(struct ui_state *state, const struct snapshot *snap, enum ui_action action)
{
	(void)snap;
	(void)action;
	state->is_frozen = !state->is_frozen;
}

static void chart(struct ui_state *state, const struct snapshot *snap, enum ui_action action)
{
	unsigned hop = ui_hop(state, snap);

	(void)action;
	state->charted ^= hop > 0 ? (uint64_t)1 << (hop - 1) : 0;
}

static void ask(struct ui_state *state, const struct snapshot *snap, enum ui_action action)
{
	prompt_open(state, snap, prompt_of(action));
}

static void refuse_pattern(struct ui_state *state, const struct snapshot *snap,
	enum ui_action action)
{
	(void)snap;
	(void)action;
	ui_say(state, true, _("No bit pattern: the payload holds the session token, and zeros."));
}

typedef void change_fn(struct ui_state *, const struct snapshot *, enum ui_action);

static change_fn *const changes[UI_ACTION_COUNT] = {
	[UI_ACTION_HELP] = go_help,
	[UI_ACTION_NEXT_VIEW] = go_next,
	[UI_ACTION_DISPLAY] = choose,
	[UI_ACTION_JITTER] = choose,
	[UI_ACTION_ASK_SNAPSHOT] = ask,
	[UI_ACTION_ASK_NOTE] = ask,
	[UI_ACTION_ASK_DESTINATION] = ask,
	[UI_ACTION_ASK_INTERVAL] = ask,
	[UI_ACTION_ASK_CYCLES] = ask,
	[UI_ACTION_ASK_SIZE] = ask,
	[UI_ACTION_ASK_TOS] = ask,
	[UI_ACTION_ASK_FIRST_TTL] = ask,
	[UI_ACTION_ASK_MAX_TTL] = ask,
	[UI_ACTION_LABELS] = choose_labels,
	[UI_ACTION_AS_NUMBERS] = choose_network,
	[UI_ACTION_NEXT_NETWORK] = choose_network,
	[UI_ACTION_PATTERN] = refuse_pattern,
	[UI_ACTION_EDIT] = go_edit,
	[UI_ACTION_COLUMNS] = go_columns,
	[UI_ACTION_FREEZE] = freeze,
	[UI_ACTION_CHART] = chart,
	[UI_ACTION_PLUS] = zoom,
	[UI_ACTION_MINUS] = zoom,
	[UI_ACTION_UP] = scroll,
	[UI_ACTION_DOWN] = scroll,
	[UI_ACTION_LEFT] = beside,
	[UI_ACTION_RIGHT] = beside,
	[UI_ACTION_PAGE_UP] = scroll,
	[UI_ACTION_PAGE_DOWN] = scroll,
	[UI_ACTION_HOME] = scroll,
	[UI_ACTION_END] = scroll,
	[UI_ACTION_ENTER] = go_enter,
	[UI_ACTION_LEAVE] = go_leave,
};

static void change(struct ui_state *state, const struct snapshot *snap, enum ui_action action,
	int key)
{
	if (action == UI_ACTION_VIEW) {
		state->mode = UI_MODE_MAIN;
		show(state, (enum ui_view)(key - '1'));
	} else if (changes[action] != NULL) {
		changes[action](state, snap, action);
	}
}

/* The hop or finding whose line is there. */
static unsigned item_at(const struct ui_state *state, const struct snapshot *snap,
	const struct area *area, size_t y)
{
	const struct view *view = view_get(state->view);
	struct view_in in = {snap, state, area->width - 1, false};
	struct lines lines = {0};
	unsigned item;

	if (view->lines == NULL) {
		return state->view == UI_VIEW_TABLE ? screen_table_hop_at(&in, area, y) : 0;
	}
	view->lines(&in, &lines);
	item = lines_item_at(&lines, area, state->top[state->view],
		view_item(state->view, snap, state), y);
	lines_finish(&lines);
	return item;
}

/* A finding below the table shows its evidence. */
static bool open_note(struct ui_state *state, const struct snapshot *snap,
	const struct area *area, size_t y)
{
	unsigned note = screen_table_note_at(&(struct view_in){snap, state, area->width - 1, false},
		area, y);

	if (note > 0) {
		state->finding = note;
		show(state, UI_VIEW_FINDINGS);
	}
	return note > 0;
}

/* A tab shows its view; a line is chosen, and when it was chosen already, opened. */
static enum ui_action click(struct ui_state *state, const struct snapshot *snap, int key)
{
	struct layout_frame frame = layout_frame(state->height);
	struct area area = {0, frame.top, state->width, frame.rows};
	bool is_finding = view_get(state->view)->cursor == VIEW_CURSOR_FINDINGS;
	unsigned *chosen = is_finding ? &state->finding : &state->selected;
	size_t x, y;
	unsigned item;

	keymap_click_at(key, &x, &y);
	if (frame.has_tabs && y + 1 == frame.top) {
		enum ui_view view = frame_tab_at(state, state->width, x);

		if (view < UI_VIEW_COUNT) {
			show(state, view);
		}
		return UI_ACTION_REDRAW;
	}
	item = y < area.y || y >= area.y + area.height || state->width == 0 ? 0 :
		item_at(state, snap, &area, y - area.y);
	if (item == 0 && state->view == UI_VIEW_TABLE && y >= area.y &&
	    open_note(state, snap, &area, y - area.y)) {
		return UI_ACTION_REDRAW;
	}
	if (item == 0) {
		return UI_ACTION_NONE;
	}
	if (*chosen == item && !is_finding) {
		enter(state, snap);
	}
	*chosen = item;
	return UI_ACTION_REDRAW;
}

/* So many rounds are not thrown away by a slip of the finger. */
enum { ROUNDS_AT_STAKE = 300 };

/* Asks before what cannot be undone, or what others might take amiss. */
static enum ui_action confirm(struct ui_state *state, const struct snapshot *snap,
	enum ui_action action)
{
	bool is_costly = ui_resets(action) && action != UI_ACTION_RESET &&
		snap->rounds >= ROUNDS_AT_STAKE;

	if (action != UI_ACTION_PUBLIC && !is_costly) {
		return action;
	}
	state->asked = action;
	state->mode_before = state->mode;
	state->mode = UI_MODE_CONFIRM;
	return UI_ACTION_REDRAW;
}

static enum ui_action confirm_key(struct ui_state *state, int key)
{
	state->mode = state->mode_before;
	if (key == 'y' || key == 'Y') {
		return state->asked;
	}
	state->has_declined = state->has_declined || state->asked == UI_ACTION_PUBLIC;
	ui_say(state, false, _("Nothing changed."));
	return UI_ACTION_REDRAW;
}

static enum ui_action action_of(struct ui_state *state, const struct snapshot *snap, int key)
{
	bool is_list = state->mode != UI_MODE_MAIN && state->mode != UI_MODE_HELP;
	enum ui_action action;

	if (!is_list) {
		key = keymap_meant(state->binds, key);
	}
	action = meant(state, key);
	if (action == UI_ACTION_REPAINT || key == UI_KEY_RESIZE || key == UI_KEY_NONE) {
		return action;
	}
	state->message[0] = '\0';
	if (key >= UI_KEY_CLICK) {
		return state->mode == UI_MODE_MAIN ? click(state, snap, key) : UI_ACTION_NONE;
	}
	if (state->mode == UI_MODE_COLUMNS) {
		return columns_key(state, key);
	}
	if (state->mode == UI_MODE_EDIT) {
		return edit_key(state, snap, key);
	}
	if (state->mode == UI_MODE_PROMPT) {
		return prompt_key(state, key);
	}
	if (action <= UI_ACTION_REDRAW) {
		return action;
	}
	change(state, snap, action, key);
	return action == UI_ACTION_AS_NUMBERS || action == UI_ACTION_NEXT_NETWORK ?
		UI_ACTION_NETWORKS : UI_ACTION_REDRAW;
}

enum ui_action ui_key(struct ui_state *state, const struct snapshot *snap, int key)
{
	if (state->mode == UI_MODE_CONFIRM && key != UI_KEY_RESIZE && key != UI_KEY_NONE) {
		return confirm_key(state, key);
	}
	return confirm(state, snap, action_of(state, snap, key));
}
