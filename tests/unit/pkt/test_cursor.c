/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "pkt/cursor.h"

#include <string.h>

#include "support/check.h"

static void test_reads_are_big_endian(void **state)
{
	static const uint8_t bytes[] = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15};
	struct cursor c = cursor_of(bytes, sizeof bytes);
	(void)state;

	assert_int_equal(cursor_u8(&c), 1);
	assert_int_equal(cursor_be16(&c), 0x0203);
	assert_int_equal(cursor_be32(&c), 0x04050607);
	assert_int_equal(cursor_be64(&c), 0x08090a0b0c0d0e0f);
	assert_int_equal(cursor_left(&c), 0);
	assert_false(c.failed);
}

static void test_the_first_failed_read_sticks_and_yields_zero(void **state)
{
	static const uint8_t bytes[] = {0xff, 0xff, 0xff};
	struct cursor c = cursor_of(bytes, sizeof bytes);
	(void)state;

	assert_int_equal(cursor_be32(&c), 0);
	assert_true(c.failed);
	assert_int_equal(cursor_u8(&c), 0);
	assert_int_equal(cursor_left(&c), 0);
	assert_null(cursor_bytes(&c, 0));
}

static void test_a_taken_part_ends_where_it_was_cut(void **state)
{
	static const uint8_t bytes[] = {1, 2, 3, 4};
	struct cursor c = cursor_of(bytes, sizeof bytes);
	struct cursor part = cursor_take(&c, 2);
	(void)state;

	assert_int_equal(cursor_be16(&part), 0x0102);
	assert_int_equal(cursor_u8(&part), 0);
	assert_true(part.failed);
	assert_int_equal(cursor_be16(&c), 0x0304);
	part = cursor_take(&c, 1);
	assert_true(part.failed && c.failed);
}

static void test_writes_beyond_the_end_change_nothing(void **state)
{
	uint8_t bytes[5] = {9, 9, 9, 9, 9};
	static const uint8_t expected[5] = {1, 2, 3, 9, 9};
	struct wcursor w = wcursor_of(bytes, 4);
	(void)state;

	wcursor_u8(&w, 1);
	wcursor_be16(&w, 0x0203);
	wcursor_be16(&w, 0x0405);
	assert_true(w.failed);
	wcursor_u8(&w, 7);
	assert_memory_equal(bytes, expected, sizeof bytes);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_reads_are_big_endian),
		cmocka_unit_test(test_the_first_failed_read_sticks_and_yields_zero),
		cmocka_unit_test(test_a_taken_part_ends_where_it_was_cut),
		cmocka_unit_test(test_writes_beyond_the_end_change_nothing),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
