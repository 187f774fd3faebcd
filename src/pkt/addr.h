/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef THRUPATH_PKT_ADDR_H
#define THRUPATH_PKT_ADDR_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

/*
 * An IP address of either family. {0} is "no address". Knows no ports, no names.
 */
enum addr_family {
	ADDR_NONE,
	ADDR_V4 = 4,
	ADDR_V6 = 6
};

struct addr {
	uint8_t family;   /* enum addr_family */
	uint8_t byte[16]; /* network order; IPv4 in the first four, the rest zero */
};

#define ADDR_TEXT_MAX 46

struct addr addr_v4(uint32_t host_order);
uint32_t addr_to_v4(const struct addr *);                  /* host order; 0 if not IPv4 */

static inline bool addr_is_set(const struct addr *addr)
{
	return addr->family != ADDR_NONE;
}

static inline bool addr_equal(const struct addr *a, const struct addr *b)
{
	return a->family == b->family && memcmp(a->byte, b->byte, sizeof a->byte) == 0;
}

/* Parses a literal address, nothing else: no names, no ports, no leading zeros. */
bool addr_parse(const char *text, struct addr *ret_addr);
/* Writes the canonical text (RFC 5952 for IPv6) and returns ret_text; "" for none. */
const char *addr_format(const struct addr *, char ret_text[ADDR_TEXT_MAX]);

const char *addr_family_name(uint8_t family);              /* "IPv4" or "IPv6" */

bool addr_is_unspecified(const struct addr *);             /* 0/8, :: */
bool addr_is_multicast(const struct addr *);
/* The next address, or the one before where that may be the net's own or its broadcast. */
struct addr addr_beside(const struct addr *);
bool addr_is_broadcast(const struct addr *);               /* 255.255.255.255 */
bool addr_is_loopback(const struct addr *);
bool addr_is_link_local(const struct addr *);              /* fe80::/10, 169.254/16 */

/* Addresses whose probing needs no consent: private, shared, link-local, loopback,
 * benchmarking and documentation prefixes (RFC 1918, 6598, 3927, 2544, 5737, 4193, 3849, 9637). */
bool addr_is_private(const struct addr *);

#endif
