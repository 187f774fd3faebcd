/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "support/check.h"
#include "support/simrun.h"

/* Errors that bear the destination's address, as those of routers behind a translator do: who they
 * come from does not say that the end has answered. */

static const char *both[2] = {"answers-as 10.0.5.3", "answers-as 10.0.5.3"};

enum carrier_word { BY_ECHO, BY_UDP, BY_TCP, WORDS };

static struct simrun_options by(enum carrier_word word)
{
	return (struct simrun_options){.destination = "D", .no_through = true,
		.is_udp = word == BY_UDP, .is_tcp = word == BY_TCP, .seed = check_seed(71)};
}

/* Four routers and an end: what two of them and the end are like, and what else is said. */
static struct simrun *run_of(const char *routers[2], const char *end, const char *more,
	struct simrun_options options)
{
	char text[768];
	struct simrun *run;

	(void)snprintf(text, sizeof text, "prober A 10.0.1.1\nrouter R1 10.0.1.3\n"
		"router R2 10.0.2.3\nrouter R3 10.0.3.3 %s\nrouter R4 10.0.4.3 %s\nhost D 10.0.5.3 %s\n"
		"link A-R1 delay 1ms\nlink R1-R2 delay 1ms\nlink R2-R3 delay 1ms\n"
		"link R3-R4 delay 1ms\nlink R4-D delay 1ms\n%s", routers[0], routers[1], end, more);
	run = simrun_create(text, &options);
	simrun_until_done(run);
	return run;
}

static void assert_named(const struct simrun *run, size_t hop)
{
	assert_true(addr_equal(&run->session.hops[hop - 1].address, &run->session.destination));
}

static void test_a_hop_in_the_name_of_the_end_does_not_end_the_path(void **state)
{
	(void)state;

	for (int word = 0; word < WORDS; word++) {
		struct simrun *run = run_of(both, "", "", by((enum carrier_word)word));

		assert_int_equal(run->session.hop_count, 5);
		for (size_t hop = 3; hop <= 5; hop++) {
			assert_named(run, hop);
			assert_int_equal(simrun_to(run, hop)->received, 10);
			assert_int_equal(simrun_to(run, hop)->best, 2 * (ns_t)hop * NS_PER_MS);
		}
		assert_int_equal(run->session.hops[2].to_kind, TO_TTL);
		assert_int_equal(run->session.hops[4].to_kind, TO_ECHO);
		assert_true(run->session.has_end_answered);
		assert_null(simrun_finding(run, FINDING_ROUTING_LOOP));
		simrun_destroy(run);
	}
}

static void test_a_dead_end_is_not_alive_because_a_hop_speaks_in_its_name(void **state)
{
	(void)state;

	for (int word = 0; word < WORDS; word++) {
		struct simrun *run = run_of((const char *[]){both[0], ""},
			"icmp no echo no closed-ports no", "", by((enum carrier_word)word));

		assert_int_equal(run->session.hop_count, 5);
		assert_named(run, 3);
		assert_int_equal(simrun_to(run, 4)->received, 10);
		assert_int_equal(simrun_to(run, 5)->received, 0);
		assert_false(run->session.has_end_answered);
		simrun_destroy(run);
	}
}

/* The router before the end knows no way to what it translates it to. */
static void test_no_way_in_the_name_of_the_end_is_no_answer_of_it(void **state)
{
	const char *lost[2] = {both[0], "answers-as 10.0.5.3 nat 10.0.9.9=10.0.5.3"};
	(void)state;

	for (int word = 0; word < WORDS; word++) {
		struct simrun *run = run_of(lost, "", "", by((enum carrier_word)word));

		assert_int_equal(run->session.hop_count, 5);
		assert_false(run->session.has_end_answered);
		assert_non_null(simrun_finding(run, FINDING_PATH_LOSS));
		simrun_destroy(run);
	}
}

static void test_an_end_that_was_alive_and_has_no_way_any_more_has_lost_its_probes(void **state)
{
	(void)state;

	for (int word = 0; word < WORDS; word++) {
		struct simrun_options options = by((enum carrier_word)word);
		struct simrun *run;

		options.rounds = 60;
		run = run_of(both, "", "at 1100ms router R4 nat 10.0.9.9=10.0.5.3\n", options);
		assert_int_equal(run->session.hop_count, 5);
		assert_true(run->session.has_end_answered);
		assert_between(simrun_to(run, 5)->received, 1, 8);
		assert_int_equal(simrun_to(run, 5)->received + simrun_to(run, 5)->lost, 60);
		assert_int_equal(simrun_to(run, 4)->received, 60);
		assert_non_null(simrun_finding(run, FINDING_PATH_LOSS));
		assert_non_null(strstr(simrun_finding(run, FINDING_PATH_LOSS)->text, "net-unreachable"));
		simrun_destroy(run);
	}
}

