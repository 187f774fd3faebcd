/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef THRUPATH_NET_CAPTURE_H
#define THRUPATH_NET_CAPTURE_H

#include "base/err.h"
#include "base/ns.h"
#include "pkt/reply.h"

/*
 * libpcap on one interface, both directions, with the kernel's nanosecond stamps. Hands
 * over IP packets as bytes with CLOCK_REALTIME stamps; decodes nothing beyond the link.
 */
struct capture;

struct capture_config {
	const char *interface;
	struct reply_context context; /* for the kernel's filter */
	size_t packet_bytes;          /* the largest probe */
	double rate_pps;              /* both ways; sizes the buffer */
	ns_t gather;                  /* the kernel may keep packets back this long; 0: never */
};

typedef void capture_fn(void *arg, const uint8_t *ip_packet, size_t len, ns_t realtime);

struct capture *capture_open(const struct capture_config *, struct err *err);
void capture_close(struct capture *);
int capture_fd(const struct capture *);
/* Hands over what has come, at most `limit` packets. False: the interface is gone. */
NODISCARD bool capture_drain(struct capture *, int limit, capture_fn *, void *arg, struct err *err);
uint64_t capture_dropped(struct capture *);     /* lost for want of buffer, since open */
const char *capture_library(void);              /* "libpcap version 1.10.3 ..." */

#endif
