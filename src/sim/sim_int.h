/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef THRUPATH_SIM_SIM_INT_H
#define THRUPATH_SIM_SIM_INT_H

#include "base/heap.h"
#include "base/rng.h"
#include "pkt/icmp.h"
#include "sim/network.h"

/* What the files of the network share: its state, and a packet's way through it. */

enum {
	SIM_NONE = 0xffff,         /* no node, no link, no route */
	ROUTE_GROUP = 0x8000,      /* bit of a route: index of an ECMP group follows */
	BUCKETS_MAX = 8,
	PACKET_CLASSES = 3
};

enum timer_kind {
	TIMER_CHANNEL,             /* the first packet on a link arrives */
	TIMER_PACKET,              /* a packet outside any order: overtaking, or being made */
	TIMER_CHANGE
};

struct sim_timer {
	struct heap_node node;     /* first: the heap hands it back */
	enum timer_kind kind;
};

/* A packet's header begins at `start`: decapsulation moves that and copies nothing. */
struct packet {
	struct sim_timer timer;
	struct packet *next;
	ns_t when;                 /* it arrives */
	uint16_t node;             /* where it is, or is going */
	uint16_t channel;          /* it came in by, or SIM_NONE */
	bool is_made_here;         /* by the node it is at: not decremented */
	uint8_t size_class;
	uint8_t label_ttl;         /* within a tunnel; 0: not in one */
	uint32_t start, end;
	struct sim_identity probe;
	uint8_t bytes[];
};

/* One direction of a link; channel 2i is link i out, 2i+1 back. */
struct channel {
	struct sim_timer timer;
	struct packet *first, *last;   /* on the wire, in order of arrival */
	struct link_params params;
	uint16_t from, to;
	struct addr address_to;        /* of the end it leads to */
	struct rng rng;
	bool is_in_burst;
	struct outage outage;          /* by which the next two were drawn */
	struct rng outage_rng;
	ns_t outage_since;             /* they have been as they are; 0: from the start */
	ns_t out_from, out_until;
	ns_t load_at;                  /* the next packet of cross traffic comes */
	ns_t free_at;                  /* the sender's interface */
	ns_t last_arrival;
	ns_t *departure;               /* ring: when each one in the queue has left */
	size_t departure_cap, departure_first, departure_count;
	struct sim_link_truth truth;
};

struct bucket {
	struct addr destination;
	ns_t tokens, at;               /* in units of time, as Linux keeps them */
};

struct sim_limiter {
	struct bucket bucket;
	struct rng rng;
	ns_t next_other;               /* somebody else takes a token */
};

struct sim_node {
	struct node_params params;
	struct rng rng;
	struct bucket bucket[BUCKETS_MAX];
	size_t bucket_count, bucket_oldest;
	struct bucket police;
	uint16_t ip_id;
	ns_t least_home;               /* no packet gets from here to the prober faster */
	struct sim_node_truth truth;
};

struct group {
	uint16_t channel[SCN_VIA_MAX];
	uint8_t count;
	enum hash_mode hash;
};

struct address_slot {
	struct addr address;           /* unset: free */
	uint16_t node;
};

struct sim {
	const struct scenario *scenario;
	ns_t now, start;
	uint64_t hash_seed, serial;
	uint16_t prober;
	struct sim_node *node;
	size_t node_count;
	struct channel *channel;
	size_t channel_count;
	struct sim_limiter *limiter;
	uint16_t *route;               /* [node * node_count + destination] */
	struct group *group;           /* of scenario routes, then of changes */
	struct address_slot *slot;
	size_t slot_count;             /* a power of two */
	struct heap heap;
	struct sim_timer change_timer;
	size_t next_change;
	struct packet *pool[PACKET_CLASSES];
	struct packet *home_first, *home_last; /* arrived, not yet delivered */
	sim_observer_fn *observer;
	void *observer_arg;
};

/* network.c */
struct packet *packet_new(struct sim *, size_t len);
void packet_free(struct sim *, struct packet *);
void sim_home(struct sim *, struct packet *);

/* topo.c */
void topo_build(struct sim *);
void topo_finish(struct sim *);
void topo_set_route(struct sim *, const struct scn_route *, size_t group);
extern const struct sid_format sim_sids; /* of all addresses here that hold compressed SIDs */
uint16_t topo_node_of(const struct sim *, const struct addr *);  /* SIM_NONE: nobody's */
/* Channel a packet to `destination` leaves `node` by, or SIM_NONE. */
uint16_t topo_route(struct sim *, uint16_t node, uint16_t destination, const struct packet *);
/* Whether packets to `destination` may leave by this channel. */
bool topo_routes_by(const struct sim *, uint16_t node, uint16_t destination, uint16_t channel);
uint64_t topo_hash(struct sim *, const struct packet *, enum hash_mode, uint64_t salt,
	struct rng *);

/* link.c: takes the packet over. */
void link_send(struct sim *, uint16_t channel, struct packet *);
void link_arrive(struct sim *, struct channel *);
ns_t jitter_draw(const struct jitter *, struct rng *);

/* router.c: the packet arrived at, or was made by, packet->node. Takes it over. */
void router_receive(struct sim *, struct packet *);
void router_send(struct sim *, struct packet *, bool is_exempt);

/* fragment.c: whether the packet may be cut into pieces, and that, each sent by itself. */
bool fragment_may(const struct packet *);
void fragment_send(struct sim *, struct packet *, uint32_t mtu, bool is_exempt);

/* nat.c: what a translator does to a packet that comes in, and to one that leaves. */
void nat_enter(const struct nat *, struct packet *);
void nat_leave(const struct nat *, struct packet *);

/* answer.c */
bool bucket_take(struct bucket *, ns_t now, ns_t period, uint32_t burst);
void answer_error(struct sim *, const struct packet *, enum icmp_cause, uint32_t mtu);
void answer_local(struct sim *, struct packet *);                /* takes it over */

/* truth.c: both drops take the packet over. */
void truth_tell(struct sim *, enum sim_event_kind, enum sim_cause, const struct packet *,
	bool is_link, uint16_t index);
void drop_on_channel(struct sim *, uint16_t channel, struct packet *, enum sim_cause);
void drop_at_node(struct sim *, struct packet *, enum sim_cause);

/* The current header's fields; it has been checked to be whole. */
uint8_t packet_family(const struct packet *);
struct addr packet_src(const struct packet *);
struct addr packet_dst(const struct packet *);
size_t packet_len(const struct packet *);

#endif
