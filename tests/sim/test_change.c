/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "support/chain.h"
#include "support/check.h"
#include "support/simrun.h"

/*
 * A change of path is told once, at its place, followed or not, and so is one to and fro; what is
 * said of ways home and of balance is not said of two paths together. Networks are random.
 */
enum { SEEDS = 16, HOPS = 8, CHANGE_AT = 120 };

struct detour {
	unsigned from, to;       /* the hops where it leaves the path and comes back to it */
	unsigned others;         /* routers of it */
};

static void put_route(struct chain *chain, unsigned at_s, const char *from, const char *to,
	const char *via)
{
	if (at_s > 0) {
		strbuf_printf(&chain->text, "at %us ", at_s);
	}
	strbuf_printf(&chain->text, "route %s to %s via %s\n", from, to, via);
}

static const char *node_of(const struct chain *chain, const struct detour *detour, unsigned index,
	bool is_other, char ret[8])
{
	if (is_other && index > detour->others) {
		is_other = false;
		index = detour->to;
	}
	if (index == 0 || (!is_other && index > chain->routers)) {
		(void)snprintf(ret, 8, index == 0 ? is_other ? "R%u" : "A" : "D", detour->from);
	} else {
		(void)snprintf(ret, 8, is_other ? "S%u" : "R%u", index);
	}
	return ret;
}

static void put_detour(struct chain *chain, const struct detour *detour)
{
	char here[8], next[8];

	for (unsigned i = 1; i <= detour->others; i++) {
		strbuf_printf(&chain->text, "router S%u\n", i);
	}
	for (unsigned i = 0; i <= detour->others; i++) {
		node_of(chain, detour, i, true, here);
		node_of(chain, detour, i + 1, true, next);
		strbuf_printf(&chain->text, "link %s-%s 10.9.%u.0/10.9.%u.1\n", here, next, i, i);
		if (i > 0) {
			put_route(chain, 0, here, "D", next);
		}
		if (i < detour->others) {
			put_route(chain, 0, next, "A", here);
		}
	}
	for (unsigned hop = 1; hop <= chain->routers; hop++) {
		node_of(chain, detour, hop, false, here);
		put_route(chain, 0, here, "D", node_of(chain, detour, hop + 1, false, next));
		put_route(chain, 0, here, "A", node_of(chain, detour, hop - 1, false, next));
	}
}

/* Both ways at once. */
static void put_change(struct chain *chain, const struct detour *detour, unsigned at_s, bool is_new)
{
	char here[8], next[8];

	put_route(chain, at_s, node_of(chain, detour, detour->from, false, here), "D",
		node_of(chain, detour, is_new ? 1 : detour->from + 1, is_new, next));
	put_route(chain, at_s, node_of(chain, detour, detour->to, false, here), "A",
		node_of(chain, detour, is_new ? detour->others : detour->to - 1, is_new, next));
}

static struct chain network_of(uint64_t seed, uint64_t stream, struct detour *ret_detour)
{
	struct chain chain = chain_begin(seed, stream, 3, HOPS);
	struct detour *detour = ret_detour;

	strbuf_puts(&chain.text, "router D 10.1.99.3\n");
	for (unsigned hop = 1; hop <= chain.routers; hop++) {
		strbuf_printf(&chain.text, "router R%u 10.1.%u.3\n", hop, hop);
	}
	for (unsigned hop = 1; hop <= chain.routers + 1; hop++) {
		chain_put_link(&chain, hop);
		strbuf_printf(&chain.text, " delay %uus jitter exponential 0.1ms\n",
			200 + chain_below(&chain, 5000));
	}
	detour->from = 1 + chain_below(&chain, chain.routers - 2);
	detour->to = detour->from + 2 + chain_below(&chain, chain.routers - 1 - detour->from);
	detour->others = detour->to - detour->from - 1 + chain_below(&chain, 2);
	put_detour(&chain, detour);
	return chain;
}

static struct simrun *run_of(struct chain *chain, uint64_t seed, bool has_follow, unsigned seconds)
{
	struct simrun *run = simrun_create(strbuf_text(&chain->text), &(struct simrun_options){
		.destination = "D", .seed = seed, .has_scan = true, .has_reverse = true,
		.has_follow = has_follow, .rounds = 2 * seconds, .interval = NS_PER_SEC / 2});

	simrun_until_done(run);
	strbuf_finish(&chain->text);
	return run;
}

/* How many findings say what is not so while routing changes. */
static unsigned wrong_in(const struct simrun *run, uint64_t seed)
{
	size_t count;
	const struct finding *findings = diag_findings(run->diag, &count);
	unsigned wrong = 0;

	for (size_t i = 0; i < count; i++) {
		if (findings[i].id != FINDING_ROUTE_CHANGE &&
		    (finding_severity(findings[i].id) != SEVERITY_INFO ||
		     findings[i].id == FINDING_ECMP || findings[i].id == FINDING_COSMETIC_LOSS)) {
			print_message("# seed %u: %s\n", (unsigned)seed, findings[i].text);
			wrong++;
		}
	}
	return wrong;
}

