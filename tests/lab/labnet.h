/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef THRUPATH_TESTS_LABNET_H
#define THRUPATH_TESTS_LABNET_H

#include "sim/scenario.h"

/*
 * The kernel lab: a scenario's nodes as Linux network namespaces, its links as pairs of TAP
 * devices joined by an emulated wire. Forwarding, TTLs, ICMP and its limits are the
 * kernel's; only loss, delay and decapsulation (the kernel here has no ipip) are ours.
 */
enum { LAB_NODES_MAX = 64, LAB_LINKS_MAX = 96, LAB_DEVICE_MAX = 16, LAB_DECAPS = 4 };

/* One end of a link: a TAP device in a node's namespace. */
struct lab_end {
	int fd;
	int stamped;                         /* of the prober: what leaves, with its time; else -1 */
	uint8_t mac[6];
	char device[LAB_DEVICE_MAX];
};

struct lab {
	const struct scenario *scenario;
	int home_ns;                         /* the namespace we came from */
	int node_ns[LAB_NODES_MAX];
	struct lab_end end[LAB_LINKS_MAX][2];
	/* Raw sockets for protocols 4 and 41 in IPv4, then for both in IPv6; or -1. */
	int decap_in[LAB_NODES_MAX][LAB_DECAPS];
	int decap_out[LAB_NODES_MAX];        /* TUN device the inner packets go to */
};

/* nodes.c: namespaces, devices, addresses, routes, sysctls. */
NODISCARD bool lab_build(struct lab *, const struct scenario *, struct err *err);
NODISCARD bool lab_enter(const struct lab *, size_t node, struct err *err);

/* wire.c: carries packets until `child` ends; returns its wait status. Writes what the wires
 * did, a line a direction, to `truth` (may be NULL). */
int lab_run(struct lab *, int child, const char *truth);

#endif
