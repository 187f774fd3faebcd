/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "base/strbuf.h"
#include "infer/nesting.h"
#include "support/check.h"
#include "support/simrun.h"

/* What the engine learns of the path besides its loss: whether it is still the same one. */

static uint32_t address(const struct addr *addr)
{
	return addr_is_set(addr) ? addr_to_v4(addr) : 0;
}

/* A-R1-R2-D, and beside R2 the way R1-X-Y-D, which `more` may switch to. */
static struct simrun *forked(const char *loss, const char *more, struct simrun_options options)
{
	struct strbuf text = {0};
	struct simrun *run;

	strbuf_printf(&text, "prober A 10.0.1.1\nrouter R1 10.0.1.3\nrouter R2 10.0.2.3\n"
		"router X 10.0.5.3\nrouter Y 10.0.6.3\nrouter D 10.0.3.3\n"
		"link A-R1 delay 1ms %s\nlink R1-R2 delay 2ms\nlink R2-D delay 2ms\n"
		"link R1-X delay 3ms\nlink X-Y delay 3ms\nlink Y-D delay 3ms\n%s", loss, more);
	options.destination = "D";
	options.has_scan = true;
	options.has_reverse = true;
	options.seed = check_seed(options.seed == 0 ? 7 : options.seed);
	run = simrun_create(text.text, &options);
	strbuf_finish(&text);
	return run;
}

static const char REROUTE[] = "at 90s route R1 to D via X\n";

static void test_a_changed_path_is_kept_beside_the_one_that_is_probed(void **state)
{
	struct simrun *run = forked("", REROUTE, (struct simrun_options){.rounds = 700});
	const struct path_change *change = &run->session.change;
	(void)state;

	simrun_for(run, 85 * NS_PER_SEC);
	assert_int_equal(change->count, 0);
	simrun_until_done(run);
	assert_true(change->is_active && !change->is_followed && change->has_end);
	assert_int_equal(change->count, 1);
	assert_int_equal(change->first_hop, 2);
	assert_int_equal(change->old_hop_count, 3);
	assert_int_equal(change->hop_count, 4);
	assert_int_equal(address(&change->was), 0x0a000203);
	assert_int_equal(address(&change->hops[0]), 0x0a000103);
	assert_int_equal(address(&change->hops[1]), 0x0a000503);
	assert_int_equal(address(&change->hops[2]), 0x0a000603);
	assert_true(change->noticed_at > 90 * NS_PER_SEC && change->noticed_at < 100 * NS_PER_SEC);
	assert_int_equal(run->session.hop_count, 3);
	assert_int_equal(address(&run->session.hops[1].address), 0x0a000203);
	assert_int_equal(simrun_through(run, 3)->received, 700);
	simrun_destroy(run);
}

static void test_a_followed_path_keeps_the_counts_before_the_change(void **state)
{
	struct simrun *run = forked("", REROUTE, (struct simrun_options){.rounds = 1000,
		.has_follow = true});
	const struct session *session = &run->session;
	(void)state;

	simrun_until_done(run);
	assert_true(session->change.is_followed && !session->change.is_active);
	assert_int_equal(session->hop_count, 4);
	assert_int_equal(address(&session->hops[1].address), 0x0a000503);
	assert_int_equal(address(&session->hops[2].address), 0x0a000603);
	assert_int_equal(session->hops[2].decap, HOP_DECAP_YES);
	assert_true(simrun_through(run, 1)->received >= 998);
	assert_between(simrun_through(run, 2)->received, 480, 550);
	assert_int_equal(simrun_through(run, 2)->lost + simrun_through(run, 4)->lost +
		simrun_through(run, 1)->lost, 0);
	assert_int_equal(simrun_through(run, 4)->best, 20 * NS_PER_MS);
	assert_int_equal(session->reverse.from_hop, 4);
	assert_int_equal(session->void_rounds, 0);
	simrun_destroy(run);
}

static void test_a_path_that_becomes_shorter_is_a_change_too(void **state)
{
	struct simrun *run = forked("", "route R1 to D via X\nat 90s route R1 to D via R2\n",
		(struct simrun_options){.rounds = 1000, .has_follow = true});
	(void)state;

	simrun_until_done(run);
	assert_int_equal(run->session.change.count, 1);
	assert_int_equal(run->session.hop_count, 3);
	assert_int_equal(address(&run->session.hops[2].address), 0x0a000303);
	assert_true(simrun_through(run, 3)->received > 300);
	assert_int_equal(simrun_through(run, 3)->lost, 0);
	simrun_destroy(run);
}

