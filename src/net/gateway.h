/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef THRUPATH_NET_GATEWAY_H
#define THRUPATH_NET_GATEWAY_H

#include <sys/socket.h>

#include "base/err.h"
#include "base/ns.h"
#include "net/netlink.h"
#include "pkt/addr.h"

/*
 * The gateway of a route and its link address, as the kernel knows both. All is asked by one
 * socket that is opened first: in a sandbox, too. What was answered holds for a second, so a
 * gateway that takes over from another is followed. Resolves nothing: packets that the kernel
 * routes make it do that.
 */
struct gateway_way {
	struct addr self;        /* packets come from there, */
	struct addr towards;     /* and are routed as if to that one */
	struct addr by;          /* the gateway must be this one; unset: it may be any */
	uint32_t interface;      /* by which they leave; 0: routing decides */
	unsigned mark;           /* 0: none */
};

struct gateway {
	struct netlink netlink;
	struct gateway_way way;  /* of the last question, when that was, and what came of it */
	ns_t asked_at;
	int sys;
	struct addr address;     /* the gateway's, and its link address while the kernel asks anew */
	struct sockaddr_storage link;
	socklen_t link_len;      /* 0: none is known yet */
};

NODISCARD bool gateway_open(struct gateway *, struct err *err);
void gateway_close(struct gateway *);

/* The link address of the gateway, as a socket of packets takes it. Returns 0, or EDESTADDRREQ:
 * there is no such gateway; EOPNOTSUPP: its link is not like Ethernet; EHOSTUNREACH: its link
 * address is not known; another errno: the kernel does not tell. */
int gateway_find(struct gateway *, const struct gateway_way *, ns_t now,
	struct sockaddr_storage *ret_link, socklen_t *ret_len);

#endif
