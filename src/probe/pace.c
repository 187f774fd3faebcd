/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "probe/pace.h"

void pace_init(struct pace *pace, double cap_pps, ns_t now)
{
	double depth = cap_pps / 10;

	*pace = (struct pace){.rate_pps = cap_pps - depth, .depth = depth < 1 ? 1 : depth,
		.updated = now};
	pace->tokens = pace->depth;
}

bool pace_take(struct pace *pace, ns_t now)
{
	if (now > pace->updated) {
		pace->tokens += (double)(now - pace->updated) * pace->rate_pps / 1e9;
		pace->updated = now;
	}
	if (pace->tokens > pace->depth) {
		pace->tokens = pace->depth;
	}
	if (pace->tokens < 1) {
		return false;
	}
	pace->tokens -= 1;
	return true;
}

ns_t pace_next(const struct pace *pace, ns_t now)
{
	double missing = 1 - pace->tokens - (double)(now - pace->updated) * pace->rate_pps / 1e9;

	return missing <= 0 ? now : now + (ns_t)(missing / pace->rate_pps * 1e9) + 1;
}
