/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef THRUPATH_INFER_ASYM_H
#define THRUPATH_INFER_ASYM_H

#include "model/session.h"

/*
 * The way there and the way back laid side by side. A trace shows by which address it came in,
 * so over the same link the two ways show the two ends of it: mates of a /30 or /31. A router
 * that does not answer is not known, and never a divergence.
 */
enum { ASYM_MAX = 64 };

struct asym_ways {
	const struct addr *forward;  /* hops[0..forward_count), as the way out met them */
	size_t forward_count;
	const struct addr *reverse;  /* routers on the way back from the last of these, in order */
	size_t reverse_count;
};

struct asym {
	bool is_known;            /* some link is shared, and none of the others is a guess */
	unsigned symmetric_links;
	unsigned diverges_at;     /* the hop where the way back leaves the path; 0: nowhere */
	unsigned rejoins_at;      /* where it comes back to it; 0: not before the prober */
	double similarity;        /* shared links over those of the longer way */
};

struct asym asym_compare(const struct asym_ways *);
/* Of the traced way back, once its length is proven; else is_known is false. */
struct asym asym_of_session(const struct session *);

#endif
