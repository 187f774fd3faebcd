/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "base/rng.h"
#include "pkt/cksum.h"
#include "pkt/ip.h"
#include "pkt/tcp.h"
#include "support/check.h"
#include "support/errors.h"
#include "support/simrun.h"

/* Walks to an end that does not decapsulate: their last leg is an ordinary packet. */

static const char *path_to(char *text, size_t cap, const char *end, const char *last_link)
{
	(void)snprintf(text, cap, "prober A 10.0.1.1\n"
		"router R1 10.0.1.2\nrouter R2 10.0.2.3\nhost D 10.0.3.3 %s\n"
		"link A-R1 delay 1ms\nlink R1-R2 delay 5ms\nlink R2-D delay 10ms %s\n", end, last_link);
	return text;
}

static struct simrun *finish(const char *end, const char *last_link, struct simrun_options options)
{
	char text[512];
	struct simrun *run;

	options.seed = check_seed(11);
	run = simrun_create(path_to(text, sizeof text, end, last_link), &options);
	simrun_until_done(run);
	return run;
}

static const struct stats *through(const struct simrun *run, size_t hop)
{
	return &run->session.hops[hop - 1].walk[run->session.main_walk];
}

static void assert_end_answered(const struct simrun *run, uint64_t count)
{
	const struct hop *end = &run->session.hops[2];

	assert_int_equal(run->session.hop_count, 3);
	assert_true(end->is_answering);
	assert_false(end->is_passed_over);
	assert_int_not_equal(end->decap, HOP_DECAP_YES);
	assert_int_equal(through(run, 3)->received, count);
	assert_int_equal(through(run, 3)->lost, 0);
	assert_int_equal(stats_error_count(through(run, 3)), 0);
	assert_int_equal(through(run, 3)->best, 32 * NS_PER_MS);
	assert_true(run->session.has_end_answered);
}

static void test_a_found_end_that_refuses_or_is_silent_answers_an_echo(void **state)
{
	static const char *const ends[] = {"decap refused", "decap silent", "decap prohibited"};
	(void)state;

	for (size_t i = 0; i < 3; i++) {
		struct simrun *run = finish(ends[i], "", (struct simrun_options){.destination = "D",
			.has_scan = true, .has_reverse = true});

		assert_end_answered(run, 10);
		assert_int_equal(through(run, 2)->received, 10);
		assert_int_equal(run->session.hops[2].walk[WALK_TO].received, 10);
		/* 3 legs of 20 bytes, 8 and 24; the boomerang of hop 2 needs 4. */
		assert_int_equal(run->session.probe_bytes, 112);
		simrun_destroy(run);
	}
}

static void test_a_found_end_answers_a_datagram_with_port_unreachable(void **state)
{
	struct simrun *run = finish("decap refused", "", (struct simrun_options){.destination = "D",
		.has_scan = true, .is_udp = true});
	(void)state;

	assert_end_answered(run, 10);
	simrun_destroy(run);
}

static void test_by_tcp_the_path_is_found_and_the_end_accepts_or_resets(void **state)
{
	static const char *const ends[] = {"decap refused open-port 33434", "decap refused"};
	(void)state;

	for (size_t i = 0; i < 2; i++) {
		struct simrun *run = finish(ends[i], "", (struct simrun_options){.destination = "D",
			.has_scan = true, .is_tcp = true});

		assert_end_answered(run, 10);
		assert_int_equal(run->session.hops[0].to_kind, TO_TTL);
		assert_int_equal(run->session.hops[2].to_kind, TO_ECHO);
		for (size_t k = 0; k < 3; k++) {
			assert_int_equal(run->session.hops[k].walk[WALK_TO].received, 10);
		}
		assert_int_equal(run->session.forged, 0);
		simrun_destroy(run);
	}
}

