/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef THRUPATH_APP_TARGET_H
#define THRUPATH_APP_TARGET_H

#include "app/host.h"
#include "app/options.h"
#include "model/session.h"
#include "net/route.h"

/*
 * From the words of the command line to addresses, and to what may be done with them.
 */
struct target {
	const struct host *host;      /* that probes; borrowed */
	struct addr path[HOP_MAX];
	struct addr path_other[HOP_MAX]; /* of hops written ADDRESS+ADDRESS; else unset */
	size_t path_count;            /* 0: to be discovered */
	struct addr destination;
	struct addr via, from;        /* of --via and --from */
	struct addr inner_source;     /* of --inner-source ADDRESS */
	char destination_name[256];   /* as typed; "" where it was an address */
	char zone[IF_NAMESIZE];       /* of link-local addresses: the interface; "": none was named */
	bool is_private;              /* every address is one that needs no consent */
	struct route route;           /* filled by target_route */
	uint32_t interface;           /* likewise: of -I or a zone, its index; 0: routing decides */
	struct addr source_other;     /* likewise: of ours, where hops are of the other family */
	struct addr also;             /* likewise: another one of ours to compare with; or unset */
};

/* Checks literals first, then asks the resolver. ERR_USAGE for what no network could mend. */
NODISCARD bool target_parse(const struct options *, struct target *ret_target, struct err *err);

/* Asks the host for the route and holds the path against its MTU (ERR_USAGE). Drops a
 * leading own address from the path. */
NODISCARD bool target_route(const struct options *, struct target *, struct err *err);
/* Asks again, for the same path, where this host has changed: fills what target_route() fills, and
 * checks no more than that there is a way. Of several addresses of an interface the kernel may
 * prefer another one than before; as long as `settled` is there, that is the source, and so stays
 * the address beside it where none is named. */
NODISCARD bool target_route_again(const struct options *, const struct addr *settled,
	struct target *, struct err *err);
/* Whether the address beside the destination is routed as that is, from the same address. */
NODISCARD bool target_has_beside(const struct options *, const struct target *);

#endif
