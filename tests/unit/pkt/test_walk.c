/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "pkt/walk.h"

#include "support/check.h"
#include "support/retrace.h"

static const struct addr SELF = {ADDR_V4, {10, 0, 1, 1}};
static const struct addr HOPS[3] = {
	{ADDR_V4, {10, 0, 1, 2}}, {ADDR_V4, {10, 0, 2, 2}}, {ADDR_V4, {10, 0, 3, 2}}};

static void assert_leg(const struct leg *leg, const struct addr *src, const struct addr *dst)
{
	assert_true(addr_equal(&leg->src, src));
	assert_true(addr_equal(&leg->dst, dst));
}

static void test_a_boomerang_comes_back_over_the_hops_it_went(void **state)
{
	struct walk walk;
	(void)state;

	assert_true(walk_retrace(&SELF, HOPS, 2, INNER_SOURCE_HOP, &walk));
	assert_int_equal(walk.leg_count, 4);
	assert_leg(&walk.leg[0], &SELF, &HOPS[0]);
	assert_leg(&walk.leg[1], &HOPS[0], &HOPS[1]);
	assert_leg(&walk.leg[2], &HOPS[1], &HOPS[0]);
	assert_leg(&walk.leg[3], &HOPS[0], &SELF);
}

static void test_own_sources_stand_in_every_leg(void **state)
{
	struct walk walk;
	(void)state;

	assert_true(walk_retrace(&SELF, HOPS, 3, INNER_SOURCE_SELF, &walk));
	assert_int_equal(walk.leg_count, 6);
	for (size_t i = 0; i < walk.leg_count; i++) {
		assert_true(addr_equal(&walk.leg[i].src, &SELF));
	}
}

static void test_silent_hops_are_passed_over(void **state)
{
	struct addr hops[3] = {HOPS[0], {0}, HOPS[2]};
	struct walk walk;
	(void)state;

	assert_true(walk_retrace(&SELF, hops, 3, INNER_SOURCE_HOP, &walk));
	assert_int_equal(walk.leg_count, 4);
	assert_leg(&walk.leg[1], &HOPS[0], &HOPS[2]);
	assert_false(walk_retrace(&SELF, hops, 2, INNER_SOURCE_HOP, &walk));
}

static void test_the_deepest_walk_is_36_hops(void **state)
{
	struct addr hops[LEG_MAX];
	struct walk walk = {.depth = 99};
	(void)state;

	for (size_t i = 0; i < LEG_MAX; i++) {
		hops[i] = addr_v4(0x0a000000 + (uint32_t)i);
	}
	assert_false(walk_retrace(&SELF, hops, 37, INNER_SOURCE_HOP, &walk));
	assert_int_equal(walk.depth, 99);
	assert_true(walk_retrace(&SELF, hops, 36, INNER_SOURCE_HOP, &walk));
	assert_int_equal(walk.leg_count, 72);
}

static struct walk built(enum walk_kind kind, size_t depth)
{
	struct walk_plan plan = {.kind = kind, .self = &SELF, .hops = HOPS, .depth = depth,
		.via = {ADDR_V4, {10, 0, 9, 9}}, .inner = INNER_SOURCE_HOP};
	struct walk walk;

	assert_true(walk_build(&plan, &walk));
	return walk;
}

static void test_each_kind_of_walk_has_its_legs(void **state)
{
	struct addr via = {ADDR_V4, {10, 0, 9, 9}};
	struct walk walk = built(WALK_DIRECT, 3);
	(void)state;

	assert_int_equal(walk.leg_count, 4);
	assert_leg(&walk.leg[2], &HOPS[1], &HOPS[2]);
	assert_leg(&walk.leg[3], &HOPS[2], &SELF);
	walk = built(WALK_NATURAL, 3);
	assert_int_equal(walk.leg_count, 2);
	assert_leg(&walk.leg[0], &SELF, &HOPS[2]);
	assert_leg(&walk.leg[1], &HOPS[2], &SELF);
	walk = built(WALK_RETURN_ONLY, 3);
	assert_int_equal(walk.leg_count, 4);
	assert_leg(&walk.leg[0], &SELF, &HOPS[2]);
	assert_leg(&walk.leg[1], &HOPS[2], &HOPS[1]);
	assert_leg(&walk.leg[3], &HOPS[0], &SELF);
	walk = built(WALK_VIA, 2);
	assert_int_equal(walk.leg_count, 4);
	assert_leg(&walk.leg[2], &HOPS[1], &via);
	assert_leg(&walk.leg[3], &via, &SELF);
}

