/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "io/loop.h"

#include <signal.h>
#include <unistd.h>

#include "support/check.h"

/* What happened, in order, as letters. */
struct trace {
	struct loop *loop;
	struct loop_timer timer[4];
	int fd[2];
	char seen[32];
	size_t count;
	uint64_t fires;
	ns_t last;
};

static void see(struct trace *trace, char what)
{
	assert_true(trace->count < sizeof trace->seen - 1);
	trace->seen[trace->count++] = what;
}

static void on_a(void *arg)
{
	see(arg, 'a');
}

static void on_b(void *arg)
{
	see(arg, 'b');
}

static void on_turn_end(void *arg)
{
	see(arg, '.');
}

static void stop_here(void *arg)
{
	struct trace *trace = arg;

	see(trace, 's');
	loop_stop(trace->loop);
}

static void every_100_ms(void *arg)
{
	struct trace *trace = arg;

	assert_int_equal(loop_now(trace->loop), trace->last + 100 * NS_PER_MS);
	trace->last = loop_now(trace->loop);
	if (++trace->fires < 864000) {
		loop_timer_set(trace->loop, &trace->timer[0], trace->last + 100 * NS_PER_MS);
	}
}

static void test_a_virtual_day_of_timers_is_exact_and_ends(void **state)
{
	struct trace trace = {.loop = loop_create_virtual(7), .last = 7};
	(void)state;

	trace.timer[0] = (struct loop_timer){.fn = every_100_ms, .arg = &trace};
	loop_timer_set(trace.loop, &trace.timer[0], 7 + 100 * NS_PER_MS);
	loop_run(trace.loop);

	assert_int_equal(trace.fires, 864000);
	assert_int_equal(loop_now(trace.loop), 7 + 86400 * NS_PER_SEC);
	loop_destroy(trace.loop);
}

static void test_timers_fire_by_time_then_by_the_order_they_were_set(void **state)
{
	struct trace trace = {.loop = loop_create_virtual(0)};
	(void)state;

	trace.timer[0] = (struct loop_timer){.fn = on_a, .arg = &trace};
	trace.timer[1] = (struct loop_timer){.fn = on_b, .arg = &trace};
	trace.timer[2] = (struct loop_timer){.fn = stop_here, .arg = &trace};
	loop_timer_set(trace.loop, &trace.timer[2], 20);
	loop_timer_set(trace.loop, &trace.timer[1], 10);
	loop_timer_set(trace.loop, &trace.timer[0], 10);
	loop_run(trace.loop);

	assert_string_equal(trace.seen, "bas");
	loop_destroy(trace.loop);
}

static void test_a_cancelled_timer_and_one_set_to_never_do_not_fire(void **state)
{
	struct trace trace = {.loop = loop_create_virtual(0)};
	(void)state;

	trace.timer[0] = (struct loop_timer){.fn = on_a, .arg = &trace};
	trace.timer[1] = (struct loop_timer){.fn = on_b, .arg = &trace};
	loop_timer_set(trace.loop, &trace.timer[0], 10);
	loop_timer_set(trace.loop, &trace.timer[1], 10);
	loop_timer_cancel(trace.loop, &trace.timer[0]);
	loop_timer_set(trace.loop, &trace.timer[1], NS_NEVER);
	loop_run(trace.loop);

	assert_string_equal(trace.seen, "");
	loop_destroy(trace.loop);
}

static void test_the_turns_end_comes_after_its_timers(void **state)
{
	struct trace trace = {.loop = loop_create_virtual(0)};
	(void)state;

	trace.timer[0] = (struct loop_timer){.fn = on_a, .arg = &trace};
	trace.timer[1] = (struct loop_timer){.fn = on_b, .arg = &trace};
	trace.timer[2] = (struct loop_timer){.fn = stop_here, .arg = &trace};
	loop_timer_set(trace.loop, &trace.timer[0], 10);
	loop_timer_set(trace.loop, &trace.timer[1], 10);
	loop_timer_set(trace.loop, &trace.timer[2], 11);
	loop_at_turn_end(trace.loop, on_turn_end, &trace);
	loop_run(trace.loop);

	assert_string_equal(trace.seen, "ab.s.");
	loop_destroy(trace.loop);
}

