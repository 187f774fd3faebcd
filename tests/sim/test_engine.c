/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "base/rng.h"
#include "pkt/cksum.h"
#include "pkt/ip.h"
#include "support/check.h"
#include "support/errors.h"
#include "support/simrun.h"

static const char CLEAN[] =
	"prober A 10.0.1.1\n"
	"router R1 10.0.1.2\nrouter R2 10.0.2.3\nrouter R3 10.0.3.3\n"
	"link A-R1 delay 1ms\nlink R1-R2 delay 5ms\nlink R2-R3 delay 10ms\n";

static struct simrun *create(const char *scenario, struct simrun_options options)
{
	if (options.path == NULL && options.destination == NULL) {
		options.path = "R1,R2,R3";
	}
	options.seed = options.seed == 0 ? check_seed(5) : options.seed;
	return simrun_create(scenario, &options);
}

static void test_a_clean_path_loses_nothing_and_takes_its_delays(void **state)
{
	struct simrun *run = create(CLEAN, (struct simrun_options){.rounds = 20});
	(void)state;

	simrun_until_done(run);
	for (size_t hop = 1; hop <= 3; hop++) {
		static const ns_t rtt[] = {0, 2 * NS_PER_MS, 12 * NS_PER_MS, 32 * NS_PER_MS};

		assert_int_equal(simrun_through(run, hop)->sent, 20);
		assert_int_equal(simrun_through(run, hop)->received, 20);
		assert_int_equal(simrun_through(run, hop)->best, rtt[hop]);
		assert_int_equal(simrun_to(run, hop)->received, 20);
	}
	assert_int_equal(run->session.hops[0].to_kind, TO_TTL);
	assert_int_equal(run->session.hops[2].to_kind, TO_ECHO);
	assert_int_equal(run->session.hops[1].decap, HOP_DECAP_YES);
	assert_true(run->session.has_end_answered);
	simrun_destroy(run);
}

static void test_a_limiter_is_lossy_to_it_and_clean_through_it(void **state)
{
	struct simrun *run = create(
		"prober A 10.0.1.1\nrouter R1 10.0.1.2\nrouter R2 10.0.2.3 icmp-rate 1/2s burst 1\n"
		"router R3 10.0.3.3\nlink A-R1 delay 1ms\nlink R1-R2 delay 5ms\n"
		"link R2-R3 delay 10ms\n", (struct simrun_options){.rounds = 300});
	(void)state;

	simrun_until_done(run);
	assert_true(simrun_to(run, 2)->lost > 250);
	assert_int_equal(simrun_through(run, 2)->lost, 0);
	assert_int_equal(simrun_through(run, 3)->lost, 0);
	simrun_destroy(run);
}

static void test_a_hop_that_refuses_protocol_4_is_an_error_not_a_loss(void **state)
{
	struct simrun *run = create(
		"prober A 10.0.1.1\nrouter R1 10.0.1.2 decap refused\nrouter R2 10.0.2.3\n"
		"link A-R1 delay 1ms\nlink R1-R2 delay 5ms\n",
		(struct simrun_options){.path = "R1,R2", .rounds = 10});
	(void)state;

	simrun_until_done(run);
	assert_int_equal(simrun_through(run, 1)->errors[CAUSE_PROTOCOL_UNREACHABLE], 10);
	assert_int_equal(simrun_through(run, 1)->lost, 0);
	assert_int_equal(run->session.hops[0].decap, HOP_DECAP_NO);
	simrun_destroy(run);
}

static void test_fifteen_hops_are_found_within_one_and_a_half_round_trips(void **state)
{
	char text[4096] = "prober A 10.0.0.1\n";
	struct simrun *run;
	size_t used;
	(void)state;

	for (int i = 1; i <= 15; i++) {
		used = strlen(text);
		(void)snprintf(text + used, sizeof text - used, "%s N%d 10.0.%d.2%s\nlink %s%.0d-N%d "
			"delay 5ms\n", i < 15 ? "router" : "host", i, i,
			i == 4 || i == 9 ? " icmp no" : i == 15 ? " decap yes" : "",
			i == 1 ? "A" : "N", i - 1, i);
	}
	run = create(text, (struct simrun_options){.destination = "N15", .rounds = 3});
	simrun_until_done(run);
	printf("# discovery %.1f ms of %.1f\n", ns_to_ms(run->session.discovery), 150.0);
	assert_int_equal(run->session.hop_count, 15);
	assert_true(run->session.discovery <= 225 * NS_PER_MS);
	assert_false(addr_is_set(&run->session.hops[3].address));
	assert_false(addr_is_set(&run->session.hops[8].address));
	assert_int_equal(simrun_through(run, 15)->received, 3);
	assert_int_equal(simrun_through(run, 4)->transmitted, 0);
	assert_int_equal(simrun_to(run, 4)->lost, 3);
	simrun_destroy(run);
}

