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
		assert_int_equal(theme_style(THEME_DARK, (enum role)i, 0).foreground,
			THEME_DEFAULT);
	}
}

static void test_what_warns_does_so_without_colour_too(void **state)
{
	struct style warning = theme_style(THEME_MONO, ROLE_WARNING, 256);
	struct style alarm = theme_style(THEME_MONO, ROLE_ALARM, 256);
	(void)state;

	assert_true(warning.is_bold);
	assert_true(alarm.is_bold && alarm.is_reverse);
}

static void test_colours_are_within_what_the_terminal_has(void **state)
{
	(void)state;

	for (int theme = 0; theme < THEME_COUNT; theme++) {
		for (int i = 0; i < ROLE_COUNT; i++) {
			assert_true(theme_style((enum theme)theme, (enum role)i, 8).foreground < 8);
			assert_true(theme_style((enum theme)theme, (enum role)i, 16).foreground < 16);
			assert_true(theme_style((enum theme)theme, (enum role)i, 256).foreground < 256);
		}
	}
}

static void test_themes_have_names_and_mono_has_no_colour(void **state)
{
	enum theme theme = THEME_DARK;
	(void)state;

	assert_true(theme_parse("light", &theme));
	assert_int_equal(theme, THEME_LIGHT);
	assert_false(theme_parse("pink", &theme));
	for (int i = 0; i < ROLE_COUNT; i++) {
		assert_int_equal(theme_style(THEME_MONO, (enum role)i, 256).foreground, THEME_DEFAULT);
	}
}

static void test_all_colours_are_asked_for_where_the_terminal_has_them(void **state)
{
	char type[32] = "";
	(void)state;

	assert_true(theme_direct_type("xterm-256color", "truecolor", NULL, type, sizeof type));
	assert_string_equal(type, "xterm-direct");
	assert_true(theme_direct_type("tmux-256color", "24bit", "", type, sizeof type));
	assert_string_equal(type, "tmux-direct");
	assert_false(theme_direct_type("xterm-256color", NULL, NULL, type, sizeof type));
	assert_false(theme_direct_type("xterm-256color", "yes", NULL, type, sizeof type));
	assert_false(theme_direct_type("xterm-256color", "truecolor", "1", type, sizeof type));
	assert_false(theme_direct_type("xterm", "truecolor", NULL, type, sizeof type));
	assert_int_equal(theme_style(THEME_DARK, ROLE_ALARM, THEME_DIRECT).foreground, 0xff5f56);
	assert_int_equal(theme_style(THEME_LIGHT, ROLE_ALARM, THEME_DIRECT).foreground, 0xc4261d);
	assert_int_equal(theme_style(THEME_CONTRAST, ROLE_ALARM, THEME_DIRECT).foreground, 1);
	assert_int_equal(theme_style(THEME_MONO, ROLE_ALARM, THEME_DIRECT).foreground, THEME_DEFAULT);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_no_colour_where_there_is_none_or_nobody_wants_it),
		cmocka_unit_test(test_what_warns_does_so_without_colour_too),
		cmocka_unit_test(test_all_colours_are_asked_for_where_the_terminal_has_them),
		cmocka_unit_test(test_themes_have_names_and_mono_has_no_colour),
		cmocka_unit_test(test_colours_are_within_what_the_terminal_has),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
