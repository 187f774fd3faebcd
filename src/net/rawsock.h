/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef THRUPATH_NET_RAWSOCK_H
#define THRUPATH_NET_RAWSOCK_H

#include "base/err.h"
#include "pkt/addr.h"

/* The sockets of the live transport, one kernel quirk a function. All return fds >= 0 or -1. */

/* For whole IPv4 packets of ours (raw(7), IP_HDRINCL); receives nothing. */
int rawsock_open_sender(const char *interface, unsigned mark, struct err *err);

/* A UDP socket bound to `source` that swallows all it gets, so that the kernel answers no
 * returning probe with "port unreachable". Its port is the probes' destination port. */
int rawsock_open_sink(const struct addr *source, uint16_t *ret_port, struct err *err);

#endif
