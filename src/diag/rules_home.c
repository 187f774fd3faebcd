/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <math.h>
#include <stdio.h>

#include "base/i18n.h"
#include "diag/diag_int.h"
#include "infer/asym.h"
#include "infer/change.h"
#include "infer/pattern.h"

/*
 * Networks that meet in several places: neighbouring hops may send home by different ones. A packet
 * cannot be at the hop behind earlier than at the hop before; where the answers of that one are
 * earlier nevertheless, and stay so, theirs is another way home. Walks that turn at a hop and go
 * home by routing show it without any router's answer. Answers that a router makes may be late for
 * reasons of its own: so of those it takes two hops in a row, and a count of hops on the way home
 * that is not theirs either.
 */
static const double STEP_MS = 1, STEP_SHARE = 0.05, ALPHA = 0.001;

enum { ANSWERS_LEAST = 20, SAMPLES = 40, GROUP_LEAST = 2 };

/* One hop as it is seen from here. */
struct seen {
	size_t k;
	const struct stats *stats;
	double best_ms;
};

static bool is_seen(const struct session *session, size_t k, enum walk_kind kind,
	struct seen *ret_seen)
{
	const struct hop *hop = &session->hops[k];
	const struct stats *stats = &hop->walk[kind];

	if (stats->samples < ANSWERS_LEAST || (kind == WALK_TO && hop->seen_count != 1)) {
		return false;
	}
	*ret_seen = (struct seen){k, stats, ns_to_ms(stats->best)};
	return true;
}

int diag_surplus(const struct session *session, size_t k)
{
	return (int)pattern_hops_back(session->hops[k].to_rx_ttl) - (int)k;
}

static int newest_ms(const struct stats *stats, uint32_t last, double values[SAMPLES])
{
	int count = 0;

	for (uint32_t i = 0; i < STATS_HISTORY && i < last && count < SAMPLES; i++) {
		const struct stats_cell *cell = stats_cell_of(stats, last - i);

		if (cell != NULL && cell->outcome == OUTCOME_ANSWERED) {
			values[count++] = cell->rtt_us / 1000.0;
		}
	}
	return count;
}

/* By how much the one comes later than the other, for certain. */
static struct shift_interval lateness(const struct session *session, const struct seen *early,
	const struct seen *late)
{
	double a[SAMPLES], b[SAMPLES];
	int n = newest_ms(early->stats, session->rounds, a);

	return shift_between(a, n, b, newest_ms(late->stats, session->rounds, b), ALPHA);
}

static double threshold_of(const struct seen *early)
{
	return fmax(STEP_MS, STEP_SHARE * early->best_ms);
}

/* Whether hops[k] belongs to those that come later than the early one behind them. */
static bool is_late(const struct session *session, size_t k, enum walk_kind kind,
	const struct seen *early)
{
	struct seen seen;

	return is_seen(session, k, kind, &seen) &&
	       seen.best_ms > early->best_ms + threshold_of(early) &&
	       (kind != WALK_TO || diag_surplus(session, k) != diag_surplus(session, early->k));
}

/* All that are seen from the early one on are early; of one alone that may be chance. */
static bool does_last(const struct session *session, enum walk_kind kind, const struct seen *early,
	const struct seen *late)
{
	size_t count = 0;

	for (size_t k = early->k; k < session->hop_count && count < GROUP_LEAST; k++) {
		struct seen seen;

		if (is_seen(session, k, kind, &seen)) {
			if (seen.best_ms >= late->best_ms - threshold_of(early)) {
				return false;
			}
			count++;
		}
	}
	return count == GROUP_LEAST || kind != WALK_TO ||
	       session->hops[early->k].to_kind == TO_ECHO;
}

/* A walk that routing takes to a hop's address may go there by another way than the path, and so be
 * late; where it comes home over the path and is not, the way out is not to blame. */
static bool is_way_out_plain(const struct session *session, const struct seen *late,
	const struct seen *early)
{
	struct seen out;

	return late->stats == &session->hops[late->k].walk[WALK_TO] ||
	       (is_seen(session, late->k, WALK_RETURN_ONLY, &out) &&
	        out.best_ms <= early->best_ms + threshold_of(early));
}

