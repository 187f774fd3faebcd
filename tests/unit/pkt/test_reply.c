/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "pkt/reply.h"

#include "pkt/cksum.h"
#include "pkt/probe_wire.h"
#include "pkt/tcp.h"
#include "support/check.h"
#include "support/retrace.h"

static const struct addr SELF = {ADDR_V4, {10, 0, 1, 1}};
static const struct addr HOPS[2] = {{ADDR_V4, {10, 0, 1, 2}}, {ADDR_V4, {10, 0, 2, 2}}};
static const struct reply_context CONTEXT = {.self = {ADDR_V4, {10, 0, 1, 1}}, .port = 4001,
	.echo_id = 4000};

struct packet {
	uint8_t bytes[1024];
	size_t len;
};

static struct packet probe(enum carried carried)
{
	struct siphash_key key = {1, 2};
	struct packet packet;
	struct ident ident;
	struct walk walk = walk_to(&SELF, &HOPS[1], 3);

	ident_init(&ident, &key);
	if (carried == CARRIED_UDP) {
		assert_true(walk_retrace(&SELF, HOPS, 2, INNER_SOURCE_HOP, &walk));
	}
	packet.len = probe_wire_build(&(struct probe_spec){.walk = &walk, .seq = 0x54321,
		.size_bytes = 120, .sport = 4000, .dport = 4001, .carried = carried}, &ident,
		packet.bytes, sizeof packet.bytes);
	assert_int_equal(packet.len, 120);
	return packet;
}

/* The boomerang as it comes home: only its last leg is left. */
static struct packet returned(void)
{
	struct packet whole = probe(CARRIED_UDP), packet = {.len = 60};

	memcpy(packet.bytes, whole.bytes + 60, 60);
	return packet;
}

static struct packet echo_reply(void)
{
	struct packet packet = probe(CARRIED_ECHO);
	struct cursor c = cursor_of(packet.bytes, packet.len);
	struct wcursor w = wcursor_of(packet.bytes, packet.len);
	struct ip_header h;

	assert_true(ip4_read(&c, &h));
	h.src = HOPS[1];
	h.dst = SELF;
	ip4_write(&w, &h);
	packet.bytes[20] = ICMP_ECHO_REPLY;
	put_be16(packet.bytes + 22, 0);
	put_be16(packet.bytes + 22, cksum_of(packet.bytes + 20, packet.len - 20));
	return packet;
}

/* An ICMP error from the first hop that quotes `quoted` bytes of a probe. */
static struct packet error(const struct packet *of, uint8_t type, uint8_t code, size_t quoted)
{
	struct packet packet = {.len = 28 + quoted};
	struct wcursor w = wcursor_of(packet.bytes, sizeof packet.bytes);

	ip4_write(&w, &(struct ip_header){.src = HOPS[0], .dst = SELF, .ttl = 60,
		.total_bytes = (uint16_t)packet.len, .protocol = IP_PROTO_ICMP});
	icmp_write(&w, &(struct icmp_header){.type = type, .code = code, .seq = 1400});
	wcursor_bytes(&w, of->bytes, quoted);
	put_be16(packet.bytes + 22, cksum_of(packet.bytes + 20, 8 + quoted));
	return packet;
}

static struct reply decoded(const struct packet *packet)
{
	struct reply reply;

	assert_int_equal(reply_decode(packet->bytes, packet->len, &CONTEXT, &reply), DECODE_OK);
	return reply;
}

static void test_our_probe_is_known_on_its_way_out(void **state)
{
	struct packet nested = probe(CARRIED_UDP), echo = probe(CARRIED_ECHO);
	struct reply reply = decoded(&nested);
	(void)state;

	assert_int_equal(reply.kind, REPLY_SENT);
	assert_true(reply.ids.next_is_ip);
	assert_int_equal(reply.ids.outer_id, get_be16(nested.bytes + 4));
	assert_int_equal(reply.ids.next, get_be16(nested.bytes + 24));
	reply = decoded(&echo);
	assert_int_equal(reply.kind, REPLY_SENT);
	assert_int_equal(reply.ids.next, get_be16(echo.bytes + 26));
}

static void test_a_boomerang_that_came_home_shows_its_token(void **state)
{
	struct packet packet = returned();
	struct reply reply = decoded(&packet);
	(void)state;

	assert_int_equal(reply.kind, REPLY_RETURN);
	assert_true(reply.has_token);
	assert_int_equal(reply.token_seq, 0x54321);
	assert_int_equal(reply.token_depth, 2);
	assert_int_equal(reply.token_kind, WALK_RETRACE);
}

