/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef THRUPATH_SNAP_NAME_FINDINGS_H
#define THRUPATH_SNAP_NAME_FINDINGS_H

#include "names/place.h"
#include "snap/snapshot.h"

/*
 * Adds to a built snapshot what the names of its hops find: where the path changes from one
 * network to the next, and where places and round trips do not agree. diag knows no names.
 */

/* `here`: where the prober stands, as far as somebody knows; `best`: of each hop the least
 * round trip, NS_NEVER where there is none. */
void name_findings_build(struct snapshot *, struct spot here, const ns_t *best);

#endif
