/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef THRUPATH_SIM_PARAMS_H
#define THRUPATH_SIM_PARAMS_H

#include "base/err.h"
#include "base/ns.h"
#include "pkt/carrier.h"
#include "pkt/icmpext.h"

/*
 * What can be said of one direction of a link and of a node, and the words for it. A
 * property is one member of the struct, so that a timed change is a set of members to be
 * copied over those in force. Knows nothing of topology or packets.
 */
struct scn_words;

enum { MEMBERS_MAX = 16, LIMITER_ID_MAX = 24 };

enum jitter_law {
	JITTER_NONE,
	JITTER_NORMAL,        /* deviation `spread`, cut at four of them */
	JITTER_EXPONENTIAL,   /* added, mean `spread` */
	JITTER_UNIFORM,       /* added, 0 to `spread` */
	JITTER_PARETO         /* added, of Lomax's law: mean `spread` / (alpha - 1) */
};

struct jitter {
	enum jitter_law law;
	ns_t spread;
	double alpha;
};

enum hash_mode {
	HASH_OUTER,           /* outermost source and destination */
	HASH_INNER,           /* those of the next header where IP carries IP */
	HASH_FIVE_TUPLE,      /* outermost ones, protocol, ports of UDP and TCP */
	HASH_PACKET           /* each packet by chance */
};

/* Gilbert and Elliott: chances per packet to enter and to leave the bad state, and to be
 * lost within it. */
struct burst {
	double enter, leave, loss;
};

/* All is lost for `least` to `most` of the time: each `every`, or by chance as often on average.
 * Both directions of a link are out at the same times. */
struct outage {
	ns_t least, most, every; /* every 0: never */
	bool is_random;
};

struct members {
	uint32_t count;       /* 0 and 1 are the same */
	double loss[MEMBERS_MAX];
};

struct link_params {
	ns_t delay;
	struct jitter jitter;
	double loss;
	struct burst burst;
	struct outage outage;
	double damage;        /* a bit of what the IP header carries is flipped */
	double duplicate;
	uint64_t rate_bps;    /* 0: infinite, and no queue */
	uint32_t queue_packets;
	double load;          /* cross traffic, of the rate */
	uint32_t mtu_bytes;
	bool may_reorder;     /* jitter lets packets overtake */
	struct members members;
	enum hash_mode hash;
};

enum decap_mode {
	DECAP_YES,
	DECAP_REFUSED,        /* ICMP protocol unreachable */
	DECAP_REFUSED_PORT,   /* ICMP port unreachable, as Linux with a tunnel of other ends */
	DECAP_PROHIBITED,     /* ICMP administratively prohibited */
	DECAP_SILENT
};

enum decrement_mode {
	DECREMENT_YES,
	DECREMENT_PLAIN,      /* but not the packet it has just decapsulated */
	DECREMENT_NO,         /* never: a hidden hop */
	DECREMENT_TUNNEL      /* never, but counts down a label's own TTL, as within an MPLS tunnel that
	                       * does not copy TTLs in; the first node behind takes the lesser */
};

enum source_check {
	SOURCE_OFF,
	SOURCE_MARTIAN,       /* refuses inner packets from an address of its own */
	SOURCE_LOOSE,         /* refuses sources without a route */
	SOURCE_STRICT         /* refuses sources not routed to where the packet came in by */
};

enum echo_mode {
	ECHO_YES,
	ECHO_LIMITED,         /* answers spend the tokens of icmp-rate, too */
	ECHO_NO
};

/* A token each `period`, `burst` at most, for each destination. Period 0: no limit. */
struct icmp_rate {
	ns_t period;
	uint32_t burst;
	uint32_t limiter;     /* shared by several nodes, from 1; 0: the above */
};

/* One bucket for several nodes, whoever they answer. Others take a token each `others` on average;
 * 0: nobody does. */
struct limiter {
	char id[LIMITER_ID_MAX];
	ns_t period, others;
	uint32_t burst;
};

