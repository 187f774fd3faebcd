/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "support/check.h"

#include "names/place.h"
#include "names/table.h"

static const struct place LONDON = {.kind = PLACE_METRO, .city = "London", .lat = 5151, .lon = -13,
	.percent = 90};
static const struct place LONDON_ONTARIO = {.kind = PLACE_CITY, .city = "London Ontario",
	.lat = 4298, .lon = -8125, .percent = 62};
static const struct place NEW_YORK = {.kind = PLACE_METRO, .city = "New York", .lat = 4071,
	.lon = -7401, .percent = 90};
static const struct place TORONTO = {.kind = PLACE_IATA, .city = "Toronto", .lat = 4370,
	.lon = -7942, .percent = 84};
static const struct place DETROIT = {.kind = PLACE_IATA, .city = "Detroit", .lat = 4233,
	.lon = -8305, .percent = 84};
static const struct place VANCOUVER = {.kind = PLACE_CITY, .city = "Vancouver", .lat = 4925,
	.lon = -12312, .percent = 90};
static const struct place QUEBEC = {.kind = PLACE_CLLI, .city = "Quebec", .lat = 4681,
	.lon = -7121, .percent = 92};

static const struct place SAINT_JOHN = {.kind = PLACE_IATA, .city = "Saint John", .country = "CA",
	.lat = 4527, .lon = -6606, .percent = 76};
static const struct place SAN_JOSE = {.kind = PLACE_CUSTOM, .city = "San Jose", .country = "US",
	.lat = 3734, .lon = -12189, .percent = 70};
static const struct place OF_DATABASE = {.kind = PLACE_DATABASE, .city = "Ashburn",
	.country = "US", .lat = 3904, .lon = -7749, .percent = 58};
static const struct place COUNTRY_ALONE = {.kind = PLACE_NONE, .country = "US"};

static const struct spot NOWHERE = {.is_known = false};

static struct spot at(const struct place *place)
{
	return (struct spot){true, place->lat, place->lon};
}

static struct hints says(const struct place *first, const struct place *second)
{
	struct hints hints = {.place_count = second == NULL ? 1 : 2, .places = {*first}};

	if (second != NULL) {
		hints.places[1] = *second;
	}
	return hints;
}

static void test_distances_are_those_of_the_globe(void **state)
{
	(void)state;
	assert_near(place_distance_km(at(&LONDON), at(&NEW_YORK)), 5570.0, 15.0);
	assert_near(place_distance_km(at(&LONDON), at(&LONDON)), 0.0, 0.001);
	assert_near(place_distance_km((struct spot){true, 0, -17950}, (struct spot){true, 0, 17950}),
		111.2, 0.5);
	assert_near(place_distance_km((struct spot){true, 9000, 0}, (struct spot){true, -9000, 0}),
		20015.0, 10.0);
}

static void test_light_needs_its_time(void **state)
{
	(void)state;
	/* 5570 km there and back are 54.6 ms at 204 km/ms; a millisecond is forgiven. */
	assert_true(place_is_possible(at(&LONDON), at(&NEW_YORK), 54 * NS_PER_MS));
	assert_false(place_is_possible(at(&LONDON), at(&NEW_YORK), 53 * NS_PER_MS));
	assert_true(place_is_possible(at(&LONDON), at(&NEW_YORK), NS_NEVER));
	assert_true(place_is_possible(NOWHERE, at(&NEW_YORK), 0));
}

static void test_a_name_that_cannot_be_true_says_no_place(void **state)
{
	struct hints hints = says(&QUEBEC, NULL);
	struct place_step step = {&hints, 3 * NS_PER_MS, NULL};
	const struct place *chosen;

	(void)state;
	place_choose(at(&VANCOUVER), &step, 1, &chosen);
	assert_null(chosen);

	place_choose(NOWHERE, &step, 1, &chosen);
	assert_string_equal(chosen->city, "Quebec");
}

static void test_a_later_hop_that_is_faster_rejects_too(void **state)
{
	struct hints quebec = says(&QUEBEC, NULL);
	struct place_step steps[] = {{&quebec, 90 * NS_PER_MS, NULL}, {NULL, 3 * NS_PER_MS, NULL}};
	const struct place *chosen[2];

	(void)state;
	place_choose(at(&VANCOUVER), steps, 2, chosen);

	assert_null(chosen[0]);
}

static void test_the_second_meaning_serves_where_the_first_is_too_far(void **state)
{
	struct hints hints = says(&LONDON, &LONDON_ONTARIO);
	struct place_step step = {&hints, 6 * NS_PER_MS, NULL};
	const struct place *chosen;

	(void)state;
	place_choose(at(&DETROIT), &step, 1, &chosen);

	assert_string_equal(chosen->city, "London Ontario");
}

static void test_neighbours_choose_between_meanings(void **state)
{
	struct hints toronto = says(&TORONTO, NULL), london = says(&LONDON, &LONDON_ONTARIO),
		detroit = says(&DETROIT, NULL);
	struct place_step steps[] = {{&toronto, 70 * NS_PER_MS, NULL}, {&london, 73 * NS_PER_MS, NULL},
		{&detroit, 75 * NS_PER_MS, NULL}};
	const struct place *chosen[3];

	(void)state;
	/* From who knows where: each alone is possible, together only Ontario is on the way. */
	place_choose(NOWHERE, steps, 3, chosen);

	assert_string_equal(chosen[0]->city, "Toronto");
	assert_string_equal(chosen[1]->city, "London Ontario");
	assert_string_equal(chosen[2]->city, "Detroit");
}

