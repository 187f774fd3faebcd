/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "explain/rules.h"

#include <math.h>

#include "base/i18n.h"
#include "infer/loss.h"

enum { ROUNDS_LEAST = 5, LIMIT_ROUNDS = 10 };

static const double FLOOR_LEAST = 0.01, ABOVE = 0.05;

static void put_interval(struct explained *found, const struct fact *fact)
{
	struct loss_interval interval;

	if (isnan(fact->lost) || isnan(fact->sent)) {
		return;
	}
	interval = loss_always_valid((uint64_t)fact->lost, (uint64_t)fact->sent,
		0.05);

	explain_fact(found, "sent", fact->sent);
	explain_fact(found, "lost", fact->lost);
	explain_fact(found, "low", interval.low);
	explain_fact(found, "high", interval.high);
}

/* The first lost a smaller share than the second, and not by chance: two of a normal deviation. */
static bool is_less(double lost, double sent, double more_lost, double more_sent)
{
	static const double DEVIATIONS = 2;
	double share = lost / sent, more = more_lost / more_sent;
	double all = (lost + more_lost) / (sent + more_sent);

	return more - share > DEVIATIONS * sqrt(all * (1 - all) * (1 / sent + 1 / more_sent));
}

/* Where the least loss of all rows from there to the end rises most; count: nowhere. */
static size_t find_rise(const struct facts *facts)
{
	double before = 0, best = 0;
	size_t at = facts->count;
	const struct fact *first = NULL;

	for (size_t i = 0; i < facts->last; i++) {
		const struct fact *fact = &facts->fact[i];

		if (!fact->is_answered || isnan(fact->floor_loss) || fact->sent < ROUNDS_LEAST) {
			continue;
		}
		if (fact->floor_loss >= FLOOR_LEAST && fact->floor_lost >= 2 &&
		    fact->floor_loss - before > best + 1e-9 && (first == NULL ||
		    is_less(first->floor_loss * first->sent, first->sent,
			    fact->floor_loss * fact->sent, fact->sent))) {
			best = fact->floor_loss - before;
			at = i;
			first = fact;
		}
		before = fmax(before, fact->floor_loss);
	}
	return at;
}

/* The rows behind scatter, or lose, as the first does. */
static bool is_from_the_start(const struct facts *facts, size_t i)
{
	size_t like = 0, others = 0;

	if (i + 1 != facts->first || facts->fact[i].row->hop != 1) {
		return false;
	}
	for (size_t k = i; k < facts->last; k++) {
		const struct fact *fact = &facts->fact[k];

		if (!isnan(fact->spread_ms) && fact->is_answered) {
			like += facts_scatters(fact);
			others += !facts_scatters(fact);
		}
	}
	return facts_scatters(&facts->fact[i]) && facts->is_table && like >= 3 &&
	       5 * others <= like;
}

static void first_hop(struct rules *rules, size_t i, bool does_lose)
{
	explain_fact(explain_add(rules, EXPLAIN_FIRST_HOP, i, i, does_lose ?
		_("The loss begins at the first hop: your own link or Wi-Fi loses packets, and every hop "
		  "beyond shows it.") :
		_("The delay begins at the first hop: your own link or Wi-Fi stalls, and every hop beyond "
		  "shows it.")), "worst_ms", rules->facts->fact[i].row->worst_ms);
}

static void path_loss(struct rules *rules, size_t i)
{
	const struct facts *facts = rules->facts;
	const struct fact *fact = &facts->fact[i];
	size_t before = facts_before(facts, i);
	size_t low = before < facts->count ? before : i;
	double least = 100 * fact->floor_loss, share = low < i ? 100 * facts->fact[low].floor_loss : 0;
	struct explained *found;
	char name[64];

	if (facts->first == i + 1 && i + 1 == facts->last) {
		found = explain_add(rules, EXPLAIN_PATH_LOSS, WHOLE_PATH, WHOLE_PATH,
			_("%.0f %% of packets to the destination are lost. No router on the way replies, so "
			  "nothing tells where."), least);
	} else if (share > 0.5) {
		found = explain_add(rules, EXPLAIN_PATH_LOSS, low, i,
			_("Packets are lost on the way to hop %u: %s and every hop beyond it lose %.1f %% or "
			  "more, hops before it as little as %.1f %%."), explain_hop(rules, i),
			facts_name(fact, name), least, share);
	} else {
		found = explain_add(rules, EXPLAIN_PATH_LOSS, low, i,
			_("Packets are lost on the way to hop %u: %s and every hop beyond it lose %.1f %% or "
			  "more, and what passed the hops before it arrived."), explain_hop(rules, i),
			facts_name(fact, name), least);
	}
	rules->out->first_bad_hop = found->high_hop;
	put_interval(found, &(struct fact){.sent = fact->sent, .lost = fmin(fact->sent,
		round(fact->floor_loss * fact->sent))});
	rules->out->persists = PERSISTS_YES;
}

