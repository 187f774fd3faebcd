/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "read/words.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>

enum { ADDRESS_MAX = 64, NUMBER_MAX = 24 };

struct word word_next(const char **at)
{
	const char *from = *at + strspn(*at, " \t");
	size_t len = strcspn(from, " \t");

	*at = from + len;
	return (struct word){from, len};
}

bool word_is(struct word word, const char *text)
{
	return strlen(text) == word.len && strncasecmp(word.at, text, word.len) == 0;
}

bool word_has(struct word word, char c)
{
	return memchr(word.at, c, word.len) != NULL;
}

static bool is_digit(char c)
{
	return c >= '0' && c <= '9';
}

static bool is_letter(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

bool word_count(struct word word, unsigned *ret_number)
{
	unsigned number = 0;

	if (word.len == 0 || word.len > 6) {
		return false;
	}
	for (size_t i = 0; i < word.len; i++) {
		if (!is_digit(word.at[i])) {
			return false;
		}
		number = number * 10 + (unsigned)(word.at[i] - '0');
	}
	*ret_number = number;
	return true;
}

/* Of a comma: three digits behind it are thousands, else it is a decimal one. */
static bool is_thousands(const char *comma, const char *end)
{
	return end - comma > 3 && is_digit(comma[1]) && is_digit(comma[2]) && is_digit(comma[3]) &&
	       (end - comma == 4 || !is_digit(comma[4]));
}

const char *number_read(const char *at, const char *end, double *ret_number)
{
	char digits[NUMBER_MAX + 1];
	size_t len = 0;
	bool has_point = false;

	if (at == end || !is_digit(*at)) {
		return NULL;
	}
	for (; at < end && len < NUMBER_MAX; at++) {
		if (is_digit(*at)) {
			digits[len++] = *at;
		} else if (*at == ',' && !has_point && is_thousands(at, end)) {
			continue;
		} else if ((*at == '.' || *at == ',') && !has_point) {
			if (*at == ',' && (at + 1 == end || !is_digit(at[1]))) {
				break;
			}
			has_point = true;
			digits[len++] = '.';
		} else {
			break;
		}
	}
	digits[len] = '\0';
	*ret_number = strtod(digits, NULL);
	return at;
}

struct word word_bare(struct word word)
{
	while (word.len > 0 && strchr("([{<\"'`", word.at[0]) != NULL) {
		word.at++;
		word.len--;
	}
	while (word.len > 0 && strchr(")]}>,;\"'`", word.at[word.len - 1]) != NULL) {
		word.len--;
	}
	return word;
}

bool word_address(struct word word, struct addr *ret_address)
{
	char text[ADDRESS_MAX];
	const char *colon;
	struct word bare = word_bare(word);

	/* "(192.0.2.1):80", "192.0.2.1:80": one colon is a port. */
	colon = memchr(bare.at, ':', bare.len);
	if (colon != NULL && memchr(colon + 1, ':', (size_t)(bare.at + bare.len - colon - 1)) == NULL) {
		bare.len = (size_t)(colon - bare.at);
		bare = word_bare(bare);
	}
	/* The zone of a link-local address says nothing here. */
	colon = memchr(bare.at, '%', bare.len);
	bare.len = colon != NULL ? (size_t)(colon - bare.at) : bare.len;
	if (bare.len < 2 || bare.len >= sizeof text) {
		return false;
	}
	memcpy(text, bare.at, bare.len);
	text[bare.len] = '\0';
	return addr_parse(text, ret_address);
}

bool word_is_masked(struct word word)
{
	struct word bare = word_bare(word);
	size_t dots = 0, masks = 0;

	for (size_t i = 0; i < bare.len; i++) {
		char c = bare.at[i];

		dots += c == '.';
		masks += c == 'x' || c == 'X' || c == '*' || c == '#' || (unsigned char)c >= 0x80;
		if (c != '.' && c != 'x' && c != 'X' && c != '*' && c != '#' && !is_digit(c) &&
		    (unsigned char)c < 0x80) {
			return false;
		}
	}
	return dots == 3 && masks > 0;
}

bool word_is_name(struct word word)
{
	struct word bare = word_bare(word);
	size_t dots = 0, letters = 0;

	if (bare.len < 3 || bare.at[bare.len - 1] == '.' || bare.at[0] == '.') {
		return false;
	}
	for (size_t i = 0; i < bare.len; i++) {
		char c = bare.at[i];

		if (!is_digit(c) && !is_letter(c) && c != '-' && c != '_' && c != '.' &&
		    (unsigned char)c < 0x80) {
			return false;
		}
		dots += c == '.';
		letters += is_letter(c);
	}
	return dots > 0 && letters > 0;
}

size_t unit_prefix(const char *at, const char *end)
{
	static const char *const units[] = {"msec", "ms", "\xd0\xbc\xd1\x81" /* Cyrillic */,
		"\xe6\xaf\xab\xe7\xa7\x92" /* Chinese */, "\xe3\x83\x9f\xe3\x83\xaa\xe7\xa7\x92"};

	for (size_t i = 0; i < sizeof units / sizeof units[0]; i++) {
		size_t len = strlen(units[i]);

		if ((size_t)(end - at) >= len && strncasecmp(at, units[i], len) == 0) {
			return len;
		}
	}
	return 0;
}

bool word_is_unit(struct word word)
{
	struct word bare = word_bare(word);

	return bare.len > 0 && unit_prefix(bare.at, bare.at + bare.len) == bare.len;
}
