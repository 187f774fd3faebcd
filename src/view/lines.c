/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "view/lines.h"

#include <assert.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "base/utf8.h"
#include "view/layout.h"

void lines_finish(struct lines *lines)
{
	for (size_t i = 0; lines != NULL && i < lines->count; i++) {
		strbuf_finish(&lines->line[i].text);
	}
	if (lines != NULL) {
		free(lines->line);
		*lines = (struct lines){0};
	}
}

void lines_begin(struct lines *lines, unsigned item)
{
	lines->line = xgrow(lines->line, &lines->cap, lines->count, sizeof *lines->line);
	lines->line[lines->count++] = (struct line){.item = item};
}

static struct line *last(struct lines *lines)
{
	assert(lines->count > 0);
	return &lines->line[lines->count - 1];
}

/* What was added from column x on has this role. */
static void mark(struct line *line, size_t x, enum role role)
{
	size_t columns = utf8_width(strbuf_text(&line->text)) - x;
	struct line_span *before = line->span_count == 0 ? NULL :
		&line->span[line->span_count - 1];

	if (before != NULL && before->role == role && before->x + before->columns == x) {
		before->columns += columns;
	} else if (role != ROLE_NORMAL && columns > 0 && line->span_count < LINE_SPANS) {
		line->span[line->span_count++] = (struct line_span){x, columns, role};
	}
}

void lines_put(struct lines *lines, enum role role, const char *text)
{
	struct line *line = last(lines);
	size_t x = utf8_width(strbuf_text(&line->text));

	strbuf_puts(&line->text, text);
	mark(line, x, role);
}

void lines_printf(struct lines *lines, enum role role, const char *format, ...)
{
	char text[512];
	va_list args;

	va_start(args, format);
	(void)vsnprintf(text, sizeof text, format, args);
	va_end(args);
	lines_put(lines, role, text);
}

void lines_left(struct lines *lines, enum role role, size_t columns, const char *text)
{
	struct strbuf buf = {0};

	strbuf_left(&buf, text, columns);
	lines_put(lines, role, strbuf_text(&buf));
	strbuf_finish(&buf);
}

void lines_words(struct lines *lines, enum role role, size_t columns, bool is_ascii,
	const char *text)
{
	struct strbuf cut = {0};

	if (utf8_width(text) <= columns || columns < 2) {
		lines_left(lines, role, columns, text);
		return;
	}
	strbuf_left(&cut, text, columns - 1);
	strbuf_puts(&cut, is_ascii ? ">" : "…");
	lines_put(lines, role, strbuf_text(&cut));
	strbuf_finish(&cut);
}

void lines_right(struct lines *lines, enum role role, size_t columns, const char *text)
{
	size_t width = utf8_width(text);

	strbuf_pad(&last(lines)->text, ' ', 1 + (width < columns ? columns - width : 0));
	lines_put(lines, role, text);
}

void lines_pad(struct lines *lines, size_t column)
{
	size_t width = utf8_width(strbuf_text(&last(lines)->text));

	strbuf_pad(&last(lines)->text, ' ', width < column ? column - width : 0);
}

void lines_text(struct lines *lines, enum role role, size_t width, const char *text)
{
	while (*text != '\0') {
		size_t len = strcspn(text, "\n");
		struct strbuf part = {0};

		strbuf_add(&part, text, len);
		lines_begin(lines, 0);
		lines_wrap(lines, role, width, 0, strbuf_text(&part));
		strbuf_finish(&part);
		text += len + (text[len] == '\n');
	}
}

void lines_head(struct lines *lines, const char *text)
{
	lines_begin(lines, 0);
	lines_put(lines, ROLE_HEADING, text);
}

/* Bytes of `text` that fill a line: up to the last blank that fits, or all that fits. */
static size_t fill(const char *text, size_t columns)
{
	size_t len = utf8_prefix(text, columns), at = len;

	if (text[len] == '\0') {
		return len;
	}
	while (at > 0 && text[at] != ' ') {
		at--;
	}
	/* A line of no column still takes a character, lest it never end. */
	return at > 0 ? at : len > 0 ? len : strlen(text);
}

void lines_wrap(struct lines *lines, enum role role, size_t width, unsigned item,
	const char *text)
{
	size_t indent = utf8_width(strbuf_text(&last(lines)->text));
	size_t columns = width > indent ? width - indent : 0;

	for (;;) {
		size_t len = fill(text, columns);
		struct strbuf part = {0};

		strbuf_add(&part, text, len);
		lines_put(lines, role, strbuf_text(&part));
		strbuf_finish(&part);
		text += len;
		while (*text == ' ') {
			text++;
		}
		if (*text == '\0') {
			return;
		}
		lines_begin(lines, item);
		lines_pad(lines, indent);
	}
}

