/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef THRUPATH_APP_PLACES_H
#define THRUPATH_APP_PLACES_H

#include "diag/diag.h"
#include "snap/build.h"

/* Tells the findings where the hops stand, as far as their names say so and light allows: by the
 * same reading as the snapshot's. */
void places_judge(const struct snapshot_source *, struct diag *);

#endif
