/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <string.h>

#include "probe/engine_int.h"

/*
 * What every activity of the engine stands on: the walks over the path as it is known, giving
 * a probe out, and resolving it. Knows nothing of rounds, discovery, scan or trace.
 */
static const ns_t TIMEOUT_MAX = 10 * NS_PER_SEC;

/* Lays out the walk to hops[k], if it fits the MTU, and raises the size for it. */
static void plan_walk(struct engine *engine, enum walk_kind kind, const struct walk_plan *plan,
	size_t *size)
{
	struct walk *walk;
	size_t needed;

	if (engine->walk[kind] == NULL) {
		return;
	}
	walk = &engine->walk[kind][plan->depth - 1];
	walk->leg_count = 0;
	if (!walk_build(plan, walk)) {
		return;
	}
	walk->kind = kind;
	needed = probe_wire_min(walk->leg_count);
	if (needed > engine->config.mtu) {
		walk->leg_count = 0;
	} else if (needed > *size) {
		*size = needed;
	}
}

/* A destination that does not decapsulate, but answers, ends the walks by its own answer. Where
 * that was found late, what boomerangs to it came to says nothing of the network. */
static void choose_end(struct session *session, size_t k)
{
	struct hop *hop = &session->hops[k];
	bool is_answering = k + 1 == session->hop_count &&
		((hop->decap == HOP_DECAP_NO && (session->is_explicit || hop->to_kind == TO_ECHO)) ||
		 (hop->decap == HOP_DECAP_SILENT && hop->to_kind == TO_ECHO));

	if (is_answering != hop->is_answering) {
		hop->is_answering = is_answering;
		hop->error = (struct hop_error){0};
		memset(hop->walk, 0, WALK_TO * sizeof hop->walk[0]);
		for (unsigned i = 0; session->flows != NULL && i < session->flow_count; i++) {
			session_flow(session, k, i)->through = (struct flow_count){0};
		}
	}
	hop->is_passed_over = hop->is_passed_over && !is_answering;
}

void engine_plan_path(struct engine *engine)
{
	struct session *session = engine->session;
	struct addr hops[HOP_MAX];
	bool needs_self[HOP_MAX];
	struct walk_plan plan = {.self = &session->self, .hops = hops, .via = engine->config.via,
		.needs_self = needs_self};
	size_t size = engine->config.size_bytes;

	for (size_t k = 0; k < session->hop_count; k++) {
		choose_end(session, k);
		plan.is_end_answering = session->hops[k].is_answering;
		/* The end may have answered from another of its addresses. */
		hops[k] = session->hops[k].is_passed_over ? (struct addr){0} :
			plan.is_end_answering ? session->destination : session->hops[k].address;
		needs_self[k] = session->hops[k].takes_own_source == TRI_NO;
		plan.depth = k + 1;
		plan.inner = engine->config.inner_source;
		for (int kind = 0; kind < WALK_TO; kind++) {
			plan.kind = (enum walk_kind)kind;
			plan_walk(engine, plan.kind, &plan, &size);
		}
		plan.kind = session->main_walk;
		plan.inner = INNER_SOURCE_SELF;
		plan_walk(engine, WALK_CAUSE, &plan, &size);
		engine->walk[WALK_TO][k] = walk_to_from(&session->self,
			&engine->config.from, &session->destination, (uint8_t)(k + 1));
	}
	engine->size_bytes = (uint16_t)(size < PROBE_SIZE_MIN ? PROBE_SIZE_MIN : size);
	session->probe_bytes = engine->size_bytes;
}

struct stats *engine_stats_of(struct engine *engine, const struct probe_entry *entry)
{
	struct hop *hop;

	if (entry->round == 0 || entry->kind >= WALK_STATS_COUNT || entry->depth == 0 ||
	    entry->depth > engine->session->hop_count) {
		return NULL;
	}
	hop = &engine->session->hops[entry->depth - 1];
	/* What left before the end was known to be of another kind is no measurement of it. */
	if (entry->kind < WALK_TO && entry->is_answered != hop->is_answering) {
		return NULL;
	}
	return &hop->walk[entry->kind];
}

struct flow_count *engine_flow_of(struct engine *engine, const struct probe_entry *entry)
{
	const struct session *session = engine->session;
	struct flow *flow;

	if (session->flows == NULL || engine_stats_of(engine, entry) == NULL ||
	    (entry->kind != WALK_TO && entry->kind != session->main_walk)) {
		return NULL;
	}
	flow = session_flow(session, entry->depth - 1u, entry->flow);
	return entry->kind == WALK_TO ? &flow->to : &flow->through;
}

/* A late answer changes nothing here: it is no sample, and its probe was sent. */
static void count_flow(struct engine *engine, const struct probe_entry *entry, ns_t rtt)
{
	struct flow_count *count = engine_flow_of(engine, entry);

	if (count == NULL) {
		return;
	}
	count->sent++;
	if (entry->state == PROBE_ANSWERED) {
		count->received++;
		count->best = count->samples == 0 || rtt < count->best ? rtt : count->best;
		count->sum = ns_add(count->sum, rtt);
		count->samples++;
	}
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
	if (engine->session->flows != NULL) {
		count_flow(engine, entry, rtt);
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

/* A last leg that somebody has to answer is what To probes are. */
static void make_ordinary(const struct engine *engine, struct probe_entry *entry,
	struct probe_spec *spec)
{
	const struct engine_config *config = &engine->config;

	spec->carrier = config->to_carrier;
	switch (config->to_carrier) {
	case CARRIER_ECHO:
		spec->sport = config->echo_id;
		spec->dport = entry->flow;
		return;
	case CARRIER_TCP:
		entry->size_bytes = (uint16_t)probe_wire_tcp_bytes(entry->leg_count);
		spec->size_bytes = entry->size_bytes;
		spec->sport = flow_port(config->to_source_port,
			entry->flow + (entry->kind == WALK_TO ? 0u : FLOW_MAX));
		break;
	case CARRIER_UDP:
	case CARRIER_COUNT:
		spec->sport = flow_port(config->to_source_port, entry->flow);
		break;
	}
	spec->dport = config->to_port;
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
	if (engine->config.flows > 1 && entry->round > 0) {
		entry->flow = (uint8_t)((entry->round - 1) % engine->config.flows);
	}
	entry->size_bytes = engine->size_bytes;
	entry->leg_count = walk->leg_count;
	entry->is_answered = kind == WALK_TO || walk_is_answered(walk);
	stats = engine_stats_of(engine, entry);
	if (stats != NULL) {
		struct stats_probe probe = engine_stats_probe(entry);

		stats_transmitted(stats, &probe);
	}
	*ret_spec = (struct probe_spec){
		.walk = walk,
		.seq = entry->seq,
		.size_bytes = engine->size_bytes,
		.sport = flow_port(engine->config.port, entry->flow),
		.dport = engine->config.port,
		.tos = engine->config.tos,
		.carrier = CARRIER_UDP,
	};
	if (entry->is_answered) {
		make_ordinary(engine, entry, ret_spec);
	}
	return true;
}
