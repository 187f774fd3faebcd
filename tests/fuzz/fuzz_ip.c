/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "fuzz/fuzz.h"
#include "pkt/cksum.h"
#include "pkt/ip.h"

/* A header without options says the same when it is written again. */
static void check_round_trip(const struct ip_header *h, const uint8_t *bytes)
{
	uint8_t again[IP6_HEADER_BYTES];
	struct wcursor w = wcursor_of(again, sizeof again);

	if (h->src.family == ADDR_V6) {
		ip6_write(&w, h);
		MUST(!w.failed && w.pos == IP6_HEADER_BYTES);
		MUST(memcmp(again, bytes, IP6_HEADER_BYTES) == 0);
		return;
	}
	w.len = IP4_HEADER_BYTES;
	ip4_write(&w, h);
	MUST(!w.failed && w.pos == IP4_HEADER_BYTES);
	MUST(cksum_of(again, IP4_HEADER_BYTES) == 0);
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
	if (!ip_read(&c, &header)) {
		MUST(fuzz_is_untouched(&header, sizeof header));
		return 0;
	}
	MUST(c.pos == header.header_bytes && c.pos <= len);
	MUST(header.src.family == header.dst.family);
	MUST(header.header_bytes >= ip_header_bytes(header.src.family));
	MUST(header.src.family == ADDR_V6 || header.header_bytes <= 60);
	if (header.header_bytes == ip_header_bytes(header.src.family)) {
		check_round_trip(&header, bytes);
	}
	return 0;
}
