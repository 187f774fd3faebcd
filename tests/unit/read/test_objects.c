/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "read/objects.h"

#include "support/check.h"

static struct read_text text;

static const struct read_report *reads(const char *what)
{
	read_text_finish(&text);
	read_text(what, strlen(what), &text);
	assert_true(text.count > 0);
	return &text.report[text.count - 1];
}

static void assert_host(const struct read_row *row, size_t i, const char *name, const char *address)
{
	char is[ADDR_TEXT_MAX] = "";

	assert_true(i < row->host_count);
	assert_string_equal(row->host[i].name, name);
	assert_string_equal(addr_format(&row->host[i].address, is), address);
}

static void assert_time(const struct read_row *row, size_t i, double ms, int host)
{
	assert_true(i < row->rtt_count);
	assert_int_equal(row->rtt_host[i], host);
	assert_near(row->rtt_ms[i], ms, 1e-9);
}

#define ATLAS_HOPS "\"result\":[" \
	"{\"hop\":1,\"result\":[{\"from\":\"10.0.0.1\",\"rtt\":0.5,\"size\":28,\"ttl\":64}," \
	"{\"x\":\"*\"},{\"from\":\"10.0.0.2\",\"rtt\":0.75}]}," \
	"{\"hop\":2,\"result\":[{\"from\":\"192.0.2.1\",\"rtt\":4.5,\"icmpext\":{\"version\":2," \
	"\"obj\":[{\"class\":1,\"mpls\":[{\"exp\":0,\"label\":24001,\"s\":1,\"ttl\":1}]}]}}]}," \
	"{\"hop\":3,\"result\":[{\"err\":\"H\",\"from\":\"192.0.2.1\",\"rtt\":9.5}]}]"

static void test_ripe_atlas(void **state)
{
	const struct read_report *report = reads("[{\"af\":4,\"dst_addr\":\"192.0.2.9\","
		"\"dst_name\":\"www.example.net\",\"proto\":\"ICMP\"," ATLAS_HOPS "},\n"
		"{\"dst_addr\":\"192.0.2.8\",\"proto\":\"UDP\",\"result\":[{\"hop\":1,\"result\":"
		"[{\"from\":\"10.0.0.1\",\"rtt\":1.5}]}]}]\n");
	(void)state;

	assert_int_equal(text.count, 2);
	assert_string_equal(report->protocol, "udp");
	assert_int_equal(report->first_line, 2);
	report = &text.report[0];
	assert_string_equal(report->tool, "atlas");
	assert_string_equal(report->target_name, "www.example.net");
	assert_int_equal(report->row_count, 3);
	assert_host(&report->row[0], 1, "", "10.0.0.2");
	assert_time(&report->row[0], 0, .5, 0);
	assert_true(isnan(report->row[0].rtt_ms[1]));
	assert_time(&report->row[0], 2, .75, 1);
	assert_int_equal(report->row[1].label[0], 24001);
	assert_string_equal(report->row[2].flag[0], "!H");
}

static void test_results_of_ripe_atlas_a_line_each(void **state)
{
	const struct read_report *report = reads("{\"dst_addr\":\"192.0.2.9\"," ATLAS_HOPS "}\n"
		"{\"dst_addr\":\"192.0.2.8\"," ATLAS_HOPS "}\n");
	(void)state;

	assert_int_equal(text.count, 2);
	assert_int_equal(text.unread_count, 0);
	assert_int_equal(report->row_count, 3);
}

