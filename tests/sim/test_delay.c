/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <math.h>
#include <stdio.h>

#include "support/chain.h"
#include "support/check.h"
#include "support/simrun.h"

/*
 * Delay that begins in mid run: a queue, a step, whatever this host holds up, or what varies from
 * the start. The link is named, and no other one is. Networks and delays are random.
 */
enum { SEEDS = 24, HOPS = 7, ROUNDS = 900, BEGIN_S = 60 };

enum trouble {
	QUEUE,
	LOAD,
	STEP,
	HEAVY,                   /* nothing: one link is restless from the start */
	SATELLITE,
	PAUSES,
	HELD                     /* all that comes in is held up, from time to time */
};

static double of_any_size(struct chain *chain, double least, double most)
{
	return exp(log(least) + rng_unit(&chain->rng) * log(most / least));
}

static void put_jitter(struct chain *chain)
{
	switch (chain_below(chain, 4)) {
	case 0:
		strbuf_printf(&chain->text, " jitter pareto %.2fms 1.6", of_any_size(chain, .02, .3));
		break;
	case 1:
		strbuf_printf(&chain->text, " jitter exponential %.2fms", of_any_size(chain, .05, 1));
		break;
	default:
		break;
	}
}

static void put_link(struct chain *chain, unsigned hop, double delay_ms, enum trouble trouble)
{
	chain_put_link(chain, hop);
	switch (trouble) {
	case LOAD:
		strbuf_printf(&chain->text, " delay %.2fms rate 5mbit queue 200\n", delay_ms);
		break;
	case HEAVY:
		strbuf_printf(&chain->text, " delay %.2fms jitter pareto %.2fms 1.5\n", delay_ms,
			of_any_size(chain, .2, 3));
		break;
	case SATELLITE:
		strbuf_printf(&chain->text, " delay 290ms jitter uniform %.1fms\n",
			of_any_size(chain, 30, 80));
		break;
	case QUEUE:
	case STEP:
	case PAUSES:
	case HELD:
		strbuf_printf(&chain->text, " delay %.2fms", delay_ms);
		put_jitter(chain);
		strbuf_putc(&chain->text, '\n');
		break;
	}
}

static void put_trouble(struct chain *chain, unsigned hop, double delay_ms, enum trouble trouble)
{
	double size = of_any_size(chain, 4, 30);
	char at[32];

	(void)snprintf(at, sizeof at, "at %us ", (unsigned)BEGIN_S);
	if (trouble == QUEUE || trouble == LOAD || trouble == STEP) {
		strbuf_printf(&chain->text, "%s", at);
		chain_put_link(chain, hop);
	}
	switch (trouble) {
	case QUEUE:
		strbuf_printf(&chain->text, " jitter exponential %.1fms\n", size);
		break;
	case LOAD:
		strbuf_printf(&chain->text, " load %.2f\n", .85 + .1 * rng_unit(&chain->rng));
		break;
	case STEP:
		strbuf_printf(&chain->text, " delay %.2fms\n", delay_ms + size);
		break;
	case HELD:
		for (double s = BEGIN_S; s < ROUNDS / 5; s += 12) {
			strbuf_printf(&chain->text, "at %.0fs link A-R1 delay %.1fms\n"
				"at %.0fs link A-R1 delay 0.5ms\n", s, 60 + size, s + 1);
		}
		break;
	case PAUSES:
		for (double s = BEGIN_S / 2; s < ROUNDS / 5; s += of_any_size(chain, 3, 30)) {
			strbuf_printf(&chain->text, "at %.1fs prober A pause %.1fs\n", s,
				of_any_size(chain, .05, 3));
		}
		break;
	case HEAVY:
	case SATELLITE:
		break;
	}
}

/* `ret_hop`: the link before it has the trouble. */
static struct simrun *run_of(enum trouble trouble, uint64_t seed, unsigned *ret_hop)
{
	struct chain chain = chain_begin(seed, 50u + (unsigned)trouble, 2, HOPS);
	struct simrun *run;
	double bad_ms = .5;

	*ret_hop = trouble >= PAUSES ? 1 : 2 + chain_below(&chain, chain.routers);
	for (unsigned hop = 1; hop <= chain.routers; hop++) {
		strbuf_printf(&chain.text, "router R%u 10.0.%u.3\n", hop, hop);
	}
	strbuf_printf(&chain.text, "host D 10.0.%u.3 decap yes\n", chain.routers + 1);
	for (unsigned hop = 1; hop <= chain.routers + 1; hop++) {
		double delay_ms = hop == 1 ? .5 : of_any_size(&chain, .2, 30);

		bad_ms = hop == *ret_hop ? delay_ms : bad_ms;
		put_link(&chain, hop, delay_ms, hop == *ret_hop ? trouble : STEP);
	}
	put_trouble(&chain, *ret_hop, bad_ms, trouble);
	run = simrun_create(strbuf_text(&chain.text), &(struct simrun_options){.destination = "D",
		.seed = seed, .has_scan = true, .rounds = ROUNDS, .max_rate_pps = 1000});
	simrun_until_done(run);
	strbuf_finish(&chain.text);
	return run;
}

