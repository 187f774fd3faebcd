/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef THRUPATH_TESTS_ERRORS_H
#define THRUPATH_TESTS_ERRORS_H

#include "model/stats.h"

/* All errors of a hop's counts together: what was sent is received, late, lost or one of them. */
static inline uint64_t stats_error_count(const struct stats *stats)
{
	uint64_t count = 0;

	for (size_t i = 0; i < CAUSE_COUNT; i++) {
		count += stats->errors[i];
	}
	return count;
}

#endif
