/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "view/notes.h"

#include "base/i18n.h"
#include "base/strbuf.h"
#include "view/words.h"

static bool is_bounced(const struct snapshot *snap)
{
	return snap->hop_count > 0 && snap->hops[0].bounce.state == SNAP_BOUNCE_HOME;
}

static void add_nesting(const struct snapshot *snap, struct strbuf *text)
{
	switch (snap->nesting) {
	case SNAP_NESTING_FINE:
		break;
	case SNAP_NESTING_NO_DECAP:
		strbuf_puts(text, is_bounced(snap) ?
			_("nothing is measured through hops beyond the first: none decapsulates") :
			_("no hop of this path decapsulates, so nothing could be measured through the hops"));
		break;
	case SNAP_NESTING_FILTERED:
		if (snap->nesting_hop > 1) {
			strbuf_printf(text, _("no hop from %u on replies to nested probes, not even with an "
				"ICMP error, though the hops answer other probes: IP protocol 4 is filtered before "
				"it, or all of them drop it"), snap->nesting_hop);
			break;
		}
		strbuf_puts(text, _("no hop replies to nested probes, not even with an ICMP error, though "
			"the hops answer other probes: IP protocol 4 is filtered near this host (clouds do "
			"that), or every hop drops it"));
		break;
	case SNAP_NESTING_NAT:
		strbuf_printf(text, _("this host's address is private and the path is public from hop %u "
			"on: nested probes cannot return through NAT"),
			snap->nesting_hop);
		break;
	}
}

static void add_bounce(const struct snapshot *snap, struct strbuf *text)
{
	const char *reason = snap->hop_count == 0 ? NULL : words_no_bounce(&snap->hops[0].bounce);

	if (reason != NULL) {
		strbuf_printf(text, _("hop %u: "), 1u);
		strbuf_puts(text, reason);
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
	strbuf_printf(text, _("route change at %s: hop %u is %s, previously %s; %u hops, previously "
		"%u"), at, change->hop, change->is == NULL ? _("silent") : change->is,
		change->was == NULL ? _("silent") : change->was, change->hop_count,
		change->old_hop_count);
	strbuf_puts(text, "; ");
	if (change->is_active) {
		strbuf_puts(text, _("nested probes stay on the old path (--follow switches to the new "
			"one)"));
	} else if (change->is_followed) {
		strbuf_printf(text, _("now probing the new path; counters reset from hop %u on"),
			change->hop);
	} else {
		strbuf_puts(text, _("back to the old route"));
	}
}

static void add_lengths(const struct snapshot *snap, struct strbuf *out, struct strbuf *back)
{
	char at[32];

	if (snap->out.before > 0) {
		ns_format_utc(snap->out.changed_realtime, at, sizeof at);
		strbuf_printf(out, _("the forward path to hop %u has %u links since %s, previously %u"),
			snap->length_hop, snap->out.hops, at, snap->out.before);
	}
	if (snap->back.before > 0) {
		ns_format_utc(snap->back.changed_realtime, at, sizeof at);
		strbuf_printf(back, _("the return path from hop %u has %u links since %s, previously %u"),
			snap->length_hop, snap->back.hops, at, snap->back.before);
	}
}

static void add_faster(const struct snap_faster *faster, struct strbuf *text)
{
	if (faster->hop == 0) {
		return;
	}
	strbuf_printf(text, _("hop %u at %.0f probes per second: %.1f %% answered (%.1f per second), "
		"%.1f %% before: "), faster->hop, faster->rate, 100 * faster->answered,
		faster->answers_per_second, 100 * faster->answered_before);
	strbuf_puts(text, faster->is_limited ? _("it rate-limits its replies") : faster->is_in_step ?
		_("no rate limit at that rate") : _("inconclusive"));
}

static void add_also(const struct snap_also *also, struct strbuf *text)
{
	if (also->rounds == 0) {
		return;
	}
	if (also->is_running) {
		strbuf_printf(text, _("also probing all hops from %s, %u rounds so far"),
			also->address, also->rounds);
		return;
	}
	strbuf_printf(text, _("%u rounds of probes from %s as well: "), also->rounds,
		also->address);
	if (also->hops_heard == 0) {
		strbuf_puts(text, _("no reply arrived on this interface"));
	} else if (also->has_difference) {
		strbuf_puts(text, _("its replies return another way, see the findings"));
	} else if (also->hops_compared == 0) {
		strbuf_puts(text, _("too few replies to compare"));
	} else {
		strbuf_printf(text, _("no difference, at most %.2f ms"), also->most_ms);
	}
}

const char *notes_undecided(const struct snapshot *snap)
{
	return snap->end.is_undecided ? _("the destination leaves probes unanswered: more rounds are "
		"needed to tell loss from a rate limit") : NULL;
}

static void tell(struct strbuf *text, notes_fn *fn, void *arg)
{
	if (text->len > 0) {
		fn(arg, text->text);
	}
	strbuf_finish(text);
}

void notes_of_tests(const struct snapshot *snap, notes_fn *fn, void *arg)
{
	struct strbuf faster = {0}, also = {0};

	add_faster(&snap->faster, &faster);
	add_also(&snap->also, &also);
	tell(&faster, fn, arg);
	tell(&also, fn, arg);
}

void notes_tell(const struct snapshot *snap, notes_fn *fn, void *arg)
{
	enum { NESTING, BOUNCE, CHANGE, OUT, BACK, TEXTS };
	struct strbuf text[TEXTS] = {{0}};

	for (size_t i = 0; i < snap->note_count; i++) {
		fn(arg, snap->notes[i]);
	}
	for (size_t i = 0; i < snap->remark_count; i++) {
		struct strbuf remark = {0};
		char at[32];

		ns_format_utc(snap->remarks[i].realtime, at, sizeof at);
		strbuf_printf(&remark, _("note at %s: %s"), at, snap->remarks[i].text);
		fn(arg, remark.text);
		strbuf_finish(&remark);
	}
	if (notes_undecided(snap) != NULL) {
		fn(arg, notes_undecided(snap));
	}
	add_nesting(snap, &text[NESTING]);
	add_bounce(snap, &text[BOUNCE]);
	add_change(&snap->change, &text[CHANGE]);
	add_lengths(snap, &text[OUT], &text[BACK]);
	for (size_t i = 0; i < TEXTS; i++) {
		tell(&text[i], fn, arg);
	}
	notes_of_tests(snap, fn, arg);
}
