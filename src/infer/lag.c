/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "infer/lag.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "infer/change.h"

enum { SHIFT_SAMPLES = 64, ROUNDS_LEAST = 30 };

static const double WINDOW_S = 10, LIFE_S = 1800;
/* Standard errors of the base's median, and of what it has beyond that on either side. */
static const double MEDIAN_ERRORS = 3, SHARE_ERRORS = 2.5;
static const double LIMIT_SQUARED = 25, OVER_SHARE = 0.4;
static const double STEP_MIN_MS = 0.5, QUEUE_MIN_MS = 2, NEAR_SHARE = 1.5, WHOLE = 0.7;
static const double TAIL = 0.05, TENTH = 0.1, TENTHS = 2.563, ALPHA = 0.001;

struct order {
	double value[LAG_BASE];
	unsigned count;
};

/* The base, and what is to be asked of the last samples. */
struct question {
	struct order base;
	double median, spread, near_spread;
	double least_ms;         /* what is worth a word */
};

static int by_value(const void *a, const void *b)
{
	double x = *(const double *)a, y = *(const double *)b;

	return (x > y) - (x < y);
}

static void put_in_order(struct order *order)
{
	qsort(order->value, order->count, sizeof order->value[0], by_value);
}

static double at_share(const struct order *order, double share)
{
	double place = share * (order->count - 1.0);

	return order->value[(unsigned)fmin(fmax(round(place), 0), order->count - 1.0)];
}

/* Of all but the farthest, which count as the last before them. */
static double mean_of(const struct order *order)
{
	double low = at_share(order, TAIL), high = at_share(order, 1 - TAIL), sum = 0;

	for (unsigned i = 0; i < order->count; i++) {
		sum += fmin(fmax(order->value[i], low), high);
	}
	return sum / order->count;
}

static double spread_of(const struct order *order)
{
	double copy[LAG_BASE];

	memcpy(copy, order->value, sizeof copy);
	return robust_mad(copy, (int)order->count, at_share(order, 0.5));
}

/* The same of one that is not often far off as well. */
static double wide_of(const struct order *order)
{
	return fmax(spread_of(order), (at_share(order, 1 - TENTH) - at_share(order, TENTH)) / TENTHS);
}

/* [0]: the newest. */
static double newest(const struct lag *lag, const float *ring, unsigned i)
{
	return (double)ring[(lag->at + LAG_RECENT - 1 - i) % LAG_RECENT];
}

static struct order newest_in_order(const struct lag *lag, const float *ring, unsigned count)
{
	struct order order = {.count = count};

	for (unsigned i = 0; i < count; i++) {
		order.value[i] = newest(lag, ring, i);
	}
	put_in_order(&order);
	return order;
}

struct lag_rule lag_rule_of(double interval_s, unsigned links, unsigned *ret_every)
{
	double most = LAG_RECENT / 2, every = fmax(1, ceil(WINDOW_S / most / interval_s));
	double apart = every * interval_s;

	*ret_every = (unsigned)fmin(every, 1e6);
	return (struct lag_rule){.links = links,
		.window = (unsigned)fmin(most, fmax(ROUNDS_LEAST, ceil(WINDOW_S / apart))),
		.keep = (unsigned)fmax(1, fmin(1e6, LIFE_S / apart / LAG_BASE))};
}

static void keep(struct lag *lag, const struct lag_rule *rule, float value)
{
	if (lag->base_count < LAG_BASE) {
		lag->base[lag->base_count++] = value;
	} else if (++lag->kept >= rule->keep) {
		lag->kept = 0;
		lag->base[lag->base_at] = value;
		lag->base_at = (lag->base_at + 1) % LAG_BASE;
	}
}

