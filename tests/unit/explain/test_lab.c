/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Reports that Debian's programs made in networks of the kernel lab whose fault is known. What they
 * say was read off them by another program, and lab/truth.tsv has it: "NAME = VERDICT PERSISTS",
 * then its rows: hop, hosts as name/address, probes sent, per cent lost, the mean or each time.
 */
#include "explain/explain.h"

#include "names/table.h"
#include "support/check.h"

enum { FIELDS = 6, BYTES_MAX = 1 << 16 };

static struct read_text text;
static struct explanation found;
static struct table *names;
static char field[FIELDS][1024];

static bool next_fact(FILE *file)
{
	char line[4096], *at = line;

	if (fgets(line, sizeof line, file) == NULL) {
		return false;
	}
	for (size_t i = 0; i < FIELDS; i++) {
		size_t len = strcspn(at, "\t\n");

		(void)snprintf(field[i], sizeof field[i], "%.*s", (int)len, at);
		at += len + (at[len] == '\t');
	}
	return true;
}

static FILE *open_file(const char *name, const char *end)
{
	const char *srcdir = getenv("srcdir");
	char path[1024];
	FILE *file;

	(void)snprintf(path, sizeof path, "%s/tests/unit/explain/lab/%s%s",
		srcdir == NULL ? "." : srcdir, name, end);
	file = fopen(path, "re");
	assert_non_null(file);
	return file;
}

static void explain_file(const char *name)
{
	static char bytes[BYTES_MAX];
	FILE *file = open_file(name, ".txt");
	size_t len = fread(bytes, 1, sizeof bytes, file);

	(void)fclose(file);
	read_text_finish(&text);
	read_text(bytes, len, &text);
	explain(&text, names, &found);
}

static void check_verdict(void)
{
	static const char *const persists[] = {"unknown", "no", "yes"};

	if (text.count != 1 || found.count == 0) {
		fail_msg("%s: %zu reports", field[0], text.count);
	}
	if (strcmp(found.finding[0].id, field[2]) != 0 ||
	    strcmp(persists[found.persists], field[3]) != 0) {
		fail_msg("%s: %s, %s", field[0], found.finding[0].id, persists[found.persists]);
	}
	for (size_t i = 1; i < found.count; i++) {
		if (found.finding[i].severity == SNAP_ALARM) {
			fail_msg("%s: false alarm %s", field[0], found.finding[i].id);
		}
	}
}

static void put_hosts(const struct read_row *row, char *ret_hosts, size_t cap)
{
	size_t len = 0;

	(void)snprintf(ret_hosts, cap, "-");
	for (size_t i = 0; i < row->host_count; i++) {
		const struct read_host *host = &row->host[i];
		char address[ADDR_TEXT_MAX] = "-";

		if (addr_is_set(&host->address)) {
			(void)addr_format(&host->address, address);
		}
		len += (size_t)snprintf(ret_hosts + len, cap - len, "%s%s/%s", i > 0 ? "," : "",
			host->name[0] == '\0' ? "-" : host->name, address);
	}
}

static void check_counts(const struct read_row *row)
{
	assert_near(row->sent, strtod(field[3], NULL), 1e-9);
	/* The text has a tenth of a per cent, but for those that count. */
	assert_near(100 * row->loss, strtod(field[4], NULL), 0.051);
	assert_int_equal(isnan(row->avg_ms), field[5][0] == '-');
	if (!isnan(row->avg_ms)) {
		assert_near(row->avg_ms, strtod(field[5], NULL), 0.0011);
	}
}

static void check_times(const struct read_row *row)
{
	const char *at = field[5];

	for (size_t i = 0; i < row->rtt_count; i++) {
		size_t len = strcspn(at, " ");
		double ms = row->rtt_ms[i];

		if (len == 0 || (*at == '*') != isnan(ms) || (*at != '*' &&
		    !(fabs(strtod(at, NULL) - ms) < 0.0006))) {
			fail_msg("%s, hop %u: time %zu of %s is %g", field[0], row->hop, i + 1, field[5], ms);
		}
		at += len + (at[len] == ' ');
	}
	if (row->rtt_count > 0 && *at != '\0') {
		fail_msg("%s, hop %u: times are missing", field[0], row->hop);
	}
}

static void check_row(size_t i)
{
	const struct read_row *row = &text.report[0].row[i];
	char hosts[2048];

	if (i >= text.report[0].row_count || row->hop != strtoul(field[1], NULL, 10)) {
		fail_msg("%s: no row for hop %s", field[0], field[1]);
	}
	put_hosts(row, hosts, sizeof hosts);
	if (strcmp(hosts, field[2]) != 0) {
		fail_msg("%s, hop %u: %s, not %s", field[0], row->hop, hosts, field[2]);
	}
	if (field[3][0] != '-') {
		check_counts(row);
	} else {
		check_times(row);
	}
}

static void test_reports_of_known_networks_are_read_and_explained(void **state)
{
	FILE *truth = open_file("truth", ".tsv");
	size_t rows = 0, reports = 0;
	(void)state;

	while (next_fact(truth)) {
		if (field[1][0] == '=') {
			assert_int_equal(rows, text.count == 0 ? 0 : text.report[0].row_count);
			explain_file(field[0]);
			check_verdict();
			rows = 0;
			reports++;
		} else {
			check_row(rows++);
		}
	}
	assert_int_equal(rows, text.report[0].row_count);
	assert_true(reports >= 40);
	(void)fclose(truth);
	read_text_finish(&text);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_reports_of_known_networks_are_read_and_explained),
	};
	int failed;

	names = table_create();
	failed = cmocka_run_group_tests(tests, NULL, NULL);
	table_destroy(names);
	return failed;
}
