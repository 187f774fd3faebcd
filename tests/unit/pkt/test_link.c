/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "pkt/link.h"

#include "support/check.h"
#include "support/hex.h"

static const char MACS[] = "020000000001020000000002";

/* Frame of the pieces, then the start of an IPv4 header; where the packet begins, or -1. */
static int found_at(int type, const char *a, const char *b)
{
	uint8_t bytes[64];
	size_t len = hex_bytes(a, bytes, 40);
	struct cursor c;

	len += hex_bytes(b, bytes + len, 10);
	len += hex_bytes("45000014", bytes + len, 4);
	c = cursor_of(bytes, len);
	return link_find_ip(type, &c) ? (int)c.pos : -1;
}

static void test_a_packet_is_found_behind_each_kind_of_header(void **state)
{
	(void)state;

	assert_int_equal(found_at(LINK_ETHERNET, MACS, "0800"), 14);
	assert_int_equal(found_at(LINK_NULL, "02000000", ""), 4);
	assert_int_equal(found_at(LINK_RAW, "", ""), 0);
	assert_int_equal(found_at(LINK_RAW_BSD, "", ""), 0);
	assert_int_equal(found_at(LINK_LINUX_SLL, "0000000100060200000000010000", "0800"), 16);
	assert_int_equal(found_at(LINK_LINUX_SLL2, "08000000000000020001040602000000", "00010000"), 20);
}

static void test_tags_are_stepped_over_also_two(void **state)
{
	(void)state;

	assert_int_equal(found_at(LINK_ETHERNET, MACS, "810000050800"), 18);
	assert_int_equal(found_at(LINK_ETHERNET, MACS, "88a80005810000060800"), 22);
}

static void test_what_is_no_ip_is_none(void **state)
{
	static const uint8_t v5[] = {0x50, 0, 0, 0};
	struct cursor c = cursor_of(v5, sizeof v5);
	(void)state;

	assert_int_equal(found_at(LINK_ETHERNET, MACS, "0806"), -1);
	assert_int_equal(found_at(147, "", ""), -1);
	assert_false(link_is_known(147));
	assert_false(link_find_ip(LINK_RAW, &c));
}

static void test_ipv6_is_found_where_the_header_says_so_and_nothing_else(void **state)
{
	uint8_t bytes[32];
	size_t len = hex_bytes("02000000000102000000000286dd6000", bytes, sizeof bytes);
	struct cursor c = cursor_of(bytes, len), raw = cursor_of(bytes + 14, 2);
	(void)state;

	assert_true(link_find_ip(LINK_ETHERNET, &c));
	assert_int_equal(c.pos, 14);
	assert_true(link_find_ip(LINK_RAW, &raw));
	/* One family announced, the other sent. */
	assert_int_equal(found_at(LINK_ETHERNET, MACS, "86dd"), -1);
	bytes[12] = 8;
	bytes[13] = 0;
	c = cursor_of(bytes, len);
	assert_false(link_find_ip(LINK_ETHERNET, &c));
}

static void test_every_cut_of_a_header_is_refused(void **state)
{
	uint8_t bytes[32];
	size_t len = hex_bytes("02000000000102000000000288a80005810000060800", bytes, sizeof bytes);
	(void)state;

	for (size_t cut = 0; cut <= len; cut++) {
		uint8_t *exact = malloc(cut == 0 ? 1 : cut);
		struct cursor c = cursor_of(exact, cut);

		memcpy(exact, bytes, cut);
		assert_false(link_find_ip(LINK_ETHERNET, &c));
		free(exact);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_a_packet_is_found_behind_each_kind_of_header),
		cmocka_unit_test(test_tags_are_stepped_over_also_two),
		cmocka_unit_test(test_what_is_no_ip_is_none),
		cmocka_unit_test(test_ipv6_is_found_where_the_header_says_so_and_nothing_else),
		cmocka_unit_test(test_every_cut_of_a_header_is_refused),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
