/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <stdlib.h>

#include "base/mem.h"
#include "probe/engine_int.h"

/*
 * What makes a flow another one. Ports and flow labels differ for each; but of nested IPv4
 * packets, and of some others, routers hash the addresses alone. So with several flows, every
 * other one has ourselves as the source of all its legs: the outer and the inner source of each
 * leg are others than before. Hops with source checks drop such a walk, so a trial, which is
 * counted nowhere, has to come home first. What loses many in a row later is not used any more,
 * until a trial comes home again.
 *
 * To probes of every other flow go to the address beside the destination, on a path that was
 * discovered, with TTLs that end before it: nobody there is asked.
 */
enum { TRIAL_WAVES = 5, LOST_IN_A_ROW = 8 };

static const ns_t TRIAL_EVERY = 60 * NS_PER_SEC;
static const ns_t AT_ONCE = 1;

void spread_prepare(struct engine *engine)
{
	const struct engine_config *config = &engine->config;

	if (config->flows <= 1) {
		return;
	}
	for (int kind = 0; kind <= WALK_TO; kind++) {
		bool is_used = kind == WALK_TO ? config->has_beside :
			engine->walk[kind] != NULL && config->inner_source == INNER_SOURCE_AUTO;

		if (is_used && engine->spread.walk[kind] == NULL) {
			engine->spread.walk[kind] = xcalloc(HOP_MAX, sizeof *engine->spread.walk[kind]);
		}
	}
}

void spread_finish(struct engine *engine)
{
	for (int kind = 0; kind <= WALK_TO; kind++) {
		free(engine->spread.walk[kind]);
	}
}

void spread_plan_to(struct engine *engine, const struct addr *self, uint8_t ttl)
{
	struct addr beside = addr_beside(&engine->session->destination);

	if (engine->spread.walk[WALK_TO] != NULL && self != NULL) {
		engine->spread.walk[WALK_TO][ttl - 1] =
			walk_to_from(self, &engine->config.from, &beside, ttl);
	}
}

static bool is_same(const struct walk *a, const struct walk *b)
{
	bool is_same = a->leg_count == b->leg_count;

	for (size_t i = 0; is_same && i < a->leg_count; i++) {
		is_same = addr_equal(&a->leg[i].src, &b->leg[i].src) &&
			addr_equal(&a->leg[i].dst, &b->leg[i].dst) && a->leg[i].ttl == b->leg[i].ttl;
	}
	return is_same;
}

static void set_home(struct engine *engine, int kind, size_t k, bool does_come)
{
	engine->spread.comes_home[kind][k] = does_come;
	engine->spread.lost[kind][k] = 0;
	if (kind == (int)engine->session->main_walk) {
		engine->session->hops[k].has_own_source_flows = does_come;
	}
}

void spread_plan(struct engine *engine, const struct walk_plan *plan)
{
	struct spread *spread = &engine->spread;
	size_t k = plan->depth - 1;
	const struct walk *usual;
	struct walk_plan ours = *plan;
	struct walk walk = {.leg_count = 0};
	size_t size = 0;

	if (spread->walk[plan->kind] == NULL) {
		return;
	}
	usual = &engine->walk[plan->kind][k];
	ours.inner = INNER_SOURCE_SELF;
	if (usual->leg_count > 0) {
		engine_plan_walk(engine, &ours, &walk, &size);
	}
	if (is_same(&walk, usual)) {
		walk.leg_count = 0;
	}
	if (!is_same(&walk, &spread->walk[plan->kind][k])) {
		spread->walk[plan->kind][k] = walk;
		set_home(engine, plan->kind, k, false);
		spread->first_seq = engine->out.next;
		spread->next_at = AT_ONCE;
	}
}

void spread_choose(const struct engine *engine, struct probe_entry *entry)
{
	const struct session *session = engine->session;
	size_t k = entry->depth - 1u;

	if (entry->kind > WALK_TO || engine->spread.walk[entry->kind] == NULL ||
	    engine->spread.walk[entry->kind][k].leg_count == 0 || entry->flow % 2 == 0 ||
	    entry->spread == SPREAD_TRIAL) {
		return;
	}
	if (entry->kind == WALK_TO ? !session->is_explicit && entry->depth < session->hop_count :
	    engine->spread.comes_home[entry->kind][k]) {
		entry->spread = SPREAD_USED;
	}
}

const struct walk *spread_walk(const struct engine *engine, const struct probe_entry *entry)
{
	return entry->spread == SPREAD_NONE ? &engine->walk[entry->kind][entry->depth - 1] :
		&engine->spread.walk[entry->kind][entry->depth - 1];
}

static bool item_of(const struct engine *engine, size_t index, struct item *ret_item)
{
	const struct spread *spread = &engine->spread;
	size_t kind = index / HOP_MAX, k = index % HOP_MAX;

	*ret_item = (struct item){.kind = (uint8_t)kind, .depth = (uint8_t)(k + 1),
		.is_trial = true};
	return spread->walk[kind] != NULL && k < engine->session->hop_count &&
	       spread->walk[kind][k].leg_count > 0 && !spread->comes_home[kind][k];
}

bool spread_poll(struct engine *engine, ns_t now, struct probe_spec *ret_spec)
{
	struct spread *spread = &engine->spread;

	if (spread->next_at != 0 && now >= spread->next_at) {
		spread->next_at = now + TRIAL_EVERY;
		sweep_start(&spread->sweep, (size_t)WALK_TO * HOP_MAX, TRIAL_WAVES, 0, now);
	}
	return sweep_poll(engine, &spread->sweep, item_of, now, ret_spec);
}

ns_t spread_next(const struct engine *engine, ns_t now)
{
	return sweep_next_or(engine, &engine->spread.sweep, engine->spread.next_at, now);
}

void spread_tried(struct engine *engine, const struct probe_entry *entry,
	const struct reply *reply)
{
	if (reply->kind != REPLY_ERROR && (int32_t)(entry->seq - engine->spread.first_seq) >= 0) {
		set_home(engine, entry->kind, entry->depth - 1u, true);
	}
}

void spread_counted(struct engine *engine, const struct probe_entry *entry, bool is_home)
{
	size_t k = entry->depth - 1u;
	uint8_t *lost;

	if (entry->spread == SPREAD_USED && entry->kind != WALK_TO) {
		lost = &engine->spread.lost[entry->kind][k];
		*lost = is_home ? 0 : (uint8_t)(*lost + 1);
		if (*lost >= LOST_IN_A_ROW) {
			set_home(engine, entry->kind, k, false);
		}
	}
}
