/* SPDX-License-Identifier: GPL-3.0-or-later */
#define _GNU_SOURCE
#include "app/screen.h"

#include <signal.h>
#include <string.h>
#include <unistd.h>

#include "app/path_edit.h"
#include "app/savefile.h"
#include "base/i18n.h"
#include "report/report.h"
#include "tui/term.h"
#include "view/ui.h"

/* A person sees no more than ten pictures a second, and a slow line carries no more. */
static const ns_t PAINT_EVERY = NS_PER_SEC / 10;

struct screen {
	struct run *run;
	struct ui_state ui;
	struct snapshot *snap;       /* what is shown */
	struct loop_timer timer;
	ns_t painted_at;
	uint64_t painted_generation;
	bool is_dirty;               /* the picture must change though no number did */
};

static void paint(struct screen *screen)
{
	struct canvas canvas;
	size_t width, height;

	term_size(&width, &height);
	canvas_init(&canvas, width, height, term_is_ascii());
	screen->ui.width = canvas.width;
	screen->ui.height = canvas.height;
	if (!screen->ui.is_frozen || screen->snap == NULL) {
		snapshot_destroy(screen->snap);
		screen->snap = run_snapshot(screen->run);
	}
	screen_draw(screen->snap, &screen->ui, &canvas);
	term_present(&canvas);
	canvas_finish(&canvas);
	screen->painted_at = loop_now(screen->run->loop);
	screen->painted_generation = screen->run->drive.generation;
	screen->is_dirty = false;
}

static void on_turn_end(void *arg)
{
	struct screen *screen = arg;
	ns_t due = screen->painted_at + PAINT_EVERY;

	if (screen->is_dirty) {
		paint(screen);
	} else if (screen->painted_generation == screen->run->drive.generation ||
		   screen->ui.is_frozen) {
		return;
	} else if (loop_now(screen->run->loop) >= due) {
		paint(screen);
	} else {
		loop_timer_set(screen->run->loop, &screen->timer, due);
	}
}

static void on_timer(void *arg)
{
	(void)arg; /* the turn's end paints */
}

static void pause_run(struct run *run, bool is_paused)
{
	if (run->replay != NULL) {
		replay_pause(run->replay, is_paused);
	} else {
		drive_pause(&run->drive, is_paused);
	}
}

static void tell(struct screen *screen, bool is_ok, const struct err *err, const char *done)
{
	ui_say(&screen->ui, !is_ok, is_ok ? done : err->text);
}

static bool write_report(struct screen *screen, const char *name, struct err *err)
{
	const struct report_options report = {.is_wide = true,
		.shows_as = screen->run->options->has_as};
	size_t len = strlen(name);
	struct strbuf text = {0};
	bool is_ok;

	if (len > 5 && strcmp(name + len - 5, ".json") == 0) {
		report_json(screen->snap, &report, &text);
	} else {
		report_text(screen->snap, &report, &text);
	}
	is_ok = savefile_write(name, &text, err);
	strbuf_finish(&text);
	return is_ok;
}

static bool load_path(struct screen *screen, const char *name, struct err *err)
{
	struct strbuf text = {0};
	struct edit_path path;
	bool is_ok = savefile_read(name, &text, err) &&
		(edit_parse(strbuf_text(&text), &path, err) || err_wrap(err, "%.60s", name));

	if (is_ok) {
		ui_edit_take(&screen->ui, &path);
	}
	strbuf_finish(&text);
	return is_ok;
}

static bool save_path(struct screen *screen, const char *name, struct err *err)
{
	struct strbuf text = {0};
	bool is_ok;

	edit_format(edit_path(screen->ui.edit), &text);
	is_ok = savefile_write(name, &text, err);
	strbuf_finish(&text);
	return is_ok;
}

/* No faster than what was laid out for: the ring of probes under way is not made anew. */
static bool set_interval(struct run *run, const char *words, struct err *err)
{
	ns_t interval, least = run->config.interval < NS_PER_SEC / 5 ? run->config.interval :
		run->target.is_private ? NS_PER_SEC / 5 : NS_PER_SEC;

	if (run->replay != NULL) {
		return err_set(err, ERR_USAGE, "a recorded run has the interval it was recorded with");
	}
	if (!ns_parse(words, NS_PER_SEC, &interval) || interval < least ||
	    interval > 86400 * NS_PER_SEC) {
		return err_set(err, ERR_USAGE, "the interval is %g to 86400 seconds here, not '%.40s'",
			ns_to_sec(least), words);
	}
	drive_set_interval(&run->drive, interval);
	return true;
}

