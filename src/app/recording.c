/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/recording.h"

#include <assert.h>
#include <math.h>
#include <string.h>

#include "base/utf8.h"

/* Raised with every change of the layout, and of what the engine makes of the same input. What was
 * written by the one before is read still: it has no notes of names and places. */
enum { VERSION = 10, VERSION_BEFORE = 9, TTL_MAX = 64, MTU_MIN = 68, SIZE_MAX_BYTES = 1984,
	LAT_MAX = 9000, LON_MAX = 18000 };

enum flag {
	FLAG_REVERSE = 1,
	FLAG_SCAN = 2,
	FLAG_NESTING_REFUSED = 4,
	FLAG_FOLLOW = 8,
	FLAG_RETURN_SIDE = 16,
	FLAG_VIAS = 32,
	FLAG_BESIDE = 64,
	FLAG_ALSO = 128
};

static const double RATE_MAX = 100000;
static const ns_t INTERVAL_MAX = 86400 * NS_PER_SEC;
static const ns_t DEADLINE_MAX = 60 * NS_PER_SEC;

static void put_addr(struct wcursor *w, const struct addr *addr)
{
	wcursor_u8(w, addr->family);
	wcursor_bytes(w, addr->byte, sizeof addr->byte);
}

static void put_text(struct wcursor *w, const char *text)
{
	size_t len = strnlen(text, RECORDING_NAME_MAX - 1);

	wcursor_u8(w, (uint8_t)len);
	wcursor_bytes(w, (const uint8_t *)text, len);
}

static void put_spot(struct wcursor *w, bool is_known, int16_t lat, int16_t lon)
{
	wcursor_u8(w, is_known);
	wcursor_be16(w, (uint16_t)lat);
	wcursor_be16(w, (uint16_t)lon);
}

static void put_double(struct wcursor *w, double number)
{
	uint64_t bits;

	memcpy(&bits, &number, sizeof bits);
	wcursor_be64(w, bits);
}

void recording_put_interface(struct wcursor *w, const char *name)
{
	size_t len = strnlen(name, INTERFACE_NAME_MAX - 1);

	wcursor_bytes(w, (const uint8_t *)name, len);
	wcursor_zero(w, INTERFACE_NAME_MAX - len);
}

static void put_config(struct wcursor *w, const struct engine_config *config)
{
	uint8_t walks = 0;

	for (int kind = 0; kind < WALK_STATS_COUNT; kind++) {
		walks |= (uint8_t)(config->has_walk[kind] << kind);
	}
	wcursor_u8(w, walks);
	wcursor_u8(w, (uint8_t)config->main_walk);
	wcursor_u8(w, (uint8_t)config->inner_source);
	wcursor_be16(w, config->size_bytes);
	wcursor_be16(w, config->mtu);
	wcursor_be16(w, config->port);
	wcursor_be16(w, config->echo_id);
	wcursor_u8(w, (uint8_t)config->to_carrier);
	wcursor_be16(w, config->to_port);
	wcursor_be16(w, config->to_source_port);
	wcursor_u8(w, config->flows);
	wcursor_u8(w, config->tos);
	wcursor_u8(w, config->first_ttl);
	wcursor_u8(w, config->max_ttl);
	wcursor_be64(w, config->seed);
	wcursor_be64(w, (uint64_t)config->interval);
	wcursor_be64(w, (uint64_t)config->timeout);
	wcursor_be64(w, (uint64_t)config->grace);
	wcursor_be64(w, config->round_limit);
	put_double(w, config->max_rate_pps);
	put_addr(w, &config->self);
	put_addr(w, &config->self_other);
	put_addr(w, &config->self_also);
	recording_put_interface(w, config->interface.name);
	wcursor_be32(w, config->interface.index);
	put_addr(w, &config->destination);
	put_addr(w, &config->via);
	put_addr(w, &config->from);
	put_addr(w, &config->inner_address);
	wcursor_u8(w, (uint8_t)config->path_count);
	for (size_t k = 0; k < config->path_count; k++) {
		put_addr(w, &config->path[k]);
		put_addr(w, config->path_other == NULL ? &(struct addr){0} : &config->path_other[k]);
	}
}

