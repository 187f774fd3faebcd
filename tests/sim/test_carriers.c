/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <stdlib.h>

#include "base/rng.h"
#include "base/strbuf.h"
#include "support/check.h"
#include "support/simrun.h"

/*
 * What is the matter with a network does not depend on what probes are nested by: the same one,
 * with nodes that take each of the carriers.
 */
enum { SEEDS = 12, SEEDS_LONG = 200, HOPS_MOST = 8, ROUNDS = 600 };

struct drawn {
	unsigned hops, lossy;   /* the link that ends at this hop; 0: none */
	unsigned percent;
	bool is_mixed;          /* by GRE and IP in IP in turn */
};

static struct drawn draw(uint64_t seed)
{
	struct drawn network;
	struct rng rng;

	rng_init(&rng, seed, 3);
	network.hops = 2 + rng_below(&rng, HOPS_MOST - 1);
	network.lossy = rng_below(&rng, 4) == 0 ? 0 : 1 + rng_below(&rng, network.hops);
	network.percent = 5 + rng_below(&rng, 6);
	network.is_mixed = false;
	return network;
}

static void write_network(struct strbuf *text, const struct drawn *network, enum carrier carrier)
{
	strbuf_printf(text, "seed 1\nprober A fcbb:bbbb:a0::\n");
	for (unsigned i = 1; i <= network->hops; i++) {
		strbuf_printf(text, "router N%u fcbb:bbbb:%u:: carrier %s\n", i, i,
			carrier_name(network->is_mixed && i % 2 == 0 ? CARRIER_IPIP : carrier));
	}
	for (unsigned i = 1; i <= network->hops; i++) {
		strbuf_printf(text, "link %s%.0u-N%u fd00:%u::1/fd00:%u::2 delay %ums", i == 1 ? "A" : "N",
			i - 1, i, i, i, 1 + i);
		if (i == network->lossy) {
			strbuf_printf(text, " loss %u%%", network->percent);
		}
		strbuf_puts(text, "\n");
	}
}

static struct simrun *run_network(const struct drawn *network, enum carrier carrier,
	uint64_t seed, bool has_scan)
{
	struct strbuf text = {0}, path = {0};
	struct simrun *run;

	write_network(&text, network, carrier);
	for (unsigned i = 1; i <= network->hops; i++) {
		strbuf_printf(&path, "%sN%u", i > 1 ? "," : "", i);
	}
	run = simrun_create(text.text, &(struct simrun_options){.path = path.text, .seed = seed,
		.rounds = ROUNDS, .has_scan = has_scan, .has_reverse = true,
		.carrier = has_scan ? 0 : (uint8_t)(1 + carrier)});
	simrun_until_done(run);
	strbuf_finish(&text);
	strbuf_finish(&path);
	return run;
}

/* That link alone is named; or nothing, where nothing is the matter. */
static bool is_right(const struct simrun *run, const struct drawn *network)
{
	const struct finding *link = simrun_finding(run, FINDING_LINK_LOSS);
	const struct finding *path = simrun_finding(run, FINDING_PATH_LOSS);

	if (network->lossy == 0) {
		return link == NULL && path == NULL;
	}
	return path == NULL && link != NULL && link->hop_count == 2 && link->hop[1] == network->lossy;
}

static void check_counts(const struct simrun *run, const struct drawn *network)
{
	for (unsigned i = 1; i <= network->hops; i++) {
		const struct stats *through = simrun_through(run, i);

		/* One that has not said yet what it takes is not measured through. */
		assert_true(through->sent == ROUNDS ||
			(network->is_mixed && through->sent > ROUNDS * 9 / 10));
		assert_int_equal(run->session.hops[i - 1].flaws.count[FLAW_CHECKSUM], 0);
		if (network->lossy == 0 || i < network->lossy) {
			assert_int_equal(through->received, through->sent);
		}
	}
}

static void test_the_same_link_is_named_by_each_of_them(void **state)
{
	unsigned seeds = getenv("THRUPATH_LONG") == NULL ? SEEDS : SEEDS_LONG;
	uint64_t first = check_seed(300);
	(void)state;

	for (int carrier = 0; carrier < CARRIER_COUNT; carrier++) {
		unsigned right = 0;

		for (uint64_t seed = first; seed < first + seeds; seed++) {
			struct drawn network = draw(seed);
			struct simrun *run = run_network(&network, (enum carrier)carrier, seed, false);

			check_counts(run, &network);
			right += is_right(run, &network);
			simrun_destroy(run);
		}
		printf("# %s: %u of %u\n", carrier_name((enum carrier)carrier), right, seeds);
		assert_true(right * 100 >= 99 * seeds);
	}
}

static void test_the_scan_finds_out_who_takes_what(void **state)
{
	uint64_t first = check_seed(900);
	(void)state;

	for (uint64_t seed = first; seed < first + SEEDS; seed++) {
		struct drawn network = draw(seed);
		struct simrun *run;

		network.is_mixed = true;
		network.lossy = 0;
		run = run_network(&network, CARRIER_GRE, seed, true);
		check_counts(run, &network);
		for (unsigned i = 1; i <= network.hops; i++) {
			assert_int_equal(session_carrier(&run->session, &run->session.hops[i - 1]),
				i % 2 == 0 ? CARRIER_IPIP : CARRIER_GRE);
		}
		simrun_destroy(run);
	}
}

/* With one header for all legs a trace home goes by the header's hop limit. */
static void test_the_way_back_is_traced_by_each_of_them(void **state)
{
	(void)state;

	for (int carrier = 0; carrier < CARRIER_COUNT; carrier++) {
		struct drawn network = {.hops = 5};
		struct simrun *run = run_network(&network, (enum carrier)carrier, 7, false);
		const struct reverse_path *reverse = &run->session.reverse;

		assert_int_equal(reverse->from_hop, 5);
		assert_int_equal(session_reverse_routers(&run->session, reverse), 4);
		for (unsigned ttl = 2; ttl <= 5; ttl++) {
			struct addr wanted = {ADDR_V6, {0xfd, 0, 0, (uint8_t)(7 - ttl), [15] = 1}};

			assert_true(addr_equal(&reverse->at_ttl[ttl], &wanted));
		}
		simrun_destroy(run);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_the_same_link_is_named_by_each_of_them),
		cmocka_unit_test(test_the_scan_finds_out_who_takes_what),
		cmocka_unit_test(test_the_way_back_is_traced_by_each_of_them),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
