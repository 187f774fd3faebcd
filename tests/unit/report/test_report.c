/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "report/report.h"

#include <locale.h>
#include <string.h>
#include <time.h>

#include "base/mem.h"
#include "support/check.h"
#include "support/snapshot_fixture.h"

/* The formats of every case, by the ending of the golden file. */
static void check_all(const struct snapshot *snap, const struct report_options *options,
	const char *name)
{
	static const char *const endings[] = {".txt", ".json", ".csv", ".xml", ".md", ".html"};

	for (size_t i = 0; i < sizeof endings / sizeof endings[0]; i++) {
		struct strbuf buf = {0}, file = {0};

		strbuf_printf(&file, "%s%s", name, endings[i]);
		report_write(report_format_of(strbuf_text(&file)), snap, options, &buf);
		golden_check(strbuf_text(&file), strbuf_text(&buf));
		strbuf_finish(&file);
		strbuf_finish(&buf);
	}
}

static void test_reports_read_as_they_did(void **state)
{
	static const struct {
		size_t hops;
		enum fixture_names names;
		struct report_options options;
		const char *name;
	} cases[] = {
		{0, FIXTURE_NAMES, {0}, "report-0hops"},
		{1, FIXTURE_NO_NAMES, {0}, "report-1hop"},
		{9, FIXTURE_NAMES, {0}, "report-9hops"},
		{8, FIXTURE_WIDE_NAMES, {.is_wide = true, .shows_both = true}, "report-wide"},
	};
	(void)state;

	for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
		struct snapshot *snap = fixture_snapshot(cases[i].hops, cases[i].names);

		if (cases[i].names == FIXTURE_WIDE_NAMES) {
			snap->way_back = (struct snap_way){.from_hop = 8, .return_count = 1,
				.returns = xcalloc(1, sizeof *snap->way_back.returns)};
			snap->way_back.returns[0] = (struct snap_return){1, xstrdup("10.0.90.3"),
				xstrdup("een-lange-naam-van-een-router-op-de-weg-terug.example.net"), 3};
		}
		check_all(snap, &cases[i].options, cases[i].name);
		snapshot_destroy(snap);
	}
}

static void test_without_through_probes_the_report_says_what_was_not_tested(void **state)
{
	const struct report_options options = {0};
	struct snapshot *snap = fixture_snapshot(3, FIXTURE_NO_NAMES);
	(void)state;

	snap->has_through = snap->has_nested = false;
	snap->void_rounds = 2;
	snap->forged = 1;
	for (size_t i = 0; i < snap->hop_count; i++) {
		snap->hops[i].through = (struct snap_stats){0};
		free(snap->links[i].from);
		free(snap->links[i].to);
	}
	snap->link_count = 0;
	check_all(snap, &options, "report-to-only");
	snapshot_destroy(snap);
}

static void test_metrics_read_as_they_did(void **state)
{
	struct snapshot *snap = fixture_snapshot(4, FIXTURE_NAMES);
	struct strbuf buf = {0};
	(void)state;

	free(snap->hops[1].name);
	snap->hops[1].name = xstrdup("a \"quoted\" \\ name");
	report_metrics(snap, &buf);
	golden_check("metrics-4hops.prom", strbuf_text(&buf));
	strbuf_finish(&buf);
	snapshot_destroy(snap);
}

static void test_a_hop_that_refuses_through_probes_is_not_called_lossy(void **state)
{
	const struct report_options options = {0};
	struct snapshot *snap = fixture_snapshot(1, FIXTURE_NO_NAMES);
	struct snap_stats *through = &snap->hops[0].through;
	(void)state;

	*through = (struct snap_stats){.is_on = true, .sent = 5, .resolved = 5, .dropped = 5,
		.loss = SNAP_UNKNOWN, .high = 1.0, .recent = SNAP_UNKNOWN, .error_count = 1};
	through->errors[0] = (struct snap_error){"protocol-unreachable", 5};
	snap->hops[0].last_error = (struct snap_last_error){.cause = "fragmentation-needed",
		.code = "3/4", .walk = "retrace", .from = xstrdup("10.0.1.2"), .from_hop = 1,
		.to = xstrdup("10.0.9.9"), .leg = 2, .mtu = 560};
	snap->links[0].loss = snap->links[0].recent = SNAP_UNKNOWN;
	snap->links[0].rtt_added_ms = SNAP_UNKNOWN;
	snap->links[0].rtt_added_low = SNAP_UNKNOWN;
	snap->links[0].high = 1.0;
	check_all(snap, &options, "report-refused");
	snapshot_destroy(snap);
}

