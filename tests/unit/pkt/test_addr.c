/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "pkt/addr.h"

#include "support/check.h"

static void test_text_goes_there_and_back(void **state)
{
	static const char *const texts[] = {"10.0.1.2", "255.255.255.255", "0.0.0.0", "2001:db8::1",
		"::", "::1", "fe80::1"};
	char text[ADDR_TEXT_MAX];
	struct addr addr;
	(void)state;

	for (size_t i = 0; i < sizeof texts / sizeof texts[0]; i++) {
		assert_true(addr_parse(texts[i], &addr));
		assert_string_equal(addr_format(&addr, text), texts[i]);
	}
}

static void test_what_is_no_address_is_refused_and_leaves_the_output(void **state)
{
	static const char *const texts[] = {"", "10.0.1", "10.0.1.256", "10.0.1.02", "1.2.3.4 ",
		"host", "10.0.1.2:80", ":::", "g::"};
	struct addr addr = addr_v4(0x01020304);
	(void)state;

	for (size_t i = 0; i < sizeof texts / sizeof texts[0]; i++) {
		assert_false(addr_parse(texts[i], &addr));
	}
	assert_int_equal(addr_to_v4(&addr), 0x01020304);
}

static void test_prefixes_without_consent_end_where_the_rfcs_say(void **state)
{
	static const struct { const char *text; bool is_private; } rows[] = {
		{"10.255.255.255", true}, {"11.0.0.0", false}, {"172.16.0.0", true},
		{"172.31.255.255", true}, {"172.32.0.0", false}, {"172.15.255.255", false},
		{"192.168.1.1", true}, {"192.169.0.0", false}, {"100.64.0.1", true},
		{"100.127.255.255", true}, {"100.128.0.0", false}, {"127.0.0.1", true},
		{"169.254.7.7", true}, {"198.18.0.1", true}, {"198.19.255.255", true},
		{"198.20.0.0", false}, {"192.0.2.9", true}, {"198.51.100.1", true},
		{"203.0.113.255", true}, {"203.0.114.0", false}, {"8.8.8.8", false},
		{"fd00::1", true}, {"fe80::1", true}, {"febf::1", true}, {"fec0::1", false},
		{"::1", true}, {"2001:db8::1", true}, {"2001:db9::1", false},
	};
	struct addr addr;
	(void)state;

	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
		assert_true(addr_parse(rows[i].text, &addr));
		assert_int_equal(addr_is_private(&addr), rows[i].is_private);
	}
}

static void test_special_addresses_are_known(void **state)
{
	struct addr multicast = addr_v4(0xe0000001), broadcast = addr_v4(0xffffffff);
	struct addr this_net = addr_v4(0x00000001), loopback = addr_v4(0x7f000001);
	struct addr plain = addr_v4(0x0a000102);
	(void)state;

	assert_true(addr_is_multicast(&multicast));
	assert_true(addr_is_broadcast(&broadcast));
	assert_true(addr_is_unspecified(&this_net));
	assert_true(addr_is_loopback(&loopback));
	assert_false(addr_is_multicast(&plain) || addr_is_broadcast(&plain) ||
		addr_is_unspecified(&plain) || addr_is_loopback(&plain));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_text_goes_there_and_back),
		cmocka_unit_test(test_what_is_no_address_is_refused_and_leaves_the_output),
		cmocka_unit_test(test_prefixes_without_consent_end_where_the_rfcs_say),
		cmocka_unit_test(test_special_addresses_are_known),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
