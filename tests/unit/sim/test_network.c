/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "unit/sim/lab.h"

/* A square: out by R1 R2 R3; R3 has a second way home by R9. */
#define SQUARE \
	"prober A 10.0.1.1\n" \
	"router R1 10.0.1.2\n" \
	"router R2 10.0.2.3\n" \
	"router R3 10.0.3.3\n" \
	"router R9 10.0.9.3\n" \
	"link A-R1 delay 1ms\n" \
	"link R1-R2 delay 2ms\n" \
	"link R2-R3 delay 4ms\n" \
	"link R3-R9 delay 8ms\n" \
	"link R9-R1 delay 16ms\n"

static const char *const hops[] = {"10.0.1.2", "10.0.2.3", "10.0.3.3"};

static void test_asymmetric_return_is_really_used(void **state)
{
	struct lab *lab = lab_new(SQUARE "route R3 to A via R9\n", 0);
	(void)state;

	/* Answered by R3: out 7 ms, back 8 + 16 + 1. The boomerang knows nothing of it. */
	lab_send_to(lab, 0, "10.0.3.3", 64, 1);
	lab_run(lab);
	assert_int_equal(lab->home[0].when, 32000000);
	assert_int_equal(sim_link_truth_named(lab->sim, "R3", "R9")->delivered, 1);
	assert_int_equal(sim_link_truth_named(lab->sim, "R3", "R2")->sent, 0);

	lab_send_retrace(lab, 100000000, hops, 3, 2);
	lab_run(lab);

	assert_int_equal(lab->home[1].when, 114000000);
	assert_int_equal(sim_link_truth_named(lab->sim, "R3", "R9")->sent, 1);
	assert_int_equal(sim_link_truth_named(lab->sim, "R3", "R2")->delivered, 1);
	lab_free(lab);
}

static void test_changes_take_effect_at_their_time(void **state)
{
	struct lab *lab = lab_new(SQUARE
		"at 1s link R1-R2 loss 100% out-only\n"
		"at 2s link R1-R2 loss 0%\n"
		"at 2s router R2 decap silent\n"
		"at 3s router R2 decap yes\n"
		"at 3s link A-R1 delay 3ms\n", 0);
	(void)state;

	for (uint32_t i = 0; i < 4; i++) {
		lab_send_retrace(lab, (ns_t)i * NS_PER_SEC + NS_PER_MS, hops, 2, i);
	}
	lab_run(lab);

	assert_int_equal(lab->home_count, 2);
	assert_int_equal(lab->home[0].when, 7 * NS_PER_MS);
	assert_int_equal(lab_reply(lab, 1).token_seq, 3);
	assert_int_equal(lab->home[1].when, 3 * NS_PER_SEC + 11 * NS_PER_MS);
	assert_int_equal(sim_link_truth_named(lab->sim, "R1", "R2")->dropped[SIM_CAUSE_LOSS], 1);
	assert_int_equal(sim_node_truth_named(lab->sim, "R2")->dropped[SIM_CAUSE_DECAP_SILENT], 1);
	lab_free(lab);
}

static void test_route_changes_at_its_time(void **state)
{
	struct lab *lab = lab_new(SQUARE "at 1s route R1 to R3 via R9\n", 0);
	(void)state;

	lab_send_to(lab, 0, "10.0.3.3", 2, 1);
	lab_send_to(lab, 2 * NS_PER_SEC, "10.0.3.3", 2, 2);
	lab_run(lab);

	lab_assert_addr(lab_reply(lab, 0).from, "10.0.2.3");
	/* R9's own address is the far end of the link with R3; with R1 it has a pool address. */
	assert_int_equal(sim_node_truth_named(lab->sim, "R9")->errors_sent, 1);
	lab_free(lab);
}

static void test_changes_are_counted_from_the_start_that_is_set(void **state)
{
	struct lab *lab = lab_new(SQUARE "at 1s link A-R1 loss 100%\n", 0);
	(void)state;

	sim_set_start(lab->sim, 50 * NS_PER_SEC);
	lab_send_retrace(lab, 50 * NS_PER_SEC + NS_PER_MS, hops, 1, 1);
	lab_send_retrace(lab, 52 * NS_PER_SEC, hops, 1, 2);
	lab_run(lab);

	assert_int_equal(lab->home_count, 1);
	lab_free(lab);
}

