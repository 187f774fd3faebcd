/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "unit/sim/lab.h"

/* Three hops and a host; every link takes 1, 2, 4 and 8 ms there and back. */
#define CHAIN(a, b, c) \
	"prober A 10.0.1.1\n" \
	"router R1 10.0.1.2 " a "\n" \
	"router R2 10.0.2.3 " b "\n" \
	"router R3 10.0.3.3 " c "\n" \
	"host D 10.0.4.3\n" \
	"link A-R1 delay 1ms\n" \
	"link R1-R2 delay 2ms\n" \
	"link R2-R3 delay 4ms\n" \
	"link R3-D delay 8ms\n"

static const char *const chain_hops[] = {"10.0.1.2", "10.0.2.3", "10.0.3.3", "10.0.4.3"};

static void test_time_exceeded_comes_from_the_ingress_address(void **state)
{
	struct lab *lab = lab_new(CHAIN("", "", ""), 0);
	struct reply reply;
	(void)state;

	lab_send_to(lab, 5, "10.0.4.3", 2, 1);
	lab_run(lab);

	assert_int_equal(lab->home_count, 1);
	assert_int_equal(lab->home[0].when, 6000005);
	reply = lab_reply(lab, 0);
	assert_int_equal(reply.kind, REPLY_ERROR);
	assert_int_equal(reply.icmp_type, 11);
	assert_int_equal(reply.icmp_code, 0);
	lab_assert_addr(reply.from, "10.0.2.3");
	assert_int_equal(reply.rx_ttl, 254);
	assert_int_equal(reply.quoted.ttl, 1);
	lab_free(lab);
}

static void test_packet_that_comes_from_the_far_side_is_answered_from_there(void **state)
{
	struct lab *lab = lab_new(CHAIN("", "", ""), 0);
	struct addr self = lab->context.self;
	struct walk walk = {.kind = WALK_RETRACE, .depth = 3, .leg_count = 2, .leg = {
		{self, lab_addr("10.0.3.3"), 64, CARRIER_IPIP}, {self, self, 1, CARRIER_IPIP}}};
	(void)state;

	lab_send(lab, 0, &walk, 1, 0);
	lab_run(lab);

	/* R3 is the first to route the inner packet, and it came in from R2. */
	assert_int_equal(lab->home_count, 1);
	lab_assert_addr(lab_reply(lab, 0).from, "10.0.3.3");
	walk.leg[1].ttl = 2;
	lab_send(lab, sim_now(lab->sim), &walk, 2, 0);
	lab_run(lab);
	/* R2's end of the link to R3 is the /31 mate of R3's address. */
	lab_assert_addr(lab_reply(lab, 1).from, "10.0.3.2");
	lab_free(lab);
}

static void test_boomerang_comes_home_from_every_depth(void **state)
{
	static const ns_t there_and_back[] = {2000000, 6000000, 14000000};
	struct lab *lab = lab_new(CHAIN("", "", ""), 0);
	(void)state;

	for (size_t depth = 1; depth <= 3; depth++) {
		lab_send_retrace(lab, 0, chain_hops, depth, (uint32_t)depth);
	}
	lab_run(lab);

	assert_int_equal(lab->home_count, 3);
	for (size_t i = 0; i < 3; i++) {
		struct reply reply = lab_reply(lab, i);

		assert_int_equal(reply.kind, REPLY_RETURN);
		assert_int_equal(reply.token_seq, i + 1);
		assert_int_equal(lab->home[i].when, there_and_back[i]);
	}
	assert_int_equal(sim_node_truth_named(lab->sim, "R1")->decapsulated, 5);
	assert_int_equal(sim_node_truth_named(lab->sim, "R3")->decapsulated, 1);
	lab_free(lab);
}

static void test_innermost_ttl_falls_by_one_where_the_last_header_is_left(void **state)
{
	struct lab *lab = lab_new(CHAIN("", "", ""), 0);
	struct lab *kept = lab_new(CHAIN("decrement plain", "", ""), 0);
	(void)state;

	lab_send_retrace(lab, 0, chain_hops, 1, 1);
	lab_send_retrace(kept, 0, chain_hops, 1, 1);
	lab_run(lab);
	lab_run(kept);

	assert_int_equal(lab_reply(lab, 0).rx_ttl, 63);
	assert_int_equal(lab_reply(kept, 0).rx_ttl, 64);
	lab_free(lab);
	lab_free(kept);
}

