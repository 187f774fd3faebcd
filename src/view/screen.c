/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "view/screen.h"

#include <inttypes.h>
#include <stdio.h>

#include "base/i18n.h"
#include "base/ns.h"
#include "base/utf8.h"

enum { FORMS = 4, SMALLEST_WIDTH = 8, SMALLEST_HEIGHT = 2 };

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

void screen_title(const struct snapshot *snap, struct canvas *canvas)
{
	/* What is given up first as the line gets narrower: left form, right form. */
	static const unsigned char choice[][2] = {
		{0, 0}, {1, 0}, {1, 1}, {2, 1}, {2, 2}, {3, 2}, {3, 3}};
	const char *paused = snap->is_paused ? _("paused") : "";
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

void screen_footer(struct canvas *canvas)
{
	size_t x = 0, y = canvas->height - 1;

	for (size_t i = 0; i < keymap_count(); i++) {
		const struct keymap_row *row = keymap_row(i);
		char key[8] = {0};

		if (row->footer == NULL) {
			continue;
		}
		/* Only keys that are a printable character are in the footer. */
		(void)snprintf(key, sizeof key, "%s", row->key == ' ' ? "sp" :
			(const char[]){(char)row->key, '\0'});
		if (x + utf8_width(key) + 1 + utf8_width(_(row->footer)) > canvas->width) {
			break;
		}
		x += canvas_put(canvas, x, y, canvas->width, ROLE_KEY, key) + 1;
		x += canvas_put(canvas, x, y, canvas->width, ROLE_NORMAL, _(row->footer)) + 2;
	}
}

static void draw_too_small(struct canvas *canvas)
{
	(void)canvas_put(canvas, 0, 0, canvas->width, ROLE_WARNING,
		canvas->width < SMALLEST_WIDTH ? _("larger!") : _("Make the terminal larger"));
}

void screen_draw(const struct snapshot *snap, const struct ui_state *state,
	struct canvas *canvas)
{
	canvas_clear(canvas);
	if (canvas->width < SMALLEST_WIDTH || canvas->height < SMALLEST_HEIGHT) {
		draw_too_small(canvas);
		return;
	}
	switch (state->mode) {
	case UI_MODE_MAIN:
		screen_main(snap, state, canvas);
		break;
	case UI_MODE_HELP:
		screen_help(snap, state, canvas);
		break;
	}
}
