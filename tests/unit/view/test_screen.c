/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "view/ui.h"

#include <locale.h>
#include <string.h>

#include "base/mem.h"
#include "support/check.h"
#include "support/snapshot_fixture.h"

static void check_screen(const struct snapshot *snap, const struct ui_state *ui, size_t width,
	size_t height, const char *name)
{
	bool is_ascii = strstr(name, "ascii") != NULL;
	struct canvas canvas;
	struct strbuf dump = {0};

	canvas_init(&canvas, width, height, is_ascii);
	screen_draw(snap, ui, &canvas);
	canvas_dump(&canvas, &dump);
	golden_check(name, strbuf_text(&dump));
	strbuf_finish(&dump);
	canvas_finish(&canvas);
}

static void test_screens_look_as_they_did(void **state)
{
	static const struct {
		size_t hops;
		enum fixture_names names;
		size_t width, height;
		const char *name;
	} cases[] = {
		{0, FIXTURE_NAMES, 80, 24, "main-0hops-80x24.screen"},
		{1, FIXTURE_NAMES, 80, 24, "main-1hop-80x24.screen"},
		{8, FIXTURE_NAMES, 80, 24, "main-8hops-80x24.screen"},
		{64, FIXTURE_NAMES, 80, 24, "main-64hops-80x24.screen"},
		{8, FIXTURE_WIDE_NAMES, 80, 24, "main-wide-80x24.screen"},
		{8, FIXTURE_WIDE_NAMES, 80, 24, "main-ascii-80x24.screen"},
		{8, FIXTURE_NAMES, 120, 40, "main-8hops-120x40.screen"},
		{64, FIXTURE_WIDE_NAMES, 120, 40, "main-64hops-120x40.screen"},
		{8, FIXTURE_NO_NAMES, 40, 10, "main-8hops-40x10.screen"},
		{8, FIXTURE_WIDE_NAMES, 40, 10, "main-wide-40x10.screen"},
		{64, FIXTURE_NAMES, 20, 5, "main-64hops-20x5.screen"},
		{0, FIXTURE_NAMES, 20, 5, "main-0hops-20x5.screen"},
		{8, FIXTURE_NAMES, 10, 3, "main-8hops-10x3.screen"},
		{8, FIXTURE_NAMES, 200, 24, "main-8hops-200x24.screen"},
	};
	const struct ui_state ui = {0};
	(void)state;

	for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
		struct snapshot *snap = fixture_snapshot(cases[i].hops, cases[i].names);

		check_screen(snap, &ui, cases[i].width, cases[i].height, cases[i].name);
		snapshot_destroy(snap);
	}
}

static void test_each_set_of_columns_looks_as_it_did(void **state)
{
	static const char *const names[UI_SET_COUNT] = {
		[UI_SET_THROUGH] = "set-through-80x24.screen",
		[UI_SET_REPLIES] = "set-replies-80x24.screen",
		[UI_SET_COUNTS] = "set-counts-80x24.screen",
		[UI_SET_TO] = "set-to-80x24.screen",
		[UI_SET_HISTORY] = "set-history-80x24.screen",
		[UI_SET_JITTER] = "set-jitter-80x24.screen",
		[UI_SET_OWN] = "set-own-80x24.screen",
	};
	struct snapshot *snap = fixture_snapshot(8, FIXTURE_NAMES);
	(void)state;

	for (unsigned i = 0; i < UI_SET_COUNT; i++) {
		struct ui_state ui = {.has_set = true, .set = (enum ui_set)i, .selected = 3,
			.order = "ocBbzu"};

		check_screen(snap, &ui, 80, 24, names[i]);
	}
	snapshot_destroy(snap);
}

/* No hop turns packets round from the `first` of them on, and the end has never replied. */
static struct snapshot *dark_snapshot(size_t hops, size_t first)
{
	struct snapshot *snap = fixture_snapshot(hops, FIXTURE_NAMES);

	for (size_t i = first; i < hops; i++) {
		snap->hops[i].through.is_on = false;
		snap->hops[i].decap = "silent";
	}
	free(snap->hops[hops - 1].address);
	free(snap->hops[hops - 1].name);
	snap->hops[hops - 1].address = snap->hops[hops - 1].name = NULL;
	snap->hops[hops - 1].awaited = xstrdup("(www.example.org)");
	snap->hops[hops - 1].to.has_rtt = false;
	return snap;
}

