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
static const double COUNTRY_COST = 15.0; /* another meaning is in the database's country */

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

/* What a step may be chosen to be. */
struct candidate {
	const struct place *place;
	double own;              /* its doubt by itself */
	double cost;             /* of the cheapest chain that ends with it */
	int from_step;           /* -1: it is the first */
	size_t from_candidate;
};

struct chain {
	struct candidate candidates[PLACE_STEPS_MAX][HINTS_PLACES];
	size_t counts[PLACE_STEPS_MAX];
	ns_t best_rtt[PLACE_STEPS_MAX]; /* of that step and all behind it */
};

static size_t places_of(const struct place_step *step)
{
	return step->hints == NULL ? 0 : step->hints->place_count;
}

ns_t place_least_rtt(const struct place_step *steps, size_t count, size_t k)
{
	ns_t least = NS_NEVER;

	for (; k < count; k++) {
		least = steps[k].best_rtt < least ? steps[k].best_rtt : least;
	}
	return least;
}

struct spot place_start(struct spot told, const struct place_step *steps, size_t count,
	ns_t *ret_slack)
{
	enum { SURE = 80 };
	const ns_t near = 2 * NS_PER_MS;

	*ret_slack = 0;
	for (size_t k = 0; k < count && !told.is_known; k++) {
		ns_t least = place_least_rtt(steps, count, k);

		if (places_of(&steps[k]) > 0 && steps[k].hints->places[0].percent >= SURE &&
		    least <= near) {
			*ret_slack = least;
			return spot_of(&steps[k].hints->places[0]);
		}
	}
	return told;
}

static ns_t plus(ns_t rtt, ns_t slack)
{
	return rtt == NS_NEVER ? NS_NEVER : rtt + slack;
}

static void add_candidate(struct spot here, ns_t rtt, const struct place *place,
	struct chain *chain, size_t k)
{
	if (place_is_possible(here, spot_of(place), rtt)) {
		chain->candidates[k][chain->counts[k]++] = (struct candidate){.place = place,
			.own = 100.0 - (double)place->percent};
	}
}

/* Of several meanings those beside the one that is in the country are doubtful. */
static void weigh_country(const char *country, struct candidate *candidates, size_t count)
{
	bool has_one = false;

	for (size_t i = 0; i < count; i++) {
		has_one = has_one || strcmp(candidates[i].place->country, country) == 0;
	}
	for (size_t i = 0; i < count && has_one; i++) {
		candidates[i].own += strcmp(candidates[i].place->country, country) == 0 ? 0.0 :
			COUNTRY_COST;
	}
}

static void find_candidates(struct spot here, const struct place_step *steps, size_t count,
	struct chain *chain)
{
	ns_t slack;

	here = place_start(here, steps, count, &slack);
	for (size_t k = 0; k < count; k++) {
		chain->best_rtt[k] = place_least_rtt(steps, count, k);
	}
	for (size_t k = 0; k < count; k++) {
		const struct place *database = steps[k].database;
		ns_t rtt = plus(chain->best_rtt[k], slack);

		for (size_t i = 0; i < places_of(&steps[k]); i++) {
			add_candidate(here, rtt, &steps[k].hints->places[i], chain, k);
		}
		if (database != NULL && chain->counts[k] > 0) {
			weigh_country(database->country, chain->candidates[k], chain->counts[k]);
		} else if (database != NULL && database->kind != PLACE_NONE) {
			add_candidate(here, rtt, database, chain, k);
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

static void extend(struct chain *chain, size_t k, struct candidate *candidate)
{
	candidate->cost = candidate->own + NONE_COST * (double)k;
	candidate->from_step = -1;
	for (size_t m = 0; m < k; m++) {
		for (size_t j = 0; j < chain->counts[m]; j++) {
			const struct candidate *before = &chain->candidates[m][j];
			double cost = candidate->own + before->cost + NONE_COST * (double)(k - m - 1) +
				detour_cost(chain, m, before->place, k, candidate->place);

			if (cost < candidate->cost) {
				candidate->cost = cost;
				candidate->from_step = (int)m;
				candidate->from_candidate = j;
			}
		}
	}
}

void place_choose(struct spot here, const struct place_step *steps, size_t count,
	const struct place **ret_chosen)
{
	struct chain chain = {.counts = {0}};
	double best = NONE_COST * (double)count;
	int step = -1;
	size_t last = 0;

	assert(count <= PLACE_STEPS_MAX);
	find_candidates(here, steps, count, &chain);
	for (size_t k = 0; k < count; k++) {
		ret_chosen[k] = NULL;
		for (size_t i = 0; i < chain.counts[k]; i++) {
			double cost;

			extend(&chain, k, &chain.candidates[k][i]);
			cost = chain.candidates[k][i].cost + NONE_COST * (double)(count - k - 1);
			if (cost < best) {
				best = cost;
				step = (int)k;
				last = i;
			}
		}
	}
	while (step >= 0) {
		const struct candidate *chosen = &chain.candidates[step][last];

		ret_chosen[step] = chosen->place;
		last = chosen->from_candidate;
		step = chosen->from_step;
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
