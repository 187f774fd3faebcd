/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "run/thrupath.h"

#include <unistd.h>

#include "support/check.h"

static const char *scenario(const char *name)
{
	static char path[512];
	const char *srcdir = getenv("srcdir");

	(void)snprintf(path, sizeof path, "%s/data/demo/%s.scn", srcdir == NULL ? "." : srcdir, name);
	return path;
}

/* A run of so many rounds that has not begun. */
static struct thrupath *aimed(const char *name, uint64_t rounds)
{
	struct thrupath_settings settings;
	struct thrupath *t = thrupath_create();

	thrupath_settings_default(&settings, sizeof settings);
	settings.rounds = rounds;
	assert_true(thrupath_simulate(t, scenario(name), 1));
	assert_true(thrupath_set(t, &settings, sizeof settings));
	return t;
}

static struct thrupath *done(const char *name, uint64_t rounds)
{
	struct thrupath *t = aimed(name, rounds);

	assert_true(thrupath_begin(t));
	assert_true(thrupath_run(t, 0));
	return t;
}

static struct thrupath_summary look(struct thrupath *t)
{
	struct thrupath_summary summary;

	assert_true(thrupath_look(t, &summary, sizeof summary));
	return summary;
}

static void test_a_scenario_is_probed_and_told(void **state)
{
	struct thrupath *t = done("default", 300);
	struct thrupath_summary summary = look(t);
	struct thrupath_hop hop;
	struct thrupath_link link;
	struct thrupath_finding finding;
	int is_found = 0;

	(void)state;
	assert_true(summary.is_over && summary.has_end);
	assert_int_equal(summary.rounds, 300);
	assert_int_equal(summary.hops, 8);
	assert_int_equal(summary.links, 8);
	assert_string_equal(summary.source, "10.0.1.1");
	assert_string_equal(summary.destination, "10.0.78.3");
	assert_near(summary.interval_s, 0.2, 1e-9);
	assert_near(summary.now - summary.start, 60, 2);
	assert_true(thrupath_hop(t, 8, &hop, sizeof hop));
	assert_true(hop.is_end);
	assert_string_equal(hop.address, "10.0.78.3");
	assert_string_equal(hop.name, "be-7-0.ibr02.lon22.example.net");
	assert_int_equal(hop.through.sent, 300);
	assert_near(hop.through.p50_ms, 106, 4);
	assert_true(thrupath_link(t, 4, &link, sizeof link));
	assert_true(link.is_suspect);
	assert_true(link.low <= 0.04 && link.high >= 0.04);
	assert_true(thrupath_link(t, 3, &link, sizeof link));
	assert_false(link.is_suspect);
	for (uint32_t i = 0; i < summary.findings; i++) {
		assert_true(thrupath_finding(t, i, &finding, sizeof finding));
		if (strcmp(finding.id, "link-loss") == 0) {
			is_found++;
			assert_int_equal(finding.low_hop, 3);
			assert_int_equal(finding.high_hop, 4);
			assert_int_equal(finding.severity, THRUPATH_ALARM);
			assert_true(finding.is_active && finding.text[0] != '\0');
		}
	}
	assert_int_equal(is_found, 1);
	assert_false(thrupath_finding(t, summary.findings, &finding, sizeof finding));
	assert_string_equal(thrupath_error(t), "there is no such finding");
	thrupath_destroy(t);
}

static void test_a_recording_tells_the_same_again(void **state)
{
	char name[] = "/tmp/thrupath-library-XXXXXX";
	int fd = mkstemp(name);
	struct thrupath *t = aimed("default", 200), *again = thrupath_create();
	struct thrupath_summary was, is;
	struct thrupath_finding finding, other;

	(void)state;
	assert_true(fd >= 0);
	(void)close(fd);
	assert_true(thrupath_record(t, name));
	assert_true(thrupath_begin(t));
	assert_true(thrupath_run(t, 0));
	was = look(t);
	assert_true(thrupath_replay(again, name));
	assert_true(thrupath_begin(again));
	assert_true(thrupath_run(again, 0));
	is = look(again);
	assert_int_equal(is.rounds, was.rounds);
	assert_int_equal(is.hops, was.hops);
	assert_int_equal(is.findings, was.findings);
	assert_true(was.findings > 0);
	for (uint32_t i = 0; i < was.findings; i++) {
		assert_true(thrupath_finding(t, i, &finding, sizeof finding));
		assert_true(thrupath_finding(again, i, &other, sizeof other));
		assert_string_equal(finding.id, other.id);
		assert_string_equal(finding.text, other.text);
	}
	assert_false(thrupath_pause(again, 1));
	thrupath_destroy(t);
	thrupath_destroy(again);
	(void)unlink(name);
}

