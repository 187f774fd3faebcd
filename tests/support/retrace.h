/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef THRUPATH_TESTS_RETRACE_H
#define THRUPATH_TESTS_RETRACE_H

#include "pkt/walk.h"

/* The boomerang from `self` over hops[0..depth) and back. */
static inline bool walk_retrace(const struct addr *self, const struct addr *hops, size_t depth,
	enum inner_source inner, struct walk *ret_walk)
{
	return walk_build(&(struct walk_plan){.kind = WALK_RETRACE, .self = self, .hops = hops,
		.depth = depth, .inner = inner}, ret_walk);
}

#endif
