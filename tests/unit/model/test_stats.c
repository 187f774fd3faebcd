/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "model/stats.h"

#include <math.h>

#include "base/rng.h"
#include "support/check.h"
#include "support/errors.h"

static struct stats_probe at(uint32_t round)
{
	return (struct stats_probe){.round = round, .sent_at = (ns_t)round * NS_PER_SEC};
}

static void answer(struct stats *stats, uint32_t round, double ms)
{
	struct stats_probe probe = at(round);

	stats_transmitted(stats, &probe);
	stats_answered(stats, &probe, (ns_t)llround(ms * 1e6));
}

static void lose(struct stats *stats, uint32_t round)
{
	struct stats_probe probe = at(round);

	stats_transmitted(stats, &probe);
	stats_lost(stats, &probe);
}

static void test_v10_jitter(void **state)
{
	static const double ms[] = {10, 12, 11, 30, 10.5, 10};
	static struct stats stats;
	(void)state;

	memset(&stats, 0, sizeof stats);
	for (uint32_t i = 0; i < 6; i++) {
		answer(&stats, i + 1, ms[i]);
	}
	assert_near(stats.jitter_rfc_ns / 1e6, 2.365587, 5e-7);
	assert_near(stats_jitter_avg_ms(&stats), 42.0 / 5, 1e-9);
	assert_near(ns_to_ms(stats.jitter), .5, 1e-9);
	assert_near(ns_to_ms(stats.jitter_worst), 19.5, 1e-9);
}

/* The two-pass textbook formulas over the same numbers. */
static void test_mean_and_deviation_do_not_sink_with_time(void **state)
{
	enum { COUNT = 100000 };
	static struct stats stats;
	static double ms[COUNT];
	double sum = 0, squares = 0, logs = 0, mean;
	struct rng rng;
	(void)state;

	rng_init(&rng, check_seed(3), 0);
	memset(&stats, 0, sizeof stats);
	for (uint32_t i = 0; i < COUNT; i++) {
		ms[i] = 10 + 2 * rng_unit(&rng);
		ms[i] = (double)llround(ms[i] * 1e6) / 1e6;
		answer(&stats, i + 1, ms[i]);
		sum += ms[i];
		logs += log(ms[i]);
	}
	mean = sum / COUNT;
	for (size_t i = 0; i < COUNT; i++) {
		squares += (ms[i] - mean) * (ms[i] - mean);
	}
	assert_near(stats_avg_ms(&stats), mean, 1e-9);
	assert_near(stats_stddev_ms(&stats), sqrt(squares / (COUNT - 1)), 1e-9);
	assert_near(stats_gmean_ms(&stats), exp(logs / COUNT), 1e-6);
}

static void test_a_late_answer_moves_from_lost_to_late(void **state)
{
	static struct stats stats;
	struct stats_probe probe = at(2);
	(void)state;

	memset(&stats, 0, sizeof stats);
	answer(&stats, 1, 5);
	lose(&stats, 2);
	stats_late(&stats, &probe);
	assert_int_equal(stats.sent, 2);
	assert_int_equal(stats.lost, 0);
	assert_int_equal(stats.late, 1);
	assert_int_equal(stats_loss_trials(&stats), 2);
}

static void test_errors_say_nothing_about_loss(void **state)
{
	static struct stats stats;
	struct stats_probe probe = at(2);
	(void)state;

	memset(&stats, 0, sizeof stats);
	lose(&stats, 1);
	stats_transmitted(&stats, &probe);
	stats_error(&stats, &probe, CAUSE_PROTOCOL_UNREACHABLE);
	assert_int_equal(stats.sent, 2);
	assert_int_equal(stats_error_count(&stats), 1);
	assert_int_equal(stats_loss_trials(&stats), 1);
}

static void test_an_earlier_round_answered_after_a_later_one_is_reordered(void **state)
{
	static struct stats stats;
	(void)state;

	memset(&stats, 0, sizeof stats);
	answer(&stats, 1, 5);
	answer(&stats, 3, 5);
	answer(&stats, 2, 5);
	answer(&stats, 4, 5);
	assert_int_equal(stats.reordered, 1);
}

static void test_recent_loss_forgets_what_is_older_than_a_minute(void **state)
{
	static struct stats stats;
	(void)state;

	memset(&stats, 0, sizeof stats);
	for (uint32_t round = 1; round <= 100; round++) {
		if (round <= 50) {
			lose(&stats, round);
		} else {
			answer(&stats, round, 5);
		}
	}
	assert_near(stats_recent_loss(&stats, 100 * NS_PER_SEC), 10.0 / 60, .02);
	assert_near(stats_recent_loss(&stats, 120 * NS_PER_SEC), 0, 0);
	assert_true(stats_recent_loss(&stats, 200 * NS_PER_SEC) < 0);
}

/* After any sequence of events, and voiding any of them, the invariant of the header holds
 * and a fully voided history counts nothing. */
static void test_voiding_takes_back_exactly_what_was_counted(void **state)
{
	static struct stats stats;
	struct { enum outcome outcome; enum icmp_cause cause; } done[300];
	struct rng rng;
	(void)state;

	rng_init(&rng, check_seed(4), 0);
	memset(&stats, 0, sizeof stats);
	for (uint32_t i = 0; i < 300; i++) {
		struct stats_probe probe = at(i + 1);

		done[i].cause = (enum icmp_cause)rng_below(&rng, CAUSE_COUNT);
		stats_transmitted(&stats, &probe);
		switch (rng_below(&rng, 4)) {
		case 0:
			stats_answered(&stats, &probe, 5000000);
			done[i].outcome = OUTCOME_ANSWERED;
			break;
		case 1:
			stats_lost(&stats, &probe);
			done[i].outcome = OUTCOME_LOST;
			break;
		case 2:
			stats_error(&stats, &probe, done[i].cause);
			done[i].outcome = OUTCOME_ERROR;
			break;
		default:
			done[i].outcome = OUTCOME_PENDING;
			break;
		}
		assert_int_equal(stats.received + stats.late + stats.lost + stats_error_count(&stats),
			stats.sent);
	}
	for (uint32_t i = 0; i < 300; i++) {
		struct stats_probe probe = at(i + 1);

		stats_void(&stats, &probe, done[i].outcome, done[i].cause);
		assert_int_equal(stats.received + stats.late + stats.lost + stats_error_count(&stats),
			stats.sent);
	}
	assert_int_equal(stats.sent, 0);
	assert_int_equal(stats.transmitted, 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_v10_jitter),
		cmocka_unit_test(test_mean_and_deviation_do_not_sink_with_time),
		cmocka_unit_test(test_a_late_answer_moves_from_lost_to_late),
		cmocka_unit_test(test_errors_say_nothing_about_loss),
		cmocka_unit_test(test_an_earlier_round_answered_after_a_later_one_is_reordered),
		cmocka_unit_test(test_recent_loss_forgets_what_is_older_than_a_minute),
		cmocka_unit_test(test_voiding_takes_back_exactly_what_was_counted),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
