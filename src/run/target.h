/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef THRUPATH_RUN_TARGET_H
#define THRUPATH_RUN_TARGET_H

#include "model/session.h"
#include "net/route.h"
#include "run/host.h"
#include "run/settings.h"

/*
 * Where a run's probes go, as addresses, and where this host sends them from. Whoever begins a run
 * fills in what is wanted; target_route() asks the host for the rest.
 */
enum { TARGET_INTERFACE_MAX = 64 };

struct target {
	const struct host *host;      /* that probes; borrowed */
	struct addr path[HOP_MAX];
	struct addr path_other[HOP_MAX]; /* of hops with an address of each family; else unset */
	uint8_t path_carrier[HOP_MAX]; /* 1 + enum carrier that a hop is told to unwrap; else 0 */
	size_t path_count;            /* 0: to be discovered */
	struct addr destination;
	struct addr via, from;        /* the waypoint of via walks; the hop to trace from; or unset */
	struct addr inner_source;     /* of INNER_SOURCE_GIVEN */
	struct addr source, source_also; /* of ours that are asked for; unset: any that will do */
	char destination_name[256];   /* as typed; "" where it was an address */
	char interface_name[TARGET_INTERFACE_MAX]; /* to send and capture on; "": routing decides */
	bool is_private;              /* every address is one that needs no consent */
	struct route route;           /* filled by target_route */
	uint32_t interface;           /* likewise: the index of interface_name; 0: routing decides */
	struct addr source_other;     /* likewise: of ours, where hops are of the other family */
	struct addr also;             /* likewise: another one of ours to compare with; or unset */
};

/* Finds out whether all of it is private; once what is wanted is filled in. */
void target_judge(struct target *);
/* Asks the host for the route and holds the path against its MTU (ERR_USAGE). Drops a
 * leading own address from the path. */
NODISCARD bool target_route(const struct settings *, struct target *, struct err *err);
/* Asks again, for the same path, where this host has changed: fills what target_route() fills, and
 * checks no more than that there is a way. Of several addresses of an interface the kernel may
 * prefer another one than before; as long as `settled` is there, that is the source, and so stays
 * the address beside it where none is named. */
NODISCARD bool target_route_again(const struct settings *, const struct addr *settled,
	struct target *, struct err *err);
/* Whether the address beside the destination is routed as that is, from the same address. */
NODISCARD bool target_has_beside(const struct settings *, const struct target *);

#endif
