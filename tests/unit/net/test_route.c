/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "net/route.h"

#include <errno.h>
#include <sys/socket.h>
#include <unistd.h>

#include "net/netlink.h"
#include "support/check.h"

/* What every host has: the loopback interface. Other interfaces are tests/lab's. */
static const struct addr LOOPBACK = {ADDR_V4, {127, 0, 0, 1}};
static const struct addr NOBODY = {ADDR_V4, {203, 0, 113, 77}};

static void test_the_route_to_this_host_is_by_loopback(void **state)
{
	struct route route;
	struct err err;
	(void)state;

	assert_true(route_lookup(&(struct route_query){.target = LOOPBACK}, &route, &err));

	assert_string_equal(route.interface, "lo");
	assert_true(addr_equal(&route.source, &LOOPBACK));
	assert_true(route.mtu >= 1280);
}

static void test_a_source_that_is_not_ours_has_no_route(void **state)
{
	struct route route = {.mtu = 7};
	struct err err = {0};
	(void)state;

	assert_false(route_lookup(&(struct route_query){.target = LOOPBACK, .source = NOBODY}, &route,
		&err));

	assert_int_equal(err.code, ERR_NO_ROUTE);
	assert_int_equal(route.mtu, 7);
}

static void test_an_interface_that_is_not_there_is_named(void **state)
{
	struct route route;
	struct err err = {0};
	(void)state;

	assert_false(route_lookup(&(struct route_query){.target = LOOPBACK, .interface = "none77"},
		&route, &err));

	assert_int_equal(err.code, ERR_NOT_FOUND);
	assert_non_null(strstr(err.text, "none77"));
}

static void test_own_addresses_are_known(void **state)
{
	uint32_t lo = if_nametoindex("lo");
	(void)state;

	assert_true(route_is_own(&LOOPBACK));
	assert_false(route_is_own(&NOBODY));
	assert_false(route_is_own(&(struct addr){0}));
	assert_true(route_has_address(lo, &LOOPBACK));
	assert_false(route_has_address(lo + 100000, &LOOPBACK));
}

static void test_one_descriptor_serves_many_questions(void **state)
{
	struct netlink netlink;
	(void)state;

	assert_int_equal(netlink_open(&netlink), 0);
	for (int i = 0; i < 3; i++) {
		assert_true(route_is_own_by(&netlink, &LOOPBACK));
		assert_false(route_is_own_by(&netlink, &NOBODY));
	}
	(void)close(netlink.fd);
}

static void take_nothing(void *arg, uint16_t type, const uint8_t *body, size_t len)
{
	(void)arg;
	(void)type;
	(void)body;
	(void)len;
}

/* What one question left behind, as one whose answer was too large does. */
static void test_the_answer_of_an_earlier_question_is_passed_over(void **state)
{
	struct ifinfomsg one = {.ifi_family = AF_UNSPEC, .ifi_index = (int)if_nametoindex("lo")};
	struct netlink_request request;
	struct netlink netlink;
	(void)state;

	assert_int_equal(netlink_open(&netlink), 0);
	netlink_begin(&request, RTM_GETLINK, &one, sizeof one);
	assert_int_equal(netlink_ask(&netlink, &request, take_nothing, NULL), 0);
	assert_true(send(netlink.fd, &request, request.header.nlmsg_len, 0) > 0);

	assert_true(route_is_own_by(&netlink, &LOOPBACK));
	assert_false(route_is_own_by(&netlink, &NOBODY));
	(void)close(netlink.fd);
}

static void test_an_interface_stands_upon_itself_and_on_none_that_is_not_there(void **state)
{
	uint32_t lo = if_nametoindex("lo");
	(void)state;

	assert_true(route_is_stacked(lo, lo));
	assert_false(route_is_stacked(lo, lo + 100000));
	assert_false(route_is_stacked(lo + 100000, lo));
}

/* | length 2 | type 2 | data |, host order; lengths that lie end the search. */
static void test_attributes_are_read_within_their_bounds(void **state)
{
	struct {
		struct rtattr head;
		uint32_t data;
	} row[2] = {{{8, 3}, 11}, {{8, 4}, 22}};
	size_t len = 0;
	uint32_t value;
	(void)state;

	memcpy(&value, netlink_attribute((uint8_t *)row, sizeof row, 4, 4), sizeof value);
	assert_int_equal(value, 22);
	assert_null(netlink_attribute((uint8_t *)row, sizeof row, 4, 5));
	assert_null(netlink_attribute((uint8_t *)row, sizeof row, 5, 0));
	assert_null(netlink_attribute((uint8_t *)row, sizeof row - 1, 4, 4));
	row[0].head.rta_len = 3;
	assert_null(netlink_attribute((uint8_t *)row, sizeof row, 4, 4));
	row[0].head.rta_len = 17;
	assert_null(netlink_attribute((uint8_t *)row, sizeof row, 3, 0));
	row[0].head.rta_len = 8;
	assert_non_null(netlink_nest((uint8_t *)row, sizeof row, 3, &len));
	assert_int_equal(len, 4);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_the_route_to_this_host_is_by_loopback),
		cmocka_unit_test(test_a_source_that_is_not_ours_has_no_route),
		cmocka_unit_test(test_an_interface_that_is_not_there_is_named),
		cmocka_unit_test(test_own_addresses_are_known),
		cmocka_unit_test(test_one_descriptor_serves_many_questions),
		cmocka_unit_test(test_the_answer_of_an_earlier_question_is_passed_over),
		cmocka_unit_test(test_an_interface_stands_upon_itself_and_on_none_that_is_not_there),
		cmocka_unit_test(test_attributes_are_read_within_their_bounds),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
