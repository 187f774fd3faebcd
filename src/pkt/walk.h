/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef THRUPATH_PKT_WALK_H
#define THRUPATH_PKT_WALK_H

#include "pkt/carrier.h"

/*
 * A walk is the legs of a probe in order; it starts and ends at the prober. A leg is
 * one IP header. What a walk is for, and which hops it takes, the caller knows.
 */
enum {
	LEG_MAX = 72,          /* 36 hops out and back: all that 1500 bytes carry */
	WALK_TTL = 64,
	BOUNCE_TTL = 255       /* RFC 9747, 2: one that is home has passed a router */
};

enum walk_kind {
	WALK_RETRACE,          /* out nested, back nested: A>1, 1>2, .. k>k-1, .. 1>A */
	WALK_DIRECT,           /* out nested, back as routing goes: A>1, 1>2, .. k>A */
	WALK_NATURAL,          /* both ways as routing goes: A>k, k>A */
	WALK_RETURN_ONLY,      /* out as routing goes, back nested: A>k, k>k-1, .. 1>A */
	WALK_VIA,              /* out nested, home by another waypoint: A>1, .. k>Z, Z>A */
	WALK_TO,               /* one ordinary packet towards an address, TTL-limited */
	WALK_SCAN_HOP,         /* does it decapsulate? A>k, k>A; from here on counted nowhere */
	WALK_SCAN_SELF,        /* and with our own source inside? A>k, A>A */
	WALK_CAUSE,            /* why is that depth silent? as retrace, every leg from ourselves */
	WALK_REVERSE,          /* who is on the way back from X? A>X, A>A with a small TTL */
	WALK_REDISCOVER,       /* is the path still the same? as a To probe */
	WALK_LENGTH_OUT,       /* how far is X? A>X with a small TTL, X>A */
	WALK_LENGTH_BACK,      /* and home from there? A>X, X>A with a small TTL */
	WALK_STRICT_OUT,       /* is each leg out as long as it should be? as retrace, TTLs to fit */
	WALK_STRICT_BACK,      /* and each leg back? */
	WALK_VIA_ASK,          /* does that router of the way back decapsulate? A>Z, Z>A */
	WALK_VIA_ROUND,        /* the same, counted for Z */
	WALK_VIA_HOME,         /* out by Z, home as retrace: A>Z, Z>k, k>k-1, .. 1>A; counted for Z */
	WALK_FASTER,           /* asked more often, does it answer as often? as a To probe */
	WALK_ALSO,             /* from another address of ours: does it come home alike? */
	WALK_ECHO,             /* how far has a hop's answer come that began at another TTL? A>k */
	WALK_BRACKET,          /* as the main walk one depth before, a little later: see bracket.c */
	WALK_BOUNCE,           /* to ourselves by way of the gateway's link address: A>A */
	WALK_BRACKET_BOUNCE,   /* as WALK_BRACKET, where bounces lead through the depth before */
	WALK_LINK_MTU,         /* how long may a packet be that comes home? A>k, k>k-1, .. 1>A */
	WALK_LINK_MTU_TO,      /* how long may one be that is answered? as a To probe */
	WALK_KIND_COUNT,
	WALK_STATS_COUNT = WALK_SCAN_HOP
};

enum inner_source {
	INNER_SOURCE_AUTO,     /* as HOP, but SELF after hops that refuse their own source */
	INNER_SOURCE_HOP,      /* each leg comes from the previous leg's destination */
	INNER_SOURCE_SELF,     /* every leg comes from the prober: errors come home */
	INNER_SOURCE_GIVEN     /* every leg but the first comes from a chosen address */
};

/* How addresses hold compressed SIDs: RFC 9800, 4.1 ("F3216" is 32, 16). Whole bytes. */
struct sid_format {
	uint8_t block_bits;    /* all of them begin with the same ones, */
	uint8_t sid_bits;      /* and so many for each SID follow */
};

struct leg {
	struct addr src, dst;
	uint8_t ttl;
	uint8_t carrier;       /* enum carrier: by which it bears the next leg; of the last unused */
};

struct walk {
	enum walk_kind kind;
	uint8_t depth;         /* the hop where it turns round; for WALK_TO the TTL */
	uint8_t leg_count;
	struct sid_format sids; /* of CARRIER_USID */
	bool is_answered;      /* its last leg ends elsewhere: somebody has to answer it */
	struct addr towards;   /* of bounces: they go to the gateway of the route there, */
	struct addr by;        /* which must be this one; unset: it may be any */
	struct leg leg[LEG_MAX];
};

