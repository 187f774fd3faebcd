/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef THRUPATH_PKT_PROBE_WIRE_H
#define THRUPATH_PKT_PROBE_WIRE_H

#include "pkt/cursor.h"
#include "pkt/ident.h"
#include "pkt/walk.h"

/*
 * From a probe's specification to its bytes. Every header has DF and the same TOS; the
 * payload names the program, bears the token and is padded to the asked size.
 *   payload: "thrupath" 8 | seq 4 | depth 1 | kind 1 | steering word 2 | MAC 8 | zeros
 * The steering word keeps the carried packet's checksum where it should be: constant for
 * echo (so that load balancers that hash it see one flow), the enciphered number for UDP.
 * A SYN has no payload: its sequence number is the enciphered number and the MAC that is the
 * IP ID above it, so that whoever acknowledges it repeats both.
 */
enum {
	PAYLOAD_MIN = 24,
	PAYLOAD_STEER = 14,    /* offset of the steering word */
	PROBE_BYTES_MAX = 9216
};

enum carried {
	CARRIED_UDP,
	CARRIED_ECHO,
	CARRIED_TCP,           /* a bare SYN: firewalls drop those with data, so it is not padded */
	CARRIED_COUNT
};

/* Ordinary packets have source ports of their own a flow; SYNs also a kind of walk, for a round
 * sends several at once, and a second one on the ports of one that still waits is not answered.
 * Those that are counted nowhere have one port a kind. */
enum {
	FLOW_MAX = 64,
	FLOW_PORTS = (WALK_STATS_COUNT + 1) * FLOW_MAX
};

struct probe_spec {
	const struct walk *walk; /* borrowed until the engine's path is edited */
	uint32_t seq;
	uint16_t size_bytes;     /* of the outermost IP packet; at least probe_wire_min() */
	uint16_t sport, dport;   /* echo: the identifier, and the flow */
	uint8_t tos;
	uint8_t flow;            /* of echoes the checksum, of IPv6 the label: what routers hash */
	enum carried carried;
};

const char *carried_name(enum carried);  /* stable machine name: "udp", "echo", "tcp" */

/* Of the port of such a SYN. */
unsigned flow_syn_index(enum walk_kind, unsigned flow);
/* The source port of a flow; `index` below FLOW_PORTS, 0 is the base itself. */
uint16_t flow_port(uint16_t base, unsigned index);
/* Within which they all are. */
void flow_port_range(uint16_t base, uint16_t *ret_low, uint16_t *ret_high);

/* Bytes of the smallest probe with IP headers of that many: they, 8, and the payload. */
size_t probe_wire_min(size_t stack_bytes);
size_t probe_wire_tcp_bytes(size_t stack_bytes); /* of a SYN, which has but one size */
/* Whether the size is one that the walk's legs and what they carry may have. */
bool probe_wire_is_size(const struct probe_spec *);

/* Builds the packet; returns its bytes, or 0 when the size does not fit the cap or the walk. */
size_t probe_wire_build(const struct probe_spec *, const struct ident *, uint8_t *ret_bytes,
	size_t cap);

struct probe_stack {
	const uint16_t *ids;     /* of each leg; those of IPv6 are not read */
	uint32_t flow_label;     /* of IPv6 legs */
	uint8_t tos, protocol;   /* protocol: of the carried packet */
	size_t carried;          /* its bytes */
};

/* Writes only the stack of IP headers, outermost first. Each inner header is the outer one's
 * payload: RFC 2003, 3; RFC 2473, 3; RFC 4213, 3; behind four bytes RFC 2784, 2. */
void probe_wire_stack(struct wcursor *, const struct walk *, const struct probe_stack *);

#endif
