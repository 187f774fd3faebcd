/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "support/check.h"
#include "support/simrun.h"

/*
 * Hops asked from two of our addresses. B stands for the other one of A: what comes in by a link of
 * A's is A's, whomever it is addressed to. By routing, hops from R3 on answer A by way of Z and B
 * by the way that the packets came.
 */
enum { ROUNDS = 100, SEEDS = 10 };

#define NODES(options) "prober A 10.0.1.1\nrouter R1 10.0.1.3 " options "\nrouter R2 10.0.2.3 " \
	options "\nrouter R3 10.0.3.3 " options "\nrouter R4 10.0.4.3 " options \
	"\nrouter Z 10.0.9.3\nhost B 10.0.8.1\n"
#define LINKS(options) "link A-R1 delay 1ms jitter exponential 0.2ms\n" \
	"link R1-R2 delay 1ms jitter exponential 0.2ms\n" \
	"link R2-R3 delay 1ms jitter exponential 0.2ms\n" \
	"link R3-R4 delay 1ms jitter exponential 0.2ms\n" \
	"link R3-Z delay 5ms\nlink Z-R1 delay 5ms " options "\nlink A-B\n"
#define ROUTES_OF_B "route R4 to B via R3\nroute R3 to B via R2\nroute R2 to B via R1\n" \
	"route R1 to B via A\n"
#define BY_Z "route R3 to A via Z\n"

static struct simrun *run_of(const char *scenario, const struct simrun_options *more, uint64_t seed)
{
	struct simrun_options options = *more;

	options.path = "R1,R2,R3,R4";
	options.also = "B";
	options.rounds = ROUNDS;
	options.seed = check_seed(seed);
	return simrun_create(scenario, &options);
}

static struct simrun *whole_run(const char *scenario, uint64_t seed)
{
	struct simrun *run = run_of(scenario, &(struct simrun_options){.has_also = true,
		.no_through = true}, seed);

	simrun_until_done(run);
	assert_int_equal(run->session.forged, 0);
	return run;
}

static const struct finding *find(const struct simrun *run, enum finding_id id)
{
	size_t count;
	const struct finding *findings = diag_findings(run->diag, &count);

	for (size_t i = 0; i < count; i++) {
		if (findings[i].id == id && findings[i].is_active) {
			return &findings[i];
		}
	}
	return NULL;
}

static double fact_of(const struct finding *finding, const char *name)
{
	for (size_t i = 0; i < finding->fact_count; i++) {
		if (strcmp(finding->fact[i].name, name) == 0) {
			return finding->fact[i].value;
		}
	}
	fail_msg("no fact %s", name);
	return 0;
}

/* Home by Z 5 + 5 + 1, back over the path 1 + 1 + 1 and the jitter of two more links. */
static void test_times_that_differ_say_from_which_hop_on(void **state)
{
	(void)state;
	for (uint64_t seed = 1; seed <= SEEDS; seed++) {
		struct simrun *run = whole_run(NODES("") LINKS("") ROUTES_OF_B BY_Z, seed);
		const struct finding *finding = find(run, FINDING_ASYMMETRIC_PATH);

		assert_non_null(finding);
		assert_int_equal(finding->hop_count, 1);
		assert_int_equal(finding->hop[0], 3);
		assert_near(fact_of(finding, "source_shift_ms"), -7.6, 0.3);
		assert_true(fact_of(finding, "source_low_ms") < -7.5 &&
			fact_of(finding, "source_high_ms") > -7.7);
		assert_near(fact_of(finding, "source_last_hop"), 4, 0);
		assert_non_null(strstr(finding->text, "replies to 10.0.8.1 from hop 3 on arrive "));
		assert_non_null(strstr(finding->text, " sooner than to 10.0.1.1: the return path depends"));
		assert_null(find(run, FINDING_RETURN_PATH_LOSS));
		simrun_destroy(run);
	}
}

static void test_loss_that_only_one_address_has_is_on_its_way_home(void **state)
{
	(void)state;
	for (uint64_t seed = 1; seed <= SEEDS; seed++) {
		struct simrun *run = whole_run(NODES("") LINKS("loss 20%") ROUTES_OF_B BY_Z, seed);
		const struct finding *finding = find(run, FINDING_RETURN_PATH_LOSS);

		assert_non_null(finding);
		assert_int_equal(finding->hop[0], 3);
		assert_true(fact_of(finding, "lost_to_one_only") > 5);
		assert_near(fact_of(finding, "lost_to_the_other_only"), 0, 0);
		assert_non_null(strstr(finding->text, "replies to 10.0.1.1 from hop 3 on lose "));
		simrun_destroy(run);
	}
}

