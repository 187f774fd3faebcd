/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "net/helper_wire.h"

#include "support/check.h"
#include "support/retrace.h"

static const struct addr SELF = {ADDR_V4, {10, 0, 1, 1}};
static const struct addr HOPS[2] = {{ADDR_V4, {10, 0, 1, 2}}, {ADDR_V4, {10, 0, 2, 2}}};
static const struct helper_hello HELLO = {
	.version = HELPER_VERSION, .key = {0x0102030405060708, 0x1112131415161718},
	.home = {.self = {ADDR_V4, {10, 0, 1, 1}}, .self_also = {ADDR_V4, {10, 0, 1, 2}},
		.interface = 11}, .echo_id = 7,
	.to_carried = CARRIED_TCP, .to_port = 80, .to_source_port = 4001, .other_port = 33434,
	.packet_bytes = 1500, .mark = 9,
	.max_rate_pps = 1000, .capture_rate_pps = 2000, .gather_us = 10000};

struct message {
	struct wcursor w;
	uint8_t bytes[2048];
};

typedef enum helper_tag read_fn(struct cursor *, struct helper_record *);

static void begin(struct message *message)
{
	message->w = wcursor_of(message->bytes, sizeof message->bytes);
}

static enum helper_tag read_first(const struct message *message, size_t len, read_fn *read,
	struct helper_record *record)
{
	struct cursor c = cursor_of(message->bytes, len);

	return read(&c, record);
}

/* Cut anywhere it is bad, and it means nothing to the side that would send it. */
static void assert_whole_only(const struct message *message, enum helper_tag tag, read_fn *read,
	read_fn *other)
{
	struct helper_record record;

	assert_false(message->w.failed);
	for (size_t len = 1; len < message->w.pos; len++) {
		assert_int_equal(read_first(message, len, read, &record), HELPER_BAD);
	}
	assert_int_equal(read_first(message, message->w.pos, other, &record), HELPER_BAD);
	assert_int_equal(read_first(message, message->w.pos, read, &record), tag);
}

static void test_a_hello_comes_over_as_it_was(void **state)
{
	struct helper_record record;
	struct message message;
	(void)state;

	begin(&message);
	helper_wire_hello(&message.w, &HELLO);
	assert_whole_only(&message, HELPER_HELLO, helper_wire_at_helper, helper_wire_at_client);

	(void)read_first(&message, message.w.pos, helper_wire_at_helper, &record);
	assert_int_equal(record.is.hello.key.k0, HELLO.key.k0);
	assert_int_equal(record.is.hello.key.k1, HELLO.key.k1);
	assert_true(addr_equal(&record.is.hello.home.self, &SELF));
	assert_true(addr_equal(&record.is.hello.home.self_also, &HOPS[0]));
	assert_int_equal(record.is.hello.echo_id, 7);
	assert_int_equal(record.is.hello.to_carried, CARRIED_TCP);
	assert_int_equal(record.is.hello.to_port, 80);
	assert_int_equal(record.is.hello.to_source_port, 4001);
	assert_int_equal(record.is.hello.other_port, 33434);
	assert_int_equal(record.is.hello.packet_bytes, 1500);
	assert_int_equal(record.is.hello.mark, 9);
	assert_int_equal(record.is.hello.max_rate_pps, 1000);
	assert_int_equal(record.is.hello.capture_rate_pps, 2000);
	assert_int_equal(record.is.hello.gather_us, 10000);
	assert_int_equal(record.is.hello.home.interface, 11);
}

static void test_a_hello_of_another_version_says_only_that(void **state)
{
	const uint8_t bytes[] = {HELPER_HELLO, HELPER_VERSION + 1, 0xff};
	struct cursor c = cursor_of(bytes, sizeof bytes);
	struct helper_record record;
	(void)state;

	assert_int_equal(helper_wire_at_helper(&c, &record), HELPER_HELLO);
	assert_int_equal(record.is.hello.version, HELPER_VERSION + 1);
}

static void test_a_move_comes_over_as_it_was(void **state)
{
	struct transport_home home = {.self = HOPS[0], .self_also = SELF, .interface = 70000};
	struct helper_record record;
	struct message message;
	(void)state;

	begin(&message);
	helper_wire_move(&message.w, &home);
	assert_whole_only(&message, HELPER_MOVE, helper_wire_at_helper, helper_wire_at_client);

	(void)read_first(&message, message.w.pos, helper_wire_at_helper, &record);
	assert_true(addr_equal(&record.is.home.self, &HOPS[0]));
	assert_true(addr_equal(&record.is.home.self_also, &SELF));
	assert_false(addr_is_set(&record.is.home.self_other));
	assert_int_equal(record.is.home.interface, 70000);
}

