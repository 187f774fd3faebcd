/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef THRUPATH_APP_HOOK_H
#define THRUPATH_APP_HOOK_H

#include <sys/types.h>

#include "base/err.h"
#include "snap/snapshot.h"

/*
 * The program of --on-finding, run once for each finding that begins or ends, beside this one.
 * No shell reads what it is given:
 *
 *     CMD began|ended ID SEVERITY HOPS TEXT        hops as "2,3"; "" for the whole path
 *
 * and, in its environment, THRUPATH_EVENT, _ID, _SEVERITY, _CONFIDENCE, _HOPS, _TEXT, _SINCE,
 * _SOURCE and _DESTINATION. Its input and output are /dev/null, its errors ours unless the
 * screen is on. It has none of our descriptors, its own session, and no privilege of ours.
 */
enum { HOOK_RUNNING_MAX = 8 };

struct hook {
	const char *command;     /* borrowed; NULL: none */
	enum snap_severity least;/* of the findings it is run for */
	pid_t running[HOOK_RUNNING_MAX];
	size_t count;
	bool is_awaited;         /* time stands still while it runs: each to its end */
	uint64_t skipped;        /* as many were running already */
	uint64_t failed;         /* could not be run, or said so by its exit status */
};

/* The program of "PROGRAM" or "SEVERITY:PROGRAM", within the text. */
const char *hook_command(const char *text, enum snap_severity *ret_least);
/* Whether there is such a program, by its path or in PATH. */
NODISCARD bool hook_check(const char *text, struct err *err);

/* Runs it, and does not wait for it, but for the one before where they are awaited. */
void hook_run(struct hook *, const struct snapshot *, const struct snap_finding *, bool has_begun,
	bool is_quiet);

void hook_reap(struct hook *);   /* notes what became of those that are over */

#endif
