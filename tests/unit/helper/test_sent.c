/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "helper/sent.h"

#include "base/rng.h"
#include "pkt/cksum.h"
#include "pkt/tcp.h"
#include "support/check.h"
#include "support/retrace.h"

/*
 * The asker has chosen his ports and his identifier so that another user's packets have them: the
 * source ports alone, which are bound, are his own.
 */
static const struct addr SELF = {ADDR_V4, {10, 0, 1, 1}};
static const struct addr SELF6 = {ADDR_V6, {0x20, 1, 0xd, 0xb8, [15] = 1}};
static const struct addr HOPS[2] = {{ADDR_V4, {10, 0, 1, 2}}, {ADDR_V4, {10, 0, 2, 2}}};
static const struct addr FAR = {ADDR_V4, {192, 0, 2, 9}};
static const struct addr FAR6 = {ADDR_V6, {0x20, 1, 0xd, 0xb8, 9, [15] = 9}};
enum { SINK = 33001, SOURCE = 40000, ECHO_ID = 77, TO_TCP = 443, TO_UDP = 53, THEIR_PORT = 52000 };

static const struct reply_context CONTEXT = {.self = {ADDR_V4, {10, 0, 1, 1}},
	.self_other = {ADDR_V6, {0x20, 1, 0xd, 0xb8, [15] = 1}}, .port = SINK, .echo_id = ECHO_ID,
	.to_carried = CARRIED_TCP, .to_port = TO_TCP, .to_source_port = SOURCE, .other_port = TO_UDP};

struct packet {
	uint8_t bytes[1280];
	size_t len;
};

struct user {
	struct ident ident;
	struct sent *sent;
};

static void begin(struct user *user, uint64_t key)
{
	ident_init(&user->ident, &(struct siphash_key){key, 2});
	user->sent = sent_create(&user->ident, 1000);
}

static struct probe_spec spec_of(const struct walk *walk, enum carried carried, uint32_t seq)
{
	struct probe_spec spec = {.walk = walk, .seq = seq, .size_bytes = 200, .carried = carried};

	if (carried == CARRIED_TCP) {
		spec.size_bytes = (uint16_t)probe_wire_tcp_bytes(walk_stack_bytes(walk));
		spec.sport = SOURCE + 3;
		spec.dport = TO_TCP;
	} else if (carried == CARRIED_ECHO) {
		spec.sport = ECHO_ID;
	} else {
		spec.sport = walk->leg_count > 1 ? SINK : SOURCE;
		spec.dport = walk->leg_count > 1 ? SINK : TO_UDP;
	}
	return spec;
}

/* As it leaves; noted where `has_sent`. */
static struct packet probe(struct user *user, const struct probe_spec *spec, bool has_sent)
{
	struct packet packet;

	packet.len = probe_wire_build(spec, &user->ident, packet.bytes, sizeof packet.bytes);
	assert_int_equal(packet.len, spec->size_bytes);
	if (has_sent) {
		sent_note(user->sent, spec);
	}
	return packet;
}

static struct packet in_ip(const struct addr *from, const struct addr *to, uint8_t protocol,
	const uint8_t *bytes, size_t len)
{
	struct packet packet;
	struct wcursor w = wcursor_of(packet.bytes, sizeof packet.bytes);

	packet.len = ip_header_bytes(from->family) + len;
	ip_write(&w, &(struct ip_header){.src = *from, .dst = *to, .ttl = 60, .protocol = protocol,
		.total_bytes = (uint32_t)packet.len});
	wcursor_bytes(&w, bytes, len);
	assert_false(w.failed);
	return packet;
}

/* An error about `of` that quotes so much of it. */
static struct packet error(const struct addr *from, const struct packet *of, size_t quoted)
{
	bool is_v6 = from->family == ADDR_V6;
	uint8_t message[1280] = {is_v6 ? ICMP6_TIME_EXCEEDED : ICMP_TIME_EXCEEDED};

	quoted = quoted < of->len ? quoted : of->len;
	memcpy(message + 8, of->bytes, quoted);
	return in_ip(from, is_v6 ? &SELF6 : &SELF, is_v6 ? IP_PROTO_ICMPV6 : IP_PROTO_ICMP, message,
		8 + quoted);
}

static struct packet segment(const struct addr *from, const struct addr *to,
	const struct tcp_header *h)
{
	uint8_t bytes[TCP_HEADER_BYTES];
	struct wcursor w = wcursor_of(bytes, sizeof bytes);

	tcp_write(&w, h);
	return in_ip(from, to, IP_PROTO_TCP, bytes, sizeof bytes);
}

static struct packet echo_reply(const struct addr *from, const struct packet *of, size_t len)
{
	uint8_t message[1280];

