/* SPDX-License-Identifier: GPL-3.0-or-later */
#define _GNU_SOURCE
#include "run/replay.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "io/savefile.h"
#include "net/pcapng.h"
#include "pkt/link.h"
#include "pkt/reply.h"
#include "probe/observe.h"

struct replay {
	const char *path;
	FILE *file;
	struct pcapng_reader *reader;
	struct recording_facts facts;
	struct reply_context context;
	struct drive *drive;
	replay_anew_fn *on_anew;
	void *on_anew_arg;
	struct cursor events;        /* of the block being told, what is left of them */
	struct pcapng_block block;
	bool has_packet;             /* of the block: it is told after its events */
	bool is_over, has_end, is_paused;
	ns_t now;
	bool is_foreign;             /* --record did not write it: */
	struct survey survey;
	struct err failure;
	struct loop *loop;
	struct loop_timer timer;
	ns_t ahead;                  /* recorded time minus the loop's */
};

static bool damaged(struct replay *replay)
{
	return err_set(&replay->failure, ERR_SYNTAX,
		"cannot replay %.100s: invalid run data", replay->path);
}

/* The file's next step from its beginning on; NULL: err says why not. */
static struct pcapng_reader *reopen(struct replay *replay, struct err *err)
{
	pcapng_reader_destroy(replay->reader);
	replay->reader = NULL;
	if (fseek(replay->file, 0, SEEK_SET) != 0) {
		(void)err_set_sys(err, ERR_IO, errno, "not a recording, and cannot be read twice");
		return NULL;
	}
	return pcapng_reader_create(replay->file, err);
}

/* The IP packet in a block. False: it is no packet, or of a link that is not known. */
static bool find_ip(const struct pcapng_block *block, struct cursor *ret_packet)
{
	struct cursor c = block->packet;

	if (block->kind != PCAPNG_PACKET || !link_find_ip(block->link_type, &c)) {
		return false;
	}
	*ret_packet = cursor_take(&c, cursor_left(&c));
	return true;
}

static ns_t clamp(ns_t t, ns_t low, ns_t high)
{
	return t < low ? low : t > high ? high : t;
}

/* Foreign stamps become instants that do not decrease; the first is a second after 0. */
static ns_t foreign_time(struct replay *replay, ns_t realtime)
{
	ns_t t = clamp(realtime, 0, RECORDING_REALTIME_MAX);

	if (replay->facts.realtime_offset == 0) {
		replay->facts.realtime_offset = t - NS_PER_SEC;
	}
	t = clamp(t - replay->facts.realtime_offset, replay->now, RECORDING_TIME_MAX);
	return t;
}

static bool survey_file(struct replay *replay, const struct pcapng_block *first, struct err *err)
{
	enum pcapng_step step = PCAPNG_BLOCK;
	struct pcapng_block block = *first;
	bool has_packets = false, has_known = false;
	int link_type = 0;

	survey_init(&replay->survey);
	for (; step == PCAPNG_BLOCK; step = pcapng_next(replay->reader, &block, err)) {
		struct cursor packet;

		if (block.kind == PCAPNG_PACKET) {
			has_packets = true;
			has_known = has_known || link_is_known(block.link_type);
			link_type = block.link_type;
		}
		if (find_ip(&block, &packet)) {
			replay->now = foreign_time(replay, block.realtime);
			(void)survey_packet(&replay->survey, packet.bytes, packet.len, replay->now);
		}
	}
	if (step == PCAPNG_BAD) {
		return false;
	}
	if (has_packets && !has_known) {
		return err_set(err, ERR_SYNTAX, "unsupported link type %d", link_type);
	}
	if (!survey_end(&replay->survey, replay->facts.path, &replay->facts.engine)) {
		return err_set(err, ERR_SYNTAX, has_packets ? "it contains no thrupath probes" :
			"it contains no packets");
	}
	return true;
}

/* A capture that --record did not write. Its facts are read from its packets. */
static bool read_foreign(struct replay *replay, const struct pcapng_block *first, struct err *err)
{
	replay->is_foreign = true;
	if (!survey_file(replay, first, err) || (replay->reader = reopen(replay, err)) == NULL) {
		return false;
	}
	replay->has_end = true; /* nobody can say that it is cut */
	replay->facts.start = replay->survey.started_at;
	replay->facts.start_realtime = replay->survey.started_at + replay->facts.realtime_offset;
	return true;
}

static bool read_facts(struct replay *replay, struct err *err)
{
	struct pcapng_block block;
	enum pcapng_step step;

	replay->reader = pcapng_reader_create(replay->file, err);
	if (replay->reader == NULL) {
		return false;
	}
	step = pcapng_next(replay->reader, &block, err);
	if (step == PCAPNG_BAD) {
		return false;
	}
	if (step == PCAPNG_END) {
		return err_set(err, ERR_SYNTAX, "it contains no packets");
	}
	if (block.kind != PCAPNG_SECTION || cursor_left(&block.note) == 0) {
		return read_foreign(replay, &block, err);
	}
	return recording_decode_facts(block.note, &replay->facts, err);
}

