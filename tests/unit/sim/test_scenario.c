/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "sim/scenario.h"

#include <string.h>

#include "support/check.h"

#define NODES "prober A 10.0.1.1\nrouter R1 10.0.1.2\nrouter R2 10.0.2.3\n"
#define LINKS "link A-R1\nlink R1-R2 delay 4ms loss 2% out-only mtu 1400\n"

static struct scenario parsed(const char *text)
{
	struct scenario scenario = {0};
	struct err err = {0};

	if (!scenario_parse("x.scn", text, strlen(text), &scenario, &err)) {
		fail_msg("%s", err.text);
	}
	return scenario;
}

static void assert_refused(const char *text, const char *message)
{
	struct scenario scenario = {.seed = 99};
	struct err err = {0};

	assert_false(scenario_parse("x.scn", text, strlen(text), &scenario, &err));
	assert_int_equal(err.code, ERR_SYNTAX);
	if (strncmp(err.text, message, strlen(message)) != 0) {
		fail_msg("\"%s\" does not begin with \"%s\"", err.text, message);
	}
	assert_int_equal(scenario.seed, 99);
}

static void assert_address(const struct addr *addr, const char *expected)
{
	char text[ADDR_TEXT_MAX];

	assert_string_equal(addr_format(addr, text), expected);
}

static void test_first_comment_describes(void **state)
{
	struct scenario s = parsed("# SPDX-License-Identifier: x\n# What it shows\n# more\n"
		NODES LINKS);
	(void)state;

	assert_string_equal(scenario_describe(&s), "What it shows");
	scenario_finish(&s);
}

static void test_out_only_speaks_of_the_property_before_it(void **state)
{
	struct scenario s = parsed(NODES LINKS);
	(void)state;

	assert_int_equal(s.link_count, 2);
	assert_near(s.link[1].dir[0].loss, .02, 0);
	assert_near(s.link[1].dir[1].loss, 0, 0);
	assert_int_equal(s.link[1].dir[1].delay, 4000000);
	assert_int_equal(s.link[1].dir[1].mtu_bytes, 1400);
	assert_int_equal(s.link[0].dir[0].mtu_bytes, 1500);
	scenario_finish(&s);
}

static void test_far_end_has_its_nodes_address_and_near_end_the_mate(void **state)
{
	struct scenario s = parsed(NODES LINKS "router R3\nlink R2-R3\n");
	(void)state;

	assert_address(&s.link[0].address[0], "10.0.1.1");
	assert_address(&s.link[0].address[1], "10.0.1.2");
	assert_address(&s.link[1].address[0], "10.0.2.2");
	assert_address(&s.link[1].address[1], "10.0.2.3");
	/* Nothing gives this link addresses: it is the third one's pair of the pool. */
	assert_address(&s.link[2].address[0], "10.255.0.4");
	assert_address(&s.link[2].address[1], "10.255.0.5");
	assert_address(&s.node[3].address, "10.255.0.5");
	scenario_finish(&s);
}

static void test_written_addresses_win(void **state)
{
	struct scenario s = parsed("prober A 10.0.1.1\nrouter R1\nrouter R2 10.8.0.1\nlink A-R1 "
		"10.0.1.1/10.0.1.2\nlink R1-R2 10.9.0.1/10.9.0.2 delay 1ms\n");
	(void)state;

	assert_address(&s.link[1].address[0], "10.9.0.1");
	assert_address(&s.node[1].address, "10.0.1.2");
	assert_address(&s.link[1].address[1], "10.9.0.2");
	assert_address(&s.node[2].address, "10.8.0.1");
	scenario_finish(&s);
}

static void test_node_properties_are_read(void **state)
{
	struct scenario s = parsed("prober A 10.0.1.1\nrouter R1 10.0.1.2 name r1.example decap "
		"silent icmp-rate 1/2s burst 3 icmp-delay 2ms normal 0.5ms quote 28 mpls 17221 "
		"initial-ttl 64 source-check strict echo limited icmp-stall 60s 2s "
		"answers-as 203.0.113.9\nlink A-R1\n");
	const struct node_params *p = &s.node[1].params;
	(void)state;

	assert_string_equal(s.node[1].name, "r1.example");
	assert_int_equal(p->decap, DECAP_SILENT);
	assert_int_equal(p->icmp_rate.period, 2000000000);
	assert_int_equal(p->icmp_rate.burst, 3);
	assert_int_equal(p->icmp_delay.base, 2000000);
	assert_int_equal(p->icmp_delay.jitter.law, JITTER_NORMAL);
	assert_int_equal(p->icmp_delay.jitter.spread, 500000);
	assert_int_equal(p->quote_bytes, 28);
	assert_int_equal(p->initial_ttl, 64);
	assert_int_equal(p->ext.mpls.count, 1);
	assert_int_equal(p->ext.mpls.entry[0].label, 17221);
	assert_int_equal(p->source_check, SOURCE_STRICT);
	assert_int_equal(p->echo, ECHO_LIMITED);
	assert_int_equal(p->icmp_stall.width, 2000000000);
	assert_address(&p->answers_as, "203.0.113.9");
	scenario_finish(&s);
	assert_refused("prober A 10.0.1.1\nrouter R1 10.0.1.2 answers-as x\nlink A-R1\n",
		"x.scn:2: answers-as wants an address or none, not \"x\"");
}

