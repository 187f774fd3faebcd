/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "support/check.h"

#include "names/border.h"
#include "names/hostname.h"
#include "support/name_table.h"

enum { STEPS = 8 };

struct path {
	struct hints hints[STEPS], mates[STEPS];
	struct border_step steps[STEPS];
	size_t count;
};

/* The next hop, by its name and by the name at the other end of its link; NULL: none. */
static void add(struct path *path, const char *name, const char *mate, uint32_t asn)
{
	size_t k = path->count++;

	if (name != NULL) {
		hostname_read(table, name, &path->hints[k]);
	}
	if (mate != NULL) {
		hostname_read(table, mate, &path->mates[k]);
	}
	path->steps[k] = (struct border_step){&path->hints[k], &path->mates[k], asn};
}

static struct border only_border(const struct path *path)
{
	struct border borders[STEPS];

	assert_int_equal(border_find(path->steps, path->count, borders, STEPS), 1);
	return borders[0];
}

static void test_the_operators_of_neighbours_differ(void **state)
{
	struct path path = {.count = 0};
	struct border border;

	(void)state;
	add(&path, "ae1.cr1.fra1.example.net", NULL, 0);
	add(&path, "ae2.cr2.fra1.example.net", NULL, 0);
	add(&path, "ae7.edge3.fra2.other.org", NULL, 0);
	add(&path, "ae9.core1.ams1.other.org", NULL, 0);
	border = only_border(&path);

	assert_int_equal(border.hop, 3);
	assert_string_equal(border.near, "example.net");
	assert_string_equal(border.far, "other.org");
	assert_int_equal(border.sign, BORDER_NAMES);
	assert_int_equal(border.percent, 80);
}

static void test_a_mate_of_the_near_side_leaves_no_doubt(void **state)
{
	struct path path = {.count = 0};

	(void)state;
	add(&path, "ae2.cr2.fra1.example.net", NULL, 0);
	add(&path, "ae7.edge3.fra2.other.org", "ae5.cr2.fra1.example.net", 0);

	assert_int_equal(only_border(&path).percent, 95);
}

/* Page 24 of the NANOG 47 talk: hop 5 has an address of gblx's and is Cogent's router. */
static void test_a_port_named_after_its_far_side_is_that_sides(void **state)
{
	struct path path = {.count = 0};
	struct border border;

	(void)state;
	add(&path, "po2-20G.ar5.DCA3.gblx.net", NULL, 0);
	add(&path, "cogent-1.ar5.DCA3.gblx.net", "te2-3-10GE.ar5.DCA3.gblx.net", 0);
	add(&path, "te4-2.mpd01.dca01.atlas.cogentco.com", NULL, 0);
	border = only_border(&path);

	assert_int_equal(border.hop, 2);
	assert_string_equal(border.near, "gblx.net");
	assert_string_equal(border.far, "cogent");
	assert_int_equal(border.sign, BORDER_PARTY);
}

/* The same without the hint in the name: the router's name stands twice. */
static void test_a_far_end_that_bears_the_near_routers_name_is_anothers(void **state)
{
	struct path path = {.count = 0};
	struct border border;

	(void)state;
	add(&path, "po2-20G.ar5.DCA3.gblx.net", NULL, 0);
	add(&path, "te2-4.ar5.DCA3.gblx.net", NULL, 0);
	add(&path, "te4-2.mpd01.dca01.atlas.cogentco.com", NULL, 0);
	border = only_border(&path);

	assert_int_equal(border.hop, 2);
	assert_string_equal(border.far, "cogentco.com");
	assert_int_equal(border.sign, BORDER_ROUTER);
}

