/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "run/coder.h"

#include <string.h>

#include "base/utf8.h"

enum { TEXT_MAX = 256, LAT_MAX = 9000, LON_MAX = 18000 };

uint8_t code_u8(struct coder *coder, uint8_t value)
{
	if (coder->to == NULL) {
		return cursor_u8(coder->from);
	}
	wcursor_u8(coder->to, value);
	return value;
}

uint16_t code_u16(struct coder *coder, uint16_t value)
{
	if (coder->to == NULL) {
		return cursor_be16(coder->from);
	}
	wcursor_be16(coder->to, value);
	return value;
}

uint32_t code_u32(struct coder *coder, uint32_t value)
{
	if (coder->to == NULL) {
		return cursor_be32(coder->from);
	}
	wcursor_be32(coder->to, value);
	return value;
}

uint64_t code_u64(struct coder *coder, uint64_t value)
{
	if (coder->to == NULL) {
		return cursor_be64(coder->from);
	}
	wcursor_be64(coder->to, value);
	return value;
}

double code_double(struct coder *coder, double number)
{
	uint64_t bits;

	memcpy(&bits, &number, sizeof bits);
	bits = code_u64(coder, bits);
	memcpy(&number, &bits, sizeof number);
	return number;
}

ns_t code_time(struct coder *coder, ns_t t, ns_t least, ns_t most)
{
	t = (ns_t)code_u64(coder, (uint64_t)t);
	code_check(coder, t >= least && t <= most);
	return t;
}

void code_flags(struct coder *coder, bool *const *flags, size_t count)
{
	unsigned bits = 0;

	for (size_t i = 0; i < count; i++) {
		bits |= (unsigned)*flags[i] << i;
	}
	bits = code_u8(coder, (uint8_t)bits);
	for (size_t i = 0; i < count; i++) {
		*flags[i] = bits >> i & 1;
	}
}

static void code_bytes(struct coder *coder, uint8_t *bytes, size_t len)
{
	const uint8_t *from;

	if (coder->to != NULL) {
		wcursor_bytes(coder->to, bytes, len);
	} else if ((from = cursor_bytes(coder->from, len)) != NULL && len > 0) {
		memcpy(bytes, from, len);
	}
}

void code_addr(struct coder *coder, struct addr *addr)
{
	addr->family = code_u8(coder, addr->family);
	code_bytes(coder, addr->byte, sizeof addr->byte);
}

void code_text(struct coder *coder, char *text, size_t cap)
{
	char raw[TEXT_MAX] = "";
	size_t len = coder->to == NULL ? 0 : strnlen(text, TEXT_MAX - 1);

	len = code_u8(coder, (uint8_t)len);
	if (coder->to != NULL) {
		wcursor_bytes(coder->to, (const uint8_t *)text, len);
	} else {
		code_bytes(coder, (uint8_t *)raw, len);
		utf8_clean(raw, text, cap);
	}
}

void code_interface(struct coder *coder, char name[INTERFACE_NAME_MAX])
{
	char raw[INTERFACE_NAME_MAX] = "";

	if (coder->to != NULL) {
		memcpy(raw, name, strnlen(name, INTERFACE_NAME_MAX - 1));
	}
	code_bytes(coder, (uint8_t *)raw, sizeof raw);
	if (coder->to == NULL) {
		raw[sizeof raw - 1] = '\0';
		utf8_clean(raw, name, INTERFACE_NAME_MAX);
	}
}

void code_spot(struct coder *coder, struct spot *spot)
{
	spot->is_known = code_u8(coder, spot->is_known) & 1;
	spot->lat = (int16_t)code_u16(coder, (uint16_t)spot->lat);
	spot->lon = (int16_t)code_u16(coder, (uint16_t)spot->lon);
	code_check(coder, spot->lat >= -LAT_MAX && spot->lat <= LAT_MAX && spot->lon >= -LON_MAX &&
		spot->lon <= LON_MAX);
}

void code_check(struct coder *coder, bool is_sane)
{
	if (coder->to == NULL && !is_sane) {
		coder->from->failed = true;
	}
}

bool code_is_family(const struct addr *addr, bool may_be_unset)
{
	return addr->family == ADDR_V4 || addr->family == ADDR_V6 ||
	       (may_be_unset && !addr_is_set(addr));
}