static uint32_t back_at(const struct simrun *run, unsigned index)
{
	const struct reverse_path *path = &run->session.reverse;

	return address(&path->at_ttl[index + session_reverse_offset(&run->session, path)]);
}

static void test_a_way_home_that_grows_and_shrinks_is_traced_as_it_is(void **state)
{
	struct simrun *run = forked("", "at 90s route D to A via Y\nat 210s route D to A via R2\n",
		(struct simrun_options){.rounds = 1700});
	const struct session *session = &run->session;
	(void)state;

	simrun_for(run, 80 * NS_PER_SEC);
	assert_int_equal(session_reverse_routers(session, &session->reverse), 2);
	assert_int_equal(back_at(run, 1), 0x0a000302);
	assert_int_equal(back_at(run, 2), 0x0a000202);
	simrun_for(run, 110 * NS_PER_SEC);
	assert_int_equal(session_reverse_routers(session, &session->reverse), 3);
	for (unsigned i = 1; i <= 3; i++) {
		assert_int_not_equal(back_at(run, i), 0);
		assert_int_not_equal(back_at(run, i), 0x0a000302);
		assert_int_not_equal(back_at(run, i), 0x0a000202);
	}
	simrun_until_done(run);
	assert_int_equal(session_reverse_routers(session, &session->reverse), 2);
	assert_int_equal(back_at(run, 1), 0x0a000302);
	assert_int_equal(back_at(run, 2), 0x0a000202);
	simrun_destroy(run);
}

/* X is silent: where R2 answered before, nobody does now. */
static void test_routers_of_a_way_home_that_is_left_are_forgotten(void **state)
{
	struct simrun *run = forked("", "at 0s router X icmp no\nroute D to A via Y\n"
		"at 90s route D to A via R2\nat 150s route D to A via Y\n",
		(struct simrun_options){.rounds = 1700});
	(void)state;

	simrun_for(run, 140 * NS_PER_SEC);
	assert_int_equal(back_at(run, 2), 0x0a000202);
	simrun_until_done(run);
	assert_int_equal(session_reverse_routers(&run->session, &run->session.reverse), 3);
	assert_int_not_equal(back_at(run, 1), 0);
	assert_int_equal(back_at(run, 2), 0);
	assert_int_not_equal(back_at(run, 3), 0);
	simrun_destroy(run);
}

/* Who it is becomes known; what was seen behind it was seen. */
static void test_the_first_answer_of_a_silent_hop_ends_no_alarm(void **state)
{
	struct simrun *run = forked("", "at 0s router R2 icmp no\nat 0s router R2 decap refused\n"
		"at 0s link R2-D loss 10%\nat 150s router R2 icmp yes\n",
		(struct simrun_options){.rounds = 1000});
	size_t count, alarms = 0;
	const struct finding *findings;
	(void)state;

	simrun_for(run, 140 * NS_PER_SEC);
	assert_int_equal(address(&run->session.hops[1].address), 0);
	simrun_until_done(run);
	assert_int_equal(address(&run->session.hops[1].address), 0x0a000203);
	findings = diag_findings(run->diag, &count);
	for (size_t i = 0; i < count; i++) {
		alarms += findings[i].id == FINDING_LINK_LOSS;
		assert_true(findings[i].id != FINDING_LINK_LOSS ||
			(findings[i].is_active && findings[i].first < 60 * NS_PER_SEC));
	}
	assert_int_equal(alarms, 1);
	simrun_destroy(run);
}

static void test_a_path_behind_a_satellite_is_found(void **state)
{
	struct simrun *run = forked("", "at 0s link A-R1 delay 1100ms\n",
		(struct simrun_options){.rounds = 50, .interval = NS_PER_SEC});
	(void)state;

	simrun_until_done(run);
	assert_int_equal(run->session.hop_count, 3);
	assert_int_equal(address(&run->session.hops[2].address), 0x0a000303);
	assert_int_equal(run->session.change.count, 0);
	assert_true(run->session.has_end_answered);
	assert_int_equal(simrun_through(run, 3)->lost, 0);
	assert_true(simrun_through(run, 3)->received > 45);
	simrun_destroy(run);
}

