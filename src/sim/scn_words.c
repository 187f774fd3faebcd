/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "sim/scn_words.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

bool scn_words_error(const struct scn_words *words, struct err *err, const char *format, ...)
{
	char text[160];
	va_list args;

	va_start(args, format);
	(void)vsnprintf(text, sizeof text, format, args);
	va_end(args);
	return err_set(err, ERR_SYNTAX, "%s:%u: %s", words->file, words->line, text);
}

bool scn_words_split(struct scn_words *words, const char *line, size_t len, struct err *err)
{
	const char *comment = memchr(line, '#', len);
	char *at = words->text;

	words->count = 0;
	words->next = 0;
	if (comment != NULL) {
		len = (size_t)(comment - line);
	}
	if (len >= sizeof words->text) {
		return scn_words_error(words, err,
			"the line is longer than %d bytes", SCN_LINE_MAX - 1);
	}
	memcpy(words->text, line, len);
	words->text[len] = '\0';
	for (;;) {
		at += strspn(at, " \t\r\f\v");
		if (*at == '\0') {
			return true;
		}
		if (words->count == SCN_WORDS_MAX) {
			return scn_words_error(words, err, "more than %d words", SCN_WORDS_MAX);
		}
		words->word[words->count++] = at;
		at += strcspn(at, " \t\r\f\v");
		if (*at != '\0') {
			*at++ = '\0';
		}
	}
}

const char *scn_words_peek(const struct scn_words *words)
{
	return words->next < words->count ? words->word[words->next] : NULL;
}

const char *scn_words_take(struct scn_words *words)
{
	return words->next < words->count ? words->word[words->next++] : NULL;
}

bool scn_words_skip(struct scn_words *words, const char *keyword)
{
	const char *word = scn_words_peek(words);

	if (word == NULL || strcmp(word, keyword) != 0) {
		return false;
	}
	words->next++;
	return true;
}

bool scn_words_need(struct scn_words *words, const char *what, const char **ret_word,
	struct err *err)
{
	const char *word = scn_words_take(words);

	if (word == NULL) {
		return scn_words_error(words, err, "the line ends where %s should be", what);
	}
	*ret_word = word;
	return true;
}

bool scn_read_duration(struct scn_words *words, const char *what, ns_t *ret, struct err *err)
{
	const char *word = "";
	ns_t duration;

	if (!scn_words_need(words, what, &word, err)) {
		return false;
	}
	/* A year, so that no sum of them comes near the end of time. */
	if (!ns_parse(word, 0, &duration) || duration > 366 * 86400 * NS_PER_SEC) {
		return scn_words_error(words, err,
			"%s is \"%.40s\", not a duration such as 2ms or 1.5s",
			what, word);
	}
	*ret = duration;
	return true;
}

bool scn_parse_number(const char *text, double *ret, const char **ret_end)
{
	size_t len = strspn(text, "0123456789.");
	char *end;
	double value;

	/* strtod alone would take signs, exponents, hexadecimal, "inf" and "nan". */
	if (len == 0 || len > 30 || text[len] == 'e' || text[len] == 'E' || text[len] == 'x') {
		return false;
	}
	value = strtod(text, &end);
	if (end != text + len) {
		return false;
	}
	*ret = value;
	*ret_end = end;
	return true;
}

bool scn_parse_fraction(const char *text, double *ret)
{
	double value;
	const char *end;

	if (!scn_parse_number(text, &value, &end)) {
		return false;
	}
	if (strcmp(end, "%") == 0) {
		value /= 100;
	} else if (*end != '\0') {
		return false;
	}
	if (value > 1) {
		return false;
	}
	*ret = value;
	return true;
}

bool scn_read_fraction(struct scn_words *words, const char *what, double *ret, struct err *err)
{
	const char *word = "";

	if (!scn_words_need(words, what, &word, err)) {
		return false;
	}
	if (!scn_parse_fraction(word, ret)) {
		return scn_words_error(words, err,
			"%s is \"%.40s\", not a share such as 2%% or 0.02", what, word);
	}
	return true;
}

bool scn_parse_u64(const char *text, uint64_t *ret)
{
	size_t len = strspn(text, "0123456789");

	if (len == 0 || len > 19 || text[len] != '\0') {
		return false;
	}
	*ret = strtoull(text, NULL, 10);
	return true;
}

bool scn_read_count(struct scn_words *words, const char *what, uint32_t low, uint32_t high,
	uint32_t *ret, struct err *err)
{
	const char *word = "";
	uint64_t value;

	if (!scn_words_need(words, what, &word, err)) {
		return false;
	}
	if (!scn_parse_u64(word, &value) || value < low || value > high) {
		return scn_words_error(words, err, "%s is \"%.40s\", not a number from %u to %u",
			what, word, low, high);
	}
	*ret = (uint32_t)value;
	return true;
}

bool scn_read_choice(struct scn_words *words, const char *what, const char *const *choices,
	int *ret, struct err *err)
{
	char list[100] = "";
	size_t len = 0;
	const char *word = "";

	if (!scn_words_need(words, what, &word, err)) {
		return false;
	}
	for (int i = 0; choices[i] != NULL; i++) {
		if (strcmp(word, choices[i]) == 0) {
			*ret = i;
			return true;
		}
		if (len < sizeof list) {
			int added = snprintf(list + len, sizeof list - len, "%s%s",
				i > 0 ? ", " : "", choices[i]);

			len += added > 0 ? (size_t)added : 0;
		}
	}
	return scn_words_error(words, err, "%s is \"%.40s\", not one of %s", what, word, list);
}
