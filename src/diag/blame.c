/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <math.h>
#include <string.h>

#include "diag/diag_int.h"

/*
 * Who is it? Depths that are compared show that something between them loses; whether that is a
 * direction of the link or one of its two hops, which unwrap what is nested, all walks together
 * tell: what a part is blamed for is by how much worse they fit when that part loses nothing.
 */

/* Squares that the walks are off the fit without these edges, over those with them, in units of
 * what they are off anyway. */
static double without(struct diag *diag, const bool *is_off, double squares, double scale)
{
	double x[EDGES_MAX];

	memcpy(x, diag->fit, sizeof x);
	return (walks_fit(&diag->system, is_off, x) - squares) / scale;
}

static void blame_link(struct diag *diag, size_t k, double squares, double scale)
{
	struct blame *blame = &diag->blame[k];
	bool is_off[EDGES_MAX] = {false};

	for (size_t i = diag->near[k]; i <= k; i++) {
		is_off[edge_out(i)] = true;
	}
	blame->out_asked = without(diag, is_off, squares, scale);
	for (size_t i = diag->near[k]; i <= k; i++) {
		is_off[edge_back(i)] = true;
	}
	blame->link_asked = without(diag, is_off, squares, scale);
	for (size_t i = diag->near[k]; i <= k; i++) {
		is_off[edge_out(i)] = false;
	}
	blame->back_asked = without(diag, is_off, squares, scale);
}

static void blame_unwrap(struct diag *diag, size_t k, double squares, double scale)
{
	bool is_off[EDGES_MAX] = {false};

	is_off[edge_unwrap(k)] = true;
	diag->blame[k].unwrap_asked = without(diag, is_off, squares, scale);
	diag->blame[k].unwrap_loss = 1 - exp(-diag->fit[edge_unwrap(k)]);
}

void blame_judge(struct diag *diag, const struct session *session)
{
	struct ledger *ledger = &diag->ledger;
	size_t used = 0;
	double squares, scale;

	memset(diag->blame, 0, sizeof diag->blame);
	ledger_build(ledger, diag, session);
	if (ledger->walk_count == 0) {
		return;
	}
	walks_system_init(&diag->system, ledger->loss, ledger->walk_count, ledger->edge_count);
	memset(diag->fit, 0, sizeof diag->fit);
	squares = walks_fit(&diag->system, NULL, diag->fit);
	for (size_t e = 0; e < ledger->edge_count; e++) {
		used += diag->fit[e] > 0;
	}
	/* Bursts scatter the counts more than chance: then less is proven. */
	scale = fmax(1, squares / fmax(1, (double)ledger->walk_count - (double)used));
	for (size_t k = 0; k < session->hop_count; k++) {
		if (diag->is_measured[k] && (watch_has_alarm(&diag->link[k]) ||
		    watch_has_alarm(&diag->plain[k]))) {
			blame_link(diag, k, squares, scale);
			blame_unwrap(diag, k, squares, scale);
			if (diag->near[k] > 0) {
				blame_unwrap(diag, diag->near[k] - 1u, squares, scale);
			}
		}
	}
}
