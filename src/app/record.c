/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/record.h"

#include <stdlib.h>

#include "base/mem.h"
#include "config.h"

enum { EVENT_BYTES_MAX = 9 + RECORDING_ANEW_MAX };

/* So much of a run may be missing from its recording when the process is killed. */
static const ns_t FLUSH_EVERY = NS_PER_SEC;

struct record {
	struct pcapng_writer writer;
	struct err failure;
	bool has_begun, is_failed;
	ns_t realtime_offset, now, flushed_at;
	uint64_t dropped;
	uint8_t events[PCAPNG_NOTE_MAX]; /* since the last block */
	struct wcursor pending;
};

struct record *record_create(const char *path, struct err *err)
{
	struct record *record = xcalloc(1, sizeof *record);

	if (!pcapng_create(&record->writer, path, err)) {
		free(record);
		return NULL;
	}
	record->pending = wcursor_of(record->events, sizeof record->events);
	return record;
}

bool record_begin(struct record *record, const struct recording_facts *facts, struct err *err)
{
	uint8_t bytes[RECORDING_FACTS_MAX];
	struct pcapng_note note = {.bytes = bytes};

	if (record == NULL) {
		return true;
	}
	note.len = recording_encode_facts(facts, bytes, sizeof bytes);
	record->realtime_offset = facts->realtime_offset;
	record->now = facts->start;
	record->flushed_at = facts->start;
	record->has_begun = true;
	return pcapng_put_section(&record->writer, PACKAGE_STRING, note, err);
}

static bool is_over(const struct record *record)
{
	return record == NULL || !record->has_begun || record->is_failed;
}

/* The events that no packet has taken along go into a block of statistics. */
static void put_pending(struct record *record)
{
	struct pcapng_note note = {record->events, record->pending.pos};

	if (note.len > 0) {
		record->is_failed = !pcapng_put_statistics(&record->writer,
			record->now + record->realtime_offset, record->dropped, note, &record->failure);
		record->pending.pos = 0;
	}
}

/* Begins an event; the longest one fits. */
static struct wcursor *event(struct record *record, enum recording_event code)
{
	if (record->pending.len - record->pending.pos < EVENT_BYTES_MAX) {
		put_pending(record);
	}
	wcursor_u8(&record->pending, (uint8_t)code);
	return &record->pending;
}

/* The same of an event that bears its time. */
static struct wcursor *event_at(struct record *record, enum recording_event code, ns_t now)
{
	struct wcursor *w = event(record, code);

	wcursor_be64(w, (uint64_t)now);
	return w;
}

void record_packet(struct record *record, const struct transport_packet *packet)
{
	struct pcapng_packet out = {
		.bytes = packet->bytes,
		.len = packet->len,
		.is_outbound = packet->is_outbound,
	};
	struct pcapng_note note;

	if (is_over(record)) {
		return;
	}
	note = (struct pcapng_note){record->events, record->pending.pos};
	out.realtime = packet->stamp.t + record->realtime_offset;
	record->pending.pos = 0;
	record->is_failed = !pcapng_put_packet(&record->writer, &out, note, &record->failure);
}

void record_turn(struct record *record, ns_t now)
{
	if (is_over(record)) {
		return;
	}
	(void)event_at(record, RECORDING_TURN, now);
	record->now = now;
	if (now >= record->flushed_at + FLUSH_EVERY) {
		record->flushed_at = now;
		put_pending(record);
		record->is_failed = record->is_failed ||
			!pcapng_flush(&record->writer, &record->failure);
	}
}

void record_unsent(struct record *record, uint32_t seq, int sys)
{
	struct wcursor *w;

	if (!is_over(record)) {
		w = event(record, RECORDING_UNSENT);
		wcursor_be32(w, seq);
		wcursor_be16(w, (uint16_t)sys);
	}
}

void record_gap(struct record *record)
{
	if (!is_over(record)) {
		(void)event(record, RECORDING_GAP);
	}
}

