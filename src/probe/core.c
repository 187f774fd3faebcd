/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <string.h>

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
	needed = probe_wire_min(walk_stack_bytes(ret_walk));
	if (needed > engine->config.mtu) {
		ret_walk->leg_count = 0;
	} else if (needed > *size) {
		*size = needed;
	}
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
		walk_to_from(self, &engine->config.from, &session->destination, ttl);
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

		entry->is_of_old_path = entry->is_of_old_path || (entry->kind < WALK_TO &&
			entry->depth == k + 1 && entry->state != PROBE_WAITING);
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
	struct walk_plan plan = {.self = &session->self, .self_other = &session->self_other,
		.hops = hops, .others = others, .via = engine->config.via,
		.source = engine->config.inner_address, .back = back,
		.needs_self = needs_self, .keeps_ttl = keeps_ttl};
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
		for (int kind = WALK_STRICT_OUT; kind <= WALK_STRICT_BACK; kind++) {
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
	/* Nor does it shrink within a run. */
	size = session->phase == PHASE_PROBING && session->rounds > 0 && size < engine->size_bytes ?
		engine->size_bytes : size;
	engine->size_bytes = (uint16_t)(size < PROBE_SIZE_MIN ? PROBE_SIZE_MIN : size);
	session->probe_bytes = engine->size_bytes;
}

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
	if (entry->kind >= WALK_STATS_COUNT) {
		return &engine->session->vias[entry->depth - 1].walk[entry->kind - WALK_VIA_ROUND];
	}
	if (entry->depth > engine->session->hop_count) {
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
	if (entry->kind == WALK_BRACKET) {
		brackets_resolved(engine, entry, rtt);
		return;
	}
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

bool engine_is_counted(enum walk_kind kind)
{
	return kind < WALK_STATS_COUNT || kind == WALK_VIA_ROUND || kind == WALK_VIA_HOME ||
	       kind == WALK_ALSO;
}

bool engine_is_to(enum walk_kind kind)
{
	return kind == WALK_TO || kind == WALK_REDISCOVER || kind == WALK_FASTER || kind == WALK_ALSO;
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

	if (entry->round == 0 || kind >= WALK_STATS_COUNT ||
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

	spec->carrier = config->to_carrier;
	switch (config->to_carrier) {
	case CARRIER_ECHO:
		spec->sport = config->echo_id;
		spec->dport = 0;
		return;
	case CARRIER_TCP:
		entry->size_bytes = (uint16_t)probe_wire_tcp_bytes(entry->stack_bytes);
		spec->size_bytes = entry->size_bytes;
		spec->sport = flow_port(config->to_source_port, syn_index(engine, entry));
		break;
	case CARRIER_UDP:
	case CARRIER_COUNT:
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
	spread_choose(engine, entry);
	walk = spread_walk(engine, entry);
	entry->stack_bytes = (uint16_t)walk_stack_bytes(walk);
	entry->size_bytes = size_of(engine, entry->stack_bytes);
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
		.carrier = CARRIER_UDP,
	};
	if (entry->is_answered) {
		make_ordinary(engine, entry, ret_spec);
	}
	brackets_sent(engine, entry);
	return true;
}
