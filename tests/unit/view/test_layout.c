/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "view/layout.h"

#include <locale.h>
#include <string.h>

#include "support/check.h"
#include "support/snapshot_fixture.h"

static const char ids[] = "lkpsLh";

static void test_columns_never_overlap_nor_leave_the_width(void **state)
{
	struct snapshot *snap = fixture_snapshot(8, FIXTURE_NAMES);
	(void)state;

	for (size_t width = 0; width <= 400; width++) {
		struct layout layout;
		size_t x = 0;

		layout_columns(snap, &(struct layout_wish){ids, NULL, false, false, width, 40}, &layout);
		for (size_t i = 0; i < layout.count; i++) {
			assert_true(layout.column[i].x >= x);
			x = layout.column[i].x + layout.column[i].width;
			assert_true(x <= width);
		}
	}
	snapshot_destroy(snap);
}

static void test_the_hop_number_is_the_last_to_go(void **state)
{
	struct snapshot *snap = fixture_snapshot(8, FIXTURE_NAMES);
	struct layout layout;
	(void)state;

	layout_columns(snap, &(struct layout_wish){ids, NULL, false, false, 3, 40}, &layout);
	assert_int_equal(layout.count, 1);
	assert_int_equal(layout.column[0].column->letter, COLUMN_NUMBER);
	layout_columns(snap, &(struct layout_wish){ids, NULL, false, false, 10, 40}, &layout);
	assert_int_equal(layout.count, 2);
	assert_int_equal(layout.column[1].column->letter, COLUMN_HOST);
	assert_int_equal(layout.column[1].width, 5);
	snapshot_destroy(snap);
}

static void test_of_an_own_order_the_last_go_first(void **state)
{
	struct snapshot *snap = fixture_snapshot(8, FIXTURE_NAMES);
	struct layout layout;
	(void)state;

	layout_columns(snap, &(struct layout_wish){"AfkL", NULL, true, false, 40, 15}, &layout);
	assert_int_equal(layout.count, 4);
	assert_int_equal(layout.column[2].column->letter, 'A');
	assert_int_equal(layout.column[3].column->letter, 'f');
	snapshot_destroy(snap);
}

static void test_history_takes_what_the_host_does_not_need(void **state)
{
	struct snapshot *snap = fixture_snapshot(8, FIXTURE_NAMES);
	struct layout layout;
	(void)state;

	layout_columns(snap, &(struct layout_wish){ids, NULL, false, false, 120, 20}, &layout);
	assert_int_equal(layout.count, 8);
	assert_int_equal(layout.column[1].width, 20);
	/* 120 - (3 + 2+20 + 1+8 + 1+5 + 1+6 + 1+5 + 1+5 + 2) */
	assert_int_equal(layout.column[7].width, 59);
	snapshot_destroy(snap);
}

/* As after a day and a half of a round a second, over a path of seconds. */
static void fill_large(struct snap_stats *stats)
{
	double *const times[] = {&stats->last_ms, &stats->best_ms, &stats->avg_ms, &stats->worst_ms,
		&stats->stddev_ms, &stats->gmean_ms, &stats->p50_ms, &stats->p95_ms, &stats->p99_ms,
		&stats->jitter_ms, &stats->jitter_avg_ms, &stats->jitter_worst_ms, &stats->jitter_mtr_ms,
		&stats->jitter_rfc3550_ms};

	stats->sent = stats->resolved = 1377614;
	stats->received = 137761;
	stats->late = 1000000;
	for (size_t i = 0; i < sizeof times / sizeof times[0]; i++) {
		*times[i] = 1000000.0;
	}
}

static void assert_wide_enough(const struct snapshot *snap, char letter)
{
	const struct column *column = column_of(letter);
	struct column_text text;

	column->value(column, &(struct column_input){.hop = &snap->hops[0],
		.link = &snap->links[0]}, &text);
	for (size_t width = 0; width <= 60; width++) {
		struct layout layout;

		layout_columns(snap, &(struct layout_wish){(const char[]){letter, '\0'}, NULL, true, false,
			width, 20}, &layout);
		for (size_t i = 0; i < layout.count; i++) {
			if (layout.column[i].column == column &&
			    layout.column[i].width < strlen(text.text)) {
				fail_msg("%c cuts %s", letter, text.text);
			}
		}
	}
}

static void test_no_number_is_wider_than_its_column(void **state)
{
	struct snapshot *snap = fixture_snapshot(3, FIXTURE_NAMES);
	size_t count = 0;
	(void)state;

	fill_large(&snap->hops[0].through);
	fill_large(&snap->hops[0].to);
	for (size_t i = 0; i < column_count(); i++) {
		if (column_at(i)->value != NULL && !column_at(i)->is_left &&
		    column_at(i)->letter != COLUMN_NUMBER) {
			assert_wide_enough(snap, column_at(i)->letter);
			count++;
		}
	}
	assert_true(count > 40);
	snapshot_destroy(snap);
}

static void test_a_selected_hop_is_always_in_view(void **state)
{
	(void)state;

	for (size_t count = 1; count <= 70; count++) {
		for (size_t rows = 1; rows <= 24; rows++) {
			for (size_t selected = 1; selected <= count; selected++) {
				size_t first = layout_first(count, rows, selected);

				assert_true(first < selected && selected <= first + rows);
				assert_true(first == 0 || first + rows <= count);
			}
		}
	}
}

static void test_the_frame_leaves_a_view_at_any_height(void **state)
{
	(void)state;

	for (size_t height = 1; height < 60; height++) {
		struct layout_frame frame = layout_frame(height);

		assert_true(frame.rows >= 1);
		assert_int_equal(frame.top + frame.rows + frame.has_footer, height);
	}
}

static void test_rows_fit_any_height(void **state)
{
	(void)state;

	for (size_t height = 1; height < 60; height++) {
		for (size_t hops = 0; hops < 70; hops += 7) {
			for (size_t notes = 0; notes < 9; notes++) {
				struct layout_rows rows = layout_rows(height, hops, notes);

				assert_true(rows.table_top + rows.table_rows <= height);
				assert_true(rows.notes_rows == 0 ||
				            rows.notes_top + rows.notes_rows <= height);
				assert_true(hops == 0 || rows.table_rows > 0);
			}
		}
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_columns_never_overlap_nor_leave_the_width),
		cmocka_unit_test(test_the_hop_number_is_the_last_to_go),
		cmocka_unit_test(test_of_an_own_order_the_last_go_first),
		cmocka_unit_test(test_history_takes_what_the_host_does_not_need),
		cmocka_unit_test(test_no_number_is_wider_than_its_column),
		cmocka_unit_test(test_a_selected_hop_is_always_in_view),
		cmocka_unit_test(test_the_frame_leaves_a_view_at_any_height),
		cmocka_unit_test(test_rows_fit_any_height),
	};

	(void)setlocale(LC_CTYPE, "C.UTF-8");
	return cmocka_run_group_tests(tests, NULL, NULL);
}