static void test_a_syn_ack_that_acknowledges_what_was_not_sent_is_forged(void **state)
{
	enum { FORGED = 1000 };
	char text[512];
	struct simrun *run = simrun_create(path_to(text, sizeof text, "", ""),
		&(struct simrun_options){.destination = "D", .is_tcp = true, .seed = check_seed(11)});
	struct rng rng;
	(void)state;

	rng_init(&rng, check_seed(11), 5);
	for (int i = 0; i < FORGED; i++) {
		uint8_t bytes[40];
		struct wcursor w = wcursor_of(bytes, sizeof bytes);

		ip4_write(&w, &(struct ip_header){.src = run->session.destination,
			.dst = run->session.self, .ttl = 60, .total_bytes = 40, .protocol = IP_PROTO_TCP});
		tcp_write(&w, &(struct tcp_header){.sport = 33434, .dport = 33000,
			.ack = rng_u32(&rng), .flags = TCP_SYN | TCP_ACK});
		put_be16(bytes + 36, cksum_end(cksum_add(cksum_pseudo(&run->session.destination,
			&run->session.self, IP_PROTO_TCP, 20), bytes + 20, 20)));
		transport_sim_deliver(run->transport, bytes, sizeof bytes,
			loop_now(run->loop) + (i + 1) * NS_PER_MS);
	}
	simrun_until_done(run);

	assert_int_equal(run->session.forged, FORGED);
	assert_int_equal(run->session.hops[2].walk[WALK_TO].received, 10);
	simrun_destroy(run);
}

static void test_direct_and_natural_walks_end_alike_and_others_do_not_reach(void **state)
{
	struct simrun *run = finish("decap refused", "", (struct simrun_options){.destination = "D",
		.has_scan = true, .all_walks = true});
	const struct hop *end = &run->session.hops[2];
	(void)state;

	assert_end_answered(run, 10);
	assert_int_equal(end->walk[WALK_DIRECT].received, 10);
	assert_int_equal(end->walk[WALK_NATURAL].received, 10);
	assert_int_equal(end->walk[WALK_RETURN_ONLY].transmitted, 0);
	simrun_destroy(run);
}

/* Until it is known that the end does not decapsulate, boomerangs come to nothing: no loss. */
static void test_the_end_of_a_given_path_is_found_out_and_what_was_before_is_no_loss(void **state)
{
	static const struct { const char *end; enum inner_source inner; uint64_t least; } cases[] = {
		{"decap refused", INNER_SOURCE_HOP, 30},
		{"decap refused", INNER_SOURCE_SELF, 39},
		{"decap silent", INNER_SOURCE_HOP, 25},
		{"decap silent", INNER_SOURCE_SELF, 25},
	};
	(void)state;

	for (size_t i = 0; i < 4; i++) {
		struct simrun *run = finish(cases[i].end, "", (struct simrun_options){
			.path = "R1,R2,D", .rounds = 40, .inner_source = cases[i].inner});

		printf("# %s: %lu of 40\n", cases[i].end, (unsigned long)through(run, 3)->received);
		assert_between(through(run, 3)->received, cases[i].least, 40);
		assert_end_answered(run, through(run, 3)->received);
		assert_int_equal(through(run, 2)->received, 40);
		simrun_destroy(run);
	}
}

static void test_loss_on_the_last_link_is_seen_through_the_end(void **state)
{
	struct simrun *run = finish("decap refused", "loss 10% out-only",
		(struct simrun_options){.destination = "D", .has_scan = true, .rounds = 2000});
	(void)state;

	assert_near((double)through(run, 3)->lost / 2000, .1, .02);
	assert_int_equal(through(run, 2)->lost, 0);
	simrun_destroy(run);
}

static void test_an_end_that_says_nothing_at_all_is_asked_for_no_echo(void **state)
{
	struct simrun *run = finish("decap silent echo no", "", (struct simrun_options){
		.path = "R1,R2,D", .rounds = 40});
	(void)state;

	assert_false(run->session.hops[2].is_answering);
	assert_false(run->session.has_end_answered);
	simrun_destroy(run);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_a_found_end_that_refuses_or_is_silent_answers_an_echo),
		cmocka_unit_test(test_a_found_end_answers_a_datagram_with_port_unreachable),
		cmocka_unit_test(test_by_tcp_the_path_is_found_and_the_end_accepts_or_resets),
		cmocka_unit_test(test_a_syn_ack_that_acknowledges_what_was_not_sent_is_forged),
		cmocka_unit_test(test_direct_and_natural_walks_end_alike_and_others_do_not_reach),
		cmocka_unit_test(
			test_the_end_of_a_given_path_is_found_out_and_what_was_before_is_no_loss),
		cmocka_unit_test(test_loss_on_the_last_link_is_seen_through_the_end),
		cmocka_unit_test(test_an_end_that_says_nothing_at_all_is_asked_for_no_echo),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
