/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "base/utf8.h"

#include <locale.h>

#include "support/check.h"

static void assert_one(const char *text, size_t len, uint32_t wanted)
{
	uint32_t c = 0;

	assert_int_equal(utf8_next(text, &c), len);
	assert_int_equal(c, wanted);
}

static void test_characters_of_each_length_are_read(void **state)
{
	(void)state;

	assert_one("A", 1, 'A');
	assert_one("\xc2\x80", 2, 0x80);
	assert_one("\xdf\xbf", 2, 0x7ff);
	assert_one("\xe0\xa0\x80", 3, 0x800);
	assert_one("\xef\xbf\xbd", 3, 0xfffd);
	assert_one("\xf0\x90\x80\x80", 4, 0x10000);
	assert_one("\xf4\x8f\xbf\xbf", 4, 0x10ffff);
}

/* RFC 3629, 3 and 10: overlong forms, surrogates, beyond U+10FFFF, cut or lonely bytes. */
static void test_broken_bytes_are_one_replacement_each(void **state)
{
	static const char *const broken[] = {"\x80", "\xbf", "\xc0\xaf", "\xc1\xbf", "\xc3",
		"\xe0\x9f\xbf", "\xed\xa0\x80", "\xe2\x82", "\xf0\x8f\xbf\xbf", "\xf4\x90\x80\x80",
		"\xf5\x80\x80\x80", "\xfe", "\xff", "\xe2\x28\xa1"};
	(void)state;

	for (size_t i = 0; i < sizeof broken / sizeof broken[0]; i++) {
		assert_one(broken[i], 1, 0xfffd);
	}
}

static void test_the_end_is_zero_bytes(void **state)
{
	uint32_t c = 7;
	(void)state;

	assert_int_equal(utf8_next("", &c), 0);
}

static void test_widths_count_columns_not_bytes(void **state)
{
	(void)state;

	assert_int_equal(utf8_width("abc"), 3);
	assert_int_equal(utf8_width("\xc3\xa9"), 1);
	assert_int_equal(utf8_width("e\xcc\x81"), 1);                /* e, combining acute */
	assert_int_equal(utf8_width("\xe6\x9d\xb1\xe4\xba\xac"), 4); /* two ideographs */
	assert_int_equal(utf8_width(""), 0);
}

static void test_a_prefix_never_cuts_a_character_in_two(void **state)
{
	static const char text[] = "a\xe6\x9d\xb1" "b";
	(void)state;

	assert_int_equal(utf8_prefix(text, 0), 0);
	assert_int_equal(utf8_prefix(text, 1), 1);
	assert_int_equal(utf8_prefix(text, 2), 1);
	assert_int_equal(utf8_prefix(text, 3), 4);
	assert_int_equal(utf8_prefix(text, 4), 5);
	assert_int_equal(utf8_prefix("e\xcc\x81x", 1), 3);
}

static void test_clean_text_cannot_move_the_cursor(void **state)
{
	char clean[64];
	(void)state;

	utf8_clean("a\x1b[31m\tb\x7f\xc2\x9b\xe2\x80\xae" "c\xff", clean, sizeof clean);
	assert_string_equal(clean, "a?[31m?b???c?");
}

static void test_clean_text_ends_before_a_character_that_does_not_fit(void **state)
{
	char clean[5];
	(void)state;

	utf8_clean("abc\xe6\x9d\xb1", clean, sizeof clean);
	assert_string_equal(clean, "abc");
	utf8_clean("abcdef", clean, 1);
	assert_string_equal(clean, "");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_characters_of_each_length_are_read),
		cmocka_unit_test(test_broken_bytes_are_one_replacement_each),
		cmocka_unit_test(test_the_end_is_zero_bytes),
		cmocka_unit_test(test_widths_count_columns_not_bytes),
		cmocka_unit_test(test_a_prefix_never_cuts_a_character_in_two),
		cmocka_unit_test(test_clean_text_cannot_move_the_cursor),
		cmocka_unit_test(test_clean_text_ends_before_a_character_that_does_not_fit),
	};

	(void)setlocale(LC_CTYPE, "C.UTF-8");
	return cmocka_run_group_tests(tests, NULL, NULL);
}
