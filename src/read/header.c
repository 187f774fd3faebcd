/* SPDX-License-Identifier: GPL-3.0-or-later */
#define _GNU_SOURCE
#include "read/header.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "read/words.h"

static const struct {
	const char *text, *tool, *format, *protocol;
	bool has_target;         /* it stands behind the text */
	bool is_first;           /* nothing stands before the text */
} begins[] = {
	{"traceroute6 to ", "traceroute", "linux", "udp", true, false},
	{"traceroute to ", "traceroute", "linux", "udp", true, false},
	{"tracert to ", "traceroute", "linux", "udp", true, false},
	{"traceroute [(", "paris", "raw", "udp", true, false},
	{"traceroute from ", "scamper", "text", "udp", true, false},
	{"Trace6 for ", "trace6", "text", "icmp", true, false},
	{"Nmap scan report for ", "nmap", "text", "", true, false},
	{"TRACEROUTE (using ", "nmap", "text", "", false, false},
	{"HPING ", "hping3", "text", "tcp", true, true},
	{"tcptraceroute to ", "tcptraceroute", "linux", "tcp", true, false},
	{"LFT trace to ", "lft", "lft", "tcp", true, false},
	{"Tracing route to ", "tracert", "windows", "icmp", true, false},
	{"Tracing the route to ", "cisco", "ios", "udp", true, false},
	{"Trace to ", "asn", "asn", "icmp", true, false},
	{"Tracing the path to ", "tcptraceroute", "linux", "tcp", true, false},
	{"Tracing path to ", "tcptraceroute", "linux", "tcp", true, false},
	{"Selected device ", "tcptraceroute", "linux", "tcp", false, false},
	{"Type escape sequence", "cisco", "ios", "udp", false, false},
	{"WinMTR statistics", "winmtr", "text", "icmp", false, false},
	{"My traceroute", "mtr", "screen", "icmp", false, false},
	{"ripe-atlas report", "atlas", "text", "", false, false},
	{"[LOCALHOST]", "tracepath", "linux", "udp", false, false},
	{"NextTrace ", "nexttrace", "text", "icmp", false, false},
};

static const char *const ends[] = {"Trace complete", "Ablaufverfolgung beendet", "Traza completa",
	"Itin\xc3\xa9raire d\xc3\xa9termin\xc3\xa9", "Traccia completata", "Rastreamento conclu",
	"\xd0\xb7\xd0\xb0\xd0\xb2\xd0\xb5\xd1\x80\xd1\x88\xd0\xb5\xd0\xbd", /* Russian */
	"\xe8\xb7\x9f\xe8\xb8\xaa\xe5\xae\x8c\xe6\x88\x90", /* Chinese */
	"Resume: pmtu"};

/* "name (address)", "name [address]:80", "address". */
static void set_target(struct read_report *report, const char *at)
{
	struct word name = word_next(&at), behind = word_next(&at), bare = word_bare(name);
	const char *bracket = bare.len > 0 ? memchr(bare.at, '(', bare.len) : NULL;

	const char *port = memchr(bare.at, ':', bare.len);

	/* "192.0.2.1:80/tcp", "192.0.2.1:80" */
	if (port != NULL && (memchr(port, '/', (size_t)(bare.at + bare.len - port)) != NULL ||
	    word_address((struct word){bare.at, (size_t)(port - bare.at)}, &report->target))) {
		bare.len = name.len = (size_t)(port - bare.at);
		name.at = bare.at;
	}
	report->target = (struct addr){0};
	if (!word_address(name, &report->target) && !word_address(behind, &report->target) &&
	    bracket != NULL) {
		/* "192.0.2.1(192.0.2.1)," */
		(void)word_address((struct word){bracket, (size_t)(bare.at + bare.len - bracket)},
			&report->target);
	}
	while (bare.len > 0 && (bare.at[bare.len - 1] == ':' || bare.at[bare.len - 1] == '.')) {
		bare.len--;
	}
	(void)snprintf(report->target_name, sizeof report->target_name, "%.*s",
		(int)(bare.len < 200 ? bare.len : 200), bare.at);
}

/* "30 hops max", "max hops: 30", "a maximum of 30 hops" and so in any language: the only number of
 * one to three digits, or that before or behind "hops". */
static void set_limit(struct read_report *report, const char *line)
{
	const char *at = line;
	unsigned number, only = 0, count = 0, before = 0;
	bool is_awaited = false;

	for (;;) {
		struct word word = word_next(&at), bare = word_bare(word);

		if (word.len == 0) {
			break;
		}
		while (bare.len > 0 && bare.at[bare.len - 1] == ':') {
			bare.len--;
		}
		if (word_count(bare, &number) && number > 0 && number < 256) {
			if (is_awaited) {
				report->hop_limit = number;
				return;
			}
			before = only = number;
			count++;
		} else {
			if (word_is(bare, "hops") && before > 0) {
				report->hop_limit = before;
				return;
			}
			is_awaited = word_is(bare, "hops");
			before = 0;
		}
	}
	report->hop_limit = count == 1 ? only : report->hop_limit;
}