static bool is_of_time(const struct finding *finding)
{
	return finding->id == FINDING_QUEUEING || finding->id == FINDING_LATENCY_STEP ||
	       finding->id == FINDING_HOST_DELAY;
}

/* How many runs named it, and how many another one. */
static void count(enum trouble trouble, unsigned *ret_named, unsigned *ret_accused)
{
	uint64_t first = check_seed(1);

	*ret_named = *ret_accused = 0;
	for (uint64_t seed = first; seed < first + SEEDS; seed++) {
		unsigned hop;
		struct simrun *run = run_of(trouble, seed, &hop);
		size_t finding_count;
		const struct finding *findings = diag_findings(run->diag, &finding_count);
		bool is_named = false, is_accused = false;

		for (size_t i = 0; i < finding_count; i++) {
			bool is_it = trouble == HELD ? findings[i].id == FINDING_HOST_DELAY :
				findings[i].hop_count == 2 && findings[i].hop[1] == hop &&
				trouble <= STEP;

			if (!is_of_time(&findings[i])) {
				continue;
			}
			if (!is_it) {
				print_message("# seed %u: not link %u: %s\n", (unsigned)seed, hop,
					findings[i].text);
			}
			is_named = is_named || is_it;
			is_accused = is_accused || !is_it;
		}
		*ret_named += is_named;
		*ret_accused += is_accused;
		simrun_destroy(run);
	}
	print_message("# trouble %u: named in %u of %u, another one in %u\n", (unsigned)trouble,
		*ret_named, (unsigned)SEEDS, *ret_accused);
}

static void test_a_queue_is_named_and_no_other_link(void **state)
{
	unsigned named, accused;
	(void)state;

	count(QUEUE, &named, &accused);
	assert_true(named >= SEEDS - 1);
	assert_true(accused <= 1);
	count(LOAD, &named, &accused);
	assert_true(named >= SEEDS - 1);
	assert_true(accused <= 1);
}

static void test_a_step_is_named_and_no_other_link(void **state)
{
	unsigned named, accused;
	(void)state;

	count(STEP, &named, &accused);
	assert_true(named >= SEEDS - 1);
	assert_true(accused <= 1);
}

static void test_a_restless_link_is_no_news(void **state)
{
	unsigned named, accused;
	(void)state;

	count(HEAVY, &named, &accused);
	assert_true(accused <= 1);
	count(SATELLITE, &named, &accused);
	assert_true(accused <= 1);
}

static void test_what_this_host_holds_up_is_no_links_fault(void **state)
{
	unsigned named, accused;
	(void)state;

	count(PAUSES, &named, &accused);
	assert_int_equal(accused, 0);
	count(HELD, &named, &accused);
	assert_true(named >= SEEDS - 1);
	assert_true(accused <= 1);
}

/* With or without probes through it. */
static void test_a_clock_of_four_milliseconds_is_seen(void **state)
{
	static const char scenario[] = "prober A 10.0.1.1\nrouter R1 10.0.1.3\n"
		"router R2 10.0.2.3 clock 4ms\nrouter R3 10.0.3.3\n"
		"link A-R1 delay 1.3ms jitter exponential 0.05ms\n"
		"link R1-R2 delay 3ms jitter exponential 0.05ms\nlink R2-R3 delay 2ms\n";
	(void)state;

	for (int i = 0; i < 2; i++) {
		struct simrun *run = simrun_create(scenario, &(struct simrun_options){
			.path = "R1,R2,R3", .rounds = 150, .no_through = i == 1, .seed = check_seed(7)});
		const struct finding *finding;

		simrun_until_done(run);
		finding = simrun_finding(run, FINDING_COARSE_CLOCK);
		assert_non_null(finding);
		assert_int_equal(finding->hop[0], 2);
		assert_near(simrun_fact(finding, "tick_ms"), 4, 0);
		simrun_destroy(run);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_a_queue_is_named_and_no_other_link),
		cmocka_unit_test(test_a_step_is_named_and_no_other_link),
		cmocka_unit_test(test_a_restless_link_is_no_news),
		cmocka_unit_test(test_what_this_host_holds_up_is_no_links_fault),
		cmocka_unit_test(test_a_clock_of_four_milliseconds_is_seen),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
