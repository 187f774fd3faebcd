/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef THRUPATH_PKT_CARRIER_H
#define THRUPATH_PKT_CARRIER_H

#include "pkt/addr.h"
#include "pkt/cursor.h"

/*
 * What bears a packet through a hop: how an IP header says that another one follows, and what
 * stands between both; or how one header says where to go next. A hop takes one or another of them.
 */
enum carrier {
	CARRIER_IPIP,          /* nothing between: RFC 2003, RFC 2473, RFC 4213 */
	CARRIER_GRE,           /* RFC 2784: four bytes */
	CARRIER_SRH,           /* one IPv6 header for all legs, with a list of segments: RFC 8754 */
	CARRIER_USID,          /* the same, several segments in an address: RFC 9800, NEXT-C-SID */
	CARRIER_COUNT
};

const char *carrier_name(enum carrier); /* as on the command line: "ipip", "gre", "srh", "usid" */
bool carrier_parse(const char *name, enum carrier *ret_carrier);

/* As somebody may tell it: 1 + enum carrier; 0: nobody has. */
static inline enum carrier carrier_told(uint8_t told, enum carrier otherwise)
{
	return told > 0 ? (enum carrier)(told - 1) : otherwise;
}

/* Cuts "/NAME" off the word of a hop. False: it is the name of none. */
bool carrier_cut(char *word, uint8_t *ret_told);

/* A whole walk by it has one header, which lists where it goes: SRv6. */
bool carrier_is_routed(enum carrier);

/* Of the others: bytes between the two IP headers. */
size_t carrier_shim_bytes(enum carrier);
/* What the outer header has as its protocol, when a header of that family follows. */
uint8_t carrier_protocol(enum carrier, uint8_t inner_family);
/* Writes what stands between. */
void carrier_write(struct wcursor *, enum carrier, uint8_t inner_family);

/* Whether a header with that protocol bears another one, as far as the number alone tells. */
bool carrier_is_any(uint8_t protocol);
/* Steps over what stands between. Returns the family of the IP header that follows; 0, and what is
 * at the cursor then is not IP, where none does. */
uint8_t carrier_enter(struct cursor *, uint8_t protocol, enum carrier *ret_carrier);

#endif