static void test_refused_decapsulation_is_told_with_a_quote(void **state)
{
	struct lab *lab = lab_new(CHAIN("decap refused quote 28", "", ""), 0);
	struct lab *port = lab_new(CHAIN("decap refused-port", "", ""), 0);
	struct reply reply;
	(void)state;

	lab_send_retrace(lab, 0, chain_hops, 1, 1);
	lab_send_retrace(port, 0, chain_hops, 1, 1);
	lab_run(lab);
	lab_run(port);

	reply = lab_reply(lab, 0);
	assert_int_equal(reply.icmp_type, 3);
	assert_int_equal(reply.icmp_code, 2);
	assert_int_equal(lab->home[0].len, 20 + 8 + 28);
	lab_assert_addr(reply.quoted.dst, "10.0.1.2");
	assert_true(reply.ids.next_is_ip);
	reply = lab_reply(port, 0);
	assert_int_equal(reply.icmp_code, 3);
	/* All of the probe: 2 headers, UDP, 24 bytes. */
	assert_int_equal(port->home[0].len, 20 + 8 + 72);
	lab_free(lab);
	lab_free(port);
}

static void test_silent_decapsulator_swallows_and_the_truth_knows_it(void **state)
{
	struct lab *lab = lab_new(CHAIN("", "decap silent", ""), 0);
	(void)state;

	lab_send_retrace(lab, 0, chain_hops, 2, 1);
	lab_run(lab);

	assert_int_equal(lab->home_count, 0);
	assert_int_equal(sim_node_truth_named(lab->sim, "R2")->dropped[SIM_CAUSE_DECAP_SILENT], 1);
	lab_free(lab);
}

static void test_refusal_of_a_leg_from_a_hop_goes_to_that_hop(void **state)
{
	struct lab *lab = lab_new(CHAIN("", "decap refused", ""), 0);
	(void)state;

	lab_send_retrace(lab, 0, chain_hops, 2, 1);
	lab_run(lab);

	assert_int_equal(lab->home_count, 0);
	assert_int_equal(sim_node_truth_named(lab->sim, "R2")->errors_sent, 1);
	assert_int_equal(sim_node_truth_named(lab->sim, "R1")->dropped[SIM_CAUSE_CONSUMED], 1);
	lab_free(lab);
}

static void test_token_bucket_answers_a_burst_then_one_a_period(void **state)
{
	/* measurement.md V14: a Linux hop at one token a second, ten probes a second. */
	static const uint32_t answered[] = {0, 1, 2, 3, 4, 5, 10, 20, 30};
	struct lab *lab = lab_new(CHAIN("icmp-rate 1/s", "", ""), 0);
	(void)state;

	for (uint32_t i = 0; i < 40; i++) {
		lab_send_to(lab, (ns_t)i * 100 * NS_PER_MS, "10.0.4.3", 1, i);
	}
	lab_run(lab);

	assert_int_equal(lab->home_count, 9);
	for (size_t i = 0; i < 9; i++) {
		uint16_t seq = ident_decipher(&lab->ident, lab_reply(lab, i).ids.next);

		assert_int_equal(seq, answered[i]);
	}
	assert_int_equal(sim_node_truth_named(lab->sim, "R1")->dropped[SIM_CAUSE_ICMP_LIMITED], 31);
	lab_free(lab);
}

static void test_limit_of_one_in_two_seconds_and_burst_one(void **state)
{
	struct lab *lab = lab_new(CHAIN("icmp-rate 1/2s burst 1", "", ""), 0);
	(void)state;

	for (uint32_t i = 0; i < 50; i++) {
		lab_send_to(lab, (ns_t)i * 200 * NS_PER_MS, "10.0.4.3", 1, i);
	}
	lab_run(lab);

	/* At 0, 2, 4, 6 and 8 s. */
	assert_int_equal(lab->home_count, 5);
	assert_int_equal(ident_decipher(&lab->ident, lab_reply(lab, 4).ids.next), 40);
	lab_free(lab);
}

