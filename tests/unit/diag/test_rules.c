/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Rules that read the session as it is; those that need rounds are judged by tests/bench. */
#include "diag/diag.h"

#include "infer/facts.h"
#include "support/check.h"

static const struct finding *find(const struct diag *diag, enum finding_id id)
{
	size_t count;
	const struct finding *findings = diag_findings(diag, &count);

	for (size_t i = 0; i < count; i++) {
		if (findings[i].id == id) {
			return &findings[i];
		}
	}
	return NULL;
}

static struct addr v4(uint8_t last)
{
	return (struct addr){ADDR_V4, {10, 0, 0, last}};
}

/* The path is so many hops, each seen under that address and no other. */
static void set_path(struct session *session, const uint8_t *last, size_t count)
{
	session->hop_count = count;
	for (size_t k = 0; k < count; k++) {
		struct hop *hop = &session->hops[k];

		hop->address = v4(last[k]);
		hop->seen_count = 0;
		session_hop_seen(hop, &hop->address);
	}
}

static void label(struct hop *hop, uint8_t ttl)
{
	hop->mpls = (struct mpls_stack){.count = 1, .entry = {{.label = 17, .ttl = ttl,
		.is_bottom = true}}};
}

static void test_hops_inside_a_tunnel_and_hops_it_hides(void **state)
{
	struct diag *diag = diag_create();
	struct session session;
	const struct finding *finding;
	(void)state;

	session_init(&session);
	session.hop_count = 6;
	label(&session.hops[1], 1);
	label(&session.hops[2], 1);
	label(&session.hops[5], 252);
	diag_advance(diag, &session, NS_PER_SEC, true);

	finding = find(diag, FINDING_MPLS_ICMP_TUNNEL);
	assert_non_null(finding);
	assert_int_equal(finding->hop_count, 2);
	assert_int_equal(finding->hop[0], 2);
	assert_int_equal(finding->hop[1], 3);
	finding = find(diag, FINDING_MPLS_HIDDEN);
	assert_non_null(finding);
	assert_int_equal(finding->hop_count, 1);
	assert_int_equal(finding->hop[0], 6);
	assert_near(finding->fact[1].value, 3, 0);
	session_finish(&session);
	diag_destroy(diag);
}

/* The way back is the path, link by link; answers from hop 3 on count four more than there are. */
static void test_answers_that_count_too_many_hops_on_a_known_way_show_a_tunnel(void **state)
{
	static const uint8_t ttls[] = {255, 254, 249, 248};
	struct diag *diag = diag_create();
	const struct finding *finding;
	struct session session;
	(void)state;

	session_init(&session);
	session.hop_count = 4;
	session.is_explicit = true;
	session.length[WAY_OUT].hops = session.length_hop = (uint8_t)session.hop_count;
	session.reverse = (struct reverse_path){.from_hop = 4, .home_ttl = 5};
	for (uint8_t k = 0; k < 4; k++) {
		struct addr address = {ADDR_V4, {10, 0, (uint8_t)(k + 1), 3}};

		session_hop_seen(&session.hops[k], &address);
		session.hops[k].to_rx_ttl = ttls[k];
		address.byte[3] = 2;
		session.reverse.at_ttl[5 - k] = address;
	}
	session.reverse.from = session.hops[3].address;
	diag_advance(diag, &session, NS_PER_SEC, true);
	finding = find(diag, FINDING_MPLS_HIDDEN);
	assert_non_null(finding);
	assert_int_equal(finding->hop[0], 3);
	assert_near(finding->fact[1].value, 4, 0);
	assert_null(find(diag, FINDING_ASYMMETRIC_PATH));

	/* Where the way back is another one, it may be that much longer. One router alone between two
	 * neighbours may be the one between them; two are others. */
	session.reverse.at_ttl[3] = (struct addr){ADDR_V4, {10, 9, 9, 9}};
	session.reverse.at_ttl[2] = (struct addr){ADDR_V4, {10, 9, 8, 9}};
	diag_advance(diag, &session, 2 * NS_PER_SEC, true);
	assert_false(find(diag, FINDING_MPLS_HIDDEN)->is_active);
	session_finish(&session);
	diag_destroy(diag);
}

