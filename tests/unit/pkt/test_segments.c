/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "pkt/segments.h"

#include "base/rng.h"
#include "pkt/cksum.h"
#include "pkt/probe_read.h"
#include "pkt/reply.h"
#include "support/check.h"

static const struct siphash_key KEY = {5, 9};
static const struct sid_format F3216 = {32, 16};

static struct addr sid(uint8_t number)
{
	return (struct addr){ADDR_V6, {0xfc, 0xbb, 0xbb, 0xbb, 0, number}};
}

static struct addr parsed(const char *text)
{
	struct addr addr;

	assert_true(addr_parse(text, &addr));
	return addr;
}

/* The retrace to hop `depth` of nodes 1, 2, .. */
static void retrace(size_t depth, enum carrier carrier, struct addr self, struct walk *ret_walk)
{
	struct addr hops[LEG_MAX / 2];
	enum carrier carriers[LEG_MAX / 2];
	struct walk_plan plan = {.kind = WALK_RETRACE, .self = &self, .hops = hops,
		.carriers = carriers, .sids = F3216, .depth = depth};

	for (size_t i = 0; i < depth; i++) {
		hops[i] = sid((uint8_t)(i + 1));
		carriers[i] = carrier;
	}
	assert_true(walk_build(&plan, ret_walk));
}

static void test_an_address_holds_six_of_the_usual_format(void **state)
{
	struct segments segments;
	struct walk walk;
	(void)state;

	retrace(3, CARRIER_USID, sid(0xa), &walk);
	segments_of(&walk, &segments);
	assert_int_equal(segments.count, 1);
	assert_true(addr_equal(&segments.list[0], &(struct addr){ADDR_V6,
		{0xfc, 0xbb, 0xbb, 0xbb, 0, 1, 0, 2, 0, 3, 0, 2, 0, 1, 0, 0xa}}));
	assert_int_equal(walk_stack_bytes(&walk), 40);
	retrace(4, CARRIER_USID, sid(0xa), &walk);
	segments_of(&walk, &segments);
	assert_int_equal(segments.count, 2);
	assert_int_equal(walk_stack_bytes(&walk), 40 + 8 + 2 * 16);
	/* Eight hops: with UDP's header 104 bytes. */
	retrace(8, CARRIER_USID, sid(0xa), &walk);
	assert_int_equal(walk_stack_bytes(&walk) + 8, 104);
	retrace(8, CARRIER_SRH, sid(0xa), &walk);
	assert_int_equal(walk_stack_bytes(&walk), 40 + 8 + 16 * 16);
}

static void test_a_source_that_is_no_sid_is_a_segment_of_its_own(void **state)
{
	struct addr self = parsed("2001:db8::1"), inside = parsed("fcbb:bbbb:a:0:0:0:0:7");
	struct segments segments;
	struct walk walk;
	(void)state;

	retrace(2, CARRIER_USID, self, &walk);
	segments_of(&walk, &segments);
	assert_int_equal(segments.count, 2);
	assert_true(addr_equal(&segments.list[1], &self));
	retrace(2, CARRIER_USID, inside, &walk);
	segments_of(&walk, &segments);
	assert_int_equal(segments.count, 2);
	assert_true(addr_equal(&segments.list[1], &inside));
}

/* As its nodes do: RFC 9800, 4.1.1 and RFC 8986, 4.1. Returns how many it passed. */
static size_t travel(uint8_t *bytes, size_t len, struct addr *ret_ends, size_t cap)
{
	size_t count = 0;

	for (;;) {
		struct cursor c = cursor_of(bytes, len);
		struct addr dst = {.family = ADDR_V6};
		struct segments segments;
		uint8_t left;

		memcpy(dst.byte, bytes + 24, 16);
		(void)segments_expand(&dst, F3216, &ret_ends[count], 1);
		if (addr_equal(&ret_ends[count], &dst)) {
			ret_ends[count] = dst;
		}
		assert_between(++count, 1, cap);
		if (segments_shift(&dst, F3216)) {
			memcpy(bytes + 24, dst.byte, 16);
			continue;
		}
		cursor_skip(&c, 40);
		if (bytes[6] != 43 || !segments_read(&c, &segments, &left) || left == 0) {
			return count;
		}
		bytes[43]--;
		memcpy(bytes + 24, segments.list[segments.count - left].byte, 16);
	}
}

static void test_each_node_finds_the_next_and_the_checksum_is_right_at_home(void **state)
{
	struct ident ident;
	(void)state;

	ident_init(&ident, &KEY);
	for (int carrier = CARRIER_SRH; carrier <= CARRIER_USID; carrier++) {
		for (size_t depth = 1; depth <= 30; depth++) {
			struct addr self = depth % 2 == 0 ? sid(0xa0) : sid(0xa1), ends[80];
			struct probe_sight sight;
			struct probe_spec spec;
			struct ip_header ip;
			struct walk walk;
			struct cursor c;
			uint8_t bytes[2000];
			size_t count;

			retrace(depth, (enum carrier)carrier, self, &walk);
			spec = (struct probe_spec){.walk = &walk, .seq = (uint32_t)depth, .sport = 40001,
				.dport = 40001, .size_bytes = (uint16_t)(probe_wire_min(walk_stack_bytes(&walk)) +
				depth)};
			assert_int_equal(probe_wire_build(&spec, &ident, bytes, sizeof bytes), spec.size_bytes);
			assert_true(probe_read(bytes, spec.size_bytes, &sight));
			assert_int_equal(sight.walk.leg_count, walk.leg_count);
			assert_int_equal(sight.walk.leg[0].carrier, depth == 1 && carrier == CARRIER_USID ?
				CARRIER_USID : carrier);
			for (size_t i = 0; i < walk.leg_count; i++) {
				assert_true(addr_equal(&sight.walk.leg[i].dst, &walk.leg[i].dst));
			}
			assert_false(sight.walk.is_answered);
			count = travel(bytes, spec.size_bytes, ends, 80);
			assert_int_equal(count, walk.leg_count);
			for (size_t i = 0; i < count; i++) {
				assert_true(addr_equal(&ends[i], &walk.leg[i].dst));
			}
			c = cursor_of(bytes, spec.size_bytes);
			assert_true(ip_read(&c, &ip));
			assert_true(addr_equal(&ip.dst, &self));
			assert_int_equal(cksum_end(cksum_add(cksum_pseudo(&ip.src, &ip.dst, IP_PROTO_UDP,
				cursor_left(&c)), bytes + c.pos, cursor_left(&c))), 0);
		}
	}
}

