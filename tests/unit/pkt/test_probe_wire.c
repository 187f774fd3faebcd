/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "pkt/probe_wire.h"

#include "base/rng.h"
#include "pkt/cksum.h"
#include "pkt/icmp.h"
#include "pkt/ip.h"
#include "pkt/probe_read.h"
#include "support/check.h"
#include "support/hex.h"
#include "support/retrace.h"

static const struct siphash_key KEY = {1, 2};
static const struct addr SELF = {ADDR_V4, {10, 0, 1, 1}};
static const struct addr HOPS[2] = {{ADDR_V4, {10, 0, 1, 2}}, {ADDR_V4, {10, 0, 2, 2}}};

/* Vector V19: path 10.0.1.1, 10.0.1.2, 10.0.2.2; TTL 64, ID 1234, DF, UDP 25199 > 28525,
 * payload 00..0f. */
static const char V19[] =
	"45000068123440004004125c0a0001010a000102"
	"45000054123440004004116f0a0001020a000202"
	"4500004012344000400411830a0002020a000102"
	"4500002c123440004011128b0a0001020a000101"
	"626f6f6d0018df9e000102030405060708090a0b0c0d0e0f";

static void test_v19_stack_has_its_bytes(void **state)
{
	static const uint16_t ids[4] = {0x1234, 0x1234, 0x1234, 0x1234};
	uint8_t expected[128], bytes[128];
	size_t len = hex_bytes(V19, expected, sizeof expected);
	struct wcursor w = wcursor_of(bytes, sizeof bytes);
	struct walk walk;
	uint64_t sum;
	(void)state;

	assert_true(walk_retrace(&SELF, HOPS, 2, INNER_SOURCE_HOP, &walk));
	probe_wire_stack(&w, &walk, &(struct probe_stack){.ids = ids, .protocol = IP_PROTO_UDP,
		.carried = 24});
	udp_write(&w, &(struct udp_header){25199, 28525, 24, 0});
	for (uint8_t i = 0; i < 16; i++) {
		wcursor_u8(&w, i);
	}
	sum = cksum_add(cksum_pseudo(&HOPS[0], &SELF, IP_PROTO_UDP, 24), bytes + 80, 24);
	put_be16(bytes + 86, cksum_end(sum));
	assert_int_equal(w.pos, len);
	assert_memory_equal(bytes, expected, len);
}

static struct probe_spec spec_of(const struct walk *walk, enum carried carried, uint16_t size,
	uint32_t seq)
{
	return (struct probe_spec){.walk = walk, .seq = seq, .size_bytes = size, .sport = 4000,
		.dport = 4001, .tos = 0xb8, .carried = carried};
}

static void test_every_header_of_a_probe_is_right(void **state)
{
	struct ident ident;
	struct walk walk;
	uint8_t bytes[512];
	struct probe_spec spec;
	(void)state;

	ident_init(&ident, &KEY);
	assert_true(walk_retrace(&SELF, HOPS, 2, INNER_SOURCE_HOP, &walk));
	spec = spec_of(&walk, CARRIED_UDP, 200, 77);
	assert_int_equal(probe_wire_build(&spec, &ident, bytes, sizeof bytes), 200);
	for (size_t i = 0; i < 4; i++) {
		struct cursor c = cursor_of(bytes + 20 * i, 200 - 20 * i);
		struct ip_header h;

		assert_true(ip4_read(&c, &h));
		assert_int_equal(cksum_of(bytes + 20 * i, 20), 0);
		assert_int_equal(h.total_bytes, 200 - 20 * i);
		assert_int_equal(h.tos, 0xb8);
		assert_true(h.dont_fragment);
		assert_int_equal(h.protocol, i < 3 ? 4 : 17);
		assert_true(addr_equal(&h.dst, &walk.leg[i].dst));
	}
}

