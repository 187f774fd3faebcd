/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "support/check.h"

#include "names/hostname.h"
#include "support/name_table.h"

static struct hints read_name(const char *name)
{
	struct hints hints;

	hostname_read(table, name, &hints);
	return hints;
}

/* The city that the name says, or "". */
static void assert_city(const char *name, const char *city, const char *country)
{
	struct hints hints = read_name(name);

	if (strcmp(hints.places[0].city, city) != 0 ||
	    strcmp(hints.places[0].country, country) != 0) {
		fail_msg("%s: %s %s, not %s %s", name, hints.places[0].city, hints.places[0].country,
			city, country);
	}
}

static void assert_port(const char *name, enum port_type type, const char *token,
	uint32_t speed_mbps)
{
	struct hints hints = read_name(name);

	if (hints.port.type != type || strcmp(hints.port.token, token) != 0 ||
	    hints.port.speed_mbps != speed_mbps) {
		fail_msg("%s: %s '%s' %u", name, port_type_name(hints.port.type), hints.port.token,
			hints.port.speed_mbps);
	}
}

static void test_a_server_is_nobodys_customer(void **state)
{
	(void)state;

	assert_string_equal(read_name("www.lon22.example.net").other_party, "");
	assert_string_equal(read_name("ns2.fra1.example.net").other_party, "");
	assert_int_equal(read_name("www.lon22.example.net").relation, RELATION_NONE);
	assert_city("www.lon22.example.net", "London", "GB");
}

static void test_a_bundle_of_a_backbone_router(void **state)
{
	struct hints hints = read_name("be-7-0.ibr02.lon22.ntwk.msn.net");

	(void)state;
	assert_string_equal(hints.operator, "msn.net");
	assert_string_equal(hints.router, "ibr02.lon22");
	assert_string_equal(hints.places[0].token, "lon");
	assert_int_equal(hints.places[0].kind, PLACE_METRO);
	assert_string_equal(hints.places[0].city, "London");
	assert_int_equal(hints.port.type, PORT_LAG);
	assert_string_equal(hints.port.token, "be-7-0");
	assert_string_equal(hints.port.vendor, "cisco");
	assert_string_equal(hints.port.unit, "0");
	assert_string_equal(hints.port.slot, "");
	assert_int_equal(hints.role, ROUTER_CORE);
	assert_string_equal(hints.other_party, "");
}

static void test_a_slot_of_a_juniper_router(void **state)
{
	struct hints hints = read_name("xe-11-1-0.edge1.NewYork1.Level3.net");

	(void)state;
	assert_string_equal(hints.port.slot, "11");
	assert_string_equal(hints.port.vendor, "juniper");
	assert_int_equal(hints.port.speed_mbps, 10000);
	assert_int_equal(hints.role, ROUTER_EDGE);
	assert_string_equal(hints.places[0].city, "New York");
	assert_string_equal(hints.router, "edge1.newyork1");
}

static void test_the_other_party_of_a_border(void **state)
{
	struct hints hints = read_name("cogent-1.ar5.DCA3.gblx.net");

	(void)state;
	assert_string_equal(hints.other_party, "cogent");
	assert_string_equal(hints.router, "ar5.dca3");
	assert_string_equal(hints.places[0].city, "Washington");
}

static void test_places_as_operators_write_them(void **state)
{
	(void)state;
	assert_city("ae162-0.icr02.mwh01.ntwk.msn.net", "Moses Lake", "US");
	assert_city("be-8-0.ibr02.dsm05.ntwk.msn.net", "Des Moines", "US");
	assert_city("cr1.salt-lake-city.example.net", "Salt Lake City", "US");
	assert_city("ae1.cr1.saltlakecity1.example.net", "Salt Lake City", "US");
	assert_city("ae0.nycmny837aw-bcr00.example.net", "New York", "US");
	assert_city("bbr01slkcut.example.net", "Salt Lake City", "US");
	assert_city("defra1-cr2.example.net", "Frankfurt", "DE");
	assert_city("uslax2-cr2.example.net", "Los Angeles", "US");
	assert_city("cr1.350ecermak.il.example.net", "Chicago", "US");
	assert_city("pe2.bgn.no.example.net", "Bergen", "NO");
	assert_city("r1.winnipegcf.example.net", "Winnipeg", "CA");
}

