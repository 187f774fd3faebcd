/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef THRUPATH_SIM_NETNS_H
#define THRUPATH_SIM_NETNS_H

#include <sys/types.h>

#include "sim/scenario.h"

/*
 * The private world of the demo: this process moves into a network namespace of its own
 * (and a user namespace, where it may not otherwise), whose only interface is one end of a
 * veth pair; a child process runs the scenario behind the other end. Linux only; to be
 * called while there is one thread and no socket yet. There is no way back out.
 */
struct netns_options {
	const char *truth_file;        /* see veth_bridge.h; NULL: none */
	uint64_t seed;                 /* 0: the scenario's */
};

struct netns_demo {
	pid_t child;
	int socket;                    /* the child ends when it closes */
	char interface[16];            /* the near end, with the prober's address */
};

/* `options` may be NULL. ERR_PERMISSION: user namespaces are not allowed here. */
NODISCARD bool netns_demo_start(const struct scenario *, const struct netns_options *options,
	struct netns_demo *ret_demo, struct err *err);
void netns_demo_stop(struct netns_demo *);

#endif
