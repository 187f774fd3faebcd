/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "infer/mda.h"
#include "support/check.h"
#include "support/simrun.h"

/* Three ways from R1 to R2 that take 20, 24 and 28 ms, chosen by what routers hash. */
static const char DIAMOND[] =
	"prober A 10.0.1.1\nrouter R1 10.0.1.2\n"
	"router B1 10.0.2.2\nrouter B2 10.0.3.2\nrouter B3 10.0.4.2\n"
	"router R2 10.0.5.2\nhost D 10.0.9.2 decap yes\n"
	"link A-R1 delay 1ms\nlink R1-B1 delay 9ms\nlink R1-B2 delay 11ms\nlink R1-B3 delay 13ms\n"
	"link B1-R2 delay 1ms\nlink B2-R2 delay 1ms\nlink B3-R2 delay 1ms\nlink R2-D delay 1ms\n"
	"route R1 to D via B1,B2,B3 hash 5-tuple\n";

enum { FLOWS = 32, ROUNDS = 96 };

static struct simrun *finish(struct simrun_options options)
{
	struct simrun *run;

	options.destination = "D";
	options.seed = check_seed(21);
	options.rounds = ROUNDS;
	run = simrun_create(DIAMOND, &options);
	simrun_until_done(run);
	return run;
}

static void assert_constant(const struct simrun *run, size_t k)
{
	for (unsigned i = 0; i < FLOWS; i++) {
		const struct flow *flow = session_flow(&run->session, k, i);

		assert_int_equal(flow->to.sent, ROUNDS / FLOWS);
		assert_int_equal(flow->to.received, ROUNDS / FLOWS);
		/* No two of its answers took different times. */
		assert_int_equal(flow->to.sum, flow->to.samples * flow->to.best);
		assert_true(addr_is_set(&flow->from));
	}
}

static void test_each_flow_keeps_its_way_and_together_they_see_all(void **state)
{
	static const struct simrun_options carriers[] = {{.is_udp = true}, {.is_tcp = true}, {0}};
	(void)state;

	for (size_t i = 0; i < 3; i++) {
		struct simrun_options options = carriers[i];
		struct simrun *run;

		options.flows = FLOWS;
		run = finish(options);
		assert_int_equal(run->session.hop_count, 4);
		assert_int_equal(run->session.hops[0].seen_count, 1);
		assert_int_equal(run->session.hops[1].seen_count, 3);
		assert_true(mda_flows_needed(3) <= FLOWS);
		assert_constant(run, 0);
		assert_constant(run, 1);
		simrun_destroy(run);
	}
}

static void test_one_flow_sees_one_way_and_is_not_counted_apart(void **state)
{
	struct simrun *run = finish((struct simrun_options){.is_udp = true});
	(void)state;

	assert_int_equal(run->session.hops[1].seen_count, 1);
	assert_null(run->session.flows);
	simrun_destroy(run);
}

static void test_flows_count_what_all_count_voids_and_losses_too(void **state)
{
	struct simrun *run = simrun_create(
		"prober A 10.0.1.1\nrouter R1 10.0.1.2\nrouter R2 10.0.2.3\n"
		"link A-R1 delay 1ms\nlink R1-R2 delay 5ms loss 10%\n",
		&(struct simrun_options){.path = "R1,R2", .rounds = 500, .flows = 7,
			.seed = check_seed(21)});
	(void)state;

	simrun_for(run, 20 * NS_PER_SEC);
	transport_sim_lose_next(run->transport, 3);
	simrun_until_done(run);
	assert_true(run->session.void_rounds > 0);
	for (size_t k = 0; k < 2; k++) {
		const struct hop *hop = &run->session.hops[k];
		uint64_t sent = 0, received = 0, through = 0;

		for (unsigned i = 0; i < 7; i++) {
			const struct flow *flow = session_flow(&run->session, k, i);

			sent += flow->to.sent;
			received += flow->to.received;
			through += flow->through.received;
		}
		assert_int_equal(sent, hop->walk[WALK_TO].sent);
		assert_int_equal(received, hop->walk[WALK_TO].received);
		assert_int_equal(through, hop->walk[WALK_RETRACE].received);
	}
	simrun_destroy(run);
}