static void test_paths_that_unwrap_nothing_show_the_numbers_there_are(void **state)
{
	static const struct {
		size_t hops, first, width, height;
		bool may_nest;
		const char *name;
	} cases[] = {
		{8, 0, 80, 24, false, "dark-80x24.screen"},
		{8, 0, 80, 24, true, "dark-public-80x24.screen"},
		{8, 0, 40, 10, false, "dark-40x10.screen"},
		{8, 0, 120, 40, false, "dark-120x40.screen"},
		{8, 3, 80, 24, false, "dark-from-4-80x24.screen"},
	};
	const struct ui_state ui = {0};
	(void)state;

	for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
		struct snapshot *snap = dark_snapshot(cases[i].hops, cases[i].first);

		snap->may_nest = cases[i].may_nest;
		check_screen(snap, &ui, cases[i].width, cases[i].height, cases[i].name);
		snapshot_destroy(snap);
	}
}

/* Free lines hold the names in full, and who else answers. */
static void test_free_lines_are_used(void **state)
{
	struct snapshot *snap = fixture_snapshot(4, FIXTURE_NAMES);
	struct snap_hop *hop = &snap->hops[1];
	const struct ui_state ui = {0};
	(void)state;

	free(hop->name);
	hop->name = xstrdup("a-name-of-a-router-that-is-longer-than-any-column.of.it.example.net");
	for (size_t i = 0; i < hop->address_count; i++) {
		free(hop->addresses[i]);
		free(hop->address_names == NULL ? NULL : hop->address_names[i]);
	}
	free(hop->addresses);
	free(hop->address_names);
	hop->address_count = 3;
	hop->addresses = xcalloc(3, sizeof *hop->addresses);
	hop->address_names = xcalloc(3, sizeof *hop->address_names);
	for (size_t i = 0; i < 3; i++) {
		hop->addresses[i] = xstrdup(i == 0 ? hop->address : i == 1 ? "10.0.2.6" : "10.0.2.10");
	}
	hop->address_names[2] = xstrdup("third.example.net");
	check_screen(snap, &ui, 80, 24, "free-lines-80x24.screen");
	check_screen(snap, &ui, 80, 10, "no-free-lines-80x10.screen");
	snapshot_destroy(snap);
}

/* Nine columns have no room for hosts, so nobody can be named below one. */
static void test_no_host_is_named_where_no_column_has_them(void **state)
{
	struct snapshot *snap = fixture_snapshot(4, FIXTURE_NAMES);
	struct snap_hop *hop = &snap->hops[1];
	const struct ui_state ui = {0};
	struct canvas canvas;
	struct strbuf dump = {0};
	(void)state;
	hop->addresses = xreallocarray(hop->addresses, 2, sizeof *hop->addresses);
	hop->addresses[hop->address_count++] = xstrdup("10.0.2.6");
	canvas_init(&canvas, 9, 40, true);
	screen_draw(snap, &ui, &canvas);
	canvas_dump(&canvas, &dump);

	assert_null(strstr(strbuf_text(&dump), "10.0.2.6"));
	strbuf_finish(&dump);
	canvas_finish(&canvas);
	snapshot_destroy(snap);
}

static void test_questions_stand_in_the_key_line(void **state)
{
	struct snapshot *snap = fixture_snapshot(3, FIXTURE_NAMES);
	struct ui_state ui = {0};
	(void)state;

	(void)ui_key(&ui, snap, 'S');
	check_screen(snap, &ui, 80, 12, "ask-report-80x12.screen");
	check_screen(snap, &ui, 40, 10, "ask-report-40x10.screen");
	(void)ui_key(&ui, snap, UI_KEY_ESCAPE);
	snap->rounds = 4521;
	(void)ui_key(&ui, snap, 'u');
	check_screen(snap, &ui, 80, 12, "ask-reset-80x12.screen");
	(void)ui_key(&ui, snap, 'n');
	(void)ui_key(&ui, snap, 'W');
	check_screen(snap, &ui, 80, 12, "ask-public-80x12.screen");
	(void)ui_key(&ui, snap, 'n');
	ui.is_before = true;
	check_screen(snap, &ui, 80, 12, "before-80x12.screen");
	snapshot_destroy(snap);
}

