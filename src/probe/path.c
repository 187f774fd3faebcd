/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <string.h>

#include "base/mem.h"
#include "probe/engine_int.h"

/*
 * Another path, while probing: the one that was found, or one by hand. What a walk measures, its
 * legs say: a walk whose legs are the same before and after keeps its counts, and the answers still
 * under way keep counting.
 */
struct marks {
	uint64_t mark[WALK_STATS_COUNT][HOP_MAX];
};

static uint64_t mix(uint64_t mark, const void *bytes, size_t len)
{
	const uint8_t *at = bytes;

	/* FNV-1a. */
	while (len-- > 0) {
		mark = (mark ^ *at++) * 0x100000001b3u;
	}
	return mark;
}

/* The same for the same legs; 0: no walk. */
static uint64_t mark_of(const struct walk *walk)
{
	uint64_t mark = 0xcbf29ce484222325u;

	if (walk->leg_count == 0) {
		return 0;
	}
	mark = mix(mark, &walk->is_answered, sizeof walk->is_answered);
	for (size_t i = 0; i < walk->leg_count; i++) {
		const struct leg *leg = &walk->leg[i];

		mark = mix(mark, leg->src.byte, sizeof leg->src.byte);
		mark = mix(mark, leg->dst.byte, sizeof leg->dst.byte);
		mark = mix(mark, &leg->ttl, sizeof leg->ttl);
		mark = mix(mark, &leg->carrier, sizeof leg->carrier);
	}
	return mark;
}

static void mark_walks(const struct engine *engine, struct marks *ret_marks)
{
	*ret_marks = (struct marks){{{0}}};
	for (int kind = 0; kind < WALK_STATS_COUNT; kind++) {
		for (size_t k = 0; engine->walk[kind] != NULL && k < engine->session->hop_count; k++) {
			ret_marks->mark[kind][k] = mark_of(&engine->walk[kind][k]);
		}
	}
}

/* A hop that stays where it was keeps what is known of it. */
static void place_hop(struct engine *engine, size_t k, const struct engine_path *path)
{
	struct hop *hop = &engine->session->hops[k];

	if (!addr_equal(&hop->address, &path->hop[k]) || !addr_equal(&hop->other, &path->other[k]) ||
	    hop->carrier_told != path->carrier[k]) {
		memset(hop, 0, offsetof(struct hop, walk));
		session_hop_seen(hop, &path->hop[k]);
		hop->other = path->other[k];
		hop->carrier_told = path->carrier[k];
		/* Nothing turns there before it has said what it does. */
		hop->is_passed_over = engine->config.has_scan;
		engine->scan.is_wanted = engine->scan.is_wanted || engine->config.has_scan;
		scan_forget(engine, k);
	}
	hop->is_skipped = (path->skipped >> k & 1) != 0;
	hop->is_muted = path->link != 0 && k + 1 != path->link && k + 2 != path->link;
}

static void forget(struct engine *engine, int kind, size_t k)
{
	struct flow *flow = session_flow(engine->session, k, 0);

	memset(&engine->session->hops[k].walk[kind], 0, sizeof(struct stats));
	for (unsigned i = 0; flow != NULL && i < engine->session->flow_count; i++) {
		if (kind == WALK_TO) {
			flow[i].from = (struct addr){0};
			flow[i].to = (struct flow_count){0};
		} else if (kind == (int)engine->session->main_walk) {
			flow[i].through = (struct flow_count){0};
		}
	}
}

static void forget_changed(struct engine *engine, const struct marks *before)
{
	struct marks after;

	mark_walks(engine, &after);
	for (int kind = 0; kind < WALK_STATS_COUNT; kind++) {
		for (size_t k = 0; k < HOP_MAX; k++) {
			if (before->mark[kind][k] != after.mark[kind][k]) {
				forget(engine, kind, k);
			}
		}
	}
	for (uint32_t i = 0; i <= engine->out.mask; i++) {
		struct probe_entry *entry = &engine->out.entry[i];

		/* Of those bounce_plan() has judged. */
		if (entry->kind == WALK_BOUNCE) {
			continue;
		}
		entry->is_of_old_path = entry->is_of_old_path || entry->depth == 0 ||
			!walk_has_stats((enum walk_kind)entry->kind) ||
			before->mark[entry->kind][entry->depth - 1] !=
			after.mark[entry->kind][entry->depth - 1];
	}
}

