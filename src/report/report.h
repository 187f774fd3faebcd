/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef THRUPATH_REPORT_REPORT_H
#define THRUPATH_REPORT_REPORT_H

#include <stdbool.h>

#include "base/strbuf.h"
#include "snap/snapshot.h"

/*
 * A finished run as text, Markdown or HTML for a person, or as JSON, XML or CSV for a program.
 * Where mtr 0.95 has the format, its own shape comes first, so that eyes and scripts carry over.
 * They append to the buffer; app/ writes it out. LC_NUMERIC must be "C".
 */
struct report_options {
	bool is_wide;           /* -w: names are never cut */
	bool is_mtr_alone;      /* --mtr: of the text mtr's table, and nothing behind it */
	bool shows_both;        /* -b: name and address */
	bool shows_as;          /* -z: the network before the name */
	enum snap_network network; /* -y: what of it */
	const char *fields;     /* -o: mtr's letters; NULL for its default. Checked by the caller */
};

enum report_format {
	REPORT_TEXT,
	REPORT_JSON,
	REPORT_CSV,
	REPORT_XML,
	REPORT_MARKDOWN,
	REPORT_HTML,
	REPORT_FORMAT_COUNT
};

void report_write(enum report_format, const struct snapshot *, const struct report_options *,
	struct strbuf *);
/* By the ending of a file's name; REPORT_TEXT where it says nothing. */
enum report_format report_format_of(const char *file_name);

void report_text(const struct snapshot *, const struct report_options *, struct strbuf *);
void report_json(const struct snapshot *, const struct report_options *, struct strbuf *);
void report_csv(const struct snapshot *, const struct report_options *, struct strbuf *);
void report_xml(const struct snapshot *, const struct report_options *, struct strbuf *);
void report_markdown(const struct snapshot *, const struct report_options *, struct strbuf *);
void report_html(const struct snapshot *, const struct report_options *, struct strbuf *);

/* Metrics for Prometheus, in its text exposition format 0.0.4. */
void report_metrics(const struct snapshot *, struct strbuf *);

/* Those of the letters that are fields of mtr's (a blank is one): its block has no others. False:
 * none is; letters NULL: there are none. */
bool report_fields_of(const char *letters, char *ret_fields, size_t cap);

#endif
