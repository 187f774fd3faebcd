/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "pkt/mate.h"
#include "probe/engine_int.h"

/*
 * What every activity of the engine stands on: the walks over the path as it is known, giving
 * a probe out, and resolving it. Knows nothing of rounds, discovery, scan or trace.
 */
static const ns_t TIMEOUT_MAX = 10 * NS_PER_SEC;

void engine_plan_walk(const struct engine *engine, const struct walk_plan *plan,
	struct walk *ret_walk, size_t *size)
{
	size_t needed;

	ret_walk->leg_count = 0;
	if (!walk_build(plan, ret_walk)) {
		return;
	}
	needed = probe_wire_min(ret_walk->leg_count);
	if (needed > engine->config.mtu) {
		ret_walk->leg_count = 0;
	} else if (needed > *size) {
		*size = needed;
	}
}

static void plan_kind(struct engine *engine, struct walk_plan *plan, int kind, size_t *size)
{
	if (engine->walk[kind] != NULL) {
		plan->kind = (enum walk_kind)kind;
		engine_plan_walk(engine, plan, &engine->walk[kind][plan->depth - 1], size);
	}
}

/* The address that hops[k] has on its link to the hop behind it: a trace shows the other end of
 * that link, and the way back, where it uses the link, this one. Of a /30 or /31 it can be told
 * from the number alone only where the other reading has no host there. Unset: not known. */
static struct addr return_side(const struct session *session, size_t k)
{
	const struct reverse_path *reverse = &session->reverse;
	struct addr behind = k + 1 < session->hop_count ? session->hops[k + 1].address :
		(struct addr){0};
	unsigned host = behind.byte[3] & 3;

	for (size_t ttl = 1; ttl <= HOP_MAX && addr_is_set(&behind); ttl++) {
		enum mate_kind mate = mate_of(&behind, &reverse->at_ttl[ttl]);

		if (mate == MATE_31 || mate == MATE_30) {
			return reverse->at_ttl[ttl];
		}
	}
	if (behind.family != ADDR_V4 || host == 1 || host == 2) {
		return (struct addr){0};
	}
	behind.byte[3] ^= 1;
	return behind;
}

void engine_plan_path(struct engine *engine)
{
	struct session *session = engine->session;
	struct addr hops[HOP_MAX], back[HOP_MAX];
	bool needs_self[HOP_MAX], keeps_ttl[HOP_MAX];
	struct walk_plan plan = {.self = &session->self, .hops = hops, .via = engine->config.via,
		.source = engine->config.inner_address, .back = back,
		.needs_self = needs_self, .keeps_ttl = keeps_ttl};
	size_t size = engine->config.size_bytes;

	for (size_t k = 0; k < session->hop_count; k++) {
		hops[k] = session->hops[k].is_passed_over ? (struct addr){0} :
			session->hops[k].address;
		session->hops[k].return_side = engine->config.has_return_side ?
			return_side(session, k) : (struct addr){0};
		back[k] = addr_is_set(&session->hops[k].return_side) ? session->hops[k].return_side :
			hops[k];
		needs_self[k] = session->hops[k].takes_own_source == TRI_NO;
		keeps_ttl[k] = session->hops[k].decrements == TRI_NO;
		plan.depth = k + 1;
		plan.inner = engine->config.inner_source;
		for (int kind = 0; kind < WALK_TO; kind++) {
			plan_kind(engine, &plan, kind, &size);
		}
		plan_kind(engine, &plan, WALK_STRICT_OUT, &size);
		plan_kind(engine, &plan, WALK_STRICT_BACK, &size);
		plan.inner = INNER_SOURCE_SELF;
		plan_kind(engine, &plan, WALK_CAUSE, &size);
		engine->walk[WALK_TO][k] = walk_to_from(&session->self,
			&engine->config.from, &session->destination, (uint8_t)(k + 1));
	}
	plan.inner = engine->config.inner_source;
	vias_plan(engine, &plan, &size);
	engine->size_bytes = (uint16_t)(size < PROBE_SIZE_MIN ? PROBE_SIZE_MIN : size);
	session->probe_bytes = engine->size_bytes;
}

