/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "read/table.h"

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

static void assert_times(const struct read_row *row, const double *ms, size_t count)
{
	assert_int_equal(row->rtt_count, count);
	for (size_t i = 0; i < count; i++) {
		if (isnan(ms[i])) {
			assert_true(isnan(row->rtt_ms[i]));
		} else {
			assert_near(row->rtt_ms[i], ms[i], 1e-9);
		}
	}
}

#define TIMES(row, ...) assert_times(row, (const double[]){__VA_ARGS__}, \
	sizeof (const double[]){__VA_ARGS__} / sizeof(double))

static void test_traceroute_of_unix(void **state)
{
	const struct read_report *report = reads(
		"$ traceroute -I host.example.net\n"
		"traceroute to host.example.net (192.0.2.9), 30 hops max, 60 byte packets\n"
		" 1  gw (10.0.0.1)  0.312 ms  0.298 ms *\n"
		" 2  * * *\n"
		" 3  a.example.net (192.0.2.1)  5.1 ms b.example.net (192.0.2.2)  5.3 ms  5.2 ms\n"
		" 4  192.0.2.9 (192.0.2.9)  9.0 ms !X  9.1 ms !X  1,009.5 ms\n");
	(void)state;

	assert_string_equal(report->tool, "traceroute");
	assert_string_equal(report->protocol, "icmp"); /* by -I */
	assert_string_equal(report->target_name, "host.example.net");
	assert_int_equal(report->hop_limit, 30);
	assert_int_equal(report->row_count, 4);
	assert_host(&report->row[0], 0, "gw", "10.0.0.1");
	TIMES(&report->row[0], .312, .298, NAN);
	assert_int_equal(report->row[1].host_count, 0);
	TIMES(&report->row[1], NAN, NAN, NAN);
	assert_int_equal(report->row[2].host_count, 2);
	assert_host(&report->row[2], 1, "b.example.net", "192.0.2.2");
	assert_int_equal(report->row[2].rtt_host[0], 0);
	assert_int_equal(report->row[2].rtt_host[1], 1);
	assert_int_equal(report->row[2].rtt_host[2], 1);
	assert_host(&report->row[3], 0, "", "192.0.2.9");
	TIMES(&report->row[3], 9, 9.1, 1009.5);
	assert_int_equal(report->row[3].flag_count, 2);
	assert_string_equal(report->row[3].flag[0], "!X");
}

static void test_tracert_in_languages_that_nobody_knows(void **state)
{
	static const char *const heads[] = {
		"Tracing route to host.example.net [192.0.2.9]\nover a maximum of 25 hops:\n",
		("Rilevazione instradamento verso host.example.net [192.0.2.9]\nsu un massimo di 25 "
		"punti:\n"),
		"\xe9\x80\x9a\xe8\xbf\x87 25 \xe4\xb8\xaa\n\xe5\x88\xb0 host.example.net [192.0.2.9] :\n",
	};
	(void)state;

	for (size_t i = 0; i < sizeof heads / sizeof heads[0]; i++) {
		char all[600];
		const struct read_report *report;

		(void)snprintf(all, sizeof all, "C:\\>tracert host.example.net\n\n%s\n"
			"  1    <1 ms    <1 ms     1 ms  box.home [192.168.1.1]\n"
			"  2     *        *        *     Zeit\xc3\xbc" "berschreitung der Anforderung.\n"
			"  3    12 ms     *       14 ms  192.0.2.9\n", heads[i]);
		report = reads(all);
		assert_string_equal(report->tool, "tracert");
		assert_string_equal(report->target_name, "host.example.net");
		assert_int_equal(report->row_count, 3);
		assert_host(&report->row[0], 0, "box.home", "192.168.1.1");
		TIMES(&report->row[0], 1, 1, 1);
		assert_true(report->row[0].is_below);
		assert_int_equal(report->row[1].host_count, 0);
		assert_host(&report->row[2], 0, "", "192.0.2.9");
		TIMES(&report->row[2], 12, NAN, 14);
		assert_int_equal(report->row[2].rtt_host[0], 0);
	}
}

