/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "support/chain.h"
#include "support/check.h"
#include "support/simrun.h"

/*
 * Hops from one on send home by another way. What is lost there hits all that users send, and no
 * nested probe, which comes home over the path: it is told, and nothing is called sound meanwhile.
 */
enum { SEEDS = 40, ROUNDS = 1000, HOPS = 7 };

enum way_home { HOME_LOSSY, HOME_CLEAN, HOME_LIMITED, HOME_KINDS };

static void put_routes(struct chain *chain, unsigned first)
{
	unsigned end = chain->routers + 1;

	for (unsigned hop = 1; hop <= end; hop++) {
		char id[8];

		(void)snprintf(id, sizeof id, hop == end ? "D" : "R%u", hop);
		if (hop < first && hop > 1) {
			strbuf_printf(&chain->text, "route %s to A via R%u\n", id, hop - 1);
		} else if (hop >= first) {
			strbuf_printf(&chain->text, "route %s to A via Z\n", id);
		}
		/* On the way out, and between them, over the path. */
		for (unsigned to = 1; to <= end; to++) {
			unsigned next = to > hop ? hop + 1 : hop - 1;
			char next_id[8], to_id[8];

			(void)snprintf(next_id, sizeof next_id, next == end ? "D" : "R%u", next);
			(void)snprintf(to_id, sizeof to_id, to == end ? "D" : "R%u", to);
			if (to != hop) {
				strbuf_printf(&chain->text, "route %s to %s via %s\n", id, to_id, next_id);
			}
		}
	}
	for (unsigned to = 1; to <= chain->routers; to++) {
		strbuf_printf(&chain->text, "route A to R%u via R1\n", to);
	}
	strbuf_puts(&chain->text, "route A to D via R1\nroute Z to A via R1\n");
}

static struct simrun *run_of(uint64_t seed, enum way_home kind, unsigned *ret_first,
	unsigned *ret_loss)
{
	static const unsigned intervals_ms[] = {100, 200, 500}, losses[] = {4, 8, 20};
	struct chain chain = chain_begin(seed, 51, 3, HOPS);
	ns_t interval = intervals_ms[chain_below(&chain, 3)] * NS_PER_MS;
	struct simrun *run;

	*ret_first = 2 + chain_below(&chain, chain.routers);
	*ret_loss = losses[chain_below(&chain, 3)];
	for (unsigned hop = 1; hop <= chain.routers; hop++) {
		strbuf_printf(&chain.text, "router R%u 10.0.%u.3%s\n", hop, hop,
			kind == HOME_LIMITED && chain_below(&chain, 3) == 0 ? " icmp-rate 2/s burst 4" : "");
	}
	strbuf_printf(&chain.text, "host D 10.0.%u.3 decap yes\nrouter Z 10.0.90.3\n",
		chain.routers + 1);
	for (unsigned hop = 1; hop <= chain.routers + 1; hop++) {
		chain_put_link(&chain, hop);
		strbuf_printf(&chain.text, " delay %uus jitter exponential 0.2ms\n",
			200 + chain_below(&chain, 9000));
	}
	strbuf_puts(&chain.text, "link R1-Z 10.0.91.2/10.0.91.3 delay 2ms");
	if (kind == HOME_LOSSY) {
		strbuf_printf(&chain.text, " loss %u%% back-only", *ret_loss);
	}
	for (unsigned hop = *ret_first; hop <= chain.routers + 1; hop++) {
		strbuf_printf(&chain.text, "\nlink %s%.0u-Z 10.0.%u.2/10.0.%u.3 delay 2ms",
			hop > chain.routers ? "D" : "R", hop > chain.routers ? 0 : hop, 100 + hop, 100 + hop);
	}
	strbuf_putc(&chain.text, '\n');
	put_routes(&chain, *ret_first);
	run = simrun_create(strbuf_text(&chain.text), &(struct simrun_options){.destination = "D",
		.seed = seed, .has_scan = true, .has_reverse = true, .rounds = ROUNDS,
		.interval = interval, .max_rate_pps = 1000});
	simrun_until_done(run);
	strbuf_finish(&chain.text);
	return run;
}

static bool has_active(const struct simrun *run, enum finding_id id)
{
	const struct finding *finding = simrun_finding(run, id);

	return finding != NULL && finding->is_active;
}

