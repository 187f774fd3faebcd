/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "model/quant.h"

#include <math.h>

#include "base/rng.h"
#include "support/check.h"

static void test_v11_indices_and_values(void **state)
{
	static const struct { double ms; int index; double value; } rows[] = {
		{.25, -69, .249051}, {12.345, 126, 12.305344}, {68.257, 212, 68.723486},
		{100, 231, 100.494568},
	};
	(void)state;

	for (size_t i = 0; i < 4; i++) {
		assert_int_equal(quant_index(rows[i].ms), rows[i].index);
		assert_near(quant_value(rows[i].index), rows[i].value, 5e-7);
	}
}

static int by_value(const void *a, const void *b)
{
	double x = *(const double *)a, y = *(const double *)b;

	return x < y ? -1 : x > y;
}

static void test_quantiles_are_within_one_percent_of_the_sorted_samples(void **state)
{
	enum { COUNT = 5000 };
	static double ms[COUNT];
	static struct quant quant;
	struct rng rng;
	(void)state;

	rng_init(&rng, check_seed(11), 0);
	memset(&quant, 0, sizeof quant);
	for (size_t i = 0; i < COUNT; i++) {
		ms[i] = exp(rng_normal(&rng)) * 20;
		quant_add(&quant, (ns_t)llround(ms[i] * 1e6));
	}
	qsort(ms, COUNT, sizeof ms[0], by_value);
	for (int q = 0; q <= 100; q += 5) {
		double exact = ms[q == 0 ? 0 : q * COUNT / 100 - 1];

		assert_near(quant_get(&quant, q / 100.0) / exact, 1, .0101);
	}
}

static void test_the_rank_is_the_nearest_from_above(void **state)
{
	static const struct { uint64_t count; double q; uint64_t rank; } cases[] = {
		{0, .5, 0}, {1, .99, 1}, {2, .5, 1}, {3, .5, 2}, {10, .95, 10}, {10, .99, 10},
		{20, .95, 19}, {21, .95, 20}, {100, .99, 99}, {101, .99, 100},
		{1000, .99, 990}, {10, 0, 1}, {10, 1, 10},
	};
	(void)state;

	for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
		assert_int_equal(quant_rank(cases[i].count, cases[i].q), cases[i].rank);
	}
	/* Products that are whole, whatever their factors are in binary. */
	for (uint64_t n = 1; n <= 10000; n++) {
		assert_int_equal(quant_rank(100 * n, .95), 95 * n);
		assert_int_equal(quant_rank(100 * n, .99), 99 * n);
	}
}

static void test_what_lies_outside_is_counted_at_the_ends(void **state)
{
	static struct quant quant;
	(void)state;

	memset(&quant, 0, sizeof quant);
	quant_add(&quant, 0);
	quant_add(&quant, -5);
	quant_add(&quant, 3600 * NS_PER_SEC);
	assert_int_equal(quant.bin[0], 2);
	assert_int_equal(quant.bin[QUANT_BINS - 1], 1);
	assert_int_equal(quant.count, 3);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_v11_indices_and_values),
		cmocka_unit_test(test_quantiles_are_within_one_percent_of_the_sorted_samples),
		cmocka_unit_test(test_the_rank_is_the_nearest_from_above),
		cmocka_unit_test(test_what_lies_outside_is_counted_at_the_ends),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