/* Nine hops: the fixture's rare facts. Several flows only where they are asked for. */
static struct snapshot *rich_snapshot(void)
{
	struct snapshot *snap = fixture_snapshot(9, FIXTURE_NAMES);
	struct snap_hop *hop = &snap->hops[3];

	fixture_add_findings(snap);
	hop->last_error = (struct snap_last_error){.cause = "port-unreachable", .code = "3/3",
		.walk = "retrace", .from = xstrdup("10.0.4.2"), .to = xstrdup("10.0.5.2"),
		.from_hop = 4, .to_hop = 5, .leg = 5, .mtu = 1400};
	for (size_t k = 0; k < snap->hop_count; k++) {
		hop = &snap->hops[k];
		hop->flow_count = 2;
		hop->flows = xcalloc(2, sizeof *hop->flows);
		hop->flows[0] = (struct snap_flow){xstrdup("10.0.1.2"), {100, 100, 2.0, 2.5},
			{100, 98, 3.0, 3.5}};
		hop->flows[1] = (struct snap_flow){NULL, {100, 0, SNAP_UNKNOWN, SNAP_UNKNOWN},
			{0, 0, SNAP_UNKNOWN, SNAP_UNKNOWN}};
		hop->flows_answered = 1;
		hop->flow_sources = 2;
		hop->flows_needed = 6;
	}
	return snap;
}

static void test_every_view_looks_as_it_did(void **state)
{
	static const struct {
		enum ui_view view;
		size_t width, height;
		const char *name;
	} cases[] = {
		{UI_VIEW_TABLE, 140, 50, "table-findings-140x50.screen"},
		{UI_VIEW_TABLE, 80, 24, "table-findings-80x24.screen"},
		{UI_VIEW_HOP, 80, 50, "hop-80x50.screen"},
		{UI_VIEW_HOP, 40, 10, "hop-40x10.screen"},
		{UI_VIEW_HOP, 80, 50, "hop-ascii-80x50.screen"},
		{UI_VIEW_LINKS, 140, 24, "links-140x24.screen"},
		{UI_VIEW_LINKS, 80, 24, "links-80x24.screen"},
		{UI_VIEW_LINKS, 40, 10, "links-40x10.screen"},
		{UI_VIEW_LINKS, 20, 5, "links-20x5.screen"},
		{UI_VIEW_LINKS, 140, 24, "links-ascii-140x24.screen"},
		{UI_VIEW_WAYS, 80, 30, "ways-80x30.screen"},
		{UI_VIEW_WAYS, 40, 10, "ways-40x10.screen"},
		{UI_VIEW_CHART, 140, 50, "chart-140x50.screen"},
		{UI_VIEW_CHART, 80, 24, "chart-80x24.screen"},
		{UI_VIEW_CHART, 40, 10, "chart-40x10.screen"},
		{UI_VIEW_CHART, 80, 24, "chart-ascii-80x24.screen"},
		{UI_VIEW_FLOWS, 80, 24, "flows-80x24.screen"},
		{UI_VIEW_FINDINGS, 80, 24, "findings-80x24.screen"},
		{UI_VIEW_FINDINGS, 40, 10, "findings-40x10.screen"},
		{UI_VIEW_LOG, 80, 24, "log-80x24.screen"},
		{UI_VIEW_LOG, 20, 5, "log-20x5.screen"},
	};
	struct snapshot *snap = rich_snapshot();
	(void)state;

	for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
		const struct ui_state ui = {.view = cases[i].view, .selected = 4, .finding = 1,
			.charted = 1 << 0 | 1 << 8};

		check_screen(snap, &ui, cases[i].width, cases[i].height, cases[i].name);
	}
	snapshot_destroy(snap);
}

static void set_finding(struct snapshot *snap, const char *id, unsigned hop, bool is_active)
{
	struct snap_finding *finding = &snap->findings[0];

	finding->id = id;
	finding->hops[0] = hop;
	finding->is_active = is_active;
}

