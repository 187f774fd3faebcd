/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "view/screen.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "base/i18n.h"
#include "base/ns.h"
#include "base/utf8.h"
#include "view/layout.h"

enum { FORMS = 4 };

/* The rate of rounds; a pause of seconds reads better as one. */
static void format_rate(ns_t interval, char *ret_text, size_t cap)
{
	double sec = ns_to_sec(interval);

	if (sec <= 0.0) {
		(void)snprintf(ret_text, cap, "%s", "");
	} else if (sec <= 1.0) {
		(void)snprintf(ret_text, cap, _("%.1f/s"), 1.0 / sec);
	} else {
		(void)snprintf(ret_text, cap, _("every %g s"), sec);
	}
}

/* Longest first: who probes what. */
static void left_forms(const struct snapshot *snap, struct strbuf form[FORMS])
{
	const char *host = snap->local_host != NULL ? snap->local_host : "";
	const char *from = snap->source != NULL ? snap->source : "?";
	const char *name = snap->destination_name;
	const char *to = snap->destination != NULL ? snap->destination : "?";
	const char *target = name != NULL ? name : to;

	strbuf_printf(&form[0], "thrupath %s  %s (%s) > %s", snap->version, host, from, target);
	if (name != NULL && snap->destination != NULL) {
		strbuf_printf(&form[0], " (%s)", to);
	}
	strbuf_printf(&form[1], "thrupath  %s > %s", from, target);
	strbuf_printf(&form[2], "%s > %s", from, to);
	strbuf_printf(&form[3], "> %s", to);
}

/* Longest first: when, and how far. */
static void right_forms(const struct snapshot *snap, struct strbuf form[FORMS])
{
	char utc[32], rate[48];

	ns_format_utc(snap->now_realtime, utc, sizeof utc);
	utc[10] = ' ';
	format_rate(snap->interval, rate, sizeof rate);
	strbuf_printf(&form[0], "%s  ", utc);
	strbuf_printf(&form[0], _("round %" PRIu64), snap->rounds);
	if (snap->round_limit > 0) {
		strbuf_printf(&form[0], "/%" PRIu64, snap->round_limit);
	}
	strbuf_printf(&form[0], "  %s", rate);
	strbuf_printf(&form[1], "%s  ", utc + 11);
	strbuf_printf(&form[1], _("round %" PRIu64), snap->rounds);
	strbuf_printf(&form[1], "  %s", rate);
	strbuf_printf(&form[2], _("round %" PRIu64), snap->rounds);
}

void frame_title(const struct snapshot *snap, const struct ui_state *state,
	struct canvas *canvas)
{
	/* What is given up first as the line gets narrower: left form, right form. */
	static const unsigned char choice[][2] = {
		{0, 0}, {1, 0}, {1, 1}, {2, 1}, {2, 2}, {3, 2}, {3, 3}};
	const char *paused = state->is_before ? _("before the reset") :
		state->is_frozen ? _("frozen") : snap->is_paused ? _("paused") :
		snap->is_unverified ? _("unverified") : "";
	size_t paused_width = utf8_width(paused), x = 0, i = 0, width = 0;
	size_t gap = paused_width > 0 ? 2 : 0;
	struct strbuf left[FORMS] = {{0}}, right[FORMS] = {{0}};
	const char *right_text;

	left_forms(snap, left);
	right_forms(snap, right);
	canvas_paint(canvas, 0, 0, canvas->width, ROLE_TITLE);
	for (i = 0; i < sizeof choice / sizeof choice[0] - 1; i++) {
		width = utf8_width(strbuf_text(&left[choice[i][0]])) + gap + paused_width + 2 +
		        utf8_width(strbuf_text(&right[choice[i][1]]));
		if (width <= canvas->width) {
			break;
		}
	}
	right_text = strbuf_text(&right[choice[i][1]]);
	/* On the narrowest line the state comes first: a still screen must say why. */
	if (paused_width > 0 && choice[i][1] == FORMS - 1) {
		x = canvas_put(canvas, 0, 0, canvas->width, ROLE_WARNING, paused) + 1;
		paused_width = 0;
	}
	x += canvas_put(canvas, x, 0, canvas->width, ROLE_TITLE,
		strbuf_text(&left[choice[i][0]]));
	if (paused_width > 0) {
		(void)canvas_put(canvas, x + gap, 0, canvas->width, ROLE_WARNING, paused);
	}
	if (right_text[0] != '\0') {
		(void)canvas_put_right(canvas, 0, 0, canvas->width, ROLE_TITLE, right_text);
	}
	for (i = 0; i < FORMS; i++) {
		strbuf_finish(&left[i]);
		strbuf_finish(&right[i]);
	}
}

