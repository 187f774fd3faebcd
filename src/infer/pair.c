/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "infer/pair.h"

#include <math.h>

enum { EXACT_MAX = 2000, TOGETHER_LEAST = 3 };

static const double OFTEN = 0.06;

static double log_choose(double n, double k)
{
	return lgamma(n + 1) - lgamma(k + 1) - lgamma(n - k + 1);
}

/* P(Bin(n, p) <= k); beyond some thousand trials by the normal distribution. */
static double binomial_below(uint64_t n, uint64_t k, double p)
{
	double sum = 0, log_p = log(p), log_q = log(1 - p);

	if (k >= n) {
		return 1;
	}
	if (n > EXACT_MAX) {
		return .5 * erfc(((double)n * p - (double)k - .5) / sqrt(2 * (double)n * p * (1 - p)));
	}
	for (uint64_t i = 0; i <= k; i++) {
		sum += exp(log_choose((double)n, (double)i) + (double)i * log_p +
			(double)(n - i) * log_q);
	}
	return fmin(sum, 1);
}

static double log_evidence(uint64_t deeper, uint64_t shallower, double p)
{
	double c = (double)deeper, b = (double)shallower, n = c + b;

	return lgamma(c + 1) + lgamma(b + 1) - lgamma(n + 2) - c * log(p) - (b + 1) * log(1 - p) +
	       log(fmax(binomial_below(deeper + shallower + 1, deeper, p), 1e-300));
}

/* Far more often than losses that have nothing to do with one another would. */
static bool do_come_together(const struct pairs *pairs)
{
	double expected = (double)(pairs->deeper + pairs->together) * (double)pairs->shallower_any /
		fmax((double)pairs->rounds, 1);

	return pairs->together >= TOGETHER_LEAST &&
	       (double)pairs->together > 2 * (expected + sqrt(expected));
}

/* What stands against the deeper probe. */
struct coin {
	uint64_t against, quiet_against;
	double share;        /* of the deeper one, if the link is sound */
	double weight;       /* by which losses `against` are expected of the deeper one as well */
};

static struct coin coin_of(const struct pairs *pairs)
{
	uint64_t both = pairs->shallower + pairs->later;
	uint64_t quiet_both = pairs->quiet_shallower + pairs->quiet_later;
	bool is_often = (double)pairs->shallower_any > OFTEN * (double)pairs->rounds;

	if (!pairs->is_bracketed) {
		return (struct coin){pairs->shallower, pairs->quiet_shallower, 1. / 2, 1};
	}
	if (!do_come_together(pairs)) {
		return (struct coin){both, quiet_both, 1. / 3, 1. / 2};
	}
	return is_often ? (struct coin){both, quiet_both, 1. / 2, 1} :
		(struct coin){pairs->shallower, pairs->quiet_shallower, 1. / 2, 1};
}

double pair_log_evidence(uint64_t deeper, uint64_t shallower)
{
	return log_evidence(deeper, shallower, 1. / 2);
}

double pair_log_evidence_of(const struct pairs *pairs)
{
	struct coin coin = coin_of(pairs);
	double all = log_evidence(pairs->deeper, coin.against, coin.share);
	double quiet = log_evidence(pairs->quiet_deeper, coin.quiet_against, coin.share);
	double most = fmax(all, quiet), least = fmin(all, quiet);

	return most + log((1 + exp(least - most)) / 2);
}

double pair_excess(const struct pairs *pairs, double *ret_error)
{
	struct coin coin = coin_of(pairs);
	double n = (double)pairs->rounds, c = (double)pairs->deeper;
	double b = coin.weight * (double)coin.against;

	if (pairs->rounds == 0) {
		*ret_error = 1;
		return 0;
	}
	*ret_error = sqrt(c + coin.weight * b + 1) / n;
	return (c - b) / n;
}
