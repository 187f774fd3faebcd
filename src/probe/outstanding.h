/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef THRUPATH_PROBE_OUTSTANDING_H
#define THRUPATH_PROBE_OUTSTANDING_H

#include "base/ns.h"

/*
 * The probes that are out, and those that were, in a ring indexed by sequence number: no
 * search, no allocation after create. A number is used again only after the ring went
 * round, so late answers and duplicates are known for what they are.
 * Invariant: every probe with seq < oldest is resolved.
 */
enum probe_state {
	PROBE_FREE,
	PROBE_WAITING,
	PROBE_ANSWERED,
	PROBE_LOST,
	PROBE_LATE,
	PROBE_ERROR,
	PROBE_VOID
};

enum { TX_UNSEEN = INT32_MIN };

/* Whether a probe took a walk that only some flows take. */
enum spread_use {
	SPREAD_NONE,
	SPREAD_USED,
	SPREAD_TRIAL             /* to see whether it comes home: counted nowhere */
};

/* 32 bytes: at 80 000 probes a second a quarter of a million of these are kept. */
struct probe_entry {
	ns_t sent_at;            /* when the engine gave it out */
	int32_t tx_delta;        /* stamp of its departure less sent_at; TX_UNSEEN: none yet */
	uint32_t seq, round;     /* round 0: discovery, counted nowhere */
	uint16_t size_bytes;
	uint16_t stack_bytes;    /* of these the headers before what is carried */
	uint8_t state;           /* enum probe_state */
	uint8_t kind;            /* enum walk_kind */
	uint8_t depth;           /* 1-based hop; TTL of a To probe */
	uint8_t cause;           /* enum icmp_cause of PROBE_ERROR */
	bool is_of_old_path : 1; /* what comes back says nothing of the present one */
	bool is_answered : 1;    /* its last leg ends elsewhere: somebody has to answer it */
	uint8_t carrier : 3;     /* enum carrier of its first leg, where the scan asks */
	uint8_t flow;            /* below the session's flow_count */
	uint8_t spread;          /* enum spread_use */
	uint8_t shim_words;      /* of stack_bytes what carriers put between IP headers, in fours */
};

struct outstanding {
	struct probe_entry *entry;
	uint32_t mask;           /* entries - 1, a power of two */
	uint32_t first, next;    /* seqs ever given out: first .. next-1 */
	uint32_t oldest;         /* the first that may still be waiting */
};

void outstanding_init(struct outstanding *, uint32_t capacity, uint32_t first_seq);
void outstanding_finish(struct outstanding *);
/* A place for the next probe, zeroed but for seq; NULL when its place still waits. */
struct probe_entry *outstanding_add(struct outstanding *);
/* The probe of this number; NULL when there is none or its place was used again. */
struct probe_entry *outstanding_get(struct outstanding *, uint32_t seq);
/* The oldest waiting probe; NULL when none waits. */
struct probe_entry *outstanding_oldest(struct outstanding *);

#endif
