/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "snap/snapshot.h"

#include <stdlib.h>

static void finish_hop(struct snap_hop *hop)
{
	for (size_t i = 0; i < hop->address_count; i++) {
		free(hop->addresses[i]);
	}
	free(hop->addresses);
	free(hop->address);
	free(hop->name);
	for (size_t i = 0; i < hop->flow_count; i++) {
		free(hop->flows[i].address);
	}
	free(hop->flows);
	free(hop->last_error.from);
	free(hop->last_error.to);
}

void snap_hop_walks(const struct snap_hop *hop, struct snap_walk ret_walks[SNAP_WALKS])
{
	ret_walks[0] = (struct snap_walk){"direct", "direct", &hop->direct};
	ret_walks[1] = (struct snap_walk){"natural", "natural", &hop->natural};
	ret_walks[2] = (struct snap_walk){"return-only", "return_only", &hop->return_only};
	ret_walks[3] = (struct snap_walk){"via", "via", &hop->via};
}

void snapshot_destroy(struct snapshot *snap)
{
	if (snap == NULL) {
		return;
	}
	for (size_t i = 0; i < snap->hop_count; i++) {
		finish_hop(&snap->hops[i]);
	}
	for (size_t i = 0; i < snap->link_count; i++) {
		free(snap->links[i].from);
		free(snap->links[i].to);
	}
	for (size_t i = 0; i < snap->return_count; i++) {
		free(snap->returns[i].address);
		free(snap->returns[i].name);
	}
	free(snap->returns);
	for (size_t i = 0; i < snap->note_count; i++) {
		free(snap->notes[i]);
	}
	free(snap->hops);
	free(snap->links);
	free(snap->notes);
	free(snap->command);
	free(snap->local_host);
	free(snap->source);
	free(snap->destination);
	free(snap->destination_name);
	free(snap);
}
