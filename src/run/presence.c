/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "run/presence.h"

#include <string.h>
#include <unistd.h>

#include "run/change.h"
#include "base/i18n.h"
#include "net/route.h"

/* A router with all the Internet's routes changes some of them all the time. */
static const ns_t DEAF = 100 * NS_PER_MS;

static bool is_same_place(const struct target *a, const struct target *b)
{
	return addr_equal(&a->route.source, &b->route.source) &&
	       addr_equal(&a->source_other, &b->source_other) &&
	       addr_equal(&a->also, &b->also) && a->interface == b->interface &&
	       a->route.interface_index == b->route.interface_index &&
	       a->route.mtu == b->route.mtu;
}

/* A failure to move ends the run, as that of any other transport does. */
static void move(struct run *run, const struct target *target)
{
	if (!change_home(run, target, &run->drive.failure)) {
		loop_stop(run->loop);
	}
}

static void look(struct presence *presence)
{
	struct run *run = presence->run;
	struct target target = run->target;
	struct err why;
	bool is_away;

	presence->settled = run->session.is_settling ? presence->settled : run->session.self;
	is_away = !target_route_again(&run->settings, &presence->settled, &target, &why);
	if ((is_away || !route_is_own(&presence->settled)) && !presence->has_noted) {
		presence->has_noted = true;
		run_note(run, _("this host had lost its address for a while: those rounds are excluded"));
	}
	/* No socket was opened for a family that nobody needed. */
	if (!run->has_both_families) {
		target.source_other = (struct addr){0};
	}
	if (!is_away && target.route.mtu < run->session.probe_bytes && !presence->has_noted_mtu) {
		presence->has_noted_mtu = true;
		run_note(run, _("the MTU was lowered below the probe size: probes could not be sent"));
	}
	/* After a time without also to the same one: nobody knows yet whether replies find it. */
	if (!is_away && (presence->is_away || !is_same_place(&target, &run->target))) {
		move(run, &target);
	}
	presence->is_away = is_away;
	drive_cut_off(&run->drive, is_away);
}

static void on_change(void *arg)
{
	struct presence *presence = arg;
	struct loop *loop = presence->run->loop;

	loop_fd_remove(loop, presence->fd);
	loop_timer_set(loop, &presence->timer, loop_now(loop) + DEAF);
	(void)route_watch_drain(presence->fd);
	look(presence);
}

static void on_timer(void *arg)
{
	struct presence *presence = arg;

	loop_fd_add(presence->run->loop, presence->fd, LOOP_RANK_NAMES, on_change, presence);
}

void presence_start(struct presence *presence, struct run *run)
{
	int fd = route_watch();

	if (fd >= 0) {
		*presence = (struct presence){.run = run, .fd = fd, .settled = run->session.self,
			.timer = {.fn = on_timer, .arg = presence}};
		loop_fd_add(run->loop, fd, LOOP_RANK_NAMES, on_change, presence);
	}
}

void presence_stop(struct presence *presence)
{
	if (presence->run != NULL) {
		loop_timer_cancel(presence->run->loop, &presence->timer);
		loop_fd_remove(presence->run->loop, presence->fd);
		(void)close(presence->fd);
		presence->run = NULL;
	}
}
