/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef THRUPATH_REPORT_REPORT_EXPLAIN_H
#define THRUPATH_REPORT_REPORT_EXPLAIN_H

#include "base/strbuf.h"
#include "explain/explain.h"

/*
 * What texts of other programs mean, and how they were read: for a person, for a program, and as
 * a page to hand on, which a network's operator accepts, or which says why he would not. All
 * append. LC_NUMERIC must be "C".
 */
struct explained_file {
	const char *name;        /* NULL: the input. Borrowed, as the others */
	const struct read_text *text;
	const struct explanation *found;
};

struct explain_answer {
	const struct explained_file *file;
	size_t count;            /* 1 or more */
	struct comparison compared; /* of the files, where they are several */
};

void report_explain_text(const struct explain_answer *, struct strbuf *out);
void report_explain_json(const struct explain_answer *, struct strbuf *out);
void report_explain_markdown(const struct explain_answer *, struct strbuf *out);
void report_explain_html(const struct explain_answer *, struct strbuf *out);

#endif
