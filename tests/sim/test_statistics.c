/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <math.h>

#include "infer/loss.h"
#include "support/check.h"
#include "support/simrun.h"

/* Two lossy links in a row, jitter both ways, over many seeds. */
static const char LOSSY[] =
	"prober A 10.0.1.1\n"
	"router R1 10.0.1.2\nrouter R2 10.0.2.3\nrouter R3 10.0.3.3\nrouter R4 10.0.4.3\n"
	"link A-R1 delay 1ms jitter exponential 0.1ms\n"
	"link R1-R2 delay 5ms jitter exponential 0.1ms loss 0.5%\n"
	"link R2-R3 delay 10ms jitter normal 0.1ms loss 2% out-only\n"
	"link R3-R4 delay 2ms jitter uniform 1ms\n";

/* Loss of a boomerang to each depth, there and back. */
static const double TRUE_LOSS[4] = {0, 1 - .995 * .995, 1 - .995 * .995 * .98,
	1 - .995 * .995 * .98};

static void test_true_loss_is_within_the_interval_in_19_of_20_runs(void **state)
{
	enum { SEEDS = 200, ROUNDS = 1000 };
	uint64_t first = check_seed(1000);
	int outside[4] = {0};
	double widest = 0;
	(void)state;

	for (uint64_t seed = first; seed < first + SEEDS; seed++) {
		struct simrun *run = simrun_create(LOSSY, &(struct simrun_options){
			.path = "R1,R2,R3,R4", .seed = seed, .rounds = ROUNDS, .no_to = true});

		simrun_until_done(run);
		for (size_t k = 0; k < 4; k++) {
			const struct stats *s = &run->session.hops[k].walk[WALK_RETRACE];
			struct loss_interval i = loss_always_valid(s->lost, stats_loss_trials(s), .05);
			struct loss_interval wilson = loss_wilson(s->lost, stats_loss_trials(s));

			assert_int_equal(stats_loss_trials(s), ROUNDS);
			outside[k] += TRUE_LOSS[k] < i.low || TRUE_LOSS[k] > i.high;
			widest = fmax(widest, (i.high - i.low) / (wilson.high - wilson.low));
		}
		simrun_destroy(run);
	}
	printf("# outside by depth: %d %d %d %d of %d; at most %.2f times Wilson's width\n",
		outside[0], outside[1], outside[2], outside[3], SEEDS, widest);
	for (size_t k = 0; k < 4; k++) {
		assert_true(outside[k] <= SEEDS / 20);
	}
	assert_true(widest <= 2.2);
}

/* What the truth log says of each probe; gathered and summed up without the engine. */
struct truth {
	ns_t left[40000], home[40000];
	size_t count;
};

static void observe(void *arg, const struct sim_event *event)
{
	struct truth *truth = arg;
	size_t at = (size_t)event->probe.serial;

	assert_true(at < 40000);
	if (event->kind == SIM_EVENT_SENT) {
		truth->left[at] = event->when;
		truth->count = at + 1;
	} else if (event->kind == SIM_EVENT_DELIVERED) {
		truth->home[at] = event->when;
	}
}

struct oracle {
	size_t count;
	double sum, squares, logs, best, worst, jitter_sum, jitter_worst, jitter_rfc;
};

/* The textbook's two passes over the RTTs in the order in which answers came home. */
static struct oracle sum_up(const double *ms, size_t count)
{
	struct oracle o = {.count = count, .best = ms[0], .worst = ms[0]};
	double mean;

	for (size_t i = 0; i < count; i++) {
		o.sum += ms[i];
		o.logs += log(ms[i]);
		o.best = fmin(o.best, ms[i]);
		o.worst = fmax(o.worst, ms[i]);
	}
	mean = o.sum / (double)count;
	for (size_t i = 0; i < count; i++) {
		o.squares += (ms[i] - mean) * (ms[i] - mean);
	}
	for (size_t i = 1; i < count; i++) {
		double d = fabs(ms[i] - ms[i - 1]);

		o.jitter_sum += d;
		o.jitter_worst = fmax(o.jitter_worst, d);
		o.jitter_rfc += (d - o.jitter_rfc) / 16;
	}
	return o;
}

static void test_rtt_and_jitter_equal_a_computation_from_the_truth_log(void **state)
{
	enum { ROUNDS = 5000 };
	static struct truth truth;
	static double ms[ROUNDS];
	struct simrun *run = simrun_create(LOSSY, &(struct simrun_options){.path = "R1",
		.seed = check_seed(77), .rounds = ROUNDS, .no_to = true});
	const struct stats *s = &run->session.hops[0].walk[WALK_RETRACE];
	struct oracle o;
	size_t count = 0;
	(void)state;

	sim_observe(run->sim, observe, &truth);
	simrun_until_done(run);
	for (size_t i = 0; i < truth.count; i++) {
		if (truth.home[i] != 0) {
			ms[count++] = (double)(truth.home[i] - truth.left[i]) / 1e6;
		}
	}
	o = sum_up(ms, count);
	assert_int_equal(s->received, count);
	assert_near(stats_avg_ms(s), o.sum / (double)count, 1e-9);
	assert_near(stats_stddev_ms(s), sqrt(o.squares / (double)(count - 1)), 1e-9);
	assert_near(stats_gmean_ms(s), exp(o.logs / (double)count), 1e-9);
	assert_near(ns_to_ms(s->best), o.best, 0);
	assert_near(ns_to_ms(s->worst), o.worst, 0);
	assert_near(stats_jitter_avg_ms(s), o.jitter_sum / (double)(count - 1), 1e-9);
	assert_near(ns_to_ms(s->jitter_worst), o.jitter_worst, 1e-9);
	assert_near(s->jitter_rfc_ns / 1e6, o.jitter_rfc, 1e-9);
	simrun_destroy(run);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_true_loss_is_within_the_interval_in_19_of_20_runs),
		cmocka_unit_test(test_rtt_and_jitter_equal_a_computation_from_the_truth_log),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