/* Behind the first router it takes 1.2 s; at first that is too late, for the deadline is 1 s. */
static void test_answers_to_what_was_before_a_reset_change_no_count(void **state)
{
	struct simrun *run = forked("", "at 10s link R2-D delay 600ms\n",
		(struct simrun_options){.rounds = 400, .timeout = NS_PER_SEC});
	(void)state;

	simrun_for(run, 20 * NS_PER_SEC);
	assert_true(simrun_through(run, 3)->late > 0);
	(void)drive_do(&run->drive, (struct command){.kind = COMMAND_RESET});
	simrun_for(run, NS_PER_SEC / 2);
	assert_int_equal(simrun_through(run, 3)->late, 0);
	assert_int_equal(simrun_through(run, 3)->lost, 0);
	simrun_until_done(run);
	assert_between(simrun_through(run, 3)->late + simrun_through(run, 3)->lost, 200, 330);
	assert_true(simrun_through(run, 3)->lost < 20);
	simrun_destroy(run);
}

static void test_the_old_path_come_back_is_no_change_any_more(void **state)
{
	struct simrun *run = forked("", "at 90s route R1 to D via X\nat 150s route R1 to D via R2\n",
		(struct simrun_options){.rounds = 1000});
	(void)state;

	simrun_for(run, 140 * NS_PER_SEC);
	assert_true(run->session.change.is_active);
	simrun_until_done(run);
	assert_false(run->session.change.is_active);
	/* There, and back. */
	assert_int_equal(run->session.change.count, 2);
	simrun_destroy(run);
}

static void test_balanced_ways_and_loss_are_no_change(void **state)
{
	static const char *const loss[] = {"", "loss 5%"};
	static const char *const more[] = {"", "ecmp R1 to D via R2,X hash packet\n"};
	(void)state;

	for (size_t i = 0; i < 4; i++) {
		for (uint64_t seed = 1; seed <= 5; seed++) {
			struct simrun *run = forked(loss[i / 2], more[i % 2],
				(struct simrun_options){.rounds = 1600, .has_follow = true, .seed = seed});

			simrun_until_done(run);
			assert_int_equal(run->session.change.count, 0);
			assert_true(simrun_through(run, 1)->received > 1300);
			simrun_destroy(run);
		}
	}
}

static void test_balanced_ways_seen_seldom_are_no_change(void **state)
{
	(void)state;

	for (uint64_t seed = 1; seed <= 40; seed++) {
		struct simrun *run = forked("", "ecmp R1 to D via R2,X hash packet\n",
			(struct simrun_options){.rounds = 20, .interval = 20 * NS_PER_SEC, .seed = seed});

		simrun_until_done(run);
		assert_int_equal(run->session.change.count, 0);
		simrun_destroy(run);
	}
}

/* A-R1-R2-D by explicit path; N can be inserted between R1 and R2, or on the way back. No
 * router says anything of itself. */
static struct simrun *straight(const char *loss, const char *more, struct simrun_options options)
{
	struct strbuf text = {0};
	struct simrun *run;

	strbuf_printf(&text, "prober A 10.0.1.1\nrouter R1 10.0.1.3 icmp no\n"
		"router R2 10.0.2.3 icmp no\nrouter N 10.0.5.3 icmp no\nrouter D 10.0.3.3 icmp no\n"
		"link A-R1 delay 1ms %s\nlink R1-R2 delay 2ms\nlink R2-D delay 2ms\n"
		"link R1-N delay 1ms\nlink N-R2 delay 1ms\n%s", loss, more);
	options.path = "R1,R2,D";
	options.has_scan = true;
	options.has_reverse = true;
	options.no_to = true;
	options.seed = check_seed(options.seed == 0 ? 9 : options.seed);
	run = simrun_create(text.text, &options);
	strbuf_finish(&text);
	return run;
}

static void assert_lengths(const struct simrun *run, unsigned out, unsigned back)
{
	assert_int_equal(run->session.length_hop, 3);
	assert_int_equal(run->session.length[WAY_OUT].hops, out);
	assert_int_equal(run->session.length[WAY_BACK].hops, back);
}

