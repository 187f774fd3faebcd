/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "support/check.h"
#include "support/simrun.h"

/* Where nothing is sent through hops: what their answers tell of where the end's loss begins. */
enum { ROUNDS = 1000, SEEDS = 10 };

/* Five routers and the end; each link with its own words. */
static struct simrun *run_of(const char *const links[6], const char *end, uint64_t seed)
{
	char text[1024];
	struct simrun *run;

	(void)snprintf(text, sizeof text, "prober A 10.0.1.1\nrouter R1 10.0.1.3\n"
		"router R2 10.0.2.3\nrouter R3 10.0.3.3\nrouter R4 10.0.4.3\nrouter R5 10.0.5.3\n"
		"host D 10.0.6.3 %s\nlink A-R1 delay 1ms %s\nlink R1-R2 delay 1ms %s\n"
		"link R2-R3 delay 1ms %s\nlink R3-R4 delay 1ms %s\nlink R4-R5 delay 1ms %s\n"
		"link R5-D delay 1ms %s\n", end, links[0], links[1], links[2], links[3], links[4],
		links[5]);
	run = simrun_create(text, &(struct simrun_options){.path = "R1,R2,R3,R4,R5,D",
		.rounds = ROUNDS, .seed = check_seed(seed), .no_through = true});
	simrun_until_done(run);
	return run;
}

static const struct finding *path_loss_of(const struct simrun *run)
{
	size_t count;
	const struct finding *findings = diag_findings(run->diag, &count);

	for (size_t i = 0; i < count; i++) {
		if (findings[i].is_active && findings[i].id == FINDING_PATH_LOSS) {
			return &findings[i];
		}
	}
	return NULL;
}

static void assert_place_of(unsigned low, unsigned high, unsigned hop)
{
	assert_true(low <= hop && hop <= high && high - low <= 1);
}

/* The set of places holds the true one, and is at most two links wide. */
static void assert_begins_at(const char *const links[6], unsigned hop, const char *words)
{
	unsigned told = 0;

	for (uint64_t seed = 1; seed <= SEEDS; seed++) {
		struct simrun *run = run_of(links, "", seed);
		const struct finding *finding = path_loss_of(run);

		assert_non_null(finding);
		assert_near(simrun_fact(finding, "from_hop"), hop, 0);
		assert_place_of((unsigned)simrun_fact(finding, "low_hop"),
			(unsigned)simrun_fact(finding, "high_hop"), hop);
		told += strstr(finding->text, words) != NULL;
		simrun_destroy(run);
	}
	assert_true(told >= SEEDS - 1);
}

/* One in a thousand goes astray on each link. */
static void test_single_losses_before_it_do_not_move_the_place(void **state)
{
	(void)state;
	assert_begins_at((const char *const[]){"loss 0.1%", "loss 0.1%", "loss 0.1%",
		"loss 10% back-only", "loss 0.1%", "loss 0.1%"}, 4, "hops from 4 on lose as much");
}

static void test_loss_of_the_last_link_is_the_ends(void **state)
{
	(void)state;
	assert_begins_at((const char *const[]){"loss 0.1%", "", "", "", "", "loss 8%"}, 6,
		"no earlier hop loses as much");
}

static void test_loss_of_the_first_link_is_everybodys(void **state)
{
	(void)state;
	assert_begins_at((const char *const[]){"loss 6%", "", "", "", "", ""}, 1,
		"all hops lose as much");
}

static void test_an_end_that_never_answered_is_no_loss(void **state)
{
	struct simrun *run = run_of((const char *const[]){"", "", "", "", "", ""}, "icmp no", 1);
	(void)state;

	assert_int_equal(simrun_to(run, 6)->received, 0);
	assert_true(simrun_to(run, 6)->lost > 900);
	assert_null(path_loss_of(run));
	simrun_destroy(run);
}

/* No answers by chance are no limit, though looked at all the time: the alarm stays. */
static void test_great_loss_is_never_taken_for_a_limit(void **state)
{
	(void)state;
	for (uint64_t seed = 1; seed <= 4 * SEEDS; seed++) {
		struct simrun *run = run_of((const char *const[]){"", "", "loss 30% back-only", "", "", ""},
			"", seed);
		size_t count;
		const struct finding *findings = diag_findings(run->diag, &count);

		assert_non_null(path_loss_of(run));
		for (size_t i = 0; i < count; i++) {
			assert_int_not_equal(findings[i].id, FINDING_ICMP_RATE_LIMIT);
		}
		simrun_destroy(run);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_single_losses_before_it_do_not_move_the_place),
		cmocka_unit_test(test_loss_of_the_last_link_is_the_ends),
		cmocka_unit_test(test_loss_of_the_first_link_is_everybodys),
		cmocka_unit_test(test_an_end_that_never_answered_is_no_loss),
		cmocka_unit_test(test_great_loss_is_never_taken_for_a_limit),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
