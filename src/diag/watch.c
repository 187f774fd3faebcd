/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <math.h>
#include <string.h>

#include "diag/diag_int.h"
#include "infer/pattern.h"

/*
 * The intake: each completed round is taken once, in order.
 */

static const ns_t LATE_WAIT = 2 * NS_PER_SEC;

enum { SPIKE_SAMPLES = 20 };

static const double SPIKE_FACTOR = 1.5, SPIKE_MORE_MS = 20, SPIKE_APART = 5;

static const struct stats_cell *cell_of(const struct session *session, size_t k,
	enum walk_kind kind, uint32_t round)
{
	return stats_cell_of(watch_stats(session, k, kind), round);
}

static const struct flow_count *flow_count_of(const struct session *session, size_t k,
	unsigned flow, enum walk_kind kind)
{
	const struct flow *at = session_flow(session, k, flow);

	return kind == WALK_TO ? &at->to : &at->through;
}

unsigned watch_bad_flows(const struct session *session, size_t k, unsigned near,
	enum walk_kind kind)
{
	uint32_t sent[FLOW_MAX], lost[FLOW_MAX];

	if (session->flows == NULL) {
		return 0;
	}
	for (unsigned i = 0; i < session->flow_count; i++) {
		const struct flow_count *count = flow_count_of(session, k, i, kind);
		const struct flow_count *before = near == 0 ? NULL :
			flow_count_of(session, near - 1, i, kind);
		uint32_t lost_before = before == NULL ? 0 : before->sent - before->received;

		sent[i] = count->sent;
		lost[i] = count->sent - count->received;
		lost[i] -= lost_before < lost[i] ? lost_before : lost[i];
	}
	return pattern_bad_members(sent, lost, session->flow_count);
}

/* Loss of the end's own replies: an outage of the end is told as such, and is no rate of loss. */
static void add_end_pair(const struct diag *diag, struct pair_watch *watch,
	const struct outcome_pair *pair)
{
	struct pending_pairs *pending = &watch->pending;

	if (diag->end.is_silent) {
		pending->count = 0;
		return;
	}
	if (diag->end.missed > 0 && pair->is_deeper_lost && pending->count < PENDING_PAIRS) {
		pending->pair[pending->count++] = *pair;
		return;
	}
	for (unsigned i = 0; i < pending->count; i++) {
		watch_add_pair(watch, &pending->pair[i], diag->now);
	}
	pending->count = 0;
	watch_add_pair(watch, pair, diag->now);
}

/* A hop whose walk says something of links: it is unwrapped, or ends by its own answer, and
 * no hop before it swallows what it should unwrap. An end that limits its answers says nothing. */
static bool is_measured(const struct diag *diag, const struct session *session, size_t k)
{
	const struct hop *hop = &session->hops[k];

	if (k + 1 == session->hop_count && hop->is_answering && diag->end.limit.is_known) {
		return false;
	}
	return addr_is_set(&hop->address) && session_is_through(session, k) &&
	       (session_is_bounced(session, k) || hop->walk[session->main_walk].received > 0 ||
	        (hop->decap != HOP_DECAP_NO && hop->decap != HOP_DECAP_SILENT));
}

static void forget_from(struct diag *diag, size_t k)
{
	for (; k < HOP_MAX; k++) {
		diag->link[k] = (struct pair_watch){0};
		diag->home[k] = (struct pair_watch){0};
		diag->plain[k] = (struct pair_watch){0};
		diag->to[k] = (struct to_watch){0};
		limit_forget(diag, k);
		diag->time[k] = (struct link_time){0};
	}
	diag->path = (struct pair_watch){0};
	diag->routed = (struct pair_watch){0};
	diag->host = (struct host_watch){0};
}

