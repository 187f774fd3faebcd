/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "support/check.h"
#include "support/snapshot_fixture.h"
#include "view/ui.h"

/* What hours have counted does not go by a slip of the finger. */
static void test_a_key_that_resets_asks_once_much_was_counted(void **state)
{
	struct snapshot *snap = fixture_snapshot(3, FIXTURE_NAMES);
	struct ui_state ui = {0};
	(void)state;

	snap->rounds = 299;
	assert_int_equal(ui_key(&ui, snap, 'u'), UI_ACTION_UDP);
	snap->rounds = 300;
	assert_int_equal(ui_key(&ui, snap, 'u'), UI_ACTION_REDRAW);
	assert_int_equal(ui.mode, UI_MODE_CONFIRM);
	assert_int_equal(ui_key(&ui, snap, 'n'), UI_ACTION_REDRAW);
	assert_int_equal(ui.mode, UI_MODE_MAIN);
	(void)ui_key(&ui, snap, 't');
	assert_int_equal(ui_key(&ui, snap, 'y'), UI_ACTION_TCP);
	assert_int_equal(ui_key(&ui, snap, 'r'), UI_ACTION_RESET);
	snapshot_destroy(snap);
}

static void test_nested_probes_to_public_addresses_are_always_asked_for(void **state)
{
	struct snapshot *snap = fixture_snapshot(3, FIXTURE_NAMES);
	struct ui_state ui = {0};
	(void)state;

	snap->rounds = 2;
	assert_int_equal(ui_key(&ui, snap, 'W'), UI_ACTION_REDRAW);
	assert_int_equal(ui_key(&ui, snap, UI_KEY_ENTER), UI_ACTION_REDRAW);
	assert_true(ui.has_declined);
	(void)ui_key(&ui, snap, 'W');
	assert_int_equal(ui_key(&ui, snap, 'y'), UI_ACTION_PUBLIC);
	snapshot_destroy(snap);
}

/* The last ones are kept, for the log. */
static void test_messages_are_kept_in_a_ring(void **state)
{
	struct ui_state ui = {0};
	(void)state;

	ui_report(&ui, 1, false, "first");
	ui_report(&ui, 2, false, "");
	for (int i = 0; i < UI_MESSAGES; i++) {
		ui_report(&ui, 3 + i, true, "later");
	}

	assert_int_equal(ui.message_count, UI_MESSAGES + 1);
	assert_int_equal(ui.messages[0].realtime, 3 + UI_MESSAGES - 1);
	assert_string_equal(ui.message, "later");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_a_key_that_resets_asks_once_much_was_counted),
		cmocka_unit_test(test_nested_probes_to_public_addresses_are_always_asked_for),
		cmocka_unit_test(test_messages_are_kept_in_a_ring),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
