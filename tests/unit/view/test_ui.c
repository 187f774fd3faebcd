/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "view/ui.h"

#include <stdlib.h>

#include "base/mem.h"
#include "support/check.h"
#include "support/snapshot_fixture.h"

static void test_keys_keep_the_meaning_mtr_gave_them(void **state)
{
	struct snapshot *snap = fixture_snapshot(8, FIXTURE_NAMES);
	struct ui_state ui = {0};
	(void)state;

	assert_int_equal(ui_key(&ui, snap, 'q'), UI_ACTION_QUIT);
	assert_int_equal(ui_key(&ui, snap, 'p'), UI_ACTION_PAUSE);
	assert_int_equal(ui_key(&ui, snap, 0x13), UI_ACTION_PAUSE);
	assert_int_equal(ui_key(&ui, snap, ' '), UI_ACTION_RESUME);
	assert_int_equal(ui_key(&ui, snap, 0x11), UI_ACTION_RESUME);
	assert_int_equal(ui_key(&ui, snap, 'r'), UI_ACTION_RESET);
	assert_int_equal(ui_key(&ui, snap, 0x0c), UI_ACTION_REPAINT);
	assert_int_equal(ui_key(&ui, snap, 'X'), UI_ACTION_NONE);
	assert_int_equal(ui_key(&ui, snap, UI_KEY_NONE), UI_ACTION_NONE);
	snapshot_destroy(snap);
}

static void test_help_opens_and_closes_without_ending_the_program(void **state)
{
	static const int closing[] = {'q', '?', 'h', UI_KEY_ESCAPE};
	struct snapshot *snap = fixture_snapshot(8, FIXTURE_NAMES);
	(void)state;

	for (size_t i = 0; i < sizeof closing / sizeof closing[0]; i++) {
		struct ui_state ui = {0};

		assert_int_equal(ui_key(&ui, snap, '?'), UI_ACTION_REDRAW);
		assert_int_equal(ui.mode, UI_MODE_HELP);
		assert_int_equal(ui_key(&ui, snap, closing[i]), UI_ACTION_REDRAW);
		assert_int_equal(ui.mode, UI_MODE_MAIN);
	}
	snapshot_destroy(snap);
}

static void test_selection_stays_on_the_path(void **state)
{
	struct snapshot *snap = fixture_snapshot(3, FIXTURE_NAMES);
	struct ui_state ui = {0};
	(void)state;

	(void)ui_key(&ui, snap, UI_KEY_UP);
	assert_int_equal(ui.selected, 1);
	for (int i = 0; i < 9; i++) {
		(void)ui_key(&ui, snap, UI_KEY_DOWN);
	}
	assert_int_equal(ui.selected, 3);
	(void)ui_key(&ui, snap, UI_KEY_PAGE_UP);
	assert_int_equal(ui.selected, 1);
	(void)ui_key(&ui, snap, UI_KEY_END);
	assert_int_equal(ui.selected, 3);
	(void)ui_key(&ui, snap, UI_KEY_ESCAPE);
	assert_int_equal(ui.selected, 0);
	snapshot_destroy(snap);
}

static void test_a_path_without_hops_cannot_be_selected_in(void **state)
{
	struct snapshot *snap = fixture_snapshot(0, FIXTURE_NAMES);
	struct ui_state ui = {0};
	(void)state;

	(void)ui_key(&ui, snap, UI_KEY_DOWN);

	assert_int_equal(ui.selected, 0);
	snapshot_destroy(snap);
}

static void test_d_goes_round_and_j_goes_there_and_back(void **state)
{
	struct snapshot *snap = fixture_snapshot(3, FIXTURE_NAMES);
	struct ui_state ui = {0};
	(void)state;

	assert_int_equal(ui_set_shown(&ui, snap), UI_SET_THROUGH);
	(void)ui_key(&ui, snap, 'd');
	assert_int_equal(ui_set_shown(&ui, snap), UI_SET_COUNTS);
	(void)ui_key(&ui, snap, 'd');
	assert_int_equal(ui_set_shown(&ui, snap), UI_SET_TO);
	(void)ui_key(&ui, snap, 'j');
	assert_int_equal(ui_set_shown(&ui, snap), UI_SET_JITTER);
	(void)ui_key(&ui, snap, 'j');
	assert_int_equal(ui_set_shown(&ui, snap), UI_SET_TO);
	(void)ui_key(&ui, snap, 'd');
	assert_int_equal(ui_set_shown(&ui, snap), UI_SET_HISTORY);
	(void)ui_key(&ui, snap, 'd');
	assert_int_equal(ui_set_shown(&ui, snap), UI_SET_THROUGH);
	snapshot_destroy(snap);
}

