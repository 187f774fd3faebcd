/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "base/ns.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

ns_t ns_add(ns_t a, ns_t b)
{
	if (a == NS_NEVER || b == NS_NEVER || (b > 0 && a > NS_NEVER - b)) {
		return NS_NEVER;
	}
	if (b < 0 && a < INT64_MIN - b) {
		return INT64_MIN;
	}
	return a + b;
}

ns_t ns_from_timespec(struct timespec ts)
{
	int64_t sec = ts.tv_sec;

	if (sec > (NS_NEVER - NS_PER_SEC) / NS_PER_SEC) {
		return NS_NEVER;
	}
	return sec * NS_PER_SEC + (ns_t)ts.tv_nsec;
}

struct timespec ns_to_timespec(ns_t t)
{
	struct timespec ts = {0};

	if (t > 0) {
		ts.tv_sec = (time_t)(t / NS_PER_SEC);
		ts.tv_nsec = (long)(t % NS_PER_SEC);
	}
	return ts;
}

double ns_to_ms(ns_t t)
{
	return (double)t / 1e6;
}

double ns_to_sec(ns_t t)
{
	return (double)t / 1e9;
}

static bool utc_of(ns_t realtime, struct tm *ret_tm)
{
	time_t sec = (time_t)(realtime / NS_PER_SEC);

	return gmtime_r(&sec, ret_tm) != NULL;
}

void ns_format_utc(ns_t realtime, char *ret_text, size_t cap)
{
	struct tm tm;

	if (!utc_of(realtime, &tm) || strftime(ret_text, cap, "%Y-%m-%dT%H:%M:%SZ", &tm) == 0) {
		ret_text[0] = '\0';
	}
}

bool ns_parse(const char *text, ns_t bare_unit, ns_t *ret_duration)
{
	static const struct { const char *suffix; ns_t unit; } units[] = {
		{"ns", 1}, {"us", NS_PER_US}, {"ms", NS_PER_MS},
		{"s", NS_PER_SEC}, {"min", 60 * NS_PER_SEC},
	};
	ns_t unit = 0;
	double number;
	char *end;

	/* strtod alone would take "inf", "nan" and hexadecimal. */
	if (text[strspn(text, "0123456789.")] == '\0' && bare_unit == 0) {
		return false;
	}
	if (text[0] == '\0' || strchr("0123456789.", text[0]) == NULL ||
	    (text[0] == '0' && (text[1] == 'x' || text[1] == 'X'))) {
		return false;
	}
	number = strtod(text, &end);
	if (end == text) {
		return false;
	}
	if (*end == '\0') {
		unit = bare_unit;
	}
	for (size_t i = 0; i < sizeof units / sizeof units[0]; i++) {
		if (strcmp(end, units[i].suffix) == 0) {
			unit = units[i].unit;
		}
	}
	if (unit == 0 || number * (double)unit > 9e18) {
		return false;
	}
	*ret_duration = (ns_t)llround(number * (double)unit);
	return true;
}