static void test_a_path_whose_true_end_was_lost_at_first_becomes_shorter(void **state)
{
	/* The first answers of R3 are lost: hop 4 seems to be the end until a later round. */
	struct simrun *run = create(
		"prober A 10.0.1.1\nrouter R1 10.0.1.2\nhost D 10.0.2.3 decap yes\n"
		"link A-R1 delay 1ms\nlink R1-D delay 5ms loss 60% back-only\n"
		"at 2s link R1-D loss 0% back-only\n",
		(struct simrun_options){.destination = "D", .rounds = 40, .seed = 4});
	(void)state;

	simrun_until_done(run);
	assert_int_equal(run->session.hop_count, 2);
	assert_true(run->session.has_end_answered);
	simrun_destroy(run);
}

static void test_a_destination_that_never_answers_keeps_a_row_and_says_so(void **state)
{
	struct simrun *run = create(
		"prober A 10.0.1.1\nrouter R1 10.0.1.2\nhost D 10.0.2.3 echo no icmp no\n"
		"link A-R1 delay 1ms\nlink R1-D delay 5ms\n",
		(struct simrun_options){.destination = "D", .rounds = 2});
	(void)state;

	simrun_until_done(run);
	assert_int_equal(run->session.hop_count, 2);
	assert_false(addr_is_set(&run->session.hops[1].address));
	assert_false(run->session.has_end_answered);
	simrun_destroy(run);
}

static void test_answers_beyond_the_deadline_are_late_not_received(void **state)
{
	struct simrun *run = create(CLEAN, (struct simrun_options){.rounds = 10,
		.timeout = 20 * NS_PER_MS, .no_to = true});
	(void)state;

	simrun_for(run, 5 * NS_PER_SEC);
	assert_int_equal(simrun_through(run, 2)->received, 10);
	assert_int_equal(simrun_through(run, 3)->received, 0);
	assert_int_equal(simrun_through(run, 3)->late, 10);
	assert_int_equal(simrun_through(run, 3)->lost, 0);
	simrun_destroy(run);
}

static void test_a_second_copy_counts_as_duplicate_only(void **state)
{
	struct simrun *run = create(CLEAN, (struct simrun_options){.rounds = 10, .no_to = true});
	(void)state;

	transport_sim_duplicate_next(run->transport, 7);
	simrun_until_done(run);
	assert_int_equal(simrun_through(run, 1)->duplicate + simrun_through(run, 2)->duplicate +
		simrun_through(run, 3)->duplicate, 7);
	for (size_t hop = 1; hop <= 3; hop++) {
		assert_int_equal(simrun_through(run, hop)->received, 10);
	}
	simrun_destroy(run);
}

static void test_rounds_in_which_the_capture_lost_packets_are_void(void **state)
{
	struct simrun *run = create(CLEAN, (struct simrun_options){.rounds = 50, .no_to = true});
	(void)state;

	simrun_for(run, 2 * NS_PER_SEC);
	transport_sim_lose_next(run->transport, 2);
	simrun_until_done(run);
	assert_true(run->session.void_rounds >= 1 && run->session.void_rounds <= 8);
	assert_int_equal(run->session.rx_dropped, 2);
	for (size_t hop = 1; hop <= 3; hop++) {
		assert_int_equal(simrun_through(run, hop)->lost, 0);
		assert_int_equal(simrun_through(run, hop)->sent, 50 - run->session.void_rounds);
	}
	simrun_destroy(run);
}

