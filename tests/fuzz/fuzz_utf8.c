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
	free(text);
	return 0;
}
