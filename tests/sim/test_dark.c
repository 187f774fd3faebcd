/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "support/chain.h"
#include "support/check.h"
#include "support/simrun.h"

/*
 * Paths on which no hop unwraps anything, or only some do: the Internet, offices, clouds. What the
 * program itself does there is nobody's loss, and where the destination does not reply it says so.
 * Networks are random: so many hops, delays, slow routers and kinds of silence.
 */
enum { SEEDS = 200, HOPS = 12, ROUNDS = 40 };

/* `unwraps`: so many routers do, from the first on; the others refuse, or say nothing of it. */
static struct chain chain_of(uint64_t seed, uint64_t stream, unsigned unwraps, const char *end)
{
	static const char *const kinds[] = {"decap silent", "decap refused"};
	struct chain chain = chain_begin(seed, stream, unwraps + 1, HOPS);
	struct strbuf *text = &chain.text;

	for (unsigned i = 1; i <= chain.routers; i++) {
		strbuf_printf(text, "router R%u 10.0.%u.3 %s", i, i, i <= unwraps ? "" :
			kinds[chain_below(&chain, 2)]);
		/* So slow that it is heard of only after the end. */
		if (chain_below(&chain, 4) == 0) {
			unsigned least_ms = 20 + chain_below(&chain, 80);

			strbuf_printf(text, " icmp-delay %ums exponential %ums", least_ms,
				1 + chain_below(&chain, 10));
		}
		strbuf_putc(text, '\n');
	}
	strbuf_printf(text, "host D 10.0.%u.3 %s\n", chain.routers + 1, end == NULL ?
		kinds[chain_below(&chain, 2)] : end);
	for (unsigned hop = 1; hop <= chain.routers + 1; hop++) {
		chain_put_link(&chain, hop);
		strbuf_printf(text, " delay %u00us\n", 1 + chain_below(&chain, 50));
	}
	return chain;
}

/* From that second on the link into the hop loses so much. */
static void lose(struct chain *chain, unsigned seconds, unsigned hop, unsigned percent)
{
	strbuf_printf(&chain->text, "at %us ", seconds);
	chain_put_link(chain, hop);
	strbuf_printf(&chain->text, " loss %u%%\n", percent);
}

static struct simrun *run_text(const char *text, uint64_t seed, struct simrun_options options)
{
	struct simrun *run;

	options.destination = "D";
	options.seed = seed;
	options.has_scan = options.has_reverse = true;
	options.rounds = options.rounds > 0 ? options.rounds : ROUNDS;
	options.max_rate_pps = 1000;
	run = simrun_create(text, &options);
	simrun_until_done(run);
	return run;
}

static struct simrun *run_of(struct chain *chain, uint64_t seed, struct simrun_options options)
{
	struct simrun *run = run_text(strbuf_text(&chain->text), seed, options);

	strbuf_finish(&chain->text);
	return run;
}

static size_t count_of(const struct simrun *run, enum severity least)
{
	size_t count, grave = 0;
	const struct finding *findings = diag_findings(run->diag, &count);

	for (size_t i = 0; i < count; i++) {
		grave += finding_severity(findings[i].id) >= least;
		if (finding_severity(findings[i].id) >= least) {
			print_message("# %s: %s\n", finding_name(findings[i].id), findings[i].text);
		}
	}
	return grave;
}

static void assert_silence(unsigned unwraps, struct simrun_options options)
{
	uint64_t first = check_seed(1);

	for (uint64_t seed = first; seed < first + SEEDS; seed++) {
		struct chain chain = chain_of(seed, 7, unwraps, NULL);
		struct simrun *run = run_of(&chain, seed, options);

		if (count_of(run, SEVERITY_WARNING) > 0 || run->session.send_errors > 0 ||
		    run->session.void_rounds > 0) {
			fail_msg("seed %u: %u not sent, %u rounds void", (unsigned)seed,
				(unsigned)run->session.send_errors, (unsigned)run->session.void_rounds);
		}
		simrun_destroy(run);
	}
}

