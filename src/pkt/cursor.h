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
 */
struct cursor {
	const uint8_t *bytes; /* borrowed; must outlive the cursor */
	size_t len, pos;
	bool failed;
};

struct cursor cursor_of(const uint8_t *bytes, size_t len);
size_t cursor_left(const struct cursor *);
uint8_t cursor_u8(struct cursor *);
uint16_t cursor_be16(struct cursor *);                    /* host order, as all of them */
uint32_t cursor_be32(struct cursor *);
uint64_t cursor_be64(struct cursor *);
const uint8_t *cursor_bytes(struct cursor *, size_t len); /* NULL when beyond the end */
void cursor_skip(struct cursor *, size_t len);
struct cursor cursor_take(struct cursor *, size_t len);   /* the next len bytes on their own */

struct wcursor {
	uint8_t *bytes;       /* borrowed */
	size_t len, pos;
	bool failed;
};

struct wcursor wcursor_of(uint8_t *bytes, size_t len);
void wcursor_u8(struct wcursor *, uint8_t);
void wcursor_be16(struct wcursor *, uint16_t);
void wcursor_be32(struct wcursor *, uint32_t);
void wcursor_be64(struct wcursor *, uint64_t);
void wcursor_bytes(struct wcursor *, const uint8_t *bytes, size_t len);
void wcursor_zero(struct wcursor *, size_t len);

/* Stores over bytes that are there already (lengths, checksums). */
void put_be16(uint8_t *at, uint16_t value);
uint16_t get_be16(const uint8_t *at);

#endif
