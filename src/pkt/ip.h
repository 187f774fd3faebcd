/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef THRUPATH_PKT_IP_H
#define THRUPATH_PKT_IP_H

#include "pkt/addr.h"
#include "pkt/cursor.h"

/*
 * IPv4 headers (RFC 791, 3.1). Reading accepts options and steps over them; writing
 * makes the plain 20 bytes.
 */
enum {
	IP4_HEADER_BYTES = 20,
	IP_PROTO_ICMP = 1,
	IP_PROTO_IPIP = 4,    /* RFC 2003 */
	IP_PROTO_TCP = 6,
	IP_PROTO_UDP = 17
};

struct ip_header {
	struct addr src, dst;
	uint16_t header_bytes;
	uint16_t total_bytes;      /* as the header says */
	uint16_t id;
	uint16_t fragment_offset;  /* in units of 8 bytes */
	bool dont_fragment, more_fragments;
	uint8_t tos, ttl, protocol;
	uint16_t checksum;
};

/* Reads a header. False: not IPv4, header shorter than it says or cut. The total length is
 * not held against what is there: quotes are cut by right. */
bool ip4_read(struct cursor *, struct ip_header *ret_header);

/* Writes 20 bytes with a right checksum; header_bytes and checksum of the argument are not
 * read. RFC 791, 3.1:
 *   |Version|  IHL  |     TOS       |         Total Length          |
 *   |        Identification         |Flags|     Fragment Offset     |
 *   |      TTL      |   Protocol    |        Header Checksum        | src | dst | */
void ip4_write(struct wcursor *, const struct ip_header *);

#endif
