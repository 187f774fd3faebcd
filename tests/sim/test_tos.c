/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <stdio.h>

#include "base/rng.h"
#include "support/check.h"
#include "support/simrun.h"

/* DSCP and ECN that a router rewrites: between which hops, out and back. */
enum { HOPS = 6, SEEDS = 200, TEXT_BYTES = 2048, TOS = 46 << 2 | 2 };

static struct simrun *run_of(unsigned rewriter, const char *words, bool is_v6, bool no_decap,
	uint64_t seed)
{
	char text[TEXT_BYTES];
	size_t at = (size_t)snprintf(text, sizeof text, "prober R0 %s\n", is_v6 ? "2001:db8:1::1" :
		"10.0.1.1");
	struct simrun *run;

	for (unsigned k = 1; k <= HOPS; k++) {
		at += (size_t)snprintf(text + at, sizeof text - at, "router R%u %s%u%s %s %s\n", k,
			is_v6 ? "2001:db8:" : "10.0.", k, is_v6 ? "::3" : ".3", no_decap ?
			"decap refused" : "", k == rewriter ? words : "");
	}
	for (unsigned k = 1; k <= HOPS; k++) {
		at += (size_t)snprintf(text + at, sizeof text - at, "link R%u-R%u loss 1%%\n", k - 1, k);
	}
	run = simrun_create(text, &(struct simrun_options){.destination = "R6", .has_scan = true,
		.all_walks = true, .has_reverse = true, .rounds = 30, .seed = seed, .tos = TOS});
	simrun_until_done(run);
	return run;
}

/* The finding about these hops; NULL: there is none. */
static const struct finding *between(const struct simrun *run, unsigned near, unsigned far)
{
	size_t count;
	const struct finding *finding = diag_findings(run->diag, &count);

	for (size_t i = 0; i < count; i++) {
		if (finding[i].id == FINDING_DSCP_REWRITTEN && finding[i].hop[0] == near &&
		    finding[i].hop[1] == far) {
			return &finding[i];
		}
	}
	return NULL;
}

static unsigned count_of(const struct simrun *run)
{
	size_t count;
	const struct finding *finding = diag_findings(run->diag, &count);
	unsigned found = 0;

	for (size_t i = 0; i < count; i++) {
		found += finding[i].id == FINDING_DSCP_REWRITTEN;
	}
	return found;
}

/* Its quotes show what came in: what it forwards is another one at the next hop, and homewards. */
static void test_the_right_pair_of_hops_is_named_each_way(void **state)
{
	uint64_t first = check_seed(1);
	(void)state;

	for (uint64_t seed = first; seed < first + SEEDS; seed++) {
		struct rng rng;
		unsigned k;
		struct simrun *run;

		rng_init(&rng, seed, 7);
		k = 1 + rng_below(&rng, HOPS - 2);
		run = run_of(k, "set-dscp 0", seed % 2 == 0, false, seed);
		assert_int_equal(count_of(run), 2);
		assert_non_null(between(run, k, k + 1));
		assert_near(simrun_fact(between(run, k, k + 1), "dscp"), 46, 0);
		assert_near(simrun_fact(between(run, k, k + 1), "dscp_after"), 0, 0);
		assert_near(simrun_fact(between(run, k, k + 1), "out"), 1, 0);
		assert_non_null(between(run, k - 1, k));
		assert_near(simrun_fact(between(run, k - 1, k), "back"), 1, 0);
		simrun_destroy(run);
	}
}

static void test_replies_alone_tell_of_the_way_out(void **state)
{
	(void)state;

	for (int is_v6 = 0; is_v6 < 2; is_v6++) {
		struct simrun *run = run_of(3, "set-ecn 0", is_v6 == 1, true, check_seed(5));

		assert_int_equal(count_of(run), 1);
		assert_non_null(between(run, 3, 4));
		assert_string_equal(between(run, 3, 4)->text, "ECN 2 becomes 0 between hops 3 and 4, on "
			"the way out");
		simrun_destroy(run);
	}
}

static void test_a_congestion_mark_is_no_rewriting(void **state)
{
	struct simrun *run = run_of(3, "set-ecn 3", false, false, check_seed(6));
	(void)state;

	assert_int_equal(count_of(run), 0);
	simrun_destroy(run);
}

static void test_a_network_that_keeps_it_has_no_finding(void **state)
{
	(void)state;

	for (int is_v6 = 0; is_v6 < 2; is_v6++) {
		struct simrun *run = run_of(0, "", is_v6 == 1, false, check_seed(7));

		assert_int_equal(count_of(run), 0);
		simrun_destroy(run);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_the_right_pair_of_hops_is_named_each_way),
		cmocka_unit_test(test_replies_alone_tell_of_the_way_out),
		cmocka_unit_test(test_a_congestion_mark_is_no_rewriting),
		cmocka_unit_test(test_a_network_that_keeps_it_has_no_finding),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
