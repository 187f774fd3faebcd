/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "read/trace.h"

#include <string.h>

#include "read/words.h"

enum { HOP_DIGITS = 3, CHATTER = 3, LONGEST_MS = 10000000 };

struct scan {
	const char *at;
	struct trace_line *line;
	struct read_row *row;
	int host;                /* whose the next time is; -1: nobody's yet */
	bool is_fresh;           /* nothing came since that host's name */
	uint32_t asn;            /* told before its host */
	bool is_first, is_over;
	bool was_address;        /* the word before was a host's address, and nothing else of it */
};

const char *trace_number(const char *line, unsigned *ret_hop)
{
	const char *at = line + strspn(line, " \t");
	size_t digits = strspn(at, "0123456789");
	unsigned hop = 0;

	if (digits == 0 || digits > HOP_DIGITS) {
		return NULL;
	}
	for (size_t i = 0; i < digits; i++) {
		hop = hop * 10 + (unsigned)(at[i] - '0');
	}
	at += digits;
	at += *at == '?' ? 1 : 0;
	at += *at == '.' || *at == ':' || *at == ')' ? 1 : 0;
	at += strncmp(at, "|--", 3) == 0 ? 3 : 0;
	if (*at != ' ' && *at != '\t' && *at != '\0') {
		return NULL;
	}
	if (at[0] == ' ' && at[1] == '-' && at[2] == ' ') {
		at += 2;
	}
	*ret_hop = hop;
	return at;
}

static void add_time(struct scan *scan, double ms, bool has_unit)
{
	read_row_rtt(scan->row, ms, scan->host);
	scan->line->times += has_unit;
	scan->line->bare += !has_unit;
	scan->is_fresh = false;
}

/* "80%": some tables have it without a count. */
static bool take_share(struct scan *scan, struct word word)
{
	double share;
	const char *behind = number_read(word.at, word.at + word.len, &share);

	if (behind == NULL || behind + 1 != word.at + word.len || *behind != '%' || share > 100 ||
	    scan->row->host_count == 0) {
		return false;
	}
	scan->row->loss = share / 100;
	return true;
}

/* "12.3 ms", "12ms", "<1 ms", "12.3 ms/", "3.1msname". False: no time. */
static bool take_time(struct scan *scan, struct word word)
{
	const char *end = word.at + word.len, *at = word.at, *behind;
	bool is_below = *at == '<';
	double ms;
	size_t unit;

	at += is_below;
	if (is_below && at == end) {
		behind = scan->at;
		word = word_next(&behind);
		at = word.at;
		end = at + word.len;
	}
	behind = number_read(at, end, &ms);
	if (behind == NULL || ms > LONGEST_MS) {
		return false;
	}
	if (end - behind > 3 && behind[0] == '/' && behind[1] >= '0' && behind[1] <= '9' &&
	    unit_prefix(end - 2, end) == 2) { /* "2.7/2.1ms" */
		scan->at = behind + 1;
		add_time(scan, ms, true);
		return true;
	}
	unit = unit_prefix(behind, end);
	if (unit > 0) {
		scan->at = behind + unit;
	} else if (behind == end || (behind + 1 == end && (*behind == ',' || *behind == '/'))) {
		const char *next = end;
		struct word after = word_next(&next);

		unit = unit_prefix(after.at, after.at + after.len);
		scan->at = unit > 0 ? after.at + unit : end;
	} else {
		return false;
	}
	scan->at += strspn(scan->at, "/,;");
	scan->row->is_below = scan->row->is_below || is_below;
	add_time(scan, ms, unit > 0);
	return true;
}

static bool take_stars(struct scan *scan, struct word word)
{
	size_t stars = 0;

	while (stars < word.len && word.at[stars] == '*') {
		stars++;
	}
	if (stars == 0 || (stars < word.len && word.at[stars] != '^' && word.at[stars] != '/')) {
		return false;
	}
	for (size_t i = 0; i < stars; i++) {
		read_row_rtt(scan->row, NAN, -1);
	}
	scan->line->stars += (unsigned)stars;
	scan->line->is_cut = scan->line->is_cut || word_has(word, '^');
	scan->is_fresh = false;
	return true;
}

/* To the host before it, else to that behind it. */
static void give_as(struct scan *scan, unsigned number)
{
	if (scan->host >= 0 && scan->row->host[scan->host].asn == 0) {
		scan->row->host[scan->host].asn = number;
	} else {
		scan->asn = number;
	}
}

