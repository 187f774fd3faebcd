/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "pkt/segments.h"

#include <string.h>

#include "pkt/ip.h"

enum { SRH_TYPE = 4, SRH_BYTES = 8, ADDRESS = 16 };

static bool is_zero(const uint8_t *bytes, size_t len)
{
	while (len > 0 && bytes[len - 1] == 0) {
		len--;
	}
	return len == 0;
}

static bool is_sane(struct sid_format sids)
{
	return sids.block_bits % 8 == 0 && sids.sid_bits % 8 == 0 && sids.sid_bits > 0 &&
	       sids.block_bits + sids.sid_bits <= 128;
}

/* A SID alone: nothing follows it. */
static bool is_alone(const struct addr *addr, struct sid_format sids)
{
	size_t end = (size_t)(sids.block_bits + sids.sid_bits) / 8;

	return addr->family == ADDR_V6 && is_zero(addr->byte + end, ADDRESS - end) &&
	       !is_zero(addr->byte + sids.block_bits / 8, sids.sid_bits / 8);
}

/* Puts the SID behind those that the address has; `at` is where there is room. */
static bool append(struct addr *to, size_t *at, const struct addr *sid, struct sid_format sids)
{
	size_t block = sids.block_bits / 8, len = sids.sid_bits / 8;

	if (*at + len > ADDRESS || !is_alone(sid, sids) || memcmp(to->byte, sid->byte, block) != 0) {
		return false;
	}
	memcpy(to->byte + *at, sid->byte + block, len);
	*at += len;
	return true;
}

void segments_of(const struct walk *walk, struct segments *ret_segments)
{
	bool is_compressed = walk->leg[0].carrier == CARRIER_USID && is_sane(walk->sids);
	size_t first = (size_t)(walk->sids.block_bits + walk->sids.sid_bits) / 8, at = ADDRESS;

	ret_segments->count = 0;
	for (size_t i = 0; i < walk->leg_count; i++) {
		const struct addr *end = &walk->leg[i].dst;

		if (ret_segments->count == 0 || !is_compressed ||
		    !append(&ret_segments->list[ret_segments->count - 1], &at, end, walk->sids)) {
			ret_segments->list[ret_segments->count++] = *end;
			at = is_compressed && is_alone(end, walk->sids) ? first : ADDRESS;
		}
	}
}

size_t segments_bytes(size_t count)
{
	return IP6_HEADER_BYTES + (count > 1 ? SRH_BYTES + ADDRESS * count : 0);
}

size_t segments_header_bytes(const struct walk *walk)
{
	struct segments segments;

	segments_of(walk, &segments);
	return segments_bytes(segments.count);
}

void segments_write(struct wcursor *w, const struct walk *walk,
	const struct segments_header *header)
{
	size_t bytes = segments_header_bytes(walk);
	struct segments segments;

	segments_of(walk, &segments);
	ip_write(w, &(struct ip_header){.src = walk->leg[0].src, .dst = segments.list[0],
		.total_bytes = (uint32_t)(bytes + header->carried), .flow_label = header->flow_label,
		.tos = header->tos, .ttl = walk->leg[0].ttl,
		.protocol = segments.count > 1 ? IP_PROTO_ROUTING : header->protocol});
	if (segments.count <= 1) {
		return;
	}
	wcursor_u8(w, header->protocol);
	wcursor_u8(w, (uint8_t)(2 * segments.count));
	wcursor_u8(w, SRH_TYPE);
	wcursor_u8(w, (uint8_t)(segments.count - 1));
	wcursor_u8(w, (uint8_t)(segments.count - 1));
	wcursor_u8(w, 0);
	wcursor_be16(w, 0);
	for (size_t i = segments.count; i-- > 0;) {
		wcursor_bytes(w, segments.list[i].byte, ADDRESS);
	}
}

bool segments_shift(struct addr *addr, struct sid_format sids)
{
	size_t block = sids.block_bits / 8, len = sids.sid_bits / 8;

	if (!is_sane(sids) || is_zero(addr->byte + block + len, ADDRESS - block - len)) {
		return false;
	}
	memmove(addr->byte + block, addr->byte + block + len, ADDRESS - block - len);
	memset(addr->byte + ADDRESS - len, 0, len);
	return true;
}

bool segments_read(struct cursor *c, struct segments *ret_segments, uint8_t *ret_left)
{
	uint8_t len, type, last;
	struct cursor list;

	cursor_skip(c, 1);
	len = cursor_u8(c);
	type = cursor_u8(c);
	*ret_left = cursor_u8(c);
	last = cursor_u8(c);
	cursor_skip(c, 3);
	list = cursor_take(c, (size_t)len * 8);
	/* What follows the segments are TLVs. */
	if (c->failed || type != SRH_TYPE || last >= LEG_MAX || len < 2 * (last + 1) ||
	    *ret_left > last) {
		return false;
	}
	ret_segments->count = last + 1u;
	for (size_t i = ret_segments->count; i-- > 0;) {
		ret_segments->list[i] = (struct addr){.family = ADDR_V6};
		memcpy(ret_segments->list[i].byte, cursor_bytes(&list, ADDRESS), ADDRESS);
	}
	return true;
}

size_t segments_expand(const struct addr *addr, struct sid_format sids, struct addr *ret_sids,
	size_t cap)
{
	size_t end = (size_t)(sids.block_bits + sids.sid_bits) / 8, count = 0;
	struct addr rest = *addr;
	bool has_more;

	if (!is_sane(sids)) {
		ret_sids[0] = *addr;
		return 1;
	}
	do {
		struct addr sid = rest;

		has_more = segments_shift(&rest, sids);
		memset(sid.byte + end, 0, ADDRESS - end);
		ret_sids[count++] = sid;
	} while (has_more && count < cap);
	return count;
}
