/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "support/check.h"
#include "support/simrun.h"

/*
 * This host moves while it probes. B stands for its new address: what comes in by a link of A's is
 * A's, whomever it is addressed to. NOWHERE is an address that nothing leads home to.
 */
enum { ROUNDS = 100, SECOND_ROUNDS = 5 };

#define NODES "prober A 10.0.1.1\nrouter R1 10.0.1.3\nrouter R2 10.0.2.3\nrouter R9 10.0.9.3\n" \
	"host D 10.0.3.3 decap yes\nhost B 10.0.8.1\n"
#define LINKS "link A-R1 delay 1ms\nlink R1-R2 delay 1ms\nlink R2-D delay 1ms\n" \
	"link A-R9 delay 2ms\nlink R9-R2 delay 2ms\nlink A-B\nroute A to D via R1\n"
#define HOME_OF_B "route D to B via R2\nroute R2 to B via R9\nroute R9 to B via A\n" \
	"route R1 to B via A\n"

static const struct addr NEW = {ADDR_V4, {10, 0, 8, 1}}, NOWHERE = {ADDR_V4, {10, 77, 7, 7}};

static struct simrun *run_of(const char *scenario, bool is_explicit)
{
	struct simrun_options options = {.rounds = ROUNDS, .seed = check_seed(1), .has_reverse = true,
		.path = is_explicit ? "R1,R2,D" : NULL, .destination = "D", .has_scan = !is_explicit};

	return simrun_create(scenario, &options);
}

/* As the program does it, with the same interface or another one. */
static void move_to(struct simrun *run, const struct addr *self, const char *interface)
{
	struct engine_home home = {.self = *self, .interface.index = 2, .mtu = 1500};
	struct err err;

	memcpy(home.interface.name, interface, strlen(interface) + 1);
	assert_true(run->transport->ops->move(run->transport, &(struct transport_home){.self = *self},
		&err));
	(void)drive_do(&run->drive, (struct command){.kind = COMMAND_MOVE, .home = home});
}

static void assert_nothing_lost(const struct simrun *run, size_t hop)
{
	assert_int_equal(simrun_to(run, hop)->received, simrun_to(run, hop)->sent);
	assert_int_equal(simrun_through(run, hop)->received, simrun_through(run, hop)->sent);
	assert_int_equal(simrun_to(run, hop)->duplicate + simrun_to(run, hop)->late, 0);
}

static void test_counts_go_on_after_a_move(void **state)
{
	struct simrun *run = run_of(NODES LINKS HOME_OF_B, true);
	(void)state;

	simrun_for(run, 10 * NS_PER_SEC);
	move_to(run, &NEW, "eth1");
	simrun_until_done(run);

	for (size_t hop = 1; hop <= 3; hop++) {
		assert_nothing_lost(run, hop);
		assert_int_equal(simrun_to(run, hop)->sent + run->session.void_rounds, ROUNDS);
	}
	assert_between(run->session.void_rounds, 1, 3);
	assert_int_equal(run->session.move.count, 1);
	assert_string_equal(simrun_finding(run, FINDING_MOVED)->text,
		"this host moved: probes now leave "
		"from 10.0.8.1 on eth1, previously from 10.0.1.1 on eth0");
	simrun_destroy(run);
}

/* An address that comes and goes is none to be called a move. */
static void test_a_short_stay_where_nothing_comes_in_is_no_loss_and_no_move(void **state)
{
	struct simrun *run = run_of(NODES LINKS, true);
	(void)state;

	simrun_for(run, 5 * NS_PER_SEC);
	move_to(run, &NOWHERE, "eth0");
	simrun_for(run, 3 * NS_PER_SEC);
	assert_int_equal(run->session.move.count, 0);
	move_to(run, scenario_prober_address(&run->scenario), "eth0");
	simrun_until_done(run);

	for (size_t hop = 1; hop <= 3; hop++) {
		assert_nothing_lost(run, hop);
	}
	/* From one to the next it is half an interval to one and a half. */
	assert_between(run->session.void_rounds, 3 * SECOND_ROUNDS - 2, 3 * SECOND_ROUNDS + 6);
	assert_int_equal(run->session.move.count, 0);
	assert_null(simrun_finding(run, FINDING_MOVED));
	simrun_destroy(run);
}

