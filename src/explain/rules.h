/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef THRUPATH_EXPLAIN_RULES_H
#define THRUPATH_EXPLAIN_RULES_H

#include "explain/facts.h"

/*
 * Each rule adds what it finds. Private to this layer.
 */
enum explain_kind {
	EXPLAIN_ROUTING_LOOP, EXPLAIN_UNREACHABLE, EXPLAIN_PROHIBITED, EXPLAIN_MTU, EXPLAIN_NAT,
	EXPLAIN_UNEQUAL_ECMP, EXPLAIN_FIRST_HOP, EXPLAIN_PATH_LOSS, EXPLAIN_LAST_MILE,
	EXPLAIN_TUNNEL, EXPLAIN_TOO_SLOW, EXPLAIN_LATENCY_STEP, EXPLAIN_END_LIMITED,
	EXPLAIN_END_FILTERED, EXPLAIN_INCOMPLETE, EXPLAIN_RATE_LIMIT, EXPLAIN_COSMETIC_LOSS,
	EXPLAIN_COSMETIC_LATENCY, EXPLAIN_LONG_HAUL, EXPLAIN_SILENT_HOP, EXPLAIN_ECMP,
	EXPLAIN_TOO_FEW, EXPLAIN_HEALTHY, EXPLAIN_CANNOT_TELL, EXPLAIN_QUEUEING,
	EXPLAIN_RETURN_LENGTH, EXPLAIN_DUPLICATE_HOP, EXPLAIN_MPLS, EXPLAIN_CGNAT, EXPLAIN_PRIVATE,
	EXPLAIN_ROUTE_CHANGE, EXPLAIN_ASYMMETRIC_PATH,
	EXPLAIN_KIND_COUNT
};

enum {
	RANK_LIMIT_HALF = 75,    /* half of a hop's replies and more are missing */
	RANK_BESIDE = 200        /* from here on: never the headline */
};

struct rules {
	const struct facts *facts;
	struct explanation *out;
};

static const size_t WHOLE_PATH = SIZE_MAX;

/* Adds a finding about the rows from the first to the last, from 0; WHOLE_PATH twice: about all.
 * The text is a translated format. */
struct explained *explain_add(struct rules *, enum explain_kind, size_t first, size_t last,
	const char *text, ...) __attribute__((format(printf, 5, 6)));
/* The same of two places that were compared, or of hops whose rows are left out. */
struct explained *explain_hops(struct rules *, enum explain_kind, unsigned low_hop,
	unsigned high_hop, const char *text, ...) __attribute__((format(printf, 5, 6)));
/* It holds, and is not what a reader has to hear first. */
void explain_beside(struct explained *);
void explain_fact(struct explained *, const char *name, double value); /* NAN: left out */
const char *explain_id(enum explain_kind);
unsigned explain_hop(const struct rules *, size_t i); /* the number of the i-th row, from 0 */

void explain_errors(struct rules *);   /* loops, errors, translators */
void explain_loss(struct rules *);     /* what is lost, and what only a router leaves unanswered */
void explain_time(struct rules *);     /* steps, late hops, distances */
void explain_end(struct rules *);      /* whether the end was seen; silent rows, parallel paths */

#endif
