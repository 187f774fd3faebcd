/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "support/check.h"

#include "names/travel.h"

static const struct place WASHINGTON = {.kind = PLACE_METRO, .city = "Washington", .lat = 3891,
	.lon = -7704, .percent = 90};
static const struct place ASHBURN = {.kind = PLACE_IATA, .city = "Ashburn", .lat = 3904,
	.lon = -7749, .percent = 84};
static const struct place ATLANTA = {.kind = PLACE_IATA, .city = "Atlanta", .lat = 3375,
	.lon = -8439, .percent = 84};
static const struct place MIAMI = {.kind = PLACE_IATA, .city = "Miami", .lat = 2577,
	.lon = -8019, .percent = 84};
static const struct place JACKSONVILLE = {.kind = PLACE_IATA, .city = "Jacksonville",
	.lat = 3033, .lon = -8166, .percent = 84};
static const struct place NEW_YORK = {.kind = PLACE_METRO, .city = "New York", .lat = 4071,
	.lon = -7401, .percent = 90};
static const struct place LONDON = {.kind = PLACE_METRO, .city = "London", .lat = 5151, .lon = -13,
	.percent = 90};
static const struct place QUEBEC = {.kind = PLACE_CLLI, .city = "Quebec", .lat = 4681,
	.lon = -7121, .percent = 92};
static const struct place VANCOUVER = {.kind = PLACE_CITY, .city = "Vancouver", .lat = 4925,
	.lon = -12312, .percent = 90};

static const struct spot NOWHERE = {.is_known = false};

static struct spot at(const struct place *place)
{
	return (struct spot){true, place->lat, place->lon};
}

static struct travel_step stands(const struct place *place, ns_t rtt)
{
	return (struct travel_step){place, place, rtt};
}

enum { CAP = 8 };

/* names.md: QUBCPQAJDR02 at 2 to 3 ms from Vancouver. */
static void test_a_place_that_light_cannot_reach_is_too_fast(void **state)
{
	struct travel_step steps[] = {{&QUEBEC, NULL, 3 * NS_PER_MS}};
	struct travel travel[CAP];

	(void)state;
	assert_int_equal(travel_find(at(&VANCOUVER), steps, 1, travel, CAP), 1);
	assert_int_equal(travel[0].kind, TRAVEL_TOO_FAST);
	assert_int_equal(travel[0].hop, 1);
	assert_string_equal(travel[0].place->city, "Quebec");
	assert_near(travel[0].km, 3790.0, 60.0);
	assert_near(travel[0].least_ms, 37.9, 0.6);
	assert_near(travel[0].measured_ms, 3.0, 0.001);
	assert_int_equal(travel_find(NOWHERE, steps, 1, travel, CAP), 0);
	/* Known too little to accuse a name by it. */
	steps[0].said = &(struct place){.lat = 4681, .lon = -7121, .percent = 70};
	assert_int_equal(travel_find(at(&VANCOUVER), steps, 1, travel, CAP), 0);
}

/* measurement.md: Washington to Washington in 220 ms. */
static void test_a_town_that_takes_as_long_as_an_ocean_is_too_slow(void **state)
{
	struct travel_step steps[] = {stands(&WASHINGTON, 2 * NS_PER_MS),
		{NULL, NULL, 230 * NS_PER_MS}, stands(&ASHBURN, 222 * NS_PER_MS),
		stands(&WASHINGTON, 225 * NS_PER_MS)};
	struct travel travel[CAP];

	(void)state;
	assert_int_equal(travel_find(NOWHERE, steps, 4, travel, CAP), 1);
	assert_int_equal(travel[0].kind, TRAVEL_TOO_SLOW);
	assert_int_equal(travel[0].hop, 3);
	assert_int_equal(travel[0].from_hop, 1);
	assert_near(travel[0].measured_ms, 220.0, 0.001);
	assert_true(travel[0].least_ms < 1.0);
}

static void test_what_later_hops_do_not_bear_out_is_only_a_slow_answer(void **state)
{
	struct travel_step steps[] = {stands(&WASHINGTON, 2 * NS_PER_MS),
		stands(&ASHBURN, 222 * NS_PER_MS), stands(&NEW_YORK, 9 * NS_PER_MS)};
	struct travel travel[CAP];

	(void)state;
	assert_int_equal(travel_find(NOWHERE, steps, 3, travel, CAP), 0);
}

static void test_a_tunnel_over_the_ocean_is_not_slow(void **state)
{
	struct travel_step steps[] = {stands(&WASHINGTON, 2 * NS_PER_MS),
		stands(&NEW_YORK, 76 * NS_PER_MS), stands(&LONDON, 76 * NS_PER_MS)};
	struct travel travel[CAP];

	(void)state;
	assert_int_equal(travel_find(NOWHERE, steps, 3, travel, CAP), 0);
}

/* NANOG 47, page 13: from Atlanta to Miami by New York. */
static void test_a_way_round_is_a_detour(void **state)
{
	struct travel_step steps[] = {stands(&ATLANTA, NS_PER_MS), stands(&NEW_YORK, 20 * NS_PER_MS),
		stands(&MIAMI, 40 * NS_PER_MS)};
	struct travel travel[CAP];

	(void)state;
	assert_int_equal(travel_find(NOWHERE, steps, 3, travel, CAP), 1);
	assert_int_equal(travel[0].kind, TRAVEL_DETOUR);
	assert_int_equal(travel[0].hop, 2);
	assert_near(travel[0].km, 1200.0 + 1757.0, 30.0);
	assert_near(travel[0].straight_km, 970.0, 20.0);
	steps[1] = stands(&JACKSONVILLE, 8 * NS_PER_MS);
	steps[2] = stands(&MIAMI, 16 * NS_PER_MS);
	assert_int_equal(travel_find(NOWHERE, steps, 3, travel, CAP), 0);
}

static void test_an_ordinary_way_has_nothing_to_say(void **state)
{
	struct travel_step steps[] = {stands(&WASHINGTON, NS_PER_MS),
		stands(&NEW_YORK, 7 * NS_PER_MS), {NULL, NULL, NS_NEVER},
		stands(&LONDON, 76 * NS_PER_MS)};
	struct travel travel[CAP];

	(void)state;
	assert_int_equal(travel_find(at(&WASHINGTON), steps, 4, travel, CAP), 0);
	assert_int_equal(travel_find(NOWHERE, NULL, 0, travel, CAP), 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_a_place_that_light_cannot_reach_is_too_fast),
		cmocka_unit_test(test_a_town_that_takes_as_long_as_an_ocean_is_too_slow),
		cmocka_unit_test(test_what_later_hops_do_not_bear_out_is_only_a_slow_answer),
		cmocka_unit_test(test_a_tunnel_over_the_ocean_is_not_slow),
		cmocka_unit_test(test_a_way_round_is_a_detour),
		cmocka_unit_test(test_an_ordinary_way_has_nothing_to_say),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
