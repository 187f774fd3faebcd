/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "read/pairs.h"

#include <string.h>

/* From behind a quote to the next; NULL: there is none. */
static const char *quoted(const char *at, struct word *ret_word)
{
	size_t len = strcspn(at, "\"");

	*ret_word = (struct word){at, len};
	return at[len] == '"' ? at + len + 1 : NULL;
}

static struct word trimmed(const char *at, size_t len)
{
	while (len > 0 && (*at == ' ' || *at == '\t')) {
		at++;
		len--;
	}
	while (len > 0 && (at[len - 1] == ' ' || at[len - 1] == '\t')) {
		len--;
	}
	return (struct word){at, len};
}

/* "name": "value" or "name": 1.5; *at stands behind the first quote. */
static bool take_json(const char **at, struct word *ret_name, struct word *ret_value)
{
	const char *behind = quoted(*at, ret_name);

	if (behind == NULL) {
		return false;
	}
	behind += strspn(behind, " \t");
	if (*behind != ':') {
		*at = behind;
		return false;
	}
	behind++;
	behind += strspn(behind, " \t");
	if (*behind == '"') {
		behind = quoted(behind + 1, ret_value);
		*at = behind == NULL ? *at + strlen(*at) : behind;
		return behind != NULL;
	}
	*ret_value = (struct word){behind, strcspn(behind, " \t,}]{[")};
	*at = behind + ret_value->len;
	return true;
}

static size_t name_at(const char *at)
{
	return strspn(at, "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz_%-");
}

bool pairs_next(const char **at, struct word *ret_name, struct word *ret_value)
{
	while (**at != '\0') {
		const char *from = *at;
		size_t len;

		if (*from == '"') {
			*at = from + 1;
			if (take_json(at, ret_name, ret_value)) {
				return true;
			}
			continue;
		}
		len = name_at(from + (*from == '<'));
		if (*from == '<' && len > 0 && from[1 + len] == '>') {
			const char *text = from + len + 2;
			size_t text_len = strcspn(text, "<");

			*at = text + text_len;
			if (trimmed(text, text_len).len > 0) {
				*ret_name = (struct word){from + 1, len};
				*ret_value = trimmed(text, text_len);
				return true;
			}
			continue;
		}
		if (*from != '<' && len > 0 && from[len] == '=' && from[len + 1] == '"') {
			const char *behind = quoted(from + len + 2, ret_value);

			*ret_name = (struct word){from, len};
			*at = behind == NULL ? from + strlen(from) : behind;
			*ret_value = trimmed(ret_value->at, ret_value->len);
			return behind != NULL;
		}
		*at = from + (len > 0 && *from != '<' ? len : 1);
	}
	return false;
}
