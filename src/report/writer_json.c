/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "report/writer.h"

#include <assert.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "base/escape.h"

enum { INDENT = 4 };

static void new_line(struct writer *writer)
{
	if (writer->is_line) {
		return;
	}
	strbuf_putc(writer->out, '\n');
	strbuf_pad(writer->out, ' ', INDENT * writer->depth);
}

/* What stands before any value: comma, line, key. */
static void begin(struct writer *writer, const char *key)
{
	if (writer->depth > 0) {
		if (writer->level[writer->depth - 1].has_items) {
			strbuf_putc(writer->out, ',');
		}
		writer->level[writer->depth - 1].has_items = true;
		new_line(writer);
	}
	if (key != NULL) {
		strbuf_putc(writer->out, '"');
		escape_json(writer->out, key);
		strbuf_puts(writer->out, "\": ");
	}
}

static void open_level(struct writer *writer, const char *key, bool is_array)
{
	begin(writer, key);
	assert(writer->depth < WRITER_DEPTH);
	writer->level[writer->depth].is_array = is_array;
	writer->level[writer->depth].has_items = false;
	writer->depth++;
	strbuf_putc(writer->out, is_array ? '[' : '{');
}

static void json_obj(struct writer *writer, const char *key)
{
	open_level(writer, key, false);
}

static void json_arr(struct writer *writer, const char *key)
{
	open_level(writer, key, true);
}

static void json_end(struct writer *writer)
{
	assert(writer->depth > 0);
	writer->depth--;
	if (writer->level[writer->depth].has_items) {
		new_line(writer);
	}
	strbuf_putc(writer->out, writer->level[writer->depth].is_array ? ']' : '}');
	if (writer->depth == 0) {
		strbuf_putc(writer->out, '\n');
	}
}

static void json_str(struct writer *writer, const char *key, const char *value)
{
	begin(writer, key);
	strbuf_putc(writer->out, '"');
	escape_json(writer->out, value);
	strbuf_putc(writer->out, '"');
}

static void json_uint(struct writer *writer, const char *key, uint64_t value)
{
	begin(writer, key);
	strbuf_printf(writer->out, "%" PRIu64, value);
}

static void json_real(struct writer *writer, const char *key, double value, int digits)
{
	char text[64];

	(void)snprintf(text, sizeof text, "%.*g", digits, value);
	begin(writer, key);
	strbuf_puts(writer->out, text);
	if (strpbrk(text, ".e") == NULL) {
		strbuf_puts(writer->out, ".0");
	}
}

static void json_boolean(struct writer *writer, const char *key, bool value)
{
	begin(writer, key);
	strbuf_puts(writer->out, value ? "true" : "false");
}

static const struct writer_ops ops = {
	.obj = json_obj,
	.arr = json_arr,
	.end = json_end,
	.str = json_str,
	.uint = json_uint,
	.real = json_real,
	.boolean = json_boolean,
};

struct writer writer_json(struct strbuf *out)
{
	return (struct writer){.ops = &ops, .out = out};
}

struct writer writer_json_line(struct strbuf *out)
{
	return (struct writer){.ops = &ops, .out = out, .is_line = true};
}
