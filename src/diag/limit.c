/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/mem.h"
#include "diag/diag_int.h"

/*
 * Whether hops limit their replies: by when their probes left, and those on the way also by how
 * their losses follow one another. Nothing replies behind the end that could refute its loss, so
 * that this is asked before its loss is believed.
 */

/* How likely chance makes losses follow one another so. */
static const double CHANCE = 1e-8, CHANCE_OVER = 0.01;

/* ln of how much better than chance token buckets explain the replies: known to be one, and not
 * one any more; and of how much better the best of them does, before loss is believed. */
static const double KNOWN = 12, OVER = -3, OPEN = 2, LIKELY = 5;

/* Looks in a row that must agree on that. */
enum { CLOSED_LEAST = 3, SOON_GAPS = 64 };

/* ln of the odds that losses come too soon after others to be chance; it forgets what lies farther
 * off than that. */
static const double SOON = 3, SOON_FLOOR = -2, SOON_MOST = 20;

/* s: by how much a probe may be late where the bucket is. */
static const double SLACK = 0.03;

/* s: in which scan and discovery take tokens as well. */
static const double OPENING = 5;

/* s between two looks, which take milliseconds. */
static const double APART = 1;

/* Rounds between two looks, or one of so many of all; and before anything is believed, which is
 * after the first look: it waits for no other. */
enum { NEW_MIN = 8, NEW_SHARE = 16, LEAST = 24 };

/* That a hop on the way has left unanswered. */
enum { MISSED_LEAST = 4 };

/* The probes of one round that hops[k] itself has to answer. */
static struct bucket_probes probes_of(const struct session *session, size_t k, uint32_t round)
{
	const struct hop *end = &session->hops[k];
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

/* Whether the end had others to answer between the probes before these and these. */
static bool is_after_others(const struct limit_watch *limit, const struct session *session,
	double at)
{
	double before = limit->count == 0 ? 0 : limit->probes[(limit->count - 1) % LIMIT_PROBES].at;

	return session->beyond_to > 0 && ns_to_sec(session->beyond_from) <= at &&
	       ns_to_sec(session->beyond_to) >= before;
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
	limit->closed = limit->is_open ? 0 : limit->closed + 1;
	limit->is_known = limit->fit.evidence > (limit->is_known ? OVER : KNOWN);
}

/* s: how long ago the round before the one before that was, so many rounds ago. */
static double gap_ago(const struct limit_watch *limit, size_t ago)
{
	size_t last = limit->count - 1 - ago;

	return limit->probes[last % LIMIT_PROBES].at - limit->probes[(last - 2) % LIMIT_PROBES].at;
}

/* What a bucket leaves unanswered now and then comes soon after other probes, which loss by chance
 * does not: the rank of the gap before it is any (an e-value, 1 / (2 sqrt(u)) of a rank u). */
static void weigh_gap(struct limit_watch *limit)
{
	double gap, less = 1;

	if (limit->count < SOON_GAPS + 3) {
		return;
	}
	gap = gap_ago(limit, 0);
	for (size_t ago = 1; ago <= SOON_GAPS; ago++) {
		less += gap_ago(limit, ago) <= gap;
	}
	limit->soon = fmin(fmax(limit->soon - log(2) - log(less / (SOON_GAPS + 1)) / 2, SOON_FLOOR),
		SOON_MOST);
}

/* Looks when `due` rounds are new. */
static void take(struct limit_watch *limit, const struct session *session, size_t k, uint32_t round,
	size_t due)
{
	struct bucket_probes probes = probes_of(session, k, round);

	if (probes.asked == 0) {
		return;
	}
	limit->begun = limit->begun > 0 ? limit->begun : probes.at;
	if (probes.at < limit->begun + OPENING) {
		return;
	}
	probes.is_after_others = k + 1 == session->hop_count &&
		is_after_others(limit, session, probes.at);
	limit->probes[limit->count++ % LIMIT_PROBES] = probes;
	if (probes.answered < probes.asked) {
		weigh_gap(limit);
	}
	if (++limit->fresh >= due && probes.at >= limit->looked_at + APART) {
		limit->fresh = 0;
		limit->looked_at = probes.at;
		look(limit);
	}
}

void limit_take_round(struct limit_watch *limit, const struct session *session, uint32_t round)
{
	size_t share = kept(limit) / NEW_SHARE;

	take(limit, session, session->hop_count - 1, round, share > NEW_MIN ? share : NEW_MIN);
}

/* Nobody waits for it: looks are as far apart as all that is kept is long. */
void limit_take_hop(struct diag *diag, const struct session *session, size_t k, uint32_t round)
{
	size_t due;

	if (k + 1 == session->hop_count || (diag->hop_limit[k] == NULL &&
	    diag->to[k].missed < MISSED_LEAST)) {
		return;
	}
	if (diag->hop_limit[k] == NULL) {
		diag->hop_limit[k] = xcalloc(1, sizeof *diag->hop_limit[k]);
	}
	due = kept(diag->hop_limit[k]) / 2;
	take(diag->hop_limit[k], session, k, round, due > LEAST ? due : LEAST);
}

void limit_forget(struct diag *diag, size_t k)
{
	free(diag->hop_limit[k]);
	diag->hop_limit[k] = NULL;
}

bool limit_holds_back(struct diag *diag)
{
	const struct limit_watch *limit = &diag->end.limit;
	bool may_be = limit->closed < CLOSED_LEAST || limit->count < LEAST || limit->soon > SOON;

	diag->end.is_undecided = diag->end.is_undecided || (may_be && !limit->is_known);
	return may_be || limit->is_known;
}

bool limit_is_likely(const struct diag *diag)
{
	const struct limit_watch *limit = &diag->end.limit;

	return limit->is_known || limit->soon > LIKELY ||
	       (!isinf(limit->fit.best) && limit->fit.best > LIKELY);
}

/* How its losses follow one another. */
void limit_judge(struct to_watch *to)
{
	struct bucket_pattern pattern;

	if (pattern_bucket(&to->answers, &to->losses, &pattern)) {
		to->is_limited = pattern.chance < (to->is_limited ? CHANCE_OVER : CHANCE);
		to->pattern = pattern;
	}
}

/* Between rounds as they were, not as they were asked for. */
static double real_interval(const struct session *session)
{
	uint32_t last = session->rounds, count = last > LIMIT_PROBES ? LIMIT_PROBES - 1 : last;

	return count < 2 ? ns_to_sec(session->interval) :
		ns_to_sec(session_round_at(session, last) - session_round_at(session, last - count + 1)) /
		(count - 1);
}

bool limit_is_seen(const struct diag *diag, const struct session *session, size_t k,
	struct limit_seen *ret_seen)
{
	const struct limit_watch *limit = diag->hop_limit[k];
	const struct to_watch *to = &diag->to[k];

