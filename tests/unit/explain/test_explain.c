/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "explain/explain.h"

#include "base/strbuf.h"
#include "names/table.h"
#include "support/check.h"

static struct explanation found;
static struct table *names;

static const char *headline(const char *what)
{
	static struct read_text text;

	read_text_finish(&text);
	read_text(what, strlen(what), &text);
	explain(&text, names, &found);
	return found.count == 0 ? "" : found.finding[0].id;
}

static bool has(const char *id)
{
	for (size_t i = 0; i < found.count; i++) {
		if (strcmp(found.finding[i].id, id) == 0) {
			return true;
		}
	}
	return false;
}

static unsigned alarms(void)
{
	unsigned count = 0;

	for (size_t i = 0; i < found.count; i++) {
		count += found.finding[i].severity == SNAP_ALARM;
	}
	return count;
}

#define MTR "HOST: me                          Loss%   Snt   Last   Avg  Best  Wrst StDev\n"

#define TRACE "traceroute to host (192.0.2.9), 30 hops max, 60 byte packets\n" \
	" 1  10.0.0.1 (10.0.0.1)  0.5 ms  0.5 ms  0.6 ms\n"

static void test_a_limit_is_no_loss(void **state)
{
	(void)state;
	assert_string_equal(headline(MTR
		"  1.|-- 10.0.0.1                   0.0%   100    0.4   0.5   0.3   1.1   0.1\n"
		"  2.|-- 192.0.2.1                 80.0%   100    4.4   4.5   4.1   5.1   0.1\n"
		"  3.|-- 192.0.2.9                  0.0%   100    9.4   9.5   9.1   9.9   0.1\n"),
		"icmp-rate-limit");
	assert_int_equal(alarms(), 0);
	assert_int_equal(found.persists, PERSISTS_NO);
}

static void test_loss_that_stays_begins_where_it_rises(void **state)
{
	(void)state;
	assert_string_equal(headline(MTR
		"  1.|-- 10.0.0.1                   0.0%   100    0.4   0.5   0.3   1.1   0.1\n"
		"  2.|-- 192.0.2.1                 40.0%   100    4.4   4.5   4.1   5.1   0.1\n"
		"  3.|-- 192.0.2.2                 10.0%   100    5.4   5.5   5.1   6.1   0.1\n"
		"  4.|-- 192.0.2.3                 12.0%   100    6.4   6.5   6.1   7.1   0.1\n"
		"  5.|-- 192.0.2.9                 11.0%   100    9.4   9.5   9.1   9.9   0.1\n"),
		"path-loss");
	assert_int_equal(found.first_bad_hop, 2);
	assert_int_equal(found.finding[0].low_hop, 1);
	assert_int_equal(found.persists, PERSISTS_YES);
	assert_true(has("icmp-rate-limit"));
}

/* 3 and 9 of 60 are chance: the end is not worse than the hop before it. */
static void test_loss_that_differs_by_chance_begins_at_the_first(void **state)
{
	(void)state;
	assert_string_equal(headline(MTR
		"  1.|-- 10.0.0.1                   0.0%    60    0.4   0.5   0.3   1.1   0.1\n"
		"  2.|-- 192.0.2.1                 10.0%    60    4.4   4.5   4.1   5.1   0.1\n"
		"  3.|-- 192.0.2.3                  5.0%    60    6.4   6.5   6.1   7.1   0.1\n"
		"  4.|-- 192.0.2.9                 15.0%    60    9.4   9.5   9.1   9.9   0.1\n"),
		"path-loss");
	assert_int_equal(found.first_bad_hop, 2);
}

