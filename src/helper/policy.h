/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef THRUPATH_HELPER_POLICY_H
#define THRUPATH_HELPER_POLICY_H

#include "base/ns.h"
#include "pkt/reply.h"

/*
 * What any user of the machine may send through the helper: probes, and nothing else. The
 * payload and the identity mark are not for the asker to choose, so only the specification
 * is judged. Pure functions; they know no sockets.
 */
struct policy {
	struct reply_context ours; /* address, ports and identifier of the session */
	size_t packet_bytes;       /* the largest probe */
};

enum policy_verdict {
	POLICY_OK,
	POLICY_LEGS,          /* none, or more than LEG_MAX */
	POLICY_OUTER_SOURCE,  /* the outermost source is not ours */
	POLICY_INNER_SOURCE,  /* neither ours nor where the leg before ended */
	POLICY_LAST_LEG,      /* neither ends at us nor comes from us */
	POLICY_FAMILY,        /* a leg's ends are of different families */
	POLICY_DESTINATION,   /* not one host's address */
	POLICY_TTL,
	POLICY_BOUNCE,        /* that is no packet from one address of ours to itself */
	POLICY_TO_AND_FRO,    /* between the same two hosts more than twice */
	POLICY_SIZE,
	POLICY_CARRIER,       /* not ours by port or identifier, or its answer would not be */
	POLICY_VERDICT_COUNT
};

/* The first rule that the probe breaks, in the order above: those of its walk, which hold until
 * the session's addresses change, then the others. */
enum policy_verdict policy_check(const struct policy *, const struct probe_spec *);
enum policy_verdict policy_check_walk(const struct policy *, const struct walk *);
enum policy_verdict policy_check_carried(const struct policy *, const struct probe_spec *);

/* Whether it is one of the ports that begin there: see flow_port_range(). */
bool policy_is_flow_of(uint16_t base, uint16_t port);

/* Whether each of its legs ends in a private network, or at this host. */
bool policy_is_private(const struct walk *);

/* A bucket of probes: it fills at `rate_pps` and holds what half a second brings; of both it has
 * its share, where several have to do with one rate. What others are to be safe from begins empty:
 * who starts anew again and again gains nothing. */
struct policy_bucket {
	double rate_pps, left;
	unsigned sharers;
	ns_t filled_at;
};

void policy_bucket_init(struct policy_bucket *, double rate_pps, bool is_full, ns_t now);
void policy_bucket_share(struct policy_bucket *, unsigned sharers, ns_t now);
bool policy_bucket_take(struct policy_bucket *, ns_t now); /* false: too many; not taken */
/* When one may be taken; NS_NEVER: the rate is 0. */
ns_t policy_bucket_next(struct policy_bucket *, ns_t now);

#endif
