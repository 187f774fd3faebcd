/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef THRUPATH_EXPLAIN_FACTS_H
#define THRUPATH_EXPLAIN_FACTS_H

#include "explain/explain.h"
#include "names/hints.h"
#include "names/place.h"

/*
 * A report's rows as numbers that can be compared, whatever program they come from.
 */
struct fact {
	const struct read_row *row;
	bool is_answered;
	double ms;               /* the median of its answers, or their mean; NAN: none */
	double spread_ms;        /* worst less best; NAN */
	double sent, lost, loss; /* NAN where there are no counts */
	double floor_ms;         /* the least ms of this row and all behind it */
	double floor_loss, floor_lost; /* the least loss of them, and that row's count */
	bool is_private, is_shared; /* RFC 1918 and the like; 100.64/10 */
	struct hints hints;
	const struct place *place; /* where light lets it be; NULL */
};

struct facts {
	const struct read_report *report;
	size_t index;            /* of the report */
	struct fact fact[READ_ROWS];
	size_t count;
	size_t last;             /* the last that answered, from 1; 0: nobody did */
	size_t first;            /* and the first */
	size_t silent_tail;      /* rows behind it */
	bool has_end;            /* the target answered, in the last row */
	bool has_errors;         /* somebody said why */
	bool is_table;           /* rows have counts of many rounds */
	double rounds;           /* most probes that a row was sent */
};

void facts_of(const struct read_report *, size_t index, const struct table *names,
	struct facts *ret_facts);
bool facts_is_private(const struct addr *); /* of one's own network, or this host's */
bool facts_is_shared(const struct addr *);  /* RFC 6598: 100.64.0.0/10 */
/* Whether both rows were answered by the same host. */
bool facts_same_host(const struct fact *, const struct fact *);
/* Its replies are far apart, and not only one of them. */
bool facts_scatters(const struct fact *);
/* The last row before the i-th (from 0) that answered; count: none did. */
size_t facts_before(const struct facts *, size_t i);
/* What to call a row: its name or address, cleaned; "this router" where the text lost both. */
const char *facts_name(const struct fact *, char ret_text[64]);
/* "4 (name)", or "4": the number of its hop and who replied there. */
const char *facts_label(const struct fact *, unsigned hop, char ret_text[80]);
/* The destination, as the report says or shows it; unset where it does neither. */
const struct addr *facts_target(const struct facts *);
bool facts_same_target(const struct facts *, const struct facts *);

#endif
