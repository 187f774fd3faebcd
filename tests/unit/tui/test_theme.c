/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tui/theme.h"

#include "support/check.h"

static void test_no_colour_where_there_is_none_or_nobody_wants_it(void **state)
{
	(void)state;

	assert_int_equal(theme_colours(256, "1"), 0);
	assert_int_equal(theme_colours(256, ""), 256);
	assert_int_equal(theme_colours(8, NULL), 8);
	for (int i = 0; i < ROLE_COUNT; i++) {
		assert_int_equal(theme_style((enum role)i, 0).foreground, THEME_DEFAULT);
	}
}

static void test_what_warns_does_so_without_colour_too(void **state)
{
	struct style warning = theme_style(ROLE_WARNING, 0), alarm = theme_style(ROLE_ALARM, 0);
	(void)state;

	assert_true(warning.is_bold);
	assert_true(alarm.is_bold && alarm.is_reverse);
}

static void test_colours_are_within_what_the_terminal_has(void **state)
{
	(void)state;

	for (int i = 0; i < ROLE_COUNT; i++) {
		assert_true(theme_style((enum role)i, 8).foreground < 8);
		assert_true(theme_style((enum role)i, 256).foreground < 256);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_no_colour_where_there_is_none_or_nobody_wants_it),
		cmocka_unit_test(test_what_warns_does_so_without_colour_too),
		cmocka_unit_test(test_colours_are_within_what_the_terminal_has),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