/* What carried To probes before is let through still, as it was then: strays come by it. */
static void set_context(struct replay *replay)
{
	const struct engine_config *config = &replay->facts.engine;
	struct reply_context before = replay->context;
	struct reply_context *context = &replay->context;

	*context = (struct reply_context){.self = config->self,
		.self_other = config->self_other, .self_also = config->self_also,
		.port = config->port, .echo_id = config->echo_id, .to_carried = config->to_carried,
		.to_port = config->to_port, .to_source_port = config->to_source_port};
	if (config->to_carried == CARRIED_ECHO && before.to_port != 0) {
		context->to_carried = before.to_carried;
		context->to_port = before.to_port;
		context->other_port = before.other_port;
	} else if (config->to_carried != CARRIED_ECHO) {
		context->other_port = before.to_carried == config->to_carried ? before.other_port :
			before.to_port;
	}
}

struct replay *replay_open(const char *path, struct err *err)
{
	struct replay *replay = xcalloc(1, sizeof *replay);

	replay->path = path;
	replay->file = savefile_open(path);
	if (replay->file == NULL) {
		(void)err_set_sys(err, ERR_NOT_FOUND, errno, "cannot replay %.100s", path);
	} else if (!read_facts(replay, err)) {
		(void)err_wrap(err, "cannot replay %.60s", path);
	} else {
		replay->now = replay->facts.start;
		set_context(replay);
		return replay;
	}
	replay_close(replay);
	return NULL;
}

void replay_close(struct replay *replay)
{
	if (replay != NULL) {
		if (replay->loop != NULL) {
			loop_timer_cancel(replay->loop, &replay->timer);
		}
		pcapng_reader_destroy(replay->reader);
		if (replay->file != NULL) {
			(void)fclose(replay->file);
		}
		free(replay);
	}
}

const struct recording_facts *replay_facts(const struct replay *replay)
{
	return &replay->facts;
}

void replay_attach(struct replay *replay, struct drive *drive)
{
	replay->drive = drive;
	if (replay->is_foreign) {
		engine_observe(drive->engine, &replay->survey);
	}
}

void replay_on_anew(struct replay *replay, replay_anew_fn *on_anew, void *arg)
{
	replay->on_anew = on_anew;
	replay->on_anew_arg = arg;
}

bool replay_is_foreign(const struct replay *replay)
{
	return replay->is_foreign;
}

ns_t replay_now(const struct replay *replay)
{
	return replay->now;
}

bool replay_is_cut(const struct replay *replay)
{
	return replay->is_over && !replay->has_end;
}

static bool tell_packet(struct replay *replay)
{
	struct cursor c = replay->block.packet;
	struct reply reply;
	ns_t t = replay->block.realtime < RECORDING_REALTIME_MAX ? replay->block.realtime :
		RECORDING_REALTIME_MAX;

	/* Stamps across a step of the clock may be decades away: that far is far enough. */
	t -= replay->facts.realtime_offset;
	t = clamp(t, -RECORDING_TIME_MAX, RECORDING_TIME_MAX);
	if (!link_find_ip(replay->block.link_type, &c)) {
		return damaged(replay);
	}
	if (reply_decode(c.bytes + c.pos, cursor_left(&c), &replay->context, &reply) == DECODE_OK) {
		drive_reply(replay->drive, &reply, (struct stamp){.t = t, .source = STAMP_PCAP});
	}
	return true;
}

/* What a recording does not know of addresses may be had from files. */
static void judge(struct replay *replay)
{
	if (!replay->facts.has_notes) {
		(void)drive_learn(replay->drive, replay->now);
	}
	drive_judge(replay->drive, replay->now);
}

static void tell_turn(struct replay *replay)
{
	struct probe_spec spec;

	while (engine_poll(replay->drive->engine, replay->now, &spec)) {
		drive_sent(replay->drive, &spec);
		replay->drive->generation++;
	}
	judge(replay);
}

/* A move keeps the family, as the transport that was recorded did. */
static bool take_home(struct replay *replay, const struct engine_home *home)
{
	struct engine_config *config = &replay->facts.engine;

	if (home->self.family != config->self.family) {
		return damaged(replay);
	}
	config->self = replay->context.self = home->self;
	config->self_other = replay->context.self_other = home->self_other;
	config->self_also = replay->context.self_also = home->self_also;
	return true;
}

static void tell_end(struct replay *replay)
{
	replay->has_end = true;
	replay->is_over = true;
	if (!replay->facts.has_notes) {
		replay->drive->has_news = true;
		judge(replay);
	}
}

static void begin_anew(struct replay *replay)
{
	replay->facts.start = replay->now;
	set_context(replay);
	drive_renew(replay->drive, &replay->facts);
	if (replay->on_anew != NULL) {
		replay->on_anew(replay->on_anew_arg);
	}
}

