/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <string.h>

#include "probe/engine_int.h"

/*
 * Finding the path: a probe for every TTL at once, all of one flow. It is known when the
 * end has answered and every lower TTL has answered or was waited for another 0.3 of the
 * largest RTT; later answers still fill their rows.
 */
enum { EXPIRING_LEAST = 3 };

static const ns_t WAVE_PATIENCE = NS_PER_SEC, SETTLE_MIN = 20 * NS_PER_MS;

void discover_start(struct engine *engine, ns_t now)
{
	struct session *session = engine->session;

	size_t legs = addr_is_set(&engine->config.from) ? 2 : 1;
	size_t size = probe_wire_min(legs * ip_header_bytes(session->self.family));

	size = size < PROBE_SIZE_MIN ? PROBE_SIZE_MIN : size;
	engine->size_bytes = (uint16_t)(size > engine->config.size_bytes ? size :
		engine->config.size_bytes);
	session->phase = PHASE_DISCOVERING;
	session->discovery_awaited = engine->config.max_ttl;
	engine->discovery = (struct discovery){.waves = 1, .next_ttl = engine->config.first_ttl,
		.first_sent_at = -1, .wave_at = now, .settle_at = NS_NEVER};
	for (size_t k = 0; k < engine->config.max_ttl; k++) {
		engine_plan_to(engine, (uint8_t)(k + 1));
	}
}

/* The highest TTL that may still belong to the path. */
static uint8_t last_ttl(const struct engine *engine)
{
	return engine->discovery.end_ttl > 0 ? engine->discovery.end_ttl : engine->config.max_ttl;
}

static bool is_every_ttl_known(const struct engine *engine)
{
	const struct discovery *d = &engine->discovery;

	for (unsigned ttl = engine->config.first_ttl; ttl < last_ttl(engine); ttl++) {
		if (!d->has_answered[ttl]) {
			return false;
		}
	}
	return d->has_answered[last_ttl(engine)];
}

/* Behind the farthest that has answered the end may be farther still. */
static ns_t patience_of(const struct engine *engine)
{
	ns_t far = engine->max_rtt * 3 / 2;

	return engine->discovery.waves == WAVES_MAX && far > WAVE_PATIENCE ? far : WAVE_PATIENCE;
}

/* Some ends only ever say time exceeded, whatever the TTL. One or two at the last TTLs that may be
 * asked may still be a translator and what lies behind it. */
uint8_t discover_expiring_end(const struct addr at_ttl[HOP_MAX + 1], uint8_t max_ttl,
	const struct addr *destination)
{
	uint8_t first = max_ttl;

	if (!addr_equal(&at_ttl[max_ttl], destination)) {
		return 0;
	}
	for (uint8_t ttl = max_ttl; ttl > 0 && (!addr_is_set(&at_ttl[ttl]) ||
	     addr_equal(&at_ttl[ttl], destination)); ttl--) {
		first = addr_is_set(&at_ttl[ttl]) ? ttl : first;
	}
	return max_ttl - first >= EXPIRING_LEAST ? first : 0;
}

static uint8_t expiring_end(const struct engine *engine)
{
	struct addr at_ttl[HOP_MAX + 1] = {{0}};

	for (uint8_t ttl = 1; ttl <= engine->config.max_ttl; ttl++) {
		at_ttl[ttl] = engine->session->hops[ttl - 1].address;
	}
	return discover_expiring_end(at_ttl, engine->config.max_ttl, &engine->session->destination);
}

static void finish(struct engine *engine, ns_t now)
{
	struct session *session = engine->session;
	struct discovery *d = &engine->discovery;

	session->discovery = now - d->first_sent_at;
	if (d->end_ttl == 0) {
		d->end_ttl = expiring_end(engine);
		session->is_end_expiring = d->end_ttl > 0;
		session->has_end_answered = session->has_end_answered || session->is_end_expiring;
	}
	if (d->end_ttl > 0) {
		session->hop_count = d->end_ttl;
	} else if (session->hop_count < engine->config.max_ttl) {
		/* Something may lie beyond the last that answered: the end keeps a row. */
		session->hop_count++;
	}
	/* What the end itself said beyond its place is of no hop. */
	for (size_t k = session->hop_count; k < HOP_MAX; k++) {
		memset(&session->hops[k], 0, sizeof session->hops[k]);
	}
	engine_raise_timeout(engine, engine->max_rtt);
	d->is_done = true;
}