/* From hop 4 home by R3 and R2, which answer from links that are not the path's. */
static void test_names_of_routers_tell_one_way_from_two(void **state)
{
	struct path_facts facts = {.known = {.address = {{ADDR_V4, {10, 9, 3, 1}},
		{ADDR_V4, {10, 9, 2, 1}}}, .hop = {3, 2}, .count = 2}};
	struct asym_known known = facts.known;
	struct diag *diag = diag_create();
	struct session session;
	(void)state;

	session_init(&session);
	session.hop_count = 4;
	session.is_explicit = true;
	session.length[WAY_OUT].hops = session.length_hop = (uint8_t)session.hop_count;
	for (uint8_t k = 0; k < 4; k++) {
		session.hops[k].address = (struct addr){ADDR_V4, {10, 0, (uint8_t)(k + 1), 3}};
	}
	session.reverse = (struct reverse_path){.from = session.hops[3].address, .from_hop = 4,
		.home_ttl = 5, .at_ttl = {[2] = known.address[0], [3] = known.address[1],
		[4] = {ADDR_V4, {10, 0, 2, 2}}}};
	diag_advance(diag, &session, NS_PER_SEC, true);
	assert_non_null(find(diag, FINDING_ASYMMETRIC_PATH));

	diag_set_facts(diag, &facts);
	diag_advance(diag, &session, 2 * NS_PER_SEC, true);
	assert_false(find(diag, FINDING_ASYMMETRIC_PATH)->is_active);
	assert_int_equal(asym_of_session(&session, &known).symmetric_links, 4);
	/* Behind R3 it goes another way, and comes back to the path at R2. */
	known.hop[0] = 2;
	known.address[0] = known.address[1];
	known.count = 1;
	assert_int_equal(asym_of_session(&session, &known).diverges_at, 4);
	assert_int_equal(asym_of_session(&session, &known).rejoins_at, 2);
	/* Past the first hop every way leads home: that is no coming back. */
	session.reverse.at_ttl[4] = (struct addr){ADDR_V4, {10, 9, 1, 1}};
	session.reverse.at_ttl[2] = (struct addr){ADDR_V4, {10, 0, 4, 2}};
	known = (struct asym_known){.address = {session.reverse.at_ttl[4]}, .hop = {1}, .count = 1};
	assert_int_equal(asym_of_session(&session, &known).diverges_at, 3);
	assert_int_equal(asym_of_session(&session, &known).rejoins_at, 0);
	session_finish(&session);
	diag_destroy(diag);
}

static void test_a_router_that_is_two_hops_is_no_loop(void **state)
{
	struct diag *diag = diag_create();
	struct session session;
	const struct finding *finding;
	struct addr address;
	(void)state;

	session_init(&session);
	session.hop_count = 4;
	/* A, B1 or B2, C or X, D or C. */
	for (uint8_t hop = 0; hop < 4; hop++) {
		address = v4(hop);
		session_hop_seen(&session.hops[hop], &address);
	}
	address = v4(11);
	session_hop_seen(&session.hops[1], &address);
	address = v4(12);
	session_hop_seen(&session.hops[2], &address);
	address = v4(2);
	session_hop_seen(&session.hops[3], &address);
	diag_advance(diag, &session, NS_PER_SEC, false);
	/* Routing may have changed. */
	assert_null(find(diag, FINDING_UNEQUAL_ECMP));
	for (unsigned i = 0; i < 8; i++) {
		address = v4(i % 2 == 0 ? 2 : 12);
		session_hop_seen(&session.hops[2], &address);
		address = v4(i % 2 == 0 ? 3 : 2);
		session_hop_seen(&session.hops[3], &address);
	}
	diag_advance(diag, &session, 2 * NS_PER_SEC, true);

	finding = find(diag, FINDING_UNEQUAL_ECMP);
	assert_non_null(finding);
	assert_int_equal(finding->hop[0], 3);
	assert_int_equal(finding->hop[1], 4);
	assert_null(find(diag, FINDING_ROUTING_LOOP));
	session_finish(&session);
	diag_destroy(diag);
}

