/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "infer/mda.h"

#include "base/rng.h"
#include "support/check.h"

static void test_the_flows_needed_are_the_published_ones(void **state)
{
	static const unsigned needed[] = {0, 6, 11, 16, 21, 27, 33, 39};
	(void)state;

	for (unsigned seen = 0; seen < sizeof needed / sizeof needed[0]; seen++) {
		assert_int_equal(mda_flows_needed(seen), needed[seen]);
	}
}

/* Asks a balancer over `hops` next hops flow by flow until the rule says so. */
static unsigned seen_when_stopped(struct rng *rng, unsigned hops)
{
	bool is_seen[16] = {false};
	unsigned seen = 0;

	for (unsigned flows = 0; flows == 0 || flows < mda_flows_needed(seen); flows++) {
		uint32_t at = rng_below(rng, hops);

		seen += !is_seen[at];
		is_seen[at] = true;
	}
	return seen;
}

static void test_whoever_stops_by_it_has_seen_all_in_19_of_20_runs(void **state)
{
	struct rng rng;
	(void)state;

	rng_init(&rng, check_seed(9), 1);
	for (unsigned hops = 2; hops <= 8; hops++) {
		unsigned missed = 0;

		for (int run = 0; run < 4000; run++) {
			missed += seen_when_stopped(&rng, hops) < hops;
		}
		assert_between(missed, 1, 4000 / 20);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_the_flows_needed_are_the_published_ones),
		cmocka_unit_test(test_whoever_stops_by_it_has_seen_all_in_19_of_20_runs),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
