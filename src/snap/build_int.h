/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef THRUPATH_SNAP_BUILD_INT_H
#define THRUPATH_SNAP_BUILD_INT_H

#include "snap/build.h"

/* Of one hop: build_hop.c. What is allocated is the snapshot's. */
void build_hop(const struct snapshot_source *, size_t k, struct snap_hop *);
void build_stats(const struct snapshot_source *, const struct stats *, struct snap_stats *);
char *build_name(const struct snapshot_source *, const struct addr *); /* NULL: it has none */
const char *build_decap_name(enum hop_decap);
/* The first hop that was found not to decapsulate, though walks have to be unwrapped by it; what is
 * lost there and behind it says nothing about links. hop_count when there is none. */
size_t build_blocked_from(const struct session *);

#endif
