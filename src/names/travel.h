/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef THRUPATH_NAMES_TRAVEL_H
#define THRUPATH_NAMES_TRAVEL_H

#include "names/place.h"

/*
 * Whether places and round trips of a path agree with each other and with the map: what light
 * cannot do in the time, what it would not need so long for, and ways round.
 */
struct travel_step {
	const struct place *said;    /* the first meaning of the hop's name; NULL: none */
	const struct place *chosen;  /* where it is taken to stand; NULL: not known */
	ns_t best_rtt;               /* NS_NEVER: none was measured */
};

enum travel_kind { TRAVEL_TOO_FAST, TRAVEL_TOO_SLOW, TRAVEL_DETOUR, TRAVEL_KIND_COUNT };

struct travel {
	enum travel_kind kind;
	unsigned hop, from_hop;      /* 1-based; from_hop 0: the prober. Of a detour the hop that lies
	                              * farthest from the straight way */
	const struct place *place;   /* of `hop` */
	double km;                   /* from from_hop; of a detour the whole way */
	double least_ms;             /* that light needs for it, there and back; of a detour the
	                              * straight way's kilometres are in straight_km */
	double measured_ms;          /* least measured; of TRAVEL_TOO_SLOW what was added */
	double straight_km;
	unsigned percent;
};

/* At most one of TRAVEL_TOO_FAST and one of TRAVEL_TOO_SLOW a hop, and one detour. Returns how
 * many, `cap` at most. */
size_t travel_find(struct spot here, const struct travel_step *, size_t count,
	struct travel *ret_travels, size_t cap);

#endif
