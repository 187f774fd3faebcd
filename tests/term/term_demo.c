/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The screens on a real terminal, over a made-up snapshot: for the pty test, and to look at.
 * argv[1]: number of hops. Ends with q (0) or by SIGTERM, SIGHUP and SIGINT (128+n).
 */
#include <errno.h>
#include <locale.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "io/loop.h"
#include "support/snapshot_fixture.h"
#include "tui/term.h"
#include "view/ui.h"

struct demo {
	struct loop *loop;
	struct snapshot *snap;
	struct ui_state ui;
	int status;
};

static void paint(void *arg)
{
	struct demo *demo = arg;
	struct canvas canvas;
	size_t width, height;

	term_size(&width, &height);
	canvas_init(&canvas, width, height, term_is_ascii());
	screen_draw(demo->snap, &demo->ui, &canvas);
	term_present(&canvas);
	canvas_finish(&canvas);
}

static void act(struct demo *demo, enum ui_action action)
{
	if (action == UI_ACTION_QUIT) {
		loop_stop(demo->loop);
	} else if (action == UI_ACTION_PAUSE || action == UI_ACTION_RESUME) {
		demo->snap->is_paused = action == UI_ACTION_PAUSE;
	} else if (action == UI_ACTION_REPAINT) {
		term_repaint();
	}
}

static void read_keys(void *arg)
{
	struct demo *demo = arg;
	int key;

	while ((key = term_read_key()) != UI_KEY_NONE) {
		if (key == UI_KEY_HANGUP) {
			loop_stop(demo->loop);
			return;
		}
		act(demo, ui_key(&demo->ui, demo->snap, key));
	}
}

static void on_signal(void *arg, int number)
{
	struct demo *demo = arg;

	if (number != SIGWINCH) {
		demo->status = 128 + number;
		loop_stop(demo->loop);
	}
}

int main(int argc, char **argv)
{
	struct demo demo = {.loop = loop_create_real()};
	struct err err = {0};

	(void)setlocale(LC_CTYPE, "");
	demo.snap = fixture_snapshot(argc > 1 ? (size_t)strtoul(argv[1], NULL, 10) : 8,
		FIXTURE_WIDE_NAMES);
	term_prepare(THEME_DARK, /* has_mouse= */ true);
	if (!loop_signals(demo.loop, SIGWINCH, on_signal, &demo, &err) || !term_enter(&err)) {
		(void)fprintf(stderr, "term_demo: %s\n", err.text);
		demo.status = 3;
	} else {
		loop_fd_add(demo.loop, STDIN_FILENO, LOOP_RANK_KEYS, read_keys, &demo);
		loop_at_turn_end(demo.loop, paint, &demo);
		paint(&demo);
		loop_run(demo.loop);
		term_leave();
	}
	snapshot_destroy(demo.snap);
	loop_destroy(demo.loop);
	return demo.status;
}