static void test_every_interface_of_a_named_node_has_a_name(void **state)
{
	struct scenario s = parsed("prober A 10.0.1.1\nrouter R1 10.0.1.2 name be-1.r1.example\n"
		"router R2 10.0.2.3\nlink A-R1\nlink R1-R2\n");
	struct addr own = addr_v4(0x0a000102), mate = addr_v4(0x0a000202);
	struct addr nameless = addr_v4(0x0a000203);
	char name[SCN_HOST_NAME_MAX] = "";
	(void)state;

	assert_true(scenario_name_of(&s, &own, name));
	assert_string_equal(name, "be-1.r1.example");
	assert_true(scenario_name_of(&s, &mate, name));
	assert_string_equal(name, "ae2.r1.example");
	assert_false(scenario_name_of(&s, &nameless, name));
	scenario_finish(&s);
}

static void test_changes_are_kept_by_time_and_turned_with_their_link(void **state)
{
	struct scenario s = parsed(NODES LINKS "at 60s link R2-R1 loss 12% out-only\n"
		"at 30s router R2 decap silent\n");
	(void)state;

	assert_int_equal(s.change_count, 2);
	assert_int_equal(s.change[0].at, 30000000000);
	assert_int_equal(s.change[0].kind, SCN_CHANGE_NODE);
	assert_int_equal(s.change[1].link_mask[0], 0);
	assert_int_not_equal(s.change[1].link_mask[1], 0);
	assert_near(s.change[1].link[1].loss, .12, 0);
	scenario_finish(&s);
}

static void test_runs_and_expectations_are_kept_for_the_caller(void **state)
{
	struct scenario s = parsed(NODES LINKS "run 120s path R1,R2 every 200ms with --walk all\n"
		"run 1min trace R2\nexpect hop 2 loss 11..13%\nexpect link 1 rtt 9..12.5ms\n"
		"expect finding link-loss 1-2 out\nexpect no finding icmp-rate-limit\n");
	(void)state;

	assert_int_equal(s.run_count, 2);
	assert_true(s.run[0].is_path);
	assert_int_equal(s.run[0].node_count, 2);
	assert_int_equal(s.run[0].interval, 200000000);
	assert_string_equal(s.run[0].options, "--walk all");
	assert_int_equal(s.run[1].duration, 60000000000);
	assert_int_equal(s.expect_count, 4);
	assert_near(s.expect[0].low, .11, 1e-12);
	assert_near(s.expect[0].high, .13, 1e-12);
	assert_int_equal(s.expect[1].kind, SCN_EXPECT_LINK);
	assert_near(s.expect[1].low, 9, 1e-9);
	assert_near(s.expect[1].high, 12.5, 1e-9);
	assert_string_equal(s.expect[2].what, "link-loss");
	assert_int_equal(s.expect[2].from, 1);
	assert_int_equal(s.expect[2].to, 2);
	assert_string_equal(s.expect[2].direction, "out");
	assert_true(s.expect[3].is_negated);
	scenario_finish(&s);
}