/* The path and who is measured on it; where that changed, what was remembered is forgotten. */
static void look_at_path(struct diag *diag, const struct session *session)
{
	uint8_t near = 0, routed, bounced;
	bool is_blocked = false, is_asked;

	diag->link_count = 0;
	for (size_t k = 0; k < session->hop_count; k++) {
		const struct hop *hop = &session->hops[k];
		bool measured;

		is_blocked = is_blocked || (!session_is_loose(hop) && !hop->is_muted &&
			addr_is_set(&hop->address) && !is_measured(diag, session, k));
		measured = !is_blocked && is_measured(diag, session, k);
		/* One that was silent until now was the same router all along. */
		if (addr_is_set(&diag->address[k]) && !addr_equal(&diag->address[k], &hop->address)) {
			forget_from(diag, k);
		}
		diag->address[k] = hop->address;
		if (measured != diag->is_measured[k] || (measured && near != diag->near[k])) {
			diag->is_measured[k] = measured;
			diag->near[k] = near;
			diag->link[k] = (struct pair_watch){0};
			diag->plain[k] = (struct pair_watch){0};
			diag->time[k] = (struct link_time){0};
			diag->path = (struct pair_watch){0};
		}
		if (measured) {
			near = (uint8_t)(k + 1);
			diag->link_count++;
		}
	}
	/* A walk that nobody unwraps is an ordinary probe to the end, and places no loss; nor does one
	 * to ourselves, but on its own link. */
	bounced = session_is_bounced(session, 0);
	is_asked = session->has_walk[WALK_TO] && session->hop_count > 0 && (near == bounced ||
		(diag->link_count == 1u + bounced && session->hops[near - 1].is_answering));
	routed = session->has_walk[WALK_TO] && session->hop_count > 0 ? end_telling(diag, session) : 0;
	near = is_asked ? bounced : near;
	if (near != diag->path_hop) {
		diag->path_hop = near;
		diag->path = (struct pair_watch){0};
	}
	if (routed != diag->routed_hop || is_asked != diag->is_path_asked) {
		diag->routed_hop = routed;
		diag->is_path_asked = is_asked;
		diag->routed = (struct pair_watch){0};
	}
}

/* Which hop's own replies are asked whether ordinary packets pass the link to hops[k]: of that one
 * and those behind it the one that has left the fewest unanswered so far. What the round at hand
 * came to has no say. */
static void choose_witnesses(struct diag *diag, const struct session *session)
{
	size_t best = HOP_MAX, end = 0;
	double least = 2;

	/* Where somebody else answers at a hop's place, routing takes another way than the path. */
	while (end < session->hop_count && (watch_is_itself(session, end) ||
	       watch_stats(session, end, WALK_TO)->received == 0)) {
		end++;
	}
	memset(diag->witness, HOP_MAX, sizeof diag->witness);
	for (size_t k = end; k-- > 0;) {
		const struct to_watch *to = &diag->to[k];
		double loss = to->asked == 0 ? 1 : ((double)to->missed + .5) / ((double)to->asked + 1);

		if (loss < least) {
			least = loss;
			best = k;
		}
		diag->witness[k] = (uint8_t)best;
	}
}

/* An ordinary packet over the link to hops[k], in the same round. */
static void take_witness(struct diag *diag, const struct session *session, size_t k, uint32_t round)
{
	const struct stats_cell *to = diag->witness[k] == HOP_MAX ? NULL :
		cell_of(session, diag->witness[k], WALK_TO, round);

	if (stats_is_resolved(to)) {
		diag->link[k].total.plain++;
		diag->link[k].total.plain_lost += to->outcome == OUTCOME_LOST;
	}
	if (k + 1 == diag->path_hop && diag->witness[k] != HOP_MAX) {
		const struct stats_cell *end = cell_of(session, k, WALK_TO, round);

		diag->path.total.plain += stats_is_resolved(end);
		diag->path.total.plain_lost += stats_is_resolved(end) && end->outcome == OUTCOME_LOST;
	}
}

static void take_to(struct to_watch *to, const struct stats_cell *cell)
{
	bool is_answered;

	if (!stats_is_resolved(cell)) {
		return;
	}
	is_answered = cell->outcome == OUTCOME_ANSWERED;
	if (is_answered && to->asked == to->first_run) {
		to->first_run++;
	} else {
		gaps_take(&to->answers, is_answered);
		gaps_take(&to->losses, !is_answered);
	}
	to->asked++;
	to->missed += !is_answered;
}

/* Answers that are far slower than the hop's usual one, and when each row of them began. */
static void take_spike(struct to_watch *to, const struct stats *stats,
	const struct stats_cell *cell, double at)
{
	double ms = cell->rtt_us / 1000.0, usual;

	if (cell->outcome != OUTCOME_ANSWERED || stats->samples < SPIKE_SAMPLES) {
		return;
	}
	usual = stats_gmean_ms(stats);
	if (ms < SPIKE_FACTOR * usual + SPIKE_MORE_MS) {
		return;
	}
	to->worst_ms = fmax(to->worst_ms, ms);
	if (at > to->slow_at + SPIKE_APART || to->spike_count == 0) {
		if (to->spike_count == SPIKES) {
			memmove(to->spike_at, to->spike_at + 1, (SPIKES - 1) * sizeof to->spike_at[0]);
			to->spike_count--;
		}
		to->spike_at[to->spike_count++] = at;
	}
	to->slow_at = at;
}

static unsigned count_lost(const struct diag *diag, const struct session *session, uint32_t round)
{
	unsigned lost = 0;

	for (size_t k = 0; k < session->hop_count; k++) {
		const struct stats_cell *cell = cell_of(session, k, session->main_walk, round);

		lost += diag->is_measured[k] && cell != NULL && cell->outcome == OUTCOME_LOST;
	}
	return lost;
}

