/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef THRUPATH_PKT_IP_H
#define THRUPATH_PKT_IP_H

#include "pkt/addr.h"
#include "pkt/cursor.h"

/*
 * IP headers of both families (RFC 791, 3.1; RFC 8200, 3). Reading steps over IPv4 options
 * and IPv6 extension headers; writing makes the plain 20 or 40 bytes.
 */
enum {
	IP4_HEADER_BYTES = 20,
	IP6_HEADER_BYTES = 40,
	IP_PROTO_ICMP = 1,
	IP_PROTO_IPIP = 4,    /* IPv4 inside: RFC 2003; of IPv6 RFC 2473 */
	IP_PROTO_TCP = 6,
	IP_PROTO_UDP = 17,
	IP_PROTO_IPV6 = 41,   /* IPv6 inside: RFC 2473; of IPv4 RFC 4213 */
	IP_PROTO_ROUTING = 43, /* a routing header follows: RFC 8200, 4.4 */
	IP_PROTO_GRE = 47,
	IP_PROTO_ICMPV6 = 58,
	IP_PROTO_NONE = 59    /* nothing follows (RFC 8200, 4.7) */
};

struct ip_header {
	struct addr src, dst;
	uint16_t header_bytes;     /* options and extension headers included */
	uint32_t total_bytes;      /* as the header says */
	uint32_t flow_label;       /* of IPv6, 20 bits */
	uint16_t id;               /* of IPv4, as the flags below */
	uint16_t fragment_offset;  /* in units of 8 bytes */
	bool dont_fragment, more_fragments;
	uint8_t tos, ttl, protocol;/* traffic class, hop limit and last next header of IPv6 */
	uint16_t checksum;
};

size_t ip_header_bytes(uint8_t family);       /* of the plain header; 0 for no family */
bool ip_is_ip(uint8_t protocol);              /* whether another IP header follows */
uint8_t ip_protocol_of(uint8_t family);       /* that says that it follows */
uint8_t ip_icmp_of(uint8_t family);           /* the family's ICMP */
/* What the header at `bytes` says of its packet's length; whole plain header at hand. */
size_t ip_total_bytes(const uint8_t *bytes);

/* Reads a header of whichever family. */
bool ip_read(struct cursor *, struct ip_header *ret_header);
/* Writes a header of the source's family. */
void ip_write(struct wcursor *, const struct ip_header *);

/* Reads a header. False: not IPv4, header shorter than it says or cut. The total length is
 * not held against what is there: quotes are cut by right. */
bool ip4_read(struct cursor *, struct ip_header *ret_header);

/* Writes 20 bytes with a right checksum; header_bytes and checksum of the argument are not
 * read. RFC 791, 3.1:
 *   |Version|  IHL  |     TOS       |         Total Length          |
 *   |        Identification         |Flags|     Fragment Offset     |
 *   |      TTL      |   Protocol    |        Header Checksum        | src | dst | */
void ip4_write(struct wcursor *, const struct ip_header *);

/* RFC 8200, 3:
 *   |Version| Traffic class |           Flow label                  |
 *   |         Payload length        |  Next header  |   Hop limit   | src | dst |
 * Reading goes on over hop-by-hop, routing, fragment and destination headers; a fragment
 * header fills fragment_offset and more_fragments. */
bool ip6_read(struct cursor *, struct ip_header *ret_header);
void ip6_write(struct wcursor *, const struct ip_header *);

#endif
