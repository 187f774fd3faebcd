/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/command.h"

#include <string.h>

#include "app/drive.h"

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

/* How each is written, behind its kind and time, and read. */

static void put_unsent(struct wcursor *w, const struct command *command)
{
	wcursor_be32(w, command->unsent.seq);
	wcursor_be16(w, (uint16_t)command->unsent.sys);
}

static bool get_unsent(struct cursor *c, struct command *command)
{
	command->unsent.seq = cursor_be32(c);
	command->unsent.sys = cursor_be16(c);
	return true;
}

static void put_drops(struct wcursor *w, const struct command *command)
{
	wcursor_be64(w, command->drops.dropped);
	wcursor_be64(w, command->drops.foreign);
}

static bool get_drops(struct cursor *c, struct command *command)
{
	command->drops.dropped = cursor_be64(c);
	command->drops.foreign = cursor_be64(c);
	return true;
}

static void put_hop(struct wcursor *w, const struct command *command)
{
	wcursor_u8(w, command->hop);
}

static bool get_hop(struct cursor *c, struct command *command)
{
	command->hop = cursor_u8(c);
	return true;
}

static void put_path(struct wcursor *w, const struct command *command)
{
	recording_put_path(w, &command->path);
}

static bool get_path(struct cursor *c, struct command *command)
{
	return recording_get_path(c, &command->path);
}

static void put_interval(struct wcursor *w, const struct command *command)
{
	wcursor_be64(w, (uint64_t)command->interval);
}

static bool get_interval(struct cursor *c, struct command *command)
{
	uint64_t interval = cursor_be64(c);

	command->interval = (ns_t)interval;
	return interval > 0 && interval <= (uint64_t)INTERVAL_MAX;
}

static void put_limit(struct wcursor *w, const struct command *command)
{
	wcursor_be64(w, command->round_limit);
}

static bool get_limit(struct cursor *c, struct command *command)
{
	command->round_limit = cursor_be64(c);
	return true;
}

static void put_anew(struct wcursor *w, const struct command *command)
{
	recording_put_anew(w, command->facts);
}

static bool get_anew(struct cursor *c, struct command *command)
{
	return recording_get_anew(c, command->facts);
}

static void put_move(struct wcursor *w, const struct command *command)
{
	recording_put_home(w, &command->home);
}

static bool get_move(struct cursor *c, struct command *command)
{
	return recording_get_home(c, &command->home);
}

static void put_arrival(struct wcursor *w, const struct command *command)
{
	recording_put_interface(w, command->interface);
}

static bool get_arrival(struct cursor *c, struct command *command)
{
	recording_get_interface(c, command->interface);
	return true;
}

static void put_note(struct wcursor *w, const struct command *command)
{
	recording_put_note(w, &command->note);
}

static bool get_note(struct cursor *c, struct command *command)
{
	return recording_get_note(c, (enum atlas_kind)(command->kind - COMMAND_NAME), &command->note);
}

static const struct row {
	bool has_time;
	bool is_unseen;
	bool (*act)(struct drive *, const struct command *);   /* NULL: its owner does it */
	void (*put)(struct wcursor *, const struct command *); /* NULL, both: there is no more to it */
	bool (*get)(struct cursor *, struct command *);
} rows[COMMAND_COUNT] = {
	[COMMAND_TURN] = {.has_time = true, .is_unseen = true},
	[COMMAND_UNSENT] = {.act = do_unsent, .put = put_unsent, .get = get_unsent},
	[COMMAND_GAP] = {.act = do_gap},
	[COMMAND_DROPS] = {.is_unseen = true, .act = do_drops, .put = put_drops, .get = get_drops},
	[COMMAND_PAUSE] = {.has_time = true, .act = do_pause},
	[COMMAND_RESUME] = {.has_time = true, .act = do_pause},
	[COMMAND_RESET] = {.act = do_reset},
	[COMMAND_END] = {.has_time = true},
	[COMMAND_RESET_HOP] = {.act = do_reset_hop, .put = put_hop, .get = get_hop},
	[COMMAND_FOLLOW] = {.has_time = true, .act = do_follow},
	[COMMAND_PATH] = {.has_time = true, .act = do_path, .put = put_path, .get = get_path},
	[COMMAND_INTERVAL] = {.has_time = true, .act = do_interval, .put = put_interval,
		.get = get_interval},
	[COMMAND_WALKS] = {.has_time = true, .act = do_walks},
	[COMMAND_LIMIT] = {.has_time = true, .act = do_limit, .put = put_limit, .get = get_limit},
	[COMMAND_FASTER] = {.has_time = true, .act = do_faster, .put = put_hop, .get = get_hop},
	[COMMAND_ALSO] = {.has_time = true, .act = do_also},
	[COMMAND_ANEW] = {.has_time = true, .put = put_anew, .get = get_anew},
	[COMMAND_MOVE] = {.has_time = true, .act = do_move, .put = put_move, .get = get_move},
	[COMMAND_ARRIVAL] = {.act = do_arrival, .put = put_arrival, .get = get_arrival},
	[COMMAND_NAME] = {.has_time = true, .act = do_note, .put = put_note, .get = get_note},
	[COMMAND_NETWORK] = {.has_time = true, .act = do_note, .put = put_note, .get = get_note},
	[COMMAND_PLACE] = {.has_time = true, .act = do_note, .put = put_note, .get = get_note},
};

bool command_do(struct drive *drive, const struct command *command)
{
	return rows[command->kind].act == NULL || rows[command->kind].act(drive, command);
}

void command_put(struct wcursor *w, const struct command *command)
{
	const struct row *row = &rows[command->kind];

	wcursor_u8(w, (uint8_t)command->kind);
	if (row->has_time) {
		wcursor_be64(w, (uint64_t)command->at);
	}
	if (row->put != NULL) {
		row->put(w, command);
	}
}

bool command_get(struct cursor *c, struct command *command)
{
	uint8_t kind = cursor_u8(c);

	if (kind < COMMAND_TURN || kind >= COMMAND_COUNT) {
		return false;
	}
	command->kind = (enum command_kind)kind;
	if (rows[kind].has_time) {
		command->at = (ns_t)cursor_be64(c);
	}
	return (rows[kind].get == NULL || rows[kind].get(c, command)) && !c->failed;
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
