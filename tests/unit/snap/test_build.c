/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "snap/build.h"

#include "names/table.h"
#include "support/check.h"

static struct snapshot *build(const struct session *session)
{
	struct snapshot_source source = {.session = session, .version = "1", .command = "c",
		.local_host = "h", .now = 100 * NS_PER_SEC, .now_realtime = 1100 * NS_PER_SEC};

	return snapshot_build(&source);
}

static void ignore(void *arg, const struct atlas_note *note)
{
	(void)arg;
	(void)note;
}

/* The same with what a source knows, and the findings that follow from it. */
static struct snapshot *build_known(const struct session *session,
	const struct atlas_source *from)
{
	struct table *table = table_create();
	struct atlas *atlas = atlas_create(table, (struct spot){0});
	struct diag *diag = diag_create();
	struct snapshot_source source = {.session = session, .version = "1", .command = "c",
		.local_host = "h", .now = 100 * NS_PER_SEC, .now_realtime = 1100 * NS_PER_SEC,
		.atlas = atlas, .diag = diag};
	struct snapshot *snap;

	(void)atlas_ask(atlas, from, session, ignore, /* arg= */ NULL);
	(void)atlas_follow(atlas, session);
	diag_set_facts(diag, atlas_facts(atlas));
	diag_advance(diag, session, source.now, true);
	snap = snapshot_build(&source);
	diag_destroy(diag);
	atlas_destroy(atlas);
	table_destroy(table);
	return snap;
}

/* One hop that is asked itself. */
static void begin_asking(struct session *session)
{
	session_init(session);
	session->hop_count = 1;
	session->has_walk[WALK_TO] = true;
}

/* The probe of that round leaves. */
static struct stats_probe ask(struct session *session, uint32_t round)
{
	struct stats_probe probe = {.round = round, .sent_at = round * NS_PER_SEC};

	stats_transmitted(&session->hops[0].walk[WALK_TO], &probe);
	return probe;
}

static void test_an_interface_is_taken_over_and_its_name_cleaned(void **state)
{
	struct session session;
	struct snapshot *snap;
	(void)state;

	session_init(&session);
	session.hop_count = 2;
	session.hops[0].interface = (struct icmp_interface){.index = 7, .mtu = 1500,
		.name = "eth0\x1b[31m"};
	snap = build(&session);

	assert_int_equal(snap->hops[0].interface.index, 7);
	assert_int_equal(snap->hops[0].interface.mtu, 1500);
	assert_non_null(strstr(snap->hops[0].interface.name, "eth0"));
	assert_null(strchr(snap->hops[0].interface.name, '\x1b'));
	assert_null(snap->hops[1].interface.name);
	snapshot_destroy(snap);
	session_finish(&session);
}

static void test_of_ten_answers_the_slowest_is_their_99th_percentile(void **state)
{
	struct session session;
	struct snapshot *snap;
	(void)state;

	begin_asking(&session);
	for (uint32_t round = 1; round <= 10; round++) {
		struct stats_probe probe = ask(&session, round);

		stats_answered(&session.hops[0].walk[WALK_TO], &probe,
			round == 4 ? 250 * NS_PER_MS : 10 * NS_PER_MS);
	}
	snap = build(&session);

	assert_near(snap->hops[0].to.p99_ms, 250, 0);
	assert_near(snap->hops[0].to.p95_ms, 250, 0);
	assert_near(snap->hops[0].to.p50_ms, 10, .1);
	snapshot_destroy(snap);
	session_finish(&session);
}

static void test_what_is_awaited_is_dropped_once_nothing_more_is(void **state)
{
	struct session session;
	struct snapshot *snap;
	(void)state;

	begin_asking(&session);
	for (uint32_t round = 1; round <= 3; round++) {
		struct stats_probe probe = ask(&session, round);

		if (round == 1) {
			stats_lost(&session.hops[0].walk[WALK_TO], &probe);
		}
	}
	session.phase = PHASE_PROBING;
	snap = build(&session);
	assert_int_equal(snap->hops[0].to.dropped, 1);
	snapshot_destroy(snap);
	session.phase = PHASE_DONE;
	snap = build(&session);
	assert_int_equal(snap->hops[0].to.dropped, 3);
	snapshot_destroy(snap);
	session_finish(&session);
}

static void test_by_tcp_alone_a_probe_is_as_long_as_a_syn(void **state)
{
	struct session session;
	struct snapshot *snap;
	(void)state;

	session_init(&session);
	session.destination = (struct addr){ADDR_V6, {0x20, 1}};
	session.to_carried = CARRIED_TCP;
	session.has_walk[WALK_TO] = true;
	session.probe_bytes = 84;
	snap = build(&session);
	assert_int_equal(snap->probe_bytes, 60);
	assert_int_equal(snap->padded_bytes, 84);
	snapshot_destroy(snap);

	session.has_walk[session.main_walk] = true;
	snap = build(&session);
	assert_int_equal(snap->probe_bytes, 84);
	assert_int_equal(snap->syn_bytes, 60);
	snapshot_destroy(snap);
	session_finish(&session);
}

