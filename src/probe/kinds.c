/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "probe/engine_int.h"

/* What is said of a kind of probe, whatever its activity does. */

bool engine_is_used(const struct engine_config *config, enum walk_kind kind)
{
	if (kind == WALK_SCAN_HOP || kind == WALK_SCAN_SELF) {
		return config->has_scan;
	}
	if (kind == WALK_REVERSE || kind == WALK_LENGTH_OUT || kind == WALK_LENGTH_BACK) {
		return config->has_reverse;
	}
	if (kind == WALK_VIA_ASK || kind == WALK_VIA_ROUND || kind == WALK_VIA_HOME) {
		return config->has_vias;
	}
	if (kind == WALK_STRICT_OUT || kind == WALK_STRICT_BACK) {
		/* How far a third party's first hop is, nobody said. */
		return config->has_reverse && config->has_walk[WALK_RETRACE] &&
		       !addr_is_set(&config->from);
	}
	if (kind == WALK_FASTER) {
		return config->has_walk[WALK_TO];
	}
	if (kind == WALK_ALSO) {
		/* Of several flows each may go another way out: then sources compare nothing. */
		return config->has_walk[WALK_TO] && addr_is_set(&config->self_also) &&
		       !addr_is_set(&config->from) && config->flows <= 1;
	}
	if (kind == WALK_ECHO) {
		return config->has_walk[WALK_TO] && config->to_carrier == CARRIER_ECHO &&
		       !addr_is_set(&config->from);
	}
	if (kind == WALK_REDISCOVER) {
		return config->path_count == 0;
	}
	if (kind == WALK_CAUSE || kind == WALK_BRACKET) {
		return config->has_walk[config->main_walk];
	}
	/* A waypoint may come later, with a path by hand. */
	return kind == WALK_TO || config->has_walk[kind] ||
	       (kind == WALK_VIA && config->has_walk[config->main_walk]);
}

bool engine_is_counted(enum walk_kind kind)
{
	return kind < WALK_STATS_COUNT || kind == WALK_VIA_ROUND || kind == WALK_VIA_HOME ||
	       kind == WALK_ALSO;
}

bool engine_is_to(enum walk_kind kind)
{
	return kind == WALK_TO || kind == WALK_REDISCOVER || kind == WALK_FASTER || kind == WALK_ALSO;
}