static void assert_strict(const struct simrun *run, size_t hop, enum tri out, enum tri back)
{
	assert_int_equal(run->session.hops[hop - 1].is_strict[WAY_OUT], out);
	assert_int_equal(run->session.hops[hop - 1].is_strict[WAY_BACK], back);
}

static void test_lengths_are_known_within_two_seconds_and_every_leg_is_proven(void **state)
{
	struct simrun *run = straight("", "", (struct simrun_options){.rounds = 10});
	(void)state;

	simrun_until_done(run);
	assert_lengths(run, 3, 3);
	for (size_t hop = 1; hop <= 3; hop++) {
		assert_strict(run, hop, TRI_YES, TRI_YES);
	}
	simrun_destroy(run);
}

static void test_a_router_inserted_out_is_found_out_and_not_back(void **state)
{
	struct simrun *run = straight("", "at 60s route R1 to R2 via N\n"
		"at 60s route R1 to D via N\n", (struct simrun_options){.rounds = 700});
	const struct way_length *length = run->session.length;
	(void)state;

	simrun_for(run, 59 * NS_PER_SEC);
	assert_lengths(run, 3, 3);
	simrun_until_done(run);
	assert_lengths(run, 4, 3);
	assert_int_equal(length[WAY_OUT].before, 3);
	assert_true(length[WAY_OUT].changed_at > 60 * NS_PER_SEC &&
		length[WAY_OUT].changed_at < 123 * NS_PER_SEC);
	assert_int_equal(length[WAY_BACK].before, 0);
	assert_strict(run, 1, TRI_YES, TRI_YES);
	assert_strict(run, 2, TRI_NO, TRI_YES);
	assert_strict(run, 3, TRI_NO, TRI_YES);
	assert_int_equal(simrun_through(run, 3)->lost, 0);
	simrun_destroy(run);
}

static void test_a_router_inserted_on_the_way_back_is_found_there(void **state)
{
	struct simrun *run = straight("", "at 60s route R2 to R1 via N\n"
		"at 60s route R2 to A via N\n", (struct simrun_options){.rounds = 700});
	(void)state;

	simrun_until_done(run);
	assert_lengths(run, 3, 4);
	assert_int_equal(run->session.length[WAY_BACK].before, 3);
	assert_strict(run, 1, TRI_YES, TRI_YES);
	assert_strict(run, 2, TRI_YES, TRI_NO);
	simrun_destroy(run);
}

static void test_hops_that_take_no_ttl_are_calibrated(void **state)
{
	struct simrun *run = simrun_create(
		"prober A 10.0.1.1\nrouter R1 10.0.1.3 decrement plain\nrouter N 10.0.5.3 icmp no\n"
		"router D 10.0.3.3 decrement plain\nlink A-R1 delay 1ms\nlink R1-D delay 2ms\n"
		"link R1-N delay 1ms\nlink N-D delay 1ms\nat 60s route R1 to D via N\n",
		&(struct simrun_options){.destination = "D", .rounds = 700, .has_scan = true,
		.has_reverse = true, .seed = check_seed(3)});
	(void)state;

	simrun_for(run, 50 * NS_PER_SEC);
	assert_int_equal(run->session.length[WAY_BACK].hops, 2);
	assert_int_equal(run->session.hops[1].is_strict[WAY_OUT], TRI_YES);
	simrun_until_done(run);
	assert_int_equal(run->session.length[WAY_OUT].hops, 3);
	assert_int_equal(run->session.length[WAY_BACK].hops, 2);
	assert_int_equal(run->session.hops[1].is_strict[WAY_OUT], TRI_NO);
	assert_int_equal(run->session.hops[1].is_strict[WAY_BACK], TRI_YES);
	simrun_destroy(run);
}

static void test_loss_changes_no_length(void **state)
{
	(void)state;

	for (uint64_t seed = 1; seed <= 20; seed++) {
		struct simrun *run = straight("loss 2.5%", "", (struct simrun_options){.rounds = 1600,
			.seed = seed});

		simrun_until_done(run);
		assert_lengths(run, 3, 3);
		assert_int_equal(run->session.length[WAY_OUT].before, 0);
		assert_int_equal(run->session.length[WAY_BACK].before, 0);
		assert_strict(run, 3, TRI_YES, TRI_YES);
		simrun_destroy(run);
	}
}

