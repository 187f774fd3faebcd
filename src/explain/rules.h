/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef THRUPATH_EXPLAIN_RULES_H
#define THRUPATH_EXPLAIN_RULES_H

#include "explain/facts.h"

/*
 * Each rule adds what it finds. Private to this layer.
 */
enum rank {                      /* what a reader has to hear first */
	RANK_LOOP = 10, RANK_UNREACHABLE = 20, RANK_NAT = 30, RANK_CHANGE = 40, RANK_FIRST_HOP = 50,
	RANK_PATH_LOSS = 60, RANK_LAST_MILE = 70, RANK_LIMIT_HALF = 75, RANK_TIME = 80,
	RANK_END_LIMITED = 90,
	RANK_END_FILTERED = 100, RANK_INCOMPLETE = 110, RANK_LIMIT = 120, RANK_LONG_HAUL = 130,
	RANK_SILENT = 140, RANK_ECMP = 150, RANK_FEW = 160, RANK_HEALTHY = 170, RANK_CANNOT_TELL = 180,
	RANK_BESIDE = 200        /* never the headline */
};

struct rules {
	const struct facts *facts;
	struct explanation *out;
};

/* Adds a finding about the rows of those hops; the text may be NULL, and is a format otherwise. */
struct explained *explain_add(struct rules *, const char *id, enum rank, enum explain_severity,
	unsigned low_hop, unsigned high_hop, const char *text, ...)
	__attribute__((format(printf, 7, 8)));
void explain_fact(struct explained *, const char *name, double value);
unsigned explain_hop(const struct rules *, size_t i); /* the number of the i-th row, from 0 */

void explain_errors(struct rules *);   /* loops, errors, translators */
void explain_loss(struct rules *);     /* what is lost, and what only a router leaves unanswered */
void explain_time(struct rules *);     /* steps, late hops, distances */
void explain_end(struct rules *);      /* whether the end was seen; silent rows, parallel paths */

#endif
