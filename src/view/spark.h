/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef THRUPATH_VIEW_SPARK_H
#define THRUPATH_VIEW_SPARK_H

#include <stddef.h>

#include "snap/snapshot.h"
#include "view/canvas.h"
#include "view/columns.h"

/*
 * History as one cell a round, newest last: a block as high as the round trip was long, x
 * for a lost probe, ! for an ICMP error, ? while an answer may still come.
 */

/* What the highest block stands for, ms: the same for all hops, so that rows compare. Half
 * as much again as the slowest hop's 95th percentile, so that one outlier flattens nothing. */
double spark_scale_ms(const struct snapshot *, enum column_source);

void spark_draw(struct canvas *, size_t x, size_t y, size_t columns,
	const struct snap_stats *, double scale_ms);

#endif
