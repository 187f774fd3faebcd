/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "base/rng.h"

#include <math.h>

#include "support/check.h"

/* The reference: what pcg32-demo of the authors' C library prints in its first round. */
static void test_the_sequence_is_the_published_one(void **state)
{
	static const uint32_t expected[] = {0xa15c02b7, 0x7b47f409, 0xba1d3330, 0x83d2f293,
		0xbfa4784b, 0xcbed606e};
	struct rng rng;
	(void)state;

	rng_init(&rng, 42, 54);
	for (size_t i = 0; i < 6; i++) {
		assert_int_equal(rng_u32(&rng), expected[i]);
	}
}

static void test_streams_of_one_seed_differ(void **state)
{
	struct rng a, b;
	int same = 0;
	(void)state;

	rng_init(&a, 7, 1);
	rng_init(&b, 7, 2);
	for (int i = 0; i < 100; i++) {
		same += rng_u32(&a) == rng_u32(&b);
	}
	assert_true(same < 2);
}

/* A uniform count over ten boxes: chi square with 9 degrees, 1 in 10^6 is above 45. */
static void test_below_is_uniform_and_below(void **state)
{
	double boxes[10] = {0}, chi = 0;
	struct rng rng;
	(void)state;

	rng_init(&rng, check_seed(3), 0);
	for (int i = 0; i < 100000; i++) {
		uint32_t n = rng_below(&rng, 10);

		assert_true(n < 10);
		boxes[n]++;
	}
	for (int i = 0; i < 10; i++) {
		chi += (boxes[i] - 10000) * (boxes[i] - 10000) / 10000;
	}
	assert_true(chi < 45);
	assert_int_equal(rng_below(&rng, 1), 0);
}

static void test_moments_are_those_of_the_distributions(void **state)
{
	double unit = 0, normal = 0, square = 0, exponential = 0;
	struct rng rng;
	(void)state;

	rng_init(&rng, check_seed(4), 0);
	for (int i = 0; i < 100000; i++) {
		double u = rng_unit(&rng), n = rng_normal(&rng), e = rng_exponential(&rng);

		assert_true(u >= 0 && u < 1 && e >= 0 && isfinite(n) && isfinite(e));
		unit += u;
		normal += n;
		square += n * n;
		exponential += e;
	}
	/* Six standard errors of the mean each. */
	assert_near(unit / 1e5, 0.5, 6 * 0.2887 / 316.2);
	assert_near(normal / 1e5, 0, 6 / 316.2);
	assert_near(square / 1e5, 1, 6 * 1.414 / 316.2);
	assert_near(exponential / 1e5, 1, 6 / 316.2);
}

static void test_a_chance_of_none_and_of_all_is_certain(void **state)
{
	struct rng rng;
	(void)state;

	rng_init(&rng, 5, 0);
	for (int i = 0; i < 1000; i++) {
		assert_false(rng_chance(&rng, 0));
		assert_true(rng_chance(&rng, 1));
	}
}

static void test_a_shuffle_keeps_every_item_once(void **state)
{
	uint16_t items[100];
	bool is_seen[100] = {false};
	int moved = 0;
	struct rng rng;
	(void)state;

	rng_init(&rng, check_seed(6), 0);
	for (uint16_t i = 0; i < 100; i++) {
		items[i] = i;
	}
	rng_shuffle_u16(&rng, items, 100);
	for (int i = 0; i < 100; i++) {
		assert_true(items[i] < 100 && !is_seen[items[i]]);
		is_seen[items[i]] = true;
		moved += items[i] != i;
	}
	assert_true(moved > 80);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_the_sequence_is_the_published_one),
		cmocka_unit_test(test_streams_of_one_seed_differ),
		cmocka_unit_test(test_below_is_uniform_and_below),
		cmocka_unit_test(test_moments_are_those_of_the_distributions),
		cmocka_unit_test(test_a_chance_of_none_and_of_all_is_certain),
		cmocka_unit_test(test_a_shuffle_keeps_every_item_once),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
