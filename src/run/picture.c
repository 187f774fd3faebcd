/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"
#include "run/run.h"

/* The picture of a run: all that is shown or written is drawn from it. */

static const char *walk_name(const struct run *run)
{
	const bool *has = run->session.has_walk;

	return has[WALK_RETRACE] && has[WALK_NATURAL] ? "all" :
		walk_kind_name(run->session.main_walk);
}

static const char *inner_source_name(const struct run *run, char text[ADDR_TEXT_MAX])
{
	switch (run->inner_source) {
	case INNER_SOURCE_AUTO:
		return "auto";
	case INNER_SOURCE_HOP:
		return "hop";
	case INNER_SOURCE_SELF:
		return "self";
	case INNER_SOURCE_GIVEN:
		break;
	}
	return addr_format(&run->target.inner_source, text);
}

ns_t run_now(const struct run *run)
{
	return run->replay != NULL ? replay_now(run->replay) : loop_now(run->loop);
}

ns_t run_realtime(const struct run *run, ns_t when)
{
	return run->replay != NULL ? when + replay_facts(run->replay)->realtime_offset :
		loop_realtime_at(run->loop, when);
}

static ns_t realtime_at(const void *arg, ns_t when)
{
	return run_realtime(arg, when);
}

struct snapshot *run_snapshot(const struct run *run)
{
	return run_snapshot_of(run, &run->session);
}

struct snapshot *run_snapshot_of(const struct run *run, const struct session *session)
{
	const struct target *target = &run->target;
	ns_t now = run_now(run);
	char inner_source[ADDR_TEXT_MAX];
	struct snapshot *snap;
	struct snapshot_source source = {
		.session = session,
		.version = PACKAGE_VERSION,
		.command = run->command,
		.local_host = run->local_host,
		.destination_name = target->destination_name[0] == '\0' ? NULL :
			target->destination_name,
		.walk = walk_name(run),
		.inner_source = inner_source_name(run, inner_source),
		.now = now,
		.start_realtime = run->start_realtime,
		.now_realtime = run_realtime(run, now),
		.realtime_at = realtime_at,
		.realtime_arg = run,
		.mtu = target->route.mtu,
		.asked_bytes = run->config.size_bytes,
		.depth_limit = engine_depth_limit(target->route.mtu, run->session.self.family,
			session_carrier(&run->session, NULL)),
		.tos = run->settings.tos,
		.first_ttl = target->path_count > 0 ? 1 : run->settings.first_ttl,
		.max_ttl = run->settings.max_ttl,
		.foreign = run->drive.foreign,
		.atlas = run->atlas,
		.hides_names = run->wishes.no_names || run->has_no_names,
		.beside = run->replay == NULL ? NULL : &run->source,
		.notes = run->notes,
		.note_count = run->note_count,
		.is_unverified = run->replay != NULL && replay_is_foreign(run->replay),
		.diag = run->drive.diag,
		.may_nest = run->is_nesting_refused && run->replay == NULL && !run->settings.is_private,
		.remarks = run->remarks,
		.remark_count = run->remark_count,
	};

	snap = snapshot_build(&source);
	snap->is_paused = snap->is_paused || (run->replay != NULL && replay_is_paused(run->replay));
	return snap;
}
