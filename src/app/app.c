/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/app.h"

#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <unistd.h>

#include "base/i18n.h"
#include "base/mem.h"
#include "cli/destination.h"
#include "io/privs.h"
#include "report/report.h"
#include "tui/term.h"
#include "view/ui.h"

/* A report of the longest path takes less than that. */
enum { REPORT_ROUNDS = 10, KEPT_BYTES = 4 << 20 };

/* A run that ends in a report on standard output. */

static void stop_when_done(void *arg)
{
	struct app *app = arg;

	loop_stop(app->run.loop);
}

static void on_signal(void *arg, int signal_number)
{
	struct app *app = arg;

	app->caught_signal = signal_number;
	loop_stop(app->run.loop);
}

static bool print(const struct strbuf *text, struct err *err)
{
	if (fwrite(strbuf_text(text), 1, text->len, stdout) != text->len || fflush(stdout) != 0) {
		return err_set_sys(err, ERR_IO, errno, "cannot write the report");
	}
	return true;
}

/* Where all depends on one hop's decapsulation, silence is named after it. */
static void note_silence(const struct app *app)
{
	const struct run *run = &app->run;
	const struct reverse_path *back = &run->session.reverse;
	const char *hop = app->options->from;
	bool is_silent = addr_is_set(&run->target.from) && !run->session.has_end_answered;

	if (run->settings.is_reverse) {
		hop = app->options->destination;
		is_silent = back->from_hop == 0 || !run->session.has_end_answered;
	}
	if (is_silent) {
		(void)fprintf(stderr, _("thrupath: no replies via %s: it does not decapsulate, or IP "
			"protocol 4 is filtered before it\n"), hop);
	}
}

/* A line of the run's, where there is room for one. */
static void say(void *arg, const char *line)
{
	const struct app *app = arg;

	if (!app->is_on_screen) {
		(void)fprintf(stderr, "thrupath: %s\n", line);
	}
}

void app_fill(struct app *app, const struct options *options, const char *command)
{
	struct run *run = &app->run;

	app->options = options;
	run->command = command;
	run->say = say;
	run->say_arg = app;
	run->settings = options->settings;
	run->settings.is_interactive = options->mode == MODE_SCREEN;
	/* The demo's network is a namespace in which this process may do all, and only there. */
	run->settings.is_unhelped = options->is_demo;
	if (run->settings.rounds == 0 && options->mode != MODE_SCREEN && !options->is_endless) {
		run->settings.rounds = REPORT_ROUNDS;
	}
	run->record_name = options->record;
	run->replay_name = options->replay;
	run->wishes = (struct naming_wishes){.server = options->dns, .asn_db = options->asn_db,
		.city_db = options->city_db, .here = options->here, .no_names = options->no_dns,
		.wants_networks = options->has_as,
		.wants_registry = options->ipinfo >= SNAP_NETWORK_COUNTRY};
}

/* Whoever can open files later opens none for a destination that there is not. */
static bool open_as_user(struct app *app, struct err *err)
{
	helper_process_end(app->run.helper);
	return triggers_open(&app->triggers, app, err) &&
	       (app->run.replay_name != NULL || destination_parse(app->options, &app->run.target, err));
}

/* Names are asked for, and replies read, by nobody of importance. */
static bool open_as_root(struct app *app, struct err *err)
{
	struct run *run = &app->run;
	bool is_helped = run->helper->pid > 0 && run->replay_name == NULL &&
		run->settings.inner_source != INNER_SOURCE_GIVEN;

	if (!is_helped) {
		helper_process_end(run->helper);
	}
	return run_open_files(run, err) && triggers_open(&app->triggers, app, err) &&
	       privs_leave_root(!is_helped && run->replay == NULL, err) &&
	       (run->replay != NULL || destination_parse(app->options, &run->target, err));
}

/*
 * The recording is of the user who asked for root, wherever that user may write one; elsewhere it
 * is root's. Root does not give away what it made: whoever may run this program as root, and no
 * other one, would come by a file of his own in any directory.
 */
