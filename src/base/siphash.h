/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef THRUPATH_BASE_SIPHASH_H
#define THRUPATH_BASE_SIPHASH_H

#include <stddef.h>
#include <stdint.h>

/* SipHash-2-4 (Aumasson and Bernstein, "SipHash: a fast short-input PRF", 2012). */
struct siphash_key {
	uint64_t k0, k1;
};

uint64_t siphash(const struct siphash_key *, const uint8_t *bytes, size_t len);
uint64_t siphash_u64(const struct siphash_key *, uint64_t word); /* = of its 8 bytes, low first */

#endif