static void test_loss_of_the_way_home_is_told_and_placed(void **state)
{
	uint64_t first = check_seed(1);
	unsigned told = 0, held = 0;
	(void)state;

	for (uint64_t seed = first; seed < first + SEEDS; seed++) {
		unsigned from, loss;
		struct simrun *run = run_of(seed, HOME_LOSSY, &from, &loss);
		const struct finding *finding = simrun_finding(run, FINDING_PATH_LOSS);

		assert_null(simrun_finding(run, FINDING_LINK_LOSS));
		told += finding != NULL;
		held += finding != NULL && simrun_fact(finding, "low_hop") <= from &&
			simrun_fact(finding, "high_hop") >= from;
		/* Of nobody it is said that nothing is lost. */
		assert_false(finding != NULL && finding->is_active &&
			has_active(run, FINDING_COSMETIC_LOSS));
		simrun_destroy(run);
	}
	print_message("# told of %u of %u, the place holds the truth in %u\n", told, (unsigned)SEEDS,
		held);
	assert_true(told >= SEEDS * 95 / 100);
	assert_true(held >= told * 95 / 100);
}

static void test_another_way_home_by_itself_is_no_loss(void **state)
{
	uint64_t first = check_seed(1);
	unsigned accused = 0;
	(void)state;

	for (uint64_t seed = first; seed < first + SEEDS; seed++) {
		unsigned from, loss;
		struct simrun *run = run_of(seed, seed % 2 == 0 ? HOME_CLEAN : HOME_LIMITED, &from, &loss);

		if (simrun_finding(run, FINDING_PATH_LOSS) != NULL ||
		    simrun_finding(run, FINDING_LINK_LOSS) != NULL) {
			print_message("# seed %u: loss\n", (unsigned)seed);
			accused++;
		}
		simrun_destroy(run);
	}
	assert_int_equal(accused, 0);
}

/* One line of a bundle is bad, and the flow of ordinary probes is on it; or that of nested ones. */
static void test_an_end_is_never_called_sound(void **state)
{
	uint64_t first = check_seed(1);
	unsigned told = 0, lossy = 0, sound = 0;
	(void)state;

	for (uint64_t seed = first; seed < first + SEEDS; seed++) {
		struct chain chain = chain_begin(seed, 52, 3, HOPS);
		unsigned bad = 1 + chain_below(&chain, chain.routers);
		struct simrun *run;
		const struct stats *to;

		for (unsigned hop = 1; hop <= chain.routers; hop++) {
			strbuf_printf(&chain.text, "router R%u 10.0.%u.3\n", hop, hop);
		}
		strbuf_printf(&chain.text, "host D 10.0.%u.3 decap yes\n", chain.routers + 1);
		for (unsigned hop = 1; hop <= chain.routers + 1; hop++) {
			chain_put_link(&chain, hop);
			strbuf_printf(&chain.text, " delay 2ms %s\n",
				hop == bad ? "member-loss 0%,0%,15%" : "");
		}
		run = simrun_create(strbuf_text(&chain.text), &(struct simrun_options){
			.destination = "D", .seed = seed, .has_scan = true, .has_reverse = true,
			.rounds = 2 * ROUNDS, .max_rate_pps = 1000});
		simrun_until_done(run);
		to = simrun_to(run, chain.routers + 1);
		if (to->lost > to->sent / 20) {
			lossy++;
			told += has_active(run, FINDING_PATH_LOSS) || has_active(run, FINDING_LINK_LOSS);
			if (has_active(run, FINDING_COSMETIC_LOSS)) {
				print_message("# seed %u, link %u of %u: %s\n", (unsigned)seed, bad,
					chain.routers + 1, simrun_finding(run, FINDING_COSMETIC_LOSS)->text);
				sound++;
			}
		}
		simrun_destroy(run);
		strbuf_finish(&chain.text);
	}
	print_message("# the end loses in %u of %u, told in %u\n", lossy, (unsigned)SEEDS, told);
	assert_true(sound <= SEEDS / 20);
	assert_true(lossy > SEEDS / 5);
	assert_true(told >= lossy * 9 / 10);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_loss_of_the_way_home_is_told_and_placed),
		cmocka_unit_test(test_another_way_home_by_itself_is_no_loss),
		cmocka_unit_test(test_an_end_is_never_called_sound),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