/* Hosts in turn to the hop limit that was asked for: a table's last row is no end. */
static void test_a_loop_in_a_table_has_no_end(void **state)
{
	(void)state;
	assert_string_equal(headline(MTR
		"  1.|-- 10.0.0.1                   0.0%    10    0.4   0.5   0.3   1.1   0.1\n"
		"  2.|-- 192.0.2.1                  0.0%    10    4.4   4.5   4.1   5.1   0.1\n"
		"  3.|-- 192.0.2.2                  0.0%    10    5.4   5.5   5.1   6.1   0.1\n"
		"  4.|-- 192.0.2.1                  0.0%    10    6.4   6.5   6.1   7.1   0.1\n"
		"  5.|-- 192.0.2.2                  0.0%    10    7.4   7.5   7.1   8.1   0.1\n"
		"  6.|-- 192.0.2.1                  0.0%    10    8.4   8.5   8.1   9.1   0.1\n"),
		"routing-loop");
	assert_int_equal(found.persists, PERSISTS_UNKNOWN);
}

/* The row behind a limit has a name only: nothing says that the limit is loss. */
static void test_a_torn_row_convicts_nobody(void **state)
{
	(void)state;
	(void)headline(MTR
		"  1.|-- 10.0.0.1                   0.0%   100    0.4   0.5   0.3   1.1   0.1\n"
		"  2.|-- 192.0.2.1                 80.0%   100    4.4   4.5   4.1   5.1   0.1\n"
		"  3.|-- c1.example.n");
	assert_int_equal(alarms(), 0);
	(void)headline(MTR
		"  1.|-- 10.0.0.1                   0.0%   100    0.4   0.5   0.3   1.1   0.1\n"
		"  2.|-- 192.0.2.1                  5.0%   100    4.4   4.5   4.1   5.1   0.1\n"
		"  3.|-- 192.0.2.2                 90.0%   100   26.0  33.");
	assert_int_equal(alarms(), 0);
	(void)headline(MTR
		"  1.|-- 10.0.0.1                  80.0%   100    0.4   0.5   0.3   1.1   0.1\n");
	assert_int_equal(alarms(), 0);
}

static void test_the_destination_behind_its_own_address(void **state)
{
	(void)state;
	assert_string_equal(headline(TRACE " 2  192.0.2.9  5 ms\n 3  192.0.2.9  6 ms\n"), "nat");
	assert_false(has("duplicate-hop"));
}

/* RIPE Atlas gives up, and tries once with a TTL of 255. */
static void test_hops_that_nobody_tried_are_not_silent(void **state)
{
	(void)state;
	assert_string_equal(headline("{\"dst_addr\":\"192.0.2.9\",\"result\":[{\"hop\":1,\"result\":"
		"[{\"from\":\"10.0.0.1\",\"rtt\":0.5}]},{\"hop\":255,\"result\":"
		"[{\"from\":\"192.0.2.9\",\"rtt\":9.5}]}]}"), "healthy");
	assert_false(has("silent-hop"));
}

static void test_tracepath_tells_of_the_way_back(void **state)
{
	(void)state;
	assert_string_equal(headline(" 1?: [LOCALHOST]   pmtu 1500\n 1:  10.0.0.1   0.5ms \n"
		" 2:  192.0.2.1   5.5ms asymm  4 \n 3:  192.0.2.9   6.5ms reached\n"
		"     Resume: pmtu 1500 hops 3 back 5 \n"), "asymmetric-path");
	assert_int_equal(alarms(), 0);
}

static void test_the_end_alone_is_not_decided(void **state)
{
	(void)state;
	assert_string_equal(headline(MTR
		"  1.|-- 10.0.0.1                   0.0%    50    0.4   0.5   0.3   1.1   0.1\n"
		"  2.|-- 192.0.2.1                  0.0%    50    4.4   4.5   4.1   5.1   0.1\n"
		"  3.|-- 192.0.2.9                 20.0%    50    9.4   9.5   9.1   9.9   0.1\n"),
		"end-limited");
	assert_int_equal(alarms(), 0);
}

static void test_one_lost_of_ten_is_said_of_nobody(void **state)
{
	(void)state;
	assert_string_equal(headline(MTR
		"  1.|-- 10.0.0.1                   0.0%    10    0.4   0.5   0.3   1.1   0.1\n"
		"  2.|-- 192.0.2.1                  0.0%    10    4.4   4.5   4.1   5.1   0.1\n"
		"  3.|-- 192.0.2.9                 10.0%    10    9.4   9.5   9.1   9.9   0.1\n"),
		"healthy");
	assert_int_equal(alarms(), 0);
}

