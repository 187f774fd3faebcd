/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "base/utf8.h"

#include <stdbool.h>
#include <string.h>
#include <wchar.h>

size_t utf8_next(const char *text, uint32_t *ret_char)
{
	static const uint32_t least[] = {0, 0, 0x80, 0x800, 0x10000};
	const unsigned char *p = (const unsigned char *)text;
	size_t len = p[0] < 0x80 ? 1 : p[0] >= 0xf0 && p[0] < 0xf5 ? 4 :
	             p[0] >= 0xe0 ? 3 : p[0] >= 0xc2 ? 2 : 0;
	uint32_t c;

	if (p[0] == '\0') {
		return 0;
	}
	if (len == 1) {
		*ret_char = p[0];
		return 1;
	}
	*ret_char = 0xfffd;
	if (len == 0 || p[0] >= 0xf5) {
		return 1;
	}
	c = p[0] & (0x7fu >> len);
	for (size_t i = 1; i < len; i++) {
		if ((p[i] & 0xc0) != 0x80) {
			return 1;
		}
		c = c << 6 | (p[i] & 0x3f);
	}
	if (c < least[len] || c > 0x10ffff || (c >= 0xd800 && c < 0xe000)) {
		return 1;
	}
	*ret_char = c;
	return len;
}

size_t utf8_encode(uint32_t c, char ret_bytes[UTF8_BYTES_MAX])
{
	if (c < 0x80) {
		ret_bytes[0] = (char)c;
		return 1;
	}
	if (c < 0x800) {
		ret_bytes[0] = (char)(0xc0 | c >> 6);
		ret_bytes[1] = (char)(0x80 | (c & 0x3f));
		return 2;
	}
	if (c < 0x10000) {
		ret_bytes[0] = (char)(0xe0 | c >> 12);
		ret_bytes[1] = (char)(0x80 | (c >> 6 & 0x3f));
		ret_bytes[2] = (char)(0x80 | (c & 0x3f));
		return 3;
	}
	ret_bytes[0] = (char)(0xf0 | c >> 18);
	ret_bytes[1] = (char)(0x80 | (c >> 12 & 0x3f));
	ret_bytes[2] = (char)(0x80 | (c >> 6 & 0x3f));
	ret_bytes[3] = (char)(0x80 | (c & 0x3f));
	return 4;
}

int utf8_char_width(uint32_t c)
{
	int width;

	if (c < 0x7f) {
		return 1;
	}
	width = wcwidth((wchar_t)c);
	return width < 0 ? 1 : width;
}

size_t utf8_width(const char *text)
{
	size_t width = 0, len;
	uint32_t c;

	while ((len = utf8_next(text, &c)) > 0) {
		width += (size_t)utf8_char_width(c);
		text += len;
	}
	return width;
}

size_t utf8_prefix(const char *text, size_t columns)
{
	size_t bytes = 0, width = 0, len;
	uint32_t c;

	while ((len = utf8_next(text + bytes, &c)) > 0) {
		width += (size_t)utf8_char_width(c);
		if (width > columns) {
			break;
		}
		bytes += len;
	}
	return bytes;
}

static bool is_unsafe(uint32_t c)
{
	return c < 0x20 || (c >= 0x7f && c < 0xa0) || c == 0xfffd || (c >= 0x200b && c <= 0x200f) ||
	       (c >= 0x2028 && c <= 0x202e) || (c >= 0x2060 && c <= 0x206f) || c == 0xfeff;
}

void utf8_clean(const char *text, char *ret_clean, size_t cap)
{
	size_t used = 0, len;
	uint32_t c;

	while ((len = utf8_next(text, &c)) > 0) {
		bool unsafe = is_unsafe(c);
		size_t need = unsafe ? 1 : len;

		if (used + need >= cap) {
			break;
		}
		if (unsafe) {
			ret_clean[used] = '?';
		} else {
			memcpy(ret_clean + used, text, len);
		}
		used += need;
		text += len;
	}
	ret_clean[used] = '\0';
}