static void assert_says(const struct snapshot *snap, const struct ui_state *ui,
	const char *expected)
{
	struct canvas canvas;
	struct strbuf dump = {0};

	canvas_init(&canvas, 140, 24, false);
	screen_draw(snap, ui, &canvas);
	canvas_dump(&canvas, &dump);
	if (strstr(dump.text, expected) == NULL) {
		fail_msg("'%s' is not in: %s", expected, dump.text);
	}
	strbuf_finish(&dump);
	canvas_finish(&canvas);
}

static void assert_links_say(const struct snapshot *snap, const char *expected)
{
	assert_says(snap, &(struct ui_state){.view = UI_VIEW_LINKS}, expected);
}

/* Link 2-3 lost 2.0 %, at least 1.0. */
static void test_the_links_say_what_the_findings_say(void **state)
{
	struct snapshot *snap = fixture_snapshot(5, FIXTURE_NAMES);
	struct snap_link *link = &snap->links[2];
	(void)state;

	fixture_add_findings(snap);
	link->low = 0.0004;
	assert_links_say(snap, " loses packets\n");
	link->is_suspect = false;
	link->low = 0.01;
	link->rounds_to_decide = 1234;
	set_finding(snap, "link-loss", 2, false);
	assert_links_say(snap, " some loss, not proven\n");
	assert_links_say(snap, "\nlink 2-3: 1234 more rounds to prove at this rate\n");
	set_finding(snap, "link-loss", 3, false);
	assert_links_say(snap, " past loss\n");
	set_finding(snap, "decap-fault", 2, true);
	assert_links_say(snap, " caused by hop 2\n");
	link->low = 0.0004;
	assert_links_say(snap, " some loss, not proven\n");
	snapshot_destroy(snap);
}

static void test_a_return_path_that_no_hop_can_trace_is_not_awaited(void **state)
{
	struct snapshot *snap = fixture_snapshot(3, FIXTURE_NAMES);
	const struct ui_state ui = {.view = UI_VIEW_WAYS};
	(void)state;

	snap->way_back.from_hop = 0;
	snap->way_count = 0;
	snap->hops[0].decap = "no";
	snap->hops[1].decap = "unknown";
	snap->hops[2].decap = "silent";
	assert_says(snap, &ui, "Return path: not traced yet\n");
	snap->hops[1].decap = "silent";
	assert_says(snap, &ui, "Return path: no hop can trace it\n");
	snapshot_destroy(snap);
}

static void test_no_size_shows_before_it_is_known(void **state)
{
	struct snapshot *snap = fixture_snapshot(3, FIXTURE_NAMES);
	const struct ui_state ui = {0};
	(void)state;

	snap->is_explicit = false;
	snap->phase = SNAP_DISCOVERING;
	snap->discovery_answered = 8;
	snap->discovery_awaited = 30;
	assert_says(snap, &ui, "\ndiscovering: 8 of 30 TTLs answered  retrace");
	snap->phase = SNAP_SCANNING;
	assert_says(snap, &ui, "\ntesting hops for decapsulation  discovered path, 3 hops, retrace  ");
	snap->phase = SNAP_PROBING;
	assert_says(snap, &ui, "\ndiscovered path, 3 hops, retrace, 188 of 1500 bytes");
	snapshot_destroy(snap);
}

static void test_large_numbers_keep_their_last_digit(void **state)
{
	struct snapshot *snap = fixture_snapshot(3, FIXTURE_NAMES);
	struct ui_state ui = {0};
	(void)state;

	snap->hops[0].through.sent = 137761;
	snap->hops[1].to.sent = 1234567;
	snap->hops[2].through.jitter_ms = 1000.0;
	ui_choose_order(&ui, "sSj");
	assert_says(snap, &ui, " 137761 ");
	assert_says(snap, &ui, " 1234567 ");
	assert_says(snap, &ui, " 1000.0 ");
	snapshot_destroy(snap);
}

