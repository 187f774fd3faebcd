/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "explain/anonymise.h"
#include "explain/compare.h"

#include "names/table.h"
#include "support/check.h"

static struct table *names;
static struct read_text text;
static struct explanation found;

static const struct comparison *compared(const char *what)
{
	read_text_finish(&text);
	read_text(what, strlen(what), &text);
	explain(&text, names, &found);
	return &found.compared;
}

#define TRACE "traceroute to 192.0.2.9 (192.0.2.9), 30 hops max, 60 byte packets\n"
#define MTR "HOST: me                          Loss%   Snt   Last   Avg  Best  Wrst StDev\n"
#define ROW_1 "  1.|-- 10.0.0.1                   0.0%   100    0.4   0.5   0.3   1.1   0.1\n"
#define REST "    9.4   9.5   9.1   9.9   0.1\n"
#define ROW_2 "  2.|-- 198.51.100.1               0.0%   100    1.4   1.5   1.3   2.1   0.1\n"

static void test_another_path_to_the_same_end(void **state)
{
	const struct comparison *of = compared(
		TRACE " 1  10.0.0.1  0.4 ms  0.5 ms  0.4 ms\n 2  198.51.100.1  1.4 ms  1.5 ms  1.4 ms\n"
		" 3  198.51.100.5  2.4 ms  2.5 ms  2.4 ms\n 4  192.0.2.9  3.4 ms  3.5 ms  3.4 ms\n\n"
		TRACE " 1  10.0.0.1  0.4 ms  0.5 ms  0.4 ms\n 2  203.0.113.1  1.4 ms  1.5 ms  1.4 ms\n"
		" 3  203.0.113.5  2.4 ms  2.5 ms  2.4 ms\n 4  192.0.2.9  3.4 ms  3.5 ms  3.4 ms\n");
	(void)state;

	assert_int_equal(text.count, 2);
	assert_int_equal(of->count, 1);
	assert_string_equal(of->item[0].id, "route-change");
	assert_int_equal(of->item[0].low_hop, 2);
	assert_int_equal(of->item[0].high_hop, 3);
	assert_true(found.finding[found.count - 1].is_compared);
}

/* The same twice, and one of which nothing is known: there is nothing to say. */
static void test_the_same_path_is_nothing_to_tell(void **state)
{
	const struct comparison *of = compared(
		TRACE " 1  10.0.0.1  0.4 ms  0.5 ms  0.4 ms\n 2  * * *\n"
		" 3  192.0.2.9  3.4 ms  3.5 ms  3.4 ms\n\n"
		TRACE " 1  10.0.0.1  0.4 ms  0.5 ms  0.4 ms\n 2  203.0.113.1  1.4 ms  1.5 ms  1.4 ms\n"
		" 3  192.0.2.9  3.4 ms  3.5 ms  3.4 ms\n");
	(void)state;

	assert_int_equal(text.count, 2);
	assert_int_equal(of->count, 0);
}

static void test_a_shared_part_is_acquitted_or_not(void **state)
{
	const struct comparison *of = compared(
		MTR ROW_1 ROW_2 "  3.|-- 192.0.2.9                 22.0%   100" REST "\n"
		MTR ROW_1 ROW_2 "  3.|-- 203.0.113.9                0.0%   100" REST);
	(void)state;

	assert_int_equal(of->count, 1);
	assert_null(of->item[0].id);
	assert_int_equal(of->item[0].high_hop, 2);
	assert_non_null(strstr(of->item[0].text, "report 2 loses less"));
	of = compared(
		MTR ROW_1 ROW_2 "  3.|-- 192.0.2.9                 22.0%   100" REST "\n"
		MTR ROW_1 ROW_2 "  3.|-- 203.0.113.9               20.0%   100" REST);
	assert_int_equal(of->count, 1);
	assert_non_null(strstr(of->item[0].text, "lose alike"));
	/* One of ten is not more than none of ten. */
	of = compared(
		MTR ROW_1 ROW_2 "  3.|-- 192.0.2.9                 10.0%    10" REST "\n"
		MTR ROW_1 ROW_2 "  3.|-- 203.0.113.9                0.0%    10" REST);
	assert_int_equal(of->count, 0);
}

