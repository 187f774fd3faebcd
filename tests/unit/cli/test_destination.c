/* SPDX-License-Identifier: GPL-3.0-or-later */
#define _GNU_SOURCE
#include "cli/destination.h"

#include <arpa/inet.h>
#include <ifaddrs.h>
#include <net/if.h>
#include <string.h>

#include "support/check.h"

static bool parse(const char *path, const char *destination, struct target *target,
	struct err *err)
{
	struct options options = {.path = path, .destination = destination,
		.settings.max_rate_pps = 1000};

	*err = (struct err){0};
	return destination_parse(&options, target, err);
}

static void test_a_path_of_addresses_is_taken_as_it_is(void **state)
{
	struct target target;
	struct err err;
	(void)state;

	assert_true(parse("10.0.1.2,10.0.2.2,10.0.1.2", NULL, &target, &err));
	assert_int_equal(target.path_count, 3);
	assert_int_equal(addr_to_v4(&target.path[1]), 0x0a000202);
	assert_int_equal(addr_to_v4(&target.destination), 0x0a000102);
	assert_string_equal(target.destination_name, "");
	assert_true(target.is_private);
}

static void test_one_public_hop_makes_a_path_public(void **state)
{
	struct target target;
	struct err err;
	(void)state;

	assert_true(parse("10.0.1.2,8.8.8.8,10.0.2.2", NULL, &target, &err));
	assert_false(target.is_private);
	assert_true(parse(NULL, "8.8.8.8", &target, &err));
	assert_false(target.is_private);
	assert_int_equal(target.path_count, 0);
}

static void test_a_zone_is_the_interface_of_a_link_local_address(void **state)
{
	struct options options = {.destination = "fe80::2%eth0", .settings.max_rate_pps = 1000};
	struct target target;
	struct err err = {0};
	(void)state;

	assert_true(destination_parse(&options, &target, &err));
	assert_string_equal(target.interface_name, "eth0");
	assert_int_equal(target.destination.byte[15], 2);
	assert_string_equal(target.destination_name, "");
	options.interface = "eth1";
	assert_false(destination_parse(&options, &target, &err));
	assert_int_equal(err.code, ERR_USAGE);
	options.destination = "fe80::2";
	assert_true(destination_parse(&options, &target, &err));
	assert_string_equal(target.interface_name, "eth1");
}

static void test_what_can_be_no_hop_is_refused_without_a_network(void **state)
{
	static const struct { const char *path, *destination, *says; } bad[] = {
		{NULL, "0.0.0.0", "is not a host address"},
		{"0.0.0.0", NULL, "is not a host address"},
		{"10.0.0.1,0.1.2.3", NULL, "is not a host address"},
		{NULL, "224.0.0.1", "multicast or broadcast"},
		{"10.0.0.1,239.1.2.3", NULL, "multicast or broadcast"},
		{NULL, "255.255.255.255", "multicast or broadcast"},
		{NULL, "::", "is not a host address"},
		{NULL, "ff02::1", "multicast or broadcast"},
		{NULL, "2001:db8::g", "is not an address"},
		{NULL, "fe80::1", "fe80::1 is a link-local address: append its interface"},
		{"2001:db8::1,fe80::1", NULL, "fe80::1 is a link-local address"},
		{NULL, "fe80::1%", "does not name an interface"},
		{NULL, "fe80::1%sixteen-letters-", "does not name an interface"},
		{"fe80::1%eth0,fe80::2%eth1", NULL, "two interfaces, eth0 and eth1"},
		{NULL, "2001:db8::1%eth0", "only link-local addresses have a zone"},
		{"10.0.0.1+10.0.0.2", NULL, "is not an IPv4 and an IPv6 address of one hop"},
		{"10.0.0.1+2001:db8::1+::2", NULL, "is not an IPv4 and an IPv6 address of one hop"},
		{"+", NULL, "is not an IPv4 and an IPv6 address of one hop"},
		{"10.0.0.1+2001:db8::1,10.0.0.2,2001:db8::2", NULL, "mixes IPv4 and IPv6"},
		{"10.0.0.1,2001:db8::1", NULL, "mixes IPv4 and IPv6"},
		{"2001:db8::1,some.name,10.0.0.1", NULL, "mixes IPv4 and IPv6"},
		{"", NULL, "empty hop"},
		{",", NULL, "empty hop"},
		{"10.0.0.1,", NULL, "empty hop"},
		{",10.0.0.1", NULL, "empty hop"},
		{"10.0.0.1,,10.0.0.2", NULL, "empty hop"},
		{"10.0.0.1,10.0.0.1", NULL, "twice in a row"},
		{NULL, "10.0.0.256", "is not an address"},
		{NULL, "10.0.0", "is not an address"},
		{NULL, "1", "is not an address"},
		{"10.0.0.1,01.2.3.4", NULL, "is not an address"},
	};
	(void)state;

	for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
		struct target target;
		struct err err;

		if (parse(bad[i].path, bad[i].destination, &target, &err) || err.code != ERR_USAGE ||
		    strstr(err.text, bad[i].says) == NULL) {
			fail_msg("case %zu: code %d, '%s'", i, (int)err.code, err.text);
		}
	}
}

