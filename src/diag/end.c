/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <math.h>
#include <string.h>

#include "diag/diag_int.h"
#include "infer/loss.h"

/*
 * The end of the path: whether it replies at all, and where the loss begins that it has of its own
 * replies, read from those of all hops.
 */
static const double SILENT_CHANCE = 1e-6;

/* Of an end that has never replied more is asked: nobody knows how often it does. */
static const ns_t SILENT_LASTS = 2 * NS_PER_SEC, NEVER_LASTS = 3 * NS_PER_SEC;

enum { SILENT_ROUNDS = 4, NEVER_ROUNDS = 8, PATIENCE = 4 };

/* What the probes of one round came to that had to reach hops[k]. */
static enum outcome outcome_of(const struct session *session, size_t k, uint32_t round)
{
	enum outcome outcome = OUTCOME_NONE;

	for (int kind = 0; kind < WALK_STATS_COUNT; kind++) {
		const struct stats_cell *cell = stats_cell_of(&session->hops[k].walk[kind], round);

		if (cell != NULL && (cell->outcome == OUTCOME_ANSWERED ||
		    cell->outcome == OUTCOME_LATE)) {
			return OUTCOME_ANSWERED;
		}
		outcome = stats_is_resolved(cell) ? OUTCOME_LOST : outcome;
	}
	return outcome;
}

bool end_is_silent(const struct diag *diag, const struct session *session)
{
	const struct end_watch *end = &diag->end;
	double share = ((double)end->missed_before + 0.5) / ((double)end->asked_before + 1);
	ns_t lasted = diag->now - end->silent_at;

	if (end->missed == 0) {
		return false;
	}
	if (!end->has_replied) {
		/* One that replied to discovery may limit its replies, and have given them out then. */
		unsigned patience = session->has_end_answered ? PATIENCE : 1;

		return diag->is_over || (end->missed >= patience * NEVER_ROUNDS &&
			lasted >= patience * NEVER_LASTS);
	}
	return end->missed >= SILENT_ROUNDS && end->missed > 3 * end->longest &&
	       lasted >= SILENT_LASTS && end->missed * log(share) < log(SILENT_CHANCE);
}

size_t end_last_heard(const struct diag *diag, const struct session *session)
{
	/* Of the round in which the end fell silent some probes may have come by before. */
	uint32_t since = diag->end.has_replied ? diag->end.silent_round + 1 : 1;

	for (size_t k = session->hop_count - 1; k-- > 0;) {
		if (diag->end.heard_round[k] >= since) {
			return k + 1;
		}
	}
	return 0;
}

static ns_t length_of(const struct diag_outage *outage)
{
	return outage->end - outage->begin;
}

/* All of them, as long as there is room, then the longest. */
static void keep_outage(struct end_watch *end, const struct diag_outage *outage)
{
	size_t shortest = 0;

	if (end->outage_count == OUTAGES_MAX) {
		end->forgotten++;
		for (size_t i = 1; i < OUTAGES_MAX; i++) {
			if (length_of(&end->outage[i]) < length_of(&end->outage[shortest])) {
				shortest = i;
			}
		}
		if (length_of(outage) < length_of(&end->outage[shortest])) {
			return;
		}
		end->outage_count--;
		memmove(&end->outage[shortest], &end->outage[shortest + 1],
			(end->outage_count - shortest) * sizeof end->outage[0]);
	}
	end->outage[end->outage_count++] = *outage;
}

struct diag_end diag_end(const struct diag *diag)
{
	const struct end_watch *end = &diag->end;

	return (struct diag_end){.is_known = end->has_replied || end->is_silent,
		.is_up = end->has_replied && !end->is_silent,
		.is_undecided = end->is_undecided && !end->is_silent, .replied_at = end->replied_at,
		.outage_count = end->outage_count + end->is_silent, .forgotten = end->forgotten,
		.down = end->down + (end->is_silent ? end->missed_at - end->silent_at : 0)};
}

struct diag_outage diag_outage(const struct diag *diag, size_t i)
{
	return i < diag->end.outage_count ? diag->end.outage[i] : (struct diag_outage){
		diag->end.silent_at, NS_NEVER, diag->end.last_hop};
}

