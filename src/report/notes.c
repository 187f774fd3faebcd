/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "report/notes.h"

#include "base/i18n.h"
#include "base/strbuf.h"

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

static void tell(const struct strbuf *text, notes_fn *fn, void *arg)
{
	if (text->len > 0) {
		fn(arg, text->text);
	}
}

void notes_tell(const struct snapshot *snap, notes_fn *fn, void *arg)
{
	struct strbuf text = {0};

	for (size_t i = 0; i < snap->note_count; i++) {
		fn(arg, snap->notes[i]);
	}
	add_change(&snap->change, &text);
	tell(&text, fn, arg);
	strbuf_finish(&text);
}
