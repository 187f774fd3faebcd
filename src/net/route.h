/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef THRUPATH_NET_ROUTE_H
#define THRUPATH_NET_ROUTE_H

#include <net/if.h>

#include "base/err.h"
#include "pkt/addr.h"

/*
 * What the kernel would do with a packet to a target: from which address it would come,
 * out of which interface, how large it may be. Asked of rtnetlink. It holds until the host
 * changes: whoever keeps it watches, and asks again.
 */
struct route {
	struct addr source;
	char interface[IF_NAMESIZE];
	uint32_t interface_index;
	unsigned mtu;            /* the interface's, or less where the route takes less */
};

struct route_query {
	struct addr target;
	const char *interface;   /* NULL: any */
	struct addr source;      /* unset: the kernel's choice; rules may route by it */
	unsigned mark;           /* 0: none; rules may route by it */
};

NODISCARD bool route_lookup(const struct route_query *, struct route *ret_route, struct err *err);

struct netlink;

/* Whether it is one of this host's. */
bool route_is_own_by(struct netlink *, const struct addr *);
bool route_is_own(const struct addr *);
/* Whether a packet to it would go to more than one host on a network of this host's, or to any of
 * several: a subnet's broadcast, a group, an anycast address. */
bool route_is_group_by(struct netlink *, const struct addr *);
bool route_has_address(uint32_t interface, const struct addr *); /* whether that one has it */
/* Another address of this host that answers may come home to where its packets leave by this
 * route: one of the interface, or one that no interface to the outside has. False: none. */
bool route_other_source(const struct route *, struct addr *ret_addr);
/* Whether what one of these interfaces shows the other one may show as well, for one stands upon
 * the other: a bridge and its ports, a VLAN and what carries it. */
bool route_is_stacked(uint32_t interface, uint32_t other);

/* A descriptor that becomes readable when this host's interfaces, addresses, routes or rules
 * change; the caller closes it. Below 0: the kernel does not tell. */
int route_watch(void);
int route_watch_addresses(void);  /* of addresses alone, without waiting */
bool route_watch_drain(int fd);   /* whether there was a change */

#endif
