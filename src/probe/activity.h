/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef THRUPATH_PROBE_ACTIVITY_H
#define THRUPATH_PROBE_ACTIVITY_H

#include <stdint.h>

#include "base/ns.h"
#include "pkt/reply.h"
#include "probe/engine.h"
#include "probe/outstanding.h"

/*
 * Something that the engine does beside its rounds: a file that defines one of these, a row in
 * engine_activities, and one in kinds.c for each kind of its probes. Whatever is NULL it does
 * not do.
 */
enum activity_when {
	ACTIVITY_IN_ROUNDS,      /* its probes are places of rounds */
	ACTIVITY_ALWAYS,         /* before rounds, too, and while they pause */
	ACTIVITY_BESIDE,         /* before what is due of the round */
	ACTIVITY_SPARE           /* of what the rounds leave of the cap */
};

struct activity {
	enum activity_when when;
	uint32_t kinds;          /* bits (1 << kind): what becomes of these is told to it */
	void (*begin)(struct engine *, ns_t now); /* the path is known, and rounds begin */
	bool (*poll)(struct engine *, ns_t now, struct probe_spec *ret_spec);
	ns_t (*next)(const struct engine *, ns_t now); /* when to ask again; NS_NEVER */
	/* An answer, the first, is_first, or another, to a kind that is counted nowhere. True: walks
	 * are to be planned anew. */
	bool (*answer)(struct engine *, const struct probe_entry *, const struct reply *,
		bool is_first);
	/* Any reply to its probes, before anything else is made of it. True: that was all. */
	bool (*take)(struct engine *, struct probe_entry *, const struct reply *);
	void (*resolved)(struct engine *, const struct probe_entry *, ns_t rtt); /* or void, or late */
	void (*lost)(struct engine *, const struct probe_entry *); /* given up */
	/* It comes home after it was given up, and is about to be counted as late. */
	void (*late)(struct engine *, const struct probe_entry *);
	/* It did not leave, for that errno: the rounds count on. NULL: its round is void. */
	void (*unsent)(struct engine *, const struct probe_entry *, int sys);
	void (*forget)(struct engine *, ns_t now); /* the path is another one: all anew */
	bool (*is_busy)(const struct engine *); /* the run does not end before it is done */
};

extern const struct activity also_activity, bounce_activity, bracket_activity,
	bracket_bounce_activity, cause_activity,
	echoes_activity, faster_activity, lengths_activity, link_mtu_activity, rediscover_activity,
	reverse_activity,
	scan_activity, spread_activity, vias_activity;

/* In the order in which they are asked; ends with NULL. */
extern const struct activity *const engine_activities[];

/* Lets the engine have them. */
void activities_set(struct engine *, const struct activity *const *);
/* That of a kind's probes, or one that does nothing. */
const struct activity *activity_of(const struct engine *, enum walk_kind);
void activities_begin(struct engine *, ns_t now);
bool activities_poll(struct engine *, enum activity_when, ns_t now, struct probe_spec *ret_spec);
ns_t activities_next(const struct engine *, enum activity_when, ns_t now);
void activities_forget(struct engine *, ns_t now);
bool activities_are_busy(const struct engine *);

#endif
