/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "run/command.h"

#include "run/coder.h"
#include "run/drive.h"

static const ns_t INTERVAL_MAX = 86400 * NS_PER_SEC;

/* How each is done; false: not now. */

static bool do_unsent(struct drive *drive, const struct command *command)
{
	engine_unsent(drive->engine, command->unsent.seq, command->unsent.sys);
	return true;
}

static bool do_gap(struct drive *drive, const struct command *command)
{
	(void)command;
	engine_gap(drive->engine);
	return true;
}

static bool do_drops(struct drive *drive, const struct command *command)
{
	drive->foreign = command->drops.foreign;
	engine_drops(drive->engine, command->drops.dropped);
	return true;
}

static bool do_forged(struct drive *drive, const struct command *command)
{
	drive->session->forged += command->forged;
	return true;
}

static bool do_pause(struct drive *drive, const struct command *command)
{
	engine_pause(drive->engine, command->at, command->kind == COMMAND_PAUSE);
	return true;
}

static bool do_reset(struct drive *drive, const struct command *command)
{
	(void)command;
	engine_reset(drive->engine);
	return true;
}

static bool do_reset_hop(struct drive *drive, const struct command *command)
{
	engine_reset_hop(drive->engine, command->hop);
	return true;
}

static bool do_follow(struct drive *drive, const struct command *command)
{
	engine_follow(drive->engine, command->at);
	return true;
}

static bool do_path(struct drive *drive, const struct command *command)
{
	engine_set_path(drive->engine, command->at, &command->path);
	return true;
}

static bool do_interval(struct drive *drive, const struct command *command)
{
	engine_set_interval(drive->engine, command->at, command->interval);
	return true;
}

static bool do_walks(struct drive *drive, const struct command *command)
{
	return engine_add_walks(drive->engine, command->at);
}

static bool do_limit(struct drive *drive, const struct command *command)
{
	engine_set_limit(drive->engine, command->at, command->round_limit);
	drive->was_done = false;
	return true;
}

static bool do_faster(struct drive *drive, const struct command *command)
{
	return engine_ask_faster(drive->engine, command->at, command->hop);
}

static bool do_also(struct drive *drive, const struct command *command)
{
	(void)command;
	return engine_ask_also(drive->engine);
}

static bool do_link_mtu(struct drive *drive, const struct command *command)
{
	(void)command;
	return engine_measure_mtu(drive->engine);
}

static bool do_move(struct drive *drive, const struct command *command)
{
	arrival_forget(&drive->arrival);
	engine_move(drive->engine, command->at, &command->home);
	return true;
}

static bool do_arrival(struct drive *drive, const struct command *command)
{
	engine_arrival(drive->engine, command->interface);
	return true;
}

static bool do_note(struct drive *drive, const struct command *command)
{
	return drive->atlas != NULL && atlas_take(drive->atlas, &command->note);
}

/* What there is to each, behind its kind and time; written, or read and checked. */

static void code_unsent(struct coder *coder, struct command *command)
{
	command->unsent.seq = code_u32(coder, command->unsent.seq);
	command->unsent.sys = code_u16(coder, command->unsent.sys);
}

static void code_forged(struct coder *coder, struct command *command)
{
	command->forged = code_u64(coder, command->forged);
}

static void code_drops(struct coder *coder, struct command *command)
{
	command->drops.dropped = code_u64(coder, command->drops.dropped);
	command->drops.foreign = code_u64(coder, command->drops.foreign);
}

static void code_hop(struct coder *coder, struct command *command)
{
	command->hop = code_u8(coder, command->hop);
}

/* Beside the number of hops: of each hop it is written, too, by what it is told to be reached. */
enum { CARRIERS_FOLLOW = 0x80 };

static bool has_carriers(const struct engine_path *path)
{
	for (size_t k = 0; k < path->count && k < HOP_MAX; k++) {
		if (path->carrier[k] != 0) {
			return true;
		}
	}
	return false;
}

