/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef THRUPATH_APP_RECORD_H
#define THRUPATH_APP_RECORD_H

#include "app/recording.h"
#include "net/pcapng.h"
#include "net/transport.h"

/*
 * --record: writes down what the engine is told, in the order in which it is told. Every
 * function accepts NULL, which records nothing. A recording that cannot go on says so once
 * and is over; the run is not.
 */
struct record;

/* Creates the file before anything is sent. NULL: it cannot be written. */
struct record *record_create(const char *path, struct err *err);
/* Writes the end, where record_begin was called. False: the file is not whole. */
NODISCARD bool record_destroy(struct record *, ns_t now, struct err *err);

NODISCARD bool record_begin(struct record *, const struct recording_facts *, struct err *err);
void record_packet(struct record *, const struct transport_packet *);
void record_turn(struct record *, ns_t now);
void record_unsent(struct record *, uint32_t seq, int sys);
void record_gap(struct record *);
/* Every reading, also of unchanged numbers: the engine draws a line under each. */
void record_drops(struct record *, uint64_t dropped, uint64_t foreign);
void record_pause(struct record *, ns_t now, bool is_paused);
void record_reset(struct record *);
void record_reset_hop(struct record *, uint8_t hop);
void record_path(struct record *, ns_t now, const struct engine_path *);
void record_interval(struct record *, ns_t now, ns_t interval);
void record_limit(struct record *, ns_t now, uint64_t round_limit);
void record_follow(struct record *, ns_t now);
void record_walks(struct record *, ns_t now);
void record_also(struct record *, ns_t now);
void record_faster(struct record *, ns_t now, uint8_t hop);
void record_move(struct record *, ns_t now, const struct engine_home *);
void record_arrival(struct record *, const char *interface);
void record_note(struct record *, ns_t now, const struct atlas_note *);
void record_anew(struct record *, const struct recording_facts *); /* another engine */

/* Why the recording ended before the run; NULL while it has not. */
const struct err *record_failure(const struct record *);

#endif
