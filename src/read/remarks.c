/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "read/remarks.h"

#include <string.h>

#include "read/words.h"

static const char *const silent_ends[] = {"no reply from target", "Destination not reached",
	"Too many hops"};

static void add_silent(struct read_report *report, unsigned first, unsigned last, size_t number)
{
	for (unsigned hop = first; hop <= last && hop < READ_ROWS; hop++) {
		struct read_row *row = read_report_row(report, hop, number);

		if (row != NULL && row->rtt_count == 0 && row->host_count == 0) {
			read_row_rtt(row, NAN, -1);
		}
	}
}

/* lft: "**  [neglected] no reply packets received from TTL 2". It leaves those rows out. */
static bool is_of_lft(const char *line)
{
	return strstr(line, "no reply packets received from TTL") != NULL;
}

void remarks_flag(const char *line, struct read_row *row)
{
	static const struct {
		const char *text, *flag;
	} errors[] = {{"[host unreachable]", "!H"}, {"[net unreachable]", "!N"},
		{"[protocol unreachable]", "!P"}, {"[net prohib", "!X"}, {"[host prohib", "!X"},
		{"[prohibited]", "!X"}};

	for (size_t i = 0; i < sizeof errors / sizeof errors[0]; i++) {
		if (strstr(line, errors[i].text) != NULL) {
			read_row_flag(row, errors[i].flag, 2);
		}
	}
}

/* nmap: "2   ...", "2   ... 4". */
static bool read_nmap(const char *line, size_t number, struct read_report *report)
{
	struct word hop = word_next(&line), dots = word_next(&line), until = word_next(&line);
	unsigned first, last;

	if (strcmp(report->tool, "nmap") != 0 || !word_count(hop, &first) || !word_is(dots, "...")) {
		return false;
	}
	add_silent(report, first, word_count(until, &last) ? last : first, number);
	return true;
}

/* tracepath: " 5:  no reply", and "Resume: pmtu 1400 hops 5 back 5", where "reached" says more. */
static bool read_tracepath(const char *line, size_t number, struct read_report *report)
{
	struct word hop = word_next(&line), no = word_next(&line), reply = word_next(&line);
	unsigned first;

	if (word_is(hop, "Resume:")) {
		return true;
	}
	hop.len -= hop.len > 0 && hop.at[hop.len - 1] == ':';
	if (!word_count(hop, &first) || !word_is(no, "no") || !word_is(reply, "reply")) {
		return false;
	}
	add_silent(report, first, first, number);
	return true;
}

bool remarks_read(const char *line, size_t number, struct read_report *report)
{
	if (is_of_lft(line) || read_nmap(line, number, report) ||
	    read_tracepath(line, number, report)) {
		report->last_line = number;
		return true;
	}
	for (size_t i = 0; i < sizeof silent_ends / sizeof silent_ends[0]; i++) {
		if (strstr(line, silent_ends[i]) != NULL && report->row_count > 0) {
			report->is_end_silent = true;
			return true;
		}
	}
	return false;
}
