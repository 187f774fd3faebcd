/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef THRUPATH_INFER_FACTS_H
#define THRUPATH_INFER_FACTS_H

#include "base/geo.h"
#include "infer/asym.h"

/*
 * What is known of a path otherwise than by probes, as plain facts: the atlas finds them in names,
 * tables and databases, findings rest on them, and neither has to know the other.
 */

/* Where a hop is, as far as its name or a table tells. */
struct place_fact {
	bool is_known;           /* and light can get there in time */
	bool is_refused;         /* the name says so, and light cannot get there from here */
	bool is_doubted;         /* the name says so, and light cannot from the hops around it */
	struct geo at;
	char label[64];          /* for people: the city */
	uint32_t speed_mbps;     /* of the line that leads to it, as a name says; 0: not known */
};

/* Where the path changes from one network to the next. */
struct border_fact {
	uint8_t hop;             /* the link that ends at this hop, 1-based */
	char near[64], far[64];  /* whose both ends are; far "": somebody else's */
	const char *relation;    /* of the far side to the near, a machine word; "": not known */
	const char *why;         /* for people, not translated yet */
	double confidence;
	uint32_t near_asn, far_asn; /* 0: not known */
};

struct path_facts {
	struct place_fact place[HOP_MAX + 1]; /* [0]: the prober's, [k]: that of hops[k - 1] */
	struct place_fact start; /* [0], or where that is not told the first sure hop near by */
	struct asym_known known;
	struct border_fact border[HOP_MAX];   /* in the path's order */
	size_t border_count;
};

#endif
