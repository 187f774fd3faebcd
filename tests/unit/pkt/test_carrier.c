/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "pkt/carrier.h"

#include "base/rng.h"
#include "pkt/probe_read.h"
#include "pkt/quote.h"
#include "pkt/reply.h"
#include "support/check.h"

enum { DEPTH_MOST = 9, MTU = 1500 };

static const struct siphash_key KEY = {5, 9};

/* A retrace through hops that each take a carrier of their own. */
struct trip {
	struct addr self, hops[DEPTH_MOST];
	enum carrier carriers[DEPTH_MOST];
	struct walk walk;
	struct probe_spec spec;
	uint8_t bytes[MTU];
	size_t len;
};

static struct addr address(bool is_v6, unsigned number)
{
	return is_v6 ? (struct addr){ADDR_V6, {0x20, 1, 0xd, 0xb8, [15] = (uint8_t)number}} :
		(struct addr){ADDR_V4, {10, 0, 0, (uint8_t)number}};
}

static void make_trip(struct rng *rng, const struct ident *ident, struct trip *trip)
{
	bool is_v6 = rng_below(rng, 2) == 1;
	struct walk_plan plan = {.kind = WALK_RETRACE, .self = &trip->self, .hops = trip->hops,
		.carriers = trip->carriers, .depth = 1 + rng_below(rng, DEPTH_MOST)};

	trip->self = address(is_v6, 1);
	for (unsigned i = 0; i < DEPTH_MOST; i++) {
		trip->hops[i] = address(is_v6, i + 2);
		trip->carriers[i] = (enum carrier)rng_below(rng, CARRIER_SRH);
	}
	assert_true(walk_build(&plan, &trip->walk));
	trip->spec = (struct probe_spec){.walk = &trip->walk, .seq = rng_u32(rng),
		.size_bytes = (uint16_t)(probe_wire_min(walk_stack_bytes(&trip->walk)) +
			rng_below(rng, 100)), .sport = 40001, .dport = 40001};
	trip->len = probe_wire_build(&trip->spec, ident, trip->bytes, sizeof trip->bytes);
	assert_int_equal(trip->len, trip->spec.size_bytes);
}

/* Where leg `i` begins. */
static size_t start_of(const struct walk *walk, size_t i)
{
	size_t at = 0;

	for (size_t k = 0; k < i; k++) {
		at += ip_header_bytes(walk->leg[k].src.family) +
			carrier_shim_bytes((enum carrier)walk->leg[k].carrier);
	}
	return at;
}

static void test_what_was_built_is_read_back(void **state)
{
	struct ident ident;
	struct rng rng;
	(void)state;

	ident_init(&ident, &KEY);
	rng_init(&rng, check_seed(7), 1);
	for (int round = 0; round < 2000; round++) {
		struct probe_sight sight;
		struct trip trip;

		make_trip(&rng, &ident, &trip);
		assert_true(probe_read(trip.bytes, trip.len, &sight));
		assert_int_equal(sight.seq, trip.spec.seq);
		assert_int_equal(sight.walk.leg_count, trip.walk.leg_count);
		assert_memory_equal(sight.walk.leg, trip.walk.leg,
			trip.walk.leg_count * sizeof trip.walk.leg[0]);
		/* Every header says how long all within it is. */
		for (size_t i = 0; i < trip.walk.leg_count; i++) {
			size_t at = start_of(&trip.walk, i);

			assert_int_equal(ip_total_bytes(trip.bytes + at), trip.len - at);
		}
		for (size_t len = 0; len < trip.len; len += 1 + len / 40) {
			(void)probe_read(trip.bytes, len, &sight);
		}
	}
}

/* An error about leg `i`, which quotes so much of it. */
static size_t write_error(const struct trip *trip, size_t i, size_t quoted, uint8_t *ret_bytes)
{
	bool is_v6 = trip->self.family == ADDR_V6;
	struct wcursor w = wcursor_of(ret_bytes, MTU);
	const struct addr *from = &trip->walk.leg[i].dst;

	ip_write(&w, &(struct ip_header){.src = *from, .dst = trip->self, .ttl = 60,
		.protocol = ip_icmp_of(from->family),
		.total_bytes = (uint32_t)(ip_header_bytes(from->family) + 8 + quoted)});
	icmp_write(&w, &(struct icmp_header){.type = is_v6 ? ICMP6_TIME_EXCEEDED :
		ICMP_TIME_EXCEEDED});
	wcursor_bytes(&w, trip->bytes + start_of(&trip->walk, i), quoted);
	return w.pos;
}

