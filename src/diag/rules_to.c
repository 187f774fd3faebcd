/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <math.h>
#include <stdio.h>

#include "base/i18n.h"
#include "diag/diag_int.h"
#include "infer/loss.h"

/*
 * What hops answer themselves, held against what passes through them: a router's slow path is
 * no part of anyone's way.
 */
static const double ALPHA = 0.05;

/* What may be lost at the most of a path that is called sound. */
static const double SOUND_MOST = 0.1;

/* What a limiter leaves unanswered at the least for its rate to be its own. */
static const double MAKERS_LOSS = 0.3;

static const double PERIOD_MIN = 10, PLATEAU = 0.05, PLATEAU_MS = 2, SURE = 5;

/* Ways home may make hops this much later by the same; the work of two routers does not. */
static const double SHARED_MS = 10;

enum { TRIALS_MIN = 20, PATTERN_ROUNDS = 120, SPIKES_LEAST = 5, PLATEAU_HOPS = 3,
	PHASE_SAMPLES = 32 };

static void measure(struct diag *diag, const struct session *session)
{
	for (size_t k = 0; k < session->hop_count; k++) {
		const struct stats *through = watch_stats(session, k, session->main_walk);
		const struct stats *to = watch_stats(session, k, WALK_TO);

		diag->through_loss[k] = loss_always_valid(through->lost, stats_loss_trials(through), ALPHA);
		diag->to_loss[k] = loss_always_valid(to->lost, stats_loss_trials(to), ALPHA);
	}
}

/* Of what goes on from a hop at most this is lost, as that hop tells, 1-based; 0: none does. */
struct passing {
	double high;
	uint8_t hop;
	bool is_through;         /* of what goes through that hop, not of probes to it */
};

static void keep_least(struct passing *least, double high, size_t k)
{
	if (high < least->high) {
		least->high = high;
		least->hop = (uint8_t)(k + 1);
	}
}

/* As hops behind hops[k] answer: their packets go on from it, and routing brings the answers
 * home. */
static struct passing answered_behind(const struct diag *diag, const struct session *session,
	size_t k)
{
	struct passing least = {.high = 1};

	for (size_t i = k + 1; i < session->hop_count; i++) {
		keep_least(&least, diag->to_loss[i].high, i);
	}
	return least;
}

static struct passing sent_through(const struct diag *diag, const struct session *session, size_t k)
{
	struct passing least = {.high = 1, .is_through = true};

	for (size_t i = k; i < session->hop_count; i++) {
		if (diag->is_measured[i]) {
			keep_least(&least, diag->through_loss[i].high, i);
		}
	}
	return least;
}

/* As a clause of its own. */
static const char *passing_words(const struct passing *passing, char *text, size_t cap)
{
	(void)snprintf(text, cap, passing->is_through ?
		_("at most %.1f %% of packets through hop %u are lost") :
		_("at most %.1f %% of probes to hop %u beyond it are unanswered"), 100 * passing->high,
		passing->hop);
	return text;
}

/* Then nothing is called sound. */
static bool is_loss_told(const struct diag *diag)
{
	for (size_t i = 0; i < diag->finding_count; i++) {
		enum finding_id id = diag->finding[i].id;

		if (diag->is_held[i] && (id == FINDING_LINK_LOSS || id == FINDING_PATH_LOSS ||
		    id == FINDING_DECAP_FAULT || id == FINDING_END_SILENT)) {
			return true;
		}
	}
	return false;
}

/* To probes of a hop, and of what goes on from it. */
struct answers {
	double loss;
	struct passing passing;
};

enum { WORDS = 160 };

static void note_answers(struct finding *finding, const struct answers *answers)
{
	finding->worst = answers->loss;
	finding_fact(finding, "to_loss", answers->loss);
	finding_fact(finding, "behind_high", answers->passing.high);
	finding_fact(finding, "behind_hop", answers->passing.hop);
}

