/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef THRUPATH_PKT_CKSUM_H
#define THRUPATH_PKT_CKSUM_H

#include <stddef.h>
#include <stdint.h>

#include "pkt/addr.h"

/*
 * The Internet checksum (RFC 1071). A sum is kept unfolded in 64 bits while it is
 * added to, and is folded and complemented by cksum_end.
 */
uint64_t cksum_add(uint64_t sum, const uint8_t *bytes, size_t len); /* odd length: zero appended */
uint64_t cksum_pseudo(const struct addr *src, const struct addr *dst, uint8_t protocol, size_t len);
uint16_t cksum_end(uint64_t sum);   /* what belongs into the field, host order */
uint16_t cksum_of(const uint8_t *bytes, size_t len);        /* 0 over a header that is right */

/* The 16-bit word which, put where a zero word was summed (at an even offset), makes the
 * checksum come out as `wanted`. RFC 1624, 3: equation 3 solved for the data word. */
uint16_t cksum_compensate(uint64_t sum_with_zero, uint16_t wanted);

#endif
