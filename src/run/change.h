/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef THRUPATH_RUN_CHANGE_H
#define THRUPATH_RUN_CHANGE_H

#include "run/run.h"

/*
 * What a run does otherwise while it goes on. An engine is made for one destination, size, TOS
 * and kind of To probe: another one takes its place on the same sockets, and all counts begin
 * anew. Where that fails the run goes on as it was. Recordings, made or shown, do not change.
 */

/* Asks for the route to another target, of which all that is wanted is filled in. False also where
 * a running transport could not serve it: another way out of this host. */
NODISCARD bool change_ask_way(const struct run *, const struct settings *, struct target *,
	struct err *err);
/* This host sends from where the target says now; the path is the same, and counts go on. */
NODISCARD bool change_home(struct run *, const struct target *, struct err *err);
/* Of the target what is wanted is filled in; its path is to be discovered. */
NODISCARD bool change_destination(struct run *, const struct target *, struct err *err);
/* A path by hand, while the one it had was still being looked for. */
NODISCARD bool change_path(struct run *, const struct target *, struct err *err);
/* Another size, TOS or TTL. */
NODISCARD bool change_settings(struct run *, const struct settings *, struct err *err);
/* To probes by UDP or TCP; if they are that already, by echo. */
NODISCARD bool change_carried(struct run *, enum carried, struct err *err);
/* To probes from another address of this host, too, for a while; counts go on. */
NODISCARD bool change_also(struct run *, struct err *err);
/* Asks that hop more often for a while; counts go on. */
NODISCARD bool change_link_mtu(struct run *, struct err *err);
NODISCARD bool change_faster(struct run *, unsigned hop, struct err *err);
/* The person says that nested probes may go to public addresses. */
NODISCARD bool change_public(struct run *, struct err *err);
/* Adds the walks that tell out from back; counts go on. */
NODISCARD bool change_walks(struct run *, struct err *err);
/* The rounds in all, 0 for no end; counts go on. */
NODISCARD bool change_cycles(struct run *, uint64_t rounds, struct err *err);
/* The time between them. */
NODISCARD bool change_interval(struct run *, ns_t, struct err *err);

#endif
