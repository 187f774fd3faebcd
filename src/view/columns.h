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

/* Letters of the two columns that always show. */
enum { COLUMN_NUMBER = '#', COLUMN_HOST = '@' };

struct column_input {
	const struct snap_hop *hop;
	const struct snap_link *link;   /* that ends at the hop; NULL: none */
	bool is_filled;                 /* replies of the hop stand for what went through it, where
	                                 * that was not measured */
};

struct column_text {
	char text[128];                 /* may be wider than the column: whoever draws it cuts */
	enum role role;
};

struct column;
typedef void column_fn(const struct column *, const struct column_input *,
	struct column_text *ret_text);

struct column {
	char letter;                    /* by which it is chosen: mtr's for its own fields */
	enum column_source source;
	const char *heading;            /* N_() */
	const char *unit;               /* N_(); "" for words and counts */
	const char *meaning;            /* N_(): a line for the help */
	bool is_left;
	bool is_rare;                   /* no column of a set when no hop has it */
	unsigned width;                 /* columns; the least for host and history */
	unsigned priority;              /* the lowest is left out first */
	size_t offset;                  /* of the number in struct snap_stats; or enum snap_network */
	column_fn *value;               /* NULL: host and history, which are drawn to fit */
};

size_t column_count(void);
const struct column *column_at(size_t index);
const struct column *column_of(char letter);               /* NULL: there is none */
bool column_is_history(const struct column *);

/* Whether each letter of the text names a column that may be chosen, or is mtr's blank. */
bool columns_are_known(const char *letters);

/* What heads a column of To where no other is of Through; translated. */
const char *column_plain_heading(const struct column *);

/* The statistics a column's source names; NULL where that probe is not sent to the hop. */
const struct snap_stats *column_stats(enum column_source, const struct snap_hop *);
/* The same for a cell; ret_is_filled: those of the hop's replies, in their stead. */
const struct snap_stats *column_cell_stats(const struct column *, const struct column_input *,
	bool *ret_is_filled);

/* Alarm where a finding names the link, as in --json; warning where there was loss. */
enum role column_link_role(const struct snap_link *);

/* A loss in per cent as "0.0", "<0.1", "12.5", ">99.9": never rounded to nothing or to all. */
void column_percent(double fraction, char *ret_text, size_t cap);
/* Milliseconds with as many digits as fit six columns. */
void column_ms(double ms, char *ret_text, size_t cap);
/* The same with so many decimals that values a step apart differ, and are exact where the step
 * and they have no more. */
void column_ms_step(double ms, double step, char *ret_text, size_t cap);
/* Where an axis from low must at least end, so that steps on it fit six columns. */
double column_ms_axis_end(double low, double high);
/* The host to show: name, else address, else who says why it does not answer, else the destination
 * that is awaited there, else "???"; borrowed from the hop. */
const char *column_host(const struct snap_hop *);
/* "name", or both as "name (address)", "address", or "???" where both are NULL; appended. */
void column_put_host(const char *address, const char *name, bool shows_both, struct strbuf *);
/* The same of a hop; where all that comes back is an error, who says so, and what; appended. */
void column_put_hop(const struct snap_hop *, bool shows_both, struct strbuf *);

#endif
