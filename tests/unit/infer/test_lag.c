/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "infer/lag.h"
#include "support/check.h"

/* Adds samples, a hundredth of a millisecond to and fro; whether trouble began meanwhile. */
static bool begins(struct lag *lag, unsigned count, double ms, bool is_restless)
{
	unsigned every;
	struct lag_rule rule = lag_rule_of(1, 8, &every);
	bool has_begun = false;

	for (unsigned i = 0; i < count; i++) {
		lag_add(lag, &rule, &(struct lag_sample){ms + 0.01 * (i % 3), 20 + 0.01 * (i % 2),
			is_restless});
		has_begun = lag_judge(lag, &rule, false) == LAG_BEGAN || has_begun;
	}
	return has_begun;
}

static void test_a_link_that_takes_longer_is_told(void **state)
{
	struct lag lag = {0};
	(void)state;

	assert_false(begins(&lag, 200, 2.7, false));
	assert_true(begins(&lag, 200, 7.5, false));
	assert_int_equal(lag.kind, LAG_STEP);
}

/* A queue before a link lets one probe follow the other on its heels. */
static void test_what_is_seen_during_trouble_before_it_is_not_usual(void **state)
{
	struct lag lag = {0};
	(void)state;

	assert_false(begins(&lag, 200, 2.7, true));
	assert_false(begins(&lag, 400, 7.5, false));
	assert_true(begins(&lag, 200, 14, false));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_a_link_that_takes_longer_is_told),
		cmocka_unit_test(test_what_is_seen_during_trouble_before_it_is_not_usual),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
