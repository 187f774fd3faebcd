/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef THRUPATH_TESTS_SCN_RUN_H
#define THRUPATH_TESTS_SCN_RUN_H

#include "base/strbuf.h"
#include "snap/snapshot.h"
#include "support/simrun.h"

/*
 * What a scenario's `run` line asks for, done by the whole program under virtual time: the
 * same experiment as in the kernel lab and behind the demo, in the blink of an eye.
 */

/* Reads a whole file; false when that fails. */
NODISCARD bool scn_run_read(const char *file, struct strbuf *ret_text, struct err *err);

/* What the last `run` line asks for; `ids` holds the names that it points to. False where there is
 * no such line, or it asks for options that virtual time does not know. */
NODISCARD bool scn_run_options(const struct scenario *, struct simrun_options *ret_options,
	struct strbuf *ids, struct err *err);

/* The last `run` line of the scenario to its end; `rounds` 0: as long as the line says. NULL
 * when there is no such line, or it asks for options that virtual time does not know. */
struct simrun *scn_run(const struct scenario *, const char *text, uint64_t seed, uint64_t rounds,
	struct err *err);

struct snapshot *scn_run_snapshot(const struct simrun *); /* caller destroys */

#endif
