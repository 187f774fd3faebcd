/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef THRUPATH_INFER_ASYM_H
#define THRUPATH_INFER_ASYM_H

#include "model/session.h"

/*
 * The way there and the way back laid side by side. A trace shows by which address it came in,
 * so over the same link the two ways show the two ends of it: mates of a /30 or /31, or two
 * addresses of a larger net. A router that does not answer is not known, and never a divergence;
 * nor is one that shows none of the path's links, alone where the path has one router as well.
 */
enum { ASYM_MAX = 64, ASYM_OTHER = UINT8_MAX };

struct asym_ways {
	const struct addr *forward;  /* hops[0..forward_count), as the way out met them */
	size_t forward_count;
	const struct addr *reverse;  /* routers on the way back from the last of these, in order */
	size_t reverse_count;
	const uint8_t *named;        /* [t]: the hop whose router reverse[t] is, by its name; 0: not
	                              * known; ASYM_OTHER: none's. NULL: of none */
};

/* Addresses on the way back that bear the name of a hop's router, or of one that is none's. */
struct asym_known {
	struct addr address[ASYM_MAX];
	uint8_t hop[ASYM_MAX];       /* 1-based; or ASYM_OTHER */
	size_t count;
};

struct asym {
	bool is_known;            /* some link is shared, and none of the others is a guess */
	unsigned symmetric_links;
	unsigned diverges_at;     /* the hop where the way back leaves the path; 0: nowhere */
	unsigned diverges_low;    /* that hop, or the last one before silent routers that may be it */
	unsigned rejoins_at;      /* where it comes back to it; 0: not before the prober */
	unsigned rejoins_high;    /* likewise: silent routers before it may be the path's */
	double similarity;        /* shared links over those of the longer way */
};

struct asym asym_compare(const struct asym_ways *);

/* The same of routers' names, without the part that says the interface: where no address is the
 * mate of another, names still tell that both ways meet one router. */
struct asym_names {
	const char *const *forward;  /* in order; NULL or "": that router has no name */
	size_t forward_count;
	const char *const *reverse;  /* in the order of the way back */
	size_t reverse_count;
};

struct asym_routers {
	unsigned shared, distinct;   /* routers of both ways, and of either */
	unsigned distance;           /* edits that make one way the other turned round (Levenshtein) */
	unsigned longer;             /* routers of the longer way */
};

struct asym_routers asym_compare_names(const struct asym_names *);
/* Of the traced way back, once its length is proven; else is_known is false. */
struct asym asym_of_session(const struct session *, const struct asym_known *); /* NULL: by none */
/* Routers of that way back that are on no link of the path, in its order, without the one next to
 * home, which may be the first hop by another of its addresses. 0: there is none, or one is silent,
 * or the length is not proven. */
size_t asym_elsewhere(const struct session *, const struct reverse_path *,
	const struct asym_known *, struct addr ret_addresses[ASYM_MAX]);

#endif
