/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef THRUPATH_VIEW_UI_H
#define THRUPATH_VIEW_UI_H

#include <stdbool.h>
#include <stddef.h>

#include "snap/snapshot.h"
#include "view/canvas.h"
#include "view/keymap.h"

/*
 * What the person at the screen has chosen: which screen, which columns, which hop. Keys
 * change it, screens read it. Knows nothing of the terminal. {0} is the state at the start.
 */
enum ui_mode {
	UI_MODE_MAIN,
	UI_MODE_HELP
};

enum ui_set {
	UI_SET_THROUGH,
	UI_SET_TO,
	UI_SET_HISTORY,
	UI_SET_JITTER,
	UI_SET_COUNT
};

struct ui_state {
	enum ui_mode mode;
	bool has_set;           /* chosen by key; else the best one for the snapshot */
	enum ui_set set;
	enum ui_set set_before; /* what `j` goes back to */
	unsigned selected;      /* hop number; 0: none */
	size_t help_top;        /* first line of the help that shows */
};

/* Changes the state by one key and says what is left to be done by the program.
 * UI_ACTION_NONE: the key means nothing here. */
enum ui_action ui_key(struct ui_state *, const struct snapshot *, int key);

enum ui_set ui_set_shown(const struct ui_state *, const struct snapshot *);
const char *ui_set_name(enum ui_set);                     /* translated */

/* Fills the canvas, which it clears first. */
void screen_draw(const struct snapshot *, const struct ui_state *, struct canvas *);

#endif
