/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef THRUPATH_RUN_PRESENCE_H
#define THRUPATH_RUN_PRESENCE_H

#include "io/loop.h"
#include "pkt/addr.h"

struct run;

/*
 * Where this host stands in the network. Whenever the kernel tells of a change of interfaces,
 * addresses, routes or rules, the route is asked again. While there is none, as after a lease has
 * ended or an interface went away, nothing can come home, and that is no loss of the path: those
 * rounds do not count. A route that is another one is a move: the run goes on from there.
 */
struct presence {
	struct run *run;         /* borrowed; NULL: nobody watches */
	int fd;                  /* where the kernel tells */
	struct loop_timer timer; /* when it is listened to again */
	bool is_away, has_noted, has_noted_mtu;
	struct addr settled;     /* the last source that replies came in to, or were missed long */
};

/* Where the kernel does not tell, nothing is watched. The run must stay where it is. */
void presence_start(struct presence *, struct run *run);
void presence_stop(struct presence *);       /* accepts one that was not started */

#endif
