/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "support/check.h"
#include "support/simrun.h"

/*
 * Networks that meet in several places: R3 and R4 send home by Z1 and Z2, 41 ms long; from R5 on it
 * goes home by Y, which is short. On the way out nothing of that is used.
 */
enum { ROUNDS = 60, SEEDS = 10 };

#define CHAIN(r3, r4) "prober A 10.0.1.1\nrouter R1 10.0.1.3\nrouter R2 10.0.2.3\n" \
	"router R3 10.0.3.3 " r3 "\nrouter R4 10.0.4.3 " r4 "\nrouter R5 10.0.5.3\n" \
	"router R6 10.0.6.3\nrouter Z1 10.0.91.3\nrouter Z2 10.0.92.3\nrouter Y 10.0.93.3\n" \
	"link A-R1 delay 1ms jitter exponential 0.1ms\n" \
	"link R1-R2 delay 1ms jitter exponential 0.1ms\n" \
	"link R2-R3 delay 1ms jitter exponential 0.1ms\n" \
	"link R3-R4 delay 1ms jitter exponential 0.1ms\n" \
	"link R4-R5 delay 1ms jitter exponential 0.1ms\n" \
	"link R5-R6 delay 1ms jitter exponential 0.1ms\n" \
	"link R3-Z1 delay 20ms\nlink Z1-Z2 delay 1ms\nlink Z2-R1 delay 20ms\n"
#define BY_Y "link R5-Y delay 1ms\nlink Y-R1 delay 1ms\n"
#define OUT_BY_R2 "route R1 to R4 via R2\nroute R1 to R5 via R2\nroute R1 to R6 via R2\n" \
	"route R2 to R4 via R3\nroute R2 to R5 via R3\nroute R2 to R6 via R3\n"
#define BY_Z "route R3 to A via Z1\n"

static struct simrun *run_of(const char *scenario, bool all_walks, uint64_t seed)
{
	struct simrun *run = simrun_create(scenario, &(struct simrun_options){
		.path = "R1,R2,R3,R4,R5,R6", .rounds = ROUNDS, .seed = check_seed(seed),
		.no_through = !all_walks, .all_walks = all_walks, .has_reverse = all_walks});

	simrun_until_done(run);
	return run;
}

/* An active one of the ways home with this fact. */
static const struct finding *find(const struct simrun *run, const char *fact, double *ret_value)
{
	size_t count;
	const struct finding *findings = diag_findings(run->diag, &count);

	for (size_t i = 0; i < count; i++) {
		for (size_t j = 0; j < findings[i].fact_count; j++) {
			if (findings[i].is_active && findings[i].id == FINDING_ASYMMETRIC_PATH &&
			    strcmp(findings[i].fact[j].name, fact) == 0) {
				*ret_value = findings[i].fact[j].value;
				return &findings[i];
			}
		}
	}
	return NULL;
}

static void test_two_hops_that_answer_later_than_those_behind_go_home_another_way(void **state)
{
	(void)state;
	for (uint64_t seed = 1; seed <= SEEDS; seed++) {
		struct simrun *run = run_of(CHAIN("", "") BY_Y OUT_BY_R2 BY_Z, false, seed);
		double later = 0;
		const struct finding *finding = find(run, "later_ms", &later);

		assert_non_null(finding);
		assert_int_equal(finding->hop_count, 2);
		assert_int_equal(finding->hop[0], 3);
		assert_int_equal(finding->hop[1], 4);
		/* 4 + 1 + 20 + 1 + 20 + 1 against 5 + 1 + 1 + 1. */
		assert_near(later, 39, 0.5);
		assert_non_null(strstr(finding->text, "replies from hops 3 to 4 arrive "));
		assert_non_null(strstr(finding->text, "later than those from hop 5 beyond"));
		simrun_destroy(run);
	}
}

static void test_slow_routers_on_a_path_with_one_way_home_are_no_sign(void **state)
{
	static const char *const slow[] = {
		CHAIN("", ""),
		CHAIN("icmp-delay 30ms", "icmp-delay 30ms"),
		CHAIN("icmp-delay 30ms exponential 5ms", "icmp-delay 29ms exponential 5ms"),
		CHAIN("icmp-delay 30ms", ""),
		/* One way home for all from R3 on. */
		CHAIN("", "") BY_Z,
		CHAIN("icmp-delay 5ms", "icmp-delay 5ms") BY_Z,
	};
	(void)state;

	for (size_t i = 0; i < sizeof slow / sizeof slow[0]; i++) {
		for (uint64_t seed = 1; seed <= SEEDS; seed++) {
			struct simrun *run = run_of(slow[i], seed % 2 == 0, seed);
			double value;

			assert_null(find(run, "later_ms", &value));
			assert_null(find(run, "routers_away", &value));
			simrun_destroy(run);
		}
	}
}

/* One hop is enough where no router has to answer; the traces name the routers. */
static void test_walks_and_traces_show_it_of_one_hop(void **state)
{
	(void)state;
	for (uint64_t seed = 1; seed <= SEEDS; seed++) {
		struct simrun *run = run_of(CHAIN("", "") "link R4-Y delay 1ms\nlink Y-R1 delay 1ms\n"
			OUT_BY_R2 "route R3 to R6 via R4\n" BY_Z, true, seed);
		double later = 0, away = 0;
		const struct finding *finding = find(run, "later_ms", &later);

		assert_non_null(finding);
		assert_int_equal(finding->hop_count, 1);
		assert_int_equal(finding->hop[0], 3);
		/* 3 + 20 + 1 + 20 + 1 against 4 + 1 + 1 + 1. */
		assert_near(later, 38, 0.5);
		finding = find(run, "routers_away", &away);
		assert_non_null(finding);
		assert_int_equal(finding->hop[0], 3);
		assert_int_equal(finding->hop[1], 4);
		assert_non_null(strstr(finding->text, "with no address in common"));
		simrun_destroy(run);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_two_hops_that_answer_later_than_those_behind_go_home_another_way),
		cmocka_unit_test(test_slow_routers_on_a_path_with_one_way_home_are_no_sign),
		cmocka_unit_test(test_walks_and_traces_show_it_of_one_hop),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
