/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef THRUPATH_NET_RAWSOCK_H
#define THRUPATH_NET_RAWSOCK_H

#include <sys/socket.h>

#include "base/err.h"
#include "pkt/addr.h"

/* The sockets of the live transport, one kernel quirk a function. All return fds >= 0 or -1. */

/* For whole packets of ours of that family (raw(7), IP_HDRINCL; IPV6_HDRINCL); receives
 * nothing. */
int rawsock_open_sender(uint8_t family, const char *interface, unsigned mark, struct err *err);

/* A UDP socket bound to `source` that swallows all it gets, so that the kernel answers no
 * returning probe with "port unreachable". Its port is the probes' destination port: `port`,
 * or any that is free for 0. */
int rawsock_open_sink(const struct addr *source, uint16_t port, uint16_t *ret_port,
	struct err *err);

/* The address in the kernel's form, with this port; returns its length. */
socklen_t rawsock_address(const struct addr *, uint16_t port, struct sockaddr_storage *ret_address);

#endif
