/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "run/run.h"
#include "run/simulate.h"

/* The files of a run, for a process that may be allowed less afterwards. */

bool run_open_files(struct run *run, struct err *err)
{
	session_init(&run->session);
	run->loop = run->scenario != NULL ? simulate_loop() : loop_create_real();
	if (run->replay_name != NULL) {
		run->replay = replay_open(run->replay_name, err);
		if (run->replay == NULL) {
			return false;
		}
		run->here = replay_facts(run->replay)->here;
	} else if (run->record_name != NULL && run->record == NULL &&
	           (run->record = record_create(run->record_name, err)) == NULL) {
		return false;
	}
	return run_prepare_names(run, err);
}
