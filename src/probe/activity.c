/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "probe/activity.h"

#include "probe/engine_int.h"

/* Asks activities by the engine's own list, so that they may stand on what asks them. */

static const struct activity nothing = {.when = ACTIVITY_IN_ROUNDS};

void activities_set(struct engine *engine, const struct activity *const *all)
{
	engine->activities = all;
	for (unsigned kind = 0; kind < WALK_KIND_COUNT; kind++) {
		engine->activity_of[kind] = &nothing;
		for (const struct activity *const *at = all; *at != NULL; at++) {
			if (((*at)->kinds >> kind & 1) != 0) {
				engine->activity_of[kind] = *at;
			}
		}
	}
}

const struct activity *activity_of(const struct engine *engine, enum walk_kind kind)
{
	return engine->activity_of[kind];
}

void activities_begin(struct engine *engine, ns_t now)
{
	for (const struct activity *const *at = engine->activities; *at != NULL; at++) {
		if ((*at)->begin != NULL) {
			(*at)->begin(engine, now);
		}
	}
}

bool activities_poll(struct engine *engine, enum activity_when when, ns_t now,
	struct probe_spec *ret_spec)
{
	for (const struct activity *const *at = engine->activities; *at != NULL; at++) {
		if ((*at)->when == when && (*at)->poll != NULL && (*at)->poll(engine, now, ret_spec)) {
			return true;
		}
	}
	return false;
}

ns_t activities_next(const struct engine *engine, enum activity_when when, ns_t now)
{
	ns_t next = NS_NEVER;

	for (const struct activity *const *at = engine->activities; *at != NULL; at++) {
		if ((*at)->when == when && (*at)->next != NULL) {
			ns_t its = (*at)->next(engine, now);

			next = its < next ? its : next;
		}
	}
	return next;
}

void activities_forget(struct engine *engine, ns_t now)
{
	for (const struct activity *const *at = engine->activities; *at != NULL; at++) {
		if ((*at)->forget != NULL) {
			(*at)->forget(engine, now);
		}
	}
}

bool activities_are_busy(const struct engine *engine)
{
	for (const struct activity *const *at = engine->activities; *at != NULL; at++) {
		if ((*at)->is_busy != NULL && (*at)->is_busy(engine)) {
			return true;
		}
	}
	return false;
}