	if (limit != NULL && limit->is_known) {
		*ret_seen = (struct limit_seen){.rate = limit->fit.rate, .evidence = limit->fit.evidence};
		return true;
	}
	if (to->is_limited) {
		*ret_seen = (struct limit_seen){.rate = to->pattern.share / real_interval(session),
			.evidence = -log(fmax(to->pattern.chance, 1e-300))};
	}
	return to->is_limited;
}

bool limit_may_be(const struct diag *diag, const struct session *session, size_t k)
{
	const struct limit_watch *limit = diag->hop_limit[k];
	struct limit_seen seen;

	return limit_is_seen(diag, session, k, &seen) ||
	       (limit != NULL && limit->is_open && !isinf(limit->fit.best));
}

const char *limit_rate_text(double rate, char ret_text[32])
{
	(void)snprintf(ret_text, 32, rate < 10 ? "%.2g" : "%.0f", rate);
	return ret_text;
}

/* Limits that are known to be set where nobody has set any: Linux, net/ipv4/icmp.c; Cisco, "ip icmp
 * rate-limit unreachable"; those of a hundred and more as the NANOG talk of 2009 lists them. */
const char *limit_of_maker(uint32_t burst, double rate)
{
	static const struct { double rate; uint32_t burst; const char *maker; } limits[] = {
		{1, 6, "Linux"}, {2, 1, "Cisco IOS"}, {50, 0, "Juniper"}, {250, 0, "Juniper"},
		{500, 0, "Juniper"}, {400, 0, "Foundry"}, {200, 0, "Force10"}, {600, 0, "Force10"},
		{1000, 0, "Cisco 6500 and IOS XR"},
	};

	for (size_t i = 0; i < sizeof limits / sizeof limits[0]; i++) {
		if (fabs(rate - limits[i].rate) < 0.1 * limits[i].rate &&
		    (limits[i].burst == 0 || burst <= limits[i].burst)) {
			return limits[i].maker;
		}
	}
	return NULL;
}
