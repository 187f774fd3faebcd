/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef THRUPATH_PKT_QUOTE_H
#define THRUPATH_PKT_QUOTE_H

#include "pkt/icmp.h"
#include "pkt/icmpext.h"
#include "pkt/ip.h"

/*
 * The body of an ICMP error: the datagram it quotes, maybe cut after 28 bytes (RFC 792),
 * and the extension structure that may follow (RFC 4884).
 */
struct quote {
	struct ip_header outer;
	bool next_is_ip;           /* what follows the outer header is IP in IP */
	uint16_t next_total_bytes; /* of the inner IP header, when it is one */
	uint16_t next_id;          /* inner IP header's ID */
	struct icmp_header echo;   /* valid when outer.protocol is ICMP */
	struct udp_header udp;     /* valid when outer.protocol is UDP, or has_carried_udp */
	bool has_carried_udp;      /* the quote goes on through IP in IP to what that carries */
	bool has_ext;
	struct icmp_ext ext;
};

/* Reads the body after the ICMP header's eight bytes. `length_words` is byte 5 of the ICMP
 * message: how many 32-bit words of it are the quote; 0 where the sender does not say, then
 * an extension is looked for behind 128 bytes (RFC 4884, 5.5). False when fewer than eight
 * bytes follow the quoted header. */
bool quote_read(struct cursor body, uint8_t length_words, struct quote *ret_quote);

#endif
