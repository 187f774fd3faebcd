/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <stdarg.h>
#include <stdio.h>

#include "base/i18n.h"
#include "base/mem.h"
#include "base/utf8.h"
#include "run/run.h"

/* What a run has to say to whoever reads its numbers. */

void run_say(const struct run *run, const char *format, ...)
{
	char line[512];
	va_list args;

	if (run->say != NULL) {
		va_start(args, format);
		(void)vsnprintf(line, sizeof line, format, args);
		va_end(args);
		run->say(run->say_arg, line);
	}
}

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
		run_say(run, _("%s; continuing without it"), fault);
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

void run_remark(struct run *run, const char *text)
{
	char clean[512];

	utf8_clean(text, clean, sizeof clean);
	run->remarks = xgrow(run->remarks, &run->remark_cap, run->remark_count,
		sizeof *run->remarks);
	run->remarks[run->remark_count++] = (struct snap_remark){
		loop_now(run->loop) + loop_realtime_offset(run->loop), xstrdup(clean)};
}
