/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <locale.h>

#include "base/escape.h"
#include "base/utf8.h"
#include "fuzz/fuzz.h"

static void check_prefixes(const char *text)
{
	size_t width = utf8_width(text), last = 0;

	for (size_t columns = 0; columns <= width + 1 && columns < 300; columns++) {
		size_t bytes = utf8_prefix(text, columns);
		char *head = fuzz_text((const uint8_t *)text, bytes);

		MUST(bytes >= last && bytes <= strlen(text));
		MUST(utf8_width(head) <= columns);
		last = bytes;
		free(head);
	}
	MUST(utf8_prefix(text, width) == strlen(text));
}

static void check_clean(const char *text, size_t cap)
{
	char *clean = malloc(cap), *again = malloc(cap);
	uint32_t c;
	size_t len;

	MUST(clean != NULL && again != NULL);
	utf8_clean(text, clean, cap);
	MUST(strlen(clean) < cap);
	for (const char *at = clean; (len = utf8_next(at, &c)) > 0; at += len) {
		MUST(c >= 0x20 && c != 0x7f && c != 0xfffd);
	}
	utf8_clean(clean, again, cap);
	MUST(strcmp(clean, again) == 0);
	free(clean);
	free(again);
}

/* Inside of a JSON string: valid UTF-8 with no quote, control or lonely backslash in it. */
static void check_json(const char *text)
{
	struct strbuf json = {0};
	uint32_t c;
	size_t len;

	escape_json(&json, text);
	for (const char *at = strbuf_text(&json); (len = utf8_next(at, &c)) > 0; at += len) {
		MUST(c >= 0x20 && c != '"');
		MUST(c != 0xfffd || len == 3);
		if (c == '\\') {
			MUST(strchr("\"\\u", at[1]) != NULL && at[1] != '\0');
			len++;
		}
	}
	strbuf_finish(&json);
}

/* Neither markup nor what XML cannot hold (1.0, 2.2) is left, but for references to characters. */
static void check_xml(const char *text)
{
	struct strbuf xml = {0};
	uint32_t c;
	size_t len;

	escape_xml(&xml, text);
	for (const char *at = strbuf_text(&xml); (len = utf8_next(at, &c)) > 0; at += len) {
		MUST(c >= 0x20 && c != 0x7f && c != '<' && c != '>' && c != '"' && c != '\'');
		MUST(c != 0xfffd || len == 3);
		MUST(c != '&' || strchr(at, ';') != NULL);
	}
	strbuf_finish(&xml);
}

/* A field ends where it ended; a sign of Markdown's has a backslash before it. */
static void check_csv_and_markdown(const char *text)
{
	struct strbuf buf = {0};
	size_t quotes = 0, len;

	escape_csv(&buf, text);
	for (const char *at = strbuf_text(&buf); *at != '\0'; at++) {
		quotes += *at == '"';
		MUST(quotes % 2 == 1 || strchr(",\r\n", *at) == NULL);
	}
	MUST(quotes % 2 == 0);
	strbuf_clear(&buf);
	escape_markdown(&buf, text);
	for (const char *at = strbuf_text(&buf); *at != '\0'; at += len) {
		len = *at == '\\' && at[1] != '\0' ? 2 : 1;
		MUST(len == 2 || strchr("|`<*_[", *at) == NULL);
		MUST(*at != '\n');
	}
	strbuf_finish(&buf);
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t len)
{
	char *text = fuzz_text(bytes, len);

	(void)setlocale(LC_CTYPE, "C.UTF-8");
	check_prefixes(text);
	for (size_t cap = 1; cap < 20; cap++) {
		check_clean(text, cap);
	}
	check_clean(text, strlen(text) + 1);
	check_json(text);
	check_xml(text);
	check_csv_and_markdown(text);
	free(text);
	return 0;
}