/* How long discovery takes where packets were dropped while its probes were out. */
static ns_t discovery_of(uint64_t dropped)
{
	struct simrun *run = simrun_create("prober A 10.0.1.1\nrouter R1 10.0.1.3\n"
		"router R2 10.0.2.3\nhost D 10.0.3.3\nlink A-R1 delay 20ms\nlink R1-R2 delay 20ms\n"
		"link R2-D delay 20ms\n", &(struct simrun_options){.destination = "D",
			.no_through = true, .seed = check_seed(1)});
	ns_t began = loop_now(run->loop), took;

	simrun_for(run, 30 * NS_PER_MS);
	engine_drops(run->engine, dropped);
	while (run->session.phase == PHASE_DISCOVERING) {
		simrun_for(run, NS_PER_MS);
	}
	took = loop_now(run->loop) - began;
	simrun_until_done(run);
	assert_int_equal(run->session.hop_count, 3);
	assert_int_equal(run->session.void_rounds, 0);
	simrun_destroy(run);
	return took;
}

static void test_what_rounds_do_not_count_is_never_void(void **state)
{
	(void)state;

	assert_int_equal(discovery_of(1), discovery_of(0));
}

static void test_a_round_with_a_probe_that_did_not_leave_is_void(void **state)
{
	struct simrun *run = create(CLEAN, (struct simrun_options){.rounds = 20});
	(void)state;

	simrun_for(run, NS_PER_SEC);
	transport_sim_drop_next(run->transport, 1);
	simrun_until_done(run);
	assert_int_equal(run->session.send_errors, 1);
	assert_int_equal(run->session.void_rounds, 1);
	for (size_t hop = 1; hop <= 3; hop++) {
		assert_int_equal(simrun_through(run, hop)->sent, 19);
		assert_int_equal(simrun_through(run, hop)->lost, 0);
		assert_int_equal(simrun_to(run, hop)->sent, 19);
	}
	simrun_destroy(run);
}

/* An echo reply or a returned probe that looks right but for its MAC. */
static void forge_return(struct simrun *run, uint32_t seq, ns_t when)
{
	struct siphash_key wrong = {1, 2};
	struct addr hop = run->session.hops[0].address;
	struct walk walk = {.kind = WALK_RETRACE, .depth = 1, .leg_count = 1,
		.leg = {{.src = hop, .dst = run->session.self, .ttl = 60}}};
	uint8_t bytes[128];
	struct ident ident;
	size_t len;

	ident_init(&ident, &wrong);
	len = probe_wire_build(&(struct probe_spec){.walk = &walk, .seq = seq, .size_bytes = 92,
		.sport = 33000, .dport = 33000}, &ident, bytes, sizeof bytes);
	transport_sim_deliver(run->transport, bytes, len, when);
}

static void forge_error(struct simrun *run, struct rng *rng, ns_t when)
{
	uint8_t bytes[56];
	struct wcursor w = wcursor_of(bytes, sizeof bytes);
	struct addr hop = run->session.hops[1].address;

	ip4_write(&w, &(struct ip_header){.src = hop, .dst = run->session.self, .ttl = 60,
		.total_bytes = sizeof bytes, .protocol = IP_PROTO_ICMP});
	icmp_write(&w, &(struct icmp_header){.type = ICMP_UNREACHABLE, .code = 2});
	ip4_write(&w, &(struct ip_header){.src = run->session.self,
		.dst = run->session.hops[0].address, .ttl = 1, .total_bytes = 152,
		.id = (uint16_t)rng_u32(rng), .dont_fragment = true, .protocol = IP_PROTO_IPIP});
	wcursor_be32(&w, 0x45000084);
	wcursor_be16(&w, (uint16_t)rng_u32(rng));
	wcursor_be16(&w, 0x4000);
	put_be16(bytes + 22, cksum_of(bytes + 20, sizeof bytes - 20));
	transport_sim_deliver(run->transport, bytes, sizeof bytes, when);
}

static void test_forged_packets_change_no_count(void **state)
{
	enum { FORGED = 20000 };
	struct simrun *run = create(CLEAN, (struct simrun_options){.rounds = 15});
	struct rng rng;
	(void)state;

	rng_init(&rng, check_seed(5), 3);
	for (int i = 0; i < FORGED; i++) {
		ns_t when = loop_now(run->loop) + (ns_t)i * 100 * NS_PER_US;

		if (i % 2 == 0) {
			forge_return(run, rng_u32(&rng), when);
		} else {
			forge_error(run, &rng, when);
		}
	}
	simrun_until_done(run);
	assert_int_equal(run->session.forged, FORGED);
	for (size_t hop = 1; hop <= 3; hop++) {
		assert_int_equal(simrun_through(run, hop)->received, 15);
		assert_int_equal(simrun_to(run, hop)->received, 15);
		assert_int_equal(simrun_through(run, hop)->duplicate, 0);
		assert_int_equal(stats_error_count(simrun_through(run, hop)), 0);
	}
	simrun_destroy(run);
}

