/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "view/screen.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/i18n.h"
#include "view/columns.h"
#include "view/edit.h"
#include "view/propose.h"

/* The path editor: nothing is probed until it is applied, and leaving it changes nothing. */

static void judge(struct ui_state *state)
{
	struct edit_path path;

	edit_path_typed(state->edit, &path);
	state->edit->verdict = (struct edit_verdict){.bytes = 0};
	if (state->check != NULL) {
		state->check(state->check_arg, &path, &state->edit->verdict);
	}
}

/* The path as it is probed; a silent hop is none that could be written down. */
void edit_open(struct ui_state *state, const struct snapshot *snap)
{
	struct edit_path path = {.count = 0};

	for (size_t k = 0; k < snap->hop_count && path.count < EDIT_HOPS; k++) {
		const struct snap_hop *hop = &snap->hops[k];

		if (hop->address != NULL) {
			(void)snprintf(path.hop[path.count].text, EDIT_TEXT, "%s%s%s", hop->address,
				hop->carrier_told == NULL ? "" : "/",
				hop->carrier_told == NULL ? "" : hop->carrier_told);
			path.hop[path.count++].is_skipped = hop->is_skipped;
		}
	}
	if (snap->via != NULL) {
		(void)snprintf(path.via, sizeof path.via, "%s", snap->via);
	}
	edit_destroy(state->edit);
	state->edit = edit_create(&path);
	state->edit->at = state->selected > 0 && state->selected <= path.count ?
		state->selected - 1 : 0;
	state->mode = UI_MODE_EDIT;
	judge(state);
}

void ui_edit_close(struct ui_state *state)
{
	edit_destroy(state->edit);
	state->edit = NULL;
	state->mode = UI_MODE_MAIN;
}

void ui_edit_take(struct ui_state *state, const struct edit_path *path)
{
	edit_take(state->edit, path);
	judge(state);
}

/* Everything seen so far that may stand in a path, by number; NULL beyond the last. */
static const char *candidate(const struct snapshot *snap, size_t number)
{
	for (size_t k = 0; k < snap->hop_count; k++) {
		const struct snap_hop *hop = &snap->hops[k];

		if (hop->name != NULL && number-- == 0) {
			return hop->name;
		}
		if (hop->return_address != NULL && number-- == 0) {
			return hop->return_address;
		}
		if (number < hop->address_count) {
			return hop->addresses[number];
		}
		number -= hop->address_count;
	}
	for (size_t i = 0; i < snap->way_back.return_count; i++) {
		const struct snap_return *back = &snap->way_back.returns[i];

		if (back->address != NULL && number-- == 0) {
			return back->address;
		}
		if (back->name != NULL && number-- == 0) {
			return back->name;
		}
	}
	return number < snap->via_count ? snap->vias[number].address : NULL;
}

static void complete(struct edit *edit, const struct snapshot *snap)
{
	const char *text;

	if (edit->candidate == 0) {
		(void)snprintf(edit->prefix, sizeof edit->prefix, "%.*s", EDIT_TEXT - 1,
			edit->line.text);
	}
	while ((text = candidate(snap, edit->candidate)) != NULL) {
		edit->candidate++;
		if (strncmp(text, edit->prefix, strlen(edit->prefix)) == 0) {
			lineedit_set(&edit->line, text);
			return;
		}
	}
	lineedit_set(&edit->line, edit->prefix);
	edit->candidate = 0;
}

static void type(struct edit *edit, enum edit_typing typing, const char *text)
{
	edit->typing = typing;
	edit->candidate = 0;
	lineedit_set(&edit->line, text);
}

static enum ui_action typed_key(struct edit *edit, const struct snapshot *snap, int key)
{
	if (key == UI_KEY_ENTER) {
		edit_take_typed(edit);
	} else if (key == UI_KEY_ESCAPE) {
		edit->typing = EDIT_NOT_TYPING;
	} else if (key == UI_KEY_TAB) {
		complete(edit, snap);
	} else if (!lineedit_key(&edit->line, key)) {
		return UI_ACTION_NONE;
	} else {
		edit->candidate = 0;
	}
	return UI_ACTION_REDRAW;
}

static enum ui_action type_key(struct edit *edit, int key)
{
	size_t count = edit_path(edit)->count;

