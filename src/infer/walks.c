/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "infer/walks.h"

#include <math.h>

enum { ROUNDS_MAX = 60, SWEEPS_MAX = 400 };

static const double TINY = 1e-7, FIT_EXACT = 1e-6;

/* The edges that some walk uses, and between what the logarithms of their success lie. */
struct bounds {
	uint16_t edge[EDGES_MAX];
	size_t count;
	double low[EDGES_MAX], high[EDGES_MAX]; /* [edge] */
};

/* What a walk's edges come to together at the least and at the most. */
struct walk_sum {
	double low, high;
	size_t unbounded;        /* edges of which no least is known: they are not in `low` */
};

static struct walk_sum sum_of(const struct walk_bound *walk, const struct bounds *bounds)
{
	struct walk_sum sum = {0};

	for (size_t i = 0; i < bounds->count; i++) {
		size_t e = bounds->edge[i];
		double m = walk->times[e];

		if (m > 0 && isinf(bounds->low[e])) {
			sum.unbounded++;
		} else if (m > 0) {
			sum.low += m * bounds->low[e];
		}
		sum.high += m * bounds->high[e];
	}
	return sum;
}

/* One walk: with L the logarithms of success, sum(times L) lies between y_low and y_high, so
 * each edge lies between what is left of these when the others do their most and their least. */
static bool tighten(const struct walk_bound *walk, struct bounds *bounds)
{
	double y_low = log(walk->low), y_high = log(walk->high);
	struct walk_sum sum = sum_of(walk, bounds);
	bool has_moved = false;

	for (size_t i = 0; i < bounds->count; i++) {
		size_t e = bounds->edge[i];
		double m = walk->times[e], *low = &bounds->low[e], *high = &bounds->high[e], limit;

		if (m == 0) {
			continue;
		}
		limit = (y_low - (sum.high - m * *high)) / m;
		if (limit > *low + TINY) {
			limit = fmin(limit, *high);
			sum.low += isinf(*low) ? m * limit : m * (limit - *low);
			sum.unbounded -= isinf(*low) ? 1 : 0;
			*low = limit;
			has_moved = true;
		}
		if (sum.unbounded > (isinf(*low) ? 1u : 0u)) {
			continue;
		}
		limit = (y_high - (sum.low - (isinf(*low) ? 0 : m * *low))) / m;
		if (limit < *high - TINY) {
			limit = fmax(limit, *low);
			sum.high += m * (limit - *high);
			*high = limit;
			has_moved = true;
		}
	}
	return has_moved;
}

void walks_bound(const struct walk_bound *walks, size_t walk_count, size_t edge_count,
	double *ret_low, double *ret_high)
{
	struct bounds bounds = {0};
	bool has_moved = true;

	for (size_t e = 0; e < edge_count; e++) {
		bool is_used = false;

		bounds.low[e] = -INFINITY;
		for (size_t i = 0; i < walk_count && !is_used; i++) {
			is_used = walks[i].times[e] > 0;
		}
		if (is_used) {
			bounds.edge[bounds.count++] = (uint16_t)e;
		}
	}
	for (size_t round = 0; has_moved && round < ROUNDS_MAX; round++) {
		has_moved = false;
		for (size_t i = 0; i < walk_count; i++) {
			has_moved = tighten(&walks[i], &bounds) || has_moved;
		}
	}
	for (size_t e = 0; e < edge_count; e++) {
		ret_low[e] = 1 - exp(bounds.high[e]);
		ret_high[e] = 1 - exp(bounds.low[e]);
	}
}

void walks_system_init(struct walks_system *system, const struct walk_loss *walks,
	size_t walk_count, size_t edge_count)
{
	size_t count = 0;

	system->walk_count = walk_count;
	system->edge_count = edge_count;
	for (size_t i = 0; i < walk_count; i++) {
		double sent = (double)walks[i].sent, lost = (double)walks[i].lost;

		system->y[i] = -log((sent - lost + .5) / (sent + .5));
		system->weight[i] = sent * (sent - lost + 1) / (lost + 1);
	}
	for (size_t e = 0; e < edge_count; e++) {
		system->first[e] = count;
		system->curve[e] = 0;
		for (size_t i = 0; i < walk_count && count < WALKS_MAX * WALK_EDGES_MAX; i++) {
			if (walks[i].times[e] > 0) {
				system->walk[count] = (uint16_t)i;
				system->times[count] = walks[i].times[e];
				system->pull[count] = system->weight[i] * walks[i].times[e];
				system->curve[e] += system->pull[count] * walks[i].times[e];
				count++;
			}
		}
	}
	system->first[edge_count] = count;
}

/* Moves one edge to where the squares are least; returns by how much. */
static double descend(const struct walks_system *system, size_t e, double *x, double *left)
{
	double slope = 0, moved, at;

	if (system->curve[e] == 0) {
		return 0;
	}
	for (size_t i = system->first[e]; i < system->first[e + 1]; i++) {
		slope += system->pull[i] * left[system->walk[i]];
	}
	at = fmax(*x + slope / system->curve[e], 0);
	moved = at - *x;
	*x = at;
	for (size_t i = system->first[e]; moved != 0 && i < system->first[e + 1]; i++) {
		left[system->walk[i]] -= moved * system->times[i];
	}
	return fabs(moved);
}

double walks_fit(const struct walks_system *system, const bool *is_off, double *x)
{
	double left[WALKS_MAX], moved = 1, squares = 0;

	for (size_t i = 0; i < system->walk_count; i++) {
		left[i] = system->y[i];
	}
	for (size_t e = 0; e < system->edge_count; e++) {
		x[e] = is_off != NULL && is_off[e] ? 0 : x[e];
		for (size_t i = system->first[e]; i < system->first[e + 1]; i++) {
			left[system->walk[i]] -= x[e] * system->times[i];
		}
	}
	for (size_t sweep = 0; moved > FIT_EXACT && sweep < SWEEPS_MAX; sweep++) {
		moved = 0;
		for (size_t e = 0; e < system->edge_count; e++) {
			if (is_off == NULL || !is_off[e]) {
				moved = fmax(moved, descend(system, e, &x[e], left));
			}
		}
	}
	for (size_t i = 0; i < system->walk_count; i++) {
		squares += system->weight[i] * left[i] * left[i];
	}
	return squares;
}
