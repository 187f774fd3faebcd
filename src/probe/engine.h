/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef THRUPATH_PROBE_ENGINE_H
#define THRUPATH_PROBE_ENGINE_H

#include "base/ns.h"
#include "model/session.h"
#include "pkt/probe_wire.h"
#include "pkt/reply.h"

/*
 * The engine decides which probe leaves next and what an answer means. It is handed the
 * time and decoded captures, and gives back probes and its next deadline; it has no
 * socket, no clock, no global, and allocates nothing after create.
 *
 * A round holds one probe for every depth and one To probe for every TTL, back to back,
 * of one size, in a fresh random order. From one to the next it is half an interval to one and a
 * half, by chance, and one on average: what is lost periodically cannot fall in step with them.
 */
struct engine;

struct engine_config {
	struct ident ident;
	uint64_t seed;           /* order of rounds, first sequence number */
	struct addr self;        /* of the family of the first hop */
	struct addr self_other;  /* of the other one; unset: none, or no hop is of it */
	struct addr self_also;   /* another one of self's family, to ask from as well; or unset */
	bool has_also;           /* in all rounds, not only when engine_ask_also() says so */
	struct host_interface interface; /* that probes leave by */
	struct addr destination; /* of To probes; the end of an explicit path */
	const struct addr *path; /* borrowed for engine_create; NULL: discover it */
	const struct addr *path_other; /* as path: the other address of bridges; NULL: none is */
	const uint8_t *path_carrier; /* as path: 1 + enum carrier that a hop is known to unwrap; 0: to
	                          * be found out; NULL: of none is it known */
	size_t path_count;
	uint8_t carrier;         /* likewise, of all others */
	struct sid_format sids;  /* of addresses that hold compressed SIDs */
	bool has_walk[WALK_STATS_COUNT]; /* the kinds every round sends */
	enum walk_kind main_walk;
	bool has_follow;         /* take a changed path at once */
	bool has_reverse;        /* trace the way back, and measure both lengths, at the start and
	                          * every minute */
	bool has_vias;           /* trace the way back from every hop, and add walks by routers on it
	                          * that are not on the path */
	bool has_bounce;         /* where nothing else goes through hop 1, packets to ourselves do, by
	                          * the gateway's link address */
	bool has_scan;           /* ask every hop first whether it decapsulates */
	struct addr via;         /* of WALK_VIA */
	struct addr from;        /* trace from this hop, which decapsulates; unset: from here */
	enum inner_source inner_source;
	struct addr inner_address; /* of INNER_SOURCE_GIVEN */
	bool has_return_side;    /* legs back go to the far side of each link, where it is known */
	uint16_t size_bytes;     /* 0: the least that carries the deepest walk, at least 64 */
	uint16_t mtu;            /* of the egress interface: no probe is larger */
	uint16_t port, echo_id;
	enum carried to_carried; /* of To probes, and of the last leg to an end that answers it */
	uint16_t to_port;        /* of those, where they have ports; else 0 */
	uint16_t to_source_port;
	bool has_beside;         /* what goes to the address beside the destination is routed as that */
	uint8_t flows;           /* rounds take turns with so many constant flows; 0 or 1: one */
	uint8_t tos;
	uint8_t first_ttl, max_ttl; /* of discovery and of To probes */
	ns_t interval;
	uint64_t round_limit;    /* 0: endless */
	ns_t timeout;            /* 0: adaptive, max(1 s, 3 x p99) */
	ns_t grace;              /* the longest wait for the last answers; 0: until all is resolved */
	double max_rate_pps;
	ns_t strays_until;       /* answers to another engine's probes may come; 0: there was none */
};

/* The session is borrowed for the engine's life and written by it alone. */
struct engine *engine_create(const struct engine_config *, struct session *, ns_t now);
void engine_destroy(struct engine *);

/* The next probe that is due; false: none now. Also moves what is past its deadline. */
bool engine_poll(struct engine *, ns_t now, struct probe_spec *ret_spec);
/* When to call engine_poll again, or NS_NEVER: only an answer can change anything. */
ns_t engine_next(const struct engine *, ns_t now);

