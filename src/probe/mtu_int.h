/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef THRUPATH_PROBE_MTU_INT_H
#define THRUPATH_PROBE_MTU_INT_H

#include "probe/engine_int.h"

/* What the files that measure link MTUs have in common: link_mtu.c is above the others. */

enum { MTU_TIMES_MOST = 40 };   /* a link where silence has to last longer is undecided */

#define MTU_UNLIKELY 0.05
#define MTU_HARDLY 0.003

static inline enum walk_kind mtu_kind(const struct link_mtu *link)
{
	return link->by == MTU_BY_TO ? WALK_LINK_MTU_TO : WALK_LINK_MTU;
}

/* mtu_walk.c */
struct mtu_packet {
	enum walk_kind kind;     /* WALK_LINK_MTU or WALK_LINK_MTU_TO */
	uint8_t depth;
	uint16_t size;           /* as it leaves here */
};

void mtu_plan(struct engine *, struct mtu_legs);   /* the walks to all hops */
/* How long it is on the link to hop `link`, 1-based, on that way; 0: it does not cross it. */
uint16_t mtu_size_on(const struct engine *, const struct mtu_packet *, size_t link, enum way);
/* Whether it was on its way home when `left` bytes of it were left; and how many were not, 0 if
 * that fits no leg. */
bool mtu_is_back(const struct engine *, const struct mtu_packet *, size_t left,
	uint16_t *ret_unwrapped);
/* Whose packets tell of the link to hops[k]. */
enum mtu_by mtu_by(const struct engine *, size_t k);
/* Whether routing leads by others than the path that was given, or by fewer. */
bool mtu_is_elsewhere(const struct session *);

/* mtu_choose.c: of the link under way */
uint16_t mtu_least(const struct engine *, uint8_t hop); /* bytes of the shortest probe to there */
/* Silences in a row that loss explains at that chance at the most. */
unsigned mtu_times(const struct engine *, double chance);
/* The hop at which a narrow link ends of which a packet to this one can tell the way; 0: none. */
uint8_t mtu_undirected(const struct engine *);
uint16_t mtu_try_size(const struct engine *);
/* 0: the link is decided, or cannot be. */
uint16_t mtu_choose(struct engine *, bool *ret_is_undecided);

#endif
