/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/excerpt.h"

#include <stdlib.h>

#include "io/savefile.h"
#include "base/i18n.h"
#include "base/mem.h"
#include "report/report.h"
#include "view/ui.h"

bool excerpt_write(const struct app *app, const struct snapshot *snap, const char *name,
	struct err *err)
{
	const struct options *options = app->options;
	char letters[UI_ORDER_MAX + 1];
	const struct report_options report = {.is_wide = true,
		.fields = report_fields_of(options->order, letters, sizeof letters) ? letters : NULL,
		.shows_both = options->show_both,
		.shows_as = options->has_as || app->run.naming.wants_networks,
		.network = (enum snap_network)options->ipinfo};
	struct strbuf text = {0};
	bool is_ok;

	report_write(report_format_of(name), snap, &report, &text);
	is_ok = savefile_write(name, &text, err);
	strbuf_finish(&text);
	return is_ok;
}

bool excerpt_parse(const char *words, ns_t *ret_duration, struct err *err)
{
	ns_t hour = 3600 * NS_PER_SEC;

	return (ns_parse(words, 60 * NS_PER_SEC, ret_duration) && *ret_duration > 0 &&
	        *ret_duration <= hour) ||
	       err_set(err, ERR_USAGE, "the number of minutes is 1 to 60, not '%.40s'", words);
}

static void add_note(struct snapshot *snap, const char *text)
{
	snap->notes = xreallocarray(snap->notes, snap->note_count + 1, sizeof *snap->notes);
	snap->notes[snap->note_count++] = xstrdup(text);
}

struct snapshot *excerpt_snapshot(const struct run *run, const struct window *window, ns_t duration)
{
	struct strbuf note = {0};
	struct session session;
	struct snapshot *snap;
	char from_text[32], to_text[32];
	ns_t now = run_now(run);
	ns_t from = window_cut(window, &run->session, now, duration, &session);

	snap = run_snapshot_of(run, &session);
	window_finish_cut(&session);
	snap->start_realtime = run_realtime(run, from);
	snap->rounds -= window_rounds_before(window, from);
	ns_format_utc(snap->start_realtime, from_text, sizeof from_text);
	ns_format_utc(snap->now_realtime, to_text, sizeof to_text);
	strbuf_printf(&note, _("counts cover %s to %s; findings cover the whole run; flows and "
		"return-path detours are left out"), from_text, to_text);
	if (now - from < duration) {
		strbuf_puts(&note, _("; no counts before that"));
	}
	add_note(snap, strbuf_text(&note));
	strbuf_finish(&note);
	return snap;
}
