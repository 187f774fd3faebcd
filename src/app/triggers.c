/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/triggers.h"

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "app/app.h"
#include "io/savefile.h"
#include "base/i18n.h"
#include "report/report.h"
#include "report/stream.h"

static const ns_t LOOK_EVERY = NS_PER_SEC / 10;

static bool is_wanted(const struct options *options)
{
	return options->metrics != NULL || options->on_finding != NULL || options->has_bell ||
	       options->mode == MODE_NDJSON;
}

bool triggers_open(struct triggers *triggers, const struct app *app, struct err *err)
{
	const char *metrics = app->options->metrics;
	struct err not_yet;

	if (metrics == NULL) {
		return true;
	}
	/* That there is no such directory is told when the file is to be written; there may be one. */
	triggers->has_metrics_fd = geteuid() == 0 &&
		savefile_keep(metrics, &triggers->metrics_fd, &not_yet);
	return triggers->has_metrics_fd || savefile_check(metrics, err);
}

static void write_metrics(struct triggers *triggers, const struct snapshot *snap)
{
	struct strbuf text = {0};
	struct err err = {0};

	report_metrics(snap, &text);
	if (!savefile_replace(triggers->app->options->metrics, triggers->has_metrics_fd ?
		triggers->metrics_fd : -1, &text, &err) &&
	    !triggers->has_failed) {
		triggers->has_failed = true;
		run_note(&triggers->app->run, _("the metrics file could not be written"));
		if (!triggers->app->is_on_screen) {
			(void)fprintf(stderr, "thrupath: %s\n", err.text);
		}
	}
	strbuf_finish(&text);
}

static void tell(void *arg, const struct snapshot *snap, const struct snap_finding *finding,
	bool has_begun)
{
	struct triggers *triggers = arg;
	const struct options *options = triggers->app->options;

	if (options->on_finding != NULL && finding->severity >= triggers->hook.least) {
		hook_run(&triggers->hook, snap, finding, has_begun, triggers->app->is_on_screen);
	}
	if (triggers->stream != NULL) {
		stream_finding(snap, finding, has_begun, &triggers->lines);
	}
	if (options->has_bell && triggers->ring != NULL && has_begun &&
	    finding->severity != SNAP_INFO) {
		triggers->ring();
	}
}

/* Whoever reads them has them at once; where nobody does any more, the run is over. */
static void print_lines(struct triggers *triggers)
{
	struct run *run = &triggers->app->run;
	struct strbuf *lines = &triggers->lines;

	if (lines->len > 0 && run->drive.failure.code == ERR_NONE &&
	    (fwrite(strbuf_text(lines), 1, lines->len, stdout) != lines->len ||
	     fflush(stdout) != 0)) {
		(void)err_set_sys(&run->drive.failure, ERR_IO, errno, "cannot write an event");
		loop_stop(run->loop);
	}
	strbuf_clear(lines);
}

static void look(struct triggers *triggers, bool is_last)
{
	struct snapshot *snap;

	run_note_files(&triggers->app->run);
	snap = run_snapshot(&triggers->app->run);
	if (triggers->stream != NULL && !is_last) {
		stream_look(triggers->stream, snap, &triggers->lines);
	}
	if (triggers->app->options->metrics != NULL) {
		write_metrics(triggers, snap);
	}
	snap_compare_findings(triggers->before, snap, tell, triggers);
	if (triggers->stream != NULL && is_last) {
		stream_end(triggers->stream, snap, &triggers->lines);
	}
	print_lines(triggers);
	snapshot_destroy(triggers->before);
	triggers->before = snap;
}

static void on_timer(void *arg)
{
	struct triggers *triggers = arg;
	struct run *run = &triggers->app->run;

	hook_reap(&triggers->hook);
	if (run->session.rounds != triggers->rounds) {
		triggers->rounds = run->session.rounds;
		look(triggers, /* is_last= */ false);
	}
	loop_timer_set(run->loop, &triggers->timer, loop_now(run->loop) + LOOK_EVERY);
}

void triggers_start(struct triggers *triggers, struct app *app)
{
	struct run *run = &app->run;

	triggers->app = app;
	triggers->hook.command = app->options->on_finding == NULL ? NULL :
		hook_command(app->options->on_finding, &triggers->hook.least);
	triggers->hook.is_awaited = run->scenario != NULL;
	triggers->stream = app->options->mode == MODE_NDJSON ?
		stream_create(app->options->ndjson_every) : NULL;
	triggers->timer = (struct loop_timer){.fn = on_timer, .arg = triggers};
	if (is_wanted(app->options)) {
		loop_timer_set(run->loop, &triggers->timer, loop_now(run->loop) + LOOK_EVERY);
	}
}

static int judge(const struct app *app, const struct snapshot *snap, int status)
{
	struct strbuf why = {0};

	if (conditions_met(&app->options->fail_if, snap, &why)) {
		(void)fprintf(stderr, _("thrupath: --fail-if: %s\n"), strbuf_text(&why));
		status = status == EXIT_DONE || status == EXIT_SILENT ? EXIT_CONDITION_MET : status;
	} else if (conditions_are_amiss(&app->options->fail_if, snap, &why)) {
		(void)fprintf(stderr, _("thrupath: --fail-if: the path has no hop %s\n"),
			strbuf_text(&why));
	}
	strbuf_finish(&why);
	return status;
}

void triggers_tell_last(struct triggers *triggers)
{
	if (triggers->stream != NULL) {
		strbuf_clear(&triggers->lines); /* one may have been begun */
		look(triggers, /* is_last= */ true);
	}
}

int triggers_end(struct triggers *triggers, struct app *app, int status)
{
	const struct hook *hook = &triggers->hook;

	if (status != EXIT_LOCAL_ERROR && (is_wanted(app->options) ||
	    app->options->fail_if.count > 0)) {
		triggers->app = app;
		look(triggers, /* is_last= */ true);
		if (app->run.drive.failure.code != ERR_NONE) {
			(void)fprintf(stderr, "thrupath: %s\n", app->run.drive.failure.text);
			status = EXIT_LOCAL_ERROR;
		}
		status = judge(app, triggers->before, status);
	}
	if (triggers->app != NULL && app->run.loop != NULL) {
		loop_timer_cancel(app->run.loop, &triggers->timer);
	}
	if (hook->failed > 0 || hook->skipped > 0) {
		(void)fprintf(stderr, _("thrupath: %s: failed %" PRIu64 " times, skipped %" PRIu64 " times "
			"(too many already running)\n"), hook->command, hook->failed, hook->skipped);
	}
	if (triggers->has_metrics_fd) {
		(void)close(triggers->metrics_fd);
		triggers->has_metrics_fd = false;
	}
	snapshot_destroy(triggers->before);
	triggers->before = NULL;
	stream_destroy(triggers->stream);
	triggers->stream = NULL;
	strbuf_finish(&triggers->lines);
	return status;
}