void record_drops(struct record *record, uint64_t dropped, uint64_t foreign)
{
	struct wcursor *w;

	if (is_over(record)) {
		return;
	}
	record->dropped = dropped;
	w = event(record, RECORDING_DROPS);
	wcursor_be64(w, dropped);
	wcursor_be64(w, foreign);
}

void record_pause(struct record *record, ns_t now, bool is_paused)
{
	if (!is_over(record)) {
		(void)event_at(record, is_paused ? RECORDING_PAUSE : RECORDING_RESUME, now);
	}
}

void record_reset(struct record *record)
{
	if (!is_over(record)) {
		(void)event(record, RECORDING_RESET);
	}
}

void record_reset_hop(struct record *record, uint8_t hop)
{
	if (!is_over(record)) {
		wcursor_u8(event(record, RECORDING_RESET_HOP), hop);
	}
}

void record_follow(struct record *record, ns_t now)
{
	if (!is_over(record)) {
		(void)event_at(record, RECORDING_FOLLOW, now);
	}
}

void record_interval(struct record *record, ns_t now, ns_t interval)
{
	if (!is_over(record)) {
		wcursor_be64(event_at(record, RECORDING_INTERVAL, now), (uint64_t)interval);
	}
}

void record_limit(struct record *record, ns_t now, uint64_t round_limit)
{
	if (!is_over(record)) {
		wcursor_be64(event_at(record, RECORDING_LIMIT, now), round_limit);
	}
}

void record_path(struct record *record, ns_t now, const struct engine_path *path)
{
	if (!is_over(record)) {
		recording_put_path(event_at(record, RECORDING_PATH, now), path);
	}
}

void record_walks(struct record *record, ns_t now)
{
	if (!is_over(record)) {
		(void)event_at(record, RECORDING_WALKS, now);
	}
}

void record_faster(struct record *record, ns_t now, uint8_t hop)
{
	if (!is_over(record)) {
		wcursor_u8(event_at(record, RECORDING_FASTER, now), hop);
	}
}

void record_also(struct record *record, ns_t now)
{
	if (!is_over(record)) {
		(void)event_at(record, RECORDING_ALSO, now);
	}
}

void record_move(struct record *record, ns_t now, const struct engine_home *home)
{
	if (!is_over(record)) {
		recording_put_home(event_at(record, RECORDING_MOVE, now), home);
	}
}

void record_arrival(struct record *record, const char *interface)
{
	if (!is_over(record)) {
		recording_put_interface(event(record, RECORDING_ARRIVAL), interface);
	}
}

void record_note(struct record *record, ns_t now, const struct atlas_note *note)
{
	static const enum recording_event events[] = {[ATLAS_NAME] = RECORDING_NAME,
		[ATLAS_NETWORK] = RECORDING_NETWORK, [ATLAS_PLACE] = RECORDING_PLACE};

	if (!is_over(record)) {
		recording_put_note(event_at(record, events[note->kind], now), note);
	}
}

void record_anew(struct record *record, const struct recording_facts *facts)
{
	if (!is_over(record)) {
		recording_put_anew(event_at(record, RECORDING_ANEW, facts->start), facts);
	}
}

const struct err *record_failure(const struct record *record)
{
	return record == NULL || !record->is_failed ? NULL : &record->failure;
}

bool record_destroy(struct record *record, ns_t now, struct err *err)
{
	bool is_ok = true;

	if (record == NULL) {
		return true;
	}
	if (!is_over(record)) {
		(void)event_at(record, RECORDING_END, now);
		put_pending(record);
	}
	is_ok = !record->is_failed;
	if (!pcapng_close(&record->writer, is_ok ? &record->failure : NULL)) {
		is_ok = false;
	}
	if (!is_ok && err != NULL) {
		*err = record->failure;
	}
	free(record);
	return is_ok;
}