/* "name [address]" of a language that is not known: a tracert's first line. */
static bool is_foreign_tracert(const char *line, struct read_report *report)
{
	const char *at = line;
	struct word before = {line, 0};

	for (;;) {
		struct word word = word_next(&at);
		struct addr address;

		if (word.len == 0) {
			return false;
		}
		if (word.at[0] == '[' && before.len > 0 && word_address(word, &address) &&
		    (word_is_name(before) || word_address(before, &report->target))) {
			report->target = address;
			(void)snprintf(report->target_name, sizeof report->target_name, "%.*s",
				(int)(before.len < 200 ? before.len : 200), before.at);
			return true;
		}
		before = word;
	}
}

/* "80/tcp", "udp mode". */
static void set_protocol(struct read_report *report, const char *line)
{
	static const struct {
		const char *text, *protocol;
	} words[] = {{"/tcp", "tcp"}, {"/udp", "udp"}, {"/icmp", "icmp"}, {"icmp mode", "icmp"},
		{"udp mode", "udp"}, {"protocol icmp", "icmp"}, {"protocol tcp", "tcp"}};

	for (size_t i = 0; i < sizeof words / sizeof words[0]; i++) {
		if (strstr(line, words[i].text) != NULL) {
			(void)snprintf(report->protocol, sizeof report->protocol, "%s", words[i].protocol);
			return;
		}
	}
}

/* "from ADDRESS to ADDRESS", "[(ADDRESS:1) -> (ADDRESS:2)]", or at once. */
static const char *target_at(const char *name)
{
	const char *to = strstr(name, name[-1] == '(' ? " -> " : " to ");

	return to != NULL && (name[-1] == '(' || name[-2] == 'm') ? to + 4 : name;
}

static void name_it(struct read_report *report, const char *tool, const char *format,
	const char *protocol)
{
	(void)snprintf(report->tool, sizeof report->tool, "%s", tool);
	(void)snprintf(report->format, sizeof report->format, "%s", format);
	(void)snprintf(report->protocol, sizeof report->protocol, "%s", protocol);
}

const char *header_protocol(const char *line)
{
	static const char *const tools[] = {"tcptraceroute", "traceroute", "nexttrace", "mtr"};

	for (size_t i = 0; i < sizeof tools / sizeof tools[0]; i++) {
		const char *at = strstr(line, tools[i]), *behind;

		if (at == NULL || (at != line && strchr(" >#$/\\~%", at[-1]) == NULL)) {
			continue;
		}
		behind = at + strlen(tools[i]);
		if (strchr("6 ", *behind) == NULL || *behind == '\0') {
			continue;
		}
		return strstr(behind, " -T") != NULL || strstr(behind, " --tcp") != NULL || i == 0 ? "tcp" :
			strstr(behind, " -I") != NULL || strstr(behind, " --icmp") != NULL ? "icmp" :
			strstr(behind, " -U") != NULL || strstr(behind, " -u") != NULL ||
			strstr(behind, " --udp") != NULL ? "udp" : "";
	}
	return "";
}

enum header header_read(const char *line, struct read_report *report)
{
	for (size_t i = 0; i < sizeof begins / sizeof begins[0]; i++) {
		const char *at = strcasestr(line, begins[i].text);

		if (at == NULL || (begins[i].is_first && at != line)) {
			continue;
		}
		/* Somebody may speak of a traceroute. */
		if (begins[i].has_target && at - line > 60) {
			continue;
		}
		name_it(report, begins[i].tool, begins[i].format, begins[i].protocol);
		set_protocol(report, at);
		if (begins[i].has_target) {
			set_target(report, target_at(at + strlen(begins[i].text)));
			if (strstr(at, "hops") != NULL) {
				set_limit(report, at);
			}
		}
		at = strstr(line, "[LOCALHOST]");
		if (at != NULL) {
			at = strstr(at, " pmtu ");
			report->pmtu = at != NULL ? (unsigned)strtoul(at + 6, NULL, 10) : 0;
			report->says_end = true;
		}
		return HEADER_REPORT;
	}
	for (size_t i = 0; i < sizeof ends / sizeof ends[0]; i++) {
		if (strstr(line, ends[i]) != NULL) {
			return HEADER_END;
		}
	}
	if (strlen(line) < 200 && is_foreign_tracert(line, report)) {
		name_it(report, "tracert", "windows", "icmp");
		set_limit(report, line);
		return HEADER_REPORT;
	}
	if (report->hop_limit == 0 && report->tool[0] != '\0' && strlen(line) < 120) {
		set_limit(report, line);
		return report->hop_limit > 0 ? HEADER_MORE : HEADER_NONE;
	}
	return HEADER_NONE;
}
