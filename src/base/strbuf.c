/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "base/strbuf.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "base/utf8.h"

void strbuf_finish(struct strbuf *buf)
{
	if (buf != NULL) {
		free(buf->text);
		*buf = (struct strbuf){0};
	}
}

void strbuf_clear(struct strbuf *buf)
{
	buf->len = 0;
	if (buf->text != NULL) {
		buf->text[0] = '\0';
	}
}

static void reserve(struct strbuf *buf, size_t more)
{
	size_t need = buf->len + more + 1;

	if (need > buf->cap) {
		buf->cap = need < 64 ? 64 : need * 2;
		buf->text = xreallocarray(buf->text, buf->cap, 1);
	}
}

void strbuf_add(struct strbuf *buf, const char *text, size_t len)
{
	reserve(buf, len);
	memcpy(buf->text + buf->len, text, len);
	buf->len += len;
	buf->text[buf->len] = '\0';
}

void strbuf_puts(struct strbuf *buf, const char *text)
{
	strbuf_add(buf, text, strlen(text));
}

void strbuf_putc(struct strbuf *buf, char c)
{
	strbuf_add(buf, &c, 1);
}

void strbuf_pad(struct strbuf *buf, char c, size_t count)
{
	reserve(buf, count);
	memset(buf->text + buf->len, c, count);
	buf->len += count;
	buf->text[buf->len] = '\0';
}

void strbuf_printf(struct strbuf *buf, const char *format, ...)
{
	va_list args, again;
	int len;

	va_start(args, format);
	va_copy(again, args);
	len = vsnprintf(NULL, 0, format, args);
	va_end(args);
	if (len > 0) {
		reserve(buf, (size_t)len);
		(void)vsnprintf(buf->text + buf->len, (size_t)len + 1, format, again);
		buf->len += (size_t)len;
	}
	va_end(again);
}

void strbuf_left(struct strbuf *buf, const char *text, size_t columns)
{
	size_t bytes = utf8_prefix(text, columns);
	size_t start = buf->len;

	strbuf_add(buf, text, bytes);
	strbuf_pad(buf, ' ', columns - utf8_width(buf->text + start));
}

void strbuf_right(struct strbuf *buf, const char *text, size_t columns)
{
	size_t width = utf8_width(text);

	strbuf_pad(buf, ' ', 1 + (width < columns ? columns - width : 0));
	strbuf_puts(buf, text);
}

char *strbuf_detach(struct strbuf *buf)
{
	char *text;

	reserve(buf, 0);
	buf->text[buf->len] = '\0';
	text = buf->text;
	*buf = (struct strbuf){0};
	return text;
}

const char *strbuf_text(const struct strbuf *buf)
{
	return buf->text == NULL ? "" : buf->text;
}
