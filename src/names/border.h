/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef THRUPATH_NAMES_BORDER_H
#define THRUPATH_NAMES_BORDER_H

#include <stddef.h>

#include "names/hints.h"

/*
 * Where a path goes from one network to the next, as names tell. An address belongs to who
 * gave the link's prefix, which at a border is often the other side: then the port is named
 * after its far end, or bears the near router's name once more, or no name at all. Names at
 * both ends of a link (mates) tell which it is.
 */
struct border_step {
	const struct hints *hints;   /* of the hop's name; NULL or without operator: none */
	const struct hints *mate;    /* of the name at the other end of its link, likewise */
	uint32_t asn;                /* 0: not known */
};

enum border_sign {
	BORDER_NAMES,        /* the operators of two neighbours' names differ */
	BORDER_PARTY,        /* the far port is named after its owner */
	BORDER_ROUTER,       /* the far port bears the near router's name */
	BORDER_MATE,         /* only the near end of the link has a name */
	BORDER_NUMBERS,      /* no names, but AS numbers that differ */
	BORDER_SIGN_COUNT
};

enum { BORDER_OWNER = 64 };

struct border {
	unsigned hop;                /* the link that ends at this hop, 1-based */
	char near[BORDER_OWNER];     /* whose the hop before is: a domain, or "AS64500" */
	char far[BORDER_OWNER];      /* likewise, or a party's name; "": somebody else's */
	enum border_sign sign;
	enum relation relation;      /* of the far side to the near */
	unsigned percent;
};

/* Returns how many there are, `cap` at most, in the path's order. */
size_t border_find(const struct border_step *, size_t count, struct border *ret_borders,
	size_t cap);

#endif
