/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef THRUPATH_APP_LOOKUP_H
#define THRUPATH_APP_LOOKUP_H

#include <sys/types.h>

#include "run/host.h"
#include "base/err.h"
#include "io/loop.h"
#include "pkt/addr.h"

/*
 * The address of one name, asked for while the loop goes on: getaddrinfo() waits, and it alone
 * knows what this host asks, so a process of its own calls it. One name at a time.
 */
typedef void lookup_fn(void *arg, const struct addr *found, const struct err *why);

struct lookup {
	const struct host *host;        /* whose names; borrowed */
	struct loop *loop;              /* NULL: none is under way */
	struct loop_timer timer;
	int fd;
	pid_t pid;
	lookup_fn *fn;
	void *arg;
};

/* The host is set. `family` 0: either. Calls fn once, with an address or (found NULL) the reason;
 * within half a minute. What was under way is given up. False: no process could be made. */
NODISCARD bool lookup_start(struct lookup *, struct loop *, const char *name, uint8_t family,
	lookup_fn *, void *arg, struct err *err);
bool lookup_is_under_way(const struct lookup *);
void lookup_stop(struct lookup *);      /* fn is not called any more */

#endif
