/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "fuzz/fuzz.h"
#include "pkt/cksum.h"
#include "pkt/ip.h"

/* A header without options says the same when it is written again. */
static void check_round_trip(const struct ip_header *h, const uint8_t *bytes)
{
	uint8_t again[IP4_HEADER_BYTES];
	struct wcursor w = wcursor_of(again, sizeof again);

	ip4_write(&w, h);
	MUST(!w.failed && w.pos == IP4_HEADER_BYTES);
	MUST(cksum_of(again, sizeof again) == 0);
	/* The reserved flag is not kept, and the checksum is made right. */
	MUST(memcmp(again, bytes, 6) == 0);
	MUST(again[6] == (bytes[6] & 0x7f) && again[7] == bytes[7]);
	MUST(memcmp(again + 8, bytes + 8, 2) == 0);
	MUST(memcmp(again + 12, bytes + 12, 8) == 0);
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t len)
{
	struct cursor c = cursor_of(bytes, len);
	struct ip_header header;

	memset(&header, 0xa5, sizeof header);
	if (!ip4_read(&c, &header)) {
		MUST(fuzz_is_untouched(&header, sizeof header));
		return 0;
	}
	MUST(c.pos == header.header_bytes && c.pos <= len);
	MUST(header.header_bytes >= IP4_HEADER_BYTES && header.header_bytes <= 60);
	if (header.header_bytes == IP4_HEADER_BYTES) {
		check_round_trip(&header, bytes);
	}
	return 0;
}
