/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "view/screen.h"

#include <ctype.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "base/i18n.h"
#include "base/ns.h"
#include "base/utf8.h"

/* What is asked for in the last row, and what then is to be done. */
static const struct {
	const char *question;    /* N_() */
	enum ui_action action, asking; /* asking: of the key that opens it */
} prompts[UI_PROMPT_COUNT] = {
	[UI_PROMPT_SNAPSHOT] = {N_("Report to: "), UI_ACTION_SNAPSHOT,
		UI_ACTION_ASK_SNAPSHOT},
	[UI_PROMPT_NOTE] = {N_("Note: "), UI_ACTION_NOTE,
		UI_ACTION_ASK_NOTE},
	[UI_PROMPT_DESTINATION] = {N_("New destination: "), UI_ACTION_DESTINATION,
		UI_ACTION_ASK_DESTINATION},
	[UI_PROMPT_INTERVAL] = {N_("Interval between rounds, in seconds: "), UI_ACTION_INTERVAL,
		UI_ACTION_ASK_INTERVAL},
	[UI_PROMPT_CYCLES] = {N_("Number of rounds, 0 for no limit (now %s): "), UI_ACTION_CYCLES,
		UI_ACTION_ASK_CYCLES},
	[UI_PROMPT_SIZE] = {N_("Probe size in bytes (now %s): "), UI_ACTION_SIZE,
		UI_ACTION_ASK_SIZE},
	[UI_PROMPT_TOS] = {N_("TOS byte, 0 to 255 (now %s): "), UI_ACTION_TOS,
		UI_ACTION_ASK_TOS},
	[UI_PROMPT_FIRST_TTL] = {N_("First TTL (now %s): "), UI_ACTION_FIRST_TTL,
		UI_ACTION_ASK_FIRST_TTL},
	[UI_PROMPT_MAX_TTL] = {N_("Last TTL (now %s): "), UI_ACTION_MAX_TTL,
		UI_ACTION_ASK_MAX_TTL},
	[UI_PROMPT_LOAD] = {N_("Load the path from: "), UI_ACTION_LOAD_PATH,
		UI_ACTION_NONE},
	[UI_PROMPT_SAVE] = {N_("Save the path to: "), UI_ACTION_SAVE_PATH,
		UI_ACTION_NONE},
};

/* thrupath-DEST-YYYYMMDDTHHMMSSZ, the way to the directory left to the person. */
static void propose(const struct snapshot *snap, const char *ending, char *ret_name, size_t cap)
{
	const char *destination = snap->destination_name != NULL ? snap->destination_name :
		snap->destination != NULL ? snap->destination : "path";
	char utc[32], name[128];
	size_t len = 0;

	ns_format_utc(snap->now_realtime, utc, sizeof utc);
	for (const char *at = destination; *at != '\0' && len + 1 < sizeof name; at++) {
		name[len++] = isalnum((unsigned char)*at) || strchr(".:-", *at) != NULL ? *at : '_';
	}
	name[len] = '\0';
	/* "2026-11-22T03:46:10Z", its marks left out. */
	(void)snprintf(ret_name, cap, "thrupath-%s-%.4s%.2s%.5s%.2s%.2sZ%s", name, utc, utc + 5,
		utc + 8, utc + 14, utc + 17, ending);
}

/* The number that a question asks to change. */
static uint64_t now_of(const struct snapshot *snap, enum ui_prompt prompt)
{
	switch (prompt) {
	case UI_PROMPT_CYCLES:
		return snap->round_limit;
	case UI_PROMPT_SIZE:
		return snap->padded_bytes;
	case UI_PROMPT_TOS:
		return snap->tos;
	case UI_PROMPT_FIRST_TTL:
		return snap->first_ttl;
	case UI_PROMPT_MAX_TTL:
		return snap->max_ttl;
	case UI_PROMPT_SNAPSHOT:
	case UI_PROMPT_NOTE:
	case UI_PROMPT_DESTINATION:
	case UI_PROMPT_INTERVAL:
	case UI_PROMPT_LOAD:
	case UI_PROMPT_SAVE:
	case UI_PROMPT_COUNT:
		break;
	}
	return 0;
}

enum ui_prompt prompt_of(enum ui_action asking)
{
	unsigned prompt = 0;

	while (prompt + 1 < UI_PROMPT_COUNT && prompts[prompt].asking != asking) {
		prompt++;
	}
	return (enum ui_prompt)prompt;
}

void prompt_open(struct ui_state *state, const struct snapshot *snap, enum ui_prompt prompt)
{
	char text[LINEEDIT_MAX] = "";

	if (prompt == UI_PROMPT_SNAPSHOT) {
		propose(snap, ".txt", text, sizeof text);
	} else if (prompt == UI_PROMPT_SAVE) {
		propose(snap, ".path", text, sizeof text);
	}
	state->now = now_of(snap, prompt);
	state->mode_before = state->mode;
	state->mode = UI_MODE_PROMPT;
	state->prompt = prompt;
	state->history_at = 0;
	state->is_second = false;
	lineedit_set(&state->line, text);
	lineedit_set(&state->minutes, "");
}

static void remember(struct ui_state *state)
{
	char (*history)[LINEEDIT_MAX] = state->history[state->prompt];

	if (state->line.text[0] != '\0' && strcmp(state->line.text, history[0]) != 0) {
		memmove(history[1], history[0], (UI_HISTORY - 1) * sizeof history[0]);
		memcpy(history[0], state->line.text, sizeof history[0]);
	}
}

