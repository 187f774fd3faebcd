/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "explain/rules.h"

#include <ctype.h>
#include <math.h>
#include <string.h>

#include "base/i18n.h"

enum { TIME_RANK = 80 };

static const double STEP_MS = 20, GREAT_MS = 40, LATE_MS = 20, SAME_MS = 3;
static const double SPREAD_MS = 100;
/* There and back in glass, a millisecond for each so many kilometres. */
static const double OCEAN_MS = 100, KM_A_MS = 100, SLOWER = 3, SLACK_MS = 40;

static struct spot spot_of(const struct place *place)
{
	return (struct spot){true, place->lat, place->lon};
}

/* The nearest row at or before the i-th, or at or behind it, whose place is known. */
static const struct place *place_near(const struct facts *facts, size_t i, int step)
{
	double ms = i < facts->count ? facts->fact[i].ms : NAN;

	for (unsigned tries = 0; i < facts->count; tries++) {
		/* Rows that take as long stand there as well. */
		if (tries >= 4 && !(fabs(facts->fact[i].ms - ms) <= SAME_MS)) {
			break;
		}
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

/* Of the place, or of a name's own top-level domain where that is a country's and in use for it. */
static void country_near(const struct facts *facts, size_t i, int step, char ret_country[3])
{
	static const char generic[] = " io tv co me cc ai gg ly fm to ws eu ";
	const struct place *place = place_near(facts, i, step);

	ret_country[0] = '\0';
	if (place != NULL) {
		memcpy(ret_country, place->country, 3);
		return;
	}
	for (unsigned tries = 0; tries < 4 && i < facts->count; tries++) {
		const struct read_row *row = facts->fact[i].row;
		const char *dot = row->host_count > 0 ? strrchr(row->host[0].name, '.') : NULL;

		if (dot != NULL && strlen(dot) == 3 && isalpha((unsigned char)dot[1])) {
			char domain[] = {' ', (char)tolower((unsigned char)dot[1]),
				(char)tolower((unsigned char)dot[2]), ' ', '\0'};

			if (strstr(generic, domain) == NULL) {
				ret_country[0] = (char)toupper((unsigned char)dot[1]);
				ret_country[1] = (char)toupper((unsigned char)dot[2]);
				ret_country[2] = '\0';
			}
			return;
		}
		if (i == 0 && step < 0) {
			return;
		}
		i = step < 0 ? i - 1 : i + 1;
	}
}

/* Both sides stand in countries that are known, and not in one. */
static bool is_abroad(const struct facts *facts, size_t before, size_t i)
{
	char from[3], to[3];

	country_near(facts, before, -1, from);
	country_near(facts, i, 1, to);
	return from[0] != '\0' && to[0] != '\0' && strcmp(from, to) != 0;
}

struct step {
	size_t before, i;        /* rows, from 0 */
	unsigned from_hop, to_hop;
	double added_ms, light_ms; /* light_ms: NAN where a place is not known */
	const struct place *from, *to;
};

static bool is_tunnel(const struct facts *facts, const struct step *step)
{
	size_t rows = plateau_from(facts, step->i);
	double far = fmax(SLOWER * step->light_ms, step->light_ms + 10);

	return (rows >= 3 && is_labelled(facts, step->i) && !(step->added_ms <= far)) ||
	       (rows >= 5 && step->light_ms < step->added_ms / 10 && step->added_ms >= GREAT_MS);
}

static struct explained *say_tunnel(struct rules *rules, const struct step *step)
{
	return explain_add(rules, EXPLAIN_TUNNEL, step->i, step->i,
		_("From hop %u on, %zu rows show about the same %.0f ms: an MPLS tunnel, whose routers "
		  "send their replies to its end first. The time is that of the tunnel's end."),
		step->to_hop,
		plateau_from(rules->facts, step->i), rules->facts->fact[step->i].ms);
}

static struct explained *say_distance(struct rules *rules, const struct step *step)
{
	struct explained *found = explain_add(rules, EXPLAIN_LONG_HAUL, step->before, step->i,
		_("The %.0f ms added between hops %u and %u are the distance from %s to %s (%.0f km)."),
		step->added_ms, step->from_hop, step->to_hop, step->from->city, step->to->city,
		step->light_ms * KM_A_MS);

	explain_fact(found, "km", step->light_ms * KM_A_MS);
	return found;
}

/* Of one side the place is known, or of both the country. */
static struct explained *say_far(struct rules *rules, const struct step *step)
{
	struct explained *found = explain_add(rules, EXPLAIN_LONG_HAUL, step->before, step->i,
		step->added_ms >= OCEAN_MS ?
		_("%.0f ms are added between hops %u and %u and stay to the end: about what an ocean "
		  "crossing takes.") :
		_("%.0f ms are added between hops %u and %u and stay to the end: there the path enters "
		  "another country."), step->added_ms, step->from_hop, step->to_hop);

	found->confidence = 0.6;
	return found;
}

static struct explained *say_slow(struct rules *rules, const struct step *step)
{
	return explain_add(rules, EXPLAIN_TOO_SLOW, step->before, step->i,
		_("%.0f ms are added between hops %u and %u, more than the distance from %s to %s explains "
		  "(%.0f ms)."), step->added_ms, step->from_hop, step->to_hop, step->from->city,
		step->to->city, step->light_ms);
}

static struct explained *say_step(struct rules *rules, const struct step *step)
{
	return explain_add(rules, EXPLAIN_LATENCY_STEP, step->before, step->i,
		_("%.0f ms are added between hops %u and %u and stay to the end. The names do not tell "
		  "whether that is distance or a queue."), step->added_ms, step->from_hop, step->to_hop);
}

/* So many ms are added into the i-th row from the row `before`. */
static void judge_step(struct rules *rules, size_t before, size_t i, double added)
{
	const struct facts *facts = rules->facts;
	struct step step = {.before = before, .i = i, .from_hop = explain_hop(rules, before),
		.to_hop = explain_hop(rules, i), .added_ms = added, .light_ms = NAN,
		.from = place_near(facts, before, -1), .to = place_near(facts, i, 1)};
	bool is_known = step.from != NULL && step.to != NULL;
	struct explained *found;

	if (is_known) {
		step.light_ms = place_distance_km(spot_of(step.from), spot_of(step.to)) / KM_A_MS;
	}
	if (is_tunnel(facts, &step)) {
		found = say_tunnel(rules, &step);
	} else if (is_known && strcmp(step.from->city, step.to->city) != 0 &&
	           added <= fmax(SLOWER * step.light_ms, step.light_ms + SLACK_MS)) {
		found = say_distance(rules, &step);
	} else if (!is_known && (added >= OCEAN_MS ? step.from != NULL || step.to != NULL :
	           is_abroad(facts, before, i))) {
		found = say_far(rules, &step);
	} else if (is_known && step.light_ms * KM_A_MS > 300 && added >= GREAT_MS &&
	           step.from->percent >= 70 && step.to->percent >= 70) {
		found = say_slow(rules, &step);
	} else {
		found = say_step(rules, &step);
	}
	explain_fact(found, "added_ms", added);
	/* Where the end was not seen, that is what is asked. */
	if (found->rank == TIME_RANK && (added < GREAT_MS ||
	    (!facts->has_end && !is_tunnel(facts, &step)))) {
		explain_beside(found);
	}
}

/* The first row behind the home router. */
static void last_mile(struct rules *rules, size_t before, size_t i, double added)
{
	explain_fact(explain_add(rules, EXPLAIN_LAST_MILE, before, i,
		_("The access line is slow: %.0f ms are added before hop %u, the first beyond your own "
		  "router, and stay to the end."), added, explain_hop(rules, i)), "added_ms", added);
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
		struct explained *found;
		char hop[80];

		if (isnan(fact->ms) || !(fact->ms - behind >= LATE_MS)) {
			continue;
		}
		found = explain_add(rules, EXPLAIN_COSMETIC_LATENCY, i, i,
			_("Hop %s takes %.0f ms to reply itself, but a hop beyond it replies after %.0f "
			  "ms: traffic through it is not delayed."),
			facts_label(fact, explain_hop(rules, i), hop), fact->ms, behind);
		explain_fact(found, "ms", fact->ms);
		explain_fact(found, "behind_ms", behind);
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
			(void)explain_add(rules, facts->fact[i].row->hop == 2 ? EXPLAIN_LAST_MILE :
				EXPLAIN_QUEUEING, before, i, _("From hop %u to the end, round trips vary by %.0f "
				"ms or more: something queues before it."), explain_hop(rules, i),
				facts->fact[i].spread_ms);
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