static void hold_limit(struct diag *diag, size_t k,
	const struct limit_seen *seen, const struct answers *answers)
{
	uint8_t hop = (uint8_t)(k + 1);
	double rate = seen->rate;
	uint32_t burst = pattern_burst(diag->to[k].first_run, 1 - answers->loss);
	/* Where it answers nearly all, the rate is that of asking. */
	const char *maker = answers->loss < MAKERS_LOSS ? NULL : limit_of_maker(burst, rate);
	struct finding *finding = diag_hold(diag, FINDING_ICMP_RATE_LIMIT, &hop, 1, 0.97);
	char text[32], words[WORDS];

	finding_fact(finding, "answers_per_second", rate);
	finding_fact(finding, "burst", burst);
	finding_fact(finding, "log_evidence", seen->evidence);
	note_answers(finding, answers);
	limit_rate_text(rate, text);
	passing_words(&answers->passing, words, sizeof words);
	if (maker == NULL) {
		finding_say(finding, _("hop %u rate-limits replies to %s per second: it answers %.0f %% of "
			"probes, but %s"), hop, text, 100 * (1 - answers->loss), words);
	} else {
		finding_say(finding, _("hop %u rate-limits replies to %s per second, the default of %s: it "
			"answers %.0f %% of probes, but %s"), hop, text, maker, 100 * (1 - answers->loss),
			words);
	}
}

/* Asked far more often it answered no more. */
static bool is_proven_limited(const struct session *session, size_t k)
{
	const struct faster *faster = &session->faster;

	return faster->hop == k + 1 && !faster->is_running && faster->took > 0 &&
	       pattern_share_change(faster->asked_before, faster->answered_before, faster->asked,
		faster->answered) == SHARE_FELL;
}

static void hold_proven(struct diag *diag, const struct session *session, size_t k,
	const struct answers *answers)
{
	const struct faster *faster = &session->faster;
	uint8_t hop = (uint8_t)(k + 1);
	double rate = faster->answered / ns_to_sec(faster->took);
	struct finding *finding = diag_hold(diag, FINDING_ICMP_RATE_LIMIT, &hop, 1, 0.99);
	char text[32], words[WORDS];

	finding_fact(finding, "answers_per_second", rate);
	finding_fact(finding, "asked", faster->asked);
	finding_fact(finding, "answered", faster->answered);
	note_answers(finding, answers);
	finding_say(finding, _("hop %u rate-limits replies: %.0f probes per second got %s replies per "
		"second, but %s"), hop, faster->asked / ns_to_sec(faster->took),
		limit_rate_text(rate, text), passing_words(&answers->passing, words, sizeof words));
}

/* What cosmetic means: routing takes what goes on from it there and home, or only what is sent
 * through hops is known to arrive. */
static void hold_cosmetic(struct diag *diag, size_t k, const struct answers *answers)
{
	uint8_t hop = (uint8_t)(k + 1);
	struct finding *finding = diag_hold(diag, FINDING_COSMETIC_LOSS, &hop, 1, 0.95);
	char words[WORDS];

	note_answers(finding, answers);
	finding_fact(finding, "to_low", diag->to_loss[k].low);
	passing_words(&answers->passing, words, sizeof words);
	if (answers->passing.is_through) {
		finding_say(finding, _("hop %u leaves %.1f %% of probes to it unanswered, but %s: hop %u's "
			"own doing, or its return path"), hop, 100 * answers->loss, words, hop);
	} else {
		finding_say(finding, _("hop %u leaves %.1f %% of probes to it unanswered, but %s: not path "
			"loss"), hop, 100 * answers->loss, words);
	}
}

