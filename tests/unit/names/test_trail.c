/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "support/check.h"

#include "names/table.h"
#include "names/trail.h"

static const struct spot FRANKFURT = {true, 5011, 868};

static void test_hops_teach_each_other_and_light_has_the_last_word(void **state)
{
	static const struct place elsewhere = {.kind = PLACE_DATABASE, .city = "Mainz",
		.country = "DE", .lat = 5000, .lon = 827, .percent = 58};
	static const struct trail_hop hops[] = {
		{"cr1-fra-a.example.net", NS_PER_MS, NULL},
		{"cr1-ams-a.example.net", 7 * NS_PER_MS, NULL},
		{"cr1-erf-a.example.net", 8 * NS_PER_MS, NULL}, /* a small airport */
		{NULL, 8 * NS_PER_MS, &elsewhere},
		{"cr1-nyc-a.example.net", 9 * NS_PER_MS, &elsewhere},
	};
	enum { COUNT = sizeof hops / sizeof hops[0] };
	struct table *table = table_create();
	struct hints hints[COUNT];
	const struct place *chosen[COUNT];

	(void)state;
	trail_read(table, FRANKFURT, hops, COUNT, hints, chosen);

	assert_string_equal(chosen[0]->city, "Frankfurt");
	assert_string_equal(chosen[1]->city, "Amsterdam");
	assert_string_equal(chosen[2]->city, "Erfurt");
	assert_true(chosen[2]->is_learned);
	assert_ptr_equal(chosen[3], &elsewhere);
	assert_ptr_equal(chosen[4], &elsewhere);
	assert_string_equal(hints[4].places[0].city, "New York");
	assert_int_equal(hints[3].place_count, 0);
	table_destroy(table);
}

static void test_without_tables_no_name_is_read(void **state)
{
	static const struct trail_hop hop = {"cr1-fra-a.example.net", NS_PER_MS, NULL};
	struct hints hints;
	const struct place *chosen;

	(void)state;
	trail_read(NULL, FRANKFURT, &hop, 1, &hints, &chosen);

	assert_null(chosen);
	assert_string_equal(hints.operator, "");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_hops_teach_each_other_and_light_has_the_last_word),
		cmocka_unit_test(test_without_tables_no_name_is_read),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
