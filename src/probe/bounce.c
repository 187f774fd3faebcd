/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <errno.h>
#include <math.h>
#include <string.h>

#include "probe/engine_int.h"

/*
 * What goes through the first hop where that unwraps nothing: a packet to ourselves that is handed
 * to the gateway's link address comes home by its forwarding plane (RFC 9747, 2). At most one a
 * round. The first that comes home is a trial; from then on they are counted as what goes through
 * hop 1. A gateway may drop them, as some do with packets from and to one address, and that is no
 * loss: so a loss is counted once a later bounce has come home, or once other probes are lost as
 * well, and where neither happens the gateway is left alone for a minute.
 */
enum { PATIENCE = 5, LOOK_BACK = 32 };

static const ns_t AGAIN = 60 * NS_PER_SEC;

/* So unlikely must it be that a row of losses is chance: of trials, and of those that count. */
static const double TRIAL_CHANCE = 0.01, ROW_CHANCE = 1e-6;

static bool is_counted(const struct engine *engine)
{
	return engine->session->bounce.state == BOUNCE_HOME;
}

static struct stats *stats_of(const struct engine *engine)
{
	struct session *session = engine->session;

	return &session->hops[0].walk[session->main_walk];
}

static void leave_what_is_out(struct engine *engine)
{
	for (uint32_t i = 0; i <= engine->out.mask; i++) {
		struct probe_entry *entry = &engine->out.entry[i];

		entry->is_of_old_path = entry->is_of_old_path || entry->kind == WALK_BOUNCE;
	}
}

/* What was counted for hop 1, by other walks or by bounces, says nothing of what follows, nor does
 * what is out. */
static void set_state(struct engine *engine, enum bounce_state state)
{
	struct bouncing *bouncing = &engine->bouncing;

	leave_what_is_out(engine);
	if (is_counted(engine) || state == BOUNCE_HOME) {
		*stats_of(engine) = (struct stats){0};
	}
	engine->session->bounce.state = state;
	bouncing->trials = bouncing->row = 0;
	bouncing->held_count = 0;
	bouncing->has_come_home = false;
	bouncing->again_at = engine->polled_at + AGAIN;
}

static bool has_walk_of_its_own(const struct engine *engine)
{
	for (int kind = 0; kind < WALK_TO; kind++) {
		if (engine->walk[kind] != NULL && engine->walk[kind][0].leg_count > 0) {
			return true;
		}
	}
	return false;
}

/* Whether hop 1 is a gateway that nothing else goes through. */
static bool is_wanted(const struct engine *engine)
{
	const struct session *session = engine->session;
	const struct hop *hop = &session->hops[0];
	bool is_asked = !engine->config.has_scan || hop->decap == HOP_DECAP_NO ||
		hop->decap == HOP_DECAP_SILENT;

	return session->hop_count > 1 && addr_is_set(&hop->address) && is_asked &&
	       !hop->is_skipped && !hop->is_muted && !hop->is_answering &&
	       !has_walk_of_its_own(engine) &&
	       session_self(session, session->destination.family) != NULL;
}

void bounce_plan(struct engine *engine)
{
	struct session *session = engine->session;
	struct bouncing *bouncing = &engine->bouncing;
	struct walk walk = {.kind = WALK_BOUNCE};
	struct addr any = {0};

	if (engine->walk[WALK_BOUNCE] == NULL) {
		return;
	}
	if (session->phase != PHASE_PROBING) {
		bounce_reset(engine);
	}
	/* Of a path that was found hop 1 is whoever the route leads by. */
	if (is_wanted(engine)) {
		walk = walk_bounce(session_self(session, session->destination.family),
			&session->destination, session->is_explicit ? &session->hops[0].address : &any);
	}
	if (session->bounce.state != BOUNCE_OFF && (walk.leg_count == 0 ||
	    !addr_equal(&walk.leg[0].src, &engine->walk[WALK_BOUNCE][0].leg[0].src) ||
	    !addr_equal(&bouncing->gateway, &session->hops[0].address))) {
		set_state(engine, BOUNCE_OFF);
	}
	if (session->bounce.state == BOUNCE_OFF && walk.leg_count > 0) {
		set_state(engine, BOUNCE_TRIED);
		session->bounce.asked = 0;
	}
	bouncing->gateway = session->hops[0].address;
	engine->walk[WALK_BOUNCE][0] = walk;
}

