/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef THRUPATH_NET_CAPTURE_H
#define THRUPATH_NET_CAPTURE_H

#include "base/err.h"
#include "base/ns.h"
#include "pkt/reply.h"

/*
 * libpcap on all interfaces at once, both directions, with the kernel's nanosecond stamps:
 * replies count wherever they come in, and an interface may go away and come back. Hands
 * over IP packets as bytes with CLOCK_REALTIME stamps; decodes nothing beyond the link.
 * A packet that several interfaces show, as a bridge and its port do, is handed over once,
 * as it was seen first.
 */
struct capture;

struct capture_config {
	struct reply_context context; /* for the kernel's filter */
	size_t packet_bytes;          /* the largest probe */
	double rate_pps;              /* both ways; sizes the buffer */
	size_t ring_bytes_max;        /* 0: as large as the rate needs */
	ns_t gather;                  /* the kernel may keep packets back this long; 0: never */
};

struct capture_packet {
	ns_t realtime;
	const uint8_t *bytes;         /* from the IP header on; borrowed for the call */
	size_t len;
	uint32_t interface;           /* the index of the one that showed it first; 0: not known */
};

typedef void capture_fn(void *arg, const struct capture_packet *);

struct capture *capture_open(const struct capture_config *, struct err *err);
void capture_close(struct capture *);
/* This host has other addresses now, or other ports. Needs no privilege. */
NODISCARD bool capture_set_context(struct capture *, const struct reply_context *, struct err *err);
int capture_fd(const struct capture *);
/* Hands over what has come, at most `limit` packets. False: nothing will come any more. */
NODISCARD bool capture_drain(struct capture *, int limit, capture_fn *, void *arg, struct err *err);
uint64_t capture_dropped(struct capture *);     /* lost for want of buffer, since open */
const char *capture_library(void);              /* "libpcap version 1.10.3 ..." */

#endif
