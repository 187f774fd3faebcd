/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef THRUPATH_REPORT_TEXT_HINTS_H
#define THRUPATH_REPORT_TEXT_HINTS_H

struct snapshot;
struct strbuf;

/* The block of the text report that says what the hops' names mean; nothing where none do. */
void text_hints(const struct snapshot *, struct strbuf *);

#endif
