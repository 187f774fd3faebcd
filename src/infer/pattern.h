/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef THRUPATH_INFER_PATTERN_H
#define THRUPATH_INFER_PATTERN_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/*
 * Patterns that give away who made them: a token bucket, a clock of coarse ticks, lost packets
 * that come in bursts, counters of hops.
 */

/* Gaps between one event and the next, in trials: 1 where they follow one another. The newest. */
enum { GAPS = 32 };

struct gaps {
	uint16_t gap[GAPS];      /* a ring */
	uint32_t count;          /* of all so far */
	uint32_t since;          /* trials since the last event */
	bool has_begun;          /* there was one */
};

void gaps_take(struct gaps *, bool is_event);

/* A token bucket hands out its answers evenly; of loss by chance some follow one another and some
 * are far apart. Of what is rarer, answers or losses: */
struct bucket_pattern {
	double share;       /* that is answered */
	double dispersion;  /* variance of the gaps over that of a geometric law; about 1 by chance */
	double chance;      /* that chance alone would be as even as that */
};

/* Of all ways in which m gaps add up to n trials, as chance takes any of them alike, those in which
 * all but j gaps are at least d: C(m, j) C(n-1-(m-j)(d-1), m-1) / C(n-1, m-1) at the most. The
 * least of it over d, times the number of d tried. False: too few to say. */
bool pattern_bucket(const struct gaps *answers, const struct gaps *losses,
	struct bucket_pattern *ret_pattern);

/* What the bucket held, from the answers before the first one missing: while it gave those, it
 * took in the share that it answers from then on. */
uint32_t pattern_burst(uint32_t first_run, double share);

/* Asked more often, does it answer as large a share? A limiter answers as often as before. By the
 * normal test of two shares, at four deviations; in step are shares within two. */
enum share_change {
	SHARE_UNKNOWN,           /* too few, or between the two */
	SHARE_FELL,
	SHARE_IN_STEP
};

enum share_change pattern_share_change(uint64_t asked_before, uint64_t answered_before,
	uint64_t asked, uint64_t answered);

/* How much a row of outcomes clusters: the variance of the loss of batches over what independent
 * losses would have; 1 where there is no clustering. n over it is the effective sample size. */
double pattern_burst_inflation(const uint64_t *batch_lost, size_t batches, uint64_t batch_size);

/* How many of these lose more than half as much again as all of them together, and nearly all of
 * what is lost: four fifths, three times as often as the rest. That it is no chance tells Pearson's
 * sum of squares, five deviations above its freedom. 0: there are none such. */
unsigned pattern_bad_members(const uint32_t *sent, const uint32_t *lost, size_t count);

/* Length of the mean vector of values on a circle of `period`: 1 where all are multiples of it. */
double pattern_concentration(const double *values, size_t count, double period);
/* The coarsest tick of a list that these times are multiples of; 0: none. Ties of chance have
 * p = exp(-n R^2) (Rayleigh). */
double pattern_tick_ms(const double *values_ms, size_t count);
/* The coarsest tick that all answers came at, while questions left at any time; 0: none. Both
 * within 40 ms, which ticks divide. */
double pattern_phase_ms(const double *left_ms, const double *came_ms, size_t count);

/* Hops that an answer came over, by its TTL: senders begin at 32, 64, 128 or 255. A hint only. */
unsigned pattern_hops_back(uint8_t rx_ttl);
/* Length of a tunnel whose end answers time-exceeded from 255 and echo from 64 (RTLA; Vanaubel
 * and others 2013); negative: no such router. */
int pattern_tunnel_length(uint8_t exceeded_ttl, uint8_t echo_ttl);

#endif
