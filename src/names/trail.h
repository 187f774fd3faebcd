/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef THRUPATH_NAMES_TRAIL_H
#define THRUPATH_NAMES_TRAIL_H

#include "names/place.h"

/*
 * What the names of a path's hops say together: each is read, the sure ones teach how to read
 * the others of their operator, and of all meanings those are chosen that light and the
 * neighbours allow.
 */
struct trail_hop {
	const char *name;            /* NULL: none */
	ns_t best_rtt;               /* NS_NEVER: none was measured */
	const struct place *database; /* as in struct place_step */
};

/* Fills `count` hints, and of each the place that was chosen, or NULL. Of tables NULL no name
 * is read. At most PLACE_STEPS_MAX hops. */
void trail_read(const struct table *, struct spot here, const struct trail_hop *, size_t count,
	struct hints *ret_hints, const struct place **ret_chosen);

#endif
