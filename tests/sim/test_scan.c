/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "base/rng.h"
#include "base/strbuf.h"
#include "support/check.h"
#include "support/simrun.h"

/* What a hop may be like, and what the scan must say of it. */
struct personality {
	const char *words;
	enum hop_decap decap;
	uint8_t refused_code;
	enum tri takes_own_source, decrements;
	enum carrier carrier;
};

static const struct personality kinds[] = {
	{"", HOP_DECAP_YES, 0, TRI_YES, TRI_YES, CARRIER_IPIP},
	{"decap refused", HOP_DECAP_NO, 2, TRI_UNKNOWN, TRI_UNKNOWN, CARRIER_IPIP},
	{"decap refused-port", HOP_DECAP_NO, 3, TRI_UNKNOWN, TRI_UNKNOWN, CARRIER_IPIP},
	{"decap silent", HOP_DECAP_SILENT, 0, TRI_UNKNOWN, TRI_UNKNOWN, CARRIER_IPIP},
	{"source-check martian", HOP_DECAP_YES, 0, TRI_NO, TRI_YES, CARRIER_IPIP},
	{"decrement plain", HOP_DECAP_YES, 0, TRI_YES, TRI_NO, CARRIER_IPIP},
	{"carrier gre", HOP_DECAP_YES, 0, TRI_YES, TRI_YES, CARRIER_GRE},
	{"carrier gre source-check martian", HOP_DECAP_YES, 0, TRI_NO, TRI_YES, CARRIER_GRE},
};

enum { KINDS = sizeof kinds / sizeof kinds[0], HOPS_MOST = 10 };

struct mix {
	size_t count;
	uint8_t kind[HOPS_MOST];
};

static void write_scenario(struct strbuf *text, const struct mix *mix, const char *loss)
{
	strbuf_puts(text, "prober A 10.0.0.1\n");
	for (size_t i = 0; i < mix->count; i++) {
		strbuf_printf(text, "%s N%zu 10.0.%zu.2 %s%s\n", i + 1 < mix->count ? "router" : "host",
			i + 1, i + 1, kinds[mix->kind[i]].words,
			i + 1 == mix->count && strncmp(kinds[mix->kind[i]].words, "decap", 5) != 0 ?
			" decap yes" : "");
	}
	for (size_t i = 0; i < mix->count; i++) {
		strbuf_printf(text, "link %s%.0zu-N%zu delay 3ms loss %s\n", i == 0 ? "A" : "N", i, i + 1,
			loss);
	}
}

static bool is_as_it_should(const struct session *session, const struct hop *hop,
	const struct personality *truth)
{
	return hop->decap == truth->decap && session_carrier(session, hop) == truth->carrier &&
	       (hop->refused_code == truth->refused_code || truth->carrier == CARRIER_GRE) &&
	       hop->takes_own_source == truth->takes_own_source &&
	       (hop->decrements == truth->decrements || truth->decap != HOP_DECAP_YES);
}

/* Scans random mixes; returns how many of how many hops were told right. */
static void scan_mixes(const char *loss, uint64_t first_seed, size_t *ret_right, size_t *ret_all)
{
	enum { MIXES = 200 };

	*ret_right = *ret_all = 0;
	for (uint64_t seed = first_seed; seed < first_seed + MIXES; seed++) {
		struct strbuf text = {0};
		char destination[16];
		struct simrun *run;
		struct mix mix;
		struct rng rng;

		rng_init(&rng, seed, 8);
		mix.count = 3 + rng_below(&rng, HOPS_MOST - 2);
		for (size_t i = 0; i < mix.count; i++) {
			mix.kind[i] = (uint8_t)rng_below(&rng, KINDS);
		}
		write_scenario(&text, &mix, loss);
		(void)snprintf(destination, sizeof destination, "N%zu", mix.count);
		run = simrun_create(text.text, &(struct simrun_options){.seed = seed, .rounds = 5,
			.has_scan = true, .destination = destination});
		simrun_until_done(run);
		for (size_t i = 0; i < mix.count && i < run->session.hop_count; i++) {
			*ret_right += is_as_it_should(&run->session, &run->session.hops[i],
				&kinds[mix.kind[i]]);
		}
		*ret_all += mix.count;
		simrun_destroy(run);
		strbuf_finish(&text);
	}
}

static void test_without_loss_every_hop_is_told_right(void **state)
{
	size_t right, all;
	(void)state;

	scan_mixes("0%", check_seed(100), &right, &all);
	printf("# %zu of %zu hops\n", right, all);
	assert_int_equal(right, all);
}

static void test_with_two_percent_loss_98_in_100_hops_are_told_right(void **state)
{
	size_t right, all;
	(void)state;

	scan_mixes("1%", check_seed(500), &right, &all);
	printf("# %zu of %zu hops, %.2f %%\n", right, all, 100.0 * (double)right / (double)all);
	assert_true((double)right >= 0.98 * (double)all);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_without_loss_every_hop_is_told_right),
		cmocka_unit_test(test_with_two_percent_loss_98_in_100_hops_are_told_right),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
