/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "view/layout.h"

#include <ctype.h>
#include <string.h>

#include "base/i18n.h"
#include "base/utf8.h"

static bool is_sent(const struct snapshot *snap, enum column_source source)
{
	return source == COLUMN_OF_HOP ||
	       (source == COLUMN_THROUGH ? snap->has_through : snap->has_to);
}

/* A translated heading may be wider than the numbers below it. */
static size_t least_width(const struct column *column, bool is_plain)
{
	size_t heading = utf8_width(is_plain ? column_plain_heading(column) : _(column->heading));

	return heading > column->width && column->letter != COLUMN_HOST ? heading : column->width;
}

static size_t gap_before(size_t index, const struct column *column)
{
	return index == 0 ? 0 : column->is_left ? 2 : 1;
}

static size_t total_width(const struct layout *layout)
{
	size_t total = 0;

	for (size_t i = 0; i < layout->count; i++) {
		total += gap_before(i, layout->column[i].column) + layout->column[i].width;
	}
	return total;
}

/* Where columns of To stand for Through they are worth as much: the same letter, but small. */
static unsigned priority_of(const struct layout *layout, size_t i, const struct layout_wish *wish)
{
	const struct column *column = layout->column[i].column;

	if (wish->asked != NULL && strchr(wish->asked, column->letter) != NULL) {
		return column_of(COLUMN_HOST)->priority - 1;
	}
	if (wish->is_plain && column->source == COLUMN_TO) {
		column = column_of((char)tolower((unsigned char)column->letter));
	}
	return column->priority;
}

/* Number and host, which come first, outlive all others. */
static void drop_one(struct layout *layout, const struct layout_wish *wish)
{
	bool is_last = wish->is_own && layout->count > 2;
	size_t least = is_last ? layout->count - 1 : 0;

	for (size_t i = 1; !is_last && i < layout->count; i++) {
		if (priority_of(layout, i, wish) < priority_of(layout, least, wish)) {
			least = i;
		}
	}
	layout->count--;
	for (size_t i = least; i < layout->count; i++) {
		layout->column[i] = layout->column[i + 1];
	}
}

static struct layout_column *find_host(struct layout *layout)
{
	for (size_t i = 0; i < layout->count; i++) {
		if (layout->column[i].column->letter == COLUMN_HOST) {
			return &layout->column[i];
		}
	}
	return NULL;
}

/* Hands out what the numbers left over: to the host what it can use, to words what they need,
 * to the history the rest, one cell a round. */
static void stretch(struct layout *layout, const struct layout_wish *wish)
{
	size_t spare = wish->width - total_width(layout);
	struct layout_column *host = find_host(layout);
	struct layout_column *last = layout->count == 0 ? NULL :
	                             &layout->column[layout->count - 1];
	bool has_history = last != NULL && column_is_history(last->column);

	if (host != NULL && host->width < wish->host_width) {
		size_t more = wish->host_width - host->width;

		more = more < spare ? more : spare;
		host->width += more;
		spare -= more;
	}
	for (size_t i = 0; i < layout->count; i++) {
		struct layout_column *at = &layout->column[i];

		if (at->words > at->width) {
			size_t more = at->words - at->width < spare ? at->words - at->width : spare;

			at->width += more;
			spare -= more;
		}
	}
	if (has_history) {
		last->width += spare;
		if (last->width > SNAP_HISTORY) {
			last->width = SNAP_HISTORY;
		}
	} else if (host != NULL) {
		host->width += spare;
	}
}

/* Columns worth less than a readable host make way for it; so much, or a fourth of the width. */
enum { HOST_READABLE = 15 };

/* The width of the widest text that any hop has there; 0: none has any. */
static size_t widest_text(const struct snapshot *snap, const struct column *column)
{
	size_t widest = 0;

	for (size_t i = 0; column->value != NULL && i < snap->hop_count; i++) {
		struct column_input in = {.hop = &snap->hops[i],
			.link = snap_link_to(snap, snap->hops[i].hop), .is_filled = true};
		struct column_text text;
		size_t width;

		column->value(column, &in, &text);
		width = strcmp(text.text, "-") == 0 ? 0 : utf8_width(text.text);
		widest = width > widest ? width : widest;
	}
	return widest;
}

/* Words may be cut, a number that was cut would be another one. */
static void add_column(const struct snapshot *snap, char letter, const struct layout_wish *wish,
	struct layout *layout)
{
	const struct column *column = column_of(letter);
	size_t widest = column == NULL ? 0 : widest_text(snap, column);

	if (column != NULL && is_sent(snap, column->source) && layout->count < LAYOUT_COLUMNS &&
	    (wish->is_own || !column->is_rare || widest > 0)) {
		size_t least = least_width(column, wish->is_plain);

		layout->column[layout->count++] = (struct layout_column){.column = column,
			.width = column->is_left || widest < least ? least : widest,
			.words = column->is_rare ? widest : 0};
	}
}

void layout_columns(const struct snapshot *snap, const struct layout_wish *wish,
	struct layout *ret_layout)
{
	struct layout *layout = ret_layout;
	size_t width = wish->width;
	size_t enough = width / 4 > HOST_READABLE ? width / 4 : HOST_READABLE;
	size_t readable = wish->host_width < enough ? wish->host_width : enough;
	size_t x = 0;

	*layout = (struct layout){.count = 0};
	add_column(snap, COLUMN_NUMBER, wish, layout);
	add_column(snap, COLUMN_HOST, wish, layout);
	for (const char *letter = wish->letters; *letter != '\0'; letter++) {
		add_column(snap, *letter, wish, layout);
	}
	/* Beyond the number, the host and two numbers, every column yields to the host. */
	while (layout->count > 4 && total_width(layout) + readable >
	       width + column_of(COLUMN_HOST)->width) {
		drop_one(layout, wish);
	}
	while (layout->count > 0 && total_width(layout) > width) {
		drop_one(layout, wish);
	}
	stretch(layout, wish);
	for (size_t i = 0; i < layout->count; i++) {
		x += gap_before(i, layout->column[i].column);
		layout->column[i].x = x;
		x += layout->column[i].width;
	}
}

struct layout_frame layout_frame(size_t height)
{
	struct layout_frame frame = {
		.has_title = height >= 2,
		.has_info = height >= 5,
		.has_footer = height >= 7,
		.has_tabs = height >= 10,
	};

	frame.top = (size_t)frame.has_title + frame.has_info + frame.has_tabs;
	frame.rows = height - frame.top - frame.has_footer;
	return frame;
}

struct layout_rows layout_rows(size_t height, size_t hop_count, size_t note_count)
{
	struct layout_rows rows = {.has_headings = height >= 2};
	size_t left = height - rows.has_headings;
	size_t most_notes = left / 3;

	rows.table_top = rows.has_headings;
	if (hop_count + note_count > left && note_count > most_notes) {
		note_count = most_notes;
	}
	rows.notes_rows = note_count < left ? note_count : left;
	left -= rows.notes_rows;
	rows.table_rows = hop_count < left ? hop_count : left;
	rows.notes_top = rows.table_top + rows.table_rows;
	/* A blank row sets the notes apart where there is room for it. */
	if (rows.notes_rows > 0 && rows.table_rows < left) {
		rows.notes_top++;
	}
	return rows;
}

size_t layout_last_top(size_t count, size_t rows)
{
	return count > rows ? count - rows : 0;
}

size_t layout_first(size_t count, size_t rows, size_t selected)
{
	size_t before = rows / 2 + 1;
	size_t first = selected > before ? selected - before : 0;

	if (count <= rows) {
		return 0;
	}
	return first > count - rows ? count - rows : first;
}