	memcpy(message, of->bytes + 20, len);
	message[0] = ICMP_ECHO_REPLY;
	return in_ip(from, &SELF, IP_PROTO_ICMP, message, len);
}

static bool is_own(const struct user *user, const struct packet *packet)
{
	struct reply reply;

	return reply_decode(packet->bytes, packet->len, &CONTEXT, &reply) == DECODE_OK &&
	       sent_is_own(user->sent, packet->bytes, packet->len, &reply);
}

static struct walk retrace(void)
{
	struct walk walk;

	assert_true(walk_retrace(&SELF, HOPS, 2, INNER_SOURCE_HOP, &walk));
	return walk;
}

/* All that a probe and its replies are, for the session that sent it and for another one. */
static void check_probe(const struct walk *walk, enum carried carried)
{
	const struct addr *hop = walk->leg[0].src.family == ADDR_V6 ? &FAR6 : &HOPS[0];
	struct user user, other;
	struct probe_spec spec = spec_of(walk, carried, 0x54321);
	struct packet leaving, errors[2];
	size_t shortest = ip_header_bytes(walk->leg[0].src.family) + 8;

	begin(&user, 1);
	begin(&other, 99);
	leaving = probe(&user, &spec, true);
	assert_true(is_own(&user, &leaving));
	assert_false(is_own(&other, &leaving));
	/* As the whole probe is quoted, and as the least that must be; IPv6 has nothing in that. */
	errors[0] = error(hop, &leaving, 1000);
	errors[1] = error(hop, &leaving, shortest);
	for (size_t i = 0; i < (walk->leg[0].src.family == ADDR_V4 ? 2 : 1); i++) {
		assert_true(is_own(&user, &errors[i]));
		assert_false(is_own(&other, &errors[i]));
		/* Nor if the other one has sent one of this number, from this port, to the same. */
		sent_note(other.sent, &spec);
		assert_false(is_own(&other, &errors[i]));
	}
	sent_destroy(user.sent);
	sent_destroy(other.sent);
}

static void test_a_probe_and_what_quotes_it_is_its_session_s_alone(void **state)
{
	struct walk nested = retrace(), to = walk_to(&SELF, &FAR, 5), to6 = walk_to(&SELF6, &FAR6, 5);
	(void)state;

	check_probe(&nested, CARRIED_UDP);
	for (int carried = 0; carried < CARRIED_COUNT; carried++) {
		check_probe(&to, (enum carried)carried);
		check_probe(&to6, (enum carried)carried);
	}
}

static void test_a_boomerang_that_came_home_is_its_session_s(void **state)
{
	struct walk walk = retrace();
	struct probe_spec spec = spec_of(&walk, CARRIED_UDP, 7);
	struct packet home, whole;
	struct user user, other;
	(void)state;

	begin(&user, 1);
	begin(&other, 99);
	whole = probe(&user, &spec, true);
	home.len = whole.len - 60;
	memcpy(home.bytes, whole.bytes + 60, home.len);
	assert_true(is_own(&user, &home));
	assert_false(is_own(&other, &home));
	home.bytes[20 + 8 + 16] ^= 1;
	assert_false(is_own(&user, &home));
	sent_destroy(user.sent);
	sent_destroy(other.sent);
}

static void test_an_echo_reply_is_known_by_its_token_or_by_whom_it_is_from(void **state)
{
	struct walk walk = walk_to(&SELF, &FAR, 64);
	struct probe_spec spec = spec_of(&walk, CARRIED_ECHO, 70000);
	struct packet leaving, whole, bare, others, beyond;
	struct user user, other;
	(void)state;

	begin(&user, 1);
	begin(&other, 99);
	leaving = probe(&user, &spec, true);
	whole = echo_reply(&FAR, &leaving, leaving.len - 20);
	bare = echo_reply(&FAR, &leaving, 8);
	others = echo_reply(&HOPS[1], &leaving, 8);
	beyond = bare;
	put_be16(beyond.bytes + 26, ident_encipher(&user.ident, (uint16_t)(70000 + 1)));
	assert_true(is_own(&user, &whole));
	assert_true(is_own(&user, &bare));
	assert_false(is_own(&user, &others));
	assert_false(is_own(&user, &beyond));
	assert_false(is_own(&other, &whole));
	assert_false(is_own(&other, &bare));
	sent_destroy(user.sent);
	sent_destroy(other.sent);
}

