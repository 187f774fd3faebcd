/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "pkt/cursor.h"

#include <string.h>

struct cursor cursor_of(const uint8_t *bytes, size_t len)
{
	return (struct cursor){.bytes = bytes, .len = len};
}

size_t cursor_left(const struct cursor *c)
{
	return c->failed ? 0 : c->len - c->pos;
}

uint64_t cursor_be64(struct cursor *c)
{
	uint64_t high = cursor_be32(c);
	uint64_t low = cursor_be32(c);

	return c->failed ? 0 : high << 32 | low;
}

void cursor_skip(struct cursor *c, size_t len)
{
	(void)cursor_bytes(c, len);
}

struct cursor cursor_take(struct cursor *c, size_t len)
{
	const uint8_t *at = cursor_bytes(c, len);

	return (struct cursor){.bytes = at, .len = at == NULL ? 0 : len, .failed = at == NULL};
}

struct wcursor wcursor_of(uint8_t *bytes, size_t len)
{
	return (struct wcursor){.bytes = bytes, .len = len};
}

void wcursor_be64(struct wcursor *w, uint64_t value)
{
	wcursor_be32(w, (uint32_t)(value >> 32));
	wcursor_be32(w, (uint32_t)value);
}

void wcursor_bytes(struct wcursor *w, const uint8_t *bytes, size_t len)
{
	uint8_t *at = wcursor_claim(w, len);

	if (at != NULL && len > 0) {
		memcpy(at, bytes, len);
	}
}

void wcursor_zero(struct wcursor *w, size_t len)
{
	uint8_t *at = wcursor_claim(w, len);

	if (at != NULL) {
		memset(at, 0, len);
	}
}
