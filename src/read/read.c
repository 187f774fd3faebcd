/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <stdio.h>
#include <string.h>

#include "base/mem.h"
#include "read/clean.h"
#include "read/columns.h"
#include "read/header.h"
#include "read/objects.h"
#include "read/pairs.h"
#include "read/records.h"
#include "read/remarks.h"
#include "read/table.h"
#include "read/trace.h"
#include "read/words.h"

/*
 * Line by line: what begins a report, what is a row of a table whose columns were named, what is a
 * row of traceroute, what goes on with the row before. The strictest reader is asked first.
 */
enum { LINE_MAX_BYTES = 1 << 16 };

struct reading {
	struct read_text *text;
	struct read_report *report; /* under way; NULL: none */
	struct columns columns;
	size_t number;           /* of the line */
	size_t next_object;      /* the first line, from 0, that may begin JSON */
	double link_loss;        /* of the link before the next hop */
	const char *protocol;    /* of the command before the report; "": not told */
	bool is_full;            /* there is no room for another report: the rest is not read */
	enum {
		PAIRS_NONE, PAIRS_MTR, PAIRS_OVER /* what follows is not mtr's */
	} pairs;
};

static struct read_report *begin_report(struct reading *reading)
{
	struct read_text *text = reading->text;

	/* A head before the rows may come in several lines. */
	if (reading->report != NULL && reading->report->row_count == 0) {
		return reading->report;
	}
	if (text->count == READ_REPORTS) {
		reading->is_full = true;
		return reading->report;
	}
	reading->report = &text->report[text->count++];
	*reading->report = (struct read_report){.first_line = reading->number};
	reading->columns.count = 0;
	reading->link_loss = NAN;
	return reading->report;
}

static struct read_row *last_row(const struct reading *reading)
{
	return reading->report == NULL || reading->report->row_count == 0 ? NULL :
		&reading->report->row[reading->report->row_count - 1];
}

static void name_tool(struct reading *reading, const char *tool, const char *format,
	const char *protocol)
{
	struct read_report *report = reading->report;

	if (report->tool[0] == '\0') {
		(void)snprintf(report->tool, sizeof report->tool, "%s", tool);
		(void)snprintf(report->format, sizeof report->format, "%s", format);
		if (report->protocol[0] == '\0') {
			(void)snprintf(report->protocol, sizeof report->protocol, "%s", protocol);
		}
	}
}

static void add_row(struct reading *reading, const struct read_row *row)
{
	const struct read_row *last = last_row(reading);
	struct read_report *report = reading->report;

	if (report == NULL || (last != NULL && row->hop < last->hop && row->hop <= 1)) {
		report = begin_report(reading);
	}
	if (reading->is_full || report->row_count == READ_ROWS) {
		return;
	}
	if (report->row_count == 0 && reading->protocol[0] != '\0') {
		(void)snprintf(report->protocol, sizeof report->protocol, "%s", reading->protocol);
	}
	report->row = xgrow(report->row, &report->row_cap, report->row_count, sizeof *report->row);
	report->row[report->row_count++] = *row;
	report->last_line = reading->number;
}

static bool take_record(struct reading *reading, const char *line)
{
	const char *tool = "", *format = "";
	enum records is = records_know(line, &tool, &format);
	struct read_report *report = reading->report;
	bool is_its = report != NULL && strcmp(report->tool, tool) == 0;

	if (is == RECORDS_NONE || (!is_its && is == RECORDS_MORE)) {
		return false;
	}
	if (!is_its || (report->row_count > 0 && strcmp(report->format, format) != 0)) {
		report = begin_report(reading);
		name_tool(reading, tool, format, "icmp");
	}
	if (reading->is_full) {
		return false;
	}
	(void)snprintf(report->format, sizeof report->format, "%s", format);
	return records_read(line, reading->number, report);
}

static bool take_remark(struct reading *reading, const char *line)
{
	return reading->report != NULL && !reading->is_full &&
	       remarks_read(line, reading->number, reading->report);
}