#define DIAMOND(hash) \
	"prober A 10.0.1.1\nrouter R1 10.0.1.2\nrouter P 10.0.2.3\nrouter Q 10.0.3.3\n" \
	"host D 10.0.4.3 decap yes\nlink A-R1\nlink R1-P\nlink R1-Q\nlink P-D\nlink Q-D\n" \
	"ecmp R1 to D via P,Q hash " hash "\n"

static uint64_t taken_by_p(const char *scenario, bool varies_outer, bool varies_inner)
{
	struct lab *lab = lab_new(scenario, 11);
	struct addr self = lab->context.self;
	uint64_t taken;

	for (uint32_t i = 0; i < 200; i++) {
		struct addr outer = addr_v4(0xc6120000 + (varies_outer ? i : 0));
		struct addr inner = addr_v4(0xc6130000 + (varies_inner ? i : 0));
		struct walk walk = {.kind = WALK_RETRACE, .depth = 1, .leg_count = 2, .leg = {
			{outer, lab_addr("10.0.4.3"), 64, CARRIER_IPIP}, {inner, self, 64, CARRIER_IPIP}}};

		lab_send(lab, (ns_t)i * NS_PER_MS, &walk, i, 0);
	}
	lab_run(lab);
	taken = sim_link_truth_named(lab->sim, "R1", "P")->sent;
	assert_int_equal(taken + sim_link_truth_named(lab->sim, "R1", "Q")->sent, 200);
	lab_free(lab);
	return taken;
}

static void test_constant_flow_stays_on_one_way(void **state)
{
	(void)state;

	assert_int_equal(taken_by_p(DIAMOND("outer"), false, true) % 200, 0);
	assert_int_equal(taken_by_p(DIAMOND("inner"), true, false) % 200, 0);
	assert_int_equal(taken_by_p(DIAMOND("5-tuple"), false, false) % 200, 0);
}

static void test_varied_flow_spreads(void **state)
{
	(void)state;

	/* Bin(200, 1/2) is in [65, 135] but for 1e-6. */
	assert_between(taken_by_p(DIAMOND("outer"), true, false), 65, 135);
	assert_between(taken_by_p(DIAMOND("inner"), false, true), 65, 135);
	assert_between(taken_by_p(DIAMOND("packet"), false, false), 65, 135);
}

static struct lab *run_random(uint64_t seed, bool in_small_steps)
{
	struct lab *lab = lab_new("prober A 10.0.1.1\n"
		"router R1 10.0.1.2 icmp-delay 1ms exponential 1ms icmp-rate 3/s\n"
		"router R2 10.0.2.3 decap-loss 1%\n"
		"link A-R1 jitter exponential 1ms loss 3% duplicate 2%\n"
		"link R1-R2 jitter normal 0.1ms burst 0.01 0.2 0.9 reorder yes rate 1mbit queue 4\n"
		"at 1s link A-R1 loss 10%\n", seed);

	sim_observe(lab->sim, lab_log, lab);
	for (uint32_t i = 0; i < 500; i++) {
		ns_t now = (ns_t)i * 5 * NS_PER_MS;

		lab_send_retrace(lab, now, hops, 1 + i % 2, i);
		lab_send_to(lab, now, "10.0.2.3", (uint8_t)(1 + i % 2), i);
		for (ns_t step = 0; in_small_steps && step < 50; step++) {
			sim_run_until(lab->sim, now + step * 100 * NS_PER_US, lab_keep, lab);
		}
	}
	lab_run(lab);
	return lab;
}

static void test_same_seed_gives_the_same_truth_in_whatever_steps(void **state)
{
	uint64_t seed = check_seed(4);
	struct lab *a = run_random(seed, false);
	struct lab *b = run_random(seed, true);
	struct lab *c = run_random(seed + 1, false);
	(void)state;

	assert_true(a->log.len > 10000);
	assert_string_equal(a->log.text, b->log.text);
	assert_int_equal(a->home_count, b->home_count);
	for (size_t i = 0; i < a->home_count; i++) {
		assert_int_equal(a->home[i].when, b->home[i].when);
	}
	assert_string_not_equal(a->log.text, c->log.text);
	lab_free(a);
	lab_free(b);
	lab_free(c);
}

