/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "report/stream.h"

#include <stdlib.h>

#include "support/check.h"
#include "support/snapshot_fixture.h"

enum { HOPS = 3 };

static struct stream *stream;
static struct strbuf lines;

static int begin(void **state)
{
	(void)state;
	stream = stream_create(10 * NS_PER_SEC);
	return 0;
}

static int finish(void **state)
{
	(void)state;
	stream_destroy(stream);
	strbuf_finish(&lines);
	return 0;
}

/* So many seconds after the start; of each round the hops answered all but `lost`. */
static struct snapshot *snapshot_at(unsigned seconds, uint64_t rounds, uint64_t lost)
{
	struct snapshot *snap = fixture_snapshot(HOPS, FIXTURE_NO_NAMES);

	snap->phase = SNAP_PROBING;
	snap->now_realtime = snap->start_realtime + seconds * NS_PER_SEC;
	snap->rounds = rounds;
	for (size_t i = 0; i < HOPS; i++) {
		struct snap_stats *stats[] = {&snap->hops[i].to, &snap->hops[i].through};

		for (size_t k = 0; k < 2; k++) {
			stats[k]->is_on = true;
			stats[k]->sent = stats[k]->resolved = rounds;
			stats[k]->received = rounds - lost;
			stats[k]->has_rtt = rounds > lost;
			stats[k]->avg_ms = 5;
		}
	}
	return snap;
}

static const char *look(struct snapshot *snap)
{
	strbuf_clear(&lines);
	stream_look(stream, snap, &lines);
	snapshot_destroy(snap);
	return strbuf_text(&lines);
}

static unsigned count_of(const char *text, const char *what)
{
	unsigned count = 0;

	for (const char *at = text; (at = strstr(at, what)) != NULL; at++) {
		count++;
	}
	return count;
}

#define EVENT(name) "{\"event\": \"" name "\","

static void test_it_starts_once_and_tells_the_path_once_it_is_known(void **state)
{
	struct snapshot *early = snapshot_at(0, 0, 0);
	const char *text;
	(void)state;

	early->phase = SNAP_DISCOVERING;
	text = look(early);
	assert_int_equal(count_of(text, "\n"), 1);
	assert_int_equal(count_of(text, EVENT("start")), 1);
	text = look(snapshot_at(1, 1, 0));
	assert_int_equal(count_of(text, "\n"), 1);
	assert_int_equal(count_of(text, EVENT("path")), 1);
	assert_string_equal(look(snapshot_at(2, 2, 0)), "");
}

static void test_an_interval_counts_what_was_added_in_it(void **state)
{
	const char *text;
	(void)state;

	(void)look(snapshot_at(1, 1, 0));
	text = look(snapshot_at(10, 10, 1));
	assert_int_equal(count_of(text, EVENT("interval")), 1);
	assert_int_equal(count_of(text, "\"to\",\"sent\": 10,\"resolved\": 10,\"received\": 9"), HOPS);
	assert_string_equal(look(snapshot_at(19, 19, 1)), "");
	text = look(snapshot_at(20, 20, 1));
	assert_int_equal(count_of(text, "\"rounds\": 10,"), 1);
	assert_int_equal(count_of(text, "\"walk\": \"through\",\"sent\": 10,\"resolved\": 10,"
		"\"received\": 10,\"avg\": 5.0"), HOPS);
}

/* What is counted anew, at one hop or at all of them, is not taken from what was before. */
static void test_a_hop_that_changes_is_counted_from_nothing(void **state)
{
	struct snapshot *other;
	const char *text;
	(void)state;

	(void)look(snapshot_at(1, 1, 0));
	(void)look(snapshot_at(10, 10, 0));
	other = snapshot_at(20, 14, 0);
	free(other->hops[1].address);
	other->hops[1].address = strdup("192.0.2.77");
	text = look(other);
	assert_int_equal(count_of(text, EVENT("path")), 1);
	assert_int_equal(count_of(text, "192.0.2.77"), 2);
	assert_int_equal(count_of(text, "\"to\",\"sent\": 4,"), HOPS - 1);
	assert_int_equal(count_of(text, "\"to\",\"sent\": 14,"), 1);
	text = look(snapshot_at(30, 3, 0));
	assert_int_equal(count_of(text, "\"to\",\"sent\": 3,"), HOPS);
}

