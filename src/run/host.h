/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef THRUPATH_RUN_HOST_H
#define THRUPATH_RUN_HOST_H

#include "net/route.h"
#include "sim/scenario.h"

/*
 * The host that probes, as far as it is asked before anything is sent: what a name means, which way
 * a packet would take, which addresses are its own. It is this machine, or the prober of a
 * scenario.
 */
struct host {
	/* The first address of a name; `family` 0: of either. May wait for a name server. */
	bool (*resolve)(const struct host *, const char *word, uint8_t family,
		struct addr *ret_address, struct err *err);
	bool (*route)(const struct host *, const struct route_query *, struct route *ret_route,
		struct err *err);
	bool (*is_own)(const struct host *, const struct addr *);
	/* As route_other_source(). */
	bool (*other_source)(const struct host *, const struct route *, struct addr *ret_address);
	const struct scenario *scenario; /* borrowed; NULL: this machine */
};

extern const struct host host_this;
/* This machine, within the namespace of a demo: it knows the names of the scenario, too. */
struct host host_of_demo(const struct scenario *);
/* The scenario's prober: nothing of this machine is asked. */
struct host host_of_prober(const struct scenario *);

#endif
