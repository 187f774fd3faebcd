/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "probe/outstanding.h"

#include <stdlib.h>

#include "base/mem.h"

void outstanding_init(struct outstanding *out, uint32_t capacity, uint32_t first_seq)
{
	uint32_t size = 1024;

	while (size < capacity && size < 1u << 22) {
		size *= 2;
	}
	*out = (struct outstanding){.mask = size - 1, .first = first_seq, .next = first_seq,
		.oldest = first_seq};
	out->entry = xcalloc(size, sizeof *out->entry);
}

void outstanding_finish(struct outstanding *out)
{
	if (out != NULL) {
		free(out->entry);
		*out = (struct outstanding){0};
	}
}

struct probe_entry *outstanding_add(struct outstanding *out)
{
	struct probe_entry *entry = &out->entry[out->next & out->mask];

	if (entry->state == PROBE_WAITING) {
		return NULL;
	}
	*entry = (struct probe_entry){.seq = out->next++, .state = PROBE_WAITING,
		.tx_delta = TX_UNSEEN};
	return entry;
}

struct probe_entry *outstanding_get(struct outstanding *out, uint32_t seq)
{
	struct probe_entry *entry = &out->entry[seq & out->mask];

	return entry->state == PROBE_FREE || entry->seq != seq ? NULL : entry;
}

struct probe_entry *outstanding_oldest(struct outstanding *out)
{
	while (out->oldest != out->next) {
		struct probe_entry *entry = &out->entry[out->oldest & out->mask];

		if (entry->state == PROBE_WAITING && entry->seq == out->oldest) {
			return entry;
		}
		out->oldest++;
	}
	return NULL;
}