size_t recording_encode_facts(const struct recording_facts *facts, uint8_t *ret_bytes, size_t cap)
{
	struct wcursor w = wcursor_of(ret_bytes, cap);

	wcursor_u8(&w, VERSION);
	wcursor_u8(&w, (uint8_t)((facts->engine.has_reverse ? FLAG_REVERSE : 0) |
		(facts->engine.has_scan ? FLAG_SCAN : 0) |
		(facts->engine.has_follow ? FLAG_FOLLOW : 0) |
		(facts->engine.has_vias ? FLAG_VIAS : 0) |
		(facts->engine.has_beside ? FLAG_BESIDE : 0) |
		(facts->engine.has_also ? FLAG_ALSO : 0) |
		(facts->engine.has_return_side ? FLAG_RETURN_SIDE : 0) |
		(facts->is_nesting_refused ? FLAG_NESTING_REFUSED : 0)));
	wcursor_be64(&w, facts->key.k0);
	wcursor_be64(&w, facts->key.k1);
	wcursor_be64(&w, (uint64_t)facts->start);
	wcursor_be64(&w, (uint64_t)facts->start_realtime);
	wcursor_be64(&w, (uint64_t)facts->realtime_offset);
	wcursor_be32(&w, facts->route_mtu);
	put_config(&w, &facts->engine);
	put_text(&w, facts->destination_name);
	put_text(&w, facts->local_host);
	put_spot(&w, facts->here.is_known, facts->here.lat, facts->here.lon);
	assert(!w.failed);
	return w.pos;
}

static struct addr get_addr(struct cursor *c)
{
	struct addr addr = {.family = cursor_u8(c)};
	const uint8_t *bytes = cursor_bytes(c, sizeof addr.byte);

	if (bytes == NULL) {
		return (struct addr){0};
	}
	memcpy(addr.byte, bytes, sizeof addr.byte);
	return addr;
}

static ns_t get_time(struct cursor *c, ns_t max)
{
	uint64_t value = cursor_be64(c);

	if (value > (uint64_t)max) {
		c->failed = true;
		return 0;
	}
	return (ns_t)value;
}

/* A machine without a clock of its own may boot before 1970 was over. */
static ns_t get_offset(struct cursor *c)
{
	int64_t value = (int64_t)cursor_be64(c);

	if (value < -RECORDING_TIME_MAX || value > RECORDING_REALTIME_MAX) {
		c->failed = true;
		return 0;
	}
	return value;
}

static double get_double(struct cursor *c)
{
	uint64_t bits = cursor_be64(c);
	double number;

	memcpy(&number, &bits, sizeof number);
	return number;
}

/* Names are foreign text: they come from a file, and go to a terminal. */
static void get_text(struct cursor *c, char *ret_text, size_t cap)
{
	char text[RECORDING_NAME_MAX] = "";
	size_t len = cursor_u8(c);
	const uint8_t *bytes = cursor_bytes(c, len);

	if (bytes != NULL && len > 0) {
		memcpy(text, bytes, len);
	}
	utf8_clean(text, ret_text, cap);
}

static struct spot get_spot(struct cursor *c)
{
	struct spot spot = {.is_known = cursor_u8(c) & 1};

	spot.lat = (int16_t)cursor_be16(c);
	spot.lon = (int16_t)cursor_be16(c);
	c->failed = c->failed || spot.lat < -LAT_MAX || spot.lat > LAT_MAX ||
		spot.lon < -LON_MAX || spot.lon > LON_MAX;
	return spot;
}

void recording_get_interface(struct cursor *c, char ret_name[INTERFACE_NAME_MAX])
{
	char name[INTERFACE_NAME_MAX] = "";
	const uint8_t *bytes = cursor_bytes(c, INTERFACE_NAME_MAX);

	if (bytes != NULL) {
		memcpy(name, bytes, INTERFACE_NAME_MAX - 1);
	}
	utf8_clean(name, ret_name, INTERFACE_NAME_MAX);
}

static void get_config(struct cursor *c, struct recording_facts *facts)
{
	struct engine_config *config = &facts->engine;
	uint8_t walks = cursor_u8(c);

	for (int kind = 0; kind < WALK_STATS_COUNT; kind++) {
		config->has_walk[kind] = walks >> kind & 1;
	}
	config->main_walk = (enum walk_kind)cursor_u8(c);
	config->inner_source = (enum inner_source)cursor_u8(c);
	config->size_bytes = cursor_be16(c);
	config->mtu = cursor_be16(c);
	config->port = cursor_be16(c);
	config->echo_id = cursor_be16(c);
	config->to_carrier = (enum carrier)cursor_u8(c);
	config->to_port = cursor_be16(c);
	config->to_source_port = cursor_be16(c);
	config->flows = cursor_u8(c);
	config->tos = cursor_u8(c);
	config->first_ttl = cursor_u8(c);
	config->max_ttl = cursor_u8(c);
	config->seed = cursor_be64(c);
	config->interval = get_time(c, INTERVAL_MAX);
	config->timeout = get_time(c, DEADLINE_MAX);
	config->grace = get_time(c, DEADLINE_MAX);
	config->round_limit = cursor_be64(c);
	config->max_rate_pps = get_double(c);
	config->self = get_addr(c);
	config->self_other = get_addr(c);
	config->self_also = get_addr(c);
	recording_get_interface(c, config->interface.name);
	config->interface.index = cursor_be32(c);
	config->destination = get_addr(c);
	config->via = get_addr(c);
	config->from = get_addr(c);
	config->inner_address = get_addr(c);
	config->path_count = cursor_u8(c);
	for (size_t k = 0; k < config->path_count && !c->failed; k++) {
		struct addr addr = get_addr(c);
		struct addr other = get_addr(c);

		if (k < HOP_MAX) {
			facts->path[k] = addr;
			facts->path_other[k] = other;
		}
	}
}