static void test_views_have_a_key_each_and_escape_goes_back(void **state)
{
	struct snapshot *snap = fixture_snapshot(3, FIXTURE_NAMES);
	struct ui_state ui = {0};
	(void)state;

	for (int key = '1'; key <= '8'; key++) {
		assert_int_equal(ui_key(&ui, snap, key), UI_ACTION_REDRAW);
		assert_int_equal(ui.view, key - '1');
	}
	(void)ui_key(&ui, snap, UI_KEY_ESCAPE);
	assert_int_equal(ui.view, UI_VIEW_TABLE);
	(void)ui_key(&ui, snap, '3');
	(void)ui_key(&ui, snap, UI_KEY_ENTER);
	assert_int_equal(ui.view, UI_VIEW_HOP);
	assert_int_equal(ui.selected, 3);
	(void)ui_key(&ui, snap, UI_KEY_ESCAPE);
	assert_int_equal(ui.view, UI_VIEW_LINKS);
	snapshot_destroy(snap);
}

static void test_vi_letters_move_in_lists_and_nowhere_else(void **state)
{
	struct snapshot *snap = fixture_snapshot(3, FIXTURE_NAMES);
	struct ui_state ui = {.selected = 1};
	(void)state;

	assert_int_equal(ui_key(&ui, snap, 'k'), UI_ACTION_NONE);
	(void)ui_key(&ui, snap, 'j');
	assert_int_equal(ui.selected, 1);
	(void)ui_key(&ui, snap, '3');
	(void)ui_key(&ui, snap, 'j');
	assert_int_equal(ui.selected, 2);
	(void)ui_key(&ui, snap, 'k');
	assert_int_equal(ui.selected, 1);
	snapshot_destroy(snap);
}

static void test_reset_is_of_the_chosen_hop_where_there_is_one(void **state)
{
	struct snapshot *snap = fixture_snapshot(3, FIXTURE_NAMES);
	struct ui_state ui = {0};
	(void)state;

	assert_int_equal(ui_key(&ui, snap, 'r'), UI_ACTION_RESET);
	(void)ui_key(&ui, snap, UI_KEY_DOWN);
	assert_int_equal(ui_key(&ui, snap, 'r'), UI_ACTION_RESET_HOP);
	snapshot_destroy(snap);
}

static void test_plus_and_minus_zoom_the_chart_within_bounds(void **state)
{
	struct snapshot *snap = fixture_snapshot(3, FIXTURE_NAMES);
	struct ui_state ui = {.view = UI_VIEW_CHART};
	(void)state;

	for (int i = 0; i < 20; i++) {
		(void)ui_key(&ui, snap, '+');
	}
	assert_int_equal(ui.zoom, UI_ZOOM_MAX);
	for (int i = 0; i < 20; i++) {
		(void)ui_key(&ui, snap, '-');
	}
	assert_int_equal(ui.zoom, -UI_ZOOM_MAX);
	snapshot_destroy(snap);
}

static void test_without_a_choice_the_detail_is_of_the_link_that_loses(void **state)
{
	struct snapshot *snap = fixture_snapshot(8, FIXTURE_NAMES);
	struct ui_state ui = {0};
	(void)state;

	assert_int_equal(ui_hop(&ui, snap), 3);
	ui.selected = 5;
	assert_int_equal(ui_hop(&ui, snap), 5);
	ui.selected = 0;
	snap->links[2].is_suspect = false;
	snap->links[4].is_suspect = true;
	assert_int_equal(ui_hop(&ui, snap), 5);
	snapshot_destroy(snap);
}

static void type(struct ui_state *ui, const struct snapshot *snap, const char *keys)
{
	for (; *keys != '\0'; keys++) {
		(void)ui_key(ui, snap, *keys);
	}
}

static void test_columns_may_be_typed_as_mtr_has_them(void **state)
{
	struct snapshot *snap = fixture_snapshot(3, FIXTURE_NAMES);
	struct ui_state ui = {0};
	(void)state;

	(void)ui_key(&ui, snap, 'o');
	(void)ui_key(&ui, snap, UI_KEY_DELETE);
	type(&ui, snap, "LSNABWV");
	(void)ui_key(&ui, snap, UI_KEY_ENTER);
	assert_string_equal(ui_set_order(&ui, snap, ui_set_shown(&ui, snap)), "LSNABWV");
	assert_int_equal(ui.mode, UI_MODE_MAIN);
	snapshot_destroy(snap);
}

