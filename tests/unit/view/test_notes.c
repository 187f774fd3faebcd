/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "view/notes.h"

#include "base/mem.h"
#include "base/strbuf.h"
#include "support/check.h"

static void collect(void *arg, const char *sentence)
{
	strbuf_printf(arg, "%s\n", sentence);
}

static void assert_tells(const struct snapshot *snap, const char *wanted)
{
	struct strbuf told = {0};

	notes_tell(snap, collect, &told);
	assert_string_equal(strbuf_text(&told), wanted);
	strbuf_finish(&told);
}

static void test_without_facts_there_is_nothing_to_tell(void **state)
{
	struct snapshot snap = {0};
	(void)state;

	assert_tells(&snap, "");
}

static void test_an_end_that_may_lose_or_limit_is_told(void **state)
{
	struct snapshot snap = {.end = {.is_undecided = true}};
	(void)state;

	assert_tells(&snap, "the destination leaves probes unanswered: more rounds are needed to tell "
		"loss from a rate limit\n");
}

static void test_what_came_of_another_source_is_told(void **state)
{
	struct snapshot snap = {.also = {.rounds = 60, .address = "10.0.9.1", .hops_heard = 4,
		.hops_compared = 4, .most_ms = 0.42}};
	(void)state;

	assert_tells(&snap, "60 rounds of probes from 10.0.9.1 as well: no difference, at most "
		"0.42 ms\n");
	snap.also.hops_compared = 0;
	assert_tells(&snap, "60 rounds of probes from 10.0.9.1 as well: too few replies to "
		"compare\n");
	snap.also.has_difference = true;
	assert_tells(&snap, "60 rounds of probes from 10.0.9.1 as well: its replies return "
		"another way, see the findings\n");
	snap.also.hops_heard = 0;
	assert_tells(&snap, "60 rounds of probes from 10.0.9.1 as well: no reply arrived on this "
		"interface\n");
	snap.also.is_running = true;
	snap.also.rounds = 7;
	assert_tells(&snap, "also probing all hops from 10.0.9.1, 7 rounds so far\n");
}

static void test_a_changed_path_is_told_with_what_became_of_it(void **state)
{
	char was[] = "10.0.2.3", is[] = "10.0.5.3";
	struct snapshot snap = {.change = {.count = 1, .is_active = true, .hop = 2, .hop_count = 4,
		.old_hop_count = 3, .was = was, .is = is,
		.noticed_realtime = (ns_t)1795319170 * NS_PER_SEC}};
	(void)state;

	assert_tells(&snap, "route change at 2026-11-22T03:46:10Z: hop 2 is 10.0.5.3, previously "
		"10.0.2.3; 4 hops, previously 3; nested probes stay on the old path (--follow switches to "
		"the new one)\n");
	snap.change.is_active = false;
	snap.change.is = NULL;
	assert_tells(&snap, "route change at 2026-11-22T03:46:10Z: hop 2 is silent, previously "
		"10.0.2.3; 4 hops, previously 3; back to the old route\n");
	snap.change.is_followed = true;
	assert_tells(&snap, "route change at 2026-11-22T03:46:10Z: hop 2 is silent, previously "
		"10.0.2.3; 4 hops, previously 3; now probing the new path; counters reset from hop 2 on\n");
}

static void test_a_length_that_changed_is_told_with_its_direction(void **state)
{
	struct snapshot snap = {.length_hop = 3, .out = {.hops = 3}, .back = {.hops = 4, .before = 3,
		.changed_realtime = (ns_t)1795319170 * NS_PER_SEC}};
	(void)state;

	assert_tells(&snap, "the return path from hop 3 has 4 links since 2026-11-22T03:46:10Z, "
		"previously 3\n");
}

static void test_what_keeps_nested_probes_from_working_is_told(void **state)
{
	static const struct {
		enum snap_nesting nesting;
		unsigned hop;
		const char *says;
	} cases[] = {
		{SNAP_NESTING_NO_DECAP, 0, "no hop of this path decapsulates"},
		{SNAP_NESTING_FILTERED, 1, "protocol 4 is filtered near this host"},
		{SNAP_NESTING_FILTERED, 3, "no hop from 3 on replies to nested probes, not even with an "
			"ICMP error"},
		{SNAP_NESTING_NAT, 2, "is private and the path is public from hop 2 on"},
	};
	(void)state;

	for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
		struct snapshot snap = {.nesting = cases[i].nesting, .nesting_hop = cases[i].hop};
		struct strbuf told = {0};

		notes_tell(&snap, collect, &told);
		assert_non_null(strstr(strbuf_text(&told), cases[i].says));
		strbuf_finish(&told);
	}
}

static void test_a_gateway_that_bounces_nothing_is_told(void **state)
{
	struct snap_hop hop = {.hop = 1, .bounce = {.state = SNAP_BOUNCE_DROPPED, .asked = 5}};
	struct snapshot snap = {.hops = &hop, .hop_count = 1};
	(void)state;

	assert_tells(&snap, "hop 1: not tested: it drops packets from this host to itself\n");
	hop.bounce.state = SNAP_BOUNCE_NO_LINK;
	assert_tells(&snap, "hop 1: not tested: the link to it has no Ethernet addresses\n");
	hop.bounce.state = SNAP_BOUNCE_NO_GATEWAY;
	assert_tells(&snap, "hop 1: not tested: no gateway leads to the destination\n");
	hop.bounce.state = SNAP_BOUNCE_HOME;
	assert_tells(&snap, "");
	snap.nesting = SNAP_NESTING_NO_DECAP;
	assert_tells(&snap, "nothing is measured through hops beyond the first: none decapsulates\n");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_without_facts_there_is_nothing_to_tell),
		cmocka_unit_test(test_an_end_that_may_lose_or_limit_is_told),
		cmocka_unit_test(test_what_came_of_another_source_is_told),
		cmocka_unit_test(test_a_changed_path_is_told_with_what_became_of_it),
		cmocka_unit_test(test_a_length_that_changed_is_told_with_its_direction),
		cmocka_unit_test(test_what_keeps_nested_probes_from_working_is_told),
		cmocka_unit_test(test_a_gateway_that_bounces_nothing_is_told),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
