/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <string.h>

#include "base/i18n.h"
#include "run/run.h"

/* From settings and target to what an engine needs to know. */

enum { PACKET_BYTES_MAX = 1984 };

const uint16_t run_default_port[CARRIED_COUNT] = {[CARRIED_UDP] = 33434, [CARRIED_TCP] = 80};

/* Nested probes to public addresses need a yes: an open decapsulator is a hole, and probing
 * other people's looks like an attack (CVE-2020-10136). */
static bool may_nest(struct run *run)
{
	const struct settings *settings = &run->settings;

	if (settings->no_through) {
		return false;
	}
	run->has_consent = run->has_consent || settings->is_public;
	if (!run->target.is_private && !run->has_consent) {
		run_note_refusal(run);
		return false;
	}
	return true;
}

/* A path over a bridge may end in a family in which this host has no address. */
static bool can_ask(struct run *run)
{
	const struct target *target = &run->target;
	uint8_t family = target->destination.family;

	if (family == target->route.source.family || family == target->source_other.family) {
		return true;
	}
	run_note(run, _("no To probes: this host has no address in the destination's family"));
	return false;
}

/* What Through stands for: the first kind asked for, and retrace before all. */
static void choose_walks(struct run *run, struct engine_config *config)
{
	const struct settings *settings = &run->settings;
	bool is_nested = may_nest(run);
	bool is_chosen = false;

	for (int kind = WALK_TO - 1; kind >= 0; kind--) {
		config->has_walk[kind] = is_nested && settings->has_walk[kind];
		if (settings->has_walk[kind]) {
			config->main_walk = (enum walk_kind)kind;
			is_chosen = true;
		}
	}
	if (!is_chosen) {
		config->main_walk = WALK_RETRACE;
		config->has_walk[WALK_RETRACE] = is_nested;
	}
	config->has_walk[WALK_TO] = !settings->no_to && !settings->is_reverse && can_ask(run);
}

/* Whether nested probes are sent at all: then hops may be asked, and ways back traced. */
static bool is_nesting(const struct engine_config *config)
{
	return config->has_walk[config->main_walk];
}

static bool has_any_walk(const struct engine_config *config)
{
	for (int kind = 0; kind < WALK_STATS_COUNT; kind++) {
		if (config->has_walk[kind]) {
			return true;
		}
	}
	return false;
}

/* What the route takes, and the transport, where there is one yet. */
uint16_t run_probe_mtu(const struct run *run, const struct target *target)
{
	size_t most = run->packet_bytes > 0 ? run->packet_bytes : PACKET_BYTES_MAX;

	return (uint16_t)(target->route.mtu < most ? target->route.mtu : most);
}

bool run_may_nest_public(const struct run *run)
{
	return run->has_consent || run->settings.is_public;
}

bool run_configure(struct run *run, struct engine_config *config)
{
	const struct settings *settings = &run->settings;
	const struct target *target = &run->target;

	config->self = target->route.source;
	config->self_other = target->source_other;
	config->self_also = target->also;
	memcpy(config->interface.name, target->route.interface, sizeof config->interface.name);
	config->interface.index = target->route.interface_index;
	config->has_also = addr_is_set(&target->source_also) && settings->flows <= 1;
	config->destination = target->destination;
	config->path = target->path_count > 0 ? target->path : NULL;
	config->path_other = target->path_count > 0 ? target->path_other : NULL;
	config->path_carrier = target->path_count > 0 ? target->path_carrier : NULL;
	config->path_count = target->path_count;
	config->carrier = settings->carrier;
	config->sids = settings_sids(settings);
	choose_walks(run, config);
	config->to_carried = settings->is_udp ? CARRIED_UDP : settings->is_tcp ? CARRIED_TCP :
		CARRIED_ECHO;
	config->to_port = settings->port != 0 ? (uint16_t)settings->port :
		run_default_port[config->to_carried];
	config->to_source_port = (uint16_t)settings->local_port;
	config->via = target->via;
	config->from = target->from;
	config->has_scan = is_nesting(config) && (settings->has_scan || settings->is_reverse ||
		target->path_count == 0);
	config->has_reverse = is_nesting(config);
	config->has_bounce = !settings->no_through && !settings->is_reverse &&
		!addr_is_set(&target->from);
	config->has_follow = settings->has_follow;
	config->has_vias = config->has_reverse && config->has_walk[WALK_RETRACE] &&
		config->has_walk[WALK_NATURAL];
	config->inner_source = settings->inner_source;
	config->inner_address = target->inner_source;
	if (addr_equal(&target->inner_source, &config->self)) {
		config->inner_source = INNER_SOURCE_SELF;
	}
	config->has_return_side = settings->has_return_side;
	config->size_bytes = (uint16_t)settings->size_bytes;
	config->mtu = run_probe_mtu(run, target);
	config->flows = (uint8_t)settings->flows;
	config->has_beside = settings->flows > 1 && target_has_beside(settings, target);
	config->tos = (uint8_t)settings->tos;
	config->first_ttl = (uint8_t)settings->first_ttl;
	config->max_ttl = (uint8_t)settings->max_ttl;
	config->interval = settings->interval > 0 ? settings->interval :
		target->is_private ? NS_PER_SEC / 5 : NS_PER_SEC;
	config->round_limit = settings->rounds;
	config->timeout = settings->timeout;
	config->grace = settings->grace;
	config->max_rate_pps = settings->max_rate_pps;
	return has_any_walk(config);
}
