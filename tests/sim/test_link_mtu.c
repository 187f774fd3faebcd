/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <stdio.h>
#include <string.h>

#include "base/rng.h"
#include "support/check.h"
#include "support/simrun.h"

/*
 * The MTU of each link, by packets that come home and by replies, where routers say what does not
 * fit and where they do not.
 */
static const struct simrun_options GIVEN = {.path = "R1,R2,R3,R4,R5,R6,R7,R8"},
	FOUND = {.destination = "R8", .has_scan = true};

enum { HOPS = 8, SEEDS = 200, TEXT_BYTES = 4096, BUDGET = 12 };

struct net {
	unsigned out[HOPS + 1], back[HOPS + 1]; /* MTU of the link to hop k; 0: 1500 */
	bool has_icmp, no_decap, is_v6;
	const char *loss;        /* of each link, "" for none */
	unsigned only;           /* link that loses; 0: all */
};

static void write_net(const struct net *net, char *text, size_t len)
{
	size_t at = (size_t)snprintf(text, len, "prober R0 %s\n", net->is_v6 ? "2001:db8:1::1" :
		"10.0.1.1");

	for (size_t k = 1; k <= HOPS; k++) {
		at += (size_t)snprintf(text + at, len - at, "%s R%zu %s%zu%s %s %s\n",
			k == HOPS && net->no_decap ? "host" : "router", k, net->is_v6 ? "2001:db8:" :
			"10.0.", k, net->is_v6 ? "::3" : ".3", net->has_icmp || net->no_decap ? "" : "icmp no",
			net->no_decap ? "decap refused" : "");
	}
	for (size_t k = 1; k <= HOPS; k++) {
		at += (size_t)snprintf(text + at, len - at, "link R%zu-R%zu delay 2ms %s mtu %u out-only "
			"mtu %u back-only\n", k - 1, k, net->only == 0 || net->only == k ? net->loss : "",
			net->out[k] > 0 ? net->out[k] : 1500, net->back[k] > 0 ? net->back[k] : 1500);
	}
}

static struct simrun *measure(const struct net *net, struct simrun_options *options)
{
	char text[TEXT_BYTES];
	struct simrun *run;

	write_net(net, text, sizeof text);
	options->rounds = options->rounds > 0 ? options->rounds : 20;
	run = simrun_create(text, options);
	simrun_for(run, NS_PER_SEC);
	assert_true(drive_do(&run->drive, (struct command){.kind = COMMAND_LINK_MTU}));
	assert_false(drive_do(&run->drive, (struct command){.kind = COMMAND_LINK_MTU}));
	simrun_until_done(run);
	assert_false(run->session.mtu.is_running);
	return run;
}

/* What a packet from here can tell of the link to hops[k]: the least of it and of those before,
 * back to the measured hop `near`. */
static unsigned least_out(const struct net *net, size_t from, size_t k)
{
	unsigned least = 1500;

	for (size_t i = from; i <= k; i++) {
		least = net->out[i] > 0 && net->out[i] < least ? net->out[i] : least;
	}
	return least;
}

struct tally {
	unsigned undecided, over;
};

static void check(const struct simrun *run, const struct net *net, struct tally *tally)
{
	for (size_t k = 1; k <= HOPS; k++) {
		const struct link_mtu *link = &run->session.mtu.links[k - 1];
		unsigned before = least_out(net, 1, link->near), all = least_out(net, 1, k);

		if (!link->is_done || link->is_undecided) {
			tally->undecided++;
			continue;
		}
		assert_int_equal(link->passed[WAY_OUT], all);
		assert_int_equal(link->limit != MTU_LIMIT_NONE, all < before);
		tally->over += link->probes > BUDGET;
	}
}

/* Each link a little narrower than the one before, down to `least`. */
static void draw_stairs(struct rng *rng, struct net *net, unsigned least)
{
	unsigned most = 1500;

	for (size_t k = 1; k <= HOPS; k++) {
		most = most <= least ? least : most - 1 - rng_below(rng, (most - least) / 4 + 1);
		net->out[k] = net->back[k] = most;
	}
}

static size_t draw_one(struct rng *rng, struct net *net)
{
	size_t k = 1 + rng_below(rng, HOPS);

	net->out[k] = net->back[k] = 1280 + rng_below(rng, 220);
	return k;
}