static bool take_as(struct scan *scan, struct word word)
{
	struct word bare = word_bare(word);
	const char *behind = scan->at;
	unsigned number;

	/* "[AS 64500]", "(AS 64500)" */
	if (word_is(bare, "AS") && bare.at > word.at && word_count(word_bare(word_next(&behind)),
	    &number)) {
		scan->at = behind;
		give_as(scan, number);
		return true;
	}
	bare.len = memchr(bare.at, '/', bare.len) != NULL ?
		(size_t)((const char *)memchr(bare.at, '/', bare.len) - bare.at) : bare.len;
	if (bare.len < 3 || strncmp(bare.at, "AS", 2) != 0) {
		return false;
	}
	if (!word_count((struct word){bare.at + 2, bare.len - 2}, &number)) {
		return word_is(bare, "AS???");
	}
	give_as(scan, number);
	return true;
}

/* All numbers of "[MPLS: Labels 1/2 Exp 0]", "MPLS Label=3 CoS=0 TTL=1 S=1", "<MPLS:L=1,E=0>" that
 * are labels. */
static bool take_labels(struct scan *scan, struct word word)
{
	const char *at = word.at + strcspn(word.at, "M"), *end;
	struct read_row *row = scan->row;

	if (strncmp(word.at, "[Label=", 7) == 0) {
		at = word.at;
	} else if (strncmp(at, "MPLS", 4) != 0 || at >= word.at + word.len) {
		return false;
	}
	end = at + strcspn(at, "]>");
	while (at < end && row->label_count < READ_LABELS) {
		size_t skip = strcspn(at, "L");
		double number;
		const char *digits, *next;

		at += skip;
		if (at >= end) {
			break;
		}
		if (at[-1] == 'T' || at[-1] == 'P') { /* TTL, and MPLS itself */
			at++;
			continue;
		}
		digits = at + strcspn(at, "0123456789 =");
		digits += strspn(digits, " =");
		next = digits < end ? number_read(digits, end, &number) : NULL;
		at = next == NULL ? at + 1 : next;
		while (next != NULL && row->label_count < READ_LABELS && number < 1048576) {
			row->label[row->label_count++] = (uint32_t)number;
			next = *next == '/' ? number_read(next + 1, end, &number) : NULL;
			at = next == NULL ? at : next;
		}
	}
	scan->at = end + (*end != '\0');
	return true;
}

static void set_host(struct scan *scan, struct word name, const struct addr *address)
{
	struct word bare = word_bare(name);

	scan->host = read_row_host(scan->row, bare.at, address == NULL ? bare.len : 0, address);
	scan->is_fresh = true;
	if (scan->host >= 0 && scan->asn != 0) {
		scan->row->host[scan->host].asn = scan->asn;
	}
	scan->asn = 0;
}

/* The address behind a name. */
static void give_address(struct scan *scan, const struct addr *address)
{
	struct read_row *row = scan->row;
	size_t last = (size_t)scan->host;
	char name[sizeof row->host[0].name];
	int known;

	memcpy(name, row->host[last].name, sizeof name);
	if (last + 1 != row->host_count) {
		return;
	}
	row->host_count--;
	known = read_row_host(row, name, strlen(name), address);
	if (known >= 0) {
		/* A name that is the address again says nothing. */
		struct addr same;
		struct word word = {name, strlen(name)};

		row->host[known].asn = row->host[last].asn != 0 ? row->host[last].asn :
			row->host[known].asn;
		if (word_address(word, &same) && addr_equal(&same, address)) {
			row->host[known].name[0] = '\0';
		}
	}
	scan->host = known;
	scan->is_fresh = false;
}

/* The name behind an address. */
static void name_address(struct scan *scan, struct word word)
{
	struct read_host *host = &scan->row->host[scan->host];
	struct word bare = word_bare(word);

	if (host->name[0] == '\0') {
		memcpy(host->name, bare.at, bare.len < sizeof host->name ? bare.len :
			sizeof host->name - 1);
	}
}

/* "192.0.2.1[AS 64500]" is two words. */
static struct word before_bracket(struct scan *scan, struct word word)
{
	const char *bracket = memchr(word.at, '[', word.len);
	struct addr address;

	if (bracket != NULL && bracket > word.at &&
	    word_address((struct word){word.at, (size_t)(bracket - word.at)}, &address)) {
		word.len = (size_t)(bracket - word.at);
		scan->at = bracket;
	}
	return word;
}