static void test_a_run_ends_though_its_last_probes_could_not_leave(void **state)
{
	struct simrun *run = create(CLEAN, (struct simrun_options){.rounds = 20});
	(void)state;

	simrun_for(run, NS_PER_SEC);
	transport_sim_drop_next(run->transport, 1000);
	simrun_until_done(run);
	assert_true(run->session.void_rounds >= 14 && run->session.void_rounds <= 16);
	assert_int_equal(simrun_through(run, 3)->sent, 20 - run->session.void_rounds);
	assert_int_equal(simrun_through(run, 3)->lost, 0);
	simrun_destroy(run);
}

static void test_a_to_probe_that_is_too_large_for_a_link_is_no_end_of_the_path(void **state)
{
	struct simrun *run = create(
		"prober A 10.0.1.1\nrouter R1 10.0.1.2\nrouter R2 10.0.2.3\nhost D 10.0.3.3 decap yes\n"
		"link A-R1 delay 1ms\nlink R1-R2 delay 5ms mtu 150\nlink R2-D delay 5ms\n",
		(struct simrun_options){.destination = "D", .rounds = 10});
	(void)state;

	simrun_until_done(run);
	assert_int_equal(run->session.hop_count, 3);
	assert_int_equal(simrun_to(run, 1)->received, 10);
	assert_int_equal(simrun_to(run, 2)->received, 0);
	assert_int_equal(simrun_to(run, 2)->errors[CAUSE_FRAGMENTATION_NEEDED], 10);
	assert_int_equal(run->session.hops[1].seen_count, 1);
	simrun_destroy(run);
}

static void test_the_order_within_rounds_is_random_and_every_depth_is_in_each(void **state)
{
	/* A queue of one packet that drops all but the first of a burst accuses every
	 * depth alike. */
	struct simrun *run = create(
		"prober A 10.0.1.1\nrouter R1 10.0.1.2\nrouter R2 10.0.2.3\nrouter R3 10.0.3.3\n"
		"link A-R1 delay 1ms rate 1mbit queue 2 out-only\n"
		"link R1-R2 delay 5ms\nlink R2-R3 delay 10ms\n",
		(struct simrun_options){.rounds = 30000, .no_to = true});
	(void)state;

	simrun_until_done(run);
	for (size_t hop = 1; hop <= 3; hop++) {
		assert_int_equal(stats_loss_trials(simrun_through(run, hop)), 30000);
		assert_near((double)simrun_through(run, hop)->lost /
			(double)simrun_through(run, 1)->lost, 1, .06);
	}
	simrun_destroy(run);
}

static void test_no_second_holds_more_packets_than_the_cap(void **state)
{
	struct simrun *run = create(CLEAN, (struct simrun_options){.rounds = 4000,
		.interval = NS_PER_MS, .max_rate_pps = 500});
	uint64_t before = 0;
	(void)state;

	for (int second = 0; second < 5; second++) {
		const struct sim_link_truth *out = sim_link_truth_named(run->sim, "A", "R1");

		simrun_for(run, NS_PER_SEC);
		assert_true(out->sent - before <= 501);
		before = out->sent;
	}
	assert_true(before > 2000);
	simrun_destroy(run);
}

static void test_pausing_sends_nothing_and_resuming_goes_on(void **state)
{
	struct simrun *run = create(CLEAN, (struct simrun_options){.rounds = 100});
	uint64_t rounds;
	(void)state;

	simrun_for(run, NS_PER_SEC);
	engine_pause(run->engine, loop_now(run->loop), true);
	rounds = run->session.rounds;
	simrun_for(run, 60 * NS_PER_SEC);
	assert_int_equal(run->session.rounds, rounds);
	engine_pause(run->engine, loop_now(run->loop), false);
	drive_pump(&run->drive);
	simrun_until_done(run);
	assert_int_equal(simrun_through(run, 3)->received, 100);
	assert_int_equal(run->session.void_rounds, 0);
	simrun_destroy(run);
}

