/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef THRUPATH_REPORT_OBJECT_INT_H
#define THRUPATH_REPORT_OBJECT_INT_H

#include "report/object.h"

/* Parts of the object that stand elsewhere as well, or in files of their own. */
void object_stats(struct writer *, const char *key, const struct snap_stats *); /* if it is on */
/* "through" is of retraced walks only, or of bounces. */
void object_hop(struct writer *, const struct snap_hop *, bool is_retraced);
void object_link(struct writer *, const struct snap_link *);
void object_finding(struct writer *, const char *key, const struct snap_finding *);

#endif