static void test_a_place_where_nothing_comes_in_for_long_loses(void **state)
{
	struct simrun *run = run_of(NODES LINKS, true);
	uint64_t received;
	(void)state;

	simrun_for(run, 5 * NS_PER_SEC);
	move_to(run, &NOWHERE, "eth0");
	received = simrun_to(run, 3)->received;
	simrun_until_done(run);

	assert_int_equal(simrun_to(run, 3)->received, received);
	assert_between(simrun_to(run, 3)->lost, 9 * SECOND_ROUNDS, 11 * SECOND_ROUNDS);
	assert_between(run->session.void_rounds, 5 * SECOND_ROUNDS - 2, 5 * SECOND_ROUNDS + 4);
	assert_int_equal(run->session.move.count, 1);
	simrun_destroy(run);
}

/* By the other uplink the path has another first hop; it is taken without a key. */
static void test_a_discovered_path_is_traced_from_the_new_place(void **state)
{
	struct simrun *run = run_of(NODES LINKS HOME_OF_B "at 10s route A to D via R9\n", false);
	(void)state;

	simrun_for(run, 10 * NS_PER_SEC);
	move_to(run, &NEW, "eth1");
	simrun_until_done(run);

	assert_int_equal(run->session.hop_count, 3);
	assert_int_equal(run->session.hops[0].address.byte[2], 9);
	assert_int_equal(run->session.hops[2].address.byte[2], 3);
	for (size_t hop = 1; hop <= 3; hop++) {
		assert_nothing_lost(run, hop);
	}
	/* The destination was asked all the time; who leads there now, only since. */
	assert_int_equal(simrun_to(run, 3)->sent + run->session.void_rounds, ROUNDS);
	assert_true(simrun_to(run, 1)->sent < ROUNDS * 3 / 5);
	assert_false(run->session.change.is_active);
	simrun_destroy(run);
}

/* What was found from the old place is not kept. */
static void test_a_move_during_discovery_finds_the_path_from_there(void **state)
{
	struct simrun *run = run_of(NODES LINKS HOME_OF_B "at 2ms route A to D via R9\n", false);
	(void)state;

	simrun_for(run, 3 * NS_PER_MS);
	move_to(run, &NEW, "eth1");
	simrun_until_done(run);

	assert_int_equal(run->session.hop_count, 3);
	assert_int_equal(run->session.hops[0].seen_count, 1);
	assert_int_equal(run->session.hops[0].address.byte[2], 9);
	assert_int_equal(run->session.void_rounds, 0);
	assert_int_equal(simrun_to(run, 3)->received, ROUNDS);
	simrun_destroy(run);
}

/* The first router is heard of when this host has just left. */
static void test_an_answer_to_the_old_place_does_not_find_the_path(void **state)
{
	struct simrun *run = run_of(NODES LINKS HOME_OF_B "at 1ms route A to D via R9\n", false);
	(void)state;

	simrun_for(run, 3 * NS_PER_MS / 2);
	assert_int_equal(run->session.phase, PHASE_DISCOVERING);
	assert_int_equal(run->session.hops[0].seen_count, 0);
	move_to(run, &NEW, "eth1");
	simrun_until_done(run);

	assert_int_equal(run->session.hop_count, 3);
	assert_int_equal(run->session.hops[0].seen_count, 1);
	assert_int_equal(run->session.hops[0].address.byte[2], 9);
	simrun_destroy(run);
}

static void test_replies_by_another_interface_are_told_of(void **state)
{
	struct simrun *run = run_of(NODES LINKS, true);
	(void)state;

	simrun_for(run, 5 * NS_PER_SEC);
	engine_arrival(run->engine, "eth7");
	simrun_for(run, 5 * NS_PER_SEC);
	assert_non_null(strstr(simrun_finding(run, FINDING_ANSWERS_ELSEWHERE)->text,
		"arrived on eth7"));
	assert_true(simrun_finding(run, FINDING_ANSWERS_ELSEWHERE)->is_active);
	engine_arrival(run->engine, "");
	simrun_until_done(run);

	assert_true(run->session.arrivals.elsewhere < run->session.arrivals.replies / 2);
	simrun_destroy(run);
}