static void test_where_no_hop_unwraps_nothing_is_wrong(void **state)
{
	(void)state;
	assert_silence(0, (struct simrun_options){0});
}

static void test_where_some_hops_unwrap_nothing_is_wrong(void **state)
{
	(void)state;
	assert_silence(1, (struct simrun_options){0});
	assert_silence(3, (struct simrun_options){0});
}

static void test_asked_by_udp_and_tcp_nothing_is_wrong_either(void **state)
{
	(void)state;
	assert_silence(0, (struct simrun_options){.is_udp = true});
	assert_silence(1, (struct simrun_options){.is_tcp = true});
}

/* The walks to an end that unwraps nothing prove the legs out, and none is written home. */
static void test_the_legs_before_a_plain_host_are_not_called_longer(void **state)
{
	static const char TEXT[] = "prober A 10.0.0.1\nrouter R1 10.0.1.3\nrouter R2 10.0.2.3\n"
		"host D 10.0.3.3 decap silent\nlink A-R1 delay 1ms\nlink R1-R2 delay 1ms\n"
		"link R2-D delay 1ms\n";
	uint64_t first = check_seed(1);
	(void)state;

	for (uint64_t seed = first; seed < first + 20; seed++) {
		struct simrun *run = run_text(TEXT, seed, (struct simrun_options){.is_udp = seed % 3 == 1,
			.is_tcp = seed % 3 == 2});
		const struct hop *end = &run->session.hops[2];

		assert_true(end->is_answering);
		assert_int_equal(end->is_strict[WAY_OUT], TRI_YES);
		assert_int_equal(end->is_strict[WAY_BACK], TRI_UNKNOWN);
		simrun_destroy(run);
	}
}

/* A path of no hop that unwraps is cut at a time, or from the start; `until` 0: for good. */
static void assert_silent_end(uint64_t seed, unsigned seconds, unsigned until)
{
	struct chain chain = chain_of(seed, 11, 0, NULL);
	unsigned behind = chain_below(&chain, chain.routers + 1);
	struct simrun *run;
	const struct finding *finding;

	lose(&chain, seconds, behind + 1, 100);
	if (until > 0) {
		lose(&chain, until, behind + 1, 0);
	}
	run = run_of(&chain, seed, (struct simrun_options){.rounds = 200});
	finding = simrun_finding(run, FINDING_END_SILENT);
	assert_non_null(finding);
	assert_int_equal(count_of(run, SEVERITY_WARNING), 1);
	assert_int_equal(finding->is_active, until == 0);
	assert_near(simrun_fact(finding, "last_hop"), behind, 0);
	assert_near(simrun_fact(finding, "has_replied"), seconds > 0, 0);
	if (seconds > 0) {
		/* The run begins at 1 s; what was under way then was cut, too. */
		assert_near(ns_to_sec(finding->first) - 1, seconds, 0.5);
	}
	if (until > 0) {
		assert_near(ns_to_sec(finding->last) - 1, until, 0.5);
	}
	simrun_destroy(run);
}

static void test_an_end_that_dies_is_silent_since_then(void **state)
{
	uint64_t first = check_seed(1);
	(void)state;

	for (uint64_t seed = first; seed < first + 50; seed++) {
		assert_silent_end(seed, 8 + (unsigned)(seed % 10), 0);
	}
}

static void test_an_outage_has_its_begin_and_length_and_leaves_no_loss(void **state)
{
	uint64_t first = check_seed(1);
	(void)state;

	for (uint64_t seed = first; seed < first + 50; seed++) {
		assert_silent_end(seed, 8, 12 + (unsigned)(seed % 10));
	}
}

