/* SPDX-License-Identifier: GPL-3.0-or-later */
#define _GNU_SOURCE
#include "app/screen.h"

#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "app/excerpt.h"
#include "app/lookup.h"
#include "app/path_edit.h"
#include "base/i18n.h"
#include "cli/destination.h"
#include "io/savefile.h"
#include "run/change.h"
#include "tui/term.h"
#include "view/ui.h"

/* A person sees no more than ten pictures a second, and a slow line carries no more. */
static const ns_t PAINT_EVERY = NS_PER_SEC / 10;

struct screen {
	struct app *app;
	struct run *run;             /* the app's */
	struct ui_state ui;
	struct snapshot *snap;       /* what there is now */
	struct snapshot *before;     /* and what there was before the last reset; NULL: nothing */
	struct loop_timer timer;
	ns_t painted_at;
	uint64_t painted_generation;
	uint64_t renewals;           /* of the engine: counts began anew so often */
	bool is_dirty;               /* the picture must change though no number did */
	struct window *window;       /* the last hour in parts */
	struct lookup lookup;
	enum ui_action waiting;      /* for its answer */
	char wanted[LINEEDIT_MAX];   /* the name that was asked for */
};

static const struct snapshot *shown(const struct screen *screen)
{
	return screen->ui.is_before ? screen->before : screen->snap;
}

static void paint(struct screen *screen)
{
	struct canvas canvas;
	size_t width, height;

	term_size(&width, &height);
	canvas_init(&canvas, width, height, term_is_ascii());
	screen->ui.width = canvas.width;
	screen->ui.height = canvas.height;
	screen->ui.is_ascii = canvas.is_ascii;
	if (!screen->ui.is_frozen || screen->snap == NULL) {
		snapshot_destroy(screen->snap);
		run_note_files(screen->run);
		screen->snap = run_snapshot(screen->run);
	}
	screen_draw(shown(screen), &screen->ui, &canvas);
	term_present(&canvas);
	canvas_finish(&canvas);
	screen->painted_at = loop_now(screen->run->loop);
	screen->painted_generation = screen->run->drive.generation;
	screen->is_dirty = false;
}

/* Counts have begun anew, or mean something else now. */
static void begin_window(struct screen *screen)
{
	window_begin(screen->window, &screen->run->session, run_now(screen->run));
}

static void on_turn_end(void *arg)
{
	struct screen *screen = arg;
	ns_t due = screen->painted_at + PAINT_EVERY;

	if (screen->renewals != screen->run->drive.renewals) {
		screen->renewals = screen->run->drive.renewals;
		begin_window(screen);
	}
	window_advance(screen->window, &screen->run->session, run_now(screen->run));
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
		(void)drive_do(&run->drive, (struct command){
			.kind = is_paused ? COMMAND_PAUSE : COMMAND_RESUME});
	}
}

static void tell(struct screen *screen, bool is_ok, const struct err *err, const char *done)
{
	ui_report(&screen->ui, run_realtime(screen->run, run_now(screen->run)), !is_ok,
		is_ok ? done : err->text);
}

/* Of what the screen shows, or of the last minutes alone. */
static bool write_report(struct screen *screen, const char *name, const char *minutes,
	struct err *err)
{
	struct snapshot *snap;
	ns_t duration;
	bool is_ok;

