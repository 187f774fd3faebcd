/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "read/records.h"

#include <string.h>

#include "read/trace.h"
#include "read/who.h"
#include "read/words.h"

enum { HOPS_MAX = 255 };

/* Words of a line, as many as are asked for; how many there are. */
static size_t split(const char *line, struct word *ret_word, size_t cap)
{
	size_t count = 0;

	while (count < cap && (ret_word[count] = word_next(&line)).len > 0) {
		count++;
	}
	return count;
}

static bool is_hop(struct word word, unsigned *ret_hop)
{
	return word_count(word, ret_hop) && *ret_hop <= HOPS_MAX;
}

/* The number behind "rtt:" and the like. */
static bool number_behind(const char *line, const char *name, double *ret_number)
{
	const char *at = strstr(line, name);

	if (at == NULL) {
		return false;
	}
	at += strlen(name);
	at += strspn(at, " ");
	return number_read(at, at + strlen(at), ret_number) != NULL;
}

/* mtr: "x 2 33002" sent, "h 2 192.0.2.1" and "d 2 name" who, "p 2 8443 33002" microseconds, "m 2
 * 24001 0 1 1" a label. Before 0.92 it did not say what it sent. */
static bool is_mtr(const char *line)
{
	struct word word[7];
	size_t count = split(line, word, 7);
	struct addr address;
	unsigned hop, number;

	if (count < 3 || word[0].len != 1 || !is_hop(word[1], &hop)) {
		return false;
	}
	switch (word[0].at[0]) {
	case 'h':
		return count == 3 && word_address(word[2], &address);
	case 'd':
		return count == 3;
	case 'x':
	case 't':
		return count == 3 && word_count(word[2], &number);
	case 'p':
		return count <= 4 && word[2].at[0] >= '0' && word[2].at[0] <= '9';
	case 'm':
		return count == 6 && word_count(word[2], &number);
	default:
		return false;
	}
}

static void add_time(struct read_row *row, double ms)
{
	double before = isnan(row->received) ? 0 : row->received;

	row->last_ms = ms;
	row->best_ms = fmin(row->best_ms, ms); /* of a number and NAN: the number */
	row->worst_ms = fmax(row->worst_ms, ms);
	row->avg_ms = ((before > 0 ? row->avg_ms : 0) * before + ms) / (before + 1);
	row->received = before + 1;
}

static void name_host(struct read_row *row, struct word name)
{
	struct read_host *host = row->host_count > 0 ? &row->host[row->host_count - 1] : NULL;
	struct addr address;

	if (host != NULL && host->name[0] == '\0' && !word_address(name, &address)) {
		memcpy(host->name, name.at, name.len < sizeof host->name ? name.len :
			sizeof host->name - 1);
	}
}

static void add_label(struct read_row *row, double label)
{
	for (size_t i = 0; i < row->label_count; i++) {
		if ((double)row->label[i] == label) {
			return;
		}
	}
	if (row->label_count < READ_LABELS && label < 1 << 20) {
		row->label[row->label_count++] = (uint32_t)label;
	}
}

static bool read_mtr(const char *line, size_t number, struct read_report *report)
{
	struct word word[3];
	struct read_row *row;
	struct addr address;
	unsigned hop = 0;
	double value = 0;

	(void)split(line, word, 3);
	row = is_hop(word[1], &hop) ? read_report_row(report, hop + 1, number) : NULL;
	if (row == NULL) {
		return false;
	}
	(void)number_read(word[2].at, word[2].at + word[2].len, &value);
	switch (word[0].at[0]) {
	case 'x':
		row->sent = isnan(row->sent) ? 1 : row->sent + 1;
		break;
	case 'h':
		if (word_address(word[2], &address)) {
			(void)read_row_host(row, "", 0, &address);
		}
		break;
	case 'd':
		name_host(row, word[2]);
		break;
	case 'p':
		add_time(row, value / 1000);
		break;
	case 'm':
		add_label(row, value);
		break;
	default:
		break;
	}
	return true;
}

static bool is_same_host(const struct read_row *a, const struct read_row *b)
{
	return a->host_count > 0 && b->host_count > 0 &&
	       addr_equal(&a->host[0].address, &b->host[0].address);
}

