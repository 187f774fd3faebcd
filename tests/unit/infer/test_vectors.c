/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The published vectors of the methods, and what must hold beside them. */
#include "infer/asym.h"
#include "infer/change.h"
#include "infer/pair.h"
#include "infer/pattern.h"
#include "infer/serial.h"
#include "infer/walks.h"

#include <math.h>

#include "base/rng.h"
#include "support/check.h"

static void test_bits_on_a_line_take_their_time(void **state)
{
	(void)state;
	assert_near(serial_ms(1500, 10), 1.2, 1e-12);
	assert_near(serial_ms(1500, 2), 6, 1e-12);
	assert_near(serial_ms(64, 100000), 0.00000512, 1e-15);
	assert_near(serial_ms(1500, 0), 0, 0);
}

static void test_v5_sequential_test(void **state)
{
	struct loss_test test = {.p0 = .001, .p1 = .01};
	int clear = 0;
	(void)state;

	for (int i = 1; i <= 90; i++) {
		double llr = loss_test_add(&test, i == 40 || i == 90);

		if (i == 39) {
			assert_near(llr, -.35294, 5e-6);
		} else if (i == 40) {
			assert_near(llr, 1.94964, 5e-6);
		} else if (i == 89) {
			assert_near(llr, 1.50620, 5e-6);
		} else if (i == 90) {
			assert_near(llr, 3.80878, 5e-6);
		}
	}
	test.llr = 0;
	do {
		clear++;
	} while (loss_test_add(&test, false) > -2.944439);
	assert_int_equal(clear, 326);
	test.llr = 0;
	assert_near(loss_test_cusum(&test, false), 0, 0);
	assert_near(loss_test_cusum(&test, true), 2.302585, 5e-7);
}

static void test_v7_and_v21_pairs(void **state)
{
	(void)state;

	assert_near(exp(pair_log_evidence(10, 0)), 186.09, 5e-3);
	assert_near(exp(pair_log_evidence(12, 3)), 8.9065, 5e-5);
	assert_near(exp(pair_log_evidence(9, 4)), 1.4898, 5e-5);
	assert_near(pair_log_evidence(0, 0), 0, 1e-12);
	/* The exact sum and the limit meet: 1 050 of 2 000 against 2 001. */
	assert_near(pair_log_evidence(1050, 949), pair_log_evidence(1050, 951), .2);
	assert_true(pair_log_evidence(0, 100) < 0);
}

static void test_v8_bursts_inflate_the_variance(void **state)
{
	uint64_t batches[400] = {0};
	(void)state;

	/* One batch of ten holds all that the other nine do not. */
	for (size_t i = 0; i < 400; i++) {
		batches[i] = i % 10 == 0 ? 10 : 0;
	}
	assert_near(pattern_burst_inflation(batches, 400, 100), 9.11, .05);
	for (size_t i = 0; i < 400; i++) {
		batches[i] = 1;
	}
	assert_near(pattern_burst_inflation(batches, 400, 100), 1, 0);
}

static void test_v9_bounds_from_closed_walks(void **state)
{
	/* AB BA BC CB CZ ZC ZA AZ */
	static const uint8_t tree[2][8] = {{1, 1}, {1, 1, 1, 1}};
	static const uint8_t ring[4][8] = {{1, 1}, {1, 1, 1, 1},
		{1, 0, 1, 0, 1, 0, 1, 0}, {0, 0, 0, 0, 1, 1, 1, 1}};
	const struct walk_bound exact[] = {{tree[0], 1, 1}, {tree[1], .95, .95}};
	const struct walk_bound all[] = {{ring[0], 1, 1}, {ring[1], .95, .95}, {ring[2], .95, .95},
		{ring[3], 1, 1}};
	const struct walk_bound noisy[] = {{ring[0], .998, .998}, {ring[1], .948, .948},
		{ring[2], .997, .997}, {ring[3], .999, .999}};
	double low[8], high[8];
	(void)state;

	walks_bound(exact, 2, 4, low, high);
	assert_near(low[2], 0, 1e-9);
	assert_near(high[2], .05, 1e-9);
	assert_near(high[3], .05, 1e-9);
	walks_bound(all, 4, 8, low, high);
	assert_near(low[2], .05, 1e-9);
	assert_near(high[2], .05, 1e-9);
	for (size_t e = 3; e < 8; e++) {
		assert_near(high[e], 0, 1e-9);
	}
	walks_bound(noisy, 4, 8, low, high);
	assert_near(low[3], .0453, 5e-5);
	assert_near(high[3], .0520, 5e-5);
	assert_near(low[2], 0, 0);
	assert_near(high[2], .0030, 5e-5);
	for (size_t e = 4; e < 8; e++) {
		assert_true(high[e] <= .001 + 1e-9);
	}
}