void lag_add(struct lag *lag, const struct lag_rule *rule, const struct lag_sample *sample)
{
	if (lag->base_count < LAG_FIRST) {
		/* What is seen during trouble before it is not what is usual. */
		if (!sample->is_restless) {
			keep(lag, rule, (float)sample->ms);
		}
		return;
	}
	if (lag->count == LAG_RECENT && lag->tainted == 0) {
		keep(lag, rule, lag->recent[lag->at]);
	}
	if (lag->kind != LAG_CALM || sample->is_restless) {
		lag->tainted = lag->count;
	} else if (lag->tainted > 0 && lag->count == LAG_RECENT) {
		lag->tainted--;
	}
	lag->recent[lag->at] = (float)sample->ms;
	lag->near[lag->at] = (float)sample->near_ms;
	lag->at = (lag->at + 1) % LAG_RECENT;
	lag->count += lag->count < LAG_RECENT;
}

void lag_adopt(struct lag *lag, unsigned count)
{
	count = count < lag->count ? count : lag->count;
	for (unsigned i = 0; i < count; i++) {
		lag->base[i] = (float)newest(lag, lag->recent, count - 1 - i);
	}
	lag->base_count = count;
	lag->base_at = lag->kept = 0;
	lag->count = lag->at = lag->tainted = 0;
	lag->kind = LAG_CALM;
}

/* What the near end's own delay does may make either of both the later one. */
static double spread_near(const struct lag *lag, const struct lag_rule *rule)
{
	struct order all = newest_in_order(lag, lag->near, lag->count);
	struct order last = newest_in_order(lag, lag->near, rule->window);

	return fmax(wide_of(&all), wide_of(&last));
}

/* How many of the newest samples prove that they are more (sign 1), or less (-1), than usual, the
 * fewest; 0: none do. */
static unsigned proof(const struct lag *lag, const struct lag_rule *rule,
	const struct question *question, double sign)
{
	unsigned since = 0;
	const struct order *base = &question->base;
	double limit = sqrt(LIMIT_SQUARED + 2 * log(fmax(rule->links, 1))), m = base->count;
	double middle = at_share(base, 0.5 + sign * MEDIAN_ERRORS * 0.5 / sqrt(m));
	double apart = question->least_ms / 2, more = 0, less = 0, best = 0, usual;

	for (unsigned i = 0; i < base->count; i++) {
		more += sign * (base->value[i] - middle) > apart;
		less += sign * (base->value[i] - middle) < -apart;
	}
	usual = fmax(0, (more - less) / m + SHARE_ERRORS * sqrt((more + less + 1) / m / m));
	more = less = 0;
	for (unsigned n = 1; n <= lag->count; n++) {
		double far = sign * (newest(lag, lag->recent, n - 1) - middle);

		more += far > apart;
		less += far < -apart;
		if (more - less - n / 2.0 > best) {
			best = more - less - n / 2.0;
			since = n;
		}
		if (n >= rule->window && more - less - n * usual >= limit * sqrt(more + less + 1)) {
			/* Where a beginning is to be seen, nothing before it is of any interest. */
			return since < rule->window / 2 ? n : since < rule->window ? 0 : since;
		}
	}
	return 0;
}

static struct question question_of(const struct lag *lag, const struct lag_rule *rule,
	bool is_first)
{
	struct question question = {.base.count = lag->base_count};

	for (unsigned i = 0; i < lag->base_count; i++) {
		question.base.value[i] = (double)lag->base[i];
	}
	put_in_order(&question.base);
	question.median = at_share(&question.base, 0.5);
	question.spread = spread_of(&question.base);
	question.near_spread = is_first ? 0 : spread_near(lag, rule);
	question.least_ms = fmax(STEP_MIN_MS, fmax(question.spread,
		NEAR_SHARE * question.near_spread));
	return question;
}

static struct lag_shift shift_of(const struct lag *lag, const struct question *question, unsigned n,
	bool is_first)
{
	struct order now = newest_in_order(lag, lag->recent, n);
	struct order near = newest_in_order(lag, lag->near, n);

	return (struct lag_shift){.added_ms = mean_of(&now) - mean_of(&question->base),
		.common_ms = is_first ? mean_of(&near) : 0, .fast_ms = at_share(&now, TENTH),
		.slow_ms = at_share(&now, 1 - TENTH), .fast_before_ms = at_share(&question->base, TENTH),
		.slow_before_ms = at_share(&question->base, 1 - TENTH), .before_ms = question->median};
}