/* From a net of 198.51.100.0/24 to one of 203.0.113.0/24, and back over R2 or over Z. */
static void test_two_directions_of_one_path(void **state)
{
	static const char out[] = "traceroute to 203.0.113.70 (203.0.113.70), 30 hops max\n"
		" 1  198.51.100.1  0.4 ms\n 2  192.0.2.1  1.4 ms\n 3  192.0.2.5  2.4 ms\n"
		" 4  192.0.2.9  3.4 ms\n 5  203.0.113.70  4 ms\n\n";
	static const char home[] = "traceroute to 198.51.100.20 (198.51.100.20), 30 hops max\n"
		" 1  203.0.113.1  0.4 ms\n 2  192.0.2.10  1.4 ms\n 3  192.0.2.6  2.4 ms\n"
		" 4  192.0.2.2  3.4 ms\n 5  198.51.100.20  4 ms\n";
	static const char other[] = "traceroute to 198.51.100.20 (198.51.100.20), 30 hops max\n"
		" 1  203.0.113.1  0.4 ms\n 2  192.0.2.10  1.4 ms\n 3  192.0.2.130  2.4 ms\n"
		" 4  192.0.2.140  2.6 ms\n 5  192.0.2.150  2.8 ms\n"
		" 6  192.0.2.2  3.4 ms\n 7  198.51.100.20  4 ms\n";
	char both[1200];
	const struct comparison *of;
	(void)state;

	(void)snprintf(both, sizeof both, "%s%s", out, home);
	of = compared(both);
	assert_int_equal(of->count, 1);
	assert_null(of->item[0].id);
	assert_non_null(strstr(of->item[0].text, "same links"));
	(void)snprintf(both, sizeof both, "%s%s", out, other);
	of = compared(both);
	assert_int_equal(of->count, 1);
	assert_string_equal(of->item[0].id, "asymmetric-path");
	assert_int_equal(of->item[0].low_hop, 3);
}

/* The same /24, domain and network before and after; what is private stays, and a sentence has none
 * of the names. */
static void test_anonymised_it_means_the_same(void **state)
{
	struct anonymiser *anonymiser = anonymiser_create();
	const struct read_row *row;
	(void)state;

	(void)compared("traceroute to www.bank.co.uk (9.9.9.70), 30 hops max, 60 byte packets\n"
		" 1  fritz.box (192.168.178.1)  0.4 ms  0.5 ms  0.4 ms\n"
		" 2  ae1.r1.isp.net (8.8.8.5) [AS3320]  9.4 ms  9.5 ms  9.4 ms\n"
		" 3  ae2.r2.isp.net (8.8.8.6) [AS3320]  9.4 ms  9.5 ms  9.4 ms\n"
		" 4  2a02:26f0:1:2:3:4:5:6  9.4 ms  9.5 ms  9.4 ms\n"
		" 5  web7.bank.co.uk (9.9.9.70)  9.4 ms !X * *\n");
	anonymise_text(anonymiser, &text);
	anonymise_explanation(anonymiser, &found);
	anonymiser_destroy(anonymiser);
	row = text.report[0].row;
	assert_string_equal(text.report[0].target_name, "host1.net1.example");
	assert_string_equal(row[1].host[0].name, "host3.net3.example");
	assert_string_equal(row[2].host[0].name, "host4.net3.example");
	assert_string_equal(row[4].host[0].name, "host5.net1.example");
	assert_memory_equal(row[0].host[0].address.byte, ((uint8_t[]){192, 168, 178, 1}), 4);
	assert_memory_equal(row[1].host[0].address.byte, ((uint8_t[]){198, 51, 100, 5}), 4);
	assert_memory_equal(row[2].host[0].address.byte, ((uint8_t[]){198, 51, 100, 6}), 4);
	assert_memory_equal(row[4].host[0].address.byte, ((uint8_t[]){192, 0, 2, 70}), 4);
	assert_memory_equal(row[3].host[0].address.byte,
		((uint8_t[]){0x20, 1, 0xd, 0xb8, 0xa0, 2, 0, 2, 0, 0, 0, 1, 0, 0, 0, 1}), 16);
	assert_int_equal(row[1].host[0].asn, 64496);
	assert_true(found.count > 0);
	for (size_t i = 0; i < found.count; i++) {
		assert_null(strstr(found.finding[i].text, "bank"));
		assert_null(strstr(found.finding[i].text, "9.9.9"));
		assert_null(strstr(found.finding[i].text, "isp.net"));
	}
	assert_string_equal(found.next[0], "thrupath -r -c 100 host1.net1.example");
}

static int tear_down(void **state)
{
	(void)state;
	read_text_finish(&text);
	table_destroy(names);
	return 0;
}

static int set_up(void **state)
{
	(void)state;
	names = table_create();
	return 0;
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_another_path_to_the_same_end),
		cmocka_unit_test(test_the_same_path_is_nothing_to_tell),
		cmocka_unit_test(test_a_shared_part_is_acquitted_or_not),
		cmocka_unit_test(test_two_directions_of_one_path),
		cmocka_unit_test(test_anonymised_it_means_the_same),
	};

	return cmocka_run_group_tests(tests, set_up, tear_down);
}