bool bounce_is_due(struct engine *engine)
{
	enum bounce_state state = engine->session->bounce.state;

	if (engine->walk[WALK_BOUNCE] == NULL || engine->walk[WALK_BOUNCE][0].leg_count == 0) {
		return false;
	}
	if (state == BOUNCE_HOME) {
		return true;
	}
	/* What became of five is waited for; where that tells nothing, of each one more. */
	if (state == BOUNCE_TRIED) {
		bool is_due = engine->bouncing.trials < PATIENCE ||
			engine->bouncing.trials == engine->bouncing.row;

		engine->bouncing.trials += is_due;
		return is_due;
	}
	if (engine->polled_at < engine->bouncing.again_at) {
		return false;
	}
	engine->bouncing.again_at = engine->polled_at + AGAIN;
	return true;
}

/* Of the rounds up to that one the share in which a hop gave or passed an answer, the best of
 * them: so many came over the first link at the least. */
static double share_heard(const struct engine *engine, uint32_t round, unsigned rounds)
{
	const struct session *session = engine->session;
	unsigned best = 0;

	for (size_t i = 0; i < session->hop_count * WALK_STATS_COUNT; i++) {
		const struct stats *stats = &session->hops[i / WALK_STATS_COUNT].walk[
			i % WALK_STATS_COUNT];
		unsigned heard = 0;

		for (unsigned back = 0; back < rounds && back < round && stats != stats_of(engine);
		     back++) {
			const struct stats_cell *cell = stats_cell_of(stats, round - back);

			heard += cell != NULL && cell->outcome == OUTCOME_ANSWERED;
		}
		best = heard > best ? heard : best;
	}
	return (double)best / rounds;
}

/* How often a bounce is lost where the gateway does not drop it. */
static double loss_to_expect(const struct engine *engine, uint32_t round, unsigned rounds)
{
	const struct stats *stats = stats_of(engine);
	double before = ((double)stats->lost + 0.5) / ((double)stats_loss_trials(stats) + 1);
	double others = 1 - share_heard(engine, round, rounds < LOOK_BACK ? rounds : LOOK_BACK);

	return is_counted(engine) && before > others ? before : others;
}

/* Those that are held are losses like any other. */
static void count_held(struct engine *engine, size_t count)
{
	struct bouncing *bouncing = &engine->bouncing;

	for (size_t i = 0; i < count; i++) {
		stats_lost(stats_of(engine), &bouncing->held[i].probe);
	}
	bouncing->held_count -= count;
	memmove(bouncing->held, bouncing->held + count,
		bouncing->held_count * sizeof bouncing->held[0]);
}

static void miss_trial(struct engine *engine, const struct probe_entry *entry)
{
	struct bouncing *bouncing = &engine->bouncing;

	bouncing->row++;
	engine->session->bounce.asked++;
	if (engine->session->bounce.state == BOUNCE_TRIED && bouncing->row >= PATIENCE &&
	    pow(loss_to_expect(engine, entry->round, bouncing->row), bouncing->row) <=
	    TRIAL_CHANCE) {
		set_state(engine, BOUNCE_DROPPED);
	}
}

