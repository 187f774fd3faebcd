/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "view/keymap.h"

#include "base/i18n.h"

static const struct keymap_row rows[] = {
	{'q', UI_ACTION_QUIT, N_("q"), N_("leave the program"), N_("quit")},
	{'?', UI_ACTION_HELP, N_("?, h"), N_("this help, and back"), N_("help")},
	{'h', UI_ACTION_HELP, NULL, NULL, NULL},
	{'E', UI_ACTION_EDIT, N_("E"), N_("edit the path; nothing is probed until it is applied"),
		N_("edit")},
	{'S', UI_ACTION_ASK_SNAPSHOT, N_("S"), N_("write a report to a file (.json: as JSON)"),
		N_("save")},
	{'D', UI_ACTION_ASK_DESTINATION, N_("D"), N_("another destination"), NULL},
	{'A', UI_ACTION_ASK_NOTE, N_("A"), N_("note something, for the log and the report"), NULL},
	{'p', UI_ACTION_PAUSE, N_("p, ^S"), N_("pause: send nothing more"), N_("pause")},
	{UI_KEY_CTRL_S, UI_ACTION_PAUSE, NULL, NULL, NULL},
	{' ', UI_ACTION_RESUME, N_("space, ^Q"), N_("resume after a pause"), N_("resume")},
	{UI_KEY_CTRL_Q, UI_ACTION_RESUME, NULL, NULL, NULL},
	{'F', UI_ACTION_FREEZE, N_("F"), N_("freeze the numbers on the screen; probing goes on"), NULL},
	{'r', UI_ACTION_RESET, N_("r"), N_("reset the counters of the chosen hop, or all"),
		N_("reset")},
	{'1', UI_ACTION_VIEW, N_("1 to 8, Tab"),
		N_("table, hop, links, ways, chart, flows, findings, log"), NULL},
	{'2', UI_ACTION_VIEW, NULL, NULL, NULL},
	{'3', UI_ACTION_VIEW, NULL, NULL, NULL},
	{'4', UI_ACTION_VIEW, NULL, NULL, NULL},
	{'5', UI_ACTION_VIEW, NULL, NULL, NULL},
	{'6', UI_ACTION_VIEW, NULL, NULL, NULL},
	{'7', UI_ACTION_VIEW, NULL, NULL, NULL},
	{'8', UI_ACTION_VIEW, NULL, NULL, NULL},
	{UI_KEY_TAB, UI_ACTION_NEXT_VIEW, NULL, NULL, NULL},
	{UI_KEY_ENTER, UI_ACTION_ENTER, N_("Enter"), N_("all of the chosen hop or finding"), NULL},
	{UI_KEY_ESCAPE, UI_ACTION_LEAVE, N_("Esc"), N_("back: to the view before, to no choice"), NULL},
	{'d', UI_ACTION_DISPLAY, N_("d"),
		N_("next set of columns: through, to (as mtr), history"), N_("display")},
	{'j', UI_ACTION_JITTER, N_("j"), N_("in the table: jitter columns, and back"), N_("jitter")},
	{'o', UI_ACTION_COLUMNS, N_("o"), N_("choose the columns and their order"), N_("columns")},
	{'i', UI_ACTION_ASK_INTERVAL, N_("i"), N_("the time from round to round"), NULL},
	{'n', UI_ACTION_NAMES, N_("n"), N_("names or addresses"), NULL},
	{'w', UI_ACTION_WALKS, N_("w"), N_("add the walks that tell out from back (--walk all)"), NULL},
	{'N', UI_ACTION_FOLLOW, N_("N"), N_("take the new path, when the network's has changed"), NULL},
	{'x', UI_ACTION_CHART, N_("x"), N_("the chosen hop into the chart, or out of it"), NULL},
	{'+', UI_ACTION_PLUS, N_("+, -"), N_("in the chart: zoom; else scroll"), NULL},
	{'-', UI_ACTION_MINUS, NULL, NULL, NULL},
	{UI_KEY_UP, UI_ACTION_UP, N_("up, down"), N_("select a hop, or scroll; in lists also k, j"),
		NULL},
	{UI_KEY_DOWN, UI_ACTION_DOWN, NULL, NULL, NULL},
	{'k', UI_ACTION_LIST_UP, NULL, NULL, NULL},
	{UI_KEY_LEFT, UI_ACTION_LEFT, N_("left, right"), N_("the hop before, the hop behind"), NULL},
	{UI_KEY_RIGHT, UI_ACTION_RIGHT, NULL, NULL, NULL},
	{UI_KEY_PAGE_UP, UI_ACTION_PAGE_UP, N_("PgUp, PgDn"), N_("ten hops or lines at once"), NULL},
	{UI_KEY_PAGE_DOWN, UI_ACTION_PAGE_DOWN, NULL, NULL, NULL},
	{UI_KEY_HOME, UI_ACTION_HOME, N_("Home, End"), N_("the first and the last one"), NULL},
	{UI_KEY_END, UI_ACTION_END, NULL, NULL, NULL},
	{UI_KEY_CLICK, UI_ACTION_NONE, N_("mouse"), N_("a tab, a hop, again for its detail; the wheel"),
		NULL},
	{UI_KEY_CTRL_L, UI_ACTION_REPAINT, N_("^L"), N_("draw the screen anew"), NULL},
	{UI_KEY_RESIZE, UI_ACTION_REDRAW, NULL, NULL, NULL},
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

enum { CLICK_BITS = 12 };

int ui_key_click(size_t x, size_t y)
{
	size_t most = ((size_t)1 << CLICK_BITS) - 1;

	return UI_KEY_CLICK + (int)((y < most ? y : most) << CLICK_BITS | (x < most ? x : most));
}

void keymap_click_at(int key, size_t *ret_x, size_t *ret_y)
{
	size_t at = (size_t)(key - UI_KEY_CLICK);

	*ret_x = at & (((size_t)1 << CLICK_BITS) - 1);
	*ret_y = at >> CLICK_BITS;
}