/* Behind R2 nobody knows a way to the other address. */
static void test_answers_that_never_come_are_told_from_lossy_ones(void **state)
{
	struct simrun *run = whole_run(NODES("") LINKS("")
		"route R2 to B via R1\nroute R1 to B via A\n", 4);
	const struct finding *finding = find(run, FINDING_ASYMMETRIC_PATH);
	(void)state;

	assert_non_null(finding);
	assert_int_equal(finding->hop[0], 3);
	assert_non_null(strstr(finding->text, "no replies to 10.0.8.1 arrive on this "
		"interface from hop 3 on"));
	assert_null(find(run, FINDING_RETURN_PATH_LOSS));
	simrun_destroy(run);
}

static void test_loss_that_both_have_says_nothing_of_sources(void **state)
{
	static const char *const same[] = {
		NODES("") LINKS("") ROUTES_OF_B,
		NODES("icmp-rate 1/s") LINKS("") ROUTES_OF_B,
		NODES("icmp-delay 1ms exponential 5ms") LINKS("") ROUTES_OF_B,
		NODES("") "link A-R1 loss 10%\nlink R1-R2\nlink R2-R3 loss 5%\nlink R3-R4\nlink R3-Z\n"
			"link A-B\n" ROUTES_OF_B,
	};
	(void)state;

	for (size_t i = 0; i < sizeof same / sizeof same[0]; i++) {
		for (uint64_t seed = 1; seed <= SEEDS; seed++) {
			struct simrun *run = whole_run(same[i], seed);
			struct diag_source source = diag_source(run->diag);

			assert_null(find(run, FINDING_ASYMMETRIC_PATH));
			assert_null(find(run, FINDING_RETURN_PATH_LOSS));
			assert_false(source.has_difference);
			assert_int_equal(source.rounds, ROUNDS);
			assert_int_equal(source.hops_heard, 4);
			if (i == 0) {
				assert_int_equal(source.hops_compared, 4);
				assert_true(source.most_ms > 0 && source.most_ms < 1);
			}
			simrun_destroy(run);
		}
	}
}

static void test_an_address_that_nothing_is_routed_to_is_told_as_such(void **state)
{
	struct simrun *run = whole_run(NODES("") LINKS(""), 3);
	struct diag_source source = diag_source(run->diag);
	(void)state;

	assert_int_equal(source.rounds, ROUNDS);
	assert_int_equal(source.hops_heard, 0);
	assert_false(source.has_difference);
	assert_null(find(run, FINDING_ASYMMETRIC_PATH));
	simrun_destroy(run);
}

static void test_the_key_asks_for_sixty_rounds_and_counts_apart(void **state)
{
	struct simrun *run = run_of(NODES("") LINKS("") ROUTES_OF_B BY_Z, &(struct simrun_options){
		.has_reverse = true}, 5);
	const struct finding *finding;
	(void)state;

	simrun_for(run, NS_PER_SEC);
	assert_int_equal(diag_source(run->diag).rounds, 0);
	assert_true(drive_do(&run->drive, (struct command){.kind = COMMAND_ALSO}));
	assert_false(drive_do(&run->drive, (struct command){.kind = COMMAND_ALSO}));
	simrun_for(run, 5 * NS_PER_SEC);
	assert_true(diag_source(run->diag).is_running);
	simrun_until_done(run);

	assert_false(run->session.also.is_running);
	assert_int_equal(run->session.also.rounds, 60);
	assert_int_equal(run->session.also.hops[3].to.sent, 60);
	assert_int_equal(simrun_to(run, 4)->sent, ROUNDS);
	/* The trace of the way back has said it of that hop before: both stand in one sentence. */
	finding = find(run, FINDING_ASYMMETRIC_PATH);
	assert_non_null(finding);
	assert_non_null(strstr(finding->text, "diverges at hop 3"));
	assert_true(find(run, FINDING_ASYMMETRIC_PATH)->hop[0] == 3);
	simrun_destroy(run);
}

static void test_without_another_address_there_is_no_test(void **state)
{
	struct simrun *run = simrun_create(NODES("") LINKS(""), &(struct simrun_options){
		.path = "R1,R2", .seed = check_seed(6)});
	(void)state;

	simrun_for(run, NS_PER_SEC);
	assert_false(drive_do(&run->drive, (struct command){.kind = COMMAND_ALSO}));
	simrun_until_done(run);
	assert_int_equal(diag_source(run->diag).rounds, 0);
	simrun_destroy(run);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_times_that_differ_say_from_which_hop_on),
		cmocka_unit_test(test_loss_that_only_one_address_has_is_on_its_way_home),
		cmocka_unit_test(test_answers_that_never_come_are_told_from_lossy_ones),
		cmocka_unit_test(test_loss_that_both_have_says_nothing_of_sources),
		cmocka_unit_test(test_an_address_that_nothing_is_routed_to_is_told_as_such),
		cmocka_unit_test(test_the_key_asks_for_sixty_rounds_and_counts_apart),
		cmocka_unit_test(test_without_another_address_there_is_no_test),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
