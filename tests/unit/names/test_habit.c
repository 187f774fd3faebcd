/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "support/check.h"

#include <string.h>

#include "names/habit.h"
#include "names/hostname.h"
#include "names/table.h"

struct reader {
	struct table *table;
	struct habits *habits;
};

static int make_reader(void **state)
{
	static struct reader reader;

	reader = (struct reader){table_create(), habits_create(16)};
	*state = &reader;
	return 0;
}

static int forget(void **state)
{
	struct reader *reader = *state;

	habits_clear(reader->habits);
	return 0;
}

static int destroy_reader(void **state)
{
	struct reader *reader = *state;

	habits_destroy(reader->habits);
	table_destroy(reader->table);
	return 0;
}

static void learn(struct reader *reader, const char *name)
{
	struct hints hints;

	hostname_read(reader->table, name, &hints);
	habits_learn(reader->habits, name, &hints);
}

static struct hints ask(struct reader *reader, const char *name)
{
	struct hints hints;

	hostname_read(reader->table, name, &hints);
	habits_apply(reader->habits, reader->table, name, &hints);
	return hints;
}

static void test_sure_names_teach_where_an_unsure_one_has_its_place(void **state)
{
	struct reader *reader = *state;
	struct hints hints = ask(reader, "cr1-erf-a.example.net");

	assert_int_equal(hints.place_count, 0);
	learn(reader, "cr1-fra-a.example.net");
	learn(reader, "cr1-ams-a.example.net");
	hints = ask(reader, "cr1-erf-a.example.net");

	assert_int_equal(hints.place_count, 1);
	assert_string_equal(hints.places[0].city, "Erfurt");
	assert_string_equal(hints.places[0].token, "erf");
	assert_true(hints.places[0].is_learned);
	/* A guess all the same. */
	assert_true(hints.places[0].percent < 70);
}

static void test_a_word_that_is_a_code_is_one_where_codes_stand(void **state)
{
	struct reader *reader = *state;

	assert_int_equal(ask(reader, "cr1-man-a.example.net").place_count, 0);
	learn(reader, "cr1-fra-a.example.net");
	learn(reader, "cr1-ams-a.example.net");

	assert_string_equal(ask(reader, "cr1-man-a.example.net").places[0].token, "man");
	assert_int_equal(ask(reader, "man-cr1-a.example.net").place_count, 0);
}

static void test_one_city_of_many_routers_teaches_nothing(void **state)
{
	struct reader *reader = *state;

	learn(reader, "cr1-fra-a.example.net");
	learn(reader, "cr2-fra-a.example.net");
	learn(reader, "cr3-fra-b.example.net");

	assert_int_equal(ask(reader, "cr1-erf-a.example.net").place_count, 0);
}

static void test_an_operator_does_not_teach_another(void **state)
{
	struct reader *reader = *state;

	learn(reader, "cr1-fra-a.example.net");
	learn(reader, "cr1-ams-a.example.net");

	assert_int_equal(ask(reader, "cr1-erf-a.example.org").place_count, 0);
}

static void test_names_that_do_not_agree_teach_nothing(void **state)
{
	struct reader *reader = *state;

	learn(reader, "cr1-fra-a.example.net");
	learn(reader, "lon-cr1.example.net");
	learn(reader, "cr1-ams-a.example.net");
	learn(reader, "par-cr1.example.net");

	assert_int_equal(ask(reader, "cr1-erf-a.example.net").place_count, 0);
}

static void test_a_sure_name_stays_as_it_is(void **state)
{
	struct reader *reader = *state;
	struct hints before, after;

	learn(reader, "cr1-fra-a.example.net");
	learn(reader, "cr1-ams-a.example.net");
	hostname_read(reader->table, "cr1-lon-a.example.net", &before);
	after = ask(reader, "cr1-lon-a.example.net");

	assert_memory_equal(&before, &after, sizeof before);
}

static void test_positions_are_counted_from_the_operators_domain(void **state)
{
	/*                                    0123456789012345678901234567890 */
	static const char name[] = "ae1-0.cr1-fra3xy-a.de.example.net";
	struct habit at = habit_at(name, 10, 3, strlen(name) - strlen("example.net"));
	struct habit other = at;

	(void)state;
	assert_int_equal(at.label, 1);
	assert_int_equal(at.left, 1);
	assert_int_equal(at.right, 1);
	assert_int_equal(at.len, 3);
	assert_false(at.is_glued);
	other.left = 2;
	assert_true(habit_fits(&other, &at));
	other.right = 2;
	assert_false(habit_fits(&other, &at));
	other = at;
	other.len = 4;
	assert_false(habit_fits(&other, &at));
}

#define WITH_READER(test) cmocka_unit_test_setup(test, forget)

int main(void)
{
	const struct CMUnitTest tests[] = {
		WITH_READER(test_sure_names_teach_where_an_unsure_one_has_its_place),
		WITH_READER(test_a_word_that_is_a_code_is_one_where_codes_stand),
		WITH_READER(test_one_city_of_many_routers_teaches_nothing),
		WITH_READER(test_an_operator_does_not_teach_another),
		WITH_READER(test_names_that_do_not_agree_teach_nothing),
		WITH_READER(test_a_sure_name_stays_as_it_is),
		cmocka_unit_test(test_positions_are_counted_from_the_operators_domain),
	};

	return cmocka_run_group_tests(tests, make_reader, destroy_reader);
}
