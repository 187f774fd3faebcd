/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <stdlib.h>

#include "base/mem.h"
#include "probe/engine_int.h"

/*
 * What takes a link away for a while, a probe meets twice: on its way out, and a round trip later
 * on its way home. Of two neighbouring depths the deeper one comes home later, so an outage of a
 * link before both hits it alone, and never the shallower one: compared as they are, they convict
 * the clean link between them. So the walk to the shallower depth is sent once more, later by what
 * the link adds to the round trip: it comes home with the deeper one. Out with the first and home
 * with the second, the deeper one meets no outage that neither of these does. Where bounces lead
 * through the shallower depth, it is a bounce; the gateway is asked for it once it has lost one.
 * Where nothing else leads through a hop, probes to the end are bracketed so.
 */
enum { SAMPLES = 3, LAST = 31, BEGINNING = 16 };

/* In less time hardly an outage begins: what that could gather is beneath notice, unless the path
 * before loses so much that they may follow one another by fractions of a second. */
static const ns_t ADDS = 2 * NS_PER_MS, ADDS_IN_LOSS = NS_PER_MS / 5;
static const double LOSSY = 0.01;
static const ns_t SLACK = NS_PER_MS / 4, TOO_LATE = 5 * NS_PER_MS, PLAN_EVERY = NS_PER_SEC;

void brackets_finish(struct engine *engine)
{
	free(engine->brackets.due);
	heap_finish(&engine->brackets.heap);
}

static void set_cell(struct engine *engine, size_t k, uint32_t round, enum outcome outcome)
{
	session_bracket_cell(&engine->session->brackets[k], round)->outcome = (uint8_t)outcome;
}

static void drop(struct engine *engine, struct bracket_due *due)
{
	heap_remove(&engine->brackets.heap, &due->node);
	set_cell(engine, due->depth - 1u, due->round, OUTCOME_NONE);
}

void brackets_forget(struct engine *engine)
{
	struct heap_node *first;

	while ((first = heap_first(&engine->brackets.heap)) != NULL) {
		drop(engine, (struct bracket_due *)(void *)first);
	}
	for (size_t k = 0; engine->brackets.due != NULL && k < HOP_MAX; k++) {
		engine->session->brackets[k].after = 0;
	}
	engine->brackets.plan_at = 0;
}

/* The later walk, to the depth before. */
static void set_walk(struct engine *engine, size_t k, size_t near)
{
	bool is_bounce = session_is_bounced(engine->session, near - 1);
	enum walk_kind kind = is_bounce ? WALK_BRACKET_BOUNCE : WALK_BRACKET;
	struct walk *walk = &engine->walk[kind][k];

	*walk = is_bounce ? engine->walk[WALK_BOUNCE][0] :
		engine->walk[engine->session->main_walk][near - 1];
	walk->kind = kind;
	walk->depth = (uint8_t)(k + 1);
	engine->session->brackets[k].by = kind;
}

/* The path, or what leads through the depth before, may have changed since it was planned. */
static bool is_possible(const struct engine *engine, size_t k)
{
	const struct session *session = engine->session;
	const struct bracket *bracket = &session->brackets[k];

	return k < session->hop_count && bracket->after > 0 &&
	       session_is_bounced(session, bracket->near - 1u) ==
	       (bracket->by == WALK_BRACKET_BOUNCE) &&
	       engine->walk[bracket->by][k].leg_count > 0;
}

static int by_size(const void *a, const void *b)
{
	int32_t x = *(const int32_t *)a, y = *(const int32_t *)b;

	return (x > y) - (x < y);
}

/* The round trip to the hop before hops[k] in that round, in microseconds: of the later walk, which
 * leaves alone, where there was one; a burst lets its own packets wait. 0: none came home. */