/* A-R1-R2-R3-D, each with its words; the prober and the hops have these first two bytes. */
struct row {
	const char *self, *net;
	const char *words[4];
	const char *loss;
	enum nesting_kind kind;
	unsigned hop;
};

static struct nesting judged(const struct row *row, uint64_t seed)
{
	struct strbuf text = {0};
	struct simrun *run;
	struct nesting nesting;

	strbuf_printf(&text, "prober A %s.0.1\n", row->self);
	for (int i = 0; i < 4; i++) {
		strbuf_printf(&text, "%s %s %s.%d.3 %s\n", i < 3 ? "router" : "host",
			(const char *[]){"R1", "R2", "R3", "D"}[i], row->net, i + 1, row->words[i]);
	}
	for (int i = 0; i < 4; i++) {
		strbuf_printf(&text, "link %s-%s %s.%d.2/%s.%d.3 delay 3ms loss %s\n",
			(const char *[]){"A", "R1", "R2", "R3"}[i],
			(const char *[]){"R1", "R2", "R3", "D"}[i], i == 0 ? row->self : row->net,
			i == 0 ? 0 : i + 1, row->net, i + 1, row->loss);
	}
	run = simrun_create(strbuf_text(&text), &(struct simrun_options){.destination = "D",
		.rounds = 20, .has_scan = true, .has_reverse = true, .seed = seed});
	simrun_until_done(run);
	nesting = nesting_judge(&run->session);
	simrun_destroy(run);
	strbuf_finish(&text);
	return nesting;
}

static void test_what_keeps_nested_probes_from_working_is_recognised(void **state)
{
	static const struct row rows[] = {
		{"10.0", "10.0", {"", "", "", "decap yes"}, "0", NESTING_FINE, 0},
		{"10.0", "10.0", {"", "", "", ""}, "0", NESTING_FINE, 0},
		{"10.0", "10.0", {"nested no", "", "", ""}, "0", NESTING_FILTERED, 1},
		{"10.0", "10.0", {"", "nested no", "", ""}, "0", NESTING_FILTERED, 2},
		{"10.0", "10.0", {"decap refused", "", "nested no", ""}, "0", NESTING_FILTERED, 3},
		{"10.0", "10.0", {"", "", "", "decap silent"}, "0", NESTING_FINE, 0},
		{"10.0", "10.0", {"decap refused", "decap refused", "decap refused", "decap refused"},
			"0", NESTING_NO_DECAP, 0},
		{"10.0", "10.0", {"decap refused", "decap refused", "decap refused", "decap silent"},
			"0", NESTING_NO_DECAP, 0},
		{"10.0", "8.0", {"nested no", "", "", ""}, "0", NESTING_NAT, 1},
		{"10.0", "8.0", {"decap silent", "decap silent", "decap refused", "decap silent"}, "0",
			NESTING_NAT, 1},
		{"8.1", "8.0", {"nested no", "", "", ""}, "0", NESTING_FILTERED, 1},
		{"10.0", "8.0", {"", "", "", "decap yes"}, "0", NESTING_FINE, 0},
		{"10.0", "8.0", {"decap refused", "decap refused", "decap refused", "decap refused"}, "0",
			NESTING_NO_DECAP, 0},
	};
	(void)state;

	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
		struct nesting nesting = judged(&rows[i], 1 + i);

		if (nesting.kind != rows[i].kind || nesting.hop != rows[i].hop) {
			fail_msg("row %zu: kind %d hop %u", i, (int)nesting.kind, nesting.hop);
		}
	}
}

static void test_high_loss_is_no_filter(void **state)
{
	static const char *const loss[] = {"10%", "30%", "50%"};
	(void)state;

	for (uint64_t seed = 1; seed <= 60; seed++) {
		struct row row = {"10.0", seed % 2 == 0 ? "8.0" : "10.0", {"", "", "", "decap yes"},
			loss[seed % 3], NESTING_FINE, 0};
		struct nesting nesting = judged(&row, seed);

		if (nesting.kind != NESTING_FINE) {
			fail_msg("seed %d: kind %d hop %u", (int)seed, (int)nesting.kind, nesting.hop);
		}
	}
}