/* Where drawing begins: at `top`, or so that all lines of the item show. */
static size_t first_line(const struct lines *lines, size_t rows, size_t top, unsigned item)
{
	size_t count = lines->count - lines->fixed;
	size_t from = 0, to = 0;

	for (size_t i = lines->fixed; item != 0 && i < lines->count; i++) {
		if (lines->line[i].item == item) {
			from = from == 0 ? i - lines->fixed + 1 : from;
			to = i - lines->fixed + 1;
		}
	}
	if (from > 0) {
		size_t first = layout_first(count, rows, to);

		return first >= from ? from - 1 : first;
	}
	return top < layout_last_top(count, rows) ? top : layout_last_top(count, rows);
}

static void draw_line(const struct line *line, const struct area *area, size_t y,
	bool is_chosen, struct canvas *canvas)
{
	(void)canvas_put(canvas, area->x, y, area->width, ROLE_NORMAL, strbuf_text(&line->text));
	for (size_t i = 0; i < line->span_count; i++) {
		const struct line_span *span = &line->span[i];

		if (span->x < area->width) {
			size_t room = area->width - span->x;

			canvas_paint(canvas, area->x + span->x, y,
				span->columns < room ? span->columns : room, span->role);
		}
	}
	for (size_t x = area->x; is_chosen && x < area->x + area->width && x < canvas->width; x++) {
		enum role role = canvas_at(canvas, x, y)->role;

		/* What warns goes on warning. */
		if (role == ROLE_NORMAL || role == ROLE_DIM || role == ROLE_KEY) {
			canvas_paint(canvas, x, y, 1, ROLE_SELECTED);
		}
	}
}

static void draw_more(const struct area *area, size_t first, size_t below, struct canvas *canvas)
{
	const char *up = canvas->is_ascii ? "^" : "↑", *down = canvas->is_ascii ? "v" : "↓";

	if (first > 0) {
		(void)canvas_put(canvas, area->x + area->width - 1, area->y, 1, ROLE_KEY, up);
	}
	if (below > 0) {
		(void)canvas_put(canvas, area->x + area->width - 1, area->y + area->height - 1, 1,
			ROLE_KEY, down);
	}
}

size_t lines_draw(const struct lines *lines, const struct area *area, size_t top, unsigned item,
	struct canvas *canvas)
{
	size_t fixed = lines->fixed < area->height ? lines->fixed : 0;
	size_t rows = area->height - fixed;
	size_t first = first_line(lines, rows, top, item);
	struct area body = {area->x, area->y + fixed, area->width, rows};
	size_t i = lines->fixed + first, y = body.y;

	if (area->height == 0 || area->width == 0) {
		return 0;
	}
	for (size_t k = 0; k < fixed; k++) {
		draw_line(&lines->line[k], area, area->y + k, false, canvas);
	}
	for (; i < lines->count && y < body.y + rows; i++, y++) {
		draw_line(&lines->line[i], area, y, item != 0 && lines->line[i].item == item, canvas);
	}
	draw_more(&body, first, lines->count - i, canvas);
	return first;
}

unsigned lines_item_at(const struct lines *lines, const struct area *area, size_t top,
	unsigned item, size_t y)
{
	size_t fixed = lines->fixed < area->height ? lines->fixed : 0;
	size_t first = first_line(lines, area->height - fixed, top, item);
	size_t i = lines->fixed + first + (y - fixed);

	return y < fixed || i >= lines->count ? 0 : lines->line[i].item;
}

void lines_draw_end(const struct lines *lines, const struct area *area, struct canvas *canvas)
{
	const struct line *line = &lines->line[lines->count - 1];
	size_t width = utf8_width(strbuf_text(&line->text)) + 1;
	size_t hidden = width > area->width ? width - area->width : 0;
	const char *text = strbuf_text(&line->text);

	text += utf8_prefix(text, hidden);
	(void)canvas_put(canvas, area->x, area->y, area->width, ROLE_NORMAL, text);
	for (size_t i = 0; i < line->span_count; i++) {
		const struct line_span *span = &line->span[i];
		size_t from = span->x > hidden ? span->x - hidden : 0;
		size_t to = span->x + span->columns > hidden ? span->x + span->columns - hidden : 0;

		canvas_paint(canvas, area->x + from, area->y, to > from ? to - from : 0, span->role);
	}
	if (hidden > 0) {
		(void)canvas_put(canvas, area->x, area->y, 1, ROLE_DIM, canvas->is_ascii ? "<" : "…");
	}
}
