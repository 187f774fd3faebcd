/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "support/check.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "names/mmdb.h"

/* The files are those of tests/names/make_mmdb.pl, kept as seeds of the fuzz target. */
static struct mmdb *open_seed(const char *name, enum mmdb_kind kind, struct err *err)
{
	const char *srcdir = getenv("srcdir");
	char path[1024];

	(void)snprintf(path, sizeof path, "%s/tests/fuzz/corpus/mmdb/%s",
		srcdir == NULL ? "." : srcdir, name);
	return mmdb_open(path, kind, err);
}

static struct mmdb *must_open(const char *name, enum mmdb_kind kind)
{
	struct err err = {0};
	struct mmdb *mmdb = open_seed(name, kind, &err);

	if (mmdb == NULL) {
		print_message("%s\n", err.text);
	}
	assert_non_null(mmdb);
	return mmdb;
}

static struct addr address(const char *text)
{
	struct addr addr;

	assert_true(addr_parse(text, &addr));
	return addr;
}

static bool ask_network(struct mmdb *mmdb, const char *text, struct network *ret_network)
{
	struct addr addr = address(text);

	return mmdb_network(mmdb, &addr, ret_network);
}

static bool ask_place(struct mmdb *mmdb, const char *text, struct place *ret_place)
{
	struct addr addr = address(text);

	return mmdb_place(mmdb, &addr, ret_place);
}

static void test_networks_are_read_by_key_in_the_layouts_of_several_makers(void **state)
{
	static const char *const files[] = {"maxmind-asn", "ipinfo-lite", "ipinfo-asn"};

	(void)state;
	for (size_t i = 0; i < sizeof files / sizeof files[0]; i++) {
		struct mmdb *mmdb = must_open(files[i], MMDB_NETWORKS);
		struct network network;

		assert_true(ask_network(mmdb, "127.1.2.3", &network));
		assert_int_equal(network.asn, 64500);
		assert_string_equal(network.name, "Example Networks");
		assert_string_equal(network.prefix, "127.0.0.0/8");
		assert_string_equal(network.country, i == 1 ? "DE" : "");
		assert_false(ask_network(mmdb, "203.0.113.1", &network));
		assert_false(mmdb_is_broken(mmdb));
		mmdb_close(mmdb);
	}
}

static void test_a_large_number_and_a_foreign_name_are_whole(void **state)
{
	struct mmdb *mmdb = must_open("maxmind-asn", MMDB_NETWORKS);
	struct network network;

	(void)state;
	assert_true(ask_network(mmdb, "192.0.2.77", &network));
	assert_int_equal(network.asn, 4200000001U);
	assert_string_equal(network.name, "M\xc3\xbcnchen Netz");
	assert_string_equal(network.prefix, "192.0.2.0/25");
	assert_false(ask_network(mmdb, "192.0.2.128", &network));
	assert_true(ask_network(mmdb, "2001:db8:1:2::3", &network));
	assert_int_equal(network.asn, 64501);
	assert_string_equal(network.prefix, "2001:db8:1::/48");
	mmdb_close(mmdb);
}

static void test_places_are_read_by_key_in_the_layouts_of_several_makers(void **state)
{
	static const char *const files[] = {"maxmind-city", "ipinfo-city", "dbip-city"};

	(void)state;
	for (size_t i = 0; i < sizeof files / sizeof files[0]; i++) {
		struct mmdb *mmdb = must_open(files[i], MMDB_PLACES);
		struct place place;

		assert_true(ask_place(mmdb, "127.0.0.1", &place));
		assert_int_equal(place.kind, PLACE_DATABASE);
		assert_string_equal(place.city, "Frankfurt am Main");
		assert_string_equal(place.country, "DE");
		assert_int_equal(place.lat, 5011);
		assert_int_equal(place.lon, 868);
		/* Less than the least that a name may say. */
		assert_true(place.percent < 60);
		mmdb_close(mmdb);
	}
}

