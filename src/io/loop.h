/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef THRUPATH_IO_LOOP_H
#define THRUPATH_IO_LOOP_H

#include <signal.h>

#include "base/err.h"
#include "base/heap.h"
#include "base/ns.h"

/*
 * One thread, one loop. It owns the time: it looks at the clock once a turn, and whoever
 * wants to know asks loop_now(). The driver decides what waiting means: the real one sleeps
 * in ppoll, the virtual one jumps to the next deadline.
 * A turn: descriptors that became ready in order of their rank, then due timers, then the
 * turn's end (sending, painting).
 */
struct loop;

typedef void loop_timer_fn(void *arg);
typedef void loop_fd_fn(void *arg);
typedef void loop_turn_fn(void *arg);
typedef void loop_signal_fn(void *arg, int signal_number);

/* Zeroed but for fn and arg; owned by the caller, who cancels it before it goes away. */
struct loop_timer {
	struct heap_node node;  /* first: the heap hands it back */
	loop_timer_fn *fn;
	void *arg;
};

enum loop_rank {
	LOOP_RANK_CAPTURE,
	LOOP_RANK_NAMES,
	LOOP_RANK_KEYS,
	LOOP_RANK_COUNT
};

struct loop *loop_create_real(void);
struct loop *loop_create_virtual(ns_t start);      /* no descriptors */
void loop_destroy(struct loop *);
/* Of a virtual one: as if what is called just now took that long; as if the calendar's clock were
 * set forward, or back. */
void loop_pause(struct loop *, ns_t duration);
void loop_step_clock(struct loop *, ns_t by);

ns_t loop_now(const struct loop *);                /* monotonic, as of this turn */
/* CLOCK_REALTIME minus the monotonic clock, as of this turn; the virtual driver
 * says 0, and what was stepped since. */
ns_t loop_realtime_offset(const struct loop *);
/* What the calendar's clock said at that instant of ours, though it was set since, or the machine
 * slept: of the last 32 times that either moved. */
ns_t loop_realtime_at(const struct loop *, ns_t when);
ns_t loop_sample(struct loop *);                   /* looks at the clock again within a turn */

void loop_timer_set(struct loop *, struct loop_timer *, ns_t when); /* sets or moves */
void loop_timer_cancel(struct loop *, struct loop_timer *);

/* Calls fn whenever fd is readable. The descriptor stays the caller's. */
void loop_fd_add(struct loop *, int fd, enum loop_rank, loop_fd_fn *, void *arg);
void loop_fd_remove(struct loop *, int fd);
void loop_at_turn_end(struct loop *, loop_turn_fn *, void *arg);    /* at most four */

/* Delivers within turns, and blocks elsewhere, what would end a program that does not look at it:
 * interrupt, hang-up, quit, alarms, limits. Beside these `signal_number`, unless it is 0. */
bool loop_signals(struct loop *, int signal_number, loop_signal_fn *, void *arg,
	struct err *err);

/* Runs turns until loop_stop(), or until nothing could ever happen again. */
void loop_run(struct loop *);
void loop_stop(struct loop *);
uint64_t loop_turns(const struct loop *);          /* wakes so far, for measurements */

#endif
