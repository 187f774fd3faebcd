/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "probe/engine_int.h"

/*
 * Is the path still the one that was discovered? Every minute a probe for every TTL at once,
 * as the first discovery sent them; the To probes of the rounds are of the same flow and help.
 * A difference is believed when a second trace, which asks its place eight times, finds it
 * again and nothing else. What is silent is unknown, never a change. Where the rounds' own probes
 * meet another router some times in a row, or the path's own again, it is looked at once.
 */
enum { REDISCOVER_WAVES = 2, CONFIRM_WAVES = 8, HINTS = 6 };

static const ns_t REDISCOVER_EVERY = 60 * NS_PER_SEC, WAVE_PAUSE = NS_PER_SEC;

/* From the begin of a trace to that of one that is due to a hint. */
static const ns_t HINTED_AFTER = 5 * NS_PER_SEC;

static void begin_trace(struct engine *engine, ns_t now)
{
	struct rediscovery *trace = &engine->rediscovery;
	const struct session *session = engine->session;

	trace->begun_at = now;
	trace->returns = 0;
	trace->end_ttl = 0;
	trace->is_end_expiring = false;
	for (size_t ttl = 0; ttl <= HOP_MAX; ttl++) {
		trace->at_ttl[ttl] = (struct addr){0};
	}
	for (size_t k = 0; k < engine->config.max_ttl; k++) {
		struct walk *walk = &engine->walk[WALK_REDISCOVER][k];

		*walk = walk_to_from(&session->self, &engine->config.from, session_carrier(session, NULL),
			&session->destination, (uint8_t)(k + 1));
		walk->kind = WALK_REDISCOVER;
	}
	sweep_start(&trace->sweep, engine->config.max_ttl, trace->is_confirming ? CONFIRM_WAVES :
		REDISCOVER_WAVES, trace->is_confirming ? 0 : WAVE_PAUSE, now);
}

static void begin(struct engine *engine, ns_t now)
{
	if (!engine->session->is_explicit) {
		engine->rediscovery.next_at = now + REDISCOVER_EVERY;
	}
}

static bool item_of(const struct engine *engine, size_t index, struct item *ret_item)
{
	const struct rediscovery *trace = &engine->rediscovery;
	size_t ttl = index + 1;

	*ret_item = (struct item){.kind = WALK_REDISCOVER, .depth = (uint8_t)ttl};
	if (trace->is_confirming && ttl == trace->suspect_ttl) {
		return !addr_equal(&trace->at_ttl[ttl], &engine->session->hops[index].address);
	}
	return ttl >= engine->config.first_ttl && !addr_is_set(&trace->at_ttl[ttl]) &&
	       (trace->end_ttl == 0 || ttl < trace->end_ttl);
}

/* How long the path is by this trace: to its end, or to the last that answered. */
static uint8_t traced_hops(const struct rediscovery *trace)
{
	uint8_t last = 0;

	for (uint8_t ttl = 1; ttl <= HOP_MAX && trace->end_ttl == 0; ttl++) {
		last = addr_is_set(&trace->at_ttl[ttl]) ? ttl : last;
	}
	return trace->end_ttl > 0 ? trace->end_ttl : last;
}

/* The first hop that is not the one of the path; 0: none. Where the end is found further on
 * and nobody answers at its old place, or a hop in its name, that place is what changed. */
static uint8_t first_difference(const struct engine *engine)
{
	const struct rediscovery *trace = &engine->rediscovery;
	const struct session *session = engine->session;

	for (uint8_t ttl = 1; ttl <= session->hop_count; ttl++) {
		if (session_hop_is_replaced(&session->hops[ttl - 1], &trace->at_ttl[ttl])) {
			return ttl;
		}
	}
	if (traced_hops(trace) > session->hop_count && (engine->discovery.end_ttl == 0 ||
	    !addr_is_set(&trace->at_ttl[session->hop_count]) ||
	    addr_equal(&trace->at_ttl[session->hop_count], &session->destination))) {
		return (uint8_t)session->hop_count;
	}
	return 0;
}

