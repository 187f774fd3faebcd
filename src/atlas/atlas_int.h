/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef THRUPATH_ATLAS_ATLAS_INT_H
#define THRUPATH_ATLAS_ATLAS_INT_H

#include "atlas/atlas.h"

/* Private to this layer: atlas.c keeps what is known of addresses, follow.c reads it for hops. */
struct entry;

struct atlas {
	const struct table *table;
	struct spot here;
	struct entry **entries;      /* sorted by their addresses */
	size_t count, cap;
	uint64_t notes, notes_read;  /* taken so far, and before the last reading */
	size_t asked_count;          /* hops there were when it asked; their addresses; the way back */
	struct addr asked[HOP_MAX];
	size_t asked_seen[HOP_MAX];
	struct reverse_path asked_back;
	size_t hop_count;            /* as of the last reading, as what follows */
	struct atlas_hop hops[HOP_MAX];
	ns_t best[HOP_MAX];
	struct addr self;
	struct reverse_path reverse;
	struct path_facts facts;
};

#endif
