/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef THRUPATH_PKT_IDENT_H
#define THRUPATH_PKT_IDENT_H

#include "base/siphash.h"
#include "pkt/walk.h"

/*
 * How a probe is known again. Every probe has a sequence number; a session has a key.
 * - Whole packets that come home carry a token in the payload: the number in clear and
 *   a 64-bit MAC over number, depth and kind.
 * - A legal ICMP error may quote as little as 28 bytes (RFC 792), so each IP header's ID
 *   field is used: counted from the carried packet outwards, the IDs are in turn a MAC
 *   over number, depth, kind and place in the stack, and the number's low 16 bits,
 *   enciphered. The carried packet bears the enciphered number too (ICMP sequence, or the
 *   UDP checksum, steered there by a word of payload). So any two neighbouring layers show
 *   the number once and a MAC once: 32 bits that cannot be guessed.
 * IDs other than 0 of DF packets are ours to choose (RFC 6864, 4.1).
 * An IPv6 header has no such field, and routers hash its flow label: that is the same for
 * all probes of a flow. Its errors quote up to 1280 bytes (RFC 4443, 2.4), so the token in
 * the payload is what they show.
 */
struct ident {
	struct siphash_key key;
	uint8_t round[4][256];  /* round functions of the 16-bit cipher */
};

/* What the MACs speak of. */
struct ident_subject {
	uint32_t seq;
	uint8_t depth;
	uint8_t kind;           /* enum walk_kind */
};

void ident_init(struct ident *, const struct siphash_key *);
uint16_t ident_encipher(const struct ident *, uint16_t number);
uint16_t ident_decipher(const struct ident *, uint16_t number);
/* `below`: the IP headers beneath this one, in units of 20 bytes (an IPv6 header is two), without
 * what carriers put between them; even values only are asked for. */
uint16_t ident_layer_mac(const struct ident *, const struct ident_subject *, uint8_t below);
uint32_t ident_flow_label(const struct ident *, uint8_t flow);   /* 20 bits, not 0 */
uint64_t ident_token_mac(const struct ident *, const struct ident_subject *);

#endif
