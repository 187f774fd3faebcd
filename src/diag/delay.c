/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <math.h>

#include "diag/diag_int.h"
#include "infer/change.h"

/*
 * The intake of times: in each round that of each link, and what all replies have in common. What
 * delays every one of them by as much is this host, or the link that they all cross.
 */
enum { ROWS_LEAST = 3, USUAL_LEAST = 20, USUAL_EVERY = 64, TIMES_LEAST = 4, ROUNDS_LEAST = 5,
	BLOCKS_LEAST = 8 };

static const double LATE_MIN_MS = 2, LATE_FACTOR = 4, UNEVEN = 0.5, LATELY_S = 120;

struct lag_rule delay_rule(const struct diag *diag, const struct session *session,
	unsigned *ret_every)
{
	return lag_rule_of(fmax(ns_to_sec(session->interval), 1e-3), (unsigned)diag->link_count,
		ret_every);
}

/* The round trip of that row in that round; negative: there was none. */
static double row_ms(const struct diag *diag, const struct session *session, bool is_own, size_t k,
	uint32_t round)
{
	const struct stats_cell *cell = is_own || diag->is_measured[k] ? stats_cell_of(
		watch_stats(session, k, is_own ? WALK_TO : session->main_walk), round) : NULL;

	return cell != NULL && cell->outcome == OUTCOME_ANSWERED ? cell->rtt_us / 1000.0 : -1;
}

static void learn_usual(struct diag *diag, const struct session *session, uint32_t round)
{
	double values[STATS_HISTORY];

	diag->host.usual_round = round;
	for (size_t i = 0; i < 2 * session->hop_count; i++) {
		size_t k = i / 2;
		int count = 0;

		for (uint32_t at = round; at > 0 && at + STATS_HISTORY > round; at--) {
			double ms = row_ms(diag, session, i % 2 == 1, k, at);

			values[count] = ms;
			count += ms >= 0;
		}
		diag->host.usual[i % 2][k] = count < USUAL_LEAST ? 0 : robust_median(values, count);
	}
}

/* The most that all have in common otherwise; infinite: not known yet. */
static double most_usual(const struct host_watch *host)
{
	size_t blocks = host->most_count / DELAY_BLOCK;
	double most = 0;

	for (size_t i = 0; i < blocks && i < DELAY_BLOCKS; i++) {
		most = fmax(most, (double)host->most[i]);
	}
	return blocks < BLOCKS_LEAST ? INFINITY : most;
}

static void learn_shared(struct host_watch *host, double ms)
{
	float *most = &host->most[host->most_count / DELAY_BLOCK % DELAY_BLOCKS];

	*most = host->most_count % DELAY_BLOCK == 0 ? (float)ms : fmaxf(*most, (float)ms);
	host->most_count++;
}

/* So many rounds are lately. */
static size_t lately(const struct diag *diag, const struct session *session)
{
	unsigned every;

	(void)delay_rule(diag, session, &every);
	return (size_t)fmin(fmax(LATELY_S / (fmax(ns_to_sec(session->interval), 1e-3) * every),
		LATELY_S), DELAY_ROUNDS);
}

/* By how much all were late so many rounds ago, from 1 on; 0: they were not. */
static double late_ago(const struct host_watch *host, size_t ago)
{
	return ago > host->late_count ? 0 :
		(double)host->late[(host->late_count - ago) % DELAY_ROUNDS];
}

/* What was late once, and no trouble came of it, is usual here. */
static void take_shared(struct diag *diag, const struct session *session, bool is_late)
{
	struct host_watch *host = &diag->host;
	double old = late_ago(host, lately(diag, session));

	if (!is_late) {
		learn_shared(host, host->shared_ms);
	}
	if (old > 0 && !delay_is_shared(diag, session)) {
		learn_shared(host, old);
	}
	host->late[host->late_count++ % DELAY_ROUNDS] = is_late ? (float)host->shared_ms : 0;
}

/* What all rows are late by; returns whether that is out of the ordinary and not alike, so that
 * differences of them tell of no link. */