static void rule_answers(struct diag *diag, const struct session *session, size_t k)
{
	const struct stats *to = watch_stats(session, k, WALK_TO);
	uint64_t trials = stats_loss_trials(to);
	uint8_t hop = (uint8_t)(k + 1);
	double low = diag->to_loss[k].low;
	struct passing behind, through;
	struct limit_seen seen;
	struct answers answers;

	if (trials < TRIALS_MIN || to->received == 0) {
		return;
	}
	behind = answered_behind(diag, session, k);
	through = sent_through(diag, session, k);
	answers = (struct answers){(double)to->lost / (double)trials,
		through.high < behind.high ? through : behind};
	if (low <= answers.passing.high) {
		return;
	}
	if (is_proven_limited(session, k)) {
		hold_proven(diag, session, k, &answers);
		return;
	}
	if (limit_is_seen(diag, session, k, &seen)) {
		hold_limit(diag, k, &seen, &answers);
		return;
	}
	/* A lossy way home of its own is said by that; and a limiter's pattern takes some windows. */
	if (diag_is_active(diag, FINDING_RETURN_PATH_LOSS, hop) ||
	    (diag->to[k].asked < PATTERN_ROUNDS && !diag->is_over)) {
		return;
	}
	/* The end has nothing behind it that could clear the path. */
	if (k + 1 == session->hop_count || is_loss_told(diag) || answers.passing.high > SOUND_MOST) {
		return;
	}
	/* What goes on behind it up to the end is no doing of its own, whatever passes it nested. */
	if (behind.hop > 0 && low <= behind.high) {
		return;
	}
	answers.passing = behind.high <= SOUND_MOST ? behind : answers.passing;
	hold_cosmetic(diag, k, &answers);
}

/* By how much a hop's own answers are later than what passes through it; 0: not worth a word, or
 * told better by a tunnel. */
static double tax_of(const struct diag *diag, const struct session *session, size_t k)
{
	const struct stats *to = watch_stats(session, k, WALK_TO);
	const struct stats *through = watch_stats(session, k, session->main_walk);
	double slow, fast;

	if (k >= session->hop_count || !diag->is_measured[k] || to->samples < TRIALS_MIN ||
	    through->samples < TRIALS_MIN || session->hops[k].is_answering ||
	    !watch_is_itself(session, k) ||
	    diag_is_active(diag, FINDING_MPLS_ICMP_TUNNEL, (uint8_t)(k + 1))) {
		return 0;
	}
	slow = quant_get(&to->quant, 0.5);
	fast = quant_get(&through->quant, 0.5);
	return slow - fast < fmax(1, 0.1 * fast) ? 0 : slow - fast;
}

/* The hop's own processor, or its answers' way home; where hops in a row are late by the same,
 * it is the way that they share. Returns the last of them. */
static size_t rule_latency(struct diag *diag, const struct session *session, size_t k)
{
	double first = tax_of(diag, session, k), tax = first, low = first, high = first;
	uint8_t hops[FINDING_HOPS] = {(uint8_t)(k + 1)};
	size_t count = 1;
	struct finding *finding;

	if (first <= 0) {
		return k;
	}
	while (count < FINDING_HOPS && (tax = tax_of(diag, session, k + count)) > 0 &&
	       fabs(tax - first) <= fmin(2, fmax(0.3, 0.1 * first))) {
		low = fmin(low, tax);
		high = fmax(high, tax);
		hops[count] = (uint8_t)(k + count + 1);
		count++;
	}
	finding = diag_hold(diag, FINDING_COSMETIC_LATENCY, hops, count, 0.95);
	finding->worst = high;
	finding_fact(finding, "to_p50_ms", quant_get(&watch_stats(session, k, WALK_TO)->quant, 0.5));
	finding_fact(finding, "through_p50_ms",
		quant_get(&watch_stats(session, k, session->main_walk)->quant, 0.5));
	finding_fact(finding, "tax_ms", first);
	if (count == 1) {
		finding_say(finding,
			_("replies of hop %u take %.1f ms longer than packets through it: slow reply "
			"generation, or their own return path"), hops[0], first);
	} else {
		finding_say(finding, first >= SHARED_MS ?
			_("replies of hops %u to %u take %.1f to %.1f ms longer than packets through them: "
			"their own return path, not the measured one") :
			_("replies of hops %u to %u take %.1f to %.1f ms longer than packets through them: "
			"slow reply generation or their own return path, not the measured one"),
			hops[0], hops[count - 1], low, high);
	}
	return k + count - 1;
}