void end_take_round(struct diag *diag, const struct session *session, uint32_t round)
{
	struct end_watch *end = &diag->end;
	enum outcome outcome;

	if (!addr_equal(&end->address, &session->destination)) {
		*end = (struct end_watch){.address = session->destination};
	}
	for (size_t k = 0; k < session->hop_count; k++) {
		if (outcome_of(session, k, round) == OUTCOME_ANSWERED) {
			end->heard_round[k] = round;
		}
	}
	if (session->hop_count > 0 && session->has_end_answered && !end->is_silent) {
		limit_take_round(&end->limit, session, round);
	}
	outcome = session->hop_count == 0 ? OUTCOME_NONE :
		outcome_of(session, session->hop_count - 1, round);
	/* A router that answers in its stead is not the destination. */
	outcome = outcome == OUTCOME_ANSWERED && !session->has_end_answered ? OUTCOME_LOST : outcome;
	if (outcome == OUTCOME_LOST) {
		if (end->missed == 0) {
			end->silent_round = round;
			end->silent_at = session_round_at(session, round);
		}
		end->missed++;
		end->missed_at = session_round_at(session, round);
		end->is_silent = end->is_silent || end_is_silent(diag, session);
	} else if (outcome == OUTCOME_ANSWERED) {
		/* An outage says nothing of how often it is missed otherwise. */
		if (end->is_silent) {
			end->back_at = session_round_at(session, round);
			end->down += end->back_at - end->silent_at;
			keep_outage(end, &(struct diag_outage){end->silent_at, end->back_at,
				(uint8_t)end_last_heard(diag, session)});
			end->limit.count = end->limit.fresh = 0;
			end->limit.closed = 0;
		} else {
			end->longest = end->missed > end->longest ? end->missed : end->longest;
			end->missed_before += end->missed;
			end->asked_before += end->missed + 1;
		}
		end->has_replied = true;
		end->replied_at = session_round_at(session, round);
		end->missed = 0;
		end->is_silent = false;
	}
}

/* What hops[k] lost of its own replies. */
static struct loss_count own_loss(const struct session *session, size_t k)
{
	const struct stats *to = watch_stats(session, k, WALK_TO);

	return (struct loss_count){to->lost, stats_loss_trials(to)};
}

/* What a hop loses more than one behind it is not lost on the way. */
static bool is_more_than_behind(const struct session *session, size_t k, size_t end)
{
	struct loss_count own = own_loss(session, k);

	for (size_t i = k + 1; i <= end; i++) {
		struct loss_count behind = own_loss(session, i);

		if (watch_stats(session, i, WALK_TO)->received > 0 && loss_is_more(&own, &behind)) {
			return true;
		}
	}
	return false;
}

/* Routers that limit their answers, or may, or lose more of them than hops behind them do, have
 * reasons of their own, and those that never answer say nothing. */
static bool tells_place(const struct diag *diag, const struct session *session, size_t k,
	size_t end)
{
	return k == end || (watch_stats(session, k, WALK_TO)->received > 0 &&
		!limit_may_be(diag, session, k) && !is_more_than_behind(session, k, end));
}

struct loss_place diag_loss_place(const struct diag *diag, const struct session *session,
	size_t first, size_t end)
{
	struct loss_count count[HOP_MAX];
	uint8_t hops[HOP_MAX + 1] = {0};
	size_t n = 0;
	struct loss_rise rise;

	for (size_t k = first; k <= end; k++) {
		if (tells_place(diag, session, k, end)) {
			count[n] = own_loss(session, k);
			hops[n++] = (uint8_t)(k + 1);
		}
	}
	rise = loss_rise_find(count, n);
	/* What lies between two hops that can tell may be at any of those that cannot. */
	return (struct loss_place){.from = hops[rise.best], .high = hops[rise.high],
		.low = rise.low == 0 ? (uint8_t)(first + 1) : (uint8_t)(hops[rise.low - 1] + 1)};
}

uint8_t end_telling(struct diag *diag, const struct session *session)
{
	struct end_watch *end = &diag->end;
	size_t last = session->hop_count - 1;

	if (!end->limit.is_known && (end->has_replied || !end->is_silent)) {
		end->stand_in = 0;
	} else if (end->stand_in == 0 || end->stand_in > last ||
	    !tells_place(diag, session, end->stand_in - 1u, last)) {
		end->stand_in = 0;
		for (size_t k = last; k-- > 0 && end->stand_in == 0;) {
			end->stand_in = tells_place(diag, session, k, last) ? (uint8_t)(k + 1) : 0;
		}
	}
	return end->stand_in > 0 ? end->stand_in : (uint8_t)session->hop_count;
}