/* Three hops in a row: links 0..2, unwrapping of the hops 3..5. Boomerangs unwrap twice at every
 * hop but the last, walks home by routing once where they turn. */
static void test_a_fit_tells_a_hop_from_its_links(void **state)
{
	static const uint8_t walk[6][6] = {{1, 0, 0, 1}, {1, 1, 0, 2, 1}, {1, 1, 1, 2, 2, 1},
		{1, 0, 0, 1}, {1, 1, 0, 0, 1}, {1, 1, 1, 0, 0, 1}};
	static const double truth[6] = {0, .02, 0, .05, 0, 0};
	static struct walks_system system;
	struct walk_loss loss[6];
	double x[6] = {0}, squares;
	(void)state;

	for (size_t i = 0; i < 6; i++) {
		double success = 1;

		for (size_t e = 0; e < 6; e++) {
			success *= pow(1 - truth[e], walk[i][e]);
		}
		loss[i] = (struct walk_loss){walk[i], 100000, (uint64_t)(100000 * (1 - success) + .5)};
	}
	walks_system_init(&system, loss, 6, 6);
	squares = walks_fit(&system, NULL, x);
	assert_true(squares < .1);
	assert_near(1 - exp(-x[1]), .02, 5e-4);
	/* What unwraps the first hop and what its link loses, only deeper walks tell apart. */
	assert_near(1 - exp(-x[3]), .05, 5e-4);
	assert_near(x[0] + x[2] + x[4] + x[5], 0, 1e-3);
	for (size_t e = 0; e < 6; e++) {
		bool is_off[6] = {false};
		double y[6];

		memcpy(y, x, sizeof y);
		is_off[e] = true;
		assert_int_equal(walks_fit(&system, is_off, y) - squares > 100, truth[e] > 0);
	}
}

static void test_a_median_and_its_deviation_heed_no_outlier(void **state)
{
	double values[] = {5, 1, 100, 3, 2};
	(void)state;

	assert_near(robust_median(values, 5), 3, 0);
	assert_near(robust_mad(values, 5, 3), 1.4826 * 2, 1e-9);
}

static void test_a_shift_has_an_interval_that_outliers_do_not_move(void **state)
{
	double a[20], b[20];
	struct shift_interval s;
	(void)state;

	for (int i = 0; i < 20; i++) {
		a[i] = 10 + .01 * i;
		b[i] = i == 7 ? 500 : 12 + .01 * i;
	}
	s = shift_between(a, 20, b, 20, .05);
	assert_near(s.shift, 2, .02);
	assert_true(s.low > 1.8 && s.high < 2.2);
	s = shift_between(a, 2, b, 2, .05);
	assert_true(isinf(s.low) && isinf(s.high));
}

/* Ranks of the sign test's tables: 25 pairs, the 8th of either end; 6 pairs, the first. */
static void test_pairs_have_an_interval_by_their_order(void **state)
{
	double values[25];
	struct shift_interval s;
	(void)state;

	for (int i = 0; i < 25; i++) {
		values[i] = (double)(7 * i % 25 + 1);
	}
	s = shift_of_pairs(values, 25, .05);
	assert_near(s.low, 8, 0);
	assert_near(s.shift, 13, 0);
	assert_near(s.high, 18, 0);
	s = shift_of_pairs((double[]){3, 1, 2, 6, 4, 5}, 6, .05);
	assert_near(s.low, 1, 0);
	assert_near(s.shift, 3.5, 0);
	assert_near(s.high, 6, 0);
	s = shift_of_pairs((double[]){3, 1, 2, 5, 4}, 5, .05);
	assert_true(isinf(s.low) && isinf(s.high));
	assert_near(s.shift, 3, 0);
}

