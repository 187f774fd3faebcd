/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef THRUPATH_SNAP_LINKS_H
#define THRUPATH_SNAP_LINKS_H

#include "snap/build.h"

/* The links of a snapshot, of hops that walks come home from: below hops[blocked]. */
void links_build(const struct snapshot_source *, size_t blocked, struct snapshot *);

#endif
