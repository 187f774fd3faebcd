/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "infer/pair.h"

#include <math.h>

enum { EXACT_MAX = 2000 };

static double log_choose(double n, double k)
{
	return lgamma(n + 1) - lgamma(k + 1) - lgamma(n - k + 1);
}

/* P(Bin(n, 1/2) <= k); beyond some thousand trials by the normal distribution. */
static double fair_below(uint64_t n, uint64_t k)
{
	double sum = 0;

	if (k >= n) {
		return 1;
	}
	if (n > EXACT_MAX) {
		return .5 * erfc(((double)n / 2 - (double)k - .5) / sqrt((double)n / 2));
	}
	for (uint64_t i = 0; i <= k; i++) {
		sum += exp(log_choose((double)n, (double)i) - (double)n * log(2));
	}
	return fmin(sum, 1);
}

double pair_log_evidence(uint64_t deeper, uint64_t shallower)
{
	double c = (double)deeper, b = (double)shallower, n = c + b;

	return (n + 1) * log(2) + lgamma(c + 1) + lgamma(b + 1) - lgamma(n + 2) +
	       log(fmax(fair_below(deeper + shallower + 1, deeper), 1e-300));
}

double pair_log_evidence_of(const struct pairs *pairs)
{
	double all = pair_log_evidence(pairs->deeper, pairs->shallower);
	double quiet = pair_log_evidence(pairs->quiet_deeper, pairs->quiet_shallower);
	double most = fmax(all, quiet), least = fmin(all, quiet);

	return most + log((1 + exp(least - most)) / 2);
}

double pair_excess(const struct pairs *pairs, double *ret_error)
{
	double n = (double)pairs->rounds, c = (double)pairs->deeper, b = (double)pairs->shallower;

	if (pairs->rounds == 0) {
		*ret_error = 1;
		return 0;
	}
	*ret_error = sqrt(c + b + 1) / n;
	return (c - b) / n;
}
