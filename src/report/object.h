/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef THRUPATH_REPORT_OBJECT_H
#define THRUPATH_REPORT_OBJECT_H

#include "report/writer.h"
#include "snap/snapshot.h"

/* All that is known of a run, under the key "thrupath": what JSON and XML hold behind mtr's own. */
void report_object(const struct snapshot *, struct writer *);

#endif