static bool open_record(struct run *run, struct err *err)
{
	struct err refused;

	if (run->record_name == NULL || run->replay_name != NULL || !privs_lower()) {
		return true;
	}
	run->record = record_create(run->record_name, &refused);
	return privs_raise(err);
}

bool app_open(struct app *app, struct err *err)
{
	/* A network that is simulated, or the demo's own, says nothing that is not in its file. */
	bool is_of_others = app->run.scenario == NULL && !app->run.settings.is_unhelped;

	return open_record(&app->run, err) &&
	       (geteuid() == 0 && is_of_others ? open_as_root(app, err) : open_as_user(app, err));
}

bool app_run_to_end(struct app *app, struct err *err)
{
	struct run *run = &app->run;

	if (run->replay != NULL) {
		return replay_all(run->replay, err);
	}
	if (run->is_nesting_refused) {
		(void)fputs(_("thrupath: public addresses: sending To probes only; --public allows "
			"nested ones\n"), stderr);
	}
	run->drive.on_done = stop_when_done;
	run->drive.arg = app;
	if (!loop_signals(run->loop, /* signal_number= */ 0, on_signal, app, err) ||
	    !run_start(run, err)) {
		return false;
	}
	triggers_start(&app->triggers, app);
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

static bool write_report(const struct app *app, const struct snapshot *snap,
	enum report_format format, struct err *err)
{
	const struct options *options = app->options;
	char letters[UI_ORDER_MAX + 1];
	struct report_options report = {.is_wide = options->is_wide,
		.is_mtr_alone = options->is_mtr_alone,
		.fields = report_fields_of(options->order, letters, sizeof letters) ? letters : NULL,
		.shows_both = options->show_both, .shows_as = options->has_as,
		.network = (enum snap_network)options->ipinfo};
	struct strbuf text = {0};
	bool is_printed;

	report_write(format, snap, &report, &text);
	is_printed = print(&text, err);
	strbuf_finish(&text);
	return is_printed;
}

static bool print_report(struct app *app, enum report_format format, struct err *err)
{
	struct snapshot *snap;
	bool is_printed;

	run_note_files(&app->run);
	snap = run_snapshot(&app->run);
	is_printed = write_report(app, snap, format, err);
	snapshot_destroy(snap);
	return is_printed;
}

bool app_leave_report(struct app *app, struct err *err)
{
	return print_report(app, REPORT_TEXT, err);
}

static void report_last(void *arg)
{
	struct app *app = arg;
	struct err err;

	if (app->is_on_screen) {
		term_leave();
	}
	if (app->options->mode == MODE_NDJSON) {
		triggers_tell_last(&app->triggers);
		return;
	}
	(void)!print_report(app, app->is_on_screen ? REPORT_TEXT : format_of(app->options->mode),
		&err);
}

void app_keep_memory(struct app *app)
{
	mem_set_exit_handler(report_last, app, KEPT_BYTES);
}

int app_report(struct app *app, struct err *err)
{
	bool is_printed;

	app_keep_memory(app);
	if (!app_run_to_end(app, err)) {
		return EXIT_LOCAL_ERROR;
	}
	if (app->run.replay == NULL) {
		note_silence(app);
	}
	naming_wait(&app->run.naming);
	/* Of events the last is the report; triggers_end() tells it. */
	is_printed = app->options->mode == MODE_NDJSON ||
		print_report(app, format_of(app->options->mode), err);
	mem_set_exit_handler(NULL, NULL, 0);
	return is_printed ? app_status(app, err) : EXIT_LOCAL_ERROR;
}

int app_status(const struct app *app, struct err *err)
{
	const struct run *run = &app->run;

	if (run->drive.failure.code != ERR_NONE) {
		*err = run->drive.failure;
		return EXIT_LOCAL_ERROR;
	}
	if (app->caught_signal != 0 && app->caught_signal != SIGINT) {
		return EXIT_BY_SIGNAL + app->caught_signal;
	}
	return run->session.has_end_answered ? EXIT_DONE : EXIT_SILENT;
}
