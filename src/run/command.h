/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef THRUPATH_RUN_COMMAND_H
#define THRUPATH_RUN_COMMAND_H

#include "run/recording.h"

/*
 * What a run is told beside packets, whoever tells it: a key, the transport, the atlas, or a
 * recording. A row for each kind says how it is done, written and read, so that a recording can
 * forget none. The numbers of the kinds are those in recordings.
 */
enum command_kind {
	COMMAND_TURN = 1,        /* the engine was polled */
	COMMAND_UNSENT,          /* this probe did not leave */
	COMMAND_GAP,
	COMMAND_DROPS,           /* of every reading, for the engine draws a line under each */
	COMMAND_PAUSE,
	COMMAND_RESUME,
	COMMAND_RESET,
	COMMAND_END,             /* the run was over, the recording is whole */
	COMMAND_RESET_HOP,
	COMMAND_FOLLOW,          /* takes the changed path */
	COMMAND_PATH,
	COMMAND_INTERVAL,
	COMMAND_WALKS,           /* adds the walks that tell out from back */
	COMMAND_LIMIT,
	COMMAND_FASTER,          /* probes that hop more often for a while */
	COMMAND_ALSO,            /* probes all from the other address as well, for a while */
	COMMAND_ANEW,            /* another engine */
	COMMAND_MOVE,            /* this host moved */
	COMMAND_ARRIVAL,         /* from now on replies come in by that interface */
	COMMAND_NAME,            /* of an address, likewise below */
	COMMAND_NETWORK,         /* that announces it */
	COMMAND_PLACE,           /* where a database has it */
	COMMAND_FORGED,          /* so many more replies were known for forged before they came here */
	COMMAND_LINK_MTU,        /* measures the MTU of each link */
	COMMAND_COUNT
};

struct command {
	enum command_kind kind;
	ns_t at;                 /* of the kinds that have a time */
	struct recording_facts *facts; /* of another engine; read in the place of the one's before */
	union {
		struct {
			uint32_t seq;
			uint16_t sys;    /* errno */
		} unsent;
		struct {
			uint64_t dropped, foreign; /* by the capture, so far */
		} drops;
		uint64_t forged;
		uint8_t hop;             /* 1-based */
		struct engine_path path;
		ns_t interval;
		uint64_t round_limit;    /* in all */
		struct engine_home home;
		char interface[INTERFACE_NAME_MAX];
		struct atlas_note note;
	};
};

enum { COMMAND_BYTES_MAX = 9 + RECORDING_ANEW_MAX };

struct drive;

/* Tells the engine of the drive, and whoever else has to know. False: not now. Turn, end and anew
 * are done by who has them. */
bool command_do(struct drive *, const struct command *);
void command_put(struct wcursor *, struct command *); /* which stays as it is */
/* False where it is cut, or says what cannot be. */
NODISCARD bool command_get(struct cursor *, struct command *);
/* The time of the one at the cursor; `now` where it has none; -1: it says none that can be. */
ns_t command_time(struct cursor, ns_t now);
/* Whether it may change what is seen. */
bool command_is_seen(enum command_kind);

#endif
