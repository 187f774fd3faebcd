/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "support/check.h"

#include "names/builtin.h"
#include "names/table.h"

static void add(struct table *table, const char *text)
{
	struct err err = {0};

	if (!table_add(table, text, strlen(text), &err)) {
		fail_msg("%s", err.text);
	}
}

static const struct row *find(const struct table *table, const char *key, enum row_class class)
{
	return table_find(table, key, strlen(key), class);
}

static void test_every_code_means_a_city_of_the_tables(void **state)
{
	struct table *table = table_create();
	const char *text = (const char *)names_builtin;
	size_t codes = 0;

	(void)state;
	assert_non_null(table);
	for (const char *line = text; line < text + names_builtin_size;) {
		const char *end = memchr(line, '\n', names_builtin_size - (size_t)(line - text));
		const char *tab = line[0] == 'k' ?
			memchr(line + 2, '\t', (size_t)(end - line - 2)) : NULL;

		if (tab != NULL) {
			for (const struct row *row = table_find(table, line + 2, (size_t)(tab - line - 2),
			     ROW_CODE); row != NULL; row = table_next(row, ROW_CODE)) {
				if (table_city_of(table, row) == NULL) {
					fail_msg("%s: no city %s", row->key, row->text[2]);
				}
				codes++;
			}
		}
		line = end + 1;
	}
	assert_true(codes > 800);
	table_destroy(table);
}

static void test_the_tables_of_places_stay_small(void **state)
{
	(void)state;
	assert_true(names_builtin_size < 400000);
}

static void test_a_later_row_comes_first(void **state)
{
	struct table *table = table_create();

	(void)state;
	add(table, "k\tfra\tcustom\tVienna\tAT\n");

	assert_string_equal(table_city_of(table, find(table, "fra", ROW_CODE))->text[0], "Vienna");
	table_destroy(table);
}

static void test_the_key_of_a_city_is_its_letters(void **state)
{
	struct table *table = table_create();

	(void)state;
	add(table, "c\tBad Ems-Ost\tDE\t\t5033\t772\t9\n");

	assert_int_equal(find(table, "bademsost", ROW_CITY)->lat, 5033);
	assert_null(find(table, "badems", ROW_CITY));
	assert_null(find(table, "bademsost", ROW_AIRPORT));
	table_destroy(table);
}

static void test_bad_lines_are_refused_by_number(void **state)
{
	static const char *const bad[] = {"k", "q\tx", "c\t\tDE\t\t1\t1\t1", "c\tX\tDEU\t\t1\t1\t1",
		"c\tX\tDE\t\t9001\t1\t1", "c\tX\tDE\t\t1\t\t1", "a\tabc\tX\tDE\t\t1\t1\tL\t-1",
		"k\tabc\tcustom\tX\tDE\tTOOLONG", "g\tzz\t1", "\t\t\t", "c\t12\tDE\t\t1\t1\t1"};
	struct table *table = table_create();

	(void)state;
	for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
		char text[100];
		struct err err = {0};
		int len = snprintf(text, sizeof text, "# a comment\n\n%s\n", bad[i]);

		assert_false(table_add(table, text, (size_t)len, &err));
		assert_string_equal(err.text, "line 3 is malformed: see data/names/README");
	}
	table_destroy(table);
}

static void test_a_last_line_needs_no_end(void **state)
{
	struct table *table = table_create();

	(void)state;
	add(table, "s\tzzyzx");

	assert_non_null(find(table, "zzyzx", ROW_STOP));
	table_destroy(table);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_every_code_means_a_city_of_the_tables),
		cmocka_unit_test(test_the_tables_of_places_stay_small),
		cmocka_unit_test(test_a_later_row_comes_first),
		cmocka_unit_test(test_the_key_of_a_city_is_its_letters),
		cmocka_unit_test(test_bad_lines_are_refused_by_number),
		cmocka_unit_test(test_a_last_line_needs_no_end),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