static void code_path(struct coder *coder, struct command *command)
{
	struct engine_path *path = &command->path;
	uint8_t head = code_u8(coder, (uint8_t)(path->count |
		(has_carriers(path) ? CARRIERS_FOLLOW : 0)));

	path->count = head & (CARRIERS_FOLLOW - 1u);
	path->link = code_u8(coder, path->link);
	path->skipped = code_u64(coder, path->skipped);
	code_addr(coder, &path->via);
	code_check(coder, path->count >= 1 && path->count <= HOP_MAX &&
		code_is_family(&path->via, true));
	for (size_t k = 0; k < path->count && k < HOP_MAX; k++) {
		code_addr(coder, &path->hop[k]);
		code_addr(coder, &path->other[k]);
		code_check(coder, code_is_family(&path->hop[k], false) &&
			code_is_family(&path->other[k], true));
	}
	for (size_t k = 0; k < path->count && k < HOP_MAX; k++) {
		path->carrier[k] = (head & CARRIERS_FOLLOW) == 0 ? 0 : code_u8(coder, path->carrier[k]);
		code_check(coder, path->carrier[k] <= CARRIER_COUNT);
	}
}

static void code_interval(struct coder *coder, struct command *command)
{
	command->interval = code_time(coder, command->interval, 1, INTERVAL_MAX);
}

static void code_limit(struct coder *coder, struct command *command)
{
	command->round_limit = code_u64(coder, command->round_limit);
}

static void code_anew(struct coder *coder, struct command *command)
{
	if (coder->to != NULL) {
		recording_put_anew(coder->to, command->facts);
	} else {
		code_check(coder, recording_get_anew(coder->from, command->facts));
	}
}

static void code_move(struct coder *coder, struct command *command)
{
	struct engine_home *home = &command->home;

	code_addr(coder, &home->self);
	code_addr(coder, &home->self_other);
	code_addr(coder, &home->self_also);
	code_interface(coder, home->interface.name);
	home->interface.index = code_u32(coder, home->interface.index);
	home->mtu = code_u16(coder, home->mtu);
	code_check(coder, code_is_family(&home->self, false) &&
		code_is_family(&home->self_other, true) && code_is_family(&home->self_also, true) &&
		home->mtu >= RECORDING_MTU_MIN && home->mtu <= RECORDING_MTU_MAX);
}

static void code_arrival(struct coder *coder, struct command *command)
{
	code_interface(coder, command->interface);
}

static void code_about(struct coder *coder, struct command *command)
{
	code_addr(coder, &command->note.address);
	code_check(coder, code_is_family(&command->note.address, false));
	command->note.kind = (enum atlas_kind)(command->kind - COMMAND_NAME);
}

static void code_name(struct coder *coder, struct command *command)
{
	code_about(coder, command);
	code_text(coder, command->note.name, sizeof command->note.name);
}

static void code_network(struct coder *coder, struct command *command)
{
	struct network *network = &command->note.network;

	code_about(coder, command);
	network->asn = code_u32(coder, network->asn);
	code_text(coder, network->prefix, sizeof network->prefix);
	code_text(coder, network->country, sizeof network->country);
	code_text(coder, network->registry, sizeof network->registry);
	code_text(coder, network->allocated, sizeof network->allocated);
	code_text(coder, network->name, sizeof network->name);
}

static void code_place(struct coder *coder, struct command *command)
{
	struct place *place = &command->note.place;
	struct spot spot = {place->kind != PLACE_NONE, place->lat, place->lon};

	code_about(coder, command);
	code_spot(coder, &spot);
	place->kind = spot.is_known ? PLACE_DATABASE : PLACE_NONE;
	place->lat = spot.lat;
	place->lon = spot.lon;
	place->percent = code_u8(coder, (uint8_t)place->percent);
	code_check(coder, place->percent <= 100);
	code_text(coder, place->city, sizeof place->city);
	code_text(coder, place->country, sizeof place->country);
}

