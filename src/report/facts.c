/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "report/facts.h"

#include <inttypes.h>
#include <string.h>

#include "base/i18n.h"
#include "base/strbuf.h"
#include "report/compat_mtr.h"
#include "view/notes.h"

struct teller {
	facts_fn *fn;
	void *arg;
};

struct caveats {
	caveats_fn *fn;
	void *arg;
};

static void put_fact(const struct teller *teller, const char *label, const char *text)
{
	teller->fn(teller->arg, label, text);
}

static void fact_path(const struct snapshot *snap, const struct teller *teller)
{
	struct strbuf text = {0};

	strbuf_puts(&text, snap->is_explicit ? _("given on the command line") : _("discovered"));
	if (snap->has_discovery && !snap->is_explicit) {
		strbuf_puts(&text, " ");
		strbuf_printf(&text, _("in %.1f ms"), ns_to_ms(snap->discovery));
	}
	strbuf_puts(&text, ", ");
	strbuf_printf(&text, ngettext("%zu hop", "%zu hops", snap->hop_count), snap->hop_count);
	put_fact(teller, _("Path"), strbuf_text(&text));
	strbuf_finish(&text);
}

/* As --path takes it, but for those that are silent. */
static void fact_hops(const struct snapshot *snap, const struct teller *teller)
{
	struct strbuf text = {0};

	for (size_t i = 0; i < snap->hop_count; i++) {
		const struct snap_hop *hop = &snap->hops[i];

		strbuf_printf(&text, "%s%s", i > 0 ? "," : "", hop->address == NULL ? "???" :
			hop->address);
		if (hop->carrier != NULL && strcmp(hop->carrier, "ipip") != 0) {
			strbuf_printf(&text, "/%s", hop->carrier);
		}
	}
	if (text.len > 0) {
		put_fact(teller, _("Hops"), text.text);
	}
	strbuf_finish(&text);
}

static void fact_probes(const struct snapshot *snap, const struct teller *teller)
{
	struct strbuf text = {0};

	strbuf_printf(&text, ngettext("%" PRIu64 " round", "%" PRIu64 " rounds",
		plural_of(snap->rounds)), snap->rounds);
	strbuf_puts(&text, ", ");
	strbuf_printf(&text, _("one every %g s"), ns_to_sec(snap->interval));
	if (snap->has_nested && snap->walk != NULL) {
		strbuf_puts(&text, ", ");
		strbuf_printf(&text, _("--walk %s, --inner-source %s"), snap->walk,
			snap->inner_source == NULL ? "-" : snap->inner_source);
	}
	put_fact(teller, _("Probes"), strbuf_text(&text));
	strbuf_clear(&text);
	if (snap->mtu > 0) {
		strbuf_printf(&text, _("%u bytes (MTU %u allows %u hops)"), snap->probe_bytes,
			snap->mtu, snap->depth_limit);
	} else {
		strbuf_printf(&text, _("%u bytes"), snap->probe_bytes);
	}
	if (snap->syn_bytes > 0 && snap->syn_bytes != snap->probe_bytes) {
		strbuf_printf(&text, _("; SYNs are %u bytes"), snap->syn_bytes);
	}
	if (snap->asked_bytes > snap->probe_bytes) {
		strbuf_printf(&text, _("; %u bytes requested, but a SYN carries no data"),
			snap->asked_bytes);
	} else if (snap->asked_bytes > 0 && snap->asked_bytes < snap->padded_bytes) {
		strbuf_printf(&text, _("; %u bytes requested, but the longest probe needs %u"),
			snap->asked_bytes, snap->padded_bytes);
	}
	put_fact(teller, _("Probe size"), strbuf_text(&text));
	strbuf_finish(&text);
}

