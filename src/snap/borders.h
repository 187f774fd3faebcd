/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef THRUPATH_SNAP_BORDERS_H
#define THRUPATH_SNAP_BORDERS_H

#include "snap/snapshot.h"

#define BORDER_FINDING "boundary"

/* Adds to the findings of a built snapshot the links at which the path changes from one network
 * to the next, as the names of its hops tell. diag knows no names. */
void borders_build(struct snapshot *);

#endif
