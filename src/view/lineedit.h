/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef THRUPATH_VIEW_LINEEDIT_H
#define THRUPATH_VIEW_LINEEDIT_H

#include <stdbool.h>
#include <stddef.h>

#include "view/lines.h"

/*
 * One line that is typed: letters, the arrows, Home, End, Backspace, Delete, and ^U, which
 * empties it. Invariant: at <= strlen(text), between two characters. {0} is an empty line.
 */
enum { LINEEDIT_MAX = 256 };

struct lineedit {
	char text[LINEEDIT_MAX];
	size_t at;               /* bytes before the cursor */
};

void lineedit_set(struct lineedit *, const char *text);    /* cut to fit; the cursor at its end */
bool lineedit_key(struct lineedit *, int key);             /* false: the key is none of its own */
void lineedit_put(const struct lineedit *, struct lines *); /* with the cursor marked */

#endif
