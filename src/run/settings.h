/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef THRUPATH_RUN_SETTINGS_H
#define THRUPATH_RUN_SETTINGS_H

#include <stdbool.h>
#include <stdint.h>

#include "base/ns.h"
#include "pkt/walk.h"

/*
 * What a run is asked for, but for where to: typed, and checked by whoever fills it in. The
 * command line does, and so does a user of the library, from settings_default().
 */
struct settings {
	bool is_public, is_private;  /* nested probes may go to public addresses, or never may */
	bool no_to, no_through;      /* without probes to the hops, without those through them */
	bool has_scan, has_follow, has_return_side;
	bool is_reverse;             /* trace the way back from the destination alone */
	bool is_udp, is_tcp;         /* To probes; neither: echo requests */
	bool has_also;               /* To probes from another address of this host, too */
	bool has_link_mtu;           /* measure the MTU of each link, once */
	bool is_interactive;         /* keys may change it, and it waits until there is a route */
	bool is_unhelped;            /* this process may open what it needs: no helper is started */
	bool is_kept;                /* the privileges of this process, even where a helper serves */
	bool has_walk[WALK_KIND_COUNT]; /* none set: retrace */
	enum inner_source inner_source;
	uint8_t carrier;             /* 1 + enum carrier of nested probes; 0: as the scan finds it */
	unsigned sid_block_bits, sid_bits; /* of compressed SIDs: see struct sid_format; whole bytes */
	uint64_t rounds;             /* 0: no end */
	ns_t interval;               /* 0: 1 s, and 0.2 s where every hop is private */
	ns_t timeout, grace;         /* 0: by what is measured */
	unsigned size_bytes;         /* of probes, with their IP headers; 0: the least that serves */
	unsigned port, local_port;   /* of To probes by UDP or TCP; 0: the usual ones */
	unsigned first_ttl, max_ttl, tos, mark, max_rate_pps, flows;
};

struct settings settings_default(void);
struct sid_format settings_sids(const struct settings *);
void settings_want_all_walks(struct settings *); /* but those by a waypoint */

#endif
