/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "probe/engine_int.h"

/*
 * What does not count: rounds in which the prober itself lost packets, could not send, or
 * slept. They are taken out of the counts whole, for verdicts compare probes of one round.
 */
/* The kernel may gather replies for that long. */
static const ns_t DROPS_SLACK = 50 * NS_PER_MS;

static void void_entry(struct engine *engine, struct probe_entry *entry)
{
	static const enum outcome outcomes[] = {
		[PROBE_FREE] = OUTCOME_NONE, [PROBE_WAITING] = OUTCOME_PENDING,
		[PROBE_ANSWERED] = OUTCOME_ANSWERED, [PROBE_LOST] = OUTCOME_LOST,
		[PROBE_LATE] = OUTCOME_LATE, [PROBE_ERROR] = OUTCOME_ERROR, [PROBE_VOID] = OUTCOME_NONE,
	};
	struct stats *stats = engine_stats_of(engine, entry);
	struct flow_count *count;
	struct stats_probe probe = engine_stats_probe(entry);
	const struct activity *activity = activity_of(engine, (enum walk_kind)entry->kind);

	/* A late answer is known to have been late: no drop of ours made it so. */
	if (entry->state == PROBE_VOID || entry->state == PROBE_LATE) {
		return;
	}
	count = engine_flow_of(engine, entry);
	if (count != NULL && entry->state != PROBE_WAITING) {
		count->sent--;
		count->received -= entry->state == PROBE_ANSWERED;
	}
	if (stats != NULL) {
		stats_void(stats, &probe, bounce_take_held(engine, entry->seq) ? OUTCOME_PENDING :
			outcomes[entry->state], (enum icmp_cause)entry->cause);
	}
	entry->state = PROBE_VOID;
	if (activity->resolved != NULL) {
		activity->resolved(engine, entry, 0);
	}
}

/* A probe of the round, or one that belongs to another and was sent in between. */
static bool is_within(const struct probe_entry *entry, uint32_t round)
{
	return entry != NULL && (entry->round == round || walk_is_bracket((enum walk_kind)entry->kind));
}

void engine_void_rounds(struct engine *engine, uint32_t seq, uint32_t end)
{
	struct probe_entry *entry = outstanding_get(&engine->out, seq);
	uint32_t last_round = 0;

	while (entry != NULL && entry->round != 0 &&
	       is_within(outstanding_get(&engine->out, seq - 1), entry->round)) {
		seq--;
	}
	for (; seq != end; seq++) {
		entry = outstanding_get(&engine->out, seq);
		/* What finds the path is no part of a round, and its answers say as much as ever. */
		if (entry == NULL || entry->round == 0) {
			continue;
		}
		if (walk_is_bracket((enum walk_kind)entry->kind)) {
			void_entry(engine, entry);
			continue;
		}
		/* A round that was void before it had wholly left is the same round still. */
		if (entry->round != last_round) {
			engine->session->void_rounds += entry->state != PROBE_VOID;
			last_round = entry->round;
		}
		void_entry(engine, entry);
	}
}

uint32_t engine_oldest_out(struct engine *engine)
{
	const struct probe_entry *oldest = outstanding_oldest(&engine->out);

	return oldest == NULL ? engine->out.next : oldest->seq;
}

/* The first probe that left at that time or later; the next one if none has. */
static uint32_t first_since(struct engine *engine, ns_t since)
{
	uint32_t seq = engine->out.next;
	const struct probe_entry *entry;

	while ((entry = outstanding_get(&engine->out, seq - 1)) != NULL && entry->sent_at >= since) {
		seq--;
	}
	return seq;
}

/* Since the counter was read before, replies were lost here. Whose they were nobody knows, so all
 * are void whose reply was due then, by when they left: what became of them has no say, for a probe
 * that was lost on its way is out ten times as long as one that came home. */
void engine_drops(struct engine *engine, uint64_t rx_dropped)
{
	ns_t due = engine->max_rtt + DROPS_SLACK;

	if (rx_dropped > engine->session->rx_dropped) {
		engine->session->rx_dropped = rx_dropped;
		engine_void_rounds(engine, first_since(engine, engine->drops_read_at -
			(due < engine->timeout ? due : engine->timeout)), engine->out.next);
	}
	engine->drops_read_at = engine->polled_at;
}

void engine_gap(struct engine *engine)
{
	engine_void_rounds(engine, engine_oldest_out(engine), engine->out.next);
}

void engine_unsent(struct engine *engine, uint32_t seq, int sys)
{
	struct probe_entry *entry = outstanding_get(&engine->out, seq);
	const struct activity *activity = entry == NULL ? NULL :
		activity_of(engine, (enum walk_kind)entry->kind);
	uint32_t end = seq + 1;

	if (activity != NULL && activity->unsent != NULL) {
		void_entry(engine, entry);
		activity->unsent(engine, entry, sys);
		return;
	}
	engine->session->send_errors++;
	engine->session->send_errno = sys != 0 ? sys : engine->session->send_errno;
	if (entry == NULL) {
		return;
	}
	/* What rounds do not count cannot spoil one. */
	if (entry->round == 0 || entry->spread == SPREAD_TRIAL ||
	    !engine_is_counted((enum walk_kind)entry->kind)) {
		void_entry(engine, entry);
		return;
	}
	while (end != engine->out.next &&
	       is_within(outstanding_get(&engine->out, end), entry->round)) {
		end++;
	}
	engine_void_rounds(engine, seq, end);
}
