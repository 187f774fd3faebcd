/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef THRUPATH_PKT_TCP_H
#define THRUPATH_PKT_TCP_H

#include "pkt/cursor.h"

/*
 * TCP segments without data or options (RFC 9293, 3.1), enough to ask for a connection and
 * to read the answer. No state, and no checksum is verified here.
 */
enum {
	TCP_HEADER_BYTES = 20,
	TCP_CHECKSUM = 16,         /* where it stands */
	TCP_FIN = 1,
	TCP_SYN = 2,
	TCP_RST = 4,
	TCP_ACK = 16
};

struct tcp_header {
	uint16_t sport, dport;
	uint32_t seq, ack;
	uint8_t header_bytes;      /* as it says, at least 20; not read when written */
	uint8_t flags;
};

/* False when it is cut or says to be shorter than it must be; options are stepped over. */
bool tcp_read(struct cursor *, struct tcp_header *ret_header);
/* Only ports and sequence number, all that the shortest quote of an ICMP error has. */
bool tcp_read_start(struct cursor *, struct tcp_header *ret_header);
/* Writes 20 bytes with a checksum of zero:
 *   |            sport              |            dport              | sequence | acknowledgement |
 *   | offset|  0    |    flags      |           window              | checksum | urgent | */
void tcp_write(struct wcursor *, const struct tcp_header *);

#endif
