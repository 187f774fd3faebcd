/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef THRUPATH_REPORT_REPORT_EXPLAIN_H
#define THRUPATH_REPORT_REPORT_EXPLAIN_H

#include "base/strbuf.h"
#include "explain/explain.h"

/* What a text of another program means, and how it was read. */
void report_explain_text(const struct read_text *, const struct explanation *, struct strbuf *out);
void report_explain_json(const struct read_text *, const struct explanation *, struct strbuf *out);

#endif