/* Two routers behind one limiter answer as often together as one would alone. */
static void test_a_limiter_is_shared_by_the_nodes_that_name_it(void **state)
{
	struct lab *lab = lab_new("limiter pod 1/s burst 2\n" CHAIN("icmp-rate pod", "icmp-rate pod",
		""), 0);
	(void)state;

	for (uint32_t i = 0; i < 100; i++) {
		lab_send_to(lab, (ns_t)i * 100 * NS_PER_MS, "10.0.4.3", 1 + i % 2, i);
	}
	lab_run(lab);

	/* Two at once, then one each second. */
	assert_between(lab->home_count, 11, 12);
	lab_free(lab);
}

static void test_others_take_their_share_of_a_limiter(void **state)
{
	struct lab *lab = lab_new("limiter pod 10/s burst 2 others 10/s\n"
		CHAIN("icmp-rate pod", "", ""), check_seed(3));
	(void)state;

	for (uint32_t i = 0; i < 1000; i++) {
		lab_send_to(lab, (ns_t)i * 37 * NS_PER_MS, "10.0.4.3", 1, i);
	}
	lab_run(lab);

	/* 370 tokens in all, and of 37 that want one 27 are ours; who comes regularly has more. */
	assert_between(lab->home_count, 240, 345);
	lab_free(lab);
}

/* A boomerang to R2 and plain packets to the end pass R1 as often; R1 polices but one kind. */
static void test_a_policer_drops_its_kind_beyond_its_rate(void **state)
{
	/* 104 pass in ten seconds. Of echoes some of the replies pass, and are policed as well. */
	static const struct { const char *scenario; uint64_t nested, least, most; } cases[] = {
		{CHAIN("police ipip 10/s burst 5", "", ""), 896, 0, 1},
		{CHAIN("police icmp 10/s burst 5", "", ""), 0, 894, 1000},
	};
	static const char *const hops[] = {"10.0.1.3", "10.0.2.3"};
	(void)state;

	for (size_t i = 0; i < 2; i++) {
		struct lab *lab = lab_new(cases[i].scenario, 0);
		const struct sim_node_truth *truth = sim_node_truth_named(lab->sim, "R1");
		uint64_t before;

		for (uint32_t k = 0; k < 1000; k++) {
			lab_send(lab, (ns_t)k * 10 * NS_PER_MS, &(struct walk){.kind = WALK_RETRACE,
				.depth = 2, .leg_count = 2, .leg = {
				{lab_addr("10.0.1.1"), lab_addr(hops[1]), 64, CARRIER_IPIP},
				{lab_addr("10.0.1.1"), lab_addr("10.0.1.1"), 64, CARRIER_IPIP}}}, k, 0);
		}
		before = truth->dropped[SIM_CAUSE_POLICE];
		assert_near((double)before, (double)cases[i].nested, 2);
		for (uint32_t k = 0; k < 1000; k++) {
			lab_send_to(lab, (ns_t)(20000 + k * 10) * NS_PER_MS, "10.0.4.3", 64, k);
		}
		lab_run(lab);
		assert_between(truth->dropped[SIM_CAUSE_POLICE] - before, cases[i].least, cases[i].most);
		lab_free(lab);
	}
}

static void test_loss_is_of_packets_of_a_kind_a_length_or_a_dscp(void **state)
{
	static const struct { const char *scenario; uint64_t lost; } cases[] = {
		{CHAIN("loss-of icmp 100%", "", ""), 200}, {CHAIN("loss-of udp 100%", "", ""), 0},
		{CHAIN("loss-of tcp 100% loss-of all 100%", "", ""), 200},
		{CHAIN("loss-over 20 100%", "", ""), 200}, {CHAIN("loss-over 1000 100%", "", ""), 0},
		{CHAIN("drop-dscp 0 100%", "", ""), 200}, {CHAIN("drop-dscp 46 100%", "", ""), 0},
	};
	(void)state;

	for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
		struct lab *lab = lab_new(cases[i].scenario, 0);

		for (uint32_t k = 0; k < 200; k++) {
			lab_send_to(lab, (ns_t)k * NS_PER_MS, "10.0.4.3", 64, k);
		}
		lab_run(lab);
		assert_int_equal(sim_node_truth_named(lab->sim, "R1")->dropped[SIM_CAUSE_KIND],
			cases[i].lost);
		lab_free(lab);
	}
}