bool discover_poll(struct engine *engine, ns_t now, struct probe_spec *ret_spec)
{
	struct discovery *d = &engine->discovery;

	while (d->next_ttl <= last_ttl(engine) && d->has_answered[d->next_ttl]) {
		d->next_ttl++;
	}
	if (d->next_ttl <= last_ttl(engine)) {
		struct item item = {.kind = WALK_TO, .depth = d->next_ttl};

		if (!engine_emit(engine, now, &item, ret_spec)) {
			return false;
		}
		if (d->first_sent_at < 0) {
			d->first_sent_at = now;
		}
		d->wave_at = now;
		d->next_ttl++;
		return true;
	}
	if (is_every_ttl_known(engine) || now >= d->settle_at) {
		finish(engine, now);
	} else if (d->end_ttl == 0 && now >= d->wave_at + patience_of(engine)) {
		if (d->waves == WAVES_MAX) {
			finish(engine, now);
		} else {
			d->waves++;
			d->next_ttl = engine->config.first_ttl;
			return discover_poll(engine, now, ret_spec);
		}
	}
	return false;
}

ns_t discover_next(const struct engine *engine, ns_t now)
{
	const struct discovery *d = &engine->discovery;

	if (d->next_ttl <= last_ttl(engine)) {
		return pace_next(&engine->pace, now);
	}
	if (is_every_ttl_known(engine)) {
		return now;
	}
	return d->end_ttl > 0 ? d->settle_at : d->wave_at + patience_of(engine);
}

/* A TTL below the present end is the true end, where nobody else ever answered: the answer of
 * a shorter way was lost. The walks of the old last row went to the same address, so their counts
 * move up with it. */
static void shorten(struct engine *engine, uint8_t ttl)
{
	struct session *session = engine->session;
	struct hop *end = &session->hops[session->hop_count - 1];

	/* What is out would never be told of what it was sent for. */
	engine_void_rounds(engine, engine_oldest_out(engine), engine->out.next);
	for (int kind = 0; kind < WALK_TO; kind++) {
		session->hops[ttl - 1].walk[kind] = end->walk[kind];
	}
	for (unsigned i = 0; session->flows != NULL && i < session->flow_count; i++) {
		session_flow(session, ttl - 1u, i)->through =
			session_flow(session, session->hop_count - 1, i)->through;
	}
	session->hops[ttl - 1].decap = end->decap;
	session->hops[ttl - 1].is_passed_over = end->is_passed_over;
	session->hops[ttl - 1].to_kind = end->to_kind;
	session->hops[ttl - 1].is_answering = end->is_answering;
	session->hop_count = ttl;
	engine_plan_path(engine);
}

/* Who says that there is no way on may be wrong, or say so of some probes alone: the destination's
 * own answer is worth more, wherever it came from. */
static bool is_better_end(const struct discovery *d, uint8_t ttl, enum end_kind end)
{
	if (end == END_NONE || (end == END_NO_WAY && d->is_end_proven)) {
		return false;
	}
	return d->end_ttl == 0 || ttl < d->end_ttl || (end == END_PROVEN && !d->is_end_proven);
}

static void note_discovered(struct engine *engine, uint8_t ttl, enum end_kind end, ns_t now)
{
	struct discovery *d = &engine->discovery;
	struct session *session = engine->session;
	ns_t patience;

	if (!d->has_answered[ttl]) {
		d->has_answered[ttl] = true;
		session->discovery_answered++;
	}
	if (is_better_end(d, ttl, end)) {
		d->end_ttl = ttl;
		d->is_end_proven = end == END_PROVEN;
		session->discovery_awaited = ttl;
		session->hop_count = ttl;
		patience = engine->max_rtt * 3 / 10;
		d->settle_at = now + (patience > SETTLE_MIN ? patience : SETTLE_MIN);
	}
	if (ttl <= last_ttl(engine) && ttl > session->hop_count) {
		session->hop_count = ttl;
	}
}

void discover_answer(struct engine *engine, uint8_t ttl, const struct addr *from,
	enum end_kind end, ns_t now)
{
	struct session *session = engine->session;
	bool was_silent;

	if (session->phase == PHASE_DISCOVERING) {
		note_discovered(engine, ttl, end, now);
	} else if (ttl > session->hop_count) {
		return;
	}
	was_silent = !addr_is_set(&session->hops[ttl - 1].address);
	session_hop_seen(&session->hops[ttl - 1], from);
	if (session->phase == PHASE_DISCOVERING || session->is_explicit) {
		return;
	}
	if (end != END_NONE && ttl < session->hop_count &&
	    addr_equal(&session->hops[ttl - 1].address, from)) {
		shorten(engine, ttl);
	} else if (was_silent) {
		if (engine->config.has_scan) {
			/* Nothing turns there before it has said what it does. */
			session->hops[ttl - 1].is_passed_over = true;
			engine->scan.is_wanted = true;
		}
		engine_plan_path(engine);
	}
}