static void test_an_echo_reply_shows_its_token(void **state)
{
	struct packet packet = echo_reply();
	struct reply reply = decoded(&packet);
	(void)state;

	assert_int_equal(reply.kind, REPLY_ECHO);
	assert_int_equal(reply.token_seq, 0x54321);
	assert_true(addr_equal(&reply.from, &HOPS[1]));
}

static void test_an_error_with_28_quoted_bytes_is_enough(void **state)
{
	struct packet whole = probe(CARRIED_UDP), packet = error(&whole, 3, 4, 28);
	struct reply reply = decoded(&packet);
	(void)state;

	assert_int_equal(reply.kind, REPLY_ERROR);
	assert_true(reply.has_ids);
	assert_int_equal(reply.ids.total_bytes, 120);
	assert_int_equal(reply.icmp_mtu, 1400);
	assert_true(addr_equal(&reply.quoted.dst, &HOPS[0]));
	assert_int_equal(reply.rx_ttl, 60);
}

/* What a translator rewrites stands in the quote as it was when it was quoted. */
static void test_a_quote_shows_ports_and_sum_of_what_it_carries(void **state)
{
	struct packet whole = probe(CARRIED_UDP), packet;
	uint8_t *udp = whole.bytes + 80;
	struct reply reply;
	(void)state;

	put_be16(udp, 1044);
	put_be16(udp + 6, 0xbeef);
	packet = error(&whole, 11, 0, whole.len);
	reply = decoded(&packet);
	assert_true(reply.has_quoted_ports);
	assert_int_equal(reply.quoted_sport, 1044);
	assert_true(reply.has_quoted_sum);
	assert_int_equal(reply.quoted_sum, 0xbeef);

	/* Eight bytes of the second header: what is carried is not seen. */
	packet = error(&whole, 11, 0, 28);
	reply = decoded(&packet);
	assert_false(reply.has_quoted_ports);
	assert_false(reply.has_quoted_sum);
	/* An echo has neither. */
	whole = probe(CARRIED_ECHO);
	packet = error(&whole, 11, 0, 48);
	reply = decoded(&packet);
	assert_false(reply.has_quoted_ports);
	assert_false(reply.has_quoted_sum);
}

static const struct reply_context BY_TCP = {.self = {ADDR_V4, {10, 0, 1, 1}}, .port = 4001,
	.echo_id = 4000, .to_carried = CARRIED_TCP, .to_port = 80, .to_source_port = 4001};

static struct packet syn(void)
{
	struct siphash_key key = {1, 2};
	struct packet packet;
	struct ident ident;
	struct walk walk = walk_to(&SELF, &HOPS[1], 3);

	ident_init(&ident, &key);
	packet.len = probe_wire_build(&(struct probe_spec){.walk = &walk, .seq = 0x54321,
		.size_bytes = 40, .sport = 4001, .dport = 80, .carried = CARRIED_TCP}, &ident,
		packet.bytes, sizeof packet.bytes);
	assert_int_equal(packet.len, 40);
	return packet;
}

/* What is said to `to`, with an acknowledgement that is off by `more`. */
static struct packet tcp_answer(const struct packet *to, uint8_t flags, uint8_t more)
{
	struct packet packet = {.len = 40};
	struct wcursor w = wcursor_of(packet.bytes, sizeof packet.bytes);
	struct cursor c = cursor_of(to->bytes + 20, 20);
	struct tcp_header asked;

	assert_true(tcp_read(&c, &asked));
	ip4_write(&w, &(struct ip_header){.src = HOPS[1], .dst = SELF, .ttl = 60,
		.total_bytes = 40, .protocol = IP_PROTO_TCP});
	tcp_write(&w, &(struct tcp_header){.sport = asked.dport, .dport = asked.sport,
		.ack = asked.seq + 1 + more, .flags = flags});
	put_be16(packet.bytes + 36, cksum_end(cksum_add(
		cksum_pseudo(&HOPS[1], &SELF, IP_PROTO_TCP, 20), packet.bytes + 20, 20)));
	return packet;
}

