/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef THRUPATH_REPORT_TEXT_MTU_H
#define THRUPATH_REPORT_TEXT_MTU_H

#include "base/strbuf.h"
#include "report/doc.h"
#include "snap/snapshot.h"

/* The MTU of links as a section, of text and of a page; nothing where none was measured. */
void text_mtu(const struct snapshot *, struct strbuf *);
void doc_mtu(struct doc *, const struct snapshot *);

#endif
