/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef THRUPATH_TESTS_HEX_H
#define THRUPATH_TESTS_HEX_H

#include <assert.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

/* The bytes of a string of hexadecimal digits; returns their count. */
static inline size_t hex_bytes(const char *hex, uint8_t *ret_bytes, size_t cap)
{
	static const char digits[] = "0123456789abcdef";
	size_t len = strlen(hex) / 2;

	assert(len <= cap);
	for (size_t i = 0; i < len; i++) {
		ret_bytes[i] = (uint8_t)((strchr(digits, hex[2 * i]) - digits) << 4 |
			(strchr(digits, hex[2 * i + 1]) - digits));
	}
	return len;
}

#endif