/* Natural walks turn at their hop and unwrap nowhere else: where routing comes home over the
 * path they cross its links as the main ones do, with less loss on the way to them. */
static void take_plain(struct diag *diag, const struct session *session, size_t k, uint32_t round,
	unsigned lost)
{
	uint8_t near = diag->near[k];
	const struct stats_cell *cell = cell_of(session, k, WALK_NATURAL, round);
	const struct stats_cell *before = near == 0 ? NULL :
		cell_of(session, near - 1u, WALK_NATURAL, round);

	if (stats_is_resolved(cell) && (near == 0 || stats_is_resolved(before))) {
		watch_add_pair(&diag->plain[k], &(struct outcome_pair){.is_against_nothing = near == 0,
			.is_deeper_lost = cell->outcome == OUTCOME_LOST,
			.is_shallower_lost = near > 0 && before->outcome == OUTCOME_LOST,
			.others_lost = lost}, diag->now);
	}
}

/* Of what came through hops[k], or to an end that replies itself. */
static void add_through(const struct diag *diag, const struct session *session, size_t k,
	struct pair_watch *watch, const struct outcome_pair *pair)
{
	if (session->hops[k].is_answering) {
		add_end_pair(diag, watch, pair);
	} else {
		watch_add_pair(watch, pair, diag->now);
	}
}

/* A link that is compared in another way than before is watched anew, unless it is accused. */
static void set_bracketed(struct pair_watch *watch, bool is_bracketed)
{
	if (watch->total.is_bracketed == is_bracketed) {
		return;
	}
	if (!watch->has_alarm) {
		*watch = (struct pair_watch){0};
	}
	watch->total.is_bracketed = is_bracketed;
}

/* The second of two at the depth `near`, where there is one. False: not known what became of it. */
static bool take_later(struct pair_watch *watch, const struct session *session, size_t k,
	uint8_t near, uint32_t round, struct outcome_pair *pair)
{
	const struct bracket_cell *later = session_bracket_of(session, k, near, round);

	set_bracketed(watch, session_is_bracketed(session, k, near));
	if (!watch->total.is_bracketed) {
		return true;
	}
	pair->is_later_lost = later != NULL && later->outcome == OUTCOME_LOST;
	return later != NULL && (pair->is_later_lost || later->outcome == OUTCOME_ANSWERED);
}

/* The probe to hops[k] against the one, or the two, to the measured hop before it. */
static void take_link(struct diag *diag, const struct session *session, size_t k, uint32_t round,
	struct outcome_pair *pair)
{
	if (take_later(&diag->link[k], session, k, diag->near[k], round, pair)) {
		add_through(diag, session, k, &diag->link[k], pair);
	}
}

/* What a round says of hops[k] through which packets passed. */
static void take_hop(struct diag *diag, const struct session *session, size_t k, uint32_t round,
	unsigned lost)
{
	const struct stats_cell *cell = cell_of(session, k, session->main_walk, round);
	const struct stats_cell *natural = cell_of(session, k, WALK_NATURAL, round);
	uint8_t near = diag->near[k];
	const struct stats_cell *before = near == 0 ? NULL :
		cell_of(session, near - 1u, session->main_walk, round);
	struct outcome_pair pair = {.is_against_nothing = near == 0};

	/* Of natural walks none comes home with the deeper one. */
	if (session->main_walk == WALK_RETRACE && !session_is_bracketed(session, k, near)) {
		take_plain(diag, session, k, round, lost);
	}
	if (!stats_is_resolved(cell)) {
		return;
	}
	pair.is_deeper_lost = cell->outcome == OUTCOME_LOST;
	if (near == 0 || stats_is_resolved(before)) {
		pair.is_shallower_lost = near > 0 && before->outcome == OUTCOME_LOST;
		pair.others_lost = lost - pair.is_deeper_lost - pair.is_shallower_lost;
		take_link(diag, session, k, round, &pair);
	}
	if (k + 1 == diag->path_hop) {
		add_through(diag, session, k, &diag->path, &(struct outcome_pair){
			.is_deeper_lost = pair.is_deeper_lost, .is_against_nothing = true});
	}
	if (session->main_walk == WALK_RETRACE && stats_is_resolved(natural)) {
		watch_add_pair(&diag->home[k], &(struct outcome_pair){
			.is_deeper_lost = natural->outcome == OUTCOME_LOST,
			.is_shallower_lost = pair.is_deeper_lost,
			.others_lost = lost - pair.is_deeper_lost}, diag->now);
	}
}

/* Loss that ordinary packets meet, as the end tells it, or the hop that stands in for it: whatever
 * of it the path's nested probes do not. */
