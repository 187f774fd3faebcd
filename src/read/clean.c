/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "read/clean.h"

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "base/mem.h"
#include "base/strbuf.h"

enum { TAG_MAX = 200 };

static const struct {
	const char *entity, *text;
} entities[] = {{"&lt;", "<"}, {"&gt;", ">"}, {"&amp;", "&"}, {"&nbsp;", " "}, {"&quot;", "\""},
	{"&#39;", "'"}, {"&#x27;", "'"}};

static const char *const tags[] = {"a", "b", "br", "code", "div", "em", "font", "i", "li", "p",
	"pre",
	"span", "strong", "table", "tbody", "td", "th", "thead", "tr", "u", "ul", "center", "html",
	"body", "head", "title", "h1", "h2", "h3", "h4"};

/* The length of a tag of HTML that begins at '<', and its name; 0: it is none. */
static size_t tag_at(const char *at, const char *end, const char **ret_name, size_t *ret_len)
{
	const char *name = at + 1, *close;
	size_t len = 0;

	name += name < end && *name == '/' ? 1 : 0;
	while (name + len < end && len < 8 && ((name[len] | 32) >= 'a' ? (name[len] | 32) <= 'z' :
	       name[len] >= '0' && name[len] <= '9')) {
		len++;
	}
	close = memchr(name, '>', (size_t)(end - name) < TAG_MAX ? (size_t)(end - name) : TAG_MAX);
	if (len == 0 || close == NULL || (name[len] != '>' && name[len] != ' ' && name[len] != '/')) {
		return 0;
	}
	for (size_t i = 0; i < sizeof tags / sizeof tags[0]; i++) {
		if (strlen(tags[i]) == len && strncasecmp(tags[i], name, len) == 0) {
			*ret_name = name;
			*ret_len = len;
			return (size_t)(close + 1 - at);
		}
	}
	return 0;
}

static size_t take_tag(const char *at, const char *end, struct strbuf *out)
{
	const char *name;
	size_t len, whole = tag_at(at, end, &name, &len);

	if (whole == 0) {
		return 0;
	}
	if ((len == 2 && (strncasecmp(name, "td", 2) == 0 || strncasecmp(name, "th", 2) == 0)) &&
	    at[1] == '/') {
		strbuf_puts(out, " | ");
	} else if ((len == 2 && (strncasecmp(name, "tr", 2) == 0 || strncasecmp(name, "br", 2) == 0)) ||
	           strncasecmp(name, "pre", 3) == 0 || strncasecmp(name, "li", 2) == 0 ||
	           (len == 1 && (*name == 'p' || *name == 'P'))) {
		strbuf_putc(out, '\n');
	}
	return whole;
}

static size_t take_entity(const char *at, const char *end, struct strbuf *out)
{
	for (size_t i = 0; i < sizeof entities / sizeof entities[0]; i++) {
		size_t len = strlen(entities[i].entity);

		if ((size_t)(end - at) >= len && strncmp(at, entities[i].entity, len) == 0) {
			strbuf_puts(out, entities[i].text);
			return len;
		}
	}
	return 0;
}

/* ESC [ ... letter. */
static size_t escape_at(const char *at, const char *end)
{
	const char *from = at;

	if (end - at < 2 || at[1] != '[') {
		return 1;
	}
	at += 2;
	while (at < end && ((*at >= '0' && *at <= '9') || *at == ';' || *at == '?')) {
		at++;
	}
	return (size_t)(at - from) + (at < end);
}

static void put_plain(const char *bytes, size_t len, struct strbuf *out)
{
	const char *at = bytes, *end = bytes + len;

	while (at < end) {
		size_t taken = 0;

		if (*at == '<') {
			taken = take_tag(at, end, out);
		} else if (*at == '&') {
			taken = take_entity(at, end, out);
		} else if (*at == 27) {
			taken = escape_at(at, end);
		} else if (end - at >= 2 && at[0] == '\xc2' && at[1] == '\xa0') {
			strbuf_putc(out, ' ');
			taken = 2;
		} else if (end - at >= 3 && memcmp(at, "\xe2\x94", 2) == 0 &&
		           (at[2] == '\x82' || at[2] == '\x86')) {
			strbuf_putc(out, '|'); /* what tables are drawn with: U+2502, U+2506 */
			taken = 3;
		} else if (*at == '\r' || *at == '\0') {
			taken = 1;
		} else if (*at == '\t') {
			strbuf_puts(out, "  ");
			taken = 1;
		}
		if (taken == 0) {
			strbuf_putc(out, *at);
			taken = 1;
		}
		at += taken;
	}
}

