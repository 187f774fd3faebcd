/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef THRUPATH_BASE_STRBUF_H
#define THRUPATH_BASE_STRBUF_H

#include <stdbool.h>
#include <stddef.h>

#include "base/err.h"

/*
 * Text that grows. Invariant: text is NULL and len 0, or text[len] is '\0'.
 * {0} is a valid empty buffer.
 */
struct strbuf {
	char *text;
	size_t len, cap;
};

void strbuf_finish(struct strbuf *);
void strbuf_clear(struct strbuf *);                        /* keeps the memory */
void strbuf_add(struct strbuf *, const char *text, size_t len);
void strbuf_puts(struct strbuf *, const char *text);
void strbuf_putc(struct strbuf *, char c);
void strbuf_pad(struct strbuf *, char c, size_t count);
void strbuf_printf(struct strbuf *, const char *format, ...) PRINTF_LIKE(2, 3);
/* Filled up with blanks to so many columns, or cut to them. */
void strbuf_left(struct strbuf *, const char *text, size_t columns);
/* Right-aligned in its columns with a blank before them; longer text is kept whole. */
void strbuf_right(struct strbuf *, const char *text, size_t columns);
char *strbuf_detach(struct strbuf *);                      /* caller frees; never NULL */
const char *strbuf_text(const struct strbuf *);            /* "" when empty; borrowed */

#endif
