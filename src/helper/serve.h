/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef THRUPATH_HELPER_SERVE_H
#define THRUPATH_HELPER_SERVE_H

#include "helper/limits.h"
#include "helper/policy.h"
#include "helper/sent.h"
#include "net/helper_wire.h"
#include "net/netlink.h"
#include "net/transport.h"

/*
 * The helper at work: probes in, packets out, until the other side is gone or sends what it
 * may not. All memory is there from the start.
 */
enum serve_rate {
	SERVE_RATE_OWN,                /* as the HELLO has it */
	SERVE_RATE_USER,               /* of all helpers of the user */
	SERVE_RATE_PUBLIC,             /* likewise, of what leaves private networks */
	SERVE_RATE_COUNT
};

enum { SERVE_ENDS = 512 };

struct serve {
	struct loop *loop;
	struct transport *transport;   /* NULL until serve_start */
	struct limits limits;
	struct policy policy;
	struct policy_bucket bucket[SERVE_RATE_COUNT];
	ns_t now, counted_at;          /* now: of the buckets, which waiting moves on */
	unsigned user;
	int peers_fd;
	struct ident ident;
	struct sent *sent;
	struct helper_counts counts;
	struct netlink netlink;        /* to ask whose addresses these are */
	int watch_fd;                  /* says when that may have changed */
	struct transport_home home;    /* as was agreed; the policy has what of it is ours by now */
	struct addr end[SERVE_ENDS];   /* the kernel was asked: each is one host's */
	int fd;                        /* blocking for what is sent: the capture waits meanwhile */
	struct wcursor out;
	struct helper_record record;
	bool is_over;
	bool has_walk[HELPER_SLOTS], is_judged[HELPER_SLOTS];
	enum policy_verdict verdict[HELPER_SLOTS];
	struct walk walk[HELPER_SLOTS];
	uint8_t in_bytes[HELPER_MESSAGE_MAX], out_bytes[HELPER_MESSAGE_MAX];
};

/* Waits for the HELLO and opens what it asks for, within those limits for that user. False: the
 * other side is gone, or err says what to refuse it with. */
NODISCARD bool serve_open(struct serve *, int fd, const struct limits *, unsigned user,
	struct err *err);
void serve_refuse(struct serve *, const struct err *);
NODISCARD bool serve_run(struct serve *, struct err *err);
void serve_finish(struct serve *);

#endif