static void test_columns_are_moved_and_let_go_of_and_escape_takes_all_back(void **state)
{
	struct snapshot *snap = fixture_snapshot(3, FIXTURE_NAMES);
	struct ui_state ui = {0};
	(void)state;

	ui_choose_order(&ui, "lkp");
	(void)ui_key(&ui, snap, 'o');
	(void)ui_key(&ui, snap, UI_KEY_RIGHT);
	assert_string_equal(ui.order, "klp");
	(void)ui_key(&ui, snap, UI_KEY_DOWN);
	(void)ui_key(&ui, snap, ' ');
	assert_string_equal(ui.order, "kl");
	(void)ui_key(&ui, snap, UI_KEY_BACKSPACE);
	assert_string_equal(ui.order, "k");
	(void)ui_key(&ui, snap, UI_KEY_ESCAPE);
	assert_string_equal(ui.order, "lkp");
	snapshot_destroy(snap);
}

static void test_a_report_is_proposed_under_the_name_of_destination_and_time(void **state)
{
	struct snapshot *snap = fixture_snapshot(3, FIXTURE_NAMES);
	struct ui_state ui = {0};
	(void)state;

	assert_int_equal(ui_key(&ui, snap, 'S'), UI_ACTION_REDRAW);
	assert_string_equal(ui.line.text, "thrupath-10.0.3.2-20261122T034650Z.txt");
	assert_int_equal(ui_key(&ui, snap, UI_KEY_ENTER), UI_ACTION_SNAPSHOT);
	assert_int_equal(ui.mode, UI_MODE_MAIN);
	snapshot_destroy(snap);
}

static void test_a_prompt_takes_letters_remembers_and_leaves_by_escape(void **state)
{
	struct snapshot *snap = fixture_snapshot(3, FIXTURE_NAMES);
	struct ui_state ui = {0};
	(void)state;

	type(&ui, snap, "Aqj8");
	assert_int_equal(ui_key(&ui, snap, UI_KEY_ENTER), UI_ACTION_NOTE);
	assert_string_equal(ui.line.text, "qj8");
	(void)ui_key(&ui, snap, 'A');
	assert_string_equal(ui.line.text, "");
	(void)ui_key(&ui, snap, UI_KEY_UP);
	assert_string_equal(ui.line.text, "qj8");
	assert_int_equal(ui_key(&ui, snap, UI_KEY_ESCAPE), UI_ACTION_REDRAW);
	assert_int_equal(ui.mode, UI_MODE_MAIN);
	(void)ui_key(&ui, snap, 'D');
	assert_int_equal(ui_key(&ui, snap, UI_KEY_ENTER), UI_ACTION_REDRAW);
	snapshot_destroy(snap);
}

static void test_the_editor_begins_with_the_path_and_leaves_without_a_trace(void **state)
{
	struct snapshot *snap = fixture_snapshot(9, FIXTURE_NAMES);
	struct ui_state ui = {.selected = 2};
	(void)state;

	(void)ui_key(&ui, snap, 'E');
	assert_int_equal(ui.mode, UI_MODE_EDIT);
	/* Hop 8 is silent. */
	assert_int_equal(edit_path(ui.edit)->count, 8);
	assert_string_equal(edit_path(ui.edit)->hop[1].text, "10.0.2.2");
	type(&ui, snap, "d");
	assert_int_equal(edit_path(ui.edit)->count, 7);
	assert_int_equal(ui_key(&ui, snap, 'A'), UI_ACTION_APPLY);
	(void)ui_key(&ui, snap, UI_KEY_ESCAPE);
	assert_null(ui.edit);
	assert_int_equal(ui.mode, UI_MODE_MAIN);
	snapshot_destroy(snap);
}

