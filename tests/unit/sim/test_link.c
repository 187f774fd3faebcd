/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <math.h>

#include "unit/sim/lab.h"

#define ONE_HOP(link) \
	"prober A 10.0.1.1\nrouter R1 10.0.1.2\nlink A-R1 delay 1ms " link "\n"

#define LOADED ONE_HOP("rate 1mbit out-only load 80% out-only queue 1000")

static const char *const hop[] = {"10.0.1.2"};

static void send_many(struct lab *lab, uint32_t count, ns_t interval)
{
	for (uint32_t i = 0; i < count; i++) {
		lab_send_retrace(lab, (ns_t)i * interval, hop, 1, i);
		sim_run_until(lab->sim, sim_now(lab->sim), lab_keep, lab);
	}
	lab_run(lab);
}

static void test_loss_is_within_exact_binomial_bounds_for_every_seed(void **state)
{
	uint64_t seed = check_seed(100);
	(void)state;

	/* Bin(5000, .02) is in [56, 149] but for 1e-6 on either side (scipy.stats.binom.ppf). */
	for (uint64_t i = 0; i < 20; i++) {
		struct lab *lab = lab_new(ONE_HOP("loss 2% out-only"), seed + i);
		const struct sim_link_truth *out, *back;

		send_many(lab, 5000, NS_PER_MS);

		out = sim_link_truth_named(lab->sim, "A", "R1");
		back = sim_link_truth_named(lab->sim, "R1", "A");
		assert_int_equal(out->sent, 5000);
		assert_between(out->dropped[SIM_CAUSE_LOSS], 56, 149);
		assert_int_equal(back->dropped[SIM_CAUSE_LOSS], 0);
		assert_int_equal(back->delivered, 5000 - out->dropped[SIM_CAUSE_LOSS]);
		assert_int_equal(lab->home_count, back->delivered);
		lab_free(lab);
	}
}

static void test_bursts_have_the_mean_and_length_of_their_model(void **state)
{
	/* measurement.md V8: GE(.001, .1), h = 1 loses .0099 in runs of ten on the average; the
	 * inflated deviation of the share of 200000 is sqrt(.0099 * .9901 * 18.8 / 200000). */
	struct lab *lab = lab_new(ONE_HOP("burst 0.001 0.1 1 out-only"), check_seed(8));
	double lost, runs = 0;
	bool was_lost = false;
	uint64_t before = 0;
	(void)state;

	for (uint32_t i = 0; i < 200000; i++) {
		const struct sim_link_truth *truth = sim_link_truth(lab->sim, 0, 0);
		bool is_lost;

		lab_send_retrace(lab, (ns_t)i * NS_PER_US, hop, 1, i);
		is_lost = truth->dropped[SIM_CAUSE_BURST] > before;
		before = truth->dropped[SIM_CAUSE_BURST];
		runs += is_lost && !was_lost ? 1 : 0;
		was_lost = is_lost;
	}

	lost = (double)before;
	assert_near(lost / 200000, .0099, 5 * sqrt(.0099 * .9901 * 18.8 / 200000));
	assert_true(lost / runs > 7 && lost / runs < 13);
	lab_free(lab);
}

static void test_full_queue_drops_the_tail(void **state)
{
	/* 72 bytes at 576 kbit/s take 1 ms each; the one being sent counts as queued. */
	struct lab *lab = lab_new(ONE_HOP("rate 576kbit out-only queue 3"), 0);
	(void)state;

	for (uint32_t i = 0; i < 5; i++) {
		lab_send_retrace(lab, 0, hop, 1, i);
	}
	lab_send_retrace(lab, 2500000, hop, 1, 9);
	lab_run(lab);

	assert_int_equal(lab->home_count, 4);
	assert_int_equal(sim_link_truth(lab->sim, 0, 0)->dropped[SIM_CAUSE_QUEUE], 2);
	assert_int_equal(lab->home[0].when, 3000000);
	assert_int_equal(lab->home[1].when, 4000000);
	assert_int_equal(lab->home[2].when, 5000000);
	assert_int_equal(lab->home[3].when, 6000000);
	assert_int_equal(lab_reply(lab, 3).token_seq, 9);
	lab_free(lab);
}

