/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "run/recording.h"

#include <assert.h>
#include <math.h>
#include <string.h>

#include "run/coder.h"

/* Raised with every change of the layout, and of what the engine makes of the same input. What was
 * written by those before is read still: the first had no notes of names and places, the first two
 * sent no bounces, and all of them knew IP in IP alone. */
enum { VERSION = 16, VERSION_CARRIERS = 16, VERSION_BOUNCES = 15, VERSION_NOTES = 14,
	VERSION_FIRST = 13, TTL_MAX = 64 };

static const double RATE_MAX = 100000;
static const ns_t INTERVAL_MAX = 86400 * NS_PER_SEC;
static const ns_t DEADLINE_MAX = 60 * NS_PER_SEC;

static void code_path(struct coder *coder, struct recording_facts *facts)
{
	struct engine_config *config = &facts->engine;

	config->path_count = code_u8(coder, (uint8_t)config->path_count);
	code_check(coder, config->path_count <= HOP_MAX);
	for (size_t k = 0; k < config->path_count && k < HOP_MAX; k++) {
		code_addr(coder, &facts->path[k]);
		code_addr(coder, &facts->path_other[k]);
	}
}

static void code_carriers(struct coder *coder, struct recording_facts *facts)
{
	struct engine_config *config = &facts->engine;

	config->carrier = code_u8(coder, config->carrier);
	config->sids.block_bits = code_u8(coder, config->sids.block_bits);
	config->sids.sid_bits = code_u8(coder, config->sids.sid_bits);
	code_check(coder, config->carrier <= CARRIER_COUNT);
	for (size_t k = 0; k < config->path_count && k < HOP_MAX; k++) {
		facts->path_carrier[k] = code_u8(coder, facts->path_carrier[k]);
		code_check(coder, facts->path_carrier[k] <= CARRIER_COUNT);
	}
}

static void code_config(struct coder *coder, struct recording_facts *facts)
{
	struct engine_config *config = &facts->engine;
	bool *walks[WALK_STATS_COUNT];

	for (size_t kind = 0; kind < WALK_STATS_COUNT; kind++) {
		walks[kind] = &config->has_walk[kind];
	}
	code_flags(coder, walks, WALK_STATS_COUNT);
	config->main_walk = (enum walk_kind)code_u8(coder, (uint8_t)config->main_walk);
	config->inner_source = (enum inner_source)code_u8(coder, (uint8_t)config->inner_source);
	config->size_bytes = code_u16(coder, config->size_bytes);
	config->mtu = code_u16(coder, config->mtu);
	config->port = code_u16(coder, config->port);
	config->echo_id = code_u16(coder, config->echo_id);
	config->to_carried = (enum carried)code_u8(coder, (uint8_t)config->to_carried);
	config->to_port = code_u16(coder, config->to_port);
	config->to_source_port = code_u16(coder, config->to_source_port);
	config->flows = code_u8(coder, config->flows);
	config->tos = code_u8(coder, config->tos);
	config->first_ttl = code_u8(coder, config->first_ttl);
	config->max_ttl = code_u8(coder, config->max_ttl);
	config->seed = code_u64(coder, config->seed);
	config->interval = code_time(coder, config->interval, 0, INTERVAL_MAX);
	config->timeout = code_time(coder, config->timeout, 0, DEADLINE_MAX);
	config->grace = code_time(coder, config->grace, 0, DEADLINE_MAX);
	config->round_limit = code_u64(coder, config->round_limit);
	config->max_rate_pps = code_double(coder, config->max_rate_pps);
	code_addr(coder, &config->self);
	code_addr(coder, &config->self_other);
	code_addr(coder, &config->self_also);
	code_interface(coder, config->interface.name);
	config->interface.index = code_u32(coder, config->interface.index);
	code_addr(coder, &config->destination);
	code_addr(coder, &config->via);
	code_addr(coder, &config->from);
	code_addr(coder, &config->inner_address);
	code_path(coder, facts);
	if (facts->has_carriers) {
		code_carriers(coder, facts);
	}
}

/* Of a machine without a clock of its own, which boots in 1970, the offset may be negative. */
static void code_facts(struct coder *coder, struct recording_facts *facts)
{
	struct engine_config *engine = &facts->engine;
	bool *const flags[] = {&engine->has_reverse, &engine->has_scan, &facts->is_nesting_refused,
		&engine->has_follow, &engine->has_return_side, &engine->has_vias, &engine->has_beside,
		&engine->has_also}, *const more_flags[] = {&engine->has_bounce};

	code_flags(coder, flags, sizeof flags / sizeof flags[0]);
	if (facts->has_bounces) {
		code_flags(coder, more_flags, sizeof more_flags / sizeof more_flags[0]);
	}
	facts->key.k0 = code_u64(coder, facts->key.k0);
	facts->key.k1 = code_u64(coder, facts->key.k1);
	facts->start = code_time(coder, facts->start, 0, RECORDING_TIME_MAX);
	facts->start_realtime = code_time(coder, facts->start_realtime, 0, RECORDING_REALTIME_MAX);
	facts->realtime_offset = code_time(coder, facts->realtime_offset, -RECORDING_TIME_MAX,
		RECORDING_REALTIME_MAX);
	facts->route_mtu = code_u32(coder, facts->route_mtu);
	code_config(coder, facts);
	code_text(coder, facts->destination_name, sizeof facts->destination_name);
	code_text(coder, facts->local_host, sizeof facts->local_host);
	if (facts->has_notes) {
		code_spot(coder, &facts->here);
	}
}

