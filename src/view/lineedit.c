/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "view/lineedit.h"

#include <string.h>

#include "base/utf8.h"
#include "view/keymap.h"

enum { CTRL_U = 0x15 };

void lineedit_set(struct lineedit *line, const char *text)
{
	size_t len = strlen(text);

	while (len >= sizeof line->text || ((unsigned char)text[len] & 0xc0) == 0x80) {
		len--;
	}
	memcpy(line->text, text, len);
	line->text[len] = '\0';
	line->at = len;
}

static size_t char_before(const struct lineedit *line)
{
	size_t at = line->at;

	while (at > 0 && ((unsigned char)line->text[--at] & 0xc0) == 0x80) {
	}
	return at;
}

static size_t char_behind(const struct lineedit *line)
{
	uint32_t c;

	return line->at + utf8_next(line->text + line->at, &c);
}

static void take_out(struct lineedit *line, size_t from, size_t to)
{
	memmove(line->text + from, line->text + to, strlen(line->text + to) + 1);
	line->at = from;
}

static void insert(struct lineedit *line, uint32_t c)
{
	char bytes[UTF8_BYTES_MAX];
	size_t len = utf8_encode(c, bytes), used = strlen(line->text);

	if (used + len < sizeof line->text) {
		memmove(line->text + line->at + len, line->text + line->at, used - line->at + 1);
		memcpy(line->text + line->at, bytes, len);
		line->at += len;
	}
}

bool lineedit_key(struct lineedit *line, int key)
{
	if (key == UI_KEY_LEFT) {
		line->at = char_before(line);
	} else if (key == UI_KEY_RIGHT) {
		line->at = char_behind(line);
	} else if (key == UI_KEY_HOME) {
		line->at = 0;
	} else if (key == UI_KEY_END) {
		line->at = strlen(line->text);
	} else if (key == UI_KEY_BACKSPACE) {
		take_out(line, char_before(line), line->at);
	} else if (key == UI_KEY_DELETE) {
		take_out(line, line->at, char_behind(line));
	} else if (key == CTRL_U) {
		lineedit_set(line, "");
	} else if (key >= ' ' && key < 0x110000 && !(key >= 0x7f && key < 0xa0) &&
	           !(key >= 0xd800 && key < 0xe000)) {
		insert(line, (uint32_t)key);
	} else {
		return false;
	}
	return true;
}

void lineedit_put(const struct lineedit *line, struct lines *lines)
{
	char part[LINEEDIT_MAX];
	size_t behind = char_behind(line);

	memcpy(part, line->text, line->at);
	part[line->at] = '\0';
	lines_put(lines, ROLE_KEY, part);
	memcpy(part, line->text + line->at, behind - line->at);
	part[behind - line->at] = '\0';
	lines_put(lines, ROLE_SELECTED, part[0] == '\0' ? " " : part);
	lines_put(lines, ROLE_KEY, line->text + behind);
}