/* On its way out, home again with all that it bore, and quoted from anywhere. */
static void test_it_is_known_on_its_way_out_at_home_and_in_errors(void **state)
{
	struct addr self = sid(0xa);
	struct reply_context context = {.self = self, .port = 40001};
	struct ident ident;
	(void)state;

	ident_init(&ident, &KEY);
	for (size_t depth = 1; depth <= 9; depth++) {
		struct probe_spec spec = {.seq = 77, .size_bytes = 400, .sport = 40001, .dport = 40001};
		uint8_t bytes[400], quoting[600];
		struct addr ends[80];
		struct reply reply;
		struct walk walk;
		struct wcursor w;

		retrace(depth, CARRIER_USID, self, &walk);
		spec.walk = &walk;
		assert_int_equal(probe_wire_build(&spec, &ident, bytes, sizeof bytes), 400);
		assert_int_equal(reply_decode(bytes, 400, &context, &reply), DECODE_OK);
		assert_int_equal(reply.kind, REPLY_SENT);
		assert_int_equal(reply.token_seq, 77);
		w = wcursor_of(quoting, sizeof quoting);
		ip_write(&w, &(struct ip_header){.src = sid(1), .dst = self, .ttl = 60,
			.protocol = IP_PROTO_ICMPV6, .total_bytes = 40 + 8 + 400});
		icmp_write(&w, &(struct icmp_header){.type = ICMP6_TIME_EXCEEDED});
		wcursor_bytes(&w, bytes, 400);
		assert_int_equal(reply_decode(quoting, w.pos, &context, &reply), DECODE_OK);
		assert_int_equal(reply.kind, REPLY_ERROR);
		assert_int_equal(reply.token_seq, 77);
		(void)travel(bytes, 400, ends, 80);
		assert_int_equal(reply_decode(bytes, 400, &context, &reply), DECODE_OK);
		assert_int_equal(reply.kind, REPLY_RETURN);
		assert_int_equal(reply.flaw, FLAW_NONE);
		assert_int_equal(reply.token_depth, depth);
	}
}

static void test_routing_headers_that_cannot_be_are_refused(void **state)
{
	struct rng rng;
	(void)state;

	rng_init(&rng, check_seed(4), 1);
	for (int round = 0; round < 200000; round++) {
		uint8_t bytes[64];
		size_t len = rng_below(&rng, sizeof bytes + 1);
		struct cursor c = cursor_of(bytes, len);
		struct segments segments;
		uint8_t left;

		for (size_t i = 0; i < sizeof bytes; i++) {
			bytes[i] = (uint8_t)(rng_below(&rng, 3) == 0 ? rng_u32(&rng) : rng_below(&rng, 5));
		}
		if (segments_read(&c, &segments, &left)) {
			assert_between(segments.count, 1, 3);
			assert_true(left < segments.count);
			assert_true(c.pos <= len);
		}
	}
}

static void test_legs_share_a_header_all_or_none(void **state)
{
	struct addr self = sid(0xa), hops[2] = {sid(1), sid(2)};
	enum carrier carriers[2] = {CARRIER_USID, CARRIER_IPIP};
	struct walk_plan plan = {.kind = WALK_RETRACE, .self = &self, .hops = hops,
		.carriers = carriers, .sids = F3216, .depth = 2};
	struct addr self4 = {ADDR_V4, {10, 0, 0, 1}}, hop4 = {ADDR_V4, {10, 0, 0, 2}};
	struct walk walk = {.leg_count = 0};
	(void)state;

	assert_false(walk_build(&plan, &walk));
	carriers[0] = CARRIER_IPIP;
	carriers[1] = CARRIER_SRH;
	assert_false(walk_build(&plan, &walk));
	carriers[0] = CARRIER_SRH;
	assert_true(walk_build(&plan, &walk));
	plan.self = &self4;
	plan.hops = &hop4;
	plan.depth = 1;
	assert_false(walk_build(&plan, &walk));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_an_address_holds_six_of_the_usual_format),
		cmocka_unit_test(test_a_source_that_is_no_sid_is_a_segment_of_its_own),
		cmocka_unit_test(test_each_node_finds_the_next_and_the_checksum_is_right_at_home),
		cmocka_unit_test(test_it_is_known_on_its_way_out_at_home_and_in_errors),
		cmocka_unit_test(test_routing_headers_that_cannot_be_are_refused),
		cmocka_unit_test(test_legs_share_a_header_all_or_none),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
