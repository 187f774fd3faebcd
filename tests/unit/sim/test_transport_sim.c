/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "sim/transport_sim.h"

#include <errno.h>

#include "unit/sim/lab.h"

/* One user of the transport: sends what a test says, notes what it is told. */

#define TWO_HOPS \
	"prober A 10.0.1.1\nrouter R1 10.0.1.2\nrouter R2 10.0.2.3\n" \
	"link A-R1 delay 3ms\nlink R1-R2 delay 4ms out-only delay 6ms back-only\n"

enum { TOLD_MAX = 64 };

struct told {
	enum reply_kind kind;
	uint32_t seq;
	struct stamp stamp;
	ns_t turn;             /* the loop's time when it was told */
};

struct user {
	struct lab *lab;
	struct loop *loop;
	struct transport *transport;
	struct loop_timer timer;
	struct walk walk;
	uint32_t to_send;
	bool is_sending;
	size_t told_count, unsent_count;
	struct told told[TOLD_MAX];
	int unsent_errno;
};

static void on_reply(void *arg, const struct reply *reply, struct stamp stamp)
{
	struct user *user = arg;

	assert_false(user->is_sending);
	assert_true(user->told_count < TOLD_MAX);
	user->told[user->told_count++] = (struct told){reply->kind, reply->token_seq, stamp,
		loop_now(user->loop)};
}

static void on_unsent(void *arg, uint32_t seq, const struct err *why)
{
	struct user *user = arg;
	(void)seq;

	assert_false(user->is_sending);
	user->unsent_errno = why->sys;
	user->unsent_count++;
}

static void on_timer(void *arg)
{
	struct user *user = arg;
	struct probe_spec spec = {.walk = &user->walk, .size_bytes = 200, .dport = LAB_PORT,
		.carried = CARRIED_UDP};

	user->is_sending = true;
	for (uint32_t i = 0; i < user->to_send; i++) {
		spec.seq = i;
		user->transport->ops->send(user->transport, &spec);
	}
	user->transport->ops->flush(user->transport);
	user->is_sending = false;
}

static struct user *user_of(const char *scenario, uint32_t to_send)
{
	struct user *user = calloc(1, sizeof *user);
	struct transport_events events = {.reply = on_reply, .unsent = on_unsent, .arg = user};
	struct transport_config config;
	struct addr hops[2] = {lab_addr("10.0.1.2"), lab_addr("10.0.2.3")};

	assert_non_null(user);
	user->lab = lab_new(scenario, 0);
	sim_set_start(user->lab->sim, 5 * NS_PER_SEC);
	config = (struct transport_config){user->lab->ident, user->lab->context};
	user->loop = loop_create_virtual(5 * NS_PER_SEC);
	user->transport = transport_sim_create(user->lab->sim, &config);
	assert_true(user->transport->ops->start(user->transport, user->loop, &events, NULL));
	assert_true(walk_retrace(&config.context.self, hops, 2, INNER_SOURCE_HOP, &user->walk));
	user->to_send = to_send;
	user->timer.fn = on_timer;
	user->timer.arg = user;
	loop_timer_set(user->loop, &user->timer, 6 * NS_PER_SEC);
	return user;
}

static struct user *user_new(uint32_t to_send)
{
	return user_of(TWO_HOPS, to_send);
}

static void user_free(struct user *user)
{
	user->transport->ops->destroy(user->transport);
	loop_destroy(user->loop);
	lab_free(user->lab);
	free(user);
}

static struct transport_counters counters_of(const struct user *user)
{
	struct transport_counters counters;

	user->transport->ops->count(user->transport, &counters);
	return counters;
}