static void test_the_grace_time_ends_the_wait_and_counts_nothing_unresolved(void **state)
{
	struct simrun *run = create(
		"prober A 10.0.1.1\nrouter R1 10.0.1.2 decap silent\nlink A-R1 delay 1ms\n",
		(struct simrun_options){.path = "R1", .rounds = 3, .timeout = 10 * NS_PER_SEC,
		.grace = 2 * NS_PER_SEC, .no_to = true});
	ns_t start = loop_now(run->loop);
	(void)state;

	simrun_until_done(run);
	assert_true(loop_now(run->loop) - start < 3 * NS_PER_SEC);
	assert_int_equal(simrun_through(run, 1)->transmitted, 3);
	assert_int_equal(simrun_through(run, 1)->sent, 0);
	simrun_destroy(run);
}

/* R2's way home avoids R1; 20 % is lost there, and nowhere else. */
static const char ASYMMETRIC[] =
	"prober A 10.0.1.1\nrouter R1 10.0.1.2\nrouter R2 10.0.2.3\nrouter Z 10.0.9.3\n"
	"link A-R1 delay 1ms\nlink R1-R2 delay 5ms\nlink R2-Z delay 2ms\n"
	"link Z-R1 delay 3ms loss 20% out-only\nroute R2 to A via Z\n";

static void test_walks_differ_where_the_way_back_does(void **state)
{
	struct simrun *run = create(ASYMMETRIC, (struct simrun_options){.path = "R1,R2",
		.rounds = 500, .all_walks = true});
	const struct stats *second = run->session.hops[1].walk;
	const struct stats *first = run->session.hops[0].walk;
	(void)state;

	simrun_until_done(run);
	assert_int_equal(second[WALK_RETRACE].lost, 0);
	assert_int_equal(second[WALK_RETURN_ONLY].lost, 0);
	assert_near((double)second[WALK_DIRECT].lost / 500, .2, .07);
	assert_near((double)second[WALK_NATURAL].lost / 500, .2, .07);
	assert_near((double)second[WALK_TO].lost / 500, .2, .07);
	assert_int_equal(first[WALK_DIRECT].lost + first[WALK_NATURAL].lost, 0);
	assert_int_equal(second[WALK_DIRECT].best, 12 * NS_PER_MS);
	assert_int_equal(second[WALK_RETRACE].best, 12 * NS_PER_MS);
	simrun_destroy(run);
}

static void test_a_via_walk_comes_home_by_its_waypoint(void **state)
{
	struct simrun *run = create(
		"prober A 10.0.1.1\nrouter R1 10.0.1.2\nrouter R2 10.0.2.3\nrouter Z 10.0.9.3\n"
		"link A-R1 delay 1ms\nlink R1-R2 delay 5ms\nlink R2-Z delay 2ms\nlink Z-A delay 4ms\n",
		(struct simrun_options){.path = "R1,R2", .via = "Z", .rounds = 5});
	(void)state;

	simrun_until_done(run);
	assert_int_equal(run->session.hops[1].walk[WALK_VIA].received, 5);
	assert_int_equal(run->session.hops[1].walk[WALK_VIA].best, 12 * NS_PER_MS);
	assert_int_equal(simrun_through(run, 2)->best, 12 * NS_PER_MS);
	simrun_destroy(run);
}

/* Six personalities in a row; D answers echo only. */
static const char MIXED[] =
	"prober A 10.0.1.1\n"
	"router R1 10.0.1.2\nrouter R2 10.0.2.3 decap refused\nrouter R3 10.0.3.3 decap silent\n"
	"router R4 10.0.4.3 source-check martian\nrouter R5 10.0.5.3 decrement plain\n"
	"router R6 10.0.6.3 decap refused-port\nhost D 10.0.7.3 decap prohibited\n"
	"link A-R1 delay 1ms\nlink R1-R2 delay 1ms\nlink R2-R3 delay 1ms\nlink R3-R4 delay 1ms\n"
	"link R4-R5 delay 1ms\nlink R5-R6 delay 1ms\nlink R6-D delay 1ms\n";