	if (minutes[0] == '\0') {
		return excerpt_write(screen->app, shown(screen), name, err);
	}
	if (!excerpt_parse(minutes, &duration, err)) {
		return false;
	}
	snap = excerpt_snapshot(screen->run, screen->window, duration);
	is_ok = excerpt_write(screen->app, snap, name, err);
	snapshot_destroy(snap);
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

static bool is_address(const char *words)
{
	struct addr address;

	return addr_parse(words, &address) || words[strspn(words, "0123456789.")] == '\0' ||
	       strchr(words, ':') != NULL;
}

static void tell_destination(struct screen *screen, bool is_ok, const struct err *err)
{
	if (is_ok) {
		screen->ui.selected = 0;
		begin_window(screen);
	}
	tell(screen, is_ok, err, "");
}

/* What was measured stays in reach. */
static void keep_before(struct screen *screen, struct snapshot *was, bool is_reset)
{
	if (is_reset && was->rounds > 0) {
		snapshot_destroy(screen->before);
		screen->before = was;
		screen->ui.is_before = false;
	} else {
		snapshot_destroy(was);
	}
}

static void finish_apply(struct screen *screen);

/* `name`: what the address was found by; NULL: it is as typed. */
static bool go_now(struct screen *screen, const char *address, const char *name, struct err *err)
{
	struct options options = *screen->app->options;
	struct target target;

	options.settings = screen->run->settings;
	options.settings.is_reverse = false;
	options.path = options.via = options.from = NULL;
	options.destination = address;
	if (!destination_parse(&options, &target, err)) {
		return false;
	}
	if (name != NULL) {
		(void)snprintf(target.destination_name, sizeof target.destination_name, "%s", name);
	}
	return change_destination(screen->run, &target, err);
}

/* The name that was asked for has its address: what waited for it goes on. */
static void on_found(void *arg, const struct addr *found, const struct err *why)
{
	struct screen *screen = arg;
	struct run *run = screen->run;
	struct snapshot *was;
	uint64_t renewals = run->drive.renewals;
	struct err err = *why;
	char text[ADDR_TEXT_MAX];
	bool is_ok = found != NULL;

	screen->is_dirty = true;
	if (is_ok && screen->waiting == UI_ACTION_APPLY) {
		struct app *app = screen->app;
		struct known *known = &app->known[app->known_count++ % KNOWN_MAX];

		(void)snprintf(known->name, sizeof known->name, "%.*s", KNOWN_NAME - 1, screen->wanted);
		known->address = *found;
		if (screen->ui.edit != NULL) {
			finish_apply(screen);
		}
		return;
	}
	was = run_snapshot(run);
	is_ok = is_ok && go_now(screen, addr_format(found, text), screen->wanted, &err);
	keep_before(screen, was, renewals != run->drive.renewals);
	tell_destination(screen, is_ok, &err);
}

/* Asks beside the screen, which goes on. */
static void look_up(struct screen *screen, const char *name, enum ui_action waiting)
{
	const struct run *run = screen->run;
	const struct options *options = screen->app->options;
	uint8_t family = options->is_ipv6 ? ADDR_V6 : options->is_ipv4 ? ADDR_V4 :
		waiting == UI_ACTION_APPLY ? run->session.self.family : 0;
	struct err err = {0};
	char text[LINEEDIT_MAX + 64];

	(void)snprintf(screen->wanted, sizeof screen->wanted, "%s", name);
	screen->waiting = waiting;
	screen->lookup.host = run->target.host;
	(void)snprintf(text, sizeof text, _("Resolving %.90s; Esc cancels."), name);
	tell(screen, lookup_start(&screen->lookup, run->loop, screen->wanted, family, on_found,
		screen, &err), &err, text);
}

static void finish_apply(struct screen *screen)
{
	const struct edit_path *path = edit_path(screen->ui.edit);
	char unknown[EDIT_TEXT];
	struct err err = {0};
	bool is_ok;

	if (path_edit_unknown(screen->app, path, unknown) && screen->run->replay == NULL) {
		look_up(screen, unknown, UI_ACTION_APPLY);
		return;
	}
	is_ok = path_edit_apply(screen->app, path, &err);
	if (is_ok) {
		begin_window(screen);
		ui_edit_close(&screen->ui);
	}
	tell(screen, is_ok, &err, _("Now probing the edited path."));
}

static void go_to(struct screen *screen, const char *words)
{
	struct err err = {0};
	bool is_ok;

	if (screen->run->replay == NULL && !is_address(words)) {
		look_up(screen, words, UI_ACTION_DESTINATION);
		return;
	}
	is_ok = go_now(screen, words, /* name= */ NULL, &err);
	tell_destination(screen, is_ok, &err);
}

/* Networks are asked for once somebody wants to see them. */
static bool show_networks(struct screen *screen, struct err *err)
{
	enum ui_network network = screen->ui.network;

	return network == UI_NETWORK_OF_SET || network == UI_NETWORK_NONE ||
	       run_want_networks(screen->run, network >= UI_NETWORK_COUNTRY, err);
}

static const char *networks_text(enum ui_network network)
{
	static const char *const texts[] = {
		[UI_NETWORK_OF_SET] = N_("AS data hidden."),
		[UI_NETWORK_NUMBER] =
			N_("AS numbers; those not in a local file are looked up in Team Cymru's DNS."),
		[UI_NETWORK_PREFIX] = N_("Announced prefixes."),
		[UI_NETWORK_COUNTRY] = N_("Countries in which the prefixes are registered."),
		[UI_NETWORK_REGISTRY] = N_("Registries that allocated the prefixes."),
		[UI_NETWORK_ALLOCATED] = N_("Dates on which the prefixes were allocated."),
		[UI_NETWORK_NAME] =
			N_("AS names; those not in a local file are looked up in Team Cymru's DNS."),
		[UI_NETWORK_NONE] = N_("AS data hidden."),
	};

	return _(texts[network]);
}

/* What is probed otherwise from now on, which takes another engine. */
static bool change(struct screen *screen, enum ui_action action, struct err *err)
{
	static const struct {
		enum ui_action action;
		const char *option;
	} rows[] = {{UI_ACTION_SIZE, "psize"}, {UI_ACTION_TOS, "tos"},
		{UI_ACTION_FIRST_TTL, "first-ttl"}, {UI_ACTION_MAX_TTL, "max-ttl"}};
	struct options options = {.settings = screen->run->settings};

	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
		if (rows[i].action == action) {
			return options_change(&options, rows[i].option, screen->ui.line.text, err) &&
			       change_settings(screen->run, &options.settings, err);
		}
	}
	return change_carried(screen->run, action == UI_ACTION_UDP ? CARRIED_UDP : CARRIED_TCP, err);
}