void facts_tell(const struct snapshot *snap, facts_fn *fn, void *arg)
{
	const struct teller teller = {fn, arg};
	struct strbuf text = {0};
	char start[32], end[32];

	if (snap->command != NULL) {
		put_fact(&teller, _("Command"), snap->command);
	}
	strbuf_printf(&text, "%s (%s)", snap->local_host == NULL ? "" : snap->local_host,
		snap->source == NULL ? "?" : snap->source);
	put_fact(&teller, _("Source"), strbuf_text(&text));
	strbuf_clear(&text);
	strbuf_puts(&text, compat_destination(snap));
	if (snap->destination_name != NULL && snap->destination != NULL) {
		strbuf_printf(&text, " (%s)", snap->destination);
	}
	put_fact(&teller, _("Destination"), strbuf_text(&text));
	strbuf_clear(&text);
	ns_format_utc(snap->start_realtime, start, sizeof start);
	ns_format_utc(snap->now_realtime, end, sizeof end);
	strbuf_printf(&text, _("%s to %s"), start, end);
	put_fact(&teller, _("Time"), strbuf_text(&text));
	fact_path(snap, &teller);
	fact_hops(snap, &teller);
	fact_probes(snap, &teller);
	strbuf_finish(&text);
}

bool facts_has_several_walks(const struct snapshot *snap)
{
	for (size_t i = 0; i < snap->hop_count; i++) {
		struct snap_walk walks[SNAP_WALKS];

		snap_hop_walks(&snap->hops[i], walks);
		for (size_t k = 0; k < SNAP_WALKS; k++) {
			if (walks[k].stats->is_on && snap->walk != NULL &&
			    strcmp(walks[k].name, snap->walk) != 0) {
				return true;
			}
		}
	}
	return false;
}

bool facts_has_measured_link(const struct snapshot *snap)
{
	for (size_t i = 0; i < snap->link_count && snap_has_through(snap); i++) {
		if (snap->links[i].loss >= 0.0) {
			return true;
		}
	}
	return false;
}

/* `why` NULL: it needs no reason, or none is known. */
static void add_caveat(const struct caveats *to, const char *text, uint64_t count, const char *why)
{
	struct strbuf line = {0};

	if (count > 0) {
		strbuf_printf(&line, "%s: %" PRIu64, text, count);
		if (why != NULL) {
			strbuf_printf(&line, " (%s)", why);
		}
		to->fn(to->arg, strbuf_text(&line));
	}
	strbuf_finish(&line);
}

/* Walks that use a link one way only. */
static bool has_other_walks(const struct snapshot *snap)
{
	return snap->walk != NULL && strcmp(snap->walk, "all") == 0;
}

static bool has_link_loss(const struct snapshot *snap)
{
	for (size_t i = 0; i < snap->finding_count; i++) {
		if (snap->findings[i].is_active && strcmp(snap->findings[i].id, "link-loss") == 0) {
			return true;
		}
	}
	return false;
}

void caveats_tell(const struct snapshot *snap, caveats_fn *fn, void *arg)
{
	const struct caveats to = {fn, arg};

	notes_tell(snap, fn, arg);
	add_caveat(&to, _("packets dropped by this host before they were counted"),
		snap->rx_dropped, NULL);
	add_caveat(&to, _("probes this host could not send"), snap->send_errors, snap->send_error);
	add_caveat(&to, _("rounds excluded because this host dropped packets"),
		snap->void_rounds, NULL);
	add_caveat(&to, _("unrelated packets ignored"),
		snap->foreign, NULL);
	add_caveat(&to, _("spoofed replies ignored"),
		snap->forged, NULL);
	if (snap->has_to && snap->hop_count > 0) {
		fn(arg, _("Replies of hops do not measure the path: routers rate-limit them, so loss there "
			"alone proves nothing."));
	}
	if (snap->hop_count > 0) {
		/* xgettext:no-c-format */
		fn(arg, _("The 95 % intervals hold however often one looks. They assume that loss is rare: "
			"for a hop that answers few probes they are wide."));
	}
	if (has_link_loss(snap)) {
		fn(arg, _("The table of links counts from the start, a finding from when its trouble "
			"began: their intervals differ."));
	}
	if (snap->has_through && snap->nesting == SNAP_NESTING_FINE && snap->hop_count > 0 &&
	    !snap_has_through(snap)) {
		fn(arg, _("No hop of this path decapsulates, so nothing could be measured through the "
			"hops."));
	}
	if (facts_has_measured_link(snap) && !has_other_walks(snap)) {
		fn(arg, _("Direction of link loss (forward or return) was not measured."));
	}
}
