/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef THRUPATH_REPORT_DOC_H
#define THRUPATH_REPORT_DOC_H

#include <stdbool.h>
#include <stddef.h>

#include "base/strbuf.h"
#include "snap/snapshot.h"
#include "view/columns.h"

/*
 * A report for a person as a table of functions: report_doc.c walks over a snapshot once and
 * says what it sees as headings, lines, items, facts and tables; a format lays them out. Text
 * is foreign or translated, never markup: the formats escape it. A pure function of what it is
 * told, as writer.h.
 */
struct doc;

struct doc_ops {
	void (*begin)(struct doc *, const char *title);
	void (*end)(struct doc *);
	void (*heading)(struct doc *, const char *text);
	void (*line)(struct doc *, const char *text);
	void (*code)(struct doc *, const char *text); /* a command to run */
	void (*item)(struct doc *, enum role, const char *sign, const char *text);
	void (*items_end)(struct doc *);
	void (*fact)(struct doc *, const char *label, const char *text);
	void (*facts_end)(struct doc *);
	void (*table)(struct doc *, size_t columns);
	void (*head)(struct doc *, const char *text, bool is_left);
	void (*row)(struct doc *);
	void (*cell)(struct doc *, enum role, const char *text, bool is_left);
	void (*table_end)(struct doc *);
	/* Drawings, which a format may have none of. */
	void (*charts)(struct doc *, const struct snapshot *);
	void (*ladder)(struct doc *, const struct snapshot *, const struct snap_way *);
};

struct doc {
	const struct doc_ops *ops;
	struct strbuf *out;     /* borrowed */
	bool is_open;           /* a list, or the first row of a table */
	bool shows_both;        /* name and address of a host */
	bool has_caveats, has_reasons;       /* of the walk: their heading stands already */
	size_t columns, lefts;  /* of the table; bit k of lefts: column k is words */
};

struct doc doc_markdown(struct strbuf *out);
struct doc doc_html(struct strbuf *out);

#endif