static void test_order_is_kept_unless_reordering_is_asked_for(void **state)
{
	struct lab *kept = lab_new(ONE_HOP("jitter uniform 5ms"), check_seed(5));
	struct lab *broken = lab_new(ONE_HOP("jitter uniform 5ms reorder yes"), 5);
	uint32_t overtaken = 0;
	(void)state;

	send_many(kept, 200, NS_PER_MS / 10);
	send_many(broken, 200, NS_PER_MS / 10);

	assert_int_equal(kept->home_count, 200);
	assert_int_equal(broken->home_count, 200);
	for (size_t i = 1; i < 200; i++) {
		assert_true(lab_reply(kept, i).token_seq > lab_reply(kept, i - 1).token_seq);
		overtaken += lab_reply(broken, i).token_seq < lab_reply(broken, i - 1).token_seq;
	}
	assert_true(overtaken > 20);
	lab_free(kept);
	lab_free(broken);
}

static void test_jitter_has_the_mean_of_its_law(void **state)
{
	static const struct { const char *scenario; double mean_ms, deviation_ms; } laws[] = {
		{ONE_HOP("jitter exponential 0.5ms out-only"), 2.5, .5},
		{ONE_HOP("jitter uniform 1ms out-only"), 2.5, .2887},
		{ONE_HOP("jitter normal 0.2ms out-only"), 2, .2},
		/* Lomax's law: mean 2 / (5 - 1), deviation mean * sqrt(5 / (5 - 2)). */
		{ONE_HOP("jitter pareto 2ms 5 out-only"), 2.5, .6455},
	};
	uint64_t seed = check_seed(3);
	(void)state;

	for (size_t law = 0; law < 4; law++) {
		struct lab *lab = lab_new(laws[law].scenario, seed);
		double sum = 0;

		/* Far enough apart that none waits for the one before. */
		send_many(lab, 4000, 20 * NS_PER_MS);
		assert_int_equal(lab->home_count, 4000);
		for (size_t i = 0; i < 4000; i++) {
			sum += ns_to_ms(lab->home[i].when - (ns_t)i * 20 * NS_PER_MS);
		}
		assert_near(sum / 4000, laws[law].mean_ms,
			5 * laws[law].deviation_ms / sqrt(4000));
		lab_free(lab);
	}
}

static void test_duplicates_come_home_twice(void **state)
{
	struct lab *lab = lab_new(ONE_HOP("duplicate 100% out-only"), 0);
	(void)state;

	lab_send_retrace(lab, 0, hop, 1, 7);
	lab_run(lab);

	assert_int_equal(lab->home_count, 2);
	assert_int_equal(lab_reply(lab, 1).token_seq, 7);
	assert_int_equal(sim_link_truth(lab->sim, 0, 0)->duplicated, 1);
	lab_free(lab);
}

static void test_bad_member_loses_all_or_nothing_of_a_flow(void **state)
{
	struct lab *lab = lab_new(ONE_HOP("member-loss 100%,0%,0%,0% out-only"), check_seed(1));
	size_t lossy_flows = 0;
	(void)state;

	for (uint32_t flow = 0; flow < 64; flow++) {
		struct addr self = addr_v4(0x0a000101), src = addr_v4(0xc6120000 + flow);
		struct walk walk = {.kind = WALK_RETRACE, .depth = 1, .leg_count = 2, .leg = {
			{src, lab_addr("10.0.1.2"), 64, CARRIER_IPIP}, {self, self, 64, CARRIER_IPIP}}};
		uint64_t before = sim_link_truth(lab->sim, 0, 0)->dropped[SIM_CAUSE_MEMBER];
		uint64_t lost;

		for (uint32_t i = 0; i < 10; i++) {
			lab_send(lab, sim_now(lab->sim) + NS_PER_MS, &walk, i, 0);
		}
		lost = sim_link_truth(lab->sim, 0, 0)->dropped[SIM_CAUSE_MEMBER] - before;
		assert_true(lost == 0 || lost == 10);
		lossy_flows += lost == 10;
	}

	/* Bin(64, 1/4) is in [5, 31] but for 1e-4. */
	assert_between(lossy_flows, 5, 31);
	lab_free(lab);
}