/* Hop 8 of the fixture is silent, and link 3 is suspect. */
static void test_what_is_proposed_is_taken_by_one_key_and_taken_back(void **state)
{
	struct snapshot *snap = fixture_snapshot(9, FIXTURE_NAMES);
	struct ui_state ui = {0};
	(void)state;

	for (size_t i = 0; i < snap->way_back.return_count; i++) {
		free(snap->way_back.returns[i].address);
		free(snap->way_back.returns[i].name);
	}
	free(snap->way_back.returns);
	snap->way_back.returns = xcalloc(2, sizeof *snap->way_back.returns);
	snap->way_back.return_count = 2;
	snap->way_back.returns[0] = (struct snap_return){.hop = 1, .address = xstrdup("10.0.99.1")};
	snap->way_back.returns[1] = (struct snap_return){.hop = 2, .address = xstrdup("10.0.2.9"),
		.mate_of = 3};
	type(&ui, snap, "Ep");
	assert_int_equal(edit_path(ui.edit)->link, 3);
	assert_int_equal(ui.edit->at, 2);
	type(&ui, snap, "p");
	assert_string_equal(edit_path(ui.edit)->via, "10.0.99.1");
	type(&ui, snap, "p");
	assert_non_null(strstr(ui.message, "No more proposals"));
	type(&ui, snap, "uu");
	assert_string_equal(edit_path(ui.edit)->via, "");
	assert_int_equal(edit_path(ui.edit)->link, 0);
	ui_finish(&ui);
	snapshot_destroy(snap);
}

static void test_no_link_is_proposed_whose_loss_is_over(void **state)
{
	struct snapshot *snap = fixture_snapshot(9, FIXTURE_NAMES);
	struct ui_state ui = {0};
	(void)state;

	snap->links[2].is_suspect = false;
	type(&ui, snap, "Epp");
	assert_int_equal(edit_path(ui.edit)->link, 0);
	ui_finish(&ui);
	snapshot_destroy(snap);
}

static void test_tab_completes_from_what_was_seen(void **state)
{
	struct snapshot *snap = fixture_snapshot(9, FIXTURE_NAMES);
	struct ui_state ui = {0};
	(void)state;

	type(&ui, snap, "Eibe");
	(void)ui_key(&ui, snap, UI_KEY_TAB);
	assert_string_equal(ui.edit->line.text, "be-161-0.ibr02.mwh2");
	(void)ui_key(&ui, snap, UI_KEY_TAB);
	assert_string_equal(ui.edit->line.text, "be-7-0.ibr02.cys3");
	(void)ui_key(&ui, snap, UI_KEY_ENTER);
	assert_string_equal(edit_path(ui.edit)->hop[0].text, "be-7-0.ibr02.cys3");
	ui_finish(&ui);
	snapshot_destroy(snap);
}

static void test_a_click_shows_a_tab_or_chooses_a_line_and_then_opens_it(void **state)
{
	struct snapshot *snap = fixture_snapshot(9, FIXTURE_NAMES);
	struct ui_state ui = {.width = 80, .height = 24};
	(void)state;

	/* Title, facts, tabs, headings: hop 3 is in row 6. */
	assert_int_equal(ui_key(&ui, snap, ui_key_click(30, 6)), UI_ACTION_REDRAW);
	assert_int_equal(ui.selected, 3);
	assert_int_equal(ui.view, UI_VIEW_TABLE);
	(void)ui_key(&ui, snap, ui_key_click(30, 6));
	assert_int_equal(ui.view, UI_VIEW_HOP);
	/* "1 table [2 hop] 3 links" */
	(void)ui_key(&ui, snap, ui_key_click(17, 2));
	assert_int_equal(ui.view, UI_VIEW_LINKS);
	(void)ui_key(&ui, snap, ui_key_click(5, 5));
	assert_int_equal(ui.selected, 2);
	assert_int_equal(ui_key(&ui, snap, ui_key_click(5, 23)), UI_ACTION_NONE);
	assert_int_equal(ui_key(&ui, snap, ui_key_click(5000, 5000)), UI_ACTION_NONE);
	snapshot_destroy(snap);
}

static void test_a_click_on_a_finding_shows_its_evidence(void **state)
{
	struct snapshot *snap = fixture_snapshot(3, FIXTURE_NAMES);
	struct ui_state ui = {.width = 80, .height = 24};
	(void)state;

	fixture_add_findings(snap);
	/* Title, facts, tabs, headings, three hops, a blank: the second one is in row 9. */
	assert_int_equal(ui_key(&ui, snap, ui_key_click(4, 9)), UI_ACTION_REDRAW);
	assert_int_equal(ui.view, UI_VIEW_FINDINGS);
	assert_int_equal(ui.finding, 2);
	(void)ui_key(&ui, snap, UI_KEY_ESCAPE);
	assert_int_equal(ui.view, UI_VIEW_TABLE);
	snapshot_destroy(snap);
}

static void test_without_through_probes_the_answers_show_first(void **state)
{
	struct snapshot *snap = fixture_snapshot(3, FIXTURE_NAMES);
	const struct ui_state ui = {0};
	(void)state;

	for (size_t i = 0; i < snap->hop_count; i++) {
		snap->hops[i].through.is_on = false;
	}

	assert_int_equal(ui_set_shown(&ui, snap), UI_SET_REPLIES);
	assert_string_equal(ui_set_order(&ui, snap, UI_SET_HISTORY), "LH");
	assert_false(ui_set_is_there(&ui, snap, UI_SET_THROUGH));
	snapshot_destroy(snap);
}