/* Both initial sequence numbers of a connection are what a stranger off the path must not know. */
static void test_of_handshakes_only_what_answers_our_syn_is_ours(void **state)
{
	struct walk walk = walk_to(&SELF, &FAR, 64);
	struct probe_spec spec = spec_of(&walk, CARRIED_TCP, 70000);
	struct packet leaving, answer, reset, from_other, to_other_port, syn, syn_ack;
	struct tcp_header h = {.sport = TO_TCP, .dport = SOURCE + 3, .seq = 1234,
		.flags = TCP_SYN | TCP_ACK};
	struct user user;
	(void)state;

	begin(&user, 1);
	leaving = probe(&user, &spec, true);
	h.ack = ((uint32_t)get_be16(leaving.bytes + 24) << 16 | get_be16(leaving.bytes + 26)) + 1;
	answer = segment(&FAR, &SELF, &h);
	from_other = segment(&HOPS[1], &SELF, &h);
	h.flags = TCP_RST | TCP_ACK;
	reset = segment(&FAR, &SELF, &h);
	h.dport = SOURCE + 4;
	to_other_port = segment(&FAR, &SELF, &h);
	assert_true(is_own(&user, &answer));
	assert_true(is_own(&user, &reset));
	assert_false(is_own(&user, &from_other));
	assert_false(is_own(&user, &to_other_port));

	/* Another user's connection to the same host, even from the port that is bound here. */
	syn = segment(&SELF, &FAR, &(struct tcp_header){.sport = SOURCE + 3, .dport = TO_TCP,
		.seq = 99, .flags = TCP_SYN});
	syn_ack = segment(&FAR, &SELF, &(struct tcp_header){.sport = TO_TCP, .dport = SOURCE + 3,
		.seq = 1, .ack = 100, .flags = TCP_SYN | TCP_ACK});
	assert_false(is_own(&user, &syn));
	assert_false(is_own(&user, &syn_ack));
	sent_destroy(user.sent);
}

/* Whatever probes were sent before: all numbers are out, and to the same host. */
static void fill(struct user *user, struct rng *rng)
{
	struct walk to = walk_to(&SELF, &FAR, 64);

	for (uint32_t seq = 0; seq < 100000; seq++) {
		struct probe_spec spec = spec_of(&to, (enum carried)(rng_u32(rng) % CARRIED_COUNT), seq);

		sent_note(user->sent, &spec);
	}
}

/* A datagram or an echo request of another user, with all that the asker could choose. */
static struct packet strange(struct rng *rng)
{
	uint8_t body[256];
	size_t len = 12 + rng_u32(rng) % 200;
	bool is_echo = rng_u32(rng) % 2 == 0;
	struct packet packet;

	for (size_t i = 0; i < len; i++) {
		body[i] = (uint8_t)rng_u32(rng);
	}
	if (is_echo) {
		body[0] = ICMP_ECHO;
		put_be16(body + 4, ECHO_ID);
	} else {
		put_be16(body, (uint16_t)(THEIR_PORT + rng_u32(rng) % 1000));
		put_be16(body + 2, rng_u32(rng) % 2 == 0 ? TO_UDP : SINK);
	}
	packet = in_ip(&SELF, &FAR, is_echo ? IP_PROTO_ICMP : IP_PROTO_UDP, body, len);
	put_be16(packet.bytes + 4, (uint16_t)rng_u32(rng));
	return packet;
}

static void test_of_a_million_strange_packets_none_is_ours(void **state)
{
	struct user user;
	struct rng rng;
	(void)state;

	rng_init(&rng, check_seed(17), 0);
	begin(&user, 1);
	sent_destroy(user.sent);
	user.sent = sent_create(&user.ident, 10000);
	fill(&user, &rng);
	for (unsigned i = 0; i < 1000000; i++) {
		struct packet packet = strange(&rng), quoting = error(&HOPS[0], &packet,
			rng_u32(&rng) % 2 == 0 ? 40 : 1000);

		assert_false(is_own(&user, &packet));
		assert_false(is_own(&user, &quoting));
	}
	sent_destroy(user.sent);
}

static void test_a_probe_of_long_ago_is_not_known_any_more(void **state)
{
	struct walk walk = walk_to(&SELF, &FAR, 64);
	struct probe_spec spec = spec_of(&walk, CARRIED_TCP, 5);
	struct packet leaving;
	struct user user;
	(void)state;

	begin(&user, 1);
	leaving = probe(&user, &spec, true);
	spec.seq = 5 + 16384; /* the ring of 1000 a second for ten seconds is as large */
	sent_note(user.sent, &spec);
	assert_false(is_own(&user, &leaving));
	sent_destroy(user.sent);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_a_probe_and_what_quotes_it_is_its_session_s_alone),
		cmocka_unit_test(test_a_boomerang_that_came_home_is_its_session_s),
		cmocka_unit_test(test_an_echo_reply_is_known_by_its_token_or_by_whom_it_is_from),
		cmocka_unit_test(test_of_handshakes_only_what_answers_our_syn_is_ours),
		cmocka_unit_test(test_of_a_million_strange_packets_none_is_ours),
		cmocka_unit_test(test_a_probe_of_long_ago_is_not_known_any_more),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
