/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "pkt/cksum.h"
#include "pkt/probe_wire.h"
#include "pkt/quote.h"
#include "pkt/reply.h"
#include "support/check.h"
#include "support/hex.h"
#include "support/retrace.h"

static const struct siphash_key KEY = {1, 2};
static const struct addr SELF = {ADDR_V6, {0x20, 1, 0xd, 0xb8, 0, 1, [15] = 1}};
static const struct addr SELF4 = {ADDR_V4, {10, 0, 1, 1}};
static const struct addr HOPS[2] = {{ADDR_V6, {0x20, 1, 0xd, 0xb8, 0, 1, [15] = 2}},
	{ADDR_V6, {0x20, 1, 0xd, 0xb8, 0, 2, [15] = 2}}};
static const struct reply_context CONTEXT = {.port = 4001, .echo_id = 4000, .to_port = 33434,
	.self = {ADDR_V6, {0x20, 1, 0xd, 0xb8, 0, 1, [15] = 1}}};

/* Made by a program of its own: 2001:db8:1::1 > :1::2 > :2::2 > :1::2 > home, hop limit 64,
 * flow label 12345, UDP 25199 > 28525 with payload 00..0f. */
static const char STACK[] =
	"600123450090294020010db800010000000000000000000120010db8000100000000000000000002"
	"600123450068294020010db800010000000000000000000220010db8000200000000000000000002"
	"600123450040294020010db800020000000000000000000220010db8000100000000000000000002"
	"600123450018114020010db800010000000000000000000220010db8000100000000000000000001"
	"626f6f6d00189a2a000102030405060708090a0b0c0d0e0f";

static void test_a_stack_of_ipv6_headers_has_its_bytes(void **state)
{
	static const uint16_t ids[4];
	uint8_t expected[256], bytes[256];
	size_t len = hex_bytes(STACK, expected, sizeof expected);
	struct wcursor w = wcursor_of(bytes, sizeof bytes);
	struct walk walk;
	(void)state;

	assert_true(walk_retrace(&SELF, HOPS, 2, INNER_SOURCE_HOP, &walk));
	assert_int_equal(walk_stack_bytes(&walk), 160);
	probe_wire_stack(&w, &walk, &(struct probe_stack){.ids = ids, .flow_label = 0x12345,
		.protocol = IP_PROTO_UDP, .carried = 24});
	udp_write(&w, &(struct udp_header){25199, 28525, 24, 0});
	for (uint8_t i = 0; i < 16; i++) {
		wcursor_u8(&w, i);
	}
	put_be16(bytes + 166, cksum_end(cksum_add(
		cksum_pseudo(&HOPS[0], &SELF, IP_PROTO_UDP, 24), bytes + 160, 24)));
	assert_int_equal(w.pos, len);
	assert_memory_equal(bytes, expected, len);
}

static void test_extension_headers_are_stepped_over_and_a_fragment_is_told(void **state)
{
	/* Hop-by-hop of 8, destination options of 16, fragment at 8 * 5 with more to come. */
	static const char text[] =
		"6b800000002000ff20010db800010000000000000000000120010db8000100000000000000000002"
		"3c00010400000000" "2c01010c000000000000000000000000" "110000290000abcd";
	uint8_t bytes[128];
	struct cursor c = cursor_of(bytes, hex_bytes(text, bytes, sizeof bytes));
	struct ip_header h;
	(void)state;

	assert_true(ip_read(&c, &h));
	assert_int_equal(h.tos, 0xb8);
	assert_int_equal(h.protocol, IP_PROTO_UDP);
	assert_int_equal(h.header_bytes, 72);
	assert_int_equal(h.total_bytes, 72);
	assert_int_equal(h.ttl, 255);
	assert_int_equal(h.fragment_offset, 5);
	assert_true(h.more_fragments);
}

