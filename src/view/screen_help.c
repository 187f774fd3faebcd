/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "view/screen.h"

#include <stdio.h>

#include "base/i18n.h"
#include "view/columns.h"
#include "view/layout.h"

struct help_line {
	enum role role;
	const char *word, *meaning;
};

/* What a group of keys is about, before the row that has this action. */
static const struct {
	enum ui_action before;
	const char *heading;
} headings[] = {
	{UI_ACTION_QUIT, N_("What to do")},
	{UI_ACTION_VIEW, N_("What to see")},
	{UI_ACTION_ASK_INTERVAL, N_("How to probe")},
	{UI_ACTION_UP, N_("Where to go")},
};

enum { HEADINGS = sizeof headings / sizeof headings[0] };

static const struct help_line legend[] = {
	{ROLE_HEADING, N_("History"), NULL},
	{ROLE_KEY, N_("block"), N_("a reply: the higher, the slower (digits 1 to 8 in ASCII)")},
	{ROLE_KEY, "x", N_("lost: no reply before the timeout")},
	{ROLE_KEY, "!", N_("an ICMP error came back instead of the probe")},
	{ROLE_KEY, "?", N_("sent, the reply may still arrive")},
	{ROLE_HEADING, N_("Words"), NULL},
	{ROLE_KEY, N_("through"), N_("probes the hop merely forwarded: the network's own loss")},
	{ROLE_KEY, N_("to"), N_("replies of the hop itself; To marks these columns")},
	{ROLE_KEY, "-", N_("not measured, which does not mean no loss")},
};

enum { LEGEND_LINES = sizeof legend / sizeof legend[0] };

/* Words in a first column, and what they mean in lines as wide as there is room for. */
static void put_line(struct lines *lines, size_t width, const char *word, const char *meaning)
{
	lines_begin(lines, 0);
	lines_put(lines, ROLE_KEY, word);
	lines_put(lines, ROLE_NORMAL, " ");
	lines_pad(lines, width < 40 ? 9 : 13);
	lines_wrap(lines, ROLE_NORMAL, width, 0, meaning);
}

static void put_keys(const struct keymap_binds *binds, size_t width, struct lines *lines)
{
	for (size_t i = 0; i < keymap_count(); i++) {
		const struct keymap_row *row = keymap_row(i);
		struct strbuf label = {0};

		for (size_t h = 0; h < HEADINGS; h++) {
			if (headings[h].before == row->action && row->label != NULL) {
				lines_head(lines, _(headings[h].heading));
			}
		}
		if (row->label == NULL) {
			continue;
		}
		keymap_label(binds, i, &label);
		put_line(lines, width, label.len == 0 ? "-" : strbuf_text(&label), _(row->text));
		strbuf_finish(&label);
	}
}

static void put_rest(size_t width, struct lines *lines)
{
	lines_begin(lines, 0);
	lines_head(lines, _("Columns"));
	for (size_t i = 0; i < column_count(); i++) {
		const struct column *column = column_at(i);

		if (column->meaning != NULL) {
			put_line(lines, width, _(column->heading), _(column->meaning));
		}
	}
	lines_begin(lines, 0);
	for (size_t i = 0; i < LEGEND_LINES; i++) {
		if (legend[i].meaning == NULL) {
			lines_begin(lines, 0);
			lines_put(lines, legend[i].role, _(legend[i].word));
		} else {
			put_line(lines, width, _(legend[i].word), _(legend[i].meaning));
		}
	}
}

static void put_help(const struct keymap_binds *binds, size_t width, struct lines *lines)
{
	put_keys(binds, width, lines);
	lines_begin(lines, 0);
	lines_wrap(lines, ROLE_NORMAL, width, 0, _("The editor, the list of columns and prompts show "
		"their own keys. --bind and the configuration file bind functions to other keys."));
	put_rest(width, lines);
}

/* Between the title and, where there is room for it, what lines these are. */
static size_t rows_of(size_t height)
{
	return height > 5 ? height - 2 : height > 1 ? height - 1 : 0;
}

size_t screen_help_last_top(const struct ui_state *state)
{
	struct lines lines = {0};
	size_t count;

	put_help(state->binds, state->width > 1 ? state->width - 1 : 79, &lines);
	count = lines.count;
	lines_finish(&lines);
	return layout_last_top(count, rows_of(state->height));
}

void screen_help(const struct snapshot *snap, const struct ui_state *state,
	struct canvas *canvas)
{
	struct area area = {0, 1, canvas->width, rows_of(canvas->height)};
	struct lines lines = {0};
	size_t first;

	frame_title(snap, state, canvas);
	put_help(state->binds, canvas->width - 1, &lines);
	first = lines_draw(&lines, &area, state->help_top, 0, canvas);
	if (area.height + 1 < canvas->height) {
		char text[96];
		size_t last = first + area.height < lines.count ? first + area.height : lines.count;

		(void)snprintf(text, sizeof text, last < lines.count ?
			_("lines %zu to %zu of %zu: PgDn, End; ? or Esc goes back") :
			_("lines %zu to %zu of %zu: PgUp, Home; ? or Esc goes back"), first + 1, last,
			lines.count);
		(void)canvas_put(canvas, 0, canvas->height - 1, canvas->width, ROLE_DIM, text);
	}
	lines_finish(&lines);
}