static void test_names_and_addresses_show_where_both_are_wanted(void **state)
{
	struct snapshot *snap = fixture_snapshot(5, FIXTURE_NAMES);
	struct ui_state ui = {.shows_both = true};
	(void)state;

	ui_choose_order(&ui, "lLp");
	check_screen(snap, &ui, 70, 12, "both-70x12.screen");
	check_screen(snap, &ui, 40, 10, "both-40x10.screen");
	snapshot_destroy(snap);
}

static void set_rtts(struct snap_stats *stats, double from_ms, double span_ms)
{
	for (size_t i = 0; i < stats->history_count; i++) {
		stats->history[i].cell = SNAP_CELL_ANSWERED;
		stats->history[i].rtt = (ns_t)((from_ms + span_ms * (double)(i % 11) / 10.0) *
			(double)NS_PER_MS);
	}
}

/* Of the rows from the top: each is as much below the one before, and they are exact. */
static void assert_even_axis(const struct snapshot *snap, size_t height, double from_ms)
{
	const struct ui_state ui = {.view = UI_VIEW_CHART};
	double before = 0.0, apart = 0.0;
	size_t count = 0;
	struct canvas canvas;

	canvas_init(&canvas, 80, height, true);
	screen_draw(snap, &ui, &canvas);
	for (size_t y = 4; y + 3 < height; y++) {
		char label[8] = "";
		double ms;

		for (size_t x = 0; x < 7; x++) {
			label[x] = canvas_at(&canvas, x, y)->text[0];
		}
		if (strspn(label, " ") == 7) {
			continue;
		}
		ms = strtod(label, NULL);
		if (count > 0 && ms >= before - 0.001) {
			fail_msg("%f after %f from %f", ms, before, from_ms);
		}
		if (count > 1) {
			assert_near(before - ms, apart, 0.0001);
		}
		apart = before - ms;
		before = ms;
		count++;
	}
	assert_true(count > 0);
	canvas_finish(&canvas);
}

static void test_an_axis_has_as_many_decimals_as_tell_its_steps_apart(void **state)
{
	static const double from[] = {0.0, 0.13, 32.46, 99.97, 500.01, 989.95, 999.93, 1234.56,
		9999.9, 20000.3};
	static const double spans[] = {0.0, 0.01, 0.11, 0.3, 0.5, 1.7, 44.0};
	struct snapshot *snap = fixture_snapshot(1, FIXTURE_NAMES);
	(void)state;

	for (size_t i = 0; i < sizeof from / sizeof from[0]; i++) {
		for (size_t k = 0; k < sizeof spans / sizeof spans[0]; k++) {
			set_rtts(&snap->hops[0].through, from[i], spans[k]);
			for (size_t height = 12; height < 60; height += 3) {
				assert_even_axis(snap, height, from[i]);
			}
		}
	}
	snapshot_destroy(snap);
}

static void test_a_chart_begins_at_0_where_that_leaves_the_curve_half_the_height(void **state)
{
	/* Labels of the lowest row of the plot, and that of a curve that would lie flat. */
	static const struct {
		double from_ms, span_ms;
		const char *lowest;
	} cases[] = {{1.0, 1.0, "   0.0 |"}, {10.0, 14.0, "   0.0 |"}, {10.0, 9.0, "  10.0 |"},
		{100.0, 2.0, " 100.0 |"}};
	struct snapshot *snap = fixture_snapshot(1, FIXTURE_NAMES);
	(void)state;

	for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
		const struct ui_state ui = {.view = UI_VIEW_CHART};
		char label[9] = "";
		struct canvas canvas;

		set_rtts(&snap->hops[0].through, cases[i].from_ms, cases[i].span_ms);
		canvas_init(&canvas, 80, 24, true);
		screen_draw(snap, &ui, &canvas);
		for (size_t x = 0; x < 8; x++) {
			label[x] = canvas_at(&canvas, x, 20)->text[0];
		}
		assert_string_equal(label, cases[i].lowest);
		canvas_finish(&canvas);
	}
	snapshot_destroy(snap);
}

