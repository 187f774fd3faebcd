/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "support/chain.h"
#include "support/check.h"
#include "support/simrun.h"

/*
 * The way back against the path, by addresses of any kind: what is not known is not another way,
 * and another way is found where it begins. Networks are random.
 */
enum { SEEDS = 100, HOPS = 10 };

enum net { NET_31, NET_30, NET_29, NET_LAN };

static void put_address(struct chain *chain, bool is_v6, unsigned net, unsigned host)
{
	if (is_v6) {
		strbuf_printf(&chain->text, "2001:db8:%x::%x", net, host);
	} else {
		strbuf_printf(&chain->text, "10.%u.%u.%u", net / 256, net % 256, host);
	}
}

/* Both ends of a link in a net of that size. */
static void put_ends(struct chain *chain, bool is_v6, unsigned net, enum net size)
{
	static const unsigned hosts[] = {2, 2, 6, 253};
	static const unsigned sizes[] = {2, 4, 8, 256};
	unsigned base = sizes[size] * chain_below(chain, 256 / sizes[size]);
	unsigned left = chain_below(chain, hosts[size]), right = chain_below(chain, hosts[size] - 1);

	right += right >= left;
	put_address(chain, is_v6, net, base + left + (size != NET_31));
	strbuf_putc(&chain->text, '/');
	put_address(chain, is_v6, net, base + right + (size != NET_31));
}

static void put_path_link(struct chain *chain, bool is_v6, unsigned hop, enum net size)
{
	chain_put_link(chain, hop);
	strbuf_putc(&chain->text, ' ');
	if (hop == 1) {
		strbuf_puts(&chain->text, is_v6 ? "2001:db8::1/2001:db8::2" : "10.0.0.1/10.0.0.2");
	} else {
		put_ends(chain, is_v6, 0x100 + hop, size);
	}
	strbuf_printf(&chain->text, " delay %uus jitter exponential 0.1ms\n",
		200 + chain_below(chain, 8000));
}

static const struct finding *run_of(struct chain *chain, uint64_t seed, bool all_walks,
	struct simrun **ret_run)
{
	*ret_run = simrun_create(strbuf_text(&chain->text), &(struct simrun_options){
		.destination = "D", .seed = seed, .has_scan = true, .has_reverse = true, .rounds = 120,
		.all_walks = all_walks});
	simrun_until_done(*ret_run);
	strbuf_finish(&chain->text);
	return simrun_finding(*ret_run, FINDING_ASYMMETRIC_PATH);
}

/* Of either family; the destination stands before the routers, whose routes lead to it. */
static struct chain network_of(uint64_t seed, uint64_t stream, bool *ret_is_v6)
{
	struct chain chain = chain_begin(seed, stream, 5, HOPS);

	*ret_is_v6 = chain_below(&chain, 4) == 0;
	if (*ret_is_v6) {
		strbuf_finish(&chain.text);
		strbuf_puts(&chain.text, "prober A 2001:db8::1\n");
	}
	strbuf_puts(&chain.text, "router D\n");
	return chain;
}

static void put_habits(struct chain *chain, bool is_v6, unsigned hop)
{
	unsigned habit = chain_below(chain, 12);

	strbuf_printf(&chain->text, "router R%u", hop);
	if (habit == 0) {
		strbuf_puts(&chain->text, " icmp no");
	} else if (habit == 1) {
		strbuf_puts(&chain->text, " icmp-rate 1/s burst 2");
	} else if (habit == 2) {
		strbuf_puts(&chain->text, " decap silent");
	} else if (habit <= 4) {
		strbuf_puts(&chain->text, " answers-as ");
		put_address(chain, is_v6, 0x2000 + hop, 1);
	}
	strbuf_putc(&chain->text, '\n');
}

