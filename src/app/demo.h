/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef THRUPATH_APP_DEMO_H
#define THRUPATH_APP_DEMO_H

#include "app/options.h"
#include "sim/netns.h"

/*
 * --demo: a scenario of the simulator behind a real interface, in a private world that this
 * process moves into. What the scenario's `run` line asks for fills in what the command
 * line left open.
 */
struct demo {
	struct scenario scenario;
	struct netns_demo netns;
	bool is_running;
	char target[1024];       /* options->path or ->destination points here */
	char name[SCN_HOST_NAME_MAX]; /* the last answer of demo_name_of */
};

/* `options->destination` is the demo's name or file, or NULL for "default". */
NODISCARD bool demo_start(struct demo *, struct options *options, struct err *err);
void demo_stop(struct demo *);

/* A snap_name_fn over a demo: the names its scenario gives to addresses. */
const char *demo_name_of(void *demo, const struct addr *);

/* One line a demo: its name and what it shows. */
NODISCARD bool demo_list(struct strbuf *, struct err *err);

#endif