/* Behind "> > ", "- ", "* 1", fences: where the line itself begins. */
static char *without_marks(char *line)
{
	char *at = line;

	for (;;) {
		char *mark = at + strspn(at, " ");

		if (mark[0] == '>' && (mark[1] == ' ' || mark[1] == '>' || mark[1] == '\0')) {
			at = mark + 1 + (mark[1] == ' ');
		} else if ((mark[0] == '-' || mark[0] == '*') && mark[1] == ' ' && mark[2] != '-' &&
		           mark[2] != ' ' && (mark[0] == '-' || (mark[2] >= '0' && mark[2] <= '9'))) {
			at = mark + 2;
		} else if (mark[0] == '`') {
			at = mark + strspn(mark, "`");
		} else {
			return at;
		}
	}
}

/* "12. " before what was pasted. */
static char *behind_number(char *line, size_t *ret_number)
{
	char *at = line + strspn(line, " "), *digits = at;

	while (*at >= '0' && *at <= '9' && at - digits < 5) {
		at++;
	}
	if (at == digits || *at != '.' || (at[1] != ' ' && at[1] != '\0')) {
		return NULL;
	}
	*ret_number = strtoul(digits, NULL, 10);
	return at + 1 + (at[1] == ' ');
}

/* A paste site numbers all lines one by one, and rows have their own numbers behind these. */
static void drop_numbers(struct clean_lines *lines)
{
	size_t number, before = 0, runs = 0, twice = 0, count = 0;

	for (size_t i = 0; i < lines->count; i++) {
		char *rest = behind_number(lines->line[i].at, &number);

		count += lines->line[i].at[0] != '\0';
		if (rest != NULL) {
			runs += number == before + 1;
			before = number;
			rest += strspn(rest, " ");
			twice += (rest[0] >= '0' && rest[0] <= '9' && strspn(rest, "0123456789") <= 2 &&
				rest[strspn(rest, "0123456789")] == ' ');
		}
	}
	if (runs < 3 || 10 * runs < 9 * count || twice < 2) {
		return;
	}
	for (size_t i = 0; i < lines->count; i++) {
		char *rest = behind_number(lines->line[i].at, &number);

		lines->line[i].at = rest != NULL ? rest : lines->line[i].at;
	}
}

/* "[192.0.2." and "1]" on the next line are one. */
static bool is_open(const char *line)
{
	const char *open = strrchr(line, '[');

	if (open == NULL || strchr(open, ']') != NULL) {
		open = strrchr(line, '(');
		if (open == NULL || strchr(open, ')') != NULL) {
			return false;
		}
	}
	return open[1] != '\0' && open[1] != ' ' && strchr(open, ' ') == NULL && strlen(line) > 60;
}

static void join_wrapped(struct clean_lines *lines)
{
	size_t kept = 0;

	for (size_t i = 0; i < lines->count; i++) {
		struct clean_line line = lines->line[i];

		if (i + 1 < lines->count && is_open(line.at)) {
			char *next = lines->line[i + 1].at;
			size_t len = strlen(line.at), more = strlen(next);

			/* Both lie in one text, the next behind this. */
			memmove(line.at + len, next, more + 1);
			i++;
		}
		lines->line[kept++] = line;
	}
	lines->count = kept;
}

void clean_text(const char *bytes, size_t len, struct clean_lines *ret_lines)
{
	struct strbuf out = {0};
	struct clean_lines lines = {0};
	size_t number = 0;
	char *at;

	put_plain(bytes, len, &out);
	lines.text = strbuf_detach(&out);
	at = lines.text;
	while (*at != '\0') {
		char *end = at + strcspn(at, "\n"), *next = *end == '\0' ? end : end + 1;
		struct clean_line line;

		*end = '\0';
		number++;
		while (end > at && (end[-1] == ' ' || end[-1] == '`')) {
			*--end = '\0';
		}
		line = (struct clean_line){without_marks(at), number};
		lines.line = xgrow(lines.line, &lines.cap, lines.count, sizeof *lines.line);
		lines.line[lines.count++] = line;
		at = next;
	}
	drop_numbers(&lines);
	join_wrapped(&lines);
	*ret_lines = lines;
}

void clean_finish(struct clean_lines *lines)
{
	free(lines->text);
	free(lines->line);
	*lines = (struct clean_lines){0};
}
