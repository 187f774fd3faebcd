/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef THRUPATH_SNAP_BUILD_H
#define THRUPATH_SNAP_BUILD_H

#include "diag/diag.h"
#include "model/session.h"
#include "names/network.h"
#include "names/place.h"
#include "snap/snapshot.h"

/*
 * From the model to a snapshot: the one place where counts become numbers for people.
 */

/* The name to show for an address, or NULL; borrowed until the next call. */
typedef const char *snap_name_fn(void *arg, const struct addr *);

/* The network that announces an address, and where a database has it; false: not known. */
typedef bool snap_network_fn(void *arg, const struct addr *, struct network *ret_network);
typedef bool snap_place_fn(void *arg, const struct addr *, struct place *ret_place);

/* What the calendar's clock said at an instant of the loop's. */
typedef ns_t snap_realtime_fn(void *arg, ns_t when);

struct snapshot_source {
	const struct session *session;
	const char *version, *command, *local_host, *destination_name; /* borrowed */
	const char *walk;                     /* static text */
	const char *inner_source;             /* borrowed */
	ns_t now;                             /* of the loop */
	ns_t start_realtime, now_realtime;
	snap_realtime_fn *realtime_at;        /* NULL: as far from now_realtime as from now */
	void *realtime_arg;
	unsigned mtu, depth_limit, tos;
	unsigned asked_bytes;                 /* by -s; 0: none */
	unsigned first_ttl;                   /* hops below it were not asked */
	unsigned max_ttl;
	uint64_t foreign;
	bool is_unverified;
	snap_name_fn *name_of;                /* NULL: no names */
	void *name_arg;
	snap_network_fn *network_of;          /* NULL: nobody asks */
	void *network_arg;
	snap_place_fn *place_of;              /* NULL: nobody asks */
	void *place_arg;
	const struct table *names;            /* by which names are read; NULL: they are not */
	struct spot here;                     /* where the prober stands, if somebody said so */
	const struct diag *diag;              /* NULL: no findings */
	bool may_nest;                        /* nested probes await a yes */
	const char *const *notes;             /* borrowed */
	size_t note_count;
	const struct snap_remark *remarks;    /* borrowed */
	size_t remark_count;
};

/* Where the prober stands: as somebody said, or as a database has its address. */
struct spot snapshot_here(const struct snapshot_source *);

struct snapshot *snapshot_build(const struct snapshot_source *); /* caller destroys */

#endif
