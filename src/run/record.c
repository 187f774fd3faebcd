/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "run/record.h"

#include <stdlib.h>

#include "base/mem.h"
#include "config.h"

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

/* A turn is where the file may end. */
static void flush(struct record *record, ns_t now)
{
	record->now = now;
	if (now >= record->flushed_at + FLUSH_EVERY) {
		record->flushed_at = now;
		put_pending(record);
		record->is_failed = record->is_failed ||
			!pcapng_flush(&record->writer, &record->failure);
	}
}

void record_command(struct record *record, struct command *command)
{
	if (is_over(record)) {
		return;
	}
	if (record->pending.len - record->pending.pos < COMMAND_BYTES_MAX) {
		put_pending(record);
	}
	if (command->kind == COMMAND_DROPS) {
		record->dropped = command->drops.dropped;
	}
	command_put(&record->pending, command);
	if (command->kind == COMMAND_TURN) {
		flush(record, command->at);
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
	record_command(record, &(struct command){.kind = COMMAND_END, .at = now});
	if (!is_over(record)) {
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