static void test_a_place_that_is_not_exact_is_a_country(void **state)
{
	struct mmdb *city = must_open("maxmind-city", MMDB_PLACES);
	struct mmdb *country = must_open("country", MMDB_PLACES);
	struct place place;

	(void)state;
	assert_true(ask_place(city, "192.0.2.1", &place));
	assert_int_equal(place.kind, PLACE_NONE);
	assert_string_equal(place.country, "BR");
	assert_true(ask_place(city, "198.51.100.1", &place));
	assert_int_equal(place.kind, PLACE_NONE);
	assert_string_equal(place.country, "US");
	assert_true(ask_place(city, "2001:db8:77::1", &place));
	assert_string_equal(place.city, "S\xc3\xa3o Paulo");
	assert_int_equal(place.lat, -2355);
	assert_true(ask_place(country, "127.0.0.1", &place));
	assert_int_equal(place.kind, PLACE_NONE);
	assert_string_equal(place.country, "DE");
	mmdb_close(city);
	mmdb_close(country);
}

static void test_an_address_of_the_other_family_is_no_damage(void **state)
{
	struct mmdb *mmdb = must_open("ipinfo-asn", MMDB_NETWORKS);
	struct network network;

	(void)state;
	assert_false(ask_network(mmdb, "2001:db8:1::1", &network));
	assert_false(mmdb_is_broken(mmdb));
	assert_true(ask_network(mmdb, "127.0.0.1", &network));
	mmdb_close(mmdb);
}

static void test_a_file_of_another_kind_is_refused_and_says_what_it_is(void **state)
{
	static const struct {
		const char *file;
		enum mmdb_kind kind;
		const char *says;
	} rows[] = {
		{"maxmind-city", MMDB_NETWORKS, "has no AS numbers (its type is GeoLite2-City)"},
		{"maxmind-asn", MMDB_PLACES, "has no cities or countries (its type is GeoLite2-ASN)"},
		{"other", MMDB_PLACES, "GeoIP2-Connection-Type"},
		{"other", MMDB_NETWORKS, "GeoIP2-Connection-Type"},
	};

	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
		struct err err = {0};

		assert_null(open_seed(rows[i].file, rows[i].kind, &err));
		assert_non_null(strstr(err.text, rows[i].says));
	}
}

static void test_what_is_no_such_file_is_refused(void **state)
{
	struct err err = {0};

	(void)state;
	assert_null(mmdb_open("/nowhere/at.all", MMDB_NETWORKS, &err));
	assert_int_equal(err.code, ERR_NOT_FOUND);
	assert_null(mmdb_open("/dev/null", MMDB_NETWORKS, &err));
	assert_null(mmdb_open("/", MMDB_NETWORKS, &err));
	assert_null(open_seed("../../fuzz.h", MMDB_NETWORKS, &err));
	assert_true(err.text[0] != '\0');
}

static void test_without_a_file_nothing_is_known(void **state)
{
	struct network network;
	struct place place;
	struct addr none = {0};
	struct mmdb *mmdb = must_open("maxmind-asn", MMDB_NETWORKS);

	(void)state;
	assert_false(ask_network(NULL, "127.0.0.1", &network));
	assert_false(ask_place(NULL, "127.0.0.1", &place));
	assert_false(mmdb_network(mmdb, &none, &network));
	assert_false(mmdb_is_broken(NULL));
	mmdb_close(mmdb);
	mmdb_close(NULL);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_networks_are_read_by_key_in_the_layouts_of_several_makers),
		cmocka_unit_test(test_a_large_number_and_a_foreign_name_are_whole),
		cmocka_unit_test(test_places_are_read_by_key_in_the_layouts_of_several_makers),
		cmocka_unit_test(test_a_place_that_is_not_exact_is_a_country),
		cmocka_unit_test(test_an_address_of_the_other_family_is_no_damage),
		cmocka_unit_test(test_a_file_of_another_kind_is_refused_and_says_what_it_is),
		cmocka_unit_test(test_what_is_no_such_file_is_refused),
		cmocka_unit_test(test_without_a_file_nothing_is_known),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
