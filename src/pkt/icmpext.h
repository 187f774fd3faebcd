/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef THRUPATH_PKT_ICMPEXT_H
#define THRUPATH_PKT_ICMPEXT_H

#include "pkt/addr.h"
#include "pkt/cursor.h"

/*
 * ICMP extension structures (RFC 4884, 7): an MPLS label stack (RFC 4950), the interface the
 * quoted packet came in by (RFC 5837), and who the node is that sends the error
 * (draft-ietf-intarea-extended-icmp-nodeid-07, 3). Objects not known are stepped over.
 */
enum {
	MPLS_MAX = 8,
	EXT_NAME_MAX = 64,      /* RFC 5837, 4.3, and of a node: 63 octets at most */
	ICMP_EXT_MAX = 256      /* bytes of one that is written, at the most */
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
	char name[EXT_NAME_MAX]; /* "": not told; foreign text, not cleaned */
};

struct icmp_node {
	struct addr address;    /* unset: not told */
	char name[EXT_NAME_MAX]; /* as of an interface */
};

struct icmp_ext {
	struct mpls_stack mpls;
	struct icmp_interface interface; /* the incoming one, RFC 5837 role 0 */
	struct icmp_node node;
};

/* Reads a whole extension structure. False, and nothing written, when its version is not 2,
 * its checksum is wrong or an object runs over the end. */
bool icmpext_read(struct cursor, struct icmp_ext *ret_ext);

/* Reads the objects only, without the header; for test vectors and for icmpext_read. */
bool icmpext_read_objects(struct cursor, struct icmp_ext *ret_ext);

/* Whether there is anything to write. */
bool icmpext_has_any(const struct icmp_ext *);

/* Writes the header and an object for whatever is told; for routers of the simulator. */
void icmpext_write(struct wcursor *, const struct icmp_ext *);

#endif
