/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "read/json.h"

#include <string.h>

void json_init(struct json *json, const struct clean_lines *lines, size_t line)
{
	*json = (struct json){.lines = lines, .line = line, .at = lines->line[line].at};
}

/* The next character that says something, over the ends of lines; '\0': there is none. */
static char skip_blanks(struct json *json)
{
	for (;;) {
		json->at += strspn(json->at, " \t,");
		if (*json->at != '\0' || json->line + 1 >= json->lines->count) {
			return *json->at;
		}
		json->at = json->lines->line[++json->line].at;
	}
}

static void set_path(struct json *json, size_t len)
{
	json->path_len = len;
	json->path[len] = '\0';
}

static void add_path(struct json *json, struct word key)
{
	size_t len = key.len < JSON_KEY_MAX ? key.len : JSON_KEY_MAX;

	if (json->path_len > 0 && key.at[0] != '[') {
		json->path[json->path_len++] = '.';
	}
	memcpy(json->path + json->path_len, key.at, len);
	set_path(json, json->path_len + len);
}

/* From the quote on, to behind the other one. False: it does not end in its line. */
static bool read_string(struct json *json, struct word *ret_word)
{
	const char *from = json->at + 1, *at = from;

	while (*at != '"' && *at != '\0') {
		at += *at == '\\' && at[1] != '\0' ? 2 : 1;
	}
	if (*at == '\0') {
		return false;
	}
	*ret_word = (struct word){from, (size_t)(at - from)};
	json->at = at + 1;
	return true;
}

static enum json_event open_value(struct json *json, bool is_array)
{
	if (json->depth == JSON_DEPTH) {
		return JSON_BROKEN;
	}
	json->frame[json->depth].path_len = json->path_len;
	json->frame[json->depth++].is_array = is_array;
	json->is_array = is_array;
	json->at++;
	return JSON_OPEN;
}

static enum json_event close_value(struct json *json, bool is_array)
{
	if (json->depth == 0 || json->frame[json->depth - 1].is_array != is_array) {
		return JSON_BROKEN;
	}
	set_path(json, json->frame[--json->depth].path_len);
	json->is_array = is_array;
	json->at++;
	return JSON_CLOSE;
}

static enum json_event read_scalar(struct json *json)
{
	size_t len;

	if (*json->at == '"') {
		if (!read_string(json, &json->value)) {
			return json->line + 1 == json->lines->count ? JSON_CUT : JSON_BROKEN;
		}
		return JSON_VALUE;
	}
	len = strspn(json->at, "+-.0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz");
	json->value = (struct word){json->at, len};
	json->at += len;
	return len > 0 ? JSON_VALUE : JSON_BROKEN;
}

/* A key and its colon; JSON_VALUE: its value is next. */
static enum json_event read_key(struct json *json)
{
	struct word key;

	if (*json->at != '"') {
		return JSON_BROKEN;
	}
	if (!read_string(json, &key)) {
		return json->line + 1 == json->lines->count ? JSON_CUT : JSON_BROKEN;
	}
	if (skip_blanks(json) != ':') {
		return *json->at == '\0' ? JSON_CUT : JSON_BROKEN;
	}
	json->at++;
	add_path(json, key);
	return JSON_VALUE;
}

enum json_event json_next(struct json *json)
{
	char c;

	if (json->has_begun && json->depth == 0) {
		return JSON_OVER;
	}
	if (json->depth > 0) {
		set_path(json, json->frame[json->depth - 1].path_len);
	}
	c = skip_blanks(json);
	if (c == '}' || c == ']') {
		return close_value(json, c == ']');
	}
	if (json->depth > 0 && c != '\0' && json->frame[json->depth - 1].is_array) {
		add_path(json, (struct word){"[]", 2});
	} else if (json->depth > 0 && c != '\0') {
		enum json_event event = read_key(json);

		if (event != JSON_VALUE) {
			return event;
		}
		c = skip_blanks(json);
	}
	json->has_begun = true;
	return c == '\0' ? JSON_CUT : c == '{' || c == '[' ? open_value(json, c == '[') :
		read_scalar(json);
}

bool json_is(const struct json *json, const char *keys)
{
	const char *want = keys + strlen(keys), *is = json->path + json->path_len;

	while (want > keys) {
		if (want[-1] == '*') {
			while (is > json->path && is[-1] != '.') {
				is--;
			}
			want--;
		} else if (is == json->path || *--is != *--want) {
			return false;
		}
	}
	return is == json->path || is[-1] == '.' || is[-1] == ']';
}