static void test_a_syn_its_answers_and_its_shortest_quote_show_one_identity(void **state)
{
	struct packet asked = syn();
	struct packet seen[] = {asked, tcp_answer(&asked, TCP_SYN | TCP_ACK, 0),
		tcp_answer(&asked, TCP_RST | TCP_ACK, 0), error(&asked, 11, 0, 28)};
	static const enum reply_kind kinds[] = {REPLY_SENT, REPLY_TCP, REPLY_TCP, REPLY_ERROR};
	(void)state;

	for (size_t i = 0; i < 4; i++) {
		struct reply reply;

		assert_int_equal(reply_decode(seen[i].bytes, seen[i].len, &BY_TCP, &reply), DECODE_OK);
		assert_int_equal(reply.kind, kinds[i]);
		assert_false(reply.ids.next_is_ip);
		assert_int_equal(reply.ids.outer_id, get_be16(asked.bytes + 4));
		assert_int_equal(reply.ids.next, get_be16(asked.bytes + 24));
	}
}

/* As a capture on veth shows it: the card that is none has the sum still to make. */
static void test_an_answer_whose_sum_is_not_made_yet_is_whole(void **state)
{
	struct packet asked = syn(), answer = tcp_answer(&asked, TCP_SYN | TCP_ACK, 0);
	struct reply reply;
	(void)state;

	/* 0a00 + 0202, 0a00 + 0101, 6 and 20. */
	put_be16(answer.bytes + 36, 0x1703 + 6 + 20);
	assert_int_equal(reply_decode(answer.bytes, 40, &BY_TCP, &reply), DECODE_OK);
	assert_int_equal(reply.flaw, FLAW_NONE);
	put_be16(answer.bytes + 36, 0x1703 + 6 + 21);
	assert_int_equal(reply_decode(answer.bytes, 40, &BY_TCP, &reply), DECODE_OK);
	assert_int_equal(reply.flaw, FLAW_CHECKSUM);
}

static void test_what_only_looks_like_an_answer_to_a_syn_is_not_taken_for_one(void **state)
{
	struct packet asked = syn(), other = tcp_answer(&asked, TCP_ACK, 0);
	struct reply reply;
	(void)state;

	assert_int_equal(reply_decode(other.bytes, 40, &BY_TCP, &reply), DECODE_FOREIGN);
	other = tcp_answer(&asked, TCP_SYN, 0);
	assert_int_equal(reply_decode(other.bytes, 40, &BY_TCP, &reply), DECODE_FOREIGN);
	other = tcp_answer(&asked, TCP_SYN | TCP_ACK, 0);
	assert_int_equal(reply_decode(other.bytes, 40, &CONTEXT, &reply), DECODE_FOREIGN);
	for (size_t bit = 8 * 20; bit < 8 * 40; bit++) {
		other.bytes[bit / 8] ^= (uint8_t)(1u << bit % 8);
		assert_true(reply_decode(other.bytes, 40, &BY_TCP, &reply) != DECODE_OK ||
			reply.flaw == FLAW_CHECKSUM);
		other.bytes[bit / 8] ^= (uint8_t)(1u << bit % 8);
	}
	for (size_t cut = 0; cut < 40; cut++) {
		assert_int_not_equal(reply_decode(other.bytes, cut, &BY_TCP, &reply), DECODE_OK);
	}
}

static void test_every_cut_is_no_reply_or_a_damaged_one(void **state)
{
	struct packet whole = probe(CARRIED_UDP);
	struct packet packets[] = {returned(), echo_reply(), error(&whole, 11, 0, 64), whole};
	(void)state;

	for (size_t p = 0; p < 4; p++) {
		for (size_t cut = 0; cut < packets[p].len; cut++) {
			struct reply reply = {.token_seq = 99};
			uint8_t *exact = malloc(cut == 0 ? 1 : cut);

			memcpy(exact, packets[p].bytes, cut);
			if (reply_decode(exact, cut, &CONTEXT, &reply) == DECODE_OK) {
				assert_int_equal(reply.flaw, FLAW_CUT);
				assert_true(reply_is_damaged(&reply));
			} else {
				assert_int_equal(reply.token_seq, 99);
			}
			free(exact);
		}
	}
}

static void test_every_flipped_bit_of_a_payload_is_told(void **state)
{
	struct packet packet = returned();
	struct reply reply;
	(void)state;

	for (size_t bit = 8 * 28; bit < 8 * packet.len; bit++) {
		packet.bytes[bit / 8] ^= (uint8_t)(1u << bit % 8);
		assert_true(reply_decode(packet.bytes, packet.len, &CONTEXT, &reply) != DECODE_OK ||
			reply.flaw == FLAW_CHECKSUM);
		packet.bytes[bit / 8] ^= (uint8_t)(1u << bit % 8);
	}
}

