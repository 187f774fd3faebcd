/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef THRUPATH_NET_PCAPNG_H
#define THRUPATH_NET_PCAPNG_H

#include <stdio.h>

#include "base/err.h"
#include "base/ns.h"
#include "pkt/cursor.h"

/*
 * Capture files: the few blocks of pcapng that a recording needs, both ways, and the packets
 * of classic pcap on reading (draft-ietf-opsawg-pcapng, draft-ietf-opsawg-pcap). What
 * libpcap 1.10 reads it cannot write, and it hides options, so this is ours.
 *
 * What a recording holds beside packets are custom options. Their enterprise number is the
 * one that RFC 5612 sets aside for examples, since we have none; our name follows it. They
 * are of the kind that a program must not copy into a file it has changed: a recording
 * without some of its packets would not be the same run. Other programs skip them.
 * Knows nothing of what is in them. Packets are IPv4 from their first header on.
 */

/* Writing. Blocks are gathered; what reaches the file ends with a whole block, even where
 * the disk is full. The first failure is told once, and ends the recording for good. */
struct pcapng_writer {
	int fd;                   /* -1: not open, or given up */
	uint64_t written_bytes;
	uint8_t *buffer;
	size_t used;
};

struct pcapng_note {              /* what goes into a custom option */
	const uint8_t *bytes;
	size_t len;               /* at most PCAPNG_NOTE_MAX; 0: no option */
};

enum { PCAPNG_NOTE_MAX = 32768, PCAPNG_PACKET_MAX = 65535 };

struct pcapng_packet {
	ns_t realtime;
	const uint8_t *bytes;
	size_t len;               /* at most PCAPNG_PACKET_MAX */
	bool is_outbound;
};

/* Empties the file that is there, or creates one for this user's eyes alone. */
NODISCARD bool pcapng_create(struct pcapng_writer *, const char *path, struct err *err);
NODISCARD bool pcapng_put_section(struct pcapng_writer *, const char *application,
	struct pcapng_note, struct err *err);
NODISCARD bool pcapng_put_packet(struct pcapng_writer *, const struct pcapng_packet *,
	struct pcapng_note, struct err *err);
/* How many packets the capture has lost so far. */
NODISCARD bool pcapng_put_statistics(struct pcapng_writer *, ns_t realtime, uint64_t dropped,
	struct pcapng_note, struct err *err);
NODISCARD bool pcapng_flush(struct pcapng_writer *, struct err *err);
NODISCARD bool pcapng_close(struct pcapng_writer *, struct err *err);

/* Reading. */
enum pcapng_kind {
	PCAPNG_SECTION,
	PCAPNG_PACKET,
	PCAPNG_STATISTICS
};

struct pcapng_block {
	enum pcapng_kind kind;
	int link_type;            /* of a packet */
	ns_t realtime;            /* of a packet; saturated */
	struct cursor packet;     /* as captured, from the link header on; borrowed as below */
	bool is_cut;              /* that was longer than what was captured of it */
	struct cursor note;       /* of our custom option; empty: none. Borrowed until the next */
};

enum pcapng_step {
	PCAPNG_BLOCK,
	PCAPNG_END,
	PCAPNG_BAD                /* err says why */
};

struct pcapng_reader;

/* The file is borrowed. NULL: it is empty, or no capture; errors do not name the file. */
struct pcapng_reader *pcapng_reader_create(FILE *, struct err *err);
void pcapng_reader_destroy(struct pcapng_reader *);
/* Blocks of other kinds are stepped over. After PCAPNG_END and PCAPNG_BAD there is no more. */
enum pcapng_step pcapng_next(struct pcapng_reader *, struct pcapng_block *ret_block,
	struct err *err);

#endif