/* 20 and 24 ms, and once a late one: no clock, but two ways. */
static void test_two_ways_are_no_coarse_clock(void **state)
{
	double ms[60];
	(void)state;

	for (int i = 0; i < 60; i++) {
		ms[i] = (i % 2 == 0 ? 20 : 24) + .01 * (i % 5);
	}
	ms[7] = 32;
	assert_near(pattern_tick_ms(ms, 60), 0, 0);
	for (int i = 0; i < 20; i++) {
		ms[3 * i] = 28;
	}
	assert_near(pattern_tick_ms(ms, 60), 4, 0);
}

/* The third hop of five is silent: the router before it may answer from the link to it. */
static void test_a_silent_hop_is_no_divergence(void **state)
{
	static const char *const there[] = {"10.0.1.3", "10.0.2.3", NULL, "10.0.4.3", "10.0.5.3"};
	static const char *const back[] = {"10.0.5.2", "10.0.4.2", "10.0.3.2", "10.0.2.2"};
	struct addr forward[5] = {{0}}, reverse[4];
	struct asym_ways ways = {.forward = forward, .forward_count = 5, .reverse = reverse,
		.reverse_count = 4};
	(void)state;

	for (size_t i = 0; i < 5; i++) {
		assert_true(there[i] == NULL || addr_parse(there[i], &forward[i]));
	}
	for (size_t i = 0; i < 4; i++) {
		assert_true(addr_parse(back[i], &reverse[i]));
	}
	assert_int_equal(asym_compare(&ways).diverges_at, 0);
	/* Nor is one router without a mate, where there has to be one. */
	assert_true(addr_parse("10.0.77.2", &reverse[1]));
	assert_int_equal(asym_compare(&ways).diverges_at, 0);
	/* Two are, and one where the way back is shorter. */
	assert_true(addr_parse("10.0.78.2", &reverse[0]));
	assert_int_equal(asym_compare(&ways).diverges_at, 5);
	assert_true(addr_parse("10.0.5.2", &reverse[0]));
	assert_true(addr_parse("10.0.2.2", &reverse[2]));
	ways.reverse_count = 3;
	assert_int_equal(asym_compare(&ways).diverges_at, 4);
}

/* R6 is the end; from R5 the way home goes over Z to R3, which replies from that link. Whoever is
 * silent next to where ways part or meet may be on both. */
static void test_silent_hops_leave_open_where_ways_part(void **state)
{
	static const char *const there[] = {"10.0.1.3", "10.0.2.3", "10.0.3.3", "10.0.4.3",
		"10.0.5.3", "10.0.6.3"};
	static const struct {
		const char *back[5];
		unsigned diverges[2], rejoins[2]; /* from, to */
	} row[] = {
		{{"10.0.6.2", "10.0.93.3", "10.0.90.3", "10.0.3.2", "10.0.2.2"}, {5, 5}, {3, 3}},
		{{"10.0.6.2", "10.0.93.3", "10.0.90.3", NULL, "10.0.2.2"}, {5, 5}, {2, 3}},
		{{NULL, "10.0.93.3", "10.0.90.3", "10.0.3.2", "10.0.2.2"}, {5, 6}, {3, 3}},
		{{NULL, "10.0.93.3", "10.0.90.3", NULL, "10.0.2.2"}, {5, 6}, {2, 3}},
	};
	struct addr forward[6];
	(void)state;

	for (size_t i = 0; i < 6; i++) {
		assert_true(addr_parse(there[i], &forward[i]));
	}
	for (size_t k = 0; k < sizeof row / sizeof row[0]; k++) {
		struct addr reverse[5] = {{0}};
		struct asym asym;

		for (size_t i = 0; i < 5; i++) {
			assert_true(row[k].back[i] == NULL || addr_parse(row[k].back[i], &reverse[i]));
		}
		asym = asym_compare(&(struct asym_ways){forward, 6, reverse, 5, NULL});
		assert_int_equal(asym.diverges_low, row[k].diverges[0]);
		assert_int_equal(asym.diverges_at, row[k].diverges[1]);
		assert_int_equal(asym.rejoins_at, row[k].rejoins[0]);
		assert_int_equal(asym.rejoins_high, row[k].rejoins[1]);
	}
}