/* As while there is no route. */
static void test_a_host_without_a_connection_says_that_nothing_counts(void **state)
{
	struct simrun *run = run_of(NODES LINKS, true);
	const struct finding *finding;
	(void)state;

	simrun_for(run, 4 * NS_PER_SEC);
	drive_cut_off(&run->drive, true);
	simrun_for(run, 9 * NS_PER_SEC);
	assert_null(simrun_finding(run, FINDING_LOCAL_DROP));
	/* It is looked for once a second, and so is what it is counted from. */
	simrun_for(run, 4 * NS_PER_SEC);
	finding = simrun_finding(run, FINDING_LOCAL_DROP);
	assert_non_null(finding);
	assert_true(finding->is_active);
	assert_non_null(strstr(finding->text, "no round has counted for 1"));
	drive_cut_off(&run->drive, false);
	simrun_until_done(run);

	assert_false(simrun_finding(run, FINDING_LOCAL_DROP)->is_active);
	assert_nothing_lost(run, 3);
	simrun_destroy(run);
}

static void test_the_change_that_a_move_brings_is_noticed_then(void **state)
{
	struct simrun *run = run_of(NODES LINKS HOME_OF_B "at 10s route A to D via R9\n", false);
	ns_t moved_at;
	(void)state;

	simrun_for(run, 10 * NS_PER_SEC);
	moved_at = loop_now(run->loop);
	move_to(run, &NEW, "eth1");
	simrun_until_done(run);

	assert_true(run->session.change.is_followed);
	assert_true(run->session.change.noticed_at >= moved_at);
	simrun_destroy(run);
}

/* What stands before the first hop that is another one, and is not heard from the new place. */
static void test_a_hop_that_is_silent_from_the_new_place_keeps_nothing_of_the_old(void **state)
{
	struct simrun *run = run_of("prober A 10.0.1.1\nrouter R1 10.0.1.3\nrouter R2 10.0.2.3\n"
		"router R9 10.0.9.3 icmp no\nrouter R8 10.0.5.3\nhost D 10.0.3.3 decap yes\n"
		"host B 10.0.8.1\nlink A-R1 delay 1ms\nlink R1-R2 delay 1ms\nlink R2-D delay 1ms\n"
		"link A-R9 delay 2ms\nlink R9-R8 delay 2ms\nlink R8-D delay 2ms\nlink A-B\n"
		"route A to D via R1\nroute D to B via R8\nroute R8 to B via R9\nroute R9 to B via A\n"
		"at 10s route A to D via R9\n", false);
	(void)state;

	simrun_for(run, 10 * NS_PER_SEC);
	move_to(run, &NEW, "eth1");
	simrun_until_done(run);

	assert_int_equal(run->session.hops[1].address.byte[2], 5);
	assert_false(addr_is_set(&run->session.hops[0].address));
	simrun_destroy(run);
}

/* The first reply comes in late, and a hop that never answers takes the trace its time. */
static void test_a_trace_from_the_new_place_is_not_cut_short(void **state)
{
	struct simrun *run = run_of("prober A 10.0.1.1\nrouter R1 10.0.1.3\nrouter R2 10.0.2.3\n"
		"router R9 10.0.9.3\nrouter R8 10.0.5.3 icmp no\nhost D 10.0.3.3 decap yes\n"
		"host B 10.0.8.1\nlink A-R1 delay 1ms\nlink R1-R2 delay 1ms\nlink R2-D delay 1ms\n"
		"link A-R9 delay 2ms\nlink R9-R8 delay 2ms\nlink R8-D delay 2ms\nlink A-B\n"
		"route A to D via R1\nroute D to B via R8\nroute R8 to B via R9\nroute R9 to B via R8\n"
		"at 10s route A to D via R9\nat 14500ms route R9 to B via A\n", false);
	(void)state;

	simrun_for(run, 10 * NS_PER_SEC);
	move_to(run, &NEW, "eth1");
	simrun_until_done(run);

	assert_int_equal(run->session.hops[0].address.byte[2], 9);
	assert_true(run->session.change.is_followed);
	simrun_destroy(run);
}

