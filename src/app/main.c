/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <errno.h>
#include <fcntl.h>
#include <locale.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "app/app.h"
#include "app/demo.h"
#include "app/explain.h"
#include "app/hints.h"
#include "app/raw.h"
#include "app/screen.h"
#include "base/i18n.h"
#include "cli/command_line.h"
#include "cli/conffile.h"
#include "config.h"
#include "io/privs.h"
#include "names/mmdb.h"
#include "names/resolver.h"
#include "net/capture.h"
#include "tui/term.h"

static int fail(const struct err *err)
{
	(void)fprintf(stderr, "thrupath: %s\n", err->text);
	return err->code == ERR_USAGE ? EXIT_USAGE_ERROR : EXIT_LOCAL_ERROR;
}

/* Help and version: what a pager or a script reads. */
static int print_text(const char *text, struct err *err)
{
	if (fputs(text, stdout) == EOF || fflush(stdout) != 0) {
		(void)err_set(err, ERR_IO, "cannot write to the output");
		return fail(err);
	}
	return EXIT_DONE;
}

static int print_help(struct err *err)
{
	struct strbuf text = {0};
	int status;

	options_help(&text);
	status = print_text(strbuf_text(&text), err);
	strbuf_finish(&text);
	return status;
}

static int print_config(struct err *err)
{
	struct strbuf text = {0};
	int status;

	options_print_config(&text);
	status = print_text(strbuf_text(&text), err);
	strbuf_finish(&text);
	return status;
}

/* The version on the first line, for scripts; then what it was built with and what it finds. */
static int print_version(struct err *err)
{
	struct strbuf text = {0};
	int status;

	strbuf_printf(&text, "%s\n", PACKAGE_STRING);
	strbuf_printf(&text, "libraries: %s; %s; c-ares %s; libmaxminddb %s\n", capture_library(),
		term_library(), resolver_library(), mmdb_library());
	strbuf_printf(&text, "helper: %s%s\n", HELPER_PATH, access(HELPER_PATH, X_OK) == 0 ? "" :
		" (not found: only root can run the program)");
	status = print_text(strbuf_text(&text), err);
	strbuf_finish(&text);
	return status;
}

static int print_completion(enum shell shell, struct err *err)
{
	struct strbuf text = {0};
	int status;

	options_print_completion(shell, &text);
	status = print_text(strbuf_text(&text), err);
	strbuf_finish(&text);
	return status;
}

static int print_demos(struct err *err)
{
	struct strbuf text = {0};
	int status = demo_list(&text, err) ? print_text(strbuf_text(&text), err) : fail(err);

	strbuf_finish(&text);
	return status;
}

/* A closed standard descriptor would be taken by the next socket, and the report be sent to
 * the network. Input may be missing; where the report or an error goes may not. */
static bool check_descriptors(struct err *err)
{
	for (int fd = STDIN_FILENO; fd <= STDERR_FILENO; fd++) {
		bool is_closed = fcntl(fd, F_GETFD) < 0;

		if (is_closed && open("/dev/null", O_RDWR) < 0) {
			return err_set_sys(err, ERR_IO, errno, "cannot open /dev/null");
		}
		if (is_closed && fd == STDOUT_FILENO) {
			return err_set(err, ERR_IO, "standard output is closed: redirect it to a file or "
				"/dev/null instead");
		}
	}
	return true;
}

/* With a run that is filled in. */
static int run_whole(struct app *app, struct err *err)
{
	struct run *run = &app->run;
	int status = EXIT_LOCAL_ERROR;

	if (app_open(app, err) &&
	    (run->replay_name != NULL ? run_prepare_replay(run, err) : run_prepare(run, err))) {
		status = app->options->mode == MODE_SCREEN ? screen_run(app, err) :
			app->options->mode == MODE_RAW ? raw_run(app, err) : app_report(app, err);
		status = triggers_end(&app->triggers, app, status);
		if (err->code == ERR_NONE && !run_end_record(run, err)) {
			status = EXIT_LOCAL_ERROR;
		}
	}
	if (run->loop != NULL) {
		run_finish(run);
	}
	return err->code == ERR_NONE ? status : fail(err);
}

