/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "helper/serve.h"

#include <stdlib.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/mem.h"
#include "support/check.h"

/* The helper over a transport that sends nothing; whatever needs raw sockets is tests/lab's. */
static const struct addr LOOPBACK = {ADDR_V4, {127, 0, 0, 1}};

static bool start(struct transport *transport, struct loop *loop,
	const struct transport_events *events, struct err *err)
{
	(void)transport;
	(void)loop;
	(void)events;
	(void)err;
	return true;
}

static void flush(struct transport *transport)
{
	(void)transport;
}

static void count(struct transport *transport, struct transport_counters *ret_counters)
{
	(void)transport;
	*ret_counters = (struct transport_counters){0};
}

static bool refuse_to_move(struct transport *transport, const struct transport_home *home,
	struct err *err)
{
	(void)transport;
	(void)home;
	return err_set(err, ERR_LIMIT, "no filter can be that long");
}

/* What the helper says last to a message of these bytes. */
static struct helper_refused refusal_of(const uint8_t *bytes, size_t len)
{
	static const struct transport_ops ops = {.name = "none", .start = start, .flush = flush,
		.count = count, .move = refuse_to_move};
	static uint8_t answer[HELPER_MESSAGE_MAX];
	struct transport transport = {&ops};
	struct serve *serve = xcalloc(1, sizeof *serve);
	struct helper_refused refused = {0};
	struct helper_record record;
	struct err err;
	int fd[2];

	assert_int_equal(socketpair(AF_UNIX, SOCK_SEQPACKET, 0, fd), 0);
	assert_int_equal(netlink_open(&serve->netlink), 0);
	serve->fd = fd[0];
	serve->watch_fd = serve->peers_fd = -1;
	serve->out = wcursor_of(serve->out_bytes, sizeof serve->out_bytes);
	serve->policy.ours.self = serve->home.self = LOOPBACK;
	serve->transport = &transport;
	serve->loop = loop_create_real();
	assert_int_equal(send(fd[1], bytes, len, 0), len);
	assert_true(serve_run(serve, &err));

	while (refused.code == ERR_NONE) {
		ssize_t got = recv(fd[1], answer, sizeof answer, MSG_DONTWAIT);
		struct cursor message = cursor_of(answer, got < 0 ? 0 : (size_t)got);
		enum helper_tag tag;

		assert_true(got > 0);
		while ((tag = helper_wire_at_client(&message, &record)) != HELPER_END) {
			assert_int_not_equal(tag, HELPER_BAD);
			if (tag == HELPER_REFUSED) {
				refused = record.is.refused;
			}
		}
	}
	(void)close(fd[0]);
	(void)close(fd[1]);
	(void)close(serve->netlink.fd);
	loop_destroy(serve->loop);
	free(serve);
	return refused;
}

static void test_why_it_cannot_move_is_told(void **state)
{
	struct transport_home home = {.self = LOOPBACK};
	struct helper_refused refused;
	uint8_t bytes[256];
	struct wcursor w = wcursor_of(bytes, sizeof bytes);
	(void)state;

	helper_wire_move(&w, &home);
	assert_false(w.failed);
	refused = refusal_of(bytes, w.pos);

	assert_string_equal(refused.text, "no filter can be that long");
	assert_int_equal(refused.code, ERR_LIMIT);
}

static void test_what_is_no_message_is_an_error_of_the_protocol(void **state)
{
	(void)state;

	assert_string_equal(refusal_of((const uint8_t *)"\377\377\377", 3).text, "protocol error");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_why_it_cannot_move_is_told),
		cmocka_unit_test(test_what_is_no_message_is_an_error_of_the_protocol),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