/* The hop beyond hops[k] whose own replies come soonest, 1-based; 0: none is known. */
static size_t soonest_beyond(const struct session *session, size_t k, double *ret_ms)
{
	size_t soonest = 0;

	*ret_ms = INFINITY;
	for (size_t i = k + 1; i < session->hop_count; i++) {
		const struct stats *to = watch_stats(session, i, WALK_TO);
		double ms = quant_get(&to->quant, 0.5);

		if (to->samples >= TRIALS_MIN && watch_is_itself(session, i) && ms < *ret_ms) {
			*ret_ms = ms;
			soonest = i + 1;
		}
	}
	return soonest;
}

/* The variance of a median, by the middle half of what it is of. */
static double median_variance(const struct stats *stats)
{
	double half = quant_get(&stats->quant, 0.75) - quant_get(&stats->quant, 0.25);

	return half * half / (double)stats->samples;
}

/* Where nothing passes through a hop that is measured: what is late there and not beyond it is no
 * delay of the path. */
static void rule_late_hop(struct diag *diag, const struct session *session, size_t k)
{
	const struct stats *to = watch_stats(session, k, WALK_TO);
	uint8_t hop = (uint8_t)(k + 1);
	double fast, slow = quant_get(&to->quant, 0.5);
	size_t beyond;
	struct finding *finding;

	if (diag->is_measured[k] || to->samples < TRIALS_MIN || !watch_is_itself(session, k) ||
	    diag_is_active(diag, FINDING_MPLS_ICMP_TUNNEL, hop)) {
		return;
	}
	beyond = soonest_beyond(session, k, &fast);
	if (beyond == 0 || slow - fast < fmax(1, 0.1 * fast) || slow - fast < SURE *
	    sqrt(median_variance(to) + median_variance(watch_stats(session, beyond - 1, WALK_TO)))) {
		return;
	}
	finding = diag_hold(diag, FINDING_COSMETIC_LATENCY, &hop, 1, 0.9);
	finding->worst = slow - fast;
	finding_fact(finding, "to_p50_ms", slow);
	finding_fact(finding, "beyond_p50_ms", fast);
	finding_say(finding, _("hop %u replies %.1f ms later than hop %zu beyond it: slow reply "
		"generation, or its own return path, but no delay of the path"), hop, slow - fast, beyond);
}

/* A clock of coarse ticks shows in a hop's own answers. */
static void rule_clock(struct diag *diag, const struct session *session, size_t k)
{
	const struct stats *to = watch_stats(session, k, WALK_TO);
	double values[64], left[64], came[64];
	size_t count = 0;
	double tick, phase;
	uint8_t hop = (uint8_t)(k + 1);

	for (size_t i = 0; i < STATS_HISTORY && count < 64; i++) {
		const struct stats_cell *cell = &to->history[i];

		if (cell->outcome == OUTCOME_ANSWERED && cell->round > 0) {
			values[count] = cell->rtt_us / 1000.0;
			came[count] = cell->came_us / 1000.0;
			left[count] = came[count] - values[count];
			count++;
		}
	}
	/* Ways of different length would look like ticks. */
	if (count < 16 || session->flow_count > 1 || session->hops[k].seen_count > 1) {
		return;
	}
	tick = pattern_tick_ms(values, count);
	if (tick >= 2) {
		struct finding *finding = diag_hold(diag, FINDING_COARSE_CLOCK, &hop, 1, 0.95);

		finding_fact(finding, "tick_ms", tick);
		finding_fact(finding, "answers", (double)count);
		finding_say(finding, _("RTTs of hop %u's replies are multiples of %.0f ms: a coarse timer"),
			hop, tick);
		return;
	}
	phase = count < PHASE_SAMPLES ? 0 : pattern_phase_ms(left, came, count);
	if (phase > 0) {
		struct finding *finding = diag_hold(diag, FINDING_COARSE_CLOCK, &hop, 1, 0.95);

		finding_fact(finding, "tick_ms", phase);
		finding_fact(finding, "answers", (double)count);
		finding_say(finding, _("hop %u replies only every %.0f ms, whenever it is probed: a coarse "
			"timer, which delays its replies by up to that"), hop, phase);
	}
}