static bool take_host(struct scan *scan, struct word word)
{
	struct addr address;
	const char *behind = scan->at;
	struct word after = word_next(&behind);
	bool is_bracketed = word.at[0] == '(' || word.at[0] == '[';
	bool leads_to_address = after.len > 1 && (after.at[0] == '(' || after.at[0] == '[') &&
		(word_address(after, &address) || word_is_masked(after));
	bool was_address = scan->was_address && scan->is_fresh && scan->host >= 0;

	scan->was_address = false;
	if (word_address(word, &address) && addr_is_unspecified(&address)) {
		return true; /* SR OS: nobody replied */
	}
	if (word_address(word, &address)) {
		scan->was_address = true;
		if (is_bracketed && scan->host >= 0 && scan->is_fresh &&
		    !addr_is_set(&scan->row->host[scan->host].address)) {
			give_address(scan, &address);
		} else {
			set_host(scan, word, &address);
		}
		return true;
	}
	if (was_address && word.at[0] == '(' && word_is_name(word)) {
		name_address(scan, word); /* the way of GNU inetutils */
		return true;
	}
	if (is_bracketed) {
		/* "[]", "(": whoever it was is lost. */
		if (word.len == 1 && !scan->is_fresh) {
			scan->row->lost_hosts++;
			scan->host = -1;
		} else if (!scan->is_fresh || word_is_masked(word)) {
			scan->host = word_is_masked(word) && !scan->is_fresh ?
				read_row_host(scan->row, word_bare(word).at, word_bare(word).len, NULL) :
					scan->host;
		}
		return word.len <= 2 || word_is_masked(word);
	}
	if (was_address && word_is_name(word) && scan->row->host[scan->host].name[0] == '\0') {
		name_address(scan, word);
		return true;
	}
	if (word_is_masked(word) || leads_to_address || (word_is_name(word) &&
	    (scan->host < 0 || !scan->is_fresh || scan->row->rtt_count > 0))) {
		/* A second name before any time is a remark. */
		if (scan->is_fresh && scan->host >= 0) {
			return true;
		}
		set_host(scan, word, NULL);
		return true;
	}
	/* A name without dots stands first, and times follow. */
	if (scan->is_first && word.len > 1 && (after.len > 0 && ((after.at[0] >= '0' && after.at[0]
		<= '9') ||
	    after.at[0] == '*' || after.at[0] == '<'))) {
		double number;

		if (number_read(word.at, word.at + word.len, &number) == NULL &&
		    number_read(after.at, after.at + after.len, &number) != NULL) {
			set_host(scan, word, NULL);
			return true;
		}
	}
	return false;
}

/* What only some programs say: tracepath, tracert's reports, flags of errors. */
static bool take_remark(struct scan *scan, struct word word)
{
	struct read_row *row = scan->row;
	const char *behind = scan->at;
	unsigned number;

	if (word.at[0] == '!') {
		read_row_flag(row, word.at, word.len);
	} else if (word_is(word, "reports:")) {
		read_row_flag(row, "!H", 2);
		scan->is_over = true;
	} else if (word_is(word, "pmtu")) {
		if (word_count(word_next(&behind), &number)) {
			row->pmtu = number;
			scan->at = behind;
		}
	} else if (word.len > 2 && strncmp(word.at, "F=", 2) == 0 &&
	           word_count((struct word){word.at + 2, word.len - 2}, &number)) {
		row->pmtu = number; /* traceroute --mtu */
	} else if (word.len > 3 && strncmp(word.at, "'-", 2) == 0) {
		row->is_asymmetric = true; /* traceroute --back: hops on the way back */
	} else if (word_is(word, "asymm")) {
		row->is_asymmetric = true;
		(void)word_next(&behind);
		scan->at = behind;
	} else if (word_is(word, "reached")) {
		scan->line->is_finished = true;
	} else if (word_is_unit(word) || (word.len == 1 && strchr("/-|", word.at[0]) != NULL)) {
		return true;
	} else if (strncmp(word.at, "^C", 2) == 0) {
		scan->line->is_cut = scan->is_over = true;
	} else if (strncmp(word.at, "<-", 2) == 0 || strncmp(word.at, "->", 2) == 0 ||
	           strncmp(word.at, "=>", 2) == 0 || strncmp(word.at, "//", 2) == 0 ||
	           strncmp(word.at, "\xe2\x86", 2) == 0) {
		scan->is_over = true;
	} else {
		return false;
	}
	return true;
}