static bool is_family(const struct addr *addr, bool may_be_unset)
{
	return addr->family == ADDR_V4 || addr->family == ADDR_V6 ||
	       (may_be_unset && !addr_is_set(addr));
}

static bool is_sane_path(const struct recording_facts *facts)
{
	const struct engine_config *config = &facts->engine;

	if (config->path_count > HOP_MAX || !is_family(&config->self, false) ||
	    !is_family(&config->self_other, true) || !is_family(&config->self_also, true) ||
	    !is_family(&config->destination, false) ||
	    !is_family(&config->via, true) || !is_family(&config->from, true) ||
	    !is_family(&config->inner_address, config->inner_source != INNER_SOURCE_GIVEN)) {
		return false;
	}
	for (size_t k = 0; k < config->path_count; k++) {
		if (!is_family(&facts->path[k], false) || !is_family(&facts->path_other[k], true)) {
			return false;
		}
	}
	return true;
}

void recording_put_path(struct wcursor *w, const struct engine_path *path)
{
	wcursor_u8(w, (uint8_t)path->count);
	wcursor_u8(w, path->link);
	wcursor_be64(w, path->skipped);
	put_addr(w, &path->via);
	for (size_t k = 0; k < path->count; k++) {
		put_addr(w, &path->hop[k]);
		put_addr(w, &path->other[k]);
	}
}

bool recording_get_path(struct cursor *c, struct engine_path *ret_path)
{
	struct engine_path path = {.count = cursor_u8(c)};
	bool is_sane;

	path.link = cursor_u8(c);
	path.skipped = cursor_be64(c);
	path.via = get_addr(c);
	is_sane = path.count >= 1 && path.count <= HOP_MAX && is_family(&path.via, true);
	for (size_t k = 0; is_sane && k < path.count; k++) {
		path.hop[k] = get_addr(c);
		path.other[k] = get_addr(c);
		is_sane = is_family(&path.hop[k], false) && is_family(&path.other[k], true);
	}
	*ret_path = path;
	return is_sane && !c->failed;
}

void recording_put_note(struct wcursor *w, const struct atlas_note *note)
{
	put_addr(w, &note->address);
	switch (note->kind) {
	case ATLAS_NAME:
		put_text(w, note->name);
		break;
	case ATLAS_NETWORK:
		wcursor_be32(w, note->network.asn);
		put_text(w, note->network.prefix);
		put_text(w, note->network.country);
		put_text(w, note->network.registry);
		put_text(w, note->network.allocated);
		put_text(w, note->network.name);
		break;
	case ATLAS_PLACE:
		put_spot(w, note->place.kind != PLACE_NONE, note->place.lat, note->place.lon);
		wcursor_u8(w, (uint8_t)note->place.percent);
		put_text(w, note->place.city);
		put_text(w, note->place.country);
		break;
	}
}

static void get_network(struct cursor *c, struct network *network)
{
	network->asn = cursor_be32(c);
	get_text(c, network->prefix, sizeof network->prefix);
	get_text(c, network->country, sizeof network->country);
	get_text(c, network->registry, sizeof network->registry);
	get_text(c, network->allocated, sizeof network->allocated);
	get_text(c, network->name, sizeof network->name);
}

static void get_place(struct cursor *c, struct place *place)
{
	struct spot spot = get_spot(c);

	place->kind = spot.is_known ? PLACE_DATABASE : PLACE_NONE;
	place->lat = spot.lat;
	place->lon = spot.lon;
	place->percent = cursor_u8(c);
	c->failed = c->failed || place->percent > 100;
	get_text(c, place->city, sizeof place->city);
	get_text(c, place->country, sizeof place->country);
}