static void test_a_run_goes_in_steps_and_begins_again(void **state)
{
	struct thrupath *t = aimed("clean", 0);
	struct thrupath_hop hop;
	uint64_t before;

	(void)state;
	assert_true(thrupath_begin(t));
	assert_true(thrupath_run(t, 10));
	assert_between(look(t).rounds, 40, 60);
	assert_false(look(t).is_over);
	assert_true(thrupath_pause(t, 1));
	assert_true(thrupath_run(t, 1));
	before = look(t).rounds;
	assert_true(thrupath_run(t, 10));
	assert_int_equal(look(t).rounds, before);
	assert_true(thrupath_pause(t, 0));
	assert_true(thrupath_run(t, 10));
	assert_true(look(t).rounds > before + 40);
	assert_true(thrupath_reset(t));
	assert_true(thrupath_run(t, 5));
	assert_int_equal(look(t).hops, 6);
	assert_true(thrupath_hop(t, 6, &hop, sizeof hop));
	assert_between(hop.through.sent, 20, 30);
	thrupath_destroy(t);
}

/* What a caller knows of a structure may be less, or more, than this library does. */
static void test_structures_are_filled_up_to_their_size(void **state)
{
	struct thrupath *t = done("clean", 5);
	struct {
		struct thrupath_summary summary;
		uint64_t later;
	} newer = {.later = 7};
	struct thrupath_summary older = {.hops = 99};

	(void)state;
	assert_true(thrupath_look(t, &newer.summary, sizeof newer));
	assert_int_equal(newer.later, 0);
	assert_int_equal(newer.summary.rounds, 5);
	assert_true(thrupath_look(t, &older, offsetof(struct thrupath_summary, start)));
	assert_int_equal(older.rounds, 5);
	assert_int_equal(older.hops, 99);
	thrupath_destroy(t);
}

static void test_what_is_out_of_order_is_refused(void **state)
{
	struct thrupath *t = thrupath_create();
	struct thrupath_summary summary;
	struct thrupath_hop hop;

	(void)state;
	assert_false(thrupath_run(t, 1));
	assert_string_equal(thrupath_error(t), "the run has not begun");
	assert_false(thrupath_look(t, &summary, sizeof summary));
	assert_false(thrupath_hop(t, 1, &hop, sizeof hop));
	assert_string_equal(thrupath_error(t), "look first");
	assert_false(thrupath_simulate(t, "/nonexistent.scn", 0));
	assert_non_null(strstr(thrupath_error(t), "/nonexistent.scn"));
	assert_true(thrupath_simulate(t, scenario("clean"), 0));
	assert_false(thrupath_simulate(t, scenario("clean"), 0));
	assert_false(thrupath_replay(t, "some.pcap"));
	assert_false(thrupath_aim_path(t, NULL, 0));
	assert_false(thrupath_aim_path(t, (const char *[]){"10.0.1.2", "::1"}, 2));
	assert_string_equal(thrupath_error(t), "the path mixes IPv4 and IPv6 addresses");
	assert_false(thrupath_aim(t, "no-such-node"));
	assert_true(thrupath_begin(t));
	assert_string_equal(thrupath_error(t), "");
	assert_false(thrupath_begin(t));
	assert_string_equal(thrupath_error(t), "the run has begun already");
	assert_false(thrupath_record(t, "late.pcapng"));
	assert_false(thrupath_run(t, -1));
	assert_true(thrupath_run(t, 2));
	(void)look(t);
	assert_false(thrupath_hop(t, 0, &hop, sizeof hop));
	assert_false(thrupath_hop(t, 200, &hop, sizeof hop));
	thrupath_destroy(t);
	thrupath_destroy(NULL);

	t = thrupath_create();
	assert_false(thrupath_begin(t));
	assert_string_equal(thrupath_error(t), "say where to first");
	assert_false(thrupath_look(t, &summary, sizeof summary));
	thrupath_destroy(t);

	t = thrupath_create();
	assert_true(thrupath_replay(t, "/nonexistent.pcapng"));
	assert_false(thrupath_begin(t));
	assert_non_null(strstr(thrupath_error(t), "/nonexistent.pcapng"));
	assert_false(thrupath_look(t, &summary, sizeof summary));
	thrupath_destroy(t);
}

