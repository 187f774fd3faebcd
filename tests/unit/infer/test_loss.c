/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "infer/loss.h"

#include "base/rng.h"
#include "support/check.h"

static void test_v1_wilson(void **state)
{
	struct loss_interval i = loss_wilson(12, 1000);
	(void)state;

	assert_near(i.low, .006878, 5e-7);
	assert_near(i.high, .020857, 5e-7);
	assert_near(loss_wilson(0, 300).high, .012643, 5e-7);
}

static void test_v6_interval_with_the_flat_prior(void **state)
{
	struct loss_interval i = loss_always_valid_prior(12, 1000, .05, .5, .5);
	(void)state;

	assert_near(i.low, .003358, 5e-7);
	assert_near(i.high, .029198, 5e-7);
	i = loss_always_valid_prior(0, 300, .05, .5, .5);
	assert_near(i.low, 0, 0);
	assert_near(i.high, .021174, 5e-7);
}

static void test_v6_interval_with_the_prior_for_networks(void **state)
{
	struct loss_interval i = loss_always_valid(12, 1000, .05);
	(void)state;

	assert_near(i.low, .00424, 5e-6);
	assert_near(i.high, .02589, 5e-6);
	assert_true(loss_always_valid(0, 409, .05).high < .01);
	assert_true(loss_always_valid(0, 408, .05).high >= .01);
	assert_near(loss_always_valid(0, 30, .05).high, .102, 5e-4);
}

static void test_v6_evidence(void **state)
{
	(void)state;

	assert_near(loss_log_evidence(.001, 12, 1000, .5, .5), 15.196399, 5e-7);
	assert_near(loss_log_evidence(.001, 3, 100, .5, .5), 4.802656, 5e-7);
	assert_near(loss_log_evidence(.001, 2, 100, .5, .5), 1.559463, 5e-7);
}

static void test_nothing_is_known_of_no_probes_and_all_lost_is_not_zero(void **state)
{
	struct loss_interval none = loss_always_valid(0, 0, .05);
	struct loss_interval all = loss_always_valid(10, 10, .05);
	(void)state;

	assert_near(none.low, 0, 0);
	assert_near(none.high, 1, 0);
	assert_near(all.high, 1, 0);
	assert_true(all.low > .05 && all.low < 1);
}

static void test_a_link_is_charged_with_what_the_nearer_depth_did_not_lose(void **state)
{
	struct loss_count near = {10, 1000}, far = {50, 1000};
	struct link_loss link = loss_of_link(&near, &far, .05);
	(void)state;

	assert_true(link.is_known);
	assert_near(link.loss, 1 - .95 / .99, 1e-12);
	assert_true(link.low > 0 && link.low < link.loss && link.loss < link.high);
}

static void test_a_deeper_depth_that_lost_less_charges_nothing(void **state)
{
	struct loss_count near = {20, 1000}, far = {10, 1000};
	struct link_loss link = loss_of_link(&near, &far, .05);
	(void)state;

	assert_near(link.loss, 0, 0);
	assert_near(link.low, 0, 0);
	assert_true(link.high > 0 && link.high < .03);
}

static void test_the_first_link_is_held_against_the_prober(void **state)
{
	struct loss_count far = {0, 409};
	struct link_loss link = loss_of_link(NULL, &far, .05);
	(void)state;

	assert_near(link.loss, 0, 0);
	assert_true(link.high < .01);
}

static void test_dead_depths_leave_their_link_open(void **state)
{
	struct loss_count dead = {50, 50}, none = {0, 0};
	(void)state;

	assert_false(loss_of_link(&dead, &dead, .05).is_known);
	assert_false(loss_of_link(&dead, &none, .05).is_known);
	assert_near(loss_of_link(&dead, &dead, .05).high, 1, 0);
}

static void assert_rise(const struct loss_count *count, size_t hops, struct loss_rise expected)
{
	struct loss_rise rise = loss_rise_find(count, hops);

	assert_int_equal(rise.best, expected.best);
	assert_int_equal(rise.low, expected.low);
	assert_int_equal(rise.high, expected.high);
}

/* Of few probes a place is a set. By hand: the logarithms are -34.4 at index 3, -37.4 at 2, -38.6
 * at 4, -39.7 at 1. */
static void test_few_losses_leave_several_places(void **state)
{
	const struct loss_count few[] = {{0, 40}, {0, 40}, {0, 40}, {3, 40}, {5, 40}, {2, 40}};
	struct loss_rise rise = loss_rise_find(few, 6);
	(void)state;

	assert_int_equal(rise.best, 3);
	assert_int_equal(rise.low, 2);
	assert_int_equal(rise.high, 3);
}

static void test_more_is_lost_only_beyond_chance(void **state)
{
	(void)state;
	assert_true(loss_is_more(&(struct loss_count){55, 60}, &(struct loss_count){7, 60}));
	assert_false(loss_is_more(&(struct loss_count){9, 60}, &(struct loss_count){7, 60}));
	assert_false(loss_is_more(&(struct loss_count){7, 60}, &(struct loss_count){55, 60}));
	assert_false(loss_is_more(&(struct loss_count){0, 0}, &(struct loss_count){0, 60}));
}