static void test_more_hops_than_there_can_be_are_refused_by_number(void **state)
{
	struct strbuf path = {0};
	struct target target;
	struct err err;
	(void)state;

	for (int i = 1; i <= HOP_MAX + 1; i++) {
		strbuf_printf(&path, "%s10.0.0.%d", i == 1 ? "" : ",", i);
	}
	assert_false(parse(strbuf_text(&path), NULL, &target, &err));
	assert_int_equal(err.code, ERR_USAGE);
	assert_non_null(strstr(err.text, "the path has 65 hops; the maximum is 64"));
	strbuf_finish(&path);
}

static void test_a_destination_beside_a_path_is_its_end(void **state)
{
	struct target target;
	struct err err = {0};
	(void)state;

	assert_true(parse("10.0.0.1,10.0.0.2", "10.0.0.3", &target, &err));
	assert_int_equal(target.path_count, 3);
	assert_int_equal(target.path[2].byte[3], 3);
	assert_int_equal(target.destination.byte[3], 3);
	assert_true(parse("10.0.0.1,10.0.0.2", "10.0.0.2", &target, &err));
	assert_int_equal(target.path_count, 2);
}

static void test_high_rates_are_for_private_paths(void **state)
{
	struct options options = {.path = "10.0.0.1", .settings.max_rate_pps = 100000};
	struct target target;
	struct err err = {0};
	(void)state;

	assert_true(destination_parse(&options, &target, &err));
	options.path = "10.0.0.1,8.8.8.8";
	assert_false(destination_parse(&options, &target, &err));
	assert_int_equal(err.code, ERR_USAGE);
}

/* One that is this host's, and not among those that would be chosen. */
static void test_the_address_beside_stays_while_it_is_there(void **state)
{
	struct options options = {.settings.is_interactive = true, .destination = "127.0.0.1"};
	struct target target, before = {0};
	struct ifaddrs *list = NULL;
	struct addr loopback;
	struct err err;
	(void)state;

	assert_true(addr_parse("127.0.0.1", &loopback));
	assert_true(destination_parse(&options, &target, &err));
	assert_true(target_route(&options.settings, &target, &err));
	assert_int_equal(getifaddrs(&list), 0);
	for (const struct ifaddrs *at = list; at != NULL; at = at->ifa_next) {
		struct sockaddr_in in;

		if (at->ifa_addr != NULL && at->ifa_addr->sa_family == AF_INET &&
		    (at->ifa_flags & IFF_LOOPBACK) == 0) {
			memcpy(&in, at->ifa_addr, sizeof in);
			target.also = addr_v4(ntohl(in.sin_addr.s_addr));
		}
	}
	freeifaddrs(list);
	if (addr_is_set(&target.also)) {
		before.also = target.also;
		assert_true(target_route_again(&options.settings, &loopback, &target, &err));
		assert_true(addr_equal(&target.also, &before.also));
	}
	assert_true(addr_parse("203.0.113.77", &before.also));
	target.also = before.also;
	assert_true(target_route_again(&options.settings, &loopback, &target, &err));
	assert_false(addr_equal(&target.also, &before.also));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_a_zone_is_the_interface_of_a_link_local_address),
		cmocka_unit_test(test_a_path_of_addresses_is_taken_as_it_is),
		cmocka_unit_test(test_one_public_hop_makes_a_path_public),
		cmocka_unit_test(test_what_can_be_no_hop_is_refused_without_a_network),
		cmocka_unit_test(test_more_hops_than_there_can_be_are_refused_by_number),
		cmocka_unit_test(test_a_destination_beside_a_path_is_its_end),
		cmocka_unit_test(test_high_rates_are_for_private_paths),
		cmocka_unit_test(test_the_address_beside_stays_while_it_is_there),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
