/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "view/keymap.h"

#include "base/i18n.h"

static const struct keymap_row rows[] = {
	{'q', UI_ACTION_QUIT, N_("q"), N_("leave the program"), N_("quit")},
	{'?', UI_ACTION_HELP, N_("?, h"), N_("this help, and back"), N_("help")},
	{'h', UI_ACTION_HELP, NULL, NULL, NULL},
	{'p', UI_ACTION_PAUSE, N_("p, ^S"), N_("pause: send nothing more"), N_("pause")},
	{UI_KEY_CTRL_S, UI_ACTION_PAUSE, NULL, NULL, NULL},
	{' ', UI_ACTION_RESUME, N_("space, ^Q"), N_("resume after a pause"), N_("resume")},
	{UI_KEY_CTRL_Q, UI_ACTION_RESUME, NULL, NULL, NULL},
	{'r', UI_ACTION_RESET, N_("r"), N_("reset all counters"), N_("reset")},
	{'d', UI_ACTION_DISPLAY, N_("d"),
		N_("next set of columns: through, to (as mtr), history"), N_("display")},
	{'j', UI_ACTION_JITTER, N_("j"), N_("jitter columns, and back"), N_("jitter")},
	{UI_KEY_UP, UI_ACTION_UP, N_("up, down"), N_("select a hop, or scroll"), NULL},
	{UI_KEY_DOWN, UI_ACTION_DOWN, NULL, NULL, NULL},
	{UI_KEY_PAGE_UP, UI_ACTION_PAGE_UP, N_("PgUp, PgDn"), N_("ten hops at once"), NULL},
	{UI_KEY_PAGE_DOWN, UI_ACTION_PAGE_DOWN, NULL, NULL, NULL},
	{UI_KEY_HOME, UI_ACTION_HOME, N_("Home, End"), N_("the first and the last hop"), NULL},
	{UI_KEY_END, UI_ACTION_END, NULL, NULL, NULL},
	{UI_KEY_ESCAPE, UI_ACTION_LEAVE, N_("Esc"), N_("leave the help; select no hop"), NULL},
	{UI_KEY_CTRL_L, UI_ACTION_REPAINT, N_("^L"), N_("draw the screen anew"), NULL},
	{UI_KEY_RESIZE, UI_ACTION_REDRAW, NULL, NULL, NULL},
	{UI_KEY_HANGUP, UI_ACTION_QUIT, NULL, NULL, NULL},
};

size_t keymap_count(void)
{
	return sizeof rows / sizeof rows[0];
}

const struct keymap_row *keymap_row(size_t index)
{
	return &rows[index];
}

enum ui_action keymap_action(int key)
{
	for (size_t i = 0; i < keymap_count(); i++) {
		if (rows[i].key == key) {
			return rows[i].action;
		}
	}
	return UI_ACTION_NONE;
}