static void test_a_far_end_without_a_name_is_told_by_its_mate(void **state)
{
	struct path path = {.count = 0}, without = {.count = 0};
	struct border border;

	(void)state;
	add(&path, "ae1.cr1.fra1.example.net", NULL, 0);
	add(&path, NULL, "ae7.cr1.fra1.example.net", 0);
	add(&path, "ae9.core1.ams1.other.org", NULL, 0);
	border = only_border(&path);
	assert_int_equal(border.hop, 2);
	assert_int_equal(border.sign, BORDER_MATE);
	assert_string_equal(border.far, "other.org");

	/* Not every port has a name: where the operator goes on, nothing is said. */
	add(&without, "ae1.cr1.fra1.example.net", NULL, 0);
	add(&without, NULL, "ae7.cr1.fra1.example.net", 0);
	add(&without, "ae9.core1.ams1.example.net", NULL, 0);
	assert_int_equal(border_find(without.steps, without.count, &border, 1), 0);
}

static void test_coming_from_outside_the_named_port_is_the_operators_own(void **state)
{
	struct path path = {.count = 0};
	struct border border;

	(void)state;
	add(&path, "te4-2.mpd01.dca01.atlas.cogentco.com", NULL, 0);
	add(&path, "cogent-gw.edge1.ams2.example.net", NULL, 0);
	add(&path, "ae1.cr1.ams2.example.net", NULL, 0);
	border = only_border(&path);

	assert_int_equal(border.hop, 2);
	assert_string_equal(border.near, "cogentco.com");
	assert_string_equal(border.far, "example.net");
}

static void test_a_customer_is_said_to_be_one(void **state)
{
	struct path path = {.count = 0};
	struct border border;

	(void)state;
	add(&path, "ae1.edge1.ams2.example.net", NULL, 0);
	add(&path, "booking.edge1.ams2.example.net", NULL, 0);
	border = only_border(&path);

	assert_string_equal(border.far, "booking");
	assert_int_equal(border.relation, RELATION_CUSTOMER);
}

static void test_without_names_the_numbers_tell(void **state)
{
	struct path path = {.count = 0};
	struct border border;

	(void)state;
	add(&path, NULL, NULL, 64500);
	add(&path, NULL, NULL, 0);
	add(&path, NULL, NULL, 64501);
	border = only_border(&path);

	assert_int_equal(border.hop, 3);
	assert_string_equal(border.near, "AS64500");
	assert_string_equal(border.far, "AS64501");
	assert_int_equal(border.sign, BORDER_NUMBERS);
}

static void test_a_number_is_no_beginning_of_another(void **state)
{
	struct path path = {.count = 0};

	(void)state;
	add(&path, NULL, NULL, 6450);
	add(&path, NULL, NULL, 64500);

	assert_string_equal(only_border(&path).far, "AS64500");
}

static void test_one_network_has_no_border(void **state)
{
	struct path path = {.count = 0};
	struct border border;

	(void)state;
	assert_int_equal(border_find(path.steps, 0, &border, 1), 0);
	add(&path, NULL, NULL, 0);
	add(&path, "ae1.cr1.fra1.example.net", NULL, 64500);
	add(&path, NULL, NULL, 64500);
	add(&path, "ae2.cr2.ams1.example.net", NULL, 64501);

	assert_int_equal(border_find(path.steps, path.count, &border, 1), 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_the_operators_of_neighbours_differ),
		cmocka_unit_test(test_a_mate_of_the_near_side_leaves_no_doubt),
		cmocka_unit_test(test_a_port_named_after_its_far_side_is_that_sides),
		cmocka_unit_test(test_a_far_end_that_bears_the_near_routers_name_is_anothers),
		cmocka_unit_test(test_a_far_end_without_a_name_is_told_by_its_mate),
		cmocka_unit_test(test_coming_from_outside_the_named_port_is_the_operators_own),
		cmocka_unit_test(test_a_customer_is_said_to_be_one),
		cmocka_unit_test(test_without_names_the_numbers_tell),
		cmocka_unit_test(test_a_number_is_no_beginning_of_another),
		cmocka_unit_test(test_one_network_has_no_border),
	};

	return cmocka_run_group_tests(tests, load_table, unload_table);
}