static void test_instants_of_changes_become_times_of_day(void **state)
{
	struct session session;
	struct snapshot *snap;
	(void)state;

	session_init(&session);
	session.hop_count = 1;
	session.change = (struct path_change){.count = 1, .is_active = true, .first_hop = 1,
		.hop_count = 2, .old_hop_count = 1, .noticed_at = 60 * NS_PER_SEC,
		.was = {ADDR_V4, {10, 0, 0, 1}}};
	session.length_hop = 1;
	session.length[WAY_BACK] = (struct way_length){3, 2, 70 * NS_PER_SEC};
	snap = build(&session);

	assert_int_equal(snap->change.noticed_realtime, 1060 * NS_PER_SEC);
	assert_string_equal(snap->change.was, "10.0.0.1");
	assert_null(snap->change.is);
	assert_int_equal(snap->back.changed_realtime, 1070 * NS_PER_SEC);
	assert_int_equal(snap->back.before, 2);
	assert_int_equal(snap->out.hops, 0);
	snapshot_destroy(snap);
	session_finish(&session);
}

/* The border of page 24 of the NANOG 47 talk, with its /30. */
static const char *name_of(void *arg, const struct addr *addr)
{
	static const struct {
		const char *address, *name;
	} rows[] = {
		{"67.16.133.90", "po2-20G.ar5.DCA3.gblx.net"},
		{"64.212.107.90", "cogent-1.ar5.DCA3.gblx.net"},
		{"64.212.107.89", "te2-3-10GE.ar5.DCA3.gblx.net"},
	};
	char text[ADDR_TEXT_MAX];

	(void)arg;
	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
		if (strcmp(addr_format(addr, text), rows[i].address) == 0) {
			return rows[i].name;
		}
	}
	return NULL;
}

static bool network_of(void *arg, const struct addr *addr, struct network *ret_network)
{
	(void)arg;
	*ret_network = (struct network){.asn = 3549, .name = "GBLX", .prefix = "64.212.0.0/16",
		.registry = "arin"};
	return addr->byte[0] == 64;
}

static bool place_of(void *arg, const struct addr *addr, struct place *ret_place)
{
	(void)arg;
	if (addr->byte[0] != 64) {
		return false;
	}
	*ret_place = (struct place){.kind = PLACE_DATABASE, .city = "Tulsa", .country = "US",
		.lat = 3615, .lon = -9599, .percent = 58};
	return true;
}

static void test_names_of_both_ends_tell_where_the_border_is(void **state)
{
	struct session session;
	const struct atlas_source source = {.name_of = name_of, .network_of = network_of,
		.place_of = place_of};
	struct snapshot *snap;
	(void)state;

	session_init(&session);
	session.hop_count = 3;
	(void)addr_parse("67.16.133.90", &session.hops[0].address);
	(void)addr_parse("64.212.107.90", &session.hops[1].address);
	(void)addr_parse("64.86.1.1", &session.hops[2].address);
	snap = build_known(&session, &source);

	assert_null(snap->hops[0].mate.name);
	assert_string_equal(snap->hops[1].mate.address, "64.212.107.89");
	assert_true(snap->hops[1].mate.is_of_before);
	assert_int_equal(snap->finding_count, 1);
	assert_string_equal(snap->findings[0].id, "boundary");
	assert_string_equal(snap->findings[0].text, "link 1-2 leads from gblx.net to cogent: the "
		"interface is named after its peer");
	assert_int_equal(snap->findings[0].hops[0], 1);
	assert_int_equal(snap->findings[0].hops[1], 2);
	assert_near(snap->findings[0].confidence, 0.9, 0.001);
	assert_string_equal(snap->findings[0].facts[0].name, "far_asn");
	assert_near(snap->findings[0].facts[0].value, 3549, 0.1);
	/* The name has a place, so the database's is not taken; of the third it is. */
	assert_string_equal(snap->hops[1].place.city, "Washington");
	assert_string_equal(snap->hops[2].place.city, "Tulsa");
	assert_int_equal(snap->hops[2].place.kind, PLACE_DATABASE);
	assert_string_equal(snap->hops[2].as.prefix, "64.212.0.0/16");
	assert_int_equal(snap->hops[0].as.number, 0);
	snapshot_destroy(snap);
	session_finish(&session);
}

static const char *line_name_of(void *arg, const struct addr *addr)
{
	(void)arg;
	return addr->byte[3] == 1 ? "se1-0-2m.ar1.fra2.example.net" : addr->byte[3] == 2 ?
		"ae18-260g.ar1.fra2.example.net" : "ar1.fra2.example.net";
}