static void test_a_change_is_told_once_and_soon(void **state)
{
	uint64_t first = check_seed(1);
	unsigned wrong = 0;
	(void)state;

	for (uint64_t seed = first; seed < first + SEEDS; seed++) {
		struct detour detour;
		struct chain chain = network_of(seed, 71, &detour);
		const struct finding *finding;
		struct simrun *run;

		put_change(&chain, &detour, CHANGE_AT, true);
		run = run_of(&chain, seed, seed % 2 == 0, 300);
		finding = simrun_finding(run, FINDING_ROUTE_CHANGE);
		assert_non_null(finding);
		assert_int_equal(finding->hop[0], detour.from + 1);
		assert_true(simrun_fact(finding, "changes") == 1);
		assert_true(finding->first < (CHANGE_AT + 15) * NS_PER_SEC);
		assert_true(finding->is_active == (seed % 2 != 0));
		wrong += wrong_in(run, seed);
		simrun_destroy(run);
	}
	assert_true(wrong <= SEEDS / 16);
}

static void test_a_flapping_route_is_counted_and_not_called_balanced(void **state)
{
	uint64_t first = check_seed(1);
	unsigned told = 0, all = 0, wrong = 0;
	(void)state;

	for (uint64_t seed = first; seed < first + SEEDS; seed++) {
		struct detour detour;
		struct chain chain = network_of(seed, 72, &detour);
		unsigned every_s = 30 + chain_below(&chain, 40);
		struct simrun *run;

		for (unsigned i = 0; i < 8; i++) {
			put_change(&chain, &detour, CHANGE_AT + i * every_s, i % 2 == 0);
		}
		run = run_of(&chain, seed, seed % 2 == 0, CHANGE_AT + 8 * every_s);
		told += (unsigned)simrun_fact(simrun_finding(run, FINDING_ROUTE_CHANGE), "changes");
		all += 8;
		wrong += wrong_in(run, seed);
		simrun_destroy(run);
	}
	print_message("# told %u of %u changes\n", told, all);
	assert_true(told <= all && told >= all * 9 / 10);
	assert_true(wrong <= SEEDS / 8);
}

/* The path as it is, the end replying but now and then at first. */
static void test_what_is_limited_or_lost_is_no_change(void **state)
{
	uint64_t first = check_seed(1);
	(void)state;

	for (uint64_t seed = first; seed < first + SEEDS; seed++) {
		struct chain chain = chain_begin(seed, 73, 3, HOPS);
		struct simrun *run;

		strbuf_printf(&chain.text, "limiter L 1/%us burst %u\n", 1 + chain_below(&chain, 3),
			1 + chain_below(&chain, 4));
		strbuf_puts(&chain.text, "host D 10.1.99.3 echo limited icmp-rate L\n");
		for (unsigned hop = 1; hop <= chain.routers; hop++) {
			strbuf_printf(&chain.text, "router R%u 10.1.%u.3%s\n", hop, hop,
				chain_below(&chain, 3) == 0 ? " icmp-rate L" : "");
		}
		for (unsigned hop = 1; hop <= chain.routers + 1; hop++) {
			chain_put_link(&chain, hop);
			strbuf_printf(&chain.text, " loss %u%%\n", chain_below(&chain, 4) == 0 ? 10 : 0);
		}
		run = run_of(&chain, seed, false, 300);
		assert_null(simrun_finding(run, FINDING_ROUTE_CHANGE));
		simrun_destroy(run);
	}
}

static void test_an_end_is_measured_again_after_a_followed_change(void **state)
{
	struct simrun *run = simrun_create("prober A 10.0.1.1\nrouter R1 10.0.1.3\n"
		"router R2 10.0.2.3\nrouter S2 10.0.4.3\nrouter R3 10.0.3.3\nhost D 10.0.6.3\n"
		"link A-R1\nlink R1-R2\nlink R2-R3\nlink R3-D\nlink R1-S2 10.0.4.2/10.0.4.3\n"
		"link S2-R3 10.0.5.2/10.0.5.3\nroute R1 to R3 via R2\nroute R1 to D via R2\n"
		"at 60s route R1 to R3 via S2\nat 60s route R1 to D via S2\n"
		"at 120s link R3-D loss 20%\n", &(struct simrun_options){.destination = "D",
		.seed = check_seed(1), .has_scan = true, .has_reverse = true, .has_follow = true,
		.rounds = 1200});
	const struct finding *finding;
	(void)state;

	simrun_until_done(run);
	finding = simrun_finding(run, FINDING_LINK_LOSS);
	assert_non_null(finding);
	assert_int_equal(finding->hop[1], 4);
	assert_true(finding->first < 150 * NS_PER_SEC);
	simrun_destroy(run);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_a_change_is_told_once_and_soon),
		cmocka_unit_test(test_a_flapping_route_is_counted_and_not_called_balanced),
		cmocka_unit_test(test_what_is_limited_or_lost_is_no_change),
		cmocka_unit_test(test_an_end_is_measured_again_after_a_followed_change),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
