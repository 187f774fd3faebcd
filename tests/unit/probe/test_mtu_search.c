/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "base/rng.h"
#include "probe/mtu_search.h"
#include "support/check.h"

/* A link that lets `mtu` bytes pass, and loses a share of what passes. Probes until it is found. */
static unsigned find(struct mtu_search *search, uint16_t mtu, unsigned times, double loss,
	struct rng *rng)
{
	unsigned probes = 0;

	for (;;) {
		struct mtu_wanted wanted = {.times = times, .first = 1,
			.steps = 12 - (int)probes - (int)times + 1};
		uint16_t size = mtu_search_next(search, &wanted);

		if (size == 0) {
			return probes;
		}
		assert_between(size, search->least, search->most);
		probes++;
		if (size <= mtu && !rng_chance(rng, loss)) {
			mtu_search_pass(search, size);
		} else {
			mtu_search_fail(search, size, false);
		}
	}
}

static void test_each_mtu_is_found_within_twelve_probes(void **state)
{
	struct rng rng;
	(void)state;

	rng_init(&rng, check_seed(1), 1);
	for (uint16_t mtu = 577; mtu <= 1500; mtu++) {
		struct mtu_search search = mtu_search_of(64, 1500);

		search.floor = 576;
		assert_true(find(&search, mtu, 2, 0, &rng) <= 12);
		assert_int_equal(search.passed, mtu);
	}
}

static void test_what_is_common_takes_fewer(void **state)
{
	static const uint16_t sizes[] = {1280, 1400, 1420, 1450, 1476, 1480, 1492};
	struct rng rng;
	(void)state;

	rng_init(&rng, check_seed(1), 1);
	for (size_t i = 0; i < sizeof sizes / sizeof sizes[0]; i++) {
		struct mtu_search search = mtu_search_of(64, 1500);

		search.floor = 1280;
		assert_true(find(&search, sizes[i], 2, 0, &rng) <= 10);
		assert_int_equal(search.passed, sizes[i]);
	}
}

static void test_less_than_was_expected_to_pass_is_found_as_well(void **state)
{
	struct rng rng;
	(void)state;

	rng_init(&rng, check_seed(1), 1);
	for (uint16_t mtu = 64; mtu < 1280; mtu += 19) {
		struct mtu_search search = mtu_search_of(64, 1500);

		search.floor = 1280;
		(void)find(&search, mtu, 2, 0, &rng);
		assert_int_equal(search.passed, mtu);
	}
}

static void test_loss_is_found_out_by_repetition(void **state)
{
	struct rng rng;
	(void)state;

	rng_init(&rng, check_seed(2), 1);
	for (unsigned i = 0; i < 1000; i++) {
		struct mtu_search search = mtu_search_of(64, 1500);
		uint16_t mtu = (uint16_t)(600 + rng_below(&rng, 901));

		(void)find(&search, mtu, 8, 0.1, &rng);
		assert_int_equal(search.passed, mtu);
	}
}

static void test_what_somebody_says_is_tried_and_one_more(void **state)
{
	struct mtu_search search = mtu_search_of(64, 1500);
	struct mtu_wanted wanted = {.times = 3, .first = 1, .steps = 9};
	(void)state;

	assert_int_equal(mtu_search_next(&search, &wanted), 1500);
	mtu_search_fail(&search, 1500, true);
	search.hint = 1392;
	assert_int_equal(mtu_search_next(&search, &wanted), 1392);
	mtu_search_pass(&search, 1392);
	assert_int_equal(mtu_search_next(&search, &wanted), 1393);
	mtu_search_fail(&search, 1393, true);
	assert_int_equal(mtu_search_next(&search, &wanted), 0);
	assert_int_equal(mtu_search_silences(&search), MTU_CERTAIN);
}

static void test_silences_that_say_nothing_are_taken_back(void **state)
{
	struct mtu_search search = mtu_search_of(64, 1500);
	struct mtu_wanted wanted = {.times = 2, .first = 1, .steps = 9};
	(void)state;

	mtu_search_pass(&search, 1400);
	mtu_search_fail(&search, 1401, false);
	mtu_search_fail(&search, 1401, false);
	assert_int_equal(mtu_search_next(&search, &wanted), 0);
	mtu_search_unsay(&search, 1401, 2);
	assert_int_equal(mtu_search_next(&search, &wanted), 1401);
	mtu_search_pass(&search, 1500);
	assert_int_equal(mtu_search_next(&search, &wanted), 0);
	assert_int_equal(search.passed, 1500);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_each_mtu_is_found_within_twelve_probes),
		cmocka_unit_test(test_what_is_common_takes_fewer),
		cmocka_unit_test(test_less_than_was_expected_to_pass_is_found_as_well),
		cmocka_unit_test(test_loss_is_found_out_by_repetition),
		cmocka_unit_test(test_what_somebody_says_is_tried_and_one_more),
		cmocka_unit_test(test_silences_that_say_nothing_are_taken_back),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