/* The same without a translator: the router says so in its own name. */
static void test_who_says_that_there_is_no_way_to_an_end_stands_with_its_silence(void **state)
{
	(void)state;

	for (int word = 0; word < WORDS; word++) {
		struct simrun_options options = by((enum carrier_word)word);
		struct simrun *run;

		options.rounds = 60;
		run = run_of((const char *[]){"", ""}, "",
			"at 1100ms router R4 nat 10.0.9.9=10.0.5.3\n", options);
		assert_non_null(simrun_finding(run, FINDING_END_SILENT));
		assert_non_null(strstr(simrun_finding(run, FINDING_END_SILENT)->text,
			"; 10.0.4.3 reports: net-unreachable"));
		simrun_destroy(run);
	}
}

static void test_an_end_that_only_lets_ttls_expire_ends_the_path_where_it_first_does(void **state)
{
	(void)state;

	/* Two routers that hand it to each other, with one name for all that lies behind R2. */
	for (int word = 0; word < WORDS; word++) {
		struct simrun *run = run_of(both, "", "route R4 to D via R3\n",
				by((enum carrier_word)word));

		assert_int_equal(run->session.hop_count, 3);
		assert_named(run, 3);
		assert_int_equal(simrun_to(run, 3)->received, 10);
		assert_true(run->session.is_end_expiring);
		assert_true(run->session.has_end_answered);
		simrun_destroy(run);
	}
}

static void test_an_end_that_comes_alive_behind_such_hops_is_found(void **state)
{
	struct simrun_options options = by(BY_ECHO);
	struct simrun *run;
	(void)state;

	options.rounds = 1500;
	options.has_follow = true;
	run = run_of(both, "", "route R4 to D via R3\nat 100s route R4 to D via D\n", options);

	assert_int_equal(run->session.hop_count, 5);
	assert_false(run->session.is_end_expiring);
	assert_int_equal(run->session.hops[4].to_kind, TO_ECHO);
	simrun_destroy(run);
}

/* Walks to the name go to the end, not to the hop that bears it. */
static void test_no_walk_turns_at_a_hop_in_the_name_of_the_end(void **state)
{
	static const char *const ends[] = {"decap yes", "decap refused"};
	(void)state;

	for (size_t i = 0; i < 2; i++) {
		struct simrun_options options = by(BY_ECHO);
		struct simrun *run;

		options.no_through = false;
		options.has_scan = options.has_reverse = true;
		run = run_of(both, ends[i], "", options);
		assert_int_equal(run->session.hop_count, 5);
		for (size_t hop = 3; hop <= 4; hop++) {
			assert_true(run->session.hops[hop - 1].is_passed_over);
			assert_int_equal(run->session.hops[hop - 1].scan_asked, 0);
			assert_int_equal(run->session.hops[hop - 1].decap, HOP_DECAP_UNKNOWN);
			assert_int_equal(simrun_through(run, hop)->transmitted, 0);
		}
		assert_int_equal(simrun_through(run, 5)->received, 10);
		assert_int_equal(simrun_through(run, 5)->best, 10 * NS_PER_MS);
		assert_int_equal(simrun_through(run, 2)->received, 10);
		simrun_destroy(run);
	}
}

static void test_ipv6_is_alike(void **state)
{
	struct simrun_options options = by(BY_ECHO);
	struct simrun *run = simrun_create("prober A fd00:1::1\nrouter R1 fd00:1::3\n"
		"router R2 fd00:2::3 answers-as fd00:4::3\nrouter R3 fd00:3::3\nhost D fd00:4::3\n"
		"link A-R1\nlink R1-R2\nlink R2-R3\nlink R3-D\n", &options);
	(void)state;

	simrun_until_done(run);
	assert_int_equal(run->session.hop_count, 4);
	assert_named(run, 2);
	assert_int_equal(run->session.hops[1].to_kind, TO_TTL);
	simrun_destroy(run);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_a_hop_in_the_name_of_the_end_does_not_end_the_path),
		cmocka_unit_test(test_a_dead_end_is_not_alive_because_a_hop_speaks_in_its_name),
		cmocka_unit_test(test_no_way_in_the_name_of_the_end_is_no_answer_of_it),
		cmocka_unit_test(
			test_an_end_that_was_alive_and_has_no_way_any_more_has_lost_its_probes),
		cmocka_unit_test(
			test_who_says_that_there_is_no_way_to_an_end_stands_with_its_silence),
		cmocka_unit_test(
			test_an_end_that_only_lets_ttls_expire_ends_the_path_where_it_first_does),
		cmocka_unit_test(test_an_end_that_comes_alive_behind_such_hops_is_found),
		cmocka_unit_test(test_no_walk_turns_at_a_hop_in_the_name_of_the_end),
		cmocka_unit_test(test_ipv6_is_alike),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
