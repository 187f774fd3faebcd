/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef THRUPATH_NET_ROUTE_H
#define THRUPATH_NET_ROUTE_H

#include <net/if.h>

#include "base/err.h"
#include "pkt/addr.h"

/*
 * What the kernel would do with a packet to a target: from which address it would come,
 * out of which interface, how large it may be. Asked of rtnetlink.
 */
struct route {
	struct addr source;
	char interface[IF_NAMESIZE];
	int interface_index;
	unsigned mtu;
};

struct route_query {
	struct addr target;
	const char *interface;   /* NULL: any */
	struct addr source;      /* unset: the kernel's choice */
};

/* Whether it is one of this host's. */
bool route_is_own(const struct addr *);
/* A descriptor that becomes readable when this host's addresses change; the caller closes it. Below
 * 0: the kernel does not tell. */
int route_watch(void);
void route_watch_drain(int fd);
/* Another address of this host that answers may come home to where its packets leave by this
 * route: one of the interface, or one that no interface to the outside has. False: none. */
bool route_other_source(const struct route *, struct addr *ret_addr);

NODISCARD bool route_lookup(const struct route_query *, struct route *ret_route, struct err *err);

#endif