static void test_udp_checksums_are_right_for_every_number(void **state)
{
	struct ident ident;
	struct walk walk;
	uint8_t bytes[256];
	(void)state;

	ident_init(&ident, &KEY);
	assert_true(walk_retrace(&SELF, HOPS, 2, INNER_SOURCE_HOP, &walk));
	for (uint32_t seq = 0; seq < 65536; seq++) {
		struct probe_spec spec = spec_of(&walk, CARRIED_UDP, 112, seq);
		uint64_t sum;

		assert_int_equal(probe_wire_build(&spec, &ident, bytes, sizeof bytes), 112);
		sum = cksum_add(cksum_pseudo(&HOPS[0], &SELF, IP_PROTO_UDP, 32), bytes + 80, 32);
		assert_int_equal(cksum_end(sum), 0);
		assert_true(get_be16(bytes + 86) != 0);
	}
}

static void test_echo_probes_of_one_flow_have_one_checksum(void **state)
{
	struct ident ident;
	struct walk walk = walk_to(&SELF, &HOPS[1], 3);
	uint8_t bytes[256];
	uint16_t first = 0;
	(void)state;

	ident_init(&ident, &KEY);
	for (uint32_t seq = 5; seq < 2000; seq += 3) {
		struct probe_spec spec = spec_of(&walk, CARRIED_ECHO, 64, seq);

		assert_int_equal(probe_wire_build(&spec, &ident, bytes, sizeof bytes), 64);
		assert_int_equal(cksum_of(bytes + 20, 44), 0);
		first = first == 0 ? get_be16(bytes + 22) : first;
		assert_int_equal(get_be16(bytes + 22), first);
		assert_int_equal(get_be16(bytes + 24), 4000);
	}
}

static void test_a_flow_is_told_by_the_checksum_of_its_echoes_and_by_ports(void **state)
{
	struct ident ident;
	struct walk walk = walk_to(&SELF, &HOPS[1], 3);
	uint8_t bytes[256];
	uint16_t low, high;
	(void)state;

	ident_init(&ident, &KEY);
	for (uint8_t flow = 0; flow < FLOW_MAX; flow++) {
		struct probe_spec spec = spec_of(&walk, CARRIED_ECHO, 64, 7);

		spec.flow = flow;
		assert_int_equal(probe_wire_build(&spec, &ident, bytes, sizeof bytes), 64);
		assert_int_equal(cksum_of(bytes + 20, 44), 0);
		assert_int_equal(get_be16(bytes + 22), 0x7470 + flow);
	}
	assert_int_equal(flow_port(33000, 0), 33000);
	assert_int_equal(flow_port(33000, 447), 33447);
	assert_int_equal(flow_port(65535, 0), 65535);
	assert_int_equal(flow_port(65535, 447), 65088);
	assert_int_equal(FLOW_PORTS, 448);
	assert_int_equal(flow_syn_index(WALK_TO, 63), 63);
	assert_int_equal(flow_syn_index(WALK_REDISCOVER, 0), 0);
	assert_int_equal(flow_syn_index(WALK_RETRACE, 0), 64);
	assert_int_equal(flow_syn_index(WALK_VIA, 63), 383);
	assert_int_equal(flow_syn_index(WALK_SCAN_HOP, 9), 384);
	assert_true(flow_syn_index(WALK_KIND_COUNT - 1, 0) < FLOW_PORTS);
	flow_port_range(33000, &low, &high);
	assert_true(low == 33000 && high == 33447);
	flow_port_range(65500, &low, &high);
	assert_true(low == 65053 && high == 65500);
}

static void test_neighbouring_layers_show_a_number_and_a_mac(void **state)
{
	struct ident ident;
	struct walk walk;
	uint8_t bytes[256];
	struct probe_spec spec;
	struct ident_subject subject = {0x12345, 2, WALK_RETRACE};
	(void)state;

	ident_init(&ident, &KEY);
	assert_true(walk_retrace(&SELF, HOPS, 2, INNER_SOURCE_HOP, &walk));
	spec = spec_of(&walk, CARRIED_UDP, 120, 0x12345);
	assert_int_equal(probe_wire_build(&spec, &ident, bytes, sizeof bytes), 120);
	assert_int_equal(ident_decipher(&ident, get_be16(bytes + 4)), 0x2345);
	assert_int_equal(get_be16(bytes + 24), ident_layer_mac(&ident, &subject, 2));
	assert_int_equal(ident_decipher(&ident, get_be16(bytes + 44)), 0x2345);
	assert_int_equal(get_be16(bytes + 64), ident_layer_mac(&ident, &subject, 0));
	assert_int_equal(ident_decipher(&ident, get_be16(bytes + 86)), 0x2345);
}

