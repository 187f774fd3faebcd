/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef THRUPATH_INFER_LOSS_H
#define THRUPATH_INFER_LOSS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/*
 * Loss with what is known of it. The interval is always valid: it may be looked at after
 * every probe, for ever, and the truth leaves it in at most alpha of all runs.
 */
struct loss_interval {
	double low, high;  /* fractions 0..1 */
};

/* Confidence sequence of a loss ratio from x lost of n, by the mixture E-value
 *   E(p) = B(a+x, b+n-x) / (B(a,b) p^x (1-p)^(n-x)),  {p : E(p) < 1/alpha},
 * with the prior Beta(a=.5, b=50), which fits networks (Ville's inequality; Robbins 1970). */
struct loss_interval loss_always_valid(uint64_t lost, uint64_t trials, double alpha);

/* The same for another prior; for the published vectors. */
struct loss_interval loss_always_valid_prior(uint64_t lost, uint64_t trials, double alpha,
	double a, double b);

/* ln E(p); for alarms and vectors. */
double loss_log_evidence(double p, uint64_t lost, uint64_t trials, double a, double b);

/* One depth's counts. */
struct loss_count {
	uint64_t lost, trials;
};

struct link_loss {
	bool is_known;     /* both depths have trials */
	double loss;       /* 1 - S_far / S_near, not below 0 */
	double low, high;  /* alpha/2 in each of the two depths */
};

/* Loss of the link between two depths. `near` NULL: the prober itself, which loses nothing. */
struct link_loss loss_of_link(const struct loss_count *near, const struct loss_count *far,
	double alpha);

/* ln of the likelihood of one rate of loss, the one that fits best; 0 for no trials. */
double loss_fit(const struct loss_count *);

/* Where along a path most of the loss begins, as indices: one rate up to the hop before, at least
 * twice as much from that hop on. 0: one rate for all of them. The set from `low` to `high` holds
 * every place whose likelihood is not far below that of the best one (profile likelihood of a
 * change point). */
struct loss_rise {
	size_t best, low, high;
};

struct loss_rise loss_rise_find(const struct loss_count *count, size_t hops);

/* Whether more is lost than that beyond chance (ratio of likelihoods). */
bool loss_is_more(const struct loss_count *, const struct loss_count *than);

/* Loss in parts of time, one after the other: where the last stretch of one rate begins, and how
 * much the worst stretch before it lost. Stretches are cut in two as long as that fits better by
 * far (binary segmentation; ratio of likelihoods, the larger the farther neighbouring parts lie
 * apart than chance would put them, as where losses come in bursts). `count` at most LOSS_PARTS. */
enum { LOSS_PARTS = 65 };

struct loss_stretch {
	size_t begin;      /* index; 0: it is all of one rate */
	double dispersion; /* 1 and more: variance over that of chance */
	double worst;      /* fraction; of stretches before the last; 0: there is none */
};

struct loss_stretch loss_last_stretch(const struct loss_count *part, size_t count);

/* Wilson's score interval at 95 %; the yardstick for the width of ours. */
struct loss_interval loss_wilson(uint64_t lost, uint64_t trials);

#endif
