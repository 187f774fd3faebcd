/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "base/ns.h"

#include "support/check.h"

static void test_sum_beyond_the_range_saturates(void **state)
{
	(void)state;

	assert_int_equal(ns_add(NS_NEVER - 1, 2), NS_NEVER);
	assert_int_equal(ns_add(NS_NEVER, -5), NS_NEVER);
	assert_int_equal(ns_add(INT64_MIN + 1, -2), INT64_MIN);
	assert_int_equal(ns_add(3, -5), -2);
}

static void test_timespec_goes_there_and_back(void **state)
{
	struct timespec ts = {.tv_sec = 12, .tv_nsec = 345};
	(void)state;

	assert_int_equal(ns_from_timespec(ts), 12000000345);
	assert_int_equal(ns_to_timespec(12000000345).tv_nsec, 345);
	assert_int_equal(ns_to_timespec(-1).tv_sec, 0);
}

static void test_durations_need_a_unit_unless_one_is_given(void **state)
{
	ns_t d = -1;
	(void)state;

	assert_true(ns_parse("2ms", 0, &d));
	assert_int_equal(d, 2000000);
	assert_true(ns_parse("0.3s", 0, &d));
	assert_int_equal(d, 300000000);
	assert_true(ns_parse("0.2", NS_PER_SEC, &d));
	assert_int_equal(d, 200000000);
	assert_false(ns_parse("2", 0, &d));
	assert_int_equal(d, 200000000);
}

static void test_words_that_are_no_durations_are_refused(void **state)
{
	static const char *const wrong[] = {"", "s", "-1s", "1x", "inf", "nan", "0x10", "1e300s",
		"1 s", "ms2", "."};
	ns_t d = 7;
	(void)state;

	for (size_t i = 0; i < sizeof wrong / sizeof wrong[0]; i++) {
		assert_false(ns_parse(wrong[i], NS_PER_SEC, &d));
	}
	assert_int_equal(d, 7);
}

static void test_utc_is_written_as_rfc3339(void **state)
{
	char text[32];
	(void)state;

	ns_format_utc((ns_t)1795319170 * NS_PER_SEC, text, sizeof text);
	assert_string_equal(text, "2026-11-22T03:46:10Z");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_sum_beyond_the_range_saturates),
		cmocka_unit_test(test_timespec_goes_there_and_back),
		cmocka_unit_test(test_durations_need_a_unit_unless_one_is_given),
		cmocka_unit_test(test_words_that_are_no_durations_are_refused),
		cmocka_unit_test(test_utc_is_written_as_rfc3339),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