static int run_options(struct options *options, const char *command,
	struct helper_process *helper, struct err *err)
{
	struct demo demo = {0};
	struct app app = {.options = options, .run.helper = helper};
	int status;

	if (options->on_finding != NULL && !hook_check(options->on_finding, err)) {
		return fail(err);
	}
	if (options->is_demo || options->simulate != NULL) {
		if (!demo_open(&demo, options, err)) {
			demo_close(&demo);
			return fail(err);
		}
		app.run.name_of = demo_name_of;
		app.run.name_arg = &demo;
		app.run.scenario = options->is_demo ? NULL : &demo.scenario;
	}
	app_fill(&app, options, command);
	status = run_whole(&app, err);
	demo_close(&demo);
	return status;
}

static int run_mode(struct options *options, int argc, char **argv,
	struct helper_process *helper, struct err *err)
{
	char *command;
	int status;

	if (options->mode == MODE_HELP) {
		return print_help(err);
	}
	if (options->mode == MODE_VERSION) {
		return print_version(err);
	}
	if (options->mode == MODE_PRINT_CONFIG) {
		return print_config(err);
	}
	if (options->mode == MODE_PRINT_COMPLETION) {
		return print_completion(options->shell, err);
	}
	if (options->mode == MODE_LIST_DEMOS) {
		return print_demos(err);
	}
	if (options->is_explain) {
		return explain_run(options, err) ? EXIT_DONE : fail(err);
	}
	if (options->is_hints) {
		return hints_run(options, err) ? EXIT_DONE : fail(err);
	}
	if (options->mode == MODE_AUTO) {
		options->mode = options->simulate == NULL && isatty(STDOUT_FILENO) &&
			isatty(STDIN_FILENO) ? MODE_SCREEN : MODE_REPORT;
	}
	command = command_line(argc, argv);
	status = run_options(options, command, helper, err);
	free(command);
	return status;
}

static bool read_options(int argc, char **argv, struct options *ret_options, struct err *err)
{
	struct strbuf name = {0}, config = {0};
	bool is_ok = conffile_read(&name, &config, err);

	is_ok = is_ok && options_parse(argc, argv, &(struct options_given){
		.environment = getenv("THRUPATH_OPTIONS"), .config = strbuf_text(&config),
		.config_name = strbuf_text(&name)}, ret_options, err);
	strbuf_finish(&name);
	strbuf_finish(&config);
	return is_ok;
}

/* Before anything else is read: what this process has is its starter's alone to lend, and what the
 * helper needs root need not keep. */
static bool check_privileges(struct helper_process *ret_helper, struct err *err)
{
	if (privs_is_lent()) {
		return err_set(err, ERR_PERMISSION, "refuses to run set-user-ID, set-group-ID or with "
			"capabilities on its file: these belong to %.70s alone", HELPER_PATH);
	}
	return geteuid() != 0 || run_start_helper(ret_helper, err);
}

int main(int argc, char **argv)
{
	struct helper_process helper = {0};
	struct options options;
	struct err err = {0};
	int status;

	(void)setlocale(LC_ALL, "");
	(void)setlocale(LC_NUMERIC, "C");
	(void)bindtextdomain(PACKAGE, LOCALEDIR);
	(void)textdomain(PACKAGE);
	(void)signal(SIGPIPE, SIG_IGN);
	/* A recording beyond the limit of `ulimit -f` fails like one on a full disk. */
	(void)signal(SIGXFSZ, SIG_IGN);
	if (!check_descriptors(&err) || !check_privileges(&helper, &err)) {
		return fail(&err);
	}
	if (read_options(argc, argv, &options, &err)) {
		status = run_mode(&options, argc, argv, &helper, &err);
		options_finish(&options);
	} else {
		status = fail(&err);
	}
	helper_process_end(&helper);
	return status;
}
