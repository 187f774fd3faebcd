/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef THRUPATH_BASE_ESCAPE_H
#define THRUPATH_BASE_ESCAPE_H

#include "base/strbuf.h"

/*
 * Text as the inside of other formats: whatever it holds, it is read back as that text and as
 * nothing else. Bytes that are no UTF-8 become U+FFFD, since a command line may hold any. All
 * append.
 */

/* Of a JSON string (RFC 8259, 7), quotes not included. */
void escape_json(struct strbuf *, const char *text);
/* Of elements and quoted attributes of XML 1.0 (2.2, 2.4) and of HTML; what XML cannot hold, as
 * most control characters, becomes U+FFFD. */
void escape_xml(struct strbuf *, const char *text);
/* A field of CSV (RFC 4180), in quotes where it needs them. */
void escape_csv(struct strbuf *, const char *text);
/* Of a line or a cell of a table in Markdown (CommonMark 2.4, and tables as GitHub has them). */
void escape_markdown(struct strbuf *, const char *text);

#endif