static void test_a_pair_that_answers_twice_is_a_loop(void **state)
{
	static const uint8_t way[] = {1, 2, 3, 2, 3, 2};
	struct diag *diag = diag_create();
	struct session session;
	(void)state;

	session_init(&session);
	set_path(&session, way, 6);
	diag_advance(diag, &session, NS_PER_SEC, true);
	assert_non_null(find(diag, FINDING_ROUTING_LOOP));
	assert_null(find(diag, FINDING_UNEQUAL_ECMP));
	session_finish(&session);
	diag_destroy(diag);
}

static void test_a_finding_that_is_over_stays_with_its_time(void **state)
{
	struct diag *diag = diag_create();
	struct session session;
	const struct finding *finding;
	(void)state;

	session_init(&session);
	session.hop_count = 2;
	label(&session.hops[1], 1);
	diag_advance(diag, &session, 5 * NS_PER_SEC, true);
	diag_advance(diag, &session, 9 * NS_PER_SEC, true);
	session.hops[1].mpls.count = 0;
	diag_advance(diag, &session, 20 * NS_PER_SEC, true);

	finding = find(diag, FINDING_MPLS_ICMP_TUNNEL);
	assert_non_null(finding);
	assert_false(finding->is_active);
	assert_int_equal(finding->first, 5 * NS_PER_SEC);
	assert_int_equal(finding->last, 9 * NS_PER_SEC);
	session_finish(&session);
	diag_destroy(diag);
}

static void answer(struct hop *hop, double ms)
{
	for (uint32_t round = 1; round <= 10; round++) {
		struct stats_probe probe = {.round = round};

		stats_transmitted(&hop->walk[WALK_TO], &probe);
		stats_answered(&hop->walk[WALK_TO], &probe, (ns_t)(ms * 1e6));
	}
}

static const struct geo new_york = {4071, -7401}, london = {5151, -13}, washington = {3891, -7704},
	atlanta = {3375, -8439}, miami = {2576, -8019};

/* Hops at these places with these round trips; the first place is the prober's. */
static void hold_places(struct diag *diag, const struct place_fact *places, const double *ms,
	size_t hops)
{
	struct path_facts facts = {.border_count = 0};
	struct session session;

	session_init(&session);
	session.hop_count = hops;
	session.has_walk[WALK_TO] = true;
	for (size_t k = 0; k < hops; k++) {
		answer(&session.hops[k], ms[k]);
	}
	memcpy(facts.place, places, (hops + 1) * sizeof places[0]);
	facts.start = places[0];
	diag_set_facts(diag, &facts);
	diag_advance(diag, &session, NS_PER_SEC, true);
	session_finish(&session);
}

static void test_what_light_does_is_normal(void **state)
{
	const struct place_fact places[] = {{.is_known = true, .at = new_york},
		{.is_known = true, .at = new_york}, {.is_known = true, .at = london}};
	struct diag *diag = diag_create();
	(void)state;

	hold_places(diag, places, (const double[]){.8, 67.6}, 2);
	assert_null(find(diag, FINDING_TOO_SLOW));
	assert_null(find(diag, FINDING_TOO_FAST));
	assert_null(find(diag, FINDING_DETOUR));
	diag_destroy(diag);
}

