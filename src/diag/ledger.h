/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef THRUPATH_DIAG_LEDGER_H
#define THRUPATH_DIAG_LEDGER_H

#include "diag/diag.h"
#include "infer/walks.h"

struct diag;

/*
 * Every counted walk with all that can lose it: each direction of each link it goes over, each
 * hop that unwraps it. What is not known to be of the path is an edge of its own.
 */
enum { LEDGER_WALKS = WALKS_MAX, LEDGER_DIFFERENCES = 128 };

struct ledger {
	uint8_t times[LEDGER_WALKS + LEDGER_DIFFERENCES][EDGES_MAX];
	struct walk_bound walk[LEDGER_WALKS + LEDGER_DIFFERENCES];
	struct walk_loss loss[LEDGER_WALKS];
	size_t walk_count, edge_count;
	struct addr other[EDGES_MAX - 3 * HOP_MAX]; /* ingress address of edges off the path */
};

/* Edges: hops[k] out, back, and what it unwraps; the others follow. */
static inline size_t edge_out(size_t k)
{
	return k;
}

static inline size_t edge_back(size_t k)
{
	return HOP_MAX + k;
}

static inline size_t edge_unwrap(size_t k)
{
	return 2 * HOP_MAX + k;
}

void ledger_build(struct ledger *, const struct diag *, const struct session *);

#endif