static void test_every_cut_of_a_header_is_refused(void **state)
{
	uint8_t bytes[64];
	size_t len = hex_bytes("600000000008004020010db8000100000000000000000001"
		"20010db80001000000000000000000023a00010400000000", bytes, sizeof bytes);
	(void)state;

	assert_int_equal(len, 48);
	for (size_t cut = 0; cut < len; cut++) {
		uint8_t *exact = malloc(cut == 0 ? 1 : cut);
		struct cursor c = cursor_of(exact, cut);
		struct ip_header h = {.id = 7};

		memcpy(exact, bytes, cut);
		assert_false(ip_read(&c, &h));
		assert_int_equal(h.id, 7);
		free(exact);
	}
}

static void test_a_header_that_only_goes_on_is_refused(void **state)
{
	uint8_t bytes[40 + 12 * 8] = {0x60, [6] = 0, [7] = 64};
	struct cursor c = cursor_of(bytes, sizeof bytes);
	struct ip_header h;
	(void)state;

	/* Twelve hop-by-hop headers, each followed by another one. */
	assert_false(ip_read(&c, &h));
}

static struct probe_spec spec_of(const struct walk *walk, enum carried carried)
{
	return (struct probe_spec){.walk = walk, .seq = 0x54321, .size_bytes = 240, .sport = 4000,
		.dport = 4001, .carried = carried};
}

static size_t build(const struct walk *walk, enum carried carried, uint8_t *ret_bytes)
{
	struct probe_spec spec = spec_of(walk, carried);
	struct ident ident;

	ident_init(&ident, &KEY);
	return probe_wire_build(&spec, &ident, ret_bytes, 512);
}

static void test_the_carried_packet_has_a_right_checksum_that_is_the_same_for_all(void **state)
{
	uint8_t bytes[512], other[512];
	struct walk walk = walk_to(&SELF, &HOPS[1], 3);
	struct probe_spec spec = spec_of(&walk, CARRIED_ECHO);
	struct ident ident;
	(void)state;

	ident_init(&ident, &KEY);
	assert_int_equal(probe_wire_build(&spec, &ident, bytes, sizeof bytes), 240);
	spec.seq++;
	assert_int_equal(probe_wire_build(&spec, &ident, other, sizeof other), 240);
	assert_int_equal(bytes[40], ICMP6_ECHO);
	assert_int_equal(cksum_end(cksum_add(cksum_pseudo(&SELF, &HOPS[1], IP_PROTO_ICMPV6, 200),
		bytes + 40, 200)), 0);
	/* Routers hash these for a flow: label, checksum, identifier. */
	assert_memory_equal(bytes, other, 4);
	assert_memory_equal(bytes + 42, other + 42, 4);
	assert_memory_not_equal(bytes, "\x60\0\0\0", 4);
}

static void test_our_probe_is_known_by_its_token_on_its_way_out_and_home(void **state)
{
	uint8_t bytes[512];
	struct walk walk;
	struct reply reply;
	(void)state;

	assert_true(walk_retrace(&SELF, HOPS, 2, INNER_SOURCE_HOP, &walk));
	assert_int_equal(build(&walk, CARRIED_UDP, bytes), 240);
	assert_int_equal(reply_decode(bytes, 240, &CONTEXT, &reply), DECODE_OK);
	assert_int_equal(reply.kind, REPLY_SENT);
	assert_true(reply.has_token && !reply.has_ids);
	assert_int_equal(reply.token_seq, 0x54321);
	assert_int_equal(reply_decode(bytes + 120, 120, &CONTEXT, &reply), DECODE_OK);
	assert_int_equal(reply.kind, REPLY_RETURN);
	assert_int_equal(reply.token_seq, 0x54321);
	bytes[239] ^= 1;
	assert_int_equal(reply_decode(bytes + 120, 120, &CONTEXT, &reply), DECODE_OK);
	assert_int_equal(reply.flaw, FLAW_CHECKSUM);
}

