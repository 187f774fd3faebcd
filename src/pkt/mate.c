/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "pkt/mate.h"

#include <string.h>

/* Whether all but the last octet is the same. */
static bool is_same_but_last(const struct addr *a, const struct addr *b, size_t last)
{
	return memcmp(a->byte, b->byte, last) == 0;
}

enum mate_kind mate_of(const struct addr *a, const struct addr *b)
{
	size_t last = a->family == ADDR_V6 ? 15 : 3;
	uint8_t x = a->byte[last], y = b->byte[last];

	if (!addr_is_set(a) || !addr_is_set(b)) {
		return MATE_NONE;
	}
	if (addr_equal(a, b)) {
		return MATE_SAME;
	}
	if (a->family != b->family || !is_same_but_last(a, b, last)) {
		return MATE_NONE;
	}
	if ((x ^ y) == 1) {
		return MATE_31;
	}
	/* Of a /30, 1 and 2 are the hosts. */
	return x >> 2 == y >> 2 && (x & 3) + (y & 3) == 3 && (x & 3) != 0 && (y & 3) != 0 ?
		MATE_30 : MATE_NONE;
}

size_t mate_candidates(const struct addr *addr, struct addr ret_mates[MATES_MAX])
{
	size_t last = addr->family == ADDR_V6 ? 15 : 3, count = 0;
	uint8_t low = addr->byte[last] & 3;

	if (!addr_is_set(addr)) {
		return 0;
	}
	ret_mates[count] = *addr;
	ret_mates[count++].byte[last] ^= 1;
	if (low == 1 || low == 2) {
		ret_mates[count] = *addr;
		ret_mates[count++].byte[last] ^= 3;
	}
	return count;
}
