/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tui/theme.h"

#include <stddef.h>

struct look {
	short colour_8, colour_256;
	bool is_bold, is_dim, is_reverse, is_underlined;
};

enum { RED = 1, GREEN = 2, YELLOW = 3, BLUE = 4, MAGENTA = 5, CYAN = 6, DEFAULT = THEME_DEFAULT };

static const struct look looks[ROLE_COUNT] = {
	[ROLE_NORMAL] = {DEFAULT, DEFAULT, false, false, false, false},
	[ROLE_DIM] = {DEFAULT, 245, false, true, false, false},
	[ROLE_TITLE] = {DEFAULT, DEFAULT, true, false, false, false},
	[ROLE_HEADING] = {DEFAULT, DEFAULT, true, false, false, true},
	[ROLE_GOOD] = {GREEN, 34, false, false, false, false},
	[ROLE_NOTICE] = {CYAN, 37, false, false, false, false},
	[ROLE_WARNING] = {YELLOW, 178, true, false, false, false},
	[ROLE_ALARM] = {RED, 196, true, false, true, false},
	[ROLE_SELECTED] = {DEFAULT, DEFAULT, false, false, true, false},
	[ROLE_TAB] = {DEFAULT, DEFAULT, true, false, false, false},
	[ROLE_KEY] = {DEFAULT, DEFAULT, true, false, false, false},
	[ROLE_SERIES_A] = {CYAN, 45, true, false, false, false},
	[ROLE_SERIES_B] = {MAGENTA, 176, false, false, false, false},
	[ROLE_SERIES_C] = {GREEN, 71, false, false, false, false},
	[ROLE_SERIES_D] = {BLUE, 68, false, false, false, false},
};

struct style theme_style(enum role role, int colours)
{
	const struct look *look = &looks[role];

	return (struct style){
		.foreground = colours >= 256 ? look->colour_256 :
		              colours >= 8 ? look->colour_8 : (short)THEME_DEFAULT,
		.background = THEME_DEFAULT,
		.is_bold = look->is_bold,
		/* Where grey is a colour of its own, dim would make it unreadable. */
		.is_dim = look->is_dim && colours < 256,
		.is_reverse = look->is_reverse,
		.is_underlined = look->is_underlined,
	};
}

int theme_colours(int terminal_colours, const char *no_color)
{
	return no_color != NULL && no_color[0] != '\0' ? 0 : terminal_colours;
}
