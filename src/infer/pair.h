/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef THRUPATH_INFER_PAIR_H
#define THRUPATH_INFER_PAIR_H

#include <stdint.h>

/*
 * Neighbouring depths compared round by round: what hits a whole round, such as a burst of loss
 * before both, says nothing; only rounds in which one of the two was lost and the other not.
 */
struct pairs {
	uint64_t rounds;    /* in which both were resolved */
	uint64_t deeper;    /* only the deeper probe was lost */
	uint64_t shallower; /* only the shallower one was */
	/* Of these in rounds in which the other depths lost next to nothing, so that a burst before
	 * both is not likely to be the reason. */
	uint64_t quiet_deeper;
	uint64_t quiet_shallower;
};

/* ln E of "the deeper one is lost more often", valid whenever it is looked at: the e-value
 *   E = 2^(n+1) B(c+1, b+1) P(Bin(n+1, 1/2) <= c),  n = c + b,
 * of a one-sided mixture against a fair coin. For one of K links there is proof at level alpha
 * where E >= K/alpha (Ville's inequality). */
double pair_log_evidence(uint64_t deeper, uint64_t shallower);

/* The same of all rounds and of the quiet ones together, half of the belief in each. Which rounds
 * are quiet the other depths decide, so the coin stays fair. */
double pair_log_evidence_of(const struct pairs *);

/* Loss that the deeper probes have beyond the shallower ones', and its standard error. */
double pair_excess(const struct pairs *, double *ret_error);

#endif
