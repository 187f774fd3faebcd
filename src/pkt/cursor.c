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

const uint8_t *cursor_bytes(struct cursor *c, size_t len)
{
	const uint8_t *at = c->bytes + c->pos;

	if (c->failed || len > c->len - c->pos) {
		c->failed = true;
		return NULL;
	}
	c->pos += len;
	return at;
}

uint8_t cursor_u8(struct cursor *c)
{
	const uint8_t *p = cursor_bytes(c, 1);

	return p == NULL ? 0 : p[0];
}

uint16_t cursor_be16(struct cursor *c)
{
	const uint8_t *p = cursor_bytes(c, 2);

	return p == NULL ? 0 : get_be16(p);
}

uint32_t cursor_be32(struct cursor *c)
{
	const uint8_t *p = cursor_bytes(c, 4);

	return p == NULL ? 0 : (uint32_t)get_be16(p) << 16 | get_be16(p + 2);
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

static uint8_t *claim(struct wcursor *w, size_t len)
{
	uint8_t *at = w->bytes + w->pos;

	if (w->failed || len > w->len - w->pos) {
		w->failed = true;
		return NULL;
	}
	w->pos += len;
	return at;
}

void wcursor_u8(struct wcursor *w, uint8_t value)
{
	uint8_t *at = claim(w, 1);

	if (at != NULL) {
		at[0] = value;
	}
}

void wcursor_be16(struct wcursor *w, uint16_t value)
{
	uint8_t *at = claim(w, 2);

	if (at != NULL) {
		put_be16(at, value);
	}
}

void wcursor_be32(struct wcursor *w, uint32_t value)
{
	uint8_t *at = claim(w, 4);

	if (at != NULL) {
		put_be16(at, (uint16_t)(value >> 16));
		put_be16(at + 2, (uint16_t)value);
	}
}

void wcursor_be64(struct wcursor *w, uint64_t value)
{
	wcursor_be32(w, (uint32_t)(value >> 32));
	wcursor_be32(w, (uint32_t)value);
}

void wcursor_bytes(struct wcursor *w, const uint8_t *bytes, size_t len)
{
	uint8_t *at = claim(w, len);

	if (at != NULL && len > 0) {
		memcpy(at, bytes, len);
	}
}

void wcursor_zero(struct wcursor *w, size_t len)
{
	uint8_t *at = claim(w, len);

	if (at != NULL) {
		memset(at, 0, len);
	}
}

void put_be16(uint8_t *at, uint16_t value)
{
	at[0] = (uint8_t)(value >> 8);
	at[1] = (uint8_t)value;
}

uint16_t get_be16(const uint8_t *at)
{
	return (uint16_t)(at[0] << 8 | at[1]);
}
