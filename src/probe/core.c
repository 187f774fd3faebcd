/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "probe/engine_int.h"

/*
 * What every activity of the engine stands on: giving a probe out, and resolving it. Starts no
 * round, no discovery, scan or trace.
 */
static const ns_t TIMEOUT_MAX = 10 * NS_PER_SEC;

struct stats *engine_stats_of(struct engine *engine, const struct probe_entry *entry)
{
	struct hop *hop;

	if (entry->is_of_old_path || entry->round == 0 || entry->spread == SPREAD_TRIAL ||
	    !engine_is_counted((enum walk_kind)entry->kind) || entry->depth == 0) {
		return NULL;
	}
	if (entry->kind == WALK_ALSO) {
		return &engine->session->also.hops[entry->depth - 1].to;
	}
	/* Those that came before the first that came home are trials. */
	if (entry->kind == WALK_BOUNCE) {
		return session_is_bounced(engine->session, 0) ?
			&engine->session->hops[0].walk[engine->session->main_walk] : NULL;
	}
	if (engine_is_of_via((enum walk_kind)entry->kind)) {
		return &engine->session->vias[entry->depth - 1].walk[entry->kind - WALK_VIA_ROUND];
	}
	if (entry->depth > engine->session->hop_count) {
		return NULL;
	}
	hop = &engine->session->hops[entry->depth - 1];
	/* What left before the end was known to be of another kind is no measurement of it, nor what
	 * did before bounces took the place of walks. */
	if (walk_is_nested((enum walk_kind)entry->kind) && (entry->is_answered != hop->is_answering ||
	    session_is_bounced(engine->session, entry->depth - 1u))) {
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
	const struct activity *activity = activity_of(engine, (enum walk_kind)entry->kind);

	entry->state = (uint8_t)state;
	if (activity->resolved != NULL) {
		activity->resolved(engine, entry, rtt);
		return;
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

/* The end keeps a state for every SYN until our kernel's reset has reached it, and longer where
 * its answer was lost: another one from the same ports is not answered. So while all is well a
 * flow keeps its port, and where the SYN before has no answer yet, it takes the next one. */
static unsigned syn_index(struct engine *engine, const struct probe_entry *entry)
{
	enum walk_kind kind = (enum walk_kind)entry->kind;
	unsigned flows = engine->config.flows > 1 ? engine->config.flows : 1;
	const struct probe_entry *before;
	struct syn *syn;

	if (entry->round == 0 || !walk_has_stats(kind) ||
	    (kind == WALK_TO && entry->depth != engine->session->hop_count)) {
		return flow_syn_index(kind, entry->flow);
	}
	syn = &engine->syn[kind][entry->flow];
	before = outstanding_get(&engine->out, syn->seq);
	if (before != NULL && before->kind == entry->kind && before->state != PROBE_ANSWERED &&
	    before->state != PROBE_FREE) {
		syn->turn++;
	}
	syn->seq = entry->seq;
	return flow_syn_index(kind, entry->flow + flows * (syn->turn % (FLOW_MAX / flows)));
}

/* A last leg that somebody has to answer is what To probes are. */
static void make_ordinary(struct engine *engine, struct probe_entry *entry,
	struct probe_spec *spec)
{
	const struct engine_config *config = &engine->config;

	spec->carried = config->to_carried;
	switch (config->to_carried) {
	case CARRIED_ECHO:
		spec->sport = config->echo_id;
		spec->dport = 0;
		return;
	case CARRIED_TCP:
		entry->size_bytes = (uint16_t)probe_wire_tcp_bytes(entry->stack_bytes);
		spec->size_bytes = entry->size_bytes;
		spec->sport = flow_port(config->to_source_port, syn_index(engine, entry));
		break;
	case CARRIED_UDP:
	case CARRIED_COUNT:
		spec->sport = flow_port(config->to_source_port, entry->flow);
		break;
	}
	spec->dport = config->to_port;
}

/* All that is counted is of one size, which engine_plan_path() has made large enough for it; a side
 * activity may need more headers than the path's own walks, where few hops unwrap. */
static uint16_t size_of(const struct engine *engine, size_t stack_bytes)
{
	size_t needed = probe_wire_min(stack_bytes);

	return needed > engine->size_bytes ? (uint16_t)needed : engine->size_bytes;
}

bool engine_emit(struct engine *engine, ns_t now, const struct item *item,
	struct probe_spec *ret_spec)
{
	const struct walk *walk;
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
	entry->round = item->round > 0 ? item->round :
		engine->session->phase == PHASE_PROBING ? engine->session->rounds : 0;
	entry->kind = item->kind;
	entry->depth = item->depth;
	if (item->trial > 0) {
		entry->spread = SPREAD_TRIAL;
		entry->flow = item->trial;
	} else if (engine->config.flows > 1 && entry->round > 0) {
		entry->flow = (uint8_t)((entry->round - 1) % engine->config.flows);
	}
	entry->carrier = item->carrier & 7u;
	spread_choose(engine, entry);
	walk = spread_walk(engine, entry);
	entry->stack_bytes = (uint16_t)walk_stack_bytes(walk);
	entry->shim_words = (uint8_t)(walk_shim_bytes(walk) / 4);
	entry->size_bytes = item->size_bytes > 0 ? item->size_bytes :
		size_of(engine, entry->stack_bytes);
	entry->is_answered = walk->is_answered;
	stats = engine_stats_of(engine, entry);
	if (stats != NULL) {
		struct stats_probe probe = engine_stats_probe(entry);

		stats_transmitted(stats, &probe);
	}
	*ret_spec = (struct probe_spec){
		.walk = walk,
		.seq = entry->seq,
		.size_bytes = entry->size_bytes,
		.sport = flow_port(engine->config.port, entry->flow),
		.dport = engine->config.port,
		.tos = engine->config.tos,
		.flow = entry->flow,
		.carried = CARRIED_UDP,
	};
	if (entry->is_answered) {
		make_ordinary(engine, entry, ret_spec);
	}
	if (engine->sent != NULL) {
		engine->sent(engine, entry);
	}
	return true;
}
