/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "run/settings.h"

#include "pkt/segments.h"

struct settings settings_default(void)
{
	return (struct settings){.first_ttl = 1, .max_ttl = 30, .max_rate_pps = 1000, .flows = 1,
		.sid_block_bits = SID_BLOCK_BITS, .sid_bits = SID_BITS};
}

struct sid_format settings_sids(const struct settings *settings)
{
	return (struct sid_format){(uint8_t)settings->sid_block_bits, (uint8_t)settings->sid_bits};
}

void settings_want_all_walks(struct settings *settings)
{
	for (int kind = 0; kind < WALK_KIND_COUNT; kind++) {
		settings->has_walk[kind] = kind == WALK_RETRACE || kind == WALK_DIRECT ||
			kind == WALK_NATURAL || kind == WALK_RETURN_ONLY;
	}
}
