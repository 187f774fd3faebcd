/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef THRUPATH_VIEW_KEYMAP_H
#define THRUPATH_VIEW_KEYMAP_H

#include <stddef.h>

#include "base/err.h"
#include "base/strbuf.h"

/*
 * One const row a key: what it does, and what help and footer say of it. A key is a Unicode
 * character, or one of ui_key_code, which lie above all of them.
 */
enum ui_key_code {
	UI_KEY_NONE = 0,
	UI_KEY_CTRL_D = 0x04,
	UI_KEY_TAB = 0x09,
	UI_KEY_CTRL_L = 0x0c,
	UI_KEY_ENTER = 0x0d,
	UI_KEY_CTRL_Q = 0x11,
	UI_KEY_CTRL_S = 0x13,
	UI_KEY_ESCAPE = 0x1b,
	UI_KEY_UP = 0x110000,
	UI_KEY_DOWN,
	UI_KEY_LEFT,
	UI_KEY_RIGHT,
	UI_KEY_PAGE_UP,
	UI_KEY_PAGE_DOWN,
	UI_KEY_HOME,
	UI_KEY_END,
	UI_KEY_BACKSPACE,
	UI_KEY_DELETE,
	UI_KEY_RESIZE,          /* the terminal has another size now */
	UI_KEY_HANGUP,          /* there will be no more keys */
	UI_KEY_OTHER,           /* a key that means nothing to us */
	UI_KEY_CLICK = 0x1000000 /* and above: of ui_key_click() */
};

/* A press of the mouse's first button there. */
int ui_key_click(size_t x, size_t y);
void keymap_click_at(int key, size_t *ret_x, size_t *ret_y);

enum ui_action {
	UI_ACTION_NONE,
	UI_ACTION_QUIT,
	UI_ACTION_PAUSE,
	UI_ACTION_RESUME,
	UI_ACTION_RESET,        /* forget the counters */
	UI_ACTION_RESET_HOP,    /* of the chosen hop */
	UI_ACTION_NAMES,        /* names or addresses */
	UI_ACTION_NETWORKS,     /* they show now, or do no more */
	UI_ACTION_UDP,          /* To probes by it, or by echo again */
	UI_ACTION_TCP,
	UI_ACTION_FOLLOW,       /* take the path that changed */
	UI_ACTION_WALKS,        /* add the walks that tell out from back */
	UI_ACTION_ALSO,         /* ask all from another of our addresses for a while */
	UI_ACTION_LINK_MTU,     /* measure that of each link */
	UI_ACTION_FASTER,       /* ask the selected hop more often for a while */
	UI_ACTION_PUBLIC,       /* nested probes to public addresses are allowed */
	UI_ACTION_BEFORE,       /* show the numbers before the last reset, or those of now again */
	/* Of these the answer is in the line of the state. */
	UI_ACTION_SNAPSHOT,     /* write a report to that file */
	UI_ACTION_NOTE,
	UI_ACTION_DESTINATION,
	UI_ACTION_INTERVAL,
	UI_ACTION_CYCLES,
	UI_ACTION_SIZE,
	UI_ACTION_TOS,
	UI_ACTION_FIRST_TTL,
	UI_ACTION_MAX_TTL,
	UI_ACTION_LOAD_PATH,
	UI_ACTION_SAVE_PATH,
	UI_ACTION_APPLY,        /* the path of the editor */
	UI_ACTION_REPAINT,      /* draw the whole terminal anew */
	UI_ACTION_REDRAW,       /* the state of the screen changed, nothing else */
	/* These never leave ui_key(): it changes its state and says UI_ACTION_REDRAW. */
	UI_ACTION_HELP,
	UI_ACTION_VIEW,         /* the key's digit says which */
	UI_ACTION_NEXT_VIEW,
	UI_ACTION_DISPLAY,
	UI_ACTION_JITTER,
	UI_ACTION_ASK_SNAPSHOT,
	UI_ACTION_ASK_NOTE,
	UI_ACTION_ASK_DESTINATION,
	UI_ACTION_ASK_INTERVAL,
	UI_ACTION_ASK_CYCLES,
	UI_ACTION_ASK_SIZE,
	UI_ACTION_ASK_TOS,
	UI_ACTION_ASK_FIRST_TTL,
	UI_ACTION_ASK_MAX_TTL,
	UI_ACTION_LABELS,       /* of MPLS, or none */
	UI_ACTION_AS_NUMBERS,
	UI_ACTION_NEXT_NETWORK,
	UI_ACTION_PATTERN,      /* mtr's, which there cannot be */
	UI_ACTION_EDIT,
	UI_ACTION_COLUMNS,
	UI_ACTION_FREEZE,
	UI_ACTION_CHART,        /* the chosen hop into the chart, or out of it */
	UI_ACTION_PLUS,         /* nearer, or down */
	UI_ACTION_MINUS,
	UI_ACTION_UP,
	UI_ACTION_DOWN,
	UI_ACTION_LIST_UP,      /* the letter that goes up in lists */
	UI_ACTION_LEFT,
	UI_ACTION_RIGHT,
	UI_ACTION_PAGE_UP,
	UI_ACTION_PAGE_DOWN,
	UI_ACTION_HOME,
	UI_ACTION_END,
	UI_ACTION_ENTER,
	UI_ACTION_LEAVE,
	UI_ACTION_COUNT
};

struct keymap_row {
	int key;
	enum ui_action action;
	const char *label;      /* N_(): the key's name; NULL: named by the row above it */
	const char *text;       /* N_(): for the help */
	const char *footer;     /* N_(): a word for the footer; NULL: not in it */
	const char *name;       /* by which other keys are bound to it; NULL: that of the row above */
};

size_t keymap_count(void);
const struct keymap_row *keymap_row(size_t index);
enum ui_action keymap_action(int key);

/* Keys that the user gave other functions. They hold in the views and in the help; prompts,
 * lists and the editor have keys of their own. {0}: none. */
enum { KEYMAP_BINDS = 64 };

struct keymap_binds {
	struct keymap_bind {
		int key, as;    /* `as`: that key of the table; UI_KEY_OTHER: nothing */
	} bind[KEYMAP_BINDS];
	size_t count;
};

/* "KEY=FUNCTION": a key's name, or "none" for the function. A later one of a key replaces it. */
NODISCARD bool keymap_bind(struct keymap_binds *, const char *text, struct err *err);
/* The key of the table that is meant; binds NULL: none. */
int keymap_meant(const struct keymap_binds *, int key);
void keymap_name(int key, struct strbuf *); /* as keymap_bind() takes it */
/* The keys of a row that has a label, as the help names them; "" when all were taken away. */
void keymap_label(const struct keymap_binds *, size_t index, struct strbuf *);
/* The first of them, for the footer. */
void keymap_first(const struct keymap_binds *, size_t index, struct strbuf *);
void keymap_first_of(const struct keymap_binds *, enum ui_action, struct strbuf *);

#endif
