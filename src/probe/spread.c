/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <stdlib.h>

#include "base/mem.h"
#include "probe/engine_int.h"

/*
 * What makes a flow another one. Ports and flow labels differ for each; but of nested IPv4
 * packets, and of some others, routers hash the addresses alone. So with several flows, some
 * have ourselves as the source of all their legs, and where we have another address, some have
 * that: the outer and the inner source of each leg are others than before. Hops with source
 * checks drop such a walk, so a trial, which is counted nowhere, has to come home first. What
 * loses many in a row later is not used any more, until a trial comes home again.
 *
 * To probes of every other flow go to the address beside the destination, on a path that was
 * discovered, with TTLs that end before it: nobody there is asked.
 */
enum { TRIAL_WAVES = 5, LOST_IN_A_ROW = 8 };

static const ns_t TRIAL_EVERY = 60 * NS_PER_SEC;
static const ns_t AT_ONCE = 1;

static unsigned spread_count(const struct engine *engine)
{
	return addr_is_set(&engine->config.self_also) ? SPREAD_MAX : 1;
}

/* Of a nested walk: 0 for what all flows took without this, else which of ours it is, from 1. */
static unsigned source_of(const struct engine *engine, const struct probe_entry *entry)
{
	return entry->flow % (spread_count(engine) + 1);
}

static struct walk *table(size_t count)
{
	return xcalloc(count, sizeof(struct walk));
}

void spread_prepare(struct engine *engine)
{
	const struct engine_config *config = &engine->config;
	struct spread *spread = &engine->spread;

	if (config->flows <= 1) {
		return;
	}
	if (config->has_beside && spread->beside == NULL) {
		spread->beside = table(HOP_MAX);
	}
	for (int kind = 0; kind < WALK_TO && config->inner_source == INNER_SOURCE_AUTO; kind++) {
		for (unsigned i = 0; i < spread_count(engine) && engine->walk[kind] != NULL; i++) {
			if (spread->own[i].walk[kind] == NULL) {
				spread->own[i].walk[kind] = table(HOP_MAX);
			}
		}
	}
}

void spread_finish(struct engine *engine)
{
	free(engine->spread.beside);
	for (unsigned i = 0; i < SPREAD_MAX; i++) {
		for (int kind = 0; kind < WALK_TO; kind++) {
			free(engine->spread.own[i].walk[kind]);
		}
	}
}

void spread_plan_to(struct engine *engine, const struct addr *self, uint8_t ttl)
{
	struct addr beside = addr_beside(&engine->session->destination);

	if (engine->spread.beside != NULL && self != NULL) {
		engine->spread.beside[ttl - 1] =
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

static void set_home(struct engine *engine, unsigned i, int kind, size_t k, bool does_come)
{
	struct spread *spread = &engine->spread;

	spread->own[i].comes_home[kind][k] = does_come;
	spread->own[i].lost[kind][k] = 0;
	if (kind == (int)engine->session->main_walk) {
		uint8_t sources = 1;

		for (i = 0; i < SPREAD_MAX; i++) {
			sources = (uint8_t)(sources + spread->own[i].comes_home[kind][k]);
		}
		engine->session->hops[k].flow_sources = sources;
	}
}

/* The walk with ourselves, or with our other address, as the source of each leg; no legs where
 * that is nothing new. */
static struct walk own_walk(const struct engine *engine, const struct walk_plan *plan, unsigned i)
{
	const struct walk *usual = &engine->walk[plan->kind][plan->depth - 1];
	const struct addr *also = &engine->config.self_also;
	struct walk_plan ours = *plan;
	struct walk walk = {.leg_count = 0};
	size_t size = 0;

	ours.inner = INNER_SOURCE_SELF;
	if (usual->leg_count > 0) {
		engine_plan_walk(engine, &ours, &walk, &size);
	}
	for (size_t leg = 0; i > 0 && leg < walk.leg_count; leg++) {
		if (addr_equal(&walk.leg[leg].src, plan->self)) {
			walk.leg[leg].src = *also;
		}
	}
	if (is_same(&walk, usual)) {
		walk.leg_count = 0;
	}
	return walk;
}

void spread_plan(struct engine *engine, const struct walk_plan *plan)
{
	struct spread *spread = &engine->spread;
	size_t k = plan->depth - 1;

	for (unsigned i = 0; i < SPREAD_MAX && spread->own[i].walk[plan->kind] != NULL; i++) {
		struct walk walk = own_walk(engine, plan, i);

		if (!is_same(&walk, &spread->own[i].walk[plan->kind][k])) {
			spread->own[i].walk[plan->kind][k] = walk;
			set_home(engine, i, (int)plan->kind, k, false);
			spread->first_seq = engine->out.next;
			spread->next_at = AT_ONCE;
		}
	}
}

void spread_choose(const struct engine *engine, struct probe_entry *entry)
{
	const struct session *session = engine->session;
	size_t k = entry->depth - 1u;
	unsigned source;

	if (entry->kind == WALK_TO && engine->spread.beside != NULL && entry->flow % 2 == 1 &&
	    !session->is_explicit && entry->depth < session->hop_count &&
	    engine->spread.beside[k].leg_count > 0) {
		entry->spread = SPREAD_USED;
	}
	if (entry->kind < WALK_TO && entry->spread == SPREAD_NONE) {
		source = source_of(engine, entry);
		if (source > 0 && engine->spread.own[source - 1].comes_home[entry->kind][k]) {
			entry->spread = SPREAD_USED;
		}
	}
}

const struct walk *spread_walk(const struct engine *engine, const struct probe_entry *entry)
{
	size_t k = entry->depth - 1u;

	if (entry->spread == SPREAD_NONE) {
		return &engine->walk[entry->kind][k];
	}
	return entry->kind == WALK_TO ? &engine->spread.beside[k] :
		&engine->spread.own[source_of(engine, entry) - 1].walk[entry->kind][k];
}

static bool item_of(const struct engine *engine, size_t index, struct item *ret_item)
{
	size_t k = index % HOP_MAX, kind = index / HOP_MAX % WALK_TO, i = index / HOP_MAX / WALK_TO;
	const struct own_source *own = &engine->spread.own[i];

	*ret_item = (struct item){.kind = (uint8_t)kind, .depth = (uint8_t)(k + 1),
		.trial = (uint8_t)(i + 1)};
	return own->walk[kind] != NULL && k < engine->session->hop_count &&
	       own->walk[kind][k].leg_count > 0 && !own->comes_home[kind][k];
}

bool spread_poll(struct engine *engine, ns_t now, struct probe_spec *ret_spec)
{
	struct spread *spread = &engine->spread;

	if (spread->next_at != 0 && now >= spread->next_at) {
		spread->next_at = now + TRIAL_EVERY;
		sweep_start(&spread->sweep, (size_t)SPREAD_MAX * WALK_TO * HOP_MAX, TRIAL_WAVES, 0, now);
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
		set_home(engine, source_of(engine, entry) - 1, entry->kind, entry->depth - 1u, true);
	}
}

void spread_counted(struct engine *engine, const struct probe_entry *entry, bool is_home)
{
	size_t k = entry->depth - 1u;
	unsigned i;
	uint8_t *lost;

	if (entry->spread == SPREAD_USED && entry->kind != WALK_TO) {
		i = source_of(engine, entry) - 1;
		lost = &engine->spread.own[i].lost[entry->kind][k];
		*lost = is_home ? 0 : (uint8_t)(*lost + 1);
		if (*lost >= LOST_IN_A_ROW) {
			set_home(engine, i, entry->kind, k, false);
		}
	}
}