static bool take_pathping(struct reading *reading, const char *line)
{
	struct read_row row;
	double link;

	if (reading->report == NULL || !columns_read_pathping(line, reading->number, &row, &link)) {
		return false;
	}
	reading->report->last_line = reading->number;
	if (!isnan(link)) {
		reading->link_loss = link;
		return true;
	}
	(void)snprintf(reading->report->tool, sizeof reading->report->tool, "pathping");
	row.link_loss = reading->link_loss;
	reading->link_loss = NAN;
	for (size_t i = 0; i < reading->report->row_count; i++) {
		if (reading->report->row[i].hop == row.hop) {
			reading->report->row[i] = row;
			return true;
		}
	}
	add_row(reading, &row);
	return true;
}

static bool take_winmtr(struct reading *reading, const char *line)
{
	struct read_row row;
	const struct read_row *last = last_row(reading);

	/* The frame below the last row: without it some are missing. */
	if (strstr(line, "|____") != NULL && last != NULL) {
		reading->report->is_finished = true;
		reading->report->is_cut = false;
		return true;
	}

	if (!columns_read_winmtr(line, reading->number, last == NULL ? 1 : last->hop + 1, &row)) {
		return false;
	}
	if (reading->report == NULL) {
		(void)begin_report(reading);
	}
	name_tool(reading, "winmtr", "text", "icmp");
	add_row(reading, &row);
	reading->report->is_cut = true;
	return true;
}

static bool take_column_row(struct reading *reading, const char *line)
{
	struct read_row *last = last_row(reading);
	struct read_host target = {.asn = 0};
	struct read_row row;

	if (!columns_read(&reading->columns, line, reading->number, last == NULL ? 1 : last->hop + 1,
	    &row, &target)) {
		return false;
	}
	if (row.hop == 0 && last != NULL) {
		for (size_t i = 0; i < row.host_count; i++) {
			(void)read_row_host(last, row.host[i].name, strlen(row.host[i].name),
				addr_is_set(&row.host[i].address) ? &row.host[i].address : NULL);
		}
		return true;
	}
	add_row(reading, &row);
	if (addr_is_set(&target.address) || target.name[0] != '\0') {
		reading->report->target = target.address;
		(void)snprintf(reading->report->target_name, sizeof reading->report->target_name, "%s",
			target.name);
	}
	return true;
}

static void take_pair(struct reading *reading, struct word name, struct word value)
{
	struct read_report *report = reading->report;
	struct read_row *last = last_row(reading);
	unsigned hop;

	if (word_is(name, "thrupath")) {
		reading->pairs = PAIRS_OVER;
	} else if (word_is(name, "count") && word_count(value, &hop)) {
		struct read_row row = read_row_of(hop, reading->number);

		add_row(reading, &row);
	} else if (word_is(name, "dst")) {
		if (!word_address(value, &report->target) && value.len < sizeof report->target_name) {
			memcpy(report->target_name, value.at, value.len);
		}
	} else if (last != NULL && columns_set(last, name, value)) {
		report->last_line = reading->number;
	}
}

/* mtr in JSON and XML. */
static bool take_pairs(struct reading *reading, const char *line)
{
	struct word name, value;
	const char *at = line;

	if (strstr(line, "\"mtr\"") != NULL || strstr(line, "<MTR ") != NULL ||
	    (reading->pairs == PAIRS_NONE && (strstr(line, "\"hubs\"") != NULL ||
	     strstr(line, "<HUB ") != NULL))) {
		reading->pairs = PAIRS_MTR;
		(void)begin_report(reading);
		name_tool(reading, "mtr", strchr(line, '<') != NULL ? "xml" : "json", "icmp");
	}
	if (reading->pairs != PAIRS_MTR) {
		return false;
	}
	if (strstr(line, "<thrupath>") != NULL) {
		reading->pairs = PAIRS_OVER;
	}
	while (reading->pairs == PAIRS_MTR && pairs_next(&at, &name, &value)) {
		take_pair(reading, name, value);
	}
	return true;
}

