/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Another program inherits what was meant for it, and nothing else that is open here. */
#define _GNU_SOURCE
#include "io/fds.h"

#include <fcntl.h>
#include <sys/wait.h>
#include <unistd.h>

#include "support/check.h"

enum { FIRST = 50, LAST = 60 };

static int status_of(pid_t pid)
{
	int status = -1;

	assert_int_equal(waitpid(pid, &status, 0), pid);
	assert_true(WIFEXITED(status));
	return WEXITSTATUS(status);
}

/* Some below and some above the first to close, none of them close-on-exec. */
static void open_some(void)
{
	int null = open("/dev/null", O_RDWR);

	for (int fd = FIRST - 1; fd <= LAST; fd++) {
		assert_int_equal(dup2(null, fd), fd);
	}
}

/* The number of those that are open from FIRST on, and 100 if the one below was closed. */
static int count_open(void)
{
	int count = fcntl(FIRST - 1, F_GETFD) < 0 ? 100 : 0;

	for (int fd = FIRST; fd <= LAST; fd++) {
		count += fcntl(fd, F_GETFD) >= 0;
	}
	return count;
}

static void test_a_child_keeps_only_the_descriptors_below_the_first(void **state)
{
	pid_t pid;

	(void)state;
	open_some();

	pid = fork();
	if (pid == 0) {
		fds_close_from(FIRST);
		_exit(count_open());
	}

	assert_int_equal(status_of(pid), 0);
	assert_int_equal(count_open(), LAST - FIRST + 1);
}

static void test_a_spawned_program_keeps_only_the_descriptors_below_the_first(void **state)
{
	char shell[] = "sh", option[] = "-c", script[] = "[ -e /dev/fd/49 ] || exit 100; count=0\n"
		"for fd in 50 51 52 53 54 55 56 57 58 59 60; do\n"
		"[ ! -e /dev/fd/$fd ] || count=$((count + 1)); done; exit $count";
	char *words[] = {shell, option, script, NULL}, *environment[] = {NULL};
	posix_spawn_file_actions_t none, actions;
	pid_t with, without;

	(void)state;
	open_some();
	assert_int_equal(posix_spawn_file_actions_init(&none), 0);
	assert_int_equal(posix_spawn_file_actions_init(&actions), 0);

	assert_int_equal(fds_spawn_without(&actions, FIRST), 0);
	assert_int_equal(posix_spawn(&with, "/bin/sh", &none, NULL, words, environment), 0);
	assert_int_equal(posix_spawn(&without, "/bin/sh", &actions, NULL, words, environment), 0);

	assert_int_equal(status_of(with), LAST - FIRST + 1);
	assert_int_equal(status_of(without), 0);
	(void)posix_spawn_file_actions_destroy(&none);
	(void)posix_spawn_file_actions_destroy(&actions);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_a_child_keeps_only_the_descriptors_below_the_first),
		cmocka_unit_test(test_a_spawned_program_keeps_only_the_descriptors_below_the_first),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
