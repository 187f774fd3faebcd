/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "view/screen.h"

#include <stdbool.h>

#include "base/i18n.h"
#include "view/columns.h"

/* A line of the help: a word in a role and what it means. */
struct help_line {
	enum role role;
	const char *word, *meaning;
};

static const struct help_line legend[] = {
	{ROLE_HEADING, N_("History"), NULL},
	{ROLE_KEY, N_("block"), N_("an answer: the higher, the slower (digits 1 to 8 in ASCII)")},
	{ROLE_KEY, "x", N_("lost: no answer before the deadline")},
	{ROLE_KEY, "!", N_("an ICMP error came back instead of the probe")},
	{ROLE_KEY, "?", N_("sent, the answer may still come")},
	{ROLE_NORMAL, "", NULL},
	{ROLE_HEADING, N_("Words"), NULL},
	{ROLE_KEY, N_("through"), N_("probes the hop only passed on: the network's own loss")},
	{ROLE_KEY, N_("to"), N_("answers the hop made itself; To marks these columns")},
	{ROLE_KEY, "-", N_("not measured, which is not the same as no loss")},
};

enum { LEGEND_LINES = sizeof legend / sizeof legend[0] };

/* Finds line `index` of the lines for keys; false beyond the last. */
static bool key_line(size_t index, struct help_line *ret_line)
{
	for (size_t i = 0; i < keymap_count(); i++) {
		const struct keymap_row *row = keymap_row(i);

		if (row->label != NULL && index-- == 0) {
			*ret_line = (struct help_line){ROLE_KEY, row->label, row->text};
			return true;
		}
	}
	return false;
}

static bool column_line(size_t index, struct help_line *ret_line)
{
	for (size_t i = 0; i < column_count(); i++) {
		const struct column *column = column_at(i);

		if (column->meaning != NULL && index-- == 0) {
			*ret_line = (struct help_line){ROLE_KEY, column->heading, column->meaning};
			return true;
		}
	}
	return false;
}

static size_t count_lines(bool (*fn)(size_t, struct help_line *))
{
	struct help_line line;
	size_t count = 0;

	while (fn(count, &line)) {
		count++;
	}
	return count;
}

/* Keys, a blank, a heading, columns, a blank, the legend. */
static struct help_line line_at(size_t index)
{
	struct help_line line = {ROLE_NORMAL, "", NULL};
	size_t keys = count_lines(key_line), columns = count_lines(column_line);

	if (index < keys) {
		(void)key_line(index, &line);
	} else if (index == keys + 1) {
		line = (struct help_line){ROLE_HEADING, N_("Columns"), NULL};
	} else if (index >= keys + 2 && index < keys + 2 + columns) {
		(void)column_line(index - keys - 2, &line);
	} else if (index >= keys + columns + 3) {
		line = legend[index - keys - columns - 3];
	}
	return line;
}

size_t screen_help_lines(void)
{
	return count_lines(key_line) + count_lines(column_line) + 3 + LEGEND_LINES;
}

void screen_help(const struct snapshot *snap, const struct ui_state *state,
	struct canvas *canvas)
{
	size_t count = screen_help_lines();
	size_t rows = canvas->height - 1;
	size_t first = state->help_top, indent = canvas->width < 40 ? 9 : 13;

	if (first + rows > count) {
		first = count > rows ? count - rows : 0;
	}
	frame_title(snap, state, canvas);
	for (size_t i = 0; i < rows && first + i < count; i++) {
		struct help_line line = line_at(first + i);

		if (line.word[0] != '\0') {
			(void)canvas_put(canvas, 0, i + 1, canvas->width, line.role,
				_(line.word));
		}
		if (line.meaning != NULL) {
			(void)canvas_put(canvas, indent, i + 1, canvas->width, ROLE_NORMAL,
				_(line.meaning));
		}
	}
	if (first + rows < count && rows > 1) {
		canvas_paint(canvas, 0, rows, canvas->width, ROLE_DIM);
	}
}
