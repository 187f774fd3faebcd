/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "pkt/ident.h"

enum { TOKEN_PLACE = 0xff, CIPHER_PLACE = 0xfe, FLOW_PLACE = 0xfd };

static uint64_t mac(const struct ident *ident, const struct ident_subject *s, uint8_t place)
{
	return siphash_u64(&ident->key, (uint64_t)s->seq << 32 | (uint64_t)s->depth << 16 |
		(uint64_t)s->kind << 8 | place);
}

void ident_init(struct ident *ident, const struct siphash_key *key)
{
	ident->key = *key;
	for (unsigned i = 0; i < 4 * 256; i++) {
		ident->round[i / 256][i % 256] =
			(uint8_t)siphash_u64(key, (uint64_t)i << 8 | CIPHER_PLACE);
	}
}

/* A Feistel network of four rounds over two bytes: a keyed permutation of 16-bit numbers. */
uint16_t ident_encipher(const struct ident *ident, uint16_t number)
{
	uint8_t left = (uint8_t)(number >> 8), right = (uint8_t)number;

	for (unsigned i = 0; i < 4; i++) {
		uint8_t next = left ^ ident->round[i][right];

		left = right;
		right = next;
	}
	return (uint16_t)(left << 8 | right);
}

uint16_t ident_decipher(const struct ident *ident, uint16_t number)
{
	uint8_t left = (uint8_t)(number >> 8), right = (uint8_t)number;

	for (unsigned i = 4; i-- > 0;) {
		uint8_t before = right ^ ident->round[i][left];

		right = left;
		left = before;
	}
	return (uint16_t)(left << 8 | right);
}

uint16_t ident_layer_mac(const struct ident *ident, const struct ident_subject *s, uint8_t below)
{
	return (uint16_t)mac(ident, s, below);
}

uint32_t ident_flow_label(const struct ident *ident, uint8_t flow)
{
	uint32_t label = (uint32_t)siphash_u64(&ident->key, (uint64_t)flow << 8 | FLOW_PLACE) &
		0xfffff;

	return label == 0 ? 1 : label;
}

uint64_t ident_token_mac(const struct ident *ident, const struct ident_subject *s)
{
	return mac(ident, s, TOKEN_PLACE);
}
