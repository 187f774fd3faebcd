/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "pkt/ip.h"

#include <string.h>

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
	wcursor_be16(w, (uint16_t)h->total_bytes);
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

enum {
	EXT_HOP_BY_HOP = 0, EXT_ROUTING = 43, EXT_FRAGMENT = 44, EXT_DESTINATION = 60,
	EXT_MAX = 8              /* headers; nobody sends more on purpose */
};

static bool is_extension(uint8_t next)
{
	return next == EXT_HOP_BY_HOP || next == EXT_ROUTING || next == EXT_FRAGMENT ||
	       next == EXT_DESTINATION;
}

/* RFC 8200, 4.5: | next | reserved | offset 13, 0 0, M | identification |; the others, 4.2:
 * | next | length in 8 octets after the first 8 | ... | */
static void step_over_extension(struct cursor *c, struct ip_header *h)
{
	uint8_t extension = h->protocol;
	uint8_t len;

	h->protocol = cursor_u8(c);
	len = cursor_u8(c);
	if (extension == EXT_FRAGMENT) {
		uint16_t fragment = cursor_be16(c);

		h->fragment_offset = fragment >> 3;
		h->more_fragments = (fragment & 1) != 0;
		cursor_skip(c, 4);
	} else {
		cursor_skip(c, 6 + 8 * (size_t)len);
	}
}

static struct addr read_v6(struct cursor *c)
{
	struct addr addr = {.family = ADDR_V6};
	const uint8_t *bytes = cursor_bytes(c, sizeof addr.byte);

	if (bytes != NULL) {
		memcpy(addr.byte, bytes, sizeof addr.byte);
	}
	return addr;
}

bool ip6_read(struct cursor *c, struct ip_header *ret_header)
{
	struct ip_header h = {.dont_fragment = true};
	size_t start = c->pos;
	uint32_t word = cursor_be32(c);
	unsigned extensions = 0;

	h.tos = (uint8_t)(word >> 20);
	h.flow_label = word & 0xfffff;
	h.total_bytes = IP6_HEADER_BYTES + (uint32_t)cursor_be16(c);
	h.protocol = cursor_u8(c);
	h.ttl = cursor_u8(c);
	h.src = read_v6(c);
	h.dst = read_v6(c);
	while (!c->failed && is_extension(h.protocol) && h.fragment_offset == 0) {
		if (++extensions > EXT_MAX) {
			c->failed = true;
		}
		step_over_extension(c, &h);
	}
	if (word >> 28 != 6) {
		c->failed = true;
	}
	if (c->failed) {
		return false;
	}
	h.header_bytes = (uint16_t)(c->pos - start);
	*ret_header = h;
	return true;
}

void ip6_write(struct wcursor *w, const struct ip_header *h)
{
	wcursor_be32(w, UINT32_C(6) << 28 | (uint32_t)h->tos << 20 | (h->flow_label & 0xfffff));
	wcursor_be16(w, (uint16_t)(h->total_bytes - IP6_HEADER_BYTES));
	wcursor_u8(w, h->protocol);
	wcursor_u8(w, h->ttl);
	wcursor_bytes(w, h->src.byte, sizeof h->src.byte);
	wcursor_bytes(w, h->dst.byte, sizeof h->dst.byte);
}

size_t ip_header_bytes(uint8_t family)
{
	return family == ADDR_V4 ? IP4_HEADER_BYTES : family == ADDR_V6 ? IP6_HEADER_BYTES : 0;
}

bool ip_is_ip(uint8_t protocol)
{
	return protocol == IP_PROTO_IPIP || protocol == IP_PROTO_IPV6;
}

uint8_t ip_protocol_of(uint8_t family)
{
	return family == ADDR_V6 ? IP_PROTO_IPV6 : IP_PROTO_IPIP;
}

uint8_t ip_icmp_of(uint8_t family)
{
	return family == ADDR_V6 ? IP_PROTO_ICMPV6 : IP_PROTO_ICMP;
}

size_t ip_total_bytes(const uint8_t *bytes)
{
	return bytes[0] >> 4 == 6 ? IP6_HEADER_BYTES + (size_t)get_be16(bytes + 4) :
	       get_be16(bytes + 2);
}

bool ip_read(struct cursor *c, struct ip_header *ret_header)
{
	if (cursor_left(c) > 0 && c->bytes[c->pos] >> 4 == 6) {
		return ip6_read(c, ret_header);
	}
	return ip4_read(c, ret_header);
}

void ip_write(struct wcursor *w, const struct ip_header *h)
{
	if (h->src.family == ADDR_V6) {
		ip6_write(w, h);
	} else {
		ip4_write(w, h);
	}
}
