/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <assert.h>
#include <string.h>

#include "probe/engine_int.h"

/*
 * The way back from the deepest hop X that decapsulates: [A>X][A>A ttl=t] for every t at
 * once. Where the inner packet expires, the router on the way back says so to us; the least
 * t that comes home proves the length. Repeated every minute; answers merge, because a
 * router that is silent once is unknown, never a divergence. Where the way has changed,
 * those that were not heard again are forgotten.
 */
enum { REVERSE_MARGIN = 12, REVERSE_WAVES = 2 };

static const ns_t REVERSE_EVERY = 60 * NS_PER_SEC, WAVE_PAUSE = NS_PER_SEC;

/* The deepest hop at or before hop `last` whose boomerang may be sent; 0: none. */
static uint8_t turning_hop(const struct session *session, size_t last)
{
	for (size_t k = last; k > 0; k--) {
		const struct hop *hop = &session->hops[k - 1];

		if (addr_is_set(&hop->address) && !session_is_loose(hop) &&
		    session_self(session, hop->address.family) != NULL &&
		    hop->decap != HOP_DECAP_NO && hop->decap != HOP_DECAP_SILENT) {
			return (uint8_t)k;
		}
	}
	return 0;
}

uint8_t reverse_turning_hop(const struct engine *engine)
{
	return turning_hop(engine->session, engine->session->hop_count);
}

/* Traces from hop `from` into `path`. */
static void begin_trace(struct engine *engine, uint8_t from, struct reverse_path *path, ns_t now)
{
	const struct session *session = engine->session;
	enum carrier carrier = session_carrier(session, &session->hops[from - 1]);
	unsigned last = from + REVERSE_MARGIN;

	if (!addr_equal(&path->from, &session->hops[from - 1].address) || path->from_hop != from) {
		memset(path, 0, sizeof *path);
		path->from = session->hops[from - 1].address;
		path->from_hop = from;
		path->home = *session_self(session, path->from.family);
	}
	last = last < HOP_MAX ? last : HOP_MAX;
	engine->reverse.path = path;
	engine->reverse.first_seq = engine->out.next;
	engine->reverse.expired = engine->reverse.returned = 0;
	engine->reverse.has_changed = false;
	sweep_start(&engine->reverse.sweep, last, REVERSE_WAVES, WAVE_PAUSE, now);
	for (unsigned ttl = 1; ttl <= last; ttl++) {
		struct walk *walk = &engine->walk[WALK_REVERSE][ttl - 1];

		*walk = walk_reverse(&path->home, &path->from, carrier, path->from_hop, (uint8_t)ttl);
		walk->sids = engine->session->sids;
	}
}

static void start(struct engine *engine, ns_t now)
{
	uint8_t from = reverse_turning_hop(engine);

	engine->reverse.next_at = now + REVERSE_EVERY;
	if (from > 0) {
		begin_trace(engine, from, &engine->session->reverse, now);
	}
}

/* A trace is over: that from the deepest hop shows the routers to walk by; then come the
 * hops before it, one after the other. */
static void go_on(struct engine *engine, ns_t now)
{
	struct session *session = engine->session;
	uint8_t from = engine->reverse.path->from_hop;

	if (engine->reverse.path == &session->reverse) {
		vias_find(engine, now);
	}
	assert(from > 0 && from <= HOP_MAX);
	from = turning_hop(session, from - 1u < session->hop_count ? from - 1u : session->hop_count);
	if (from > 0) {
		begin_trace(engine, from, &session->reverses[from - 1], now);
	}
}

/* The first wave of each minute asks all anew: the way may have changed. After it, there is
 * nothing to ask beyond the least TTL that came home. */
static bool item_of(const struct engine *engine, size_t index, struct item *ret_item)
{
	const struct reverse_path *path = engine->reverse.path;
	size_t ttl = index + 1;

	*ret_item = (struct item){.kind = WALK_REVERSE, .depth = (uint8_t)ttl};
	return engine->reverse.sweep.waves == 1 ||
	       ((path->home_ttl == 0 || ttl < path->home_ttl) && !addr_is_set(&path->at_ttl[ttl]));
}

