/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "infer/bucket.h"

#include <math.h>
#include <stdbool.h>

#include "infer/loss.h"

/* How often it is contradicted: probes do not reach it, or others take their tokens; an answer
 * without a token was late. */
static const double taken[] = {0.01, 0.06, 0.25}, GIVEN = 0.003;

/* Rates that are set by hand, or by a maker, and steps about the one that was seen. */
static const double rates[] = {0.1, 0.2, 0.25, 1 / 3.0, 0.5, 1, 2, 3, 4, 5, 10, 20, 50, 100};
static const double sizes[] = {1, 2, 3, 4, 5, 6, 7, 8, 10, 15, 20, 50};

enum { STEPS = 10, STEPPED = 2 * STEPS + 1, RATES = STEPPED + sizeof rates / sizeof rates[0],
	SIZES = sizeof sizes / sizeof sizes[0], TAKENS = sizeof taken / sizeof taken[0] };

/* AWAY, ln: what fits so much worse does not count; looked at every so many rounds. */
static const double STEP = 0.01, AWAY = 15;

enum { LOOK = 8 };

struct bucket {
	double rate, size, taken;
};

/* How many tokens there may be. */
struct tokens {
	double low, high;
};

/* fmin and fmax without their care for what is no number. */
static double lesser(double a, double b)
{
	return a < b ? a : b;
}

static double larger(double a, double b)
{
	return a > b ? a : b;
}

/* Takes one probe, and returns how likely its outcome was. */
static double take(struct tokens *tokens, const struct bucket *bucket, double slack,
	bool is_answered)
{
	double low = tokens->low - slack, high = tokens->high + slack;
	double answered = low >= 1 ? 1 : high < 1 ? 0 : (high - 1) / (high - low);

	if (is_answered) {
		tokens->low = larger(tokens->low, 1) - 1;
		tokens->high = larger(tokens->high, 1) - 1;
	} else if (tokens->low >= 1) {
		tokens->low = 0;         /* it came to nobody, or found that others had taken them */
	} else {
		tokens->high = lesser(tokens->high, 1);
	}
	answered = lesser(larger(answered, GIVEN), 1 - bucket->taken);
	return is_answered ? answered : 1 - answered;
}

/* After one that was not answered, probes[-1]. What is below `least` may be less than that. */
static double log_likelihood(const struct bucket_probes *probes, size_t count,
	const struct bucket *bucket, double slack, double least)
{
	struct tokens tokens = {0, 1};
	double sum = 0, product = 1;

	for (size_t i = 0; i < count; i++) {
		double more = bucket->rate * larger(probes[i].at - (probes + i)[-1].at, 0);

		tokens.low = probes[i].is_after_others ? 0 : lesser(tokens.low + more, bucket->size);
		tokens.high = lesser(tokens.high + more, bucket->size);
		for (unsigned k = 0; k < probes[i].asked; k++) {
			product *= take(&tokens, bucket, bucket->rate * slack, k < probes[i].answered);
		}
		if (i % LOOK == 0) {
			sum += log(product);
			product = 1;
			if (sum < least) {
				break;
			}
		}
	}
	return sum + log(product);
}

static double rate_of(size_t i, double seen)
{
	return i < STEPPED ? seen * (1 + STEP * ((double)i - STEPS)) : rates[i - STEPPED];
}

/* Of probes that leave together the bucket answers the first ones; by chance it is any of them. */
static double log_orders(unsigned asked, unsigned answered)
{
	double ways = 1;

	for (unsigned k = 1; k <= answered; k++) {
		ways *= (double)(asked - answered + k) / k;
	}
	return log(ways);
}

/* Loss that comes in bursts (Gilbert 1960), after one that was lost: it is the likelier where the
 * one before was lost, too. Of those that leave together the likeliest order is taken. */
static double log_bursts(const struct bucket_probes *probes, size_t count)
{
	struct loss_count after[2] = {{0, 0}, {0, 0}}; /* [was lost] */
	unsigned was_lost = 1;

	for (size_t i = 0; i < count; i++) {
		unsigned begins_lost = was_lost, lost = probes[i].asked - probes[i].answered;
		unsigned first = begins_lost ? lost : probes[i].answered;

		for (unsigned k = 0; k < probes[i].asked; k++) {
			unsigned is_lost = k < first ? begins_lost : !begins_lost;

			after[was_lost].trials++;
			after[was_lost].lost += is_lost;
			was_lost = is_lost;
		}
	}
	if (after[1].lost * after[0].trials <= after[0].lost * after[1].trials) {
		return -INFINITY;
	}
	return loss_fit(&after[0]) + loss_fit(&after[1]);
}

struct bucket_fit bucket_fit(const struct bucket_probes *probes, size_t count, double slack)
{
	double fits[RATES * SIZES * TAKENS], best = -INFINITY, sum = 0, chance, seen;
	struct bucket_fit fit = {0, -INFINITY, -INFINITY};
	struct loss_count all = {0, 0};
	double lasted, orders = 0;

	while (count > 0 && probes->answered == probes->asked) {
		probes++;
		count--;
	}
	if (count < 2) {
		return fit;
	}
	probes++;
	count--;
	lasted = probes[count - 1].at - probes[-1].at;
	for (size_t i = 0; i < count; i++) {
		all.trials += probes[i].asked;
		all.lost += (uint64_t)probes[i].asked - probes[i].answered;
		orders += log_orders(probes[i].asked, probes[i].answered);
	}
	if (lasted <= 0 || all.lost == 0 || all.lost == all.trials) {
		return fit;
	}
	seen = (double)(all.trials - all.lost) / lasted;
	chance = fmax(loss_fit(&all) + orders, log_bursts(probes, count));
	for (size_t i = 0; i < RATES * SIZES * TAKENS; i++) {
		struct bucket bucket = {rate_of(i / (SIZES * TAKENS), seen),
			sizes[i / TAKENS % SIZES], taken[i % TAKENS]};

		fits[i] = log_likelihood(probes, count, &bucket, slack,
			fmax(best, chance) - AWAY);
		if (fits[i] > best) {
			best = fits[i];
			fit.rate = bucket.rate;
		}
	}
	for (size_t i = 0; i < RATES * SIZES * TAKENS; i++) {
		sum += exp(fits[i] - best);
	}
	fit.evidence = best + log(sum / (RATES * SIZES * TAKENS)) - chance;
	fit.best = best - chance;
	return fit;
}