static void test_answers_leave_on_the_ticks_of_a_clock(void **state)
{
	struct lab *lab = lab_new(CHAIN("clock 4ms", "", ""), 0);
	(void)state;

	for (uint32_t i = 0; i < 20; i++) {
		lab_send_to(lab, (ns_t)i * 1300 * NS_PER_US, "10.0.4.3", 1, i);
	}
	lab_run(lab);

	assert_int_equal(lab->home_count, 20);
	for (size_t i = 0; i < 20; i++) {
		/* A millisecond from R1 to here, a microsecond for nothing. */
		assert_int_equal((lab->home[i].when - NS_PER_MS) % (4 * NS_PER_MS), 0);
	}
	lab_free(lab);
}

static void test_silent_hop_forwards_but_never_answers(void **state)
{
	struct lab *lab = lab_new(CHAIN("icmp no", "", ""), 0);
	(void)state;

	lab_send_to(lab, 0, "10.0.4.3", 1, 1);
	lab_send_to(lab, 0, "10.0.4.3", 2, 2);
	lab_run(lab);

	assert_int_equal(lab->home_count, 1);
	lab_assert_addr(lab_reply(lab, 0).from, "10.0.2.3");
	assert_int_equal(sim_node_truth_named(lab->sim, "R1")->dropped[SIM_CAUSE_ICMP_OFF], 1);
	lab_free(lab);
}

static void test_host_answers_echo_after_the_delay_of_its_slow_path(void **state)
{
	struct lab *lab = lab_new(CHAIN("icmp-delay 3ms", "", ""), 0);
	struct reply reply;
	(void)state;

	lab_send_to(lab, 0, "10.0.4.3", 64, 9);
	lab_send_to(lab, 0, "10.0.4.3", 1, 10);
	lab_run(lab);

	assert_int_equal(lab->home[0].when, 5 * NS_PER_MS);
	reply = lab_reply(lab, 1);
	assert_int_equal(lab->home[1].when, 30 * NS_PER_MS);
	assert_int_equal(reply.kind, REPLY_ECHO);
	assert_int_equal(reply.token_seq, 9);
	assert_int_equal(reply.rx_ttl, 61);
	lab_free(lab);
}

static void test_closed_tcp_port_resets_and_an_open_one_accepts(void **state)
{
	/* A SYN of 10.0.1.1 port 40000 to 10.0.4.3 port 80, sequence 7, DF, TTL 64. */
	static uint8_t syn[40] = {0x45, 0, 0, 40, 0, 1, 0x40, 0, 64, 6, 0, 0, 10, 0, 1, 1,
		10, 0, 4, 3, 0x9c, 0x40, 0, 80, 0, 0, 0, 7, 0, 0, 0, 0, 0x50, 2, 0x10, 0};
	struct lab *lab = lab_new(CHAIN("", "", ""), 0);
	const uint8_t *reset = lab->home[0].bytes;
	uint32_t sum = 0;
	(void)state;

	for (size_t i = 0; i < 20; i += 2) {
		sum += (uint32_t)syn[i] << 8 | syn[i + 1];
	}
	sum = (sum & 0xffff) + (sum >> 16);
	syn[10] = (uint8_t)(~sum >> 8);
	syn[11] = (uint8_t)~sum;
	sim_inject(lab->sim, 0, syn, sizeof syn);
	lab_run(lab);

	assert_int_equal(lab->home_count, 1);
	assert_int_equal(lab->home[0].len, 40);
	assert_int_equal(reset[9], 6);
	assert_int_equal(reset[20] << 8 | reset[21], 80);
	assert_int_equal(reset[22] << 8 | reset[23], 40000);
	assert_int_equal(reset[31], 8);
	assert_int_equal(reset[33], 0x14);
	lab_free(lab);

	lab = lab_new("prober A 10.0.1.1\nhost D 10.0.4.3 open-port 80\nlink A-D delay 1ms\n", 0);
	sim_inject(lab->sim, 0, syn, sizeof syn);
	lab_run(lab);
	reset = lab->home[0].bytes;
	assert_int_equal(reset[31], 8);
	assert_int_equal(reset[33], 0x12);
	lab_free(lab);
}