/* What was asked for with words; the words are in the line of the state. */
static void answer(struct screen *screen, enum ui_action action)
{
	const char *words = screen->ui.line.text;
	struct err err = {0};
	bool is_ok;

	if (action == UI_ACTION_SNAPSHOT) {
		is_ok = write_report(screen, words, &err);
		tell(screen, is_ok, &err, _("The report is written."));
	} else if (action == UI_ACTION_NOTE) {
		run_remark(screen->run, words);
		tell(screen, true, &err, _("Noted."));
	} else if (action == UI_ACTION_DESTINATION) {
		is_ok = run_retarget(screen->run, words, &err);
		screen->ui.selected = is_ok ? 0 : screen->ui.selected;
		tell(screen, is_ok, &err, "");
	} else if (action == UI_ACTION_INTERVAL) {
		is_ok = set_interval(screen->run, words, &err);
		tell(screen, is_ok, &err, "");
	} else if (action == UI_ACTION_LOAD_PATH) {
		is_ok = load_path(screen, words, &err);
		tell(screen, is_ok, &err, _("Loaded; A applies it."));
	} else if (action == UI_ACTION_SAVE_PATH) {
		is_ok = save_path(screen, words, &err);
		tell(screen, is_ok, &err, _("The path is saved."));
	} else if (action == UI_ACTION_APPLY) {
		is_ok = path_edit_apply(screen->run, edit_path(screen->ui.edit), &err);
		if (is_ok) {
			ui_edit_close(&screen->ui);
		}
		tell(screen, is_ok, &err, _("The path is probed as edited."));
	}
}

static void add_walks(struct screen *screen)
{
	bool is_added = screen->run->replay == NULL && drive_add_walks(&screen->run->drive);

	ui_say(&screen->ui, !is_added, is_added ? _("Walks by other ways are sent, too.") :
		_("No walk is added: all are sent, or nothing nested is."));
}

static void act(struct screen *screen, enum ui_action action)
{
	struct loop *loop = screen->run->loop;

	if (action == UI_ACTION_QUIT) {
		loop_stop(loop);
	} else if (action == UI_ACTION_PAUSE || action == UI_ACTION_RESUME) {
		pause_run(screen->run, action == UI_ACTION_PAUSE);
	} else if (action == UI_ACTION_RESET) {
		drive_reset(&screen->run->drive);
	} else if (action == UI_ACTION_RESET_HOP) {
		drive_reset_hop(&screen->run->drive, screen->ui.selected);
	} else if (action == UI_ACTION_FOLLOW && screen->run->replay == NULL) {
		drive_follow(&screen->run->drive);
	} else if (action == UI_ACTION_WALKS) {
		add_walks(screen);
	} else if (action == UI_ACTION_NAMES) {
		screen->run->has_no_names = !screen->run->has_no_names;
	} else if (action == UI_ACTION_REPAINT) {
		term_repaint();
	} else {
		answer(screen, action);
	}
	screen->is_dirty = screen->is_dirty || action != UI_ACTION_NONE;
}

static void on_keys(void *arg)
{
	struct screen *screen = arg;
	int key;

	while ((key = term_read_key()) != UI_KEY_NONE) {
		if (key == UI_KEY_HANGUP) {
			/* The terminal is gone, with or without the signal that says so. */
			screen->run->caught_signal = SIGHUP;
			loop_fd_remove(screen->run->loop, STDIN_FILENO);
			loop_stop(screen->run->loop);
			return;
		}
		act(screen, ui_key(&screen->ui, screen->snap, key));
	}
}

static void on_signal(void *arg, int signal_number)
{
	struct screen *screen = arg;

	if (signal_number == SIGWINCH || signal_number == SIGCONT) {
		screen->is_dirty = true;
		return;
	}
	screen->run->caught_signal = signal_number;
	loop_stop(screen->run->loop);
}

static bool start(struct screen *screen, struct err *err)
{
	struct loop *loop = screen->run->loop;

	if (screen->run->replay != NULL) {
		replay_start(screen->run->replay, loop);
	} else if (!drive_start(&screen->run->drive, err)) {
		return false;
	}
	screen->timer = (struct loop_timer){.fn = on_timer, .arg = screen};
	loop_at_turn_end(loop, on_turn_end, screen);
	loop_fd_add(loop, STDIN_FILENO, LOOP_RANK_KEYS, on_keys, screen);
	paint(screen);
	return true;
}

int run_screen(struct run *run, struct err *err)
{
	static const int signals[] = {SIGINT, SIGTERM, SIGHUP, SIGWINCH, 0};
	struct screen screen = {.run = run, .ui = {.check = path_edit_check, .check_arg = run}};
	int status = EXIT_LOCAL_ERROR;

	if (run->options->order != NULL) {
		ui_choose_order(&screen.ui, run->options->order);
	}

	term_prepare(run->options->theme, !run->options->has_no_mouse);
	/* Before curses, which would else put its own handlers there. */
	if (!loop_signals(run->loop, signals, on_signal, &screen, err) || !term_enter(err)) {
		return status;
	}
	run->is_on_screen = true;
	if (start(&screen, err)) {
		loop_run(run->loop);
		status = run_status(run, err);
		if (run->replay != NULL && !replay_result(run->replay, err)) {
			status = EXIT_LOCAL_ERROR;
		}
	}
	/* The loop outlives this frame. */
	loop_timer_cancel(run->loop, &screen.timer);
	term_leave();
	run->is_on_screen = false;
	snapshot_destroy(screen.snap);
	ui_finish(&screen.ui);
	return status;
}
