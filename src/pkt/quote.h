/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef THRUPATH_PKT_QUOTE_H
#define THRUPATH_PKT_QUOTE_H

#include "pkt/carrier.h"
#include "pkt/icmp.h"
#include "pkt/icmpext.h"
#include "pkt/ip.h"
#include "pkt/tcp.h"

/*
 * The body of an ICMP error: the datagram it quotes, maybe cut after 28 bytes (RFC 792),
 * and the extension structure that may follow (RFC 4884).
 */
struct quote {
	struct ip_header outer;
	bool next_is_ip;           /* the outer header bears another IP header, */
	enum carrier carrier;      /* by that */
	bool has_next_id;          /* both are IPv4, so that there is: */
	uint16_t next_total_bytes; /* of the inner IP header */
	uint16_t next_id;          /* inner IP header's ID */
	bool has_carried;          /* the quote reaches to what the last IP header carries: */
	uint8_t carried_family, carried_protocol;
	struct icmp_header echo;   /* where that is ICMP */
	struct udp_header udp;     /* where that is UDP */
	struct tcp_header tcp;     /* where that is TCP: ports and sequence only */
	struct cursor payload;     /* and what follows its eight bytes; borrowed from the body */
	bool has_ext;
	struct icmp_ext ext;
};

/* Reads the body after the ICMP header's eight bytes. `said_bytes`: how much of it is the
 * quote; 0 where the sender does not say, then an extension is looked for behind 128 bytes
 * (RFC 4884, 5.5). False when fewer than eight bytes follow the quoted header. */
bool quote_read(struct cursor body, size_t said_bytes, struct quote *ret_quote);

/* What an error of this family says of its quote's length, in bytes; 0: nothing.
 * RFC 4884, 4.1 to 4.5: byte 5 in words of 32 bits, of ICMPv6 byte 4 in words of 64. */
size_t quote_said_bytes(uint8_t family, const struct icmp_header *);

#endif
