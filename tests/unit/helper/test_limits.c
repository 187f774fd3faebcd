/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "helper/limits.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "support/check.h"

static void assert_refused(const char *text, const char *why)
{
	struct limits limits = limits_default(), before = limits;
	struct err err = {0};

	assert_false(limits_parse(text, "file", &limits, &err));
	assert_string_equal(err.text, why);
	assert_memory_equal(&limits, &before, sizeof limits);
}

static void test_what_a_user_has_unasked(void **state)
{
	struct limits limits = limits_default();
	(void)state;

	assert_int_equal(limits.helpers, 16);
	assert_int_equal(limits.rate_pps, 100000);
	assert_int_equal(limits.public_rate_pps, 1000);
	assert_int_equal(limits.ring_bytes, 2097152);
	assert_false(limits.may_mark);
}

static void test_a_line_sets_a_limit(void **state)
{
	struct limits limits = limits_default();
	struct err err;
	(void)state;

	assert_true(limits_parse("# ours\n\n  helpers=100 # of them\n\tpublic-rate = 0\nmark = yes",
		"file", &limits, &err));
	assert_int_equal(limits.helpers, 100);
	assert_int_equal(limits.public_rate_pps, 0);
	assert_int_equal(limits.rate_pps, 100000);
	assert_true(limits.may_mark);
	assert_true(limits_parse("mark = no\nrate = 5\nring-bytes = 4194304\n", "file", &limits, &err));
	assert_false(limits.may_mark);
	assert_int_equal(limits.rate_pps, 5);
	assert_int_equal(limits.ring_bytes, 4194304);
	assert_true(limits_parse("", "file", &limits, &err));
}

static void test_what_is_no_limit_is_told_and_sets_nothing(void **state)
{
	char line[300] = "helpers = ";
	(void)state;

	assert_refused("helpers = 7\nfoo = 1\n", "file, line 2: not a limit");
	assert_refused("helpers", "file, line 1: not a limit");
	assert_refused("helpers = 0", "file, line 1: not a limit");
	assert_refused("helpers = -1", "file, line 1: not a limit");
	assert_refused("helpers = 1x", "file, line 1: not a limit");
	assert_refused("helpers =", "file, line 1: not a limit");
	assert_refused("helpers = 99999999999999999999", "file, line 1: not a limit");
	assert_refused("mark = maybe", "file, line 1: not a limit");
	memset(line + 10, ' ', 200);
	line[210] = '7';
	assert_refused(line, "file, line 1: not a limit");
}

static void test_only_a_file_of_root_s_alone_is_heard(void **state)
{
	char path[] = "/tmp/test_limits.XXXXXX";
	struct limits limits = limits_default();
	struct err err;
	int fd = mkstemp(path);
	bool is_root = geteuid() == 0;
	(void)state;

	assert_true(fd >= 0 && write(fd, "helpers = 3\n", 12) == 12);
	assert_int_equal(limits_read(path, &limits, &err), is_root);
	assert_int_equal(limits.helpers, is_root ? 3 : 16);
	assert_int_equal(fchmod(fd, 0666), 0);
	assert_false(limits_read(path, &limits, &err));
	assert_int_equal(fchmod(fd, 0620), 0);
	assert_false(limits_read(path, &limits, &err));
	(void)close(fd);
	assert_int_equal(unlink(path), 0);
	assert_true(limits_read(path, &limits, &err));
	assert_int_equal(mkfifo(path, 0600), 0);
	assert_false(limits_read(path, &limits, &err)); /* and it did not wait */
	assert_int_equal(unlink(path), 0);
	assert_false(limits_read("/tmp", &limits, &err));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_what_a_user_has_unasked),
		cmocka_unit_test(test_a_line_sets_a_limit),
		cmocka_unit_test(test_what_is_no_limit_is_told_and_sets_nothing),
		cmocka_unit_test(test_only_a_file_of_root_s_alone_is_heard),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
