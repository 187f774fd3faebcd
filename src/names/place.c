/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "names/place.h"

#include <assert.h>
#include <ctype.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/geo.h"
#include "names/table.h"

static const double KM_PER_MS_OF_ROUND_TRIP = 102.0; /* 204 km/ms, there and back */
static const double GRACE_MS = 1.0;

/* Costs of a chain of places, in percents of doubt. */
static const double NONE_COST = 45.0;   /* a hop that is left without a place */
static const double KM_PER_PERCENT = 40.0;
static const double DETOUR_MAX = 60.0;

double place_distance_km(struct spot a, struct spot b)
{
	return geo_km((struct geo){a.lat, a.lon}, (struct geo){b.lat, b.lon});
}

static double reach_km(ns_t rtt)
{
	return ((double)rtt / NS_PER_MS + GRACE_MS) * KM_PER_MS_OF_ROUND_TRIP;
}

bool place_is_possible(struct spot from, struct spot to, ns_t rtt)
{
	return !from.is_known || rtt == NS_NEVER || place_distance_km(from, to) <= reach_km(rtt);
}

static struct spot spot_of(const struct place *place)
{
	return (struct spot){.is_known = true, .lat = place->lat, .lon = place->lon};
}

struct chain {
	double cost[PLACE_STEPS_MAX][HINTS_PLACES];
	int from_step[PLACE_STEPS_MAX][HINTS_PLACES]; /* -1: the first */
	size_t from_place[PLACE_STEPS_MAX][HINTS_PLACES];
	bool is_possible[PLACE_STEPS_MAX][HINTS_PLACES];
	ns_t best_rtt[PLACE_STEPS_MAX]; /* of that step and all behind it */
};

static size_t places_of(const struct place_step *step)
{
	return step->hints == NULL ? 0 : step->hints->place_count;
}

/* Where nobody told: near the first hop whose name is sure and that is near by itself. */
static struct spot guess_here(const struct place_step *steps, const struct chain *chain,
	size_t count, ns_t *ret_slack)
{
	enum { SURE = 80 };
	const ns_t near = 2 * NS_PER_MS;

	for (size_t k = 0; k < count; k++) {
		if (places_of(&steps[k]) > 0 && steps[k].hints->places[0].percent >= SURE &&
		    chain->best_rtt[k] <= near) {
			*ret_slack = chain->best_rtt[k];
			return spot_of(&steps[k].hints->places[0]);
		}
	}
	return (struct spot){.is_known = false};
}

static ns_t plus(ns_t rtt, ns_t slack)
{
	return rtt == NS_NEVER ? NS_NEVER : rtt + slack;
}

/* A reply from farther on cannot be faster than the glass to this hop. */
static void find_possible(struct spot here, const struct place_step *steps, size_t count,
	struct chain *chain)
{
	ns_t best = NS_NEVER, slack = 0;

	for (size_t k = count; k-- > 0;) {
		best = steps[k].best_rtt < best ? steps[k].best_rtt : best;
		chain->best_rtt[k] = best;
	}
	if (!here.is_known) {
		here = guess_here(steps, chain, count, &slack);
	}
	for (size_t k = 0; k < count; k++) {
		for (size_t i = 0; i < places_of(&steps[k]); i++) {
			chain->is_possible[k][i] = place_is_possible(here,
				spot_of(&steps[k].hints->places[i]), plus(chain->best_rtt[k], slack));
		}
	}
}

/* How much of the way between two places the rise of the round trip does not explain. */
static double detour_cost(const struct chain *chain, size_t near, const struct place *a, size_t far,
	const struct place *b)
{
	ns_t rise = chain->best_rtt[far] == NS_NEVER || chain->best_rtt[near] == NS_NEVER ? NS_NEVER :
		chain->best_rtt[far] - chain->best_rtt[near];
	double excess = rise == NS_NEVER ? 0.0 :
		place_distance_km(spot_of(a), spot_of(b)) - reach_km(rise);
	double cost = excess > 0.0 ? excess / KM_PER_PERCENT : 0.0;

	return cost < DETOUR_MAX ? cost : DETOUR_MAX;
}

