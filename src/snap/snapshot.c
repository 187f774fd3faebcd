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
