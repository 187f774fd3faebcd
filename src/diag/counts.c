/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "diag/diag_int.h"

/* What of a hop's counts may be believed. */

const struct stats *watch_stats(const struct session *session, size_t k, enum walk_kind kind)
{
	return &session->hops[k].walk[kind];
}

bool watch_is_itself(const struct session *session, size_t k)
{
	const struct hop *hop = &session->hops[k];

	return hop->walk[WALK_TO].received > 0 && hop->seen_count == 1 &&
	       addr_equal(&hop->seen[0], &hop->address);
}