static void test_errors_name_line_and_mending(void **state)
{
	(void)state;

	assert_refused("", "x.scn: no prober: add a line");
	assert_refused("prober A 10.0.1.1\n", "x.scn: the prober A has no link");
	assert_refused("\n\nroter R1\n", "x.scn:3: \"roter\" begins no line: use seed");
	assert_refused("prober A\n", "x.scn:1: the prober needs its address");
	assert_refused("prober A 10.0.1.1\nprober B 10.0.1.2\n", "x.scn:2: a second prober");
	assert_refused("prober A 300.0.1.1\n", "x.scn:1: \"300.0.1.1\" is not an address of a host");
	assert_refused("prober A 10.0.1.1\nrouter A\n", "x.scn:2: A is declared twice");
	assert_refused("prober A 10.0.1.1\nrouter B 10.0.1.1\n",
		"x.scn:2: 10.0.1.1 already belongs to A");
	assert_refused("prober A 10.0.1.1\nlink A-B\n", "x.scn:2: no line before declares \"B\"");
	assert_refused(NODES "link A-R1 delay 5\n", "x.scn:4: delay is \"5\", not a duration");
	assert_refused(NODES "link A-R1 delay\n", "x.scn:4: the line ends where delay should be");
	assert_refused(NODES "link A-R1 loss 101%\n", "x.scn:4: loss is \"101%\", not a share");
	assert_refused(NODES "link A-R1 speed 3\n", "x.scn:4: \"speed\" is no property of a link");
	assert_refused(NODES "link A-R1\nlink R1-A\n", "x.scn:5: these nodes have a link");
	assert_refused(NODES "router R9 decap maybe\n",
		"x.scn:4: decap is \"maybe\", not one of yes, refused");
	assert_refused(NODES LINKS "route R2 to A via A\n", "x.scn:6: R2 has no link to A");
	assert_refused(NODES LINKS "route R2 A\n", "x.scn:6: a route is written: R3 to A via R9");
	assert_refused(NODES LINKS "at 5s link A-R2 loss 1%\n",
		"x.scn:6: no line before makes a link A-R2");
	assert_refused(NODES LINKS "expect hop 3 loss high\n", "x.scn:6: \"high\" is not a range");
	assert_refused(NODES LINKS "seed 7 8\n", "x.scn:6: \"8\" is not understood here");
	assert_refused(NODES "link A-R1 outage 5s\n", "x.scn:4: outage wants `every TIME`");
	assert_refused(NODES "link A-R1 outage 3s..1s every 9s\n", "x.scn:4: the outage is \"3s..1s\"");
	assert_refused(NODES "link A-R1 outage 9s every 5s\n", "x.scn:4: an outage is shorter");
	assert_refused(NODES "link A-R1 jitter pareto 2ms 1\n", "x.scn:4: the exponent of pareto is");
	assert_refused(NODES "router R9 police ip 5/s\n", "x.scn:4: what is policed is \"ip\"");
	assert_refused(NODES "router R9 police udp fast\n", "x.scn:4: the rate of police is \"fast\"");
	assert_refused(NODES "router R9 loss-of udp\n", "x.scn:4: the line ends where the share of");
	assert_refused(NODES "router R9 drop-dscp 64 1%\n", "x.scn:4: the DSCP of drop-dscp is \"64\"");
	assert_refused(NODES "router R9 set-dscp 64\n", "x.scn:4: set-dscp is \"64\"");
	assert_refused(NODES "router R9 set-ecn 4\n", "x.scn:4: set-ecn is \"4\"");
	assert_refused(NODES "router R9 icmp-rate pod\n", "x.scn:4: icmp-rate is \"pod\", not one");
	assert_refused("limiter pod 1/s\nlimiter pod 2/s\n", "x.scn:2: the limiter pod is declared");
	assert_refused("limiter 7 1/s\n", "x.scn:1: \"7\" cannot be a limiter's id");
	assert_refused("limiter pod 1/s others\n", "x.scn:1: the line ends where the rate of others");
	assert_refused(NODES LINKS "at 5s prober R1 pause 1s\n", "x.scn:6: R1 is not the prober");
	assert_refused(NODES LINKS "at 5s prober A sleep 1s\n", "x.scn:6: what happens to the prober");
	assert_refused(NODES LINKS "at 5s prober A clock-step -x\n", "x.scn:6: clock-step is \"-x\"");
	assert_refused(NODES LINKS "at 5s wire R1-R2\n", "x.scn:6: \"wire\" cannot change");
}

static void test_zero_byte_is_refused(void **state)
{
	static const char text[] = "seed 1\0\n";
	struct scenario scenario;
	struct err err = {0};
	(void)state;

	assert_false(scenario_parse("x.scn", text, sizeof text - 1, &scenario, &err));
}

static void test_shipped_demos_are_read(void **state)
{
	static const char *const demos[] = {"default", "limiter", "clean", "silent15", "ipv6", "gre",
		"mixed", "usid"};
	const char *srcdir = getenv("srcdir");
	(void)state;

	for (size_t i = 0; i < sizeof demos / sizeof demos[0]; i++) {
		struct scenario scenario = {0};
		struct err err = {0};
		char file[512];

		(void)snprintf(file, sizeof file, "%s/data/demo/%s.scn",
			srcdir != NULL ? srcdir : ".", demos[i]);
		if (!scenario_load(file, &scenario, &err)) {
			fail_msg("%s", err.text);
		}
		assert_true(strlen(scenario_describe(&scenario)) > 20);
		assert_int_equal(scenario.run_count, 1);
		for (size_t n = 0; n < scenario.node_count; n++) {
			assert_true(addr_is_private(&scenario.node[n].address));
		}
		scenario_finish(&scenario);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_first_comment_describes),
		cmocka_unit_test(test_out_only_speaks_of_the_property_before_it),
		cmocka_unit_test(test_far_end_has_its_nodes_address_and_near_end_the_mate),
		cmocka_unit_test(test_written_addresses_win),
		cmocka_unit_test(test_node_properties_are_read),
		cmocka_unit_test(test_every_interface_of_a_named_node_has_a_name),
		cmocka_unit_test(test_changes_are_kept_by_time_and_turned_with_their_link),
		cmocka_unit_test(test_runs_and_expectations_are_kept_for_the_caller),
		cmocka_unit_test(test_errors_name_line_and_mending),
		cmocka_unit_test(test_zero_byte_is_refused),
		cmocka_unit_test(test_shipped_demos_are_read),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