/* As many seeds of random links; `least` 0: one of them is narrow. */
static struct tally over_seeds(struct net net, struct simrun_options options, unsigned least)
{
	uint64_t first = check_seed(1);
	struct tally tally = {0};

	for (uint64_t seed = first; seed < first + SEEDS; seed++) {
		struct net drawn = net;
		struct rng rng;
		struct simrun *run;

		rng_init(&rng, seed, 7);
		if (least > 0) {
			draw_stairs(&rng, &drawn, least);
		} else {
			(void)draw_one(&rng, &drawn);
		}
		options.seed = seed;
		run = measure(&drawn, &options);
		check(run, &drawn, &tally);
		simrun_destroy(run);
	}
	return tally;
}

static void test_each_link_is_exact_in_twelve_probes_without_icmp(void **state)
{
	const struct net nets[] = {{.loss = ""}, {.loss = "", .is_v6 = true}};
	const unsigned leasts[] = {600, 1280};
	(void)state;

	for (size_t i = 0; i < 4; i++) {
		struct tally tally = over_seeds(nets[i % 2], GIVEN, i < 2 ? leasts[i % 2] : 1000);

		assert_int_equal(tally.undecided, 0);
		assert_int_equal(tally.over, 0);
	}
}

static void test_what_routers_say_is_tried_in_three_probes(void **state)
{
	struct net net = {.loss = "", .has_icmp = true};
	struct simrun_options options = FOUND;
	struct simrun *run;
	struct addr third;
	(void)state;

	for (int is_v6 = 0; is_v6 < 2; is_v6++) {
		net.is_v6 = is_v6 == 1;
		net.out[4] = net.back[4] = 1400;
		run = measure(&net, &options);
		assert_true(addr_parse(net.is_v6 ? "2001:db8:3::3" : "10.0.3.3", &third));
		assert_int_equal(run->session.mtu.links[3].passed[WAY_OUT], 1400);
		assert_int_equal(run->session.mtu.links[3].limit, MTU_LIMIT_OUT);
		assert_int_equal(run->session.mtu.links[3].said, 1400);
		assert_true(addr_equal(&run->session.mtu.links[3].said_by, &third));
		assert_int_equal(run->session.mtu.links[3].probes, 3);
		assert_false(run->session.mtu.links[3].is_black_hole);
		simrun_destroy(run);
	}
}

static void test_replies_tell_of_the_way_out_where_nothing_unwraps(void **state)
{
	struct net net = {.loss = "", .no_decap = true};
	struct simrun_options options = FOUND;
	(void)state;

	for (int i = 0; i < 4; i++) {
		struct tally tally;

		net.is_v6 = i % 2 == 1;
		options.is_udp = i / 2 == 1;
		tally = over_seeds(net, options, 1280);
		assert_int_equal(tally.undecided, 0);
		assert_int_equal(tally.over, 0);
	}
}

static void test_loss_makes_no_link_narrow(void **state)
{
	struct net net = {.loss = "loss 5%"};
	struct tally tally;
	(void)state;

	net.only = 4;
	assert_int_equal(over_seeds(net, GIVEN, 0).undecided, 0);
	net.only = HOPS;
	assert_int_equal(over_seeds(net, GIVEN, 0).undecided, 0);
	/* More than half of what goes to the end and home is lost: some is left open. */
	net.only = 0;
	tally = over_seeds(net, GIVEN, 0);
	assert_true(tally.undecided < SEEDS * HOPS / 8);
	net.no_decap = true;
	tally = over_seeds(net, FOUND, 0);
	assert_true(tally.undecided < SEEDS * HOPS / 8);
}

static void test_the_way_back_is_told_where_it_alone_is_narrow(void **state)
{
	struct simrun_options options = GIVEN;
	(void)state;

	for (unsigned mtu = 1300; mtu < 1480; mtu += 20) {
		for (int is_v6 = 0; is_v6 < 2; is_v6++) {
			struct net net = {.loss = "", .is_v6 = is_v6 == 1};
			unsigned header = is_v6 == 1 ? 40 : 20;
			const struct link_mtu *link;
			struct simrun *run;

			net.back[3] = mtu - header;
			run = measure(&net, &options);
			link = &run->session.mtu.links[2];
			assert_int_equal(link->limit, mtu < 1500 ? MTU_LIMIT_BACK : MTU_LIMIT_NONE);
			assert_int_equal(link->passed[WAY_BACK], mtu - header);
			assert_int_equal(run->session.mtu.links[HOPS - 1].limit, MTU_LIMIT_NONE);
			assert_true(link->passed[WAY_OUT] > link->passed[WAY_BACK] + header);
			simrun_destroy(run);
		}
	}
}