static void test_the_legend_of_a_chart_shows_every_hop_with_its_last_round_trip(void **state)
{
	struct snapshot *snap = fixture_snapshot(9, FIXTURE_NAMES);
	const struct ui_state ui = {.view = UI_VIEW_CHART, .selected = 4, .charted = 1 << 0 | 1 << 8};
	(void)state;

	snap->hops[0].through.last_ms = 111.1;
	snap->hops[8].through.last_ms = 999.9;
	for (size_t width = 56; width <= 200; width++) {
		struct canvas canvas;
		struct strbuf dump = {0};
		const char *first, *second;

		canvas_init(&canvas, width, 24, width % 2 == 0);
		screen_draw(snap, &ui, &canvas);
		canvas_dump(&canvas, &dump);
		first = strstr(dump.text, " 999.9 ");
		second = first == NULL ? NULL : strstr(first, " 111.1");
		if (second == NULL || memchr(first, '\n', (size_t)(second - first)) != NULL) {
			fail_msg("cut at %zu columns: %s", width, dump.text);
		}
		strbuf_finish(&dump);
		canvas_finish(&canvas);
	}
	snapshot_destroy(snap);
}

static void test_a_paused_screen_says_so_at_every_width(void **state)
{
	struct snapshot *snap = fixture_snapshot(8, FIXTURE_NAMES);
	const struct ui_state ui = {0};
	(void)state;

	snap->is_paused = true;
	for (size_t width = 8; width <= 200; width++) {
		struct canvas canvas;
		struct strbuf dump = {0};

		canvas_init(&canvas, width, 4, false);
		screen_draw(snap, &ui, &canvas);
		canvas_dump(&canvas, &dump);
		*strchr(dump.text, '\n') = '\0';
		if (strstr(dump.text, "paused") == NULL) {
			fail_msg("not paused at %zu columns: %s", width, dump.text);
		}
		strbuf_finish(&dump);
		canvas_finish(&canvas);
	}
	check_screen(snap, &ui, 80, 12, "paused-80x12.screen");
	snapshot_destroy(snap);
}

static void test_help_looks_as_it_did(void **state)
{
	struct snapshot *snap = fixture_snapshot(8, FIXTURE_NAMES);
	struct ui_state ui = {.mode = UI_MODE_HELP};
	(void)state;

	check_screen(snap, &ui, 80, 40, "help-80x40.screen");
	ui.help_top = 8;
	check_screen(snap, &ui, 40, 10, "help-40x10.screen");
	snapshot_destroy(snap);
}

static void set_place(struct snap_hop *hop, const char *city, const char *country)
{
	hop->place.kind = PLACE_METRO;
	(void)snprintf(hop->place.city, sizeof hop->place.city, "%s", city);
	(void)snprintf(hop->place.country, sizeof hop->place.country, "%s", country);
}

/* As wide as they are where there is room, else cut where their column ends, and not before. */
static void test_words_are_cut_by_their_column_and_say_so(void **state)
{
	struct snapshot *snap = fixture_snapshot(5, FIXTURE_NAMES);
	struct ui_state ui = {0};
	(void)state;

	set_place(&snap->hops[0], "Moses Lake", "US");
	set_place(&snap->hops[1], "Salt Lake City International", "US");
	set_place(&snap->hops[2], "四日市市四日市市", "JP");
	set_place(&snap->hops[3], "Düsseldorf", "DE");
	ui_choose_order(&ui, "1lLpq");
	check_screen(snap, &ui, 70, 12, "place-70x12.screen");
	check_screen(snap, &ui, 110, 12, "place-110x12.screen");
	check_screen(snap, &ui, 70, 12, "place-ascii-70x12.screen");
	snapshot_destroy(snap);
}

static void test_columns_that_a_key_asked_for_stay_longest(void **state)
{
	struct snapshot *snap = fixture_snapshot(5, FIXTURE_NAMES);
	struct ui_state ui = {0};
	(void)state;

	for (size_t i = 0; i < snap->hop_count; i++) {
		snap->hops[i].as.number = 64500 + (uint32_t)i;
		snap->hops[i].as.name = xstrdup(i == 2 ? "MICROSOFT-CORP-MSN-AS-BLOCK, US" : "EXAMPLE");
		snap->hops[i].mpls[0] = (struct snap_mpls){24001, 0, 0, 1};
		snap->hops[i].mpls[1] = (struct snap_mpls){16 + (uint32_t)i, 0, 1, 1};
		snap->hops[i].mpls_count = i % 3;
	}
	for (const char *key = "yyyyy"; *key != '\0'; key++) {
		(void)ui_key(&ui, snap, *key);
	}
	(void)ui_key(&ui, snap, 'e');
	check_screen(snap, &ui, 60, 12, "asked-60x12.screen");
	(void)ui_key(&ui, snap, 'z');
	check_screen(snap, &ui, 60, 12, "asked-number-60x12.screen");
	(void)ui_key(&ui, snap, 'z');
	(void)ui_key(&ui, snap, 'e');
	check_screen(snap, &ui, 140, 12, "asked-none-140x12.screen");
	snapshot_destroy(snap);
}