	if (key == 'i') {
		type(edit, EDIT_INSERTING, "");
	} else if (key == 'a') {
		edit->at += edit->at < count;
		type(edit, EDIT_INSERTING, "");
	} else if (key == UI_KEY_ENTER) {
		type(edit, edit->at < count ? EDIT_REPLACING : EDIT_INSERTING,
			edit->at < count ? edit_path(edit)->hop[edit->at].text : "");
	} else if (key == 'w') {
		type(edit, EDIT_VIA, edit_path(edit)->via);
	} else {
		return UI_ACTION_NONE;
	}
	return UI_ACTION_REDRAW;
}

static enum ui_action change_key(struct edit *edit, int key)
{
	if (key == 'd' || key == UI_KEY_DELETE) {
		edit_delete(edit);
	} else if (key == 'K' || key == 'J') {
		edit_move(edit, key == 'K');
	} else if (key == 'v') {
		edit_reverse(edit);
	} else if (key == 's' || key == ' ') {
		edit_skip(edit);
	} else if (key == 'l') {
		edit_only_link(edit);
	} else if (key == 'u') {
		edit_undo(edit);
	} else if (key == 'U') {
		edit_redo(edit);
	} else {
		return type_key(edit, key);
	}
	return UI_ACTION_REDRAW;
}

static bool move_key(struct edit *edit, int key)
{
	if (key == UI_KEY_UP || key == 'k') {
		edit->at -= edit->at > 0;
	} else if (key == UI_KEY_DOWN || key == 'j') {
		edit->at += edit->at < edit_path(edit)->count;
	} else if (key == UI_KEY_HOME) {
		edit->at = 0;
	} else if (key == UI_KEY_END) {
		edit->at = edit_path(edit)->count;
	} else {
		return false;
	}
	return true;
}

/* The first one: what was taken is none any more, so the next key takes the next. */
static void take_proposal(struct ui_state *state, const struct snapshot *snap)
{
	struct proposal proposals[PROPOSALS_MAX];

	if (propose(snap, edit_path(state->edit), proposals) == 0) {
		ui_say(state, false, _("No more proposals: no other router on the return path, no lossy "
			"link."));
		return;
	}
	propose_take(state->edit, &proposals[0]);
}

enum ui_action edit_key(struct ui_state *state, const struct snapshot *snap, int key)
{
	struct edit *edit = state->edit;
	enum ui_action action = UI_ACTION_REDRAW;

	if (edit->typing != EDIT_NOT_TYPING) {
		action = typed_key(edit, snap, key);
	} else if (key == UI_KEY_ESCAPE || key == 'q') {
		ui_edit_close(state);
		return UI_ACTION_REDRAW;
	} else if (key == 'A') {
		return UI_ACTION_APPLY;
	} else if (key == 'o' || key == 'S') {
		prompt_open(state, snap, key == 'o' ? UI_PROMPT_LOAD : UI_PROMPT_SAVE);
		return UI_ACTION_REDRAW;
	} else if (key == 'p') {
		take_proposal(state, snap);
	} else if (!move_key(edit, key)) {
		action = change_key(edit, key);
	}
	if (action == UI_ACTION_REDRAW) {
		judge(state);
	}
	return action;
}

static void put_hop(const struct edit *edit, const struct edit_path *path, size_t i,
	struct lines *lines)
{
	bool is_typed = i == edit->at && (edit->typing == EDIT_INSERTING ||
		edit->typing == EDIT_REPLACING);
	bool is_muted = path->link != 0 && i + 1 != path->link && i + 2 != path->link;
	const struct edit_hop *hop = i < path->count ? &path->hop[i] : NULL;

	lines_begin(lines, (unsigned)i + 1);
	lines_printf(lines, ROLE_NORMAL, "%3zu  ", i + 1);
	if (is_typed) {
		lineedit_put(&edit->line, lines);
	} else if (hop == NULL) {
		lines_put(lines, ROLE_DIM, _("(end: i adds a hop here)"));
		return;
	} else {
		lines_put(lines, hop->is_skipped || is_muted ? ROLE_DIM : ROLE_NORMAL, hop->text);
	}
	lines_pad(lines, 24);
	lines_put(lines, ROLE_NORMAL, "  ");
	lines_put(lines, edit->verdict.is_bad[i] ? ROLE_ALARM : ROLE_DIM, edit->verdict.why[i]);
	if (hop != NULL && hop->is_skipped) {
		lines_put(lines, ROLE_WARNING, _("  skipped"));
	} else if (is_muted) {
		lines_put(lines, ROLE_DIM, _("  not probed"));
	} else if (path->link == i + 1) {
		lines_put(lines, ROLE_NOTICE, _("  only this link"));
	}
}

