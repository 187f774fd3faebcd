/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "view/edit.h"

#include <locale.h>

#include "base/rng.h"
#include "support/check.h"
#include "view/keymap.h"

static struct edit *edit_of(const char *text)
{
	struct edit_path path;
	struct err err = {0};

	assert_true(edit_parse(text, &path, &err));
	return edit_create(&path);
}

static void assert_path(const struct edit *edit, const char *expected)
{
	struct strbuf text = {0};

	edit_format(edit_path(edit), &text);
	assert_string_equal(strbuf_text(&text), expected);
	strbuf_finish(&text);
}

static void type(struct edit *edit, enum edit_typing typing, const char *text)
{
	edit->typing = typing;
	lineedit_set(&edit->line, text);
	edit_take_typed(edit);
}

static void test_hops_are_inserted_replaced_moved_and_deleted(void **state)
{
	struct edit *edit = edit_of("a\nb\nc\n");
	(void)state;

	edit->at = 1;
	type(edit, EDIT_INSERTING, "x");
	assert_path(edit, "a\nx\nb\nc\n");
	assert_int_equal(edit->at, 2);
	type(edit, EDIT_REPLACING, "y");
	assert_path(edit, "a\nx\ny\nc\n");
	edit_move(edit, true);
	assert_path(edit, "a\ny\nx\nc\n");
	edit_delete(edit);
	assert_path(edit, "a\nx\nc\n");
	edit_reverse(edit);
	assert_path(edit, "c\nx\na\n");
	edit_destroy(edit);
}

static void test_hops_are_skipped_links_chosen_and_a_waypoint_added(void **state)
{
	struct edit *edit = edit_of("a\nb\n");
	(void)state;

	edit_skip(edit);
	edit->at = 1;
	edit_only_link(edit);
	type(edit, EDIT_VIA, "w");
	assert_path(edit, "skip a\nb\nvia w\nlink 2\n");
	edit_only_link(edit);
	type(edit, EDIT_VIA, "");
	assert_path(edit, "skip a\nb\n");
	edit_destroy(edit);
}

static void test_every_step_can_be_taken_back_and_taken_again(void **state)
{
	struct edit *edit = edit_of("a\nb\nc\n");
	(void)state;

	edit_delete(edit);
	edit_reverse(edit);
	edit_undo(edit);
	assert_path(edit, "b\nc\n");
	edit_undo(edit);
	edit_undo(edit);
	assert_path(edit, "a\nb\nc\n");
	edit_redo(edit);
	edit_redo(edit);
	edit_redo(edit);
	assert_path(edit, "c\nb\n");
	edit_undo(edit);
	edit_skip(edit);
	edit_redo(edit);
	assert_path(edit, "skip b\nc\n");
	edit_destroy(edit);
}

static void test_what_is_being_typed_is_not_taken_yet(void **state)
{
	struct edit *edit = edit_of("a\n");
	struct edit_path path;
	(void)state;

	edit->typing = EDIT_INSERTING;
	lineedit_set(&edit->line, "x");
	edit_path_typed(edit, &path);
	assert_int_equal(path.count, 2);
	assert_string_equal(path.hop[0].text, "x");
	assert_path(edit, "a\n");
	edit_destroy(edit);
}

static void test_any_steps_keep_the_path_within_its_bounds(void **state)
{
	struct edit *edit = edit_of("a\nb\n");
	struct rng rng;
	(void)state;

	rng_init(&rng, check_seed(3), 1);
	for (int i = 0; i < 3000; i++) {
		edit->at = rng_u32(&rng) % (edit_path(edit)->count + 1);
		switch (rng_u32(&rng) % 8) {
		case 0: edit_delete(edit); break;
		case 1: edit_move(edit, rng_u32(&rng) % 2 == 0); break;
		case 2: edit_reverse(edit); break;
		case 3: edit_skip(edit); break;
		case 4: edit_only_link(edit); break;
		case 5: edit_undo(edit); break;
		case 6: edit_redo(edit); break;
		default: type(edit, EDIT_INSERTING, "hop"); break;
		}
		assert_true(edit_path(edit)->count <= EDIT_HOPS);
		assert_true(edit_path(edit)->link <= edit_path(edit)->count);
		assert_true(edit->at <= edit_path(edit)->count);
		assert_true(edit->now < edit->count && edit->count <= EDIT_STATES);
	}
	edit_destroy(edit);
}

static void test_a_path_file_is_read_as_it_was_written(void **state)
{
	struct edit *edit = edit_of("# to the lab\n\n 10.0.0.1 \r\nskip  r2.example # old\n"
		"10.0.1.1+2001:db8::1\nvia 10.9.9.9\nlink 2");
	(void)state;

	assert_path(edit, "10.0.0.1\nskip r2.example\n10.0.1.1+2001:db8::1\nvia 10.9.9.9\n"
		"link 2\n");
	edit_destroy(edit);
}

static void test_a_bad_path_file_is_told_with_its_line(void **state)
{
	struct edit_path path;
	struct err err = {0};
	(void)state;

	assert_false(edit_parse("10.0.0.1\n10.0.0.2 10.0.0.3\n", &path, &err));
	assert_non_null(strstr(err.text, "line 2"));
	assert_false(edit_parse("# nothing\n", &path, &err));
	assert_non_null(strstr(err.text, "no hop"));
}

static void keys(struct lineedit *line, const int *key, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		assert_true(lineedit_key(line, key[i]));
	}
}

static void test_a_line_is_edited_by_characters_not_by_bytes(void **state)
{
	static const int first[] = {'a', 0xe9, 0x6771, 'z', UI_KEY_LEFT, UI_KEY_BACKSPACE, '-'};
	static const int then[] = {UI_KEY_HOME, UI_KEY_DELETE, UI_KEY_RIGHT, 'b', UI_KEY_END, '!'};
	struct lineedit line = {.at = 0};
	(void)state;

	keys(&line, first, 7);
	assert_string_equal(line.text, "a\xc3\xa9-z");
	keys(&line, then, 6);
	assert_string_equal(line.text, "\xc3\xa9" "b-z!");
	assert_true(lineedit_key(&line, 0x15));
	assert_string_equal(line.text, "");
	assert_false(lineedit_key(&line, UI_KEY_UP));
	assert_false(lineedit_key(&line, 0x9b));
}

static void test_a_line_that_is_full_takes_no_more(void **state)
{
	struct lineedit line = {.at = 0};
	(void)state;

	for (int i = 0; i < 2 * LINEEDIT_MAX; i++) {
		(void)lineedit_key(&line, 0x6771);
	}
	assert_int_equal(strlen(line.text), (LINEEDIT_MAX - 1) / 3 * 3);
	assert_int_equal(line.at, strlen(line.text));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_hops_are_inserted_replaced_moved_and_deleted),
		cmocka_unit_test(test_hops_are_skipped_links_chosen_and_a_waypoint_added),
		cmocka_unit_test(test_every_step_can_be_taken_back_and_taken_again),
		cmocka_unit_test(test_what_is_being_typed_is_not_taken_yet),
		cmocka_unit_test(test_any_steps_keep_the_path_within_its_bounds),
		cmocka_unit_test(test_a_path_file_is_read_as_it_was_written),
		cmocka_unit_test(test_a_bad_path_file_is_told_with_its_line),
		cmocka_unit_test(test_a_line_is_edited_by_characters_not_by_bytes),
		cmocka_unit_test(test_a_line_that_is_full_takes_no_more),
	};

	(void)setlocale(LC_CTYPE, "C.UTF-8");
	return cmocka_run_group_tests(tests, NULL, NULL);
}
