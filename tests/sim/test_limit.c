/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "base/rng.h"
#include "base/strbuf.h"
#include "support/check.h"
#include "support/simrun.h"

/*
 * Ends that limit their replies, or never reply: what they leave unanswered is nobody's loss, and
 * loss before them is read from others. Networks, limits and rates of asking are random.
 */
enum { SEEDS = 200, LOSSY_SEEDS = 60, ROUNDS = 200, HOPS = 9 };

struct network {
	struct strbuf text;
	unsigned routers;        /* the destination is one more */
	bool unwraps;            /* all of them do */
	bool is_udp;             /* so that it limits errors */
	ns_t interval;
};

static unsigned below(struct rng *rng, unsigned limit)
{
	return (unsigned)(rng_unit(rng) * limit);
}

static void put_node(struct strbuf *text, unsigned hop, unsigned routers)
{
	if (hop == 0 || hop > routers) {
		strbuf_putc(text, hop == 0 ? 'A' : 'D');
	} else {
		strbuf_printf(text, "R%u", hop);
	}
}

/* `lossy`: the link before that hop, with these words. */
static void put_links(struct network *network, struct rng *rng, unsigned lossy, const char *words)
{
	for (unsigned hop = 1; hop <= network->routers + 1; hop++) {
		strbuf_puts(&network->text, "link ");
		put_node(&network->text, hop - 1, network->routers);
		strbuf_putc(&network->text, '-');
		put_node(&network->text, hop, network->routers);
		strbuf_printf(&network->text, " delay %u00us jitter exponential 0.3ms %s\n",
			1 + below(rng, 80), hop == lossy ? words : "");
	}
}

static struct network network_of(struct rng *rng, unsigned least, const char *end)
{
	static const unsigned intervals_ms[] = {100, 200, 500, 1000};
	struct network network = {.routers = least + below(rng, HOPS + 1 - least),
		.unwraps = below(rng, 2) == 0, .interval = intervals_ms[below(rng, 4)] * NS_PER_MS,
		.is_udp = below(rng, 2) == 0};

	strbuf_puts(&network.text, "prober A 10.0.0.1\n");
	for (unsigned hop = 1; hop <= network.routers; hop++) {
		strbuf_printf(&network.text, "router R%u 10.0.%u.3 %s\n", hop, hop,
			network.unwraps ? "" : "decap silent");
	}
	strbuf_printf(&network.text, "host D 10.0.%u.3 %s ", network.routers + 1,
		network.unwraps ? "" : "decap silent");
	if (end == NULL) {
		/* A tenth to nine tenths of what ordinary probes ask. */
		strbuf_printf(&network.text, "echo limited icmp-rate 1/%ums burst %u",
			(unsigned)(network.interval / NS_PER_MS) * 10 / (1 + below(rng, 9)),
			1 + below(rng, 10));
	} else {
		strbuf_puts(&network.text, end);
	}
	strbuf_putc(&network.text, '\n');
	return network;
}

static struct simrun *run_of(struct network *network, uint64_t seed, uint64_t rounds)
{
	struct simrun *run = simrun_create(strbuf_text(&network->text), &(struct simrun_options){
		.destination = "D", .seed = seed, .has_scan = true, .has_reverse = true,
		.rounds = rounds, .interval = network->interval, .max_rate_pps = 1000,
		.is_udp = network->is_udp});

	simrun_until_done(run);
	strbuf_finish(&network->text);
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
		struct rng rng;
		struct network network;
		struct simrun *run;
		unsigned end;

		rng_init(&rng, seed, 21);
		network = network_of(&rng, 1, NULL);
		put_links(&network, &rng, 0, "");
		end = network.routers + 1;
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

/* Neither by chance nor in bursts, which follow one another as a limiter's answers do. */
static void test_loss_before_the_end_is_no_limit(void **state)
{
	uint64_t first = check_seed(1);
	unsigned told = 0;
	(void)state;

	for (uint64_t seed = first; seed < first + SEEDS; seed++) {
		struct rng rng;
		struct network network;
		struct simrun *run;
		char words[64];
		unsigned end;

		rng_init(&rng, seed, 22);
		network = network_of(&rng, 1, "");
		end = network.routers + 1;
		if (below(&rng, 2) == 0) {
			(void)snprintf(words, sizeof words, "loss %u%%", 2 + below(&rng, 30));
		} else {
			(void)snprintf(words, sizeof words, "burst %u%% %u%% 100%%", 1 + below(&rng, 4),
				5 + below(&rng, 50));
		}
		put_links(&network, &rng, end, words);
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
		struct rng rng;
		struct network network;
		struct simrun *run;
		unsigned end;

		rng_init(&rng, seed, 25);
		network = network_of(&rng, 1, seed % 2 == 0 ? "" : NULL);
		end = network.routers + 1;
		put_links(&network, &rng, end, seed % 2 == 0 ? "loss 40%" : "");
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
		struct rng rng;
		struct network network;
		struct simrun *run;
		const struct finding *finding;
		unsigned lossy;

		rng_init(&rng, seed, stream);
		network = network_of(&rng, 3, end);
		lossy = 1 + below(&rng, network.routers - 1);
		put_links(&network, &rng, lossy, "loss 4%");
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
		cmocka_unit_test(test_loss_before_the_end_is_no_limit),
		cmocka_unit_test(test_in_few_rounds_neither_is_said),
		cmocka_unit_test(test_loss_before_a_limited_end_is_placed),
		cmocka_unit_test(test_loss_before_an_end_that_never_replies_is_placed),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
