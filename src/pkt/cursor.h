/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef THRUPATH_PKT_CURSOR_H
#define THRUPATH_PKT_CURSOR_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/*
 * Readers and writers over bytes of the network, big-endian. They know no protocol.
 * Invariant: pos <= len. The first access beyond the end sets `failed` for good;
 * from then on reads yield zero and writes do nothing. Test `failed` once, last.
 * Every byte of every packet passes here, so what is short is inline.
 */
struct cursor {
	const uint8_t *bytes; /* borrowed; must outlive the cursor */
	size_t len, pos;
	bool failed;
};

struct wcursor {
	uint8_t *bytes;       /* borrowed */
	size_t len, pos;
	bool failed;
};

struct cursor cursor_of(const uint8_t *bytes, size_t len);
size_t cursor_left(const struct cursor *);
uint64_t cursor_be64(struct cursor *);                    /* host order, as all of them */
void cursor_skip(struct cursor *, size_t len);
struct cursor cursor_take(struct cursor *, size_t len);   /* the next len bytes on their own */

struct wcursor wcursor_of(uint8_t *bytes, size_t len);
void wcursor_be64(struct wcursor *, uint64_t);
void wcursor_bytes(struct wcursor *, const uint8_t *bytes, size_t len);
void wcursor_zero(struct wcursor *, size_t len);

/* Stores over bytes that are there already (lengths, checksums). */
static inline void put_be16(uint8_t *at, uint16_t value)
{
	at[0] = (uint8_t)(value >> 8);
	at[1] = (uint8_t)value;
}

static inline uint16_t get_be16(const uint8_t *at)
{
	return (uint16_t)(at[0] << 8 | at[1]);
}

static inline uint32_t get_be32(const uint8_t *at)
{
	return (uint32_t)at[0] << 24 | (uint32_t)at[1] << 16 | (uint32_t)at[2] << 8 | at[3];
}

/* NULL when beyond the end. */
static inline const uint8_t *cursor_bytes(struct cursor *c, size_t len)
{
	const uint8_t *at = c->bytes + c->pos;

	if (c->failed || len > c->len - c->pos) {
		c->failed = true;
		return NULL;
	}
	c->pos += len;
	return at;
}

static inline uint8_t cursor_u8(struct cursor *c)
{
	const uint8_t *at = cursor_bytes(c, 1);

	return at == NULL ? 0 : at[0];
}

static inline uint16_t cursor_be16(struct cursor *c)
{
	const uint8_t *at = cursor_bytes(c, 2);

	return at == NULL ? 0 : get_be16(at);
}

static inline uint32_t cursor_be32(struct cursor *c)
{
	const uint8_t *at = cursor_bytes(c, 4);

	return at == NULL ? 0 : get_be32(at);
}

/* Where the next bytes go; NULL when beyond the end. */
static inline uint8_t *wcursor_claim(struct wcursor *w, size_t len)
{
	uint8_t *at = w->bytes + w->pos;

	if (w->failed || len > w->len - w->pos) {
		w->failed = true;
		return NULL;
	}
	w->pos += len;
	return at;
}

static inline void wcursor_u8(struct wcursor *w, uint8_t value)
{
	uint8_t *at = wcursor_claim(w, 1);

	if (at != NULL) {
		at[0] = value;
	}
}

static inline void wcursor_be16(struct wcursor *w, uint16_t value)
{
	uint8_t *at = wcursor_claim(w, 2);

	if (at != NULL) {
		put_be16(at, value);
	}
}

static inline void wcursor_be32(struct wcursor *w, uint32_t value)
{
	uint8_t *at = wcursor_claim(w, 4);

	if (at != NULL) {
		put_be16(at, (uint16_t)(value >> 16));
		put_be16(at + 2, (uint16_t)value);
	}
}

#endif