static void test_a_key_of_ones_own_does_what_the_tables_key_did(void **state)
{
	struct snapshot *snap = fixture_snapshot(3, FIXTURE_NAMES);
	struct keymap_binds binds = {.count = 0};
	struct ui_state ui = {.binds = &binds};
	struct err err = {0};
	(void)state;

	assert_true(keymap_bind(&binds, "X = quit", &err));
	assert_true(keymap_bind(&binds, "q=none", &err));
	assert_true(keymap_bind(&binds, "^T=log", &err));
	assert_true(keymap_bind(&binds, "pgdn=links", &err));
	assert_true(keymap_bind(&binds, "pgdn=chart", &err));
	assert_int_equal(ui_key(&ui, snap, 'X'), UI_ACTION_QUIT);
	assert_int_equal(ui_key(&ui, snap, 'q'), UI_ACTION_NONE);
	(void)ui_key(&ui, snap, 0x14);
	assert_int_equal(ui.view, UI_VIEW_LOG);
	(void)ui_key(&ui, snap, UI_KEY_PAGE_DOWN);
	assert_int_equal(ui.view, UI_VIEW_CHART);
	/* Where letters are typed they are letters. */
	type(&ui, snap, "AXq");
	assert_string_equal(ui.line.text, "Xq");
	snapshot_destroy(snap);
}

static void assert_label(const struct keymap_binds *binds, enum ui_action action,
	const char *wanted)
{
	for (size_t i = 0; i < keymap_count(); i++) {
		if (keymap_row(i)->action == action) {
			struct strbuf text = {0};

			keymap_label(binds, i, &text);
			assert_string_equal(strbuf_text(&text), wanted);
			strbuf_finish(&text);
			return;
		}
	}
	fail_msg("no such action");
}

static void test_the_help_names_the_keys_as_they_are_bound(void **state)
{
	struct keymap_binds binds = {.count = 0};
	struct err err = {0};
	(void)state;

	assert_label(&binds, UI_ACTION_PAUSE, "p, ^S");
	assert_true(keymap_bind(&binds, "X=pause", &err));
	assert_label(&binds, UI_ACTION_PAUSE, "p, ^S, X");
	assert_true(keymap_bind(&binds, "^S=none", &err));
	assert_label(&binds, UI_ACTION_PAUSE, "p, X");
	assert_true(keymap_bind(&binds, "q=none", &err));
	assert_label(&binds, UI_ACTION_QUIT, "");
}

static void test_numbers_are_asked_for_with_what_they_are_now(void **state)
{
	static const struct {
		char key;
		enum ui_action action;
		uint64_t now;
	} cases[] = {
		{'c', UI_ACTION_CYCLES, 0}, {'s', UI_ACTION_SIZE, 188}, {'Q', UI_ACTION_TOS, 16},
		{'f', UI_ACTION_FIRST_TTL, 1}, {'m', UI_ACTION_MAX_TTL, 30},
	};
	struct snapshot *snap = fixture_snapshot(3, FIXTURE_NAMES);
	(void)state;

	snap->tos = 16;
	snap->max_ttl = 30;
	snap->first_ttl = 1;
	for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
		struct ui_state ui = {0};

		assert_int_equal(ui_key(&ui, snap, cases[i].key), UI_ACTION_REDRAW);
		assert_int_equal(ui.now, cases[i].now);
		type(&ui, snap, "7");
		assert_int_equal(ui_key(&ui, snap, UI_KEY_ENTER), cases[i].action);
		assert_string_equal(ui.line.text, "7");
	}
	snapshot_destroy(snap);
}

static void test_mtrs_switches_are_left_to_the_program_or_refused_with_a_reason(void **state)
{
	struct snapshot *snap = fixture_snapshot(3, FIXTURE_NAMES);
	struct ui_state ui = {0};
	(void)state;

	assert_int_equal(ui_key(&ui, snap, 'u'), UI_ACTION_UDP);
	assert_int_equal(ui_key(&ui, snap, 't'), UI_ACTION_TCP);
	assert_int_equal(ui_key(&ui, snap, 'z'), UI_ACTION_NETWORKS);
	assert_int_equal(ui.network, UI_NETWORK_NUMBER);
	assert_int_equal(ui_key(&ui, snap, 'y'), UI_ACTION_NETWORKS);
	assert_int_equal(ui.network, UI_NETWORK_PREFIX);
	(void)ui_key(&ui, snap, 'b');
	assert_non_null(strstr(ui.message, "token"));
	assert_true(ui.is_bad_news);
	(void)ui_key(&ui, snap, 'e');
	assert_true(ui.shows_labels);
	assert_non_null(strstr(ui.message, "No MPLS labels"));
	snapshot_destroy(snap);
}