static void test_a_walk_comes_over_leg_by_leg(void **state)
{
	struct helper_record record;
	struct message message;
	struct walk walk;
	(void)state;

	assert_true(walk_retrace(&SELF, HOPS, 2, INNER_SOURCE_HOP, &walk));
	walk.leg[1].ttl = 3;
	begin(&message);
	helper_wire_walk(&message.w, 5, &walk);
	assert_whole_only(&message, HELPER_WALK, helper_wire_at_helper, helper_wire_at_client);

	(void)read_first(&message, message.w.pos, helper_wire_at_helper, &record);
	assert_int_equal(record.slot, 5);
	assert_int_equal(record.walk.kind, WALK_RETRACE);
	assert_int_equal(record.walk.depth, 2);
	assert_int_equal(record.walk.leg_count, 4);
	assert_memory_equal(record.walk.leg, walk.leg, 4 * sizeof walk.leg[0]);
}

static void test_a_walk_beyond_its_bounds_is_bad(void **state)
{
	static const struct {size_t at; uint8_t value;} bad[] = {
		{1, 0xff}, {3, WALK_KIND_COUNT}, {5, 0}, {5, LEG_MAX + 1}};
	struct walk walk = walk_to(&SELF, &HOPS[0], 1);
	struct helper_record record;
	struct message message;
	(void)state;

	for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
		begin(&message);
		helper_wire_walk(&message.w, 0, &walk);
		wcursor_zero(&message.w, (LEG_MAX + 1) * 9);
		message.bytes[bad[i].at] = bad[i].value;
		assert_int_equal(read_first(&message, message.w.pos, helper_wire_at_helper, &record),
			HELPER_BAD);
	}
}

static void test_a_probe_comes_over_and_the_next_one_behind_it(void **state)
{
	struct probe_spec spec = {.seq = 0xfffffffe, .size_bytes = 152, .sport = 1, .dport = 2,
		.tos = 184, .carried = CARRIED_ECHO};
	struct helper_record record;
	struct message message;
	struct cursor c;
	(void)state;

	begin(&message);
	helper_wire_probe(&message.w, 17, &spec);
	assert_whole_only(&message, HELPER_PROBE, helper_wire_at_helper, helper_wire_at_client);
	helper_wire_ask(&message.w);

	c = cursor_of(message.bytes, message.w.pos);
	assert_int_equal(helper_wire_at_helper(&c, &record), HELPER_PROBE);
	assert_int_equal(record.is.probe.slot, 17);
	assert_int_equal(record.is.probe.seq, 0xfffffffe);
	assert_int_equal(record.is.probe.size_bytes, 152);
	assert_int_equal(record.is.probe.sport, 1);
	assert_int_equal(record.is.probe.dport, 2);
	assert_int_equal(record.is.probe.tos, 184);
	assert_int_equal(record.is.probe.carried, CARRIED_ECHO);
	assert_int_equal(helper_wire_at_helper(&c, &record), HELPER_ASK);
	assert_int_equal(helper_wire_at_helper(&c, &record), HELPER_END);
}

static void test_a_refusal_is_shown_as_plain_text(void **state)
{
	struct helper_record record;
	struct message message;
	struct err err = {.code = ERR_LIMIT, .text = "no\x1b[2J"};
	(void)state;

	begin(&message);
	helper_wire_refused(&message.w, &err);
	assert_whole_only(&message, HELPER_REFUSED, helper_wire_at_client, helper_wire_at_helper);

	(void)read_first(&message, message.w.pos, helper_wire_at_client, &record);
	assert_int_equal(record.is.refused.code, ERR_LIMIT);
	assert_string_equal(record.is.refused.text, "no?[2J");
}

