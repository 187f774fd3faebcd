/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <string.h>

#include "base/mem.h"
#include "probe/engine_int.h"

/*
 * Do answers come home alike to another address of ours? In some rounds each hop is asked twice,
 * once from either: same interface, same way out, same moment. Whatever the path does by itself
 * both meet; what only one of them meets is on its own way home. Bounded in number, and counted
 * apart from the rounds' own probes.
 */
enum { ALSO_ROUNDS = 60 };

static void start(struct engine *engine, uint32_t wanted)
{
	struct session *session = engine->session;
	struct also_source *also = &session->also;

	if (engine->walk[WALK_ALSO] == NULL || !session->has_walk[WALK_TO]) {
		return;
	}
	if (also->hops == NULL) {
		also->hops = xcalloc(HOP_MAX, sizeof *also->hops);
	}
	for (uint32_t i = 0; i <= engine->out.mask; i++) {
		struct probe_entry *entry = &engine->out.entry[i];

		entry->is_of_old_path = entry->is_of_old_path || entry->kind == WALK_ALSO;
	}
	session_reset_also(session);
	also->wanted = wanted;
	also->is_running = true;
}

bool engine_ask_also(struct engine *engine)
{
	struct session *session = engine->session;

	if (session->phase != PHASE_PROBING || engine->walk[WALK_ALSO] == NULL ||
	    !session->has_walk[WALK_TO] || session->also.is_running) {
		return false;
	}
	start(engine, ALSO_ROUNDS);
	return true;
}

bool also_is_due(struct engine *engine)
{
	struct also_source *also = &engine->session->also;

	if (also->is_running && also->wanted > 0 && also->rounds == also->wanted) {
		also->is_running = false;
	}
	also->rounds += also->is_running;
	return also->is_running;
}

void also_forget(struct engine *engine)
{
	struct also_source *also = &engine->session->also;

	if (also->hops != NULL) {
		session_reset_also(engine->session);
		also->is_running = also->is_running && also->wanted == 0;
	}
}

void also_answer(struct engine *engine, struct probe_entry *entry, const struct reply *reply,
	ns_t rtt)
{
	if (entry->state == PROBE_WAITING) {
		engine->session->also.hops[entry->depth - 1].from = reply->from;
		engine_resolve(engine, entry, PROBE_ANSWERED, rtt);
	}
}

static void begin(struct engine *engine, ns_t now)
{
	(void)now;
	if (engine->config.has_also) {
		start(engine, 0);
	}
}

static void forget(struct engine *engine, ns_t now)
{
	(void)now;
	also_forget(engine);
}

const struct activity also_activity = {
	.when = ACTIVITY_IN_ROUNDS, .begin = begin, .forget = forget,
};
