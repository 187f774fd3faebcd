/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef THRUPATH_TUI_TERM_H
#define THRUPATH_TUI_TERM_H

#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>

#include "base/err.h"
#include "tui/theme.h"
#include "view/canvas.h"
#include "view/keymap.h"

/*
 * The terminal, and all that knows curses. It shows canvases and reads keys; it knows no
 * snapshot. There is one terminal, as there is one curses. LC_CTYPE must be set before.
 * Whoever handles SIGWINCH calls term_size() and draws again; SIGTSTP is curses's own.
 */

/* What the next term_enter() is to look like. Without it: dark, and no mouse. */
void term_prepare(enum theme, bool has_mouse);

/* Takes over the terminal on standard input and output. Leaves it as it was on failure: no
 * terminal there, a TERM nobody knows, or one that cannot move its cursor. While it is
 * entered, running out of memory leaves it first. */
NODISCARD bool term_enter(struct err *err);

/* The same for a terminal of this type (NULL: $TERM) on other streams, terminal or not. */
NODISCARD bool term_enter_on(const char *type, FILE *out, FILE *in, struct err *err);

/* Gives the terminal back as it was. May be called at any time and any number of times. */
void term_leave(void);

void term_size(size_t *ret_width, size_t *ret_height);    /* as of now */
bool term_is_ascii(void);                                 /* the locale has no UTF-8 */

/* Shows the canvas; only what changed is sent. */
void term_present(const struct canvas *);
void term_ring(void);                                     /* the bell, or a flash */
void term_repaint(void);                                  /* the next one is sent whole */

/* The next key without waiting: a character, an ui_key_code, or UI_KEY_NONE when there is
 * none. Call it until then whenever the input is readable. */
int term_read_key(void);

const char *term_library(void);                           /* "ncurses 6.4.20221231" */

#endif