static void test_washington_to_washington_in_220_ms_is_not(void **state)
{
	const struct place_fact places[] = {{0}, {.is_known = true, .at = washington, .label = "W"},
		{.is_known = true, .at = washington, .label = "W"}, {0}};
	struct diag *diag = diag_create();
	const struct finding *finding;
	(void)state;

	hold_places(diag, places, (const double[]){1.2, 220, 221}, 3);
	finding = find(diag, FINDING_TOO_SLOW);
	assert_non_null(finding);
	assert_int_equal(finding->hop[0], 1);
	assert_int_equal(finding->hop[1], 2);
	assert_near(finding->fact[0].value, 218.8, 1e-6);
	diag_destroy(diag);
	/* What the hops behind do not show is that hop's own answer. */
	diag = diag_create();
	hold_places(diag, places, (const double[]){1.2, 220, 3}, 3);
	assert_null(find(diag, FINDING_TOO_SLOW));
	diag_destroy(diag);
}

/* Page 37 of NANOG47: how far hop 2 is nobody knows, hop 3 is farther away than that. */
static void test_a_hop_that_is_late_before_a_faster_one_is_not_far(void **state)
{
	const struct place_fact places[] = {{0}, {.is_known = true, .at = washington},
		{.is_known = true, .at = new_york}, {0}};
	struct diag *diag = diag_create();
	(void)state;

	hold_places(diag, places, (const double[]){.2, 72, 53}, 3);
	assert_null(find(diag, FINDING_TOO_SLOW));
	diag_destroy(diag);
}

/* Page 53: no labels, but light is not at four places at once. */
static void test_hops_of_far_places_that_take_as_long_are_a_tunnel(void **state)
{
	const struct place_fact places[] = {{0}, {.is_known = true, .at = miami},
		{.is_known = true, .at = miami}, {.is_known = true, .at = atlanta},
		{.is_known = true, .at = new_york}};
	struct diag *diag = diag_create();
	const struct finding *finding;
	(void)state;

	hold_places(diag, places, (const double[]){1, 74.2, 74.3, 74.1}, 4);
	finding = find(diag, FINDING_MPLS_ICMP_TUNNEL);
	assert_non_null(finding);
	assert_int_equal(finding->hop_count, 3);
	assert_int_equal(finding->hop[0], 2);
	assert_null(find(diag, FINDING_TOO_SLOW));
	diag_destroy(diag);
	/* Three of one city are no tunnel, and too far. */
	diag = diag_create();
	hold_places(diag, (const struct place_fact[]){places[0], places[1], places[1], places[1],
		places[1]}, (const double[]){1, 74.2, 74.3, 74.1}, 4);
	assert_null(find(diag, FINDING_MPLS_ICMP_TUNNEL));
	assert_non_null(find(diag, FINDING_TOO_SLOW));
	diag_destroy(diag);
}

static void test_atlanta_to_miami_by_new_york_is_a_detour(void **state)
{
	const struct place_fact places[] = {{0}, {.is_known = true, .at = atlanta},
		{.is_known = true, .at = atlanta}, {0}, {.is_known = true, .at = new_york},
		{.is_known = true, .at = miami}};
	struct diag *diag = diag_create();
	const struct finding *finding;
	(void)state;

	hold_places(diag, places, (const double[]){1, 1, 10, 20, 45}, 5);
	finding = find(diag, FINDING_DETOUR);
	assert_non_null(finding);
	assert_int_equal(finding->hop[0], 2);
	assert_int_equal(finding->hop[1], 5);
	assert_near(finding->fact[1].value, 972, 10);
	assert_null(find(diag, FINDING_TOO_SLOW));
	diag_destroy(diag);
}

static void test_a_name_that_light_cannot_reach_is_wrong(void **state)
{
	const struct place_fact places[] = {{.is_known = true, .at = new_york},
		{.is_refused = true, .at = london, .label = "London GB"}};
	struct diag *diag = diag_create();
	const struct finding *finding;
	(void)state;

	hold_places(diag, places, (const double[]){20}, 1);
	finding = find(diag, FINDING_TOO_FAST);
	assert_non_null(finding);
	assert_near(finding->fact[2].value, 55.7, .5);
	assert_non_null(strstr(finding->text, "London GB"));
	diag_destroy(diag);
}

