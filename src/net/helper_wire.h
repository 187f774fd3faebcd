/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef THRUPATH_NET_HELPER_WIRE_H
#define THRUPATH_NET_HELPER_WIRE_H

#include "base/err.h"
#include "net/capture.h"
#include "net/transport.h"
#include "pkt/cursor.h"

/*
 * What thrupath and thrupath-packet say to each other over a SOCK_SEQPACKET pair. A message
 * is a row of records, each a tag and fixed fields, big-endian; many probes or packets share
 * one. Neither side trusts the other: what does not fit to the byte is HELPER_BAD.
 * The first message each way is HELLO, and READY or REFUSED. A walk is defined once, in a
 * slot, and named by it in the probes that follow.
 */
enum {
	HELPER_VERSION = 10,
	HELPER_FD = 3,              /* the helper's end of the pair */
	HELPER_MESSAGE_MAX = 32768,
	HELPER_SLOTS = WALK_KIND_COUNT * LEG_MAX,
	HELPER_PACKET_MAX = 2048,
	HELPER_PROBE_MAX = 1984,    /* the largest probe */
	HELPER_RATE_MAX = 100000    /* probes a second */
};

enum helper_tag {
	HELPER_END,      /* no more records in this message */
	HELPER_BAD,
	HELPER_HELLO,    /* to the helper: */
	HELPER_WALK,
	HELPER_PROBE,
	HELPER_ASK,      /* for COUNTS, as a sign of life */
	HELPER_READY,    /* from the helper: */
	HELPER_REFUSED,
	HELPER_PACKET,
	HELPER_UNSENT,
	HELPER_GAP,
	HELPER_COUNTS,
	HELPER_MOVE,     /* to the helper: this host has other addresses now */
	HELPER_TAG_COUNT
};

struct helper_hello {
	uint8_t version;            /* where it is not ours, nothing else was read */
	struct siphash_key key;
	struct transport_home home;
	uint16_t echo_id, packet_bytes;
	enum carried to_carried;    /* of ordinary packets, and their ports: see reply_context */
	uint16_t to_port, to_source_port, other_port;
	uint32_t mark, max_rate_pps, capture_rate_pps, gather_us;
};

struct helper_probe {
	uint16_t slot;
	uint32_t seq;
	uint16_t size_bytes, sport, dport;
	uint8_t tos, flow;
	enum carried carried;
};

struct helper_ready {
	uint8_t version;
	uint16_t port;
};

struct helper_refused {
	enum err_code code;
	char text[sizeof ((struct err *)0)->text]; /* printable ASCII */
};

struct helper_unsent {
	uint32_t seq;
	int sys;
};

/* Since the session began. */
struct helper_counts {
	uint64_t rx_dropped, foreign, forged; /* see transport_counters */
};

/* One record of either direction; the tag says which member. */
struct helper_record {
	uint16_t slot;              /* of the walk */
	struct walk walk;
	union {
		struct helper_hello hello;
		struct transport_home home;
		struct helper_probe probe;
		struct helper_ready ready;
		struct helper_refused refused;
		struct capture_packet packet; /* its bytes are borrowed from the message */
		struct helper_unsent unsent;
		struct helper_counts counts;
	} is;
};

/* The next record for this side of the pair; what is for the other is bad. The record is
 * only meaningful for the tag that is returned. */
enum helper_tag helper_wire_at_helper(struct cursor *message, struct helper_record *ret_record);
enum helper_tag helper_wire_at_client(struct cursor *message, struct helper_record *ret_record);

/* Each adds a record; w->failed when it does not fit. */
void helper_wire_hello(struct wcursor *w, const struct helper_hello *);
void helper_wire_walk(struct wcursor *w, uint16_t slot, const struct walk *);
void helper_wire_probe(struct wcursor *w, uint16_t slot, const struct probe_spec *);
void helper_wire_ask(struct wcursor *w);
void helper_wire_move(struct wcursor *w, const struct transport_home *);
void helper_wire_ready(struct wcursor *w, uint16_t port);
void helper_wire_refused(struct wcursor *w, const struct err *);
void helper_wire_packet(struct wcursor *w, const struct capture_packet *);
void helper_wire_unsent(struct wcursor *w, const struct helper_unsent *);
void helper_wire_gap(struct wcursor *w);
void helper_wire_counts(struct wcursor *w, const struct helper_counts *);

/* Whether a record of this walk and a probe, or of a packet this long, surely fit. */
bool helper_wire_has_room(const struct wcursor *w, size_t payload_bytes);

#endif
