/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef THRUPATH_SIM_TRANSPORT_SIM_H
#define THRUPATH_SIM_TRANSPORT_SIM_H

#include "net/transport.h"
#include "sim/network.h"

/*
 * The transport over a simulated network, under a virtual loop. Probes depart at the
 * instant of the flush; their REPLY_SENT and whatever comes home are told by a timer, with
 * the exact instants (STAMP_SIM). The hooks are for tests that inject faults.
 */

/* The sim is borrowed until destroy; the config is copied. */
struct transport *transport_sim_create(struct sim *, const struct transport_config *);

/* The next n probes given to send do not leave: ENOBUFS. */
void transport_sim_drop_next(struct transport *, uint64_t n);
/* The next n packets that come home are not seen; they count as rx_dropped. */
void transport_sim_lose_next(struct transport *, uint64_t n);
/* The next n packets that come home are seen twice. */
void transport_sim_duplicate_next(struct transport *, uint64_t n);
/* A packet from nowhere is captured at `when`; the bytes are copied. After start. */
void transport_sim_deliver(struct transport *, const uint8_t *bytes, size_t len, ns_t when);

#endif
