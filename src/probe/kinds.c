/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "probe/engine_int.h"

/* One table of the kinds of probes: what is said of a kind, whatever its activity does. */

static bool is_main(const struct engine_config *config)
{
	return config->has_walk[config->main_walk];
}

static bool uses_scan(const struct engine_config *config)
{
	return config->has_scan;
}

static bool uses_reverse(const struct engine_config *config)
{
	return config->has_reverse;
}

/* How far a third party's first hop is, nobody said. */
static bool uses_strict(const struct engine_config *config)
{
	return config->has_reverse && config->has_walk[WALK_RETRACE] && !addr_is_set(&config->from);
}

static bool uses_vias(const struct engine_config *config)
{
	return config->has_vias;
}

/* A waypoint may come later, with a path by hand. */
static bool uses_waypoint(const struct engine_config *config)
{
	return config->has_walk[WALK_VIA] || is_main(config);
}

static bool is_always(const struct engine_config *config)
{
	(void)config;
	return true;
}

static bool uses_to(const struct engine_config *config)
{
	return config->has_walk[WALK_TO];
}

/* Of several flows each may go another way out: then sources compare nothing. */
static bool uses_also(const struct engine_config *config)
{
	return config->has_walk[WALK_TO] && addr_is_set(&config->self_also) &&
	       !addr_is_set(&config->from) && config->flows <= 1;
}

static bool uses_echoes(const struct engine_config *config)
{
	return config->has_walk[WALK_TO] && config->to_carried == CARRIED_ECHO &&
	       !addr_is_set(&config->from);
}

/* How far a third party's gateway is, nobody said. */
static bool uses_bounce(const struct engine_config *config)
{
	return config->has_bounce && !addr_is_set(&config->from);
}

static bool is_discovered(const struct engine_config *config)
{
	return config->path_count == 0;
}

static const struct kind {
	bool is_counted;         /* in some statistics */
	bool is_to;              /* one ordinary packet */
	bool is_of_via;          /* its depth is not a hop's, but the number of a router */
	bool (*is_used)(const struct engine_config *); /* NULL: where it is asked for by name */
} kinds[WALK_KIND_COUNT] = {
	[WALK_RETRACE] = {.is_counted = true},
	[WALK_DIRECT] = {.is_counted = true},
	[WALK_NATURAL] = {.is_counted = true},
	[WALK_RETURN_ONLY] = {.is_counted = true},
	[WALK_VIA] = {.is_counted = true, .is_used = uses_waypoint},
	[WALK_TO] = {.is_counted = true, .is_to = true, .is_used = is_always},
	[WALK_SCAN_HOP] = {.is_used = uses_scan},
	[WALK_SCAN_SELF] = {.is_used = uses_scan},
	[WALK_CAUSE] = {.is_used = is_main},
	[WALK_REVERSE] = {.is_used = uses_reverse},
	[WALK_REDISCOVER] = {.is_to = true, .is_used = is_discovered},
	[WALK_LENGTH_OUT] = {.is_used = uses_reverse},
	[WALK_LENGTH_BACK] = {.is_used = uses_reverse},
	[WALK_STRICT_OUT] = {.is_used = uses_strict},
	[WALK_STRICT_BACK] = {.is_used = uses_strict},
	[WALK_VIA_ASK] = {.is_of_via = true, .is_used = uses_vias},
	[WALK_VIA_ROUND] = {.is_counted = true, .is_of_via = true, .is_used = uses_vias},
	[WALK_VIA_HOME] = {.is_counted = true, .is_of_via = true, .is_used = uses_vias},
	[WALK_FASTER] = {.is_to = true, .is_used = uses_to},
	[WALK_ALSO] = {.is_counted = true, .is_to = true, .is_used = uses_also},
	[WALK_ECHO] = {.is_used = uses_echoes},
	[WALK_BRACKET] = {.is_used = is_main},
	[WALK_BOUNCE] = {.is_counted = true, .is_used = uses_bounce},
	[WALK_BRACKET_BOUNCE] = {.is_used = uses_bounce},
	[WALK_LINK_MTU] = {.is_used = is_main},
	[WALK_LINK_MTU_TO] = {.is_to = true, .is_used = uses_to},
};

bool engine_is_used(const struct engine_config *config, enum walk_kind kind)
{
	return kinds[kind].is_used != NULL ? kinds[kind].is_used(config) : config->has_walk[kind];
}

bool engine_is_counted(enum walk_kind kind)
{
	return kinds[kind].is_counted;
}

bool engine_is_to(enum walk_kind kind)
{
	return kinds[kind].is_to;
}

bool engine_is_of_hop(enum walk_kind kind)
{
	return walk_has_stats(kind) || kind == WALK_BOUNCE;
}

bool engine_is_of_via(enum walk_kind kind)
{
	return kinds[kind].is_of_via;
}

/* A To probe that did not fit into a link dies on the way: whoever says so is neither the hop
 * that was asked nor the end of the path. */
bool engine_is_answer_to(const struct probe_entry *entry, const struct reply *reply)
{
	return kinds[entry->kind].is_to &&
	       !(reply->kind == REPLY_ERROR && reply->cause == CAUSE_FRAGMENTATION_NEEDED);
}

bool engine_is_answer_of_end(const struct probe_entry *entry, const struct reply *reply)
{
	return reply->kind != REPLY_ERROR || (entry->is_answered && !reply->is_nested &&
		reply->cause == CAUSE_PORT_UNREACHABLE);
}
