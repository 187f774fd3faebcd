/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef THRUPATH_BASE_RNG_H
#define THRUPATH_BASE_RNG_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/*
 * Seeded numbers, the same sequence on any machine: PCG-XSH-RR 64/32 (O'Neill,
 * "PCG: A Family of Simple Fast Space-Efficient Statistically Good Algorithms
 * for Random Number Generation", HMC-CS-2014-0905). Not for secrets.
 */
struct rng {
	uint64_t state, increment;
};

void rng_init(struct rng *, uint64_t seed, uint64_t stream);
uint32_t rng_u32(struct rng *);
uint32_t rng_below(struct rng *, uint32_t bound);          /* uniform in [0,bound); bound > 0 */
double rng_unit(struct rng *);                             /* uniform in [0,1) */
bool rng_chance(struct rng *, double p);
double rng_normal(struct rng *);                           /* mean 0, deviation 1 */
double rng_exponential(struct rng *);                      /* mean 1 */
void rng_shuffle_u16(struct rng *, uint16_t *items, size_t count);

#endif
