/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef THRUPATH_TUI_THEME_H
#define THRUPATH_TUI_THEME_H

#include <stdbool.h>
#include <stddef.h>

#include "view/canvas.h"

/*
 * How a role looks, by the colours a terminal has. Never by colour alone: whatever warns is
 * also bold, reverse or underlined. Knows no curses.
 */
enum {
	THEME_DEFAULT = -1,
	THEME_DIRECT = 1 << 24          /* so many colours: a number is red, green and blue */
};

struct style {
	int foreground, background;     /* colour numbers; THEME_DEFAULT: the terminal's own */
	bool is_bold, is_dim, is_reverse, is_underlined;
};

enum theme {
	THEME_DARK,
	THEME_LIGHT,
	THEME_CONTRAST,
	THEME_MONO,
	THEME_COUNT
};

bool theme_parse(const char *name, enum theme *ret_theme);

/* colours: THEME_DIRECT, 256 or more, 8 or more, or none. */
struct style theme_style(enum theme, enum role, int colours);

/* What to use of the terminal's colours: none where NO_COLOR is set (no-color.org). */
int theme_colours(int terminal_colours, const char *no_color);

/* "xterm-direct" of "xterm-256color", where COLORTERM says that the terminal has all colours and
 * NO_COLOR does not speak against any; whether such a type is known, terminfo says. False: there
 * is nothing to try. */
bool theme_direct_type(const char *type, const char *colorterm, const char *no_color,
	char *ret_type, size_t cap);

#endif
