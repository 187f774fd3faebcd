/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef THRUPATH_INFER_NESTING_H
#define THRUPATH_INFER_NESTING_H

#include "model/session.h"

/*
 * What keeps nested probes from working, from what the scan heard of each hop and what the
 * hops answered themselves. Silence alone proves nothing: it must be that of several hops,
 * asked often, on a way that carries other probes well at the same time.
 */
enum nesting_kind {
	NESTING_FINE,         /* or nothing can be said */
	NESTING_NO_DECAP,     /* hops refuse aloud, none decapsulates */
	NESTING_FILTERED,     /* protocol 4 is swallowed before `hop`; 1: near the prober */
	NESTING_NAT           /* the prober's address is private, those from `hop` on are public */
};

struct nesting {
	enum nesting_kind kind;
	uint8_t hop;          /* 1-based; 0 where it means nothing */
};

struct nesting nesting_judge(const struct session *);

#endif
