/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef THRUPATH_NET_HELPER_CLIENT_H
#define THRUPATH_NET_HELPER_CLIENT_H

#include <sys/types.h>

#include "net/direct.h"

/*
 * The live transport by way of thrupath-packet: this process needs no privilege, the helper
 * at `path` does. Packets come over undecoded and are decoded here. A helper that dies,
 * stalls or talks nonsense is an event, `failed`; it never blocks the loop.
 */
struct helper_process {
	pid_t pid;                      /* 0: there is none */
	int fd;                         /* our end of the pair */
};

/* Starts it, to wait for a greeting: for a process that gives up its privileges before it knows
 * whom to greet. */
NODISCARD bool helper_process_start(const char *path, struct helper_process *ret_process,
	struct err *err);
void helper_process_end(struct helper_process *); /* where nobody has greeted it */

struct helper_config {
	const char *path;
	struct helper_process *process; /* one that waits, which is then ours; else it is started */
	struct direct_config common;    /* raw is not used */
	double max_rate_pps;            /* what the engine will keep to, and the helper enforces */
};

/* Starts the helper and waits until it has its sockets. NULL on failure. ret_port: the
 * destination port that carried UDP must have. */
struct transport *helper_client_create(const struct helper_config *, uint16_t *ret_port,
	struct err *err);

#endif
