/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef THRUPATH_MODEL_SESSION_H
#define THRUPATH_MODEL_SESSION_H

#include "model/stats.h"
#include "pkt/icmpext.h"
#include "pkt/probe_wire.h"

/*
 * What is known of the path and of the run, written by the engine alone. Hops are kept
 * 0-based here: hops[k] is hop k+1.
 */
enum { HOP_MAX = 64, HOP_ADDRESSES = 8 };

enum hop_decap {
	HOP_DECAP_UNKNOWN,
	HOP_DECAP_YES,               /* a boomerang that it had to unwrap came home */
	HOP_DECAP_NO,                /* it said so: unreachable of some code */
	HOP_DECAP_SILENT             /* asked three times, it neither did nor said anything */
};

enum to_kind {
	TO_NONE,
	TO_TTL,                  /* time exceeded: the hop is on the way */
	TO_ECHO                  /* echo reply: the hop is the destination */
};

enum tri {
	TRI_UNKNOWN,
	TRI_NO,
	TRI_YES
};

/* What one constant flow met at a hop. */
struct flow_count {
	uint32_t sent, received; /* resolved; void ones do not count */
	uint32_t samples;        /* RTTs: as with stats, a round that is voided later keeps its own */
	ns_t best, sum;
};

struct flow {
	struct addr from;        /* who answered the last To probe of it; unset: nobody */
	struct flow_count to, through; /* through: of the main walk */
};

/* The last ICMP error that a nested probe to a hop, or one that did not fit, ended in. */
struct hop_error {
	struct addr from;        /* who said so; unset: there was none */
	struct addr to;          /* where the leg under way led */
	enum walk_kind kind;     /* of the probe */
	uint8_t type, code;
	uint8_t leg;             /* 1: the outermost header */
	uint16_t mtu;            /* of the link that was too narrow; 0: not told */
};

struct hop {
	struct addr address;     /* unset: silent so far */
	struct addr seen[HOP_ADDRESSES]; /* every address that answered for it, first first */
	size_t seen_count;
	enum hop_decap decap;
	uint8_t refused_type, refused_code; /* the ICMP error of HOP_DECAP_NO; 0, 0: none */
	enum tri takes_own_source; /* forwards inner packets that come from its own address */
	enum tri decrements;     /* takes one off the inner TTL after decapsulation */
	uint32_t cause_asked;    /* round in which its silence was last inquired into; 0: never */
	bool is_passed_over;     /* walks do not turn or unwrap here: a loose path */
	bool is_answering;       /* the end, which does not decapsulate: the last leg of a walk to it
	                          * is an ordinary packet, and routing brings the answer back */
	uint8_t to_rx_ttl;       /* of its last own answer as it arrived; 0: none */
	enum to_kind to_kind;
	struct mpls_stack mpls;  /* of the last answer that had labels */
	struct icmp_interface interface;
	struct hop_error error;
	struct stats walk[WALK_STATS_COUNT]; /* [WALK_TO]: its own answers; the rest: through it */
};

/* The way back from a hop, as far as routers on it answered. */
struct reverse_path {
	struct addr from;        /* unset: not traced */
	uint8_t from_hop;
	uint8_t home_ttl;        /* the least inner TTL that came home; 0: none did yet */
	struct addr at_ttl[HOP_MAX + 1]; /* [t]: who let the inner TTL t expire */
};

enum phase {
	PHASE_DISCOVERING,
	PHASE_SCANNING,          /* asking the hops whether they decapsulate */
	PHASE_PROBING,
	PHASE_DRAINING,          /* nothing more is sent, answers are awaited */
	PHASE_DONE
};

struct session {
	struct addr self, destination;
	bool is_explicit;        /* the path was given, not discovered */
	bool has_walk[WALK_STATS_COUNT]; /* the kinds that are sent */
	enum walk_kind main_walk; /* the one that Through stands for */
	enum carrier to_carrier; /* of To probes, and of the last leg to a hop that is_answering */
	enum phase phase;
	bool is_paused;
	bool has_end_answered;   /* destination, or the end of the path by its own walk */
	uint32_t rounds;         /* begun */
	uint64_t round_limit;    /* 0: endless */
	ns_t interval, discovery; /* discovery < 0: not finished, or none */
	uint16_t probe_bytes;
	unsigned discovery_answered, discovery_awaited;
	struct reverse_path reverse;
	unsigned flow_count;     /* rounds take turns with so many flows */
	struct flow *flows;      /* hops[k] has flow_count of them at k * flow_count; NULL: one flow */
	struct hop *hops;        /* HOP_MAX of them */
	size_t hop_count;
	uint64_t rx_dropped, send_errors, void_rounds, forged;
};

void session_init(struct session *);
void session_finish(struct session *);
/* From now on there are several flows, which are counted apart. */
void session_add_flows(struct session *, unsigned flow_count);
/* Of hops[k]; NULL where there is one flow. */
struct flow *session_flow(const struct session *, size_t k, unsigned flow);
/* Inner TTLs that hop `reverse.from` itself takes: its routers count from there. */
unsigned session_reverse_offset(const struct session *);
/* Routers on the way back, the turning hop and the prober not counted; -1: not known. */
int session_reverse_routers(const struct session *);

/* Notes that this address answered for the hop; the first one names a silent hop. */
void session_hop_seen(struct hop *, const struct addr *);
/* Forgets all counts, keeps the path. */
void session_reset_stats(struct session *);

#endif