/* A probe of 1000 bytes takes 4 ms a direction at 2 Mbit/s; of a bundle the member is not known. */
static void test_a_line_of_known_speed_says_what_it_takes_itself(void **state)
{
	struct session session;
	const struct atlas_source source = {.name_of = line_name_of};
	struct snapshot *snap;
	(void)state;

	session_init(&session);
	session.hop_count = 3;
	session.probe_bytes = 1000;
	session.has_walk[WALK_RETRACE] = true;
	for (size_t k = 0; k < 3; k++) {
		session.hops[k].address = (struct addr){ADDR_V4, {10, 0, (uint8_t)k, (uint8_t)(k + 1)}};
		session.hops[k].walk[WALK_RETRACE].transmitted = 1;
	}
	snap = build_known(&session, &source);

	assert_int_equal(snap->link_count, 3);
	assert_int_equal(snap->links[0].speed_mbps, 2);
	assert_near(snap->links[0].serial_ms, 8, 1e-9);
	assert_int_equal(snap->links[1].speed_mbps, 0);
	assert_int_equal(snap->links[2].speed_mbps, 0);
	assert_near(snap->links[2].serial_ms, 0, 0);
	snapshot_destroy(snap);
	session_finish(&session);
}

static const char *router_name_of(void *arg, const struct addr *addr)
{
	static const char *const names[] = {"ae1.cr1.fra2.example.net", "ae1.cr2.ams5.example.net",
		"ae7.cr2.ams5.example.net", "ae9.cr9.par1.example.net"};

	(void)arg;
	return addr->byte[3] < 4 ? names[addr->byte[3]] : NULL;
}

/* Out by cr1 and cr2, home by cr9 and an interface of cr2 that no link of the path has. */
static void test_routers_of_both_ways_are_known_by_name(void **state)
{
	struct session session;
	const struct atlas_source source = {.name_of = router_name_of};
	struct snapshot *snap;
	(void)state;

	session_init(&session);
	session.hop_count = 3;
	for (uint8_t k = 0; k < 3; k++) {
		session.hops[k].address = (struct addr){ADDR_V4, {10, 0, k, k < 2 ? k : 77}};
	}
	session.reverse = (struct reverse_path){.from = session.hops[2].address, .from_hop = 3,
		.home_ttl = 4, .at_ttl = {[2] = {ADDR_V4, {10, 9, 9, 2}}, [3] = {ADDR_V4, {10, 9, 8, 3}}}};
	snap = build_known(&session, &source);

	assert_true(snap->asymmetry.is_known);
	assert_int_equal(snap->asymmetry.symmetric_links, 1);
	assert_int_equal(snap->asymmetry.diverges_at, 2);
	assert_int_equal(snap->asymmetry.shared_routers, 1);
	assert_int_equal(snap->asymmetry.distinct_routers, 3);
	assert_int_equal(snap->asymmetry.router_edits, 1);
	snapshot_destroy(snap);
	session_finish(&session);
}

static const char *stale_name_of(void *arg, const struct addr *addr)
{
	(void)arg;
	return addr->byte[3] == 1 ? "cr1.vancouver.example.net" : addr->byte[3] == 2 ?
		"cr1.london3.example.net" : NULL;
}

static void answer(struct hop *hop, const char *address, ns_t rtt)
{
	(void)addr_parse(address, &hop->address);
	hop->walk[WALK_TO].samples = 1;
	hop->walk[WALK_TO].best = hop->walk[WALK_TO].worst = hop->walk[WALK_TO].last = rtt;
}

static void test_the_prober_stands_where_a_database_has_its_address(void **state)
{
	struct session session;
	const struct atlas_source source = {.name_of = stale_name_of, .place_of = place_of};
	struct snapshot *far, *unknown;
	(void)state;

	session_init(&session);
	session.has_walk[WALK_TO] = true;
	session.hop_count = 1;
	answer(&session.hops[0], "10.0.2.2", 4 * NS_PER_MS);
	(void)addr_parse("64.1.1.1", &session.self); /* in Tulsa, by place_of() */
	far = build_known(&session, &source);
	(void)addr_parse("10.0.2.1", &session.self);
	unknown = build_known(&session, &source);

	assert_int_equal(far->hops[0].place.kind, PLACE_NONE);
	assert_string_equal(unknown->hops[0].place.city, "London");
	snapshot_destroy(far);
	snapshot_destroy(unknown);
	session_finish(&session);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_an_interface_is_taken_over_and_its_name_cleaned),
		cmocka_unit_test(test_names_of_both_ends_tell_where_the_border_is),
		cmocka_unit_test(test_a_line_of_known_speed_says_what_it_takes_itself),
		cmocka_unit_test(test_routers_of_both_ways_are_known_by_name),
		cmocka_unit_test(test_the_prober_stands_where_a_database_has_its_address),
		cmocka_unit_test(test_of_ten_answers_the_slowest_is_their_99th_percentile),
		cmocka_unit_test(test_what_is_awaited_is_dropped_once_nothing_more_is),
		cmocka_unit_test(test_by_tcp_alone_a_probe_is_as_long_as_a_syn),
		cmocka_unit_test(test_instants_of_changes_become_times_of_day),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
