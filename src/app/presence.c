/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/presence.h"

#include <unistd.h>

#include "app/run.h"
#include "base/i18n.h"
#include "net/route.h"

static void on_change(void *arg)
{
	struct presence *presence = arg;
	struct run *run = presence->run;
	bool is_away;

	route_watch_drain(presence->fd);
	is_away = !route_is_own(&run->session.self);
	if (is_away && !presence->is_away) {
		run_note(run, _("this host had lost its address for a while: those rounds are excluded"));
	}
	presence->is_away = is_away;
	drive_cut_off(&run->drive, is_away);
}

void presence_start(struct presence *presence, struct run *run)
{
	int fd = route_watch();

	if (fd >= 0) {
		*presence = (struct presence){.run = run, .fd = fd};
		loop_fd_add(run->loop, fd, LOOP_RANK_NAMES, on_change, presence);
	}
}

void presence_stop(struct presence *presence)
{
	if (presence->run != NULL) {
		loop_fd_remove(presence->run->loop, presence->fd);
		(void)close(presence->fd);
		presence->run = NULL;
	}
}
