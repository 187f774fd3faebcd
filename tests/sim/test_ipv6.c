/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "support/check.h"
#include "support/errors.h"
#include "support/simrun.h"

/* Three hops of IPv6, and a way of three hops that changes family at the second one. */
static const char CHAIN6[] =
	"prober A 2001:db8:1::1\n"
	"router R1 2001:db8:1::2\nrouter R2 2001:db8:2::3\nrouter R3 2001:db8:3::3\n"
	"link A-R1 delay 1ms\nlink R1-R2 delay 5ms\nlink R2-R3 delay 10ms\n";
static const char BRIDGED[] =
	"prober A 10.0.1.1\n"
	"router R1 10.0.1.2\nrouter R2 10.0.2.3\nrouter R3 2001:db8:3::3\n"
	"link A-R1 delay 1ms\nlink R1-R2 delay 5ms\n"
	"link R2-R3 2001:db8:3::2/2001:db8:3::3 delay 10ms\n";

static struct simrun *create(const char *scenario, struct simrun_options options)
{
	if (options.path == NULL && options.destination == NULL) {
		options.path = "R1,R2,R3";
	}
	options.seed = check_seed(5);
	return simrun_create(scenario, &options);
}

static void assert_clean(const struct simrun *run, uint64_t rounds)
{
	static const ns_t rtt[] = {0, 2 * NS_PER_MS, 12 * NS_PER_MS, 32 * NS_PER_MS};

	for (size_t hop = 1; hop <= 3; hop++) {
		assert_int_equal(simrun_through(run, hop)->sent, rounds);
		assert_int_equal(simrun_through(run, hop)->received, rounds);
		assert_int_equal(simrun_through(run, hop)->best, rtt[hop]);
	}
	assert_int_equal(run->session.forged, 0);
}

static void test_a_path_of_ipv6_is_measured_as_one_of_ipv4(void **state)
{
	struct simrun *run = create(CHAIN6, (struct simrun_options){.rounds = 20,
		.all_walks = true});
	(void)state;

	simrun_until_done(run);
	assert_clean(run, 20);
	for (size_t hop = 1; hop <= 3; hop++) {
		assert_int_equal(simrun_to(run, hop)->received, 20);
		assert_int_equal(run->session.hops[hop - 1].decap, HOP_DECAP_YES);
		for (int kind = 0; kind < WALK_VIA; kind++) {
			assert_int_equal(run->session.hops[hop - 1].walk[kind].received, 20);
		}
	}
	assert_int_equal(run->session.hops[2].to_kind, TO_ECHO);
	/* Six headers of 40, the carried one's 8 and the payload of 24. */
	assert_int_equal(run->session.probe_bytes, 272);
	simrun_destroy(run);
}

static void test_a_path_of_ipv6_is_found_scanned_and_traced_back(void **state)
{
	struct simrun *run = create(
		"prober A 2001:db8:1::1\n"
		"router R1 2001:db8:1::2\nrouter R2 2001:db8:2::3 decap refused\n"
		"router R3 2001:db8:3::3\nrouter R9 2001:db8:9::9\n"
		"link A-R1 delay 1ms\nlink R1-R2 delay 5ms\nlink R2-R3 delay 10ms\n"
		"link R3-R9 delay 2ms\nlink R9-R1 delay 2ms\nroute R3 to A via R9\n",
		(struct simrun_options){.destination = "R3", .rounds = 10, .has_scan = true,
			.has_reverse = true});
	const struct session *session = &run->session;
	char text[ADDR_TEXT_MAX];
	(void)state;

	simrun_until_done(run);
	assert_int_equal(session->hop_count, 3);
	assert_int_equal(session->hops[1].decap, HOP_DECAP_NO);
	/* Parameter problem, unrecognized next header (RFC 4443, 3.4). */
	assert_int_equal(session->hops[1].refused_type, 4);
	assert_int_equal(session->hops[1].refused_code, 1);
	assert_true(session->hops[1].is_passed_over);
	assert_int_equal(simrun_through(run, 3)->received, 10);
	assert_int_equal(session_reverse_routers(session, &session->reverse), 2);
	/* By which links: R9's end of R3-R9, R1's end of R9-R1; pool addresses, two a link. */
	assert_string_equal(addr_format(&session->reverse.at_ttl[2], text), "2001:db8:9::9");
	assert_true(addr_is_set(&session->reverse.at_ttl[3]));
	simrun_destroy(run);
}

static void test_an_error_of_ipv6_names_its_cause_and_is_no_loss(void **state)
{
	struct simrun *run = create(
		"prober A 2001:db8:1::1\n"
		"router R1 2001:db8:1::2\nrouter R2 2001:db8:2::3\nrouter R3 2001:db8:3::3\n"
		"link A-R1 delay 1ms\nlink R1-R2 delay 5ms mtu 1280\nlink R2-R3 delay 10ms\n",
		(struct simrun_options){.rounds = 10, .size_bytes = 1400, .no_to = true});
	(void)state;

	simrun_until_done(run);
	assert_int_equal(simrun_through(run, 1)->received, 10);
	/* Of [R1>R2] the source is R1: the error goes there, until all legs are our own. */
	assert_int_equal(simrun_through(run, 2)->received, 0);
	assert_int_equal(run->session.hops[1].decap, HOP_DECAP_UNKNOWN);
	simrun_destroy(run);
}