static void hold_step(struct diag *diag, const uint8_t *hops, size_t count,
	const struct seen *early, const struct shift_interval *shift, bool is_home)
{
	char what[64], text[FINDING_TEXT];
	struct finding *finding;

	(void)snprintf(what, sizeof what, count == 1 ? _("hop %u") : _("hops %u to %u"), hops[0],
		hops[count - 1]);
	(void)snprintf(text, sizeof text, is_home ?
		_("replies from %s arrive %.1f ms (%.1f to %.1f) later than those from hop %zu beyond it: "
		"another return path, typical of networks that interconnect in several places") :
		_("replies from %s arrive %.1f ms (%.1f to %.1f) later than those from hop %zu beyond it: "
		"another forward or return path, typical of networks that interconnect in several places"),
		what, shift->shift, shift->low, shift->high, early->k + 1);
	if (count == 1) {
		finding = diag_tell(diag, FINDING_ASYMMETRIC_PATH, hops[0], text);
	} else {
		finding = diag_hold(diag, FINDING_ASYMMETRIC_PATH, hops, count, 0.9);
		finding_say(finding, "%s", text);
	}
	finding->worst = fmax(finding->worst, shift->shift);
	finding_fact(finding, "later_ms", shift->shift);
	finding_fact(finding, "later_low_ms", shift->low);
	finding_fact(finding, "later_high_ms", shift->high);
	finding_fact(finding, "early_hop", (double)early->k + 1);
	finding_fact(finding, "early_best_ms", early->best_ms);
}

/* The late hops in a row that end with `last`, oldest first. */
static size_t late_group(const struct session *session, size_t last, enum walk_kind kind,
	const struct seen *early, uint8_t hops[FINDING_HOPS])
{
	size_t count = 1;

	while (count <= last && count < FINDING_HOPS &&
	       is_late(session, last - count, kind, early)) {
		count++;
	}
	for (size_t i = 0; i < count; i++) {
		hops[i] = (uint8_t)(last - count + i + 2);
	}
	return count;
}

static bool rule_step(struct diag *diag, const struct session *session, enum walk_kind kind,
	const struct seen *late, const struct seen *early)
{
	uint8_t hops[FINDING_HOPS];
	struct shift_interval shift;
	size_t count;

	if (!is_late(session, late->k, kind, early) || !does_last(session, kind, early, late)) {
		return false;
	}
	count = late_group(session, late->k, kind, early, hops);
	shift = lateness(session, early, late);
	if (count < (kind == WALK_TO ? GROUP_LEAST : 1) || !(shift.low > threshold_of(early)) ||
	    !isfinite(shift.high)) {
		return false;
	}
	hold_step(diag, hops, count, early, &shift, is_way_out_plain(session, late, early));
	return true;
}

/* What turns by routing alone is no router's answer: where there are such walks, they tell. */
static void rule_steps(struct diag *diag, const struct session *session)
{
	enum walk_kind kind = session->has_walk[WALK_NATURAL] ? WALK_NATURAL : WALK_TO;
	struct seen before, seen;
	bool has_before = false;

	for (size_t k = 0; k < session->hop_count; k++) {
		if (!is_seen(session, k, kind, &seen)) {
			continue;
		}
		if (has_before) {
			(void)rule_step(diag, session, kind, &before, &seen);
		}
		before = seen;
		has_before = true;
	}
}

/* The way home from one hop, as far as it is not the path's. */
struct home {
	uint8_t hop;
	size_t count;
	struct addr away[ASYM_MAX];
};

static bool is_shared(const struct home *a, const struct home *b)
{
	for (size_t i = 0; i < a->count; i++) {
		for (size_t j = 0; j < b->count; j++) {
			if (addr_equal(&a->away[i], &b->away[j])) {
				return true;
			}
		}
	}
	return false;
}

static bool read_home(const struct diag *diag, const struct session *session, size_t k,
	struct home *ret_home)
{
	const struct reverse_path *path = session->reverse.from_hop == k + 1 ? &session->reverse :
		&session->reverses[k];

	ret_home->hop = (uint8_t)(k + 1);
	ret_home->count = asym_elsewhere(session, path, &diag->facts->known, ret_home->away);
	return ret_home->count > 0;
}

/* Traced ways home of two hops in a row that leave the path and have no address in common. */
static void rule_ways(struct diag *diag, const struct session *session)
{
	struct home before = {0}, home;
	char one[ADDR_TEXT_MAX], other[ADDR_TEXT_MAX];

	for (size_t k = 0; k < session->hop_count; k++) {
		uint8_t hops[2];
		struct finding *finding;

		if (!read_home(diag, session, k, &home)) {
			continue;
		}
		if (before.count > 0 && !is_shared(&before, &home)) {
			hops[0] = before.hop;
			hops[1] = home.hop;
			finding = diag_hold(diag, FINDING_ASYMMETRIC_PATH, hops, 2, 0.95);
			finding_fact(finding, "routers_away", (double)before.count);
			finding_fact(finding, "routers_away_behind", (double)home.count);
			finding_say(finding, _("replies of hop %u return via %s, those of hop %u via %s, with "
				"no address in common: the networks interconnect in several places, and trouble on "
				"one return path does not show in the other"),
				hops[0], addr_format(&before.away[before.count - 1], one),
				hops[1], addr_format(&home.away[home.count - 1], other));
		}
		before = home;
	}
}

void rules_home(struct diag *diag, const struct session *session)
{
	if (session->flow_count <= 1 && !session->change.is_active) {
		rule_steps(diag, session);
	}
	if (session->reverses != NULL && !session->change.is_active) {
		rule_ways(diag, session);
	}
}