static void test_settings_that_make_no_sense_are_refused(void **state)
{
	struct thrupath *t = thrupath_create();
	struct thrupath_settings good, bad;

	(void)state;
	thrupath_settings_default(&good, sizeof good);
	assert_true(thrupath_set(t, &good, sizeof good));
	bad = good;
	bad.first_ttl = 9;
	bad.max_ttl = 8;
	assert_false(thrupath_set(t, &bad, sizeof bad));
	assert_string_equal(thrupath_error(t), "first_ttl is greater than max_ttl");
	bad = good;
	bad.tos = 256;
	assert_false(thrupath_set(t, &bad, sizeof bad));
	assert_string_equal(thrupath_error(t), "tos is 0 to 255, not 256");
	bad = good;
	bad.protocol = THRUPATH_TCP + 1;
	assert_false(thrupath_set(t, &bad, sizeof bad));
	bad = good;
	bad.interval_s = -1;
	assert_false(thrupath_set(t, &bad, sizeof bad));
	bad.interval_s = 0.0 / 0.0;
	assert_false(thrupath_set(t, &bad, sizeof bad));
	bad = good;
	bad.no_to = bad.no_through = 1;
	assert_false(thrupath_set(t, &bad, sizeof bad));
	thrupath_destroy(t);
}

/* Loss of the way out alone: the walks tell it from the way back. */
static void test_all_walks_tell_the_direction(void **state)
{
	struct thrupath_settings settings;
	struct thrupath *t = thrupath_create();
	struct thrupath_link link;

	(void)state;
	thrupath_settings_default(&settings, sizeof settings);
	settings.rounds = 3000;
	settings.interval_s = 0.1;
	settings.has_all_walks = 1;
	assert_true(thrupath_simulate(t, scenario("one-way"), 3));
	assert_true(thrupath_set(t, &settings, sizeof settings));
	assert_true(thrupath_begin(t));
	assert_true(thrupath_run(t, 0));
	assert_int_equal(look(t).hops, 4);
	assert_true(thrupath_link(t, 3, &link, sizeof link));
	assert_true(link.out_low <= 0.03 && link.out_high >= 0.03);
	assert_true(link.back_high < link.out_low);
	thrupath_destroy(t);
}

static void test_a_path_is_probed_as_told(void **state)
{
	static const char *const path[] = {"10.0.1.2", "10.0.12.3", "10.0.23.3", "10.0.34.3"};
	struct thrupath_settings settings;
	struct thrupath *t = thrupath_create();
	struct thrupath_summary summary;

	(void)state;
	thrupath_settings_default(&settings, sizeof settings);
	settings.rounds = 40;
	settings.protocol = THRUPATH_UDP;
	assert_true(thrupath_simulate(t, scenario("default"), 3));
	assert_true(thrupath_aim_path(t, path, 4));
	assert_true(thrupath_set(t, &settings, sizeof settings));
	assert_true(thrupath_begin(t));
	assert_true(thrupath_run(t, 0));
	summary = look(t);
	assert_int_equal(summary.hops, 4);
	assert_int_equal(summary.rounds, 40);
	assert_string_equal(summary.destination, "10.0.34.3");
	thrupath_destroy(t);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_a_scenario_is_probed_and_told),
		cmocka_unit_test(test_a_recording_tells_the_same_again),
		cmocka_unit_test(test_a_run_goes_in_steps_and_begins_again),
		cmocka_unit_test(test_structures_are_filled_up_to_their_size),
		cmocka_unit_test(test_what_is_out_of_order_is_refused),
		cmocka_unit_test(test_settings_that_make_no_sense_are_refused),
		cmocka_unit_test(test_all_walks_tell_the_direction),
		cmocka_unit_test(test_a_path_is_probed_as_told),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