static void test_other_peoples_packets_are_foreign(void **state)
{
	struct packet packet = returned(), echo = echo_reply();
	struct reply_context other_port = CONTEXT, other_echo = CONTEXT;
	struct reply reply;
	(void)state;

	other_port.port = 4002;
	assert_int_equal(reply_decode(packet.bytes, packet.len, &other_port, &reply), DECODE_FOREIGN);
	other_echo.echo_id = 1;
	assert_int_equal(reply_decode(echo.bytes, echo.len, &other_echo, &reply), DECODE_FOREIGN);
}

/* No sum covers the first one alone; those behind it say nothing. */
static void test_a_first_fragment_is_a_reply_and_later_ones_are_not(void **state)
{
	struct packet packet = echo_reply();
	struct reply reply;
	(void)state;

	put_be16(packet.bytes + 6, 0x2000);
	put_be16(packet.bytes + 22, 0);
	assert_int_equal(reply_decode(packet.bytes, packet.len, &CONTEXT, &reply), DECODE_OK);
	assert_int_equal(reply.flaw, FLAW_FRAGMENT);
	assert_false(reply_is_damaged(&reply));
	assert_int_equal(reply.token_seq, 0x54321);
	assert_int_equal(reply.bytes, packet.len);
	put_be16(packet.bytes + 6, 0x0001);
	assert_int_equal(reply_decode(packet.bytes, packet.len, &CONTEXT, &reply), DECODE_FRAGMENT);
}

static void test_padding_of_the_link_is_not_part_of_the_packet(void **state)
{
	struct packet packet = returned();
	struct reply reply;
	(void)state;

	assert_int_equal(reply_decode(packet.bytes, packet.len + 14, &CONTEXT, &reply), DECODE_OK);
	assert_true(reply.has_token);
}

static void test_an_error_about_another_instance_is_foreign_where_its_port_is_quoted(void **state)
{
	struct reply_context other = CONTEXT;
	struct packet nested = probe(CARRIED_UDP);
	struct packet whole = error(&nested, ICMP_TIME_EXCEEDED, 0, nested.len);
	struct packet least = error(&nested, ICMP_TIME_EXCEEDED, 0, 28);
	struct reply reply;
	(void)state;

	other.port++;
	assert_int_equal(reply_decode(whole.bytes, whole.len, &CONTEXT, &reply), DECODE_OK);
	assert_int_equal(reply_decode(whole.bytes, whole.len, &other, &reply), DECODE_FOREIGN);
	assert_int_equal(reply_decode(least.bytes, least.len, &other, &reply), DECODE_OK);
}

static const struct addr SELF6 = {ADDR_V6, {0x20, 1, 0xd, 0xb8, [15] = 1}};

static struct packet bounce(const struct addr *self, uint8_t ttl)
{
	struct siphash_key key = {1, 2};
	struct packet packet;
	struct ident ident;
	struct walk walk = walk_bounce(self, self, self);

	ident_init(&ident, &key);
	walk.leg[0].ttl = ttl;
	packet.len = probe_wire_build(&(struct probe_spec){.walk = &walk, .seq = 0x54321,
		.size_bytes = 120, .sport = 4000, .dport = 4001, .carried = CARRIED_UDP}, &ident,
		packet.bytes, sizeof packet.bytes);
	assert_int_equal(packet.len, 120);
	return packet;
}

static struct reply_context context_of(const struct addr *self)
{
	struct reply_context context = CONTEXT;

	context.self = *self;
	return context;
}

static void test_a_bounce_leaves_with_all_hops_and_comes_home_with_fewer(void **state)
{
	const struct addr *const selves[] = {&SELF, &SELF6};
	struct reply reply;
	(void)state;

	for (size_t i = 0; i < 2; i++) {
		struct reply_context context = context_of(selves[i]);
		struct packet leaving = bounce(selves[i], 255), home = bounce(selves[i], 254);

		assert_int_equal(reply_decode(leaving.bytes, leaving.len, &context, &reply), DECODE_OK);
		assert_int_equal(reply.kind, REPLY_SENT);
		assert_int_equal(reply.token_seq, 0x54321);
		assert_int_equal(reply_decode(home.bytes, home.len, &context, &reply), DECODE_OK);
		assert_int_equal(reply.kind, REPLY_RETURN);
		assert_int_equal(reply.token_kind, WALK_BOUNCE);
		assert_int_equal(reply.flaw, FLAW_NONE);
	}
}

