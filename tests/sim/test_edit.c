/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "base/rng.h"
#include "support/check.h"
#include "support/errors.h"
#include "support/simrun.h"

/* A path that is edited while it is probed. */

static const char NETWORK[] =
	"prober A 10.0.1.1\nrouter R1 10.0.1.3\nrouter R2 10.0.2.3\nrouter X 10.0.5.3\n"
	"router Y 10.0.6.3\nrouter D 10.0.3.3\nlink A-R1 delay 1ms\nlink R1-R2 delay 2ms\n"
	"link R2-D delay 2ms loss 5%\nlink R1-X delay 3ms\nlink X-Y delay 3ms\nlink Y-D delay 3ms\n";

enum node { R1 = 0x0a000103, R2 = 0x0a000203, D = 0x0a000303, X = 0x0a000503, Y = 0x0a000603 };

static struct simrun *begun(void)
{
	struct simrun *run = simrun_create(NETWORK, &(struct simrun_options){.path = "R1,R2,D",
		.rounds = 1000, .all_walks = true, .has_reverse = true, .seed = check_seed(5)});

	simrun_for(run, 20 * NS_PER_SEC);
	return run;
}

static struct engine_path path_of(const uint32_t *nodes, size_t count)
{
	struct engine_path path = {.count = count};

	for (size_t k = 0; k < count; k++) {
		path.hop[k] = addr_v4(nodes[k]);
	}
	return path;
}

static const struct stats *stats(const struct simrun *run, size_t hop, enum walk_kind kind)
{
	return &run->session.hops[hop - 1].walk[kind];
}

static void test_walks_that_stay_the_same_keep_their_counts(void **state)
{
	static const uint32_t nodes[] = {R1, R2, Y, D};
	struct engine_path path = path_of(nodes, 4);
	struct simrun *run = begun();
	(void)state;

	(void)drive_do(&run->drive, (struct command){.kind = COMMAND_PATH, .path = path});
	assert_true(stats(run, 1, WALK_RETRACE)->sent >= 98);
	assert_true(stats(run, 2, WALK_RETRACE)->sent >= 98);
	assert_int_equal(stats(run, 3, WALK_RETRACE)->transmitted, 0);
	assert_int_equal(stats(run, 3, WALK_NATURAL)->transmitted, 0);
	assert_true(stats(run, 2, WALK_NATURAL)->sent >= 98);
	/* The same questions as before: TTLs 1 to 3 on the way to D. */
	assert_true(stats(run, 3, WALK_TO)->sent >= 98);
	simrun_for(run, 20 * NS_PER_SEC);
	assert_true(stats(run, 2, WALK_RETRACE)->sent >= 195);
	assert_between(stats(run, 4, WALK_RETRACE)->sent, 90, 105);
	simrun_destroy(run);
}

static void test_the_same_path_again_changes_no_count(void **state)
{
	static const uint32_t nodes[] = {R1, R2, D};
	struct engine_path path = path_of(nodes, 3);
	struct simrun *run = begun();
	uint64_t sent = stats(run, 3, WALK_RETRACE)->transmitted;
	(void)state;

	(void)drive_do(&run->drive, (struct command){.kind = COMMAND_PATH, .path = path});
	assert_int_equal(stats(run, 3, WALK_RETRACE)->transmitted, sent);
	simrun_for(run, 20 * NS_PER_SEC);
	assert_true(stats(run, 3, WALK_RETRACE)->sent >= 195);
	simrun_destroy(run);
}

static void test_a_skipped_hop_is_a_leg_of_no_walk_and_comes_back(void **state)
{
	static const uint32_t nodes[] = {R1, R2, D};
	struct engine_path path = path_of(nodes, 3);
	struct simrun *run = begun();
	(void)state;

	path.skipped = 1 << 1;
	(void)drive_do(&run->drive, (struct command){.kind = COMMAND_PATH, .path = path});
	simrun_for(run, 20 * NS_PER_SEC);
	assert_int_equal(stats(run, 2, WALK_RETRACE)->transmitted, 0);
	assert_between(stats(run, 3, WALK_RETRACE)->sent, 90, 105);
	assert_true(stats(run, 1, WALK_RETRACE)->sent >= 195);
	path.skipped = 0;
	(void)drive_do(&run->drive, (struct command){.kind = COMMAND_PATH, .path = path});
	simrun_for(run, 20 * NS_PER_SEC);
	assert_between(stats(run, 2, WALK_RETRACE)->sent, 90, 105);
	simrun_destroy(run);
}

static void test_one_link_is_probed_by_the_walks_that_turn_at_its_ends(void **state)
{
	static const uint32_t nodes[] = {R1, R2, D};
	struct engine_path path = path_of(nodes, 3);
	struct simrun *run = begun();
	(void)state;

	path.link = 3;
	(void)drive_do(&run->drive, (struct command){.kind = COMMAND_PATH, .path = path});
	simrun_for(run, 20 * NS_PER_SEC);
	assert_int_equal(stats(run, 1, WALK_RETRACE)->transmitted, 0);
	assert_true(stats(run, 2, WALK_RETRACE)->sent >= 195);
	assert_true(stats(run, 3, WALK_RETRACE)->sent >= 195);
	simrun_destroy(run);
}

