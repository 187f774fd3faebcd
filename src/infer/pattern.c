/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "infer/pattern.h"

#include <math.h>

enum { GAPS_LEAST = 6, MEMBER_LOSSES = 20, SHARE_TRIALS = 30 };

/* Of ticks: groups of answers, and what part of all is one. */
enum { TICK_GROUPS = 3, TICK_GROUP_MIN = 16 };

static const double MEMBER_SCATTER = 5, MEMBER_SHARE = 0.8;
static const double PI = 3.14159265358979323846;
static const double TICK_SHARE_MAX = 0.7; /* of answers with one and the same number of ticks */

void gaps_take(struct gaps *gaps, bool is_event)
{
	gaps->since += gaps->since < UINT16_MAX;
	if (!is_event) {
		return;
	}
	if (gaps->has_begun) {
		gaps->gap[gaps->count++ % GAPS] = (uint16_t)gaps->since;
	}
	gaps->has_begun = true;
	gaps->since = 0;
}

static double log_choose(double n, double k)
{
	return lgamma(n + 1) - lgamma(k + 1) - lgamma(n - k + 1);
}

static double sum_of(const uint16_t *gap, size_t count)
{
	double sum = 0;

	for (size_t i = 0; i < count; i++) {
		sum += gap[i];
	}
	return sum;
}

static double evenness_chance(const uint16_t *gap, size_t count, double n)
{
	double m = (double)count, least = 0;
	unsigned tried = 0;

	for (unsigned d = 2; d < 2 * n / m; d++) {
		double shorter = 0;

		for (size_t i = 0; i < count; i++) {
			shorter += gap[i] < d;
		}
		if (shorter > m / 2) {
			break;
		}
		tried++;
		least = fmin(least, log_choose(m, shorter) +
			log_choose(n - 1 - (m - shorter) * (d - 1), m - 1) - log_choose(n - 1, m - 1));
	}
	return fmin(1, exp(least) * fmax(tried, 1));
}

bool pattern_bucket(const struct gaps *answers, const struct gaps *losses,
	struct bucket_pattern *ret_pattern)
{
	size_t answer_gaps = answers->count < GAPS ? answers->count : GAPS;
	size_t loss_gaps = losses->count < GAPS ? losses->count : GAPS;
	double answer_trials = sum_of(answers->gap, answer_gaps), loss_trials = sum_of(losses->gap,
		loss_gaps);
	bool is_by_answers = answer_trials * (double)loss_gaps >= loss_trials * (double)answer_gaps;
	const uint16_t *gap = is_by_answers ? answers->gap : losses->gap;
	size_t count = is_by_answers ? answer_gaps : loss_gaps;
	double n = is_by_answers ? answer_trials : loss_trials, rare, squares = 0;

	if (answer_gaps == 0 || loss_gaps == 0 || count < GAPS_LEAST || n <= (double)count) {
		return false;
	}
	rare = (double)count / n;
	for (size_t i = 0; i < count; i++) {
		squares += pow(gap[i] - 1 / rare, 2);
	}
	*ret_pattern = (struct bucket_pattern){.share = is_by_answers ? rare : 1 - rare,
		.dispersion = squares / ((double)count - 1) / ((1 - rare) / (rare * rare)),
		.chance = evenness_chance(gap, count, n)};
	return true;
}

uint32_t pattern_burst(uint32_t first_run, double share)
{
	return (uint32_t)ceil(first_run * (1 - share) - 1e-9);
}

enum share_change pattern_share_change(uint64_t asked_before, uint64_t answered_before,
	uint64_t asked, uint64_t answered)
{
	double n = (double)asked_before, m = (double)asked, share, error, fell;

	if (asked_before < SHARE_TRIALS || asked < SHARE_TRIALS) {
		return SHARE_UNKNOWN;
	}
	share = (double)(answered_before + answered) / (n + m);
	error = sqrt(share * (1 - share) * (1 / n + 1 / m));
	fell = (double)answered_before / n - (double)answered / m;
	return fell > 4 * error && fell > 0 ? SHARE_FELL : fabs(fell) <= 2 * error ? SHARE_IN_STEP :
		SHARE_UNKNOWN;
}

double pattern_burst_inflation(const uint64_t *batch_lost, size_t batches, uint64_t batch_size)
{
	double sum = 0, squares = 0, n = (double)batches, size = (double)batch_size, p;

	for (size_t i = 0; i < batches; i++) {
		sum += (double)batch_lost[i];
	}
	p = sum / (n * size);
	if (batches < 2 || p <= 0 || p >= 1) {
		return 1;
	}
	for (size_t i = 0; i < batches; i++) {
		squares += pow((double)batch_lost[i] - sum / n, 2);
	}
	return fmax(1, squares / (n - 1) / (size * p * (1 - p)));
}