/* mtr's first probes go beyond the end, which answers all of them: one row of it is enough. */
static void cut_behind_end(struct read_report *report)
{
	const struct read_row *row = report->row;
	size_t last = report->row_count, first = 0;

	while (last > 0 && row[last - 1].host_count == 0) {
		last--;
	}
	while (last > 0 && !is_same_host(&row[first], &row[last - 1])) {
		first++;
	}
	for (size_t i = first + 1; i < report->row_count; i++) {
		if (last == 0 || row[i].sent >= row[0].sent ||
		    (row[i].host_count > 0 && !is_same_host(&row[i], &row[first]))) {
			return;
		}
	}
	report->row_count = first + (report->row_count > 0);
}

static void end_mtr(struct read_report *report)
{
	double most = 0;

	cut_behind_end(report);
	for (size_t i = 0; i < report->row_count; i++) {
		struct read_row *row = &report->row[i];

		row->received = isnan(row->received) ? 0 : row->received;
		/* Where it does not say, it sent to all what it sent to one. */
		most = fmax(most, isnan(row->sent) ? row->received : row->sent);
	}
	for (size_t i = 0; i < report->row_count; i++) {
		struct read_row *row = &report->row[i];

		row->sent = isnan(row->sent) ? most : row->sent;
		row->loss = row->sent > 0 ? fmax(0, 1 - row->received / row->sent) : NAN;
	}
}

/* "hop  1  192.0.2.1", " attempt: 1, tx: 0.000185s, rtt: 0.002049s, probe-size: 44" and
 * " icmp-type: 11, icmp-code: 0, ..." below it. */
static bool read_warts(const char *line, size_t number, struct read_report *report)
{
	struct word word[3];
	struct read_row *last = report->row_count == 0 ? NULL : &report->row[report->row_count - 1];
	struct addr address;
	double seconds, type, code;
	unsigned hop;

	if (split(line, word, 3) >= 2 && word_is(word[0], "hop") && is_hop(word[1], &hop)) {
		last = read_report_row(report, hop, number);
		if (last != NULL && word[2].len > 0 && word_address(word[2], &address)) {
			(void)read_row_host(last, "", 0, &address);
		} else if (last != NULL) {
			read_row_rtt(last, NAN, -1);
		}
	} else if (last != NULL && number_behind(line, ", rtt:", &seconds)) {
		read_row_rtt(last, 1000 * seconds, (int)last->host_count - 1);
	} else if (last != NULL && number_behind(line, "icmp-type:", &type) &&
	           number_behind(line, "icmp-code:", &code) && type < 256 && code < 256) {
		read_row_icmp(last, (unsigned)type, (unsigned)code);
	}
	if (strncmp(line, " stop reason:", 13) == 0) {
		report->says_end = true;
		report->is_finished = strstr(line, ": done") != NULL;
	}
	return true;
}

static bool is_warts(const char *line)
{
	static const char *const begins[] = {" list id:", "list id", " cycle id:", "cycle s",
		" user-id:", " start:", " type:", " attempts:", " squeries:", " wait-timeout:", " flags:",
		" stop reason:", " attempt:", " reply-ttl:", " icmp-type:", " icmpext", "hop  ", "hop 1",
		"hop 2", "hop 3", " mpls", "  mpls", " icmp-", " tcp-flags:", " pmtud", " ttlre"};

	for (size_t i = 0; i < sizeof begins / sizeof begins[0]; i++) {
		if (strncmp(line, begins[i], strlen(begins[i])) == 0) {
			return true;
		}
	}
	return false;
}

/* nexttrace: "3|192.0.2.1|name|12.34|64500|...", "4|*||||||". */
static bool is_pipes(const char *line)
{
	size_t digits = strspn(line, "0123456789"), pipes = 0;
	struct addr address;

	for (const char *at = line; (at = strchr(at, '|')) != NULL; at++) {
		pipes++;
	}
	return digits >= 1 && digits <= 3 && pipes >= 7 && line[digits] == '|' &&
	       (line[digits + 1] == '*' ||
		word_address((struct word){line + digits + 1, strcspn(line + digits + 1, "|")}, &address));
}

static struct word cell_of(const char **at)
{
	size_t len = strcspn(*at, "|");
	struct word cell = {*at, len};

	*at += len + ((*at)[len] == '|');
	return cell;
}