static void test_mtr_with_columns_in_any_order(void **state)
{
	const struct read_report *report = reads(
		"> Start: 2026-01-02T03:04:05+0000\n"
		"> HOST: me                        Loss%   Snt Drop   Last  Best   Avg  Wrst   Rcv\n"
		">   1.|-- 10.0.0.1                 0.0%    20    0    0.4   0.3   0.5   1.1    20\n"
		">   2.|-- ???                     100.0    20   20    0.0   0.0   0.0   0.0     0\n"
		">   3.|-- AS64500 r.example.net (192.0.2.1) 15.0% 20  3  4.4   4.1   9.5 1204.    17\n");
	(void)state;

	assert_string_equal(report->tool, "mtr");
	assert_int_equal(report->row_count, 3);
	assert_int_equal(report->row[1].host_count, 0);
	assert_near(report->row[1].loss, 1, 1e-9);
	assert_host(&report->row[2], 0, "r.example.net", "192.0.2.1");
	assert_int_equal(report->row[2].host[0].asn, 64500);
	assert_near(report->row[2].loss, .15, 1e-9);
	assert_near(report->row[2].received, 17, 1e-9);
	assert_near(report->row[2].best_ms, 4.1, 1e-9);
	assert_near(report->row[2].avg_ms, 9.5, 1e-9);
	assert_near(report->row[2].worst_ms, 1204, 1e-9);
}

static void test_mtr_in_json_and_xml(void **state)
{
	static const char *const texts[] = {
		("{\n  \"report\": {\n    \"mtr\": {\n      \"src\": \"me\",\n"
		"      \"dst\": \"192.0.2.9\",\n      \"tests\": 10\n    },\n    \"hubs\": [\n"
		"      {\n        \"count\": 1,\n        \"host\": \"r (10.0.0.1)\",\n"
		"        \"Loss%\": 0.0,\n        \"Snt\": 10,\n        \"Avg\": 0.5\n      },\n"
		"      {\n        \"count\": 2,\n        \"host\": \"???\",\n"
		"        \"Loss%\": 100.0,\n        \"Snt\": 10\n      },\n"
		"      {\"count\": 3, \"host\": \"192.0.2.9\", \"Loss%\": 20.0, \"Snt\": 10,"
		" \"Wrst\": 9.5}\n    ]\n  },\n  \"thrupath\": {\"loss\": 0.5, \"sent\": 7}\n}\n"),
		("<?xml version=\"1.0\"?>\n<MTR SRC=\"me\" DST=\"192.0.2.9\" TESTS=\"10\">\n"
		"    <HUB COUNT=\"1\" HOST=\"r (10.0.0.1)\">\n        <Loss%>  0.0%</Loss%>\n"
		"        <Snt>    10</Snt>\n        <Avg>   0.5</Avg>\n    </HUB>\n"
		"    <HUB COUNT=\"2\" HOST=\"???\">\n        <Loss>100.0%</Loss>\n"
		"        <Snt>    10</Snt>\n    </HUB>\n"
		"    <HUB COUNT=\"3\" HOST=\"192.0.2.9\">\n        <Loss>20.0%</Loss>\n"
		"        <Snt>    10</Snt>\n        <Wrst>9.5</Wrst>\n    </HUB>\n</MTR>\n")};
	(void)state;

	for (size_t i = 0; i < sizeof texts / sizeof texts[0]; i++) {
		const struct read_report *report = reads(texts[i]);
		char target[ADDR_TEXT_MAX];

		assert_int_equal(text.count, 1);
		assert_string_equal(report->tool, "mtr");
		assert_string_equal(addr_format(&report->target, target), "192.0.2.9");
		assert_int_equal(report->row_count, 3);
		assert_host(&report->row[0], 0, "r", "10.0.0.1");
		assert_near(report->row[0].avg_ms, .5, 1e-9);
		assert_int_equal(report->row[1].host_count, 0);
		assert_near(report->row[1].loss, 1, 1e-9);
		assert_near(report->row[2].loss, .2, 1e-9);
		assert_near(report->row[2].worst_ms, 9.5, 1e-9);
	}
}

