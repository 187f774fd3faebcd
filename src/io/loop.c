/* SPDX-License-Identifier: GPL-3.0-or-later */
#define _GNU_SOURCE
#include "io/loop.h"

#include <assert.h>
#include <errno.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"

enum { FDS_MAX = 16, TURN_FNS_MAX = 4, SIGNALS_MAX = 16, OFFSETS_MAX = 32 };

static const ns_t OFFSET_MOVED = 10 * NS_PER_MS;

/* From an instant on. */
struct offset {
	ns_t since, offset;
};

struct watch {
	int fd;
	enum loop_rank rank;
	loop_fd_fn *fn;
	void *arg;
};

struct turn_fn {
	loop_turn_fn *fn;
	void *arg;
};

struct loop {
	bool is_virtual, is_stopped;
	ns_t now, realtime_offset;
	struct offset offsets[OFFSETS_MAX]; /* oldest first */
	size_t offset_count;
	uint64_t turns;
	struct heap timers;
	struct watch watch[FDS_MAX];
	size_t watch_count;
	struct turn_fn turn_end[TURN_FNS_MAX];
	size_t turn_end_count;
	int signal_number[SIGNALS_MAX];
	size_t signal_count;
	loop_signal_fn *signal_fn;
	void *signal_arg;
	sigset_t wait_mask;
};

/* Set by handlers, read within turns: the only way a signal can tell anything. */
static volatile sig_atomic_t is_caught[NSIG];

static void catch_signal(int signal_number)
{
	is_caught[signal_number] = 1;
}

static ns_t read_clock(clockid_t clock)
{
	struct timespec ts = {0};

	(void)clock_gettime(clock, &ts);
	return ns_from_timespec(ts);
}

static void note_offset(struct loop *loop)
{
	ns_t moved = loop->offset_count == 0 ? NS_NEVER :
		loop->realtime_offset - loop->offsets[loop->offset_count - 1].offset;

	if (moved <= OFFSET_MOVED && moved >= -OFFSET_MOVED) {
		return;
	}
	if (loop->offset_count == OFFSETS_MAX) {
		memmove(loop->offsets, loop->offsets + 1, (OFFSETS_MAX - 1) * sizeof loop->offsets[0]);
		loop->offset_count--;
	}
	loop->offsets[loop->offset_count++] = (struct offset){loop->now, loop->realtime_offset};
}

ns_t loop_sample(struct loop *loop)
{
	/* Whoever is pushed off the processor between two clocks reads a false difference. */
	for (int i = 0; i < 4 && !loop->is_virtual; i++) {
		ns_t before = read_clock(CLOCK_MONOTONIC);
		ns_t realtime = read_clock(CLOCK_REALTIME);

		loop->now = read_clock(CLOCK_MONOTONIC);
		loop->realtime_offset = realtime - before - (loop->now - before) / 2;
		if (loop->now - before < NS_PER_US) {
			break;
		}
	}
	note_offset(loop);
	return loop->now;
}

struct loop *loop_create_real(void)
{
	struct loop *loop = xcalloc(1, sizeof *loop);

	(void)sigemptyset(&loop->wait_mask);
	(void)loop_sample(loop);
	return loop;
}

struct loop *loop_create_virtual(ns_t start)
{
	struct loop *loop = xcalloc(1, sizeof *loop);

	loop->is_virtual = true;
	loop->now = start;
	return loop;
}

void loop_pause(struct loop *loop, ns_t duration)
{
	assert(loop->is_virtual);
	loop->now += duration;
}

void loop_step_clock(struct loop *loop, ns_t by)
{
	assert(loop->is_virtual);
	loop->realtime_offset += by;
	note_offset(loop);
}

void loop_destroy(struct loop *loop)
{
	if (loop == NULL) {
		return;
	}
	for (size_t i = 0; i < loop->signal_count; i++) {
		(void)signal(loop->signal_number[i], SIG_DFL);
	}
	heap_finish(&loop->timers);
	free(loop);
}

ns_t loop_now(const struct loop *loop)
{
	return loop->now;
}

ns_t loop_realtime_offset(const struct loop *loop)
{
	return loop->realtime_offset;
}

ns_t loop_realtime_at(const struct loop *loop, ns_t when)
{
	ns_t offset = loop->offset_count == 0 ? loop->realtime_offset : loop->offsets[0].offset;

	for (size_t i = 1; i < loop->offset_count && loop->offsets[i].since <= when; i++) {
		offset = loop->offsets[i].offset;
	}
	return when + offset;
}

uint64_t loop_turns(const struct loop *loop)
{
	return loop->turns;
}

void loop_timer_set(struct loop *loop, struct loop_timer *timer, ns_t when)
{
	if (when == NS_NEVER) {
		heap_remove(&loop->timers, &timer->node);
	} else {
		heap_set(&loop->timers, &timer->node, when);
	}
}

void loop_timer_cancel(struct loop *loop, struct loop_timer *timer)
{
	heap_remove(&loop->timers, &timer->node);
}

void loop_fd_add(struct loop *loop, int fd, enum loop_rank rank, loop_fd_fn *fn, void *arg)
{
	size_t at = loop->watch_count;

	assert(!loop->is_virtual && loop->watch_count < FDS_MAX);
	while (at > 0 && loop->watch[at - 1].rank > rank) {
		loop->watch[at] = loop->watch[at - 1];
		at--;
	}
	loop->watch[at] = (struct watch){fd, rank, fn, arg};
	loop->watch_count++;
}

