/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <stdio.h>

#include "app/run.h"
#include "base/i18n.h"

/* What a run has to say to whoever reads its numbers. */

void run_note(struct run *run, const char *text)
{
	if (run->note_count < NOTES_MAX) {
		run->notes[run->note_count++] = text;
	}
}

void run_note_refusal(struct run *run)
{
	run->is_nesting_refused = true;
	run_note(run, _("no nested probes were sent: the path has public addresses and "
		"--public was not given"));
}

/* What is wrong with the MMDB files: a line, and a note for whoever sees no lines. */
void run_note_geodata(struct run *run)
{
	const char *fault;

	while ((fault = geodata_fault(&run->naming.geodata)) != NULL) {
		run_note(run, fault);
		if (!run->is_on_screen) {
			(void)fprintf(stderr, _("thrupath: %s; continuing without it\n"), fault);
		}
	}
}

/* Each is told once. */
void run_note_files(struct run *run)
{
	run_note_geodata(run);
	if (run->has_file_note) {
		return;
	}
	if (record_failure(run->record) != NULL) {
		run->has_file_note = true;
		run_note(run, _("the recording stopped early: it could not be written"));
	} else if (run->replay != NULL && replay_is_cut(run->replay)) {
		run->has_file_note = true;
		run_note(run, _("the recording is incomplete: it stops before the end of the run"));
	}
}
