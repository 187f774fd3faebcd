/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef THRUPATH_READ_COLUMNS_H
#define THRUPATH_READ_COLUMNS_H

#include "read/table.h"
#include "read/words.h"

/*
 * Tables with a line that names their columns: mtr with any -o, WinMTR, Markdown, CSV, RouterOS.
 */
enum { COLUMNS_MAX = 24 };

enum column {
	COLUMN_OTHER, COLUMN_HOP, COLUMN_HOST, COLUMN_NAME, COLUMN_AS, COLUMN_LOSS, COLUMN_SENT,
	COLUMN_RECEIVED, COLUMN_DROPPED, COLUMN_LAST, COLUMN_AVG, COLUMN_BEST, COLUMN_WORST,
	COLUMN_STDDEV, COLUMN_TARGET
};

struct columns {
	enum column column[COLUMNS_MAX];
	size_t count;            /* 0: no table has begun */
	const char *tool;        /* "mtr", static */
	char separator;          /* ' ': blanks, as many as there are; else '|' or ',' */
};

/* Whether the line names columns of such a table. */
bool columns_begin(const char *line, struct columns *ret_columns);
/* Whether it is a row of it; `next_hop` where rows have no numbers. Hop 0: more hosts of the row
 * before. */
bool columns_read(const struct columns *, const char *line, size_t number, unsigned next_hop,
	struct read_row *ret_row, struct read_host *ret_target);
/* A number of a column by that name, and who answered as a cell tells it; false: there is none. */
bool columns_set(struct read_row *, struct word name, struct word value);
/* A row of WinMTR, which is known without its title. */
bool columns_read_winmtr(const char *line, size_t number, unsigned hop, struct read_row *ret_row);
/* "0/ 100 =  0%" once for a link, twice for a hop: pathping's second part. `ret_link` is the loss
 * of a link, or NAN. */
bool columns_read_pathping(const char *line, size_t number, struct read_row *ret_row,
	double *ret_link);

#endif
