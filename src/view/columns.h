/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef THRUPATH_VIEW_COLUMNS_H
#define THRUPATH_VIEW_COLUMNS_H

#include <stdbool.h>
#include <stddef.h>

#include "snap/snapshot.h"
#include "view/canvas.h"

/*
 * The columns of the hop table: one const row each, which heads the table, fills its cells,
 * says what may be left out first on a narrow screen, and explains itself in the help.
 */

/* Whose numbers a column shows. */
enum column_source {
	COLUMN_OF_HOP,          /* neither: the number, the host */
	COLUMN_THROUGH,
	COLUMN_TO
};

enum column_id {
	COLUMN_NUMBER,
	COLUMN_HOST,
	COLUMN_LOSS,
	COLUMN_AT_MOST,
	COLUMN_LINK,
	COLUMN_P50,
	COLUMN_P95,
	COLUMN_JITTER,
	COLUMN_JITTER_AVG,
	COLUMN_JITTER_WORST,
	COLUMN_SENT,
	COLUMN_TO_LOSS,
	COLUMN_TO_P50,
	COLUMN_TO_SENT,
	COLUMN_TO_DROP,
	COLUMN_TO_RECEIVED,
	COLUMN_TO_LAST,
	COLUMN_TO_AVG,
	COLUMN_TO_BEST,
	COLUMN_TO_WORST,
	COLUMN_TO_STDEV,
	COLUMN_TO_GMEAN,
	COLUMN_TO_JITTER,
	COLUMN_TO_JITTER_AVG,
	COLUMN_TO_JITTER_WORST,
	COLUMN_TO_JITTER_INT,
	COLUMN_HISTORY,
	COLUMN_TO_HISTORY,
	COLUMN_COUNT
};

struct column_input {
	const struct snap_hop *hop;
	const struct snap_link *link;   /* that ends at the hop; NULL: none */
};

struct column_text {
	char text[32];
	enum role role;
};

struct column;
typedef void column_fn(const struct column *, const struct column_input *,
	struct column_text *ret_text);

struct column {
	enum column_source source;
	const char *heading;            /* N_() */
	const char *meaning;            /* N_(): a line for the help; NULL: said elsewhere */
	bool is_left;
	unsigned width;                 /* columns; the least for host and history */
	unsigned priority;              /* the lowest is left out first */
	size_t offset;                  /* of the double in struct snap_stats, for times */
	column_fn *value;               /* NULL: host and history, which are drawn to fit */
};

const struct column *column_get(enum column_id);

/* The statistics a column's source names; NULL where that probe is not sent to the hop. */
const struct snap_stats *column_stats(enum column_source, const struct snap_hop *);

/* Alarm where loss is proven, warning where there was some. */
enum role column_link_role(const struct snap_link *);

/* A loss in per cent as "0.0", "<0.1", "12.5", ">99.9": never rounded to nothing or to all. */
void column_percent(double fraction, char *ret_text, size_t cap);
/* Milliseconds with as many digits as fit six columns. */
void column_ms(double ms, char *ret_text, size_t cap);
/* The host to show: name, else address, else "???"; borrowed from the hop. */
const char *column_host(const struct snap_hop *);

#endif