static void test_a_scan_tells_who_decapsulates_and_the_path_is_what_works(void **state)
{
	struct simrun *run = create(MIXED, (struct simrun_options){.destination = "D", .rounds = 20,
		.has_scan = true});
	const struct hop *hops = run->session.hops;
	(void)state;

	simrun_until_done(run);
	assert_int_equal(run->session.hop_count, 7);
	assert_int_equal(hops[0].decap, HOP_DECAP_YES);
	assert_int_equal(hops[0].decrements, TRI_YES);
	assert_int_equal(hops[0].takes_own_source, TRI_YES);
	assert_int_equal(hops[1].decap, HOP_DECAP_NO);
	assert_int_equal(hops[1].refused_code, 2);
	assert_int_equal(hops[2].decap, HOP_DECAP_SILENT);
	assert_int_equal(hops[3].decap, HOP_DECAP_YES);
	assert_int_equal(hops[3].takes_own_source, TRI_NO);
	assert_int_equal(hops[4].decap, HOP_DECAP_YES);
	assert_int_equal(hops[4].decrements, TRI_NO);
	assert_int_equal(hops[5].refused_code, 3);
	assert_int_equal(hops[6].refused_code, 13);
	assert_int_equal(simrun_through(run, 1)->received, 20);
	assert_int_equal(simrun_through(run, 2)->transmitted, 0);
	assert_int_equal(simrun_through(run, 5)->received, 20);
	/* The end answers the last leg itself. */
	assert_int_equal(simrun_through(run, 6)->transmitted, 0);
	assert_int_equal(simrun_through(run, 7)->received, 20);
	assert_true(run->session.has_end_answered);
	simrun_destroy(run);
}

static void test_a_given_path_passes_over_only_hops_that_refuse_aloud(void **state)
{
	struct simrun *run = create(
		"prober A 10.0.1.1\nrouter R1 10.0.1.2\nrouter R2 10.0.2.3 decap refused\n"
		"router R3 10.0.3.3 decap silent\nlink A-R1 delay 1ms\nlink R1-R2 delay 5ms\n"
		"link R2-R3 delay 10ms\n", (struct simrun_options){.rounds = 5, .has_scan = true});
	(void)state;

	simrun_until_done(run);
	assert_true(run->session.hops[1].is_passed_over);
	assert_false(run->session.hops[2].is_passed_over);
	assert_int_equal(run->session.hops[2].decap, HOP_DECAP_SILENT);
	assert_int_equal(simrun_through(run, 2)->transmitted, 0);
	assert_int_equal(simrun_through(run, 3)->lost, 5);
	simrun_destroy(run);
}

static void test_a_path_is_found_and_probed_from_a_third_party(void **state)
{
	/* From S the way to D avoids R1, by which the prober would go. */
	struct simrun *run = create(
		"prober A 10.0.1.1\nrouter R1 10.0.1.2\nrouter S 10.0.2.3\nrouter X 10.0.4.3\n"
		"host D 10.0.5.3 decap yes\nlink A-R1 delay 1ms\nlink R1-D delay 2ms\n"
		"link R1-S delay 3ms\nlink S-X delay 4ms\nlink X-D delay 5ms\nroute S to D via X\n",
		(struct simrun_options){.destination = "D", .from = "S", .rounds = 10, .has_scan = true});
	(void)state;

	simrun_until_done(run);
	assert_int_equal(run->session.hop_count, 3);
	assert_int_equal(addr_to_v4(&run->session.hops[0].address), 0x0a000203);
	assert_int_equal(addr_to_v4(&run->session.hops[1].address), 0x0a000403);
	assert_int_equal(simrun_through(run, 3)->received, 10);
	assert_int_equal(simrun_through(run, 1)->best, 8 * NS_PER_MS);
	assert_int_equal(simrun_through(run, 3)->best, 26 * NS_PER_MS);
	assert_int_equal(simrun_to(run, 2)->received, 10);
	simrun_destroy(run);
}

static void test_to_probes_by_udp_find_the_path_and_end_at_port_unreachable(void **state)
{
	struct simrun *run = create(
		"prober A 10.0.1.1\nrouter R1 10.0.1.2\nhost D 10.0.2.3 decap yes\n"
		"link A-R1 delay 1ms\nlink R1-D delay 5ms\n",
		(struct simrun_options){.destination = "D", .rounds = 30, .is_udp = true});
	(void)state;

	simrun_until_done(run);
	assert_int_equal(run->session.hop_count, 2);
	assert_true(run->session.has_end_answered);
	assert_int_equal(simrun_to(run, 1)->received, 30);
	assert_int_equal(simrun_to(run, 2)->received, 30);
	assert_int_equal(simrun_to(run, 2)->best, 12 * NS_PER_MS);
	simrun_destroy(run);
}

