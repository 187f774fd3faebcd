/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "pkt/cksum.h"
#include "pkt/icmp.h"
#include "pkt/ip.h"
#include "support/check.h"
#include "support/simrun.h"

/* Replies that arrive in fragments, damaged, or with little of what was sent. */

static struct simrun *run_of(const char *link, const char *end, const char *more,
	struct simrun_options options)
{
	char text[512];
	struct simrun *run;

	(void)snprintf(text, sizeof text, "prober A 10.0.1.1\nrouter R1 10.0.1.3\n"
		"router R2 10.0.2.3\nhost D 10.0.3.3 %s\nlink A-R1\nlink R1-R2 %s\nlink R2-D\n%s",
		end, link, more);
	options.destination = "D";
	options.no_through = true;
	options.seed = check_seed(81);
	run = simrun_create(text, &options);
	simrun_until_done(run);
	assert_int_equal(run->session.hop_count, 3);
	return run;
}

static void test_the_first_fragment_of_a_reply_is_the_answer(void **state)
{
	struct simrun *run = run_of("mtu 576 back-only", "", "",
		(struct simrun_options){.size_bytes = 1500});
	const struct finding *finding = simrun_finding(run, FINDING_FRAGMENTED_ANSWERS);
	(void)state;

	assert_int_equal(simrun_to(run, 3)->received, 10);
	assert_int_equal(simrun_to(run, 3)->lost, 0);
	assert_int_equal(simrun_to(run, 3)->duplicate, 0);
	assert_non_null(finding);
	assert_int_equal(finding->hop[0], 3);
	assert_non_null(strstr(finding->text, "the first of 572 bytes"));
	assert_int_equal(run->session.hops[0].flaws.count[FLAW_FRAGMENT], 0);
	simrun_destroy(run);
}

static void test_a_damaged_reply_is_lost_and_told(void **state)
{
	(void)state;

	for (int by = 0; by < 3; by++) {
		struct simrun *run = run_of("", "",
			"at 4s link R1-R2 damage 100% back-only\n", (struct simrun_options){.rounds = 200,
			.is_udp = by == 1, .is_tcp = by == 2});

		assert_int_equal(simrun_to(run, 1)->received, 200);
		assert_between(simrun_to(run, 3)->received, 15, 25);
		assert_int_equal(simrun_to(run, 3)->lost, 200 - simrun_to(run, 3)->received);
		assert_non_null(simrun_finding(run, FINDING_DAMAGED_ANSWERS));
		/* Of most of them the bits that say whose they are have stayed as they were. */
		assert_between(run->session.hops[1].flaws.count[FLAW_CHECKSUM], 60, 220);
		assert_between(run->session.hops[2].flaws.count[FLAW_CHECKSUM], 20, 220);
		assert_int_equal(run->session.forged, 0);
		simrun_destroy(run);
	}
}

static void test_damage_that_has_ended_is_told_as_what_was(void **state)
{
	struct simrun *run = simrun_create("prober A 10.0.1.1\nrouter R1 10.0.1.3\n"
		"host D 10.0.3.3\nlink A-R1\nlink R1-D\nat 4s link R1-D damage 100% back-only\n"
		"at 5s link R1-D damage 0% back-only\n",
		&(struct simrun_options){.destination = "D", .no_through = true, .rounds = 500,
			.seed = check_seed(83)});
	(void)state;

	simrun_for(run, 50 * NS_PER_SEC);
	assert_true(simrun_finding(run, FINDING_DAMAGED_ANSWERS)->is_active);
	simrun_until_done(run);

	assert_non_null(simrun_finding(run, FINDING_DAMAGED_ANSWERS));
	assert_false(simrun_finding(run, FINDING_DAMAGED_ANSWERS)->is_active);
	simrun_destroy(run);
}

static void test_a_reply_with_little_or_none_of_our_data_is_this_probes_answer(void **state)
{
	static const unsigned cases[] = {0, 7, 8, 16, 23};
	(void)state;

	for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
		struct simrun *run;
		char end[32];

		(void)snprintf(end, sizeof end, "echo-data %u", cases[i]);
		run = run_of("", end, "", (struct simrun_options){.rounds = 20});
		assert_int_equal(simrun_to(run, 3)->received, 20);
		assert_int_equal(simrun_to(run, 3)->best, 6 * NS_PER_MS);
		assert_true(run->session.has_end_answered);
		assert_non_null(simrun_finding(run, FINDING_SHORTENED_ANSWERS));
		assert_int_equal(run->session.forged, 0);
		simrun_destroy(run);
	}
}

static void deliver_short(struct simrun *run, uint32_t from, uint16_t seq, ns_t when)
{
	uint8_t bytes[28];
	struct wcursor w = wcursor_of(bytes, sizeof bytes);
	struct addr src = addr_v4(from);

	ip4_write(&w, &(struct ip_header){.src = src, .dst = run->session.self, .ttl = 60,
		.total_bytes = 28, .protocol = IP_PROTO_ICMP});
	icmp_write(&w, &(struct icmp_header){.type = ICMP_ECHO_REPLY, .id = 0x4d4d, .seq = seq});
	put_be16(bytes + 22, cksum_of(bytes + 20, 8));
	transport_sim_deliver(run->transport, bytes, sizeof bytes, when);
}

/* All numbers there are, under the right identifier: from somebody else, and from the end. */
static void test_a_guessed_reply_has_to_hit_a_probe_that_is_out(void **state)
{
	struct simrun *run = simrun_create("prober A 10.0.1.1\nrouter R1 10.0.1.3\n"
		"host D 10.0.2.3 echo no\nlink A-R1\nlink R1-D\n",
		&(struct simrun_options){.destination = "D", .no_through = true, .rounds = 5,
			.seed = check_seed(82)});
	(void)state;

	for (uint32_t seq = 0; seq <= UINT16_MAX; seq++) {
		deliver_short(run, 0x0a000909, (uint16_t)seq, 5 * NS_PER_SEC + seq);
	}
	simrun_until_done(run);
	assert_int_equal(run->session.forged, UINT16_MAX + 1);
	assert_int_equal(simrun_to(run, 2)->received, 0);
	simrun_destroy(run);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_the_first_fragment_of_a_reply_is_the_answer),
		cmocka_unit_test(test_a_damaged_reply_is_lost_and_told),
		cmocka_unit_test(test_damage_that_has_ended_is_told_as_what_was),
		cmocka_unit_test(test_a_reply_with_little_or_none_of_our_data_is_this_probes_answer),
		cmocka_unit_test(test_a_guessed_reply_has_to_hit_a_probe_that_is_out),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