static void extend(const struct place_step *steps, struct chain *chain, size_t k, size_t i)
{
	const struct place *place = &steps[k].hints->places[i];
	double own = 100.0 - (double)place->percent;

	chain->cost[k][i] = own + NONE_COST * (double)k;
	chain->from_step[k][i] = -1;
	for (size_t m = 0; m < k; m++) {
		for (size_t j = 0; j < places_of(&steps[m]); j++) {
			double cost = own + chain->cost[m][j] + NONE_COST * (double)(k - m - 1) +
				detour_cost(chain, m, &steps[m].hints->places[j], k, place);

			if (chain->is_possible[m][j] && cost < chain->cost[k][i]) {
				chain->cost[k][i] = cost;
				chain->from_step[k][i] = (int)m;
				chain->from_place[k][i] = j;
			}
		}
	}
}

void place_choose(struct spot here, const struct place_step *steps, size_t count,
	const struct place **ret_chosen)
{
	struct chain chain = {.cost = {{0}}};
	double best = NONE_COST * (double)count;
	int step = -1;
	size_t place = 0;

	assert(count <= PLACE_STEPS_MAX);
	find_possible(here, steps, count, &chain);
	for (size_t k = 0; k < count; k++) {
		ret_chosen[k] = NULL;
		for (size_t i = 0; i < places_of(&steps[k]); i++) {
			double cost;

			if (!chain.is_possible[k][i]) {
				continue;
			}
			extend(steps, &chain, k, i);
			cost = chain.cost[k][i] + NONE_COST * (double)(count - k - 1);
			if (cost < best) {
				best = cost;
				step = (int)k;
				place = i;
			}
		}
	}
	while (step >= 0) {
		int before = chain.from_step[step][place];

		ret_chosen[step] = &steps[step].hints->places[place];
		place = chain.from_place[step][place];
		step = before;
	}
}

/* LAT,LON; false where it has not that form. */
static bool parse_degrees(const char *text, struct spot *ret_spot)
{
	char *end;
	double lat = strtod(text, &end), lon;

	if (end == text || *end != ',') {
		return false;
	}
	text = end + 1;
	lon = strtod(text, &end);
	if (end == text || *end != '\0' || !(lat >= -90.0 && lat <= 90.0) ||
	    !(lon >= -180.0 && lon <= 180.0)) {
		return false;
	}
	*ret_spot = (struct spot){.is_known = true, .lat = (int16_t)lround(lat * 100),
		.lon = (int16_t)lround(lon * 100)};
	return true;
}

bool place_parse(const struct table *table, const char *text, struct spot *ret_spot,
	struct err *err)
{
	char key[64];
	size_t len = 0;
	const struct row *best = NULL, *row;

	if (parse_degrees(text, ret_spot)) {
		return true;
	}
	for (const char *c = text; *c != '\0' && len < sizeof key; c++) {
		if (isalpha((unsigned char)*c)) {
			key[len++] = (char)tolower((unsigned char)*c);
		}
	}
	for (row = table_find(table, key, len, ROW_CITY); row != NULL;
	     row = table_next(row, ROW_CITY)) {
		best = best == NULL || row->people_k > best->people_k ? row : best;
	}
	row = best != NULL ? NULL : table_find(table, key, len, ROW_CODE);
	best = best != NULL ? best : row != NULL && row->text[5][0] == '\0' ?
		table_city_of(table, row) : table_find(table, key, len, ROW_AIRPORT);
	if (len == 0 || len == sizeof key || best == NULL || strchr(text, ',') != NULL) {
		return err_set(err, ERR_USAGE,
			"--here takes a city, its code, or LAT,LON in degrees, not '%.40s'", text);
	}
	*ret_spot = (struct spot){.is_known = true, .lat = best->lat, .lon = best->lon};
	return true;
}