static bool read_pipes(const char *line, size_t number, struct read_report *report)
{
	struct word hop_cell = cell_of(&line), who = cell_of(&line), name = cell_of(&line);
	struct word time = cell_of(&line), as = cell_of(&line);
	struct addr address = {0};
	struct read_row *row;
	unsigned hop = 0, asn = 0;
	double ms = NAN;
	int host = -1;

	row = is_hop(hop_cell, &hop) ? read_report_row(report, hop, number) : NULL;
	if (row == NULL) {
		return false;
	}
	if (word_address(who, &address)) {
		struct addr same;

		host = read_row_host(row, name.at, word_address(name, &same) ? 0 : name.len, &address);
		(void)number_read(time.at, time.at + time.len, &ms);
	}
	as.at += as.len > 2 && as.at[0] == 'A' ? 2 : 0;
	if (host >= 0 && word_count((struct word){as.at, strspn(as.at, "0123456789")}, &asn)) {
		row->host[host].asn = asn;
	}
	read_row_rtt(row, ms, isnan(ms) ? -1 : host);
	return true;
}

/* hping3: "hop=1 TTL 0 during transit from ip=192.0.2.1 name=a", "hop=1 hoprtt=2.5 ms", and of the
 * end "len=28 ip=192.0.2.9 ttl=60 ... rtt=23.3 ms", where "rtt=" may stand in a line below. */
static bool read_hping(const char *line, size_t number, struct read_report *report)
{
	const char *ip = strstr(line, "ip="), *name = strstr(line, "name=");
	struct read_row *row = report->row_count == 0 ? NULL : &report->row[report->row_count - 1];
	struct addr address;
	double value;

	if (number_behind(line, "hop=", &value) && value > 0 && value <= HOPS_MAX) {
		row = read_report_row(report, (unsigned)value, number);
	} else if (strncmp(line, "len=", 4) == 0 && ip != NULL && row != NULL &&
	           word_address((struct word){ip + 3, strcspn(ip + 3, " ")}, &address) &&
	           !(row->host_count == 1 && addr_equal(&row->host[0].address, &address))) {
		row = read_report_row(report, row->hop + 1, number);
	}
	if (row == NULL) {
		return strncmp(line, "using ", 6) == 0;
	}
	if (ip != NULL && word_address((struct word){ip + 3, strcspn(ip + 3, " ")}, &address)) {
		(void)read_row_host(row, "", 0, &address);
	}
	if (name != NULL && strncmp(name + 5, "UNKNOWN", 7) != 0) {
		name_host(row, (struct word){name + 5, strcspn(name + 5, " ")});
	}
	if (number_behind(line, "rtt=", &value)) {
		read_row_rtt(row, value, (int)row->host_count - 1);
	}
	return true;
}

static bool is_hping(const char *line)
{
	double value;

	return (number_behind(line, "hop=", &value) && strncmp(line, "hop=", 4) == 0) ||
	       strncmp(line, "len=", 4) == 0 || strncmp(line, "icmp_seq=", 9) == 0 ||
	       strncmp(line, "seq=", 4) == 0 || strncmp(line + strspn(line, " "), "name=", 5) == 0;
}

/* mtr --split: "2 name 26667 22 30 8 8 9": lost in thousandths of a per cent (once per cent),
 * received, sent, best, mean, worst. A line tells a hop again whenever something changed. */
static bool is_split(const char *line)
{
	struct word word[10];
	size_t count = split(line, word, 10);
	double value[6];
	unsigned hop;

	if ((count != 8 && count != 9) || !is_hop(word[0], &hop) || hop == 0) {
		return false;
	}
	for (size_t i = 0; i < 6; i++) {
		struct word one = word[count - 6 + i];

		if (number_read(one.at, one.at + one.len, &value[i]) != one.at + one.len) {
			return false;
		}
	}
	return value[1] <= value[2] && value[2] > 0 && value[3] <= value[4] && value[4] <= value[5] &&
	       value[0] <= 100000 && (value[0] > 0) == (value[1] < value[2]);
}

