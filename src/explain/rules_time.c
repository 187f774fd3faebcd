/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "explain/rules.h"

#include <math.h>
#include <string.h>

static const double STEP_MS = 20, GREAT_MS = 40, LATE_MS = 20, SPREAD_MS = 100;
/* There and back in glass, a millisecond for each so many kilometres. */
static const double OCEAN_MS = 100, KM_A_MS = 100, SLOWER = 3, SLACK_MS = 40;

static struct spot spot_of(const struct place *place)
{
	return (struct spot){true, place->lat, place->lon};
}

/* The nearest row at or before the i-th, or at or behind it, whose place is known. */
static const struct place *place_near(const struct facts *facts, size_t i, int step)
{
	for (unsigned tries = 0; tries < 4 && i < facts->count; tries++) {
		if (facts->fact[i].place != NULL) {
			return facts->fact[i].place;
		}
		if (i == 0 && step < 0) {
			break;
		}
		i = step < 0 ? i - 1 : i + 1;
	}
	return NULL;
}

/* Rows from the i-th on that take alike, within a tenth. */
static size_t plateau_from(const struct facts *facts, size_t i)
{
	double low = facts->fact[i].ms, high = low;
	size_t rows = 0;

	for (; i < facts->last; i++) {
		double ms = facts->fact[i].ms;

		if (isnan(ms)) {
			continue;
		}
		if (ms > 1.1 * low || ms < 0.9 * high) {
			break;
		}
		low = fmin(low, ms);
		high = fmax(high, ms);
		rows++;
	}
	return rows;
}

static bool is_labelled(const struct facts *facts, size_t i)
{
	size_t labels = 0;

	for (size_t k = i; k < facts->last && k < i + 6; k++) {
		labels += facts->fact[k].row->label_count > 0;
	}
	return labels >= 2;
}

/* A step of so many ms into the i-th row from the row `before`. */
static void judge_step(struct rules *rules, size_t before, size_t i, double added)
{
	const struct facts *facts = rules->facts;
	const struct place *from = place_near(facts, before, -1), *to = place_near(facts, i, 1);
	size_t rows = plateau_from(facts, i);
	/* Where the end was not seen, that is what is asked. */
	enum rank rank = added >= GREAT_MS && facts->has_end ? RANK_TIME : RANK_BESIDE;
	double km = from != NULL && to != NULL ? place_distance_km(spot_of(from), spot_of(to)) : NAN;
	double light = km / KM_A_MS;
	struct explained *found;

	if ((rows >= 3 && is_labelled(facts, i) && !(added <= fmax(SLOWER * light, light + 10))) ||
	    (rows >= 5 && light < added / 10 && added >= GREAT_MS)) {
		found = explain_add(rules, "mpls-icmp-tunnel", rank, EXPLAIN_INFO, explain_hop(rules, i),
			explain_hop(rules, i), "From hop %u on %zu rows take the same %.0f ms: their replies "
			"go to "
			"the end of a label path first, so the time is that of its end.", explain_hop(rules, i),
			rows, facts->fact[i].ms);
	} else if (!isnan(km) && strcmp(from->city, to->city) != 0 && added <= fmax(SLOWER * light,
	           light + SLACK_MS)) {
		found = explain_add(rules, "long-haul", RANK_LONG_HAUL, EXPLAIN_INFO, explain_hop(rules,
			before),
			explain_hop(rules, i), "The %.0f ms between hops %u and %u are the distance from %s to "
			"%s "
			"(%.0f km).", added, explain_hop(rules, before), explain_hop(rules, i), from->city,
			to->city, km);
		explain_fact(found, "km", km);
	} else if (isnan(km) && (from != NULL) != (to != NULL) && added >= OCEAN_MS) {
		const char *city = from != NULL ? from->city : to->city;

		found = explain_add(rules, "long-haul", RANK_LONG_HAUL, EXPLAIN_INFO, explain_hop(rules,
			before),
			explain_hop(rules, i), from != NULL ?
			"%.0f ms are added between hops %u and %u, behind %s, and stay to the end: as much "
			"as an "
			"ocean takes." :
			"%.0f ms are added between hops %u and %u, before %s, and stay to the end: as much "
			"as an "
			"ocean takes.", added, explain_hop(rules, before), explain_hop(rules, i), city);
		found->confidence = 0.6;
	} else if (!isnan(km) && km > 300 && added >= GREAT_MS && from->percent >= 70 &&
	           to->percent >= 70) {
		found = explain_add(rules, "too-slow-for-place", rank, EXPLAIN_WARNING,
			explain_hop(rules, before), explain_hop(rules, i), "%.0f ms are added between hops %u "
			"and %u, "
			"more than the way from %s to %s takes (%.0f ms).", added, explain_hop(rules, before),
			explain_hop(rules, i), from->city, to->city, light);
	} else {
		found = explain_add(rules, "latency-step", rank, EXPLAIN_WARNING, explain_hop(rules,
			before),
			explain_hop(rules, i), "%.0f ms are added between hops %u and %u and stay to the "
			"end; no "
			"name tells whether that is distance or a queue.", added, explain_hop(rules, before),
			explain_hop(rules, i));
	}
	explain_fact(found, "added_ms", added);
}