static void test_legs_back_go_to_the_far_side_of_each_link(void **state)
{
	/* R1 and R2 share a /31, of which the number tells; R2 and D a /30, which only the way back
	 * shows. */
	struct simrun *run = simrun_create(
		"prober A 10.0.1.1\nrouter R1 10.0.1.2\nrouter R2 10.0.2.3\nrouter D 10.0.3.2\n"
		"link A-R1 delay 1ms\nlink R1-R2 10.0.2.2/10.0.2.3 delay 1ms\n"
		"link R2-D 10.0.3.1/10.0.3.2 delay 1ms\n",
		&(struct simrun_options){.path = "R1,R2,D", .rounds = 50, .has_reverse = true,
		.has_return_side = true, .seed = check_seed(11)});
	(void)state;

	assert_int_equal(address(&run->session.hops[0].return_side), 0x0a000202);
	assert_int_equal(address(&run->session.hops[1].return_side), 0);
	simrun_until_done(run);
	assert_int_equal(address(&run->session.hops[1].return_side), 0x0a000301);
	assert_int_equal(address(&run->session.hops[2].return_side), 0);
	assert_int_equal(simrun_through(run, 3)->received, 50);
	simrun_destroy(run);
}

static void test_an_own_source_is_only_left_out_by_auto(void **state)
{
	static const struct { enum inner_source inner; uint64_t received; } cases[] = {
		{INNER_SOURCE_AUTO, 20}, {INNER_SOURCE_HOP, 0}, {INNER_SOURCE_SELF, 20}};
	(void)state;

	for (size_t i = 0; i < 3; i++) {
		struct simrun *run = simrun_create(
			"prober A 10.0.1.1\nrouter R1 10.0.1.3 source-check martian\n"
			"router D 10.0.2.3\nlink A-R1 delay 1ms\nlink R1-D delay 1ms\n",
			&(struct simrun_options){.path = "R1,D", .rounds = 20, .has_scan = true,
			.inner_source = cases[i].inner, .seed = check_seed(12)});

		simrun_until_done(run);
		assert_int_equal(simrun_through(run, 2)->received, cases[i].received);
		simrun_destroy(run);
	}
}

/* The way back from D leaves the path by Z; 10 % is lost between R2 and D, one way only. */
static struct simrun *way_back_by_z(const char *z, const char *direction)
{
	struct strbuf text = {0};
	struct simrun *run;

	strbuf_printf(&text, "prober A 10.0.1.1\nrouter R1 10.0.1.3\nrouter R2 10.0.2.3\n"
		"router D 10.0.3.3\nrouter Z 10.0.9.3 %s\nlink A-R1 delay 1ms\nlink R1-R2 delay 1ms\n"
		"link R2-D delay 1ms loss 10%% %s\nlink Z-A 10.0.8.1/10.0.8.2 delay 1ms\n"
		"link D-Z 10.0.9.1/10.0.9.3 delay 1ms\nroute D to A via Z\nroute A to Z via Z\n",
		z, direction);
	run = simrun_create(strbuf_text(&text), &(struct simrun_options){.path = "R1,R2,D",
		.rounds = 1000, .has_scan = true, .has_reverse = true, .all_walks = true,
		.seed = check_seed(13)});
	strbuf_finish(&text);
	simrun_until_done(run);
	return run;
}

static void test_walks_by_a_router_of_the_way_back_tell_the_direction(void **state)
{
	static const struct { const char *direction; double home; } cases[] = {
		{"out-only", 0}, {"back-only", .1}};
	(void)state;

	for (size_t i = 0; i < 2; i++) {
		struct simrun *run = way_back_by_z("", cases[i].direction);
		const struct via *via = &run->session.vias[0];

		assert_int_equal(run->session.via_count, 1);
		assert_int_equal(address(&via->address), 0x0a000903);
		assert_int_equal(run->session.reverse.from_hop, 3);
		for (unsigned hop = 1; hop <= 2; hop++) {
			const struct reverse_path *path = &run->session.reverses[hop - 1];

			assert_int_equal(path->from_hop, hop);
			assert_int_equal(session_reverse_routers(&run->session, path), hop - 1);
		}
		assert_int_equal(via->decap, HOP_DECAP_YES);
		assert_true(via->walk[VIA_ROUND].sent > 980);
		assert_int_equal(via->walk[VIA_ROUND].lost, 0);
		assert_int_equal(via->walk[VIA_ROUND].best, 2 * NS_PER_MS);
		assert_int_equal(via->walk[VIA_HOME].best, 5 * NS_PER_MS);
		assert_near((double)via->walk[VIA_HOME].lost / 1000, cases[i].home, .03);
		assert_near((double)simrun_through(run, 3)->lost / 1000, .1, .03);
		simrun_destroy(run);
	}
}

