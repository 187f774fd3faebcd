/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "support/chain.h"
#include "support/check.h"
#include "support/simrun.h"

/*
 * Ends that limit their replies, or never reply: what they leave unanswered is nobody's loss, and
 * loss before them is read from others. Networks, limits and rates of asking are random.
 */
enum { SEEDS = 200, LOSSY_SEEDS = 60, ROUNDS = 200, HOPS = 9 };

struct limited {
	struct chain chain;
	bool unwraps;            /* all of them do */
	bool is_udp;             /* so that it limits errors */
	ns_t interval;
};

/* `lossy`: the link before that hop, with these words. */
static void put_links(struct chain *chain, unsigned lossy, const char *words)
{
	for (unsigned hop = 1; hop <= chain->routers + 1; hop++) {
		chain_put_link(chain, hop);
		strbuf_printf(&chain->text, " delay %u00us jitter exponential 0.3ms %s\n",
			1 + chain_below(chain, 80), hop == lossy ? words : "");
	}
}

/* Its links are still to come. */
static struct limited network_of(uint64_t seed, uint64_t stream, unsigned least, const char *end)
{
	static const unsigned intervals_ms[] = {100, 200, 500, 1000};
	struct limited network = {.chain = chain_begin(seed, stream, least, HOPS)};
	struct chain *chain = &network.chain;
	struct strbuf *text = &chain->text;

	network.unwraps = chain_below(chain, 2) == 0;
	network.interval = intervals_ms[chain_below(chain, 4)] * NS_PER_MS;
	network.is_udp = chain_below(chain, 2) == 0;
	for (unsigned hop = 1; hop <= chain->routers; hop++) {
		strbuf_printf(text, "router R%u 10.0.%u.3 %s\n", hop, hop,
			network.unwraps ? "" : "decap silent");
	}
	strbuf_printf(text, "host D 10.0.%u.3 %s ", chain->routers + 1,
		network.unwraps ? "" : "decap silent");
	if (end == NULL) {
		/* A tenth to nine tenths of what ordinary probes ask. */
		unsigned tenths = 1 + chain_below(chain, 9);

		strbuf_printf(text, "echo limited icmp-rate 1/%ums burst %u",
			(unsigned)(network.interval / NS_PER_MS) * 10 / tenths,
			1 + chain_below(chain, 10));
	} else {
		strbuf_puts(text, end);
	}
	strbuf_putc(text, '\n');
	return network;
}

static struct simrun *run_of(struct limited *network, uint64_t seed, uint64_t rounds)
{
	struct simrun *run = simrun_create(strbuf_text(&network->chain.text), &(struct simrun_options){
		.destination = "D", .seed = seed, .has_scan = true, .has_reverse = true,
		.rounds = rounds, .interval = network->interval, .max_rate_pps = 1000,
		.is_udp = network->is_udp});

	simrun_until_done(run);
	strbuf_finish(&network->chain.text);
	return run;
}

static size_t count_of(const struct simrun *run, enum finding_id id, unsigned hop)
{
	size_t count, found = 0;
	const struct finding *findings = diag_findings(run->diag, &count);

	for (size_t i = 0; i < count; i++) {
		found += findings[i].id == id && findings[i].hop[findings[i].hop_count - 1] == hop;
	}
	return found;
}

static void test_a_limited_end_is_no_loss(void **state)
{
	uint64_t first = check_seed(1);
	unsigned told = 0;
	(void)state;

	for (uint64_t seed = first; seed < first + SEEDS; seed++) {
		struct limited network = network_of(seed, 21, 1, NULL);
		unsigned end = network.chain.routers + 1;
		struct simrun *run;

		put_links(&network.chain, 0, "");
		run = run_of(&network, seed, ROUNDS);
		if (simrun_finding(run, FINDING_LINK_LOSS) != NULL ||
		    simrun_finding(run, FINDING_PATH_LOSS) != NULL) {
			fail_msg("seed %u: loss", (unsigned)seed);
		}
		told += count_of(run, FINDING_ICMP_RATE_LIMIT, end) > 0;
		simrun_destroy(run);
	}
	print_message("# told of %u of %u\n", told, (unsigned)SEEDS);
	assert_true(told >= SEEDS * 95 / 100);
}

/* Its bucket is near to empty all the time, and each minute a trace that is sent beyond the end
 * takes what is left. */
static void test_an_end_that_is_asked_as_often_as_it_answers_is_no_loss(void **state)
{
	uint64_t first = check_seed(1);
	(void)state;

	for (uint64_t seed = first; seed < first + LOSSY_SEEDS; seed++) {
		struct limited network = network_of(seed, 26, 1, "echo limited");
		struct chain *chain = &network.chain;
		unsigned share = 98 + chain_below(chain, 5); /* %, of what they ask */
		struct simrun *run;

		put_links(chain, 0, "");
		strbuf_printf(&chain->text, "at 0s router D icmp-rate 1/%ums burst %u\n",
			(unsigned)(network.interval / NS_PER_MS) * 100 / share, 1 + chain_below(chain, 10));
		run = run_of(&network, seed, 5 * ROUNDS);
		if (simrun_finding(run, FINDING_LINK_LOSS) != NULL ||
		    simrun_finding(run, FINDING_PATH_LOSS) != NULL) {
			fail_msg("seed %u: loss", (unsigned)seed);
		}
		simrun_destroy(run);
	}
}

