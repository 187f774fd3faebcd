/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef THRUPATH_PROBE_PACE_H
#define THRUPATH_PROBE_PACE_H

#include <stdbool.h>
#include <stdint.h>

#include "base/ns.h"

/*
 * The hard cap on packets a second: a token bucket of a tenth of a second, refilled at nine
 * tenths of the cap, so that no second holds more than the cap.
 */
struct pace {
	double rate_pps, depth, tokens;
	ns_t updated;
};

void pace_init(struct pace *, double cap_pps, ns_t now);
bool pace_take(struct pace *, ns_t now);           /* false: not now */
ns_t pace_next(const struct pace *, ns_t now);     /* when the next token is there */

#endif