static void test_columns_are_chosen_under_the_table_they_make(void **state)
{
	struct snapshot *snap = fixture_snapshot(8, FIXTURE_NAMES);
	struct ui_state ui = {0};
	(void)state;

	(void)ui_key(&ui, snap, 'o');
	check_screen(snap, &ui, 80, 24, "columns-80x24.screen");
	check_screen(snap, &ui, 40, 10, "columns-40x10.screen");
	snapshot_destroy(snap);
}

/* As the program would judge, but of these words only. */
static void check_words(void *arg, const struct edit_path *path, struct edit_verdict *verdict)
{
	(void)arg;
	verdict->bytes = 188;
	verdict->mtu = 1500;
	for (size_t i = 0; i < path->count; i++) {
		verdict->is_bad[i] = path->hop[i].text[0] == 'x';
		(void)snprintf(verdict->why[i], EDIT_WHY, "%s", verdict->is_bad[i] ? "no address" : "");
	}
}

static void test_the_editor_looks_as_it_did(void **state)
{
	static const char keys[] = "Edsjjjlix1";
	struct snapshot *snap = fixture_snapshot(9, FIXTURE_NAMES);
	struct ui_state ui = {.check = check_words};
	(void)state;

	for (const char *key = keys; *key != '\0'; key++) {
		(void)ui_key(&ui, snap, *key);
	}
	check_screen(snap, &ui, 80, 24, "edit-80x24.screen");
	check_screen(snap, &ui, 40, 10, "edit-40x10.screen");
	(void)ui_key(&ui, snap, UI_KEY_ENTER);
	(void)ui_key(&ui, snap, 'S');
	check_screen(snap, &ui, 80, 24, "edit-save-80x24.screen");
	check_screen(snap, &ui, 20, 5, "edit-save-20x5.screen");
	ui_finish(&ui);
	snapshot_destroy(snap);
}

static void test_every_key_of_the_table_is_in_the_help(void **state)
{
	struct snapshot *snap = fixture_snapshot(1, FIXTURE_NAMES);
	const struct ui_state ui = {.mode = UI_MODE_HELP};
	struct canvas canvas;
	struct strbuf dump = {0};
	(void)state;

	canvas_init(&canvas, 100, 200, false);
	screen_draw(snap, &ui, &canvas);
	canvas_dump(&canvas, &dump);

	for (size_t i = 0; i < keymap_count(); i++) {
		if (keymap_row(i)->label != NULL) {
			assert_non_null(strstr(dump.text, keymap_row(i)->label));
			assert_non_null(strstr(dump.text, keymap_row(i)->text));
		}
	}
	strbuf_finish(&dump);
	canvas_finish(&canvas);
	snapshot_destroy(snap);
}

/* Sizes from nothing up: whatever is shown, the canvas keeps its invariant. */
static void test_no_size_breaks_the_screen(void **state)
{
	static const size_t hops[] = {0, 1, 9, 64};
	(void)state;

	for (size_t h = 0; h < 4; h++) {
		struct snapshot *snap = fixture_snapshot(hops[h], FIXTURE_WIDE_NAMES);

		for (size_t width = 0; width <= 130; width += width < 30 ? 1 : 7) {
			for (size_t height = 0; height <= 30; height++) {
				struct ui_state ui = {.selected = 70, .help_top = 1000,
					.mode = height % 9 == 8 ? UI_MODE_HELP : UI_MODE_MAIN,
					.view = (enum ui_view)((width + height) % UI_VIEW_COUNT),
					.zoom = (int)(width % 7) - UI_ZOOM_MAX};
				struct canvas canvas;

				canvas_init(&canvas, width, height, width % 2 == 0);
				screen_draw(snap, &ui, &canvas);
				for (size_t i = 0; i < width * height; i++) {
					const struct canvas_cell *cell = &canvas.cells[i];

					assert_true(cell->width <= 2);
					assert_true(cell->width != 2 || cell[1].width == 0);
					assert_true(cell->width != 0 || cell[-1].width == 2);
				}
				canvas_finish(&canvas);
			}
		}
		snapshot_destroy(snap);
	}
}