/* What comes round by the clock is a task of the router, such as one that walks its tables. */
static void rule_spikes(struct diag *diag, size_t k)
{
	const struct to_watch *to = &diag->to[k];
	uint8_t hop = (uint8_t)(k + 1);
	double gap, low = INFINITY, high = 0;
	struct finding *finding;

	for (size_t i = 1; i < to->spike_count; i++) {
		gap = to->spike_at[i] - to->spike_at[i - 1];
		low = fmin(low, gap);
		high = fmax(high, gap);
	}
	if (to->spike_count < SPIKES_LEAST || low < PERIOD_MIN || high - low > 0.1 * high ||
	    diag->elapsed > to->slow_at + 2 * high) {
		return;
	}
	gap = (to->spike_at[to->spike_count - 1] - to->spike_at[0]) / (double)(to->spike_count - 1);
	finding = diag_hold(diag, FINDING_PERIODIC_SPIKE, &hop, 1, 0.9);
	finding->worst = to->worst_ms;
	finding_fact(finding, "period_s", gap);
	finding_fact(finding, "spikes", (double)to->spike_count);
	finding_fact(finding, "worst_ms", to->worst_ms);
	finding_say(finding,
		_("hop %u replies late (up to %.0f ms) every %.0f s: a periodic task of its CPU, not the "
		"path"), hop, to->worst_ms, gap);
}

/* Answers that went to the end of a tunnel first take as long as from there; what only passes
 * through those hops does not. */
static void rule_plateau(struct diag *diag, const struct session *session, size_t k)
{
	uint8_t hops[FINDING_HOPS];
	size_t count = 0;
	double to_last, through_first = 0, through_last = 0;

	for (size_t i = k; i < session->hop_count && count < FINDING_HOPS; i++) {
		const struct stats *to = watch_stats(session, i, WALK_TO);
		const struct stats *through = watch_stats(session, i, session->main_walk);

		if (!diag->is_measured[i] || to->samples < TRIALS_MIN || through->samples < TRIALS_MIN ||
		    fabs(ns_to_ms(to->best) - ns_to_ms(watch_stats(session, k, WALK_TO)->best)) >
		    PLATEAU * ns_to_ms(to->best)) {
			break;
		}
		through_first = count == 0 ? ns_to_ms(through->best) : through_first;
		through_last = ns_to_ms(through->best);
		hops[count++] = (uint8_t)(i + 1);
	}
	if (count < PLATEAU_HOPS || session->hops[k].mpls.count > 0) {
		return;
	}
	to_last = ns_to_ms(watch_stats(session, hops[count - 1] - 1u, WALK_TO)->best);
	/* The last is the tunnel's end: there both take the same time. */
	if (through_first < (1 - 3 * PLATEAU) * to_last - PLATEAU_MS &&
	    through_last > (1 - PLATEAU) * to_last) {
		struct finding *finding = diag_hold(diag, FINDING_MPLS_ICMP_TUNNEL, hops, count, 0.8);

		finding_fact(finding, "to_ms", to_last);
		finding_fact(finding, "through_first_ms", through_first);
		finding_say(finding,
			_("hops %u to %u all answer after %.0f ms, although the round trip through the first "
			"takes only %.0f ms: their replies travel to the end of a tunnel first"),
			hops[0], hops[count - 1],
			to_last, through_first);
	}
}

void rules_to(struct diag *diag, const struct session *session)
{
	if (!session->has_walk[WALK_TO]) {
		return;
	}
	measure(diag, session);
	for (size_t k = 0; k < session->hop_count; k++) {
		rule_answers(diag, session, k);
		rule_clock(diag, session, k);
		rule_spikes(diag, k);
		if (!diag_is_active(diag, FINDING_MPLS_ICMP_TUNNEL, (uint8_t)k) || k == 0) {
			rule_plateau(diag, session, k);
		}
	}
	for (size_t k = 0; k < session->hop_count; k++) {
		rule_late_hop(diag, session, k);
		k = rule_latency(diag, session, k);
	}
}
