/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "view/view.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/i18n.h"
#include "base/mem.h"
#include "view/notes.h"
#include "view/words.h"

/* What the numbers mean, and what happened when: findings, notes, and the log of both. */
enum role view_severity_role(enum snap_severity severity)
{
	static const enum role roles[] = {
		[SNAP_INFO] = ROLE_NOTICE, [SNAP_WARNING] = ROLE_WARNING, [SNAP_ALARM] = ROLE_ALARM};

	return roles[severity];
}

/* Of the sentence beside the sign: what is only to be known is not shouted. */
enum role view_text_role(enum snap_severity severity)
{
	static const enum role roles[] = {
		[SNAP_INFO] = ROLE_NORMAL, [SNAP_WARNING] = ROLE_WARNING, [SNAP_ALARM] = ROLE_ALARM_TEXT};

	return roles[severity];
}

struct adder {
	const struct view_in *in;
	struct lines *lines;
	unsigned item;
	bool is_wrapped;
};

static void add_item(struct adder *adder, enum snap_severity severity, const char *text)
{
	enum role role = view_text_role(severity);

	lines_begin(adder->lines, ++adder->item);
	lines_put(adder->lines, view_severity_role(severity), words_sign(severity));
	lines_put(adder->lines, ROLE_NORMAL, " ");
	if (adder->is_wrapped) {
		lines_wrap(adder->lines, role, adder->in->width, adder->item, text);
	} else {
		lines_put(adder->lines, role, text);
	}
}

/* The key may be another one, or none. */
static void add_walks_key(const struct keymap_binds *binds, struct strbuf *text)
{
	struct strbuf key = {0};

	keymap_first_of(binds, UI_ACTION_WALKS, &key);
	strbuf_printf(text, _(": %s adds probes to find out"),
		key.len > 0 ? key.text :
		"--walk all");
	strbuf_finish(&key);
}

static void add_finding(struct adder *adder, const struct snap_finding *finding)
{
	struct strbuf text = {0};

	strbuf_puts(&text, finding->text);
	if (words_direction_is_open(adder->in->snap, finding)) {
		add_walks_key(adder->in->ui->binds, &text);
	}
	add_item(adder, finding->severity, strbuf_text(&text));
	strbuf_finish(&text);
}

static void add_note(void *arg, const char *sentence)
{
	add_item(arg, SNAP_INFO, sentence);
}

static void add_evidence(struct adder *adder, const struct snap_finding *finding)
{
	struct strbuf text = {0};
	char first[32], last[32];

	ns_format_utc(finding->first_realtime, first, sizeof first);
	ns_format_utc(finding->last_realtime, last, sizeof last);
	lines_begin(adder->lines, adder->item);
	lines_put(adder->lines, ROLE_NORMAL, "    ");
	strbuf_printf(&text, _("%s, confidence %.0f %%, since %s, last seen %s"), finding->id,
		finding->confidence * 100.0, first, last);
	lines_wrap(adder->lines, ROLE_DIM, adder->in->width, adder->item, text.text);
	strbuf_finish(&text);
	words_facts(finding, &text);
	if (finding->fact_count > 0) {
		lines_begin(adder->lines, adder->item);
		lines_put(adder->lines, ROLE_NORMAL, "    ");
		lines_wrap(adder->lines, ROLE_NORMAL, adder->in->width, adder->item, text.text);
	}
	strbuf_finish(&text);
}

void view_add_findings(const struct view_in *in, bool has_evidence, struct lines *lines)
{
	struct adder adder = {.in = in, .lines = lines, .is_wrapped = has_evidence};

	for (size_t i = 0; i < in->snap->finding_count; i++) {
		const struct snap_finding *finding = &in->snap->findings[i];

		if (finding->is_active) {
			add_finding(&adder, finding);
			if (has_evidence) {
				add_evidence(&adder, finding);
			}
		}
	}
	notes_tell(in->snap, add_note, &adder);
}

static void count_note(void *arg, const char *sentence)
{
	size_t *count = arg;

	(void)sentence;
	++*count;
}

size_t view_finding_count(const struct snapshot *snap)
{
	size_t count = 0;

	for (size_t i = 0; i < snap->finding_count; i++) {
		count += snap->findings[i].is_active;
	}
	notes_tell(snap, count_note, &count);
	return count;
}

unsigned view_finding_hop(const struct snapshot *snap, unsigned item)
{
	for (size_t i = 0; i < snap->finding_count && item > 0; i++) {
		const struct snap_finding *finding = &snap->findings[i];

		item -= finding->is_active;
		if (item == 0) {
			unsigned hop = finding->hop_count == 0 ? 0 :
				finding->hops[finding->hop_count == 2 ? 1 : 0];

			return hop > snap->hop_count ? 0 : hop;
		}
	}
	return 0;
}

static bool has_active(const struct snapshot *snap)
{
	for (size_t i = 0; i < snap->finding_count; i++) {
		if (snap->findings[i].is_active) {
			return true;
		}
	}
	return false;
}

static void add_count(struct lines *lines, const char *what, uint64_t count, const char *why)
{
	if (count > 0) {
		lines_begin(lines, 0);
		lines_printf(lines, ROLE_NORMAL, "%10" PRIu64 "  %s", count, what);
		if (why != NULL) {
			lines_printf(lines, ROLE_NORMAL, " (%s)", why);
		}
	}
}

