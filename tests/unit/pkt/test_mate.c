/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "pkt/mate.h"

#include "support/check.h"

static struct addr at(const char *text)
{
	struct addr addr;

	assert_true(addr_parse(text, &addr));
	return addr;
}

static enum mate_kind kind(const char *a, const char *b)
{
	struct addr x = at(a), y = at(b);

	assert_int_equal(mate_of(&x, &y), mate_of(&y, &x));
	return mate_of(&x, &y);
}

static void test_pairs_are_told_apart(void **state)
{
	(void)state;

	assert_int_equal(kind("10.0.0.4", "10.0.0.5"), MATE_31);
	assert_int_equal(kind("10.0.0.5", "10.0.0.6"), MATE_30);
	assert_int_equal(kind("10.0.0.6", "10.0.0.7"), MATE_31);
	assert_int_equal(kind("10.0.0.4", "10.0.0.7"), MATE_NONE);
	assert_int_equal(kind("10.0.0.7", "10.0.0.8"), MATE_NONE);
	assert_int_equal(kind("10.0.0.5", "10.0.0.5"), MATE_SAME);
	assert_int_equal(kind("10.0.0.5", "10.1.0.4"), MATE_NONE);
}

static void test_an_unknown_address_has_no_mate(void **state)
{
	struct addr none = {0}, some = at("10.0.0.1");
	(void)state;

	assert_int_equal(mate_of(&none, &some), MATE_NONE);
	assert_int_equal(mate_of(&none, &none), MATE_NONE);
}

/* Vector V16: two published traces over one backbone, there and back. */
static void test_v16_nine_links_are_walked_both_ways(void **state)
{
	static const char *const out[] = {
		"10.20.30.67", "10.22.25.198", "104.44.227.108", "104.44.21.153", "104.44.18.224",
		"104.44.18.151", "104.44.19.252", "104.44.7.223", "104.44.7.117", "104.44.7.99",
		"104.44.7.104", "104.44.18.155", "104.44.17.78", "207.46.33.149",
	};
	static const char *const back[] = {
		"207.46.33.149", "104.44.11.237", "104.44.17.79", "104.44.18.154", "104.44.7.105",
		"104.44.7.98", "104.44.7.116", "104.44.7.222", "104.44.19.253", "104.44.18.150",
		"104.44.18.225", "104.44.21.150", "104.44.227.193", "10.20.30.96",
	};
	int same = 0, mates = 0;
	(void)state;

	for (size_t i = 0; i < 14; i++) {
		for (size_t j = 0; j < 14; j++) {
			enum mate_kind found = kind(out[i], back[j]);

			same += found == MATE_SAME;
			mates += found == MATE_31;
		}
	}
	assert_int_equal(same, 1);
	assert_int_equal(mates, 9);
}

static void assert_candidates(const char *text, const char *first, const char *second)
{
	struct addr addr, mates[MATES_MAX];
	char found[ADDR_TEXT_MAX];
	size_t count;

	assert_true(addr_parse(text, &addr));
	count = mate_candidates(&addr, mates);
	assert_int_equal(count, second == NULL ? 1 : 2);
	assert_string_equal(addr_format(&mates[0], found), first);
	if (second != NULL) {
		assert_string_equal(addr_format(&mates[1], found), second);
	}
}

static void test_the_other_end_is_one_of_two_addresses_at_most(void **state)
{
	struct addr none = {0}, mates[MATES_MAX];

	(void)state;
	assert_candidates("192.0.2.0", "192.0.2.1", NULL);
	assert_candidates("192.0.2.1", "192.0.2.0", "192.0.2.2");
	assert_candidates("192.0.2.2", "192.0.2.3", "192.0.2.1");
	assert_candidates("192.0.2.255", "192.0.2.254", NULL);
	assert_candidates("2001:db8::5", "2001:db8::4", "2001:db8::6");
	assert_int_equal(mate_candidates(&none, mates), 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_pairs_are_told_apart),
		cmocka_unit_test(test_an_unknown_address_has_no_mate),
		cmocka_unit_test(test_the_other_end_is_one_of_two_addresses_at_most),
		cmocka_unit_test(test_v16_nine_links_are_walked_both_ways),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