/* An answer that cannot come in says nothing of what a hop does. */
static void test_no_scan_is_made_while_replies_have_not_found_the_new_place(void **state)
{
	struct simrun *run = run_of("prober A 10.0.1.1\nrouter R1 10.0.1.3\n"
		"router R2 10.0.2.3 decap silent\nhost D 10.0.3.3 decap yes\n"
		"link A-R1 delay 1ms\nlink R1-R2 delay 1ms\nlink R2-D delay 1ms\n"
		"at 800ms router R2 decap yes\n", false);
	(void)state;

	simrun_for(run, NS_PER_SEC);
	assert_int_equal(run->session.hops[1].decap, HOP_DECAP_SILENT);
	move_to(run, &NOWHERE, "eth0");
	simrun_for(run, 4 * NS_PER_SEC);
	move_to(run, scenario_prober_address(&run->scenario), "eth0");
	simrun_until_done(run);

	assert_int_equal(run->session.hops[1].decap, HOP_DECAP_YES);
	simrun_destroy(run);
}

/* A path MTU that was learnt and one that is forgotten. */
static void test_another_mtu_at_the_same_place_is_no_move(void **state)
{
	struct simrun *run = run_of(NODES LINKS, true);
	struct engine_home home = {.self = run->session.self, .interface = run->session.interface,
		.mtu = 1300};
	(void)state;

	simrun_for(run, 5 * NS_PER_SEC);
	assert_true(addr_is_set(&run->session.reverse.from));
	(void)drive_do(&run->drive, (struct command){.kind = COMMAND_MOVE, .home = home});
	assert_false(run->session.is_settling);
	assert_true(addr_is_set(&run->session.reverse.from));
	home.mtu = 100;
	(void)drive_do(&run->drive, (struct command){.kind = COMMAND_MOVE, .home = home});
	simrun_for(run, 5 * NS_PER_SEC);
	assert_true(simrun_through(run, 3)->sent < ROUNDS * 3 / 5);
	home.mtu = 1500;
	(void)drive_do(&run->drive, (struct command){.kind = COMMAND_MOVE, .home = home});
	simrun_until_done(run);

	assert_int_equal(run->session.void_rounds, 0);
	assert_between(simrun_through(run, 3)->sent, ROUNDS * 2 / 5, ROUNDS * 9 / 10);
	for (size_t hop = 1; hop <= 3; hop++) {
		assert_nothing_lost(run, hop);
	}
	simrun_destroy(run);
}

static void test_another_address_beside_is_no_move(void **state)
{
	struct simrun *run = run_of(NODES LINKS, true);
	struct engine_home home = {.self = run->session.self, .self_also = NEW,
		.interface = run->session.interface, .mtu = 1500};
	(void)state;

	simrun_for(run, 5 * NS_PER_SEC);
	(void)drive_do(&run->drive, (struct command){.kind = COMMAND_MOVE, .home = home});
	assert_false(run->session.is_settling);
	assert_true(addr_is_set(&run->session.reverse.from));
	assert_true(addr_equal(&run->session.also.address, &NEW));
	simrun_until_done(run);

	assert_true(run->session.void_rounds <= 1);
	simrun_destroy(run);
}

/* What filters lay on the way from the old place need not lie on this one. */
static void test_a_path_by_hand_is_scanned_again_from_the_new_place(void **state)
{
	struct simrun_options options = {.rounds = ROUNDS, .seed = check_seed(1), .path = "R1,R2,D",
		.has_scan = true};
	struct simrun *run = simrun_create("prober A 10.0.1.1\nrouter R1 10.0.1.3\n"
		"router R2 10.0.2.3 decap refused\nhost D 10.0.3.3 decap refused\nhost B 10.0.8.1\n"
		"router R9 10.0.9.3\n" LINKS HOME_OF_B "at 8s router R2 decap yes\n", &options);
	(void)state;

	simrun_for(run, 10 * NS_PER_SEC);
	assert_int_equal(run->session.hops[1].decap, HOP_DECAP_NO);
	assert_true(run->session.hops[1].is_passed_over);
	move_to(run, &NEW, "eth1");
	simrun_until_done(run);

	assert_int_equal(run->session.hops[1].decap, HOP_DECAP_YES);
	assert_int_equal(run->session.hops[1].takes_own_source, TRI_YES);
	assert_false(run->session.hops[1].is_passed_over);
	assert_true(simrun_through(run, 2)->received > 0);
	/* The end answers in its own name, as it did before, and its counts go on. */
	assert_int_equal(run->session.hops[2].decap, HOP_DECAP_NO);
	assert_true(run->session.hops[2].is_answering);
	assert_true(simrun_through(run, 3)->received > ROUNDS * 9 / 10);
	simrun_destroy(run);
}

