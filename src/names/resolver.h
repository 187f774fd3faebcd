/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef THRUPATH_NAMES_RESOLVER_H
#define THRUPATH_NAMES_RESOLVER_H

#include "base/err.h"
#include "names/network.h"
#include "pkt/addr.h"

/*
 * Names of addresses, and the networks they are announced by, from the DNS; the hosts
 * file goes first. It never waits for the network: what is not known is asked for, and `changed`
 * is called when it may be known. Answers are kept as long as their TTL says, and that there is
 * none for five minutes; what is kept and what is under way is bounded, and what found no room is
 * asked for when it is wanted again.
 */
struct loop;
struct resolver;

typedef void resolver_changed_fn(void *arg);

/* `server`: ADDRESS[:PORT], or NULL for the hosts file and then the system's. The
 * loop outlives it. */
struct resolver *resolver_create(struct loop *, const char *server, resolver_changed_fn *,
	void *arg, struct err *err);
void resolver_destroy(struct resolver *);

/* The name of an address, or NULL while or because there is none. Borrowed until the next turn;
 * foreign text. */
const char *resolver_name(struct resolver *, const struct addr *);

/* The network that announces an address, as Team Cymru's zones have it; the name is "" until
 * it is known. False while or because none is known. */
bool resolver_network(struct resolver *, const struct addr *, struct network *ret_network);

size_t resolver_waiting(const struct resolver *);   /* questions under way */
const char *resolver_library(void);                 /* its version */

#endif