/* Answers wait for the next multiple of 4 ms and .7; questions left at n times the golden ratio. */
static void test_answers_at_ticks_of_a_clock(void **state)
{
	double left[32], came[32], at_once[32];
	(void)state;

	for (size_t i = 0; i < 32; i++) {
		left[i] = fmod((double)(i + 1) * 40 * .6180339887, 40);
		came[i] = ceil((left[i] + 3.3) / 4) * 4 + .7 + (double)(i % 3) * .1;
		at_once[i] = left[i] + 3.3;
	}
	assert_near(pattern_phase_ms(left, came, 32), 4, 0);
	assert_near(pattern_phase_ms(left, at_once, 32), 0, 0);
	/* Questions in step themselves say nothing. */
	assert_near(pattern_phase_ms(came, came, 32), 0, 0);
}

static void test_v13_a_coarse_clock(void **state)
{
	static const double ms[] = {4.02, 8.01, 12.03, 3.98, 8.00, 16.02, 4.00, 20.01};
	static const double free_running[] = {4.1, 5.3, 6.8, 7.7, 9.2, 11.4, 12.1, 13.9};
	double steady[64];
	(void)state;

	assert_near(pattern_concentration(ms, 8, 4), .9997, 5e-5);
	assert_near(pattern_concentration(ms, 8, 5), .315, 5e-4);
	assert_near(pattern_concentration(ms, 8, 8), .25, 5e-3);
	assert_near(pattern_tick_ms(ms, 8), 4, 0);
	assert_near(pattern_tick_ms(free_running, 8), 0, 0);
	for (size_t i = 0; i < 64; i++) {
		steady[i] = 2 + (double)(i % 7) / 100;
	}
	assert_near(pattern_tick_ms(steady, 64), 0, 0);
	steady[5] = 116.1;
	assert_near(pattern_tick_ms(steady, 64), 0, 0);
}

/* What answers to these probes, counted from 0, is to all the others no answer. */
static bool bucket_of(const unsigned *answered, size_t count, unsigned probes,
	uint32_t *ret_first_run, struct bucket_pattern *ret_pattern)
{
	struct gaps answers = {0}, losses = {0};
	uint32_t first_run = 0;
	size_t at = 0;

	for (unsigned i = 0; i < probes; i++) {
		bool is_answered = at < count && answered[at] == i;

		at += is_answered;
		if (is_answered && first_run == i) {
			first_run++;
		} else {
			gaps_take(&answers, is_answered);
			gaps_take(&losses, !is_answered);
		}
	}
	*ret_first_run = first_run;
	return pattern_bucket(&answers, &losses, ret_pattern);
}

static void test_v14_a_token_bucket(void **state)
{
	/* 10 a second; and at random, a tenth of as many. */
	static const unsigned answered[] = {0, 1, 2, 3, 4, 5, 10, 20, 30, 40, 50, 60, 70, 80, 90, 100,
		110};
	static const unsigned by_chance[] = {4, 12, 15, 31, 36, 37, 55, 62, 74, 75, 90, 108};
	static const double in_windows = 2.95e-5; /* of ten probes each; the gaps say more */
	struct bucket_pattern pattern;
	uint32_t first_run;
	(void)state;

	assert_true(bucket_of(answered, 17, 120, &first_run, &pattern));
	assert_near(pattern.share * 10, 1, 1e-9);
	assert_int_equal(first_run, 6);
	assert_int_equal(pattern_burst(first_run, pattern.share), 6);
	assert_near(pattern.dispersion, 0, 1e-9);
	assert_true(pattern.chance < in_windows);
	assert_true(bucket_of(by_chance, 12, 120, &first_run, &pattern));
	assert_true(pattern.dispersion > .3 && pattern.chance > .05);
	assert_false(bucket_of(answered, 10, 50, &first_run, &pattern));
}

