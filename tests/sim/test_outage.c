/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <math.h>

#include "support/chain.h"
#include "support/check.h"
#include "support/simrun.h"

/*
 * A link that is out from time to time, by chance or in step with the rounds: it may be named, and
 * no other one, however long that is. Networks, outages and intervals are random.
 */
enum { SEEDS = 40, HOPS = 8, ROUNDS = 1500 };

/* Of any order of size alike. */
static unsigned of_any_size(struct chain *chain, double least, double most)
{
	return (unsigned)exp(log(least) + rng_unit(&chain->rng) * log(most / least));
}

static void put_outage(struct chain *chain, ns_t interval)
{
	static const char *const sides[] = {"", "", " out-only", " back-only"};
	unsigned ms = (unsigned)(interval / NS_PER_MS), least;
	const char *side = sides[chain_below(chain, 4)];

	if (chain_below(chain, 3) == 0) {
		/* So often in each interval, or in each other one. */
		ms = ms / 2 << chain_below(chain, 3);
		strbuf_printf(&chain->text, " outage %ums every %ums%s", ms * (5 + chain_below(chain, 35)) /
			100 + 1, ms, side);
		return;
	}
	least = of_any_size(chain, 20, 400);
	strbuf_printf(&chain->text, " outage %ums..%ums every %us%s%s", least,
		least * (10 + chain_below(chain, 20)) / 10, 2 + chain_below(chain, 18),
		chain_below(chain, 2) == 0 ? " random" : "", side);
}

/* All of them unwrap; what is said of the link before that hop is still to come. */
static struct chain network_of(uint64_t seed, uint64_t stream, bool is_bad, unsigned *ret_bad,
	ns_t *ret_interval)
{
	static const unsigned intervals_ms[] = {100, 200, 500, 1000};
	static const char *const jitters[] = {"", "jitter exponential 0.2ms",
		"jitter exponential 1ms"};
	struct chain chain = chain_begin(seed, stream, 2, HOPS);
	const char *jitter = jitters[chain_below(&chain, 3)];

	*ret_interval = intervals_ms[chain_below(&chain, 4)] * NS_PER_MS;
	*ret_bad = 1 + chain_below(&chain, chain.routers);
	for (unsigned hop = 1; hop <= chain.routers; hop++) {
		strbuf_printf(&chain.text, "router R%u 10.0.%u.3\n", hop, hop);
	}
	strbuf_printf(&chain.text, "host D 10.0.%u.3 decap yes\n", chain.routers + 1);
	for (unsigned hop = 1; hop <= chain.routers + 1; hop++) {
		chain_put_link(&chain, hop);
		strbuf_printf(&chain.text, " delay %uus %s", of_any_size(&chain, 200, 60000), jitter);
		if (is_bad && hop == *ret_bad) {
			put_outage(&chain, *ret_interval);
		}
		strbuf_putc(&chain.text, '\n');
	}
	return chain;
}

static struct simrun *run_of(struct chain *chain, uint64_t seed, ns_t interval, uint64_t rounds)
{
	struct simrun *run = simrun_create(strbuf_text(&chain->text), &(struct simrun_options){
		.destination = "D", .seed = seed, .has_scan = true, .has_reverse = true,
		.rounds = rounds, .interval = interval, .max_rate_pps = 1000});

	simrun_until_done(run);
	strbuf_finish(&chain->text);
	return run;
}

static void test_an_outage_convicts_no_other_link(void **state)
{
	uint64_t first = check_seed(1);
	unsigned named = 0, accused = 0;
	(void)state;

	for (uint64_t seed = first; seed < first + SEEDS; seed++) {
		unsigned bad;
		ns_t interval;
		struct chain chain = network_of(seed, 31, true, &bad, &interval);
		struct simrun *run = run_of(&chain, seed, interval, ROUNDS);
		size_t count;
		const struct finding *findings = diag_findings(run->diag, &count);
		bool is_named = false, is_accused = false;

		for (size_t i = 0; i < count; i++) {
			bool is_link = findings[i].id == FINDING_LINK_LOSS;

			is_named = is_named || (is_link && findings[i].hop[1] == bad);
			if ((is_link && findings[i].hop[1] != bad) || findings[i].id == FINDING_DECAP_FAULT) {
				print_message("# seed %u: not link %u: %s\n", (unsigned)seed, bad,
					findings[i].text);
				is_accused = true;
			}
		}
		named += is_named;
		accused += is_accused;
		simrun_destroy(run);
	}
	print_message("# named in %u of %u, another one in %u\n", named, (unsigned)SEEDS, accused);
	/* Of some there were but a few in that time. */
	assert_true(named >= SEEDS * 3 / 4);
	/* One in a hundred may be. */
	assert_true(accused <= SEEDS / 20);
}