static void test_who_says_unreachable(void **state)
{
	(void)state;
	assert_string_equal(headline(TRACE
		" 2  192.0.2.1 (192.0.2.1)  5.0 ms  5.1 ms  5.2 ms\n"
		" 3  192.0.2.1 (192.0.2.1)  3005.0 ms !H  3005.1 ms !H  3005.2 ms !H\n"), "unreachable");
	assert_int_equal(found.finding[0].high_hop, 3);
	assert_string_equal(headline(TRACE
		" 2  192.0.2.9 (192.0.2.9)  5.0 ms !X *  5.2 ms !X\n"), "admin-prohibited");
	assert_int_equal(alarms(), 0);
}

static void test_a_loop_is_told_from_twins(void **state)
{
	(void)state;
	assert_string_equal(headline(TRACE
		" 2  192.0.2.1  5 ms\n 3  192.0.2.2  6 ms\n 4  192.0.2.1  7 ms\n 5  192.0.2.2  8 ms\n"
		" 6  192.0.2.1  9 ms\n 7  192.0.2.2  9 ms\n"), "routing-loop");
	assert_string_equal(headline(TRACE
		" 2  192.0.2.1  5 ms\n 3  192.0.2.1  5 ms\n 4  192.0.2.9  7 ms\n"), "healthy");
	assert_true(has("duplicate-hop"));
	assert_int_equal(alarms(), 0);
}

static void test_silence_behind_and_between(void **state)
{
	(void)state;
	assert_string_equal(headline(TRACE " 2  * * *\n 3  192.0.2.9  5 ms  5 ms  6 ms\n"),
		"silent-hop");
	assert_string_equal(headline(TRACE " 2  192.0.2.1  5 ms  5 ms  6 ms\n"
		" 3  * * *\n 4  * * *\n 5  * * *\n 6  * * *\n 7  * * *\n"), "end-filtered");
	assert_string_equal(headline(TRACE " 2  192.0.2.1  5 ms  5 ms  6 ms\n 3  * *^C\n"),
		"incomplete");
	assert_string_equal(headline("traceroute to host (192.0.2.9), 30 hops max\n"
		" 1  * * *\n 2  * * *\n 3  * * *\n"), "cannot-tell");
}

static void test_late_hops_and_steps(void **state)
{
	(void)state;
	assert_string_equal(headline(TRACE " 2  192.0.2.1  150 ms  151 ms  152 ms\n"
		" 3  192.0.2.9  5 ms  5 ms  6 ms\n"), "cosmetic-latency");
	assert_string_equal(headline(TRACE " 2  192.0.2.1  3 ms  3 ms  3 ms\n"
		" 3  192.0.2.2  83 ms  83 ms  83 ms\n 4  192.0.2.9  84 ms  85 ms  84 ms\n"),
		"latency-step");
	assert_string_equal(headline(TRACE " 2  192.0.2.1  90 ms  93 ms  91 ms\n"
		" 3  192.0.2.2  91 ms  92 ms  91 ms\n 4  192.0.2.9  94 ms  95 ms  94 ms\n"), "last-mile");
}

/* What was pasted may end anywhere. */
static void test_a_cut_raises_no_alarm(void **state)
{
	(void)state;
	assert_string_equal(headline("Tracing the route to 192.0.2.99\n"
		"  1 10.0.0.1 1 msec 1 msec 1 msec\n"
		"  2 192.0.2.1 2 msec 2 msec 2 msec\n"
		"  3 192.0.2.129 13 msec *  *  *  *  *  *  *  *  *\n"
		"  4 198.51.100.9"), "incomplete");
	assert_int_equal(alarms(), 0);
	assert_string_equal(headline("Tracing route to google.com [2001:db8::e]\n"
		"over a maximum of 30 hops:\n"
		"  0  MYPC [2001:db8:1::3]\n  1  2001:db8:1::7\n  2     *        *        *\n"
		"Computing statistics for 25 seconds...\n            Source to Here   This Node/Link\n"
		"Hop  RTT    Lost/Sent = Pct  Lost/Sent = Pct  Address\n"
		"  0                                           MYPC [2001:db8:1::3]\n"
		"                                2/ 100 =  2%   |\n"
		"  1   26ms     2/ 100 =  2%     0/ 100 ="), "incomplete");
	assert_int_equal(alarms(), 0);
}