void loop_fd_remove(struct loop *loop, int fd)
{
	for (size_t i = 0; i < loop->watch_count; i++) {
		if (loop->watch[i].fd == fd) {
			memmove(&loop->watch[i], &loop->watch[i + 1],
				(loop->watch_count - i - 1) * sizeof loop->watch[0]);
			loop->watch_count--;
			return;
		}
	}
}

void loop_at_turn_end(struct loop *loop, loop_turn_fn *fn, void *arg)
{
	assert(loop->turn_end_count < TURN_FNS_MAX);
	loop->turn_end[loop->turn_end_count++] = (struct turn_fn){fn, arg};
}

static bool take_signal(struct loop *loop, int number, struct err *err)
{
	struct sigaction action = {.sa_handler = catch_signal};

	assert(loop->signal_count < SIGNALS_MAX);
	loop->signal_number[loop->signal_count++] = number;
	return sigaction(number, &action, NULL) == 0 ||
		err_set_sys(err, ERR_IO, errno, "cannot catch signal %d", number);
}

/* Whoever started us wants nothing of it. */
static bool is_ignored(int number)
{
	struct sigaction action;

	return sigaction(number, NULL, &action) == 0 && action.sa_handler == SIG_IGN;
}

bool loop_signals(struct loop *loop, int signal_number, loop_signal_fn *fn, void *arg,
	struct err *err)
{
	/* A shell without jobs ignores the first two for what it starts in the background; a terminal's
	 * keys end it all the same. nohup(1) ignores the first of the others, so that we go on. */
	static const int ends[] = {SIGINT, SIGQUIT, SIGTERM};
	static const int others[] = {SIGHUP, SIGUSR1, SIGUSR2, SIGALRM, SIGVTALRM, SIGPROF, SIGXCPU};
	sigset_t blocked;

	for (size_t i = 0; i < sizeof ends / sizeof ends[0]; i++) {
		if (!take_signal(loop, ends[i], err)) {
			return false;
		}
	}
	for (size_t i = 0; i < sizeof others / sizeof others[0]; i++) {
		if (!is_ignored(others[i]) && !take_signal(loop, others[i], err)) {
			return false;
		}
	}
	if (signal_number != 0 && !take_signal(loop, signal_number, err)) {
		return false;
	}
	(void)sigemptyset(&blocked);
	for (size_t i = 0; i < loop->signal_count; i++) {
		(void)sigaddset(&blocked, loop->signal_number[i]);
	}
	if (!loop->is_virtual && sigprocmask(SIG_BLOCK, &blocked, &loop->wait_mask) != 0) {
		return err_set_sys(err, ERR_IO, errno, "cannot block signals");
	}
	for (size_t i = 0; i < loop->signal_count; i++) {
		(void)sigdelset(&loop->wait_mask, loop->signal_number[i]);
	}
	loop->signal_fn = fn;
	loop->signal_arg = arg;
	return true;
}

static void deliver_signals(struct loop *loop)
{
	for (size_t i = 0; i < loop->signal_count; i++) {
		int number = loop->signal_number[i];

		if (is_caught[number]) {
			is_caught[number] = 0;
			loop->signal_fn(loop->signal_arg, number);
		}
	}
}

static ns_t next_deadline(const struct loop *loop)
{
	const struct heap_node *first = heap_first(&loop->timers);

	return first == NULL ? NS_NEVER : first->when;
}

/* Waits until something is ready, then calls the ready descriptors by rank. */
static void wait_really(struct loop *loop, ns_t deadline)
{
	struct pollfd poll_fd[FDS_MAX];
	struct watch watch[FDS_MAX];
	size_t count = loop->watch_count;
	struct timespec timeout = ns_to_timespec(deadline == NS_NEVER ? 0 : deadline - loop->now);
	int ready;

	/* Handlers may add and remove watches, so both tables are copies. */
	memcpy(watch, loop->watch, sizeof watch);
	for (size_t i = 0; i < count; i++) {
		poll_fd[i] = (struct pollfd){.fd = watch[i].fd, .events = POLLIN};
	}
	ready = ppoll(poll_fd, count, deadline == NS_NEVER ? NULL : &timeout,
		loop->signal_count > 0 ? &loop->wait_mask : NULL);
	(void)loop_sample(loop);
	deliver_signals(loop);
	for (size_t i = 0; ready > 0 && i < count; i++) {
		if (poll_fd[i].revents != 0) {
			watch[i].fn(watch[i].arg);
		}
	}
}

static void run_due_timers(struct loop *loop)
{
	struct heap_node *first;

	while ((first = heap_first(&loop->timers)) != NULL && first->when <= loop->now &&
	       !loop->is_stopped) {
		struct loop_timer *timer = (struct loop_timer *)(void *)first;

		heap_remove(&loop->timers, first);
		timer->fn(timer->arg);
	}
}

void loop_run(struct loop *loop)
{
	loop->is_stopped = false;
	while (!loop->is_stopped) {
		ns_t deadline = next_deadline(loop);

		if (deadline == NS_NEVER && loop->watch_count == 0) {
			return;
		}
		loop->turns++;
		if (!loop->is_virtual) {
			wait_really(loop, deadline);
		} else {
			loop->now = deadline > loop->now ? deadline : loop->now;
			deliver_signals(loop);
		}
		run_due_timers(loop);
		for (size_t i = 0; i < loop->turn_end_count; i++) {
			loop->turn_end[i].fn(loop->turn_end[i].arg);
		}
	}
}

void loop_stop(struct loop *loop)
{
	loop->is_stopped = true;
}