static void test_an_end_that_answered_itself_is_said_to_have(void **state)
{
	const struct report_options options = {0};
	struct snapshot *snap = fixture_snapshot(2, FIXTURE_NO_NAMES);
	(void)state;

	snap->hops[1].decap = "no";
	snap->hops[1].last_leg = "echo";
	snap->links[1].is_back_routed = true;
	check_all(snap, &options, "report-answering");
	snapshot_destroy(snap);
}

static void test_flows_are_told_apart_where_a_hop_has_several_addresses(void **state)
{
	const struct report_options options = {0};
	struct snapshot *snap = fixture_snapshot(2, FIXTURE_NO_NAMES);
	(void)state;

	for (size_t k = 0; k < 2; k++) {
		struct snap_hop *hop = &snap->hops[k];

		hop->flow_count = 8;
		hop->flows = xcalloc(8, sizeof *hop->flows);
		for (size_t i = 0; i < 8; i++) {
			hop->flows[i] = (struct snap_flow){
				.address = xstrdup(k == 1 && i % 2 == 1 ? "10.0.2.6" : hop->address),
				.to = {5, 4, 2.5, 3.25}, .through = {5, 0, SNAP_UNKNOWN, SNAP_UNKNOWN}};
		}
		hop->flows_answered = 8;
		hop->flows_needed = k == 0 ? 6 : 11;
	}
	free(snap->hops[1].addresses[0]);
	free(snap->hops[1].addresses);
	snap->hops[1].addresses = xcalloc(2, sizeof *snap->hops[1].addresses);
	snap->hops[1].addresses[0] = xstrdup("10.0.2.2");
	snap->hops[1].addresses[1] = xstrdup("10.0.2.6");
	snap->hops[1].address_count = 2;
	check_all(snap, &options, "report-flows");
	snapshot_destroy(snap);
}

static void test_a_loss_whose_direction_is_open_names_the_option_that_may_tell(void **state)
{
	const struct report_options options = {0};
	struct snapshot *snap = fixture_snapshot(9, FIXTURE_NAMES);
	(void)state;

	fixture_add_findings(snap);
	snap->links[2].direction = "unknown";
	check_all(snap, &options, "report-findings");
	snapshot_destroy(snap);
}

/* What a host may be called that means harm, once its control characters are gone. */
static void test_a_hostile_name_is_text_in_every_format(void **state)
{
	static const char *const names[] = {"<script>alert(1)</script>", "\"a\",b;c'd' &amp; \\",
		"| --- | `x` *y* [z](http://a.example/)", "=1+1", "]]> --> ]] <!-- <![CDATA["};
	const struct report_options options = {.is_wide = true, .shows_both = true};
	struct snapshot *snap = fixture_snapshot(5, FIXTURE_NO_NAMES);
	(void)state;

	for (size_t i = 0; i < 5; i++) {
		free(snap->hops[i].name);
		snap->hops[i].name = xstrdup(names[i]);
	}
	free(snap->destination_name);
	snap->destination_name = xstrdup("\"><b>&lt;");
	free(snap->command);
	snap->command = xstrdup("thrupath '</style></title><script>alert(2)</script>' \xff");
	fixture_add_findings(snap);
	free(snap->remarks[0].text);
	snap->remarks[0].text = xstrdup("<img src=x onerror=alert(3)> | **bold**");
	check_all(snap, &options, "report-hostile");
	snapshot_destroy(snap);
}

/* A path of a silent hop and one that answers, 2 probes each. */
static struct snapshot *two_hops(void)
{
	struct snapshot *snap = fixture_snapshot(2, FIXTURE_NO_NAMES);

	for (size_t i = 0; i < 2; i++) {
		free(snap->hops[i].address);
		snap->hops[i].address = NULL;
		snap->hops[i].to = (struct snap_stats){.is_on = true, .sent = 2, .resolved = 2};
	}
	snap->hops[0].to.loss = 1.0;
	snap->hops[0].to.dropped = 2;
	snap->hops[1].address = xstrdup("10.77.2.3");
	snap->hops[1].as.number = 64500;
	snap->hops[1].as.prefix = xstrdup("10.77.0.0/16");
	snap->hops[1].as.country = xstrdup("ZZ");
	snap->hops[1].as.registry = xstrdup("ripencc");
	snap->hops[1].as.allocated = xstrdup("2001-01-01");
	snap->hops[1].to.received = 2;
	snap->hops[1].to.has_rtt = true;
	snap->hops[1].to.last_ms = 0.125;
	snap->hops[1].to.avg_ms = 0.104;
	snap->hops[1].to.best_ms = 0.084;
	snap->hops[1].to.worst_ms = 0.125;
	snap->hops[1].to.stddev_ms = 0.029;
	free(snap->local_host);
	snap->local_host = xstrdup("vm");
	return snap;
}

