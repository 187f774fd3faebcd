/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "net/reserve.h"

#include <fcntl.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <unistd.h>

#include "net/rawsock.h"
#include "support/check.h"

static const struct addr SELF4 = {ADDR_V4, {127, 0, 0, 1}}, SELF6 = {ADDR_V6, {[15] = 1}};

static void test_a_chosen_port_that_is_in_use_is_told_with_a_way_out(void **state)
{
	struct reply_context context = {.self = SELF4, .to_carried = CARRIED_UDP, .to_port = 33434};
	struct reserve reserve = {0};
	uint16_t port = 0;
	struct err err = {0};
	int fd = rawsock_open_sink(ADDR_V4, 0, &port, &err);
	char text[200];
	(void)state;

	assert_true(fd >= 0);
	context.to_source_port = port;
	(void)snprintf(text, sizeof text, "a source port from %u to %u is in use by another program: "
		"choose others with --localport", flow_port(port, FLOW_MAX - 1) < port ?
		flow_port(port, FLOW_MAX - 1) : port, flow_port(port, FLOW_MAX - 1) < port ? port :
		flow_port(port, FLOW_MAX - 1));
	assert_false(reserve_ports(&reserve, &context, /* is_lenient= */ false, &err));
	assert_string_equal(err.text, text);
	assert_int_equal(context.port, 0);

	assert_true(reserve_ports(&reserve, &context, /* is_lenient= */ true, &err));
	assert_int_not_equal(context.port, 0);
	assert_int_equal(context.to_source_port, port);
	reserve_finish(&reserve);
	(void)close(fd);
}

/* Answers would have nowhere to go. The last of the tests: descriptors stay few. */
static void test_root_as_well_needs_the_sink_of_each_family(void **state)
{
	struct reply_context context = {.self = SELF4, .self_other = SELF6, .to_carried = CARRIED_UDP,
		.to_port = 33434};
	struct reserve reserve = {0};
	struct err err = {0};
	int next = dup(STDERR_FILENO);
	struct rlimit one_more = {(rlim_t)next + 1, (rlim_t)next + 1};
	(void)state;

	assert_true(next >= 0);
	assert_int_equal(close(next), 0);
	assert_int_equal(setrlimit(RLIMIT_NOFILE, &one_more), 0);
	assert_false(reserve_ports(&reserve, &context, /* is_lenient= */ true, &err));
	assert_int_not_equal(err.code, ERR_NONE);
	assert_int_equal(context.port, 0);
	reserve_finish(&reserve);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_a_chosen_port_that_is_in_use_is_told_with_a_way_out),
		cmocka_unit_test(test_root_as_well_needs_the_sink_of_each_family),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