/* Of IPv4 any quote that shows two neighbouring fields, of IPv6 any that shows the token. */
static void test_an_error_about_any_leg_is_known_and_belongs_to_no_other_probe(void **state)
{
	size_t known = 0, taken = 0, tried = 0;
	struct ident ident;
	struct rng rng;
	(void)state;

	ident_init(&ident, &KEY);
	rng_init(&rng, check_seed(8), 1);
	for (int round = 0; round < 4000; round++) {
		struct trip trip;
		struct reply reply;
		struct reply_context context = {.port = 40001};
		struct reply_probe probe, other;
		uint8_t bytes[MTU + 100];
		size_t i, whole, len;
		bool is_outside;

		make_trip(&rng, &ident, &trip);
		context.self = trip.self;
		i = rng_below(&rng, trip.walk.leg_count);
		whole = trip.len - start_of(&trip.walk, i);
		len = write_error(&trip, i, trip.self.family == ADDR_V4 && rng_below(&rng, 2) == 0 ? 32 :
			whole < 1200 ? whole : 1200, bytes);
		if (reply_decode(bytes, len, &context, &reply) != DECODE_OK) {
			assert_true(trip.self.family == ADDR_V6 && whole > 1200);
			continue;
		}
		assert_true(addr_equal(&reply.quoted.dst, &trip.walk.leg[i].dst));
		assert_int_equal(reply.is_nested, i + 1 < trip.walk.leg_count);
		if (reply.has_token) {
			assert_int_equal(reply.token_seq, trip.spec.seq);
		}
		if (!reply.has_ids) {
			continue;
		}
		probe = (struct reply_probe){{trip.spec.seq, trip.walk.depth, WALK_RETRACE},
			trip.spec.size_bytes, (uint16_t)walk_stack_bytes(&trip.walk),
			(uint16_t)walk_shim_bytes(&trip.walk)};
		is_outside = reply.ids.next_is_ip &&
			ident_decipher(&ident, reply.ids.outer_id) == (uint16_t)trip.spec.seq;
		assert_true(is_outside || !reply.ids.next_is_ip ||
			ident_decipher(&ident, reply.ids.next) == (uint16_t)trip.spec.seq);
		known += reply_ids_fit(&reply.ids, &ident, &probe, is_outside);
		tried++;
		other = probe;
		other.subject.seq += 0x10000;
		taken += reply_ids_fit(&reply.ids, &ident, &other, is_outside);
	}
	printf("# %zu of %zu known, %zu taken for another's\n", known, tried, taken);
	assert_true(tried > 1000);
	assert_int_equal(known, tried);
	assert_true(taken <= 2);
}

static void test_gre_is_read_with_what_may_follow_its_flags(void **state)
{
	static const struct {
		uint8_t bytes[16];
		size_t len;
		uint8_t family;
		size_t pos;
	} cases[] = {
		{{0, 0, 8, 0}, 4, ADDR_V4, 4},
		{{0, 0, 0x86, 0xdd}, 4, ADDR_V6, 4},
		{{0x20, 0, 8, 0, 1, 2, 3, 4}, 8, ADDR_V4, 8},
		{{0xb0, 0, 8, 0}, 16, ADDR_V4, 16},
		{{0xb0, 0, 8, 0}, 15, 0, 0},
		{{0, 1, 8, 0}, 4, 0, 0},        /* version 1: PPTP */
		{{0x40, 0, 8, 0}, 8, 0, 0},     /* routing: RFC 1701 */
		{{0, 0, 0x65, 0x58}, 4, 0, 0},  /* Ethernet */
		{{0, 0, 8}, 3, 0, 0},
	};
	(void)state;

	for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
		struct cursor c = cursor_of(cases[i].bytes, cases[i].len);
		enum carrier carrier;

		assert_int_equal(carrier_enter(&c, IP_PROTO_GRE, &carrier), cases[i].family);
		if (cases[i].family != 0) {
			assert_int_equal(carrier, CARRIER_GRE);
			assert_int_equal(c.pos, cases[i].pos);
		}
	}
}

static void test_names(void **state)
{
	enum carrier carrier;
	(void)state;

	for (int i = 0; i < CARRIER_COUNT; i++) {
		assert_true(carrier_parse(carrier_name((enum carrier)i), &carrier));
		assert_int_equal(carrier, i);
	}
	assert_false(carrier_parse("", &carrier));
	assert_false(carrier_parse("IPIP", &carrier));
	assert_string_equal(carrier_name(CARRIER_COUNT), "?");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_what_was_built_is_read_back),
		cmocka_unit_test(test_an_error_about_any_leg_is_known_and_belongs_to_no_other_probe),
		cmocka_unit_test(test_gre_is_read_with_what_may_follow_its_flags),
		cmocka_unit_test(test_names),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
