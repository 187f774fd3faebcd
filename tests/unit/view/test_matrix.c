/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Every view at four sizes with 0, 1, 8 and 64 hops, in UTF-8 and, where a row differs, in the
 * C locale: one golden file a view.
 */
#include <locale.h>
#include <string.h>

#include "base/mem.h"
#include "support/check.h"
#include "support/snapshot_fixture.h"
#include "view/ui.h"
#include "view/view.h"

static const struct {
	size_t width, height;
} sizes[] = {{20, 5}, {40, 10}, {80, 24}, {140, 50}};

static const size_t hop_counts[] = {0, 1, 8, 64};

/* What is long, wide, many or rare, so that it must be seen to fit. */
static void enrich(struct snapshot *snap)
{
	if (snap->hop_count < 8) {
		return;
	}
	fixture_add_findings(snap);
	for (size_t k = 0; k < snap->hop_count; k++) {
		struct snap_hop *hop = &snap->hops[k];

		hop->as.number = 64500 + (uint32_t)k;
		hop->as.name = xstrdup("EXAMPLE-BACKBONE-AS, US");
	}
	(void)snprintf(snap->hops[1].place.city, sizeof snap->hops[1].place.city, "Salt Lake City");
	(void)snprintf(snap->hops[1].place.country, sizeof snap->hops[1].place.country, "US");
	snap->hops[1].place.kind = PLACE_METRO;
}

static void draw(const struct snapshot *snap, const struct ui_state *ui, size_t at,
	bool is_ascii, struct strbuf *dump)
{
	struct canvas canvas;

	(void)setlocale(LC_CTYPE, is_ascii ? "C" : "C.UTF-8");
	canvas_init(&canvas, sizes[at].width, sizes[at].height, is_ascii);
	screen_draw(snap, ui, &canvas);
	canvas_dump(&canvas, dump);
	canvas_finish(&canvas);
}

/* The rows of the second text that are not those of the first, with their numbers. */
static void add_differing(const char *utf8, const char *ascii, struct strbuf *text)
{
	for (unsigned row = 1; strncmp(utf8, "roles\n", 6) != 0; row++) {
		size_t len = strcspn(utf8, "\n"), other = strcspn(ascii, "\n");

		if (len != other || memcmp(utf8, ascii, len) != 0) {
			strbuf_printf(text, "%2u: %.*s\n", row, (int)other, ascii);
		}
		utf8 += len + 1;
		ascii += other + 1;
	}
}

static void add_size(const struct snapshot *snap, const struct ui_state *ui, size_t at,
	struct strbuf *text)
{
	struct strbuf utf8 = {0}, ascii = {0};

	draw(snap, ui, at, false, &utf8);
	draw(snap, ui, at, true, &ascii);
	strbuf_printf(text, "== %zu hops, %zux%zu\n%s", snap->hop_count, sizes[at].width,
		sizes[at].height, strbuf_text(&utf8));
	strbuf_puts(text, "in ASCII\n");
	for (const char *byte = strbuf_text(&ascii); *byte != '\0'; byte++) {
		assert_true((unsigned char)*byte < 0x80);
	}
	add_differing(strbuf_text(&utf8), strbuf_text(&ascii), text);
	strbuf_finish(&utf8);
	strbuf_finish(&ascii);
}

static void check_view(enum ui_view view)
{
	struct strbuf text = {0};
	char name[64];

	for (size_t i = 0; i < sizeof hop_counts / sizeof hop_counts[0]; i++) {
		struct snapshot *snap = fixture_snapshot(hop_counts[i], FIXTURE_NAMES);
		const struct ui_state ui = {.view = view, .finding = 1, .charted = 1};

		enrich(snap);
		for (size_t at = 0; at < sizeof sizes / sizeof sizes[0]; at++) {
			add_size(snap, &ui, at, &text);
		}
		snapshot_destroy(snap);
	}
	(void)snprintf(name, sizeof name, "matrix-%s.screens", view_get(view)->name);
	golden_check(name, strbuf_text(&text));
	strbuf_finish(&text);
}

static void test_the_table(void **state)
{
	(void)state;
	check_view(UI_VIEW_TABLE);
}

static void test_the_hop(void **state)
{
	(void)state;
	check_view(UI_VIEW_HOP);
}

static void test_the_links(void **state)
{
	(void)state;
	check_view(UI_VIEW_LINKS);
}

static void test_the_ways(void **state)
{
	(void)state;
	check_view(UI_VIEW_WAYS);
}

static void test_the_chart(void **state)
{
	(void)state;
	check_view(UI_VIEW_CHART);
}

static void test_the_flows(void **state)
{
	(void)state;
	check_view(UI_VIEW_FLOWS);
}

static void test_the_findings(void **state)
{
	(void)state;
	check_view(UI_VIEW_FINDINGS);
}

static void test_the_log(void **state)
{
	(void)state;
	check_view(UI_VIEW_LOG);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_the_table),
		cmocka_unit_test(test_the_hop),
		cmocka_unit_test(test_the_links),
		cmocka_unit_test(test_the_ways),
		cmocka_unit_test(test_the_chart),
		cmocka_unit_test(test_the_flows),
		cmocka_unit_test(test_the_findings),
		cmocka_unit_test(test_the_log),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