static void test_globalping(void **state)
{
	const struct read_report *report = reads("> {\"type\":\"mtr\",\"target\":\"a.example\","
		"\"measurementOptions\":{\"protocol\":\"TCP\"},\n> \"results\":[{\"probe\":{\"asn\":1},"
		"\"result\":{\"rawOutput\":\"1 \\\"10.0.0.1\\\" 5 ms\\n\","
		"\"resolvedAddress\":\"192.0.2.9\",\n> "
		"\"hops\":[{\"stats\":{\"min\":0.25,\"max\":4,\"avg\":0.5,\"total\":3,\"loss\":0,"
		"\"rcv\":3},\"asn\":[64500],\"timings\":[{\"rtt\":0.25},{\"rtt\":4}],"
		"\"resolvedAddress\":\"10.0.0.1\",\"resolvedHostname\":\"gw\"},\n> "
		"{\"stats\":{\"total\":3,\"loss\":100,\"rcv\":0},\"timings\":[],\"resolvedAddress\":null,"
		"\"resolvedHostname\":null}]}}]}\n");
	(void)state;

	assert_string_equal(report->tool, "globalping");
	assert_string_equal(report->protocol, "tcp");
	assert_string_equal(report->target_name, "a.example");
	assert_int_equal(report->row_count, 2);
	assert_host(&report->row[0], 0, "gw", "10.0.0.1");
	assert_int_equal(report->row[0].host[0].asn, 64500);
	assert_time(&report->row[0], 1, 4, 0);
	assert_near(report->row[0].best_ms, .25, 1e-9);
	assert_near(report->row[1].loss, 1, 1e-9);
	assert_int_equal(report->row[1].host_count, 0);
}

static void test_trippy(void **state)
{
	const struct read_report *report = reads("{\"info\":{\"target\":{\"ip\":\"192.0.2.9\","
		"\"hostname\":\"a.example\"}},\"hops\":[{\"ttl\":1,\"hosts\":[{\"ip\":\"10.0.0.1\","
		"\"hostname\":\"10.0.0.1\"},{\"ip\":\"10.0.0.2\",\"hostname\":\"b\"}],\"extensions\":[{"
		"\"mpls\":{\"members\":[{\"label\":7}]}}],\"loss_pct\":\"10.00\",\"sent\":10,\"last\":"
		"\"0.50\",\"recv\":9,\"avg\":\"0.75\",\"best\":\"0.25\",\"worst\":\"4.00\",\"stddev\":"
		"\"0.10\"}]}");
	(void)state;

	assert_string_equal(report->tool, "trippy");
	assert_host(&report->row[0], 0, "", "10.0.0.1");
	assert_host(&report->row[0], 1, "b", "10.0.0.2");
	assert_near(report->row[0].loss, .1, 1e-9);
	assert_near(report->row[0].received, 9, 1e-9);
	assert_near(report->row[0].avg_ms, .75, 1e-9);
	assert_int_equal(report->row[0].label[0], 7);
	assert_int_equal(report->row[0].rtt_count, 0);
}

static void test_nexttrace(void **state)
{
	const struct read_report *report = reads("{\"Hops\":[[{\"Success\":true,\"Address\":{\"IP\":"
		"\"10.0.0.1\",\"Zone\":\"\"},\"Hostname\":\"\",\"TTL\":1,\"RTT\":512000,\"Error\":null},"
		"{\"Success\":false,\"Address\":null,\"Hostname\":\"\",\"TTL\":1,\"RTT\":0,\"Error\":{}}],"
		"[{\"Success\":true,\"Address\":{\"IP\":\"192.0.2.9\"},\"Hostname\":\"a.example\","
		"\"TTL\":2,\"RTT\":9123456,\"Geo\":{\"asnumber\":\"64500\"},"
		"\"MPLS\":[\"[MPLS: Lbl 24001, TC 0, S 1, "
		"TTL 1]\"]}]]}");
	(void)state;

	assert_string_equal(report->tool, "nexttrace");
	assert_int_equal(report->row_count, 2);
	assert_time(&report->row[0], 0, .512, 0);
	assert_true(isnan(report->row[0].rtt_ms[1]));
	assert_host(&report->row[1], 0, "a.example", "192.0.2.9");
	assert_int_equal(report->row[1].host[0].asn, 64500);
	assert_int_equal(report->row[1].label[0], 24001);
}

/* A row is a reply; hops that only their number tells did not. */
static void test_scamper(void **state)
{
	const struct read_report *report = reads("{\"type\":\"trace\",\"method\":\"udp-paris\",\"dst\":"
		"\"192.0.2.9\",\"stop_reason\":\"GAPLIMIT\",\"hop_count\":4,\"attempts\":2,\"hops\":["
		"{\"addr\":\"10.0.0.1\",\"probe_ttl\":1,\"probe_id\":1,\"rtt\":2.5},"
		"{\"addr\":\"10.0.0.2\",\"probe_ttl\":1,\"probe_id\":2,\"rtt\":2.75},"
		"{\"addr\":\"192.0.2.1\",\"probe_ttl\":3,\"probe_id\":2,\"rtt\":9.5,\"icmp_type\":3,"
		"\"icmp_code\":13}]}\n");
	(void)state;

	assert_string_equal(report->tool, "scamper");
	assert_string_equal(report->protocol, "udp");
	assert_int_equal(report->row_count, 4);
	assert_time(&report->row[0], 1, 2.75, 1);
	assert_int_equal(report->row[1].host_count, 0);
	assert_int_equal(report->row[2].rtt_count, 2); /* the second try was answered */
	assert_true(isnan(report->row[2].rtt_ms[0]));
	assert_string_equal(report->row[2].flag[0], "!X");
	assert_int_equal(report->row[3].hop, 4);
}

