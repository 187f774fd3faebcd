/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef THRUPATH_REPORT_TEXT_MTR_H
#define THRUPATH_REPORT_TEXT_MTR_H

#include "report/report.h"

/* mtr 0.95's report, byte for byte: Start, HOST and a line a hop. Appended. */
void text_mtr(const struct snapshot *, const struct report_options *, struct strbuf *);

#endif
