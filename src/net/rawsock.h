/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef THRUPATH_NET_RAWSOCK_H
#define THRUPATH_NET_RAWSOCK_H

#include <sys/socket.h>

#include "base/err.h"
#include "pkt/addr.h"

/* The sockets of the live transport, one kernel quirk a function. All return fds >= 0 or -1. */

/* For whole packets of ours of that family (raw(7), IP_HDRINCL; IPV6_HDRINCL); receives
 * nothing. */
int rawsock_open_sender(uint8_t family, unsigned mark, struct err *err);

/* For whole packets of ours of either family that name the link address they go to (packet(7));
 * receives nothing. */
int rawsock_open_link(struct err *err);

/* Goes with each message: by which route it leaves. The kernel does not look into whole packets,
 * and would route them as if they had no source. Needs no privilege, nor a socket opened again. */
struct rawsock_way {
	_Alignas(size_t) uint8_t control[CMSG_SPACE(20)]; /* struct in6_pktinfo is the longer one */
	size_t len;
};

/* `interface` 0: routing decides. */
void rawsock_set_way(struct rawsock_way *, const struct addr *source, uint32_t interface);

/* A UDP socket for all addresses of that family that swallows all it gets, so that the kernel
 * answers no returning probe with "port unreachable". Its port is the probes' destination port:
 * `port`, or any that is free for 0. */
int rawsock_open_sink(uint8_t family, uint16_t port, uint16_t *ret_port, struct err *err);

/* A socket for that port of all addresses, of both families where it is of IPv6. One of SOCK_DGRAM
 * swallows all it gets. Below 0: an errno. */
int rawsock_open_bound(uint8_t family, int type, uint16_t port);

/* The address in the kernel's form, with this port; returns its length. */
socklen_t rawsock_address(const struct addr *, uint16_t port, struct sockaddr_storage *ret_address);

#endif
