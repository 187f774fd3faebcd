/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <math.h>

#include "diag/diag_int.h"
#include "infer/change.h"
#include "infer/pattern.h"

/*
 * What is compared is compared within a round. A test that is looked at for ever forgets how it
 * began: it is begun anew where losses start to come close together, and every so often; each
 * beginning has its price in evidence, so that all of them together are wrong no more often than
 * one.
 */
enum { QUIET_MOST = 1, BATCHES_LEAST = 10 };

static const double FLOOR = 0.001, NOTABLE = 0.01, EPISODE_AT = 6, OVER_AT = 9,
	PRIOR_A = 0.5, PRIOR_B = 50;

struct pairs watch_since(const struct pair_watch *watch, const struct pair_base *base)
{
	return (struct pairs){.rounds = watch->total.rounds - base->pairs.rounds,
		.deeper = watch->total.deeper - base->pairs.deeper,
		.shallower = watch->total.shallower - base->pairs.shallower,
		.quiet_deeper = watch->total.quiet_deeper - base->pairs.quiet_deeper,
		.quiet_shallower = watch->total.quiet_shallower - base->pairs.quiet_shallower,
		.is_bracketed = watch->total.is_bracketed,
		.later = watch->total.later - base->pairs.later,
		.quiet_later = watch->total.quiet_later - base->pairs.quiet_later,
		.together = watch->total.together - base->pairs.together,
		.shallower_any = watch->total.shallower_any - base->pairs.shallower_any,
		.plain = watch->total.plain - base->pairs.plain,
		.plain_lost = watch->total.plain_lost - base->pairs.plain_lost};
}

double watch_inflation(const struct pair_watch *watch)
{
	/* The one under way is left out, and so is the beginning when the ring is full. */
	uint64_t batch[BATCHES];
	size_t count = watch->batch_count < BATCHES - 1 ? (size_t)watch->batch_count : BATCHES - 1;

	for (size_t i = 0; i < count; i++) {
		batch[i] = watch->batch[(watch->batch_count - 1 - i) % BATCHES];
	}
	return count < BATCHES_LEAST ? 1 :
		fmax(1, pattern_burst_inflation(batch, count, BATCH_ROUNDS));
}

/* What the deeper one alone lost since the alarm's beginning, in parts: what is older than the ring
 * in one, then each batch. */
static size_t parts_of(const struct pair_watch *watch, struct loss_count ret_part[LOSS_PARTS])
{
	struct pairs since = watch_since(watch, &watch->alarm);
	uint64_t under_way = watch->total.rounds - watch->batch_count * BATCH_ROUNDS;
	uint64_t left = since.rounds, lost = since.deeper;
	struct loss_count back[LOSS_PARTS] = {0};
	size_t count = 0;

	for (uint64_t i = 0; i < BATCHES && i <= watch->batch_count && left > 0; i++) {
		struct loss_count *part = &back[count++];

		*part = (struct loss_count){watch->batch[(watch->batch_count - i) % BATCHES],
			i == 0 ? under_way : BATCH_ROUNDS};
		part->trials = part->trials < left ? part->trials : left;
		part->lost = part->lost < lost ? part->lost : lost;
		part->lost = part->lost < part->trials ? part->lost : part->trials;
		left -= part->trials;
		lost -= part->lost;
	}
	if (left > 0) {
		back[count++] = (struct loss_count){lost < left ? lost : left, left};
	}
	for (size_t i = 0; i < count; i++) {
		ret_part[i] = back[count - 1 - i];
	}
	return count;
}

struct loss_now watch_loss_now(const struct pair_watch *watch)
{
	struct pairs pairs = watch_since(watch, &watch->alarm);
	struct loss_count part[LOSS_PARTS];
	size_t count = parts_of(watch, part);
	struct loss_stretch last = loss_last_stretch(part, count);
	double error, excess = pair_excess(&pairs, &error), beside;
	double lost = 0, trials = 0;
	struct loss_now now = {.mean = excess};

	if (last.begin == 0 || pairs.rounds == 0) {
		error *= sqrt(watch_inflation(watch));
		now.loss = excess;
	} else {
		for (size_t i = last.begin; i < count; i++) {
			lost += (double)part[i].lost;
			trials += (double)part[i].trials;
		}
		/* What is lost of the deeper one and not by this link. */
		beside = fmax(0, (double)pairs.deeper / (double)pairs.rounds - excess);
		now.loss = fmax(0, lost / trials - beside);
		now.before = last.worst - beside > now.loss ? last.worst - beside : 0;
		error = sqrt(last.dispersion * (lost + 1)) / trials;
	}
	now.low = now.loss - 1.96 * error;
	now.high = now.loss + 1.96 * error;
	return now;
}

double watch_worst(const struct pair_watch *watch, const struct loss_now *now)
{
	return fmax(watch->worst, fmax(now->loss, now->before));
}

static void begin_again(const struct pair_watch *watch, struct pair_base *base, ns_t now)
{
	base->pairs = watch->total;
	base->at = now;
}

