/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef THRUPATH_VIEW_CANVAS_H
#define THRUPATH_VIEW_CANVAS_H

#include <stdbool.h>
#include <stddef.h>

#include "base/strbuf.h"

/*
 * A grid of cells that a view draws and a terminal shows. A cell holds one character with
 * its combining marks and a role: what the text means, not how it looks. Knows no terminal.
 * Invariant: a cell of width 2 is followed by one of width 0 in the same row, and only there
 * is a cell of width 0.
 */
enum role {
	ROLE_NORMAL,
	ROLE_DIM,               /* not measured, or of little weight */
	ROLE_TITLE,
	ROLE_HEADING,
	ROLE_GOOD,
	ROLE_NOTICE,
	ROLE_WARNING,
	ROLE_ALARM,
	ROLE_ALARM_TEXT,        /* what an alarm says, beside its sign */
	ROLE_SELECTED,
	ROLE_TAB,               /* the chosen one of several */
	ROLE_KEY,               /* a key to press */
	ROLE_SERIES_A,          /* curves of a chart, to be told apart */
	ROLE_SERIES_B,
	ROLE_SERIES_C,
	ROLE_SERIES_D,
	ROLE_MARK,              /* a part of a word that matters */
	ROLE_COUNT
};

enum {
	CANVAS_CLUSTER = 20,    /* bytes: one character, four combining marks, the end */
	CANVAS_SIDE_MAX = 4096
};

struct canvas_cell {
	char text[CANVAS_CLUSTER];
	unsigned char width;
	enum role role;
};

struct canvas {
	size_t width, height;
	bool is_ascii;          /* the terminal shows nothing else: the rest becomes '?' */
	struct canvas_cell *cells;
};

/* Blank; sides above CANVAS_SIDE_MAX are cut. Finish with canvas_finish. */
void canvas_init(struct canvas *, size_t width, size_t height, bool is_ascii);
void canvas_finish(struct canvas *);
void canvas_clear(struct canvas *);
const struct canvas_cell *canvas_at(const struct canvas *, size_t x, size_t y);

/* Writes text from column x, clipped to `columns` and to the row; control characters and
 * broken bytes become '?'. A wide character that would be cut in half becomes a blank.
 * Returns the columns written. */
size_t canvas_put(struct canvas *, size_t x, size_t y, size_t columns, enum role,
	const char *text);
/* The same, ending at column x + columns; what does not fit is cut at its end. */
size_t canvas_put_right(struct canvas *, size_t x, size_t y, size_t columns, enum role,
	const char *text);
/* The columns that a text takes: on an ASCII canvas a wide character is one '?'. */
size_t canvas_columns(const struct canvas *, const char *text);
void canvas_paint(struct canvas *, size_t x, size_t y, size_t columns, enum role);

/* The rows' text, a line "roles", then one role letter a column; trailing blanks cut. */
void canvas_dump(const struct canvas *, struct strbuf *);

#endif