static void test_winmtr_counts_again_what_it_rounds_up(void **state)
{
	const struct read_report *report = reads(
		"|                                      WinMTR statistics                                "
		"   |\n"
		"|                       Host              -   %  | Sent | Recv | Best | Avrg | Wrst | "
		"Last |\n"
		"|-----------------------------------------|------|------|------|------|------|------|\n"
		"|                             192.168.0.1 -    1 | 1000 |  999 |    0 |    1 |   94 |   "
		" 1 |\n"
		"|                   No response from host -  100 |  200 |    0 |    0 |    0 |    0 |   "
		" 0 |\n"
		"| r-1.example.net - 3 | 1000 | 970 | 9 | 17 | 213 | 12 |\n");
	(void)state;

	assert_string_equal(report->tool, "winmtr");
	assert_int_equal(report->row_count, 3);
	assert_near(report->row[0].loss, .001, 1e-9);
	assert_int_equal(report->row[1].host_count, 0);
	assert_int_equal(report->row[2].hop, 3);
	assert_host(&report->row[2], 0, "r-1.example.net", "");
	assert_near(report->row[2].worst_ms, 213, 1e-9);
}

static void test_routers_and_their_labels(void **state)
{
	const struct read_report *report = reads(
		"Type escape sequence to abort.\nTracing the route to 192.0.2.9\n\n"
		"  1 10.1.0.1 1 msec 0 msec 1 msec\n"
		"  2 10.1.0.5 [MPLS: Labels 24001/18 Exp 0] 9 msec\n"
		"    10.1.0.6 [MPLS: Label 24002 Exp 0] 8 msec *\n"
		"  3 192.0.2.9 12 msec *  12 msec\n");
	(void)state;

	assert_string_equal(report->tool, "cisco");
	assert_int_equal(report->row_count, 3);
	assert_int_equal(report->row[1].host_count, 2);
	TIMES(&report->row[1], 9, 8, NAN);
	assert_int_equal(report->row[1].label_count, 3);
	assert_int_equal(report->row[1].label[0], 24001);
	assert_int_equal(report->row[1].label[1], 18);
	assert_int_equal(report->row[1].label[2], 24002);
}

static void test_pathping_in_its_two_parts(void **state)
{
	const struct read_report *report = reads(
		"Tracing route to host [10.9.0.9]\nover a maximum of 30 hops:\n"
		"  0  me [10.9.0.2]\n  1  10.9.0.1\n  2  10.9.0.9\n\n"
		"Hop  RTT    Lost/Sent = Pct  Lost/Sent = Pct  Address\n"
		"  0                                           me [10.9.0.2]\n"
		"                                7/ 100 =  7%   |\n"
		"  1   21ms     9/ 100 =  9%     2/ 100 =  2%  10.9.0.1\n"
		"                                0/ 100 =  0%   |\n"
		"  2   24ms     7/ 100 =  7%     0/ 100 =  0%  10.9.0.9\n");
	(void)state;

	assert_int_equal(text.count, 1);
	assert_int_equal(report->row_count, 2);
	assert_near(report->row[0].link_loss, .07, 1e-9);
	assert_near(report->row[0].loss, .09, 1e-9);
	assert_near(report->row[1].avg_ms, 24, 1e-9);
	assert_host(&report->row[1], 0, "", "10.9.0.9");
}