static void test_rounds_of_one_flow_send_their_nested_probes_by_it_as_well(void **state)
{
	/* Only the last leg of a natural walk shows its ports to R1, on the way back. */
	struct simrun *run = simrun_create(
		"prober A 10.0.1.1\nrouter R1 10.0.1.2\nrouter B1 10.0.2.2\nrouter B2 10.0.3.2\n"
		"router R2 10.0.5.2\nlink A-R1 delay 1ms\nlink R1-B1 delay 9ms\n"
		"link R1-B2 delay 11ms\nlink B1-R2 delay 1ms\nlink B2-R2 delay 1ms\n"
		"route R2 to A via B1,B2 hash 5-tuple\n",
		&(struct simrun_options){.path = "R2", .rounds = 64, .flows = 16, .no_to = true,
			.seed = check_seed(21)});
	bool is_fast = false, is_slow = false;
	(void)state;

	simrun_until_done(run);
	for (unsigned i = 0; i < 16; i++) {
		const struct flow_count *count = &session_flow(&run->session, 0, i)->through;

		assert_int_equal(count->received, 4);
		assert_int_equal(count->sum, 4 * count->best);
		is_fast = is_fast || count->best == 22 * NS_PER_MS;
		is_slow = is_slow || count->best == 24 * NS_PER_MS;
	}
	assert_true(is_fast && is_slow);
	simrun_destroy(run);
}

/* Of nested packets routers hash addresses alone, and of IPv6 the flow label with them. */
static void test_the_flow_label_takes_nested_probes_over_every_way(void **state)
{
	static const char diamond6[] =
		"prober A 2001:db8:1::1\nrouter R1 2001:db8:1::2\n"
		"router B1 2001:db8:2::2\nrouter B2 2001:db8:3::2\nrouter B3 2001:db8:4::2\n"
		"router R2 2001:db8:5::2\n"
		"link A-R1 delay 1ms\nlink R1-B1 delay 9ms\nlink R1-B2 delay 11ms\n"
		"link R1-B3 delay 13ms\nlink B1-R2 delay 1ms\nlink B2-R2 delay 1ms\n"
		"link B3-R2 delay 1ms\nroute R1 to R2 via B1,B2,B3 hash outer\n";
	bool has_seen[3] = {false};
	struct simrun *run = simrun_create(diamond6, &(struct simrun_options){.path = "R1,R2",
		.seed = check_seed(22), .rounds = ROUNDS, .flows = FLOWS, .no_to = true});
	(void)state;

	simrun_until_done(run);
	for (unsigned i = 0; i < FLOWS; i++) {
		const struct flow *flow = session_flow(&run->session, 1, i);
		/* 1 + 9 + 1 ms out; home by the first of the ways. */
		ns_t more = flow->through.best - 22 * NS_PER_MS;

		assert_int_equal(flow->through.received, ROUNDS / FLOWS);
		assert_int_equal(flow->through.sum, flow->through.samples * flow->through.best);
		assert_true(more == 0 || more == 2 * NS_PER_MS || more == 4 * NS_PER_MS);
		has_seen[more / (2 * NS_PER_MS)] = true;
	}
	assert_true(has_seen[0] && has_seen[1] && has_seen[2]);
	simrun_destroy(run);
}

/* From R1 to R2 it takes as long as what the hash of the addresses chooses. */
static const char FORK[] =
	"prober A 10.0.1.1\nrouter R1 10.0.1.2\nrouter B1 10.0.2.2\nrouter B2 10.0.3.2\n"
	"router R2 10.0.5.2\nrouter R3 10.0.9.2\n"
	"link A-R1 delay 1ms\nlink R1-B1 delay 9ms\nlink R1-B2 delay 11ms\n"
	"link B1-R2 delay 1ms\nlink B2-R2 delay 1ms\nlink R2-R3 delay 1ms\n"
	"route R1 to R2 via B1,B2 hash outer\n";

/* R2, which is not on the path, lets pass what comes from where it would send to. */
static const char ROW[] =
	"prober A 10.0.1.1\nrouter R1 10.0.1.2\nrouter R2 10.0.5.2\nrouter R3 10.0.9.2\n"
	"link A-R1 delay 1ms\nlink R1-R2 delay 1ms\nlink R2-R3 delay 1ms\n";

