/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <string.h>

#include "base/mem.h"
#include "pkt/mate.h"
#include "probe/engine_int.h"

/*
 * The walks over the path as it is known, of every kind that is sent, and the size of all probes;
 * activities add theirs (spread, vias). Made anew whenever something is learnt of a hop.
 */

void engine_make_walks(struct engine *engine, enum walk_kind kind)
{
	bool is_scan = kind == WALK_SCAN_HOP || kind == WALK_SCAN_SELF;

	engine->walk[kind] = xcalloc(is_scan ? HOP_MAX * CARRIER_COUNT : HOP_MAX,
		sizeof *engine->walk[kind]);
}

/* As the plan says, but told and counted as of `kind`. */
static void plan_kind(struct engine *engine, const struct walk_plan *plan, enum walk_kind kind,
	size_t *size)
{
	if (engine->walk[kind] != NULL) {
		struct walk *walk = &engine->walk[kind][plan->depth - 1];

		walk->leg_count = 0;
		if (!engine->session->hops[plan->depth - 1].is_muted &&
		    (kind != WALK_VIA || addr_is_set(&plan->via))) {
			engine_plan_walk(engine, plan, walk, size);
		}
		walk->kind = kind;
	}
}

/* A path that bridges families may end in one in which the prober has no address: then its
 * hops cannot be asked themselves. */
void engine_plan_to(struct engine *engine, uint8_t ttl)
{
	const struct session *session = engine->session;
	const struct addr *self = session_self(session, session->destination.family);

	engine->walk[WALK_TO][ttl - 1] = self == NULL ? (struct walk){0} :
		walk_to_from(self, &engine->config.from, session_carrier(session, NULL),
			&session->destination, ttl);
	if (engine->walk[WALK_ALSO] != NULL) {
		struct walk *walk = &engine->walk[WALK_ALSO][ttl - 1];

		*walk = engine->config.self_also.family != session->destination.family ?
			(struct walk){0} : walk_to(&engine->config.self_also, &session->destination, ttl);
		walk->kind = WALK_ALSO;
	}
	spread_plan_to(engine, self, ttl);
}

/* The address that hops[k] has on its link to the hop behind it: a trace shows the other end of
 * that link, and the way back, where it uses the link, this one. Of a /30 or /31 it can be told
 * from the number alone only where the other reading has no host there. Unset: not known. */
static struct addr return_side(const struct session *session, size_t k)
{
	const struct reverse_path *reverse = &session->reverse;
	struct addr behind = k + 1 < session->hop_count ? session->hops[k + 1].address :
		(struct addr){0};
	uint8_t *last = &behind.byte[behind.family == ADDR_V6 ? 15 : 3];

	for (size_t ttl = 1; ttl <= HOP_MAX && addr_is_set(&behind); ttl++) {
		enum mate_kind mate = mate_of(&behind, &reverse->at_ttl[ttl]);

		if (mate == MATE_31 || mate == MATE_30) {
			return reverse->at_ttl[ttl];
		}
	}
	if (!addr_is_set(&behind) || (*last & 3) == 1 || (*last & 3) == 2) {
		return (struct addr){0};
	}
	*last ^= 1;
	return behind;
}

/* Where that was found late, what boomerangs to it came to says nothing of the network. */
void engine_set_answering(struct engine *engine, size_t k, bool is_answering)
{
	struct session *session = engine->session;
	struct hop *hop = &session->hops[k];

	if (is_answering == hop->is_answering) {
		return;
	}
	/* Nor may what they came to be taken back, should their round become void. */
	for (uint32_t i = 0; i <= engine->out.mask; i++) {
		struct probe_entry *entry = &engine->out.entry[i];

		entry->is_of_old_path = entry->is_of_old_path ||
			(walk_is_nested((enum walk_kind)entry->kind) && entry->depth == k + 1 &&
			entry->state != PROBE_WAITING);
	}
	hop->is_answering = is_answering;
	hop->error = (struct hop_error){0};
	memset(hop->walk, 0, WALK_TO * sizeof hop->walk[0]);
	for (unsigned i = 0; session->flows != NULL && i < session->flow_count; i++) {
		session_flow(session, k, i)->through = (struct flow_count){0};
	}
}

bool engine_is_named(const struct engine *engine, size_t k)
{
	const struct session *session = engine->session;

	return !session->is_explicit && k + 1 < session->hop_count &&
	       addr_equal(&session->hops[k].address, &session->destination);
}

/* A destination that does not decapsulate, but answers, ends the walks by its own answer. */
static void choose_end(struct engine *engine, size_t k)
{
	const struct session *session = engine->session;
	struct hop *hop = &session->hops[k];
	bool is_answering = k + 1 == session->hop_count &&
		((hop->decap == HOP_DECAP_NO && (session->is_explicit || hop->to_kind == TO_ECHO)) ||
		 (hop->decap == HOP_DECAP_SILENT && hop->to_kind == TO_ECHO));

	engine_set_answering(engine, k, is_answering);
	hop->is_passed_over = (hop->is_passed_over && !is_answering) || engine_is_named(engine, k);
}

