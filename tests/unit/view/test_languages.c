/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Screens and the report in two languages, one of them of wide characters: what is longer than
 * in English, or wider, must fit as well.
 */
#include <errno.h>
#include <libintl.h>
#include <locale.h>
#include <stdlib.h>
#include <unistd.h>

#include "support/check.h"
#include "support/snapshot_fixture.h"
#include "view/ui.h"
#include "view/view.h"

/* A machine may have no locale but C.UTF-8, whose messages newer libraries do not translate: that
 * locale by another name is as good as one of the language. */
static void speak(const char *language)
{
	const char *top = getenv("top_builddir");
	char dir[512], name[16], locale[544];

	(void)snprintf(dir, sizeof dir, "%s/tests/locale", top == NULL ? "." : top);
	(void)snprintf(name, sizeof name, "%s.UTF-8", language);
	(void)snprintf(locale, sizeof locale, "%s/%s", dir, name);
	if (access("/usr/lib/locale/C.utf8", R_OK) != 0) {
		skip();
	}
	assert_true(symlink("/usr/lib/locale/C.utf8", locale) == 0 || errno == EEXIST);
	assert_int_equal(setenv("LOCPATH", dir, 1), 0);
	assert_int_equal(unsetenv("LANGUAGE"), 0);
	assert_non_null(setlocale(LC_ALL, name));
	(void)setlocale(LC_NUMERIC, "C");
	assert_non_null(bindtextdomain("thrupath", dir));
	assert_non_null(bind_textdomain_codeset("thrupath", "UTF-8"));
	assert_non_null(textdomain("thrupath"));
}

static void add_screen(const struct snapshot *snap, const struct ui_state *ui, size_t width,
	size_t height, struct strbuf *text)
{
	struct canvas canvas;

	canvas_init(&canvas, width, height, /* is_ascii= */ false);
	screen_draw(snap, ui, &canvas);
	strbuf_printf(text, "== view %d, %zux%zu\n", (int)ui->view + 1, width, height);
	canvas_dump(&canvas, text);
	canvas_finish(&canvas);
}

static void check_language(const char *language, const char *name)
{
	struct snapshot *snap = fixture_snapshot(8, FIXTURE_NAMES);
	struct strbuf text = {0};
	struct ui_state ui = {.selected = 3};

	speak(language);
	fixture_add_findings(snap);
	for (int view = 0; view < UI_VIEW_COUNT; view++) {
		ui.view = (enum ui_view)view;
		add_screen(snap, &ui, 80, 24, &text);
	}
	ui.view = UI_VIEW_TABLE;
	add_screen(snap, &ui, 40, 10, &text);
	ui.mode = UI_MODE_HELP;
	add_screen(snap, &ui, 80, 40, &text);
	ui_finish(&ui);
	snapshot_destroy(snap);
	golden_check(name, strbuf_text(&text));
	strbuf_finish(&text);
}

static void test_in_german(void **state)
{
	(void)state;

	check_language("de", "language-de.screens");
	assert_string_equal(gettext("quit the program"), "das Programm beenden");
}

static void test_in_japanese(void **state)
{
	(void)state;

	check_language("ja", "language-ja.screens");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_in_german),
		cmocka_unit_test(test_in_japanese),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
