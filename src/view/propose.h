/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef THRUPATH_VIEW_PROPOSE_H
#define THRUPATH_VIEW_PROPOSE_H

#include "snap/snapshot.h"
#include "view/edit.h"

/*
 * What a snapshot says might be worth changing about the path: a waypoint that tells out from
 * back, the one link that loses, a hop to skip or to replace. Each is one step of the editor.
 */
enum { PROPOSALS_MAX = 6, PROPOSAL_WHY = 96 };

struct proposal {
	enum proposal_kind {
		PROPOSE_VIA,     /* text: its address */
		PROPOSE_LINK,    /* that ends at hop `at`, alone */
		PROPOSE_REPLACE, /* hop `at` by text */
		PROPOSE_SKIP     /* hop `at` */
	} kind;
	size_t at;               /* the hop, from 1 */
	char text[EDIT_TEXT];
	char why[PROPOSAL_WHY];
};

/* Returns how many there are, the most telling first. What the path has already is none. */
size_t propose(const struct snapshot *, const struct edit_path *,
	struct proposal ret_proposals[PROPOSALS_MAX]);
/* What it does, in words. */
void propose_name(const struct proposal *, char *ret_text, size_t cap);
void propose_take(struct edit *, const struct proposal *);

#endif
