/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "run/drive.h"

#include <stdio.h>

/* Reading the drop counter is a system call; at high rates not every round deserves one. */
static const ns_t DROPS_EVERY = 10 * NS_PER_MS;
static const ns_t WAKE_EVERY = NS_PER_MS;
/* A source that has no answer yet, or no room for a question, is asked again. */
static const ns_t ASK_EVERY = NS_PER_SEC / 4;

void drive_reply(struct drive *drive, const struct reply *reply, struct stamp stamp)
{
	struct engine_answer answer;

	engine_reply(drive->engine, reply, stamp);
	drive->is_due = true;
	drive->generation += reply->kind != REPLY_SENT;
	if (drive->watch != NULL && engine_last_answer(drive->engine, &answer)) {
		drive->watch->answered(drive->watch->arg, &answer);
	}
}

void drive_sent(struct drive *drive, const struct probe_spec *spec)
{
	if (drive->watch != NULL) {
		drive->watch->sent(drive->watch->arg, spec);
	}
}

bool drive_do(struct drive *drive, struct command command)
{
	command.at = loop_now(drive->loop);
	if (!command_do(drive, &command)) {
		return false;
	}
	record_command(drive->record, &command);
	drive->is_due = true;
	loop_timer_set(drive->loop, &drive->timer, command.at); /* also where no turn is under way */
	drive->generation += command_is_seen(command.kind);
	return true;
}

static void on_reply(void *arg, const struct reply *reply, struct stamp stamp)
{
	drive_reply(arg, reply, stamp);
}

static void on_packet(void *arg, const struct transport_packet *packet)
{
	struct drive *drive = arg;
	const char *interface;

	if (!packet->is_outbound && arrival_has_changed(&drive->arrival, packet->interface,
	    &drive->session->interface, &interface)) {
		struct command command = {.kind = COMMAND_ARRIVAL};

		(void)snprintf(command.interface, sizeof command.interface, "%s", interface);
		(void)drive_do(drive, command);
	}
	record_packet(drive->record, packet);
}

static void on_unsent(void *arg, uint32_t seq, const struct err *why)
{
	(void)drive_do(arg, (struct command){.kind = COMMAND_UNSENT,
		.unsent = {seq, (uint16_t)why->sys}});
}

static void on_gap(void *arg)
{
	(void)drive_do(arg, (struct command){.kind = COMMAND_GAP});
}

static void on_failed(void *arg, const struct err *why)
{
	struct drive *drive = arg;

	drive->failure = *why;
	loop_stop(drive->loop);
}

static void read_drops(struct drive *drive, ns_t now)
{
	struct transport_counters counters;

	if (now < drive->drops_read_at + DROPS_EVERY) {
		return;
	}
	drive->drops_read_at = now;
	drive->transport->ops->count(drive->transport, &counters);
	drive->rx_dropped = counters.rx_dropped;
	(void)drive_do(drive, (struct command){.kind = COMMAND_DROPS, .drops = {
		counters.rx_dropped - drive->rx_dropped_before, counters.decoded[DECODE_FOREIGN]}});
}

/* Above a thousand rounds a second several share a wake, and a system call. */
static void arm(struct drive *drive, ns_t now)
{
	ns_t next = engine_next(drive->engine, now);
	ns_t soonest = now + WAKE_EVERY;

	loop_timer_set(drive->loop, &drive->timer, next > now && next < soonest ? soonest : next);
}

static void on_note(void *arg, const struct atlas_note *note)
{
	struct drive *drive = arg;
	struct command command = {.kind = (enum command_kind)(COMMAND_NAME + note->kind),
		.at = drive->asked_at, .note = *note};

	record_command(drive->record, &command);
	drive->is_due = true;
	drive->generation++;
}

bool drive_learn(struct drive *drive, ns_t now)
{
	if (drive->source == NULL || (!drive->has_news && now < drive->asked_at + ASK_EVERY &&
	    !atlas_lacks(drive->atlas, drive->session))) {
		return false;
	}
	drive->has_news = false;
	drive->asked_at = now;
	return atlas_ask(drive->atlas, drive->source, drive->session, on_note, drive);
}

