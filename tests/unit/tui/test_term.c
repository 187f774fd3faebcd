/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tui/term.h"

#include <curses.h>
#include <locale.h>
#include <string.h>

#include "support/check.h"

/* curses on /dev/null: what it would show is read back from its own window. */
struct nowhere {
	FILE *out, *in;
};

static void enter(struct nowhere *nowhere, const char *type)
{
	struct err err = {0};

	nowhere->out = fopen("/dev/null", "w");
	nowhere->in = fopen("/dev/null", "r");
	assert_non_null(nowhere->out);
	assert_non_null(nowhere->in);
	assert_true(term_enter_on(type, nowhere->out, nowhere->in, &err));
}

static void leave(struct nowhere *nowhere)
{
	term_leave();
	(void)fclose(nowhere->out);
	(void)fclose(nowhere->in);
}

static void test_cells_arrive_with_their_marks_and_looks(void **state)
{
	struct nowhere nowhere;
	struct canvas canvas;
	wchar_t wide[CCHARW_MAX + 1];
	cchar_t cell;
	attr_t attrs;
	short pair, plain_pair;
	(void)state;

	enter(&nowhere, "xterm-256color");
	canvas_init(&canvas, 10, 2, false);
	(void)canvas_put(&canvas, 0, 1, 10, ROLE_ALARM, "東e\xcc\x81");
	(void)canvas_put(&canvas, 5, 1, 5, ROLE_NORMAL, "x");

	term_present(&canvas);

	assert_int_equal(mvin_wch(1, 0, &cell), OK);
	assert_int_equal(getcchar(&cell, wide, &attrs, &pair, NULL), OK);
	assert_int_equal(wide[0], 0x6771);
	assert_true((attrs & A_BOLD) != 0 && (attrs & A_REVERSE) != 0);
	assert_int_equal(mvin_wch(1, 2, &cell), OK);
	assert_int_equal(getcchar(&cell, wide, &attrs, &pair, NULL), OK);
	assert_int_equal(wide[0], 'e');
	assert_int_equal(wide[1], 0x301);
	assert_int_equal(mvin_wch(1, 5, &cell), OK);
	assert_int_equal(getcchar(&cell, wide, &attrs, &plain_pair, NULL), OK);
	assert_int_equal(wide[0], 'x');
	assert_int_not_equal(pair, plain_pair);
	assert_true((attrs & A_BOLD) == 0);
	canvas_finish(&canvas);
	leave(&nowhere);
}

static void test_no_color_leaves_only_attributes(void **state)
{
	struct nowhere nowhere;
	struct canvas canvas;
	wchar_t wide[CCHARW_MAX + 1];
	cchar_t cell;
	attr_t attrs;
	short pair;
	(void)state;

	(void)setenv("NO_COLOR", "1", 1);
	enter(&nowhere, "xterm-256color");
	(void)unsetenv("NO_COLOR");
	canvas_init(&canvas, 10, 2, false);
	(void)canvas_put(&canvas, 0, 0, 10, ROLE_ALARM, "x");

	term_present(&canvas);

	assert_int_equal(mvin_wch(0, 0, &cell), OK);
	assert_int_equal(getcchar(&cell, wide, &attrs, &pair, NULL), OK);
	assert_int_equal(pair, 0);
	assert_true((attrs & A_BOLD) != 0);
	canvas_finish(&canvas);
	leave(&nowhere);
}

static void test_a_canvas_larger_than_the_terminal_is_cut(void **state)
{
	struct nowhere nowhere;
	struct canvas canvas;
	size_t width, height;
	(void)state;

	enter(&nowhere, "vt100");
	term_size(&width, &height);
	canvas_init(&canvas, width + 20, height + 20, true);
	(void)canvas_put(&canvas, width - 1, height - 1, 10, ROLE_DIM, "abc");

	term_present(&canvas);

	assert_int_equal(mvinch((int)height - 1, (int)width - 1) & A_CHARTEXT, 'a');
	canvas_finish(&canvas);
	leave(&nowhere);
}

static void test_unusable_terminals_are_refused_with_a_sentence(void **state)
{
	static const char *const types[] = {"no-such-terminal", "dumb", ""};
	FILE *null = fopen("/dev/null", "r+");
	(void)state;

	assert_non_null(null);
	for (size_t i = 0; i < sizeof types / sizeof types[0]; i++) {
		struct err err = {0};

		assert_false(term_enter_on(types[i], null, null, &err));
		assert_int_equal(err.code, ERR_NOT_FOUND);
		assert_non_null(strstr(err.text, "-r"));
		assert_null(strchr(err.text, '\n'));
	}
	(void)fclose(null);
}

static void test_leaving_twice_or_before_entering_does_nothing(void **state)
{
	struct nowhere nowhere;
	(void)state;

	term_leave();
	enter(&nowhere, "xterm");
	leave(&nowhere);
	term_leave();
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_cells_arrive_with_their_marks_and_looks),
		cmocka_unit_test(test_no_color_leaves_only_attributes),
		cmocka_unit_test(test_a_canvas_larger_than_the_terminal_is_cut),
		cmocka_unit_test(test_unusable_terminals_are_refused_with_a_sentence),
		cmocka_unit_test(test_leaving_twice_or_before_entering_does_nothing),
	};

	(void)setlocale(LC_CTYPE, "C.UTF-8");
	return cmocka_run_group_tests(tests, NULL, NULL);
}