static void test_truth_names_place_cause_and_probe(void **state)
{
	struct lab *lab = lab_new(SQUARE "at 0s link R2-R3 loss 100% out-only\n", 0);
	char expected[200];
	struct addr hop[3];
	struct walk walk;
	uint8_t bytes[512];
	(void)state;

	sim_observe(lab->sim, lab_log, lab);
	for (size_t i = 0; i < 3; i++) {
		hop[i] = lab_addr(hops[i]);
	}
	assert_true(walk_retrace(&lab->context.self, hop, 3, INNER_SOURCE_HOP, &walk));
	assert_int_equal(probe_wire_build(&(struct probe_spec){.walk = &walk, .seq = 77,
		.size_bytes = 200, .dport = LAB_PORT}, &lab->ident, bytes, sizeof bytes), 200);
	sim_inject(lab->sim, NS_PER_SEC, bytes, 200);
	lab_run(lab);

	/* Sent at 1 s, at R2 three milliseconds later; the ID is in bytes 4 and 5. */
	(void)snprintf(expected, sizeof expected,
		"1.000000000 sent none A serial 1 id %02x%02x seq 77\n"
		"1.003000000 dropped loss R2>R3 serial 1 id %02x%02x seq 77\n",
		bytes[4], bytes[5], bytes[4], bytes[5]);
	assert_string_equal(lab->log.text, expected);
	lab_free(lab);
}

static void test_nothing_is_next_when_all_is_at_rest(void **state)
{
	struct lab *lab = lab_new(SQUARE "at 9s link A-R1 loss 1%\n", 0);
	(void)state;

	assert_int_equal(sim_next(lab->sim), NS_NEVER);
	lab_send_retrace(lab, 0, hops, 3, 1);
	/* The earliest that it could be home: 1 ms to R1, 1 ms back. */
	assert_int_equal(sim_next(lab->sim), 2 * NS_PER_MS);
	lab_run(lab);
	assert_int_equal(lab->home[0].when, 14 * NS_PER_MS);
	assert_int_equal(sim_next(lab->sim), NS_NEVER);
	lab_free(lab);
}

static void test_broken_packets_are_counted_and_dropped(void **state)
{
	struct lab *lab = lab_new(SQUARE, 0);
	uint8_t bytes[120] = {0x45};
	struct addr hop = lab_addr("10.0.1.2");
	struct walk walk;
	size_t len;
	(void)state;

	assert_true(walk_retrace(&lab->context.self, &hop, 1, INNER_SOURCE_HOP, &walk));
	sim_inject(lab->sim, 0, bytes, 0);
	sim_inject(lab->sim, 0, bytes, 20);
	len = probe_wire_build(&(struct probe_spec){.walk = &walk, .size_bytes = 100}, &lab->ident,
		bytes, sizeof bytes);
	assert_int_equal(len, 100);
	sim_inject(lab->sim, 0, bytes, 99);
	/* The inner header's checksum is wrong: found where it is decapsulated. */
	bytes[20 + 10] ^= 1;
	sim_inject(lab->sim, 0, bytes, 100);
	lab_run(lab);

	assert_int_equal(lab->home_count, 0);
	assert_int_equal(sim_node_truth_named(lab->sim, "A")->dropped[SIM_CAUSE_MALFORMED], 3);
	assert_int_equal(sim_node_truth_named(lab->sim, "R1")->dropped[SIM_CAUSE_MALFORMED], 1);
	lab_free(lab);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_asymmetric_return_is_really_used),
		cmocka_unit_test(test_changes_take_effect_at_their_time),
		cmocka_unit_test(test_route_changes_at_its_time),
		cmocka_unit_test(test_changes_are_counted_from_the_start_that_is_set),
		cmocka_unit_test(test_constant_flow_stays_on_one_way),
		cmocka_unit_test(test_varied_flow_spreads),
		cmocka_unit_test(test_same_seed_gives_the_same_truth_in_whatever_steps),
		cmocka_unit_test(test_truth_names_place_cause_and_probe),
		cmocka_unit_test(test_nothing_is_next_when_all_is_at_rest),
		cmocka_unit_test(test_broken_packets_are_counted_and_dropped),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