void watch_add_pair(struct pair_watch *watch, const struct outcome_pair *pair, ns_t now)
{
	bool is_deeper_lost = pair->is_deeper_lost;
	unsigned shallower_lost = (unsigned)pair->is_shallower_lost + pair->is_later_lost;
	bool is_quiet = pair->others_lost <= QUIET_MOST;
	struct loss_test test = {FLOOR, NOTABLE, watch->cusum};
	bool is_deeper_alone = is_deeper_lost && shallower_lost == 0;
	bool is_shallower_alone = shallower_lost == 1 && pair->is_shallower_lost && !is_deeper_lost;
	bool is_later_alone = shallower_lost == 1 && pair->is_later_lost && !is_deeper_lost;

	if (watch->total.rounds == 0) {
		watch->all.at = watch->episode.at = watch->epoch.at = now;
	}
	/* All kinds count alike, lest the beginning favour one of them. */
	(void)loss_test_cusum(&test, is_deeper_lost);
	if (!pair->is_against_nothing) {
		(void)loss_test_cusum(&test, pair->is_shallower_lost);
	}
	if (watch->total.is_bracketed) {
		(void)loss_test_cusum(&test, pair->is_later_lost);
	}
	if (test.llr <= 0) {
		begin_again(watch, &watch->episode, now);
		watch->episode.index += watch->is_episode;
		watch->is_episode = false;
	} else if (test.llr >= EPISODE_AT) {
		watch->is_episode = true;
	}
	watch->cusum = test.llr;
	if (watch->has_alarm) {
		watch->over = fmax(0, watch->over + (is_deeper_alone ? watch->over_deeper :
			is_deeper_lost || shallower_lost > 0 ? 0 : watch->over_none));
	}
	if (watch->total.rounds % BATCH_ROUNDS == 0) {
		watch->batch_count += watch->total.rounds > 0;
		watch->batch[watch->batch_count % BATCHES] = 0;
	}
	watch->batch[watch->batch_count % BATCHES] += is_deeper_alone;
	watch->total.rounds++;
	watch->total.deeper += is_deeper_alone;
	watch->total.shallower += is_shallower_alone;
	watch->total.together += is_deeper_lost && shallower_lost > 0;
	watch->total.shallower_any += shallower_lost > 0;
	watch->total.quiet_deeper += is_quiet && is_deeper_alone;
	watch->total.quiet_shallower += is_quiet && is_shallower_alone;
	watch->total.later += is_later_alone;
	watch->total.quiet_later += is_quiet && is_later_alone;
	if (watch->total.rounds % EPOCH_ROUNDS == 0) {
		begin_again(watch, &watch->epoch, now);
		watch->epoch.index++;
	}
}

static double evidence_since(const struct pair_watch *watch, const struct pair_base *base,
	bool is_against_nothing)
{
	struct pairs pairs = watch_since(watch, base);

	if (!is_against_nothing) {
		return pair_log_evidence_of(&pairs);
	}
	return (double)pairs.deeper <= FLOOR * (double)pairs.rounds ? -INFINITY :
		loss_log_evidence(FLOOR, pairs.deeper, pairs.rounds, PRIOR_A, PRIOR_B);
}

/* What the i-th of many beginnings weighs: 1/2, 1/6, 1/12 .. */
static double log_weight(uint32_t index)
{
	return -log((double)(index + 1) * (double)(index + 2));
}

/* The evidence since one of the beginnings, which is the base; -INFINITY: it has not begun. */
static double weigh(const struct pair_watch *watch, const struct pair_base *base,
	bool is_against_nothing)
{
	if (base == &watch->episode && !watch->is_episode) {
		return -INFINITY;
	}
	/* Most for the first beginning, a tenth for all others of each kind together. */
	return evidence_since(watch, base, is_against_nothing) + (base == &watch->all ? log(0.8) :
		log(0.1) + log_weight(base->index));
}

bool watch_has_alarm(const struct pair_watch *watch)
{
	return watch->has_alarm;
}

/* What rounds to come shall weigh, if the loss goes on at half its worst against an end of it,
 * while what hits either depth alone stays as it was. */
static void expect_end(struct pair_watch *watch, const struct pairs *pairs)
{
	double lost = fmax(watch->worst / 2, FLOOR);
	double either = fmin(fmax(((double)pairs->shallower + .5) / ((double)pairs->rounds + 1),
		FLOOR / 2), .3);

	watch->over_none = log((1 - 2 * either) / (1 - 2 * either - fmin(lost, .3)));
	watch->over_deeper = log(either / (either + lost));
}

/* Loss that is not over since this alarm. */
static void follow_alarm(struct pair_watch *watch, ns_t now)
{
	struct pairs pairs = watch_since(watch, &watch->alarm);
	double error, excess = pair_excess(&pairs, &error);

	watch->worst = fmax(watch->worst, excess);
	expect_end(watch, &pairs);
	if (watch->over >= OVER_AT) {
		watch->has_alarm = false;
		begin_again(watch, &watch->all, now);
		begin_again(watch, &watch->episode, now);
		begin_again(watch, &watch->epoch, now);
		watch->cusum = 0;
		watch->is_episode = false;
	}
}

void watch_judge(struct pair_watch *watch, double threshold, bool is_against_nothing, ns_t now)
{
	/* The last beginning that proves it tells best how much is lost now. */
	const struct pair_base *bases[] = {&watch->episode, &watch->epoch, &watch->all};

	if (watch->has_alarm) {
		follow_alarm(watch, now);
		return;
	}
	for (size_t i = 0; i < 3 && !watch->has_alarm; i++) {
		struct pairs pairs = watch_since(watch, bases[i]);
		double error, excess = pair_excess(&pairs, &error);

		if (excess - 1.64 * error > (is_against_nothing ? 0 : FLOOR) &&
		    weigh(watch, bases[i], is_against_nothing) >= threshold) {
			watch->has_alarm = true;
			watch->alarm = *bases[i];
			watch->alarm_at = now;
			watch->worst = excess;
			watch->over = 0;
			expect_end(watch, &pairs);
		}
	}
}
