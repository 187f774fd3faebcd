/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <string.h>

#include "pkt/mate.h"
#include "probe/engine_int.h"

/*
 * Walks by routers of the way back. Where the way back leaves the path, a loss on a link of the
 * path cannot be told out from back by retraces alone; walks that use the link one way only
 * can tell. So each router Z on the way back that is no hop's, nor its link's other end, is
 * asked whether it decapsulates, and if so two walks by it join the rounds.
 */
enum { ASK_WAVES = 5 };

static bool is_on_path(const struct session *session, const struct addr *address)
{
	for (size_t k = 0; k < session->hop_count; k++) {
		const struct hop *hop = &session->hops[k];

		if (mate_of(&hop->address, address) != MATE_NONE || session_hop_has(hop, address)) {
			return true;
		}
	}
	return addr_equal(&session->self, address);
}

static void add(struct session *session, const struct addr *address)
{
	for (size_t i = 0; i < session->via_count; i++) {
		if (addr_equal(&session->vias[i].address, address)) {
			return;
		}
	}
	if (session->via_count < VIA_MAX) {
		session->vias[session->via_count++] = (struct via){.address = *address};
	}
}

static void lay_out_round(const struct engine *engine, enum walk_kind kind, size_t i)
{
	const struct session *session = engine->session;
	enum carrier carrier = session_carrier(session, NULL);
	struct walk_plan plan = {.kind = WALK_NATURAL, .self = &session->reverse.home,
		.hops = &session->vias[i].address, .carriers = &carrier, .depth = 1,
		.inner = engine->config.inner_source, .source = engine->config.inner_address};
	struct walk *walk = &engine->walk[kind][i];

	(void)walk_build(&plan, walk);
	walk->kind = kind;
	walk->depth = (uint8_t)(i + 1);
}

void vias_find(struct engine *engine, ns_t now)
{
	struct session *session = engine->session;
	const struct reverse_path *path = &session->reverse;
	size_t known = session->via_count;

	/* What routers there are called, a trace does not tell where SIDs are asked for. */
	if (session_is_routed(session)) {
		return;
	}
	for (size_t ttl = 1 + session_reverse_offset(session, path); ttl <= HOP_MAX; ttl++) {
		if (addr_is_set(&path->at_ttl[ttl]) && !is_on_path(session, &path->at_ttl[ttl])) {
			add(session, &path->at_ttl[ttl]);
		}
	}
	for (size_t i = known; i < session->via_count; i++) {
		lay_out_round(engine, WALK_VIA_ASK, i);
	}
	if (session->via_count > known) {
		sweep_start(&engine->vias, session->via_count, ASK_WAVES, 0, now);
	}
}

void vias_plan(struct engine *engine, struct walk_plan *plan, size_t *size)
{
	const struct session *session = engine->session;

	for (size_t i = 0; i < session->via_count; i++) {
		struct walk *home = &engine->walk[WALK_VIA_HOME][i];

		home->leg_count = 0;
		engine->walk[WALK_VIA_ROUND][i].leg_count = 0;
		plan->depth = session->reverse.from_hop;
		if (session->vias[i].decap != HOP_DECAP_YES || plan->depth == 0) {
			continue;
		}
		lay_out_round(engine, WALK_VIA_ROUND, i);
		plan->kind = WALK_VIA_HOME;
		plan->via = session->vias[i].address;
		engine_plan_walk(engine, plan, home, size);
		home->depth = (uint8_t)(i + 1);
	}
}

static bool item_of(const struct engine *engine, size_t index, struct item *ret_item)
{
	*ret_item = (struct item){.kind = WALK_VIA_ASK, .depth = (uint8_t)(index + 1)};
	return index < engine->session->via_count &&
	       engine->session->vias[index].decap == HOP_DECAP_UNKNOWN;
}

static bool poll(struct engine *engine, ns_t now, struct probe_spec *ret_spec)
{
	struct session *session = engine->session;
	bool was_active = engine->vias.waves > 0;

	if (sweep_poll(engine, &engine->vias, item_of, now, ret_spec)) {
		return true;
	}
	for (size_t i = 0; i < session->via_count && was_active && engine->vias.waves == 0; i++) {
		if (session->vias[i].decap == HOP_DECAP_UNKNOWN) {
			session->vias[i].decap = HOP_DECAP_SILENT;
		}
	}
	return false;
}

/* True: it unwraps, and walks by it are to be planned. */
static bool answer(struct engine *engine, const struct probe_entry *entry,
	const struct reply *reply, bool is_first)
{
	struct via *via = &engine->session->vias[entry->depth - 1];

	(void)is_first;
	if (entry->depth > engine->session->via_count || via->decap == HOP_DECAP_YES) {
		return false;
	}
	if (reply->kind == REPLY_RETURN) {
		via->decap = HOP_DECAP_YES;
	} else if (addr_equal(&reply->quoted.dst, &via->address) &&
	           icmp_is_unreachable(reply->cause)) {
		/* It speaks from the side that the question came in by. */
		via->decap = HOP_DECAP_NO;
	}
	return via->decap == HOP_DECAP_YES;
}

static ns_t next(const struct engine *engine, ns_t now)
{
	return sweep_next(engine, &engine->vias, now);
}

static void forget(struct engine *engine, ns_t now)
{
	(void)now;
	engine->session->via_count = 0;
	engine->vias.waves = 0;
}

const struct activity vias_activity = {
	.when = ACTIVITY_BESIDE, .kinds = 1u << WALK_VIA_ASK,
	.poll = poll, .next = next, .answer = answer, .forget = forget,
};
