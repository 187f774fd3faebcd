/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <math.h>

#include "base/rng.h"
#include "infer/bucket.h"
#include "support/check.h"

/* Outcomes of probes, a round a second or faster, and what is said of them. */
enum { ROUNDS = 200, RUNS = 100 };

static const double SLACK = 0.03;

struct kind {
	double interval;         /* s */
	unsigned each;           /* probes of a round */
	double rate, size;       /* of the bucket; rate 0: none */
	double loss;             /* by chance */
	double enter, leave;     /* of bursts that lose all */
};

/* Rounds are up to a tenth of an interval off, probes up to a hundredth of a second late. */
static struct bucket_fit fit_of(const struct kind *kind, struct rng *rng, size_t rounds)
{
	struct bucket_probes probes[ROUNDS];
	double tokens = kind->size, last = 0;
	bool is_burst = false;

	for (size_t i = 0; i < rounds; i++) {
		struct bucket_probes *at = &probes[i];

		*at = (struct bucket_probes){.at = ((double)i + 0.2 * rng_unit(rng)) * kind->interval,
			.asked = (uint8_t)kind->each};
		for (unsigned k = 0; k < kind->each; k++) {
			double now = at->at + 0.01 * rng_unit(rng);
			bool is_lost = rng_unit(rng) < kind->loss;

			is_burst = rng_unit(rng) < (is_burst ? 1 - kind->leave : kind->enter);
			if (kind->rate > 0 && !is_lost) {
				tokens = fmin(kind->size, tokens + kind->rate * fmax(now - last, 0));
				last = fmax(now, last);
				is_lost = tokens < 1;
				tokens -= !is_lost;
			}
			at->answered = (uint8_t)(at->answered + (!is_lost && !is_burst));
		}
	}
	return bucket_fit(probes, rounds, SLACK);
}

static void test_a_bucket_is_told_with_its_rate(void **state)
{
	static const struct kind kinds[] = {
		{1, 1, 0.5, 6, 0, 0, 0}, {1, 2, 0.5, 6, 0, 0, 0}, {1, 1, 0.8, 3, 0, 0, 0},
		{0.2, 2, 3, 4, 0, 0, 0}, {0.1, 1, 1, 6, 0, 0, 0}, {0.1, 1, 7, 10, 0, 0, 0},
		{0.2, 1, 3, 5, 0.05, 0, 0},
	};
	struct rng rng;
	(void)state;

	rng_init(&rng, check_seed(1), 1);
	for (size_t i = 0; i < sizeof kinds / sizeof kinds[0]; i++) {
		unsigned told = 0;

		for (unsigned run = 0; run < RUNS; run++) {
			struct bucket_fit fit = fit_of(&kinds[i], &rng, ROUNDS);

			assert_true(fit.best >= fit.evidence);
			if (fit.evidence > 12) {
				assert_near(fit.rate, kinds[i].rate, 0.1 * kinds[i].rate);
				told++;
			}
		}
		print_message("# kind %zu: %u of %u\n", i, told, (unsigned)RUNS);
		/* Loss hides it for a while. */
		assert_true(told >= RUNS * (kinds[i].loss > 0 ? 80u : 98u) / 100);
	}
}

/* Evidence of 12 has a chance of e^-12 at the most: in no run of these. */
static void test_neither_chance_nor_bursts_are_a_bucket(void **state)
{
	static const double shares[] = {0.01, 0.03, 0.1, 0.3, 0.5, 0.7, 0.9};
	struct rng rng;
	(void)state;

	rng_init(&rng, check_seed(1), 2);
	for (size_t i = 0; i < sizeof shares / sizeof shares[0]; i++) {
		for (unsigned run = 0; run < RUNS; run++) {
			struct kind chance = {0.2, 1 + run % 2, 0, 0, shares[i], 0, 0};
			struct kind bursts = {0.2, 1 + run % 2, 0, 0, 0.001, shares[i] / 10, 0.2};

			assert_true(fit_of(&chance, &rng, ROUNDS).evidence < 12);
			assert_true(fit_of(&bursts, &rng, ROUNDS).evidence < 12);
		}
	}
}

static void test_what_all_went_alike_tells_nothing(void **state)
{
	static const struct kind kinds[] = {{1, 1, 0, 0, 0, 0, 0}, {1, 1, 0, 0, 1, 0, 0}};
	struct rng rng;
	(void)state;

	rng_init(&rng, check_seed(1), 3);
	for (size_t i = 0; i < sizeof kinds / sizeof kinds[0]; i++) {
		for (size_t rounds = 0; rounds <= 20; rounds += 10) {
			assert_true(isinf(fit_of(&kinds[i], &rng, rounds).evidence));
		}
	}
}

/* As the last tokens of a bucket that was full would. */
static void test_answers_that_end_are_no_bucket(void **state)
{
	struct bucket_probes probes[60];
	(void)state;

	for (size_t i = 0; i < 60; i++) {
		probes[i] = (struct bucket_probes){.at = (double)i, .asked = 1, .answered = i < 50};
	}
	assert_true(isinf(bucket_fit(probes, 60, SLACK).evidence));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_a_bucket_is_told_with_its_rate),
		cmocka_unit_test(test_neither_chance_nor_bursts_are_a_bucket),
		cmocka_unit_test(test_what_all_went_alike_tells_nothing),
		cmocka_unit_test(test_answers_that_end_are_no_bucket),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
