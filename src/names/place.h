/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef THRUPATH_NAMES_PLACE_H
#define THRUPATH_NAMES_PLACE_H

#include "base/err.h"
#include "base/ns.h"
#include "names/hints.h"

/*
 * Where the hops of a path stand: of all meanings of their names the ones that light can
 * reach, and that fit together best. Asymmetric ways and MPLS only make round trips longer,
 * so times can reject a place and never prove one. Unknown beats wrong. A database knows
 * addresses, not routers: its country decides between meanings, its place serves where the
 * name has none that is possible.
 */
struct table;

struct spot {
	bool is_known;
	int16_t lat, lon;    /* hundredths of a degree */
};

struct place_step {
	const struct hints *hints;  /* NULL: no name */
	ns_t best_rtt;              /* NS_NEVER: none was measured */
	const struct place *database; /* what an MMDB file has: a place, or the country of
	                             * PLACE_NONE; NULL: nothing */
};

enum { PLACE_STEPS_MAX = 64 };

double place_distance_km(struct spot a, struct spot b);

/* Can light be there and back in that time? 204 km a millisecond in glass, 1 ms of grace. */
bool place_is_possible(struct spot from, struct spot to, ns_t rtt);

/* Where the path begins: as told, or else at the first hop whose name is sure and that is near by
 * itself. That hop's round trip is then the slack of what follows. */
struct spot place_start(struct spot told, const struct place_step *steps, size_t count,
	ns_t *ret_slack);
/* The least round trip of that step and all behind it: a reply from farther on cannot be faster
 * than the glass to this one. */
ns_t place_least_rtt(const struct place_step *steps, size_t count, size_t k);

/* Chooses for each step one of its hints' places, or its database's, or NULL. At most
 * PLACE_STEPS_MAX steps. */
void place_choose(struct spot here, const struct place_step *steps, size_t count,
	const struct place **ret_chosen);

/* A city's name or code, or LAT,LON in degrees. Refuses what is neither. */
NODISCARD bool place_parse(const struct table *, const char *text, struct spot *ret_spot,
	struct err *err);

#endif
