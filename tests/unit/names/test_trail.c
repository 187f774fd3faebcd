/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "support/check.h"

#include "names/hostname.h"
#include "names/place.h"
#include "names/table.h"
#include "names/trail.h"

static const struct spot FRANKFURT = {true, 5011, 868};

static void test_hops_teach_each_other_and_light_has_the_last_word(void **state)
{
	static const struct place elsewhere = {.kind = PLACE_DATABASE, .city = "Mainz",
		.country = "DE", .lat = 5000, .lon = 827, .percent = 58};
	/* Erfurt has a small airport. */
	static const char *const names[] = {"cr1-fra-a.example.net", "cr1-ams-a.example.net",
		"cr1-erf-a.example.net", NULL, "cr1-nyc-a.example.net"};
	enum { COUNT = sizeof names / sizeof names[0] };
	struct hints hints[COUNT] = {{.place_count = 0}};
	const struct place_step steps[COUNT] = {{&hints[0], NS_PER_MS, NULL},
		{&hints[1], 7 * NS_PER_MS, NULL}, {&hints[2], 8 * NS_PER_MS, NULL},
		{&hints[3], 8 * NS_PER_MS, &elsewhere}, {&hints[4], 9 * NS_PER_MS, &elsewhere}};
	struct table *table = table_create();
	const struct place *chosen[COUNT];

	(void)state;
	for (size_t i = 0; i < COUNT; i++) {
		if (names[i] != NULL) {
			hostname_read(table, names[i], &hints[i]);
		}
	}
	trail_learn(table, names, COUNT, hints);
	place_choose(FRANKFURT, steps, COUNT, chosen);

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

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_hops_teach_each_other_and_light_has_the_last_word),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