/* A counter that shrinks has begun again, to whoever adds it up. */
static void test_the_time_without_replies_never_shrinks(void **state)
{
	struct simrun *run = simrun_create("prober A 10.0.1.1\nrouter R1 10.0.1.3\nhost D 10.0.3.3\n"
		"link A-R1 delay 1ms\nlink R1-D delay 1ms\nat 8s link R1-D loss 100%\n"
		"at 14s link R1-D loss 0%\n", &(struct simrun_options){.destination = "D", .rounds = 100,
		.seed = check_seed(1)});
	struct diag_outage outage;
	ns_t down = 0;
	(void)state;

	while (run->session.phase != PHASE_DONE) {
		simrun_for(run, NS_PER_SEC / 50);
		assert_true(diag_end(run->diag).down >= down);
		down = diag_end(run->diag).down;
	}

	assert_int_equal(diag_end(run->diag).outage_count, 1);
	outage = diag_outage(run->diag, 0);
	assert_int_equal(down, outage.end - outage.begin);
	assert_between((uint64_t)down, 5 * NS_PER_SEC, 7 * NS_PER_SEC);
	simrun_destroy(run);
}

static void test_an_end_that_never_replied_is_silent(void **state)
{
	uint64_t first = check_seed(1);
	(void)state;

	for (uint64_t seed = first; seed < first + 20; seed++) {
		struct chain chain = chain_of(seed, 13, 0, "decap silent icmp no echo no");
		struct simrun *run = run_of(&chain, seed, (struct simrun_options){.rounds = 20});
		const struct finding *finding = simrun_finding(run, FINDING_END_SILENT);

		assert_non_null(finding);
		assert_int_equal(count_of(run, SEVERITY_WARNING), 1);
		assert_near(simrun_fact(finding, "last_hop"), chain.routers, 0);
		assert_near(simrun_fact(finding, "has_replied"), 0, 0);
		simrun_destroy(run);
	}
}

/* Neither loss nor a limit makes an end silent, however long one looks. */
static void test_an_end_that_replies_seldom_is_not_silent(void **state)
{
	static const char *const ends[] = {"icmp-rate 1/2s burst 1", "icmp-rate 1/s",
		"icmp-rate 3/s burst 3"};
	uint64_t first = check_seed(1);
	(void)state;

	for (uint64_t seed = first; seed < first + 30; seed++) {
		struct chain chain = chain_of(seed, 17, 0, seed % 2 == 0 ? ends[seed / 2 % 3] : NULL);
		struct simrun *run;

		if (seed % 2 == 1) {
			lose(&chain, 0, 1, 5 + chain_below(&chain, 40));
		}
		run = run_of(&chain, seed, (struct simrun_options){.rounds = 2000});
		assert_null(simrun_finding(run, FINDING_END_SILENT));
		simrun_destroy(run);
	}
}

/* Nested probes that nobody unwraps place no loss: the verdict is that of the hops' replies. */
static void test_the_place_of_loss_is_the_same_with_and_without_nested_probes(void **state)
{
	uint64_t first = check_seed(1);
	unsigned wide = 0, missed = 0;
	enum { RUNS = 60 };
	(void)state;

	for (uint64_t seed = first; seed < first + RUNS; seed++) {
		for (int no_through = 0; no_through < 2; no_through++) {
			struct chain chain = chain_of(seed, 19, 0, NULL);
			unsigned at = 1 + chain_below(&chain, chain.routers + 1);
			struct simrun *run;
			const struct finding *finding;

			lose(&chain, 0, at, 3 + chain_below(&chain, 10));
			run = run_of(&chain, seed, (struct simrun_options){.rounds = 500,
				.no_through = no_through == 1});
			assert_null(simrun_finding(run, FINDING_LINK_LOSS));
			finding = simrun_finding(run, FINDING_PATH_LOSS);
			assert_non_null(finding);
			missed += simrun_fact(finding, "low_hop") > at ||
				simrun_fact(finding, "high_hop") < at;
			wide += simrun_fact(finding, "high_hop") - simrun_fact(finding, "low_hop") > 1;
			simrun_destroy(run);
		}
	}
	print_message("# of %d sets %u without the truth, %u wider than two links\n", 2 * RUNS, missed,
		wide);
	assert_true(missed <= 2 * RUNS * 3 / 100);
	assert_true(wide <= RUNS / 2);
}

/* Of a symmetric path nothing is called another way: not where hops are left out of it, nor where
 * it is looked at from a hop on, nor over an exchange's LAN. */