/* Both descriptors are ready at once; keys were added first and still come second. */
static void test_ready_descriptors_come_by_rank_and_before_timers(void **state)
{
	struct trace trace = {.loop = loop_create_real()};
	int other[2];
	(void)state;

	assert_int_equal(pipe(trace.fd), 0);
	assert_int_equal(pipe(other), 0);
	assert_int_equal(write(trace.fd[1], "x", 1), 1);
	assert_int_equal(write(other[1], "x", 1), 1);
	trace.timer[0] = (struct loop_timer){.fn = stop_here, .arg = &trace};
	loop_timer_set(trace.loop, &trace.timer[0], loop_now(trace.loop));
	loop_fd_add(trace.loop, other[0], LOOP_RANK_KEYS, on_b, &trace);
	loop_fd_add(trace.loop, trace.fd[0], LOOP_RANK_CAPTURE, on_a, &trace);
	loop_run(trace.loop);

	assert_string_equal(trace.seen, "abs");
	for (int i = 0; i < 2; i++) {
		loop_fd_remove(trace.loop, i == 0 ? trace.fd[0] : other[0]);
		(void)close(trace.fd[i]);
		(void)close(other[i]);
	}
	loop_destroy(trace.loop);
}

static void test_a_real_timer_is_never_early(void **state)
{
	struct trace trace = {.loop = loop_create_real()};
	ns_t due = loop_now(trace.loop) + 3 * NS_PER_MS;
	(void)state;

	trace.timer[0] = (struct loop_timer){.fn = stop_here, .arg = &trace};
	loop_timer_set(trace.loop, &trace.timer[0], due);
	loop_run(trace.loop);

	assert_string_equal(trace.seen, "s");
	assert_true(loop_now(trace.loop) >= due);
	loop_destroy(trace.loop);
}

static void on_signal(void *arg, int number)
{
	struct trace *trace = arg;

	see(trace, number == SIGWINCH ? '1' : '2');
	if (number == SIGUSR2) {
		loop_stop(trace->loop);
	}
}

/* Raised before the loop waits, so a loop that only looks before waiting would hang. */
static void test_signals_are_delivered_within_turns(void **state)
{
	struct trace trace = {.loop = loop_create_real()};
	struct err err = {0};
	(void)state;

	assert_true(loop_signals(trace.loop, SIGWINCH, on_signal, &trace, &err));
	assert_int_equal(pipe(trace.fd), 0);
	loop_fd_add(trace.loop, trace.fd[0], LOOP_RANK_KEYS, on_a, &trace);
	(void)raise(SIGWINCH);
	assert_string_equal(trace.seen, "");
	(void)raise(SIGUSR2);
	loop_run(trace.loop);

	assert_string_equal(trace.seen, "21");
	(void)close(trace.fd[0]);
	(void)close(trace.fd[1]);
	loop_destroy(trace.loop);
}

/* As nohup(1) has it, while an interrupt still ends what a script started in the background. */
static void test_a_hang_up_that_was_ignored_stays_so_and_an_interrupt_does_not(void **state)
{
	struct trace trace = {.loop = loop_create_real()};
	struct err err = {0};
	void (*hang_up)(int) = signal(SIGHUP, SIG_IGN), (*interrupt)(int) = signal(SIGINT, SIG_IGN);
	(void)state;

	assert_true(loop_signals(trace.loop, 0, on_signal, &trace, &err));
	assert_int_equal(pipe(trace.fd), 0);
	loop_fd_add(trace.loop, trace.fd[0], LOOP_RANK_KEYS, on_a, &trace);
	(void)raise(SIGHUP);
	(void)raise(SIGINT);
	(void)raise(SIGUSR2);
	loop_run(trace.loop);

	assert_string_equal(trace.seen, "22");
	(void)close(trace.fd[0]);
	(void)close(trace.fd[1]);
	loop_destroy(trace.loop);
	(void)signal(SIGHUP, hang_up);
	(void)signal(SIGINT, interrupt);
}

static void test_a_loop_with_nothing_to_wait_for_returns(void **state)
{
	struct loop *loop = loop_create_real();
	(void)state;

	loop_run(loop);
	loop_destroy(loop);
	loop_destroy(NULL);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_a_virtual_day_of_timers_is_exact_and_ends),
		cmocka_unit_test(test_timers_fire_by_time_then_by_the_order_they_were_set),
		cmocka_unit_test(test_a_cancelled_timer_and_one_set_to_never_do_not_fire),
		cmocka_unit_test(test_the_turns_end_comes_after_its_timers),
		cmocka_unit_test(test_ready_descriptors_come_by_rank_and_before_timers),
		cmocka_unit_test(test_a_real_timer_is_never_early),
		cmocka_unit_test(test_signals_are_delivered_within_turns),
		cmocka_unit_test(test_a_hang_up_that_was_ignored_stays_so_and_an_interrupt_does_not),
		cmocka_unit_test(test_a_loop_with_nothing_to_wait_for_returns),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
