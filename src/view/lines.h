/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef THRUPATH_VIEW_LINES_H
#define THRUPATH_VIEW_LINES_H

#include <stddef.h>

#include "base/strbuf.h"
#include "view/canvas.h"

/*
 * A view that is text: lines of words, each word in a role, drawn into a part of the canvas
 * from any line on. The first `fixed` lines are headings and stay. Knows no snapshot.
 */
struct area {
	size_t x, y, width, height;
};

enum { LINE_SPANS = 24 };

struct line_span {
	size_t x, columns;
	enum role role;
};

struct line {
	struct strbuf text;
	struct line_span span[LINE_SPANS];  /* what is not ROLE_NORMAL */
	size_t span_count;
	unsigned item;                      /* what it is about, so that it may be chosen; 0: nothing */
};

struct lines {
	struct line *line;
	size_t count, cap, fixed;
};

void lines_finish(struct lines *);

void lines_begin(struct lines *, unsigned item);       /* the rest adds to this one */
void lines_put(struct lines *, enum role, const char *text);
void lines_printf(struct lines *, enum role, const char *format, ...) PRINTF_LIKE(3, 4);
/* Filled up or cut to so many columns. */
void lines_left(struct lines *, enum role, size_t columns, const char *text);
/* The same, but what was cut says so by its last column. */
void lines_words(struct lines *, enum role, size_t columns, bool is_ascii, const char *text);
/* A blank, then right-aligned; longer text is kept whole. */
void lines_right(struct lines *, enum role, size_t columns, const char *text);
void lines_pad(struct lines *, size_t column);         /* blanks up to that column */
void lines_head(struct lines *, const char *text);     /* a line of its own, ROLE_HEADING */
/* Words that go on in further lines of `width` columns, indented as the first one is. */
void lines_wrap(struct lines *, enum role, size_t width, unsigned item, const char *text);
/* Text of several lines, each wrapped. */
void lines_text(struct lines *, enum role, size_t width, const char *text);

/* Draws from line `top` on; where `item` is not 0, moves so that its lines show, marks them,
 * and says how much is above and below. Returns the line it began with. */
size_t lines_draw(const struct lines *, const struct area *, size_t top, unsigned item,
	struct canvas *);

/* Draws the last line alone, its end in sight, as one that is being typed in; a mark says that its
 * beginning is not. */
void lines_draw_end(const struct lines *, const struct area *, struct canvas *);

/* The item that lies at row `y` of the area when drawn so; 0: none. */
unsigned lines_item_at(const struct lines *, const struct area *, size_t top, unsigned item,
	size_t y);

#endif
