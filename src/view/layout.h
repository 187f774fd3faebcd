/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef THRUPATH_VIEW_LAYOUT_H
#define THRUPATH_VIEW_LAYOUT_H

#include <stdbool.h>
#include <stddef.h>

#include "snap/snapshot.h"
#include "view/columns.h"

/*
 * Fits the table to a size: columns to the width, lines to the height. What is worth least
 * goes first; the hop number and the host go last. A column of numbers is as wide as the widest
 * of them, or is left out.
 */
enum { LAYOUT_COLUMNS = 40 };

struct layout_column {
	const struct column *column;
	size_t x, width;
	size_t words;           /* the width of its widest words; 0: it has none */
};

struct layout {
	struct layout_column column[LAYOUT_COLUMNS];
	size_t count;
};

struct layout_wish {
	const char *letters;
	const char *asked;      /* those of them that a key asked for stay longest; NULL: none */
	bool is_own;            /* the person's own order */
	bool is_plain;          /* columns of To need not be told from those of Through */
	size_t width, host_width; /* what there is; what the longest host takes */
};

/* The number, the host and the columns of these letters in their order; those whose probes are
 * not sent are left out, and mtr's blank. Where it is the person's own order, columns go from its
 * end; else the one that is worth least goes first. The host takes `host_width` where there is
 * room, then words what they need; what is left over then goes to a history at the end, else to
 * the host. */
void layout_columns(const struct snapshot *, const struct layout_wish *,
	struct layout *ret_layout);

/* What stands around a view, by height: what is worth least goes first. */
struct layout_frame {
	bool has_title, has_info, has_tabs, has_footer;
	size_t top, rows;               /* of the view */
};

struct layout_frame layout_frame(size_t height);

/* The rows of the table within the view, counted from its top. */
struct layout_rows {
	bool has_headings;
	size_t table_top, table_rows;   /* hop rows */
	size_t notes_top, notes_rows;
};

struct layout_rows layout_rows(size_t height, size_t hop_count, size_t note_count);

/* The first of `count` lines to show in so many rows where the last ones show. */
size_t layout_last_top(size_t count, size_t rows);

/* The first of `count` items to show in `rows` rows so that `selected` (1-based; 0 for
 * none) is among them, in the middle where that is possible. */
size_t layout_first(size_t count, size_t rows, size_t selected);

#endif
