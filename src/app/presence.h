/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef THRUPATH_APP_PRESENCE_H
#define THRUPATH_APP_PRESENCE_H

#include <stdbool.h>

struct run;

/*
 * Whether this host still has the address that probes leave from. While it has not, as after a
 * lease has ended or an interface went away, nothing can come home, and that is no loss of the
 * path: those rounds do not count.
 */
struct presence {
	struct run *run;         /* borrowed; NULL: nobody watches */
	int fd;                  /* where the kernel tells of addresses */
	bool is_away;
};

/* Where the kernel does not tell, nothing is watched. The run must stay where it is. */
void presence_start(struct presence *, struct run *run);
void presence_stop(struct presence *);       /* accepts one that was not started */

#endif
