/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef THRUPATH_APP_DEMO_H
#define THRUPATH_APP_DEMO_H

#include "run/host.h"
#include "cli/options.h"
#include "sim/netns.h"

/*
 * The scenario of --demo, behind a real interface in a private world that this process moves
 * into, or of --simulate, in this process and in virtual time. What the scenario's `run` line
 * asks for fills in what the command line left open.
 */
struct demo {
	struct scenario scenario;
	struct netns_demo netns;
	bool is_running;
	struct host host;        /* options->prober points here */
	char target[1024];       /* options->path or ->destination points here */
	char name[SCN_HOST_NAME_MAX]; /* the last answer of demo_name_of */
};

/* Of --demo the destination is the name or the file, NULL: "default". On failure it is still to be
 * closed. */
NODISCARD bool demo_open(struct demo *, struct options *, struct err *err);
void demo_close(struct demo *);

/* As an atlas asks: the names that the scenario gives to addresses. */
const char *demo_name_of(void *demo, const struct addr *);

/* One line a demo: its name and what it shows. */
NODISCARD bool demo_list(struct strbuf *, struct err *err);

#endif
