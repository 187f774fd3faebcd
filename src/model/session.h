/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef THRUPATH_MODEL_SESSION_H
#define THRUPATH_MODEL_SESSION_H

#include "model/stats.h"
#include "pkt/icmpext.h"
#include "pkt/probe_wire.h"
#include "pkt/reply.h"

/*
 * What is known of the path and of the run, written by the engine alone. Hops are kept
 * 0-based here: hops[k] is hop k+1.
 */
enum { HOP_MAX = 64, HOP_ADDRESSES = 128, VIA_MAX = 4, INTERFACE_NAME_MAX = 16 };

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

enum way {
	WAY_OUT,
	WAY_BACK,
	WAY_COUNT
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
	uint8_t type, code;      /* in the numbers of from's family */
	uint8_t leg;             /* 1: the outermost header; 0: not known */
	uint32_t mtu;            /* of the link that was too narrow; 0: not told */
	ns_t sent_at;            /* the probe, by the loop's clock */
};

/* What a hop quotes of our packets in its own answers, where that is not what left here. */
struct rewrite {
	uint32_t quotes, changed; /* answers that quoted us; and of the last ones, all in a row, those
	                           * that differed, as follows: */
	struct addr source, destination; /* as quoted; unset: as sent */
	bool is_port_changed;
	uint16_t port;           /* the source port, as quoted */
	bool is_sum_changed;     /* the sum of UDP, which covers addresses and ports */
};

/* The TOS byte (traffic class) that our packets had at some place. */
struct tos_seen {
	uint8_t tos;             /* the last time */
	uint32_t count;          /* so often in a row; 0: not seen yet */
};

/* Replies that were not as they should be, by enum reply_flaw: those of damage are no answers. */
struct flaws {
	uint32_t count[FLAW_COUNT];
	uint32_t fragment_bytes; /* of the last first fragment, which a link has filled */
};

struct hop {
	struct addr address;     /* unset: silent so far */
	struct addr other;       /* of the other family, where it bridges both; else unset */
	struct addr seen[HOP_ADDRESSES]; /* every address that answered for it, first first */
	size_t seen_count;
	bool has_more_seen;      /* there were more: the last one is the newest */
	size_t settled_count;    /* of those, seen while `address` answered again and again */
	uint32_t turns;          /* times that it did so, after some replies of others */
	uint32_t strays;         /* answers of others since then */
	struct addr return_side; /* where legs back to it are sent; unset: to `address` */
	enum hop_decap decap;
	uint8_t refused_type, refused_code; /* the ICMP error of HOP_DECAP_NO; 0, 0: none */
	uint8_t scan_asked;      /* times that the scan has asked it */
	uint8_t carrier_told;    /* 1 + enum carrier that it is known to unwrap; 0: to be found out */
	uint8_t unwraps;         /* a bit of each carrier that it was seen to unwrap */
	enum tri takes_own_source; /* forwards inner packets that come from its own address */
	enum tri is_strict[WAY_COUNT]; /* every leg to it, or back from it, is as long as listed */
	enum tri decrements;     /* takes one off the inner TTL after decapsulation */
	uint32_t cause_asked;    /* round in which its silence was last inquired into; 0: never */
	bool is_passed_over;     /* walks do not turn or unwrap here: a loose path */
	bool is_skipped;         /* the same, because the person said so */
	bool is_muted;           /* walks go by it, but none turns here: another link is looked at */
	bool is_answering;       /* the end, which does not decapsulate: the last leg of a walk to it
	                          * is an ordinary packet, and routing brings the answer back */
	uint8_t flow_sources;    /* which flows of the main walk take turns with; 0, 1: one */
	uint8_t to_rx_ttl;       /* of its last own answer as it arrived; 0: none */
	uint8_t echo_rx_ttl;     /* of its answers to echoes of its own; 0: none, or it was not asked */
	uint8_t echo_to_rx_ttl;  /* to_rx_ttl as it was then */
	uint8_t echo_count;      /* of those in a row with both as they are */
	enum to_kind to_kind;
	bool lets_expire;        /* of its answers some said that a TTL has expired here */
	struct mpls_stack mpls;  /* of the last answer that had labels */
	struct icmp_interface interface;
	struct icmp_node node;   /* who it says that it is */
	struct hop_error error;
	struct rewrite rewrite;
	struct tos_seen tos_quoted; /* at the hop itself, as it quotes ordinary packets */
	struct tos_seen tos_home; /* of what left it in its own header, when that came home */
	struct flaws flaws;
	struct stats walk[WALK_STATS_COUNT]; /* [WALK_TO]: its own answers; the rest: through it */
};

