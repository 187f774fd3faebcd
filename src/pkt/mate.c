/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "pkt/mate.h"

enum mate_kind mate_of(const struct addr *a, const struct addr *b)
{
	uint32_t x = addr_to_v4(a), y = addr_to_v4(b);

	if (!addr_is_set(a) || !addr_is_set(b)) {
		return MATE_NONE;
	}
	if (addr_equal(a, b)) {
		return MATE_SAME;
	}
	if (a->family != ADDR_V4 || b->family != ADDR_V4) {
		return MATE_NONE;
	}
	if ((x ^ y) == 1) {
		return MATE_31;
	}
	/* Of a /30, 1 and 2 are the hosts. */
	return x >> 2 == y >> 2 && (x & 3) + (y & 3) == 3 && (x & 3) != 0 && (y & 3) != 0 ?
		MATE_30 : MATE_NONE;
}
