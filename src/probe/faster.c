/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "probe/engine_int.h"

/*
 * Does a hop limit its answers? For some seconds it is asked far more often than in the rounds.
 * What loses answers by chance loses the same share of them; a limiter hands out as many as
 * before. Bounded in number, and beside the rounds: nothing of it is counted with them.
 */
enum { FASTER_PROBES = 200 };

static const ns_t FASTER_GAP = 20 * NS_PER_MS;

bool engine_ask_faster(struct engine *engine, ns_t now, uint8_t hop)
{
	struct session *session = engine->session;
	const struct stats *stats;
	uint64_t trials;

	if (session->phase != PHASE_PROBING || !session->has_walk[WALK_TO] || hop == 0 ||
	    hop > session->hop_count || session->faster.is_running ||
	    engine->walk[WALK_TO][hop - 1].leg_count == 0) {
		return false;
	}
	stats = &session->hops[hop - 1].walk[WALK_TO];
	trials = stats_loss_trials(stats);
	session->faster = (struct faster){.hop = hop, .is_running = true,
		.answered_before = stats->received, .asked_before = trials};
	engine->faster_next = now;
	engine->faster_from = now;
	return true;
}

static bool poll(struct engine *engine, ns_t now, struct probe_spec *ret_spec)
{
	struct faster *faster = &engine->session->faster;
	struct item item = {.kind = WALK_FASTER, .depth = faster->hop};

	if (!faster->is_running || now < engine->faster_next) {
		return false;
	}
	if (faster->asked == FASTER_PROBES || faster->hop > engine->session->hop_count) {
		faster->is_running = false;
		faster->took = engine->faster_last - engine->faster_from;
		return false;
	}
	engine->walk[WALK_FASTER][faster->hop - 1] = engine->walk[WALK_TO][faster->hop - 1];
	engine->walk[WALK_FASTER][faster->hop - 1].kind = WALK_FASTER;
	if (!engine_emit(engine, now, &item, ret_spec)) {
		return false;
	}
	faster->asked++;
	engine->faster_last = now;
	/* The last of them is waited for as any other. */
	engine->faster_next = now + (faster->asked == FASTER_PROBES ? engine->timeout : FASTER_GAP);
	return true;
}

static ns_t next(const struct engine *engine, ns_t now)
{
	if (!engine->session->faster.is_running) {
		return NS_NEVER;
	}
	return engine->faster_next > now ? engine->faster_next : pace_next(&engine->pace, now);
}

static bool answer(struct engine *engine, const struct probe_entry *entry,
	const struct reply *reply, bool is_first)
{
	struct faster *faster = &engine->session->faster;

	faster->answered += is_first && engine_is_answer_to(entry, reply) && faster->is_running &&
		entry->depth == faster->hop;
	return false;
}

static void forget(struct engine *engine, ns_t now)
{
	(void)now;
	engine->session->faster = (struct faster){0};
}

const struct activity faster_activity = {
	.when = ACTIVITY_SPARE, .kinds = 1u << WALK_FASTER,
	.poll = poll, .next = next, .answer = answer, .forget = forget,
};