static void miss(struct engine *engine, const struct probe_entry *entry)
{
	struct bouncing *bouncing = &engine->bouncing;
	struct stats_probe probe = engine_stats_probe(entry);
	double expected;

	if (bouncing->has_come_home && (int32_t)(bouncing->home_seq - entry->seq) > 0) {
		stats_lost(stats_of(engine), &probe);
		return;
	}
	if (bouncing->held_count == BOUNCES_HELD) {
		count_held(engine, 1);
	}
	bouncing->held[bouncing->held_count++] = (struct bounce_held){entry->seq, probe};
	if (bouncing->held_count < PATIENCE) {
		return;
	}
	expected = loss_to_expect(engine, entry->round, (unsigned)bouncing->held_count);
	if (pow(expected, (double)bouncing->held_count) <= ROW_CHANCE) {
		set_state(engine, BOUNCE_DROPPED);
	} else if (expected > 0.5) {
		count_held(engine, bouncing->held_count);
	}
}

/* It came home, late or not: the gateway does bounce. */
static void come_home(struct engine *engine, const struct probe_entry *entry)
{
	struct bouncing *bouncing = &engine->bouncing;

	if (!is_counted(engine)) {
		set_state(engine, BOUNCE_HOME);
		return;
	}
	if (!bouncing->has_come_home || (int32_t)(entry->seq - bouncing->home_seq) > 0) {
		bouncing->home_seq = entry->seq;
		bouncing->has_come_home = true;
	}
	count_held(engine, bouncing->held_count);
}

static void resolved(struct engine *engine, const struct probe_entry *entry, ns_t rtt)
{
	struct stats_probe probe = engine_stats_probe(entry);
	bool was_counted = is_counted(engine);

	if (entry->is_of_old_path) {
		return;
	}
	if (entry->state == PROBE_VOID) {
		engine->bouncing.trials -= engine->bouncing.trials > 0;
	} else if (entry->state == PROBE_ANSWERED) {
		come_home(engine, entry);
		if (was_counted) {
			stats_answered(stats_of(engine), &probe, rtt);
		}
	} else if (was_counted) {
		miss(engine, entry);
	} else {
		miss_trial(engine, entry);
	}
}

/* That the gateway knows a shorter way is no fault; and an error says no more than that it did not
 * come home. */
bool bounce_take(struct engine *engine, struct probe_entry *entry, const struct reply *reply)
{
	if (reply->kind == REPLY_REDIRECT) {
		engine->session->bounce.redirects++;
		return true;
	}
	if (reply->kind == REPLY_ERROR && entry->state == PROBE_WAITING) {
		engine_resolve(engine, entry, PROBE_LOST, 0);
	}
	return reply->kind == REPLY_ERROR;
}

/* Without a gateway, or by a link without link addresses, none can be sent; see net/gateway.h. */
static void unsent(struct engine *engine, const struct probe_entry *entry, int sys)
{
	if (!entry->is_of_old_path && (sys == EDESTADDRREQ || sys == EOPNOTSUPP)) {
		set_state(engine, sys == EDESTADDRREQ ? BOUNCE_NO_GATEWAY : BOUNCE_NO_LINK);
	}
}

bool bounce_take_held(struct engine *engine, uint32_t seq)
{
	struct bouncing *bouncing = &engine->bouncing;

	for (size_t i = 0; i < bouncing->held_count; i++) {
		if (bouncing->held[i].seq == seq) {
			bouncing->held_count--;
			memmove(&bouncing->held[i], &bouncing->held[i + 1],
				(bouncing->held_count - i) * sizeof bouncing->held[0]);
			return true;
		}
	}
	return false;
}

void bounce_settle(struct engine *engine)
{
	if (is_counted(engine)) {
		count_held(engine, engine->bouncing.held_count);
	}
}

void bounce_reset(struct engine *engine)
{
	engine->bouncing.held_count = 0;
	engine->bouncing.trials = engine->bouncing.row = 0;
}

const struct activity bounce_activity = {
	.when = ACTIVITY_IN_ROUNDS, .kinds = 1u << WALK_BOUNCE,
	.take = bounce_take, .resolved = resolved, .late = come_home, .unsent = unsent,
};
