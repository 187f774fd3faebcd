/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "base/siphash.h"

struct sip {
	uint64_t v0, v1, v2, v3;
};

static uint64_t turn_left(uint64_t x, unsigned bits)
{
	return x << bits | x >> (64 - bits);
}

static void mix(struct sip *s, unsigned rounds)
{
	while (rounds-- > 0) {
		s->v0 += s->v1;
		s->v2 += s->v3;
		s->v1 = turn_left(s->v1, 13) ^ s->v0;
		s->v3 = turn_left(s->v3, 16) ^ s->v2;
		s->v0 = turn_left(s->v0, 32);
		s->v2 += s->v1;
		s->v0 += s->v3;
		s->v1 = turn_left(s->v1, 17) ^ s->v2;
		s->v3 = turn_left(s->v3, 21) ^ s->v0;
		s->v2 = turn_left(s->v2, 32);
	}
}

static void take(struct sip *s, uint64_t word)
{
	s->v3 ^= word;
	mix(s, 2);
	s->v0 ^= word;
}

static struct sip start(const struct siphash_key *key)
{
	return (struct sip){
		key->k0 ^ 0x736f6d6570736575u, key->k1 ^ 0x646f72616e646f6du,
		key->k0 ^ 0x6c7967656e657261u, key->k1 ^ 0x7465646279746573u,
	};
}

static uint64_t end(struct sip *s)
{
	s->v2 ^= 0xff;
	mix(s, 4);
	return s->v0 ^ s->v1 ^ s->v2 ^ s->v3;
}

uint64_t siphash(const struct siphash_key *key, const uint8_t *bytes, size_t len)
{
	struct sip s = start(key);
	uint64_t word = 0;

	for (size_t i = 0; i < len; i++) {
		word |= (uint64_t)bytes[i] << 8 * (i & 7);
		if ((i & 7) == 7) {
			take(&s, word);
			word = 0;
		}
	}
	take(&s, word | (uint64_t)(len & 0xff) << 56);
	return end(&s);
}

uint64_t siphash_u64(const struct siphash_key *key, uint64_t word)
{
	struct sip s = start(key);

	take(&s, word);
	take(&s, (uint64_t)8 << 56);
	return end(&s);
}