static void assert_begins(const struct report_options *options, const char *expected)
{
	struct snapshot *snap = two_hops();
	struct strbuf buf = {0};

	report_text(snap, options, &buf);
	assert_true(buf.len > strlen(expected));
	buf.text[strlen(expected)] = '\0';
	assert_string_equal(buf.text, expected);
	strbuf_finish(&buf);
	snapshot_destroy(snap);
}

/* The expected bytes are those of Debian's mtr 0.95 behind a router that does not answer. */
static void test_the_first_block_is_what_mtr_prints(void **state)
{
	const struct report_options plain = {0}, wide = {.is_wide = true};
	const struct report_options all = {.fields = "LDRSNBAWVGJMXI"};
	(void)state;

	assert_begins(&plain, "Start: 2026-11-22T03:46:10+0000\n"
"HOST: vm                          Loss%   Snt   Last   Avg  Best  Wrst StDev\n"
"  1.|-- ???                       100.0     2    0.0   0.0   0.0   0.0   0.0\n"
"  2.|-- 10.77.2.3                  0.0%     2    0.1   0.1   0.1   0.1   0.0\n");
	assert_begins(&wide, "Start: 2026-11-22T03:46:10+0000\n"
"HOST: vm        Loss%   Snt   Last   Avg  Best  Wrst StDev\n"
"  1.|-- ???       100.0     2    0.0   0.0   0.0   0.0   0.0\n"
"  2.|-- 10.77.2.3  0.0%     2    0.1   0.1   0.1   0.1   0.0\n");
	assert_begins(&all, "Start: 2026-11-22T03:46:10+0000\n"
"HOST: vm                          Loss% Drop   Rcv   Snt  Last  Best   Avg  Wrst StDev Gmean"
" Jttr Javg Jmax Jint\n"
"  1.|-- ???                       100.0    2     0     2   0.0   0.0   0.0   0.0   0.0   0.0"
"  0.0  0.0  0.0  0.0\n");
}

/* Its -z: AS??? where the zones know nothing. */
static void test_with_networks_the_block_is_what_mtr_prints_too(void **state)
{
	const struct report_options plain = {.shows_as = true};
	const struct report_options wide = {.is_wide = true, .shows_as = true};
	(void)state;

	assert_begins(&plain, "Start: 2026-11-22T03:46:10+0000\n"
"HOST: vm                          Loss%   Snt   Last   Avg  Best  Wrst StDev\n"
"  1. AS???    ???                 100.0     2    0.0   0.0   0.0   0.0   0.0\n"
"  2. AS64500  10.77.2.3            0.0%     2    0.1   0.1   0.1   0.1   0.0\n");
	assert_begins(&wide, "Start: 2026-11-22T03:46:10+0000\n"
"HOST: vm                 Loss%   Snt   Last   Avg  Best  Wrst StDev\n"
"  1. AS???    ???        100.0     2    0.0   0.0   0.0   0.0   0.0\n"
"  2. AS64500  10.77.2.3   0.0%     2    0.1   0.1   0.1   0.1   0.0\n");
}