/* One name for all hops behind a translator; and two routers that are each passed twice. */
static void test_one_address_at_hops_in_a_row_is_no_loop(void **state)
{
	static const uint8_t named[] = {1, 9, 9, 9, 9, 9}, reached[] = {1, 2, 1, 2, 3};
	struct diag *diag = diag_create();
	struct session session;
	(void)state;

	session_init(&session);
	set_path(&session, named, 6);
	diag_advance(diag, &session, NS_PER_SEC, true);
	assert_null(find(diag, FINDING_ROUTING_LOOP));

	set_path(&session, reached, 5);
	session.hops[4].to_kind = TO_ECHO;
	diag_advance(diag, &session, 2 * NS_PER_SEC, true);
	assert_null(find(diag, FINDING_ROUTING_LOOP));
	session.hops[4].to_kind = TO_TTL;
	diag_advance(diag, &session, 3 * NS_PER_SEC, true);
	assert_non_null(find(diag, FINDING_ROUTING_LOOP));
	session_finish(&session);
	diag_destroy(diag);
}

static void test_a_link_is_too_narrow_only_for_what_is_longer(void **state)
{
	static const struct { uint32_t mtu; const char *text; } cases[] = {
		{1400, "a link towards hop 2 has an MTU of 1400 bytes; probes are 1500 bytes"},
		{9000, "10.0.0.1 rejects probes to hop 2 as too long, although they are 1500 bytes and it "
			"reports an MTU of 9000"},
	};
	(void)state;

	for (size_t i = 0; i < 2; i++) {
		struct diag *diag = diag_create();
		struct session session;

		session_init(&session);
		session.hop_count = 2;
		session.probe_bytes = 1500;
		session.hops[1].error = (struct hop_error){.from = v4(1), .kind = WALK_TO, .type = 3,
			.code = 4, .mtu = cases[i].mtu};
		diag_advance(diag, &session, NS_PER_SEC, true);
		assert_string_equal(find(diag, FINDING_MTU)->text, cases[i].text);
		session_finish(&session);
		diag_destroy(diag);
	}
}

static void test_addresses_of_a_hop_are_counted_or_said_to_be_at_least_so_many(void **state)
{
	struct diag *diag = diag_create();
	struct session session;
	(void)state;

	session_init(&session);
	session.hop_count = 3;
	for (uint32_t i = 0; i < 1000; i++) {
		struct addr of40 = addr_v4(0x0a010000 + i % 40), of200 = addr_v4(0x0a020000 + i % 200);

		session_hop_seen(&session.hops[1], &of40);
		session_hop_seen(&session.hops[2], &of200);
		assert_true(session_hop_has(&session.hops[2], &of200));
	}
	diag_advance(diag, &session, NS_PER_SEC, true);
	assert_string_equal(find(diag, FINDING_ECMP)->text,
		"hop 2 answers from 40 addresses: load balancing upstream");
	session.hops[1] = session.hops[2];
	diag_advance(diag, &session, 2 * NS_PER_SEC, true);
	assert_string_equal(find(diag, FINDING_ECMP)->text,
		"hop 2 answers from at least 128 addresses: load balancing upstream");
	session_finish(&session);
	diag_destroy(diag);
}