/* The way back from a hop, as far as routers on it answered. */
struct reverse_path {
	struct addr from;        /* unset: not traced */
	struct addr home;        /* of ours, where it leads to */
	uint8_t from_hop;
	uint8_t home_ttl;        /* the least inner TTL that came home; 0: none did yet */
	struct addr at_ttl[HOP_MAX + 1]; /* [t]: who let the inner TTL t expire */
};

/* Walks by a router of the way back that is not on the path. */
enum via_walk {
	VIA_ROUND,               /* out to it and home from it */
	VIA_HOME,                /* out by it to the turning hop, home over the path */
	VIA_WALKS
};

struct via {
	struct addr address;
	enum hop_decap decap;    /* no walk goes by it unless it is HOP_DECAP_YES */
	struct stats walk[VIA_WALKS];
};

/* How many links a way has, by the least TTL that comes home: no router has to answer. */
struct way_length {
	uint8_t hops;            /* 0: not known */
	uint8_t before;          /* its last change; 0: none */
	ns_t changed_at;
};

/* The path as it was found last, where it is not the one that is probed. */
struct path_change {
	bool is_active;          /* the path that is probed is another one */
	bool is_followed;        /* it was taken */
	uint32_t count;          /* changes so far, those back to the path that is probed as well */
	ns_t noticed_at;
	uint8_t first_hop;       /* 1-based: what changed first */
	uint8_t hop_count, old_hop_count;
	bool has_end;            /* the destination answered */
	bool is_end_expiring;    /* and said nothing but time exceeded */
	struct addr was;         /* at first_hop; unset: silent */
	struct addr hops[HOP_MAX];
};

/* The last time that a hop was asked more often than in the rounds. */
struct faster {
	uint8_t hop;             /* 0: never */
	bool is_running;
	uint32_t asked, answered;
	uint64_t asked_before, answered_before; /* in the rounds, until then */
	ns_t took;               /* from the first to the last question */
};

/* The same hops asked from another of our addresses in the same rounds: what differs, differs on
 * the way home, or where routing looks at sources. */
struct also_hop {
	struct addr from;        /* who answered last; unset: nobody */
	struct stats to;
};

struct also_source {
	struct addr address;     /* unset: there is no other one */
	bool is_running;
	uint32_t first_round, rounds; /* of the session's, and how many were begun; 0: it never ran */
	uint32_t wanted;         /* 0: as many as there are */
	struct also_hop *hops;   /* HOP_MAX of them; NULL: it never ran */
};

/* Packets to ourselves by way of the gateway's link address: what goes through hop 1. */
enum bounce_state {
	BOUNCE_OFF,              /* not wanted: not asked for, or hop 1 unwraps */
	BOUNCE_TRIED,            /* none has come home yet */
	BOUNCE_HOME,             /* they come home: the main walk's counts of hop 1 are theirs */
	BOUNCE_DROPPED,          /* they do not, though others pass hop 1 */
	BOUNCE_NO_GATEWAY,       /* the destination is on a network of this host's */
	BOUNCE_NO_LINK           /* the link has no link addresses as Ethernet has them */
};

struct bounce {
	enum bounce_state state;
	uint32_t asked;          /* trials that did not come home */
	uint32_t redirects;      /* times that the gateway said that there is a shorter way */
};

/* One of this host's, as the kernel calls it; one that was made again has another number. */
struct host_interface {
	char name[INTERFACE_NAME_MAX];
	uint32_t index;
};