static void test_void_rounds_take_nothing_below_nothing(void **state)
{
	const char *text;
	(void)state;

	(void)look(snapshot_at(10, 100, 0));
	text = look(snapshot_at(20, 98, 0));
	assert_int_equal(count_of(text, "\"to\",\"sent\": 0,\"resolved\": 0,\"received\": 0}"), HOPS);
	text = look(snapshot_at(30, 108, 0));
	assert_int_equal(count_of(text, "\"to\",\"sent\": 10,"), HOPS);
}

static void test_a_clock_that_is_set_back_holds_nothing_up(void **state)
{
	(void)state;

	(void)look(snapshot_at(5000, 10, 0));
	assert_string_equal(look(snapshot_at(100, 20, 0)), "");
	assert_int_equal(count_of(look(snapshot_at(110, 30, 0)), "\"to\",\"sent\": 20,"), HOPS);
}

static void test_another_destination_is_another_run(void **state)
{
	struct snapshot *other = snapshot_at(11, 5, 0);
	const char *text;
	(void)state;

	(void)look(snapshot_at(10, 10, 0));
	free(other->destination);
	other->destination = strdup("192.0.2.9");
	text = look(other);
	assert_int_equal(count_of(text, EVENT("start")), 1);
	assert_int_equal(count_of(text, "\"destination\": \"192.0.2.9\""), count_of(text, "\n"));
}

static void test_the_end_has_the_rest_and_the_whole(void **state)
{
	struct snapshot *snap = snapshot_at(14, 14, 0);
	const char *text;
	(void)state;

	(void)look(snapshot_at(10, 10, 0));
	snap->phase = SNAP_DONE;
	strbuf_clear(&lines);
	stream_end(stream, snap, &lines);
	text = strbuf_text(&lines);
	assert_int_equal(count_of(text, "\n"), 2);
	assert_int_equal(count_of(text, "\"to\",\"sent\": 4,"), HOPS);
	assert_int_equal(count_of(text, EVENT("end")), 1);
	assert_int_equal(count_of(text, "\"thrupath\": {"), 1);
	snapshot_destroy(snap);
}

static void test_a_finding_is_a_line(void **state)
{
	struct snapshot *snap = snapshot_at(14, 14, 0);
	(void)state;

	fixture_add_findings(snap);
	strbuf_clear(&lines);
	stream_finding(snap, &snap->findings[0], true, &lines);
	assert_int_equal(count_of(strbuf_text(&lines), "\n"), 1);
	assert_int_equal(count_of(strbuf_text(&lines), "\"begin\",\"finding\": {\"id\": \""), 1);
	snapshot_destroy(snap);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(test_it_starts_once_and_tells_the_path_once_it_is_known,
			begin, finish),
		cmocka_unit_test_setup_teardown(test_an_interval_counts_what_was_added_in_it, begin,
			finish),
		cmocka_unit_test_setup_teardown(test_a_hop_that_changes_is_counted_from_nothing, begin,
			finish),
		cmocka_unit_test_setup_teardown(test_void_rounds_take_nothing_below_nothing, begin, finish),
		cmocka_unit_test_setup_teardown(test_a_clock_that_is_set_back_holds_nothing_up, begin,
			finish),
		cmocka_unit_test_setup_teardown(test_another_destination_is_another_run, begin, finish),
		cmocka_unit_test_setup_teardown(test_the_end_has_the_rest_and_the_whole, begin, finish),
		cmocka_unit_test_setup_teardown(test_a_finding_is_a_line, begin, finish),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
