/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef THRUPATH_BASE_UTF8_H
#define THRUPATH_BASE_UTF8_H

#include <stddef.h>
#include <stdint.h>

/*
 * UTF-8 text and its width on a terminal. Widths come from the C library's tables,
 * so LC_CTYPE must be set by the program before the first call.
 */

/* Reads one character at text; returns its bytes (1..4), 0 at the end. A byte that
 * starts no valid character (RFC 3629) yields U+FFFD and 1. */
size_t utf8_next(const char *text, uint32_t *ret_char);

enum { UTF8_BYTES_MAX = 4 };

/* Writes one character (RFC 3629, 3) and returns its bytes; no 0 follows. */
size_t utf8_encode(uint32_t c, char ret_bytes[UTF8_BYTES_MAX]);

/* Columns of a character: 0 for combining ones, 2 for wide ones, 1 for what is unknown. */
int utf8_char_width(uint32_t c);
size_t utf8_width(const char *text);                       /* columns */

/* Bytes of the longest prefix of at most `columns` columns. */
size_t utf8_prefix(const char *text, size_t columns);

/* Copies foreign text, control characters (C0, C1, bidi controls) and broken bytes
 * replaced by '?'; never ends inside a character. cap > 0. */
void utf8_clean(const char *text, char *ret_clean, size_t cap);

#endif