static void test_a_black_hole_is_named_with_its_link(void **state)
{
	struct simrun_options options = GIVEN;
	uint64_t first = check_seed(1);
	(void)state;

	for (uint64_t seed = first; seed < first + SEEDS; seed++) {
		struct net net = {.loss = "", .is_v6 = seed % 2 == 1};
		const struct finding *finding;
		struct simrun *run;
		struct rng rng;
		size_t k;

		rng_init(&rng, seed, 7);
		k = draw_one(&rng, &net);
		options.seed = seed;
		run = measure(&net, &options);
		finding = simrun_finding(run, FINDING_LINK_MTU);
		assert_non_null(finding);
		assert_int_equal(finding_grade(finding), SEVERITY_WARNING);
		assert_int_equal(finding->hop[0], k - 1);
		assert_int_equal(finding->hop[1], k);
		assert_near(simrun_fact(finding, "mtu"), net.out[k], 0);
		assert_near(simrun_fact(finding, "black_hole"), 1, 0);
		assert_null(simrun_finding(run, FINDING_MTU));
		simrun_destroy(run);
	}
}

static void test_a_narrow_link_that_is_told_of_is_no_warning_and_said_once(void **state)
{
	struct net net = {.loss = "", .has_icmp = true};
	struct simrun_options options = FOUND;
	const struct finding *finding;
	struct simrun *run;
	(void)state;

	net.out[5] = net.back[5] = 1340;
	run = measure(&net, &options);
	finding = simrun_finding(run, FINDING_LINK_MTU);
	assert_non_null(finding);
	assert_int_equal(finding_grade(finding), SEVERITY_INFO);
	assert_near(simrun_fact(finding, "reported"), 1340, 0);
	assert_string_equal(finding->text, "link 4-5 takes packets of up to 1340 bytes, and 10.0.4.3 "
		"says so");
	assert_null(simrun_finding(run, FINDING_MTU));
	simrun_destroy(run);
}

/* Routing leads past the hop that was given: the path is kept to leg by leg, by less bytes. */
static void test_a_path_that_routing_does_not_take_is_kept_to(void **state)
{
	static const char TEXT[] = "prober A 10.0.1.1\nrouter R1 10.0.1.3 icmp no\n"
		"router R2 10.0.2.3 icmp no\nrouter R3 10.0.3.3 icmp no\nlink A-R1\nlink R1-R2\n"
		"link R2-R3 mtu 1400\nlink R1-R3\n";
	struct simrun *run = simrun_create(TEXT, &(struct simrun_options){.path = "R1,R2,R3",
		.has_reverse = true, .rounds = 20, .seed = check_seed(3)});
	(void)state;

	assert_true(drive_do(&run->drive, (struct command){.kind = COMMAND_LINK_MTU}));
	simrun_until_done(run);
	assert_int_equal(run->session.mtu.links[1].passed[WAY_OUT], 1480);
	assert_int_equal(run->session.mtu.links[2].passed[WAY_OUT], 1400);
	assert_int_equal(run->session.mtu.links[2].limit, MTU_LIMIT_EITHER);
	simrun_destroy(run);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_each_link_is_exact_in_twelve_probes_without_icmp),
		cmocka_unit_test(test_what_routers_say_is_tried_in_three_probes),
		cmocka_unit_test(test_replies_tell_of_the_way_out_where_nothing_unwraps),
		cmocka_unit_test(test_loss_makes_no_link_narrow),
		cmocka_unit_test(test_the_way_back_is_told_where_it_alone_is_narrow),
		cmocka_unit_test(test_a_black_hole_is_named_with_its_link),
		cmocka_unit_test(test_a_narrow_link_that_is_told_of_is_no_warning_and_said_once),
		cmocka_unit_test(test_a_path_that_routing_does_not_take_is_kept_to),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
