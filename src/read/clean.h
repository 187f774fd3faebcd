/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef THRUPATH_READ_CLEAN_H
#define THRUPATH_READ_CLEAN_H

#include <stddef.h>

/*
 * A pasted text as plain lines: without quote marks, fences, bullets, the numbers of a paste site,
 * HTML and the codes of terminals, and with what was wrapped within brackets joined again.
 */
struct clean_lines {
	char *text;              /* lines[i].at point into it */
	struct clean_line {
		char *at;
		size_t number;       /* where it stood, from 1 */
	} *line;
	size_t count, cap;
};

/* Any bytes. Caller: clean_finish(). */
void clean_text(const char *bytes, size_t len, struct clean_lines *ret_lines);
void clean_finish(struct clean_lines *);

#endif
