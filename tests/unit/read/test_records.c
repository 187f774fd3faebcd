/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "read/records.h"

#include "support/check.h"

static struct read_text text;

static const struct read_report *reads(const char *what)
{
	read_text_finish(&text);
	read_text(what, strlen(what), &text);
	assert_int_equal(text.count, 1);
	return &text.report[0];
}

static void assert_host(const struct read_row *row, const char *name, const char *address)
{
	char is[ADDR_TEXT_MAX] = "";

	assert_int_equal(row->host_count, 1);
	assert_string_equal(row->host[0].name, name);
	assert_string_equal(addr_format(&row->host[0].address, is), address);
}

/* Its first probes go beyond the end; the end answers those as well. */
static void test_mtr_raw(void **state)
{
	const struct read_report *report = reads(
		"x 0 33000\nh 0 10.0.0.1\nd 0 gw.example\np 0 2000 33000\nx 1 33001\nx 2 33002\n"
		"h 2 192.0.2.9\np 2 9000 33002\nm 2 24001 0 1 1\nx 3 33003\nx 4 33004\nh 4 192.0.2.9\n"
		"p 4 9000 33004\nx 0 33005\np 0 4000 33005\nx 1 33006\nx 2 33007\n");
	(void)state;

	assert_string_equal(report->tool, "mtr");
	assert_int_equal(report->row_count, 3);
	assert_host(&report->row[0], "gw.example", "10.0.0.1");
	assert_near(report->row[0].sent, 2, 1e-9);
	assert_near(report->row[0].avg_ms, 3, 1e-9);
	assert_near(report->row[0].best_ms, 2, 1e-9);
	assert_near(report->row[0].last_ms, 4, 1e-9);
	assert_near(report->row[1].loss, 1, 1e-9);
	assert_near(report->row[2].loss, .5, 1e-9);
	assert_int_equal(report->row[2].label[0], 24001);
}

/* It did not say what it sent: as much to all as to the one that answered most. */
static void test_mtr_raw_before_it_said_what_it_sent(void **state)
{
	const struct read_report *report = reads("h 0 10.0.0.1\np 0 2000\nh 1 192.0.2.9\np 1 9000\n"
		"p 0 2000\np 0 2000\np 1 9000\np 0 2000\n");
	(void)state;

	assert_int_equal(report->row_count, 2);
	assert_near(report->row[0].loss, 0, 1e-9);
	assert_near(report->row[1].sent, 4, 1e-9);
	assert_near(report->row[1].loss, .5, 1e-9);
}

static void test_warts_as_text(void **state)
{
	const struct read_report *report = reads("traceroute from 10.0.0.2 to 192.0.2.9\n"
		" list id: 0, name: default\n attempts: 2, hoplimit: 0\n stop reason: unreach\n"
		"hop  1  10.0.0.1\n attempt: 1, tx: 0.000185s, rtt: 0.002049s, probe-size: 44\n"
		" icmp-type: 11, icmp-code: 0, q-ttl: 1\nhop  2  192.0.2.1\n"
		" attempt: 1, tx: 0.000185s, rtt: 0.004000s, probe-size: 44\n"
		" icmp-type: 3, icmp-code: 1, q-ttl: 1\n");
	char target[ADDR_TEXT_MAX];
	(void)state;

	assert_string_equal(addr_format(&report->target, target), "192.0.2.9");
	assert_int_equal(report->row_count, 2);
	assert_near(report->row[0].rtt_ms[0], 2.049, 1e-9);
	assert_string_equal(report->row[1].flag[0], "!H");
	assert_false(report->is_finished);
}

static void test_nexttrace_raw(void **state)
{
	const struct read_report *report = reads("1|10.0.0.1||0.50||LAN||||||\n1|*||||||\n"
		"2|192.0.2.9|a.example|9.25|64500|X|||||52.1|4.2\n");
	(void)state;

	assert_string_equal(report->tool, "nexttrace");
	assert_int_equal(report->row_count, 2);
	assert_int_equal(report->row[0].rtt_count, 2);
	assert_true(isnan(report->row[0].rtt_ms[1]));
	assert_host(&report->row[1], "a.example", "192.0.2.9");
	assert_int_equal(report->row[1].host[0].asn, 64500);
}

static void test_paris_traceroute(void **state)
{
	const struct read_report *report = reads("traceroute [(10.0.0.2:33458) -> (192.0.2.9:40784)], "
		"protocol icmp, algo exhaustive, duration 14 s\n"
		" 1  P(6, 6) 10.0.0.1 (10.0.0.1)  0.138/5.405/31.541/11.688 ms\n"
		" 2  P(5, 6) c1.example.net (192.0.2.1)  20.092/20.545/21.096/0.331 ms !T0\n"
		"   MPLS Label 697177 TTL=1\n");
	(void)state;

	assert_string_equal(report->tool, "paris");
	assert_string_equal(report->protocol, "icmp");
	assert_string_equal(report->target_name, "192.0.2.9");
	assert_int_equal(report->hop_limit, 0);
	assert_int_equal(report->row_count, 2);
	assert_host(&report->row[1], "c1.example.net", "192.0.2.1");
	assert_near(report->row[1].received, 5, 1e-9);
	assert_near(report->row[1].best_ms, 20.092, 1e-9);
	assert_near(report->row[1].avg_ms, 20.545, 1e-9);
	assert_near(report->row[1].worst_ms, 21.096, 1e-9);
	assert_near(report->row[1].stddev_ms, .331, 1e-9);
	assert_int_equal(report->row[1].label[0], 697177);
}