/* Of all of them, which makes sense where they moved as a whole. */
static void measure_step(const struct lag *lag, unsigned n, struct lag_shift *shift)
{
	double before[SHIFT_SAMPLES], now[SHIFT_SAMPLES];
	unsigned m = lag->base_count < SHIFT_SAMPLES ? lag->base_count : SHIFT_SAMPLES;
	struct shift_interval interval;

	n = n < SHIFT_SAMPLES ? n : SHIFT_SAMPLES;
	for (unsigned i = 0; i < m; i++) {
		before[i] = (double)lag->base[i * lag->base_count / m];
	}
	for (unsigned i = 0; i < n; i++) {
		now[i] = newest(lag, lag->recent, i);
	}
	interval = shift_between(before, (int)m, now, (int)n, ALPHA);
	shift->added_ms = interval.shift;
	shift->low_ms = interval.low;
	shift->high_ms = interval.high;
}

/* The fastest tenth, or of a fall the slowest, moved with all. */
static bool is_whole(const struct lag_shift *shift)
{
	return shift->added_ms > 0 ?
		shift->fast_ms - shift->fast_before_ms >= WHOLE * shift->added_ms :
		shift->slow_ms - shift->slow_before_ms <= WHOLE * shift->added_ms;
}

static double least_of(enum lag_kind kind, const struct question *question)
{
	return kind == LAG_QUEUE ? fmax(QUEUE_MIN_MS, question->least_ms) : question->least_ms;
}

static enum lag_change judge_trouble(struct lag *lag, const struct lag_rule *rule,
	const struct question *question, bool is_first)
{
	unsigned n = 2 * rule->window < lag->count ? 2 * rule->window : lag->count;
	struct lag_shift shift = shift_of(lag, question, n, is_first);
	double least = least_of(lag->kind, question);

	/* What was trouble proves nothing any more. */
	if (shift.added_ms < OVER_SHARE * least) {
		lag->kind = LAG_CALM;
		lag->count = lag->at = lag->tainted = 0;
		return LAG_ENDED;
	}
	shift = shift_of(lag, question, rule->window, is_first);
	if (lag->kind == LAG_STEP) {
		measure_step(lag, rule->window, &shift);
	}
	if (shift.added_ms >= least) {
		lag->shift = shift;
	}
	return LAG_SAME;
}

static enum lag_change judge_fall(struct lag *lag, const struct lag_rule *rule,
	const struct question *question, bool is_first)
{
	unsigned n = proof(lag, rule, question, -1);
	struct lag_shift shift;
	bool is_step;

	/* Nor does it fall while there is trouble before it, or shortly after. */
	if (n == 0 || lag->tainted > 0) {
		return LAG_SAME;
	}
	shift = shift_of(lag, question, n, is_first);
	if (-shift.added_ms < question->least_ms) {
		return LAG_SAME;
	}
	/* What ended there was there from the start, and was no secret queue. */
	is_step = is_whole(&shift);
	if (is_step) {
		measure_step(lag, n, &shift);
		lag->shift = shift;
	}
	lag_adopt(lag, n);
	return is_step ? LAG_FELL : LAG_SAME;
}

enum lag_change lag_judge(struct lag *lag, const struct lag_rule *rule, bool is_first)
{
	struct question question;
	struct lag_shift shift;
	enum lag_kind kind;
	unsigned n;

	if (lag->base_count < ROUNDS_LEAST || lag->count < rule->window) {
		return LAG_SAME;
	}
	question = question_of(lag, rule, is_first);
	if (lag->kind != LAG_CALM) {
		return judge_trouble(lag, rule, &question, is_first);
	}
	n = proof(lag, rule, &question, 1);
	if (n == 0) {
		return judge_fall(lag, rule, &question, is_first);
	}
	shift = shift_of(lag, &question, n, is_first);
	kind = is_whole(&shift) ? LAG_STEP : LAG_QUEUE;
	if (shift.added_ms < least_of(kind, &question)) {
		return LAG_SAME;
	}
	if (kind == LAG_STEP) {
		measure_step(lag, n, &shift);
	}
	lag->kind = kind;
	lag->shift = shift;
	lag->tainted = lag->count;
	return LAG_BEGAN;
}