/* Whether the hop may yet come to unwrap, though walks pass it over for now. */
static bool may_turn(const struct engine *engine, size_t k)
{
	const struct hop *hop = &engine->session->hops[k];

	if (!engine->config.has_scan || hop->is_skipped || engine_is_named(engine, k)) {
		return false;
	}
	return hop->decap == HOP_DECAP_UNKNOWN ||
	       (hop->decap == HOP_DECAP_SILENT && engine->scan.again_at != 0);
}

/* Rounds begin before all is known of the hops, and what is longer later compares with nothing: the
 * size is at once that of walks that such hops carry, too. Legs to one that has not been heard yet
 * are as long as any. */
static void foresee(const struct engine *engine, struct walk_plan *plan, struct addr *hops,
	struct addr *back, size_t *size)
{
	const struct session *session = engine->session;
	struct walk longest;

	for (size_t k = 0; k < session->hop_count; k++) {
		if (may_turn(engine, k)) {
			hops[k] = addr_is_set(&session->hops[k].address) ? session->hops[k].address :
				session->destination;
			back[k] = hops[k];
		}
	}
	for (size_t k = 0; k < session->hop_count; k++) {
		plan->depth = k + 1;
		plan->is_end_answering = session->hops[k].is_answering;
		for (int kind = 0; kind < WALK_TO; kind++) {
			plan->kind = (enum walk_kind)kind;
			if (engine->walk[kind] != NULL && (kind != WALK_VIA || addr_is_set(&plan->via))) {
				engine_plan_walk(engine, plan, &longest, size);
			}
		}
	}
}

void engine_plan_path(struct engine *engine)
{
	struct session *session = engine->session;
	struct addr hops[HOP_MAX], others[HOP_MAX], back[HOP_MAX];
	bool needs_self[HOP_MAX], keeps_ttl[HOP_MAX];
	enum carrier carriers[HOP_MAX];
	struct walk_plan plan = {.self = &session->self, .self_other = &session->self_other,
		.hops = hops, .others = others, .via = engine->config.via,
		.source = engine->config.inner_address, .back = back,
		.needs_self = needs_self, .keeps_ttl = keeps_ttl, .carriers = carriers,
		.via_carrier = session_carrier(session, NULL), .sids = session->sids};
	size_t size = engine->config.size_bytes, to_size;

	if (engine->observer != NULL) {
		return; /* the walks are somebody else's */
	}
	for (size_t k = 0; k < session->hop_count; k++) {
		choose_end(engine, k);
		plan.is_end_answering = session->hops[k].is_answering;
		/* The end may have answered from another of its addresses. */
		hops[k] = session_is_loose(&session->hops[k]) ? (struct addr){0} :
			plan.is_end_answering ? session->destination : session->hops[k].address;
		others[k] = session->hops[k].other;
		carriers[k] = session_carrier(session, &session->hops[k]);
		session->hops[k].return_side = engine->config.has_return_side ?
			return_side(session, k) : (struct addr){0};
		back[k] = addr_is_set(&session->hops[k].return_side) ? session->hops[k].return_side :
			hops[k];
		needs_self[k] = session->hops[k].takes_own_source == TRI_NO;
		keeps_ttl[k] = session->hops[k].decrements == TRI_NO;
		plan.depth = k + 1;
		plan.inner = engine->config.inner_source;
		for (int kind = 0; kind < WALK_TO; kind++) {
			plan.kind = (enum walk_kind)kind;
			plan_kind(engine, &plan, plan.kind, &size);
			spread_plan(engine, &plan);
		}
		for (int kind = WALK_STRICT_OUT; kind <= WALK_STRICT_BACK &&
		     !session_is_routed(session); kind++) {
			plan.kind = (enum walk_kind)kind;
			plan_kind(engine, &plan, plan.kind, &size);
		}
		plan.kind = session->main_walk;
		plan.inner = INNER_SOURCE_SELF;
		plan_kind(engine, &plan, WALK_CAUSE, &size);
		engine_plan_to(engine, (uint8_t)(k + 1));
		to_size = probe_wire_min(walk_stack_bytes(&engine->walk[WALK_TO][k]));
		size = to_size > size ? to_size : size;
	}
	plan.inner = engine->config.inner_source;
	foresee(engine, &plan, hops, back, &size);
	plan.is_end_answering = false;
	vias_plan(engine, &plan, &size);
	bounce_plan(engine);
	/* Nor does it shrink within a run. */
	size = session->phase == PHASE_PROBING && session->rounds > 0 && size < engine->size_bytes ?
		engine->size_bytes : size;
	engine->size_bytes = (uint16_t)(size < PROBE_SIZE_MIN ? PROBE_SIZE_MIN : size);
	session->probe_bytes = engine->size_bytes;
}