static void test_to_probes_of_ipv6_by_udp_end_at_port_unreachable(void **state)
{
	struct simrun *run = create(CHAIN6, (struct simrun_options){.destination = "R3",
		.rounds = 5, .is_udp = true, .no_through = true});
	(void)state;

	simrun_until_done(run);
	assert_int_equal(run->session.hop_count, 3);
	for (size_t hop = 1; hop <= 3; hop++) {
		assert_int_equal(simrun_to(run, hop)->received, 5);
	}
	assert_true(run->session.has_end_answered);
	simrun_destroy(run);
}

static void test_a_bridge_carries_a_walk_from_one_family_to_the_other(void **state)
{
	struct simrun *run = create(BRIDGED, (struct simrun_options){.rounds = 20});
	(void)state;

	simrun_until_done(run);
	assert_clean(run, 20);
	/* A>1, 1>2 and 2>1, 1>A of 20 bytes; 2>3 and 3>2 of 40. */
	assert_int_equal(run->session.probe_bytes, 4 * 20 + 2 * 40 + 8 + 24);
	/* The end is of IPv6, and the prober has no address of it to be answered at. */
	assert_int_equal(simrun_to(run, 3)->sent, 0);
	simrun_destroy(run);
}

static void test_a_prober_of_both_families_uses_its_own_address_behind_the_bridge(void **state)
{
	static const char dual[] =
		"prober A 10.0.1.1\n"
		"router R1 10.0.1.2\nrouter R2 10.0.2.3\nrouter R3 2001:db8:3::3 decap refused\n"
		"router R4 2001:db8:5::3\nlink R3-R4 delay 1ms\n"
		"link A-R1 delay 1ms\nlink R1-R2 delay 5ms\n"
		"link R2-R3 2001:db8:3::2/2001:db8:3::3 delay 10ms\n"
		"link A-R2 2001:db8:4::1/2001:db8:4::2 delay 6ms\n"
		"route A to R2 via R1\nroute A to R3 via R1\nroute A to R4 via R1\n"
		"route R2 to A via R1\n";
	struct simrun *run = create(dual, (struct simrun_options){.rounds = 10,
		.path = "R1,R2,R3,R4"});
	(void)state;

	simrun_until_done(run);
	/* The refusal goes to the leg's source. */
	assert_int_equal(simrun_through(run, 3)->errors[CAUSE_PROTOCOL_UNREACHABLE], 10);
	assert_int_equal(simrun_to(run, 3)->received, 10);
	simrun_destroy(run);
	run = create(dual, (struct simrun_options){.rounds = 10, .has_one_family = true,
		.path = "R1,R2,R3,R4"});
	simrun_until_done(run);
	assert_int_equal(stats_error_count(simrun_through(run, 3)), 0);
	assert_int_equal(simrun_through(run, 3)->lost, 10);
	assert_int_equal(simrun_to(run, 3)->sent, 0);
	simrun_destroy(run);
}

/* IP in IP of IPv6 is protocol 41. */
static void test_a_filter_of_nested_packets_is_one_of_ipv6_as_well(void **state)
{
	struct simrun *run = create("prober A 2001:db8:1::1\n"
		"router R1 2001:db8:1::2\nrouter R2 2001:db8:2::3 nested no\nrouter R3 2001:db8:3::3\n"
		"link A-R1 delay 1ms\nlink R1-R2 delay 5ms\nlink R2-R3 delay 10ms\n",
		(struct simrun_options){.rounds = 5});
	(void)state;

	simrun_until_done(run);
	assert_int_equal(simrun_through(run, 1)->received, 5);
	assert_int_equal(simrun_through(run, 3)->lost, 5);
	assert_int_equal(simrun_to(run, 3)->received, 5);
	simrun_destroy(run);
}

static void test_the_deepest_hop_for_an_mtu_depends_on_the_family(void **state)
{
	(void)state;

	/* 1500 - 32 over 40 and 80 a hop. */
	assert_int_equal(engine_depth_limit(1500, ADDR_V4, CARRIER_IPIP), 36);
	assert_int_equal(engine_depth_limit(1500, ADDR_V4, CARRIER_GRE), 30);
	assert_int_equal(engine_depth_limit(1500, ADDR_V6, CARRIER_IPIP), 18);
	assert_int_equal(engine_depth_limit(1280, ADDR_V6, CARRIER_IPIP), 15);
	assert_int_equal(engine_depth_limit(1500, ADDR_V6, CARRIER_SRH), 36);
	assert_int_equal(engine_depth_limit(1500, ADDR_V6, CARRIER_USID), 36);
	assert_int_equal(engine_depth_limit(100, ADDR_V4, CARRIER_IPIP), 1);
	assert_int_equal(engine_depth_limit(20, ADDR_V4, CARRIER_IPIP), 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_a_path_of_ipv6_is_measured_as_one_of_ipv4),
		cmocka_unit_test(test_a_filter_of_nested_packets_is_one_of_ipv6_as_well),
		cmocka_unit_test(test_a_path_of_ipv6_is_found_scanned_and_traced_back),
		cmocka_unit_test(test_an_error_of_ipv6_names_its_cause_and_is_no_loss),
		cmocka_unit_test(test_to_probes_of_ipv6_by_udp_end_at_port_unreachable),
		cmocka_unit_test(test_a_bridge_carries_a_walk_from_one_family_to_the_other),
		cmocka_unit_test(test_a_prober_of_both_families_uses_its_own_address_behind_the_bridge),
		cmocka_unit_test(test_the_deepest_hop_for_an_mtu_depends_on_the_family),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
