/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef THRUPATH_PKT_PROBE_READ_H
#define THRUPATH_PKT_PROBE_READ_H

#include "pkt/probe_wire.h"

/*
 * A probe as a capture shows it leaving, read back into what it was built from: the inverse of
 * probe_wire_build(), without the session's key. What it says of itself is not proven.
 */
struct probe_sight {
	struct walk walk;          /* kind and depth as the token says, legs as the headers say */
	uint32_t seq;
	uint16_t size_bytes;       /* of the outermost IP packet */
	uint16_t sport, dport;     /* of UDP; of an echo its identifier, and 0 */
	uint8_t tos;
	enum carried carried;      /* never CARRIED_TCP: a SYN has no token */
	uint16_t id[LEG_MAX + 1];  /* of every header (0 of IPv6), and behind them the number that
	                            * the carried packet has: echo sequence or UDP checksum */
};

/* Reads an IP packet of `len` captured bytes. False: it is no whole probe of this program. */
bool probe_read(const uint8_t *bytes, size_t len, struct probe_sight *ret_sight);

#endif