static const struct row {
	bool has_time;
	bool is_unseen;
	bool (*act)(struct drive *, const struct command *);   /* NULL: its owner does it */
	void (*code)(struct coder *, struct command *);        /* NULL: there is no more to it */
} rows[COMMAND_COUNT] = {
	[COMMAND_TURN] = {.has_time = true, .is_unseen = true},
	[COMMAND_UNSENT] = {.act = do_unsent, .code = code_unsent},
	[COMMAND_GAP] = {.act = do_gap},
	[COMMAND_DROPS] = {.is_unseen = true, .act = do_drops, .code = code_drops},
	[COMMAND_FORGED] = {.act = do_forged, .code = code_forged},
	[COMMAND_PAUSE] = {.has_time = true, .act = do_pause},
	[COMMAND_RESUME] = {.has_time = true, .act = do_pause},
	[COMMAND_RESET] = {.act = do_reset},
	[COMMAND_END] = {.has_time = true},
	[COMMAND_RESET_HOP] = {.act = do_reset_hop, .code = code_hop},
	[COMMAND_FOLLOW] = {.has_time = true, .act = do_follow},
	[COMMAND_PATH] = {.has_time = true, .act = do_path, .code = code_path},
	[COMMAND_INTERVAL] = {.has_time = true, .act = do_interval, .code = code_interval},
	[COMMAND_WALKS] = {.has_time = true, .act = do_walks},
	[COMMAND_LIMIT] = {.has_time = true, .act = do_limit, .code = code_limit},
	[COMMAND_FASTER] = {.has_time = true, .act = do_faster, .code = code_hop},
	[COMMAND_ALSO] = {.has_time = true, .act = do_also},
	[COMMAND_LINK_MTU] = {.has_time = true, .act = do_link_mtu},
	[COMMAND_ANEW] = {.has_time = true, .code = code_anew},
	[COMMAND_MOVE] = {.has_time = true, .act = do_move, .code = code_move},
	[COMMAND_ARRIVAL] = {.act = do_arrival, .code = code_arrival},
	[COMMAND_NAME] = {.has_time = true, .act = do_note, .code = code_name},
	[COMMAND_NETWORK] = {.has_time = true, .act = do_note, .code = code_network},
	[COMMAND_PLACE] = {.has_time = true, .act = do_note, .code = code_place},
};

bool command_do(struct drive *drive, const struct command *command)
{
	return rows[command->kind].act == NULL || rows[command->kind].act(drive, command);
}

static void code(struct coder *coder, struct command *command)
{
	const struct row *row = &rows[command->kind];

	if (row->has_time) {
		command->at = (ns_t)code_u64(coder, (uint64_t)command->at);
	}
	if (row->code != NULL) {
		row->code(coder, command);
	}
}

void command_put(struct wcursor *w, struct command *command)
{
	wcursor_u8(w, (uint8_t)command->kind);
	code(&(struct coder){.to = w}, command);
}

bool command_get(struct cursor *c, struct command *command)
{
	uint8_t kind = cursor_u8(c);

	if (kind < COMMAND_TURN || kind >= COMMAND_COUNT) {
		return false;
	}
	command->kind = (enum command_kind)kind;
	code(&(struct coder){.from = c}, command);
	return !c->failed;
}

ns_t command_time(struct cursor c, ns_t now)
{
	uint8_t kind = cursor_u8(&c);
	uint64_t t;

	if (kind >= COMMAND_COUNT || !rows[kind].has_time) {
		return now;
	}
	t = cursor_be64(&c);
	return c.failed || t > (uint64_t)RECORDING_TIME_MAX ? -1 : (ns_t)t;
}

bool command_is_seen(enum command_kind kind)
{
	return !rows[kind].is_unseen;
}