static const char *changed_text(const struct run *run, enum ui_action action)
{
	if (action == UI_ACTION_SIZE) {
		return _("Probe size changed; counters reset.");
	}
	if (action == UI_ACTION_TOS) {
		return _("TOS byte changed; counters reset.");
	}
	if (action == UI_ACTION_UDP || action == UI_ACTION_TCP) {
		return run->settings.is_udp ? _("To probes are UDP now; counters reset.") :
			run->settings.is_tcp ? _("To probes are TCP now; counters reset.") :
			_("To probes are echo requests now; counters reset.");
	}
	return _("TTL range changed; counters reset.");
}

/* What was asked for with words; the words are in the line of the state. */
static void answer(struct screen *screen, enum ui_action action)
{
	const char *words = screen->ui.line.text;
	struct options options = {.settings = screen->run->settings};
	struct err err = {0};
	ns_t interval;
	bool is_ok;

	if (action == UI_ACTION_SNAPSHOT) {
		is_ok = write_report(screen, words, screen->ui.minutes.text, &err);
		tell(screen, is_ok, &err, _("Report written."));
	} else if (action == UI_ACTION_NOTE) {
		run_remark(screen->run, words);
		tell(screen, true, &err, _("Note added."));
	} else if (action == UI_ACTION_DESTINATION) {
		go_to(screen, words);
	} else if (action == UI_ACTION_INTERVAL) {
		is_ok = ns_parse(words, NS_PER_SEC, &interval) || err_set(&err, ERR_USAGE,
			"'%.40s' is not a number of seconds.", words);
		is_ok = is_ok && change_interval(screen->run, interval, &err);
		tell(screen, is_ok, &err, "");
	} else if (action == UI_ACTION_CYCLES) {
		is_ok = options_change(&options, "report-cycles", words, &err) &&
			change_cycles(screen->run, options.settings.rounds, &err);
		tell(screen, is_ok, &err, strcmp(words, "0") == 0 ? _("Running until stopped.") :
			_("Number of rounds set."));
	} else if (action == UI_ACTION_LOAD_PATH) {
		is_ok = load_path(screen, words, &err);
		tell(screen, is_ok, &err, _("Path loaded; A applies it."));
	} else if (action == UI_ACTION_SAVE_PATH) {
		is_ok = save_path(screen, words, &err);
		tell(screen, is_ok, &err, _("Path saved."));
	} else if (action == UI_ACTION_APPLY) {
		finish_apply(screen);
	} else if (action == UI_ACTION_WALKS) {
		is_ok = change_walks(screen->run, &err);
		tell(screen, is_ok, &err, _("Added probes over other paths (--walk all)."));
	} else if (action == UI_ACTION_PUBLIC) {
		is_ok = change_public(screen->run, &err);
		tell(screen, is_ok, &err, _("Now also sending nested probes; counters reset."));
	} else if (action == UI_ACTION_FASTER) {
		is_ok = change_faster(screen->run, screen->ui.selected, &err);
		tell(screen, is_ok, &err, _("Probing it 50 times per second for 4 s."));
	} else if (action == UI_ACTION_LINK_MTU) {
		is_ok = change_link_mtu(screen->run, &err);
		tell(screen, is_ok, &err, _("Measuring the MTU of each link: see view 3."));
	} else if (action == UI_ACTION_ALSO) {
		is_ok = change_also(screen->run, &err);
		tell(screen, is_ok, &err, _("Also probing from a second local address, for 60 rounds."));
	} else if (action == UI_ACTION_NETWORKS) {
		is_ok = show_networks(screen, &err);
		tell(screen, is_ok, &err, networks_text(screen->ui.network));
	} else if (action != UI_ACTION_NONE && action != UI_ACTION_REDRAW) {
		is_ok = change(screen, action, &err);
		if (is_ok) {
			begin_window(screen);
		}
		tell(screen, is_ok, &err, is_ok ? changed_text(screen->run, action) : "");
	}
}

