/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef THRUPATH_APP_CHANGE_H
#define THRUPATH_APP_CHANGE_H

#include "app/run.h"

/*
 * What a run does otherwise while it goes on. An engine is made for one destination, size, TOS
 * and kind of To probe: another one takes its place on the same sockets, and all counts begin
 * anew. Where that fails the run goes on as it was. Recordings, made or shown, do not change.
 */

/* `name`: what the address was found by; NULL: it is as typed. */
NODISCARD bool change_destination(struct run *, const char *address, const char *name,
	struct err *err);
/* A path by hand, while the one it had was still being looked for. */
NODISCARD bool change_path(struct run *, const struct target *, struct err *err);
/* The value of that option, by the rules of the command line: a size, a TOS, a TTL. */
NODISCARD bool change_setting(struct run *, const char *option, const char *value,
	struct err *err);
/* To probes by UDP or TCP; if they are that already, by echo. */
NODISCARD bool change_carrier(struct run *, enum carrier, struct err *err);
/* Asks that hop more often for a while; counts go on. */
NODISCARD bool change_also(struct run *, struct err *err);
NODISCARD bool change_faster(struct run *, unsigned hop, struct err *err);
/* The person says that nested probes may go to public addresses. */
NODISCARD bool change_public(struct run *, struct err *err);
/* Adds the walks that tell out from back; counts go on. */
NODISCARD bool change_walks(struct run *, struct err *err);
/* The rounds in all, "0" for no end; counts go on. */
NODISCARD bool change_cycles(struct run *, const char *value, struct err *err);
/* The time between them. */
NODISCARD bool change_interval(struct run *, const char *value, struct err *err);

#endif
