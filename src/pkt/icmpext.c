/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "pkt/icmpext.h"

#include <string.h>

#include "pkt/cksum.h"

enum { CLASS_MPLS = 1, CLASS_INTERFACE = 2, EXT_HEADER_BYTES = 4, OBJECT_HEADER_BYTES = 4 };

/* RFC 4950, 3: |        label 20        | tc 3 | S |  ttl 8 |, one 32-bit word each.
 * Entries beyond MPLS_MAX are dropped: no router pushes that many on purpose. */
static bool read_mpls(struct cursor c, struct mpls_stack *ret_stack)
{
	struct mpls_stack stack = {0};

	while (cursor_left(&c) > 0 && stack.count < MPLS_MAX) {
		uint32_t word = cursor_be32(&c);

		stack.entry[stack.count++] = (struct mpls_entry){
			.label = word >> 12,
			.tc = word >> 9 & 7,
			.is_bottom = (word >> 8 & 1) != 0,
			.ttl = word & 0xff,
		};
	}
	if (c.failed) {
		return false;
	}
	*ret_stack = stack;
	return true;
}

/* RFC 5837, 4.1: C-type |role 2|rsvd 2|ifIndex|IP|name|MTU|; fields follow in that order. */
static bool read_interface(struct cursor c, uint8_t ctype, struct icmp_interface *ret_interface)
{
	struct icmp_interface interface = {0};

	if ((ctype & 8) != 0) {
		interface.index = cursor_be32(&c);
	}
	if ((ctype & 4) != 0) {
		uint16_t afi = cursor_be16(&c);
		size_t width = afi == 1 ? 4 : 16;
		const uint8_t *bytes;

		cursor_skip(&c, 2);
		bytes = cursor_bytes(&c, width);
		if (bytes != NULL && (afi == 1 || afi == 2)) {
			interface.address.family = afi == 1 ? ADDR_V4 : ADDR_V6;
			memcpy(interface.address.byte, bytes, width);
		}
	}
	if ((ctype & 2) != 0) {
		/* The length counts its own octet and the padding. */
		uint8_t len = cursor_u8(&c);
		const uint8_t *bytes = cursor_bytes(&c, len == 0 ? 0 : (size_t)len - 1);

		if (bytes != NULL && len > 1 && (size_t)len - 1 < IFNAME_MAX) {
			memcpy(interface.name, bytes, (size_t)len - 1);
		}
	}
	if ((ctype & 1) != 0) {
		interface.mtu = cursor_be32(&c);
	}
	if (c.failed) {
		return false;
	}
	*ret_interface = interface;
	return true;
}

/* RFC 4884, 7.1: | length 16, header included | class 8 | C-type 8 |, then the payload. */
bool icmpext_read_objects(struct cursor c, struct icmp_ext *ret_ext)
{
	struct icmp_ext ext = {0};

	while (cursor_left(&c) > 0) {
		uint16_t len = cursor_be16(&c);
		uint8_t class = cursor_u8(&c);
		uint8_t ctype = cursor_u8(&c);
		struct cursor object;

		if (len < OBJECT_HEADER_BYTES) {
			return false;
		}
		object = cursor_take(&c, (size_t)len - OBJECT_HEADER_BYTES);
		if (c.failed) {
			return false;
		}
		if (class == CLASS_MPLS && ctype == 1 && !read_mpls(object, &ext.mpls)) {
			return false;
		}
		if (class == CLASS_INTERFACE && ctype >> 6 == 0 &&
		    !read_interface(object, ctype, &ext.interface)) {
			return false;
		}
	}
	*ret_ext = ext;
	return true;
}

/* RFC 4884, 7: | version 4 | reserved 12 | checksum 16 |, then objects. */
bool icmpext_read(struct cursor c, struct icmp_ext *ret_ext)
{
	size_t len = cursor_left(&c);
	const uint8_t *bytes = c.bytes + c.pos;
	uint16_t version = cursor_be16(&c);
	uint16_t checksum = cursor_be16(&c);

	if (c.failed || version >> 12 != 2) {
		return false;
	}
	/* Zero means that no checksum was sent. */
	if (checksum != 0 && cksum_of(bytes, len) != 0) {
		return false;
	}
	return icmpext_read_objects(c, ret_ext);
}

void icmpext_write_mpls(struct wcursor *w, const struct mpls_stack *stack)
{
	size_t start = w->pos;

	wcursor_be16(w, 0x2000);
	wcursor_be16(w, 0);
	wcursor_be16(w, (uint16_t)(OBJECT_HEADER_BYTES + 4 * stack->count));
	wcursor_u8(w, CLASS_MPLS);
	wcursor_u8(w, 1);
	for (size_t i = 0; i < stack->count; i++) {
		const struct mpls_entry *e = &stack->entry[i];

		wcursor_be32(w, e->label << 12 | (uint32_t)e->tc << 9 |
			(uint32_t)e->is_bottom << 8 | e->ttl);
	}
	if (!w->failed) {
		put_be16(w->bytes + start + 2, cksum_of(w->bytes + start, w->pos - start));
	}
}