static struct simrun *two_flows(const char *network, const char *path, const char *more)
{
	char scn[1024];
	struct simrun *run;

	assert_true(snprintf(scn, sizeof scn, "%s%s", network, more) < (int)sizeof scn);
	/* A seed with which the two flows of FORK take different ways. */
	run = simrun_create(scn, &(struct simrun_options){.path = path, .rounds = 400,
		.flows = 2, .no_to = true, .seed = 25});
	simrun_until_done(run);
	return run;
}

static void test_flows_of_nested_probes_have_other_sources(void **state)
{
	struct simrun *run = two_flows(FORK, "R1,R2,R3", "");
	(void)state;

	for (size_t k = 1; k < 3; k++) {
		const struct flow_count *usual = &session_flow(&run->session, k, 0)->through;
		const struct flow_count *own = &session_flow(&run->session, k, 1)->through;

		assert_int_equal(usual->received, 200);
		assert_int_equal(own->received, 200);
		assert_int_equal(usual->sum, usual->best * usual->samples);
		assert_int_not_equal(usual->best, own->best);
		/* The first round may have been over before the trial was. */
		assert_true(own->sum - own->best * own->samples <= 2 * 2 * NS_PER_MS);
	}
	assert_int_equal(simrun_through(run, 1)->received, 400);
	assert_int_equal(run->session.hops[2].flow_sources, 2);
	simrun_destroy(run);
}

static void test_what_a_source_check_drops_is_not_sent(void **state)
{
	struct simrun *run = two_flows(ROW, "R1,R3", "at 0s router R2 source-check strict\n");
	(void)state;

	for (uint8_t depth = 1; depth <= 2; depth++) {
		assert_int_equal(simrun_through(run, depth)->received, 400);
		assert_int_equal(run->session.hops[depth - 1].flow_sources, depth == 1 ? 2 : 1);
	}
	simrun_destroy(run);
}

static void test_a_flow_that_comes_home_no_more_is_given_up(void **state)
{
	/* From 30 s on R2 takes our source only from where we are. */
	struct simrun *run = two_flows(ROW, "R1,R3", "at 30s router R2 source-check strict\n");
	uint64_t lost;
	(void)state;

	lost = simrun_through(run, 2)->lost;
	assert_between(lost, 8, 20);
	assert_int_equal(run->session.hops[1].flow_sources, 1);
	assert_int_equal(session_flow(&run->session, 1, 0)->through.received, 200);
	simrun_destroy(run);
}

/* The prober's other address stands at Z, by which nothing goes. */
static void test_another_address_of_ours_makes_more_flows(void **state)
{
	static const char scn[] =
		"prober A 10.0.1.1\nrouter Z 10.0.1.9\nrouter R1 10.0.1.2\nrouter B1 10.0.2.2\n"
		"router B2 10.0.3.2\nrouter B3 10.0.4.2\nrouter R2 10.0.5.2\nrouter R3 10.0.9.2\n"
		"link A-Z delay 1ms\nlink A-R1 delay 1ms\nlink R1-B1 delay 9ms\n"
		"link R1-B2 delay 11ms\nlink R1-B3 delay 13ms\nlink B1-R2 delay 1ms\n"
		"link B2-R2 delay 1ms\nlink B3-R2 delay 1ms\nlink R2-R3 delay 1ms\n"
		"route R1 to R2 via B1,B2,B3 hash outer\n";
	ns_t best[3];
	struct simrun *run;
	(void)state;

	/* A seed with which all three go different ways. */
	run = simrun_create(scn, &(struct simrun_options){.path = "R1,R2,R3", .rounds = 300,
		.flows = 3, .no_to = true, .also = "Z", .seed = 29});
	simrun_until_done(run);
	assert_int_equal(run->session.hops[2].flow_sources, 3);
	for (unsigned i = 0; i < 3; i++) {
		assert_int_equal(session_flow(&run->session, 2, i)->through.received, 100);
		best[i] = session_flow(&run->session, 2, i)->through.best;
	}
	assert_true(best[0] != best[1] && best[1] != best[2] && best[0] != best[2]);
	simrun_destroy(run);
}

