/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "pkt/icmp.h"

bool icmp_read(struct cursor *c, struct icmp_header *ret_header)
{
	struct icmp_header h;

	h.type = cursor_u8(c);
	h.code = cursor_u8(c);
	h.checksum = cursor_be16(c);
	h.id = cursor_be16(c);
	h.seq = cursor_be16(c);
	if (c->failed) {
		return false;
	}
	*ret_header = h;
	return true;
}

bool udp_read(struct cursor *c, struct udp_header *ret_header)
{
	struct udp_header h;

	h.sport = cursor_be16(c);
	h.dport = cursor_be16(c);
	h.len_bytes = cursor_be16(c);
	h.checksum = cursor_be16(c);
	if (c->failed) {
		return false;
	}
	*ret_header = h;
	return true;
}

void icmp_write(struct wcursor *w, const struct icmp_header *h)
{
	wcursor_u8(w, h->type);
	wcursor_u8(w, h->code);
	wcursor_be16(w, h->checksum);
	wcursor_be16(w, h->id);
	wcursor_be16(w, h->seq);
}

void udp_write(struct wcursor *w, const struct udp_header *h)
{
	wcursor_be16(w, h->sport);
	wcursor_be16(w, h->dport);
	wcursor_be16(w, h->len_bytes);
	wcursor_be16(w, h->checksum);
}

bool icmp_is_error(uint8_t family, uint8_t type)
{
	if (family == ADDR_V6) {
		return type >= ICMP6_UNREACHABLE && type <= ICMP6_PARAMETER;
	}
	return type == ICMP_UNREACHABLE || type == ICMP_TIME_EXCEEDED || type == ICMP_PARAMETER;
}

bool icmp_is_redirect(uint8_t family, uint8_t type)
{
	return type == (family == ADDR_V6 ? ICMP6_REDIRECT : ICMP_REDIRECT);
}

bool icmp_is_echo(uint8_t family, uint8_t type)
{
	return type == (family == ADDR_V6 ? ICMP6_ECHO : ICMP_ECHO);
}

bool icmp_is_echo_reply(uint8_t family, uint8_t type)
{
	return type == (family == ADDR_V6 ? ICMP6_ECHO_REPLY : ICMP_ECHO_REPLY);
}

/* RFC 4443, 3.1 to 3.4. A next header that is not read is what IPv4 calls protocol
 * unreachable. */
static enum icmp_cause cause6_of(uint8_t type, uint8_t code)
{
	static const enum icmp_cause unreachable[] = {
		CAUSE_NET_UNREACHABLE, CAUSE_ADMIN_PROHIBITED, CAUSE_HOST_UNREACHABLE,
		CAUSE_HOST_UNREACHABLE, CAUSE_PORT_UNREACHABLE, CAUSE_ADMIN_PROHIBITED,
		CAUSE_ADMIN_PROHIBITED,
	};

	if (type == ICMP6_UNREACHABLE && code < sizeof unreachable / sizeof unreachable[0]) {
		return unreachable[code];
	}
	if (type == ICMP6_PARAMETER && code == ICMP6_CODE_NEXT_HEADER) {
		return CAUSE_PROTOCOL_UNREACHABLE;
	}
	return type == ICMP6_TOO_BIG ? CAUSE_FRAGMENTATION_NEEDED :
	       type == ICMP6_TIME_EXCEEDED ? CAUSE_TIME_EXCEEDED : CAUSE_OTHER;
}

/* RFC 792; codes 6 to 12 RFC 1122, 3.2.2.1; 13 to 15 RFC 1812, 5.2.7.1. */
static enum icmp_cause cause4_of(uint8_t type, uint8_t code)
{
	static const enum icmp_cause unreachable[] = {
		CAUSE_NET_UNREACHABLE, CAUSE_HOST_UNREACHABLE, CAUSE_PROTOCOL_UNREACHABLE,
		CAUSE_PORT_UNREACHABLE, CAUSE_FRAGMENTATION_NEEDED, CAUSE_OTHER,
		CAUSE_NET_UNREACHABLE, CAUSE_HOST_UNREACHABLE, CAUSE_HOST_UNREACHABLE,
		CAUSE_ADMIN_PROHIBITED, CAUSE_ADMIN_PROHIBITED, CAUSE_NET_UNREACHABLE,
		CAUSE_HOST_UNREACHABLE, CAUSE_ADMIN_PROHIBITED, CAUSE_ADMIN_PROHIBITED,
		CAUSE_ADMIN_PROHIBITED,
	};

	if (type == ICMP_TIME_EXCEEDED) {
		return CAUSE_TIME_EXCEEDED;
	}
	if (type == ICMP_UNREACHABLE && code < sizeof unreachable / sizeof unreachable[0]) {
		return unreachable[code];
	}
	return CAUSE_OTHER;
}

enum icmp_cause icmp_cause_of(uint8_t family, uint8_t type, uint8_t code)
{
	return family == ADDR_V6 ? cause6_of(type, code) : cause4_of(type, code);
}

bool icmp_is_unreachable(enum icmp_cause cause)
{
	return cause == CAUSE_NET_UNREACHABLE || cause == CAUSE_HOST_UNREACHABLE ||
	       cause == CAUSE_PROTOCOL_UNREACHABLE || cause == CAUSE_PORT_UNREACHABLE ||
	       cause == CAUSE_ADMIN_PROHIBITED;
}

const char *icmp_cause_name(enum icmp_cause cause)
{
	static const char *const names[CAUSE_COUNT] = {
		[CAUSE_TIME_EXCEEDED] = "time-exceeded",
		[CAUSE_NET_UNREACHABLE] = "net-unreachable",
		[CAUSE_HOST_UNREACHABLE] = "host-unreachable",
		[CAUSE_PROTOCOL_UNREACHABLE] = "protocol-unreachable",
		[CAUSE_PORT_UNREACHABLE] = "port-unreachable",
		[CAUSE_FRAGMENTATION_NEEDED] = "fragmentation-needed",
		[CAUSE_ADMIN_PROHIBITED] = "admin-prohibited",
		[CAUSE_OTHER] = "other",
	};

	return cause < CAUSE_COUNT ? names[cause] : "other";
}