/* Six probes 0.2 s apart and a token a second: one more comes in while they are spent. */
static void test_the_bucket_fills_while_it_is_emptied(void **state)
{
	(void)state;

	assert_int_equal(pattern_burst(7, 0.2), 6);
	assert_int_equal(pattern_burst(8, 0.3), 6);
	assert_int_equal(pattern_burst(0, 0.3), 0);
}

static void test_a_bucket_may_lose_answers_on_their_way(void **state)
{
	unsigned answered[200];
	struct bucket_pattern pattern;
	uint32_t first_run;
	size_t count = 0;
	(void)state;

	for (unsigned i = 3; i < 600; i += 3) {
		if (i % 19 != 0) {
			answered[count++] = i;
		}
	}
	assert_true(bucket_of(answered, count, 600, &first_run, &pattern));
	assert_true(pattern.chance < 1e-8);
}

/* Looked at after each of 20 000 probes. */
static void test_chance_is_no_bucket(void **state)
{
	static const double shares[] = {.03, .2, .5, .8, .97};
	struct rng rng;
	(void)state;

	rng_init(&rng, 14, 0);
	for (size_t s = 0; s < sizeof shares / sizeof shares[0]; s++) {
		struct gaps answers = {0}, losses = {0};
		struct bucket_pattern pattern;
		double least = 1;

		for (unsigned i = 0; i < 20000; i++) {
			bool is_answered = rng_chance(&rng, shares[s]);

			gaps_take(&answers, is_answered);
			gaps_take(&losses, !is_answered);
			if (pattern_bucket(&answers, &losses, &pattern)) {
				least = fmin(least, pattern.chance);
			}
		}
		assert_true(least > 1e-8);
	}
}

static void test_the_bad_members_of_several(void **state)
{
	static const uint32_t sent[] = {500, 500, 500, 500, 500, 500, 500, 500};
	static const uint32_t one_of_four[] = {1, 100, 0, 2}, two_of_four[] = {90, 2, 100, 1},
		one_of_two[] = {2, 100}, all_alike[] = {15, 17, 12, 16}, more_or_less[] = {15, 100, 16, 14,
		15, 13, 17, 15}, few[] = {0, 9, 0, 0};
	(void)state;

	assert_int_equal(pattern_bad_members(sent, one_of_four, 4), 1);
	assert_int_equal(pattern_bad_members(sent, two_of_four, 4), 2);
	assert_int_equal(pattern_bad_members(sent, one_of_two, 2), 1);
	assert_int_equal(pattern_bad_members(sent, all_alike, 4), 0);
	/* One is worse, but by far not all of the loss is its own. */
	assert_int_equal(pattern_bad_members(sent, more_or_less, 8), 0);
	assert_int_equal(pattern_bad_members(sent, few, 4), 0);
}

static void test_v15_and_v17_hop_counters(void **state)
{
	(void)state;

	assert_int_equal(pattern_hops_back(247), 8);
	assert_int_equal(pattern_hops_back(60), 4);
	assert_int_equal(pattern_hops_back(118), 10);
	assert_int_equal(pattern_hops_back(51), 13);
	assert_int_equal(pattern_tunnel_length(247, 60), 4);
	assert_true(pattern_tunnel_length(247, 247) < 0);
}