static void test_no_walk_goes_by_a_router_that_does_not_decapsulate(void **state)
{
	struct simrun *run = way_back_by_z("decap refused", "");
	const struct via *via = &run->session.vias[0];
	(void)state;

	assert_int_equal(run->session.via_count, 1);
	assert_int_equal(via->decap, HOP_DECAP_NO);
	assert_int_equal(via->walk[VIA_ROUND].transmitted + via->walk[VIA_HOME].transmitted, 0);
	simrun_destroy(run);
}

static void test_walks_that_are_added_tell_the_direction(void **state)
{
	/* R4 sends what is for the prober by Z to R1; the link before R3 loses on the way out. */
	struct simrun *run = simrun_create(
		"prober A 10.0.1.1\nrouter R1 10.0.1.3\nrouter R2 10.0.2.3\nrouter R3 10.0.3.3\n"
		"router R4 10.0.4.3\nrouter Z 10.0.20.3\nlink A-R1 delay 1ms\nlink R1-R2 delay 1ms\n"
		"link R2-R3 delay 1ms loss 6% out-only\nlink R3-R4 delay 1ms\n"
		"link R4-Z 10.0.20.2/10.0.20.3 delay 2ms\nlink Z-R1 10.0.21.2/10.0.21.3 delay 2ms\n"
		"route R4 to A via Z\n",
		&(struct simrun_options){.path = "R1,R2,R3,R4", .rounds = 4000, .has_reverse = true,
		.seed = check_seed(12)});
	(void)state;

	simrun_for(run, 200 * NS_PER_SEC);
	assert_true(diag_link(run->diag, 2).is_suspect);
	assert_int_equal(diag_link(run->diag, 2).direction, DIRECTION_UNKNOWN);
	assert_true(drive_do(&run->drive, (struct command){.kind = COMMAND_WALKS}));
	simrun_until_done(run);
	assert_true(run->session.hops[3].walk[WALK_NATURAL].received > 2500);
	assert_int_equal(diag_link(run->diag, 2).direction, DIRECTION_OUT);
	simrun_destroy(run);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_a_changed_path_is_kept_beside_the_one_that_is_probed),
		cmocka_unit_test(test_a_followed_path_keeps_the_counts_before_the_change),
		cmocka_unit_test(test_a_path_that_becomes_shorter_is_a_change_too),
		cmocka_unit_test(test_the_old_path_come_back_is_no_change_any_more),
		cmocka_unit_test(test_a_path_behind_a_satellite_is_found),
		cmocka_unit_test(test_answers_to_what_was_before_a_reset_change_no_count),
		cmocka_unit_test(test_a_way_home_that_grows_and_shrinks_is_traced_as_it_is),
		cmocka_unit_test(test_routers_of_a_way_home_that_is_left_are_forgotten),
		cmocka_unit_test(test_the_first_answer_of_a_silent_hop_ends_no_alarm),
		cmocka_unit_test(test_balanced_ways_and_loss_are_no_change),
		cmocka_unit_test(test_balanced_ways_seen_seldom_are_no_change),
		cmocka_unit_test(test_lengths_are_known_within_two_seconds_and_every_leg_is_proven),
		cmocka_unit_test(test_a_router_inserted_out_is_found_out_and_not_back),
		cmocka_unit_test(test_a_router_inserted_on_the_way_back_is_found_there),
		cmocka_unit_test(test_hops_that_take_no_ttl_are_calibrated),
		cmocka_unit_test(test_loss_changes_no_length),
		cmocka_unit_test(test_what_keeps_nested_probes_from_working_is_recognised),
		cmocka_unit_test(test_high_loss_is_no_filter),
		cmocka_unit_test(test_legs_back_go_to_the_far_side_of_each_link),
		cmocka_unit_test(test_an_own_source_is_only_left_out_by_auto),
		cmocka_unit_test(test_walks_by_a_router_of_the_way_back_tell_the_direction),
		cmocka_unit_test(test_no_walk_goes_by_a_router_that_does_not_decapsulate),
		cmocka_unit_test(test_walks_that_are_added_tell_the_direction),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
