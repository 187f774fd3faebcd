/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "snap/mtu.h"

#include "base/mem.h"
#include "snap/text.h"

static void build_link(const struct session *session, size_t k, struct snap_mtu *snap)
{
	const struct link_mtu *link = &session->mtu.links[k];

	*snap = (struct snap_mtu){.link = (unsigned)k + 1, .from_hop = link->near,
		.from = snap_address_text(link->near == 0 ? &session->self :
			&session->hops[link->near - 1].address),
		.to = snap_address_text(&session->hops[k].address),
		.is_through = link->by == MTU_BY_THROUGH, .is_undecided = link->is_undecided,
		.is_out = link->limit == MTU_LIMIT_OUT || link->limit == MTU_LIMIT_EITHER,
		.is_back = link->limit == MTU_LIMIT_BACK || link->limit == MTU_LIMIT_EITHER,
		.out = link->passed[WAY_OUT], .back = link->passed[WAY_BACK],
		.is_black_hole = link->is_black_hole,
		.said_by = snap_address_text(&link->said_by), .said = link->said,
		.probes = link->probes};
}

void mtu_build(const struct session *session, struct snapshot *snap)
{
	const struct mtu_measurement *mtu = &session->mtu;

	snap->is_mtu_running = mtu->is_wanted || mtu->is_running;
	snap->mtu_probes = mtu->probes;
	if (mtu->links == NULL) {
		return;
	}
	snap->mtus = xcalloc(session->hop_count + 1, sizeof *snap->mtus);
	for (size_t k = 0; k < session->hop_count; k++) {
		if (mtu->links[k].is_done) {
			build_link(session, k, &snap->mtus[snap->mtu_count++]);
		}
	}
}
