/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "report/writer.h"

#include <assert.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "base/escape.h"

enum { INDENT = 4 };

/* Keys are names of elements (XML 1.0, 2.3): ours are letters, digits, "-" and "_". */
static const char *name_of(const char *key)
{
	const char *name = key == NULL ? "item" : key;

	assert(strspn(name, "abcdefghijklmnopqrstuvwxyz0123456789_-") == strlen(name) &&
		strspn(name, "0123456789-") == 0 && name[0] != '\0');
	return name;
}

static void put_tag(struct writer *writer, const char *before, const char *key)
{
	strbuf_printf(writer->out, "%s%s>", before, name_of(key));
}

static void begin(struct writer *writer, const char *key)
{
	if (writer->depth > 0) {
		writer->level[writer->depth - 1].has_items = true;
	}
	strbuf_pad(writer->out, ' ', INDENT * (writer->depth + writer->base_depth));
	put_tag(writer, "<", key);
}

static void open_level(struct writer *writer, const char *key)
{
	begin(writer, key);
	strbuf_putc(writer->out, '\n');
	assert(writer->depth < WRITER_DEPTH);
	writer->level[writer->depth].key = name_of(key);
	writer->depth++;
}

static void xml_end(struct writer *writer)
{
	assert(writer->depth > 0);
	writer->depth--;
	strbuf_pad(writer->out, ' ', INDENT * (writer->depth + writer->base_depth));
	put_tag(writer, "</", writer->level[writer->depth].key);
	strbuf_putc(writer->out, '\n');
}

static void xml_str(struct writer *writer, const char *key, const char *value)
{
	begin(writer, key);
	escape_xml(writer->out, value);
	put_tag(writer, "</", key);
	strbuf_putc(writer->out, '\n');
}

static void xml_uint(struct writer *writer, const char *key, uint64_t value)
{
	char text[32];

	(void)snprintf(text, sizeof text, "%" PRIu64, value);
	xml_str(writer, key, text);
}

static void xml_real(struct writer *writer, const char *key, double value, int digits)
{
	char text[64];

	(void)snprintf(text, sizeof text, "%.*g", digits, value);
	xml_str(writer, key, text);
}

static void xml_boolean(struct writer *writer, const char *key, bool value)
{
	xml_str(writer, key, value ? "true" : "false");
}

static const struct writer_ops ops = {
	.obj = open_level,
	.arr = open_level,
	.end = xml_end,
	.str = xml_str,
	.uint = xml_uint,
	.real = xml_real,
	.boolean = xml_boolean,
};

struct writer writer_xml(struct strbuf *out, size_t base_depth)
{
	return (struct writer){.ops = &ops, .out = out, .base_depth = base_depth};
}
