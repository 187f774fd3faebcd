/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef THRUPATH_PKT_ICMPEXT_H
#define THRUPATH_PKT_ICMPEXT_H

#include "pkt/addr.h"
#include "pkt/cursor.h"

/*
 * ICMP extension structures (RFC 4884, 7): an MPLS label stack (RFC 4950) and the
 * interface the quoted packet came in by (RFC 5837). Objects not known are stepped over.
 */
enum {
	MPLS_MAX = 8,
	IFNAME_MAX = 64         /* RFC 5837, 4.3: 63 octets at most */
};

struct mpls_entry {
	uint32_t label;
	uint8_t tc, ttl;
	bool is_bottom;
};

struct mpls_stack {
	uint8_t count;
	struct mpls_entry entry[MPLS_MAX];
};

struct icmp_interface {
	uint32_t index;         /* 0: not told */
	uint32_t mtu;           /* 0: not told */
	struct addr address;
	char name[IFNAME_MAX];  /* "": not told; foreign text, not cleaned */
};

struct icmp_ext {
	struct mpls_stack mpls;
	struct icmp_interface interface; /* the incoming one, RFC 5837 role 0 */
};

/* Reads a whole extension structure. False, and nothing written, when its version is not 2,
 * its checksum is wrong or an object runs over the end. */
bool icmpext_read(struct cursor, struct icmp_ext *ret_ext);

/* Reads the objects only, without the header; for test vectors and for icmpext_read. */
bool icmpext_read_objects(struct cursor, struct icmp_ext *ret_ext);

/* Writes header and one MPLS object; for routers of the simulator. */
void icmpext_write_mpls(struct wcursor *, const struct mpls_stack *);

#endif
