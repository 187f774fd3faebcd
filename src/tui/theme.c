/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tui/theme.h"

#include <stddef.h>
#include <stdio.h>
#include <string.h>

struct look {
	short colour_8, colour_256[2];  /* on a dark ground, on a light one */
	int direct[2];
	bool is_bold, is_dim, is_reverse, is_underlined;
};

enum { RED = 1, GREEN = 2, YELLOW = 3, BLUE = 4, MAGENTA = 5, CYAN = 6, DEFAULT = THEME_DEFAULT };

static const struct look looks[ROLE_COUNT] = {
	[ROLE_NORMAL] = {DEFAULT, {DEFAULT, DEFAULT}, {DEFAULT, DEFAULT}, false, false, false, false},
	[ROLE_DIM] = {DEFAULT, {245, 243}, {0x8a9199, 0x6a7178}, false, true, false, false},
	[ROLE_TITLE] = {DEFAULT, {DEFAULT, DEFAULT}, {DEFAULT, DEFAULT}, true, false, false, false},
	[ROLE_HEADING] = {DEFAULT, {DEFAULT, DEFAULT}, {DEFAULT, DEFAULT}, true, false, false, true},
	[ROLE_GOOD] = {GREEN, {34, 28}, {0x4fbf67, 0x1a7f37}, false, false, false, false},
	[ROLE_NOTICE] = {CYAN, {37, 30}, {0x4db6c6, 0x0b7285}, false, false, false, false},
	[ROLE_WARNING] = {YELLOW, {178, 130}, {0xe0a526, 0x9a5b00}, true, false, false, false},
	[ROLE_ALARM] = {RED, {196, 160}, {0xff5f56, 0xc4261d}, true, false, true, false},
	[ROLE_ALARM_TEXT] = {RED, {203, 160}, {0xff7b72, 0xb3261e}, true, false, false, false},
	[ROLE_SELECTED] = {DEFAULT, {DEFAULT, DEFAULT}, {DEFAULT, DEFAULT}, false, false, true, false},
	[ROLE_TAB] = {DEFAULT, {DEFAULT, DEFAULT}, {DEFAULT, DEFAULT}, true, false, true, false},
	[ROLE_KEY] = {DEFAULT, {DEFAULT, DEFAULT}, {DEFAULT, DEFAULT}, true, false, false, false},
	[ROLE_SERIES_A] = {CYAN, {45, 25}, {0x38bdf8, 0x0369a1}, true, false, false, false},
	[ROLE_SERIES_B] = {MAGENTA, {176, 90}, {0xd884e0, 0x86198f}, false, false, false, false},
	[ROLE_SERIES_C] = {GREEN, {71, 28}, {0x7cc36e, 0x3f6212}, false, false, false, false},
	[ROLE_SERIES_D] = {BLUE, {68, 94}, {0x8ea2ff, 0x9a3412}, false, false, false, false},
	[ROLE_MARK] = {DEFAULT, {DEFAULT, DEFAULT}, {DEFAULT, DEFAULT}, false, false, false, true},
};

/* On a light ground yellow cannot be read; where colours are few, what would be is magenta. */
static int colour_of(const struct look *look, enum theme theme, int colours)
{
	switch (theme) {
	case THEME_DARK:
	case THEME_LIGHT:
		return colours >= THEME_DIRECT ? look->direct[theme == THEME_LIGHT] :
			colours >= 256 ? look->colour_256[theme == THEME_LIGHT] :
			colours < 8 ? THEME_DEFAULT :
			theme == THEME_LIGHT && look->colour_8 == YELLOW ? MAGENTA : look->colour_8;
	case THEME_CONTRAST:
		/* The terminal's own bright colours, and no grey. */
		return colours >= 16 && colours < THEME_DIRECT && look->colour_8 != DEFAULT ?
			look->colour_8 + 8 :
			colours >= 8 ? look->colour_8 : THEME_DEFAULT;
	case THEME_MONO:
	case THEME_COUNT:
		break;
	}
	return THEME_DEFAULT;
}

struct style theme_style(enum theme theme, enum role role, int colours)
{
	const struct look *look = &looks[role];
	bool is_strong = theme == THEME_CONTRAST;

	return (struct style){
		.foreground = colour_of(look, theme, colours),
		.background = THEME_DEFAULT,
		.is_bold = look->is_bold || (is_strong && look->colour_8 != DEFAULT),
		/* Where grey is a colour of its own, dim would make it unreadable. */
		.is_dim = look->is_dim && !is_strong && (colours < 256 || theme == THEME_MONO),
		.is_reverse = look->is_reverse,
		.is_underlined = look->is_underlined,
	};
}

bool theme_parse(const char *name, enum theme *ret_theme)
{
	static const char *const names[THEME_COUNT] = {[THEME_DARK] = "dark",
		[THEME_LIGHT] = "light", [THEME_CONTRAST] = "contrast", [THEME_MONO] = "mono"};

	for (int i = 0; i < THEME_COUNT; i++) {
		if (strcmp(names[i], name) == 0) {
			*ret_theme = (enum theme)i;
			return true;
		}
	}
	return false;
}

int theme_colours(int terminal_colours, const char *no_color)
{
	return no_color != NULL && no_color[0] != '\0' ? 0 : terminal_colours;
}

bool theme_direct_type(const char *type, const char *colorterm, const char *no_color,
	char *ret_type, size_t cap)
{
	const char *ending = strstr(type, "-256color");
	bool is_said = colorterm != NULL && (strcmp(colorterm, "truecolor") == 0 ||
		strcmp(colorterm, "24bit") == 0);

	if (!is_said || (no_color != NULL && no_color[0] != '\0') || ending == NULL ||
	    ending[sizeof "-256color" - 1] != '\0') {
		return false;
	}
	return (size_t)snprintf(ret_type, cap, "%.*s-direct", (int)(ending - type), type) < cap;
}
