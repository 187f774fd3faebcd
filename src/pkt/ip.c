/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "pkt/ip.h"

#include "pkt/cksum.h"

bool ip4_read(struct cursor *c, struct ip_header *ret_header)
{
	struct ip_header h = {0};
	uint8_t version_ihl = cursor_u8(c);
	uint16_t fragment;

	h.header_bytes = (uint16_t)((version_ihl & 15) * 4);
	h.tos = cursor_u8(c);
	h.total_bytes = cursor_be16(c);
	h.id = cursor_be16(c);
	fragment = cursor_be16(c);
	h.dont_fragment = (fragment & 0x4000) != 0;
	h.more_fragments = (fragment & 0x2000) != 0;
	h.fragment_offset = fragment & 0x1fff;
	h.ttl = cursor_u8(c);
	h.protocol = cursor_u8(c);
	h.checksum = cursor_be16(c);
	h.src = addr_v4(cursor_be32(c));
	h.dst = addr_v4(cursor_be32(c));
	if (version_ihl >> 4 != 4 || h.header_bytes < IP4_HEADER_BYTES) {
		c->failed = true;
	} else {
		cursor_skip(c, (size_t)h.header_bytes - IP4_HEADER_BYTES);
	}
	if (c->failed) {
		return false;
	}
	*ret_header = h;
	return true;
}

void ip4_write(struct wcursor *w, const struct ip_header *h)
{
	size_t start = w->pos;
	uint16_t fragment = (uint16_t)((h->dont_fragment ? 0x4000 : 0) |
		(h->more_fragments ? 0x2000 : 0) | (h->fragment_offset & 0x1fff));

	wcursor_u8(w, 0x45);
	wcursor_u8(w, h->tos);
	wcursor_be16(w, h->total_bytes);
	wcursor_be16(w, h->id);
	wcursor_be16(w, fragment);
	wcursor_u8(w, h->ttl);
	wcursor_u8(w, h->protocol);
	wcursor_be16(w, 0);
	wcursor_bytes(w, h->src.byte, 4);
	wcursor_bytes(w, h->dst.byte, 4);
	if (!w->failed) {
		put_be16(w->bytes + start + 10, cksum_of(w->bytes + start, IP4_HEADER_BYTES));
	}
}