/* One round of one To probe to each hop that has an address; returns whether hops[k] lost it. */
static bool ask_round(struct session *session, uint32_t round, bool may_lose, size_t k)
{
	struct stats_probe probe = {.round = round, .sent_at = round * NS_PER_SEC};
	bool is_lost[HOP_MAX] = {false};

	session_begin_round(session, round, probe.sent_at);
	for (size_t i = 0; i < session->hop_count; i++) {
		struct stats *to = &session->hops[i].walk[WALK_TO];

		is_lost[i] = may_lose && ((round * 3 + (uint32_t)i) * 2654435761u >> 24) % 5 == 0;
		if (addr_is_set(&session->hops[i].address)) {
			stats_transmitted(to, &probe);
			if (is_lost[i]) {
				stats_lost(to, &probe);
			} else {
				stats_answered(to, &probe, NS_PER_MS);
			}
		}
	}
	return is_lost[k];
}

/* The end falls silent for three rounds, and then a shorter path leads to it, on which all hops
 * lose: what it lost before was of the old path. */
static void test_losses_of_the_end_that_wait_are_forgotten_with_the_path(void **state)
{
	enum { QUIET = 100, MISSED = 3, LOSSY = 120 };
	struct diag *diag = diag_create();
	const struct finding *finding;
	struct session session;
	uint32_t round = 0, lost = 0;
	(void)state;

	session_init(&session);
	session.hop_count = 4;
	session.interval = NS_PER_SEC;
	session.has_walk[WALK_TO] = session.has_end_answered = true;
	session.destination = v4(9);
	session.hops[0].address = v4(1);
	session.hops[1].address = v4(2);
	session.hops[3].address = v4(9);
	while (round < QUIET) {
		(void)ask_round(&session, ++round, false, 3);
	}
	for (int i = 0; i < MISSED; i++) {
		struct stats_probe probe = {.round = round + 1, .sent_at = (round + 1) * NS_PER_SEC};

		round++;
		session_begin_round(&session, round, probe.sent_at);
		stats_transmitted(&session.hops[3].walk[WALK_TO], &probe);
		stats_lost(&session.hops[3].walk[WALK_TO], &probe);
	}
	diag_advance(diag, &session, round * NS_PER_SEC, true);
	session.hops[2] = session.hops[3];
	session.hop_count = 3;
	(void)ask_round(&session, ++round, false, 2);
	for (int i = 0; i < LOSSY; i++) {
		lost += ask_round(&session, ++round, true, 2);
	}
	(void)ask_round(&session, ++round, false, 2);
	diag_advance(diag, &session, round * NS_PER_SEC, true);

	finding = find(diag, FINDING_PATH_LOSS);
	assert_non_null(finding);
	assert_string_equal(finding->fact[1].name, "lost");
	assert_near(finding->fact[1].value, lost, 0);
	session_finish(&session);
	diag_destroy(diag);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_hops_inside_a_tunnel_and_hops_it_hides),
		cmocka_unit_test(
			test_answers_that_count_too_many_hops_on_a_known_way_show_a_tunnel),
		cmocka_unit_test(test_names_of_routers_tell_one_way_from_two),
		cmocka_unit_test(test_a_router_that_is_two_hops_is_no_loop),
		cmocka_unit_test(test_a_pair_that_answers_twice_is_a_loop),
		cmocka_unit_test(test_one_address_at_hops_in_a_row_is_no_loop),
		cmocka_unit_test(test_a_link_is_too_narrow_only_for_what_is_longer),
		cmocka_unit_test(
			test_addresses_of_a_hop_are_counted_or_said_to_be_at_least_so_many),
		cmocka_unit_test(
			test_losses_of_the_end_that_wait_are_forgotten_with_the_path),
		cmocka_unit_test(test_a_finding_that_is_over_stays_with_its_time),
		cmocka_unit_test(test_what_light_does_is_normal),
		cmocka_unit_test(test_washington_to_washington_in_220_ms_is_not),
		cmocka_unit_test(test_a_hop_that_is_late_before_a_faster_one_is_not_far),
		cmocka_unit_test(test_hops_of_far_places_that_take_as_long_are_a_tunnel),
		cmocka_unit_test(test_atlanta_to_miami_by_new_york_is_a_detour),
		cmocka_unit_test(test_a_name_that_light_cannot_reach_is_wrong),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
