/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <math.h>

#include "base/i18n.h"
#include "diag/diag_int.h"
#include "infer/asym.h"
#include "infer/loss.h"

/*
 * Loss of nested probes that ordinary ones do not meet. These cross the same link in the same
 * rounds, and what hops at and behind it answer is at hand: where they are not lost, the link does
 * not lose what users send. It is IP in IP that is treated otherwise (a filter, a policer, a source
 * check, a hop that fails to unwrap), or one of several parallel lines, which the flow of ordinary
 * probes does not take. What a hop does to all that it unwraps or polices, walks that turn there
 * meet once and those that go on twice: so that link and the one behind it lose alike.
 */
enum { TOTAL_ROUNDS = 8, PATIENCE = 400 };

static const ns_t MEMORY = 600 * NS_PER_SEC;

/* Of what the link seems to lose ordinary packets meet half at the least, if the way home is not
 * the path. CLEAR: so few are lost by chance once in a thousand; DOUBTFUL: once in four. */
static const double CLEAR = 1e-3, DOUBTFUL = 0.25, PATH_DOUBTFUL = 0.5;
/* ln of the odds that decide that a link beside it loses alike, and that it surely does not; what
 * no bad line of several loses. */
static const double SURE = 4, SURE_OF_NONE = 6, MOST_OF_A_LINE = 0.4;

/* P(a Poisson variable of that mean is at most k). */
static double poisson_below(double mean, uint64_t k)
{
	double term = exp(-mean), sum = term;

	for (uint64_t i = 1; i <= k && term > 0; i++) {
		term *= mean / (double)i;
		sum += term;
	}
	return fmin(sum, 1);
}

/* How well ordinary packets fit with that loss, by chance. */
static double fit_of(const struct pairs *pairs, double excess)
{
	return poisson_below(excess * (double)pairs->plain / 2, pairs->plain_lost);
}

/* Nothing comes through there of late, though it comes to the hop before. */
static bool is_total(const struct diag *diag, const struct session *session, size_t k)
{
	uint8_t near = diag->near[k];
	unsigned near_lost = 0, count = 0;

	for (uint32_t back = 1; count < TOTAL_ROUNDS && back < diag->next_round &&
	     back < STATS_HISTORY; back++) {
		uint32_t round = diag->next_round - back;
		const struct stats_cell *cell = stats_cell_of(watch_stats(session, k,
			session->main_walk), round);
		const struct stats_cell *before = near == 0 ? NULL : stats_cell_of(
			watch_stats(session, near - 1u, session->main_walk), round);

		if (!stats_is_resolved(cell)) {
			continue;
		}
		if (cell->outcome != OUTCOME_LOST) {
			return false;
		}
		count++;
		near_lost += before != NULL && before->outcome == OUTCOME_LOST;
	}
	return count == TOTAL_ROUNDS && 2 * near_lost < count;
}

/* What a hop does to all that it polices goes on behind it as well, and comes back. */
static bool is_after_nested(const struct diag *diag, size_t k)
{
	for (size_t i = 0; i <= k; i++) {
		if (diag->nested_at[i] != 0 && diag->now < diag->nested_at[i] + MEMORY) {
			return true;
		}
	}
	return false;
}

static size_t next_measured(const struct diag *diag, const struct session *session, size_t k)
{
	do {
		k++;
	} while (k < session->hop_count && !diag->is_measured[k]);
	return k;
}

/* ln of how much better it fits what another link shows, to hops[other], that it loses at least so
 * much than that it loses nothing: counts of the deeper probe alone and of the shallower one. */
static double log_odds(const struct diag *diag, size_t other, double least)
{
	const struct pair_watch *watch = &diag->link[other];
	struct pairs pairs = watch_since(watch, watch_has_alarm(watch) ? &watch->alarm :
		watch->is_episode ? &watch->episode : &watch->all);
	double error, its = pair_excess(&pairs, &error), n = (double)pairs.rounds;
	double deeper = (double)pairs.deeper, shallower = fmax(deeper - its * n, 0);
	double added = fmax(least, its) * n;
	double noise = fmax((deeper + shallower) / 2, 0.5);
	double left = fmax((deeper + shallower - added) / 2, 0.5);

	return deeper * log((left + added) / noise) + shallower * log(left / noise) -
	       (2 * left + added - 2 * noise);
}

