/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "helper/policy.h"

#include "support/check.h"
#include "support/retrace.h"

static const struct addr SELF = {ADDR_V4, {10, 0, 1, 1}};
static const struct addr OTHER = {ADDR_V4, {192, 0, 2, 9}};
static const struct addr HOPS[2] = {{ADDR_V4, {10, 0, 1, 2}}, {ADDR_V4, {10, 0, 2, 2}}};
static const struct policy POLICY = {.ours = {.self = {ADDR_V4, {10, 0, 1, 1}}, .port = 33001,
	.echo_id = 77, .to_carried = CARRIED_TCP, .to_port = 80, .to_source_port = 33001},
	.packet_bytes = 1500};

static struct probe_spec udp(const struct walk *walk)
{
	return (struct probe_spec){.walk = walk, .size_bytes = 200, .sport = 33001, .dport = 33001,
		.carried = CARRIED_UDP};
}

static struct probe_spec echo(const struct walk *walk)
{
	return (struct probe_spec){.walk = walk, .size_bytes = 64, .sport = 77,
		.carried = CARRIED_ECHO};
}

/* A>1, 1>2, 2>1, 1>A. */
static struct walk boomerang(void)
{
	struct walk walk = {0};

	assert_true(walk_retrace(&SELF, HOPS, 2, INNER_SOURCE_HOP, &walk));
	return walk;
}

static void assert_verdict(enum policy_verdict wanted, const struct walk *walk)
{
	struct probe_spec spec = udp(walk);

	assert_int_equal(policy_check(&POLICY, &spec), wanted);
}

static void test_every_walk_the_engine_plans_is_allowed(void **state)
{
	(void)state;
	for (int kind = 0; kind < WALK_KIND_COUNT; kind++) {
		for (int inner = INNER_SOURCE_AUTO; inner <= INNER_SOURCE_SELF; inner++) {
			struct walk_plan plan = {.kind = (enum walk_kind)kind, .self = &SELF,
				.hops = HOPS, .depth = 2, .via = OTHER, .inner = (enum inner_source)inner};
			struct walk walk = walk_reverse(&SELF, &HOPS[1], CARRIER_IPIP, 2, 3);

			if (kind == WALK_TO || kind == WALK_REDISCOVER) {
				walk = walk_to(&SELF, &HOPS[1], 3);
			} else if (kind == WALK_LENGTH_OUT || kind == WALK_LENGTH_BACK) {
				walk = walk_length((enum walk_kind)kind, &SELF, &HOPS[1], CARRIER_IPIP,
					inner == INNER_SOURCE_SELF ? &SELF : &HOPS[1], 3);
			} else if (walk_is_bounce((enum walk_kind)kind)) {
				walk = walk_bounce(&SELF, &HOPS[1], &HOPS[0]);
			} else if (kind != WALK_REVERSE) {
				assert_true(walk_build(&plan, &walk));
			}
			struct probe_spec spec = addr_equal(&walk.leg[walk.leg_count - 1].dst, &SELF) ?
				udp(&walk) : echo(&walk);

			assert_int_equal(policy_check(&POLICY, &spec), POLICY_OK);
		}
	}
}

static void test_our_other_address_may_ask_and_nobody_elses(void **state)
{
	struct policy policy = POLICY;
	struct walk walk = walk_to(&OTHER, &HOPS[1], 3);
	struct probe_spec spec = echo(&walk);
	(void)state;

	assert_int_equal(policy_check(&policy, &spec), POLICY_OUTER_SOURCE);
	policy.ours.self_also = OTHER;
	assert_int_equal(policy_check(&policy, &spec), POLICY_OK);
	walk.leg[0].src = HOPS[0];
	assert_int_equal(policy_check(&policy, &spec), POLICY_OUTER_SOURCE);
}

static void test_the_outermost_source_must_be_ours(void **state)
{
	struct walk walk = boomerang();
	(void)state;

	walk.leg[0].src = OTHER;

	assert_verdict(POLICY_OUTER_SOURCE, &walk);
}