static void take_routed(struct diag *diag, const struct session *session, uint32_t round)
{
	const struct stats_cell *to = cell_of(session, diag->routed_hop - 1u, WALK_TO, round);
	const struct stats_cell *nested = diag->path_hop == 0 ? NULL :
		cell_of(session, diag->path_hop - 1u, session->main_walk, round);
	struct outcome_pair pair = {.is_against_nothing = diag->path_hop == 0};

	if (!stats_is_resolved(to) || (diag->path_hop > 0 && !stats_is_resolved(nested))) {
		return;
	}
	pair.is_deeper_lost = to->outcome == OUTCOME_LOST;
	pair.is_shallower_lost = nested != NULL && nested->outcome == OUTCOME_LOST;
	if (!take_later(&diag->routed, session, diag->routed_hop - 1u, diag->path_hop, round, &pair)) {
		return;
	}
	if (diag->end.stand_in > 0) {
		watch_add_pair(&diag->routed, &pair, diag->now);
	} else {
		add_end_pair(diag, &diag->routed, &pair);
	}
}

static void take_round(struct diag *diag, const struct session *session, uint32_t round)
{
	unsigned lost = count_lost(diag, session, round);

	if (diag->interval != session->interval) {
		memset(diag->to, 0, sizeof diag->to);
		diag->interval = session->interval;
	}
	diag->elapsed += ns_to_sec(session->interval);
	end_take_round(diag, session, round);
	choose_witnesses(diag, session);
	if (diag->routed_hop > 0) {
		take_routed(diag, session, round);
	}
	for (size_t k = 0; k < session->hop_count; k++) {
		const struct stats_cell *to = cell_of(session, k, WALK_TO, round);

		take_to(&diag->to[k], to);
		limit_take_hop(diag, session, k, round);
		if (to != NULL) {
			take_spike(&diag->to[k], watch_stats(session, k, WALK_TO), to, diag->elapsed);
		}
		if (diag->is_measured[k]) {
			take_witness(diag, session, k, round);
			take_hop(diag, session, k, round, lost);
		}
	}
	delay_take_round(diag, session, round);
}

/* What is given up may still come, late: that is no loss. */
static bool may_come_late(const struct session *session, uint32_t round, ns_t now)
{
	return now < session_round_at(session, round) + LATE_WAIT &&
	       session->rounds < round + STATS_HISTORY / 2;
}

static bool is_open(enum outcome outcome, bool is_lost_open)
{
	return outcome == OUTCOME_PENDING || (outcome == OUTCOME_LOST && is_lost_open);
}

static bool is_complete(const struct session *session, uint32_t round, ns_t now)
{
	bool is_early = may_come_late(session, round, now);
	const struct bracket_cell *bracket;

	for (size_t k = 0; k < session->hop_count; k++) {
		for (int kind = 0; kind < WALK_STATS_COUNT; kind++) {
			const struct stats_cell *cell = cell_of(session, k, (enum walk_kind)kind, round);

			if (cell != NULL && is_open((enum outcome)cell->outcome, is_early)) {
				return false;
			}
		}
		bracket = session->brackets == NULL ? NULL :
			&session->brackets[k].cell[round % STATS_HISTORY];
		if (bracket != NULL && bracket->round == round &&
		    is_open((enum outcome)bracket->outcome, is_early)) {
			return false;
		}
	}
	return true;
}

static void notice_reset(struct diag *diag, const struct session *session)
{
	uint64_t sent = 0;

	for (size_t k = 0; k < session->hop_count; k++) {
		sent += session->hops[k].walk[session->main_walk].transmitted +
			session->hops[k].walk[WALK_TO].transmitted;
	}
	/* Void rounds take some off again; a reset takes nearly all. */
	if (sent < diag->sent_seen / 2) {
		forget_from(diag, 0);
		diag->end = (struct end_watch){0};
	}
	diag->sent_seen = sent;
}

void watch_rounds(struct diag *diag, const struct session *session, bool is_over)
{
	/* The newest may not have left whole; those before it wait for their last answer. */
	uint32_t end = is_over ? session->rounds + 1 : session->rounds;

	if (session->rounds >= STATS_HISTORY && diag->next_round + STATS_HISTORY <= session->rounds) {
		diag->next_round = session->rounds - STATS_HISTORY + 1;
	}
	if (diag->next_round >= end ||
	    (!is_over && !is_complete(session, diag->next_round, diag->now))) {
		return;
	}
	look_at_path(diag, session);
	notice_reset(diag, session);
	while (diag->next_round < end &&
	       (is_over || is_complete(session, diag->next_round, diag->now))) {
		take_round(diag, session, diag->next_round++);
	}
}