static void test_a_waypoint_adds_walks_by_it(void **state)
{
	static const uint32_t nodes[] = {R1, R2, D};
	struct engine_path path = path_of(nodes, 3);
	struct simrun *run = begun();
	(void)state;

	assert_int_equal(stats(run, 3, WALK_VIA)->transmitted, 0);
	path.via = addr_v4(X);
	(void)drive_do(&run->drive, (struct command){.kind = COMMAND_PATH, .path = path});
	simrun_for(run, 20 * NS_PER_SEC);
	assert_true(stats(run, 3, WALK_VIA)->received > 80);
	path.via = (struct addr){0};
	(void)drive_do(&run->drive, (struct command){.kind = COMMAND_PATH, .path = path});
	simrun_for(run, 20 * NS_PER_SEC);
	assert_int_equal(stats(run, 3, WALK_VIA)->transmitted, 0);
	simrun_destroy(run);
}

static void test_another_interval_holds_from_the_next_round_on(void **state)
{
	struct simrun *run = begun();
	uint32_t rounds = run->session.rounds;
	(void)state;

	(void)drive_do(&run->drive, (struct command){.kind = COMMAND_INTERVAL, .interval = NS_PER_SEC});
	simrun_for(run, 20 * NS_PER_SEC);
	assert_between(run->session.rounds - rounds, 19, 22);
	assert_int_equal(run->session.void_rounds, 0);
	simrun_destroy(run);
}

/* stats.h: every probe counts once. */
static void assert_sums(const struct simrun *run)
{
	for (size_t hop = 1; hop <= run->session.hop_count; hop++) {
		for (int kind = 0; kind < WALK_STATS_COUNT; kind++) {
			const struct stats *s = stats(run, hop, (enum walk_kind)kind);

			assert_int_equal(s->received + s->late + s->lost + stats_error_count(s), s->sent);
			assert_true(s->sent <= s->transmitted);
		}
	}
}

static void test_a_run_that_is_over_goes_on_when_more_rounds_are_asked_for(void **state)
{
	struct simrun *run = begun();
	(void)state;

	(void)drive_do(&run->drive, (struct command){.kind = COMMAND_LIMIT, .round_limit = 50});
	simrun_for(run, 20 * NS_PER_SEC);
	assert_int_equal(run->session.phase, PHASE_DONE);
	(void)drive_do(&run->drive, (struct command){.kind = COMMAND_LIMIT, .round_limit = 150});
	drive_pump(&run->drive);
	simrun_for(run, 60 * NS_PER_SEC);
	assert_int_equal(run->session.phase, PHASE_DONE);
	assert_int_equal(run->session.rounds, 150);
	assert_int_equal(stats(run, 1, WALK_RETRACE)->sent, 150);
	(void)drive_do(&run->drive, (struct command){.kind = COMMAND_LIMIT, .round_limit = 0});
	drive_pump(&run->drive);
	simrun_for(run, 20 * NS_PER_SEC);
	assert_int_equal(run->session.phase, PHASE_PROBING);
	simrun_destroy(run);
}

static void test_any_edits_keep_every_count_in_order(void **state)
{
	static const uint32_t nodes[] = {R1, R2, X, Y, D};
	struct simrun_options options = {.path = "R1,R2,D", .rounds = 400, .all_walks = true,
		.has_reverse = true, .has_scan = true, .seed = check_seed(11)};
	struct simrun *run;
	struct rng rng;
	(void)state;

	run = simrun_create(NETWORK, &options);
	rng_init(&rng, options.seed, 2);
	for (int i = 0; i < 60; i++) {
		struct engine_path path = {.count = 1 + rng_u32(&rng) % 5};

		for (size_t k = 0; k < path.count; k++) {
			path.hop[k] = addr_v4(nodes[rng_u32(&rng) % 5]);
		}
		path.skipped = rng_u32(&rng) % 4 == 0 ? rng_u32(&rng) % 16 : 0;
		path.link = (uint8_t)(rng_u32(&rng) % 4 == 0 ? rng_u32(&rng) % 6 : 0);
		path.via = rng_u32(&rng) % 3 == 0 ? addr_v4(Y) : (struct addr){0};
		(void)drive_do(&run->drive, (struct command){.kind = COMMAND_PATH, .path = path});
		simrun_for(run, (ns_t)(rng_u32(&rng) % 2000) * NS_PER_MS);
		assert_sums(run);
	}
	simrun_until_done(run);
	assert_sums(run);
	simrun_destroy(run);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_walks_that_stay_the_same_keep_their_counts),
		cmocka_unit_test(test_the_same_path_again_changes_no_count),
		cmocka_unit_test(test_a_skipped_hop_is_a_leg_of_no_walk_and_comes_back),
		cmocka_unit_test(test_one_link_is_probed_by_the_walks_that_turn_at_its_ends),
		cmocka_unit_test(test_a_waypoint_adds_walks_by_it),
		cmocka_unit_test(test_another_interval_holds_from_the_next_round_on),
		cmocka_unit_test(test_a_run_that_is_over_goes_on_when_more_rounds_are_asked_for),
		cmocka_unit_test(test_any_edits_keep_every_count_in_order),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