static void test_a_hop_without_a_name_is_called_by_its_number(void **state)
{
	(void)state;
	assert_string_equal(headline(MTR
		"  1.                               80.0%   100    0.4   0.5   0.3   1.1   0.1\n"
		"  2.|-- 192.0.2.9                  0.0%   100    9.4   9.5   9.1   9.9   0.1\n"),
		"icmp-rate-limit");
	assert_non_null(strstr(found.finding[0].text, "Hop 1 left 80 %"));
}

/* Where the report at hand does not reach the end, another one may. */
static void test_another_report_knows_whether_loss_goes_on(void **state)
{
	static const struct {
		const char *end;
		enum explain_persists persists;
	} cases[] = {{"192.0.2.9", PERSISTS_NO}, {"192.0.2.7", PERSISTS_UNKNOWN}};
	(void)state;

	for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
		struct strbuf text = {0};

		strbuf_puts(&text, MTR
			"  1.|-- 10.0.0.1                   0.0%   100    0.4   0.5   0.3   1.1   0.1\n");
		strbuf_printf(&text,
			"  2.|-- %s                  0.0%%   100    9.4   9.5   9.1   9.9   0.1\n\n",
			cases[i].end);
		strbuf_puts(&text, TRACE " 2  192.0.2.1 (192.0.2.1)  4.0 ms  4.1 ms  4.2 ms\n"
			" 3  192.0.2.2 (192.0.2.2)  5.0 ms  5.1 ms  5.2 ms\n 4  * * *\n");
		assert_string_equal(headline(strbuf_text(&text)), "incomplete");
		assert_int_equal(found.report, 1);
		assert_int_equal(found.persists, cases[i].persists);
		strbuf_finish(&text);
	}
}

static void test_all_is_well(void **state)
{
	(void)state;
	assert_string_equal(headline(TRACE " 2  192.0.2.1  3 ms  3 ms  3 ms\n"
		" 3  192.0.2.9  5 ms  5 ms  6 ms\n"), "healthy");
	assert_non_null(strstr(found.finding[0].text, "Nothing is wrong"));
	assert_int_equal(found.persists, PERSISTS_NO);
	assert_true(found.next_count > 0);
	assert_string_equal(headline("no report\n"), "");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_a_limit_is_no_loss),
		cmocka_unit_test(test_loss_that_stays_begins_where_it_rises),
		cmocka_unit_test(test_loss_that_differs_by_chance_begins_at_the_first),
		cmocka_unit_test(test_a_loop_in_a_table_has_no_end),
		cmocka_unit_test(test_a_torn_row_convicts_nobody),
		cmocka_unit_test(test_the_destination_behind_its_own_address),
		cmocka_unit_test(test_hops_that_nobody_tried_are_not_silent),
		cmocka_unit_test(test_tracepath_tells_of_the_way_back),
		cmocka_unit_test(test_the_end_alone_is_not_decided),
		cmocka_unit_test(test_one_lost_of_ten_is_said_of_nobody),
		cmocka_unit_test(test_who_says_unreachable),
		cmocka_unit_test(test_a_loop_is_told_from_twins),
		cmocka_unit_test(test_silence_behind_and_between),
		cmocka_unit_test(test_late_hops_and_steps),
		cmocka_unit_test(test_a_cut_raises_no_alarm),
		cmocka_unit_test(test_a_hop_without_a_name_is_called_by_its_number),
		cmocka_unit_test(test_another_report_knows_whether_loss_goes_on),
		cmocka_unit_test(test_all_is_well),
	};
	int failed;

	names = table_create();
	failed = cmocka_run_group_tests(tests, NULL, NULL);
	table_destroy(names);
	return failed;
}
