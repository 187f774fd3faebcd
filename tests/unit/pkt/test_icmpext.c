/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "pkt/icmpext.h"

#include "base/rng.h"
#include "support/check.h"
#include "support/hex.h"

/* Vector V18: label 17221, TC 0, S 1, TTL 1; and interface 7, 10.0.2.2, "eth0", MTU 1500. */
static const char MPLS[] = "200089c10008010104345101";
static const char INTERFACE[] =
	"20001f21001c020f00000007000100000a0002020865746830000000000005dc";

/* 2001:db8::5, "leaf5"; and the same name with a bit that is not assigned and what it announces. */
static const char NODE[] =
	"2000d916" "0020" "0506" "00020000" "20010db8000000000000000000000005" "086c65616635" "0000";
static const char NODE_OF_LATER[] = "0014" "0582" "086c65616635" "0000" "c0ffee00" "c0ffee01";

static struct icmp_ext read_whole(const char *hex)
{
	struct icmp_ext ext;
	uint8_t bytes[128];
	size_t len = hex_bytes(hex, bytes, sizeof bytes);

	assert_true(icmpext_read(cursor_of(bytes, len), &ext));
	return ext;
}

static void test_v18_label_is_read(void **state)
{
	struct icmp_ext ext = read_whole(MPLS);
	(void)state;

	assert_int_equal(ext.mpls.count, 1);
	assert_int_equal(ext.mpls.entry[0].label, 17221);
	assert_int_equal(ext.mpls.entry[0].tc, 0);
	assert_true(ext.mpls.entry[0].is_bottom);
	assert_int_equal(ext.mpls.entry[0].ttl, 1);
}

static void test_v18_interface_is_read(void **state)
{
	struct icmp_ext ext = read_whole(INTERFACE);
	(void)state;

	assert_int_equal(ext.interface.index, 7);
	assert_int_equal(addr_to_v4(&ext.interface.address), 0x0a000202);
	assert_string_equal(ext.interface.name, "eth0");
	assert_int_equal(ext.interface.mtu, 1500);
}

static void test_what_is_written_has_the_vectors_bytes(void **state)
{
	struct icmp_ext labels = {.mpls = {.count = 1,
		.entry = {{.label = 17221, .is_bottom = true, .ttl = 1}}}};
	uint8_t expected[64], bytes[64];
	size_t len = hex_bytes(MPLS, expected, sizeof expected);
	struct wcursor w = wcursor_of(bytes, sizeof bytes);
	(void)state;

	icmpext_write(&w, &labels);
	assert_int_equal(w.pos, len);
	assert_memory_equal(bytes, expected, len);
}

static void test_a_node_is_read(void **state)
{
	struct icmp_ext ext = read_whole(NODE);
	char address[ADDR_TEXT_MAX];
	uint8_t bytes[64];
	size_t len = hex_bytes(NODE_OF_LATER, bytes, sizeof bytes);
	(void)state;

	assert_string_equal(ext.node.name, "leaf5");
	assert_string_equal(addr_format(&ext.node.address, address), "2001:db8::5");
	assert_true(icmpext_read_objects(cursor_of(bytes, len), &ext));
	assert_string_equal(ext.node.name, "leaf5");
	assert_false(addr_is_set(&ext.node.address));
	/* Neither it nor the labels beside it are lost by a name that cannot be. */
	len = hex_bytes("0008010104345101" "00080502ff616263", bytes, sizeof bytes);
	assert_true(icmpext_read_objects(cursor_of(bytes, len), &ext));
	assert_string_equal(ext.node.name, "");
	assert_int_equal(ext.mpls.count, 1);
}

static void test_all_that_is_told_is_written_and_read(void **state)
{
	struct icmp_ext ext = {.mpls = {.count = MPLS_MAX}, .interface = {.index = 7, .mtu = 9000},
		.node = {.name = "spine-1"}}, again;
	uint8_t bytes[ICMP_EXT_MAX];
	struct wcursor w = wcursor_of(bytes, sizeof bytes);
	(void)state;

	assert_true(addr_parse("10.0.2.2", &ext.interface.address));
	assert_true(addr_parse("2001:db8::7", &ext.node.address));
	memset(ext.interface.name, 'x', EXT_NAME_MAX - 1);
	assert_true(icmpext_has_any(&ext));
	icmpext_write(&w, &ext);
	assert_false(w.failed);
	assert_true(icmpext_read(cursor_of(bytes, w.pos), &again));
	assert_int_equal(again.mpls.count, MPLS_MAX);
	assert_int_equal(again.interface.index, 7);
	assert_int_equal(again.interface.mtu, 9000);
	assert_true(addr_equal(&again.interface.address, &ext.interface.address));
	assert_string_equal(again.interface.name, ext.interface.name);
	assert_true(addr_equal(&again.node.address, &ext.node.address));
	assert_string_equal(again.node.name, "spine-1");
	assert_false(icmpext_has_any(&(struct icmp_ext){0}));
}

static void test_every_cut_is_refused_and_leaves_the_output(void **state)
{
	static const char *const vectors[] = {MPLS, INTERFACE, NODE};
	(void)state;

	for (size_t v = 0; v < 3; v++) {
		uint8_t bytes[128];
		size_t len = hex_bytes(vectors[v], bytes, sizeof bytes);

		for (size_t cut = 0; cut < len; cut++) {
			struct icmp_ext ext = {.interface = {.index = 42}};
			uint8_t *exact = malloc(cut == 0 ? 1 : cut);

			memcpy(exact, bytes, cut);
			/* The checksum would refuse every cut; the objects must do so themselves.
			 * Only the bare header, without an object, is whole. */
			if (cut > 4) {
				struct cursor c = cursor_of(exact, cut);

				cursor_skip(&c, 4);
				assert_false(icmpext_read_objects(c, &ext));
			}
			assert_false(icmpext_read(cursor_of(exact, cut), &ext));
			assert_int_equal(ext.interface.index, 42);
			free(exact);
		}
	}
}

static void test_every_flipped_bit_is_told_by_the_checksum(void **state)
{
	uint8_t bytes[128];
	size_t len = hex_bytes(INTERFACE, bytes, sizeof bytes);
	struct icmp_ext ext;
	(void)state;

	for (size_t bit = 0; bit < 8 * len; bit++) {
		bytes[bit / 8] ^= (uint8_t)(1u << bit % 8);
		assert_false(icmpext_read(cursor_of(bytes, len), &ext));
		bytes[bit / 8] ^= (uint8_t)(1u << bit % 8);
	}
}

static void test_label_stacks_need_whole_words(void **state)
{
	(void)state;

	for (uint8_t len = 0; len < 8; len++) {
		uint8_t bytes[12] = {0, (uint8_t)(4 + len), 1, 1};
		struct icmp_ext ext;

		assert_int_equal(icmpext_read_objects(cursor_of(bytes, 4u + len), &ext), len % 4 == 0);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_v18_label_is_read),
		cmocka_unit_test(test_v18_interface_is_read),
		cmocka_unit_test(test_what_is_written_has_the_vectors_bytes),
		cmocka_unit_test(test_a_node_is_read),
		cmocka_unit_test(test_all_that_is_told_is_written_and_read),
		cmocka_unit_test(test_every_cut_is_refused_and_leaves_the_output),
		cmocka_unit_test(test_every_flipped_bit_is_told_by_the_checksum),
		cmocka_unit_test(test_label_stacks_need_whole_words),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
