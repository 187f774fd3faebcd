/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef THRUPATH_INFER_PAIR_H
#define THRUPATH_INFER_PAIR_H

#include <stdbool.h>
#include <stdint.h>

/*
 * Neighbouring depths compared round by round: what hits a whole round, such as a burst of loss
 * before both, says nothing; only rounds in which one of them was lost and the others not.
 * Where an outage of a link before both could hit the deeper probe alone, because it comes home
 * later, the shallower one is sent twice: with the deeper one, and to come home with it.
 */
struct pairs {
	uint64_t rounds;    /* in which all were resolved */
	uint64_t deeper;    /* only the deeper probe was lost */
	uint64_t shallower; /* only the shallower one was */
	/* Of these in rounds in which the other depths lost next to nothing, so that a burst before
	 * both is not likely to be the reason. */
	uint64_t quiet_deeper;
	uint64_t quiet_shallower;
	bool is_bracketed;  /* there was a second shallower one; then: */
	uint64_t later, quiet_later; /* only that was lost */
	uint64_t together;  /* the deeper one was lost, and one of the others at the least */
	uint64_t shallower_any; /* one of these was lost, whatever became of the deeper one */
	/* Ordinary packets over the same link in those rounds, and of these the lost ones. */
	uint64_t plain, plain_lost;
};

/* ln E of "the deeper one is lost more often", valid whenever it is looked at: the e-value
 *   E = B(c+1, b+1) P(Bin(n+1, p) <= c) / (p^c (1-p)^(b+1)),  n = c + b,
 * of a one-sided mixture against a coin that shows the deeper one with p = 1/2. For one of K links
 * there is proof at level alpha where E >= K/alpha (Ville's inequality). */
double pair_log_evidence(uint64_t deeper, uint64_t shallower);

/* The same of all rounds and of the quiet ones together, half of the belief in each. Which rounds
 * are quiet the other depths decide, so the coin stays as it is.
 * With a second shallower probe the deeper one is lost alone, on a sound link, as often as each of
 * them: p = 1/3. But where losses come together, there are outages, and their edges may fall
 * between the deeper one and either of the others, and take it as often as both: p = 1/2. Where
 * these are few, edges are beneath notice, and what is lost with the second probe alone, which
 * leaves by itself, is no measure: the first one is compared, and the second only has to come
 * home. */
double pair_log_evidence_of(const struct pairs *);

/* Loss that the deeper probes have beyond the shallower ones', and its standard error. */
double pair_excess(const struct pairs *, double *ret_error);

#endif
