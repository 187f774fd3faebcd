/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <math.h>
#include <string.h>

#include "diag/diag_int.h"

/*
 * Out or back? A closed walk tells only the product of what it crosses, so a direction comes out
 * only where some walks use a link one way and others do not: where routing goes home by
 * another way, or a walk was sent by a router of that way. Every edge that is not known to be
 * one of the path's is an edge of its own.
 */
enum { DIFFERENCE_EDGES = 4 };

static const double PROVEN = 2e-4, ASKED = 9;

/* The edges that `longer` uses more often than `shorter`; false when it does not use all of
 * that one's. */
static bool subtract(const struct ledger *ledger, size_t longer, size_t shorter, uint8_t *ret_times)
{
	const uint8_t *a = ledger->times[longer], *b = ledger->times[shorter];

	for (size_t e = 0; e < ledger->edge_count; e++) {
		if (a[e] < b[e]) {
			return false;
		}
	}
	for (size_t e = 0; e < ledger->edge_count; e++) {
		ret_times[e] = a[e] - b[e];
	}
	return true;
}

static unsigned sum_of(const struct ledger *ledger, size_t walk)
{
	unsigned sum = 0;

	for (size_t e = 0; e < ledger->edge_count; e++) {
		sum += ledger->times[walk][e];
	}
	return sum;
}

/* Two walks of which one has all the edges of the other say of the rest what single bounds
 * of the shared edges do not: what loss the shorter had is not shared out among them anew. Of
 * those only which cross the link of hops[k]. */
static void add_differences(struct ledger *ledger, size_t k)
{
	size_t count = ledger->walk_count, most = LEDGER_WALKS + LEDGER_DIFFERENCES;
	unsigned edges[LEDGER_WALKS];

	for (size_t i = 0; i < count; i++) {
		edges[i] = sum_of(ledger, i);
	}
	for (size_t i = 0; i < count; i++) {
		if (ledger->times[i][edge_out(k)] + ledger->times[i][edge_back(k)] == 0) {
			continue;
		}
		for (size_t j = 0; j < count && ledger->walk_count < most; j++) {
			uint8_t *times = ledger->times[ledger->walk_count];

			/* Of many edges single ones are hardly bounded. */
			if (edges[i] <= edges[j] || edges[i] > edges[j] + DIFFERENCE_EDGES) {
				continue;
			}
			if (subtract(ledger, i, j, times) &&
			    times[edge_out(k)] + times[edge_back(k)] > 0) {
				ledger->walk[ledger->walk_count++] = (struct walk_bound){.times = times,
					.low = fmin(ledger->walk[i].low / ledger->walk[j].high, 1),
					.high = fmin(ledger->walk[i].high / ledger->walk[j].low, 1)};
			} else {
				memset(times, 0, sizeof ledger->times[0]);
			}
		}
	}
}

/* What bounds are about crosses links only: hops that unwrap badly are told before. */
static void forget_unwraps(struct ledger *ledger)
{
	for (size_t i = 0; i < ledger->walk_count; i++) {
		memset(ledger->times[i] + edge_unwrap(0), 0, HOP_MAX);
	}
}

void direction_judge(struct diag *diag, const struct session *session, size_t k)
{
	struct ledger *ledger = &diag->ledger;
	double low[EDGES_MAX], high[EDGES_MAX];
	struct link_verdict *verdict = &diag->verdict[k];
	const struct blame *blame = &diag->blame[k];
	size_t first = diag->near[k];

	ledger_build(ledger, diag, session);
	forget_unwraps(ledger);
	add_differences(ledger, k);
	walks_bound(ledger->walk, ledger->walk_count, ledger->edge_count, low, high);
	*verdict = (struct link_verdict){.is_suspect = verdict->is_suspect, .has_bounds = true,
		.rounds_to_decide = verdict->rounds_to_decide};
	/* Over hops that were passed over the link has several edges each way. */
	for (size_t i = first; i <= k; i++) {
		verdict->out_low = fmax(verdict->out_low, low[edge_out(i)]);
		verdict->back_low = fmax(verdict->back_low, low[edge_back(i)]);
		verdict->out_high = 1 - (1 - verdict->out_high) * (1 - high[edge_out(i)]);
		verdict->back_high = 1 - (1 - verdict->back_high) * (1 - high[edge_back(i)]);
	}
	/* Bounds know no faulty hops, and the fit no certainty: a direction takes both. */
	if (verdict->out_low > PROVEN && verdict->back_low > PROVEN) {
		verdict->direction = blame->out_asked > ASKED && blame->back_asked > ASKED ?
			DIRECTION_BOTH : DIRECTION_UNKNOWN;
	} else if (verdict->out_low > PROVEN && blame->out_asked > ASKED) {
		verdict->direction = DIRECTION_OUT;
	} else if (verdict->back_low > PROVEN && blame->back_asked > ASKED) {
		verdict->direction = DIRECTION_BACK;
	}
}
