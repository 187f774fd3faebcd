/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef THRUPATH_PKT_MATE_H
#define THRUPATH_PKT_MATE_H

#include "pkt/addr.h"

/*
 * The two ends of a link. A trace shows the address by which it came in, so the way back
 * over the same link shows the other end: its mate in the /31 (RFC 3021) or /30; of IPv6 in
 * the /127 (RFC 6164) or /126.
 */
enum mate_kind {
	MATE_NONE,
	MATE_SAME,        /* one address */
	MATE_31,          /* differ in the last bit */
	MATE_30           /* the two usable ones of a /30 that are not a /31 pair */
};

/* The addresses that may be at the other end of a link: of a /31, then of a /30 where the
 * address may be in one. Returns how many, 0 for no address. */
enum { MATES_MAX = 2 };
size_t mate_candidates(const struct addr *, struct addr ret_mates[MATES_MAX]);

enum mate_kind mate_of(const struct addr *, const struct addr *);

#endif
