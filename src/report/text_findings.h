/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef THRUPATH_REPORT_TEXT_FINDINGS_H
#define THRUPATH_REPORT_TEXT_FINDINGS_H

#include "base/strbuf.h"
#include "snap/snapshot.h"

/* What the receiver of the report wants to know: a sentence each of the findings that matter,
 * without the numbers they rest on; or how sure it is that there is none. */
void text_verdict(const struct snapshot *, struct strbuf *);

/* The findings of a run, the gravest first, each with the numbers that it rests on; then those
 * that are over. */
void text_findings(const struct snapshot *, struct strbuf *);

#endif