static void test_country_and_state_choose_between_namesakes(void **state)
{
	(void)state;
	assert_city("us-sjo01a-ri1.example.net", "San Jose", "US");
	assert_city("cr1.portland.me.example.net", "Portland", "US");
	assert_int_equal(read_name("cr1.portland.me.example.net").places[0].lat, 4366);
	assert_int_equal(read_name("cr1.portland.or.example.net").places[0].lat, 4552);
	assert_city("cr1.vienna.va.example.net", "Vienna", "US");
	assert_city("cr1.vienna.at.example.net", "Vienna", "AT");
	assert_city("core1-bue2.example.com.ar", "Buenos Aires", "AR");
	assert_city("p-gw-nte-02.example.fr", "Nantes", "FR");
	assert_city("han2-cr1.example.de", "Hannover", "DE");
	assert_city("cr1.han2.example.net", "Hanoi", "VN");
}

static void test_words_and_addresses_are_no_places(void **state)
{
	(void)state;
	assert_city("core.example.net", "", "");
	assert_city("gig1.pop1.example.net", "", "");
	assert_city("host-192-0-2-77.static.example.net", "", "");
	assert_city("vss-1b.example.eu", "", "");
	assert_city("lax-cr1--fra-cr2.example.net", "", "");
	assert_city("lax-cr1--lax-cr2.example.net", "Los Angeles", "US");
	assert_string_equal(read_name("lax-cr1--fra-cr2.example.net").ends[0], "Los Angeles");
	assert_string_equal(read_name("lax-cr1--fra-cr2.example.net").ends[1], "Frankfurt");
	assert_string_equal(read_name("lax-cr1--lax-cr2.example.net").ends[0], "");
	assert_city("nyc-lon-100g.example.net", "", "");
	assert_city("frankfurt-amsterdam.example.net", "", "");
	assert_string_equal(read_name("frankfurt-amsterdam.example.net").ends[1], "Amsterdam");
	assert_city("xn--mnchen-3ya.example.net", "", "");
	assert_city("xn--mnchen-3ya.fra1.example.net", "Frankfurt", "DE");
	assert_city("fra.net", "", "");
}

static void test_interfaces_of_many_systems(void **state)
{
	(void)state;
	assert_port("se1-0-2m.ar1.fra2.example.net", PORT_SERIAL, "se1-0-2m", 2);
	assert_port("ge-0-1-10m.cr1.fra2.example.net", PORT_1GE, "ge-0-1-10m", 10);
	assert_port("ge-0-0-1.cr1.example.net", PORT_1GE, "ge-0-0-1", 1000);
	assert_port("tengige0-0-0-3.cr1.example.net", PORT_10GE, "tengige0-0-0-3", 10000);
	assert_port("hundredgige0-0-1-2-120.cr1.example.net", PORT_100GE,
		"hundredgige0-0-1-2-120", 100000);
	assert_port("fourhundredgige0-1-0-0.cr1.example.net", PORT_400GE,
		"fourhundredgige0-1-0-0", 400000);
	assert_port("et-0-0-5.cr1.example.net", PORT_ET, "et-0-0-5", 0);
	assert_port("eth-trunk12.cr1.example.net", PORT_LAG, "eth-trunk12", 0);
	assert_port("port-channel7.cr1.example.net", PORT_LAG, "port-channel7", 0);
	assert_port("ae18-260G.cr1.example.net", PORT_LAG, "ae18-260g", 260000);
	assert_port("te2-3-10GE.ar5.DCA3.gblx.net", PORT_10GE, "te2-3-10ge", 10000);
	assert_port("cr1-vlan629.example.net", PORT_VLAN, "vlan629", 0);
	assert_port("lo0.cr1.example.net", PORT_LOOPBACK, "lo0", 0);
	assert_port("so-5-0-0.0.cr1.example.net", PORT_SONET, "so-5-0-0.0", 0);
	assert_port("gr-0-0-0.cr1.example.net", PORT_TUNNEL, "gr-0-0-0", 0);
	assert_port("as13335.cr1.example.net", PORT_NONE, "", 0);
	assert_port("pe1.lon1.example.net", PORT_NONE, "", 0);
	assert_port("host-192-0-2-1.example.net", PORT_NONE, "", 0);
}

static void assert_slots(const char *name, const char *slot, unsigned chassis_slots)
{
	struct hints hints = read_name(name);

	assert_string_equal(hints.port.slot, slot);
	assert_int_equal(hints.port.chassis_slots, chassis_slots);
}

static void test_a_slot_tells_how_many_the_chassis_has(void **state)
{
	(void)state;
	/* Page 19 of the NANOG 47 talk: an MX960, for nothing else has so many. */
	assert_slots("xe-11-1-0.edge1.NewYork1.Level3.net", "11", 12);
	assert_slots("tengige0-7-0-3.cr1.example.net", "7", 8);
	assert_slots("te4-2.cr1.example.net", "4", 4);
	assert_slots("ae3-0.cr1.example.net", "", 0);
}

