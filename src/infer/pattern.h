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

/* Answers in windows of equal time: of loss by chance they scatter as counts do, a token bucket
 * hands out the same number each time. */
struct bucket_pattern {
	double rate;        /* answers a window, the first one left out */
	double dispersion;  /* variance over that of a binomial; about 1 by chance, near 0 a limiter */
	double chance;      /* that chance alone would scatter so little */
	uint32_t burst;     /* answers before the first one missing */
};

/* answers[w] of asked[w] in each window. False: too few to say. */
bool pattern_bucket(const uint32_t *answers, const uint32_t *asked, size_t windows,
	struct bucket_pattern *ret_pattern);

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

/* How many of these lose more than twice what all of them do together, where that is no chance:
 * Pearson's sum of squares is five deviations above its freedom. 0: none, or all alike. */
unsigned pattern_bad_members(const uint32_t *sent, const uint32_t *lost, size_t count);

/* Gilbert and Elliott's own: (1+rho)/(1-rho), rho = 1 - enter - leave. */
double pattern_gilbert_inflation(double enter, double leave);

/* Length of the mean vector of values on a circle of `period`: 1 where all are multiples of it. */
double pattern_concentration(const double *values, size_t count, double period);
/* The coarsest tick of a list that these times are multiples of; 0: none. Ties of chance have
 * p = exp(-n R^2) (Rayleigh). */
double pattern_tick_ms(const double *values_ms, size_t count);

/* Hops that an answer came over, by its TTL: senders begin at 32, 64, 128 or 255. A hint only. */
unsigned pattern_hops_back(uint8_t rx_ttl);
/* Length of a tunnel whose end answers time-exceeded from 255 and echo from 64 (RTLA; Vanaubel
 * and others 2013); negative: no such router. */
int pattern_tunnel_length(uint8_t exceeded_ttl, uint8_t echo_ttl);

#endif