static void test_a_size_that_does_not_fit_builds_nothing(void **state)
{
	struct ident ident;
	struct walk walk;
	uint8_t bytes[256];
	struct probe_spec spec;
	(void)state;

	ident_init(&ident, &KEY);
	assert_true(walk_retrace(&SELF, HOPS, 2, INNER_SOURCE_HOP, &walk));
	assert_int_equal(probe_wire_min(80), 112);
	spec = spec_of(&walk, CARRIED_UDP, 111, 1);
	assert_int_equal(probe_wire_build(&spec, &ident, bytes, sizeof bytes), 0);
	spec.size_bytes = 257;
	assert_int_equal(probe_wire_build(&spec, &ident, bytes, sizeof bytes), 0);
	spec.size_bytes = 112;
	assert_int_equal(probe_wire_build(&spec, &ident, bytes, 111), 0);
}

static void check_reads_back(const struct probe_spec *spec, bool is_answered)
{
	const struct walk *walk = spec->walk;
	struct probe_sight sight;
	struct ident ident;
	uint8_t bytes[512];
	size_t len;

	ident_init(&ident, &KEY);
	len = probe_wire_build(spec, &ident, bytes, sizeof bytes);
	assert_true(len > 0);
	assert_true(probe_read(bytes, len, &sight));
	assert_int_equal(sight.seq, spec->seq);
	assert_int_equal(sight.size_bytes, spec->size_bytes);
	assert_int_equal(sight.tos, spec->tos);
	assert_int_equal(sight.carried, spec->carried);
	assert_int_equal(sight.sport, spec->sport);
	assert_int_equal(sight.dport, spec->carried == CARRIED_ECHO ? 0 : spec->dport);
	assert_int_equal(sight.walk.kind, walk->kind);
	assert_int_equal(sight.walk.depth, walk->depth);
	assert_int_equal(sight.walk.is_answered, is_answered);
	assert_int_equal(sight.walk.leg_count, walk->leg_count);
	for (size_t i = 0; i < walk->leg_count; i++) {
		assert_true(addr_equal(&sight.walk.leg[i].src, &walk->leg[i].src));
		assert_true(addr_equal(&sight.walk.leg[i].dst, &walk->leg[i].dst));
		assert_int_equal(sight.walk.leg[i].ttl, walk->leg[i].ttl);
		assert_int_equal(sight.id[i], get_be16(bytes + 20 * i + 4));
	}
	for (size_t cut = 0; cut < len; cut++) {
		bool is_whole = cut >= walk_stack_bytes(walk) + L4_HEADER_BYTES + PAYLOAD_MIN;

		assert_int_equal(probe_read(bytes, cut, &sight), is_whole);
	}
}

static void test_a_probe_is_read_back_from_its_bytes(void **state)
{
	struct walk walk, to = walk_to(&SELF, &HOPS[1], 3);
	struct probe_spec spec;
	(void)state;

	assert_true(walk_retrace(&SELF, HOPS, 2, INNER_SOURCE_HOP, &walk));
	spec = spec_of(&walk, CARRIED_UDP, 200, 0xfffffffe);
	check_reads_back(&spec, false);
	spec = spec_of(&to, CARRIED_ECHO, 64, 5);
	check_reads_back(&spec, true);
	spec = spec_of(&to, CARRIED_UDP, 64, 6);
	check_reads_back(&spec, true);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_v19_stack_has_its_bytes),
		cmocka_unit_test(test_every_header_of_a_probe_is_right),
		cmocka_unit_test(test_udp_checksums_are_right_for_every_number),
		cmocka_unit_test(test_echo_probes_of_one_flow_have_one_checksum),
		cmocka_unit_test(test_a_flow_is_told_by_the_checksum_of_its_echoes_and_by_ports),
		cmocka_unit_test(test_neighbouring_layers_show_a_number_and_a_mac),
		cmocka_unit_test(test_a_size_that_does_not_fit_builds_nothing),
		cmocka_unit_test(test_a_probe_is_read_back_from_its_bytes),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