static void test_label_stack_is_told_as_rfc_4950_has_it(void **state)
{
	struct lab *lab = lab_new(CHAIN("mpls 17221,24003", "mpls 300 quote 28", ""), 0);
	struct reply reply;
	(void)state;

	lab_send_to(lab, 0, "10.0.4.3", 1, 1);
	lab_send_to(lab, 0, "10.0.4.3", 2, 2);
	lab_run(lab);

	reply = lab_reply(lab, 0);
	assert_int_equal(reply.ext.mpls.count, 2);
	assert_int_equal(reply.ext.mpls.entry[0].label, 17221);
	assert_false(reply.ext.mpls.entry[0].is_bottom);
	assert_int_equal(reply.ext.mpls.entry[1].label, 24003);
	assert_true(reply.ext.mpls.entry[1].is_bottom);
	reply = lab_reply(lab, 1);
	assert_int_equal(reply.ext.mpls.entry[0].label, 300);
	assert_int_equal(reply.ext.mpls.entry[0].ttl, 1);
	/* A quote of 28 padded to 128, an extension header, an object of one entry. */
	assert_int_equal(lab->home[1].len, 20 + 8 + 128 + 4 + 4 + 4);
	assert_int_equal(lab->home[1].bytes[20 + 5], 32);
	lab_free(lab);
}

static void test_names_are_in_errors_of_all_kinds(void **state)
{
	struct lab *lab = lab_new(CHAIN("node-name leaf1 interface-name Ethernet7 mpls 300",
		"node-address 10.9.9.9", "node-name d"), 0);
	struct reply reply;
	(void)state;

	lab_send_to(lab, 0, "10.0.4.3", 1, 1);
	lab_send_to(lab, 0, "10.0.4.3", 2, 2);
	lab_send_to(lab, 0, "10.0.4.3", 3, 3);
	lab_run(lab);

	reply = lab_reply(lab, 0);
	assert_string_equal(reply.ext.node.name, "leaf1");
	assert_false(addr_is_set(&reply.ext.node.address));
	assert_string_equal(reply.ext.interface.name, "Ethernet7");
	assert_int_equal(reply.ext.mpls.count, 1);
	reply = lab_reply(lab, 1);
	assert_string_equal(reply.ext.node.name, "");
	assert_int_equal(addr_to_v4(&reply.ext.node.address), 0x0a090909);
	reply = lab_reply(lab, 2);
	assert_string_equal(reply.ext.node.name, "d");
	lab_free(lab);
}

static void test_packet_over_the_mtu_is_told_it(void **state)
{
	struct lab *lab = lab_new(CHAIN("", "", "")
		"at 0s link R2-R3 mtu 600\n", 0);
	struct addr dst = lab_addr("10.0.4.3");
	struct walk walk = walk_to(&lab->context.self, &dst, 64);
	struct reply reply;
	(void)state;

	lab_send(lab, 0, &walk, 1, 600);
	lab_send(lab, 0, &walk, 2, 601);
	lab_run(lab);

	assert_int_equal(lab->home_count, 2);
	reply = lab_reply(lab, 0);
	assert_int_equal(reply.icmp_type, 3);
	assert_int_equal(reply.icmp_code, 4);
	assert_int_equal(reply.icmp_mtu, 600);
	lab_assert_addr(reply.from, "10.0.2.3");
	assert_int_equal(sim_node_truth_named(lab->sim, "R2")->dropped[SIM_CAUSE_MTU], 1);
	lab_free(lab);
}

static void test_unknown_destination_is_told_by_the_first_router(void **state)
{
	struct lab *lab = lab_new(CHAIN("", "", "") "at 9s link A-R1 loss 1%\n", 0);
	struct addr self = lab->context.self;
	struct walk walk = {.kind = WALK_RETRACE, .depth = 1, .leg_count = 2, .leg = {
		{self, lab_addr("10.0.1.2"), 64, CARRIER_IPIP},
		{self, lab_addr("198.51.100.1"), 64, CARRIER_IPIP}}};
	(void)state;

	lab_send(lab, 0, &walk, 1, 0);
	lab_run(lab);

	assert_int_equal(lab_reply(lab, 0).icmp_type, 3);
	assert_int_equal(lab_reply(lab, 0).icmp_code, 0);
	lab_free(lab);
}

