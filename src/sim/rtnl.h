/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef THRUPATH_SIM_RTNL_H
#define THRUPATH_SIM_RTNL_H

#include <sys/types.h>

#include "base/err.h"
#include "pkt/addr.h"

/*
 * The few rtnetlink requests (rtnetlink(7)) a private network namespace needs, so that no
 * other program has to be there. Linux only. Each waits for the kernel's acknowledgement.
 */
struct rtnl_veth {
	const char *name, *peer_name;
	uint8_t mac[6], peer_mac[6];
	pid_t peer_netns;              /* of a process in it */
	uint32_t mtu_bytes;
};

int rtnl_open(struct err *err);    /* a descriptor, or -1 */
bool rtnl_add_veth(int fd, const struct rtnl_veth *, struct err *err);
bool rtnl_set_up(int fd, unsigned interface, struct err *err);
/* Takes packets whose source is an address of this machine, and looks for no way back. */
bool rtnl_accept_local(int fd, unsigned interface, struct err *err);
bool rtnl_add_address(int fd, unsigned interface, const struct addr *, uint8_t prefix_bits,
	struct err *err);
bool rtnl_add_neighbour(int fd, unsigned interface, const struct addr *, const uint8_t mac[6],
	struct err *err);
bool rtnl_add_default_route(int fd, unsigned interface, const struct addr *gateway,
	struct err *err);

#endif
