/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "base/strbuf.h"

#include "support/check.h"

static void test_an_empty_buffer_is_the_empty_text(void **state)
{
	struct strbuf buf = {0};
	(void)state;

	assert_string_equal(strbuf_text(&buf), "");
	strbuf_clear(&buf);
	strbuf_finish(&buf);
	strbuf_finish(NULL);
}

static void test_pieces_are_joined_in_order(void **state)
{
	struct strbuf buf = {0};
	(void)state;

	strbuf_puts(&buf, "ab");
	strbuf_putc(&buf, 'c');
	strbuf_add(&buf, "defg", 2);
	strbuf_pad(&buf, '.', 3);
	strbuf_printf(&buf, "%d%s", 42, "x");
	assert_string_equal(strbuf_text(&buf), "abcde...42x");
	assert_int_equal(buf.len, 11);
	strbuf_finish(&buf);
}

static void test_it_grows_over_any_length(void **state)
{
	struct strbuf buf = {0};
	(void)state;

	for (int i = 0; i < 10000; i++) {
		strbuf_printf(&buf, "%05d", i);
	}
	assert_int_equal(buf.len, 50000);
	assert_int_equal(strlen(buf.text), 50000);
	assert_memory_equal(buf.text + 49995, "09999", 6);
	strbuf_finish(&buf);
}

static void test_clear_forgets_the_text_and_keeps_the_memory(void **state)
{
	struct strbuf buf = {0};
	const char *before;
	(void)state;

	strbuf_puts(&buf, "something");
	before = buf.text;
	strbuf_clear(&buf);
	assert_string_equal(strbuf_text(&buf), "");
	strbuf_puts(&buf, "else");
	assert_ptr_equal(buf.text, before);
	assert_string_equal(strbuf_text(&buf), "else");
	strbuf_finish(&buf);
}

static void test_a_detached_text_is_the_callers_and_never_null(void **state)
{
	struct strbuf buf = {0};
	char *none = strbuf_detach(&buf), *some;
	(void)state;

	strbuf_puts(&buf, "kept");
	some = strbuf_detach(&buf);
	assert_string_equal(none, "");
	assert_string_equal(some, "kept");
	assert_string_equal(strbuf_text(&buf), "");
	free(none);
	free(some);
}

static void test_an_empty_printf_adds_nothing(void **state)
{
	struct strbuf buf = {0};
	(void)state;

	strbuf_printf(&buf, "%s", "");
	assert_string_equal(strbuf_text(&buf), "");
	strbuf_finish(&buf);
}

static void test_text_is_put_into_columns_from_either_side(void **state)
{
	struct strbuf buf = {0};
	(void)state;

	strbuf_left(&buf, "ab", 4);
	strbuf_left(&buf, "", 2);
	strbuf_left(&buf, "abcdef", 3);
	strbuf_right(&buf, "ab", 4);
	strbuf_right(&buf, "abcdef", 3);
	assert_string_equal(strbuf_text(&buf), "ab    abc   ab abcdef");
	strbuf_finish(&buf);
}

/* RFC 8259, 7. */
int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_an_empty_buffer_is_the_empty_text),
		cmocka_unit_test(test_pieces_are_joined_in_order),
		cmocka_unit_test(test_it_grows_over_any_length),
		cmocka_unit_test(test_clear_forgets_the_text_and_keeps_the_memory),
		cmocka_unit_test(test_a_detached_text_is_the_callers_and_never_null),
		cmocka_unit_test(test_an_empty_printf_adds_nothing),
		cmocka_unit_test(test_text_is_put_into_columns_from_either_side),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