static void test_v16_two_ways_that_share_all_but_one_router(void **state)
{
	static const char *const there[] = {"10.20.30.67", "10.22.25.198", "104.44.227.108",
		"104.44.21.153", "104.44.18.224", "104.44.18.151", "104.44.19.252", "104.44.7.223",
		"104.44.7.117", "104.44.7.99", "104.44.7.104", "104.44.18.155", "104.44.17.78",
		"207.46.33.149"};
	static const char *const back[] = {"104.44.11.237", "104.44.17.79", "104.44.18.154",
		"104.44.7.105", "104.44.7.98", "104.44.7.116", "104.44.7.222", "104.44.19.253",
		"104.44.18.150", "104.44.18.225", "104.44.21.150", "104.44.227.193", "10.20.30.96"};
	static const char *const there_names[] = {"icr03.mwh01", "ibr02.mwh01", "ibr02.cys04",
		"ibr02.dsm05", "ibr02.ch2", "ibr02.ch4", "ibr02.cle30", "ibr02.ewr30", "ibr02.nyc30",
		"ibr02.lon22", "ibr02.par30", "icr01.par30"};
	static const char *const back_names[] = {"icr01.par30", "ibr02.par30", "ibr02.lon22",
		"ibr02.nyc30", "ibr02.ewr30", "ibr02.cle30", "ibr02.ch4", "ibr02.ch2", "ibr02.dsm05",
		"ibr02.cys04", "ibr02.mwh01", "icr02.mwh01"};
	struct addr forward[14], reverse[13];
	struct asym asym;
	struct asym_routers routers;
	(void)state;

	for (size_t i = 0; i < 14; i++) {
		assert_true(addr_parse(there[i], &forward[i]));
	}
	for (size_t i = 0; i < 13; i++) {
		assert_true(addr_parse(back[i], &reverse[i]));
	}
	asym = asym_compare(&(struct asym_ways){forward, 14, reverse, 13, NULL});
	assert_true(asym.is_known);
	assert_int_equal(asym.symmetric_links, 9);
	assert_int_equal(asym.diverges_at, 4);
	assert_int_equal(asym.rejoins_at, 0);

	routers = asym_compare_names(&(struct asym_names){there_names, 12, back_names, 12});
	assert_int_equal(routers.distance, 1);
	assert_int_equal(routers.longer, 12);
	assert_int_equal(routers.shared, 11);
	assert_int_equal(routers.distinct, 13);
}

static void test_names_of_ways_that_know_little(void **state)
{
	static const char *const some[] = {NULL, "a", "a", "", "b"};
	static const char *const other[] = {"c", "a"};
	struct asym_routers routers;
	(void)state;

	routers = asym_compare_names(&(struct asym_names){some, 5, other, 2});
	assert_int_equal(routers.distance, 1);
	assert_int_equal(routers.shared, 1);
	assert_int_equal(routers.distinct, 3);
	routers = asym_compare_names(&(struct asym_names){some, 1, other, 0});
	assert_int_equal(routers.longer, 0);
	assert_int_equal(routers.distinct, 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_bits_on_a_line_take_their_time),
		cmocka_unit_test(test_v5_sequential_test),
		cmocka_unit_test(test_v7_and_v21_pairs),
		cmocka_unit_test(test_v8_bursts_inflate_the_variance),
		cmocka_unit_test(test_v9_bounds_from_closed_walks),
		cmocka_unit_test(test_a_fit_tells_a_hop_from_its_links),
		cmocka_unit_test(test_a_median_and_its_deviation_heed_no_outlier),
		cmocka_unit_test(test_a_shift_has_an_interval_that_outliers_do_not_move),
		cmocka_unit_test(test_pairs_have_an_interval_by_their_order),
		cmocka_unit_test(test_two_ways_are_no_coarse_clock),
		cmocka_unit_test(test_a_silent_hop_is_no_divergence),
		cmocka_unit_test(test_silent_hops_leave_open_where_ways_part),
		cmocka_unit_test(test_answers_at_ticks_of_a_clock),
		cmocka_unit_test(test_v13_a_coarse_clock),
		cmocka_unit_test(test_v14_a_token_bucket),
		cmocka_unit_test(test_the_bucket_fills_while_it_is_emptied),
		cmocka_unit_test(test_the_bad_members_of_several),
		cmocka_unit_test(test_a_bucket_may_lose_answers_on_their_way),
		cmocka_unit_test(test_chance_is_no_bucket),
		cmocka_unit_test(test_v15_and_v17_hop_counters),
		cmocka_unit_test(test_v16_two_ways_that_share_all_but_one_router),
		cmocka_unit_test(test_names_of_ways_that_know_little),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