static void test_departure_and_return_are_told_with_exact_stamps(void **state)
{
	struct user *user = user_new(1);
	(void)state;

	loop_run(user->loop);

	assert_int_equal(user->told_count, 2);
	assert_int_equal(user->told[0].kind, REPLY_SENT);
	assert_int_equal(user->told[0].stamp.t, 6 * NS_PER_SEC);
	assert_int_equal(user->told[0].stamp.source, STAMP_SIM);
	assert_int_equal(user->told[1].kind, REPLY_RETURN);
	/* 3 + 4 there, 6 + 3 back. */
	assert_int_equal(user->told[1].stamp.t - user->told[0].stamp.t, 16 * NS_PER_MS);
	assert_int_equal(user->told[1].turn, user->told[1].stamp.t);
	assert_int_equal(counters_of(user).decoded[DECODE_OK], 2);
	user_free(user);
}

static void test_probes_keep_their_order(void **state)
{
	struct user *user = user_new(20);
	(void)state;

	loop_run(user->loop);

	assert_int_equal(user->told_count, 40);
	for (uint32_t i = 0; i < 20; i++) {
		assert_int_equal(user->told[i].kind, REPLY_SENT);
		assert_int_equal(user->told[20 + i].seq, i);
	}
	user_free(user);
}

static void test_probes_that_did_not_leave_are_told(void **state)
{
	struct user *user = user_new(5);
	(void)state;

	transport_sim_drop_next(user->transport, 2);
	loop_run(user->loop);

	assert_int_equal(user->unsent_count, 2);
	assert_int_equal(user->unsent_errno, ENOBUFS);
	assert_int_equal(user->told_count, 6);
	assert_int_equal(user->told[3].seq, 2);
	user_free(user);
}

static void test_lost_captures_are_counted(void **state)
{
	struct user *user = user_new(3);
	(void)state;

	transport_sim_lose_next(user->transport, 2);
	loop_run(user->loop);

	assert_int_equal(counters_of(user).rx_dropped, 2);
	assert_int_equal(user->told_count, 4);
	user_free(user);
}

/* At 1 s of the network, which is 6 s of the loop: when the probes leave. */
static void test_what_befalls_the_prober_comes_at_its_time(void **state)
{
	struct user *user = user_of(TWO_HOPS "at 1s prober A send-errors 2\n"
		"at 1005ms prober A capture-drops 1\nat 1006ms prober A pause 500ms\n"
		"at 1007ms prober A clock-step -3s\n", 5);
	(void)state;

	loop_run(user->loop);

	assert_int_equal(user->unsent_count, 2);
	assert_int_equal(counters_of(user).rx_dropped, 1);
	assert_int_equal(user->told_count, 3 + 2);
	/* What came meanwhile is told after the pause, with its own stamp. */
	assert_int_equal(user->told[4].stamp.t, 6016 * NS_PER_MS);
	assert_int_equal(user->told[4].turn, 6506 * NS_PER_MS);
	assert_int_equal(loop_realtime_offset(user->loop), -3 * NS_PER_SEC);
	user_free(user);
}

static void test_duplicates_are_told_twice(void **state)
{
	struct user *user = user_new(1);
	(void)state;

	transport_sim_duplicate_next(user->transport, 1);
	loop_run(user->loop);

	assert_int_equal(user->told_count, 3);
	assert_int_equal(user->told[2].kind, REPLY_RETURN);
	user_free(user);
}

static void test_foreign_packets_are_counted_at_their_time(void **state)
{
	static const uint8_t junk[5] = {0x45};
	struct user *user = user_new(1);
	(void)state;

	transport_sim_deliver(user->transport, junk, sizeof junk, 6 * NS_PER_SEC + NS_PER_MS);
	loop_run(user->loop);

	assert_int_equal(counters_of(user).decoded[DECODE_TRUNCATED], 1);
	assert_int_equal(user->told_count, 2);
	user_free(user);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_departure_and_return_are_told_with_exact_stamps),
		cmocka_unit_test(test_probes_keep_their_order),
		cmocka_unit_test(test_probes_that_did_not_leave_are_told),
		cmocka_unit_test(test_lost_captures_are_counted),
		cmocka_unit_test(test_what_befalls_the_prober_comes_at_its_time),
		cmocka_unit_test(test_duplicates_are_told_twice),
		cmocka_unit_test(test_foreign_packets_are_counted_at_their_time),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