static uint64_t bit_of(unsigned ttl)
{
	return (uint64_t)1 << (ttl - 1);
}

static void forget_unheard(struct engine *engine)
{
	struct reverse_trace *trace = &engine->reverse;

	for (unsigned ttl = 1; trace->has_changed && ttl <= HOP_MAX; ttl++) {
		if ((trace->expired & bit_of(ttl)) == 0) {
			trace->path->at_ttl[ttl] = (struct addr){0};
		}
	}
}

static bool poll(struct engine *engine, ns_t now, struct probe_spec *ret_spec)
{
	struct reverse_trace *trace = &engine->reverse;
	bool was_active;

	if (trace->next_at != 0 && now >= trace->next_at) {
		start(engine, now);
	}
	was_active = trace->sweep.waves > 0;
	if (sweep_poll(engine, &trace->sweep, item_of, now, ret_spec)) {
		return true;
	}
	if (was_active && trace->sweep.waves == 0) {
		forget_unheard(engine);
	}
	if (was_active && trace->sweep.waves == 0 && engine->config.has_vias) {
		go_on(engine, now);
	}
	return false;
}

static ns_t next(const struct engine *engine, ns_t now)
{
	return sweep_next_or(engine, &engine->reverse.sweep, engine->reverse.next_at, now);
}

/* The least TTL beyond this one that came home in this trace; 0: none did yet. */
static uint8_t returned_beyond(const struct reverse_trace *trace, unsigned ttl)
{
	for (unsigned t = ttl + 1; t <= HOP_MAX; t++) {
		if ((trace->returned & bit_of(t)) != 0) {
			return (uint8_t)t;
		}
	}
	return 0;
}

static void take_expired(struct engine *engine, uint8_t ttl, const struct addr *from)
{
	struct reverse_trace *trace = &engine->reverse;
	struct reverse_path *path = trace->path;
	bool is_new = !addr_equal(&path->at_ttl[ttl], from);

	trace->expired |= bit_of(ttl);
	trace->has_changed = trace->has_changed || (is_new && addr_is_set(&path->at_ttl[ttl]));
	path->at_ttl[ttl] = *from;
	if (path->home_ttl != 0 && ttl >= path->home_ttl) {
		/* It came home with that once: the way has grown. */
		path->home_ttl = returned_beyond(trace, ttl);
		trace->has_changed = true;
	}
	if (is_new && engine->config.has_return_side) {
		engine_plan_path(engine);
	}
}

static bool answer(struct engine *engine, const struct probe_entry *entry,
	const struct reply *reply, bool is_first)
{
	struct reverse_trace *trace = &engine->reverse;
	struct reverse_path *path = trace->path;
	uint8_t ttl = entry->depth;

	(void)is_first;
	if ((int32_t)(entry->seq - trace->first_seq) < 0) {
		return false;
	}
	if (reply->kind == REPLY_RETURN) {
		trace->returned |= bit_of(ttl);
		if (path->home_ttl == 0 || ttl < path->home_ttl) {
			path->home_ttl = ttl;
		}
	} else if (reply->kind == REPLY_ERROR && reply->cause == CAUSE_TIME_EXCEEDED &&
	           addr_equal(&reply->quoted.dst, &path->home)) {
		take_expired(engine, ttl, &reply->from);
	}	return false;
}

static void begin(struct engine *engine, ns_t now)
{
	if (engine->config.has_reverse) {
		start(engine, now);
	}
}

void reverse_forget(struct engine *engine, ns_t now)
{
	engine->session->reverse = (struct reverse_path){0};
	memset(engine->session->reverses, 0, HOP_MAX * sizeof *engine->session->reverses);
	engine->reverse.sweep.waves = 0;
	engine->reverse.next_at = engine->config.has_reverse ? now : engine->reverse.next_at;
}

const struct activity reverse_activity = {
	.when = ACTIVITY_BESIDE, .kinds = 1u << WALK_REVERSE,
	.begin = begin, .poll = poll, .next = next, .answer = answer, .forget = reverse_forget,
};
