/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "pkt/icmpext.h"

#include <string.h>

#include "pkt/cksum.h"

enum { CLASS_MPLS = 1, CLASS_INTERFACE = 2, CLASS_NODE = 5, AFI_V4 = 1, AFI_V6 = 2 };
enum { EXT_HEADER_BYTES = 4, OBJECT_HEADER_BYTES = 4 };

/* RFC 5837, 4.1: what an object holds, in its C-type. */
enum { HAS_MTU = 1, HAS_NAME = 2, HAS_ADDRESS = 4, HAS_INDEX = 8 };

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

/* RFC 5837, 4.2: | AFI 16 | reserved 16 | address |. */
static void read_address(struct cursor *c, struct addr *ret_address)
{
	uint16_t afi = cursor_be16(c);
	size_t width = afi == AFI_V4 ? 4 : 16;
	const uint8_t *bytes;

	cursor_skip(c, 2);
	bytes = cursor_bytes(c, width);
	if (bytes != NULL && (afi == AFI_V4 || afi == AFI_V6)) {
		ret_address->family = afi == AFI_V4 ? ADDR_V4 : ADDR_V6;
		memcpy(ret_address->byte, bytes, width);
	}
}

/* RFC 5837, 4.3: | length 8 | name, NULs |; the length counts its own octet and the padding. */
static void read_name(struct cursor *c, char ret_name[EXT_NAME_MAX])
{
	uint8_t len = cursor_u8(c);
	const uint8_t *bytes = cursor_bytes(c, len == 0 ? 0 : (size_t)len - 1);

	if (bytes != NULL && len > 1 && (size_t)len - 1 < EXT_NAME_MAX) {
		memcpy(ret_name, bytes, (size_t)len - 1);
	}
}

/* RFC 5837, 4.1: C-type |role 2|rsvd 2|ifIndex|IP|name|MTU|; fields follow in that order. */
static bool read_interface(struct cursor c, uint8_t ctype, struct icmp_interface *ret_interface)
{
	struct icmp_interface interface = {0};

	if ((ctype & HAS_INDEX) != 0) {
		interface.index = cursor_be32(&c);
	}
	if ((ctype & HAS_ADDRESS) != 0) {
		read_address(&c, &interface.address);
	}
	if ((ctype & HAS_NAME) != 0) {
		read_name(&c, interface.name);
	}
	if ((ctype & HAS_MTU) != 0) {
		interface.mtu = cursor_be32(&c);
	}
	if (c.failed) {
		return false;
	}
	*ret_interface = interface;
	return true;
}

/* draft-ietf-intarea-extended-icmp-nodeid-07, 3.1: the bits of address and name are those of an
 * interface; whatever the others announce stands behind these two, and is ignored. */
static bool read_node(struct cursor c, uint8_t ctype, struct icmp_node *ret_node)
{
	struct icmp_node node = {0};

	if ((ctype & HAS_ADDRESS) != 0) {
		read_address(&c, &node.address);
	}
	/* 3.3: one that is said to be longer than it may be is ignored. */
	if ((ctype & HAS_NAME) != 0 && (cursor_left(&c) == 0 || c.bytes[c.pos] <= EXT_NAME_MAX)) {
		read_name(&c, node.name);
	}
	if (c.failed) {
		return false;
	}
	*ret_node = node;
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
		if (class == CLASS_NODE && !read_node(object, ctype, &ext.node)) {
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

static void write_mpls(struct wcursor *w, const struct mpls_stack *stack)
{
	for (size_t i = 0; i < stack->count; i++) {
		const struct mpls_entry *e = &stack->entry[i];

		wcursor_be32(w, e->label << 12 | (uint32_t)e->tc << 9 |
			(uint32_t)e->is_bottom << 8 | e->ttl);
	}
}

static void write_address(struct wcursor *w, const struct addr *address)
{
	if (addr_is_set(address)) {
		wcursor_be16(w, address->family == ADDR_V4 ? AFI_V4 : AFI_V6);
		wcursor_be16(w, 0);
		wcursor_bytes(w, address->byte, address->family == ADDR_V4 ? 4 : 16);
	}
}

/* Filled up to a whole word. */
static void write_name(struct wcursor *w, const char *name)
{
	size_t len = strnlen(name, EXT_NAME_MAX - 1), whole = (1 + len + 3) / 4 * 4;

	if (len > 0) {
		wcursor_u8(w, (uint8_t)whole);
		wcursor_bytes(w, (const uint8_t *)name, len);
		wcursor_zero(w, whole - 1 - len);
	}
}

static size_t begin_object(struct wcursor *w, uint8_t class, uint8_t ctype)
{
	size_t start = w->pos;

	wcursor_be16(w, 0);
	wcursor_u8(w, class);
	wcursor_u8(w, ctype);
	return start;
}

static void end_object(struct wcursor *w, size_t start)
{
	if (!w->failed) {
		put_be16(w->bytes + start, (uint16_t)(w->pos - start));
	}
}

static uint8_t bits_of(const struct addr *address, const char *name)
{
	return (uint8_t)((addr_is_set(address) ? HAS_ADDRESS : 0) | (name[0] != '\0' ? HAS_NAME : 0));
}

static uint8_t interface_bits(const struct icmp_interface *interface)
{
	return (uint8_t)((interface->index > 0 ? HAS_INDEX : 0) |
		bits_of(&interface->address, interface->name) | (interface->mtu > 0 ? HAS_MTU : 0));
}

static void write_interface(struct wcursor *w, const struct icmp_interface *interface)
{
	size_t start = begin_object(w, CLASS_INTERFACE, interface_bits(interface));

	if (interface->index > 0) {
		wcursor_be32(w, interface->index);
	}
	write_address(w, &interface->address);
	write_name(w, interface->name);
	if (interface->mtu > 0) {
		wcursor_be32(w, interface->mtu);
	}
	end_object(w, start);
}

bool icmpext_has_any(const struct icmp_ext *ext)
{
	return ext->mpls.count > 0 || interface_bits(&ext->interface) != 0 ||
	       bits_of(&ext->node.address, ext->node.name) != 0;
}

void icmpext_write(struct wcursor *w, const struct icmp_ext *ext)
{
	uint8_t node = bits_of(&ext->node.address, ext->node.name);
	size_t begin = w->pos, start;

	wcursor_be16(w, 0x2000);
	wcursor_be16(w, 0);
	if (ext->mpls.count > 0) {
		start = begin_object(w, CLASS_MPLS, 1);
		write_mpls(w, &ext->mpls);
		end_object(w, start);
	}
	if (interface_bits(&ext->interface) != 0) {
		write_interface(w, &ext->interface);
	}
	if (node != 0) {
		start = begin_object(w, CLASS_NODE, node);
		write_address(w, &ext->node.address);
		write_name(w, ext->node.name);
		end_object(w, start);
	}
	if (!w->failed) {
		put_be16(w->bytes + begin + 2, cksum_of(w->bytes + begin, w->pos - begin));
	}
}
