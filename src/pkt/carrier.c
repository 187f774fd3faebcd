/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "pkt/carrier.h"

#include <string.h>

#include "pkt/ip.h"

enum { ETHER_IPV4 = 0x0800, ETHER_IPV6 = 0x86dd };

/* RFC 2784, 2.1 and RFC 2890, 2: | C | | K | S | .. | version 3 | protocol type 16 |, then four
 * bytes for each of C, K and S that is set. */
enum { GRE_BYTES = 4, GRE_CHECKSUM = 0x8000, GRE_KEY = 0x2000, GRE_SEQUENCE = 0x1000 };

struct row {
	const char *name;
	size_t shim_bytes;
	uint8_t protocol;      /* 0: the family's own */
	bool is_routed;
};

static const struct row rows[CARRIER_COUNT] = {
	[CARRIER_IPIP] = {"ipip", 0, 0, false},
	[CARRIER_GRE] = {"gre", GRE_BYTES, IP_PROTO_GRE, false},
	[CARRIER_SRH] = {"srh", 0, 0, true},
	[CARRIER_USID] = {"usid", 0, 0, true},
};

const char *carrier_name(enum carrier carrier)
{
	return carrier < CARRIER_COUNT ? rows[carrier].name : "?";
}

bool carrier_parse(const char *name, enum carrier *ret_carrier)
{
	for (int i = 0; i < CARRIER_COUNT; i++) {
		if (strcmp(rows[i].name, name) == 0) {
			*ret_carrier = (enum carrier)i;
			return true;
		}
	}
	return false;
}

bool carrier_cut(char *word, uint8_t *ret_told)
{
	char *slash = strchr(word, '/');
	enum carrier carrier;

	*ret_told = 0;
	if (slash == NULL) {
		return true;
	}
	if (!carrier_parse(slash + 1, &carrier)) {
		return false;
	}
	*slash = '\0';
	*ret_told = (uint8_t)(1 + carrier);
	return true;
}

bool carrier_is_routed(enum carrier carrier)
{
	return rows[carrier].is_routed;
}

size_t carrier_shim_bytes(enum carrier carrier)
{
	return rows[carrier].shim_bytes;
}

uint8_t carrier_protocol(enum carrier carrier, uint8_t inner_family)
{
	return rows[carrier].protocol == 0 ? ip_protocol_of(inner_family) : rows[carrier].protocol;
}

void carrier_write(struct wcursor *w, enum carrier carrier, uint8_t inner_family)
{
	if (carrier == CARRIER_GRE) {
		wcursor_be16(w, 0);
		wcursor_be16(w, inner_family == ADDR_V6 ? ETHER_IPV6 : ETHER_IPV4);
	}
}

bool carrier_is_any(uint8_t protocol)
{
	return ip_is_ip(protocol) || protocol == IP_PROTO_GRE;
}

static uint8_t enter_gre(struct cursor *c)
{
	uint16_t flags = cursor_be16(c), type = cursor_be16(c);
	unsigned options = (flags / GRE_CHECKSUM & 1u) + (flags / GRE_KEY & 1u) +
		(flags / GRE_SEQUENCE & 1u);

	cursor_skip(c, 4 * options);
	if (c->failed || (flags & ~(GRE_CHECKSUM | GRE_KEY | GRE_SEQUENCE)) != 0) {
		return 0;
	}
	return type == ETHER_IPV4 ? ADDR_V4 : type == ETHER_IPV6 ? ADDR_V6 : 0;
}

uint8_t carrier_enter(struct cursor *c, uint8_t protocol, enum carrier *ret_carrier)
{
	*ret_carrier = protocol == IP_PROTO_GRE ? CARRIER_GRE : CARRIER_IPIP;
	if (protocol == IP_PROTO_GRE) {
		return enter_gre(c);
	}
	return protocol == IP_PROTO_IPIP ? ADDR_V4 : protocol == IP_PROTO_IPV6 ? ADDR_V6 : 0;
}