static void test_packets_and_what_else_the_helper_tells_come_over(void **state)
{
	const uint8_t bytes[] = {1, 2, 3};
	struct helper_record record;
	struct message message;
	(void)state;

	begin(&message);
	helper_wire_packet(&message.w, &(struct capture_packet){1700000000123456789, bytes, 3, 6});
	assert_whole_only(&message, HELPER_PACKET, helper_wire_at_client, helper_wire_at_helper);
	(void)read_first(&message, message.w.pos, helper_wire_at_client, &record);
	assert_int_equal(record.is.packet.realtime, 1700000000123456789);
	assert_int_equal(record.is.packet.len, 3);
	assert_memory_equal(record.is.packet.bytes, bytes, 3);
	assert_int_equal(record.is.packet.interface, 6);

	begin(&message);
	helper_wire_unsent(&message.w, &(struct helper_unsent){9, 101});
	assert_whole_only(&message, HELPER_UNSENT, helper_wire_at_client, helper_wire_at_helper);
	(void)read_first(&message, message.w.pos, helper_wire_at_client, &record);
	assert_int_equal(record.is.unsent.seq, 9);
	assert_int_equal(record.is.unsent.sys, 101);

	begin(&message);
	helper_wire_counts(&message.w, &(struct helper_counts){0x0102030405060708, 2, 3});
	assert_whole_only(&message, HELPER_COUNTS, helper_wire_at_client, helper_wire_at_helper);
	(void)read_first(&message, message.w.pos, helper_wire_at_client, &record);
	assert_int_equal(record.is.counts.rx_dropped, 0x0102030405060708);
	assert_int_equal(record.is.counts.foreign, 2);
	assert_int_equal(record.is.counts.forged, 3);

	begin(&message);
	helper_wire_ready(&message.w, 33001);
	assert_whole_only(&message, HELPER_READY, helper_wire_at_client, helper_wire_at_helper);
	(void)read_first(&message, message.w.pos, helper_wire_at_client, &record);
	assert_int_equal(record.is.ready.version, HELPER_VERSION);
	assert_int_equal(record.is.ready.port, 33001);

	begin(&message);
	helper_wire_gap(&message.w);
	assert_whole_only(&message, HELPER_GAP, helper_wire_at_client, helper_wire_at_helper);
}

static void test_impossible_stamps_and_errors_are_bad(void **state)
{
	struct helper_record record;
	struct message message;
	(void)state;

	begin(&message);
	helper_wire_packet(&message.w, &(struct capture_packet){-1, message.bytes, 0, 0});
	assert_int_equal(read_first(&message, message.w.pos, helper_wire_at_client, &record),
		HELPER_BAD);
	begin(&message);
	helper_wire_unsent(&message.w, &(struct helper_unsent){1, 0});
	assert_int_equal(read_first(&message, message.w.pos, helper_wire_at_client, &record),
		HELPER_BAD);
}

static void test_room_is_enough_for_the_largest_walk_and_its_probe(void **state)
{
	struct probe_spec spec = {0};
	struct walk walk = {.leg_count = LEG_MAX};
	struct message message;
	(void)state;

	begin(&message);
	while (helper_wire_has_room(&message.w, sizeof walk.leg)) {
		helper_wire_walk(&message.w, 0, &walk);
		helper_wire_probe(&message.w, 0, &spec);
	}
	assert_false(message.w.failed);
}

static void test_a_bounce_comes_over_with_its_way(void **state)
{
	struct walk walk = walk_bounce(&SELF, &HOPS[1], &HOPS[0]);
	struct helper_record record;
	struct message message;
	(void)state;

	begin(&message);
	helper_wire_walk(&message.w, 3, &walk);
	assert_whole_only(&message, HELPER_WALK, helper_wire_at_helper, helper_wire_at_client);

	assert_int_equal(read_first(&message, message.w.pos, helper_wire_at_helper, &record),
		HELPER_WALK);
	assert_int_equal(record.walk.kind, WALK_BOUNCE);
	assert_true(addr_equal(&record.walk.towards, &HOPS[1]));
	assert_true(addr_equal(&record.walk.by, &HOPS[0]));
	assert_true(addr_equal(&record.walk.leg[0].dst, &SELF));
	assert_int_equal(record.walk.leg[0].ttl, 255);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_a_hello_comes_over_as_it_was),
		cmocka_unit_test(test_a_hello_of_another_version_says_only_that),
		cmocka_unit_test(test_a_move_comes_over_as_it_was),
		cmocka_unit_test(test_a_walk_comes_over_leg_by_leg),
		cmocka_unit_test(test_a_walk_beyond_its_bounds_is_bad),
		cmocka_unit_test(test_a_probe_comes_over_and_the_next_one_behind_it),
		cmocka_unit_test(test_a_refusal_is_shown_as_plain_text),
		cmocka_unit_test(test_packets_and_what_else_the_helper_tells_come_over),
		cmocka_unit_test(test_impossible_stamps_and_errors_are_bad),
		cmocka_unit_test(test_room_is_enough_for_the_largest_walk_and_its_probe),
		cmocka_unit_test(test_a_bounce_comes_over_with_its_way),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
