/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef THRUPATH_REPORT_DOC_FINDINGS_H
#define THRUPATH_REPORT_DOC_FINDINGS_H

#include "report/doc.h"
#include "snap/snapshot.h"

/* What is found, as sections of a page: in sentences, the times without a reply, and the numbers
 * that it all rests on. */
void doc_findings(struct doc *, const struct snapshot *);
void doc_outages(struct doc *, const struct snap_end *);
void doc_evidence(struct doc *, const struct snapshot *);

#endif