size_t recording_encode_facts(const struct recording_facts *facts, uint8_t *ret_bytes, size_t cap)
{
	struct wcursor w = wcursor_of(ret_bytes, cap);
	struct recording_facts copy = *facts;

	copy.has_notes = copy.has_bounces = copy.has_carriers = true;
	for (size_t k = 0; k < facts->engine.path_count; k++) {
		copy.path[k] = facts->engine.path[k];
		copy.path_other[k] = facts->engine.path_other == NULL ? (struct addr){0} :
			facts->engine.path_other[k];
		copy.path_carrier[k] = facts->engine.path_carrier == NULL ? 0 :
			facts->engine.path_carrier[k];
	}
	wcursor_u8(&w, VERSION);
	code_facts(&(struct coder){.to = &w}, &copy);
	assert(!w.failed);
	return w.pos;
}

static bool is_sane_path(const struct recording_facts *facts)
{
	const struct engine_config *config = &facts->engine;

	if (config->path_count > HOP_MAX || !code_is_family(&config->self, false) ||
	    !code_is_family(&config->self_other, true) ||
	    !code_is_family(&config->self_also, true) ||
	    !code_is_family(&config->destination, false) ||
	    !code_is_family(&config->via, true) || !code_is_family(&config->from, true) ||
	    !code_is_family(&config->inner_address,
			config->inner_source != INNER_SOURCE_GIVEN)) {
		return false;
	}
	for (size_t k = 0; k < config->path_count; k++) {
		if (!code_is_family(&facts->path[k], false) ||
		    !code_is_family(&facts->path_other[k], true)) {
			return false;
		}
	}
	return true;
}

/* What the command line would have refused, and what no engine expects. */
static bool is_sane(const struct recording_facts *facts)
{
	const struct engine_config *config = &facts->engine;

	return is_sane_path(facts) && config->main_walk < WALK_TO &&
	       (config->has_walk[WALK_VIA] ? addr_is_set(&config->via) : true) &&
	       config->flows <= FLOW_MAX && config->to_carried < CARRIED_COUNT &&
	       (config->to_carried == CARRIED_ECHO) == (config->to_port == 0) &&
	       config->inner_source <= INNER_SOURCE_GIVEN &&
	       config->size_bytes <= RECORDING_MTU_MAX && config->mtu >= RECORDING_MTU_MIN &&
	       config->mtu <= RECORDING_MTU_MAX && config->size_bytes <= config->mtu &&
	       config->first_ttl >= 1 && config->first_ttl <= config->max_ttl &&
	       config->max_ttl <= TTL_MAX &&
	       config->interval > 0 &&
	       isfinite(config->max_rate_pps) && config->max_rate_pps >= 1 &&
	       config->max_rate_pps <= RATE_MAX;
}

bool recording_decode_facts(struct cursor c, struct recording_facts *ret_facts, struct err *err)
{
	struct recording_facts facts = {0};
	uint8_t version = cursor_u8(&c);

	if (!c.failed && (version < VERSION_FIRST || version > VERSION)) {
		return err_set(err, ERR_SYNTAX, "recorded by another version of the program: layout %u, "
			"not %u", version, VERSION);
	}
	facts.has_notes = version >= VERSION_NOTES;
	facts.has_bounces = version >= VERSION_BOUNCES;
	facts.has_carriers = version >= VERSION_CARRIERS;
	facts.engine.carrier = 1 + CARRIER_IPIP;
	code_facts(&(struct coder){.from = &c}, &facts);
	if (c.failed || !is_sane(&facts)) {
		return err_set(err, ERR_SYNTAX, "invalid session data");
	}
	*ret_facts = facts;
	ret_facts->engine.path = facts.engine.path_count > 0 ? ret_facts->path : NULL;
	ret_facts->engine.path_other = facts.engine.path_count > 0 ? ret_facts->path_other : NULL;
	ret_facts->engine.path_carrier = facts.engine.path_count > 0 ? ret_facts->path_carrier : NULL;
	return true;
}

void recording_put_anew(struct wcursor *w, const struct recording_facts *facts)
{
	uint8_t bytes[RECORDING_FACTS_MAX];
	size_t len = recording_encode_facts(facts, bytes, sizeof bytes);

	wcursor_be64(w, (uint64_t)facts->engine.strays_until);
	wcursor_be16(w, (uint16_t)len);
	wcursor_bytes(w, bytes, len);
}

bool recording_get_anew(struct cursor *c, struct recording_facts *facts)
{
	struct coder coder = {.from = c};
	ns_t strays_until = code_time(&coder, 0, 0, RECORDING_TIME_MAX);
	struct siphash_key key = facts->key;
	ns_t realtime_offset = facts->realtime_offset;
	struct cursor body = cursor_take(c, cursor_be16(c));

	if (c->failed || !recording_decode_facts(body, facts, /* err= */ NULL)) {
		return false;
	}
	facts->engine.strays_until = strays_until;
	facts->key = key;
	facts->realtime_offset = realtime_offset;
	return true;
}