/* Of the hop that was there before, nothing is the end's. */
static void test_flows_of_the_end_move_with_it(void **state)
{
	struct simrun_options options = {.rounds = ROUNDS, .seed = check_seed(1), .flows = 2,
		.destination = "D", .has_scan = true};
	struct simrun *run = simrun_create("prober A 10.0.1.1\nrouter R1 10.0.1.3\n"
		"router R2 10.0.2.3\nrouter R9 10.0.9.3\nhost D 10.0.3.3 decap yes\nhost B 10.0.8.1\n"
		"link A-R1 delay 1ms\nlink R1-R2 delay 1ms\nlink R2-D delay 1ms\n"
		"link A-R9 delay 2ms\nlink R9-D delay 2ms\nlink A-B\nroute A to D via R1\n"
		"route D to B via R9\nroute R9 to B via A\nat 10s route A to D via R9\n", &options);
	const struct flow *end = session_flow(&run->session, 1, 0);
	(void)state;

	simrun_for(run, 10 * NS_PER_SEC);
	move_to(run, &NEW, "eth1");
	simrun_until_done(run);

	assert_int_equal(run->session.hop_count, 2);
	assert_int_equal(end[0].from.byte[2], 3);
	assert_int_equal(end[0].to.received + end[1].to.received, simrun_to(run, 2)->received);
	assert_int_equal(end[0].through.sent + end[1].through.sent, simrun_through(run, 2)->sent);
	simrun_destroy(run);
}

/* Whoever lost them is told, and has a connection. */
static void test_packets_that_the_capture_drops_are_no_lack_of_a_connection(void **state)
{
	struct simrun *run = run_of(NODES LINKS, true);
	const struct finding *finding;
	(void)state;

	simrun_for(run, 4 * NS_PER_SEC);
	for (uint64_t dropped = 1; dropped < 130; dropped++) {
		simrun_for(run, NS_PER_SEC / 10);
		engine_drops(run->engine, dropped);
	}
	finding = simrun_finding(run, FINDING_LOCAL_DROP);

	assert_true(finding->is_active);
	assert_non_null(strstr(finding->text, "this host dropped 1"));
	simrun_destroy(run);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_counts_go_on_after_a_move),
		cmocka_unit_test(test_a_short_stay_where_nothing_comes_in_is_no_loss_and_no_move),
		cmocka_unit_test(test_a_place_where_nothing_comes_in_for_long_loses),
		cmocka_unit_test(test_a_discovered_path_is_traced_from_the_new_place),
		cmocka_unit_test(test_a_move_during_discovery_finds_the_path_from_there),
		cmocka_unit_test(test_an_answer_to_the_old_place_does_not_find_the_path),
		cmocka_unit_test(test_a_host_without_a_connection_says_that_nothing_counts),
		cmocka_unit_test(test_replies_by_another_interface_are_told_of),
		cmocka_unit_test(test_the_change_that_a_move_brings_is_noticed_then),
		cmocka_unit_test(test_a_hop_that_is_silent_from_the_new_place_keeps_nothing_of_the_old),
		cmocka_unit_test(test_a_trace_from_the_new_place_is_not_cut_short),
		cmocka_unit_test(test_no_scan_is_made_while_replies_have_not_found_the_new_place),
		cmocka_unit_test(test_another_mtu_at_the_same_place_is_no_move),
		cmocka_unit_test(test_another_address_beside_is_no_move),
		cmocka_unit_test(test_a_path_by_hand_is_scanned_again_from_the_new_place),
		cmocka_unit_test(test_flows_of_the_end_move_with_it),
		cmocka_unit_test(test_packets_that_the_capture_drops_are_no_lack_of_a_connection),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
