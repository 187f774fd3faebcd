/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <string.h>

#include "probe/engine_int.h"

/*
 * The way back from the deepest hop X that decapsulates: [A>X][A>A ttl=t] for every t at
 * once. Where the inner packet expires, the router on the way back says so to us; the least
 * t that comes home proves the length. Repeated every minute; answers merge, because a
 * router that is silent once is unknown, never a divergence.
 */
enum { REVERSE_MARGIN = 12, REVERSE_WAVES = 2 };

static const ns_t REVERSE_EVERY = 60 * NS_PER_SEC, WAVE_WAIT = NS_PER_SEC;

static bool is_of_own_family(const struct session *session, const struct addr *address)
{
	return addr_is_set(address) && (address->family == session->self.family ||
	       address->family == session->self_other.family);
}

/* The deepest hop whose boomerang may be sent, from 1; 0: none. */
static uint8_t turning_hop(const struct engine *engine)
{
	const struct session *session = engine->session;

	for (size_t k = session->hop_count; k > 0; k--) {
		const struct hop *hop = &session->hops[k - 1];

		if (is_of_own_family(session, &hop->address) && !hop->is_passed_over &&
		    hop->decap != HOP_DECAP_NO && hop->decap != HOP_DECAP_SILENT) {
			return (uint8_t)k;
		}
	}
	return 0;
}

void reverse_start(struct engine *engine, ns_t now)
{
	struct session *session = engine->session;
	struct reverse_path *path = &session->reverse;
	uint8_t from = turning_hop(engine);
	unsigned last = from + REVERSE_MARGIN;

	engine->reverse.next_at = now + REVERSE_EVERY;
	if (from == 0) {
		return;
	}
	if (!addr_equal(&path->from, &session->hops[from - 1].address)) {
		memset(path, 0, sizeof *path);
		path->from = session->hops[from - 1].address;
		path->from_hop = from;
		path->home = path->from.family == session->self.family ? session->self :
			session->self_other;
	}
	engine->reverse.waves = 1;
	engine->reverse.next_ttl = 1;
	engine->reverse.last_ttl = (uint8_t)(last < HOP_MAX ? last : HOP_MAX);
	engine->reverse.wave_at = now;
	for (unsigned ttl = 1; ttl <= engine->reverse.last_ttl; ttl++) {
		engine->walk[WALK_REVERSE][ttl - 1] = walk_reverse(&path->home, &path->from,
			(uint8_t)ttl);
	}
}

/* Beyond the least TTL that came home there is nothing to ask. */
static bool is_wanted(const struct engine *engine, uint8_t ttl)
{
	const struct reverse_path *path = &engine->session->reverse;

	return (path->home_ttl == 0 || ttl < path->home_ttl) && !addr_is_set(&path->at_ttl[ttl]);
}

bool reverse_poll(struct engine *engine, ns_t now, struct probe_spec *ret_spec)
{
	struct reverse_trace *trace = &engine->reverse;

	if (trace->next_at != 0 && now >= trace->next_at) {
		reverse_start(engine, now);
	}
	/* The first wave of each minute asks all of them anew: the way may have changed. */
	while (trace->waves > 1 && trace->next_ttl <= trace->last_ttl &&
	       !is_wanted(engine, trace->next_ttl)) {
		trace->next_ttl++;
	}
	if (trace->waves > 0 && trace->next_ttl <= trace->last_ttl) {
		if (!engine_emit(engine, now, WALK_REVERSE, trace->next_ttl, ret_spec)) {
			return false;
		}
		trace->wave_at = now;
		trace->next_ttl++;
		return true;
	}
	if (trace->waves > 0 && trace->waves < REVERSE_WAVES && now >= trace->wave_at + WAVE_WAIT) {
		trace->waves++;
		trace->next_ttl = 1;
		return reverse_poll(engine, now, ret_spec);
	}
	return false;
}

ns_t reverse_next(const struct engine *engine, ns_t now)
{
	const struct reverse_trace *trace = &engine->reverse;
	ns_t next = trace->next_at == 0 ? NS_NEVER : trace->next_at;

	if (trace->waves > 0 && trace->next_ttl <= trace->last_ttl) {
		return pace_next(&engine->pace, now);
	}
	if (trace->waves > 0 && trace->waves < REVERSE_WAVES && trace->wave_at + WAVE_WAIT < next) {
		next = trace->wave_at + WAVE_WAIT;
	}
	return next;
}

void reverse_answer(struct engine *engine, const struct probe_entry *entry,
	const struct reply *reply)
{
	struct reverse_path *path = &engine->session->reverse;
	uint8_t ttl = entry->depth;

	if (reply->kind == REPLY_RETURN) {
		if (path->home_ttl == 0 || ttl < path->home_ttl) {
			path->home_ttl = ttl;
		}
	} else if (reply->kind == REPLY_ERROR && reply->cause == CAUSE_TIME_EXCEEDED &&
	           addr_equal(&reply->quoted.dst, &path->home)) {
		path->at_ttl[ttl] = reply->from;
	}
}
