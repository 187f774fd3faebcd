/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef THRUPATH_REPORT_HINTS_JSON_H
#define THRUPATH_REPORT_HINTS_JSON_H

#include "names/hints.h"
#include "report/writer.h"

/*
 * What a name says, as keys of the object that is open.
 */
enum { DIGITS_DEGREES = 7 };

void write_hints(struct writer *, const struct hints *);

#endif
