/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef THRUPATH_NET_RESERVE_H
#define THRUPATH_NET_RESERVE_H

#include "base/err.h"
#include "pkt/reply.h"

/*
 * The ports of a session, bound, so that no other program on this host has them: what is sent from
 * them is nobody else's traffic, and what comes back to them is not either. The sockets are never
 * read: a filter drops all that UDP gets, and TCP does not listen, so that the kernel resets what
 * comes to it.
 */
struct reserve {
	int *fd;
	size_t count, capacity;
	int sink_fd[2];      /* of IPv4, of IPv6, among them; -1: none */
};

/* Binds the port of returning probes, which it chooses, and where ordinary packets go by UDP or TCP
 * their source ports: those after it, unless the context says from which on. All of them are free,
 * or it fails. `is_lenient`: then the sink's alone must be. Sets the ports in the context. */
NODISCARD bool reserve_ports(struct reserve *, struct reply_context *, bool is_lenient,
	struct err *err);
void reserve_finish(struct reserve *); /* zeroed, or after reserve_ports() */

#endif
