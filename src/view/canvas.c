/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "view/canvas.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "base/utf8.h"

static const char letters[ROLE_COUNT] = {
	[ROLE_NORMAL] = '.',
	[ROLE_DIM] = 'd',
	[ROLE_TITLE] = 'T',
	[ROLE_HEADING] = 'h',
	[ROLE_GOOD] = 'g',
	[ROLE_NOTICE] = 'n',
	[ROLE_WARNING] = 'w',
	[ROLE_ALARM] = 'A',
	[ROLE_ALARM_TEXT] = 'a',
	[ROLE_SELECTED] = 's',
	[ROLE_TAB] = 't',
	[ROLE_KEY] = 'k',
	[ROLE_SERIES_A] = '1',
	[ROLE_SERIES_B] = '2',
	[ROLE_SERIES_C] = '3',
	[ROLE_SERIES_D] = '4',
	[ROLE_MARK] = 'm',
};

void canvas_init(struct canvas *canvas, size_t width, size_t height, bool is_ascii)
{
	if (width > CANVAS_SIDE_MAX) {
		width = CANVAS_SIDE_MAX;
	}
	if (height > CANVAS_SIDE_MAX) {
		height = CANVAS_SIDE_MAX;
	}
	*canvas = (struct canvas){.width = width, .height = height, .is_ascii = is_ascii};
	canvas->cells = xcalloc(width * height, sizeof *canvas->cells);
	canvas_clear(canvas);
}

void canvas_finish(struct canvas *canvas)
{
	if (canvas != NULL) {
		free(canvas->cells);
		*canvas = (struct canvas){0};
	}
}

static void blank(struct canvas_cell *cell)
{
	cell->text[0] = ' ';
	cell->text[1] = '\0';
	cell->width = 1;
}

void canvas_clear(struct canvas *canvas)
{
	for (size_t i = 0; i < canvas->width * canvas->height; i++) {
		blank(&canvas->cells[i]);
		canvas->cells[i].role = ROLE_NORMAL;
	}
}

static struct canvas_cell *cell_at(const struct canvas *canvas, size_t x, size_t y)
{
	return &canvas->cells[y * canvas->width + x];
}

const struct canvas_cell *canvas_at(const struct canvas *canvas, size_t x, size_t y)
{
	return cell_at(canvas, x, y);
}

/* Keeps the invariant when a cell is about to be overwritten: the other half of a wide
 * character that loses one half becomes a blank. */
static void split_wide(struct canvas *canvas, size_t x, size_t y)
{
	struct canvas_cell *cell = cell_at(canvas, x, y);

	if (cell->width == 0) {
		blank(cell - 1);
	} else if (cell->width == 2) {
		blank(cell + 1);
	}
	blank(cell);
}

static void set_cell(struct canvas *canvas, size_t x, size_t y, enum role role,
	const char *text, size_t len)
{
	struct canvas_cell *cell = cell_at(canvas, x, y);

	split_wide(canvas, x, y);
	memcpy(cell->text, text, len);
	cell->text[len] = '\0';
	cell->role = role;
}

static void set_wide(struct canvas *canvas, size_t x, size_t y, enum role role,
	const char *text, size_t len)
{
	struct canvas_cell *cell = cell_at(canvas, x, y);

	split_wide(canvas, x + 1, y);
	set_cell(canvas, x, y, role, text, len);
	cell[0].width = 2;
	cell[1].text[0] = '\0';
	cell[1].width = 0;
	cell[1].role = role;
}

static void add_mark(struct canvas_cell *cell, const char *text, size_t len)
{
	size_t used = strlen(cell->text);

	if (used + len < sizeof cell->text) {
		memcpy(cell->text + used, text, len);
		cell->text[used + len] = '\0';
	}
}

static bool is_unprintable(uint32_t c, bool is_ascii)
{
	return c < 0x20 || (c >= 0x7f && c < 0xa0) || c == 0xfffd || (is_ascii && c >= 0x80);
}

size_t canvas_put(struct canvas *canvas, size_t x, size_t y, size_t columns, enum role role,
	const char *text)
{
	struct canvas_cell *last = NULL;
	size_t used = 0, len, room;
	uint32_t c;

	if (x >= canvas->width || y >= canvas->height) {
		return 0;
	}
	room = canvas->width - x < columns ? canvas->width - x : columns;
	for (; (len = utf8_next(text, &c)) > 0; text += len) {
		bool is_odd = is_unprintable(c, canvas->is_ascii);
		size_t width = is_odd ? 1 : (size_t)utf8_char_width(c);

		if (width == 0) {
			if (last != NULL) {
				add_mark(last, text, len);
			}
			continue;
		}
		if (used + width > room) {
			if (used < room) {
				set_cell(canvas, x + used, y, role, " ", 1);
				used++;
			}
			break;
		}
		last = cell_at(canvas, x + used, y);
		if (width == 2) {
			set_wide(canvas, x + used, y, role, text, len);
		} else {
			set_cell(canvas, x + used, y, role, is_odd ? "?" : text, is_odd ? 1 : len);
		}
		used += width;
	}
	return used;
}

size_t canvas_put_right(struct canvas *canvas, size_t x, size_t y, size_t columns,
	enum role role, const char *text)
{
	size_t width = utf8_width(text);

	if (width < columns) {
		x += columns - width;
		columns = width;
	}
	return canvas_put(canvas, x, y, columns, role, text);
}

size_t canvas_columns(const struct canvas *canvas, const char *text)
{
	size_t columns = 0, len;
	uint32_t c;

	for (; (len = utf8_next(text, &c)) > 0; text += len) {
		columns += is_unprintable(c, canvas->is_ascii) ? 1 : (size_t)utf8_char_width(c);
	}
	return columns;
}

void canvas_paint(struct canvas *canvas, size_t x, size_t y, size_t columns, enum role role)
{
	if (y >= canvas->height) {
		return;
	}
	for (size_t i = 0; i < columns && x + i < canvas->width; i++) {
		cell_at(canvas, x + i, y)->role = role;
	}
}

static void trim(struct strbuf *buf, size_t start, char pad)
{
	while (buf->len > start && buf->text[buf->len - 1] == pad) {
		buf->text[--buf->len] = '\0';
	}
	strbuf_putc(buf, '\n');
}

void canvas_dump(const struct canvas *canvas, struct strbuf *buf)
{
	for (size_t y = 0; y < canvas->height; y++) {
		size_t start = buf->len;

		for (size_t x = 0; x < canvas->width; x++) {
			strbuf_puts(buf, cell_at(canvas, x, y)->text);
		}
		trim(buf, start, ' ');
	}
	strbuf_puts(buf, "roles\n");
	for (size_t y = 0; y < canvas->height; y++) {
		size_t start = buf->len;

		for (size_t x = 0; x < canvas->width; x++) {
			strbuf_putc(buf, letters[cell_at(canvas, x, y)->role]);
		}
		trim(buf, start, '.');
	}
}