static enum tri is_lossy_too(const struct diag *diag, size_t other, double least)
{
	double odds = log_odds(diag, other, least);

	return odds > SURE ? TRI_YES : odds < -SURE_OF_NONE ? TRI_NO : TRI_UNKNOWN;
}

/* Whether one of the links beside it loses, next to what this one does: then they have it from the
 * hop between. What is seen as an alarm begins is more than it is. */
static enum tri has_company(const struct diag *diag, const struct session *session, size_t k,
	double excess, double error)
{
	double least = fmax(excess - 2 * error, excess / 4);
	size_t next = next_measured(diag, session, k);
	enum tri before = diag->near[k] == 0 ? TRI_NO : is_lossy_too(diag, diag->near[k] - 1u, least);
	enum tri behind = next >= session->hop_count ? TRI_UNKNOWN : is_lossy_too(diag, next, least);

	return before == TRI_YES || behind == TRI_YES ? TRI_YES :
		before == TRI_NO && behind == TRI_NO ? TRI_NO : TRI_UNKNOWN;
}

/* Where ordinary packets come home by another way, they do not cross the link twice. */
static bool may_come_home_otherwise(const struct diag *diag, const struct session *session)
{
	struct asym asym = asym_of_session(session, &diag->facts->known);

	return asym.is_known && asym.diverges_at > 0;
}

void nested_judge(struct diag *diag, const struct session *session, size_t k,
	const struct pair_watch *watch)
{
	struct pairs pairs = watch_since(watch, &watch->alarm);
	double error, excess = pair_excess(&pairs, &error);
	enum nested *nested = &diag->nested[k];
	double fit;

	if (!watch_has_alarm(watch) || may_come_home_otherwise(diag, session)) {
		*nested = NESTED_AS_ALL;
		return;
	}
	fit = fit_of(&pairs, excess);
	if (fit > DOUBTFUL) {
		*nested = NESTED_AS_ALL;
	} else if (is_total(diag, session, k)) {
		*nested = fit < CLEAR ? NESTED_ALONE : NESTED_UNDECIDED;
	} else if (*nested != NESTED_ALONE) {
		enum tri company = excess > MOST_OF_A_LINE || is_after_nested(diag, k) ? TRI_YES :
			has_company(diag, session, k, excess, error);

		*nested = company == TRI_NO ? NESTED_AS_ALL : fit >= CLEAR ? NESTED_UNDECIDED :
			company == TRI_YES ? NESTED_ALONE :
			pairs.rounds > PATIENCE ? NESTED_OPEN : NESTED_UNDECIDED;
	}
	if (*nested == NESTED_ALONE) {
		diag->nested_at[k] = diag->now;
	}
}

bool nested_is_other_line(const struct pairs *pairs, double *ret_plain_high)
{
	double error, excess = pair_excess(pairs, &error);

	*ret_plain_high = loss_always_valid(pairs->plain_lost, pairs->plain, 0.05).high;
	return fit_of(pairs, excess) < CLEAR;
}

bool nested_is_shared(const struct pairs *pairs)
{
	double error, excess = pair_excess(pairs, &error);

	return fit_of(pairs, excess) > DOUBTFUL;
}

bool nested_is_path_refuted(const struct diag *diag, const struct session *session)
{
	struct pairs pairs = watch_since(&diag->path, &diag->path.alarm);
	double error, excess = pair_excess(&pairs, &error);

	return fit_of(&pairs, excess) < PATH_DOUBTFUL && !may_come_home_otherwise(diag, session);
}

struct nested_loss {
	double excess, error, plain_high;
	uint64_t rounds, plain, plain_lost;
	bool is_total, is_open;
};