static void test_without_through_probes_no_through_column_shows(void **state)
{
	struct snapshot *snap = fixture_snapshot(8, FIXTURE_NAMES);
	const struct ui_state ui = {0};
	(void)state;

	snap->has_through = snap->has_nested = false;
	for (size_t i = 0; i < snap->hop_count; i++) {
		snap->hops[i].through.is_on = false;
	}
	check_screen(snap, &ui, 100, 24, "main-to-only-100x24.screen");
	snapshot_destroy(snap);
}

/* What the hops reply is most of what there is; the first has more. */
static void test_hop_1_alone_is_measured_by_bounces(void **state)
{
	struct snapshot *snap = fixture_snapshot(8, FIXTURE_NAMES);
	const struct ui_state ui = {0}, hop = {.view = UI_VIEW_HOP, .selected = 1};
	(void)state;

	snap->has_nested = false;
	for (size_t i = 1; i < snap->hop_count; i++) {
		snap->hops[i].through.is_on = false;
	}
	snap->hops[0].decap = "unknown";
	snap->hops[0].bounce = (struct snap_bounce){.state = SNAP_BOUNCE_HOME, .redirects = 3};
	check_screen(snap, &ui, 100, 24, "bounce-100x24.screen");
	check_screen(snap, &hop, 100, 24, "bounce-hop-100x24.screen");
	snapshot_destroy(snap);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_hop_1_alone_is_measured_by_bounces),
		cmocka_unit_test(test_screens_look_as_they_did),
		cmocka_unit_test(test_each_set_of_columns_looks_as_it_did),
		cmocka_unit_test(test_paths_that_unwrap_nothing_show_the_numbers_there_are),
		cmocka_unit_test(test_free_lines_are_used),
		cmocka_unit_test(test_no_host_is_named_where_no_column_has_them),
		cmocka_unit_test(test_questions_stand_in_the_key_line),
		cmocka_unit_test(test_every_view_looks_as_it_did),
		cmocka_unit_test(test_the_links_say_what_the_findings_say),
		cmocka_unit_test(test_a_return_path_that_no_hop_can_trace_is_not_awaited),
		cmocka_unit_test(test_no_size_shows_before_it_is_known),
		cmocka_unit_test(test_large_numbers_keep_their_last_digit),
		cmocka_unit_test(test_names_and_addresses_show_where_both_are_wanted),
		cmocka_unit_test(test_an_axis_has_as_many_decimals_as_tell_its_steps_apart),
		cmocka_unit_test(
			test_a_chart_begins_at_0_where_that_leaves_the_curve_half_the_height),
		cmocka_unit_test(
			test_the_legend_of_a_chart_shows_every_hop_with_its_last_round_trip),
		cmocka_unit_test(test_a_paused_screen_says_so_at_every_width),
		cmocka_unit_test(test_help_looks_as_it_did),
		cmocka_unit_test(test_words_are_cut_by_their_column_and_say_so),
		cmocka_unit_test(test_columns_that_a_key_asked_for_stay_longest),
		cmocka_unit_test(test_columns_are_chosen_under_the_table_they_make),
		cmocka_unit_test(test_the_editor_looks_as_it_did),
		cmocka_unit_test(test_every_key_of_the_table_is_in_the_help),
		cmocka_unit_test(test_no_size_breaks_the_screen),
		cmocka_unit_test(test_without_through_probes_no_through_column_shows),
	};

	(void)setlocale(LC_CTYPE, "C.UTF-8");
	return cmocka_run_group_tests(tests, NULL, NULL);
}