void engine_reply(struct engine *, const struct reply *, struct stamp);

/* A To probe of the rounds and its answer. */
struct engine_answer {
	uint32_t seq;
	uint8_t hop;             /* its TTL */
	struct addr from;
	ns_t rtt;
	struct mpls_stack mpls;  /* that the answer bears */
};

/* What the last engine_reply() was the answer to; false: to no such probe. */
bool engine_last_answer(const struct engine *, struct engine_answer *ret_answer);
/* The transport could not send it, for that errno (0: not known): its round is void. */
void engine_unsent(struct engine *, uint32_t seq, int sys);
/* Tells how many packets the capture has lost so far. When the number grew, every round
 * that had a probe out since the last call is void: the loss may be the prober's own. */
void engine_drops(struct engine *, uint64_t rx_dropped);
/* The process slept or the clock was set: whatever is out is void, not lost. */
void engine_gap(struct engine *);

/* Where this host sends from since it moved. */
struct engine_home {
	struct addr self, self_other, self_also; /* as of engine_config */
	struct host_interface interface;
	uint16_t mtu;
};

/* Counts go on, once replies come in at the new place. Also where it is the old one, after a time
 * away. Where no more than the MTU or self_also is another one, they go on at once. */
void engine_move(struct engine *, ns_t now, const struct engine_home *);
/* From now on replies come in by that interface; "": by the one that probes leave by. */
void engine_arrival(struct engine *, const char *interface);

void engine_pause(struct engine *, ns_t now, bool is_paused);
void engine_set_interval(struct engine *, ns_t now, ns_t interval); /* from the next round on */
/* The rounds in all, 0 for no end; one that was over goes on where there are more. */
void engine_set_limit(struct engine *, ns_t now, uint64_t round_limit);
void engine_reset(struct engine *);  /* forgets all counts, keeps the path */
void engine_reset_hop(struct engine *, uint8_t hop); /* the counts of that one; 0: of none */
/* Takes the changed path of the session, if there is one. Hops before the change keep their
 * counts: their walks are the same. */
void engine_follow(struct engine *, ns_t now);

/* Adds the walks that tell out from back: those on which routing chooses a way, and by routers
 * of the way back. Only where boomerangs are sent; allocates once. False: nothing was added. */
bool engine_add_walks(struct engine *, ns_t now);

/* Asks the hop itself more often for some seconds: session->faster has what came of it. False:
 * not now, or no such hop. */
bool engine_ask_faster(struct engine *, ns_t now, uint8_t hop);

/* In the next rounds every hop is asked from the other address as well: session->also has what
 * came of it. False: not now, or there is no other address. */
bool engine_ask_also(struct engine *);

/* Measures the MTU of each link once, after some rounds: session->mtu has what came of it. A run
 * that has a last round ends no sooner. Allocates once. False: it is under way already, or neither
 * nested nor To probes are sent. */
bool engine_measure_mtu(struct engine *);

/* A path by hand. Everything that is still measured the same way keeps its counts: what a walk
 * is, its legs say. Hops skipped are legs of no walk; with a link, only walks that turn at its
 * ends are sent. */
struct engine_path {
	struct addr hop[HOP_MAX], other[HOP_MAX]; /* as of engine_config */
	uint8_t carrier[HOP_MAX];      /* likewise */
	size_t count;                  /* 1..HOP_MAX */
	uint64_t skipped;              /* bit k: hop[k] */
	struct addr via;               /* unset: no walks by a waypoint */
	uint8_t link;                  /* the hop that it ends at; 0: all of them */
};

void engine_set_path(struct engine *, ns_t now, const struct engine_path *);

/* Of the headers of a boomerang to that hop. */
size_t engine_stack_bytes(unsigned depth, uint8_t family, enum carrier);
/* The deepest hop whose boomerang fits into mtu bytes: two legs a hop by that carrier, 8, and the
 * payload. */
unsigned engine_depth_limit(unsigned mtu, uint8_t family, enum carrier);

#endif