static void test_each_inner_source_is_ours_or_where_the_leg_before_ended(void **state)
{
	(void)state;
	for (size_t i = 1; i < 4; i++) {
		struct walk walk = boomerang();

		walk.leg[i].src = SELF;
		assert_verdict(POLICY_OK, &walk);
		walk.leg[i].src = OTHER;
		assert_verdict(POLICY_INNER_SOURCE, &walk);
	}
}

static void test_the_last_leg_ends_at_us_or_comes_from_us(void **state)
{
	struct walk walk = boomerang();
	struct probe_spec spec = echo(&walk);
	(void)state;

	walk.leg[3].dst = OTHER;
	assert_verdict(POLICY_LAST_LEG, &walk);
	walk.leg[3].src = SELF;
	spec.size_bytes = 200;
	assert_int_equal(policy_check(&POLICY, &spec), POLICY_OK);
	/* Who is to answer gets what others send as well, and not what is to come home. */
	assert_verdict(POLICY_CARRIER, &walk);
}

static void test_no_leg_leads_to_more_than_one_host(void **state)
{
	static const struct addr bad[] = {{0}, {ADDR_V4, {0}}, {ADDR_V4, {224, 0, 0, 1}},
		{ADDR_V4, {239, 1, 2, 3}},
		{ADDR_V4, {240, 0, 0, 1}}, {ADDR_V4, {250, 1, 2, 3}},
		{ADDR_V4, {255, 255, 255, 255}}, {ADDR_V6, {0}},
		{ADDR_V6, {0xff, 2, [15] = 1}},
		{ADDR_V6, {[10] = 0xff, 0xff, 192, 0, 2, 1}}};
	(void)state;

	for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
		for (size_t leg = 0; leg < 3; leg++) {
			struct walk walk = boomerang();

			walk.leg[leg].dst = bad[i];
			walk.leg[leg + 1].src = SELF;
			assert_verdict(POLICY_DESTINATION, &walk);
		}
	}
}

static void test_a_walk_has_1_to_72_legs(void **state)
{
	struct walk walk = {0};
	(void)state;

	/* As a path of 36 hops. */
	for (size_t i = 0; i < LEG_MAX; i++) {
		walk.leg[i] = (struct leg){.src = SELF, .dst = HOPS[0], .ttl = 64};
		walk.leg[i].dst.byte[2] = (uint8_t)(i < LEG_MAX / 2 ? i : LEG_MAX - 2 - i);
	}
	for (unsigned count = 0; count <= UINT8_MAX; count++) {
		struct probe_spec spec = udp(&walk);

		struct addr last = count > 0 && count <= LEG_MAX ? walk.leg[count - 1].dst : SELF;

		walk.leg_count = (uint8_t)count;
		spec.size_bytes = 1500;
		if (count > 0 && count <= LEG_MAX) {
			walk.leg[count - 1].dst = SELF;
		}
		assert_int_equal(policy_check(&POLICY, &spec), count == 0 || count > 72 ?
			POLICY_LEGS : POLICY_OK);
		if (count > 0 && count <= LEG_MAX) {
			walk.leg[count - 1].dst = last;
		}
	}
}

static void test_every_leg_lives_for_a_hop_at_least(void **state)
{
	(void)state;
	for (size_t i = 0; i < 4; i++) {
		struct walk walk = boomerang();

		walk.leg[i].ttl = 0;
		assert_verdict(POLICY_TTL, &walk);
		walk.leg[i].ttl = 1;
		assert_verdict(POLICY_OK, &walk);
	}
}

static void test_sizes_are_those_that_can_be_built_and_seen(void **state)
{
	struct walk walk = boomerang();
	struct probe_spec spec = udp(&walk);
	(void)state;

	for (unsigned size = 0; size <= UINT16_MAX; size++) {
		spec.size_bytes = (uint16_t)size;
		/* 4 legs of 20 bytes, 8 of UDP, 24 of payload. */
		assert_int_equal(policy_check(&POLICY, &spec), size < 112 || size > 1500 ?
			POLICY_SIZE : POLICY_OK);
	}
}

