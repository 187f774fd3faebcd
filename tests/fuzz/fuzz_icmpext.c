/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "fuzz/fuzz.h"
#include "pkt/icmpext.h"

/* What was read and is written is read as the same again. */
static void check_round_trip(const struct icmp_ext *ext)
{
	uint8_t bytes[ICMP_EXT_MAX];
	struct wcursor w = wcursor_of(bytes, sizeof bytes);
	struct icmp_ext again;

	icmpext_write(&w, ext);
	MUST(!w.failed);
	MUST(icmpext_read(cursor_of(bytes, w.pos), &again));
	MUST(again.mpls.count == ext->mpls.count);
	for (size_t i = 0; i < ext->mpls.count; i++) {
		MUST(again.mpls.entry[i].label == ext->mpls.entry[i].label);
		MUST(again.mpls.entry[i].tc == ext->mpls.entry[i].tc);
		MUST(again.mpls.entry[i].ttl == ext->mpls.entry[i].ttl);
		MUST(again.mpls.entry[i].is_bottom == ext->mpls.entry[i].is_bottom);
	}
	MUST(again.interface.index == ext->interface.index);
	MUST(again.interface.mtu == ext->interface.mtu);
	MUST(addr_equal(&again.interface.address, &ext->interface.address));
	MUST(strcmp(again.interface.name, ext->interface.name) == 0);
	MUST(addr_equal(&again.node.address, &ext->node.address));
	MUST(strcmp(again.node.name, ext->node.name) == 0);
}

static void check(const struct icmp_ext *ext)
{
	MUST(ext->mpls.count <= MPLS_MAX);
	MUST(memchr(ext->interface.name, '\0', EXT_NAME_MAX) != NULL);
	MUST(memchr(ext->node.name, '\0', EXT_NAME_MAX) != NULL);
	check_round_trip(ext);
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
