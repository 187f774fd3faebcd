/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "model/quant.h"

#include <math.h>

static const double LN_GAMMA = 0.020000666706669543; /* ln(1.01 / 0.99) */

int quant_index(double ms)
{
	return (int)ceil(log(ms) / LN_GAMMA);
}

double quant_value(int index)
{
	double gamma = exp(LN_GAMMA);

	return 2 * exp(index * LN_GAMMA) / (gamma + 1);
}

void quant_add(struct quant *quant, ns_t duration)
{
	int slot = duration <= 0 ? 0 : quant_index(ns_to_ms(duration)) - QUANT_FIRST_INDEX;

	if (slot < 0) {
		slot = 0;
	} else if (slot >= QUANT_BINS) {
		slot = QUANT_BINS - 1;
	}
	if (quant->bin[slot] < UINT32_MAX) {
		quant->bin[slot]++;
		quant->count++;
	}
}

uint64_t quant_rank(uint64_t count, double q)
{
	/* A product that is whole may come out a little above. */
	uint64_t rank = (uint64_t)ceil(q * (double)count * (1 - 1e-12));

	return count == 0 ? 0 : rank < 1 ? 1 : rank > count ? count : rank;
}

double quant_get(const struct quant *quant, double q)
{
	uint64_t rank = quant_rank(quant->count, q);
	uint64_t seen = 0;

	if (quant->count == 0) {
		return 0;
	}
	for (int i = 0; i < QUANT_BINS; i++) {
		seen += quant->bin[i];
		if (seen >= rank) {
			return quant_value(i + QUANT_FIRST_INDEX);
		}
	}
	return quant_value(QUANT_BINS - 1 + QUANT_FIRST_INDEX);
}