static uint32_t shallower_us(const struct session *session, size_t k, size_t near, uint32_t round)
{
	const struct bracket_cell *later = session_bracket_of(session, k, (uint8_t)near, round);
	const struct stats_cell *cell = stats_cell_of(
		&session->hops[near - 1].walk[session->main_walk], round);

	if (later != NULL && later->outcome == OUTCOME_ANSWERED) {
		return later->rtt_us;
	}
	return session->brackets[k].after == 0 && cell != NULL &&
	       cell->outcome == OUTCOME_ANSWERED ? cell->rtt_us : 0;
}

/* By how much the walk to hops[k] comes home later than the one to the hop at `near`: the mean of
 * the middle half of the last rounds. 0: there were too few. */
static ns_t added_time(const struct session *session, size_t k, size_t near)
{
	const struct stats *deeper = &session->hops[k].walk[session->brackets[k].of];
	int32_t added_us[LAST];
	size_t count = 0;
	int64_t sum = 0;

	for (uint32_t back = 0; back < STATS_HISTORY && back < session->rounds && count < LAST;
	     back++) {
		const struct stats_cell *cell = stats_cell_of(deeper, session->rounds - back);
		uint32_t before = shallower_us(session, k, near, session->rounds - back);

		if (before > 0 && cell != NULL && cell->outcome == OUTCOME_ANSWERED) {
			added_us[count++] = (int32_t)(cell->rtt_us - before);
		}
	}
	if (count < SAMPLES) {
		return session->brackets[k].after;
	}
	qsort(added_us, count, sizeof added_us[0], by_size);
	for (size_t i = count / 4; i < count - count / 4; i++) {
		sum += added_us[i];
	}
	return sum / (int64_t)(count - 2 * (count / 4)) * NS_PER_US;
}

/* What a link has to add to be worth it. Once it is, it stays: each change begins the comparison
 * anew, and where the path before loses about as much as counts for lossy, that would be each
 * minute. */
static ns_t least_added(const struct session *session, size_t k, size_t near, ns_t now)
{
	const struct stats *stats = &session->hops[near - 1].walk[session->main_walk];

	if (session->brackets[k].after > 0) {
		return ADDS_IN_LOSS / 2;
	}
	return session_is_bounced(session, near - 1) && stats->lost == 0 ? NS_NEVER :
		stats_recent_loss(stats, now) > LOSSY ? ADDS_IN_LOSS : ADDS;
}

/* The last hop that replies, of which ordinary probes tell. */
static size_t last_asked(const struct session *session)
{
	size_t k = session->has_walk[WALK_TO] ? session->hop_count : 0;

	while (k > 0 && session->hops[k - 1].walk[WALK_TO].samples == 0) {
		k--;
	}
	return k;
}

/* Whether probes to hops[k] are held against the depth `near` before it, and which. */
static bool is_deeper(const struct engine *engine, size_t k, size_t near, enum walk_kind *ret_kind)
{
	const struct session *session = engine->session;
	const struct walk *walk = engine->walk[session->main_walk];
	bool is_main = (walk != NULL && walk[k].leg_count > 0) || session_is_bounced(session, k);

	*ret_kind = is_main ? session->main_walk : WALK_TO;
	return is_main ? session->hops[k].walk[session->main_walk].samples > 0 :
		near == 1 && session_is_bounced(session, 0) && k + 1 == last_asked(session);
}

void brackets_plan(struct engine *engine, ns_t now)
{
	struct session *session = engine->session;
	size_t near = 0;

	if (engine->brackets.due == NULL || now < engine->brackets.plan_at) {
		return;
	}
	engine->brackets.plan_at = session->rounds < BEGINNING ? 0 : now + PLAN_EVERY;
	for (size_t k = 0; k < session->hop_count; k++) {
		struct bracket *bracket = &session->brackets[k];
		enum walk_kind of;
		ns_t added = 0;

		if (!is_deeper(engine, k, near, &of)) {
			bracket->after = 0;
			continue;
		}
		bracket->of = of;
		if (near > 0) {
			added = added_time(session, k, near);
			set_walk(engine, k, near);
		}
		bracket->near = (uint8_t)near;
		bracket->after = near > 0 && added > least_added(session, k, near, now) ? added : 0;
		near = k + 1;
	}
}

