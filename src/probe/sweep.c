/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "probe/engine_int.h"

/*
 * Asking many things at once, and again what stayed unanswered. What scan and traces have in
 * common: no measurement, sent beside the rounds as the pace allows.
 */
static const ns_t PATIENCE_MIN = 100 * NS_PER_MS;

void sweep_start(struct sweep *sweep, size_t count, unsigned wave_limit, ns_t pause, ns_t now)
{
	*sweep = (struct sweep){.count = (uint16_t)count, .waves = 1,
		.wave_limit = (uint8_t)wave_limit, .pause = pause, .wave_at = now};
}

static ns_t wave_ends_at(const struct engine *engine, const struct sweep *sweep)
{
	ns_t wait = engine->max_rtt > 0 ? engine->max_rtt * 3 / 2 : engine->timeout;

	wait = wait < PATIENCE_MIN ? PATIENCE_MIN : wait;
	return sweep->wave_at + (wait < sweep->pause ? sweep->pause : wait);
}

static bool is_any_wanted(const struct engine *engine, const struct sweep *sweep,
	sweep_item_fn *item_of)
{
	struct item item = {0};

	for (size_t i = 0; i < sweep->count; i++) {
		if (item_of(engine, i, &item)) {
			return true;
		}
	}
	return false;
}

bool sweep_poll(struct engine *engine, struct sweep *sweep, sweep_item_fn *item_of, ns_t now,
	struct probe_spec *ret_spec)
{
	struct item item = {0};

	while (sweep->waves > 0) {
		while (sweep->next < sweep->count && !item_of(engine, sweep->next, &item)) {
			sweep->next++;
		}
		if (sweep->next < sweep->count) {
			if (!engine_emit(engine, now, &item, ret_spec)) {
				return false;
			}
			sweep->wave_at = now;
			sweep->next++;
			return true;
		}
		if (!is_any_wanted(engine, sweep, item_of)) {
			sweep->waves = 0;
		} else if (now < wave_ends_at(engine, sweep)) {
			return false;
		} else if (sweep->waves == sweep->wave_limit) {
			sweep->waves = 0;
		} else {
			sweep->waves++;
			sweep->next = 0;
		}
	}
	return false;
}

ns_t sweep_next(const struct engine *engine, const struct sweep *sweep, ns_t now)
{
	if (sweep->waves == 0) {
		return NS_NEVER;
	}
	return sweep->next < sweep->count ? pace_next(&engine->pace, now) :
		wave_ends_at(engine, sweep);
}

ns_t sweep_next_or(const struct engine *engine, const struct sweep *sweep, ns_t begins_at, ns_t now)
{
	ns_t next = sweep_next(engine, sweep, now);

	return begins_at != 0 && begins_at < next ? begins_at : next;
}
