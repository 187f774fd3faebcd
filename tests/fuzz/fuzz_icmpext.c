/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "fuzz/fuzz.h"
#include "pkt/icmpext.h"

static void check_round_trip(const struct mpls_stack *stack)
{
	uint8_t bytes[8 + 4 * MPLS_MAX];
	struct wcursor w = wcursor_of(bytes, sizeof bytes);
	struct icmp_ext again;

	icmpext_write_mpls(&w, stack);
	MUST(!w.failed);
	MUST(icmpext_read(cursor_of(bytes, w.pos), &again));
	MUST(again.mpls.count == stack->count);
	for (size_t i = 0; i < stack->count; i++) {
		MUST(again.mpls.entry[i].label == stack->entry[i].label);
		MUST(again.mpls.entry[i].tc == stack->entry[i].tc);
		MUST(again.mpls.entry[i].ttl == stack->entry[i].ttl);
		MUST(again.mpls.entry[i].is_bottom == stack->entry[i].is_bottom);
	}
}

static void check(const struct icmp_ext *ext)
{
	MUST(ext->mpls.count <= MPLS_MAX);
	MUST(memchr(ext->interface.name, '\0', IFNAME_MAX) != NULL);
	check_round_trip(&ext->mpls);
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t len)
{
	struct icmp_ext ext;

	memset(&ext, 0xa5, sizeof ext);
	if (icmpext_read(cursor_of(bytes, len), &ext)) {
		check(&ext);
	} else {
		MUST(fuzz_is_untouched(&ext, sizeof ext));
	}
	memset(&ext, 0xa5, sizeof ext);
	if (icmpext_read_objects(cursor_of(bytes, len), &ext)) {
		check(&ext);
	} else {
		MUST(fuzz_is_untouched(&ext, sizeof ext));
	}
	return 0;
}
