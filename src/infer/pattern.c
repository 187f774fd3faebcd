/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "infer/pattern.h"

#include <math.h>

enum { MEMBER_LOSSES = 20, SHARE_TRIALS = 30 };

/* Of ticks: groups of answers, and what part of all is one. */
enum { TICK_GROUPS = 3, TICK_GROUP_MIN = 16 };

static const double PI = 3.14159265358979323846;
static const double TICK_SHARE_MAX = 0.7; /* of answers with one and the same number of ticks */

/* Probability that a binomial takes exactly this value. */
static double binomial(double n, double k, double p)
{
	if (p <= 0 || p >= 1) {
		return (p <= 0 && k == 0) || (p >= 1 && k == n) ? 1 : 0;
	}
	return exp(lgamma(n + 1) - lgamma(k + 1) - lgamma(n - k + 1) + k * log(p) +
		(n - k) * log(1 - p));
}

bool pattern_bucket(const uint32_t *answers, const uint32_t *asked, size_t windows,
	struct bucket_pattern *ret_pattern)
{
	double sum = 0, sum_asked = 0, squares = 0, mean, p, expected, n = (double)windows - 1;
	struct bucket_pattern pattern = {.burst = answers[0]};

	if (windows < 6) {
		return false;
	}
	/* The first window has what the bucket held when the run began. */
	for (size_t i = 1; i < windows; i++) {
		sum += answers[i];
		sum_asked += asked[i];
	}
	mean = sum / n;
	p = sum_asked > 0 ? sum / sum_asked : 0;
	if (p <= 0 || p >= 1) {
		return false;
	}
	pattern.chance = 1;
	for (size_t i = 1; i < windows; i++) {
		squares += (answers[i] - mean) * (answers[i] - mean);
		pattern.chance *= binomial(asked[i], answers[i], p);
	}
	expected = sum_asked / n * p * (1 - p);
	pattern.rate = mean;
	pattern.dispersion = squares / (n - 1) / expected;
	*ret_pattern = pattern;
	return true;
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

unsigned pattern_bad_members(const uint32_t *sent, const uint32_t *lost, size_t count)
{
	double all_sent = 0, all_lost = 0, squares = 0, freedom = (double)count - 1, share;
	unsigned bad = 0;

	for (size_t i = 0; i < count; i++) {
		all_sent += sent[i];
		all_lost += lost[i];
	}
	if (count < 2 || all_lost < MEMBER_LOSSES || all_lost >= all_sent) {
		return 0;
	}
	share = all_lost / all_sent;
	for (size_t i = 0; i < count; i++) {
		double expected = sent[i] * share;

		squares += sent[i] == 0 ? 0 : pow(lost[i] - expected, 2) / (expected * (1 - share));
		bad += lost[i] > 2 * expected;
	}
	return squares > freedom + 5 * sqrt(2 * freedom) ? bad : 0;
}

double pattern_gilbert_inflation(double enter, double leave)
{
	double rho = 1 - enter - leave;

	return (1 + rho) / (1 - rho);
}

double pattern_concentration(const double *values, size_t count, double period)
{
	double x = 0, y = 0;

	for (size_t i = 0; i < count; i++) {
		x += cos(2 * PI * values[i] / period);
		y += sin(2 * PI * values[i] / period);
	}
	return count == 0 ? 0 : sqrt(x * x + y * y) / (double)count;
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

	for (size_t i = 0; i < sizeof ticks / sizeof ticks[0]; i++) {
		double r = pattern_concentration(values_ms, count, ticks[i]);

		if (r > .9 && exp(-(double)count * r * r) < 1e-3 &&
		    is_spread(values_ms, count, ticks[i])) {
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