bool recording_get_note(struct cursor *c, enum atlas_kind kind, struct atlas_note *ret_note)
{
	*ret_note = (struct atlas_note){.kind = kind, .address = get_addr(c)};
	switch (kind) {
	case ATLAS_NAME:
		get_text(c, ret_note->name, sizeof ret_note->name);
		break;
	case ATLAS_NETWORK:
		get_network(c, &ret_note->network);
		break;
	case ATLAS_PLACE:
		get_place(c, &ret_note->place);
		break;
	}
	return !c->failed && is_family(&ret_note->address, false);
}

void recording_put_home(struct wcursor *w, const struct engine_home *home)
{
	put_addr(w, &home->self);
	put_addr(w, &home->self_other);
	put_addr(w, &home->self_also);
	recording_put_interface(w, home->interface.name);
	wcursor_be32(w, home->interface.index);
	wcursor_be16(w, home->mtu);
}

bool recording_get_home(struct cursor *c, struct engine_home *ret_home)
{
	struct engine_home home = {.self = get_addr(c)};

	home.self_other = get_addr(c);
	home.self_also = get_addr(c);
	recording_get_interface(c, home.interface.name);
	home.interface.index = cursor_be32(c);
	home.mtu = cursor_be16(c);
	if (c->failed || !is_family(&home.self, false) || !is_family(&home.self_other, true) ||
	    !is_family(&home.self_also, true) || home.mtu < MTU_MIN || home.mtu > SIZE_MAX_BYTES) {
		return false;
	}
	*ret_home = home;
	return true;
}

/* What the command line would have refused, and what no engine expects. */
static bool is_sane(const struct recording_facts *facts)
{
	const struct engine_config *config = &facts->engine;

	return is_sane_path(facts) && config->main_walk < WALK_TO &&
	       (config->has_walk[WALK_VIA] ? addr_is_set(&config->via) : true) &&
	       config->flows <= FLOW_MAX && config->to_carrier < CARRIER_COUNT &&
	       (config->to_carrier == CARRIER_ECHO) == (config->to_port == 0) &&
	       config->inner_source <= INNER_SOURCE_GIVEN &&
	       config->size_bytes <= SIZE_MAX_BYTES && config->mtu >= MTU_MIN &&
	       config->mtu <= SIZE_MAX_BYTES && config->size_bytes <= config->mtu &&
	       config->first_ttl >= 1 && config->first_ttl <= config->max_ttl &&
	       config->max_ttl <= TTL_MAX &&
	       config->interval > 0 &&
	       isfinite(config->max_rate_pps) && config->max_rate_pps >= 1 &&
	       config->max_rate_pps <= RATE_MAX;
}

bool recording_decode_facts(struct cursor c, struct recording_facts *ret_facts, struct err *err)
{
	struct recording_facts facts = {0};
	uint8_t version = cursor_u8(&c), flags;

	if (!c.failed && version != VERSION && version != VERSION_BEFORE) {
		return err_set(err, ERR_SYNTAX, "recorded by another version of the program: layout %u, "
			"not %u", version, VERSION);
	}
	flags = cursor_u8(&c);
	facts.engine.has_reverse = flags & FLAG_REVERSE;
	facts.engine.has_scan = flags & FLAG_SCAN;
	facts.engine.has_follow = flags & FLAG_FOLLOW;
	facts.engine.has_vias = flags & FLAG_VIAS;
	facts.engine.has_beside = flags & FLAG_BESIDE;
	facts.engine.has_also = flags & FLAG_ALSO;
	facts.engine.has_return_side = flags & FLAG_RETURN_SIDE;
	facts.is_nesting_refused = flags & FLAG_NESTING_REFUSED;
	facts.key.k0 = cursor_be64(&c);
	facts.key.k1 = cursor_be64(&c);
	facts.start = get_time(&c, RECORDING_TIME_MAX);
	facts.start_realtime = get_time(&c, RECORDING_REALTIME_MAX);
	facts.realtime_offset = get_offset(&c);
	facts.route_mtu = cursor_be32(&c);
	get_config(&c, &facts);
	get_text(&c, facts.destination_name, sizeof facts.destination_name);
	get_text(&c, facts.local_host, sizeof facts.local_host);
	facts.has_notes = version == VERSION;
	if (facts.has_notes) {
		facts.here = get_spot(&c);
	}
	if (c.failed || !is_sane(&facts)) {
		return err_set(err, ERR_SYNTAX, "invalid session data");
	}
	*ret_facts = facts;
	ret_facts->engine.path = facts.engine.path_count > 0 ? ret_facts->path : NULL;
	ret_facts->engine.path_other = facts.engine.path_count > 0 ? ret_facts->path_other : NULL;
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
	ns_t strays_until = get_time(c, RECORDING_TIME_MAX);
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