static void test_the_cause_of_a_silence_is_asked_for_with_our_own_source(void **state)
{
	/* R2's refusal goes to R1, whose address the leg bears; nothing ever comes home. */
	struct simrun *run = create(
		"prober A 10.0.1.1\nrouter R1 10.0.1.2\nrouter R2 10.0.2.3 decap refused\n"
		"router R3 10.0.3.3\nlink A-R1 delay 1ms\nlink R1-R2 delay 5ms\n"
		"link R2-R3 delay 5ms\n", (struct simrun_options){.rounds = 30, .no_to = true});
	(void)state;

	simrun_until_done(run);
	assert_int_equal(run->session.hops[0].decap, HOP_DECAP_YES);
	assert_int_equal(run->session.hops[1].decap, HOP_DECAP_NO);
	assert_int_equal(run->session.hops[1].refused_code, 2);
	assert_int_equal(run->session.hops[2].decap, HOP_DECAP_UNKNOWN);
	assert_int_equal(simrun_through(run, 2)->sent, 30);
	assert_int_equal(simrun_through(run, 2)->lost, 30);
	assert_int_equal(stats_error_count(simrun_through(run, 2)), 0);
	simrun_destroy(run);
}

static void test_a_hop_that_answers_and_swallows_protocol_4_is_called_silent(void **state)
{
	struct simrun *run = create(
		"prober A 10.0.1.1\nrouter R1 10.0.1.2\nrouter R2 10.0.2.3 decap silent\n"
		"router R3 10.0.3.3\nlink A-R1 delay 1ms\nlink R1-R2 delay 5ms\n"
		"link R2-R3 delay 5ms\nat 30s link R1-R2 loss 100%\n",
		(struct simrun_options){.rounds = 100});
	(void)state;

	simrun_until_done(run);
	assert_int_equal(run->session.hops[1].decap, HOP_DECAP_SILENT);
	assert_int_equal(run->session.hops[2].decap, HOP_DECAP_UNKNOWN);
	simrun_destroy(run);
}

static void test_a_dead_link_is_not_taken_for_a_hop_that_does_not_decapsulate(void **state)
{
	struct simrun *run = create(
		"prober A 10.0.1.1\nrouter R1 10.0.1.2\nrouter R2 10.0.2.3\n"
		"link A-R1 delay 1ms\nlink R1-R2 delay 5ms loss 100%\n",
		(struct simrun_options){.path = "R1,R2", .rounds = 100});
	(void)state;

	simrun_until_done(run);
	assert_int_equal(run->session.hops[1].decap, HOP_DECAP_UNKNOWN);
	assert_int_equal(simrun_through(run, 2)->lost, 100);
	simrun_destroy(run);
}

static uint32_t reverse_router(const struct simrun *run, unsigned index)
{
	return addr_to_v4(&run->session.reverse.at_ttl[index + session_reverse_offset(&run->session,
		&run->session.reverse)]);
}

static void test_the_way_back_lists_the_return_routers_and_ends_by_proof(void **state)
{
	struct simrun *run = create(
		"prober A 10.0.1.1\nrouter R1 10.0.1.2\nrouter R2 10.0.2.3\nrouter D 10.0.3.3\n"
		"router Z 10.0.9.3\nlink A-R1 delay 1ms\nlink R1-R2 10.0.2.1/10.0.2.3 delay 5ms\n"
		"link R2-D 10.0.3.1/10.0.3.3 delay 5ms\nlink D-Z 10.0.8.1/10.0.8.2 delay 2ms\n"
		"link Z-R1 10.0.7.1/10.0.7.2 delay 3ms\nroute D to A via Z\n",
		(struct simrun_options){.path = "R1,R2,D", .rounds = 20, .has_reverse = true});
	(void)state;

	simrun_until_done(run);
	assert_int_equal(run->session.reverse.from_hop, 3);
	assert_int_equal(session_reverse_routers(&run->session, &run->session.reverse), 2);
	assert_int_equal(reverse_router(run, 1), 0x0a000802);
	assert_int_equal(reverse_router(run, 2), 0x0a000702);
	assert_int_equal(reverse_router(run, 3), 0);
	simrun_destroy(run);
}

