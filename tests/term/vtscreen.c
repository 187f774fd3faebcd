/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * A terminal without a window (libvterm), for tests and for the pictures of the manual. Reads
 * commands from the input: "F n" and n bytes that a program wrote; "R rows columns"; "T", which
 * prints the rows as text; "C", which prints them as runs of cells that look the same, each with
 * its colours and attributes. Both end with a form feed in a line of its own.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <vterm.h>

#include "base/mem.h"
#include "base/utf8.h"

enum { LINE_MAX_BYTES = 64, CELL_BYTES = 4 * VTERM_MAX_CHARS_PER_CELL + 1, LOOK_MAX = 64 };

struct terminal {
	VTerm *vt;
	VTermScreen *screen;
	int rows, columns;
};

static void cell_text(const VTermScreenCell *cell, char ret_text[CELL_BYTES])
{
	size_t len = 0;

	for (int i = 0; i < VTERM_MAX_CHARS_PER_CELL && cell->chars[i] != 0; i++) {
		len += utf8_encode(cell->chars[i], ret_text + len);
	}
	if (len == 0) {
		ret_text[len++] = ' ';
	}
	ret_text[len] = '\0';
}

/* "-" for the terminal's own, the number of a palette's, or # and its parts. */
static void colour_text(const VTermColor *colour, bool is_own, char *ret_text, size_t cap)
{
	if (is_own) {
		(void)snprintf(ret_text, cap, "-");
	} else if (VTERM_COLOR_IS_INDEXED(colour)) {
		(void)snprintf(ret_text, cap, "%d", colour->indexed.idx);
	} else {
		(void)snprintf(ret_text, cap, "#%02x%02x%02x", colour->rgb.red, colour->rgb.green,
			colour->rgb.blue);
	}
}

/* Foreground, background, and letters: bold, underlined, reverse. */
static void look_of(const VTermScreenCell *cell, char ret_look[LOOK_MAX])
{
	char front[16], back[16];

	colour_text(&cell->fg, VTERM_COLOR_IS_DEFAULT_FG(&cell->fg) != 0, front, sizeof front);
	colour_text(&cell->bg, VTERM_COLOR_IS_DEFAULT_BG(&cell->bg) != 0, back, sizeof back);
	(void)snprintf(ret_look, LOOK_MAX, "%s %s %s%s%s.", front, back,
		cell->attrs.bold ? "b" : "", cell->attrs.underline ? "u" : "",
		cell->attrs.reverse ? "r" : "");
}

static void print_row(const struct terminal *terminal, int row, bool has_looks)
{
	char look[LOOK_MAX] = "", text[CELL_BYTES];
	VTermScreenCell cell;

	for (VTermPos at = {.row = row, .col = 0}; at.col < terminal->columns;
	     at.col += cell.width > 1 ? cell.width : 1) {
		char here[LOOK_MAX];

		if (vterm_screen_get_cell(terminal->screen, at, &cell) == 0) {
			break;
		}
		look_of(&cell, here);
		cell_text(&cell, text);
		if (has_looks && strcmp(here, look) != 0) {
			(void)printf("%s%s\x1f", at.col > 0 ? "\x1e" : "", here);
			memcpy(look, here, sizeof look);
		}
		(void)fputs(text, stdout);
	}
	(void)putchar('\n');
}

static void print_screen(const struct terminal *terminal, bool has_looks)
{
	for (int row = 0; row < terminal->rows; row++) {
		print_row(terminal, row, has_looks);
	}
	(void)fputs("\f\n", stdout);
	(void)fflush(stdout);
}

static void feed(struct terminal *terminal, size_t len)
{
	char *bytes = xcalloc(len + 1, 1);

	if (fread(bytes, 1, len, stdin) == len) {
		(void)vterm_input_write(terminal->vt, bytes, len);
	}
	free(bytes);
}

static void resize(struct terminal *terminal, int rows, int columns)
{
	terminal->rows = rows;
	terminal->columns = columns;
	vterm_set_size(terminal->vt, rows, columns);
}

int main(void)
{
	struct terminal terminal = {.vt = vterm_new(24, 80), .rows = 24, .columns = 80};
	char line[LINE_MAX_BYTES];

	vterm_set_utf8(terminal.vt, 1);
	terminal.screen = vterm_obtain_screen(terminal.vt);
	vterm_screen_enable_altscreen(terminal.screen, 1);
	vterm_screen_reset(terminal.screen, 1);
	while (fgets(line, sizeof line, stdin) != NULL) {
		char *rest = NULL;
		unsigned long first = strtoul(line + 1, &rest, 10);

		if (line[0] == 'F') {
			feed(&terminal, first);
		} else if (line[0] == 'R') {
			resize(&terminal, (int)first, (int)strtoul(rest, NULL, 10));
		} else {
			print_screen(&terminal, line[0] == 'C');
		}
	}
	vterm_free(terminal.vt);
	return 0;
}
