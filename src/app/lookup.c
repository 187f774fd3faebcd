/* SPDX-License-Identifier: GPL-3.0-or-later */
#define _GNU_SOURCE
#include "app/lookup.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>


static const ns_t LONGEST = 30 * NS_PER_SEC;

/* What the process says: an answer of one write, which a pipe does not cut. */
struct answer {
	bool is_found;
	struct addr address;
	struct err why;
};

_Noreturn static void ask(int fd, const struct host *host, const char *name, uint8_t family)
{
	struct answer answer = {.is_found = false};

	answer.is_found = host->resolve(host, name, family, &answer.address, &answer.why);
	_exit(write(fd, &answer, sizeof answer) == (ssize_t)sizeof answer ? 0 : 1);
}

bool lookup_is_under_way(const struct lookup *lookup)
{
	return lookup->loop != NULL;
}

void lookup_stop(struct lookup *lookup)
{
	if (!lookup_is_under_way(lookup)) {
		return;
	}
	loop_fd_remove(lookup->loop, lookup->fd);
	loop_timer_cancel(lookup->loop, &lookup->timer);
	(void)close(lookup->fd);
	(void)kill(lookup->pid, SIGKILL);
	while (waitpid(lookup->pid, NULL, 0) < 0 && errno == EINTR) {
	}
	lookup->loop = NULL;
}

static void tell(struct lookup *lookup, const struct answer *answer)
{
	lookup_stop(lookup);
	lookup->fn(lookup->arg, answer->is_found ? &answer->address : NULL, &answer->why);
}

static void on_answer(void *arg)
{
	struct lookup *lookup = arg;
	struct answer answer;

	if (read(lookup->fd, &answer, sizeof answer) != (ssize_t)sizeof answer) {
		answer = (struct answer){.is_found = false};
		(void)err_set(&answer.why, ERR_IO, "the name lookup could not be started");
	}
	tell(lookup, &answer);
}

static void on_timer(void *arg)
{
	struct answer answer = {.is_found = false};

	(void)err_set(&answer.why, ERR_NOT_FOUND, "the name lookup timed out");
	tell(arg, &answer);
}

bool lookup_start(struct lookup *lookup, struct loop *loop, const char *name, uint8_t family,
	lookup_fn *fn, void *arg, struct err *err)
{
	int ends[2];

	lookup_stop(lookup);
	if (pipe2(ends, O_CLOEXEC) != 0) {
		return err_set_sys(err, ERR_IO, errno, "cannot create a pipe");
	}
	*lookup = (struct lookup){.host = lookup->host, .fd = ends[0], .fn = fn, .arg = arg};
	lookup->pid = fork();
	if (lookup->pid == 0) {
		ask(ends[1], lookup->host, name, family);
	}
	(void)close(ends[1]);
	if (lookup->pid < 0) {
		(void)close(ends[0]);
		return err_set_sys(err, ERR_IO, errno, "cannot create a process");
	}
	lookup->loop = loop;
	lookup->timer = (struct loop_timer){.fn = on_timer, .arg = lookup};
	loop_fd_add(loop, lookup->fd, LOOP_RANK_NAMES, on_answer, lookup);
	loop_timer_set(loop, &lookup->timer, loop_now(loop) + LONGEST);
	return true;
}
