/* SPDX-License-Identifier: GPL-3.0-or-later */
#define _GNU_SOURCE
#include "helper/sandbox.h"

#include <errno.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "support/check.h"

enum { NO_SANDBOX = 200, NO_SOCKET, LARGE = 1 << 22 };

/* What `fn` says in a process of its own with the filter. It may not leave by _exit(): a sanitizer
 * looks for leaks there, and the filter does not let it. */
static int behind_the_filter(int (*fn)(const int *arg), const int *arg)
{
	int status = 0;
	pid_t child = fork();

	assert_true(child >= 0);
	if (child == 0) {
		(void)syscall(SYS_exit_group, fn(arg));
	}
	assert_int_equal(waitpid(child, &status, 0), child);
	assert_true(WIFEXITED(status));
	return WEXITSTATUS(status);
}

static bool enter(void)
{
	struct err err;

	return prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) == 0 && sandbox_enter(&err);
}

/* By the call itself: some C libraries make all calls of sockets by one. */
static int set_option(const int *arg)
{
	int value = 1, fd = socket(AF_INET6, SOCK_DGRAM, 0);

	fd = fd < 0 ? socket(AF_INET, SOCK_DGRAM, 0) : fd;
	if (fd < 0) {
		return NO_SOCKET;
	}
	if (!enter()) {
		return NO_SANDBOX;
	}
	return syscall(SYS_setsockopt, fd, arg[0], arg[1], &value, sizeof value) == 0 ? 0 : errno;
}

static int option_of(int level, int option)
{
	return behind_the_filter(set_option, (const int[]){level, option});
}

/* Numbers of options are each level's own: IPV6_V6ONLY has that of SO_ATTACH_FILTER. */
static void test_only_the_filter_of_a_socket_can_be_set(void **state)
{
	(void)state;

	assert_int_equal(option_of(SOL_SOCKET, SO_DETACH_FILTER), ENOENT);
	assert_int_equal(option_of(SOL_SOCKET, SO_BROADCAST), EPERM);
	assert_int_equal(option_of(IPPROTO_IPV6, SO_ATTACH_FILTER), EPERM);
	assert_int_equal(option_of(IPPROTO_IP, SO_DETACH_FILTER), EPERM);
}

static int open_things(const int *arg)
{
	(void)arg;
	if (!enter()) {
		return NO_SANDBOX;
	}
	if (socket(AF_INET, SOCK_DGRAM, 0) >= 0 || errno != EPERM) {
		return 1;
	}
	return open("/dev/null", O_RDONLY) >= 0 || errno != EPERM ? 2 : 0;
}

static void test_nothing_can_be_opened(void **state)
{
	(void)state;

	assert_int_equal(behind_the_filter(open_things, NULL), 0);
}

static bool passes_on(const int *pair)
{
	char byte = 'x';
	struct iovec part = {&byte, 1};
	struct mmsghdr message = {.msg_hdr = {.msg_iov = &part, .msg_iovlen = 1}};

	return send(pair[0], &byte, 1, 0) == 1 && sendto(pair[0], &byte, 1, 0, NULL, 0) == 1 &&
	       sendmmsg(pair[0], &message, 1, 0) == 1 && sendmsg(pair[0], &message.msg_hdr, 0) == 1 &&
	       recv(pair[1], &byte, 1, MSG_DONTWAIT | MSG_TRUNC) == 1 &&
	       recvfrom(pair[1], &byte, 1, 0, NULL, NULL) == 1 &&
	       recvmsg(pair[1], &message.msg_hdr, 0) == 1 && read(pair[1], &byte, 1) == 1;
}

static bool waits(const int *pair)
{
	struct pollfd fd = {.fd = pair[1], .events = POLLIN};
	const struct timespec at_once = {0};
	struct timespec now;

	return poll(&fd, 1, 0) == 0 && ppoll(&fd, 1, &at_once, NULL) == 0 &&
	       clock_gettime(CLOCK_MONOTONIC, &now) == 0 && clock_gettime(CLOCK_REALTIME, &now) == 0;
}

static int serve(const int *pair)
{
	int type = 0;
	socklen_t len = sizeof type;
	void *memory;

	if (!enter()) {
		return NO_SANDBOX;
	}
	if (!passes_on(pair)) {
		return 1;
	}
	if (!waits(pair)) {
		return 2;
	}
	if (getsockopt(pair[0], SOL_SOCKET, SO_TYPE, &type, &len) != 0 || fcntl(pair[0], F_GETFL) < 0) {
		return 3;
	}
	memory = malloc(LARGE); /* by mmap */
	free(memory);
	return memory == NULL ? 4 : 0;
}

/* As this C library makes the calls on this architecture. */
static void test_packets_waiting_time_and_memory_are_left(void **state)
{
	int pair[2];

	(void)state;

	assert_int_equal(socketpair(AF_UNIX, SOCK_SEQPACKET, 0, pair), 0);
	assert_int_equal(behind_the_filter(serve, pair), 0);
	(void)close(pair[0]);
	(void)close(pair[1]);
}

static int try(const int *arg)
{
	(void)arg;
	return enter() ? 0 : NO_SANDBOX;
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_only_the_filter_of_a_socket_can_be_set),
		cmocka_unit_test(test_nothing_can_be_opened),
		cmocka_unit_test(test_packets_waiting_time_and_memory_are_left),
	};

	if (behind_the_filter(try, NULL) == NO_SANDBOX) {
		(void)puts("1..0 # SKIP no filter of system calls here");
		return 0;
	}
	return cmocka_run_group_tests(tests, NULL, NULL);
}