static void test_ports_and_identifier_are_the_session_s_own(void **state)
{
	struct walk walk = boomerang();
	struct probe_spec spec = udp(&walk);
	(void)state;

	spec.dport = 53;
	assert_int_equal(policy_check(&POLICY, &spec), POLICY_CARRIER);
	spec = udp(&walk);
	spec.sport = 53;
	assert_int_equal(policy_check(&POLICY, &spec), POLICY_CARRIER);
	walk = walk_to(&SELF, &OTHER, 5);
	spec = echo(&walk);
	assert_int_equal(policy_check(&POLICY, &spec), POLICY_OK);
	spec.flow = FLOW_MAX;
	assert_int_equal(policy_check(&POLICY, &spec), POLICY_CARRIER);
	spec.flow = FLOW_MAX - 1;
	assert_int_equal(policy_check(&POLICY, &spec), POLICY_OK);
	spec.sport = 78;
	assert_int_equal(policy_check(&POLICY, &spec), POLICY_CARRIER);
}

static void test_an_echo_is_answered_to_nobody_but_us(void **state)
{
	struct walk walk = boomerang();
	struct probe_spec spec = echo(&walk);
	(void)state;

	spec.size_bytes = 200;

	assert_int_equal(policy_check(&POLICY, &spec), POLICY_CARRIER);
}

static void test_the_last_leg_to_an_end_that_answers_may_be_an_echo(void **state)
{
	struct walk_plan plan = {.kind = WALK_RETRACE, .self = &SELF, .hops = HOPS, .depth = 2,
		.is_end_answering = true};
	struct walk walk;
	struct probe_spec spec;
	(void)state;

	assert_true(walk_build(&plan, &walk));
	spec = echo(&walk);
	spec.size_bytes = 200;

	assert_int_equal(policy_check(&POLICY, &spec), POLICY_OK);
}

static void test_a_syn_has_its_one_size_and_the_session_s_ports(void **state)
{
	struct walk walk = walk_to(&SELF, &OTHER, 5);
	struct probe_spec spec = {.walk = &walk, .size_bytes = 40, .sport = 33001, .dport = 80,
		.carried = CARRIED_TCP};
	(void)state;

	assert_int_equal(policy_check(&POLICY, &spec), POLICY_OK);
	spec.sport = 33001 + 447;
	assert_int_equal(policy_check(&POLICY, &spec), POLICY_OK);
	spec.sport = 33001 + 448;
	assert_int_equal(policy_check(&POLICY, &spec), POLICY_CARRIER);
	spec.sport = 33000;
	assert_int_equal(policy_check(&POLICY, &spec), POLICY_CARRIER);
	spec.sport = 33001;
	spec.dport = 22;
	assert_int_equal(policy_check(&POLICY, &spec), POLICY_CARRIER);
	spec.dport = 80;
	spec.size_bytes = 64;
	assert_int_equal(policy_check(&POLICY, &spec), POLICY_SIZE);
}

static unsigned take_all(struct policy_bucket *bucket, ns_t now)
{
	unsigned taken = 0;

	while (taken < 1000000 && policy_bucket_take(bucket, now)) {
		taken++;
	}
	return taken;
}

/* The screen turns from one to the other while the sockets stay. */
static void test_another_kind_of_to_probe_may_have_a_port_as_well(void **state)
{
	struct policy policy = POLICY;
	struct walk walk = walk_to(&SELF, &HOPS[1], 3);
	struct probe_spec spec = udp(&walk);
	(void)state;

	spec.dport = 33434;
	assert_int_equal(policy_check(&policy, &spec), POLICY_CARRIER);
	policy.ours.other_port = 33434;
	assert_int_equal(policy_check(&policy, &spec), POLICY_OK);
	spec.dport = 53;
	assert_int_equal(policy_check(&policy, &spec), POLICY_CARRIER);
}

