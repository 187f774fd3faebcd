/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "probe/engine_int.h"

/* A walk as legs, if the MTU has room for it, and which of the walks that lead to a hop a probe's
 * flow takes. */

void engine_plan_walk(const struct engine *engine, const struct walk_plan *plan,
	struct walk *ret_walk, size_t *size)
{
	size_t needed;

	ret_walk->leg_count = 0;
	if (!walk_build(plan, ret_walk)) {
		return;
	}
	needed = probe_wire_min(walk_stack_bytes(ret_walk));
	if (needed > engine->config.mtu) {
		ret_walk->leg_count = 0;
	} else if (needed > *size) {
		*size = needed;
	}
}

unsigned spread_variant_of(const struct engine *engine, const struct probe_entry *entry)
{
	if (entry->spread == SPREAD_TRIAL) {
		return entry->flow;
	}
	if (entry->kind == WALK_TO) {
		return entry->flow % 2 == 1 ? VARIANT_BESIDE + 1 : 0;
	}
	return entry->flow % (addr_is_set(&engine->config.self_also) ? 3u : 2u);
}

void spread_choose(const struct engine *engine, struct probe_entry *entry)
{
	unsigned i;

	if (walk_has_stats((enum walk_kind)entry->kind) && entry->spread == SPREAD_NONE) {
		i = spread_variant_of(engine, entry);
		if (i > 0 && engine->spread.variant[i - 1].comes_home[entry->kind][entry->depth - 1]) {
			entry->spread = SPREAD_USED;
		}
	}
}

struct walk *scan_walk_at(const struct engine *engine, enum walk_kind kind, size_t k,
	enum carrier carrier)
{
	return &engine->walk[kind][k * CARRIER_COUNT + carrier];
}

const struct walk *spread_walk(const struct engine *engine, const struct probe_entry *entry)
{
	if (entry->kind == WALK_SCAN_HOP || entry->kind == WALK_SCAN_SELF) {
		return scan_walk_at(engine, (enum walk_kind)entry->kind, entry->depth - 1u,
			(enum carrier)entry->carrier);
	}
	return entry->spread == SPREAD_NONE ? &engine->walk[entry->kind][entry->depth - 1] :
		&engine->spread.variant[spread_variant_of(engine, entry) - 1]
			.walk[entry->kind][entry->depth - 1];
}
