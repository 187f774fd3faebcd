/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef THRUPATH_SIM_VETH_BRIDGE_H
#define THRUPATH_SIM_VETH_BRIDGE_H

#include "base/err.h"
#include "io/loop.h"
#include "sim/network.h"

/*
 * A simulated network behind the far end of a veth pair: it answers ARP for every address
 * of the network, takes in frames at the kernel's receive stamp and sends what comes home
 * when it is due. Linux only. Runs on the real loop, which should not be shared with
 * others: for the last microseconds before a packet is due it spins.
 */
struct veth_bridge;

/* Sim and loop are borrowed until destroy. `truth_file`, may be NULL, gets a line a packet:
 * "REALTIME_NS in|out ID SEQ": the kernel's stamp of what came in, the instant after the
 * sending of what went out; the probe's outermost IP ID in hexadecimal, its number or "-". */
struct veth_bridge *veth_bridge_create(struct sim *, struct loop *, const char *interface,
	const char *truth_file, struct err *err);
void veth_bridge_destroy(struct veth_bridge *);

#endif
