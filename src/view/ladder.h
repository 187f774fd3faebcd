/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef THRUPATH_VIEW_LADDER_H
#define THRUPATH_VIEW_LADDER_H

#include "snap/snapshot.h"

/*
 * The way out going down on the left, the way back coming up on the right. Where both have an
 * end of the same link they stand on one rung; what lies between two rungs is told in rows of
 * its own. Whoever draws it gets row after row, from this host on.
 */
enum ladder_row_kind {
	LADDER_SHARED,           /* the same link out and back */
	LADDER_PARTED,           /* for certain on one way only */
	LADDER_UNKNOWN,          /* a hop out of which it is not known */
	LADDER_BACK              /* a router of the way back alone */
};

struct ladder_row {
	enum ladder_row_kind kind;
	bool has_hop;            /* something stands on the left: */
	unsigned hop;            /* 0: this host */
	const struct snap_return *back; /* on the right; NULL: nothing */
};

typedef void ladder_fn(void *arg, const struct ladder_row *);

void ladder_tell(const struct snapshot *, const struct snap_way *, ladder_fn *, void *arg);

/* "r1.example.net", its address, or "???"; borrowed. */
const char *ladder_host(const struct snap_return *);

#endif