static void test_a_silent_router_on_the_way_back_stays_unknown(void **state)
{
	struct simrun *run = create(
		"prober A 10.0.1.1\nrouter R1 10.0.1.2\nrouter R2 10.0.2.3 icmp no\n"
		"router D 10.0.3.3\nlink A-R1 delay 1ms\nlink R1-R2 delay 5ms\n"
		"link R2-D delay 5ms\n",
		(struct simrun_options){.path = "R1,R2,D", .rounds = 20, .has_reverse = true});
	(void)state;

	simrun_until_done(run);
	assert_int_equal(session_reverse_routers(&run->session, &run->session.reverse), 2);
	assert_int_equal(reverse_router(run, 1), 0);
	assert_true(reverse_router(run, 2) != 0);
	simrun_destroy(run);
}

static void test_a_reset_forgets_counts_and_keeps_the_path(void **state)
{
	struct simrun *run = create(CLEAN, (struct simrun_options){.destination = "R3", .rounds = 30});
	(void)state;

	simrun_for(run, 3 * NS_PER_SEC);
	engine_reset(run->engine);
	assert_int_equal(run->session.hop_count, 3);
	assert_int_equal(simrun_through(run, 3)->sent, 0);
	simrun_until_done(run);
	assert_true(simrun_through(run, 3)->sent > 5 && simrun_through(run, 3)->sent < 30);
	assert_int_equal(simrun_through(run, 3)->lost, 0);
	simrun_destroy(run);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_a_clean_path_loses_nothing_and_takes_its_delays),
		cmocka_unit_test(test_a_limiter_is_lossy_to_it_and_clean_through_it),
		cmocka_unit_test(test_a_hop_that_refuses_protocol_4_is_an_error_not_a_loss),
		cmocka_unit_test(test_fifteen_hops_are_found_within_one_and_a_half_round_trips),
		cmocka_unit_test(test_a_path_whose_true_end_was_lost_at_first_becomes_shorter),
		cmocka_unit_test(test_a_destination_that_never_answers_keeps_a_row_and_says_so),
		cmocka_unit_test(test_answers_beyond_the_deadline_are_late_not_received),
		cmocka_unit_test(test_a_second_copy_counts_as_duplicate_only),
		cmocka_unit_test(test_rounds_in_which_the_capture_lost_packets_are_void),
		cmocka_unit_test(test_what_rounds_do_not_count_is_never_void),
		cmocka_unit_test(test_a_round_with_a_probe_that_did_not_leave_is_void),
		cmocka_unit_test(test_forged_packets_change_no_count),
		cmocka_unit_test(test_a_run_ends_though_its_last_probes_could_not_leave),
		cmocka_unit_test(test_a_to_probe_that_is_too_large_for_a_link_is_no_end_of_the_path),
		cmocka_unit_test(test_the_order_within_rounds_is_random_and_every_depth_is_in_each),
		cmocka_unit_test(test_no_second_holds_more_packets_than_the_cap),
		cmocka_unit_test(test_pausing_sends_nothing_and_resuming_goes_on),
		cmocka_unit_test(test_the_grace_time_ends_the_wait_and_counts_nothing_unresolved),
		cmocka_unit_test(test_walks_differ_where_the_way_back_does),
		cmocka_unit_test(test_a_via_walk_comes_home_by_its_waypoint),
		cmocka_unit_test(test_a_scan_tells_who_decapsulates_and_the_path_is_what_works),
		cmocka_unit_test(test_a_given_path_passes_over_only_hops_that_refuse_aloud),
		cmocka_unit_test(test_to_probes_by_udp_find_the_path_and_end_at_port_unreachable),
		cmocka_unit_test(test_the_cause_of_a_silence_is_asked_for_with_our_own_source),
		cmocka_unit_test(test_a_hop_that_answers_and_swallows_protocol_4_is_called_silent),
		cmocka_unit_test(test_a_dead_link_is_not_taken_for_a_hop_that_does_not_decapsulate),
		cmocka_unit_test(test_a_path_is_found_and_probed_from_a_third_party),
		cmocka_unit_test(test_the_way_back_lists_the_return_routers_and_ends_by_proof),
		cmocka_unit_test(test_a_silent_router_on_the_way_back_stays_unknown),
		cmocka_unit_test(test_a_reset_forgets_counts_and_keeps_the_path),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