/* What a mail, a paste site, a page and a narrow terminal make of it. */
static void test_dresses(void **state)
{
	const struct read_report *report = reads(
		"  1. traceroute to host (192.0.2.9), 30 hops max\n"
		"  2.  1  10.0.0.1  0.5 ms\n  3.  2  10.0.1.1  0.7 ms\n  4.  3  192.0.2.9  0.9 ms\n"
		"  5. \n  6. thank you\n");
	(void)state;

	assert_int_equal(report->row_count, 3);
	assert_int_equal(report->row[2].hop, 3);
	report = reads("- Tracing route to host [192.0.2.9]\n- 1 1 ms 1 ms 1 ms 10.0.0.1\n"
		"- 2 &lt;1 ms 2 ms 3 ms 192.0.2.9\n");
	assert_int_equal(report->row_count, 2);
	assert_true(report->row[1].is_below);
	report = reads("<pre>traceroute to host (192.0.2.9), 30 hops max<br> 1  10.0.0.1  0.5 ms<br>"
		" 2  192.0.2.9  0.9 ms</pre>");
	assert_int_equal(report->row_count, 2);
	report = reads("1 <1 ms <1 ms 1 ms 10.0.0.1 2 35 ms 19 ms 29 ms 192.0.2.9\n");
	assert_int_equal(report->row_count, 2);
	TIMES(&report->row[1], 35, 19, 29);
	report = reads("  1     2 ms     1 ms     1 ms  a.very.long.name.of.a.router.example.net "
		"[192.0.2.\n"
		"1]\n  2     2 ms     1 ms     1 ms  192.0.2.9\n");
	assert_host(&report->row[0], 0, "a.very.long.name.of.a.router.example.net", "192.0.2.1");
}

/* The console of each maker has its own ideas. */
static void test_makers_of_routers(void **state)
{
	const struct read_report *report = reads("<HUAWEI> tracert 192.0.2.9\n traceroute to  "
		"192.0.2.9(192.0.2.9), max hops: 30 ,packet length: 40,press CTRL_C to break\n"
		" 1 10.1.1.1[AS 64500] 1 ms  2 ms  3 ms\n");
	(void)state;

	assert_int_equal(report->hop_limit, 30);
	assert_host(&report->row[0], 0, "", "10.1.1.1");
	assert_int_equal(report->row[0].host[0].asn, 64500);
	report = reads("A:pe1# traceroute 192.0.2.9\n"
		"traceroute to 192.0.2.9, 30 hops max, 40 byte packets\n"
		"  1  0.0.0.0  * * *\n  2  c1.example.net (192.0.2.1)    3.05 ms  2.10 ms  2.22 ms\n"
		"       returned MPLS Label Stack:\n"
		"             entry  1:  MPLS Label =  131071, Exp = 0, TTL =   1, S = 1\n");
	assert_int_equal(report->row[0].host_count, 0);
	assert_int_equal(report->row[1].host_count, 1);
	assert_int_equal(report->row[1].label[0], 131071);
	report = reads(" 1  10.1.1.1 (10.1.1.1) (AS 64501)  1.217 ms  1.104 ms  0.972 ms\n"
		"      [Label=24005 E=0 TTL=1 S=1]\n 2  192.0.2.9 (192.0.2.9)  3.217 ms *  3.972 ms\n");
	assert_int_equal(report->row[0].host[0].asn, 64501);
	assert_int_equal(report->row[0].label[0], 24005);
	report = reads(" 1  172.20.120.2  0.637 ms  0.279 ms  0.252 ms\n"
		" 2  192.0.2.1 <a1.example.net>  3.184 ms  2.456 ms  2.462 ms\n");
	assert_host(&report->row[1], 0, "a1.example.net", "192.0.2.1");
	report = reads(" # ADDRESS     LOSS SENT    LAST     AVG    BEST   WORST STD-DEV STATUS\n"
		" 1 10.1.1.1      0%    3   0.4ms     0.4     0.3     0.4       0\n"
		" 2             100%    3 timeout\n");
	assert_int_equal(report->row_count, 2);
	assert_near(report->row[1].loss, 1, 1e-9);
}

