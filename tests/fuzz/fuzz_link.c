/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "fuzz/fuzz.h"
#include "pkt/link.h"

/* The first two bytes are the link type, the rest a frame. */
int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t len)
{
	struct cursor c;
	int type;

	if (len < 2) {
		return 0;
	}
	type = bytes[0] << 8 | bytes[1];
	c = cursor_of(bytes + 2, len - 2);
	if (link_find_ip(type, &c)) {
		MUST(link_is_known(type));
		MUST(!c.failed && cursor_left(&c) > 0);
		MUST(c.bytes[c.pos] >> 4 == 4 || c.bytes[c.pos] >> 4 == 6);
	}
	MUST(c.pos <= c.len);
	return 0;
}