/* The end was never found, and the path is as it was, up to where it lies now: it replied late. */
static bool is_found_late(const struct engine *engine, uint8_t first)
{
	const struct session *session = engine->session;
	const struct addr *last = &engine->rediscovery.at_ttl[session->hop_count];

	return engine->discovery.end_ttl == 0 && first == session->hop_count &&
	       traced_hops(&engine->rediscovery) > session->hop_count &&
	       !session_hop_is_replaced(&session->hops[first - 1], last);
}

/* The rest of the path is taken as it is, and nothing has changed. */
static void take_rest(struct engine *engine, ns_t now)
{
	const struct rediscovery *trace = &engine->rediscovery;
	struct session *session = engine->session;
	struct path_change before = session->change;
	uint8_t count = (uint8_t)session->hop_count;
	bool is_last_known = addr_is_set(&session->hops[count - 1].address);

	session->change = (struct path_change){.is_active = true,
		.first_hop = (uint8_t)(count + is_last_known), .hop_count = traced_hops(trace),
		.has_end = trace->end_ttl > 0, .is_end_expiring = trace->is_end_expiring};
	for (uint8_t k = 0; k < session->change.hop_count; k++) {
		session->change.hops[k] = k < count && addr_is_set(&session->hops[k].address) ?
			session->hops[k].address : trace->at_ttl[k + 1];
	}
	engine_follow(engine, now);
	session->change = before;
}

static void accept_change(struct engine *engine, uint8_t first, ns_t now)
{
	const struct rediscovery *trace = &engine->rediscovery;
	struct session *session = engine->session;
	struct path_change *change = &session->change;
	struct path_change found = {.is_active = true, .count = change->count + 1,
		.noticed_at = trace->suspected_at, .first_hop = first, .hop_count = traced_hops(trace),
		.old_hop_count = (uint8_t)session->hop_count, .has_end = trace->end_ttl > 0,
		.is_end_expiring = trace->is_end_expiring,
		.was = session->hops[first - 1].address};

	for (uint8_t k = 0; k < found.hop_count; k++) {
		found.hops[k] = k + 1 < first ? session->hops[k].address : trace->at_ttl[k + 1];
	}
	/* Something may lie beyond the last that answered: the end keeps a row. */
	if (!found.has_end && found.hop_count < engine->config.max_ttl) {
		found.hop_count++;
	}
	if (change->is_active && change->first_hop == first &&
	    addr_equal(&change->hops[first - 1], &found.hops[first - 1])) {
		found.noticed_at = change->noticed_at;
		found.count = change->count;
	}
	*change = found;
	if (engine->config.has_follow || move_is_tracing(engine)) {
		engine_follow(engine, now);
	}
}

/* The trace saw the probed path itself, at the place of the change and at the end. */
static bool is_old_path(const struct engine *engine)
{
	const struct rediscovery *trace = &engine->rediscovery;
	const struct session *session = engine->session;
	uint8_t ttl = session->change.first_hop;

	return trace->end_ttl == session->hop_count && ttl > 0 &&
	       addr_equal(&trace->at_ttl[ttl], &session->hops[ttl - 1].address);
}

/* Of a hop before that one which nobody hears from the new place, nobody knows that it is there. */
static uint8_t first_unknown(const struct engine *engine, uint8_t first)
{
	for (uint8_t ttl = first; ttl-- > 1 && !addr_is_set(&engine->rediscovery.at_ttl[ttl]);) {
		first = addr_is_set(&engine->session->hops[ttl - 1].address) ? ttl : first;
	}
	return first;
}