#define TRIPPY_ROWS "| 1   | 10.1.1.1     | gw.lan | 0.0   | 10  | 10   | 0.5  | 0.5 | 0.4  | " \
	"0.9  | 0.1    |\n| 2   | ???  | ??? | 100.0 | 10 | 0  | ???  | 0.0 | ???  | ???  | 0.0  |\n" \
	"| 3   | 192.0.2.1 | b1.example.net | 10.0 | 10 | 9  | 4.5  | 4.5 | 4.4  | 4.9  | 0.1    |\n" \
	"|     | 192.0.2.2 | b2.example.net |      |    |    |      |     |      |      |        |\n"

static void test_tables_of_trippy(void **state)
{
	static const char *const texts[] = {
		("| Hop | IPs | Addrs | Loss% | Snt | Recv | Last | Avg | Best | Wrst | StdDev |\n"
		"|-----|-----|-------|-------|-----|------|------|-----|------|------|--------|\n"
		TRIPPY_ROWS),
		("Target,TargetIp,Hop,IPs,Addrs,Loss%,Snt,Recv,Last,Avg,Best,Wrst,StdDev\n"
		"a.example,192.0.2.9,1,10.1.1.1,gw.lan,0.00,10,10,0.5,0.51,0.4,0.9,0.10\n"
		"a.example,192.0.2.9,2,???,???,100.00,10,0,???,0.00,???,???,0.00\n"
		"a.example,192.0.2.9,3,192.0.2.1:192.0.2.2,b1.example.net:b2.example.net,10.00,10,9,"
		"4.5,4.51,4.4,4.9,0.10\n"),
		("\xe2\x94\x82 Hop \xe2\x94\x86 IPs \xe2\x94\x86 Addrs \xe2\x94\x86 Loss% \xe2\x94\x86 Snt "
		"\xe2\x94\x86 Recv \xe2\x94\x86 Last \xe2\x94\x86 Avg \xe2\x94\x86 Best \xe2\x94\x86 Wrst "
		"\xe2\x94\x86 StdDev \xe2\x94\x82\n" TRIPPY_ROWS)};
	(void)state;

	for (size_t i = 0; i < sizeof texts / sizeof texts[0]; i++) {
		const struct read_report *report = reads(texts[i]);

		assert_string_equal(report->tool, "trippy");
		assert_int_equal(report->row_count, 3);
		assert_host(&report->row[0], 0, "gw.lan", "10.1.1.1");
		assert_int_equal(report->row[1].host_count, 0);
		assert_host(&report->row[2], 0, "b1.example.net", "192.0.2.1");
		assert_host(&report->row[2], 1, "b2.example.net", "192.0.2.2");
		assert_near(report->row[2].received, 9, 1e-9);
	}
}

static void test_winmtr_in_html(void **state)
{
	const struct read_report *report = reads("<html><head><title>WinMTR Statistics</title></head>\n"
		"<p align=\"center\"> <table border=\"1\" align=\"center\">\n<tr><td>Host</td> <td>%</td> "
		"<td>Sent</td> <td>Recv</td> <td>Best</td> <td>Avrg</td> <td>Wrst</td> <td>Last</td></tr>\n"
		"<tr><td>No response from host</td> <td>100</td> <td>20</td> <td>0</td> "
		"<td>0</td> <td>0</td> <td>0</td> <td>0</td></tr>\n"
		"<tr><td>www.example.org</td> <td>3</td> <td>100</td> <td>97</td> "
		"<td>8</td> <td>9</td> <td>20</td> <td>9</td></tr>\n</table></body></html>\n");
	(void)state;

	assert_string_equal(report->tool, "winmtr");
	assert_int_equal(report->row_count, 2);
	assert_int_equal(report->row[0].host_count, 0);
	assert_host(&report->row[1], 0, "www.example.org", "");
	assert_near(report->row[1].worst_ms, 20, 1e-9);
}

