/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "run/command.h"

#include <math.h>

#include "support/check.h"

static struct recording_facts good(void)
{
	static const struct addr path[2] = {{4, {10, 0, 0, 2}}, {4, {10, 0, 0, 3}}};

	return (struct recording_facts){
		.key = {1, 2},
		.engine = {.seed = 3, .self = {4, {10, 0, 0, 1}}, .self_also = {4, {10, 0, 9, 1}},
			.interface = {"eth0", 20}, .has_also = true, .destination = path[1],
			.path = path, .path_count = 2, .has_walk = {[WALK_DIRECT] = true},
			.main_walk = WALK_DIRECT, .has_scan = true, .has_follow = true,
			.has_return_side = true, .has_vias = true, .has_bounce = true,
			.inner_address = {4, {10, 0, 0, 9}},
			.inner_source = INNER_SOURCE_SELF, .size_bytes = 300, .mtu = 1500, .port = 4,
			.echo_id = 5, .to_carried = CARRIED_UDP, .to_port = 18, .to_source_port = 19,
			.flows = 20, .tos = 6, .first_ttl = 7,
			.max_ttl = 8, .interval = 9, .round_limit = 10, .timeout = 11, .grace = 12,
			.max_rate_pps = 13.5},
		.start = 14, .start_realtime = 15, .realtime_offset = -16, .route_mtu = 17,
		.is_nesting_refused = true, .destination_name = "there", .local_host = "here",
		.here = {true, -4500, 17999},
	};
}

static bool decode(const struct recording_facts *facts, struct recording_facts *ret_facts,
	struct err *err)
{
	uint8_t bytes[RECORDING_FACTS_MAX];
	size_t len = recording_encode_facts(facts, bytes, sizeof bytes);

	return recording_decode_facts(cursor_of(bytes, len), ret_facts, err);
}

static void test_facts_are_read_as_they_were_written(void **state)
{
	struct recording_facts in = good(), out;
	struct err err;
	(void)state;

	assert_true(decode(&in, &out, &err));

	assert_int_equal(out.key.k0, 1);
	assert_int_equal(out.key.k1, 2);
	assert_int_equal(out.engine.seed, 3);
	assert_int_equal(out.engine.self.byte[3], 1);
	assert_int_equal(out.engine.self_also.byte[2], 9);
	assert_string_equal(out.engine.interface.name, "eth0");
	assert_int_equal(out.engine.interface.index, 20);
	assert_true(out.engine.has_also && !out.engine.has_beside);
	assert_int_equal(out.engine.destination.byte[3], 3);
	assert_int_equal(out.engine.path_count, 2);
	assert_ptr_equal(out.engine.path, out.path);
	assert_int_equal(out.path[0].byte[3], 2);
	assert_int_equal(out.engine.to_carried, CARRIED_UDP);
	assert_int_equal(out.engine.flows, 20);
	assert_int_equal(out.engine.to_port, 18);
	assert_int_equal(out.engine.to_source_port, 19);
	assert_true(out.engine.has_walk[WALK_DIRECT] && !out.engine.has_walk[WALK_TO]);
	assert_int_equal(out.engine.main_walk, WALK_DIRECT);
	assert_true(out.engine.has_scan && out.engine.has_follow && !out.engine.has_reverse);
	assert_true(out.is_nesting_refused);
	assert_int_equal(out.engine.inner_source, INNER_SOURCE_SELF);
	assert_true(out.engine.has_return_side && out.engine.has_vias);
	assert_int_equal(out.engine.inner_address.byte[3], 9);
	assert_int_equal(out.engine.size_bytes, 300);
	assert_int_equal(out.engine.mtu, 1500);
	assert_int_equal(out.engine.port, 4);
	assert_int_equal(out.engine.echo_id, 5);
	assert_int_equal(out.engine.tos, 6);
	assert_int_equal(out.engine.first_ttl, 7);
	assert_int_equal(out.engine.max_ttl, 8);
	assert_int_equal(out.engine.interval, 9);
	assert_int_equal(out.engine.round_limit, 10);
	assert_int_equal(out.engine.timeout, 11);
	assert_int_equal(out.engine.grace, 12);
	assert_near(out.engine.max_rate_pps, 13.5, 0);
	assert_int_equal(out.start, 14);
	assert_int_equal(out.start_realtime, 15);
	assert_int_equal(out.realtime_offset, -16);
	assert_int_equal(out.route_mtu, 17);
	assert_string_equal(out.destination_name, "there");
	assert_string_equal(out.local_host, "here");
	assert_true(out.has_notes && out.here.is_known);
	assert_true(out.has_bounces && out.engine.has_bounce);
	assert_int_equal(out.here.lat, -4500);
	assert_int_equal(out.here.lon, 17999);
}