/* A, B, A, B, ... is as many packets on their link as it has legs. */
static void test_no_pair_of_hosts_is_crossed_more_than_twice(void **state)
{
	struct walk walk = {.kind = WALK_RETRACE, .depth = 2};
	(void)state;

	for (unsigned between = 0; between < 8; between++) {
		struct addr at = SELF;

		walk.leg_count = (uint8_t)(between + 2);
		for (size_t i = 0; i < walk.leg_count; i++) {
			bool is_home = i + 1 == walk.leg_count;

			walk.leg[i] = (struct leg){.src = at, .dst = is_home ? SELF : HOPS[i % 2], .ttl = 64};
			at = walk.leg[i].dst;
		}
		assert_verdict(between <= 2 ? POLICY_OK : POLICY_TO_AND_FRO, &walk);
	}
}

/* Whatever source the legs have, and whichever of our addresses. */
static void test_this_host_and_another_are_a_pair_as_well(void **state)
{
	struct policy policy = POLICY;
	struct walk walk = {.kind = WALK_RETRACE, .depth = 1, .leg_count = 4, .leg = {
		{SELF, HOPS[0], 64, CARRIER_IPIP}, {SELF, SELF, 64, CARRIER_IPIP},
		{SELF, HOPS[0], 64, CARRIER_IPIP}, {SELF, SELF, 64, CARRIER_IPIP}}};
	struct probe_spec spec = udp(&walk);
	(void)state;

	policy.ours.self_also = OTHER;
	assert_int_equal(policy_check(&policy, &spec), POLICY_TO_AND_FRO);
	walk.leg[1].dst = OTHER;
	assert_int_equal(policy_check(&policy, &spec), POLICY_TO_AND_FRO);
	walk.leg_count = 2;
	assert_int_equal(policy_check(&policy, &spec), POLICY_OK);
}

/* Each flow has its own, and they are bound. */
static void test_udp_leaves_from_its_flow_s_port_alone(void **state)
{
	struct policy policy = POLICY;
	struct walk walk = walk_to(&SELF, &HOPS[1], 3);
	struct probe_spec spec = udp(&walk);
	(void)state;

	policy.ours.to_carried = CARRIED_UDP;
	spec.dport = 80;
	for (unsigned flow = 0; flow < FLOW_MAX; flow++) {
		for (unsigned port = 33001 - 2; port < 33001 + 70; port++) {
			spec.flow = (uint8_t)flow;
			spec.sport = (uint16_t)port;
			assert_int_equal(policy_check(&policy, &spec), port == 33001 + flow ? POLICY_OK :
				POLICY_CARRIER);
		}
	}
}

static void test_sharers_have_the_rate_together(void **state)
{
	struct policy_bucket bucket;
	(void)state;

	/* Where doubles are longer in registers than in memory, a nanosecond more or less. */
	policy_bucket_init(&bucket, 1000, false, 0);
	assert_int_equal(take_all(&bucket, 0), 0);
	assert_between((uint64_t)policy_bucket_next(&bucket, 0), NS_PER_MS, NS_PER_MS + 1);
	assert_between((uint64_t)take_all(&bucket, NS_PER_SEC / 10), 99, 100);
	policy_bucket_share(&bucket, 4, NS_PER_SEC / 10);
	assert_between((uint64_t)policy_bucket_next(&bucket, NS_PER_SEC / 10),
		NS_PER_SEC / 10 + 4 * NS_PER_MS - 1, NS_PER_SEC / 10 + 4 * NS_PER_MS + 1);
	assert_between((uint64_t)take_all(&bucket, NS_PER_SEC / 10 * 3), 49, 51);
	assert_between((uint64_t)take_all(&bucket, 100 * NS_PER_SEC), 188, 190);
}

static void test_of_a_rate_of_0_there_is_never_one(void **state)
{
	struct policy_bucket bucket;
	(void)state;

	policy_bucket_init(&bucket, 0, false, 5 * NS_PER_SEC);
	assert_int_equal(policy_bucket_next(&bucket, 5 * NS_PER_SEC), NS_NEVER);
	assert_int_equal(policy_bucket_next(&bucket, 5000 * NS_PER_SEC), NS_NEVER);
	assert_false(policy_bucket_take(&bucket, 5000 * NS_PER_SEC));
}