/* The first row behind the home router. */
static void last_mile(struct rules *rules, size_t before, size_t i, double added)
{
	struct explained *found = explain_add(rules, "last-mile", RANK_LAST_MILE, EXPLAIN_WARNING,
		explain_hop(rules, before), explain_hop(rules, i),
		"The time is spent on the access line: %.0f ms are added before hop %u, the first behind "
		"your own router, and stay to the end.", added, explain_hop(rules, i));

	explain_fact(found, "added_ms", added);
}

static bool is_first_behind_home(const struct facts *facts, size_t i)
{
	if (facts->fact[i].row->hop != 2 || facts->fact[i].is_private) {
		return false;
	}
	return facts->first == i + 1 || (i > 0 && (facts->fact[i - 1].is_private ||
		facts->fact[i - 1].row->host_count == 0));
}

static void find_steps(struct rules *rules)
{
	const struct facts *facts = rules->facts;

	for (size_t i = 0; i < facts->last; i++) {
		size_t before = facts_before(facts, i);
		double added;

		if (isnan(facts->fact[i].ms)) {
			continue;
		}
		added = facts->fact[i].floor_ms - (before < facts->count ?
			fmin(facts->fact[before].floor_ms, facts->fact[i].floor_ms) : 0);
		if (is_first_behind_home(facts, i) && (before == facts->count ||
		    facts->fact[before].row->hop == 1) && added >= GREAT_MS) {
			last_mile(rules, before < facts->count ? before : i, i, added);
		} else if (before < facts->count && added >= STEP_MS) {
			judge_step(rules, before, i, added);
		}
	}
}

static void find_late(struct rules *rules)
{
	const struct facts *facts = rules->facts;

	for (size_t i = 0; i + 1 < facts->last; i++) {
		const struct fact *fact = &facts->fact[i];
		double behind = facts->fact[i + 1].floor_ms;
		char name[64];

		if (!isnan(fact->ms) && fact->ms - behind >= LATE_MS) {
			struct explained *found = explain_add(rules, "cosmetic-latency", RANK_LIMIT,
				EXPLAIN_INFO,
				explain_hop(rules, i), explain_hop(rules, i), "Hop %u, %s, takes %.0f ms to reply "
				"itself; "
				"what goes through it is back after %.0f ms.", explain_hop(rules, i),
				facts_name(fact, name), fact->ms, behind);

			explain_fact(found, "ms", fact->ms);
			explain_fact(found, "behind_ms", behind);
		}
	}
}

/* The spread that begins at a row and stays. */
static void find_spread(struct rules *rules)
{
	const struct facts *facts = rules->facts;

	for (size_t i = 0; i + 1 < facts->last && facts->is_table; i++) {
		size_t before = facts_before(facts, i), wide = 0, narrow = 0;

		if (!facts_scatters(&facts->fact[i]) || before >= facts->count ||
		    facts->fact[before].spread_ms >= SPREAD_MS) {
			continue;
		}
		for (size_t k = i; k < facts->last; k++) {
			wide += facts_scatters(&facts->fact[k]);
			narrow += facts->fact[k].spread_ms < SPREAD_MS;
		}
		if (narrow == 0 && wide >= 3) {
			bool is_access = facts->fact[i].row->hop == 2;

			(void)explain_add(rules, is_access ? "last-mile" : "queueing",
				is_access ? RANK_LAST_MILE : RANK_BESIDE, EXPLAIN_WARNING, explain_hop(rules,
					before),
				explain_hop(rules, i), "From hop %u to the end replies scatter by %.0f ms and "
				"more: "
				"something queues before it.", explain_hop(rules, i), facts->fact[i].spread_ms);
			return;
		}
	}
}

void explain_time(struct rules *rules)
{
	find_steps(rules);
	find_late(rules);
	find_spread(rules);
}