/* mtr's order, and before the end the name, which mtr does not have. */
static void test_a_key_shows_one_thing_of_the_networks_after_another(void **state)
{
	static const char *const first[] = {"5", "6", "7", "8", "4", "", "3", "5"};
	struct snapshot *snap = fixture_snapshot(3, FIXTURE_NAMES);
	struct ui_state ui = {.has_set = true, .set = UI_SET_THROUGH};
	(void)state;

	snap->hops[0].as.number = 64500;
	for (size_t i = 0; i < sizeof first / sizeof first[0]; i++) {
		char letters[UI_SHOWN_MAX + 1];

		assert_int_equal(ui_key(&ui, snap, i % 2 == 0 ? 'y' : 'Y'), UI_ACTION_NETWORKS);
		ui_shown_order(&ui, snap, letters);
		assert_int_equal(strcspn(letters, "345678"), first[i][0] == '\0' ? strlen(letters) : 0);
		assert_int_equal(strncmp(letters, first[i], strlen(first[i])), 0);
		assert_null(strpbrk(letters + 1, "345678"));
	}
	snapshot_destroy(snap);
}

static void assert_tells(const char *bind, const char *other, const char *expected)
{
	struct snapshot *snap = fixture_snapshot(5, FIXTURE_NAMES);
	struct keymap_binds binds = {.count = 0};
	struct ui_state ui = {.view = UI_VIEW_FINDINGS, .binds = &binds};
	struct strbuf text = {0};
	struct canvas canvas;
	struct err err;

	fixture_add_findings(snap);
	snap->links[2].direction = "unknown";
	assert_true(bind == NULL || keymap_bind(&binds, bind, &err));
	assert_true(other == NULL || keymap_bind(&binds, other, &err));
	canvas_init(&canvas, 140, 24, false);
	screen_draw(snap, &ui, &canvas);
	canvas_dump(&canvas, &text);
	assert_non_null(strstr(strbuf_text(&text), expected));
	strbuf_finish(&text);
	canvas_finish(&canvas);
	snapshot_destroy(snap);
}

static void test_a_finding_names_the_key_that_is_bound(void **state)
{
	(void)state;

	assert_tells(NULL, NULL, "known: w adds probes to find out");
	assert_tells("w=none", "X=walks", "known: X adds probes to find out");
	assert_tells("w=none", NULL, "known: --walk all adds probes to find out");
}

static void test_a_report_may_be_of_the_last_minutes(void **state)
{
	struct snapshot *snap = fixture_snapshot(3, FIXTURE_NAMES);
	struct ui_state ui = {0};
	(void)state;

	(void)ui_key(&ui, snap, 'S');
	(void)ui_key(&ui, snap, UI_KEY_TAB);
	type(&ui, snap, "15");
	(void)ui_key(&ui, snap, UI_KEY_TAB);
	(void)ui_key(&ui, snap, UI_KEY_BACKSPACE);
	assert_int_equal(ui_key(&ui, snap, UI_KEY_ENTER), UI_ACTION_SNAPSHOT);
	assert_string_equal(ui.line.text, "thrupath-10.0.3.2-20261122T034650Z.tx");
	assert_string_equal(ui.minutes.text, "15");
	(void)ui_key(&ui, snap, 'S');
	assert_string_equal(ui.minutes.text, "");
	snapshot_destroy(snap);
}

static void test_left_and_right_move_the_chart_in_time_and_stop_at_now(void **state)
{
	struct snapshot *snap = fixture_snapshot(3, FIXTURE_NAMES);
	struct ui_state ui = {.view = UI_VIEW_CHART};
	(void)state;

	(void)ui_key(&ui, snap, UI_KEY_LEFT);
	(void)ui_key(&ui, snap, UI_KEY_LEFT);
	assert_int_equal(ui.pan, 16);
	for (int i = 0; i < 3; i++) {
		(void)ui_key(&ui, snap, UI_KEY_RIGHT);
	}
	assert_int_equal(ui.pan, 0);
	assert_int_equal(ui.selected, 0);
	snapshot_destroy(snap);
}