void view_findings_lines(const struct view_in *in, struct lines *lines)
{
	const struct snapshot *snap = in->snap;

	if (!has_active(snap)) {
		lines_begin(lines, 0);
		lines_put(lines, ROLE_NORMAL, _("No findings: nothing was diagnosed."));
		lines_begin(lines, 0);
	}
	view_add_findings(in, true, lines);
	if (snap->rx_dropped + snap->send_errors + snap->void_rounds + snap->foreign +
	    snap->forged > 0) {
		lines_begin(lines, 0);
		lines_head(lines, _("This host"));
	}
	add_count(lines, _("packets dropped by this host before they were counted"), snap->rx_dropped,
		NULL);
	add_count(lines, _("probes this host could not send"), snap->send_errors,
		snap->send_error);
	add_count(lines, _("rounds excluded because this host dropped packets"), snap->void_rounds,
		NULL);
	add_count(lines, _("unrelated packets ignored"), snap->foreign, NULL);
	add_count(lines, _("spoofed replies ignored"), snap->forged, NULL);
}

struct event {
	ns_t realtime;
	size_t order;            /* of events of one time */
	enum role role;
	char *text;              /* owned */
};

struct log {
	struct event *event;
	size_t count, cap;
};

struct note_log {
	struct lines *lines;
	size_t width;
};

static void log_add(struct log *log, ns_t realtime, enum role role, struct strbuf *text)
{
	log->event = xgrow(log->event, &log->cap, log->count, sizeof *log->event);
	log->event[log->count] = (struct event){realtime, log->count, role, strbuf_detach(text)};
	log->count++;
}

/* The newest first. */
static int compare(const void *left, const void *right)
{
	const struct event *a = left, *b = right;

	if (a->realtime != b->realtime) {
		return a->realtime < b->realtime ? 1 : -1;
	}
	return a->order < b->order ? 1 : -1;
}

static void log_findings(const struct snapshot *snap, struct log *log)
{
	for (size_t i = 0; i < snap->finding_count; i++) {
		const struct snap_finding *finding = &snap->findings[i];
		struct strbuf text = {0};

		strbuf_printf(&text, "%s %s", words_sign(finding->severity), finding->text);
		log_add(log, finding->first_realtime, view_text_role(finding->severity), &text);
		if (!finding->is_active) {
			strbuf_printf(&text, _("  ended: %s"), finding->text);
			log_add(log, finding->last_realtime, ROLE_GOOD, &text);
		}
	}
}

static void log_length(const struct snap_length *length, const char *format, unsigned hop,
	struct log *log)
{
	struct strbuf text = {0};

	if (length->before > 0) {
		strbuf_puts(&text, format);
		strbuf_printf(&text, _(" hop %u: %u links, previously %u"), hop, length->hops,
			length->before);
		log_add(log, length->changed_realtime, ROLE_WARNING, &text);
	}
}

static void log_run(const struct snapshot *snap, struct log *log)
{
	struct strbuf text = {0};

	strbuf_printf(&text, _("started: %s"), snap->command == NULL ? "" : snap->command);
	log_add(log, snap->start_realtime, ROLE_DIM, &text);
	if (snap->has_discovery && !snap->is_explicit) {
		strbuf_printf(&text, ngettext("path discovered, %zu hop", "path discovered, %zu hops",
			snap->hop_count), snap->hop_count);
		strbuf_putc(&text, ' ');
		strbuf_printf(&text, _("in %.1f ms"), ns_to_ms(snap->discovery));
		log_add(log, snap->start_realtime + snap->discovery, ROLE_DIM, &text);
	}
	if (snap->change.count > 0) {
		strbuf_printf(&text, _("route change at hop %u: %s, previously %s"),
			snap->change.hop, snap->change.is == NULL ? _("silent") : snap->change.is,
			snap->change.was == NULL ? _("silent") : snap->change.was);
		log_add(log, snap->change.noticed_realtime, ROLE_WARNING, &text);
	}
	log_length(&snap->out, _("forward path to"), snap->length_hop, log);
	log_length(&snap->back, _("return path from"), snap->length_hop, log);
	for (size_t i = 0; i < snap->remark_count; i++) {
		strbuf_printf(&text, _("note: %s"), snap->remarks[i].text);
		log_add(log, snap->remarks[i].realtime, ROLE_TITLE, &text);
	}
}

static void log_messages(const struct ui_state *ui, struct log *log)
{
	size_t first = ui->message_count > UI_MESSAGES ? ui->message_count - UI_MESSAGES : 0;

	for (size_t i = first; i < ui->message_count; i++) {
		const struct ui_message *message = &ui->messages[i % UI_MESSAGES];
		struct strbuf text = {0};

		strbuf_puts(&text, message->text);
		log_add(log, message->realtime, message->is_bad_news ? ROLE_WARNING : ROLE_NOTICE, &text);
	}
}

static void log_note(void *arg, const char *note)
{
	struct lines *lines = ((struct note_log *)arg)->lines;

	lines_begin(lines, 0);
	lines_put(lines, ROLE_DIM, "- ");
	lines_wrap(lines, ROLE_NORMAL, ((struct note_log *)arg)->width, 0, note);
}

void view_log_lines(const struct view_in *in, struct lines *lines)
{
	struct log log = {0};

	log_run(in->snap, &log);
	log_findings(in->snap, &log);
	log_messages(in->ui, &log);
	qsort(log.event, log.count, sizeof *log.event, compare);
	for (size_t i = 0; i < log.count; i++) {
		char at[32];

		ns_format_utc(log.event[i].realtime, at, sizeof at);
		lines_begin(lines, 0);
		lines_printf(lines, ROLE_DIM, "%s  ", in->width < 60 ? at + 11 : at);
		lines_wrap(lines, log.event[i].role, in->width, 0, log.event[i].text);
		free(log.event[i].text);
	}
	free(log.event);
	notes_of_tests(in->snap, log_note, &(struct note_log){lines, in->width});
}