/* Its -y: the bytes of mtr 0.95 where the zones know the last hop alone. */
static void test_whatever_is_shown_of_networks_has_the_columns_of_mtr(void **state)
{
	static const char *const rows[SNAP_NETWORK_COUNT] = {
		[SNAP_NETWORK_PREFIX] =
"HOST: vm                           Loss%   Snt   Last   Avg  Best  Wrst StDev\n"
"  1. ???                ???        100.0     2    0.0   0.0   0.0   0.0   0.0\n"
"  2. 10.77.0.0/16       10.77.2.3   0.0%     2    0.1   0.1   0.1   0.1   0.0\n",
		[SNAP_NETWORK_COUNTRY] =
"HOST: vm            Loss%   Snt   Last   Avg  Best  Wrst StDev\n"
"  1. ??? ???        100.0     2    0.0   0.0   0.0   0.0   0.0\n"
"  2. ZZ  10.77.2.3   0.0%     2    0.1   0.1   0.1   0.1   0.0\n",
		[SNAP_NETWORK_REGISTRY] =
"HOST: vm                Loss%   Snt   Last   Avg  Best  Wrst StDev\n"
"  1. ???     ???        100.0     2    0.0   0.0   0.0   0.0   0.0\n"
"  2. ripencc 10.77.2.3   0.0%     2    0.1   0.1   0.1   0.1   0.0\n",
		[SNAP_NETWORK_ALLOCATED] =
"HOST: vm                   Loss%   Snt   Last   Avg  Best  Wrst StDev\n"
"  1. ???        ???        100.0     2    0.0   0.0   0.0   0.0   0.0\n"
"  2. 2001-01-01 10.77.2.3   0.0%     2    0.1   0.1   0.1   0.1   0.0\n",
	};
	(void)state;

	for (int which = SNAP_NETWORK_PREFIX; which < SNAP_NETWORK_COUNT; which++) {
		const struct report_options options = {.is_wide = true, .shows_as = true,
			.network = (enum snap_network)which};
		struct strbuf expected = {0};

		strbuf_printf(&expected, "Start: 2026-11-22T03:46:10+0000\n%s", rows[which]);
		assert_begins(&options, strbuf_text(&expected));
		strbuf_finish(&expected);
	}
}

/* Debian's mtr 0.95 over a balancer: blanks fill the names up where they are not wide. */
static void test_other_addresses_of_a_hop_stand_below_it_as_mtr_has_them(void **state)
{
	static const struct {
		struct report_options options;
		const char *rows;
	} cases[] = {
		{{.is_wide = false}, "        rb.example.net                   \n"
			"        10.77.2.7                        \n"},
		{{.is_wide = true}, "        rb.example.net\n        10.77.2.7\n"},
		{{.shows_both = true}, "        rb.example.net (10.77.2.5)       \n"
			"        10.77.2.7                        \n"},
		{{.shows_as = true}, "        rb.example.net                   \n"
			"     AS64501  rb.example.net\n        10.77.2.7                        \n"
			"     AS???    10.77.2.7\n"},
		{{.shows_as = true, .is_wide = true}, "        rb.example.net\n"
			"     AS64501  rb.example.net\n        10.77.2.7 \n     AS???    10.77.2.7\n"},
	};
	(void)state;

	for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
		struct snapshot *snap = two_hops();
		struct snap_hop *hop = &snap->hops[1];
		struct strbuf buf = {0};
		const char *row;

		free(hop->addresses[0]);
		free(hop->addresses);
		hop->addresses = xcalloc(3, sizeof *hop->addresses);
		hop->address_names = xcalloc(3, sizeof *hop->address_names);
		hop->address_as = xcalloc(3, sizeof *hop->address_as);
		hop->address_as[0].number = 64501;
		hop->address_count = 3;
		hop->addresses[0] = xstrdup("10.77.2.5");
		hop->address_names[0] = xstrdup("rb.example.net");
		hop->addresses[1] = xstrdup("10.77.2.3");
		hop->addresses[2] = xstrdup("10.77.2.7");
		report_text(snap, &cases[i].options, &buf);
		row = strstr(strbuf_text(&buf), "  2.");
		assert_non_null(row);
		row = strchr(row, '\n') + 1;
		assert_int_equal(strncmp(row, cases[i].rows, strlen(cases[i].rows)), 0);
		assert_int_equal(row[strlen(cases[i].rows)], '\n');
		strbuf_finish(&buf);
		snapshot_destroy(snap);
	}
}

static void test_a_drawing_of_alike_times_tells_its_ends_apart(void **state)
{
	const struct report_options options = {0};
	struct snapshot *snap = fixture_snapshot(1, FIXTURE_NAMES);
	struct strbuf buf = {0};
	(void)state;

	for (size_t i = 0; i < snap->hops[0].to.history_count; i++) {
		ns_t rtt = 32450 * NS_PER_US + (ns_t)(i % 5) * 20 * NS_PER_US;

		snap->hops[0].to.history[i].rtt = snap->hops[0].through.history[i].rtt = rtt;
	}
	report_html(snap, &options, &buf);
	assert_non_null(strstr(strbuf_text(&buf), ">32.45</text>"));
	assert_non_null(strstr(strbuf_text(&buf), ">32.55</text>"));
	strbuf_finish(&buf);
	snapshot_destroy(snap);
}