static char *drawn(const struct ui_state *ui, const struct snapshot *snap)
{
	struct strbuf text = {0};
	struct canvas canvas;

	canvas_init(&canvas, ui->width, ui->height, ui->is_ascii);
	screen_draw(snap, ui, &canvas);
	canvas_dump(&canvas, &text);
	canvas_finish(&canvas);
	return strbuf_detach(&text);
}

/* Whether the key changes what is seen. */
static bool is_alive(struct ui_state *ui, const struct snapshot *snap, int key)
{
	char *before = drawn(ui, snap), *after;
	bool is_same;

	(void)ui_key(ui, snap, key);
	after = drawn(ui, snap);
	is_same = strcmp(before, after) == 0;
	free(before);
	free(after);
	return !is_same;
}

static void assert_scrolls(const struct snapshot *snap, struct ui_state ui)
{
	for (int i = 0; i < 200; i++) {
		(void)ui_key(&ui, snap, UI_KEY_DOWN);
	}
	assert_true(is_alive(&ui, snap, UI_KEY_UP));
	assert_true(is_alive(&ui, snap, UI_KEY_END));
	assert_false(is_alive(&ui, snap, UI_KEY_PAGE_DOWN));
	assert_true(is_alive(&ui, snap, UI_KEY_UP));
	ui.top[ui.view] = ui.help_top = 1000;
	assert_true(is_alive(&ui, snap, UI_KEY_UP));
}

static void test_every_key_that_may_scroll_does(void **state)
{
	struct snapshot *snap = fixture_snapshot(9, FIXTURE_NAMES);
	(void)state;

	fixture_add_findings(snap);
	for (size_t width = 30; width <= 120; width += 30) {
		for (int is_ascii = 0; is_ascii < 2; is_ascii++) {
			struct ui_state ui = {.width = width, .height = 40, .selected = 4,
				.is_ascii = is_ascii != 0};

			ui.mode = UI_MODE_HELP;
			assert_scrolls(snap, ui);
			ui.mode = UI_MODE_MAIN;
			ui.height = 7;
			ui.view = UI_VIEW_HOP;
			assert_scrolls(snap, ui);
			ui.view = UI_VIEW_LOG;
			assert_scrolls(snap, ui);
		}
	}
	snapshot_destroy(snap);
}

static void test_the_chart_goes_back_no_farther_than_it_is_drawn(void **state)
{
	struct snapshot *snap = fixture_snapshot(3, FIXTURE_NAMES);
	struct ui_state ui = {.view = UI_VIEW_CHART, .width = 80, .height = 24};
	(void)state;

	snap->hops[2].through.history_count = 20;
	for (int i = 0; i < 9; i++) {
		(void)ui_key(&ui, snap, UI_KEY_LEFT);
	}
	/* The chosen hop's last cell, of two rounds, stays. */
	assert_int_equal(ui.pan, 18);
	assert_true(is_alive(&ui, snap, UI_KEY_RIGHT));
	assert_int_equal(ui.pan, 10);
	ui.pan = 500;
	assert_true(is_alive(&ui, snap, UI_KEY_RIGHT));
	snapshot_destroy(snap);
}

static void test_enter_shows_the_hop_that_a_finding_is_about(void **state)
{
	struct snapshot *snap = fixture_snapshot(5, FIXTURE_NAMES);
	struct ui_state ui = {.view = UI_VIEW_FINDINGS};
	(void)state;

	fixture_add_findings(snap);
	(void)ui_key(&ui, snap, UI_KEY_ENTER);
	assert_int_equal(ui.view, UI_VIEW_HOP);
	assert_int_equal(ui.selected, 3);
	(void)ui_key(&ui, snap, UI_KEY_ESCAPE);
	assert_int_equal(ui.view, UI_VIEW_FINDINGS);
	(void)ui_key(&ui, snap, UI_KEY_DOWN);
	(void)ui_key(&ui, snap, UI_KEY_ENTER);
	assert_int_equal(ui.selected, 2);
	(void)ui_key(&ui, snap, UI_KEY_ESCAPE);
	(void)ui_key(&ui, snap, UI_KEY_END);
	(void)ui_key(&ui, snap, UI_KEY_ENTER);
	assert_int_equal(ui.view, UI_VIEW_FINDINGS);
	assert_non_null(strstr(ui.message, "No further detail"));
	snapshot_destroy(snap);
}

