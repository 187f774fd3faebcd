/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "view/notes.h"

#include "base/i18n.h"
#include "base/strbuf.h"

static void add_nesting(const struct snapshot *snap, struct strbuf *text)
{
	switch (snap->nesting) {
	case SNAP_NESTING_FINE:
		break;
	case SNAP_NESTING_NO_DECAP:
		strbuf_puts(text, _("no hop of this path decapsulates, so nothing could be measured "
			"through them"));
		break;
	case SNAP_NESTING_FILTERED:
		if (snap->nesting_hop > 1) {
			strbuf_printf(text, _("no nested probe is answered from hop %u on, not even by a "
				"refusal, though the hops answer other probes: protocol 4 is filtered before it, "
				"or all of them swallow it"), snap->nesting_hop);
			break;
		}
		strbuf_puts(text, _("no nested probe is answered by any hop, not even by a refusal, though "
			"the hops answer other probes: protocol 4 is filtered near this host, as clouds do, "
			"or all of them swallow it"));
		break;
	case SNAP_NESTING_NAT:
		strbuf_printf(text, _("this host's address is private and the path is public from hop %u "
			"on: behind address translation no nested probe finds its way home"),
			snap->nesting_hop);
		break;
	}
}

/* Nothing, "it changed", and what became of it. */
static void add_change(const struct snap_change *change, struct strbuf *text)
{
	char at[32];

	if (change->count == 0) {
		return;
	}
	ns_format_utc(change->noticed_realtime, at, sizeof at);
	strbuf_printf(text, _("the path changed, as noticed at %s: hop %u is %s, it was %s; %u hops, "
		"it was %u"), at, change->hop, change->is == NULL ? _("silent") : change->is,
		change->was == NULL ? _("silent") : change->was, change->hop_count,
		change->old_hop_count);
	strbuf_puts(text, "; ");
	if (change->is_active) {
		strbuf_puts(text, _("nested probes keep to the old path (--follow takes the new one)"));
	} else if (change->is_followed) {
		strbuf_printf(text, _("the new path is probed, and counts from hop %u on begin there"),
			change->hop);
	} else {
		strbuf_puts(text, _("it is again as it was"));
	}
}

static void add_lengths(const struct snapshot *snap, struct strbuf *out, struct strbuf *back)
{
	char at[32];

	if (snap->out.before > 0) {
		ns_format_utc(snap->out.changed_realtime, at, sizeof at);
		strbuf_printf(out, _("the way out to hop %u has %u links since %s, it had %u"),
			snap->length_hop, snap->out.hops, at, snap->out.before);
	}
	if (snap->back.before > 0) {
		ns_format_utc(snap->back.changed_realtime, at, sizeof at);
		strbuf_printf(back, _("the way back from hop %u has %u links since %s, it had %u"),
			snap->length_hop, snap->back.hops, at, snap->back.before);
	}
}

static void add_faster(const struct snap_faster *faster, struct strbuf *text)
{
	if (faster->hop == 0) {
		return;
	}
	strbuf_printf(text, _("asked %.0f times a second, hop %u answered %.1f %% (%.1f a second), and "
		"%.1f %% before that: "), faster->rate, faster->hop, 100 * faster->answered,
		faster->answers_per_second, 100 * faster->answered_before);
	strbuf_puts(text, faster->is_limited ? _("it limits its answers") : faster->is_in_step ?
		_("it does not limit them at that rate") : _("that proves nothing"));
}

static void add_also(const struct snap_also *also, struct strbuf *text)
{
	if (also->rounds == 0) {
		return;
	}
	if (also->is_running) {
		strbuf_printf(text, _("all hops are asked from %s as well, in %u rounds so far"),
			also->address, also->rounds);
		return;
	}
	strbuf_printf(text, _("in %u rounds all hops were asked from %s as well: "), also->rounds,
		also->address);
	if (also->hops_heard == 0) {
		strbuf_puts(text, _("no answer to it came in by this interface"));
	} else if (also->has_difference) {
		strbuf_puts(text, _("its answers come home another way, as the findings say"));
	} else if (also->hops_compared == 0) {
		strbuf_puts(text, _("too few answers to compare"));
	} else {
		strbuf_printf(text, _("no difference, of times at most %.2f ms"), also->most_ms);
	}
}

void notes_tell(const struct snapshot *snap, notes_fn *fn, void *arg)
{
	enum { NESTING, CHANGE, OUT, BACK, FASTER, ALSO, TEXTS };
	struct strbuf text[TEXTS] = {{0}};

	for (size_t i = 0; i < snap->note_count; i++) {
		fn(arg, snap->notes[i]);
	}
	for (size_t i = 0; i < snap->remark_count; i++) {
		struct strbuf remark = {0};
		char at[32];

		ns_format_utc(snap->remarks[i].realtime, at, sizeof at);
		strbuf_printf(&remark, _("noted at %s: %s"), at, snap->remarks[i].text);
		fn(arg, remark.text);
		strbuf_finish(&remark);
	}
	add_nesting(snap, &text[NESTING]);
	add_change(&snap->change, &text[CHANGE]);
	add_lengths(snap, &text[OUT], &text[BACK]);
	add_faster(&snap->faster, &text[FASTER]);
	add_also(&snap->also, &text[ALSO]);
	for (size_t i = 0; i < TEXTS; i++) {
		if (text[i].len > 0) {
			fn(arg, text[i].text);
		}
		strbuf_finish(&text[i]);
	}
}
