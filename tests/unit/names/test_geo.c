/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "support/check.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "names/geo.h"

/* The files are those of tests/names/make_mmdb.pl, kept as seeds of the fuzz target. */
static struct geo *open_seed(const char *name, enum geo_kind kind, struct err *err)
{
	const char *srcdir = getenv("srcdir");
	char path[1024];

	(void)snprintf(path, sizeof path, "%s/tests/fuzz/corpus/mmdb/%s",
		srcdir == NULL ? "." : srcdir, name);
	return geo_open(path, kind, err);
}

static struct geo *must_open(const char *name, enum geo_kind kind)
{
	struct err err = {0};
	struct geo *geo = open_seed(name, kind, &err);

	if (geo == NULL) {
		print_message("%s\n", err.text);
	}
	assert_non_null(geo);
	return geo;
}

static struct addr address(const char *text)
{
	struct addr addr;

	assert_true(addr_parse(text, &addr));
	return addr;
}

static bool ask_network(struct geo *geo, const char *text, struct network *ret_network)
{
	struct addr addr = address(text);

	return geo_network(geo, &addr, ret_network);
}

static bool ask_place(struct geo *geo, const char *text, struct place *ret_place)
{
	struct addr addr = address(text);

	return geo_place(geo, &addr, ret_place);
}

static void test_networks_are_read_by_key_in_the_layouts_of_several_makers(void **state)
{
	static const char *const files[] = {"maxmind-asn", "ipinfo-lite", "ipinfo-asn"};

	(void)state;
	for (size_t i = 0; i < sizeof files / sizeof files[0]; i++) {
		struct geo *geo = must_open(files[i], GEO_NETWORKS);
		struct network network;

		assert_true(ask_network(geo, "127.1.2.3", &network));
		assert_int_equal(network.asn, 64500);
		assert_string_equal(network.name, "Example Networks");
		assert_string_equal(network.prefix, "127.0.0.0/8");
		assert_false(ask_network(geo, "203.0.113.1", &network));
		assert_false(geo_is_broken(geo));
		geo_close(geo);
	}
}

static void test_a_large_number_and_a_foreign_name_are_whole(void **state)
{
	struct geo *geo = must_open("maxmind-asn", GEO_NETWORKS);
	struct network network;

	(void)state;
	assert_true(ask_network(geo, "192.0.2.77", &network));
	assert_int_equal(network.asn, 4200000001U);
	assert_string_equal(network.name, "M\xc3\xbcnchen Netz");
	assert_string_equal(network.prefix, "192.0.2.0/25");
	assert_false(ask_network(geo, "192.0.2.128", &network));
	assert_true(ask_network(geo, "2001:db8:1:2::3", &network));
	assert_int_equal(network.asn, 64501);
	assert_string_equal(network.prefix, "2001:db8:1::/48");
	geo_close(geo);
}

static void test_places_are_read_by_key_in_the_layouts_of_several_makers(void **state)
{
	static const char *const files[] = {"maxmind-city", "ipinfo-city", "dbip-city"};

	(void)state;
	for (size_t i = 0; i < sizeof files / sizeof files[0]; i++) {
		struct geo *geo = must_open(files[i], GEO_PLACES);
		struct place place;

		assert_true(ask_place(geo, "127.0.0.1", &place));
		assert_int_equal(place.kind, PLACE_DATABASE);
		assert_string_equal(place.city, "Frankfurt am Main");
		assert_string_equal(place.country, "DE");
		assert_int_equal(place.lat, 5011);
		assert_int_equal(place.lon, 868);
		/* Less than the least that a name may say. */
		assert_true(place.percent < 60);
		geo_close(geo);
	}
}

static void test_a_place_that_is_not_exact_is_a_country(void **state)
{
	struct geo *city = must_open("maxmind-city", GEO_PLACES);
	struct geo *country = must_open("country", GEO_PLACES);
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
	geo_close(city);
	geo_close(country);
}

static void test_an_address_of_the_other_family_is_no_damage(void **state)
{
	struct geo *geo = must_open("ipinfo-asn", GEO_NETWORKS);
	struct network network;

	(void)state;
	assert_false(ask_network(geo, "2001:db8:1::1", &network));
	assert_false(geo_is_broken(geo));
	assert_true(ask_network(geo, "127.0.0.1", &network));
	geo_close(geo);
}

static void test_a_file_of_another_kind_is_refused_and_says_what_it_is(void **state)
{
	static const struct {
		const char *file;
		enum geo_kind kind;
		const char *says;
	} rows[] = {
		{"maxmind-city", GEO_NETWORKS, "has no AS numbers (it calls itself GeoLite2-City)"},
		{"maxmind-asn", GEO_PLACES, "has no cities or countries (it calls itself "
			"GeoLite2-ASN)"},
		{"other", GEO_PLACES, "GeoIP2-Connection-Type"},
		{"other", GEO_NETWORKS, "GeoIP2-Connection-Type"},
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
	assert_null(geo_open("/nowhere/at.all", GEO_NETWORKS, &err));
	assert_int_equal(err.code, ERR_NOT_FOUND);
	assert_null(geo_open("/dev/null", GEO_NETWORKS, &err));
	assert_null(geo_open("/", GEO_NETWORKS, &err));
	assert_null(open_seed("../../fuzz.h", GEO_NETWORKS, &err));
	assert_true(err.text[0] != '\0');
}

static void test_without_a_file_nothing_is_known(void **state)
{
	struct network network;
	struct place place;
	struct addr none = {0};
	struct geo *geo = must_open("maxmind-asn", GEO_NETWORKS);

	(void)state;
	assert_false(ask_network(NULL, "127.0.0.1", &network));
	assert_false(ask_place(NULL, "127.0.0.1", &place));
	assert_false(geo_network(geo, &none, &network));
	assert_false(geo_is_broken(NULL));
	geo_close(geo);
	geo_close(NULL);
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
