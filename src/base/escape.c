/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "base/escape.h"

#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include "base/utf8.h"

static const char UNKNOWN[] = "\xef\xbf\xbd";

/* What stands for a character; NULL: it does itself. `room` may be used for it. */
typedef const char *stand_in_fn(uint32_t c, char room[static 16]);

static void escape(struct strbuf *buf, const char *text, stand_in_fn *stand_in)
{
	char room[16];
	size_t len;
	uint32_t c;

	for (; (len = utf8_next(text, &c)) > 0; text += len) {
		const char *instead = c == 0xfffd ? UNKNOWN : stand_in(c, room);

		if (instead != NULL) {
			strbuf_puts(buf, instead);
		} else {
			strbuf_add(buf, text, len);
		}
	}
}

static const char *in_json(uint32_t c, char room[static 16])
{
	if (c == '"' || c == '\\') {
		(void)snprintf(room, 16, "\\%c", (char)c);
		return room;
	}
	if (c < 0x20 || c == 0x7f) {
		(void)snprintf(room, 16, "\\u%04x", (unsigned)c);
		return room;
	}
	return NULL;
}

void escape_json(struct strbuf *buf, const char *text)
{
	escape(buf, text, in_json);
}

static const char *in_xml(uint32_t c, char room[static 16])
{
	/* Readers make a blank of a line break in an attribute that is not written so. */
	if (c == '&' || c == '<' || c == '>' || c == '"' || c == '\'' || c == '\t' || c == '\n' ||
	    c == '\r') {
		(void)snprintf(room, 16, "&#%u;", (unsigned)c);
		return c == '&' ? "&amp;" : c == '<' ? "&lt;" : c == '>' ? "&gt;" : room;
	}
	return c < 0x20 || c == 0x7f || c == 0xfffe || c == 0xffff ? UNKNOWN : NULL;
}

void escape_xml(struct strbuf *buf, const char *text)
{
	escape(buf, text, in_xml);
}

static const char *in_quotes(uint32_t c, char room[static 16])
{
	(void)room;
	return c == '"' ? "\"\"" : NULL;
}

void escape_csv(struct strbuf *buf, const char *text)
{
	size_t len = strlen(text);
	bool is_quoted = strpbrk(text, ",\"\r\n") != NULL ||
		(len > 0 && (text[0] == ' ' || text[len - 1] == ' '));

	strbuf_puts(buf, is_quoted ? "\"" : "");
	escape(buf, text, in_quotes);
	strbuf_puts(buf, is_quoted ? "\"" : "");
}

static const char *in_markdown(uint32_t c, char room[static 16])
{
	if (c < 0x80 && c != 0 && strchr("\\`*_[]<>|~&#", (int)c) != NULL) {
		(void)snprintf(room, 16, "\\%c", (char)c);
		return room;
	}
	return c < 0x20 ? " " : NULL;
}

void escape_markdown(struct strbuf *buf, const char *text)
{
	escape(buf, text, in_markdown);
}