static void add_state(const struct snapshot *snap, struct strbuf *buf)
{
	switch (snap->phase) {
	case SNAP_DISCOVERING:
		strbuf_printf(buf, _("discovering: %u of %u TTLs answered"),
			snap->discovery_answered, snap->discovery_awaited);
		break;
	case SNAP_SCANNING:
		strbuf_puts(buf, _("testing hops for decapsulation"));
		break;
	case SNAP_PROBING:
		return;
	case SNAP_DRAINING:
		strbuf_puts(buf, _("waiting for last replies"));
		break;
	case SNAP_DONE:
		strbuf_puts(buf, _("done"));
		break;
	}
	strbuf_puts(buf, "  ");
}

/* How long the probes are follows from the path and from what its hops are found to do. */
static bool is_size_known(const struct snapshot *snap)
{
	return snap->phase != SNAP_DISCOVERING && snap->phase != SNAP_SCANNING;
}

static void add_path(const struct snapshot *snap, struct strbuf *buf)
{
	if (snap->phase != SNAP_DISCOVERING) {
		strbuf_puts(buf, snap->is_explicit ? _("explicit path") : _("discovered path"));
		strbuf_puts(buf, ", ");
		strbuf_printf(buf, ngettext("%zu hop", "%zu hops", snap->hop_count),
			snap->hop_count);
		strbuf_puts(buf, ", ");
	}
	if (snap->has_nested && snap->walk != NULL) {
		strbuf_puts(buf, snap->walk);
		strbuf_puts(buf, is_size_known(snap) ? ", " : "");
	}
	if (is_size_known(snap)) {
		strbuf_printf(buf, _("%u of %u bytes"), snap->probe_bytes, snap->mtu);
	}
	if (snap->has_to && snap->to_carried != NULL && strcmp(snap->to_carried, "echo") != 0) {
		strbuf_printf(buf, _(", To by %s"), snap->to_carried);
	}
	if (snap->tos != 0) {
		strbuf_printf(buf, _(", TOS %u"), snap->tos);
	}
}

/* The sets of columns with the one that shows in brackets, or that one alone. */
static void draw_sets(const struct snapshot *snap, const struct ui_state *ui, size_t from,
	struct canvas *canvas)
{
	enum ui_set shown = ui_set_shown(ui, snap);
	size_t width = 0, x;
	bool is_short;

	for (unsigned i = 0; i < UI_SET_COUNT; i++) {
		width += ui_set_is_there(ui, snap, i) ? utf8_width(ui_set_name(i)) + 3 : 0;
	}
	is_short = from + 2 + width > canvas->width + 1;
	if (is_short) {
		width = utf8_width(ui_set_name(shown)) + 3;
	}
	if (from + 2 + width > canvas->width + 1) {
		return;
	}
	x = canvas->width + 1 - width;
	for (unsigned i = 0; i < UI_SET_COUNT; i++) {
		bool is_shown = i == shown;
		char text[48];

		if ((!is_short || is_shown) && ui_set_is_there(ui, snap, i)) {
			(void)snprintf(text, sizeof text, is_shown ? "[%s]" : " %s ", ui_set_name(i));
			x += canvas_put(canvas, x, 1, canvas->width, is_shown ? ROLE_TAB : ROLE_DIM,
				text) + 1;
		}
	}
}

/* How many active findings are as grave as this. */
static size_t count_of(const struct snapshot *snap, enum snap_severity severity)
{
	size_t count = 0;

	for (size_t i = 0; i < snap->finding_count; i++) {
		count += snap->findings[i].is_active && snap->findings[i].severity == severity;
	}
	return count;
}

static size_t draw_counts(const struct snapshot *snap, size_t x, struct canvas *canvas)
{
	size_t alarms = count_of(snap, SNAP_ALARM), warnings = count_of(snap, SNAP_WARNING);
	char text[64];

	if (alarms > 0) {
		(void)snprintf(text, sizeof text, ngettext("! %zu alarm", "! %zu alarms", alarms), alarms);
		x += canvas_put(canvas, x + 2, 1, canvas->width, ROLE_ALARM, text) + 2;
	}
	if (warnings > 0) {
		(void)snprintf(text, sizeof text, ngettext("w %zu warning", "w %zu warnings", warnings),
			warnings);
		x += canvas_put(canvas, x + 2, 1, canvas->width, ROLE_WARNING, text) + 2;
	}
	if (snap->change.is_active) {
		x += canvas_put(canvas, x + 2, 1, canvas->width, ROLE_WARNING,
			_("route changed: N switches to it")) + 2;
	}
	return x;
}

static void draw_info(const struct snapshot *snap, const struct ui_state *ui,
	struct canvas *canvas)
{
	struct strbuf state = {0}, path = {0};
	size_t x;

	add_state(snap, &state);
	add_path(snap, &path);
	x = canvas_put(canvas, 0, 1, canvas->width, ROLE_NOTICE, strbuf_text(&state));
	x += canvas_put(canvas, x, 1, canvas->width, ROLE_NORMAL, strbuf_text(&path));
	x = draw_counts(snap, x, canvas);
	if (ui->view == UI_VIEW_TABLE) {
		draw_sets(snap, ui, x, canvas);
	}
	strbuf_finish(&state);
	strbuf_finish(&path);
}