/* Tells one event, whose time has been checked. */
static bool tell_event(struct replay *replay)
{
	struct command command = {.facts = &replay->facts};

	if (!command_get(&replay->events, &command)) {
		return damaged(replay);
	}
	if (command.kind == COMMAND_TURN) {
		tell_turn(replay);
	} else if (command.kind == COMMAND_END) {
		tell_end(replay);
	} else if (command.kind == COMMAND_ANEW) {
		begin_anew(replay);
	} else if (command.kind == COMMAND_MOVE && !take_home(replay, &command.home)) {
		return false;
	}
	(void)command_do(replay->drive, &command);
	replay->drive->generation += command_is_seen(command.kind);
	return true;
}

static bool next_block(struct replay *replay)
{
	switch (pcapng_next(replay->reader, &replay->block, &replay->failure)) {
	case PCAPNG_BLOCK:
		break;
	case PCAPNG_END:
		replay->is_over = true;
		return true;
	case PCAPNG_BAD:
		return err_wrap(&replay->failure, "cannot replay %.60s", replay->path);
	}
	if (replay->block.kind == PCAPNG_SECTION && !replay->is_foreign) {
		return err_set(&replay->failure, ERR_SYNTAX,
			"cannot replay %.100s: it contains more than one run", replay->path);
	}
	replay->events = replay->block.note;
	replay->has_packet = replay->block.kind == PCAPNG_PACKET;
	return true;
}

/* Shows the packet at hand of a foreign capture, unless it is of later than `until`. */
static bool show_packet(struct replay *replay, ns_t until)
{
	uint32_t rounds = replay->drive->session->rounds;
	struct cursor packet = {0};
	ns_t t = foreign_time(replay, replay->block.realtime);

	if (t > until) {
		return false;
	}
	replay->has_packet = false;
	if (find_ip(&replay->block, &packet)) {
		replay->now = t;
		engine_observe_packet(replay->drive->engine, packet.bytes, packet.len,
			replay->block.is_cut, t);
		replay->drive->generation++;
		if (replay->drive->session->rounds != rounds) {
			judge(replay);
		}
	}
	return true;
}

static bool show_until(struct replay *replay, ns_t until)
{
	while (!replay->is_over && replay->failure.code == ERR_NONE) {
		if (replay->has_packet) {
			if (!show_packet(replay, until)) {
				return true;
			}
		} else if (!next_block(replay)) {
			return false;
		}
	}
	if (replay->is_over && replay->drive->session->phase != PHASE_DONE) {
		engine_observe_end(replay->drive->engine);
		replay->drive->has_news = true;
		judge(replay);
		replay->drive->generation++;
	}
	return replay->failure.code == ERR_NONE;
}

/* Tells all up to and with that recorded time. False: the file is bad. */
static bool tell_until(struct replay *replay, ns_t until)
{
	if (replay->is_foreign) {
		return show_until(replay, until);
	}
	while (!replay->is_over && replay->failure.code == ERR_NONE) {
		if (cursor_left(&replay->events) > 0) {
			ns_t t = command_time(replay->events, replay->now);

			if (t < replay->now) {
				return damaged(replay);
			}
			if (t > until) {
				return true;
			}
			replay->now = t;
			if (!tell_event(replay)) {
				return false;
			}
		} else if (replay->has_packet) {
			replay->has_packet = false;
			if (!tell_packet(replay)) {
				return false;
			}
		} else if (!next_block(replay)) {
			return false;
		}
	}
	return replay->failure.code == ERR_NONE;
}

bool replay_result(const struct replay *replay, struct err *err)
{
	if (replay->failure.code != ERR_NONE && err != NULL) {
		*err = replay->failure;
	}
	return replay->failure.code == ERR_NONE;
}

bool replay_all(struct replay *replay, struct err *err)
{
	(void)tell_until(replay, NS_NEVER);
	return replay_result(replay, err);
}

static void on_timer(void *arg)
{
	struct replay *replay = arg;

	if (!tell_until(replay, loop_now(replay->loop) + replay->ahead)) {
		loop_stop(replay->loop);
	} else if (!replay->is_over) {
		loop_timer_set(replay->loop, &replay->timer,
			(replay->is_foreign ? foreign_time(replay, replay->block.realtime) :
			 command_time(replay->events, replay->now)) - replay->ahead);
	}
}

void replay_start(struct replay *replay, struct loop *loop)
{
	replay->loop = loop;
	replay->timer.fn = on_timer;
	replay->timer.arg = replay;
	replay->ahead = replay->now - loop_now(loop);
	loop_timer_set(loop, &replay->timer, loop_now(loop));
}

void replay_pause(struct replay *replay, bool is_paused)
{
	if (is_paused) {
		loop_timer_cancel(replay->loop, &replay->timer);
	} else if (replay->is_paused) {
		replay->ahead = replay->now - loop_now(replay->loop);
		loop_timer_set(replay->loop, &replay->timer, loop_now(replay->loop));
	}
	replay->is_paused = is_paused;
}

bool replay_is_paused(const struct replay *replay)
{
	return replay->is_paused;
}
