/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef THRUPATH_REPORT_TEXT_FLOWS_H
#define THRUPATH_REPORT_TEXT_FLOWS_H

#include "base/strbuf.h"
#include "snap/snapshot.h"

/* What several constant flows met: of each hop whether all its addresses were seen, and where
 * there are several, each flow by itself. Nothing where there is one flow. */
void text_flows(const struct snapshot *, struct strbuf *);

#endif
