/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "pkt/addr.h"

#include <arpa/inet.h>
#include <stdio.h>
#include <string.h>

struct prefix {
	uint8_t family, bits;
	uint8_t byte[16];
};

struct addr addr_v4(uint32_t host_order)
{
	return (struct addr){.family = ADDR_V4, .byte = {
		(uint8_t)(host_order >> 24), (uint8_t)(host_order >> 16),
		(uint8_t)(host_order >> 8), (uint8_t)host_order}};
}

uint32_t addr_to_v4(const struct addr *addr)
{
	if (addr->family != ADDR_V4) {
		return 0;
	}
	return (uint32_t)addr->byte[0] << 24 | (uint32_t)addr->byte[1] << 16 |
	       (uint32_t)addr->byte[2] << 8 | addr->byte[3];
}

bool addr_parse(const char *text, struct addr *ret_addr)
{
	struct addr addr = {0};

	if (strchr(text, ':') != NULL) {
		addr.family = ADDR_V6;
		if (inet_pton(AF_INET6, text, addr.byte) != 1) {
			return false;
		}
	} else {
		addr.family = ADDR_V4;
		if (inet_pton(AF_INET, text, addr.byte) != 1) {
			return false;
		}
	}
	*ret_addr = addr;
	return true;
}

const char *addr_family_name(uint8_t family)
{
	return family == ADDR_V6 ? "IPv6" : "IPv4";
}

const char *addr_format(const struct addr *addr, char ret_text[ADDR_TEXT_MAX])
{
	ret_text[0] = '\0';
	if (addr->family == ADDR_V4) {
		(void)snprintf(ret_text, ADDR_TEXT_MAX, "%u.%u.%u.%u", addr->byte[0],
			addr->byte[1], addr->byte[2], addr->byte[3]);
	} else if (addr->family == ADDR_V6) {
		(void)inet_ntop(AF_INET6, addr->byte, ret_text, ADDR_TEXT_MAX);
	}
	return ret_text;
}

static bool is_within(const struct addr *addr, const struct prefix *prefix)
{
	size_t whole = prefix->bits / 8u;
	unsigned rest = prefix->bits % 8u;

	if (addr->family != prefix->family || memcmp(addr->byte, prefix->byte, whole) != 0) {
		return false;
	}
	return rest == 0 || (addr->byte[whole] ^ prefix->byte[whole]) >> (8 - rest) == 0;
}

bool addr_is_unspecified(const struct addr *addr)
{
	static const uint8_t zero[16];

	return addr->family == ADDR_V4 ? addr->byte[0] == 0 :
	       memcmp(addr->byte, zero, sizeof zero) == 0;
}

bool addr_is_multicast(const struct addr *addr)
{
	return addr->family == ADDR_V4 ? addr->byte[0] >> 4 == 14 :
	       addr->family == ADDR_V6 && addr->byte[0] == 0xff;
}

struct addr addr_beside(const struct addr *addr)
{
	struct addr beside = *addr;
	uint8_t *last = &beside.byte[beside.family == ADDR_V6 ? 15 : 3];

	*last = (uint8_t)(*last >= 254 ? *last - 1 : *last + 1);
	return beside;
}

bool addr_is_broadcast(const struct addr *addr)
{
	return addr_to_v4(addr) == 0xffffffff;
}

bool addr_is_loopback(const struct addr *addr)
{
	static const struct prefix loop = {ADDR_V6, 128, {[15] = 1}};

	return addr->family == ADDR_V4 ? addr->byte[0] == 127 : is_within(addr, &loop);
}

bool addr_is_link_local(const struct addr *addr)
{
	static const struct prefix v4 = {ADDR_V4, 16, {169, 254}}, v6 = {ADDR_V6, 10, {0xfe, 0x80}};

	return is_within(addr, &v4) || is_within(addr, &v6);
}

bool addr_is_private(const struct addr *addr)
{
	static const struct prefix prefixes[] = {
		{ADDR_V4, 8, {10}},
		{ADDR_V4, 12, {172, 16}},
		{ADDR_V4, 16, {192, 168}},
		{ADDR_V4, 10, {100, 64}},
		{ADDR_V4, 8, {127}},
		{ADDR_V4, 16, {169, 254}},
		{ADDR_V4, 15, {198, 18}},
		{ADDR_V4, 24, {192, 0, 2}},
		{ADDR_V4, 24, {198, 51, 100}},
		{ADDR_V4, 24, {203, 0, 113}},
		{ADDR_V6, 7, {0xfc}},
		{ADDR_V6, 10, {0xfe, 0x80}},
		{ADDR_V6, 128, {[15] = 1}},
		{ADDR_V6, 32, {0x20, 0x01, 0x0d, 0xb8}},
		{ADDR_V6, 20, {0x3f, 0xff}},
	};

	for (size_t i = 0; i < sizeof prefixes / sizeof prefixes[0]; i++) {
		if (is_within(addr, &prefixes[i])) {
			return true;
		}
	}
	return false;
}
