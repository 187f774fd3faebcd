/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef THRUPATH_APP_RECORDING_H
#define THRUPATH_APP_RECORDING_H

#include "atlas/atlas.h"
#include "base/err.h"
#include "pkt/cursor.h"
#include "probe/engine.h"

/*
 * What a recording says beside its packets, in custom options of the capture file: at the
 * section, the facts of the session; with each packet, what else the engine was told since
 * the packet before. The engine has no clock and no socket: told the same in the same
 * order, it decides the same, and every number comes out again.
 */
enum recording_event {
	RECORDING_TURN = 1,      /* time 8: the engine was polled */
	RECORDING_UNSENT,        /* number 4, errno 2: this probe did not leave */
	RECORDING_GAP,
	RECORDING_DROPS,         /* lost by the capture 8, foreign 8: so far */
	RECORDING_PAUSE,         /* time 8 */
	RECORDING_RESUME,        /* time 8 */
	RECORDING_RESET,
	RECORDING_END,           /* time 8: the run was over, the recording is whole */
	RECORDING_RESET_HOP,     /* hop 1 */
	RECORDING_FOLLOW,        /* time 8: takes the changed path */
	RECORDING_PATH,          /* time 8, then as recording_put_path() writes it */
	RECORDING_INTERVAL,      /* time 8, interval 8 */
	RECORDING_WALKS,         /* time 8: adds the walks that tell out from back */
	RECORDING_LIMIT,         /* time 8, rounds in all 8 */
	RECORDING_FASTER,        /* time 8, hop 1: asks that one more often for a while */
	RECORDING_ALSO,          /* time 8: asks all from the other address as well, for a while */
	RECORDING_ANEW,          /* time 8, then as recording_put_anew() writes it: another engine */
	RECORDING_MOVE,          /* time 8, then as recording_put_home() writes it: this host moved */
	RECORDING_ARRIVAL,       /* name 16: from now on replies come in by that interface */
	RECORDING_NAME,          /* time 8, then as recording_put_note() writes it: of an address */
	RECORDING_NETWORK,       /* likewise: who announces it */
	RECORDING_PLACE,         /* likewise: where a database has it */
	RECORDING_EVENT_COUNT
};

/* Instants of the monotonic clock are less, 36 years, so that thrice a difference fits. */
#define RECORDING_TIME_MAX ((ns_t)1 << 60)
#define RECORDING_REALTIME_MAX ((ns_t)1 << 62)

enum { RECORDING_FACTS_MAX = 4096, RECORDING_NAME_MAX = 256 };

struct recording_facts {
	struct siphash_key key;
	struct engine_config engine;     /* but for ident; path points to the one below */
	struct addr path[HOP_MAX], path_other[HOP_MAX];
	ns_t start;                      /* the engine's, on the monotonic clock */
	ns_t start_realtime;             /* the report's */
	ns_t realtime_offset;            /* of the packets' stamps to the monotonic clock */
	uint32_t route_mtu;
	bool is_nesting_refused;         /* for want of --public */
	bool has_notes;                  /* what was known of addresses is written down, too */
	struct spot here;                /* where the prober stood, if somebody said so */
	char destination_name[RECORDING_NAME_MAX]; /* "": none */
	char local_host[RECORDING_NAME_MAX];
};

/* Returns the bytes written; the cap must be RECORDING_FACTS_MAX. */
size_t recording_encode_facts(const struct recording_facts *, uint8_t *ret_bytes, size_t cap);

/* Reads facts from a file, which may say anything: what an engine could not be made of is
 * refused. Where the answer is true, engine.path points into ret_facts or is NULL. */
NODISCARD bool recording_decode_facts(struct cursor, struct recording_facts *ret_facts,
	struct err *err);

/* The facts of another engine; what concerns the file is the first ones' still. */
enum { RECORDING_ANEW_MAX = 8 + 2 + RECORDING_FACTS_MAX };

void recording_put_anew(struct wcursor *, const struct recording_facts *);
/* False where no engine could be made of them; then nothing is changed. */
NODISCARD bool recording_get_anew(struct cursor *, struct recording_facts *);

enum { RECORDING_PATH_MAX = 1 + 1 + 8 + 17 + HOP_MAX * 2 * 17 };

void recording_put_path(struct wcursor *, const struct engine_path *);
/* False where no engine could take it. */
NODISCARD bool recording_get_path(struct cursor *, struct engine_path *ret_path);

void recording_put_note(struct wcursor *, const struct atlas_note *);
/* The kind is known. False where it is of no address, or says what cannot be. */
NODISCARD bool recording_get_note(struct cursor *, enum atlas_kind, struct atlas_note *ret_note);

void recording_put_home(struct wcursor *, const struct engine_home *);
NODISCARD bool recording_get_home(struct cursor *, struct engine_home *ret_home);
void recording_put_interface(struct wcursor *, const char *name);
void recording_get_interface(struct cursor *, char ret_name[INTERFACE_NAME_MAX]);

#endif