static void test_martian_check_refuses_inner_packets_from_the_hop_itself(void **state)
{
	struct lab *lab = lab_new(CHAIN("source-check martian", "", ""), 0);
	struct addr self = lab->context.self;
	struct addr hop = lab_addr("10.0.1.2");
	struct walk walk;
	(void)state;

	lab_send_retrace(lab, 0, chain_hops, 1, 1);
	assert_true(walk_retrace(&self, &hop, 1, INNER_SOURCE_SELF, &walk));
	lab_send(lab, 0, &walk, 2, 0);
	lab_run(lab);

	assert_int_equal(lab->home_count, 1);
	assert_int_equal(lab_reply(lab, 0).token_seq, 2);
	assert_int_equal(sim_node_truth_named(lab->sim, "R1")->dropped[SIM_CAUSE_SOURCE], 1);
	lab_free(lab);
}

static void test_strict_check_refuses_sources_routed_elsewhere(void **state)
{
	struct lab *lab = lab_new(CHAIN("", "source-check strict", ""), 0);
	struct addr self = lab->context.self;
	struct addr hops[3] = {lab_addr("10.0.1.2"), lab_addr("10.0.2.3"), lab_addr("10.0.3.3")};
	struct walk walk;
	(void)state;

	/* On the way back from R3 a source A comes in by the link to R3. */
	assert_true(walk_retrace(&self, hops, 3, INNER_SOURCE_SELF, &walk));
	lab_send(lab, 0, &walk, 1, 0);
	assert_true(walk_retrace(&self, hops, 2, INNER_SOURCE_SELF, &walk));
	lab_send(lab, 0, &walk, 2, 0);
	lab_run(lab);

	assert_int_equal(lab->home_count, 1);
	assert_int_equal(lab_reply(lab, 0).token_seq, 2);
	lab_free(lab);
}

static void test_faulty_decapsulator_loses_its_share(void **state)
{
	struct lab *lab = lab_new(CHAIN("decap-loss 100%", "", ""), 0);
	(void)state;

	lab_send_retrace(lab, 0, chain_hops, 2, 1);
	lab_run(lab);

	assert_int_equal(lab->home_count, 0);
	assert_int_equal(sim_node_truth_named(lab->sim, "R1")->dropped[SIM_CAUSE_DECAP_FAULT], 1);
	lab_free(lab);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_time_exceeded_comes_from_the_ingress_address),
		cmocka_unit_test(test_packet_that_comes_from_the_far_side_is_answered_from_there),
		cmocka_unit_test(test_boomerang_comes_home_from_every_depth),
		cmocka_unit_test(test_innermost_ttl_falls_by_one_where_the_last_header_is_left),
		cmocka_unit_test(test_refused_decapsulation_is_told_with_a_quote),
		cmocka_unit_test(test_silent_decapsulator_swallows_and_the_truth_knows_it),
		cmocka_unit_test(test_refusal_of_a_leg_from_a_hop_goes_to_that_hop),
		cmocka_unit_test(test_token_bucket_answers_a_burst_then_one_a_period),
		cmocka_unit_test(test_limit_of_one_in_two_seconds_and_burst_one),
		cmocka_unit_test(test_a_limiter_is_shared_by_the_nodes_that_name_it),
		cmocka_unit_test(test_others_take_their_share_of_a_limiter),
		cmocka_unit_test(test_a_policer_drops_its_kind_beyond_its_rate),
		cmocka_unit_test(test_loss_is_of_packets_of_a_kind_a_length_or_a_dscp),
		cmocka_unit_test(test_answers_leave_on_the_ticks_of_a_clock),
		cmocka_unit_test(test_silent_hop_forwards_but_never_answers),
		cmocka_unit_test(test_host_answers_echo_after_the_delay_of_its_slow_path),
		cmocka_unit_test(test_closed_tcp_port_resets_and_an_open_one_accepts),
		cmocka_unit_test(test_label_stack_is_told_as_rfc_4950_has_it),
		cmocka_unit_test(test_names_are_in_errors_of_all_kinds),
		cmocka_unit_test(test_packet_over_the_mtu_is_told_it),
		cmocka_unit_test(test_unknown_destination_is_told_by_the_first_router),
		cmocka_unit_test(test_martian_check_refuses_inner_packets_from_the_hop_itself),
		cmocka_unit_test(test_strict_check_refuses_sources_routed_elsewhere),
		cmocka_unit_test(test_faulty_decapsulator_loses_its_share),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
