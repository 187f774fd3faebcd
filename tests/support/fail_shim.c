/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * To be loaded before a program's libraries (LD_PRELOAD): the n-th call of a function fails.
 * FAIL_CALL names it, FAIL_AT says which one (0: none), FAIL_ERRNO how; FAIL_COUNT names a file that
 * is told how many there were. What the program starts is left alone.
 */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <spawn.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

/* A library has no other place to keep what it was told. */
static struct {
	char call[32], count_file[256];
	long at, count;
	int sys;
	bool is_ready;
} shim;

extern void *__libc_malloc(size_t size);
extern void *__libc_calloc(size_t count, size_t size);
extern void *__libc_realloc(void *old, size_t size);

static const char *word(const char *name)
{
	const char *text = getenv(name);

	return text == NULL ? "" : text;
}

__attribute__((constructor)) static void begin(void)
{
	(void)snprintf(shim.call, sizeof shim.call, "%s", word("FAIL_CALL"));
	(void)snprintf(shim.count_file, sizeof shim.count_file, "%s", word("FAIL_COUNT"));
	shim.at = strtol(word("FAIL_AT"), NULL, 10);
	shim.sys = (int)strtol(word("FAIL_ERRNO"), NULL, 10);
	(void)unsetenv("LD_PRELOAD");
	shim.is_ready = true;
}

__attribute__((destructor)) static void end(void)
{
	FILE *file;

	shim.is_ready = false;
	file = shim.count_file[0] == '\0' ? NULL : fopen(shim.count_file, "w");
	if (file != NULL) {
		(void)fprintf(file, "%ld\n", shim.count);
		(void)fclose(file);
	}
}

static bool fails(const char *call)
{
	if (!shim.is_ready || strcmp(call, shim.call) != 0 || ++shim.count != shim.at) {
		return false;
	}
	errno = shim.sys;
	return true;
}

/* A function pointer comes as a void pointer (POSIX, dlsym). */
#define TRUE_CALL(name) \
	union { void *found; __typeof__(&name) call; } true_call = {dlsym(RTLD_NEXT, #name)}

#define SHIM(type, name, parameters, arguments) \
	type name parameters; \
	type name parameters \
	{ \
		TRUE_CALL(name); \
		return fails(#name) ? (type)-1 : true_call.call arguments; \
	}

SHIM(ssize_t, read, (int fd, void *to, size_t size), (fd, to, size))
SHIM(ssize_t, write, (int fd, const void *from, size_t size), (fd, from, size))
SHIM(int, socket, (int domain, int type, int protocol), (domain, type, protocol))
SHIM(int, socketpair, (int domain, int type, int protocol, int pair[2]),
	(domain, type, protocol, pair))
SHIM(int, setsockopt, (int fd, int level, int name, const void *value, socklen_t len),
	(fd, level, name, value, len))
SHIM(ssize_t, send, (int fd, const void *from, size_t size, int flags), (fd, from, size, flags))
SHIM(ssize_t, recv, (int fd, void *to, size_t size, int flags), (fd, to, size, flags))
SHIM(int, poll, (struct pollfd *fds, nfds_t count, int timeout), (fds, count, timeout))
SHIM(int, ppoll, (struct pollfd *fds, nfds_t count, const struct timespec *timeout,
	const sigset_t *mask), (fds, count, timeout, mask))
SHIM(pid_t, fork, (void), ())
SHIM(int, lstat, (const char *path, struct stat *is), (path, is))
SHIM(int, rename, (const char *from, const char *to), (from, to))
SHIM(int, link, (const char *from, const char *to), (from, to))
SHIM(int, unlink, (const char *path), (path))
SHIM(int, fsync, (int fd), (fd))
SHIM(int, fchmod, (int fd, mode_t mode), (fd, mode))
SHIM(int, sigaction, (int number, const struct sigaction *action, struct sigaction *before),
	(number, action, before))
SHIM(int, getentropy, (void *to, size_t size), (to, size))

int open(const char *path, int flags, ...)
{
	TRUE_CALL(open);
	mode_t mode = 0;
	va_list more;

	va_start(more, flags);
	if ((flags & O_CREAT) != 0) {
		mode = (mode_t)va_arg(more, int);
	}
	va_end(more);
	return fails("open") ? -1 : true_call.call(path, flags, mode);
}

int posix_spawnp(pid_t *restrict pid, const char *restrict file,
	const posix_spawn_file_actions_t *restrict actions, const posix_spawnattr_t *restrict how,
	char *const words[restrict], char *const environment[restrict])
{
	TRUE_CALL(posix_spawnp);

	return fails("posix_spawnp") ? shim.sys :
		true_call.call(pid, file, actions, how, words, environment);
}

void *malloc(size_t size)
{
	return fails("malloc") ? NULL : __libc_malloc(size);
}

void *calloc(size_t count, size_t size)
{
	return fails("malloc") ? NULL : __libc_calloc(count, size);
}

void *realloc(void *old, size_t size)
{
	return fails("malloc") ? NULL : __libc_realloc(old, size);
}