static void follow(struct screen *screen)
{
	const struct path_change *change = &screen->run->session.change;

	if (screen->run->replay != NULL) {
		ui_say(&screen->ui, true, _("A replayed run cannot be changed."));
	} else if (!change->is_active) {
		ui_say(&screen->ui, false, _("The route has not changed: there is no new path."));
	} else {
		(void)drive_do(&screen->run->drive, (struct command){.kind = COMMAND_FOLLOW});
	}
}

static void show_before(struct screen *screen)
{
	if (screen->before == NULL) {
		ui_say(&screen->ui, false, _("No counters have been reset yet."));
	} else {
		screen->ui.is_before = !screen->ui.is_before;
	}
}

static void act(struct screen *screen, enum ui_action action)
{
	struct loop *loop = screen->run->loop;
	struct snapshot *was = ui_resets(action) ? run_snapshot(screen->run) : NULL;
	uint64_t renewals = screen->run->drive.renewals;

	if (action == UI_ACTION_BEFORE) {
		show_before(screen);
	} else if (action == UI_ACTION_QUIT) {
		loop_stop(loop);
	} else if (action == UI_ACTION_PAUSE || action == UI_ACTION_RESUME) {
		pause_run(screen->run, action == UI_ACTION_PAUSE);
	} else if (action == UI_ACTION_RESET) {
		(void)drive_do(&screen->run->drive, (struct command){.kind = COMMAND_RESET});
		begin_window(screen);
	} else if (action == UI_ACTION_RESET_HOP) {
		(void)drive_do(&screen->run->drive, (struct command){.kind = COMMAND_RESET_HOP,
			.hop = (uint8_t)screen->ui.selected});
		begin_window(screen);
	} else if (action == UI_ACTION_FOLLOW) {
		follow(screen);
	} else if (action == UI_ACTION_NAMES) {
		screen->run->has_no_names = !screen->run->has_no_names;
	} else if (action == UI_ACTION_REPAINT) {
		term_repaint();
	} else {
		answer(screen, action);
	}
	if (was != NULL) {
		keep_before(screen, was, action == UI_ACTION_RESET ||
			renewals != screen->run->drive.renewals);
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
			screen->app->caught_signal = SIGHUP;
			loop_fd_remove(screen->run->loop, STDIN_FILENO);
			loop_stop(screen->run->loop);
			return;
		}
		if (key == UI_KEY_ESCAPE && lookup_is_under_way(&screen->lookup)) {
			lookup_stop(&screen->lookup);
			tell(screen, true, &(struct err){0}, _("Lookup cancelled."));
			screen->is_dirty = true;
			continue;
		}
		act(screen, ui_key(&screen->ui, shown(screen), key));
	}
}

