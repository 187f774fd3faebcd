/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/run.h"

#include <errno.h>
#include <stdio.h>

#include "base/i18n.h"
#include "report/report.h"
#include "view/ui.h"

/* A run that ends in a report on standard output. */

static void stop_when_done(void *arg)
{
	struct run *run = arg;

	loop_stop(run->loop);
}

static void on_signal(void *arg, int signal_number)
{
	struct run *run = arg;

	run->caught_signal = signal_number;
	loop_stop(run->loop);
}

static bool print(const struct strbuf *text, struct err *err)
{
	if (fwrite(strbuf_text(text), 1, text->len, stdout) != text->len || fflush(stdout) != 0) {
		return err_set_sys(err, ERR_IO, errno, "cannot write the report");
	}
	return true;
}

/* Where all depends on one hop's decapsulation, silence is named after it. */
static void note_silence(struct run *run)
{
	const struct reverse_path *back = &run->session.reverse;
	const char *hop = run->options->from;
	bool is_silent = addr_is_set(&run->target.from) && !run->session.has_end_answered;

	if (run->options->is_reverse) {
		hop = run->options->destination;
		is_silent = back->from_hop == 0 || !run->session.has_end_answered;
	}
	if (is_silent) {
		(void)fprintf(stderr, _("thrupath: no replies via %s: it does not decapsulate, or IP "
			"protocol 4 is filtered before it\n"), hop);
	}
}

bool run_to_end(struct run *run, struct err *err)
{
	if (run->replay != NULL) {
		return replay_all(run->replay, err);
	}
	run->drive.on_done = stop_when_done;
	run->drive.arg = run;
	if (!loop_signals(run->loop, /* signal_number= */ 0, on_signal, run, err) ||
	    !drive_start(&run->drive, err)) {
		return false;
	}
	triggers_start(&run->triggers, run);
	if (run->scenario == NULL) {
		presence_start(&run->presence, run);
	}
	loop_run(run->loop);
	return true;
}

static enum report_format format_of(enum mode mode)
{
	static const struct {
		enum mode mode;
		enum report_format format;
	} formats[] = {{MODE_JSON, REPORT_JSON}, {MODE_CSV, REPORT_CSV}, {MODE_XML, REPORT_XML},
		{MODE_MARKDOWN, REPORT_MARKDOWN}, {MODE_HTML, REPORT_HTML}};

	for (size_t i = 0; i < sizeof formats / sizeof formats[0]; i++) {
		if (formats[i].mode == mode) {
			return formats[i].format;
		}
	}
	return REPORT_TEXT;
}

static bool write_report(const struct run *run, const struct snapshot *snap,
	enum report_format format, struct err *err)
{
	char letters[UI_ORDER_MAX + 1];
	struct report_options report = {.is_wide = run->options->is_wide,
		.is_mtr_alone = run->options->is_mtr_alone,
		.fields = report_fields_of(run->options->order, letters, sizeof letters) ? letters : NULL,
		.shows_both = run->options->show_both, .shows_as = run->options->has_as,
		.network = (enum snap_network)run->options->ipinfo};
	struct strbuf text = {0};
	bool is_printed;

	report_write(format, snap, &report, &text);
	is_printed = print(&text, err);
	strbuf_finish(&text);
	return is_printed;
}

bool run_leave_report(struct run *run, struct err *err)
{
	struct snapshot *snap;
	bool is_printed;

	run_note_files(run);
	snap = run_snapshot(run);
	is_printed = write_report(run, snap, REPORT_TEXT, err);

	snapshot_destroy(snap);
	return is_printed;
}

int run_report(struct run *run, struct err *err)
{
	struct snapshot *snap;
	bool is_printed;

	if (!run_to_end(run, err)) {
		return EXIT_LOCAL_ERROR;
	}
	if (run->replay == NULL) {
		note_silence(run);
	}
	naming_wait(&run->naming);
	run_note_files(run);
	snap = run_snapshot(run);
	is_printed = write_report(run, snap, format_of(run->options->mode), err);
	snapshot_destroy(snap);
	return is_printed ? run_status(run, err) : EXIT_LOCAL_ERROR;
}
