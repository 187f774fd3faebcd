/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <math.h>

#include "diag/diag_int.h"

/*
 * Whether the end limits its replies. Nothing replies behind it that could refute its loss, so that
 * this is asked before its loss is believed.
 */

/* ln of how much better than chance token buckets explain the replies: known to be one, and not
 * one any more; and of how much better the best of them does, before loss is believed. */
static const double KNOWN = 12, OVER = -3, OPEN = 2;

/* s: by how much a probe may be late where the bucket is. */
static const double SLACK = 0.03;

/* s: in which scan and discovery take tokens as well. */
static const double OPENING = 5;

/* s between two looks, which take milliseconds. */
static const double APART = 1;

/* Rounds between two looks, or one of so many of all; and before anything is believed, which is
 * after the first look: it waits for no other. */
enum { NEW_MIN = 8, NEW_SHARE = 16, LEAST = 24 };

/* The probes of one round that the end itself has to answer. */
static struct bucket_probes probes_of(const struct session *session, uint32_t round)
{
	const struct hop *end = &session->hops[session->hop_count - 1];
	struct bucket_probes probes = {.at = ns_to_sec(session_round_at(session, round))};

	for (int kind = 0; kind < WALK_STATS_COUNT; kind++) {
		const struct stats_cell *cell = stats_cell_of(&end->walk[kind], round);

		if (stats_is_resolved(cell) && (kind == WALK_TO || end->is_answering)) {
			probes.asked++;
			probes.answered = (uint8_t)(probes.answered + (cell->outcome == OUTCOME_ANSWERED));
		}
	}
	return probes;
}

static size_t kept(const struct limit_watch *limit)
{
	return limit->count < LIMIT_PROBES ? limit->count : LIMIT_PROBES;
}

static void look(struct limit_watch *limit)
{
	struct bucket_probes probes[LIMIT_PROBES];
	size_t count = kept(limit);

	for (size_t i = 0; i < count; i++) {
		probes[i] = limit->probes[(limit->count - count + i) % LIMIT_PROBES];
	}
	limit->fit = bucket_fit(probes, count, SLACK);
	/* Where all are answered, or none is, nobody knows, and nothing is limited now. */
	limit->is_open = isinf(limit->fit.best) || limit->fit.best > OPEN;
	limit->is_known = limit->fit.evidence > (limit->is_known ? OVER : KNOWN);
}

void limit_take_round(struct limit_watch *limit, const struct session *session, uint32_t round)
{
	struct bucket_probes probes = probes_of(session, round);
	size_t share = kept(limit) / NEW_SHARE, due = share > NEW_MIN ? share : NEW_MIN;

	if (probes.asked == 0) {
		return;
	}
	limit->begun = limit->begun > 0 ? limit->begun : probes.at;
	if (probes.at < limit->begun + OPENING) {
		return;
	}
	limit->probes[limit->count++ % LIMIT_PROBES] = probes;
	if (++limit->fresh >= due && probes.at >= limit->looked_at + APART) {
		limit->fresh = 0;
		limit->looked_at = probes.at;
		look(limit);
	}
}

bool limit_may_be(const struct diag *diag, const struct session *session, size_t k)
{
	const struct limit_watch *limit = &diag->end.limit;

	return k + 1 == session->hop_count &&
	       (limit->is_known || limit->is_open || limit->count < LEAST);
}
