/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "pkt/link.h"

enum { TYPE_IPV4 = 0x0800, TYPE_IPV6 = 0x86dd, TYPE_VLAN = 0x8100, TYPE_QINQ = 0x88a8,
	TYPE_ANY = 0 };

bool link_is_known(int link_type)
{
	return link_type == LINK_NULL || link_type == LINK_ETHERNET || link_type == LINK_RAW_BSD ||
	       link_type == LINK_RAW || link_type == LINK_LINUX_SLL || link_type == LINK_LINUX_SLL2;
}

static uint16_t step_over_tags(struct cursor *c, uint16_t type)
{
	while ((type == TYPE_VLAN || type == TYPE_QINQ) && !c->failed) {
		cursor_skip(c, 2);
		type = cursor_be16(c);
	}
	return type;
}

/* The family the packet itself tells, where the link header does or leaves it open. */
static bool is_ip(const struct cursor *c, uint16_t type)
{
	unsigned version = c->failed || cursor_left(c) == 0 ? 0 : c->bytes[c->pos] >> 4;

	return (version == 4 && type != TYPE_IPV6) || (version == 6 && type != TYPE_IPV4);
}

uint32_t link_interface(int link_type, struct cursor frame)
{
	uint32_t index;

	/* | protocol 2 | reserved 2 | interface index 4 | ..: LINKTYPE_LINUX_SLL2 */
	cursor_skip(&frame, 4);
	index = cursor_be32(&frame);
	return link_type == LINK_LINUX_SLL2 && !frame.failed ? index : 0;
}

bool link_find_ip(int link_type, struct cursor *c)
{
	uint16_t type = TYPE_ANY;

	switch (link_type) {
	case LINK_ETHERNET:
		cursor_skip(c, 12);
		type = cursor_be16(c);
		break;
	case LINK_LINUX_SLL:
		cursor_skip(c, 14);
		type = cursor_be16(c);
		break;
	case LINK_LINUX_SLL2:
		type = cursor_be16(c);
		cursor_skip(c, 18);
		break;
	case LINK_NULL:
		cursor_skip(c, 4);
		break;
	case LINK_RAW:
	case LINK_RAW_BSD:
		break;
	default:
		return false;
	}
	type = step_over_tags(c, type);
	return (type == TYPE_ANY || type == TYPE_IPV4 || type == TYPE_IPV6) && is_ip(c, type);
}
