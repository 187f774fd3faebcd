/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef THRUPATH_SNAP_BUILD_H
#define THRUPATH_SNAP_BUILD_H

#include "atlas/atlas.h"
#include "diag/diag.h"
#include "model/session.h"
#include "snap/snapshot.h"

/*
 * From the model to a snapshot: the one place where counts become numbers for people.
 */

/* What the calendar's clock said at an instant of the loop's. */
typedef ns_t snap_realtime_fn(const void *arg, ns_t when);

struct snapshot_source {
	const struct session *session;
	const char *version, *command, *local_host, *destination_name; /* borrowed */
	const char *walk;                     /* static text */
	const char *inner_source;             /* borrowed */
	ns_t now;                             /* of the loop */
	ns_t start_realtime, now_realtime;
	snap_realtime_fn *realtime_at;        /* NULL: as far from now_realtime as from now */
	const void *realtime_arg;
	unsigned mtu, depth_limit, tos;
	unsigned asked_bytes;                 /* by -s; 0: none */
	unsigned first_ttl;                   /* hops below it were not asked */
	unsigned max_ttl;
	uint64_t foreign;
	bool is_unverified;
	const struct atlas *atlas;            /* NULL: no names, networks and places */
	bool hides_names;                     /* and what they say, though the atlas has them */
	const struct atlas_source *beside;    /* networks and places that the atlas has not; or NULL */
	const struct diag *diag;              /* NULL: no findings */
	bool may_nest;                        /* nested probes await a yes */
	const char *const *notes;             /* borrowed */
	size_t note_count;
	const struct snap_remark *remarks;    /* borrowed */
	size_t remark_count;
};

struct snapshot *snapshot_build(const struct snapshot_source *); /* caller destroys */

#endif