/* The last time that this host moved. */
struct host_move {
	uint32_t count;          /* so often; 0: it never did */
	struct addr was;         /* its address before, */
	struct host_interface was_by; /* by which probes left then */
	ns_t at;
};

/* Whose packets told how long one may be on a link. */
enum mtu_by {
	MTU_BY_NONE,             /* it was not measured */
	MTU_BY_THROUGH,          /* nested probes that came home */
	MTU_BY_TO                /* replies of the hop: of the way out alone */
};

/* Which way a link, or one of several, takes less than what comes before it. */
enum mtu_limit {
	MTU_LIMIT_NONE,          /* as far as could be tried */
	MTU_LIMIT_OUT,
	MTU_LIMIT_BACK,
	MTU_LIMIT_EITHER         /* one of both */
};

/* Of the link that ends at the hop, or of all links since the hop `near`. */
struct link_mtu {
	enum mtu_by by;
	bool is_done;            /* false: so far */
	bool is_undecided;       /* too much was lost */
	uint8_t near;            /* the measured hop before; 0: the prober */
	enum mtu_limit limit;
	uint16_t passed[WAY_COUNT]; /* bytes of the largest packet that crossed it; 0: not known. Of the
	                             * way that is the limit, the MTU */
	bool is_black_hole;      /* too long a packet is dropped, and nobody says so */
	struct addr said_by;     /* who did; unset: nobody */
	uint32_t said;           /* the MTU, as that says; 0: it does not */
	uint16_t probes, silent; /* sent for it; and how often one byte more stayed silent */
};

struct mtu_measurement {
	bool is_wanted, is_running;
	uint32_t probes;         /* in all; 0: never */
	uint16_t most;           /* the largest that this host's own link takes */
	struct link_mtu *links;  /* HOP_MAX of them; NULL: never asked for */
};

/* By which interface replies come in. */
struct arrivals {
	uint64_t replies, elsewhere; /* of those, not by the one that probes leave by */
	char by[INTERFACE_NAME_MAX]; /* but by that one, the last time */
	ns_t last_at;
};

/* The walk one depth before that to hops[k], sent once more in the same round: it comes home when
 * that does. */
struct bracket_cell {
	uint32_t round;
	uint8_t outcome;         /* enum outcome */
	uint32_t rtt_us;
};

struct bracket {
	enum walk_kind of;       /* what the deeper probe is: the main walk, or to the end */
	enum walk_kind by;       /* what it is held against: of which bracket */
	uint8_t near;            /* the hop, 1-based, that it turns at */
	ns_t after;              /* so much later; 0: it is not sent */
	struct bracket_cell cell[STATS_HISTORY]; /* at round % STATS_HISTORY */
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
	struct addr via;         /* the waypoint of via walks; unset: none */
	struct addr self_other;  /* of the other family; unset: none, or not needed */
	struct host_interface interface; /* that probes leave by */
	struct host_move move;
	bool is_settling;        /* no reply has come in yet where this host is now */
	struct arrivals arrivals;
	bool is_explicit;        /* the path was given, not discovered */
	bool is_from;            /* it was discovered from a hop on, to which no path is known */
	bool has_walk[WALK_STATS_COUNT]; /* the kinds that are sent */
	enum walk_kind main_walk; /* the one that Through stands for */
	uint8_t carrier_told;    /* as of hops, of all for which they do not tell */
	struct sid_format sids;  /* of addresses that hold compressed SIDs */
	enum carried to_carried; /* of To probes, and of the last leg to a hop that is_answering */
	enum phase phase;
	bool is_paused;
	bool has_end_answered;   /* destination, or the end of the path by its own walk */
	bool is_end_expiring;    /* all that the destination ever says is time exceeded */
	uint32_t rounds;         /* begun */
	ns_t round_at[STATS_HISTORY]; /* when: at round % STATS_HISTORY */
	uint64_t round_limit;    /* 0: endless */
	ns_t interval, discovery; /* discovery < 0: not finished, or none */
	uint16_t probe_bytes;
	uint8_t tos;             /* of all headers that leave */
	unsigned discovery_answered, discovery_awaited;
	struct reverse_path reverse;
	struct reverse_path *reverses; /* HOP_MAX of them: [k] from hops[k], where traced, too */
	struct path_change change;
	ns_t beyond_from, beyond_to; /* when the last trace was sent to the end, and beyond */
	struct faster faster;
	struct also_source also;
	struct bounce bounce;
	struct mtu_measurement mtu;
	struct addr length_to;   /* where `length` is measured to and from; unset: nowhere */
	uint8_t length_hop;
	struct way_length length[WAY_COUNT];
	unsigned flow_count;     /* rounds take turns with so many flows */
	struct flow *flows;      /* hops[k] has flow_count of them at k * flow_count; NULL: one flow */
	struct hop *hops;        /* HOP_MAX of them */
	struct via *vias;        /* VIA_MAX of them */
	struct bracket *brackets; /* HOP_MAX of them; NULL: none is sent */
	size_t via_count;
	size_t hop_count;
	int send_errno;          /* why the last probe could not be sent, to the kernel; 0: not known */
	uint64_t rx_dropped, send_errors, void_rounds, forged;
};