void drive_judge(struct drive *drive, ns_t now)
{
	bool is_over = drive->session->phase == PHASE_DONE;
	bool has_changed = drive->atlas != NULL && atlas_follow(drive->atlas, drive->session);

	if (drive->diag != NULL && !(is_over && drive->is_judged && !has_changed)) {
		diag_advance(drive->diag, drive->session, now, is_over);
		drive->is_judged = is_over;
	}
}

/* Of the last replies nothing is left unasked, and all of it is judged. */
static void finish(struct drive *drive, ns_t now)
{
	drive->was_done = true;
	drive->drops_read_at = 0;
	read_drops(drive, now);
	drive->has_news = true;
	if (drive_learn(drive, now)) {
		record_command(drive->record, &(struct command){.kind = COMMAND_TURN, .at = now});
		drive_judge(drive, now);
	}
	drive->generation++;
	if (drive->on_done != NULL) {
		drive->on_done(drive->arg);
	}
}

void drive_pump(struct drive *drive)
{
	ns_t now = loop_now(drive->loop);
	struct probe_spec spec;
	bool has_sent = false;

	record_command(drive->record, &(struct command){.kind = COMMAND_TURN, .at = now});
	if (drive->is_cut_off) {
		on_gap(drive);
	}
	while (engine_poll(drive->engine, now, &spec)) {
		if (!drive->is_cut_off) {
			drive->transport->ops->send(drive->transport, &spec);
		}
		drive_sent(drive, &spec);
		has_sent = true;
	}
	if (has_sent) {
		drive->transport->ops->flush(drive->transport);
		read_drops(drive, now);
		drive->generation++;
	}
	drive_judge(drive, now);
	if (drive->session->phase == PHASE_DONE && !drive->was_done) {
		finish(drive, now);
	}
	arm(drive, now);
	drive->is_due = false;
}

/* The turn's end does the work; the timer only makes sure that there is a turn. */
static void on_timer(void *arg)
{
	struct drive *drive = arg;

	drive->is_due = true;
}

/* The engine is woken by what concerns it alone: whoever else wakes the loop, a picture or a hook,
 * changes nothing of the run. */
static void on_turn_end(void *arg)
{
	struct drive *drive = arg;

	(void)drive_learn(drive, loop_now(drive->loop));
	if (drive->is_due) {
		drive_pump(drive);
	}
}

bool drive_start(struct drive *drive, struct err *err)
{
	struct transport_events events = {.reply = on_reply, .packet = on_packet,
		.unsent = on_unsent, .gap = on_gap, .failed = on_failed, .arg = drive};

	drive->timer.fn = on_timer;
	drive->timer.arg = drive;
	if (!drive->transport->ops->start(drive->transport, drive->loop, &events, err)) {
		return false;
	}
	loop_at_turn_end(drive->loop, on_turn_end, drive);
	loop_timer_set(drive->loop, &drive->timer, loop_now(drive->loop));
	return true;
}

void drive_cut_off(struct drive *drive, bool is_cut_off)
{
	if (drive->is_cut_off || is_cut_off) {
		on_gap(drive);
	}
	drive->is_cut_off = is_cut_off;
}

void drive_renew(struct drive *drive, struct recording_facts *facts)
{
	struct engine_config config = facts->engine;

	arrival_forget(&drive->arrival);
	record_command(drive->record, &(struct command){.kind = COMMAND_ANEW, .at = facts->start,
		.facts = facts});
	ident_init(&config.ident, &facts->key);
	engine_destroy(drive->engine);
	session_finish(drive->session);
	session_init(drive->session);
	drive->engine = engine_create(&config, drive->session, facts->start);
	if (drive->diag != NULL) {
		diag_destroy(drive->diag);
		drive->diag = diag_create();
		if (drive->atlas != NULL) {
			diag_set_facts(drive->diag, atlas_facts(drive->atlas));
		}
	}
	drive->rx_dropped_before = drive->rx_dropped;
	drive->was_done = false;
	drive->is_judged = false;
	drive->renewals++;
	drive->generation++;
}