static void test_the_first_near_and_sure_hop_tells_where_we_are(void **state)
{
	struct hints vancouver = says(&VANCOUVER, NULL), quebec = says(&QUEBEC, NULL);
	struct place_step steps[] = {{&vancouver, NS_PER_MS, NULL}, {&quebec, 4 * NS_PER_MS, NULL}};
	const struct place *chosen[2];

	(void)state;
	place_choose(NOWHERE, steps, 2, chosen);

	assert_string_equal(chosen[0]->city, "Vancouver");
	assert_null(chosen[1]);
}

static void test_a_far_hop_with_its_time_is_believed(void **state)
{
	struct hints york = says(&NEW_YORK, NULL), london = says(&LONDON, NULL);
	struct place_step steps[] = {{&york, 2 * NS_PER_MS, NULL}, {&london, 70 * NS_PER_MS, NULL},
		{NULL, NS_NEVER, NULL}};
	const struct place *chosen[3];

	(void)state;
	place_choose(NOWHERE, steps, 3, chosen);

	assert_string_equal(chosen[0]->city, "New York");
	assert_string_equal(chosen[1]->city, "London");
	assert_null(chosen[2]);
}

static void test_a_database_places_a_hop_that_has_no_name(void **state)
{
	struct place_step steps[] = {{NULL, 3 * NS_PER_MS, &OF_DATABASE},
		{NULL, 3 * NS_PER_MS, &COUNTRY_ALONE}};
	const struct place *chosen[2];

	(void)state;
	place_choose(at(&NEW_YORK), steps, 2, chosen);

	assert_ptr_equal(chosen[0], &OF_DATABASE);
	assert_null(chosen[1]);
}

static void test_a_name_beats_a_database_unless_light_rejects_it(void **state)
{
	struct hints london = says(&LONDON, NULL);
	struct place_step slow = {&london, 80 * NS_PER_MS, &OF_DATABASE};
	struct place_step fast = {&london, 6 * NS_PER_MS, &OF_DATABASE};
	const struct place *chosen;

	(void)state;
	place_choose(at(&NEW_YORK), &slow, 1, &chosen);
	assert_string_equal(chosen->city, "London");
	place_choose(at(&NEW_YORK), &fast, 1, &chosen);
	assert_string_equal(chosen->city, "Ashburn");
}

static void test_light_rejects_a_database_too(void **state)
{
	struct place_step step = {NULL, 3 * NS_PER_MS, &OF_DATABASE};
	const struct place *chosen;

	(void)state;
	place_choose(at(&LONDON), &step, 1, &chosen);

	assert_null(chosen);
}

static void test_the_country_of_a_database_decides_between_meanings(void **state)
{
	struct hints both = says(&SAINT_JOHN, &SAN_JOSE), one = says(&SAINT_JOHN, NULL);
	struct place_step without = {&both, 60 * NS_PER_MS, NULL};
	struct place_step with = {&both, 60 * NS_PER_MS, &COUNTRY_ALONE};
	struct place_step against = {&one, 60 * NS_PER_MS, &COUNTRY_ALONE};
	const struct place *chosen;

	(void)state;
	place_choose(NOWHERE, &without, 1, &chosen);
	assert_string_equal(chosen->city, "Saint John");
	place_choose(NOWHERE, &with, 1, &chosen);
	assert_string_equal(chosen->city, "San Jose");
	/* Alone, a country does not unsay what the name says. */
	place_choose(NOWHERE, &against, 1, &chosen);
	assert_string_equal(chosen->city, "Saint John");
}

static void test_the_own_place_is_a_city_a_code_or_degrees(void **state)
{
	struct table *table = table_create();
	struct spot spot;
	struct err err = {0};

	(void)state;
	assert_true(place_parse(table, "london", &spot, &err));
	assert_int_equal(spot.lat, 5151);
	assert_true(place_parse(table, "New York", &spot, &err));
	assert_int_equal(spot.lon, -7401);
	assert_true(place_parse(table, "fra", &spot, &err));
	assert_near(spot.lat, 5005, 15);
	assert_true(place_parse(table, "-33.87,151.21", &spot, &err));
	assert_int_equal(spot.lat, -3387);
	assert_int_equal(spot.lon, 15121);
	table_destroy(table);
}

static void test_what_is_no_place_is_refused(void **state)
{
	static const char *const bad[] = {"", ",", "91,0", "0,181", "nan,0", "1,", "nosuchtown",
		"1,2,3"};
	struct table *table = table_create();
	struct spot spot;

	(void)state;
	for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
		struct err err = {0};

		assert_false(place_parse(table, bad[i], &spot, &err));
		assert_int_equal(err.code, ERR_USAGE);
	}
	table_destroy(table);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_distances_are_those_of_the_globe),
		cmocka_unit_test(test_light_needs_its_time),
		cmocka_unit_test(test_a_name_that_cannot_be_true_says_no_place),
		cmocka_unit_test(test_a_later_hop_that_is_faster_rejects_too),
		cmocka_unit_test(test_the_second_meaning_serves_where_the_first_is_too_far),
		cmocka_unit_test(test_neighbours_choose_between_meanings),
		cmocka_unit_test(test_the_first_near_and_sure_hop_tells_where_we_are),
		cmocka_unit_test(test_a_far_hop_with_its_time_is_believed),
		cmocka_unit_test(test_a_database_places_a_hop_that_has_no_name),
		cmocka_unit_test(test_a_name_beats_a_database_unless_light_rejects_it),
		cmocka_unit_test(test_light_rejects_a_database_too),
		cmocka_unit_test(test_the_country_of_a_database_decides_between_meanings),
		cmocka_unit_test(test_the_own_place_is_a_city_a_code_or_degrees),
		cmocka_unit_test(test_what_is_no_place_is_refused),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