/* What the first hop says that quotes `quoted` bytes of `of`. */
static size_t error(const uint8_t *of, size_t quoted, uint8_t type, uint8_t code, uint32_t word,
	uint8_t *ret_bytes)
{
	struct wcursor w = wcursor_of(ret_bytes, 1280);
	size_t message = 8 + quoted;

	ip6_write(&w, &(struct ip_header){.src = HOPS[0], .dst = SELF, .ttl = 60,
		.total_bytes = (uint32_t)(40 + message), .protocol = IP_PROTO_ICMPV6});
	icmp_write(&w, &(struct icmp_header){.type = type, .code = code,
		.id = (uint16_t)(word >> 16), .seq = (uint16_t)word});
	wcursor_bytes(&w, of, quoted);
	put_be16(ret_bytes + 42, cksum_end(cksum_add(
		cksum_pseudo(&HOPS[0], &SELF, IP_PROTO_ICMPV6, message), ret_bytes + 40, message)));
	return w.pos;
}

static void test_an_error_shows_the_token_through_all_headers(void **state)
{
	uint8_t bytes[512], packet[1280];
	struct walk walk;
	struct reply reply;
	size_t len;
	(void)state;

	assert_true(walk_retrace(&SELF, HOPS, 2, INNER_SOURCE_HOP, &walk));
	(void)build(&walk, CARRIED_UDP, bytes);
	len = error(bytes, 240, ICMP6_TOO_BIG, 0, 70000, packet);
	assert_int_equal(reply_decode(packet, len, &CONTEXT, &reply), DECODE_OK);
	assert_int_equal(reply.kind, REPLY_ERROR);
	assert_true(reply.has_token);
	assert_int_equal(reply.token_seq, 0x54321);
	assert_int_equal(reply.cause, CAUSE_FRAGMENTATION_NEEDED);
	assert_int_equal(reply.icmp_mtu, 70000);
	assert_true(addr_equal(&reply.quoted.dst, &HOPS[0]));
	/* Cut within the token nothing tells whose it is. */
	len = error(bytes, 190, ICMP6_TIME_EXCEEDED, 0, 0, packet);
	assert_int_equal(reply_decode(packet, len, &CONTEXT, &reply), DECODE_TRUNCATED);
	len = error(bytes, 240, ICMP6_TIME_EXCEEDED, 0, 0, packet);
	packet[100] ^= 1;
	assert_int_equal(reply_decode(packet, len, &CONTEXT, &reply), DECODE_OK);
	assert_int_equal(reply.flaw, FLAW_CHECKSUM);
}

static void test_causes_have_the_names_of_ipv4(void **state)
{
	static const struct { uint8_t type, code; enum icmp_cause cause; } rows[] = {
		{1, 0, CAUSE_NET_UNREACHABLE}, {1, 1, CAUSE_ADMIN_PROHIBITED},
		{1, 3, CAUSE_HOST_UNREACHABLE}, {1, 4, CAUSE_PORT_UNREACHABLE},
		{1, 5, CAUSE_ADMIN_PROHIBITED}, {1, 6, CAUSE_ADMIN_PROHIBITED},
		{1, 9, CAUSE_OTHER}, {2, 0, CAUSE_FRAGMENTATION_NEEDED},
		{3, 0, CAUSE_TIME_EXCEEDED}, {4, 1, CAUSE_PROTOCOL_UNREACHABLE}, {4, 0, CAUSE_OTHER},
	};
	(void)state;

	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
		assert_int_equal(icmp_cause_of(ADDR_V6, rows[i].type, rows[i].code), rows[i].cause);
		assert_true(icmp_is_error(ADDR_V6, rows[i].type));
	}
	assert_false(icmp_is_error(ADDR_V6, 0));
	assert_false(icmp_is_error(ADDR_V6, ICMP6_ECHO));
	assert_false(icmp_is_error(ADDR_V6, 135));
}

