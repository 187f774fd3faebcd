/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "base/utf8.h"
#include "fuzz/fuzz.h"
#include "report/report.h"
#include "support/snapshot_fixture.h"
#include "view/ui.h"

/*
 * Keys and clicks at a screen of any size, over a run of any length: the first three bytes are
 * hops, width and height, then each byte is a key. What is drawn has to be what a terminal can
 * show.
 */
static int key_of(const uint8_t *bytes, size_t len, size_t *at)
{
	uint8_t first = bytes[(*at)++];

	if (first >= 0xe0 && *at + 2 <= len) {
		*at += 2;
		return ui_key_click(bytes[*at - 2], bytes[*at - 1] % 64);
	}
	return first >= 0x80 && first < 0x80 + UI_KEY_OTHER - UI_KEY_UP + 1 ?
		UI_KEY_UP + first - 0x80 : first;
}

static void check_canvas(const struct canvas *canvas)
{
	for (size_t y = 0; y < canvas->height; y++) {
		for (size_t x = 0; x < canvas->width; x++) {
			const struct canvas_cell *cell = canvas_at(canvas, x, y);
			size_t len = strnlen(cell->text, sizeof cell->text);

			MUST(len < sizeof cell->text && cell->width <= 2 && cell->role < ROLE_COUNT);
			MUST(cell->width != 0 || (x > 0 && canvas_at(canvas, x - 1, y)->width == 2));
			for (size_t i = 0; i < len; i++) {
				MUST((uint8_t)cell->text[i] >= 0x20 && cell->text[i] != 0x7f);
			}
		}
	}
}

static void draw(struct ui_state *ui, const struct snapshot *snap, size_t width, size_t height)
{
	struct canvas canvas;

	canvas_init(&canvas, width, height, /* is_ascii= */ width % 2 == 0);
	ui->width = canvas.width;
	ui->height = canvas.height;
	ui->is_ascii = canvas.is_ascii;
	screen_draw(snap, ui, &canvas);
	check_canvas(&canvas);
	canvas_finish(&canvas);
}

static void check_reports(const struct snapshot *snap)
{
	for (int format = 0; format < REPORT_FORMAT_COUNT; format++) {
		struct report_options options = {.shows_both = format % 2 == 0};
		struct strbuf text = {0};

		report_write((enum report_format)format, snap, &options, &text);
		for (size_t i = 0; i < text.len; i++) {
			MUST((uint8_t)text.text[i] >= 0x20 || text.text[i] == '\n' ||
			     text.text[i] == '\t');
		}
		strbuf_finish(&text);
	}
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t len)
{
	struct ui_state ui = {0};
	struct snapshot *snap;
	size_t at = 3;

	if (len < 3) {
		return 0;
	}
	snap = fixture_snapshot(bytes[0] % 65, (enum fixture_names)(bytes[0] / 65 % 3));
	if (bytes[1] % 4 == 0) {
		fixture_add_findings(snap);
	}
	while (at < len && at < 400) {
		int key = key_of(bytes, len, &at);
		enum ui_action action = ui_key(&ui, snap, key);

		MUST(ui.view < UI_VIEW_COUNT && ui.selected <= snap->hop_count);
		MUST(ui.zoom >= -UI_ZOOM_MAX && ui.zoom <= UI_ZOOM_MAX);
		if (action != UI_ACTION_NONE) {
			draw(&ui, snap, bytes[1], bytes[2] % 80);
		}
	}
	draw(&ui, snap, bytes[1], bytes[2] % 80);
	if (len % 64 == 0) {
		check_reports(snap);
	}
	ui_finish(&ui);
	snapshot_destroy(snap);
	return 0;
}
