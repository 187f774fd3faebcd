/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef THRUPATH_MODEL_STATS_H
#define THRUPATH_MODEL_STATS_H

#include "model/quant.h"
#include "pkt/icmp.h"

/*
 * Everything counted of one kind of probe to one hop. A probe enters the counts once it is
 * resolved: answered, erred, or past its deadline. Sums are doubles: integer averages of
 * truncated steps sink with time. Knows no hop, no packet.
 * In the terms of IPPM: `lost` is round-trip loss (RFC 6673) with the deadline as Tmax (RFC 7680);
 * RTTs are round-trip delay (RFC 2681); jitter is IPDV without its sign (RFC 3393), of answers in
 * order of arrival; `duplicate` is RFC 5560; `reordered` is RFC 4737 but by round, not by packet.
 * `transmitted` is mtr's Snt, and ours; snapshots and JSON call it sent, and `sent` resolved.
 * Invariant: received + late + lost + sum(errors) == sent.
 */
enum { STATS_HISTORY = 256, STATS_RECENT_SEC = 60, STATS_PHASE_US = 40000 };

enum outcome {
	OUTCOME_NONE,            /* that round was not probed, or is void */
	OUTCOME_PENDING,
	OUTCOME_ANSWERED,
	OUTCOME_LOST,
	OUTCOME_LATE,            /* answered after it was given up */
	OUTCOME_ERROR
};

struct stats_cell {
	uint32_t round;
	uint8_t outcome;         /* enum outcome */
	uint16_t came_us;        /* when the answer came, within STATS_PHASE_US: clocks show there */
	uint32_t rtt_us;
};

struct stats_second {
	int64_t second;          /* of the loop's clock */
	uint32_t sent, lost;
	ns_t best, worst, jitter_worst; /* of probes that left then; best 0: none was answered */
};

struct stats {
	uint64_t transmitted;    /* left the prober, the unresolved ones too; void ones do not count */
	uint64_t sent, received, lost, late, duplicate, reordered;
	uint64_t errors[CAUSE_COUNT];
	ns_t last, best, worst;
	double mean_ns, m2_ns, log_sum; /* Welford (1962); sum of ln(ns) for the geometric mean */
	uint64_t samples;        /* RTTs: stays when a round is voided, received does not */
	ns_t jitter, jitter_worst;
	double jitter_sum_ns, jitter_rfc_ns; /* RFC 3550, 6.4.1: J += (|D| - J)/16 */
	uint32_t highest_round;  /* answered; for reordering */
	struct quant quant;
	struct stats_cell history[STATS_HISTORY]; /* at round % STATS_HISTORY */
	struct stats_second recent[STATS_RECENT_SEC];
};

/* When and in which round a probe left. */
struct stats_probe {
	uint32_t round;
	ns_t sent_at;
};

void stats_transmitted(struct stats *, const struct stats_probe *);
void stats_answered(struct stats *, const struct stats_probe *, ns_t rtt);
void stats_lost(struct stats *, const struct stats_probe *);
void stats_error(struct stats *, const struct stats_probe *, enum icmp_cause);
void stats_late(struct stats *, const struct stats_probe *);  /* of one counted lost */
void stats_duplicate(struct stats *);

/* Takes a probe of a void round out of the counts again; `was` says how it was counted,
 * `cause` which error. Its RTT, if any, stays: it is a true measurement. */
void stats_void(struct stats *, const struct stats_probe *, enum outcome was,
	enum icmp_cause cause);

/* What became of the probe of that round; NULL: its place has another round's. Borrowed. */
const struct stats_cell *stats_cell_of(const struct stats *, uint32_t round);
/* Answered or lost: such a cell says something of loss. Accepts NULL. */
bool stats_is_resolved(const struct stats_cell *);

/* Probes that say something about loss: resolved and not ended by an ICMP error. */
uint64_t stats_loss_trials(const struct stats *);
/* Loss of the last 60 s; negative where nothing was resolved. */
double stats_recent_loss(const struct stats *, ns_t now);

double stats_avg_ms(const struct stats *);
double stats_stddev_ms(const struct stats *);      /* of the sample: n - 1 */
double stats_gmean_ms(const struct stats *);
double stats_jitter_avg_ms(const struct stats *);  /* over the n - 1 differences */

#endif