static void test_a_walk_changes_family_where_a_hop_bridges(void **state)
{
	static const struct addr hops[3] = {{ADDR_V4, {10, 0, 1, 2}}, {ADDR_V4, {10, 0, 2, 2}},
		{ADDR_V6, {0xfd, [15] = 3}}};
	static const struct addr others[3] = {{0}, {ADDR_V6, {0xfd, [15] = 2}}, {0}};
	static const uint8_t families[6] = {4, 4, 6, 6, 4, 4};
	struct walk_plan plan = {.kind = WALK_RETRACE, .self = &SELF4, .hops = hops,
		.others = others, .depth = 3};
	struct walk walk;
	(void)state;

	assert_true(walk_build(&plan, &walk));
	assert_int_equal(walk.leg_count, 6);
	for (size_t i = 0; i < 6; i++) {
		assert_int_equal(walk.leg[i].src.family, families[i]);
		assert_int_equal(walk.leg[i].dst.family, families[i]);
	}
	/* Without an address of ours in that family the bridge's own is the source. */
	assert_true(addr_equal(&walk.leg[2].src, &others[1]));
	plan.self_other = &SELF;
	assert_true(walk_build(&plan, &walk));
	assert_true(addr_equal(&walk.leg[2].src, &SELF));
	assert_int_equal(walk_stack_bytes(&walk), 4 * 20 + 2 * 40);
	/* From the third hop home needs an address of ours in its family. */
	plan.kind = WALK_DIRECT;
	assert_true(walk_build(&plan, &walk));
	plan.self_other = NULL;
	assert_false(walk_build(&plan, &walk));
	plan.kind = WALK_RETRACE;
	plan.others = NULL;
	assert_false(walk_build(&plan, &walk));
}

static void test_a_mixed_stack_is_known_on_its_way_out_and_when_it_is_quoted(void **state)
{
	static const struct addr bridge4 = {ADDR_V4, {10, 0, 1, 2}};
	static const struct addr bridge6 = {ADDR_V6, {0xfd, [15] = 2}};
	static const struct reply_context context = {.self = {ADDR_V4, {10, 0, 1, 1}}, .port = 4001};
	struct addr hops[2] = {bridge4, {ADDR_V6, {0xfd, [15] = 3}}};
	struct addr others[2] = {bridge6, {0}};
	struct walk_plan plan = {.kind = WALK_RETRACE, .self = &SELF4, .hops = hops,
		.others = others, .depth = 2};
	uint8_t bytes[512], packet[600];
	struct wcursor w = wcursor_of(packet, sizeof packet);
	struct reply reply;
	struct walk walk;
	(void)state;

	assert_true(walk_build(&plan, &walk));
	assert_int_equal(build(&walk, CARRIED_UDP, bytes), 240);
	assert_int_equal(bytes[9], IP_PROTO_IPV6);
	assert_int_equal(reply_decode(bytes, 240, &context, &reply), DECODE_OK);
	assert_int_equal(reply.kind, REPLY_SENT);
	assert_int_equal(reply.token_seq, 0x54321);
	ip4_write(&w, &(struct ip_header){.src = bridge4, .dst = SELF4, .ttl = 60,
		.total_bytes = 28 + 240, .protocol = IP_PROTO_ICMP});
	icmp_write(&w, &(struct icmp_header){.type = ICMP_UNREACHABLE, .code = ICMP_CODE_PROTOCOL});
	wcursor_bytes(&w, bytes, 240);
	put_be16(packet + 22, cksum_of(packet + 20, 248));
	assert_int_equal(reply_decode(packet, 268, &context, &reply), DECODE_OK);
	assert_int_equal(reply.kind, REPLY_ERROR);
	assert_int_equal(reply.token_seq, 0x54321);
	assert_int_equal(reply.cause, CAUSE_PROTOCOL_UNREACHABLE);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_a_stack_of_ipv6_headers_has_its_bytes),
		cmocka_unit_test(test_extension_headers_are_stepped_over_and_a_fragment_is_told),
		cmocka_unit_test(test_every_cut_of_a_header_is_refused),
		cmocka_unit_test(test_a_header_that_only_goes_on_is_refused),
		cmocka_unit_test(test_the_carried_packet_has_a_right_checksum_that_is_the_same_for_all),
		cmocka_unit_test(test_our_probe_is_known_by_its_token_on_its_way_out_and_home),
		cmocka_unit_test(test_an_error_shows_the_token_through_all_headers),
		cmocka_unit_test(test_causes_have_the_names_of_ipv4),
		cmocka_unit_test(test_a_walk_changes_family_where_a_hop_bridges),
		cmocka_unit_test(test_a_mixed_stack_is_known_on_its_way_out_and_when_it_is_quoted),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
