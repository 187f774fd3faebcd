/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef THRUPATH_INFER_WALKS_H
#define THRUPATH_INFER_WALKS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/*
 * Loss of single edges from the loss of walks that go over several of them. An edge is one
 * direction of a link; a walk may use it more than once.
 */
enum { EDGES_MAX = 320, WALKS_MAX = 320, WALK_EDGES_MAX = 192 };

/* What is known of a walk: how often it uses which edge, and between what its success lies. */
struct walk_bound {
	const uint8_t *times;    /* [edge] */
	double low, high;        /* success, 0 < low <= high <= 1 */
};

/* Bounds of every edge's loss: no edge gains packets, so what the others surely let pass, this
 * one cannot have lost, and what they surely did not lose, it must have. Repeats until nothing
 * moves. Only what several walks together prove comes out; on a tree no direction does. */
void walks_bound(const struct walk_bound *, size_t walk_count, size_t edge_count,
	double *ret_low, double *ret_high);

/* One walk, how often it uses which edge, and its counts. */
struct walk_loss {
	const uint8_t *times;    /* [edge] */
	uint64_t sent, lost;
};

/*
 * The same for many questions: with x the loss of each edge as -ln of its success, every walk says
 * that sum(times x) is -ln of its own, give or take lost / sent^2. The fit is the x >= 0 of least
 * weighted squares, by coordinate descent.
 */
struct walks_system {
	size_t walk_count, edge_count, entry_count;
	double y[WALKS_MAX], weight[WALKS_MAX];
	size_t first[EDGES_MAX + 1];     /* of an edge's entries */
	double curve[EDGES_MAX];         /* of the squares, along an edge */
	uint16_t walk[WALKS_MAX * WALK_EDGES_MAX];
	double times[WALKS_MAX * WALK_EDGES_MAX], pull[WALKS_MAX * WALK_EDGES_MAX]; /* weighted */
};

void walks_system_init(struct walks_system *, const struct walk_loss *, size_t walk_count,
	size_t edge_count);
/* Weighted squares that are left, of walk_count terms near 1 where all is well. Edges that are off
 * lose nothing; NULL: none is. `x` is where to start, and the fit. */
double walks_fit(const struct walks_system *, const bool *is_off, double *x);

#endif
