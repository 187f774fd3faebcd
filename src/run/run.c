/* SPDX-License-Identifier: GPL-3.0-or-later */
#define _GNU_SOURCE
#include "run/run.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "base/i18n.h"
#include "names/table.h"
#include "run/simulate.h"

static bool make_key(const struct run *run, struct siphash_key *ret_key, uint64_t *ret_seed,
	struct err *err)
{
	uint64_t words[3];

	if (run->scenario != NULL) {
		simulate_words(run->scenario, words, sizeof words / sizeof words[0]);
	} else if (getentropy(words, sizeof words) != 0) {
		return err_set_sys(err, ERR_IO, errno, "cannot obtain random bytes for the session key");
	}
	*ret_key = (struct siphash_key){words[0], words[1]};
	*ret_seed = words[2];
	return true;
}

struct wait {
	struct loop *loop;
	int fd;
};

static void on_awaited(void *arg)
{
	struct wait *wait = arg;

	(void)route_watch_drain(wait->fd);
	loop_stop(wait->loop);
}

/* Runs the loop until the kernel tells of a change on route_watch()'s descriptor. */
static void wait_for_change(struct loop *loop, int fd)
{
	struct wait wait = {loop, fd};

	loop_fd_add(loop, fd, LOOP_RANK_NAMES, on_awaited, &wait);
	loop_run(loop);
	loop_fd_remove(loop, fd);
}

/* Whoever sits before it because the network is down waits for it; a report ends. */
static bool find_route(struct run *run, struct err *err)
{
	bool is_there;
	int fd = -1;

	while (!(is_there = target_route(&run->settings, &run->target, err)) &&
	       run->settings.is_interactive && err->code == ERR_NO_ROUTE) {
		if (fd >= 0) {
			wait_for_change(run->loop, fd);
			continue;
		}
		/* It is looked for once more after this: there may be one since. */
		fd = route_watch();
		if (fd < 0) {
			break;
		}
		run_say(run, _("%s; waiting for a route (Ctrl-C aborts)"), err->text);
	}
	if (fd >= 0) {
		(void)close(fd);
	}
	if (is_there) {
		*err = (struct err){0};
		run->start_realtime = loop_now(run->loop) + loop_realtime_offset(run->loop);
	}
	return is_there;
}

bool run_prepare(struct run *run, struct err *err)
{
	struct engine_config config = {0};

	if (run->loop == NULL && !run_open_files(run, err)) {
		return false;
	}
	run->start_realtime = loop_now(run->loop) + loop_realtime_offset(run->loop);
	if (run->scenario != NULL) {
		(void)snprintf(run->local_host, sizeof run->local_host, "%s",
			scenario_prober_name(run->scenario));
	} else if (gethostname(run->local_host, sizeof run->local_host - 1) != 0) {
		(void)snprintf(run->local_host, sizeof run->local_host, "localhost");
	}
	if (!find_route(run, err) || !make_key(run, &run->key, &config.seed, err)) {
		return false;
	}
	ident_init(&config.ident, &run->key);
	config.echo_id = (uint16_t)(config.seed >> 32);
	if (!run_configure(run, &config)) {
		return err_set(err, ERR_USAGE, "nothing to send: --no-to was given without --public");
	}
	return run_open_transport(run, &config, err) && run_create_engine(run, &config, err);
}

bool run_start(struct run *run, struct err *err)
{
	if (!drive_start(&run->drive, err)) {
		return false;
	}
	if (run->scenario == NULL) {
		presence_start(&run->presence, run);
	}
	if (run->settings.has_link_mtu && run->replay == NULL) {
		(void)drive_do(&run->drive, (struct command){.kind = COMMAND_LINK_MTU});
	}
	return true;
}

void run_finish(struct run *run)
{
	presence_stop(&run->presence);
	if (run->transport != NULL) {
		run->transport->ops->destroy(run->transport);
	}
	sim_destroy(run->sim);
	/* A run that failed has told why already. */
	(void)!record_destroy(run->record, loop_now(run->loop), /* err= */ NULL);
	replay_close(run->replay);
	for (size_t i = 0; i < run->remark_count; i++) {
		free(run->remarks[i].text);
	}
	free(run->remarks);
	engine_destroy(run->drive.engine);
	diag_destroy(run->drive.diag);
	atlas_destroy(run->atlas);
	session_finish(&run->session);
	naming_finish(&run->naming);
	loop_destroy(run->loop);
	table_destroy(run->names);
}