static void test_every_other_flow_goes_beside_the_destination(void **state)
{
	/* R1 balances by addresses alone, and D has the address beside its own as well. */
	struct simrun *run = simrun_create(
		"prober A 10.0.1.1\nrouter R1 10.0.1.2\nrouter B1 10.0.2.2\nrouter B2 10.0.3.2\n"
		"router R2 10.0.5.2\nhost D 10.0.9.4 decap yes\nlink A-R1 delay 1ms\n"
		"link R1-B1 delay 9ms\nlink R1-B2 delay 11ms\nlink B1-R2 delay 1ms\n"
		"link B2-R2 delay 1ms\nlink R2-D 10.0.9.1/10.0.9.4 delay 1ms\n"
		"link B2-D 10.0.8.2/10.0.9.5 delay 50ms\n"
		"route R1 to D via B1,B2 hash outer\nroute B2 to D via R2\n",
		&(struct simrun_options){.destination = "D", .rounds = 64, .flows = 4, .is_udp = true,
			.no_through = true, .seed = check_seed(23)});
	(void)state;

	simrun_until_done(run);
	assert_int_equal(run->session.hops[1].seen_count, 2);
	assert_int_equal(run->session.hops[3].seen_count, 1);
	assert_int_equal(simrun_to(run, 4)->received, 64);
	simrun_destroy(run);
}

/* Only D itself has a route from R1 on. */
static void test_what_is_lost_beside_the_destination_is_not_sent_there(void **state)
{
	struct simrun *run = simrun_create(
		"prober A 10.0.1.1\nrouter R1 10.0.1.2\nrouter R2 10.0.2.2\nrouter R3 10.0.3.2\n"
		"host D 10.0.9.4\nlink A-R1 delay 1ms\nlink R1-R2 delay 1ms\nlink R2-R3 delay 1ms\n"
		"link R3-D delay 1ms\n",
		&(struct simrun_options){.destination = "D", .rounds = 200, .flows = 4, .is_udp = true,
			.no_through = true, .seed = check_seed(24)});
	(void)state;

	simrun_until_done(run);
	for (uint8_t hop = 1; hop <= 4; hop++) {
		assert_int_equal(simrun_to(run, hop)->received, 200);
	}
	simrun_destroy(run);
}

static void test_a_bad_member_shows_in_its_flows(void **state)
{
	struct simrun *run = simrun_create(
		"prober A 10.0.1.1\nrouter R1 10.0.1.2\nrouter R2 10.0.5.2\nrouter R3 10.0.9.2\n"
		"link A-R1 delay 1ms\nlink R1-R2 delay 1ms member-loss 0,0,0,20% hash 5-tuple\n"
		"link R2-R3 delay 1ms\n",
		&(struct simrun_options){.path = "R1,R2,R3", .rounds = 3200, .flows = FLOWS,
		.seed = check_seed(22), .no_through = true, .is_udp = true});
	const struct finding *findings;
	size_t count;
	(void)state;

	simrun_until_done(run);
	findings = diag_findings(run->diag, &count);
	assert_true(count > 0);
	assert_int_equal(findings[0].id, FINDING_PATH_LOSS);
	assert_non_null(strstr(findings[0].text, "one of several paths, before hop 2"));
	simrun_destroy(run);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_the_flow_label_takes_nested_probes_over_every_way),
		cmocka_unit_test(test_each_flow_keeps_its_way_and_together_they_see_all),
		cmocka_unit_test(test_one_flow_sees_one_way_and_is_not_counted_apart),
		cmocka_unit_test(test_flows_count_what_all_count_voids_and_losses_too),
		cmocka_unit_test(test_rounds_of_one_flow_send_their_nested_probes_by_it_as_well),
		cmocka_unit_test(test_flows_of_nested_probes_have_other_sources),
		cmocka_unit_test(test_another_address_of_ours_makes_more_flows),
		cmocka_unit_test(test_what_a_source_check_drops_is_not_sent),
		cmocka_unit_test(test_a_flow_that_comes_home_no_more_is_given_up),
		cmocka_unit_test(test_every_other_flow_goes_beside_the_destination),
		cmocka_unit_test(test_what_is_lost_beside_the_destination_is_not_sent_there),
		cmocka_unit_test(test_a_bad_member_shows_in_its_flows),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