static void test_a_way_home_over_any_nets_is_the_path(void **state)
{
	uint64_t first = check_seed(1);
	unsigned wrong = 0;
	(void)state;

	for (uint64_t seed = first; seed < first + SEEDS; seed++) {
		bool is_v6;
		struct chain chain = network_of(seed, 61, &is_v6);
		unsigned nets = chain_below(&chain, 4);
		const struct finding *finding;
		struct simrun *run;

		for (unsigned hop = 1; hop <= chain.routers; hop++) {
			put_habits(&chain, is_v6, hop);
		}
		for (unsigned hop = 1; hop <= chain.routers + 1; hop++) {
			/* All of one size, or all /31 but for some exchanges, or of any. */
			put_path_link(&chain, is_v6, hop, nets == 0 ? NET_29 : nets == 1 ?
				(enum net)chain_below(&chain, 4) : chain_below(&chain, 5) == 0 ? NET_LAN : NET_31);
		}
		finding = run_of(&chain, seed, seed % 2 == 0, &run);
		if (finding != NULL) {
			print_message("# seed %u: %s\n", (unsigned)seed, finding->text);
			wrong++;
		}
		simrun_destroy(run);
	}
	print_message("# another way in %u of %u\n", wrong, (unsigned)SEEDS);
	assert_true(wrong <= SEEDS / 50);
}

/* The hop's own way home leads over some other routers to one further on, the path does not. */
static void put_detour(struct chain *chain, bool is_v6, unsigned from, unsigned to)
{
	unsigned others = 1 + chain_below(chain, 3);

	for (unsigned i = 1; i <= others; i++) {
		strbuf_printf(&chain->text, "router X%u\n", i);
	}
	for (unsigned i = 0; i <= others; i++) {
		char left[16], right[16];

		(void)snprintf(left, sizeof left, i == 0 ? "R%u" : "X%u", i == 0 ? from : i);
		(void)snprintf(right, sizeof right, i == others ? "R%u" : "X%u", i == others ? to : i + 1);
		strbuf_printf(&chain->text, "link %s-%s ", left, right);
		put_ends(chain, is_v6, 0x300 + i, chain_below(chain, 2) == 0 ? NET_31 : NET_30);
		strbuf_printf(&chain->text, "\nroute %s to A via %s\n", left, right);
	}
	for (unsigned hop = 1; hop <= chain->routers; hop++) {
		if (hop > from) {
			strbuf_printf(&chain->text, "route R%u to A via R%u\n", hop, hop - 1);
		}
		for (unsigned to_hop = hop + 1; to_hop <= chain->routers; to_hop++) {
			strbuf_printf(&chain->text, "route R%u to R%u via R%u\n", hop, to_hop, hop + 1);
		}
		strbuf_printf(&chain->text, hop < chain->routers ? "route R%u to D via R%u\n" :
			"route R%u to D via D\n", hop, hop + 1);
	}
}

static void test_another_way_home_is_found_where_it_begins(void **state)
{
	uint64_t first = check_seed(1);
	unsigned right = 0;
	(void)state;

	for (uint64_t seed = first; seed < first + SEEDS; seed++) {
		bool is_v6;
		struct chain chain = network_of(seed, 62, &is_v6);
		unsigned from = 3 + chain_below(&chain, chain.routers - 3);
		unsigned to = 1 + chain_below(&chain, from - 1);
		unsigned lan = 2 * chain_below(&chain, chain.routers + 1);
		const struct finding *finding;
		struct simrun *run;

		for (unsigned hop = 1; hop <= chain.routers; hop++) {
			strbuf_printf(&chain.text, "router R%u\n", hop);
		}
		for (unsigned hop = 1; hop <= chain.routers + 1; hop++) {
			put_path_link(&chain, is_v6, hop, hop == lan ? NET_LAN :
				chain_below(&chain, 2) == 0 ? NET_31 : NET_30);
		}
		put_detour(&chain, is_v6, from, to);
		finding = run_of(&chain, seed, false, &run);
		if (finding != NULL && finding->hop[0] == from &&
		    (to == 1 ? finding->hop_count == 1 : finding->hop[1] == to)) {
			right++;
		} else {
			print_message("# seed %u, from %u to %u: %s\n", (unsigned)seed, from, to,
				finding == NULL ? "nothing" : finding->text);
		}
		simrun_destroy(run);
	}
	print_message("# right in %u of %u\n", right, (unsigned)SEEDS);
	assert_true(right >= SEEDS * 95 / 100);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_a_way_home_over_any_nets_is_the_path),
		cmocka_unit_test(test_another_way_home_is_found_where_it_begins),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