enum tab_style {
	TABS_FULL,              /* every name */
	TABS_SHORT,             /* the shown one's name, of the others the key */
	TABS_ONE
};

/* Columns of a tab, the blank behind it included. */
static size_t tab_columns(enum ui_view view, bool is_shown, enum tab_style style)
{
	size_t name = utf8_width(_(view_get(view)->name));

	return is_shown ? name + 5 : style == TABS_FULL ? name + 3 : style == TABS_SHORT ? 2 : 0;
}

static enum tab_style tab_style(enum ui_view shown, size_t width)
{
	for (int style = TABS_FULL; style < TABS_ONE; style++) {
		size_t columns = 0;

		for (unsigned i = 0; i < UI_VIEW_COUNT; i++) {
			columns += tab_columns((enum ui_view)i, i == shown, (enum tab_style)style);
		}
		if (columns <= width) {
			return (enum tab_style)style;
		}
	}
	return TABS_ONE;
}

enum ui_view frame_tab_at(const struct ui_state *ui, size_t width, size_t x)
{
	enum tab_style style = tab_style(ui->view, width);
	size_t end = 0;

	for (unsigned i = 0; i < UI_VIEW_COUNT; i++) {
		end += tab_columns((enum ui_view)i, i == ui->view, style);
		if (x < end) {
			return (enum ui_view)i;
		}
	}
	return UI_VIEW_COUNT;
}

static size_t draw_tabs(const struct ui_state *ui, size_t y, struct canvas *canvas)
{
	enum tab_style style = tab_style(ui->view, canvas->width);
	size_t x = 0;

	for (unsigned i = 0; i < UI_VIEW_COUNT; i++) {
		size_t columns = tab_columns((enum ui_view)i, i == ui->view, style);
		const char *name = _(view_get((enum ui_view)i)->name);
		char text[48];

		if (i == ui->view) {
			(void)snprintf(text, sizeof text, "[%u %s]", i + 1, name);
			(void)canvas_put(canvas, x, y, canvas->width, ROLE_TAB, text);
		} else if (columns > 0) {
			(void)snprintf(text, sizeof text, "%u", i + 1);
			(void)canvas_put(canvas, x, y, canvas->width, ROLE_KEY, text);
			if (style == TABS_FULL) {
				(void)canvas_put(canvas, x + 2, y, canvas->width, ROLE_NORMAL, name);
			}
		}
		x += columns;
	}
	return x;
}

/* Says which hops show, when they do not all. */
static void draw_more(const struct snapshot *snap, const struct ui_state *ui, size_t x,
	const struct layout_frame *frame, struct canvas *canvas)
{
	struct layout_rows rows = layout_rows(frame->rows, snap->hop_count,
		view_finding_count(snap));
	size_t first = layout_first(snap->hop_count, rows.table_rows, ui->selected);
	char text[64];

	if (ui->view != UI_VIEW_TABLE || rows.table_rows >= snap->hop_count) {
		return;
	}
	(void)snprintf(text, sizeof text, _("%zu-%zu of %zu"), first + 1,
		first + rows.table_rows, snap->hop_count);
	if (x + utf8_width(text) <= canvas->width) {
		(void)canvas_put_right(canvas, 0, frame->top - 1, canvas->width, ROLE_DIM, text);
	}
}

static void draw_footer(const struct snapshot *snap, const struct ui_state *ui,
	struct canvas *canvas)
{
	size_t x = 0, y = canvas->height - 1;

	if (snap->may_nest && !ui->has_declined) {
		(void)canvas_put(canvas, 0, y, canvas->width, ROLE_NOTICE,
			_("W: also measure through the hops with nested probes (public)   Esc: no   ?: help"));
		return;
	}

	for (size_t i = 0; i < keymap_count(); i++) {
		const struct keymap_row *row = keymap_row(i);
		struct strbuf key = {0};

		if (row->footer == NULL) {
			continue;
		}
		keymap_first(ui->binds, i, &key);
		if (x + utf8_width(strbuf_text(&key)) + 1 + utf8_width(_(row->footer)) >
		    canvas->width) {
			strbuf_finish(&key);
			break;
		}
		if (key.len > 0) {
			x += canvas_put(canvas, x, y, canvas->width, ROLE_KEY, strbuf_text(&key)) + 1;
			x += canvas_put(canvas, x, y, canvas->width, ROLE_NORMAL, _(row->footer)) + 2;
		}
		strbuf_finish(&key);
	}
}

void frame_draw(const struct snapshot *snap, const struct ui_state *ui, struct canvas *canvas)
{
	struct layout_frame frame = layout_frame(canvas->height);

	if (frame.has_title) {
		frame_title(snap, ui, canvas);
	}
	if (frame.has_info) {
		draw_info(snap, ui, canvas);
	}
	if (frame.has_tabs) {
		draw_more(snap, ui, draw_tabs(ui, frame.top - 1, canvas), &frame, canvas);
	}
	if (frame.has_footer && ui->mode == UI_MODE_MAIN) {
		draw_footer(snap, ui, canvas);
	}
}