/* By the outermost header. */
enum packet_class {
	CLASS_UDP,
	CLASS_TCP,
	CLASS_ICMP,
	CLASS_IPIP,
	CLASS_GRE,
	CLASS_SRH,            /* with a routing header */
	CLASS_ALL,
	CLASS_COUNT
};

/* What comes in beyond a token each `period`, `burst` at most, is dropped. Period 0: nothing. */
struct police {
	enum packet_class what;
	ns_t period;
	uint32_t burst;
};

/* Of what comes in, by chance. */
struct loss_of {
	double share[CLASS_COUNT];
};

struct loss_over {
	uint32_t bytes;       /* longer ones */
	double share;
};

struct drop_dscp {
	uint32_t dscp;        /* of the outermost header */
	double share;
};

enum { MARK_KEPT = 255 };

struct icmp_delay {
	ns_t base;
	struct jitter jitter;
};

/* What is made in the first `width` of each `period` waits for its end. */
struct icmp_stall {
	ns_t period, width;
};

/* What a translator mends in the ICMP errors that it hands on: nothing of the quote, its
 * addresses, or the sum over them as well. */
enum nat_mends {
	NAT_MENDS_NOTHING,
	NAT_MENDS_ADDRESSES,
	NAT_MENDS_ALL
};

/* One address stands for another, both ways: what goes to `outside` goes on to `inside`, and what
 * comes from `inside` is said to come from `outside`. */
struct nat {
	struct addr inside, outside; /* unset: none is translated */
	enum nat_mends mends;
};

struct node_params {
	struct nat nat;
	struct addr answers_as; /* the source of its errors to that family; unset: its own */
	enum decap_mode decap;
	enum carrier carrier; /* that it unwraps with DECAP_YES */
	double decap_loss;
	enum decrement_mode decrement;
	enum source_check source_check;
	bool passes_nested;   /* IP in IP is neither taken nor forwarded where not */
	bool bounces;         /* what comes from and goes to one address is forwarded like all else */
	bool icmp;
	struct icmp_rate icmp_rate;
	struct icmp_delay icmp_delay;
	struct icmp_stall icmp_stall;
	ns_t clock;           /* answers leave on its ticks; 0: at once */
	struct police police;
	struct loss_of loss_of;
	struct loss_over loss_over;
	struct drop_dscp drop_dscp;
	uint32_t set_dscp, set_ecn; /* of the outermost header of what it forwards; or MARK_KEPT */
	uint32_t quote_bytes; /* 0: as many as a router sends, 548 of IPv4 and 1232 of IPv6 */
	uint32_t initial_ttl;
	uint32_t echo_ttl;    /* of echo replies; 0: the same */
	struct icmp_ext ext;  /* in its errors; of labels only where a TTL has expired */
	enum echo_mode echo;
	uint32_t echo_data;   /* bytes that it brings back of what it was sent, at the most */
	bool answers_closed_ports;
	uint32_t open_port;      /* of TCP; 0: none */
};

void link_params_init(struct link_params *);
void node_params_init(struct node_params *, bool is_host);

enum { PARAMS_NOT_A_WORD = -1 };

/* Reads the value of property `word`, which has just been taken, into its member. Returns
 * the property's index (for the bit of a mask), or PARAMS_NOT_A_WORD when there is no such
 * property; ret_ok tells whether the value could be read. */
int link_params_read(struct link_params *, const char *word, struct scn_words *, bool *ret_ok,
	struct err *err);
int node_params_read(struct node_params *, const char *word, struct scn_words *, bool *ret_ok,
	struct err *err);

/* The values of a `limiter` line behind its id. */
bool params_read_limiter(struct scn_words *, struct limiter *, struct err *err);
/* "50/s" or "1/2s", as the time that one takes. */
bool params_read_per_time(const char *what, struct scn_words *, ns_t *ret_period, struct err *err);

/* Copies the members whose bits are set. */
void link_params_apply(struct link_params *, const struct link_params *change, uint32_t mask);
void node_params_apply(struct node_params *, const struct node_params *change, uint32_t mask);

/* The least a packet can take over a link with these properties. */
ns_t link_params_least_delay(const struct link_params *);

#endif