/* As where a link takes shorter packets: nothing comes back but errors of the router before it. */
static void test_a_hop_of_which_only_errors_came_has_lost_all_and_shows_who_says_so(void **state)
{
	const struct report_options options = {0};
	struct snapshot *snap = fixture_snapshot(9, FIXTURE_NO_NAMES);
	struct snap_hop *hop = &snap->hops[7];
	struct strbuf text = {0}, csv = {0};
	const char *row;
	(void)state;

	hop->to.loss = SNAP_UNKNOWN;
	hop->last_error = (struct snap_last_error){.cause = "fragmentation-needed", .walk = "to",
		.is_to = true, .from = xstrdup("10.0.7.2"), .to = xstrdup("10.0.9.2")};
	report_text(snap, &options, &text);
	row = strstr(strbuf_text(&text), "  8.|-- ");
	assert_non_null(row);
	assert_int_equal(strncmp(row, "  8.|-- 10.0.7.2                  100.0   201    0.0", 52), 0);
	report_csv(snap, &options, &csv);
	assert_non_null(strstr(strbuf_text(&csv), ",8,10.0.7.2,100.00,201,200,0.00,"));
	strbuf_finish(&text);
	strbuf_finish(&csv);
	snapshot_destroy(snap);
}

static void assert_size(unsigned probe, unsigned syn, unsigned asked, const char *expected)
{
	const struct report_options options = {0};
	struct snapshot *snap = fixture_snapshot(1, FIXTURE_NO_NAMES);
	struct strbuf buf = {0};

	snap->probe_bytes = probe;
	snap->syn_bytes = syn;
	snap->asked_bytes = asked;
	report_text(snap, &options, &buf);
	if (strstr(strbuf_text(&buf), expected) == NULL) {
		fail_msg("no '%s' in %s", expected, strbuf_text(&buf));
	}
	strbuf_finish(&buf);
	snapshot_destroy(snap);
}

static void test_what_is_said_of_the_size_is_what_was_sent(void **state)
{
	(void)state;

	assert_size(188, 0, 0, "188 bytes (MTU 1500 allows 36 hops)\n");
	assert_size(188, 0, 100, "36 hops); 100 bytes requested, but the longest probe needs 188\n");
	assert_size(188, 40, 0, "(MTU 1500 allows 36 hops); SYNs are 40 bytes\n");
	assert_size(40, 40, 500, "40 bytes (MTU 1500 allows 36 hops); 500 bytes requested, but a SYN "
		"carries no data\n");
}

static void test_fields_are_those_of_mtr(void **state)
{
	char fields[20];
	(void)state;

	assert_true(report_fields_of("LDRSNBAWVGJMXI", fields, sizeof fields));
	assert_string_equal(fields, "LDRSNBAWVGJMXI");
	assert_true(report_fields_of("lLS pNABWV", fields, sizeof fields));
	assert_string_equal(fields, "LS NABWV");
	assert_true(report_fields_of("LDRS", fields, 3));
	assert_string_equal(fields, "LD");
	assert_false(report_fields_of("lpq", fields, sizeof fields));
	assert_false(report_fields_of(NULL, fields, sizeof fields));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_reports_read_as_they_did),
		cmocka_unit_test(test_without_through_probes_the_report_says_what_was_not_tested),
		cmocka_unit_test(test_an_end_that_answered_itself_is_said_to_have),
		cmocka_unit_test(test_flows_are_told_apart_where_a_hop_has_several_addresses),
		cmocka_unit_test(test_metrics_read_as_they_did),
		cmocka_unit_test(test_a_hop_that_refuses_through_probes_is_not_called_lossy),
		cmocka_unit_test(test_the_first_block_is_what_mtr_prints),
		cmocka_unit_test(test_with_networks_the_block_is_what_mtr_prints_too),
		cmocka_unit_test(test_whatever_is_shown_of_networks_has_the_columns_of_mtr),
		cmocka_unit_test(test_a_loss_whose_direction_is_open_names_the_option_that_may_tell),
		cmocka_unit_test(test_a_hostile_name_is_text_in_every_format),
		cmocka_unit_test(test_other_addresses_of_a_hop_stand_below_it_as_mtr_has_them),
		cmocka_unit_test(test_a_drawing_of_alike_times_tells_its_ends_apart),
		cmocka_unit_test(
			test_a_hop_of_which_only_errors_came_has_lost_all_and_shows_who_says_so),
		cmocka_unit_test(test_what_is_said_of_the_size_is_what_was_sent),
		cmocka_unit_test(test_fields_are_those_of_mtr),
	};

	(void)setlocale(LC_CTYPE, "C.UTF-8");
	(void)setenv("TZ", "UTC", 1);
	tzset();
	return cmocka_run_group_tests(tests, NULL, NULL);
}