static void test_flows_of_dublin_traceroute(void **state)
{
	const struct read_report *report = reads("{\"flows\":{\"33434\":[{\"name\":\"a\",\"received\":"
		"{\"ip\":{\"src\":\"10.0.0.1\",\"dst\":\"10.0.0.9\"}},\"rtt_usec\":2500,\"sent\":{\"ip\":"
		"{\"dst\":\"192.0.2.9\",\"ttl\":1}}}],\"33435\":[{\"name\":\"b\",\"received\":{\"ip\":"
		"{\"src\":\"10.0.0.2\"}},\"rtt_usec\":2750,\"sent\":{\"ip\":{\"dst\":\"192.0.2.9\","
		"\"ttl\":1}}}]}}");
	(void)state;

	assert_int_equal(report->row_count, 1);
	assert_host(&report->row[0], 1, "b", "10.0.0.2");
	assert_time(&report->row[0], 1, 2.75, 1);
}

static void test_a_torn_text_is_read_as_far_as_it_goes(void **state)
{
	static const char whole[] = "{\"dst_addr\":\"192.0.2.9\"," ATLAS_HOPS "}";
	size_t rows = 0;
	(void)state;

	for (size_t len = 0; len < sizeof whole; len++) {
		read_text_finish(&text);
		read_text(whole, len, &text);
		if (text.count > 0) {
			assert_true(text.report[0].row_count >= rows);
			assert_int_equal(text.report[0].is_cut, len < sizeof whole - 1);
			rows = text.report[0].row_count;
		}
	}
	assert_int_equal(rows, 3);
}

/* What only begins like JSON is left to the other readers; nor is all JSON a report. */
static void test_other_json_is_no_report(void **state)
{
	static const char *const texts[] = {"{\"hops\": 30}", "[1, 2, {\"hop\": 1}]", "{}", "[",
		"{\"hops\":[{\"hop\":1},{\"hop\":2}]}",
		"{\"result\":[{\"hop\":1,\"result\":[]}]}", "{\"a\" 1}"};
	(void)state;

	for (size_t i = 0; i < sizeof texts / sizeof texts[0]; i++) {
		read_text_finish(&text);
		read_text(texts[i], strlen(texts[i]), &text);
		assert_int_equal(text.count, 0);
	}
	(void)reads("[\"x\" lines]\ntraceroute to a (192.0.2.9), 30 hops max\n 1  10.0.0.1  1 ms\n");
	assert_int_equal(text.count, 1);
}

/* Objects that open and never close are not read again from each of their lines. */
static void test_deep_and_long_json_takes_linear_time(void **state)
{
	enum { LINES = 200000 };
	static char all[3 * LINES + 1];
	(void)state;

	for (size_t i = 0; i < LINES; i++) {
		memcpy(all + 3 * i, i % 20 < 12 ? "[[\n" : "]]\n", 3);
	}
	read_text_finish(&text);
	read_text(all, sizeof all - 1, &text);
	assert_int_equal(text.count, 0);
	read_text_finish(&text);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_ripe_atlas),
		cmocka_unit_test(test_results_of_ripe_atlas_a_line_each),
		cmocka_unit_test(test_globalping),
		cmocka_unit_test(test_trippy),
		cmocka_unit_test(test_nexttrace),
		cmocka_unit_test(test_scamper),
		cmocka_unit_test(test_flows_of_dublin_traceroute),
		cmocka_unit_test(test_a_torn_text_is_read_as_far_as_it_goes),
		cmocka_unit_test(test_other_json_is_no_report),
		cmocka_unit_test(test_deep_and_long_json_takes_linear_time),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