static void put_budget(const struct edit *edit, struct lines *lines)
{
	bool is_too_long = edit->verdict.bytes > edit->verdict.mtu;

	lines_begin(lines, 0);
	lines_put(lines, ROLE_HEADING, _("Edit the path"));
	lines_printf(lines, is_too_long ? ROLE_ALARM : ROLE_NORMAL,
		ngettext("  %zu hop, the longest probe takes %u of %u bytes",
		"  %zu hops, the longest probe takes %u of %u bytes", edit_path(edit)->count),
		edit_path(edit)->count,
		edit->verdict.bytes, edit->verdict.mtu);
	if (is_too_long) {
		lines_put(lines, ROLE_ALARM, _(": too long"));
	}
}

static void put_via(const struct edit *edit, const struct edit_path *path, struct lines *lines)
{
	if (edit->typing != EDIT_VIA && path->via[0] == '\0') {
		return;
	}
	lines_begin(lines, edit->typing == EDIT_VIA ? EDIT_HOPS + 2 : 0);
	lines_put(lines, ROLE_NORMAL, _("via  "));
	if (edit->typing == EDIT_VIA) {
		lineedit_put(&edit->line, lines);
	} else {
		lines_put(lines, ROLE_NORMAL, path->via);
	}
	lines_pad(lines, 24);
	lines_put(lines, ROLE_NORMAL, "  ");
	lines_put(lines, edit->verdict.is_via_bad ? ROLE_ALARM : ROLE_DIM, edit->verdict.via_why);
}

static void put_proposals(const struct snapshot *snap, const struct edit *edit, size_t width,
	struct lines *lines)
{
	struct proposal proposals[PROPOSALS_MAX];
	size_t count = propose(snap, edit_path(edit), proposals);

	for (size_t i = 0; i < count; i++) {
		char name[EDIT_TEXT + 32];

		if (i == 0) {
			lines_begin(lines, 0);
			lines_head(lines, _("Proposed"));
		}
		propose_name(&proposals[i], name, sizeof name);
		lines_begin(lines, 0);
		lines_put(lines, ROLE_KEY, i == 0 ? _("  p  ") : "     ");
		lines_put(lines, ROLE_NORMAL, name);
		lines_put(lines, ROLE_NORMAL, "  ");
		lines_wrap(lines, ROLE_DIM, width, 0, proposals[i].why);
	}
}

static void put_keys(const struct edit *edit, size_t width, struct lines *lines)
{
	lines_begin(lines, 0);
	if (edit->typing != EDIT_NOT_TYPING) {
		lines_wrap(lines, ROLE_DIM, width, 0, _("Enter: apply  Tab: addresses seen so far  Esc: "
			"cancel"));
		return;
	}
	lines_wrap(lines, ROLE_DIM, width, 0, _("A: apply  Esc: discard all changes  Enter: change  i, "
		"a: insert before, after  d: delete  K, J: move  v: reverse  s: skip  l: only this link  "
		"w: waypoint  p: take the proposal  u, U: undo, redo  o: load  S: save"));
}

void screen_edit(const struct snapshot *snap, const struct ui_state *state,
	struct canvas *canvas)
{
	const struct edit *edit = state->edit;
	struct lines lines = {.fixed = 1}, keys = {0};
	struct edit_path path;
	struct area area = {0, 1, canvas->width, 0}, below;
	size_t rows = canvas->height - 1;

	edit_path_typed(edit, &path);
	frame_title(snap, state, canvas);
	put_budget(edit, &lines);
	for (size_t i = 0; i <= path.count; i++) {
		put_hop(edit, &path, i, &lines);
	}
	put_via(edit, &path, &lines);
	if (edit->typing == EDIT_NOT_TYPING) {
		put_proposals(snap, edit, canvas->width - 1, &lines);
	}
	put_keys(edit, canvas->width, &keys);
	below = (struct area){0, canvas->height, canvas->width, 0};
	if (keys.count * 2 <= rows) {
		below.height = keys.count;
		below.y -= keys.count;
	}
	area.height = rows - below.height;
	(void)lines_draw(&lines, &area, 0, edit->typing == EDIT_VIA ? EDIT_HOPS + 2 :
		(unsigned)edit->at + 1, canvas);
	(void)lines_draw(&keys, &below, 0, 0, canvas);
	lines_finish(&lines);
	lines_finish(&keys);
}
