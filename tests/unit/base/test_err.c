/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "base/err.h"

#include <errno.h>

#include "support/check.h"

static void test_an_error_says_what_it_was_told(void **state)
{
	struct err err = {.sys = 99};
	(void)state;

	assert_false(err_set(&err, ERR_USAGE, "no option -%c", 'y'));
	assert_int_equal(err.code, ERR_USAGE);
	assert_int_equal(err.sys, 0);
	assert_string_equal(err.text, "no option -y");
}

static void test_an_error_of_the_system_adds_its_words(void **state)
{
	struct err err = {0};
	char wanted[200];
	(void)state;

	assert_false(err_set_sys(&err, ERR_IO, ENOENT, "cannot read %s", "x.scn"));
	(void)snprintf(wanted, sizeof wanted, "cannot read x.scn: %s", strerror(ENOENT));
	assert_string_equal(err.text, wanted);
	assert_int_equal(err.code, ERR_IO);
	assert_int_equal(err.sys, ENOENT);
}

static void test_what_is_not_permitted_is_a_permission_error(void **state)
{
	struct err err = {0};
	(void)state;

	(void)err_set_sys(&err, ERR_IO, EPERM, "cannot open");
	assert_int_equal(err.code, ERR_PERMISSION);
	(void)err_set_sys(&err, ERR_NOT_FOUND, EACCES, "cannot open");
	assert_int_equal(err.code, ERR_PERMISSION);
}

static void test_a_prefix_keeps_code_and_cause(void **state)
{
	struct err err = {0};
	(void)state;

	(void)err_set_sys(&err, ERR_SYNTAX, EINVAL, "bad");
	assert_false(err_wrap(&err, "%s:%d", "file", 7));
	assert_int_equal(err.code, ERR_SYNTAX);
	assert_int_equal(err.sys, EINVAL);
	assert_memory_equal(err.text, "file:7: bad", 11);
}

static void test_long_texts_are_cut_and_stay_strings(void **state)
{
	struct err err = {0};
	(void)state;

	(void)err_set_sys(&err, ERR_IO, EIO, "%0300d", 1);
	assert_int_equal(strlen(err.text), sizeof err.text - 1);
	(void)err_wrap(&err, "%0300d", 2);
	assert_int_equal(strlen(err.text), sizeof err.text - 1);
}

static void test_who_does_not_care_gives_null(void **state)
{
	(void)state;

	assert_false(err_set(NULL, ERR_IO, "x"));
	assert_false(err_set_sys(NULL, ERR_IO, EIO, "x"));
	assert_false(err_wrap(NULL, "x"));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_an_error_says_what_it_was_told),
		cmocka_unit_test(test_an_error_of_the_system_adds_its_words),
		cmocka_unit_test(test_what_is_not_permitted_is_a_permission_error),
		cmocka_unit_test(test_a_prefix_keeps_code_and_cause),
		cmocka_unit_test(test_long_texts_are_cut_and_stay_strings),
		cmocka_unit_test(test_who_does_not_care_gives_null),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