static void on_signal(void *arg, int signal_number)
{
	struct screen *screen = arg;

	if (signal_number == SIGWINCH || signal_number == SIGCONT) {
		screen->is_dirty = true;
		return;
	}
	screen->app->caught_signal = signal_number;
	loop_stop(screen->run->loop);
}

static bool start(struct screen *screen, struct err *err)
{
	struct loop *loop = screen->run->loop;

	if (screen->run->replay != NULL) {
		replay_start(screen->run->replay, loop);
	} else if (!run_start(screen->run, err)) {
		return false;
	}
	screen->timer = (struct loop_timer){.fn = on_timer, .arg = screen};
	loop_at_turn_end(loop, on_turn_end, screen);
	loop_fd_add(loop, STDIN_FILENO, LOOP_RANK_KEYS, on_keys, screen);
	screen->app->triggers.ring = term_ring;
	triggers_start(&screen->app->triggers, screen->app);
	paint(screen);
	return true;
}

/* Who did not end the run himself, or not so, has what was measured all the same. */
static bool wants_report(const struct app *app)
{
	return app->options->has_exit_report || app->run.drive.failure.code != ERR_NONE ||
	       (app->caught_signal != 0 && app->caught_signal != SIGINT);
}

/* However the run ended. That a terminal that is gone takes it no more is no failure of the run. */
static void leave_report(struct app *app)
{
	struct err err = {0};

	if (wants_report(app) && !app_leave_report(app, &err) &&
	    app->caught_signal != SIGHUP) {
		(void)fprintf(stderr, "thrupath: %s\n", err.text);
	}
}

int screen_run(struct app *app, struct err *err)
{
	const struct options *options = app->options;
	struct run *run = &app->run;
	struct screen screen = {.app = app, .run = run, .window = window_create(),
		.ui = {.check = path_edit_check, .check_arg = app, .binds = &options->binds}};
	int status = EXIT_LOCAL_ERROR;

	screen.ui.shows_labels = options->has_labels;
	screen.ui.shows_both = options->show_both;
	if (options->ipinfo > SNAP_NETWORK_NUMBER) {
		screen.ui.network = (enum ui_network)(UI_NETWORK_NUMBER + (int)options->ipinfo);
	}
	if (options->order != NULL) {
		ui_choose_order(&screen.ui, options->order);
	}

	term_prepare(options->theme, !options->has_no_mouse);
	/* Before curses, which would else put its own handlers there. */
	if (!loop_signals(run->loop, SIGWINCH, on_signal, &screen, err) || !term_enter(err)) {
		window_destroy(screen.window);
		return status;
	}
	app->is_on_screen = true;
	app_keep_memory(app);
	window_begin(screen.window, &run->session, run_now(run));
	if (start(&screen, err)) {
		loop_run(run->loop);
		status = app_status(app, err);
		if (run->replay != NULL && !replay_result(run->replay, err)) {
			status = EXIT_LOCAL_ERROR;
		}
	}
	/* The loop outlives this frame. */
	loop_timer_cancel(run->loop, &screen.timer);
	term_leave();
	app->is_on_screen = false;
	leave_report(app);
	lookup_stop(&screen.lookup);
	window_destroy(screen.window);
	snapshot_destroy(screen.snap);
	snapshot_destroy(screen.before);
	ui_finish(&screen.ui);
	return status;
}