/* Written, read, and cut at every byte; false: it is refused as a whole. */
static bool tell_again(struct command in, struct command *ret_out)
{
	uint8_t bytes[1024];
	struct wcursor w = wcursor_of(bytes, sizeof bytes);
	struct cursor c;

	command_put(&w, &in);
	for (size_t cut = 0; cut < w.pos; cut++) {
		c = cursor_of(bytes, cut);
		assert_false(command_get(&c, ret_out));
	}
	c = cursor_of(bytes, w.pos);
	return command_get(&c, ret_out) && cursor_left(&c) == 0 && ret_out->kind == in.kind &&
		command_time(cursor_of(bytes, w.pos), 7) == in.at;
}

static void test_a_home_is_read_as_it_was_written(void **state)
{
	struct command out = {.at = 0};
	(void)state;

	assert_true(tell_again((struct command){.kind = COMMAND_MOVE, .at = 5,
		.home = {.self = {4, {10, 0, 0, 7}}, .self_also = {4, {10, 0, 0, 8}},
		.interface = {"wl\033n0", 70000}, .mtu = 1400}}, &out));

	assert_int_equal(out.home.self.byte[3], 7);
	assert_false(addr_is_set(&out.home.self_other));
	assert_int_equal(out.home.self_also.byte[3], 8);
	assert_string_equal(out.home.interface.name, "wl?n0");
	assert_int_equal(out.home.interface.index, 70000);
	assert_int_equal(out.home.mtu, 1400);
}

static void test_a_home_that_no_engine_takes_is_refused(void **state)
{
	struct engine_home bad[4];
	struct command out = {.at = 0};
	(void)state;
	for (size_t i = 0; i < 4; i++) {
		bad[i] = (struct engine_home){.self = {4, {10, 0, 0, 7}}, .mtu = 1400};
	}
	bad[0].self.family = 0;
	bad[1].self_other.family = 5;
	bad[2].mtu = 67;
	bad[3].mtu = 1985;

	for (size_t i = 0; i < 4; i++) {
		assert_false(tell_again((struct command){.kind = COMMAND_MOVE, .at = 5,
			.home = bad[i]}, &out));
	}
}

static void test_what_an_engine_is_told_is_read_as_it_was_written(void **state)
{
	struct command out = {.at = 0};
	(void)state;

	for (int kind = COMMAND_TURN; kind < COMMAND_ANEW; kind++) {
		struct command in = {.kind = (enum command_kind)kind, .at = 5};
		bool has_time = kind != COMMAND_UNSENT && kind != COMMAND_GAP && kind != COMMAND_DROPS &&
			kind != COMMAND_RESET && kind != COMMAND_RESET_HOP;

		in.at = has_time ? 5 : 7;
		in.path = (struct engine_path){.count = kind == COMMAND_PATH};
		in.path.hop[0] = (struct addr){4, {10, 0, 0, 1}};
		in.interval = kind == COMMAND_INTERVAL ? NS_PER_SEC : in.interval;
		assert_true(tell_again(in, &out));
	}
	assert_true(tell_again((struct command){.kind = COMMAND_UNSENT, .at = 7,
		.unsent = {70000, 105}}, &out));
	assert_int_equal(out.unsent.seq, 70000);
	assert_int_equal(out.unsent.sys, 105);
	assert_true(tell_again((struct command){.kind = COMMAND_DROPS, .at = 7,
		.drops = {3, 4}}, &out));
	assert_int_equal(out.drops.dropped, 3);
	assert_int_equal(out.drops.foreign, 4);
	assert_true(tell_again((struct command){.kind = COMMAND_FASTER, .at = 5, .hop = 9}, &out));
	assert_int_equal(out.hop, 9);
	assert_false(tell_again((struct command){.kind = COMMAND_INTERVAL, .at = 5}, &out));
	assert_false(tell_again((struct command){.kind = COMMAND_PATH, .at = 5}, &out));
	assert_true(tell_again((struct command){.kind = COMMAND_PATH, .at = 5, .path = {.count = 2,
		.hop = {{4, {10, 0, 0, 1}}, {4, {10, 0, 0, 2}}}, .carrier = {0, 1 + CARRIER_GRE}}}, &out));
	assert_int_equal(out.path.count, 2);
	assert_int_equal(out.path.carrier[0], 0);
	assert_int_equal(out.path.carrier[1], 1 + CARRIER_GRE);
	assert_false(tell_again((struct command){.kind = COMMAND_PATH, .at = 5, .path = {.count = 1,
		.hop = {{4, {10, 0, 0, 1}}}, .carrier = {1 + CARRIER_COUNT}}}, &out));
}