static void assert_marked(const char *name, struct mark mark, const char *text)
{
	assert_int_equal(mark.len, strlen(text));
	assert_memory_equal(name + mark.start, text, mark.len);
}

static void test_every_hint_says_which_bytes_carried_it(void **state)
{
	static const char name[] = "Cogent-1.ar5.DCA3.gblx.net";
	static const char other[] = "xe-11-1-0.edge1.NewYork1.Level3.net";
	struct hints hints = read_name(name);

	(void)state;
	assert_marked(name, hints.party_mark, "Cogent");
	assert_marked(name, hints.places[0].mark, "DCA");
	assert_marked(name, hints.operator_mark, "gblx.net");
	hints = read_name(other);
	assert_marked(other, hints.port.mark, "xe-11-1-0");
	assert_marked(other, hints.role_mark, "edge1");
	assert_marked(other, hints.places[0].mark, "NewYork");
}

static void test_roles_parties_and_relations(void **state)
{
	struct hints hints = read_name("booking.edge1.ams2.example.net");

	(void)state;
	assert_int_equal(hints.role, ROUTER_CUSTOMER);
	assert_string_equal(hints.other_party, "booking");
	hints = read_name("peer-as3491.cr1.lon1.example.net");
	assert_int_equal(hints.role, ROUTER_PEERING);
	assert_int_equal(hints.relation, RELATION_PEER);
	assert_string_equal(hints.other_party, "as3491");
	hints = read_name("linx-lon1.thn2.peering.example.net");
	assert_string_equal(hints.other_party, "linx");
	assert_int_equal(hints.role, ROUTER_PEERING);
	assert_int_equal(read_name("cpe-192-0-2-9.dsl.example.net").role, ROUTER_OTHER);
	/* A stranger at the door is a customer; a network that is known may be anything. */
	assert_int_equal(read_name("booking.edge1.ams2.example.net").relation, RELATION_CUSTOMER);
	hints = read_name("cogent.edge1.ams2.example.net");
	assert_string_equal(hints.other_party, "cogent");
	assert_int_equal(hints.relation, RELATION_NONE);
	hints = read_name("etisalat-afghanistan.ams71.ams.example.net");
	assert_string_equal(hints.other_party, "etisalat-afghanistan");
	hints = read_name("metrotel.baires3.bai.example.net");
	assert_string_equal(hints.other_party, "metrotel");
	assert_int_equal(read_name("bng3.per1.example.net").role, ROUTER_AGG);
}

static void test_the_operator_is_below_the_public_suffix(void **state)
{
	(void)state;
	assert_string_equal(read_name("a.b.example.co.uk").operator, "example.co.uk");
	assert_string_equal(read_name("a.b.example.com").operator, "example.com");
	assert_string_equal(read_name("EXAMPLE.NET.").operator, "example.net");
	assert_string_equal(read_name("co.uk").operator, "co.uk");
	assert_string_equal(read_name("localhost").operator, "");
}

static void test_hostile_names_are_harmless(void **state)
{
	struct hints hints = read_name("fra1.\x1b[31m\xff\xc0.e\x07xample.net");
	char longest[300];

	(void)state;
	assert_string_equal(hints.operator, "e?xample.net");
	(void)read_name("");
	(void)read_name(".");
	(void)read_name("...-..--..");
	(void)read_name("xn--mnchen-3ya.xn--p1ai");
	memset(longest, 'a', sizeof longest - 1);
	longest[sizeof longest - 1] = '\0';
	assert_int_equal(read_name(longest).place_count, 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_a_server_is_nobodys_customer),
		cmocka_unit_test(test_a_bundle_of_a_backbone_router),
		cmocka_unit_test(test_a_slot_of_a_juniper_router),
		cmocka_unit_test(test_the_other_party_of_a_border),
		cmocka_unit_test(test_places_as_operators_write_them),
		cmocka_unit_test(test_country_and_state_choose_between_namesakes),
		cmocka_unit_test(test_words_and_addresses_are_no_places),
		cmocka_unit_test(test_interfaces_of_many_systems),
		cmocka_unit_test(test_a_slot_tells_how_many_the_chassis_has),
		cmocka_unit_test(test_every_hint_says_which_bytes_carried_it),
		cmocka_unit_test(test_roles_parties_and_relations),
		cmocka_unit_test(test_the_operator_is_below_the_public_suffix),
		cmocka_unit_test(test_hostile_names_are_harmless),
	};

	return cmocka_run_group_tests(tests, load_table, unload_table);
}