static void assert_symmetric(const char *text, struct simrun_options options)
{
	uint64_t first = check_seed(1);

	for (uint64_t seed = first; seed < first + 10; seed++) {
		struct simrun *run;

		options.seed = seed;
		options.rounds = 100;
		options.has_reverse = true;
		run = simrun_create(text, &options);
		simrun_until_done(run);
		assert_int_equal(count_of(run, SEVERITY_WARNING), 0);
		simrun_destroy(run);
	}
}

static void test_hops_left_out_of_a_path_are_no_other_way(void **state)
{
	static const char LINE[] = "prober A 10.0.0.2\nrouter R1 10.0.1.3\nrouter R2 10.0.2.3\n"
		"router R3 10.0.3.3\nrouter R4 10.0.4.3\nrouter R5 10.0.5.3\nlink A-R1 delay 1ms\n"
		"link R1-R2 delay 1ms\nlink R2-R3 delay 1ms\nlink R3-R4 delay 1ms\n"
		"link R4-R5 delay 1ms\n";
	(void)state;

	assert_symmetric(LINE, (struct simrun_options){.path = "R2,R5"});
	assert_symmetric(LINE, (struct simrun_options){.path = "R3,R4,R5"});
	assert_symmetric(LINE, (struct simrun_options){.destination = "R5", .from = "R2",
		.has_scan = true});
}

static void test_hops_left_out_of_a_path_of_ipv6_are_none_either(void **state)
{
	static const char LINE[] = "prober A 2001:db8:1::1\nrouter R1 2001:db8:1::2\n"
		"router R2 2001:db8:2::3\nrouter R3 2001:db8:3::3\nrouter R4 2001:db8:4::3\n"
		"link A-R1 delay 1ms\nlink R1-R2 delay 1ms\nlink R2-R3 delay 1ms\n"
		"link R3-R4 delay 1ms\n";
	(void)state;

	assert_symmetric(LINE, (struct simrun_options){.path = "R2,R4"});
	assert_symmetric(LINE, (struct simrun_options){.destination = "R4", .from = "R1",
		.has_scan = true});
	assert_symmetric(LINE, (struct simrun_options){.destination = "R4", .from = "R2",
		.has_scan = true});
}

static void test_a_lan_of_several_routers_is_no_other_way(void **state)
{
	(void)state;
	assert_symmetric("prober A 10.0.0.2\nrouter R1 10.0.1.3\nrouter R2 10.0.2.3\n"
		"router R3 10.0.3.3\nrouter R4 10.0.99.4\nrouter R5 10.0.5.3\nlink A-R1 delay 1ms\n"
		"link R1-R2 delay 1ms\nlink R2-R3 delay 1ms\n"
		"link R3-R4 10.0.99.1/10.0.99.4 delay 1ms\nlink R4-R5 delay 1ms\n",
		(struct simrun_options){.path = "R1,R2,R3,R4,R5"});
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_where_no_hop_unwraps_nothing_is_wrong),
		cmocka_unit_test(test_where_some_hops_unwrap_nothing_is_wrong),
		cmocka_unit_test(test_asked_by_udp_and_tcp_nothing_is_wrong_either),
		cmocka_unit_test(test_the_legs_before_a_plain_host_are_not_called_longer),
		cmocka_unit_test(test_an_end_that_dies_is_silent_since_then),
		cmocka_unit_test(test_an_outage_has_its_begin_and_length_and_leaves_no_loss),
		cmocka_unit_test(test_the_time_without_replies_never_shrinks),
		cmocka_unit_test(test_an_end_that_never_replied_is_silent),
		cmocka_unit_test(test_an_end_that_replies_seldom_is_not_silent),
		cmocka_unit_test(test_the_place_of_loss_is_the_same_with_and_without_nested_probes),
		cmocka_unit_test(test_hops_left_out_of_a_path_are_no_other_way),
		cmocka_unit_test(test_hops_left_out_of_a_path_of_ipv6_are_none_either),
		cmocka_unit_test(test_a_lan_of_several_routers_is_no_other_way),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
