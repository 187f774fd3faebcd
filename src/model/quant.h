/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef THRUPATH_MODEL_QUANT_H
#define THRUPATH_MODEL_QUANT_H

#include <stdint.h>

#include "base/ns.h"

/*
 * Quantiles of durations in constant memory: a histogram whose bins grow by the factor
 * gamma = (1+a)/(1-a), so that every answer is within the fraction a = 0.01 of a true one
 * (DDSketch: Masson, Rim, Lee, VLDB 2019). Two of them merge by adding bins.
 * Covers 1 us to 10 s; what lies outside is counted in the first or last bin.
 */
enum { QUANT_BINS = 807, QUANT_FIRST_INDEX = -345 };

struct quant {
	uint64_t count;
	uint32_t bin[QUANT_BINS];
};

int quant_index(double ms);                        /* ceil(ln x / ln gamma), unclamped */
double quant_value(int index);                     /* 2 gamma^i / (gamma + 1), in ms */
void quant_add(struct quant *, ns_t duration);
/* Which of `count` values in order, from 1, is the q-quantile (0..1): the least that at least so
 * many are not above. Of ten the 0.99-quantile is the last. 0 when there is none. */
uint64_t quant_rank(uint64_t count, double q);
/* The q-quantile in ms; 0 when empty. */
double quant_get(const struct quant *, double q);

#endif