/* Neither by chance nor in bursts, which follow one another as a limiter's answers do. */
static void test_loss_before_the_end_is_no_limit(void **state)
{
	uint64_t first = check_seed(1);
	unsigned told = 0;
	(void)state;

	for (uint64_t seed = first; seed < first + SEEDS; seed++) {
		struct limited network = network_of(seed, 22, 1, "");
		struct chain *chain = &network.chain;
		struct simrun *run;
		char words[64];

		if (chain_below(chain, 2) == 0) {
			(void)snprintf(words, sizeof words, "loss %u%%", 2 + chain_below(chain, 30));
		} else {
			unsigned enter = 1 + chain_below(chain, 4);

			(void)snprintf(words, sizeof words, "burst %u%% %u%% 100%%", enter,
				5 + chain_below(chain, 50));
		}
		put_links(chain, chain->routers + 1, words);
		run = run_of(&network, seed, 2 * ROUNDS);
		if (simrun_finding(run, FINDING_ICMP_RATE_LIMIT) != NULL) {
			fail_msg("seed %u: a limit", (unsigned)seed);
		}
		told += simrun_finding(run, FINDING_LINK_LOSS) != NULL ||
			simrun_finding(run, FINDING_PATH_LOSS) != NULL;
		simrun_destroy(run);
	}
	print_message("# told of %u of %u\n", told, (unsigned)SEEDS);
	assert_true(told >= SEEDS * 95 / 100);
}

/* Ten rounds cannot tell a limit from loss: neither is said, and that is. */
static void test_in_few_rounds_neither_is_said(void **state)
{
	uint64_t first = check_seed(1);
	unsigned told = 0;
	(void)state;

	for (uint64_t seed = first; seed < first + LOSSY_SEEDS; seed++) {
		struct limited network = network_of(seed, 25, 1, seed % 2 == 0 ? "" : NULL);
		struct simrun *run;

		put_links(&network.chain, network.chain.routers + 1, seed % 2 == 0 ? "loss 40%" : "");
		run = run_of(&network, seed, 20);
		assert_null(simrun_finding(run, FINDING_LINK_LOSS));
		assert_null(simrun_finding(run, FINDING_PATH_LOSS));
		told += diag_end(run->diag).is_undecided;
		simrun_destroy(run);
	}
	print_message("# told of %u of %u\n", told, (unsigned)LOSSY_SEEDS);
	assert_true(told >= LOSSY_SEEDS / 2);
}

/* On links that two hops and the end lie behind; the set of places holds the true one. */
static void assert_loss_before(const char *end, unsigned stream)
{
	uint64_t first = check_seed(1);
	unsigned told = 0;

	for (uint64_t seed = first; seed < first + LOSSY_SEEDS; seed++) {
		struct limited network = network_of(seed, stream, 3, end);
		unsigned lossy = 1 + chain_below(&network.chain, network.chain.routers - 1);
		struct simrun *run;
		const struct finding *finding;

		put_links(&network.chain, lossy, "loss 4%");
		run = run_of(&network, seed, 500);
		finding = simrun_finding(run, network.unwraps ? FINDING_LINK_LOSS : FINDING_PATH_LOSS);
		told += finding != NULL;
		if (finding != NULL && network.unwraps) {
			assert_int_equal(finding->hop[1], lossy);
		} else if (finding != NULL) {
			assert_between(lossy, (unsigned)simrun_fact(finding, "low_hop"),
				(unsigned)simrun_fact(finding, "high_hop"));
		}
		simrun_destroy(run);
	}
	print_message("# told of %u of %u\n", told, (unsigned)LOSSY_SEEDS);
	assert_true(told >= LOSSY_SEEDS * 95 / 100);
}

static void test_loss_before_a_limited_end_is_placed(void **state)
{
	(void)state;
	assert_loss_before(NULL, 23);
}

static void test_loss_before_an_end_that_never_replies_is_placed(void **state)
{
	(void)state;
	assert_loss_before("icmp no closed-ports no echo no", 24);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_a_limited_end_is_no_loss),
		cmocka_unit_test(test_an_end_that_is_asked_as_often_as_it_answers_is_no_loss),
		cmocka_unit_test(test_loss_before_the_end_is_no_limit),
		cmocka_unit_test(test_in_few_rounds_neither_is_said),
		cmocka_unit_test(test_loss_before_a_limited_end_is_placed),
		cmocka_unit_test(test_loss_before_an_end_that_never_replies_is_placed),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
