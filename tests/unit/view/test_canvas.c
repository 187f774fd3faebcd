/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "view/canvas.h"

#include <locale.h>

#include "support/check.h"

static void assert_dump(const struct canvas *canvas, const char *expected)
{
	struct strbuf dump = {0};

	canvas_dump(canvas, &dump);
	assert_string_equal(strbuf_text(&dump), expected);
	strbuf_finish(&dump);
}

static void test_text_is_clipped_by_columns(void **state)
{
	struct canvas canvas;
	(void)state;

	canvas_init(&canvas, 6, 2, false);
	assert_int_equal(canvas_put(&canvas, 4, 0, 10, ROLE_ALARM, "abc"), 2);
	assert_int_equal(canvas_put(&canvas, 0, 1, 3, ROLE_NORMAL, "xyzw"), 3);
	assert_int_equal(canvas_put(&canvas, 6, 0, 3, ROLE_NORMAL, "no"), 0);
	assert_int_equal(canvas_put(&canvas, 0, 2, 3, ROLE_NORMAL, "no"), 0);

	assert_dump(&canvas, "    ab\nxyz\nroles\n....AA\n\n");
	canvas_finish(&canvas);
}

static void test_a_wide_character_is_never_cut_in_half(void **state)
{
	struct canvas canvas;
	(void)state;

	canvas_init(&canvas, 5, 1, false);
	assert_int_equal(canvas_put(&canvas, 0, 0, 3, ROLE_DIM, "東京"), 3);

	assert_dump(&canvas, "東\nroles\nddd\n");
	canvas_finish(&canvas);
}

static void test_overwriting_half_of_a_wide_character_blanks_the_other(void **state)
{
	struct canvas canvas;
	(void)state;

	canvas_init(&canvas, 6, 1, false);
	(void)canvas_put(&canvas, 0, 0, 6, ROLE_NORMAL, "東京都");
	(void)canvas_put(&canvas, 1, 0, 1, ROLE_NORMAL, "a");
	(void)canvas_put(&canvas, 2, 0, 1, ROLE_NORMAL, "b");

	assert_dump(&canvas, " ab 都\nroles\n\n");
	canvas_finish(&canvas);
}

static void test_a_wide_character_over_two_others_leaves_no_halves(void **state)
{
	struct canvas canvas;
	(void)state;

	canvas_init(&canvas, 4, 1, false);
	(void)canvas_put(&canvas, 0, 0, 4, ROLE_NORMAL, "東京");
	(void)canvas_put(&canvas, 1, 0, 2, ROLE_NORMAL, "例");

	assert_dump(&canvas, " 例\nroles\n\n");
	canvas_finish(&canvas);
}

static void test_marks_stay_with_their_letter_and_take_no_column(void **state)
{
	struct canvas canvas;
	(void)state;

	canvas_init(&canvas, 4, 1, false);
	assert_int_equal(canvas_put(&canvas, 0, 0, 4, ROLE_NORMAL,
		"e\xcc\x81t\xcc\x81\xcc\x82"), 2);

	assert_string_equal(canvas_at(&canvas, 0, 0)->text, "e\xcc\x81");
	assert_string_equal(canvas_at(&canvas, 1, 0)->text, "t\xcc\x81\xcc\x82");
	canvas_finish(&canvas);
}

static void test_a_flood_of_marks_does_not_overflow_a_cell(void **state)
{
	char text[200] = "e";
	struct canvas canvas;
	(void)state;

	for (size_t i = 1; i + 2 < sizeof text; i += 2) {
		text[i] = (char)0xcc;
		text[i + 1] = (char)0x81;
	}
	canvas_init(&canvas, 3, 1, false);
	assert_int_equal(canvas_put(&canvas, 0, 0, 3, ROLE_NORMAL, text), 1);
	canvas_finish(&canvas);
}

static void test_control_characters_and_broken_bytes_become_question_marks(void **state)
{
	struct canvas canvas;
	(void)state;

	canvas_init(&canvas, 8, 1, false);
	(void)canvas_put(&canvas, 0, 0, 8, ROLE_NORMAL, "\x1b[m\xff\x7f\xc2\x9b!");

	assert_dump(&canvas, "?[m??" "?!\nroles\n\n");
	canvas_finish(&canvas);
}

static void test_an_ascii_canvas_holds_nothing_else(void **state)
{
	struct canvas canvas;
	(void)state;

	canvas_init(&canvas, 8, 1, true);
	(void)canvas_put(&canvas, 0, 0, 8, ROLE_NORMAL, "a▁東z");

	assert_dump(&canvas, "a??z\nroles\n\n");
	canvas_finish(&canvas);
}

static void test_right_aligned_text_ends_where_it_should(void **state)
{
	struct canvas canvas;
	(void)state;

	canvas_init(&canvas, 8, 2, false);
	assert_int_equal(canvas_put_right(&canvas, 1, 0, 6, ROLE_GOOD, "1.5"), 3);
	assert_int_equal(canvas_put_right(&canvas, 1, 1, 3, ROLE_GOOD, "12345"), 3);

	assert_dump(&canvas, "    1.5\n 123\nroles\n....ggg\n.ggg\n");
	canvas_finish(&canvas);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_text_is_clipped_by_columns),
		cmocka_unit_test(test_a_wide_character_is_never_cut_in_half),
		cmocka_unit_test(test_overwriting_half_of_a_wide_character_blanks_the_other),
		cmocka_unit_test(test_a_wide_character_over_two_others_leaves_no_halves),
		cmocka_unit_test(test_marks_stay_with_their_letter_and_take_no_column),
		cmocka_unit_test(test_a_flood_of_marks_does_not_overflow_a_cell),
		cmocka_unit_test(test_control_characters_and_broken_bytes_become_question_marks),
		cmocka_unit_test(test_an_ascii_canvas_holds_nothing_else),
		cmocka_unit_test(test_right_aligned_text_ends_where_it_should),
	};

	(void)setlocale(LC_CTYPE, "C.UTF-8");
	return cmocka_run_group_tests(tests, NULL, NULL);
}
