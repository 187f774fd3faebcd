/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "pkt/cksum.h"

#include <string.h>

#include "pkt/cursor.h"

static uint16_t fold(uint64_t sum)
{
	while (sum >> 16 != 0) {
		sum = (sum & 0xffff) + (sum >> 16);
	}
	return (uint16_t)sum;
}

uint64_t cksum_add(uint64_t sum, const uint8_t *bytes, size_t len)
{
	size_t i = 0;

	for (; i + 7 < len; i += 8) {
		sum += (uint64_t)get_be32(bytes + i) + get_be32(bytes + i + 4);
	}
	for (; i + 1 < len; i += 2) {
		sum += get_be16(bytes + i);
	}
	return i < len ? sum + (uint64_t)(bytes[i] << 8) : sum;
}

uint64_t cksum_pseudo(const struct addr *src, const struct addr *dst, uint8_t protocol, size_t len)
{
	size_t width = src->family == ADDR_V4 ? 4 : 16;

	return cksum_add(cksum_add((uint64_t)protocol + len, src->byte, width), dst->byte, width);
}

uint16_t cksum_end(uint64_t sum)
{
	return (uint16_t)~fold(sum);
}

uint16_t cksum_of(const uint8_t *bytes, size_t len)
{
	return cksum_end(cksum_add(0, bytes, len));
}

uint16_t cksum_compensate(uint64_t sum_with_zero, uint16_t wanted)
{
	/* sum + word = ~wanted in one's complement, so word = ~wanted + ~sum. */
	return fold((uint64_t)(uint16_t)~wanted + (uint16_t)~fold(sum_with_zero));
}