void engine_set_path(struct engine *engine, ns_t now, const struct engine_path *path)
{
	struct session *session = engine->session;
	struct addr end = path->count == 0 ? (struct addr){0} : path->hop[path->count - 1];
	struct marks before;

	if (session->phase != PHASE_PROBING || path->count == 0 || path->count > HOP_MAX) {
		return;
	}
	mark_walks(engine, &before);
	if (session->hop_count == 0 ||
	    !addr_equal(&end, &session->hops[session->hop_count - 1].address)) {
		session->destination = end;
	}
	for (size_t k = 0; k < path->count; k++) {
		place_hop(engine, k, path);
	}
	for (size_t k = path->count; k < session->hop_count; k++) {
		memset(&session->hops[k], 0, offsetof(struct hop, walk));
	}
	session->hop_count = path->count;
	session->is_explicit = true;
	session->is_end_expiring = false;
	session->via = path->via;
	engine->config.via = path->via;
	session->has_walk[WALK_VIA] = addr_is_set(&path->via);
	engine->discovery.end_ttl = (uint8_t)path->count;
	engine_plan_path(engine);
	forget_changed(engine, &before);
	engine->item_at = engine->item_count;
	memset(session->length, 0, sizeof session->length);
	session->length_to = (struct addr){0};
	session->length_hop = 0;
	session->change = (struct path_change){0};
	engine->rediscovery.sweep.waves = 0;
	engine->rediscovery.next_at = 0;
	activities_forget(engine, now);
}

/* Answers to what went to the old hops from hops[k] on say nothing of the new ones. Nothing is
 * void: of the hops before, all is still measured. */
static void leave_old_path(struct engine *engine, size_t k)
{
	for (uint32_t i = 0; i <= engine->out.mask; i++) {
		struct probe_entry *entry = &engine->out.entry[i];

		entry->is_of_old_path = entry->is_of_old_path || entry->depth > k ||
			!engine_is_of_hop((enum walk_kind)entry->kind);
	}
	/* The rest of this round was laid out for the old path. */
	engine->item_at = engine->item_count;
}

/* Nothing is known of the hop any more, but perhaps what it, the end still, was asked itself. */
static void forget_hop(struct session *session, size_t k, bool keeps_to)
{
	struct hop *hop = &session->hops[k];
	struct flow *flow = session_flow(session, k, 0);

	memset(hop, 0, offsetof(struct hop, walk));
	if (!keeps_to) {
		session_reset_hop(session, k);
		return;
	}
	memset(hop->walk, 0, WALK_TO * sizeof hop->walk[0]);
	for (unsigned i = 0; flow != NULL && i < session->flow_count; i++) {
		flow[i].through = (struct flow_count){0};
	}
}

static void move_end(struct session *session, size_t from, size_t to)
{
	session->hops[to].walk[WALK_TO] = session->hops[from].walk[WALK_TO];
	for (unsigned i = 0; session->flows != NULL && i < session->flow_count; i++) {
		*session_flow(session, to, i) = *session_flow(session, from, i);
	}
}

/* Whether the end is the destination before and after a move of this host: what it was asked goes
 * on then, whatever leads there now. Of a change on the network's side that would be two paths. */
static bool does_end_stay(const struct engine *engine)
{
	const struct session *session = engine->session;
	const struct path_change *change = &session->change;

	return engine->trial.is_tracing && change->has_end && session->hop_count > 0 &&
	       session->hops[session->hop_count - 1].to_kind == TO_ECHO;
}

void engine_follow(struct engine *engine, ns_t now)
{
	struct session *session = engine->session;
	struct path_change *change = &session->change;
	size_t k = change->first_hop - 1u;
	bool does_stay = does_end_stay(engine);

	if (!change->is_active || session->phase != PHASE_PROBING) {
		return;
	}
	change->is_active = false;
	change->is_followed = true;
	leave_old_path(engine, k);
	if (does_stay && change->hop_count != session->hop_count) {
		move_end(session, session->hop_count - 1, change->hop_count - 1u);
	}
	session->hop_count = change->hop_count;
	session->is_end_expiring = change->is_end_expiring;
	engine->discovery.end_ttl = change->has_end ? change->hop_count : 0;
	for (; k < HOP_MAX; k++) {
		forget_hop(session, k, does_stay && k + 1 == session->hop_count);
		scan_forget(engine, k);
		if (k < session->hop_count && addr_is_set(&change->hops[k])) {
			session_hop_seen(&session->hops[k], &change->hops[k]);
			/* Nothing turns there before it has said what it does. */
			session->hops[k].is_passed_over = engine->config.has_scan;
			engine->scan.is_wanted = engine->config.has_scan;
		}
	}
	activities_forget(engine, now);
	engine_plan_path(engine);
}

bool engine_add_walks(struct engine *engine, ns_t now)
{
	struct session *session = engine->session;
	bool is_new = false;

	if (!session->has_walk[WALK_RETRACE] || session->phase != PHASE_PROBING) {
		return false;
	}
	for (int kind = WALK_DIRECT; kind <= WALK_RETURN_ONLY; kind++) {
		is_new = is_new || !session->has_walk[kind];
		session->has_walk[kind] = engine->config.has_walk[kind] = true;
	}
	if (!is_new) {
		return false;
	}
	engine->config.has_vias = engine->config.has_reverse;
	for (int kind = 0; kind < WALK_KIND_COUNT; kind++) {
		if (engine->walk[kind] == NULL && engine_is_used(&engine->config, (enum walk_kind)kind)) {
			engine_make_walks(engine, (enum walk_kind)kind);
		}
	}
	spread_prepare(engine);
	engine_plan_path(engine);
	/* Whose way home is another one, traces from every hop will tell. */
	if (engine->config.has_reverse) {
		engine->reverse.next_at = now;
	}
	return true;
}
