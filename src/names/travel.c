/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "names/travel.h"

/* People are shown 100 km a millisecond of round trip: light in glass, and a cable's bends. */
static const double KM_PER_MS = 100.0;
static const double SLOW_TIMES = 3.0, SLOW_LEAST_MS = 10.0, GRACE_MS = 1.0;
static const double DETOUR_TIMES = 2.0, DETOUR_LEAST_KM = 1000.0;

enum { SURE = 80 };

static struct spot spot_of(const struct place *place)
{
	return (struct spot){.is_known = true, .lat = place->lat, .lon = place->lon};
}

/* The least round trip of a hop and of all behind it; NS_NEVER: none. */
static ns_t least_from(const struct travel_step *steps, size_t count, size_t k)
{
	ns_t least = NS_NEVER;

	for (; k < count; k++) {
		least = steps[k].best_rtt < least ? steps[k].best_rtt : least;
	}
	return least;
}

static bool is_too_fast(struct spot here, const struct travel_step *steps, size_t count, size_t k,
	struct travel *ret_travel)
{
	const struct place *said = steps[k].said;
	ns_t least = least_from(steps, count, k);
	double km;

	if (said == NULL || said->percent < SURE || !here.is_known ||
	    place_is_possible(here, spot_of(said), least)) {
		return false;
	}
	km = place_distance_km(here, spot_of(said));
	*ret_travel = (struct travel){.kind = TRAVEL_TOO_FAST, .hop = (unsigned)k + 1, .place = said,
		.km = km, .least_ms = km / KM_PER_MS, .measured_ms = ns_to_ms(least),
		.percent = said->percent};
	return true;
}

/* The nearest step before with a place and a time; count: none. */
static size_t placed_before(const struct travel_step *steps, size_t k, size_t count)
{
	while (k-- > 0) {
		if (steps[k].chosen != NULL && steps[k].best_rtt != NS_NEVER) {
			return k;
		}
	}
	return count;
}

static bool is_explained(double added_ms, double km)
{
	return added_ms <= SLOW_TIMES * (km / KM_PER_MS + GRACE_MS);
}

/* What a hop adds stays with those behind it, or it is only slow to answer. */
static bool is_too_slow(struct spot here, const struct travel_step *steps, size_t count, size_t k,
	struct travel *ret_travel)
{
	size_t near = placed_before(steps, k, count);
	ns_t least = least_from(steps, count, k), near_rtt = near < count ? steps[near].best_rtt : 0;
	double km, added_ms;

	if (steps[k].chosen == NULL || steps[k].best_rtt == NS_NEVER || least == NS_NEVER ||
	    (near == count && !here.is_known)) {
		return false;
	}
	km = place_distance_km(near < count ? spot_of(steps[near].chosen) : here,
		spot_of(steps[k].chosen));
	added_ms = ns_to_ms(least) - ns_to_ms(near_rtt);
	if (added_ms <= SLOW_LEAST_MS || is_explained(added_ms, km)) {
		return false;
	}
	/* In a tunnel a hop's answer goes on to the tunnel's end before it comes home. */
	for (size_t j = k + 1; j < count; j++) {
		if (steps[j].chosen != NULL && is_explained(added_ms, place_distance_km(near < count ?
		    spot_of(steps[near].chosen) : here, spot_of(steps[j].chosen)))) {
			return false;
		}
	}
	*ret_travel = (struct travel){.kind = TRAVEL_TOO_SLOW, .hop = (unsigned)k + 1,
		.from_hop = near < count ? (unsigned)near + 1 : 0, .place = steps[k].chosen, .km = km,
		.least_ms = km / KM_PER_MS, .measured_ms = added_ms,
		.percent = steps[k].chosen->percent};
	return true;
}

/* From the first place that is known to the last: the way by all between them, and straight. */
static bool is_detour(struct spot here, const struct travel_step *steps, size_t count,
	struct travel *ret_travel)
{
	struct spot first = here, before = here, last = {.is_known = false};
	struct travel travel = {.kind = TRAVEL_DETOUR, .percent = 100};
	double farthest = 0.0;

	for (size_t k = 0; k < count; k++) {
		if (steps[k].chosen != NULL) {
			last = spot_of(steps[k].chosen);
			travel.percent = steps[k].chosen->percent < travel.percent ?
				steps[k].chosen->percent : travel.percent;
			travel.km += before.is_known ? place_distance_km(before, last) : 0.0;
			first = first.is_known ? first : last;
			before = last;
		}
	}
	if (!last.is_known) {
		return false;
	}
	travel.straight_km = place_distance_km(first, last);
	for (size_t k = 0; k < count; k++) {
		double by = steps[k].chosen == NULL ? 0.0 :
			place_distance_km(first, spot_of(steps[k].chosen)) +
			place_distance_km(spot_of(steps[k].chosen), last);

		if (by > farthest) {
			farthest = by;
			travel.hop = (unsigned)k + 1;
			travel.place = steps[k].chosen;
		}
	}
	*ret_travel = travel;
	return travel.km > DETOUR_TIMES * travel.straight_km &&
		travel.km - travel.straight_km > DETOUR_LEAST_KM;
}

size_t travel_find(struct spot here, const struct travel_step *steps, size_t count,
	struct travel *ret_travels, size_t cap)
{
	size_t found = 0;
	struct travel travel;

	for (size_t k = 0; k < count && found < cap; k++) {
		if (is_too_fast(here, steps, count, k, &travel) ||
		    is_too_slow(here, steps, count, k, &travel)) {
			ret_travels[found++] = travel;
		}
	}
	if (found < cap && is_detour(here, steps, count, &travel)) {
		ret_travels[found++] = travel;
	}
	return found;
}
