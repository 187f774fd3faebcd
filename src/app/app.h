/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef THRUPATH_APP_APP_H
#define THRUPATH_APP_APP_H

#include "app/triggers.h"
#include "cli/options.h"
#include "run/run.h"

/*
 * The program around a run: what the command line asks to be shown of it, and what it sets off.
 */
enum {
	EXIT_DONE = 0,
	EXIT_SILENT = 1,     /* the destination or the path's end never answered */
	EXIT_USAGE_ERROR = 2,
	EXIT_LOCAL_ERROR = 3,
	EXIT_CONDITION_MET = 4, /* of --fail-if */
	EXIT_BY_SIGNAL = 128
};

enum { KNOWN_MAX = 32, KNOWN_NAME = 96 };

/* A name that was asked for while it runs, and what it led to. */
struct known {
	char name[KNOWN_NAME];
	struct addr address;
};

struct app {
	struct run run;
	const struct options *options;  /* as given; what keys change is in the run's settings */
	struct triggers triggers;
	struct known known[KNOWN_MAX];  /* the latest replaces the oldest */
	size_t known_count;             /* so far */
	bool is_on_screen;              /* the terminal is no place for lines */
	int caught_signal;              /* 0: none */
};

/* Reads the options into a run that is still to be prepared. The app must stay where it is. */
void app_fill(struct app *, const struct options *, const char *command);
/* Opens the files of the run. Root then goes on as somebody else: see privs_leave_root(). */
NODISCARD bool app_open(struct app *, struct err *err);
/* Probes until the rounds are done or a signal ends it; or replays all of a recording. */
NODISCARD bool app_run_to_end(struct app *, struct err *err);
/* The same, then prints the report. Returns the exit status; a failure to print is an error of
 * its own. */
int app_report(struct app *, struct err *err);
/* The text report of all so far, to standard output, for a screen that has ended. */
NODISCARD bool app_leave_report(struct app *, struct err *err);
/* From now on what was measured is reported even where memory runs out. */
void app_keep_memory(struct app *);
/* What the run says of itself by its exit status once it is over; err: what ended it early. */
int app_status(const struct app *, struct err *err);

#endif