static void test_of_however_many_sharers_each_has_one_in_time(void **state)
{
	struct policy_bucket bucket;
	ns_t next;
	(void)state;

	policy_bucket_init(&bucket, 1, false, 0);
	policy_bucket_share(&bucket, 10000, 0);
	next = policy_bucket_next(&bucket, 0);
	assert_between((uint64_t)next, 10000 * (uint64_t)NS_PER_SEC, 10000 * (uint64_t)NS_PER_SEC + 1);
	assert_int_equal(take_all(&bucket, 2 * next), 1);
}

static void test_the_bucket_holds_half_a_second_and_fills_at_the_rate(void **state)
{
	struct policy_bucket bucket;
	(void)state;

	policy_bucket_init(&bucket, 1000, true, 5 * NS_PER_SEC);
	assert_int_equal(take_all(&bucket, 5 * NS_PER_SEC), 756);
	assert_int_equal(take_all(&bucket, 5 * NS_PER_SEC), 0);
	assert_int_equal(take_all(&bucket, 5 * NS_PER_SEC + 100 * NS_PER_MS), 100);
	assert_int_equal(take_all(&bucket, 4 * NS_PER_SEC), 0);
	assert_int_equal(take_all(&bucket, 500 * NS_PER_SEC), 756);
}

/* It goes to a link address: nothing else may. */
static void test_a_bounce_is_from_us_to_us_and_nothing_else(void **state)
{
	struct walk good = walk_bounce(&SELF, &HOPS[1], &(struct addr){0}), bad = good;
	(void)state;

	assert_verdict(POLICY_OK, &good);
	bad.leg[0].dst = HOPS[0];
	assert_verdict(POLICY_BOUNCE, &bad);
	bad = good;
	bad.leg[0].src = bad.leg[0].dst = OTHER;
	assert_verdict(POLICY_BOUNCE, &bad);
	bad = good;
	bad.leg[0].ttl = 64;
	assert_verdict(POLICY_BOUNCE, &bad);
	bad = good;
	bad.leg[1] = bad.leg[0];
	bad.leg_count = 2;
	assert_verdict(POLICY_BOUNCE, &bad);
	bad = good;
	bad.towards = (struct addr){0};
	assert_verdict(POLICY_BOUNCE, &bad);
	bad.towards = (struct addr){ADDR_V4, {224, 0, 0, 1}};
	assert_verdict(POLICY_BOUNCE, &bad);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_every_walk_the_engine_plans_is_allowed),
		cmocka_unit_test(test_our_other_address_may_ask_and_nobody_elses),
		cmocka_unit_test(test_the_outermost_source_must_be_ours),
		cmocka_unit_test(test_each_inner_source_is_ours_or_where_the_leg_before_ended),
		cmocka_unit_test(test_the_last_leg_ends_at_us_or_comes_from_us),
		cmocka_unit_test(test_no_leg_leads_to_more_than_one_host),
		cmocka_unit_test(test_a_walk_has_1_to_72_legs),
		cmocka_unit_test(test_every_leg_lives_for_a_hop_at_least),
		cmocka_unit_test(test_sizes_are_those_that_can_be_built_and_seen),
		cmocka_unit_test(test_ports_and_identifier_are_the_session_s_own),
		cmocka_unit_test(test_an_echo_is_answered_to_nobody_but_us),
		cmocka_unit_test(test_the_last_leg_to_an_end_that_answers_may_be_an_echo),
		cmocka_unit_test(test_a_syn_has_its_one_size_and_the_session_s_ports),
		cmocka_unit_test(test_another_kind_of_to_probe_may_have_a_port_as_well),
		cmocka_unit_test(test_no_pair_of_hosts_is_crossed_more_than_twice),
		cmocka_unit_test(test_this_host_and_another_are_a_pair_as_well),
		cmocka_unit_test(test_udp_leaves_from_its_flow_s_port_alone),
		cmocka_unit_test(test_sharers_have_the_rate_together),
		cmocka_unit_test(test_of_a_rate_of_0_there_is_never_one),
		cmocka_unit_test(test_of_however_many_sharers_each_has_one_in_time),
		cmocka_unit_test(test_the_bucket_holds_half_a_second_and_fills_at_the_rate),
		cmocka_unit_test(test_a_bounce_is_from_us_to_us_and_nothing_else),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