/*
 * Where a path has hops of both families, one that has an address of each bridges them: the
 * leg to it is of one family, the leg from it of the other. A leg has the family of the one
 * before if both its ends do, and else the other. Its source is then the prober's address
 * of that family, or, where the prober has none, the bridge's.
 */
struct walk_plan {
	enum walk_kind kind;     /* any but WALK_TO */
	const struct addr *self;
	const struct addr *self_other; /* of the other family; NULL or unset: it has none */
	const struct addr *hops; /* borrowed; those without address are passed over */
	const struct addr *others; /* their addresses of the other family; NULL: none has one */
	size_t depth;            /* the walk turns round at hops[depth - 1], which has one */
	struct addr via;         /* of WALK_VIA and WALK_VIA_HOME */
	enum inner_source inner;
	struct addr source;      /* of INNER_SOURCE_GIVEN */
	const enum carrier *carriers; /* by which each of `hops` is reached; NULL: all by IPIP */
	enum carrier via_carrier;
	struct sid_format sids;
	const struct addr *back; /* where legs back to these hops are sent; NULL: to `hops` */
	const bool *needs_self;  /* hops that refuse their own source inside; NULL: none does */
	const bool *keeps_ttl;   /* hops that forward what they unwrap with its full TTL; NULL: none */
	bool is_end_answering;   /* the turning hop unwraps nothing: the last leg is an ordinary
	                          * packet from the prober, which it answers itself */
};

/* Lays out the legs. False, and nothing written, when it needs more than LEG_MAX of them, the
 * turning hop has no address, two neighbours have none of the same family, a hop that only answers
 * would have to send it on, or only a part of the legs could share a header. */
bool walk_build(const struct walk_plan *, struct walk *ret_walk);

/* Bytes of the headers: 20 for each IPv4 leg, 40 for each of IPv6, and what carriers put between;
 * of a walk that shares one header, that and its list. */
size_t walk_stack_bytes(const struct walk *);
/* The latter alone. */
size_t walk_shim_bytes(const struct walk *);
/* All of its legs share one header, which lists where they end. */
bool walk_is_routed(const struct walk *);
/* By so much a packet is shorter behind the end of leg `i`, counted from 0. */
size_t walk_leg_bytes(const struct walk *, size_t i);

/* One of those that hops have statistics of their own for. */
static inline bool walk_has_stats(enum walk_kind kind)
{
	return kind < WALK_STATS_COUNT;
}

/* Likewise, and the hops of the path unwrap it. */
static inline bool walk_is_nested(enum walk_kind kind)
{
	return kind < WALK_TO;
}

static inline bool walk_is_bounce(enum walk_kind kind)
{
	return kind == WALK_BOUNCE || kind == WALK_BRACKET_BOUNCE;
}

static inline bool walk_is_bracket(enum walk_kind kind)
{
	return kind == WALK_BRACKET || kind == WALK_BRACKET_BOUNCE;
}

const char *walk_kind_name(enum walk_kind);   /* as on the command line: "return-only" */
/* The kind of that name; false for none, and for WALK_TO, which nobody asks for. */
bool walk_kind_parse(const char *name, enum walk_kind *ret_kind);

/* One leg from self to dst that lives for `ttl` hops. */
struct walk walk_to(const struct addr *self, const struct addr *dst, uint8_t ttl);

/* The same from a hop that unwraps that carrier: A>from, then A>dst with the small TTL; `from`
 * itself takes the first of it. Unset `from`: walk_to(). */
struct walk walk_to_from(const struct addr *self, const struct addr *from, enum carrier,
	const struct addr *dst, uint8_t ttl);

/* To ourselves. The transport hands it to the link address of the gateway of the route `towards`,
 * and that forwards it home: RFC 9747, 2. */
struct walk walk_bounce(const struct addr *self, const struct addr *towards,
	const struct addr *by);

/* To `turn`, by that carrier, and home; of the leg that WALK_LENGTH_OUT or _BACK is about, the TTL
 * is `ttl`. */
struct walk walk_length(enum walk_kind, const struct addr *self, const struct addr *turn,
	enum carrier, const struct addr *source_back, uint8_t ttl);

/* To `turn`, and from there home with an inner TTL of `ttl`. Where one header serves both legs, it
 * has a TTL for all: `hops` lie on the way to `turn`, that included. */
struct walk walk_reverse(const struct addr *self, const struct addr *turn, enum carrier,
	uint8_t hops, uint8_t ttl);

#endif