static void test_kinds_are_known_by_name_but_nobody_asks_for_to(void **state)
{
	enum walk_kind kind = WALK_VIA;
	(void)state;

	assert_true(walk_kind_parse("return-only", &kind));
	assert_int_equal(kind, WALK_RETURN_ONLY);
	assert_false(walk_kind_parse("to", &kind));
	assert_false(walk_kind_parse("", &kind));
	assert_int_equal(kind, WALK_RETURN_ONLY);
}

static void test_strict_walks_have_no_ttl_to_spare(void **state)
{
	static const struct addr self = {4, {10, 0, 0, 1}};
	static const struct addr hops[] = {{4, {10, 0, 1, 2}}, {0}, {4, {10, 0, 3, 2}}};
	static const bool keeps_ttl[] = {false, false, true};
	struct walk_plan plan = {.kind = WALK_STRICT_OUT, .self = &self, .hops = hops, .depth = 3,
		.keeps_ttl = keeps_ttl};
	struct walk out, back;
	(void)state;

	assert_true(walk_build(&plan, &out));
	plan.kind = WALK_STRICT_BACK;
	assert_true(walk_build(&plan, &back));

	assert_int_equal(out.leg_count, 4);
	assert_int_equal(out.leg[0].ttl, 1);
	assert_int_equal(out.leg[1].ttl, 3);
	assert_int_equal(out.leg[2].ttl, 64);
	assert_int_equal(out.leg[3].ttl, 64);
	assert_int_equal(back.leg_count, 4);
	assert_int_equal(back.leg[0].ttl, 64);
	assert_int_equal(back.leg[1].ttl, 64);
	assert_int_equal(back.leg[2].ttl, 2);
	assert_int_equal(back.leg[3].ttl, 2);
}

static void test_inner_sources_are_chosen_as_asked(void **state)
{
	static const struct addr given = {ADDR_V4, {10, 0, 9, 9}};
	static const bool needs_self[3] = {true};
	struct walk_plan plan = {.kind = WALK_RETRACE, .self = &SELF, .hops = HOPS, .depth = 2,
		.inner = INNER_SOURCE_AUTO, .needs_self = needs_self, .source = given};
	struct walk walk;
	(void)state;

	assert_true(walk_build(&plan, &walk));
	assert_leg(&walk.leg[1], &SELF, &HOPS[1]);
	assert_leg(&walk.leg[2], &HOPS[1], &HOPS[0]);
	plan.inner = INNER_SOURCE_HOP;
	assert_true(walk_build(&plan, &walk));
	assert_leg(&walk.leg[1], &HOPS[0], &HOPS[1]);
	plan.inner = INNER_SOURCE_GIVEN;
	assert_true(walk_build(&plan, &walk));
	assert_leg(&walk.leg[0], &SELF, &HOPS[0]);
	assert_leg(&walk.leg[1], &given, &HOPS[1]);
	assert_leg(&walk.leg[3], &given, &SELF);
}

static void test_legs_back_go_to_the_side_that_is_asked_for(void **state)
{
	static const struct addr back[3] = {{ADDR_V4, {10, 0, 2, 1}}, {ADDR_V4, {10, 0, 3, 1}}};
	struct walk_plan plan = {.kind = WALK_RETRACE, .self = &SELF, .hops = HOPS, .depth = 3,
		.back = back};
	struct walk walk;
	(void)state;

	assert_true(walk_build(&plan, &walk));

	assert_leg(&walk.leg[2], &HOPS[1], &HOPS[2]);
	assert_leg(&walk.leg[3], &HOPS[2], &back[1]);
	assert_leg(&walk.leg[4], &back[1], &back[0]);
	assert_leg(&walk.leg[5], &back[0], &SELF);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_inner_sources_are_chosen_as_asked),
		cmocka_unit_test(test_legs_back_go_to_the_side_that_is_asked_for),
		cmocka_unit_test(test_strict_walks_have_no_ttl_to_spare),
		cmocka_unit_test(test_a_boomerang_comes_back_over_the_hops_it_went),
		cmocka_unit_test(test_own_sources_stand_in_every_leg),
		cmocka_unit_test(test_silent_hops_are_passed_over),
		cmocka_unit_test(test_each_kind_of_walk_has_its_legs),
		cmocka_unit_test(test_kinds_are_known_by_name_but_nobody_asks_for_to),
		cmocka_unit_test(test_the_deepest_walk_is_36_hops),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
