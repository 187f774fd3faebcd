/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef THRUPATH_PKT_SEGMENTS_H
#define THRUPATH_PKT_SEGMENTS_H

#include "pkt/cursor.h"
#include "pkt/walk.h"

/*
 * A walk as an SRv6 header has it: the ends of its legs in order, one IPv6 address each, or as many
 * compressed SIDs in an address as it has room for. The last one is where the walk ends.
 */
enum { SID_BLOCK_BITS = 32, SID_BITS = 16, ADDR_SIDS_MAX = 16 };

struct segments {
	struct addr list[LEG_MAX];
	size_t count;
};

void segments_of(const struct walk *, struct segments *ret_segments);

/* The IPv6 header, and the routing header behind it; without that where one address says all. */
size_t segments_header_bytes(const struct walk *);
size_t segments_bytes(size_t count); /* likewise, of so many addresses */

struct segments_header {
	uint32_t flow_label;
	uint8_t tos, protocol;   /* protocol: of the carried packet */
	size_t carried;          /* its bytes */
};

/* Writes both. RFC 8754, 2:
 *   | next header | length in 8 octets - 1 | type 4 | segments left |
 *   | last entry  | flags 8 | tag 16 | the segments, the last one first |
 * The first one is the IPv6 header's destination. */
void segments_write(struct wcursor *, const struct walk *, const struct segments_header *);

/* RFC 9800, 4.1.1: to the address of a node that is followed by more SIDs the next of these. False:
 * no more follow. */
bool segments_shift(struct addr *, struct sid_format);

/* A routing header at the cursor, which is left behind it; its segments first to last. False: it is
 * none of SRv6. */
bool segments_read(struct cursor *, struct segments *ret_segments, uint8_t *ret_left);

/* SIDs that an address holds, each as an address of its own; at least one. */
size_t segments_expand(const struct addr *, struct sid_format, struct addr *ret_sids, size_t cap);

#endif