static void recall(struct ui_state *state, bool is_older)
{
	char (*history)[LINEEDIT_MAX] = state->history[state->prompt];

	if (is_older && state->history_at < UI_HISTORY && history[state->history_at][0] != '\0') {
		lineedit_set(&state->line, history[state->history_at++]);
	} else if (!is_older && state->history_at > 0) {
		state->history_at--;
		lineedit_set(&state->line, state->history_at == 0 ? "" :
			history[state->history_at - 1]);
	}
}

enum ui_action prompt_key(struct ui_state *state, int key)
{
	if (key == UI_KEY_ESCAPE) {
		state->mode = state->mode_before;
	} else if (key == UI_KEY_ENTER) {
		state->mode = state->mode_before;
		remember(state);
		return state->line.text[0] == '\0' ? UI_ACTION_REDRAW : prompts[state->prompt].action;
	} else if (key == UI_KEY_TAB && state->prompt == UI_PROMPT_SNAPSHOT) {
		state->is_second = !state->is_second;
	} else if ((key == UI_KEY_UP || key == UI_KEY_DOWN) && !state->is_second) {
		recall(state, key == UI_KEY_UP);
	} else if (!lineedit_key(state->is_second ? &state->minutes : &state->line, key)) {
		return UI_ACTION_NONE;
	}
	return UI_ACTION_REDRAW;
}

/* "%s" stands for the number as it is now. */
static void put_question(const struct ui_state *state, struct lines *lines)
{
	const char *question = _(prompts[state->prompt].question);
	const char *mark = strstr(question, "%s");
	char before[LINEEDIT_MAX];

	if (mark == NULL) {
		lines_put(lines, ROLE_TITLE, question);
		return;
	}
	(void)snprintf(before, sizeof before, "%.*s", (int)(mark - question), question);
	lines_put(lines, ROLE_TITLE, before);
	lines_printf(lines, ROLE_TITLE, "%" PRIu64, state->now);
	lines_put(lines, ROLE_TITLE, mark + 2);
}

static void put_field(const struct lineedit *field, bool is_typed, struct lines *lines)
{
	if (is_typed) {
		lineedit_put(field, lines);
	} else {
		lines_put(lines, ROLE_KEY, field->text);
	}
}

/* The second field of a report. */
static void put_minutes(const struct ui_state *state, struct lines *lines)
{
	if (state->is_second || state->minutes.text[0] != '\0') {
		lines_put(lines, ROLE_TITLE, _(" of the last "));
		put_field(&state->minutes, state->is_second, lines);
		lines_put(lines, ROLE_TITLE, _(" minutes (empty: all)"));
	}
}

static void blank(struct canvas *canvas, size_t y)
{
	for (size_t x = 0; x < canvas->width; x++) {
		(void)canvas_put(canvas, x, y, 1, ROLE_NORMAL, " ");
	}
}

/* What may be done, in a row of its own where there is one to spare. */
static void draw_hint(const struct ui_state *state, struct canvas *canvas)
{
	enum { ROWS_LEAST = 5 };

	if (canvas->height >= ROWS_LEAST) {
		blank(canvas, canvas->height - 2);
		(void)canvas_put(canvas, 0, canvas->height - 2, canvas->width, ROLE_DIM,
			state->prompt == UI_PROMPT_SNAPSHOT ?
			_("Enter: write  Esc: cancel  Tab: minutes  .txt .json .csv .xml .md .html") :
			_("Enter: accept  Esc: cancel  up: previous"));
	}
}

static const char *confirm_question(const struct snapshot *snap, enum ui_action asked,
	char *text, size_t cap)
{
	if (asked == UI_ACTION_PUBLIC) {
		return _("Nested probes can look like an attack (CVE-2020-10136). Allowed here? y/n");
	}
	(void)snprintf(text, cap, ngettext("This resets the counters of %" PRIu64 " round (V shows "
		"them afterwards). Continue? y/n", "This resets the counters of %" PRIu64 " rounds (V "
		"shows them afterwards). Continue? y/n", plural_of(snap->rounds)), snap->rounds);
	return text;
}

void prompt_draw(const struct snapshot *snap, const struct ui_state *state, struct canvas *canvas)
{
	size_t y = canvas->height - 1, width = canvas->width, x;
	struct lines lines = {0};
	char text[160];

	blank(canvas, y);
	if (state->mode == UI_MODE_CONFIRM) {
		(void)canvas_put(canvas, 0, y, width, ROLE_TITLE,
			confirm_question(snap, state->asked, text, sizeof text));
		return;
	}
	if (state->mode != UI_MODE_PROMPT) {
		(void)canvas_put(canvas, 0, y, width, state->is_bad_news ? ROLE_ALARM : ROLE_NOTICE,
			state->message);
		return;
	}
	draw_hint(state, canvas);
	lines_begin(&lines, 0);
	put_question(state, &lines);
	/* The question stays where there is room for it and for something to type. */
	x = utf8_width(strbuf_text(&lines.line[0].text));
	if (2 * x <= width) {
		lines_draw_end(&lines, &(struct area){0, y, x + 1, 1}, canvas);
		lines_begin(&lines, 0);
	} else {
		x = 0;
	}
	put_field(&state->line, !state->is_second, &lines);
	if (state->prompt == UI_PROMPT_SNAPSHOT) {
		put_minutes(state, &lines);
	}
	lines_draw_end(&lines, &(struct area){x, y, width - x, 1}, canvas);
	lines_finish(&lines);
}
