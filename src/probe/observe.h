/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef THRUPATH_PROBE_OBSERVE_H
#define THRUPATH_PROBE_OBSERVE_H

#include "base/err.h"
#include "pkt/probe_read.h"
#include "probe/engine.h"

/*
 * What a capture of somebody else's tells of a run: probes are taken from it as they were seen
 * leaving, and answers are matched to them by number alone, for the session's key is not in
 * it. So nothing is proven: whoever could send packets to the prober could have forged them.
 * Traces, scans and SYNs are not read.
 *
 * First a survey of the whole capture finds out who probed what; then an engine made of its
 * facts is told the same packets again, and sends nothing itself.
 */

/* Rounds are counted by what they hold: one begins where a probe comes again. */
struct round_count {
	uint32_t rounds;
	uint32_t last[WALK_STATS_COUNT][HOP_MAX + 1];
	bool has_nested;
	ns_t last_at;
};

struct survey {
	struct reply_context context;    /* of the first probe's run: others are strangers */
	struct addr destination;
	struct addr hop[HOP_MAX];
	bool has_walk[WALK_STATS_COUNT];
	enum inner_source inner_source;
	uint8_t nested_depth;            /* the deepest; 0: there was no nested probe */
	struct addr to_hop[HOP_MAX + 1]; /* [t]: who answered the To probe of TTL t */
	uint8_t sent_ttl, answered_ttl;  /* of To probes: the highest */
	uint8_t end_ttl;                 /* where the destination answered; 0: it did not */
	bool is_end_expiring;            /* but with time exceeded alone */
	uint16_t size_bytes;
	uint8_t tos;
	uint64_t probes;                 /* that count */
	struct round_count count;
	uint32_t nested_from;            /* the round in which the nested ones begin; 0: none */
	ns_t begun_at[2];                /* the first and the last round */
	ns_t started_at, ended_at;       /* the first probe, and the last packet of the run */
};

void survey_init(struct survey *);
/* An IP packet with its time; false: it is none of the run's. */
bool survey_packet(struct survey *, const uint8_t *bytes, size_t len, ns_t t);
/* What an engine is made of; `ret_path` has HOP_MAX entries and is borrowed by it. False:
 * there was no probe. */
NODISCARD bool survey_end(struct survey *, struct addr *ret_path,
	struct engine_config *ret_config);

/* From now on the engine, which must be new, believes what it is shown. */
void engine_observe(struct engine *, const struct survey *);
/* Shows it a packet; times do not decrease. is_cut: only its beginning was captured. */
void engine_observe_packet(struct engine *, const uint8_t *bytes, size_t len, bool is_cut, ns_t t);
/* The capture is over: rounds of which a probe still was out are void. */
void engine_observe_end(struct engine *);

#endif