/* mtr's other hosts of a row, and its labels, stand below it. */
static bool take_below(struct reading *reading, const char *line)
{
	struct read_row *last = last_row(reading);
	const char *at = line;
	struct word word = word_next(&at), behind = word_next(&at);
	struct addr address;

	if (last == NULL || reading->columns.count == 0 || line[0] != ' ' || last->host_count == 0) {
		return false;
	}
	if (behind.len == 0 && (word_address(word, &address) || word_is_name(word))) {
		bool is_address = word_address(word, &address);

		(void)read_row_host(last, word.at, is_address ? 0 : word.len,
			is_address ? &address : NULL);
		return true;
	}
	return false;
}

static bool take_columns(struct reading *reading, const char *line)
{
	struct columns columns;

	if (!columns_begin(line, &columns)) {
		return false;
	}
	(void)begin_report(reading);
	reading->columns = columns;
	name_tool(reading, columns.tool, columns.separator == ',' ? "csv" : "report", "icmp");
	return true;
}

/* tracepath tells of one hop in several lines: a reply each, or first the MTU that was in the way,
 * by another hop, and then the hop. */
static void join_tracepath(const struct read_row *before, struct read_row *row)
{
	struct read_row joined = *before;

	row->pmtu = row->pmtu > 0 ? row->pmtu : before->pmtu;
	if (before->host_count == 1 && row->host_count == 1 && row->rtt_count == 1 &&
	    addr_equal(&before->host[0].address, &row->host[0].address) &&
	    strcmp(before->host[0].name, row->host[0].name) == 0) {
		read_row_rtt(&joined, row->rtt_ms[0], 0);
		joined.pmtu = row->pmtu;
		joined.is_asymmetric = joined.is_asymmetric || row->is_asymmetric;
		*row = joined;
	}
}

/* "2/ 100 =": a count of pathping's, whose line may have been cut before it can be known. */
static bool has_share(const char *line)
{
	for (const char *at = line; (at = strchr(at, '/')) != NULL; at++) {
		size_t blanks = strspn(at + 1, " "), digits = strspn(at + 1 + blanks, "0123456789");

		if (at > line && at[-1] >= '0' && at[-1] <= '9' && blanks > 0 && digits > 0 &&
		    strncmp(at + 1 + blanks + digits, " =", 2) == 0) {
			return true;
		}
	}
	return false;
}

static bool take_trace(struct reading *reading, const char *line)
{
	bool is_any = false;

	for (;;) {
		const struct read_row *last = last_row(reading);
		struct trace_line found;

		if (strstr(line, "[LOCALHOST]") != NULL || has_share(line) ||
		    !trace_read(line, reading->number, last, false, &found)) {
			return is_any;
		}
		/* pathping names this host again before its counts. */
		if (found.row.hop == 0 && found.row.rtt_count == 0 && last != NULL &&
		    reading->report->row[0].hop == 0) {
			return true;
		}
		if (reading->report == NULL) {
			(void)begin_report(reading);
		}
		if (last != NULL && last->hop == found.row.hop &&
		    strcmp(reading->report->tool, "tracepath") == 0) {
			join_tracepath(last, &found.row);
			reading->report->row_count--;
		}
		name_tool(reading, "traceroute", "unknown", "");
		reading->report->is_cut = reading->report->is_cut || found.is_cut;
		reading->report->is_finished = reading->report->is_finished || found.is_finished;
		remarks_flag(line, &found.row);
		add_row(reading, &found.row);
		is_any = true;
		line = found.rest;
		if (*line == '\0') {
			return true;
		}
	}
}

static bool take_more(struct reading *reading, const char *line)
{
	struct read_row *last = last_row(reading);
	struct trace_line found;

	if (last == NULL || has_share(line) ||
	    !trace_read(line, reading->number, last, true, &found)) {
		return false;
	}
	*last = found.row;
	reading->report->is_cut = reading->report->is_cut || found.is_cut;
	reading->report->last_line = reading->number;
	return true;
}