/* The last that it says of a hop holds. */
static void test_mtr_split(void **state)
{
	const struct read_report *report = reads("1 gw.example 0 1 1 2 2 2\n2 192.0.2.1 0 1 1 8 8 8\n"
		"1 gw.example 0 2 2 2 2 3\n2 192.0.2.1 50000 1 2 8 8 8\n");
	(void)state;

	assert_string_equal(report->tool, "mtr");
	assert_string_equal(report->format, "split");
	assert_int_equal(report->row_count, 2);
	assert_host(&report->row[0], "gw.example", "");
	assert_near(report->row[0].worst_ms, 3, 1e-9);
	assert_host(&report->row[1], "", "192.0.2.1");
	assert_near(report->row[1].loss, .5, 1e-9);
}

/* What is an error in IPv4 is a hop in IPv6. */
static void test_errors_by_the_version_of_ip(void **state)
{
	const struct read_report *report = reads("{\"dst\":\"2001:db8::9\",\"hop_count\":2,\"hops\":["
		"{\"addr\":\"2001:db8::1\",\"probe_ttl\":1,\"rtt\":2,\"icmp_type\":3,\"icmp_code\":0},"
		"{\"addr\":\"2001:db8::2\",\"probe_ttl\":2,\"rtt\":2,\"icmp_type\":1,\"icmp_code\":3}]}");
	(void)state;

	assert_int_equal(report->row[0].flag_count, 0);
	assert_string_equal(report->row[1].flag[0], "!H");
	report = reads("TTL LFT trace to 192.0.2.9:80/tcp\n 1  10.0.0.1 2.2ms\n"
		" 2  [host unreachable] 192.0.2.1 8.4ms\n");
	assert_string_equal(report->row[1].flag[0], "!H");
}

static void test_hping3(void **state)
{
	const struct read_report *report = reads(
		"HPING www.example (eth0 192.0.2.9): icmp mode set, 28 headers + 0 data bytes\n"
		"hop=1 TTL 0 during transit from ip=10.0.0.1 name=gw.example\nhop=1 hoprtt=2.5 ms\n"
		"len=28 ip=192.0.2.9 ttl=60 id=1 tos=0 iplen=28\nicmp_seq=4 rtt=23.3 ms\n"
		"len=28 ip=192.0.2.9 ttl=60 id=2 icmp_seq=5 rtt=23.7 ms\n\n"
		"--- www.example hping statistic ---\n");
	(void)state;

	assert_string_equal(report->protocol, "icmp");
	assert_int_equal(report->row_count, 2);
	assert_host(&report->row[0], "gw.example", "10.0.0.1");
	assert_host(&report->row[1], "", "192.0.2.9");
	assert_int_equal(report->row[1].rtt_count, 2);
}

static void test_who_did_not_reply(void **state)
{
	const struct read_report *report = reads("Nmap scan report for a.example (192.0.2.9)\n"
		"TRACEROUTE (using port 80/tcp)\nHOP RTT     ADDRESS\n1   2.05 ms gw.example (10.0.0.1)\n"
		"2   ... 3\n4   9.00 ms a.example (192.0.2.9)\n");
	(void)state;

	assert_string_equal(report->tool, "nmap");
	assert_string_equal(report->protocol, "tcp");
	assert_string_equal(report->target_name, "a.example");
	assert_int_equal(report->row_count, 4);
	assert_int_equal(report->row[2].host_count, 0);
	report = reads("TTL LFT trace to 192.0.2.9:80/tcp\n 1  10.0.0.1 2.5/2.75ms\n"
		"**  [80/tcp no reply from target]  Use -VV to see packets.\n");
	assert_string_equal(report->target_name, "192.0.2.9");
	assert_int_equal(report->row[0].rtt_count, 2);
	assert_true(report->is_end_silent);
	report = reads(" 1?: [LOCALHOST]                      pmtu 1500\n 1:  10.0.0.1    2.5ms \n"
		" 1:  10.0.0.1    2.75ms \n 2:  no reply\n 3:  10.0.0.1    8.5ms pmtu 1400\n"
		" 3:  10.0.0.9   16.5ms \n     Too many hops: pmtu 1400\n     Resume: pmtu 1400 \n");
	assert_int_equal(report->pmtu, 1500);
	assert_int_equal(report->row_count, 3);
	assert_int_equal(report->row[0].rtt_count, 2);
	assert_int_equal(report->row[1].host_count, 0);
	assert_host(&report->row[2], "", "10.0.0.9");
	assert_int_equal(report->row[2].pmtu, 1400);
	assert_false(report->is_finished);
	read_text_finish(&text);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_mtr_raw),
		cmocka_unit_test(test_mtr_raw_before_it_said_what_it_sent),
		cmocka_unit_test(test_warts_as_text),
		cmocka_unit_test(test_nexttrace_raw),
		cmocka_unit_test(test_paris_traceroute),
		cmocka_unit_test(test_mtr_split),
		cmocka_unit_test(test_errors_by_the_version_of_ip),
		cmocka_unit_test(test_hping3),
		cmocka_unit_test(test_who_did_not_reply),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
