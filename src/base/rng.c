/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "base/rng.h"

#include <math.h>

void rng_init(struct rng *rng, uint64_t seed, uint64_t stream)
{
	rng->state = 0;
	rng->increment = stream << 1 | 1;
	(void)rng_u32(rng);
	rng->state += seed;
	(void)rng_u32(rng);
}

uint32_t rng_u32(struct rng *rng)
{
	uint64_t old = rng->state;
	uint32_t mixed = (uint32_t)((old >> 18 ^ old) >> 27);
	uint32_t turn = (uint32_t)(old >> 59);

	rng->state = old * 6364136223846793005u + rng->increment;
	return mixed >> turn | mixed << (-turn & 31);
}

uint32_t rng_below(struct rng *rng, uint32_t bound)
{
	/* The lowest 2^32 mod bound values are refused, else small results were likelier. */
	uint32_t lowest = -bound % bound;
	uint32_t value;

	do {
		value = rng_u32(rng);
	} while (value < lowest);
	return value % bound;
}

double rng_unit(struct rng *rng)
{
	return rng_u32(rng) * 0x1p-32;
}

bool rng_chance(struct rng *rng, double p)
{
	return p > 0 && rng_unit(rng) < p;
}

double rng_normal(struct rng *rng)
{
	double u = 1 - rng_unit(rng);
	double v = rng_unit(rng);

	return sqrt(-2 * log(u)) * cos(6.283185307179586 * v);
}

double rng_exponential(struct rng *rng)
{
	return -log(1 - rng_unit(rng));
}

void rng_shuffle_u16(struct rng *rng, uint16_t *items, size_t count)
{
	for (size_t i = count; i > 1; i--) {
		size_t j = rng_below(rng, (uint32_t)i);
		uint16_t swap = items[i - 1];

		items[i - 1] = items[j];
		items[j] = swap;
	}
}
