/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef THRUPATH_RUN_RECORD_H
#define THRUPATH_RUN_RECORD_H

#include "run/command.h"
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
void record_command(struct record *, struct command *);

/* Why the recording ended before the run; NULL while it has not. */
const struct err *record_failure(const struct record *);

#endif
