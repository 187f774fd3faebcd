/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef THRUPATH_READ_JSON_H
#define THRUPATH_READ_JSON_H

#include "read/clean.h"
#include "read/words.h"

/*
 * A JSON value over lines, piece by piece, as far as its text goes: commas may be missing, and the
 * end as well. No tree is made. What stands deeper than JSON_DEPTH ends it.
 */
enum { JSON_DEPTH = 24, JSON_KEY_MAX = 40, JSON_PATH_MAX = JSON_DEPTH * (JSON_KEY_MAX + 4) };

enum json_event {
	JSON_OPEN,               /* an object or an array begins at `path` */
	JSON_CLOSE,              /* and ends */
	JSON_VALUE,              /* anything else */
	JSON_OVER,               /* the value was closed */
	JSON_CUT,                /* the text ends before it */
	JSON_BROKEN              /* this is no JSON */
};

struct json {
	const struct clean_lines *lines; /* borrowed */
	size_t line;             /* of `at`, from 0 */
	const char *at;
	struct {
		size_t path_len;
		bool is_array;
	} frame[JSON_DEPTH];
	size_t depth;
	bool has_begun;
	char path[JSON_PATH_MAX]; /* "results[].hops[].rtt" */
	size_t path_len;
	struct word value;       /* as it is written, a string without its quotes */
	bool is_array;           /* what opened or closed */
};

/* At the beginning of a line. */
void json_init(struct json *, const struct clean_lines *, size_t line);
enum json_event json_next(struct json *);
/* Whether the path ends with these keys; "*" is any one: "flows.*[].rtt". */
bool json_is(const struct json *, const char *keys);

#endif
