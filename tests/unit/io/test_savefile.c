/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "io/savefile.h"

#include <dirent.h>
#include <signal.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#include "support/check.h"

struct place {
	char before[512], now[64];
};

/* Each test in a directory of its own. */
static int enter(void **state)
{
	static struct place place;

	assert_non_null(getcwd(place.before, sizeof place.before));
	(void)snprintf(place.now, sizeof place.now, "savefile-%ld", (long)getpid());
	assert_int_equal(mkdir(place.now, 0700), 0);
	assert_int_equal(chdir(place.now), 0);
	*state = &place;
	return 0;
}

static int leave(void **state)
{
	const struct place *place = *state;

	(void)unlink("a");
	assert_int_equal(chdir(place->before), 0);
	return rmdir(place->now);
}

static size_t file_count(void)
{
	DIR *dir = opendir(".");
	size_t count = 0;

	assert_non_null(dir);
	while (readdir(dir) != NULL) {
		count++;
	}
	(void)closedir(dir);
	return count - 2;
}

static void test_a_file_is_replaced_as_a_whole(void **state)
{
	struct strbuf first = {0}, second = {0}, back = {0};
	struct err err = {0};
	(void)state;

	strbuf_pad(&first, 'x', 5000);
	strbuf_pad(&second, 'y', 10);
	assert_true(savefile_replace("a", -1, &first, &err));
	assert_true(savefile_replace("a", -1, &second, &err));
	assert_true(savefile_read("a", &back, &err));
	assert_string_equal(back.text, second.text);
	assert_int_equal(file_count(), 1);
	assert_false(savefile_replace("no/a", -1, &second, &err));
	assert_non_null(strstr(err.text, "no/a"));
	strbuf_finish(&first);
	strbuf_finish(&second);
	strbuf_finish(&back);
}

static void test_a_new_file_is_written_whole(void **state)
{
	struct strbuf text = {0}, back = {0};
	struct err err = {0};
	(void)state;

	strbuf_pad(&text, 'x', 100000);
	assert_true(savefile_write("a", &text, &err));
	assert_true(savefile_read("a", &back, &err));
	assert_int_equal(back.len, 100000);
	assert_int_equal(file_count(), 1);
	strbuf_finish(&text);
	strbuf_finish(&back);
}

static void test_a_file_that_is_there_is_left_as_it_is(void **state)
{
	struct strbuf first = {0}, second = {0}, back = {0};
	struct err err = {0};
	(void)state;

	strbuf_puts(&first, "first");
	strbuf_puts(&second, "second");
	assert_true(savefile_write("a", &first, &err));
	assert_false(savefile_write("a", &second, &err));
	assert_non_null(strstr(err.text, "a already exists"));
	assert_true(savefile_read("a", &back, &err));
	assert_string_equal(strbuf_text(&back), "first");
	assert_int_equal(file_count(), 1);
	strbuf_finish(&first);
	strbuf_finish(&second);
	strbuf_finish(&back);
}

/* A full disk as a process can have it for itself. */
static void test_what_does_not_fit_leaves_nothing_behind(void **state)
{
	struct rlimit before, little;
	struct strbuf text = {0};
	struct err err = {0};
	(void)state;

	strbuf_pad(&text, 'x', 100000);
	(void)signal(SIGXFSZ, SIG_IGN);
	assert_int_equal(getrlimit(RLIMIT_FSIZE, &before), 0);
	little = before;
	little.rlim_cur = 50000;
	assert_int_equal(setrlimit(RLIMIT_FSIZE, &little), 0);
	assert_false(savefile_write("a", &text, &err));
	assert_int_equal(setrlimit(RLIMIT_FSIZE, &before), 0);
	assert_int_equal(file_count(), 0);
	assert_non_null(strstr(err.text, "cannot write a"));
	strbuf_finish(&text);
}

static void test_a_directory_that_is_missing_is_a_sentence(void **state)
{
	struct strbuf text = {0};
	struct err err = {0};
	(void)state;

	assert_false(savefile_write("missing/a", &text, &err));
	assert_non_null(strstr(err.text, "cannot write missing/a"));
	assert_false(savefile_read("missing/a", &text, &err));
	assert_non_null(strstr(err.text, "cannot read missing/a"));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(test_a_file_is_replaced_as_a_whole, enter, leave),
		cmocka_unit_test_setup_teardown(test_a_new_file_is_written_whole, enter, leave),
		cmocka_unit_test_setup_teardown(test_a_file_that_is_there_is_left_as_it_is, enter, leave),
		cmocka_unit_test_setup_teardown(test_what_does_not_fit_leaves_nothing_behind, enter,
			leave),
		cmocka_unit_test_setup_teardown(test_a_directory_that_is_missing_is_a_sentence, enter,
			leave),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
