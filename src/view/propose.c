/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "view/propose.h"

#include <stdio.h>
#include <string.h>

#include "base/i18n.h"
#include "view/columns.h"

struct proposals {
	const struct edit_path *path;
	struct proposal *all;
	size_t count;
};

static void add(struct proposals *proposals, enum proposal_kind kind, size_t at,
	const char *text, const char *why)
{
	struct proposal *proposal;

	if (proposals->count == PROPOSALS_MAX) {
		return;
	}
	proposal = &proposals->all[proposals->count++];
	*proposal = (struct proposal){.kind = kind, .at = at};
	(void)snprintf(proposal->text, sizeof proposal->text, "%.*s", EDIT_TEXT - 1, text);
	(void)snprintf(proposal->why, sizeof proposal->why, "%s", why);
}

/* Where this address stands in the path that is edited, from 1; 0: nowhere. */
static size_t place_of(const struct edit_path *path, const char *address)
{
	for (size_t i = 0; address != NULL && i < path->count; i++) {
		if (strcmp(path->hop[i].text, address) == 0) {
			return i + 1;
		}
	}
	return 0;
}

/* Any address of a hop of the run: a leg to it is no other way. */
static bool is_on_path(const struct snapshot *snap, const char *address)
{
	for (size_t k = 0; k < snap->hop_count; k++) {
		for (size_t i = 0; i < snap->hops[k].address_count; i++) {
			if (strcmp(snap->hops[k].addresses[i], address) == 0) {
				return true;
			}
		}
	}
	return false;
}

static const struct snap_via *via_of(const struct snapshot *snap, const char *address)
{
	for (size_t i = 0; i < snap->via_count; i++) {
		if (strcmp(snap->vias[i].address, address) == 0) {
			return &snap->vias[i];
		}
	}
	return NULL;
}

/* Routers that only the way back has: home by one of them, a walk leaves out the path's own
 * links home. Those that are known to decapsulate come first; those that do not are none. */
static void add_vias(const struct snapshot *snap, bool is_known, struct proposals *proposals)
{
	const struct snap_way *way = &snap->way_back;

	/* A trace tells addresses, not SIDs. */
	for (size_t i = 0; i < way->return_count && !snap->is_routed; i++) {
		const struct snap_return *back = &way->returns[i];
		const struct snap_via *via = back->address == NULL ? NULL :
			via_of(snap, back->address);
		bool decaps = via != NULL && strcmp(via->decap, "yes") == 0;
		bool is_refused = via != NULL && !decaps && strcmp(via->decap, "unknown") != 0;

		if (back->address == NULL || back->mate_of != 0 || is_refused || decaps != is_known ||
		    is_on_path(snap, back->address) ||
		    strcmp(proposals->path->via, back->address) == 0) {
			continue;
		}
		add(proposals, PROPOSE_VIA, 0, back->address, decaps ?
			_("only on the return path, and decapsulates: separates forward from return loss") :
			_("only on the return path; decapsulation not known"));
	}
}

static void add_links(const struct snapshot *snap, struct proposals *proposals)
{
	for (size_t i = 0; i < snap->link_count; i++) {
		const struct snap_link *link = &snap->links[i];
		size_t at = place_of(proposals->path, link->to);

		if (link->is_suspect && at > 0 && proposals->path->link != at) {
			add(proposals, PROPOSE_LINK, at, "", _("lossy: all probes to its two ends"));
		}
	}
}

static void add_change(const struct snapshot *snap, struct proposals *proposals)
{
	const struct snap_change *change = &snap->change;
	size_t at = place_of(proposals->path, change->was);

	if (change->is_active && change->is != NULL && at > 0 &&
	    place_of(proposals->path, change->is) == 0) {
		add(proposals, PROPOSE_REPLACE, at, change->is, _("on the network's current path"));
	}
}

static void add_skips(const struct snapshot *snap, struct proposals *proposals)
{
	for (size_t k = 0; k < snap->hop_count; k++) {
		const struct snap_hop *hop = &snap->hops[k];
		size_t at = place_of(proposals->path, hop->address);

		if (at > 0 && at < proposals->path->count && !hop->is_passed_over &&
		    !proposals->path->hop[at - 1].is_skipped && (strcmp(hop->decap, "no") == 0 ||
		    strcmp(hop->decap, "silent") == 0)) {
			add(proposals, PROPOSE_SKIP, at, "", _("it does not decapsulate"));
		}
	}
}

size_t propose(const struct snapshot *snap, const struct edit_path *path,
	struct proposal ret_proposals[PROPOSALS_MAX])
{
	struct proposals proposals = {.path = path, .all = ret_proposals};

	add_change(snap, &proposals);
	add_vias(snap, true, &proposals);
	add_links(snap, &proposals);
	add_skips(snap, &proposals);
	add_vias(snap, false, &proposals);
	return proposals.count;
}

void propose_name(const struct proposal *proposal, char *ret_text, size_t cap)
{
	switch (proposal->kind) {
	case PROPOSE_VIA:
		(void)snprintf(ret_text, cap, _("back via %s"), proposal->text);
		break;
	case PROPOSE_LINK:
		(void)snprintf(ret_text, cap, _("only link %zu-%zu"), proposal->at - 1, proposal->at);
		break;
	case PROPOSE_REPLACE:
		(void)snprintf(ret_text, cap, _("hop %zu is %s"), proposal->at, proposal->text);
		break;
	case PROPOSE_SKIP:
		(void)snprintf(ret_text, cap, _("skip hop %zu"), proposal->at);
		break;
	}
}

void propose_take(struct edit *edit, const struct proposal *proposal)
{
	struct edit_path path = *edit_path(edit);
	size_t at = edit->at;

	if (proposal->kind == PROPOSE_VIA) {
		memcpy(path.via, proposal->text, sizeof path.via);
	} else if (proposal->kind == PROPOSE_LINK) {
		path.link = (unsigned)proposal->at;
		at = proposal->at - 1;
	} else if (proposal->kind == PROPOSE_REPLACE) {
		memcpy(path.hop[proposal->at - 1].text, proposal->text, EDIT_TEXT);
		at = proposal->at - 1;
	} else {
		path.hop[proposal->at - 1].is_skipped = true;
		at = proposal->at - 1;
	}
	edit_take(edit, &path);
	edit->at = at;
}
