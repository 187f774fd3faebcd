/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef THRUPATH_BASE_HEAP_H
#define THRUPATH_BASE_HEAP_H

#include <stddef.h>

#include "base/ns.h"

/*
 * An intrusive binary min-heap ordered by time, then by the order of insertion, so
 * that equal instants fire in the order they were asked for. The caller owns the
 * nodes; a zeroed node is not in a heap. Nothing is allocated per insertion beyond
 * the array of pointers.
 */
struct heap_node {
	ns_t when;
	uint64_t order;
	size_t index_plus_1; /* 0: not in a heap */
};

struct heap {
	struct heap_node **node;
	size_t count, cap;
	uint64_t next_order;
};

void heap_finish(struct heap *);                         /* nodes stay the caller's */
void heap_set(struct heap *, struct heap_node *, ns_t when); /* insert or move */
void heap_remove(struct heap *, struct heap_node *);     /* harmless if it is not in */
struct heap_node *heap_first(const struct heap *);       /* NULL when empty */

#endif