/* Of 100000 packets in 100 s, for 200 ms each 10 s nothing passes: 2 %, in ten runs. */
static void test_an_outage_takes_all_within_its_time_and_nothing_else(void **state)
{
	static const struct { const char *scenario; double least, most; } cases[] = {
		{ONE_HOP("outage 200ms every 10s out-only"), 1990, 2010},
		{ONE_HOP("outage 100ms..300ms every 10s out-only"), 1000, 3000},
		/* Poisson(10) is in [2, 24] but for 1e-3. */
		{ONE_HOP("outage 200ms every 10s random out-only"), 400, 4800},
	};
	uint64_t seed = check_seed(4);
	(void)state;

	for (size_t i = 0; i < 3; i++) {
		struct lab *lab = lab_new(cases[i].scenario, seed);
		uint64_t before = 0, runs = 0;
		bool was_lost = false;

		for (uint32_t k = 0; k < 100000; k++) {
			const struct sim_link_truth *truth = sim_link_truth(lab->sim, 0, 0);
			bool is_lost;

			lab_send_retrace(lab, (ns_t)k * NS_PER_MS, hop, 1, k);
			is_lost = truth->dropped[SIM_CAUSE_OUTAGE] > before;
			before = truth->dropped[SIM_CAUSE_OUTAGE];
			runs += is_lost && !was_lost;
			was_lost = is_lost;
		}
		assert_true((double)before >= cases[i].least && (double)before <= cases[i].most);
		assert_between(runs, i == 2 ? 2 : 10, i == 2 ? 24 : 11);
		lab_free(lab);
	}
}

static void test_both_directions_are_out_at_the_same_times(void **state)
{
	struct lab *lab = lab_new(ONE_HOP("outage 1s..3s every 10s random"), check_seed(6));
	uint64_t crossed;
	(void)state;

	/* Who gets there within the millisecond that it takes comes home, but for the edges. */
	send_many(lab, 100000, NS_PER_MS);

	crossed = sim_link_truth(lab->sim, 0, 0)->delivered;
	assert_true(sim_link_truth(lab->sim, 0, 0)->dropped[SIM_CAUSE_OUTAGE] > 5000);
	assert_true(crossed - sim_link_truth(lab->sim, 0, 1)->delivered < 100);
	lab_free(lab);
}

/* M/D/1 with a load of 0.8 waits 2 services on average (Pollaczek and Khinchine); 1500 bytes take
 * 12 ms at 1 Mbit/s, and a probe of 72 bytes 0.6 ms. */
static void test_cross_traffic_makes_probes_wait_as_the_theory_says(void **state)
{
	struct lab *lab = lab_new(LOADED, check_seed(2));
	double sum = 0;
	(void)state;

	send_many(lab, 4000, 3 * NS_PER_SEC);

	assert_int_equal(lab->home_count, 4000);
	for (size_t i = 0; i < 4000; i++) {
		sum += ns_to_ms(lab->home[i].when - (ns_t)i * 3 * NS_PER_SEC) - 2.576;
	}
	assert_near(sum / 4000, 24, 24 * 0.1);
	lab_free(lab);
}

/* Probes of one burst meet the same queue. */
static void test_waiting_in_cross_traffic_is_alike_within_a_burst(void **state)
{
	struct lab *lab = lab_new(LOADED, check_seed(2));
	double sum = 0, apart = 0;
	(void)state;

	for (uint32_t i = 0; i < 1000; i++) {
		lab_send_retrace(lab, (ns_t)i * 3 * NS_PER_SEC, hop, 1, 2 * i);
		lab_send_retrace(lab, (ns_t)i * 3 * NS_PER_SEC, hop, 1, 2 * i + 1);
		sim_run_until(lab->sim, sim_now(lab->sim), lab_keep, lab);
	}
	lab_run(lab);

	for (size_t i = 0; i < 1000; i++) {
		sum += ns_to_ms(lab->home[2 * i].when - (ns_t)i * 3 * NS_PER_SEC);
		apart += ns_to_ms(lab->home[2 * i + 1].when - lab->home[2 * i].when);
	}
	assert_near(apart / 1000, 0.576, 0.01);
	assert_true(sum / 1000 > 15);
	lab_free(lab);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_loss_is_within_exact_binomial_bounds_for_every_seed),
		cmocka_unit_test(test_bursts_have_the_mean_and_length_of_their_model),
		cmocka_unit_test(test_full_queue_drops_the_tail),
		cmocka_unit_test(test_order_is_kept_unless_reordering_is_asked_for),
		cmocka_unit_test(test_jitter_has_the_mean_of_its_law),
		cmocka_unit_test(test_duplicates_come_home_twice),
		cmocka_unit_test(test_bad_member_loses_all_or_nothing_of_a_flow),
		cmocka_unit_test(test_an_outage_takes_all_within_its_time_and_nothing_else),
		cmocka_unit_test(test_both_directions_are_out_at_the_same_times),
		cmocka_unit_test(test_cross_traffic_makes_probes_wait_as_the_theory_says),
		cmocka_unit_test(test_waiting_in_cross_traffic_is_alike_within_a_burst),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