/* Pearson's sum of squares, in deviations above its freedom. */
static double excess_scatter(const uint32_t *sent, const uint32_t *lost, size_t count, double share)
{
	double squares = 0, freedom = (double)count - 1;

	for (size_t i = 0; i < count; i++) {
		double expected = sent[i] * share;

		squares += sent[i] == 0 ? 0 : pow(lost[i] - expected, 2) / (expected * (1 - share));
	}
	return (squares - freedom) / sqrt(2 * freedom);
}

unsigned pattern_bad_members(const uint32_t *sent, const uint32_t *lost, size_t count)
{
	double all_sent = 0, all_lost = 0, bad_sent = 0, bad_lost = 0;
	unsigned bad = 0;

	for (size_t i = 0; i < count; i++) {
		all_sent += sent[i];
		all_lost += lost[i];
	}
	if (count < 2 || all_lost < (double)MEMBER_LOSSES || all_lost >= all_sent ||
	    excess_scatter(sent, lost, count, all_lost / all_sent) < MEMBER_SCATTER) {
		return 0;
	}
	for (size_t i = 0; i < count; i++) {
		/* Half as much again as the mean: a member of two, all the loss its own, has twice that. */
		if (lost[i] * all_sent > 1.5 * sent[i] * all_lost) {
			bad_sent += sent[i];
			bad_lost += lost[i];
			bad++;
		}
	}
	return bad > 0 && bad_lost >= MEMBER_SHARE * all_lost &&
	       bad_lost * (all_sent - bad_sent) > 3 * bad_sent * (all_lost - bad_lost) ? bad : 0;
}

/* The same, or any that is not above `least` where it is not above that: then the first values, mixed
 * as they mostly are, say so already. */
static double concentration_above(const double *values, size_t count, double period, double least)
{
	double x = 0, y = 0;

	for (size_t i = 0; i < count; i++) {
		double most = least * (double)count - (double)(count - i);

		if (most > 0 && x * x + y * y < most * most) {
			return 0;
		}
		x += cos(2 * PI * values[i] / period);
		y += sin(2 * PI * values[i] / period);
	}
	return count == 0 ? 0 : sqrt(x * x + y * y) / (double)count;
}

double pattern_concentration(const double *values, size_t count, double period)
{
	return concentration_above(values, count, period, 0);
}

static double range_of(const double *values, size_t count)
{
	double low = INFINITY, high = -INFINITY;

	for (size_t i = 0; i < count; i++) {
		low = fmin(low, values[i]);
		high = fmax(high, values[i]);
	}
	return high - low;
}

/* Values that are nearly all the same have one phase whatever the period is; and two groups are
 * as well two ways of different length. */
static bool is_spread(const double *values, size_t count, double period)
{
	size_t commonest = 0, groups = 0;

	for (size_t i = 0; i < count; i++) {
		size_t equals = 0, before = 0;

		for (size_t j = 0; j < count; j++) {
			bool is_equal = fabs(values[i] - values[j]) < period / 2;

			equals += is_equal;
			before += is_equal && j < i;
		}
		commonest = equals > commonest ? equals : commonest;
		groups += before == 0 && equals * TICK_GROUP_MIN >= count;
	}
	return groups >= TICK_GROUPS && (double)commonest <= TICK_SHARE_MAX * (double)count;
}

double pattern_tick_ms(const double *values_ms, size_t count)
{
	static const double ticks[] = {20, 16, 10, 8, 5, 4, 2, 1};
	double range = range_of(values_ms, count);

	for (size_t i = 0; i < sizeof ticks / sizeof ticks[0]; i++) {
		double r;

		if (range < ticks[i] / 2) {
			continue; /* all of one group */
		}
		r = concentration_above(values_ms, count, ticks[i], .9);
		if (r > .9 && exp(-(double)count * r * r) < 1e-3 &&
		    is_spread(values_ms, count, ticks[i])) {
			return ticks[i];
		}
	}
	return 0;
}

double pattern_phase_ms(const double *left_ms, const double *came_ms, size_t count)
{
	static const double ticks[] = {20, 10, 8, 5, 4, 2};

	for (size_t i = 0; i < sizeof ticks / sizeof ticks[0]; i++) {
		if (concentration_above(came_ms, count, ticks[i], .8) > .8 &&
		    pattern_concentration(left_ms, count, ticks[i]) < .4) {
			return ticks[i];
		}
	}
	return 0;
}

unsigned pattern_hops_back(uint8_t rx_ttl)
{
	return (rx_ttl <= 32 ? 32u : rx_ttl <= 64 ? 64u : rx_ttl <= 128 ? 128u : 255u) - rx_ttl;
}

int pattern_tunnel_length(uint8_t exceeded_ttl, uint8_t echo_ttl)
{
	return echo_ttl > 64 ? -1 : (255 - exceeded_ttl) - (64 - echo_ttl);
}
