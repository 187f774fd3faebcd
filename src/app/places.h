/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef THRUPATH_APP_PLACES_H
#define THRUPATH_APP_PLACES_H

#include "diag/diag.h"
#include "names/place.h"
#include "snap/build.h"

/* Tells the findings where the hops stand, as far as their names say so and light allows. */
struct places_source {
	const struct session *session;
	const struct table *names;
	struct spot here;
	snap_name_fn *name_of;   /* NULL: no names */
	void *name_arg;
};

void places_judge(const struct places_source *, struct diag *);

#endif
