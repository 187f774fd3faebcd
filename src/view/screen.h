/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef THRUPATH_VIEW_SCREEN_H
#define THRUPATH_VIEW_SCREEN_H

#include <stddef.h>

#include "view/canvas.h"
#include "view/ui.h"

/* The single screens and the lines they share; a program calls screen_draw() of ui.h. */
void screen_main(const struct snapshot *, const struct ui_state *, struct canvas *);
void screen_help(const struct snapshot *, const struct ui_state *, struct canvas *);
size_t screen_help_lines(void);

/* Row 0: program, source > destination, the word "paused", time, round, rate. */
void screen_title(const struct snapshot *, struct canvas *);
/* The last row: the keys that matter most, as many as fit. */
void screen_footer(struct canvas *);

#endif