/* The trace is over. */
static void judge(struct engine *engine, ns_t now)
{
	struct rediscovery *trace = &engine->rediscovery;
	struct path_change *change = &engine->session->change;
	uint8_t first;
	bool is_same;

	if (trace->end_ttl == 0) {
		trace->end_ttl = discover_expiring_end(trace->at_ttl, engine->config.max_ttl,
			&engine->session->destination);
		trace->is_end_expiring = trace->end_ttl > 0;
	}
	first = first_difference(engine);
	is_same = trace->is_confirming && first == trace->suspect_ttl &&
		trace->end_ttl == trace->suspect_end && addr_equal(&trace->suspect,
		&trace->at_ttl[first]);

	/* After a move another path is no surprise. */
	if (move_is_tracing(engine)) {
		if (first != 0) {
			trace->suspected_at = now;
			accept_change(engine, first_unknown(engine, first), now);
		}
		move_traced(engine, now);
		return;
	}
	if (first == 0 || trace->is_confirming) {
		trace->is_confirming = false;
		if (first != 0 && is_same && is_found_late(engine, first)) {
			take_rest(engine, now);
		} else if (first != 0 && is_same) {
			accept_change(engine, first, now);
		} else if (first == 0 && change->is_active && is_old_path(engine)) {
			change->is_active = false;
			change->count++;
			change->noticed_at = now;
			/* What was traced meanwhile led home as routing was then. */
			reverse_forget(engine, now);
			lengths_forget(engine, now);
		}
		return;
	}
	trace->is_confirming = true;
	trace->suspect_ttl = first;
	trace->suspect_end = trace->end_ttl;
	trace->suspect = trace->at_ttl[first];
	trace->suspected_at = now;
	begin_trace(engine, now);
}

/* As long as the end has not replied to it, a trace goes on beyond. */
static void note_beyond(struct engine *engine, ns_t now)
{
	struct session *session = engine->session;

	if (engine->rediscovery.end_ttl > 0) {
		return;
	}
	if (session->beyond_from < engine->rediscovery.begun_at) {
		session->beyond_from = now;
	}
	session->beyond_to = now;
}

static bool poll(struct engine *engine, ns_t now, struct probe_spec *ret_spec)
{
	struct rediscovery *trace = &engine->rediscovery;
	bool was_active;

	if (trace->next_at != 0 && now >= trace->next_at) {
		trace->next_at = now + REDISCOVER_EVERY;
		begin_trace(engine, now);
	}
	was_active = trace->sweep.waves > 0;
	if (sweep_poll(engine, &trace->sweep, item_of, now, ret_spec)) {
		note_beyond(engine, now);
		return true;
	}
	if (was_active && trace->sweep.waves == 0) {
		judge(engine, now);
	}
	return false;
}

static ns_t next(const struct engine *engine, ns_t now)
{
	return sweep_next_or(engine, &engine->rediscovery.sweep, engine->rediscovery.next_at, now);
}

/* Whether routing seems to have changed, or to be back, by who replies from that place. */
static bool is_hint(struct engine *engine, uint8_t ttl, const struct addr *from)
{
	struct rediscovery *trace = &engine->rediscovery;
	const struct path_change *change = &engine->session->change;
	const struct hop *hop = &engine->session->hops[ttl - 1];

	if (change->is_active && ttl == change->first_hop) {
		trace->returns = addr_equal(&hop->address, from) ? trace->returns + 1 : 0;
	}
	return change->is_active ? ttl == change->first_hop && trace->returns >= HINTS :
		hop->strays >= HINTS && session_hop_is_replaced(hop, from);
}

void rediscover_answer(struct engine *engine, uint8_t ttl, const struct addr *from,
	enum end_kind end, ns_t now)
{
	struct rediscovery *trace = &engine->rediscovery;
	const struct session *session = engine->session;
	bool is_known = ttl <= session->hop_count &&
		addr_equal(&session->hops[ttl - 1].address, from);

	if (trace->sweep.waves == 0) {
		if (trace->next_at != 0 && ttl <= session->hop_count && is_hint(engine, ttl, from) &&
		    now >= trace->begun_at + HINTED_AFTER && now < trace->next_at) {
			trace->next_at = now;
		}
		return;
	}
	/* The old address speaks for the old path, whoever else answered before. */
	if (is_known || !addr_is_set(&trace->at_ttl[ttl])) {
		trace->at_ttl[ttl] = *from;
	}
	if (end != END_NONE && (trace->end_ttl == 0 || ttl < trace->end_ttl)) {
		trace->end_ttl = ttl;
	}
}

const struct activity rediscover_activity = {
	.when = ACTIVITY_BESIDE, .begin = begin, .poll = poll, .next = next,
};