static void test_what_is_known_of_an_address_is_read_as_it_was_written(void **state)
{
	struct command name = {.kind = COMMAND_NAME, .at = 5, .note = {.kind = ATLAS_NAME,
		.address = {4, {10, 0, 0, 7}}, .name = "cr1.\033[1mfra2\xff.example.net"}};
	struct command network = {.kind = COMMAND_NETWORK, .at = 5, .note = {.kind = ATLAS_NETWORK,
		.address = {6, {0x20, 1}},
		.network = {4200000000, "2001::/16", "DE", "ripencc", "2001-01-02", "N\nET"}}};
	struct command place = {.kind = COMMAND_PLACE, .at = 5, .note = {.kind = ATLAS_PLACE,
		.address = {4, {10, 0, 0, 7}}, .place = {.kind = PLACE_DATABASE, .city = "K\xc3\xb6ln",
		.country = "DE", .lat = -5094, .lon = 18000, .percent = 58}}}, out = {.at = 0};
	(void)state;

	assert_true(tell_again(name, &out));
	assert_int_equal(out.note.kind, ATLAS_NAME);
	assert_int_equal(out.note.address.byte[3], 7);
	assert_string_equal(out.note.name, "cr1.?[1mfra2?.example.net");
	assert_true(tell_again(network, &out));
	assert_int_equal(out.note.kind, ATLAS_NETWORK);
	assert_int_equal(out.note.network.asn, 4200000000);
	assert_string_equal(out.note.network.prefix, "2001::/16");
	assert_string_equal(out.note.network.country, "DE");
	assert_string_equal(out.note.network.registry, "ripencc");
	assert_string_equal(out.note.network.allocated, "2001-01-02");
	assert_string_equal(out.note.network.name, "N?ET");
	assert_true(tell_again(place, &out));
	assert_int_equal(out.note.kind, ATLAS_PLACE);
	assert_int_equal(out.note.place.kind, PLACE_DATABASE);
	assert_string_equal(out.note.place.city, "K\xc3\xb6ln");
	assert_string_equal(out.note.place.country, "DE");
	assert_int_equal(out.note.place.lat, -5094);
	assert_int_equal(out.note.place.lon, 18000);
	assert_int_equal(out.note.place.percent, 58);
	name.note.address = (struct addr){0};
	assert_false(tell_again(name, &out));
	place.note.place.lat = 9001;
	assert_false(tell_again(place, &out));
}

static void test_facts_cut_anywhere_are_refused(void **state)
{
	struct recording_facts in = good(), out;
	uint8_t bytes[RECORDING_FACTS_MAX];
	size_t len = recording_encode_facts(&in, bytes, sizeof bytes);
	(void)state;

	for (size_t cut = 0; cut < len; cut++) {
		struct err err = {0};

		assert_false(recording_decode_facts(cursor_of(bytes, cut), &out, &err));
		assert_string_equal(err.text, "invalid session data");
	}
}

static void test_names_are_cleaned(void **state)
{
	struct recording_facts in = good(), out;
	struct err err;
	(void)state;
	(void)snprintf(in.local_host, sizeof in.local_host, "a\033[31m");

	assert_true(decode(&in, &out, &err));

	assert_string_equal(out.local_host, "a?[31m");
}

static void test_what_no_engine_is_made_of_is_refused(void **state)
{
	struct recording_facts bad[19], out;
	struct err err;
	(void)state;
	for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
		bad[i] = good();
	}
	bad[0].engine.self = (struct addr){0};
	bad[1].engine.destination.family = 5;
	bad[2].engine.via.family = 9;
	bad[3].engine.has_walk[WALK_VIA] = true;
	bad[4].engine.main_walk = WALK_TO;
	bad[5].engine.inner_source = (enum inner_source)4;
	bad[18].engine.inner_source = INNER_SOURCE_GIVEN;
	bad[18].engine.inner_address = (struct addr){0};
	bad[6].engine.size_bytes = 1501;
	bad[7].engine.mtu = 67;
	bad[8].engine.mtu = 1985;
	bad[9].engine.first_ttl = 0;
	bad[10].engine.first_ttl = 9;
	bad[11].engine.max_ttl = 65;
	bad[12].engine.interval = 0;
	bad[13].engine.timeout = 61 * NS_PER_SEC;
	bad[14].engine.max_rate_pps = (double)NAN;
	bad[15].engine.max_rate_pps = 1e9;
	bad[16].start = RECORDING_TIME_MAX + 1;
	bad[17].realtime_offset = INT64_MIN;

	for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
		if (decode(&bad[i], &out, &err)) {
			fail_msg("%zu was not refused", i);
		}
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_facts_are_read_as_they_were_written),
		cmocka_unit_test(test_a_home_is_read_as_it_was_written),
		cmocka_unit_test(test_what_an_engine_is_told_is_read_as_it_was_written),
		cmocka_unit_test(test_what_is_known_of_an_address_is_read_as_it_was_written),
		cmocka_unit_test(test_a_home_that_no_engine_takes_is_refused),
		cmocka_unit_test(test_facts_cut_anywhere_are_refused),
		cmocka_unit_test(test_names_are_cleaned),
		cmocka_unit_test(test_what_no_engine_is_made_of_is_refused),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