static bool look_at_host(struct diag *diag, const struct session *session, uint32_t round)
{
	struct host_watch *host = &diag->host;
	double least = INFINITY, most = 0;
	unsigned rows = 0;
	bool is_late;

	host->shared_ms = 0;
	for (size_t i = 0; i < 2 * session->hop_count; i++) {
		double ms = row_ms(diag, session, i % 2 == 1, i / 2, round);

		if (ms < 0 || host->usual[i % 2][i / 2] <= 0) {
			continue;
		}
		host->first_hop = rows == 0 ? (uint8_t)(i / 2 + 1) : host->first_hop;
		least = fmin(least, ms - host->usual[i % 2][i / 2]);
		most = fmax(most, ms - host->usual[i % 2][i / 2]);
		rows++;
	}
	if (rows < ROWS_LEAST) {
		return false;
	}
	host->shared_ms = fmax(0, least);
	is_late = host->shared_ms >= fmax(LATE_MIN_MS, LATE_FACTOR * most_usual(host));
	take_shared(diag, session, is_late);
	return is_late && most - least > fmax(LATE_MIN_MS, UNEVEN * least);
}

struct delay_late delay_late(const struct diag *diag, const struct session *session)
{
	const struct host_watch *host = &diag->host;
	size_t count = lately(diag, session);
	struct delay_late late = {0};

	count = count < host->late_count ? count : host->late_count;
	for (size_t ago = 1; ago <= count; ago++) {
		double ms = late_ago(host, ago);

		late.times += ms > 0 && late_ago(host, ago - (ago > 1)) <= 0;
		late.rounds += ms > 0;
		late.most_ms = fmax(late.most_ms, ms);
	}
	late.times += late_ago(host, 1) > 0;
	late.of_rounds = (unsigned)count;
	return late;
}

/* The first link that is measured, from this host; NULL: there is none. */
static const struct link_time *first_time(const struct diag *diag, const struct session *session)
{
	for (size_t k = 0; k < session->hop_count; k++) {
		if (diag->is_measured[k]) {
			return &diag->time[k];
		}
	}
	return NULL;
}

bool delay_is_shared(const struct diag *diag, const struct session *session)
{
	const struct link_time *first = first_time(diag, session);
	struct delay_late late;

	/* What stays so is a step of that link. */
	if (first != NULL && first->lag.kind == LAG_STEP) {
		return false;
	}
	late = delay_late(diag, session);
	return late.times >= TIMES_LEAST && late.rounds >= ROUNDS_LEAST;
}

/* Where packets stay in order, the deeper probe may be held up by those that came home before it:
 * the one to the near end that comes home with it is as late for that, and is sent for links that
 * are long enough to matter. */
static double near_ms(const struct diag *diag, const struct session *session, size_t k,
	uint32_t round)
{
	uint8_t near = diag->near[k];
	double ms = near == 0 ? 0 : row_ms(diag, session, false, near - 1u, round);
	const struct bracket_cell *later = session_bracket_of(session, k, near, round);

	if (ms < 0 || !session_is_bracketed(session, k, near)) {
		return ms;
	}
	return later == NULL || later->outcome != OUTCOME_ANSWERED ? -1 :
		fmax(ms, later->rtt_us / 1000.0);
}

static void take_link(struct diag *diag, const struct session *session, size_t k, uint32_t round,
	const struct lag_rule *rule)
{
	uint8_t near = diag->near[k];
	double ms = row_ms(diag, session, false, k, round);
	double before = near_ms(diag, session, k, round);
	bool is_bracketed = session_is_bracketed(session, k, near);

	/* Held against the one probe again it may be later than against the later one of two. */
	if (diag->time[k].is_bracketed && !is_bracketed && diag->time[k].lag.kind == LAG_CALM) {
		diag->time[k].lag = (struct lag){0};
	}
	diag->time[k].is_bracketed = is_bracketed;
	if (ms >= 0 && before >= 0) {
		lag_add(&diag->time[k].lag, rule, &(struct lag_sample){ms - before,
			near == 0 ? diag->host.shared_ms : before, near > 0 && diag->time[k].is_behind});
		diag->time[k].fresh++;
	}
}

void delay_take_round(struct diag *diag, const struct session *session, uint32_t round)
{
	unsigned every;
	struct lag_rule rule = delay_rule(diag, session, &every);
	uint32_t last = diag->host.usual_round;
	bool is_uneven, is_behind = false;

	if (round % every != 0) {
		return;
	}
	if (round >= last + (last == 0 ? USUAL_LEAST : USUAL_EVERY) &&
	    !delay_is_shared(diag, session)) {
		learn_usual(diag, session, round);
	}
	is_uneven = look_at_host(diag, session, round);
	for (size_t k = 0; k < session->hop_count; k++) {
		diag->time[k].is_behind = is_behind;
		if (diag->is_measured[k] && !(is_uneven && diag->near[k] > 0)) {
			take_link(diag, session, k, round, &rule);
		}
		is_behind = is_behind || diag->time[k].lag.kind != LAG_CALM;
	}
}