static void end_limited(struct rules *rules, size_t i)
{
	put_interval(explain_add(rules, EXPLAIN_END_LIMITED, i, i,
		_("Only the destination itself leaves %.0f %% of probes unanswered: it rate-limits its "
		  "replies, or the last link loses packets. This report cannot tell which."),
		100 * rules->facts->fact[i].loss), &rules->facts->fact[i]);
	rules->out->persists = PERSISTS_YES;
}

static struct explained *own_limit(struct rules *rules, size_t i, bool is_limit, double behind)
{
	const struct fact *fact = &rules->facts->fact[i];
	enum explain_kind kind = is_limit ? EXPLAIN_RATE_LIMIT : EXPLAIN_COSMETIC_LOSS;
	char hop[80];

	(void)facts_label(fact, explain_hop(rules, i), hop);
	if (behind >= FLOOR_LEAST) {
		return explain_add(rules, kind, i, i, _("Hop %s left %.0f %% of probes unanswered, "
			"but some hop beyond it only %.0f %%: the rest are its own replies, not lost packets."),
			hop, 100 * fact->loss, 100 * behind);
	}
	if (is_limit) {
		return explain_add(rules, kind, i, i, _("Hop %s left %.0f %% of probes unanswered, "
			"but traffic through it arrives: it rate-limits its replies."), hop, 100 * fact->loss);
	}
	return explain_add(rules, kind, i, i, _("Hop %s left %.0f %% of probes unanswered, but "
		"traffic through it arrives."), hop, 100 * fact->loss);
}

/* A row that loses more than one behind it: its own replies are what is missing. */
static void own_limits(struct rules *rules)
{
	const struct facts *facts = rules->facts;

	for (size_t i = 0; i + 1 < facts->last; i++) {
		const struct fact *fact = &facts->fact[i], *behind = &facts->fact[i + 1];
		struct explained *found;
		bool is_limit = fact->sent >= LIMIT_ROUNDS;

		if (!fact->is_answered || !(fact->loss > 0) || !(fact->loss < 1) || fact->lost < 1 ||
		    !(behind->floor_loss < fact->loss) ||
		    (is_limit && fact->loss - behind->floor_loss < ABOVE)) {
			continue;
		}
		found = own_limit(rules, i, is_limit, behind->floor_loss);
		put_interval(found, fact);
		if (is_limit && fact->loss >= 0.5) {
			found->rank = RANK_LIMIT_HALF;
		} else if (!facts->is_table && !is_limit) {
			explain_beside(found); /* a star of three */
		}
	}
}

/* A row beyond has counts, too; of one that was cut off nothing is known. */
static bool is_borne_out(const struct facts *facts, size_t i)
{
	for (size_t k = i + 1; k < facts->last; k++) {
		if (facts->fact[k].is_answered && !isnan(facts->fact[k].loss)) {
			return true;
		}
	}
	return false;
}

void explain_loss(struct rules *rules)
{
	const struct facts *facts = rules->facts;
	size_t rise = facts->rounds >= ROUNDS_LEAST ? find_rise(facts) : facts->count;
	size_t first = facts->first > 0 ? facts->first - 1 : facts->count;
	size_t before;

	if (facts->has_end && facts->last > 0) {
		rules->out->persists = PERSISTS_NO;
	}
	if (first < facts->count && is_from_the_start(facts, first)) {
		first_hop(rules, first, false);
	} else if (rise < facts->count && rise == first && facts->fact[first].row->hop == 1 &&
	           is_borne_out(facts, first)) {
		first_hop(rules, rise, true);
		rules->out->persists = PERSISTS_YES;
	} else if (rise < facts->count && (is_borne_out(facts, rise) || facts->has_end)) {
		before = facts_before(facts, rise);
		if (rise + 1 == facts->last && before < facts->count && facts->silent_tail == 0 &&
		    !(facts->fact[before].loss >= facts->fact[rise].loss / 2)) {
			end_limited(rules, rise);
		} else {
			path_loss(rules, rise);
		}
	}
	own_limits(rules);
}
