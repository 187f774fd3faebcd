/* SPDX-License-Identifier: GPL-3.0-or-later */
#define _GNU_SOURCE
#include "helper/sandbox.h"

#include <errno.h>
#include <netinet/in.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "support/check.h"

enum { NO_SANDBOX = 200, NO_SOCKET };

/* Of setsockopt() in a process of its own with the filter: 0 or an errno. */
static int option_of(int level, int option)
{
	int status = 0, value = 1;
	pid_t child = fork();

	assert_true(child >= 0);
	if (child == 0) {
		int fd = socket(AF_INET6, SOCK_DGRAM, 0);
		struct err err;

		fd = fd < 0 ? socket(AF_INET, SOCK_DGRAM, 0) : fd;
		if (fd < 0) {
			_exit(NO_SOCKET);
		}
		if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0 || !sandbox_enter(&err)) {
			_exit(NO_SANDBOX);
		}
		/* A sanitizer looks for leaks in _exit(), and the filter does not let it. */
		(void)syscall(SYS_exit_group,
			setsockopt(fd, level, option, &value, sizeof value) == 0 ? 0 : errno);
	}
	assert_int_equal(waitpid(child, &status, 0), child);
	assert_true(WIFEXITED(status));
	return WEXITSTATUS(status);
}

/* Numbers of options are each level's own: IPV6_V6ONLY has that of SO_ATTACH_FILTER. */
static void test_only_the_filter_of_a_socket_can_be_set(void **state)
{
	(void)state;

	if (option_of(SOL_SOCKET, SO_DETACH_FILTER) == NO_SANDBOX) {
		skip();
	}
	assert_int_equal(option_of(SOL_SOCKET, SO_DETACH_FILTER), ENOENT);
	assert_int_equal(option_of(SOL_SOCKET, SO_BROADCAST), EPERM);
	assert_int_equal(option_of(IPPROTO_IPV6, SO_ATTACH_FILTER), EPERM);
	assert_int_equal(option_of(IPPROTO_IP, SO_DETACH_FILTER), EPERM);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_only_the_filter_of_a_socket_can_be_set),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