struct stats *engine_stats_of(struct engine *engine, const struct probe_entry *entry)
{
	struct hop *hop;

	if (entry->is_of_old_path || entry->round == 0 ||
	    !engine_is_counted((enum walk_kind)entry->kind) || entry->depth == 0) {
		return NULL;
	}
	if (entry->kind >= WALK_STATS_COUNT) {
		return &engine->session->vias[entry->depth - 1].walk[entry->kind - WALK_VIA_ROUND];
	}
	if (entry->depth > engine->session->hop_count) {
		return NULL;
	}
	hop = &engine->session->hops[entry->depth - 1];
	return &hop->walk[entry->kind];
}

struct stats_probe engine_stats_probe(const struct probe_entry *entry)
{
	return (struct stats_probe){.round = entry->round, .sent_at = entry->sent_at};
}

void engine_resolve(struct engine *engine, struct probe_entry *entry, enum probe_state state,
	ns_t rtt)
{
	struct stats *stats = engine_stats_of(engine, entry);
	struct stats_probe probe = engine_stats_probe(entry);

	entry->state = (uint8_t)state;
	if ((int32_t)(entry->seq - engine->touched) < 0) {
		engine->touched = entry->seq;
	}
	if (stats == NULL) {
		return;
	}
	if (state == PROBE_ANSWERED) {
		stats_answered(stats, &probe, rtt);
	} else if (state == PROBE_LOST) {
		stats_lost(stats, &probe);
	} else if (state == PROBE_ERROR) {
		stats_error(stats, &probe, (enum icmp_cause)entry->cause);
	}
}

void engine_raise_timeout(struct engine *engine, ns_t rtt)
{
	ns_t wanted = 3 * rtt < TIMEOUT_MAX ? 3 * rtt : TIMEOUT_MAX;

	if (engine->config.timeout == 0 && wanted > engine->timeout) {
		engine->timeout = wanted;
	}
}

bool engine_is_counted(enum walk_kind kind)
{
	return kind < WALK_STATS_COUNT || kind == WALK_VIA_ROUND || kind == WALK_VIA_HOME;
}

bool engine_is_to(enum walk_kind kind)
{
	return kind == WALK_TO || kind == WALK_REDISCOVER;
}

bool engine_emit(struct engine *engine, ns_t now, enum walk_kind kind, uint8_t depth,
	struct probe_spec *ret_spec)
{
	const struct walk *walk = &engine->walk[kind][depth - 1];
	struct probe_entry *entry;
	struct stats *stats;

	if (!pace_take(&engine->pace, now)) {
		return false;
	}
	entry = outstanding_add(&engine->out);
	if (entry == NULL) {
		return false;
	}
	entry->sent_at = now;
	entry->round = engine->session->phase == PHASE_PROBING ? engine->session->rounds : 0;
	entry->kind = (uint8_t)kind;
	entry->depth = depth;
	entry->size_bytes = engine->size_bytes;
	entry->leg_count = walk->leg_count;
	stats = engine_stats_of(engine, entry);
	if (stats != NULL) {
		struct stats_probe probe = engine_stats_probe(entry);

		stats_transmitted(stats, &probe);
	}
	*ret_spec = (struct probe_spec){
		.walk = walk,
		.seq = entry->seq,
		.size_bytes = engine->size_bytes,
		.sport = engine->config.port,
		.dport = engine->config.port,
		.tos = engine->config.tos,
		.carrier = CARRIER_UDP,
	};
	if (engine_is_to(kind) && engine->config.to_port != 0) {
		ret_spec->sport = engine->config.to_source_port;
		ret_spec->dport = engine->config.to_port;
	} else if (engine_is_to(kind)) {
		ret_spec->sport = engine->config.echo_id;
		ret_spec->carrier = CARRIER_ECHO;
	}
	return true;
}