static bool read_split(const char *line, size_t number, struct read_report *report)
{
	struct word word[10];
	size_t count = split(line, word, 10);
	struct read_row *row;
	unsigned hop = 0;
	double value[6] = {0};

	row = is_hop(word[0], &hop) ? read_report_row(report, hop, number) : NULL;
	if (row == NULL) {
		return false;
	}
	for (size_t i = 0; i < 6; i++) {
		(void)number_read(word[count - 6 + i].at, word[count - 6 + i].at + word[count - 6 + i].len,
			&value[i]);
	}
	row->received = value[1];
	row->sent = value[2];
	row->loss = 1 - value[1] / value[2];
	row->best_ms = value[3];
	row->avg_ms = value[4];
	row->worst_ms = value[5];
	row->host_count = 0;
	who_set(row, word[1].at, word[count - 7].at + word[count - 7].len);
	return true;
}

/* paris-traceroute: " 5  P(6, 6) name (192.0.2.1)  20.0/20.5/21.2/0.3 ms": received and sent, then
 * best, mean, worst and deviation. */
static bool is_paris(const char *line)
{
	unsigned hop;
	const char *at = trace_number(line, &hop);

	return at != NULL && strncmp(at + strspn(at, " "), "P(", 2) == 0;
}

static bool read_paris(const char *line, size_t number, struct read_report *report)
{
	unsigned hop = 0;
	const char *at = trace_number(line, &hop), *slash, *from, *end = line + strlen(line);
	struct read_row *row = read_report_row(report, hop, number);

	at = row == NULL ? NULL : number_read(strchr(at, '(') + 1, end, &row->received);
	at = at == NULL ? NULL : number_read(at + strspn(at, ", "), end, &row->sent);
	if (at == NULL || row->sent <= 0) {
		return row != NULL;
	}
	row->loss = fmax(0, 1 - row->received / row->sent);
	at += *at == ')';
	slash = strchr(at, '/');
	from = slash == NULL ? end : slash;
	while (from > at && from[-1] != ' ') {
		from--;
	}
	who_set(row, at, from);
	at = slash == NULL ? NULL : number_read(from, end, &row->best_ms);
	at = at == NULL || *at != '/' ? NULL : number_read(at + 1, end, &row->avg_ms);
	at = at == NULL || *at != '/' ? NULL : number_read(at + 1, end, &row->worst_ms);
	(void)(at == NULL || *at != '/' ? NULL : number_read(at + 1, end, &row->stddev_ms));
	return true;
}

static const struct {
	const char *tool, *format;
	bool (*is)(const char *line);
	bool (*read)(const char *line, size_t number, struct read_report *);
	void (*end)(struct read_report *);
	const char *begins;      /* a line of it that begins so may be the first; NULL: any */
} kinds[] = {
	{"mtr", "raw", is_mtr, read_mtr, end_mtr, "xh"},
	{"nexttrace", "raw", is_pipes, read_pipes, NULL, NULL},
	{"scamper", "raw", is_warts, read_warts, NULL, ""},
	{"hping3", "raw", is_hping, read_hping, NULL, ""},
	{"paris", "raw", is_paris, read_paris, NULL, NULL},
	{"mtr", "split", is_split, read_split, NULL, NULL},
};

enum { KINDS = sizeof kinds / sizeof kinds[0] };

enum records records_know(const char *line, const char **ret_tool, const char **ret_format)
{
	for (size_t i = 0; i < KINDS; i++) {
		if (kinds[i].is(line)) {
			*ret_tool = kinds[i].tool;
			*ret_format = kinds[i].format;
			return kinds[i].begins == NULL || strchr(kinds[i].begins, *line) != NULL ?
				RECORDS_BEGIN : RECORDS_MORE;
		}
	}
	return RECORDS_NONE;
}

static size_t kind_of(const struct read_report *report)
{
	size_t i = 0;

	while (i < KINDS && (strcmp(kinds[i].tool, report->tool) != 0 ||
	       strcmp(kinds[i].format, report->format) != 0)) {
		i++;
	}
	return i;
}

bool records_read(const char *line, size_t number, struct read_report *report)
{
	size_t kind = kind_of(report);

	if (kind == KINDS || !kinds[kind].is(line) || !kinds[kind].read(line, number, report)) {
		return false;
	}
	report->last_line = number;
	return true;
}

void records_end(struct read_report *report)
{
	size_t kind = kind_of(report);

	if (kind < KINDS && kinds[kind].end != NULL) {
		kinds[kind].end(report);
	}
}
