/* SPDX-License-Identifier: GPL-3.0-or-later */
#define _GNU_SOURCE
#include "helper/limits.h"

#include <ctype.h>
#include <errno.h>
#include <fcntl.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum { FILE_BYTES_MAX = 8192, LINE_MAX_BYTES = 128 };

static const struct row {
	const char *name;
	size_t at;
	unsigned low, high;
} rows[] = {
	{"helpers", offsetof(struct limits, helpers), 1, 10000},
	{"rate", offsetof(struct limits, rate_pps), 1, 1000000},
	{"public-rate", offsetof(struct limits, public_rate_pps), 0, 1000000},
	{"ring-bytes", offsetof(struct limits, ring_bytes), 1 << 18, 1 << 26},
};

struct limits limits_default(void)
{
	return (struct limits){.helpers = 16, .rate_pps = 100000, .public_rate_pps = 1000,
		.ring_bytes = 1 << 21};
}

static char *trim(char *text)
{
	size_t len;

	while (isspace((unsigned char)*text)) {
		text++;
	}
	len = strlen(text);
	while (len > 0 && isspace((unsigned char)text[len - 1])) {
		text[--len] = '\0';
	}
	return text;
}

static bool set_number(const struct row *row, const char *value, struct limits *limits)
{
	unsigned long number;
	unsigned limit;
	char *end;

	errno = 0;
	number = strtoul(value, &end, 10);
	if (!isdigit((unsigned char)value[0]) || *end != '\0' || errno != 0 || number < row->low ||
	    number > row->high) {
		return false;
	}
	limit = (unsigned)number;
	memcpy((char *)limits + row->at, &limit, sizeof limit);
	return true;
}

static bool set(const char *name, const char *value, struct limits *limits)
{
	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
		if (strcmp(rows[i].name, name) == 0) {
			return set_number(&rows[i], value, limits);
		}
	}
	if (strcmp(name, "mark") == 0 && (strcmp(value, "yes") == 0 || strcmp(value, "no") == 0)) {
		limits->may_mark = value[0] == 'y';
		return true;
	}
	return false;
}

/* `line` is cut where "=" stands. */
static bool take_line(char *line, struct limits *limits)
{
	char *comment = strchr(line, '#'), *equals;

	if (comment != NULL) {
		*comment = '\0';
	}
	line = trim(line);
	if (*line == '\0') {
		return true;
	}
	equals = strchr(line, '=');
	if (equals == NULL) {
		return false;
	}
	*equals = '\0';
	return set(trim(line), trim(equals + 1), limits);
}

bool limits_parse(const char *text, const char *name, struct limits *limits, struct err *err)
{
	struct limits read = *limits;
	unsigned number = 0;

	while (*text != '\0') {
		size_t len = strcspn(text, "\n");
		char line[LINE_MAX_BYTES];
		bool is_long = len >= sizeof line;

		number++;
		memcpy(line, text, is_long ? 0 : len);
		line[is_long ? 0 : len] = '\0';
		if (is_long || !take_line(line, &read)) {
			return err_set(err, ERR_SYNTAX, "%.80s, line %u: not a limit", name, number);
		}
		text += len + (text[len] == '\n');
	}
	*limits = read;
	return true;
}

bool limits_read(const char *path, struct limits *limits, struct err *err)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
	char text[FILE_BYTES_MAX + 1];
	struct stat is;
	ssize_t len = -1;

	if (fd < 0 && errno == ENOENT) {
		return true;
	}
	if (fd >= 0 && fstat(fd, &is) == 0 && S_ISREG(is.st_mode) && is.st_uid == 0 &&
	    (is.st_mode & (S_IWGRP | S_IWOTH)) == 0) {
		len = read(fd, text, sizeof text);
	}
	if (fd >= 0) {
		(void)close(fd);
	}
	if (len < 0 || len > FILE_BYTES_MAX) {
		return err_set(err, ERR_PERMISSION, "%.120s is not a file that root alone can write", path);
	}
	text[len] = '\0';
	if (memchr(text, '\0', (size_t)len) != NULL) {
		return err_set(err, ERR_SYNTAX, "%.120s is not text", path);
	}
	return limits_parse(text, path, limits, err);
}