static void say(struct finding *finding, const struct session *session, size_t k,
	const struct nested_loss *loss)
{
	const struct hop_error *error = &session->hops[k].error;
	char from[ADDR_TEXT_MAX];
	unsigned near = finding->hop[0];

	finding_fact(finding, "rounds", (double)loss->rounds);
	finding_fact(finding, "loss", fmax(loss->excess, 0));
	finding_fact(finding, "low", fmax(loss->excess - 1.96 * loss->error, 0));
	finding_fact(finding, "high", fmin(loss->excess + 1.96 * loss->error, 1));
	finding_fact(finding, "ordinary", (double)loss->plain);
	finding_fact(finding, "ordinary_lost", (double)loss->plain_lost);
	finding_fact(finding, "ordinary_high", loss->plain_high);
	finding_place(finding, near + 1, (unsigned)k + 1);
	if (loss->is_open) {
		finding_say(finding, _("%.1f %% of nested probes are lost between hops %u and %zu, but "
			"at most %.1f %% of ordinary packets: a policer, or hop %zu drops what it "
			"decapsulates, or one bad member of several parallel links"),
			100 * fmin(fmax(loss->excess, 0), 1), near, k + 1, 100 * loss->plain_high, k + 1);
	} else if (!loss->is_total) {
		finding_say(finding, _("%.1f %% of nested probes are lost between hops %u and %zu, but at "
			"most %.1f %% of ordinary packets: a policer, or hop %zu drops what it decapsulates"),
			100 * fmin(fmax(loss->excess, 0), 1), near, k + 1, 100 * loss->plain_high, k + 1);
	} else if (addr_is_set(&error->from) && error->mtu == 0) {
		finding_say(finding, _("no nested probe passes from hop %u to hop %zu, but ordinary "
			"packets do (at most %.1f %% lost): %s rejects IP-in-IP (ICMP %u/%u)"), near, k + 1,
			100 * loss->plain_high, addr_format(&error->from, from), error->type,
			error->code);
	} else {
		finding_say(finding, _("no nested probe passes from hop %u to hop %zu, but ordinary "
			"packets do (at most %.1f %% lost): a filter, a source check, or hop %zu does not "
			"decapsulate"), near, k + 1, 100 * loss->plain_high, k + 1);
	}
}

/* On a path by hand each hop is said to decapsulate; one that never did is passed by no walk. */
static void rule_never(struct diag *diag, const struct session *session, size_t k)
{
	const struct hop *hop = &session->hops[k];
	const struct stats *stats = watch_stats(session, k, session->main_walk);
	uint8_t hops[2] = {(uint8_t)k, (uint8_t)(k + 1)};
	struct nested_loss loss = {.excess = 1, .plain_high = 1, .rounds = stats->sent,
		.is_total = true};

	if (hop->decap != HOP_DECAP_SILENT || session_is_loose(hop) || hop->is_muted ||
	    (k > 0 && !diag->is_measured[k - 1]) || diag->witness[k] == HOP_MAX) {
		return;
	}
	for (size_t i = k; i < session->hop_count; i++) {
		const struct stats *to = watch_stats(session, i, WALK_TO);
		struct loss_interval interval = loss_always_valid(to->lost, stats_loss_trials(to), 0.05);

		if (watch_is_itself(session, i) && interval.high < loss.plain_high) {
			loss.plain = stats_loss_trials(to);
			loss.plain_lost = to->lost;
			loss.plain_high = interval.high;
		}
	}
	if (loss.plain_high < 0.5 && stats->lost >= TOTAL_ROUNDS) {
		say(diag_hold(diag, FINDING_PROTOCOL4_LOSS, hops, 2, 0.98), session, k, &loss);
	}
}

void nested_rule_never(struct diag *diag, const struct session *session)
{
	for (size_t k = 0; session->is_explicit && k < session->hop_count; k++) {
		rule_never(diag, session, k);
	}
}

void nested_hold(struct diag *diag, const struct session *session, size_t k,
	const struct pair_watch *watch)
{
	struct pairs pairs = watch_since(watch, &watch->alarm);
	uint8_t hops[2] = {diag->near[k], (uint8_t)(k + 1)};
	struct finding *finding;
	struct nested_loss loss = {.rounds = pairs.rounds, .plain = pairs.plain,
		.plain_lost = pairs.plain_lost, .is_total = is_total(diag, session, k),
		.is_open = diag->nested[k] == NESTED_OPEN,
		.plain_high = loss_always_valid(pairs.plain_lost, pairs.plain, 0.05).high};

	loss.excess = pair_excess(&pairs, &loss.error);
	/* It begins where the two numbers alone show it. */
	if (!loss.is_total && loss.excess <= loss.plain_high &&
	    !diag_is_active(diag, FINDING_PROTOCOL4_LOSS, hops[1])) {
		return;
	}
	finding = diag_hold(diag, FINDING_PROTOCOL4_LOSS, hops, 2, 0.98);
	finding->worst = watch->worst;
	say(finding, session, k, &loss);
}
