/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef THRUPATH_HELPER_SERVE_H
#define THRUPATH_HELPER_SERVE_H

#include "helper/policy.h"
#include "net/helper_wire.h"
#include "net/netlink.h"
#include "net/transport.h"

/*
 * The helper at work: probes in, packets out, until the other side is gone or sends what it
 * may not. All memory is there from the start.
 */
struct serve {
	struct loop *loop;
	struct transport *transport;   /* NULL until serve_start */
	struct policy policy;
	struct policy_bucket bucket, public_bucket; /* the second: of what leaves private networks */
	struct ident ident;
	struct netlink netlink;        /* to ask whose addresses these are */
	int fd;                        /* blocking for what is sent: the capture waits meanwhile */
	struct wcursor out;
	struct helper_record record;
	bool is_over;
	bool has_walk[HELPER_SLOTS];
	struct walk walk[HELPER_SLOTS];
	uint8_t in_bytes[HELPER_MESSAGE_MAX], out_bytes[HELPER_MESSAGE_MAX];
};

/* Waits for the HELLO and opens what it asks for. False: the other side is gone, or err says
 * what to refuse it with. */
NODISCARD bool serve_open(struct serve *, int fd, struct err *err);
void serve_refuse(struct serve *, const struct err *);
NODISCARD bool serve_run(struct serve *, struct err *err);

#endif
