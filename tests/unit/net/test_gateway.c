/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "net/gateway.h"

#include <errno.h>

#include "support/check.h"

/* What takes no network; the rest is for the lab. */

static int found(const struct gateway_way *way)
{
	struct gateway gateway = {.sys = 0};
	struct sockaddr_storage link;
	socklen_t len = 0;
	struct err err;
	int sys;

	assert_true(gateway_open(&gateway, &err));
	sys = gateway_find(&gateway, way, NS_PER_SEC, &link, &len);
	assert_int_equal(gateway_find(&gateway, way, NS_PER_SEC + 1, &link, &len), sys);
	gateway_close(&gateway);
	gateway_close(&gateway);
	assert_int_equal(len, 0);
	return sys;
}

static void test_no_gateway_leads_to_this_host(void **state)
{
	const struct addr lo = {ADDR_V4, {127, 0, 0, 1}}, other = {ADDR_V4, {127, 0, 0, 2}};
	(void)state;

	assert_int_equal(found(&(struct gateway_way){.self = lo, .towards = other}), EDESTADDRREQ);
}

static void test_where_no_route_leads_is_not_known(void **state)
{
	const struct addr lo = {ADDR_V4, {127, 0, 0, 1}}, any = {ADDR_V4, {192, 0, 2, 1}};
	(void)state;

	/* By an interface that there is not. */
	assert_int_equal(found(&(struct gateway_way){.self = lo, .towards = any,
		.interface = 0x7ffffff0}), EHOSTUNREACH);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_no_gateway_leads_to_this_host),
		cmocka_unit_test(test_where_no_route_leads_is_not_known),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