void session_init(struct session *);
void session_finish(struct session *);
/* From now on there are several flows, which are counted apart. */
void session_add_flows(struct session *, unsigned flow_count);
/* By what nested probes go through that hop; NULL: through one of which nothing is known, by what
 * the path's hops take. */
enum carrier session_carrier(const struct session *, const struct hop *);
/* Whether a walk has one header, which lists the hops by their SIDs. */
bool session_is_routed(const struct session *);
/* Of hops[k]; NULL where there is one flow. */
struct flow *session_flow(const struct session *, size_t k, unsigned flow);
void session_add_brackets(struct session *);
/* What became of that of the round; one of another round is forgotten for it. */
struct bracket_cell *session_bracket_cell(struct bracket *, uint32_t round);
/* Of the hop at `near` before hops[k], 1-based, in that round; NULL: none was sent. */
const struct bracket_cell *session_bracket_of(const struct session *, size_t k, uint8_t near,
	uint32_t round);
/* Whether hops[k] and the hop at `near` before it are compared with its help. */
bool session_is_bracketed(const struct session *, size_t k, uint8_t near);
/* Inner TTLs that the turning hop itself takes: its routers count from there. */
unsigned session_reverse_offset(const struct session *, const struct reverse_path *);
/* Routers on the way back, the turning hop and the prober not counted; -1: not known. */
int session_reverse_routers(const struct session *, const struct reverse_path *);

/* A round begins. */
void session_begin_round(struct session *, uint32_t round, ns_t now);
/* When that round began, one of the last STATS_HISTORY. */
ns_t session_round_at(const struct session *, uint32_t round);

/* Our own address of that family; NULL: there is none. */
const struct addr *session_self(const struct session *, uint8_t family);

/* Whether what goes through hops[k] is bounces. */
bool session_is_bounced(const struct session *, size_t k);
/* Whether what tells of hops[k] is sent through it: a walk that turns there, or bounces. */
bool session_is_through(const struct session *, size_t k);
/* Whether walks neither turn round at the hop nor are unwrapped by it. */
bool session_is_loose(const struct hop *);
/* Notes that this address answered for the hop; the first one names a silent hop. */
void session_hop_seen(struct hop *, const struct addr *);
/* Whether this address has answered for it. */
bool session_hop_has(const struct hop *, const struct addr *);
/* Whether this other address has taken the hop's place. Where balanced ways alternate, the old
 * one answers again after the new one was seen, and both within a hundred answers, or ten for each
 * address. */
bool session_hop_is_replaced(const struct hop *, const struct addr *by);
/* Forgets all counts, keeps the path. */
void session_reset_stats(struct session *);
void session_reset_also(struct session *); /* the counts of that; it begins with the next round */
void session_reset_hop(struct session *, size_t k);         /* the counts of hops[k] */

#endif