/* The next row in the same line: its number, and something that can follow one. */
static bool is_next_row(const struct scan *scan, struct word word)
{
	const char *behind = scan->at;
	struct word after;
	struct addr address;
	unsigned number;

	if (scan->row->host_count == 0 || scan->line->times == 0 || !word_count(word, &number) ||
	    number != scan->row->hop + 1) {
		return false;
	}
	after = word_next(&behind);
	return after.len > 0 && !word_is_unit(after) && (after.at[0] == '*' || after.at[0] == '<' ||
		word_address(after, &address) || word_is_name(after) ||
		(after.at[0] >= '0' && after.at[0] <= '9'));
}

static void give_to_first(struct read_row *row)
{
	for (size_t i = 0; i < row->rtt_count; i++) {
		if (row->rtt_host[i] < 0 && !isnan(row->rtt_ms[i]) && row->host_count > 0) {
			row->rtt_host[i] = 0;
		}
	}
}

static void scan_line(struct scan *scan)
{
	while (!scan->is_over) {
		const char *from = scan->at;
		struct word word = before_bracket(scan, word_next(&scan->at));

		if (word.len == 0) {
			break;
		}
		if (is_next_row(scan, word)) {
			scan->at = from;
			break;
		}
		if (take_stars(scan, word) || take_share(scan, word) || take_time(scan, word) ||
		    take_labels(scan, word) || take_as(scan, word) || take_remark(scan, word) ||
		    take_host(scan, word)) {
			scan->line->begins_well = scan->line->begins_well || scan->is_first;
		} else {
			scan->line->ignored++;
			scan->is_fresh = scan->is_fresh && scan->host >= 0;
		}
		scan->is_first = false;
	}
	scan->line->rest = scan->at;
}

/* nexttrace has a host's times, and its name, in the line below; a star before that is its AS. */
static void begin_more(struct scan *scan, const struct read_row *before)
{
	struct read_row *row = scan->row;

	*row = *before;
	if (row->host_count == 1 && (row->rtt_count == 0 ||
	    (row->rtt_count == 1 && isnan(row->rtt_ms[0])))) {
		row->rtt_count = 0;
		scan->host = 0;
		scan->is_fresh = scan->was_address = true;
	}
}

/* Of a line with labels and no times nothing else is true: "entry 1: MPLS Label = 3, ...". */
static void take_labels_alone(const struct read_row *before, struct read_row *row)
{
	struct read_row labelled = *row;

	*row = *before;
	memcpy(row->label, labelled.label, sizeof row->label);
	row->label_count = labelled.label_count;
}

bool trace_read(const char *line, size_t number, const struct read_row *before, bool is_more,
	struct trace_line *ret_line)
{
	bool is_next;
	struct scan scan = {.line = ret_line, .row = &ret_line->row, .host = -1, .is_first = true};
	size_t rtts = 0, labels = 0;
	unsigned hop = 0;

	*ret_line = (struct trace_line){.stars = 0};
	if (is_more) {
		begin_more(&scan, before);
		rtts = ret_line->row.rtt_count;
		labels = before->label_count;
		scan.at = line;
	} else {
		scan.at = trace_number(line, &hop);
		if (scan.at == NULL) {
			return false;
		}
		ret_line->row = read_row_of(hop, number);
	}
	scan_line(&scan);
	give_to_first(&ret_line->row);
	if (is_more) {
		if (ret_line->row.label_count > labels && ret_line->times == 0) {
			take_labels_alone(before, &ret_line->row);
			return true;
		}
		return ret_line->begins_well && ret_line->ignored <= CHATTER &&
		       ret_line->row.rtt_count > rtts && ret_line->times + ret_line->stars > 0;
	}
	is_next = before != NULL && hop == before->hop + 1;
	if (ret_line->row.rtt_count == 0) {
		return ret_line->row.flag_count > 0 || (ret_line->row.host_count > 0 &&
			(ret_line->ignored == 0 || (is_next && ret_line->begins_well)));
	}
	if (ret_line->times == 0 && ret_line->stars == 0) {
		return ret_line->bare >= 2 && ret_line->row.host_count > 0 && ret_line->ignored == 0;
	}
	return ret_line->row.host_count > 0 || ret_line->stars > 0 || ret_line->ignored < CHATTER;
}