/* RFC 792 has the better router's address, which is no length of the quote. */
static void test_a_redirect_shows_what_it_is_about(void **state)
{
	struct packet leaving = bounce(&SELF, 255), redirect = error(&leaving, ICMP_REDIRECT, 1, 100);
	struct reply reply = decoded(&redirect), shortest;
	(void)state;

	assert_int_equal(reply.kind, REPLY_REDIRECT);
	assert_true(reply.has_token);
	assert_int_equal(reply.token_seq, 0x54321);
	redirect = error(&leaving, ICMP_REDIRECT, 1, 28);
	shortest = decoded(&redirect);
	assert_int_equal(shortest.kind, REPLY_REDIRECT);
	assert_true(shortest.has_ids && !shortest.has_token);
}

/* RFC 4861, 4.5: the quote is an option, with or without the link address before it. */
static void test_a_redirect_of_ipv6_is_found_among_its_options(void **state)
{
	struct packet leaving = bounce(&SELF6, 255);
	struct reply_context context = context_of(&SELF6);
	(void)state;

	for (size_t before = 0; before <= 8; before += 8) {
		size_t option = 8 + leaving.len, total = 40 + 8 + 32 + before + option;
		struct packet packet = {.len = total};
		struct wcursor w = wcursor_of(packet.bytes, sizeof packet.bytes);
		struct reply reply;

		ip_write(&w, &(struct ip_header){.src = {ADDR_V6, {0xfe, 0x80, [15] = 1}}, .dst = SELF6,
			.ttl = 255, .total_bytes = (uint32_t)total, .protocol = IP_PROTO_ICMPV6});
		icmp_write(&w, &(struct icmp_header){.type = ICMP6_REDIRECT});
		wcursor_zero(&w, 32);
		for (size_t i = 0; i < before; i++) {
			wcursor_u8(&w, i == 0 ? 2 : i == 1 ? 1 : 0xaa);
		}
		wcursor_u8(&w, 4);
		wcursor_u8(&w, (uint8_t)(option / 8));
		wcursor_zero(&w, 6);
		wcursor_bytes(&w, leaving.bytes, leaving.len);
		for (size_t len = 0; len < total; len++) {
			enum decode_result result = reply_decode(packet.bytes, len, &context, &reply);

			assert_true(result != DECODE_OK || reply.flaw != FLAW_NONE);
		}
		assert_int_equal(reply_decode(packet.bytes, total, &context, &reply), DECODE_OK);
		assert_int_equal(reply.kind, REPLY_REDIRECT);
		assert_int_equal(reply.token_seq, 0x54321);
		packet.bytes[40 + 8 + 32 + 1] = 0; /* an option that is no bytes long */
		assert_int_equal(reply_decode(packet.bytes, total, &context, &reply), DECODE_TRUNCATED);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_our_probe_is_known_on_its_way_out),
		cmocka_unit_test(test_a_boomerang_that_came_home_shows_its_token),
		cmocka_unit_test(test_an_echo_reply_shows_its_token),
		cmocka_unit_test(
			test_an_error_about_another_instance_is_foreign_where_its_port_is_quoted),
		cmocka_unit_test(test_an_error_with_28_quoted_bytes_is_enough),
		cmocka_unit_test(test_a_quote_shows_ports_and_sum_of_what_it_carries),
		cmocka_unit_test(test_a_syn_its_answers_and_its_shortest_quote_show_one_identity),
		cmocka_unit_test(test_an_answer_whose_sum_is_not_made_yet_is_whole),
		cmocka_unit_test(test_what_only_looks_like_an_answer_to_a_syn_is_not_taken_for_one),
		cmocka_unit_test(test_every_cut_is_no_reply_or_a_damaged_one),
		cmocka_unit_test(test_every_flipped_bit_of_a_payload_is_told),
		cmocka_unit_test(test_other_peoples_packets_are_foreign),
		cmocka_unit_test(test_a_first_fragment_is_a_reply_and_later_ones_are_not),
		cmocka_unit_test(test_padding_of_the_link_is_not_part_of_the_packet),
		cmocka_unit_test(test_a_bounce_leaves_with_all_hops_and_comes_home_with_fewer),
		cmocka_unit_test(test_a_redirect_shows_what_it_is_about),
		cmocka_unit_test(test_a_redirect_of_ipv6_is_found_among_its_options),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
