/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef THRUPATH_REPORT_TEXT_FINDINGS_H
#define THRUPATH_REPORT_TEXT_FINDINGS_H

#include "base/strbuf.h"
#include "snap/snapshot.h"

/* The findings of a run, the gravest first, each with the numbers that it rests on; then those
 * that are over. Says so when there are none. */
void text_findings(const struct snapshot *, struct strbuf *);

#endif