/* A star behind an address is its unknown AS; name and times stand below. */
static void test_nexttrace_in_two_lines(void **state)
{
	const struct read_report *report = reads(
		"traceroute to 192.0.2.9, 30 hops max, 52 bytes packets\n"
		"1   10.1.1.1        *         RFC1918\n"
		"                                              0.42 ms / 0.40 ms / 0.39 ms\n2   *\n"
		"3   192.0.2.1     AS64500   [EXAMPLE]  DE Hessen Frankfurt  example.net\n"
		"                              c1.example.net  4.42 ms / * ms / 4.39 ms\n");
	(void)state;

	assert_int_equal(report->row_count, 3);
	TIMES(&report->row[0], .42, .4, .39);
	assert_int_equal(report->row[2].host_count, 1);
	assert_host(&report->row[2], 0, "c1.example.net", "192.0.2.1");
	assert_int_equal(report->row[2].host[0].asn, 64500);
	TIMES(&report->row[2], 4.42, NAN, 4.39);
}

static void test_reports_of_one_post_are_told_apart(void **state)
{
	(void)reads("first:\n 1  10.0.0.1  1 ms\n 2  192.0.2.9  2 ms\nthen:\n 1  10.0.0.1  1 ms\n"
		" 2  192.0.2.8  2 ms\n");
	(void)state;
	assert_int_equal(text.count, 2);
	assert_int_equal(text.report[1].row_count, 2);
}

/* Of more reports than there is room for the first are read, and the rest is counted. */
static void test_many_reports(void **state)
{
	static const char one[] = "traceroute to a (192.0.2.9), 30 hops max\n 1  10.0.0.1  1 ms\n"
		" 2  192.0.2.9  2 ms\n";
	static char all[3 * READ_REPORTS * sizeof one];
	(void)state;

	for (size_t i = 0; i < 3 * (size_t)READ_REPORTS; i++) {
		memcpy(all + i * (sizeof one - 1), one, sizeof one);
	}
	(void)reads(all);
	assert_int_equal(text.count, READ_REPORTS);
	for (size_t i = 0; i < text.count; i++) {
		assert_int_equal(text.report[i].row_count, 2);
	}
	assert_true(text.unread_count >= 5 * (size_t)READ_REPORTS);
}

static void test_what_is_no_report_is_none(void **state)
{
	static const char *const texts[] = {"", "\n\n", "hello, I have 3 problems\n",
		("64 bytes from 192.0.2.9: icmp_seq=1 ttl=64 time=10.0 ms\n"
		"3 packets transmitted, 3 received, 0% packet loss, time 2003ms\n"),
		"1. go to example.com\n2. click\n", "|||||||||\n", "\xff\xfe\x00\x01"};
	(void)state;

	for (size_t i = 0; i < sizeof texts / sizeof texts[0]; i++) {
		read_text_finish(&text);
		read_text(texts[i], strlen(texts[i]), &text);
		assert_int_equal(text.count, 0);
	}
	read_text_finish(&text);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_traceroute_of_unix),
		cmocka_unit_test(test_tracert_in_languages_that_nobody_knows),
		cmocka_unit_test(test_mtr_with_columns_in_any_order),
		cmocka_unit_test(test_mtr_in_json_and_xml),
		cmocka_unit_test(test_winmtr_counts_again_what_it_rounds_up),
		cmocka_unit_test(test_routers_and_their_labels),
		cmocka_unit_test(test_pathping_in_its_two_parts),
		cmocka_unit_test(test_dresses),
		cmocka_unit_test(test_makers_of_routers),
		cmocka_unit_test(test_tables_of_trippy),
		cmocka_unit_test(test_winmtr_in_html),
		cmocka_unit_test(test_nexttrace_in_two_lines),
		cmocka_unit_test(test_reports_of_one_post_are_told_apart),
		cmocka_unit_test(test_many_reports),
		cmocka_unit_test(test_what_is_no_report_is_none),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