/* What adds more to the round trip is compared with a walk that is sent twice, and in step. */
static void test_the_second_walk_comes_home_with_the_deeper_one(void **state)
{
	struct simrun *run = simrun_create("prober A 10.0.1.1\nrouter R1 10.0.1.3\nrouter R2 10.0.2.3\n"
		"router R3 10.0.3.3\nlink A-R1 delay 10ms\nlink R1-R2 delay 0.4ms\nlink R2-R3 delay 20ms\n",
		&(struct simrun_options){.path = "R1,R2,R3", .seed = check_seed(1), .rounds = 100});
	const struct bracket *brackets = run->session.brackets;
	(void)state;

	simrun_until_done(run);
	assert_int_equal(brackets[0].after, 0);
	assert_int_equal(brackets[1].after, 0);
	assert_int_equal(brackets[2].near, 2);
	assert_int_equal(brackets[2].after, 40 * NS_PER_MS);
	assert_false(session_is_bracketed(&run->session, 1, 1));
	assert_true(session_is_bracketed(&run->session, 2, 2));
	for (uint32_t round = 20; round <= 100; round++) {
		const struct bracket_cell *cell = session_bracket_of(&run->session, 2, 2, round);

		assert_non_null(cell);
		assert_int_equal(cell->outcome, OUTCOME_ANSWERED);
		assert_int_equal(cell->rtt_us, 20800);
	}
	assert_null(session_bracket_of(&run->session, 2, 1, 50));
	simrun_destroy(run);
}

/* From half an interval to one and a half, and as many as there should be. */
static void test_rounds_are_in_step_with_nothing(void **state)
{
	struct simrun *run = simrun_create("prober A 10.0.1.1\nrouter R1 10.0.1.3\nlink A-R1\n",
		&(struct simrun_options){.path = "R1", .seed = check_seed(1), .rounds = 2000});
	const struct session *session = &run->session;
	unsigned at_tenth[10] = {0};
	double mean = 0;
	(void)state;

	simrun_until_done(run);
	for (uint32_t round = 2000 - STATS_HISTORY + 2; round <= 2000; round++) {
		ns_t at = session_round_at(session, round);
		ns_t gap = at - session_round_at(session, round - 1);

		assert_true(gap > 60 * NS_PER_MS && gap < 340 * NS_PER_MS);
		at_tenth[at % (200 * NS_PER_MS) / (20 * NS_PER_MS)]++;
		mean += ns_to_ms(gap) / (STATS_HISTORY - 1);
	}
	assert_near(mean, 200, 5);
	assert_near(ns_to_sec(session_round_at(session, 2000)), 401, 1);
	/* Bin(255, 1/10) is in [10, 45] but for 1e-3. */
	for (size_t i = 0; i < 10; i++) {
		assert_between(at_tenth[i], 10, 45);
	}
	simrun_destroy(run);
}

/* A capture that drops a packet each second loses whole rounds, but no more of those with loss. */
static void test_what_is_void_is_no_matter_of_what_became_of_it(void **state)
{
	static const unsigned every_ms[] = {5000, 1000, 700};
	uint64_t seed = check_seed(1);
	(void)state;

	for (size_t i = 0; i < 3; i++) {
		struct strbuf text = {0};
		struct simrun *run;
		const struct stats *stats;

		strbuf_puts(&text, "prober A 10.0.1.1\nrouter R1 10.0.1.3\nrouter R2 10.0.2.3\n"
			"link A-R1 delay 5ms\nlink R1-R2 delay 20ms loss 3%\n");
		for (unsigned ms = every_ms[i]; ms < 600000; ms += every_ms[i]) {
			strbuf_printf(&text, "at %ums prober A capture-drops 1\n", ms);
		}
		run = simrun_create(strbuf_text(&text), &(struct simrun_options){.path = "R1,R2",
			.seed = seed, .rounds = 3000});
		simrun_until_done(run);
		stats = simrun_through(run, 2);
		print_message("# a drop each %u ms: %.2f %% of %u\n", every_ms[i],
			100 * (double)stats->lost / (double)stats->sent, (unsigned)stats->sent);
		assert_true(stats->sent > 1000 && run->session.void_rounds > 100);
		/* 5.91 %, and five standard deviations of so many. */
		assert_near((double)stats->lost / (double)stats->sent, 0.0591,
			5 * sqrt(0.0591 * 0.9409 / (double)stats->sent));
		assert_int_equal(simrun_through(run, 1)->lost, 0);
		simrun_destroy(run);
		strbuf_finish(&text);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_an_outage_convicts_no_other_link),
		cmocka_unit_test(test_the_second_walk_comes_home_with_the_deeper_one),
		cmocka_unit_test(test_rounds_are_in_step_with_nothing),
		cmocka_unit_test(test_what_is_void_is_no_matter_of_what_became_of_it),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