static void test_loss_rises_where_two_rates_fit_best(void **state)
{
	/* Single answers go astray everywhere; a tenth from the fourth on. */
	const struct loss_count risen[] = {{1, 1000}, {0, 1000}, {2, 1000}, {98, 1000}, {104, 1000},
		{99, 1000}};
	const struct loss_count even[] = {{95, 1000}, {104, 1000}, {99, 1000}, {103, 1000}};
	const struct loss_count at_the_end[] = {{0, 20}, {0, 20}, {1, 20}, {9, 20}};
	const struct loss_count falling[] = {{90, 1000}, {3, 1000}, {2, 1000}};
	(void)state;

	assert_rise(risen, 6, (struct loss_rise){3, 3, 3});
	assert_rise(even, 4, (struct loss_rise){0, 0, 0});
	/* By hand: -18.8 at index 3; -21.6 at 2, where the last one loses twice what the other does. */
	assert_rise(at_the_end, 4, (struct loss_rise){3, 2, 3});
	assert_rise(falling, 3, (struct loss_rise){0, 0, 0});
	assert_rise(risen + 3, 1, (struct loss_rise){0, 0, 0});
}

/* Short outages of the first link, and a long link behind it: what comes home later meets them
 * twice as often, which is no rise. Where it is three times as often, it is one. */
static void test_outages_hit_later_probes_up_to_twice_as_often(void **state)
{
	const struct loss_count far[] = {{52, 2000}, {55, 2000}, {57, 2000}, {57, 2000}, {117, 2000}};
	const struct loss_count soon[] = {{55, 2000}, {97, 2000}, {101, 2000}, {103, 2000}};
	const struct loss_count risen[] = {{40, 2000}, {45, 2000}, {160, 2000}, {165, 2000}};
	(void)state;

	assert_rise(far, 5, (struct loss_rise){0, 0, 0});
	assert_rise(soon, 4, (struct loss_rise){0, 0, 0});
	assert_rise(risen, 4, (struct loss_rise){2, 2, 2});
}

enum { PARTS = 60, PART = 32, RUNS = 400 };

/* Parts of a rate each, from a list that ends with a length of 0; bursts take as many at once. */
static size_t draw(struct rng *rng, const double (*stretch)[2], double burst,
	struct loss_count ret_part[PARTS])
{
	size_t count = 0;

	for (size_t i = 0; stretch[i][0] > 0; i++) {
		for (size_t n = 0; n < (size_t)stretch[i][0]; n++) {
			struct loss_count *part = &ret_part[count++];

			*part = (struct loss_count){0, PART};
			for (size_t k = 0; k < PART; k++) {
				part->lost += rng_chance(rng, stretch[i][1] / burst) ? (uint64_t)burst : 0;
			}
			part->lost = part->lost < PART ? part->lost : PART;
		}
	}
	return count;
}

/* One rate is one stretch, in bursts as well; a change of the rate is found, where it was, and what
 * was lost before. */
static void test_a_rate_that_changes_is_told_from_one_that_stays(void **state)
{
	static const double even[][2] = {{PARTS, 0.06}, {0}};
	static const double fallen[][2] = {{15, 0}, {15, 0.3}, {30, 0.03}, {0}};
	static const double risen[][2] = {{40, 0.01}, {20, 0.12}, {0}};
	unsigned wrong[2] = {0}, found[2] = {0};
	struct loss_count part[PARTS];
	struct loss_stretch last;
	struct rng rng;
	(void)state;

	rng_init(&rng, check_seed(1), 1);
	for (int i = 0; i < RUNS; i++) {
		wrong[0] += loss_last_stretch(part, draw(&rng, even, 1, part)).begin != 0;
		wrong[1] += loss_last_stretch(part, draw(&rng, even, 6, part)).begin != 0;
		last = loss_last_stretch(part, draw(&rng, fallen, 1, part));
		found[0] += last.begin >= 28 && last.begin <= 32 && last.worst > 0.2 && last.worst < 0.4;
		last = loss_last_stretch(part, draw(&rng, risen, 1, part));
		found[1] += last.begin >= 36 && last.begin <= 44 && last.worst < 0.05;
	}
	assert_true(wrong[0] <= RUNS / 100);
	assert_true(wrong[1] <= RUNS / 100);
	assert_true(found[0] >= RUNS * 97 / 100);
	assert_true(found[1] >= RUNS * 95 / 100);
	assert_int_equal(loss_last_stretch(part, 0).begin, 0);
	assert_int_equal(loss_last_stretch(part, 1).begin, 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_v1_wilson),
		cmocka_unit_test(test_v6_interval_with_the_flat_prior),
		cmocka_unit_test(test_v6_interval_with_the_prior_for_networks),
		cmocka_unit_test(test_v6_evidence),
		cmocka_unit_test(test_nothing_is_known_of_no_probes_and_all_lost_is_not_zero),
		cmocka_unit_test(test_a_link_is_charged_with_what_the_nearer_depth_did_not_lose),
		cmocka_unit_test(test_a_deeper_depth_that_lost_less_charges_nothing),
		cmocka_unit_test(test_the_first_link_is_held_against_the_prober),
		cmocka_unit_test(test_dead_depths_leave_their_link_open),
		cmocka_unit_test(test_loss_rises_where_two_rates_fit_best),
		cmocka_unit_test(test_few_losses_leave_several_places),
		cmocka_unit_test(test_outages_hit_later_probes_up_to_twice_as_often),
		cmocka_unit_test(test_more_is_lost_only_beyond_chance),
		cmocka_unit_test(test_a_rate_that_changes_is_told_from_one_that_stays),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