static void sent(struct engine *engine, const struct probe_entry *entry)
{
	struct brackets *brackets = &engine->brackets;
	struct bracket *bracket;
	struct bracket_due *due;

	if (brackets->due == NULL || entry->round == 0 || entry->spread == SPREAD_TRIAL ||
	    entry->depth == 0 || entry->depth > HOP_MAX) {
		return;
	}
	bracket = &engine->session->brackets[entry->depth - 1];
	due = &brackets->due[brackets->next];
	/* Its place is taken where they wait longer than so many rounds. */
	if (entry->kind != bracket->of || bracket->after == 0 || due->node.index_plus_1 != 0) {
		return;
	}
	brackets->next = (brackets->next + 1) % BRACKETS_DUE;
	due->depth = entry->depth;
	due->round = entry->round;
	set_cell(engine, entry->depth - 1u, entry->round, OUTCOME_PENDING);
	heap_set(&brackets->heap, &due->node, entry->sent_at + bracket->after);
}

void brackets_prepare(struct engine *engine)
{
	struct brackets *brackets = &engine->brackets;

	if ((engine->walk[WALK_BRACKET] != NULL || engine->walk[WALK_BRACKET_BOUNCE] != NULL) &&
	    brackets->due == NULL) {
		brackets->due = xcalloc(BRACKETS_DUE, sizeof *brackets->due);
		session_add_brackets(engine->session);
		engine->sent = sent;
	}
}

static bool poll(struct engine *engine, ns_t now, struct probe_spec *ret_spec)
{
	struct heap_node *first;

	while ((first = heap_first(&engine->brackets.heap)) != NULL && first->when <= now + SLACK) {
		struct bracket_due *due = (struct bracket_due *)(void *)first;
		struct item item = {.depth = due->depth, .round = due->round,
			.kind = (uint8_t)engine->session->brackets[due->depth - 1].by};

		/* It is sent now, or not at all. */
		if (now < first->when + TOO_LATE && is_possible(engine, due->depth - 1u) &&
		    engine_emit(engine, now, &item, ret_spec)) {
			heap_remove(&engine->brackets.heap, first);
			return true;
		}
		drop(engine, due);
	}
	return false;
}

static ns_t next(const struct engine *engine, ns_t now)
{
	const struct heap_node *first = heap_first(&engine->brackets.heap);

	(void)now;
	return first == NULL ? NS_NEVER : first->when;
}

static void resolved(struct engine *engine, const struct probe_entry *entry, ns_t rtt)
{
	bool has_stayed = engine->has_departed && entry->tx_delta == TX_UNSEEN;
	enum outcome outcome = entry->state == PROBE_ANSWERED ? OUTCOME_ANSWERED :
		entry->state == PROBE_LOST && !has_stayed ? OUTCOME_LOST : OUTCOME_NONE;

	set_cell(engine, entry->depth - 1u, entry->round,
		entry->is_of_old_path ? OUTCOME_NONE : outcome);
	session_bracket_cell(&engine->session->brackets[entry->depth - 1], entry->round)->rtt_us =
		(uint32_t)(rtt / NS_PER_US);
}

static void forget(struct engine *engine, ns_t now)
{
	(void)now;
	brackets_forget(engine);
}

const struct activity bracket_activity = {
	.when = ACTIVITY_ALWAYS, .kinds = 1u << WALK_BRACKET,
	.poll = poll, .next = next, .resolved = resolved, .forget = forget,
};

/* That it cannot be sent the bounces of the rounds tell. */
static void unsent(struct engine *engine, const struct probe_entry *entry, int sys)
{
	(void)engine;
	(void)entry;
	(void)sys;
}

const struct activity bracket_bounce_activity = {
	.when = ACTIVITY_ALWAYS, .kinds = 1u << WALK_BRACKET_BOUNCE,
	.take = bounce_take, .resolved = resolved, .unsent = unsent,
};
