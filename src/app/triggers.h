/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef THRUPATH_APP_TRIGGERS_H
#define THRUPATH_APP_TRIGGERS_H

#include "app/hook.h"
#include "base/strbuf.h"
#include "io/loop.h"

struct app;
struct stream;

/*
 * What a run sets off as it goes: a file of metrics, a program for each finding that begins or
 * ends, the terminal's bell, lines of JSON on standard output. Looks at a snapshot once a round,
 * ten times a second at the most.
 */
struct triggers {
	struct app *app;         /* borrowed; NULL: nothing was started */
	struct loop_timer timer;
	uint64_t rounds;         /* of the last look */
	struct hook hook;
	struct snapshot *before; /* of the last look, where findings are told */
	void (*ring)(void);      /* NULL: there is no bell */
	struct stream *stream;   /* of lines; NULL: they are not wanted */
	struct strbuf lines;     /* of this look */
	bool has_failed;         /* the file could not be written: said once */
	bool has_metrics_fd;     /* the file is open, for where its directory is closed to us: */
	int metrics_fd;
};

/* Makes sure that the files may be written, and opens what this process, as root, could not open
 * later. */
NODISCARD bool triggers_open(struct triggers *, const struct app *, struct err *err);

/* Where nothing is asked for, nothing is done. The app must stay where it is. */
void triggers_start(struct triggers *, struct app *);
/* The last lines, from memory that was kept for them. */
void triggers_tell_last(struct triggers *);
/* The last look. Returns the exit status: that of the run, or of a --fail-if that is met. */
int triggers_end(struct triggers *, struct app *, int status);

#endif