static void test_of_a_link_enter_shows_the_far_end(void **state)
{
	struct snapshot *snap = fixture_snapshot(5, FIXTURE_NAMES);
	struct ui_state ui = {.view = UI_VIEW_FINDINGS, .finding = 1};
	(void)state;

	fixture_add_findings(snap);
	free(snap->findings[0].hops);
	snap->findings[0].hops = xcalloc(2, sizeof *snap->findings[0].hops);
	snap->findings[0].hops[0] = 3;
	snap->findings[0].hops[1] = 4;
	snap->findings[0].hop_count = 2;
	(void)ui_key(&ui, snap, UI_KEY_ENTER);
	assert_int_equal(ui.selected, 4);
	snapshot_destroy(snap);
}

static void test_an_order_with_mtrs_blanks_is_moved_in_like_any_other(void **state)
{
	struct snapshot *snap = fixture_snapshot(3, FIXTURE_NAMES);
	struct ui_state ui = {0};
	(void)state;

	ui_choose_order(&ui, "LS NABWV");
	(void)ui_key(&ui, snap, 'o');
	(void)ui_key(&ui, snap, UI_KEY_DOWN);
	(void)ui_key(&ui, snap, UI_KEY_DOWN);
	(void)ui_key(&ui, snap, UI_KEY_RIGHT);
	assert_string_equal(ui.order, "LSANBWV");
	assert_int_equal(ui.column, 3);
	(void)ui_key(&ui, snap, ' ');
	assert_string_equal(ui.order, "LSABWV");
	snapshot_destroy(snap);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_keys_keep_the_meaning_mtr_gave_them),
		cmocka_unit_test(test_help_opens_and_closes_without_ending_the_program),
		cmocka_unit_test(test_selection_stays_on_the_path),
		cmocka_unit_test(test_a_path_without_hops_cannot_be_selected_in),
		cmocka_unit_test(test_d_goes_round_and_j_goes_there_and_back),
		cmocka_unit_test(test_views_have_a_key_each_and_escape_goes_back),
		cmocka_unit_test(test_vi_letters_move_in_lists_and_nowhere_else),
		cmocka_unit_test(test_reset_is_of_the_chosen_hop_where_there_is_one),
		cmocka_unit_test(test_plus_and_minus_zoom_the_chart_within_bounds),
		cmocka_unit_test(test_without_a_choice_the_detail_is_of_the_link_that_loses),
		cmocka_unit_test(test_columns_may_be_typed_as_mtr_has_them),
		cmocka_unit_test(test_columns_are_moved_and_let_go_of_and_escape_takes_all_back),
		cmocka_unit_test(test_a_report_is_proposed_under_the_name_of_destination_and_time),
		cmocka_unit_test(test_a_prompt_takes_letters_remembers_and_leaves_by_escape),
		cmocka_unit_test(test_the_editor_begins_with_the_path_and_leaves_without_a_trace),
		cmocka_unit_test(test_what_is_proposed_is_taken_by_one_key_and_taken_back),
		cmocka_unit_test(test_no_link_is_proposed_whose_loss_is_over),
		cmocka_unit_test(test_tab_completes_from_what_was_seen),
		cmocka_unit_test(test_a_click_shows_a_tab_or_chooses_a_line_and_then_opens_it),
		cmocka_unit_test(test_a_click_on_a_finding_shows_its_evidence),
		cmocka_unit_test(test_without_through_probes_the_answers_show_first),
		cmocka_unit_test(test_a_key_of_ones_own_does_what_the_tables_key_did),
		cmocka_unit_test(test_the_help_names_the_keys_as_they_are_bound),
		cmocka_unit_test(test_numbers_are_asked_for_with_what_they_are_now),
		cmocka_unit_test(test_mtrs_switches_are_left_to_the_program_or_refused_with_a_reason),
		cmocka_unit_test(test_a_key_shows_one_thing_of_the_networks_after_another),
		cmocka_unit_test(test_a_finding_names_the_key_that_is_bound),
		cmocka_unit_test(test_a_report_may_be_of_the_last_minutes),
		cmocka_unit_test(test_left_and_right_move_the_chart_in_time_and_stop_at_now),
		cmocka_unit_test(test_every_key_that_may_scroll_does),
		cmocka_unit_test(test_the_chart_goes_back_no_farther_than_it_is_drawn),
		cmocka_unit_test(test_enter_shows_the_hop_that_a_finding_is_about),
		cmocka_unit_test(test_of_a_link_enter_shows_the_far_end),
		cmocka_unit_test(test_an_order_with_mtrs_blanks_is_moved_in_like_any_other),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