static bool take_header(struct reading *reading, const char *line)
{
	struct read_report head = {.first_line = reading->number};
	enum header header;

	/* What a report says of itself before its rows is kept together. */
	if (reading->report != NULL && reading->report->row_count == 0) {
		head = *reading->report;
	}
	header = header_read(line, &head);
	switch (header) {
	case HEADER_NONE:
		return false;
	case HEADER_END:
		if (reading->report != NULL) {
			reading->report->is_finished = true;
		}
		return true;
	case HEADER_MORE:
	case HEADER_REPORT:
		if (header == HEADER_MORE && (reading->report == NULL || reading->report->row_count > 0)) {
			return false;
		}
		if (begin_report(reading) != NULL && !reading->is_full) {
			*reading->report = head;
		}
		return true;
	}
	return false;
}

/* What has neither a time nor a count says nothing of a path. */
static bool is_worth(const struct read_report *report)
{
	for (size_t i = 0; i < report->row_count; i++) {
		if (report->row[i].rtt_count > 0 || !isnan(report->row[i].loss) ||
		    report->row[i].flag_count > 0) {
			return true;
		}
	}
	return false;
}

static void drop_worthless(struct read_text *text)
{
	size_t kept = 0;

	for (size_t i = 0; i < text->count; i++) {
		struct read_report report = text->report[i];

		records_end(&report);
		/* pathping's list, and others, begin with this host itself. */
		if (report.row_count > 0 && report.row[0].hop == 0 && report.row[0].rtt_count == 0) {
			memmove(report.row, report.row + 1, --report.row_count * sizeof *report.row);
		}
		if (is_worth(&report)) {
			text->report[kept++] = report;
		} else {
			struct read_text one = {.report = {report}, .count = 1};

			read_text_finish(&one);
		}
	}
	text->count = kept;
}

/* A text in JSON: how many lines of it were read; 0: none. */
static size_t take_objects(struct reading *reading, const struct clean_lines *lines, size_t i)
{
	const char *at = lines->line[i].at + strspn(lines->line[i].at, " ");
	size_t taken = 0;

	if (i >= reading->next_object && (*at == '{' || *at == '[') &&
	    strchr("\"{[ ", at[1]) != NULL) {
		taken = objects_read(lines, i, reading->text, &reading->next_object);
		reading->report = taken > 0 ? NULL : reading->report;
	}
	return taken;
}

void read_text(const char *bytes, size_t len, struct read_text *ret_text)
{
	struct clean_lines lines;
	struct reading reading = {.text = ret_text, .link_loss = NAN, .protocol = ""};

	*ret_text = (struct read_text){.count = 0};
	clean_text(bytes, len, &lines);
	for (size_t i = 0; i < lines.count; i++) {
		char *line = lines.line[i].at;
		size_t taken = take_objects(&reading, &lines, i);

		if (taken > 0) {
			i += taken - 1;
			continue;
		}
		line[strnlen(line, LINE_MAX_BYTES)] = '\0';
		reading.number = lines.line[i].number;
		if (header_protocol(line)[0] != '\0') {
			reading.protocol = header_protocol(line);
		}
		if (reading.is_full) {
			ret_text->unread_count++;
			continue;
		}
		if (line[strspn(line, " ")] == '\0' || take_pairs(&reading, line) ||
		    take_record(&reading, line) || take_remark(&reading, line) ||
		    take_columns(&reading, line) || take_pathping(&reading, line) ||
		    take_winmtr(&reading, line) || take_column_row(&reading, line) ||
		    take_below(&reading, line) || take_trace(&reading, line) ||
		    take_header(&reading, line) || take_more(&reading, line)) {
			continue;
		}
		if (ret_text->unread_count < READ_LINES) {
			ret_text->unread[ret_text->unread_count] = reading.number;
		}
		ret_text->unread_count++;
	}
	clean_finish(&lines);
	drop_worthless(ret_text);
}
