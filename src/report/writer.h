/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef THRUPATH_REPORT_WRITER_H
#define THRUPATH_REPORT_WRITER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/ns.h"
#include "base/strbuf.h"

/*
 * A machine format as a table of functions: reports walk over a snapshot once and say what
 * they see by type, so that numbers stay numbers. Values go straight to the buffer; nothing
 * is kept. `key` is NULL within an array and for the outermost object. A number that is not
 * finite is left out: absent means not known.
 */
struct writer;

struct writer_ops {
	void (*obj)(struct writer *, const char *key);
	void (*arr)(struct writer *, const char *key);
	void (*end)(struct writer *);                     /* of the innermost obj or arr */
	void (*str)(struct writer *, const char *key, const char *value);
	void (*uint)(struct writer *, const char *key, uint64_t value);
	/* With so many significant digits; always recognisable as a real number. */
	void (*real)(struct writer *, const char *key, double value, int digits);
	void (*boolean)(struct writer *, const char *key, bool value);
};

enum { WRITER_DEPTH = 16 };

struct writer {
	const struct writer_ops *ops;
	struct strbuf *out;     /* borrowed */
	size_t depth;
	bool is_line;           /* no line breaks within */
	size_t base_depth;      /* of what stands around it */
	struct {
		bool is_array, has_items;
		const char *key; /* where the end names it; static text */
	} level[WRITER_DEPTH];
};

/* JSON (RFC 8259) as mtr lays it out: indent 4, one value a line. */
struct writer writer_json(struct strbuf *out);
struct writer writer_json_line(struct strbuf *out); /* the same on one line */
/* XML 1.0: keys are elements, and what has no key is an "item". Within others, so deep. */
struct writer writer_xml(struct strbuf *out, size_t base_depth);

void write_obj(struct writer *, const char *key);
void write_arr(struct writer *, const char *key);
void write_end(struct writer *);
void write_str(struct writer *, const char *key, const char *value);   /* NULL: left out */
void write_uint(struct writer *, const char *key, uint64_t value);
void write_real(struct writer *, const char *key, double value, int digits);
void write_ms(struct writer *, const char *key, double ms);            /* to the nanosecond */
void write_fraction(struct writer *, const char *key, double value);   /* < 0: left out */
void write_bool(struct writer *, const char *key, bool value);
void write_utc(struct writer *, const char *key, ns_t realtime);

#endif
