/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "base/heap.h"

#include <stdlib.h>

#include "base/mem.h"

static bool before(const struct heap_node *a, const struct heap_node *b)
{
	return a->when < b->when || (a->when == b->when && a->order < b->order);
}

static void put(struct heap *heap, size_t index, struct heap_node *node)
{
	heap->node[index] = node;
	node->index_plus_1 = index + 1;
}

static void sift_up(struct heap *heap, size_t index)
{
	struct heap_node *node = heap->node[index];

	while (index > 0 && before(node, heap->node[(index - 1) / 2])) {
		put(heap, index, heap->node[(index - 1) / 2]);
		index = (index - 1) / 2;
	}
	put(heap, index, node);
}

static void sift_down(struct heap *heap, size_t index)
{
	struct heap_node *node = heap->node[index];

	for (;;) {
		size_t child = 2 * index + 1;

		if (child >= heap->count) {
			break;
		}
		if (child + 1 < heap->count && before(heap->node[child + 1], heap->node[child])) {
			child++;
		}
		if (!before(heap->node[child], node)) {
			break;
		}
		put(heap, index, heap->node[child]);
		index = child;
	}
	put(heap, index, node);
}

void heap_finish(struct heap *heap)
{
	if (heap != NULL) {
		free(heap->node);
		*heap = (struct heap){0};
	}
}

void heap_set(struct heap *heap, struct heap_node *node, ns_t when)
{
	heap_remove(heap, node);
	heap->node = xgrow(heap->node, &heap->cap, heap->count, sizeof *heap->node);
	node->when = when;
	node->order = heap->next_order++;
	put(heap, heap->count++, node);
	sift_up(heap, heap->count - 1);
}

void heap_remove(struct heap *heap, struct heap_node *node)
{
	size_t index = node->index_plus_1 - 1;
	struct heap_node *last;

	if (node->index_plus_1 == 0) {
		return;
	}
	node->index_plus_1 = 0;
	last = heap->node[--heap->count];
	if (last == node) {
		return;
	}
	put(heap, index, last);
	sift_up(heap, index);
	sift_down(heap, last->index_plus_1 - 1);
}

struct heap_node *heap_first(const struct heap *heap)
{
	return heap->count == 0 ? NULL : heap->node[0];
}
