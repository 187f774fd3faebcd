/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef THRUPATH_RUN_RECORDING_H
#define THRUPATH_RUN_RECORDING_H

#include "atlas/atlas.h"
#include "base/err.h"
#include "pkt/cursor.h"
#include "probe/engine.h"

/*
 * What a recording says beside its packets, in custom options of the capture file: at the
 * section, the facts of the session; with each packet, what else the engine was told since
 * the packet before. The engine has no clock and no socket: told the same in the same
 * order, it decides the same, and every number comes out again (command).
 */

/* Instants of the monotonic clock are less, 36 years, so that thrice a difference fits. */
#define RECORDING_TIME_MAX ((ns_t)1 << 60)
#define RECORDING_REALTIME_MAX ((ns_t)1 << 62)

enum { RECORDING_FACTS_MAX = 4096, RECORDING_NAME_MAX = 256, RECORDING_MTU_MIN = 68,
	RECORDING_MTU_MAX = 1984 };

struct recording_facts {
	struct siphash_key key;
	struct engine_config engine;     /* but for ident; path points to the one below */
	struct addr path[HOP_MAX], path_other[HOP_MAX];
	uint8_t path_carrier[HOP_MAX];
	ns_t start;                      /* the engine's, on the monotonic clock */
	ns_t start_realtime;             /* the report's */
	ns_t realtime_offset;            /* of the packets' stamps to the monotonic clock */
	uint32_t route_mtu;
	bool is_nesting_refused;         /* for want of --public */
	bool has_notes;                  /* what was known of addresses is written down, too */
	bool has_bounces;                /* and whether the run sends bounces, */
	bool has_carriers;               /* and what it nests by */
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

#endif
