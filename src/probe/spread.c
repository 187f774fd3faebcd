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
 * discovered, wherever one of them was answered: a router there may have no way to it.
 */
enum { TRIAL_WAVES = 5, LOST_IN_A_ROW = 8 };

static const ns_t TRIAL_EVERY = 60 * NS_PER_SEC;
static const ns_t AT_ONCE = 1;

static void add_tables(struct engine *engine, enum variant_kind variant, int first, int last)
{
	struct walk **walk = engine->spread.variant[variant].walk;

	for (int kind = first; kind <= last; kind++) {
		if (engine->walk[kind] != NULL && walk[kind] == NULL) {
			walk[kind] = xcalloc(HOP_MAX, sizeof *walk[kind]);
		}
	}
}

void spread_prepare(struct engine *engine)
{
	const struct engine_config *config = &engine->config;

	if (config->flows <= 1) {
		return;
	}
	if (config->has_beside) {
		add_tables(engine, VARIANT_BESIDE, WALK_TO, WALK_TO);
	}
	if (config->inner_source == INNER_SOURCE_AUTO) {
		add_tables(engine, VARIANT_SELF, 0, WALK_TO - 1);
	}
	if (config->inner_source == INNER_SOURCE_AUTO && addr_is_set(&config->self_also)) {
		add_tables(engine, VARIANT_ALSO, 0, WALK_TO - 1);
	}
}

void spread_finish(struct engine *engine)
{
	for (int i = 0; i < VARIANT_COUNT; i++) {
		for (int kind = 0; kind <= WALK_TO; kind++) {
			free(engine->spread.variant[i].walk[kind]);
		}
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

	spread->variant[i].comes_home[kind][k] = does_come;
	spread->variant[i].lost[kind][k] = 0;
	if (kind == (int)engine->session->main_walk) {
		engine->session->hops[k].flow_sources = (uint8_t)(1 +
			spread->variant[VARIANT_SELF].comes_home[kind][k] +
			spread->variant[VARIANT_ALSO].comes_home[kind][k]);
	}
}

/* Another walk than before has to come home anew. */
static void place(struct engine *engine, unsigned i, size_t k, const struct walk *walk)
{
	struct spread *spread = &engine->spread;
	struct walk *at = &spread->variant[i].walk[walk->kind][k];

	if (!is_same(walk, at)) {
		*at = *walk;
		set_home(engine, i, (int)walk->kind, k, false);
		spread->first_seq = engine->out.next;
		spread->next_at = AT_ONCE;
	}
}

/* With TTLs that end before the destination: nobody beside it is asked. */
void spread_plan_to(struct engine *engine, const struct addr *self, uint8_t ttl)
{
	const struct session *session = engine->session;
	struct addr beside = addr_beside(&session->destination);
	struct walk walk = {.kind = WALK_TO};

	if (engine->spread.variant[VARIANT_BESIDE].walk[WALK_TO] != NULL) {
		if (self != NULL && !session->is_explicit && ttl < session->hop_count) {
			walk = walk_to_from(self, &engine->config.from, session_carrier(session, NULL),
				&beside, ttl);
		}
		place(engine, VARIANT_BESIDE, ttl - 1u, &walk);
	}
}

/* The walk with ourselves, or with our other address, as the source of each leg; no legs where
 * that is nothing new. */
static struct walk own_walk(const struct engine *engine, const struct walk_plan *plan,
	enum variant_kind variant)
{
	const struct walk *usual = &engine->walk[plan->kind][plan->depth - 1];
	struct walk_plan ours = *plan;
	struct walk walk = {.leg_count = 0};
	size_t size = 0;

	ours.inner = INNER_SOURCE_SELF;
	if (usual->leg_count > 0) {
		engine_plan_walk(engine, &ours, &walk, &size);
	}
	for (size_t leg = 0; variant == VARIANT_ALSO && leg < walk.leg_count; leg++) {
		if (addr_equal(&walk.leg[leg].src, plan->self)) {
			walk.leg[leg].src = engine->config.self_also;
		}
	}
	if (is_same(&walk, usual)) {
		walk.leg_count = 0;
	}
	walk.kind = plan->kind;
	return walk;
}

void spread_plan(struct engine *engine, const struct walk_plan *plan)
{
	for (int i = VARIANT_SELF; i <= VARIANT_ALSO; i++) {
		if (engine->spread.variant[i].walk[plan->kind] != NULL) {
			struct walk walk = own_walk(engine, plan, (enum variant_kind)i);

			place(engine, (unsigned)i, plan->depth - 1, &walk);
		}
	}
}

static bool item_of(const struct engine *engine, size_t index, struct item *ret_item)
{
	size_t k = index % HOP_MAX, kind = index / HOP_MAX % (WALK_TO + 1);
	size_t i = index / HOP_MAX / (WALK_TO + 1);
	const struct variant *variant = &engine->spread.variant[i];

	*ret_item = (struct item){.kind = (uint8_t)kind, .depth = (uint8_t)(k + 1),
		.trial = (uint8_t)(i + 1)};
	return variant->walk[kind] != NULL && k < engine->session->hop_count &&
	       variant->walk[kind][k].leg_count > 0 && !variant->comes_home[kind][k];
}

static bool poll(struct engine *engine, ns_t now, struct probe_spec *ret_spec)
{
	struct spread *spread = &engine->spread;

	if (spread->next_at != 0 && now >= spread->next_at) {
		spread->next_at = now + TRIAL_EVERY;
		sweep_start(&spread->sweep, (size_t)VARIANT_COUNT * (WALK_TO + 1) * HOP_MAX,
			TRIAL_WAVES, 0, now);
	}
	return sweep_poll(engine, &spread->sweep, item_of, now, ret_spec);
}

static ns_t next(const struct engine *engine, ns_t now)
{
	return sweep_next_or(engine, &engine->spread.sweep, engine->spread.next_at, now);
}

void spread_tried(struct engine *engine, const struct probe_entry *entry,
	const struct reply *reply)
{
	bool is_home = entry->kind != WALK_TO ? reply->kind != REPLY_ERROR :
		reply->kind == REPLY_ERROR && reply->cause == CAUSE_TIME_EXCEEDED;

	if (is_home && (int32_t)(entry->seq - engine->spread.first_seq) >= 0) {
		set_home(engine, spread_variant_of(engine, entry) - 1, entry->kind, entry->depth - 1u,
			true);
	}
}

void spread_counted(struct engine *engine, const struct probe_entry *entry, bool is_home)
{
	size_t k = entry->depth - 1u;
	unsigned i;
	uint8_t *lost;

	if (entry->spread == SPREAD_USED) {
		i = spread_variant_of(engine, entry) - 1;
		lost = &engine->spread.variant[i].lost[entry->kind][k];
		*lost = is_home ? 0 : (uint8_t)(*lost + 1);
		if (*lost >= LOST_IN_A_ROW) {
			set_home(engine, i, entry->kind, k, false);
		}
	}
}

const struct activity spread_activity = {
	.when = ACTIVITY_BESIDE, .poll = poll, .next = next,
};
