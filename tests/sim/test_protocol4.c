/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <math.h>

#include "support/chain.h"
#include "support/check.h"
#include "support/simrun.h"

/*
 * A hop or a filter that treats IP in IP otherwise than what users send: that is no loss of a link.
 * And a link that loses whatever passes it is no matter of IP in IP.
 */
enum { SEEDS = 40, HOPS = 8, ROUNDS = 1000, TROUBLES = 7 };

static ns_t interval_of(struct chain *chain)
{
	static const unsigned intervals_ms[] = {100, 200, 500, 1000};

	return intervals_ms[chain_below(chain, 4)] * NS_PER_MS;
}

static void put_links(struct chain *chain, unsigned lossy, const char *words)
{
	for (unsigned hop = 1; hop <= chain->routers + 1; hop++) {
		chain_put_link(chain, hop);
		strbuf_printf(&chain->text, " delay %uus jitter exponential 0.2ms %s\n",
			200 + chain_below(chain, 30000), hop == lossy ? words : "");
	}
}

/* What is the matter with the hop from the beginning on, or from some round on. */
static void put_trouble(struct chain *chain, unsigned trouble, double nested_per_sec, char ret[80])
{
	switch (trouble) {
	case 0:
		(void)snprintf(ret, 80, "source-check strict");
		return;
	case 1:
		(void)snprintf(ret, 80, "police ipip %u/s burst %u",
			(unsigned)(nested_per_sec * (20 + chain_below(chain, 50)) / 100) + 1,
			1 + chain_below(chain, 8));
		return;
	case 2:
		(void)snprintf(ret, 80, "decap-loss %u%%", 2 + chain_below(chain, 10));
		return;
	case 3:
		(void)snprintf(ret, 80, "nested no");
		return;
	case 4:
		(void)snprintf(ret, 80, "decap silent");
		return;
	case 5:
		(void)snprintf(ret, 80, "decap prohibited");
		return;
	default:
		(void)snprintf(ret, 80, "decap refused");
		return;
	}
}

static struct simrun *run_of(struct chain *chain, uint64_t seed, ns_t interval, bool is_explicit)
{
	struct strbuf path = {0};
	struct simrun *run;

	for (unsigned hop = 1; hop <= chain->routers; hop++) {
		strbuf_printf(&path, "R%u,", hop);
	}
	strbuf_puts(&path, "D");
	run = simrun_create(strbuf_text(&chain->text), &(struct simrun_options){
		.path = is_explicit ? strbuf_text(&path) : NULL, .destination = "D", .seed = seed,
		.has_scan = !is_explicit, .has_reverse = true, .rounds = ROUNDS, .interval = interval,
		.max_rate_pps = 1000});
	simrun_until_done(run);
	strbuf_finish(&path);
	strbuf_finish(&chain->text);
	return run;
}

static bool has_alarm(const struct simrun *run, const char *what, uint64_t seed)
{
	size_t count;
	const struct finding *findings = diag_findings(run->diag, &count);

	for (size_t i = 0; i < count; i++) {
		if (findings[i].id == FINDING_LINK_LOSS || findings[i].id == FINDING_PATH_LOSS) {
			print_message("# seed %u, %s: %s\n", (unsigned)seed, what, findings[i].text);
			return true;
		}
	}
	return false;
}

static void test_trouble_of_ip_in_ip_is_no_loss_of_a_link(void **state)
{
	uint64_t first = check_seed(1);
	unsigned told = 0, accused = 0;
	(void)state;

	for (uint64_t seed = first; seed < first + SEEDS; seed++) {
		struct chain chain = chain_begin(seed, 41, 3, HOPS);
		ns_t interval = interval_of(&chain);
		unsigned trouble = (unsigned)(seed % TROUBLES);
		unsigned bad = 1 + chain_below(&chain, chain.routers - 1);
		bool is_late = trouble >= 3, is_explicit = !is_late || chain_below(&chain, 2) == 0;
		char words[80];
		struct simrun *run;

		put_trouble(&chain, trouble, 2 * (chain.routers + 1) / ns_to_sec(interval), words);
		for (unsigned hop = 1; hop <= chain.routers; hop++) {
			strbuf_printf(&chain.text, "router R%u 10.0.%u.3 %s\n", hop, hop,
				hop == bad && !is_late ? words : "");
		}
		strbuf_printf(&chain.text, "host D 10.0.%u.3 decap yes\n", chain.routers + 1);
		put_links(&chain, 0, "");
		if (is_late) {
			strbuf_printf(&chain.text, "at %.1fs router R%u %s\n", ns_to_sec(interval) *
				(60 + chain_below(&chain, 300)), bad, words);
		}
		run = run_of(&chain, seed, interval, is_explicit);
		accused += has_alarm(run, words, seed);
		if (simrun_finding(run, FINDING_PROTOCOL4_LOSS) == NULL &&
		    simrun_finding(run, FINDING_DECAP_FAULT) == NULL &&
		    simrun_finding(run, FINDING_ADMIN_PROHIBITED) == NULL) {
			print_message("# seed %u, %s: nothing is told\n", (unsigned)seed, words);
		} else {
			told++;
		}
		simrun_destroy(run);
	}
	print_message("# told of %u of %u, a link accused in %u\n", told, (unsigned)SEEDS, accused);
	assert_true(told >= SEEDS * 95 / 100);
	assert_true(accused <= SEEDS / 20);
}

static void test_a_link_that_loses_what_users_send_is_named(void **state)
{
	static const char *const losses[] = {"loss 5%", "loss 5% out-only", "loss 5% back-only",
		"loss 20%", "outage 200ms every 5s random"};
	uint64_t first = check_seed(1);
	unsigned named = 0;
	(void)state;

	for (uint64_t seed = first; seed < first + SEEDS; seed++) {
		struct chain chain = chain_begin(seed, 42, 3, HOPS);
		ns_t interval = interval_of(&chain);
		unsigned bad = 1 + chain_below(&chain, chain.routers);
		struct simrun *run;
		const struct finding *finding;

		for (unsigned hop = 1; hop <= chain.routers; hop++) {
			strbuf_printf(&chain.text, "router R%u 10.0.%u.3\n", hop, hop);
		}
		strbuf_printf(&chain.text, "host D 10.0.%u.3 decap yes\n", chain.routers + 1);
		put_links(&chain, bad, losses[seed % 5]);
		run = run_of(&chain, seed, interval, true);
		finding = simrun_finding(run, FINDING_LINK_LOSS);
		assert_null(simrun_finding(run, FINDING_PROTOCOL4_LOSS));
		named += finding != NULL && finding->hop[1] == bad;
		simrun_destroy(run);
	}
	print_message("# named in %u of %u\n", named, (unsigned)SEEDS);
	assert_true(named >= SEEDS * 95 / 100);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_trouble_of_ip_in_ip_is_no_loss_of_a_link),
		cmocka_unit_test(test_a_link_that_loses_what_users_send_is_named),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
