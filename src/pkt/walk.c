/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "pkt/walk.h"

static bool add_leg(struct walk *walk, const struct addr *self, const struct addr *dst,
	enum inner_source inner)
{
	const struct addr *src = self;

	if (walk->leg_count >= LEG_MAX) {
		return false;
	}
	if (inner == INNER_SOURCE_HOP && walk->leg_count > 0) {
		src = &walk->leg[walk->leg_count - 1].dst;
	}
	walk->leg[walk->leg_count++] = (struct leg){.src = *src, .dst = *dst, .ttl = WALK_TTL};
	return true;
}

bool walk_retrace(const struct addr *self, const struct addr *hops, size_t depth,
	enum inner_source inner, struct walk *ret_walk)
{
	struct walk walk = {.kind = WALK_RETRACE, .depth = (uint8_t)depth};

	if (depth == 0 || depth > UINT8_MAX || !addr_is_set(&hops[depth - 1])) {
		return false;
	}
	for (size_t k = 0; k < depth; k++) {
		if (addr_is_set(&hops[k]) && !add_leg(&walk, self, &hops[k], inner)) {
			return false;
		}
	}
	for (size_t k = depth - 1; k-- > 0;) {
		if (addr_is_set(&hops[k]) && !add_leg(&walk, self, &hops[k], inner)) {
			return false;
		}
	}
	if (!add_leg(&walk, self, self, inner)) {
		return false;
	}
	*ret_walk = walk;
	return true;
}

struct walk walk_to(const struct addr *self, const struct addr *dst, uint8_t ttl)
{
	return (struct walk){.kind = WALK_TO, .depth = ttl, .leg_count = 1,
		.leg = {{.src = *self, .dst = *dst, .ttl = ttl}}};
}
