/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef THRUPATH_PKT_ICMP_H
#define THRUPATH_PKT_ICMP_H

#include "pkt/addr.h"
#include "pkt/cursor.h"

/*
 * ICMP of both families (RFC 792, RFC 4443) and UDP (RFC 768) headers: all are eight bytes
 * and carry our probes. No checksum is verified here.
 */
enum {
	L4_HEADER_BYTES = 8,
	ICMP_ECHO_REPLY = 0,
	ICMP_UNREACHABLE = 3,
	ICMP_REDIRECT = 5,
	ICMP_ECHO = 8,
	ICMP_TIME_EXCEEDED = 11,
	ICMP_PARAMETER = 12,
	ICMP_CODE_PROTOCOL = 2,
	ICMP_CODE_PORT = 3,
	ICMP_CODE_FRAGMENTATION = 4,
	ICMP6_UNREACHABLE = 1,      /* RFC 4443 */
	ICMP6_TOO_BIG = 2,
	ICMP6_TIME_EXCEEDED = 3,
	ICMP6_PARAMETER = 4,
	ICMP6_ECHO = 128,
	ICMP6_ECHO_REPLY = 129,
	ICMP6_REDIRECT = 137,       /* RFC 4861, 4.5 */
	ICMP6_CODE_PORT = 4,
	ICMP6_CODE_NEXT_HEADER = 1  /* of ICMP6_PARAMETER: nobody here reads that protocol */
};

struct icmp_header {
	uint8_t type, code;
	uint16_t checksum;
	uint16_t id, seq;        /* echo: identifier, sequence; errors: the two halves of word 2 */
};

struct udp_header {
	uint16_t sport, dport, len_bytes, checksum;
};

/* Why a probe ended in an ICMP error, as far as the operator cares. */
enum icmp_cause {
	CAUSE_TIME_EXCEEDED,
	CAUSE_NET_UNREACHABLE,
	CAUSE_HOST_UNREACHABLE,
	CAUSE_PROTOCOL_UNREACHABLE,
	CAUSE_PORT_UNREACHABLE,
	CAUSE_FRAGMENTATION_NEEDED,
	CAUSE_ADMIN_PROHIBITED,
	CAUSE_OTHER,
	CAUSE_COUNT
};

bool icmp_read(struct cursor *, struct icmp_header *ret_header);
bool udp_read(struct cursor *, struct udp_header *ret_header);
void icmp_write(struct wcursor *, const struct icmp_header *); /* checksum as given */
void udp_write(struct wcursor *, const struct udp_header *);

/* Each family (enum addr_family) has its own numbers. */
bool icmp_is_error(uint8_t family, uint8_t type);
bool icmp_is_redirect(uint8_t family, uint8_t type);
bool icmp_is_echo(uint8_t family, uint8_t type);
bool icmp_is_echo_reply(uint8_t family, uint8_t type);
enum icmp_cause icmp_cause_of(uint8_t family, uint8_t type, uint8_t code);
/* Whether it says that what was asked for is not to be had there: net, host, protocol or port
 * unreachable, or prohibited. */
bool icmp_is_unreachable(enum icmp_cause);
/* Stable machine name: "time-exceeded", "protocol-unreachable", ... */
const char *icmp_cause_name(enum icmp_cause);

#endif
