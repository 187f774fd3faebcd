/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "report/writer.h"

#include <math.h>

/* A day in ms needs 15 digits for whole nanoseconds; an RTT of minutes needs 11. */
enum { DIGITS_MS = 12, DIGITS_FRACTION = 9 };

void write_obj(struct writer *writer, const char *key)
{
	writer->ops->obj(writer, key);
}

void write_arr(struct writer *writer, const char *key)
{
	writer->ops->arr(writer, key);
}

void write_end(struct writer *writer)
{
	writer->ops->end(writer);
}

void write_str(struct writer *writer, const char *key, const char *value)
{
	if (value != NULL) {
		writer->ops->str(writer, key, value);
	}
}

void write_uint(struct writer *writer, const char *key, uint64_t value)
{
	writer->ops->uint(writer, key, value);
}

void write_real(struct writer *writer, const char *key, double value, int digits)
{
	if (isfinite(value)) {
		writer->ops->real(writer, key, value, digits);
	}
}

void write_ms(struct writer *writer, const char *key, double ms)
{
	/* Sums of nanoseconds leave dust far below one: it is no measurement. */
	write_real(writer, key, round(ms * 1e6) / 1e6, DIGITS_MS);
}

void write_fraction(struct writer *writer, const char *key, double value)
{
	if (value >= 0.0) {
		write_real(writer, key, value, DIGITS_FRACTION);
	}
}

void write_bool(struct writer *writer, const char *key, bool value)
{
	writer->ops->boolean(writer, key, value);
}

void write_utc(struct writer *writer, const char *key, ns_t realtime)
{
	char text[32];

	ns_format_utc(realtime, text, sizeof text);
	write_str(writer, key, text);
}
