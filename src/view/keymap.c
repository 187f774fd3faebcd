/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "view/keymap.h"

#include "base/i18n.h"

static const struct keymap_row rows[] = {
	{'q', UI_ACTION_QUIT, N_("q"), N_("quit the program"), N_("quit"), "quit"},
	{'?', UI_ACTION_HELP, N_("?, h"), N_("this help; again: back"), N_("help"), "help"},
	{'h', UI_ACTION_HELP, NULL, NULL, NULL, NULL},
	{'H', UI_ACTION_HELP, NULL, NULL, NULL, NULL},
	{'E', UI_ACTION_EDIT, N_("E"), N_("edit the path; nothing is probed until it is applied"),
		N_("edit"), "edit"},
	{'S', UI_ACTION_ASK_SNAPSHOT, N_("S"),
		N_("write a report (.txt .json .csv .xml .md .html), optionally of the last minutes"),
		N_("save"), "save"},
	{'D', UI_ACTION_ASK_DESTINATION, N_("D"), N_("new destination"), NULL, "destination"},
	{'A', UI_ACTION_ASK_NOTE, N_("A"), N_("add a note to the log and the report"), NULL,
		"note"},
	{'p', UI_ACTION_PAUSE, N_("p, ^S"), N_("pause: stop sending"), N_("pause"), "pause"},
	{'P', UI_ACTION_PAUSE, NULL, NULL, NULL, NULL},
	{UI_KEY_CTRL_S, UI_ACTION_PAUSE, NULL, NULL, NULL, NULL},
	{' ', UI_ACTION_RESUME, N_("space, ^Q"), N_("resume after a pause"), N_("resume"), "resume"},
	{UI_KEY_CTRL_Q, UI_ACTION_RESUME, NULL, NULL, NULL, NULL},
	{'r', UI_ACTION_RESET, N_("r"), N_("reset the counters of the selected hop, or of all hops"),
		N_("reset"), "reset"},
	{'R', UI_ACTION_RESET, NULL, NULL, NULL, NULL},
	{'V', UI_ACTION_BEFORE, N_("V"), N_("numbers before the last reset; again: back"), NULL,
		"before"},
	{'N', UI_ACTION_FOLLOW, N_("N"), N_("switch to the new path after a route change"), NULL,
		"follow"},
	{'1', UI_ACTION_VIEW, N_("1 to 8, Tab"),
		N_("table, hop, links, ways, chart, flows, findings, log"), NULL, "table"},
	{'2', UI_ACTION_VIEW, NULL, NULL, NULL, "hop"},
	{'3', UI_ACTION_VIEW, NULL, NULL, NULL, "links"},
	{'4', UI_ACTION_VIEW, NULL, NULL, NULL, "ways"},
	{'5', UI_ACTION_VIEW, NULL, NULL, NULL, "chart"},
	{'6', UI_ACTION_VIEW, NULL, NULL, NULL, "flows"},
	{'7', UI_ACTION_VIEW, NULL, NULL, NULL, "findings"},
	{'8', UI_ACTION_VIEW, NULL, NULL, NULL, "log"},
	{UI_KEY_TAB, UI_ACTION_NEXT_VIEW, NULL, NULL, NULL, "next-view"},
	{UI_KEY_ENTER, UI_ACTION_ENTER, N_("Enter"),
		N_("details of the selected hop, or of the selected finding's hop"), NULL, "enter"},
	{UI_KEY_ESCAPE, UI_ACTION_LEAVE, N_("Esc"),
		N_("back to the previous view; then clear the selection"), NULL,
		"back"},
	{'d', UI_ACTION_DISPLAY, N_("d"),
		N_("next set of columns: through or replies, counts, to, history"), N_("display"),
		"display"},
	{'j', UI_ACTION_JITTER, N_("j"), N_("in the table: jitter columns on or off"), N_("jitter"),
		"jitter"},
	{'J', UI_ACTION_JITTER, NULL, NULL, NULL, NULL},
	{'o', UI_ACTION_COLUMNS, N_("o"), N_("choose the columns and their order"), N_("columns"),
		"columns"},
	{'O', UI_ACTION_COLUMNS, NULL, NULL, NULL, NULL},
	{'n', UI_ACTION_NAMES, N_("n"), N_("names or addresses"), NULL, "names"},
	{'z', UI_ACTION_AS_NUMBERS, N_("z"), N_("AS numbers of the hops on or off"), NULL,
		"as-numbers"},
	{'Z', UI_ACTION_AS_NUMBERS, NULL, NULL, NULL, NULL},
	{'y', UI_ACTION_NEXT_NETWORK, N_("y"),
		N_("AS data: number, prefix, country, registry, date, name, or none"),
		NULL, "networks"},
	{'Y', UI_ACTION_NEXT_NETWORK, NULL, NULL, NULL, NULL},
	{'e', UI_ACTION_LABELS, N_("e"), N_("MPLS labels on or off"), NULL, "labels"},
	{'x', UI_ACTION_CHART, N_("x"), N_("add the selected hop to the chart, or remove it"), NULL,
		"into-chart"},
	{'+', UI_ACTION_PLUS, N_("+, -"), N_("in the chart: zoom; elsewhere: scroll"), NULL, "zoom-in"},
	{'-', UI_ACTION_MINUS, NULL, NULL, NULL, "zoom-out"},
	{'F', UI_ACTION_FREEZE, N_("F"), N_("freeze the numbers on the screen; probing continues"),
		NULL, "freeze"},
	{UI_KEY_CTRL_L, UI_ACTION_REPAINT, N_("^L"), N_("redraw the screen"), NULL, "repaint"},
	{'i', UI_ACTION_ASK_INTERVAL, N_("i"), N_("interval between rounds"), NULL, "interval"},
	{'I', UI_ACTION_ASK_INTERVAL, NULL, NULL, NULL, NULL},
	{'c', UI_ACTION_ASK_CYCLES, N_("c"), N_("stop after N rounds; 0: no limit"), NULL, "cycles"},
	{'C', UI_ACTION_ASK_CYCLES, NULL, NULL, NULL, NULL},
	{'s', UI_ACTION_ASK_SIZE, N_("s"), N_("probe size; resets all counters"), NULL, "size"},
	{'Q', UI_ACTION_ASK_TOS, N_("Q"), N_("TOS byte of every header; resets all counters"), NULL,
		"tos"},
	{'f', UI_ACTION_ASK_FIRST_TTL, N_("f"), N_("first TTL of To probes; resets all counters"), NULL,
		"first-ttl"},
	{'m', UI_ACTION_ASK_MAX_TTL, N_("m"), N_("maximum TTL of discovery; resets all counters"), NULL,
		"max-ttl"},
	{'M', UI_ACTION_ASK_MAX_TTL, NULL, NULL, NULL, NULL},
	{'u', UI_ACTION_UDP, N_("u"), N_("To probes by UDP, or by echo again; resets all counters"),
		NULL,
		"udp"},
	{'U', UI_ACTION_UDP, NULL, NULL, NULL, NULL},
	{'t', UI_ACTION_TCP, N_("t"), N_("To probes by TCP, or by echo again; resets all counters"),
		NULL,
		"tcp"},
	{'T', UI_ACTION_TCP, NULL, NULL, NULL, NULL},
	{'w', UI_ACTION_WALKS, N_("w"),
		N_("add probes that separate forward from return loss (--walk all)"), NULL,
		"walks"},
	{'W', UI_ACTION_PUBLIC, N_("W"),
		N_("also send nested probes to public addresses, after confirmation"), NULL, "public"},
	{'l', UI_ACTION_FASTER, N_("l"), N_("test whether the selected hop rate-limits its replies"),
		NULL, "limit"},
	{'L', UI_ACTION_LINK_MTU, N_("L"), N_("measure the MTU of each link"), NULL, "link-mtu"},
	{'a', UI_ACTION_ALSO, N_("a"), N_("compare return paths to a second local address"),
		NULL, "also-source"},
	{'b', UI_ACTION_PATTERN, N_("b"), N_("mtr's bit pattern: not possible; the screen says why"),
		NULL, "pattern"},
	{'B', UI_ACTION_PATTERN, NULL, NULL, NULL, NULL},
	{UI_KEY_UP, UI_ACTION_UP, N_("up, down"), N_("select a hop, or scroll; in lists also k, j"),
		NULL, "up"},
	{UI_KEY_DOWN, UI_ACTION_DOWN, NULL, NULL, NULL, "down"},
	{'k', UI_ACTION_LIST_UP, NULL, NULL, NULL, NULL},
	{UI_KEY_LEFT, UI_ACTION_LEFT, N_("left, right"),
		N_("previous, next hop; in the chart: back in time"), NULL, "left"},
	{UI_KEY_RIGHT, UI_ACTION_RIGHT, NULL, NULL, NULL, "right"},
	{UI_KEY_PAGE_UP, UI_ACTION_PAGE_UP, N_("PgUp, PgDn"), N_("ten hops or lines at once"), NULL,
		"page-up"},
	{UI_KEY_PAGE_DOWN, UI_ACTION_PAGE_DOWN, NULL, NULL, NULL, "page-down"},
	{UI_KEY_HOME, UI_ACTION_HOME, N_("Home, End"), N_("first, last hop"), NULL, "first"},
	{UI_KEY_END, UI_ACTION_END, NULL, NULL, NULL, "last"},
	{UI_KEY_CLICK, UI_ACTION_NONE, N_("mouse"),
		N_("a tab; a hop, again for its details; a finding; the wheel"),
		NULL, NULL},
	{UI_KEY_RESIZE, UI_ACTION_REDRAW, NULL, NULL, NULL, NULL},
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
