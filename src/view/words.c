/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "view/words.h"

#include <inttypes.h>
#include <string.h>

#include "base/i18n.h"

const char *words_no_bounce(const struct snap_bounce *bounce)
{
	switch (bounce->state) {
	case SNAP_BOUNCE_DROPPED:
		return _("not tested: it drops packets from this host to itself");
	case SNAP_BOUNCE_NO_GATEWAY:
		return _("not tested: no gateway leads to the destination");
	case SNAP_BOUNCE_NO_LINK:
		return _("not tested: the link to it has no Ethernet addresses");
	case SNAP_BOUNCE_OFF:
	case SNAP_BOUNCE_TRIED:
	case SNAP_BOUNCE_HOME:
		break;
	}
	return NULL;
}

static void untested_by_walks(const struct snap_hop *hop, struct strbuf *buf)
{
	if (hop->address == NULL) {
		strbuf_puts(buf, _("not measured: silent"));
	} else if (hop->refused_by[0] != '\0') {
		strbuf_printf(buf, _("not measured: rejects IP-in-IP (ICMP %s)"),
			hop->refused_by);
	} else if (hop->is_skipped) {
		strbuf_puts(buf, _("not measured: skipped by the user"));
	} else if (hop->is_muted) {
		strbuf_puts(buf, _("not measured: only another link is being probed"));
	} else if (hop->is_passed_over) {
		strbuf_puts(buf, _("not measured: drops IP-in-IP silently"));
	} else {
		strbuf_puts(buf, _("not measured: no probe can turn back at this hop"));
	}
}

void words_untested(const struct snap_hop *hop, struct strbuf *buf)
{
	const char *no_bounce = words_no_bounce(&hop->bounce);

	untested_by_walks(hop, buf);
	if (no_bounce != NULL) {
		strbuf_printf(buf, "; %s", no_bounce);
	}
}

void words_bounce(const struct snap_bounce *bounce, struct strbuf *buf)
{
	const char *no_bounce = words_no_bounce(bounce);

	if (bounce->state == SNAP_BOUNCE_HOME) {
		strbuf_puts(buf, _("by packets from this host to itself, sent to the hop's link address"));
	} else if (no_bounce != NULL) {
		strbuf_puts(buf, no_bounce);
	}
	if (buf->len > 0 && bounce->redirects > 0) {
		strbuf_puts(buf, "; ");
		strbuf_printf(buf, ngettext("%u ICMP redirect, which is no fault",
			"%u ICMP redirects, which are no fault", bounce->redirects), bounce->redirects);
	}
}

static void tell_untested(unsigned first, unsigned last, const char *reason, words_fn *fn,
	void *arg)
{
	struct strbuf line = {0};

	if (first == last) {
		strbuf_printf(&line, _("hop %u: "), first);
	} else {
		strbuf_printf(&line, _("hops %u to %u: "), first, last);
	}
	strbuf_puts(&line, reason);
	fn(arg, strbuf_text(&line));
	strbuf_finish(&line);
}

void words_untested_hops(const struct snapshot *snap, words_fn *fn, void *arg)
{
	struct strbuf reason = {0}, next = {0};
	unsigned first = 0, last = 0;

	for (size_t i = 0; i <= snap->hop_count; i++) {
		bool is_untested = snap->has_nested && i < snap->hop_count && !snap->hops[i].through.is_on;

		strbuf_clear(&next);
		if (is_untested) {
			words_untested(&snap->hops[i], &next);
		}
		if (first > 0 && (!is_untested || strcmp(strbuf_text(&next), strbuf_text(&reason)) != 0)) {
			tell_untested(first, last, strbuf_text(&reason), fn, arg);
			first = 0;
		}
		if (is_untested) {
			first = first == 0 ? snap->hops[i].hop : first;
			last = snap->hops[i].hop;
			strbuf_clear(&reason);
			strbuf_puts(&reason, strbuf_text(&next));
		}
	}
	strbuf_finish(&reason);
	strbuf_finish(&next);
}

void words_bounced(const struct snapshot *snap, words_fn *fn, void *arg)
{
	if (snap->hop_count == 0 || snap->hops[0].bounce.state != SNAP_BOUNCE_HOME) {
		return;
	}
	fn(arg, _("Hop 1 was measured by packets from this host to itself, sent to the hop's link "
		"address."));
	if (!snap->has_nested) {
		fn(arg, _("Loss through the hops beyond it was not measured: no nested probes were sent."));
	}
}

static void add_odd(struct strbuf *line, uint64_t count, const char *what)
{
	if (count > 0) {
		strbuf_printf(line, "%s%" PRIu64 " %s", line->len > 0 ? ", " : "", count, what);
	}
}

void words_odd(const struct snap_stats *stats, struct strbuf *line)
{
	for (size_t i = 0; stats->is_on && i < stats->error_count; i++) {
		add_odd(line, stats->errors[i].count, stats->errors[i].cause);
	}
	add_odd(line, stats->late, _("late (after the timeout)"));
	add_odd(line, stats->duplicate, _("duplicate"));
	add_odd(line, stats->reordered, _("reordered"));
}

static void put_named(struct strbuf *buf, const char *address, unsigned hop)
{
	strbuf_puts(buf, address);
	if (hop > 0) {
		strbuf_putc(buf, ' ');
		strbuf_printf(buf, _("(hop %u)"), hop);
	}
}

void words_error(const struct snap_last_error *error, struct strbuf *buf)
{
	strbuf_printf(buf, _("last: %s from "), error->cause);
	put_named(buf, error->from, error->from_hop);
	strbuf_printf(buf, _(", %s probe, segment %u to "), error->walk, error->leg);
	put_named(buf, error->to, error->to_hop);
	if (error->mtu > 0) {
		strbuf_printf(buf, _(", MTU %u"), error->mtu);
	}
}

void words_interface(const struct snap_hop *hop, struct strbuf *buf)
{
	const struct snap_interface *interface = &hop->interface;

	if (interface->name != NULL) {
		strbuf_printf(buf, "  %s", interface->name);
	}
	if (interface->index > 0) {
		strbuf_printf(buf, _("  index %" PRIu32), interface->index);
	}
	if (interface->mtu > 0) {
		strbuf_printf(buf, _("  MTU %" PRIu32), interface->mtu);
	}
}

void words_node(const struct snap_hop *hop, struct strbuf *buf)
{
	if (hop->node.name != NULL) {
		strbuf_printf(buf, "  %s", hop->node.name);
	}
	if (hop->node.address != NULL) {
		strbuf_printf(buf, "  %s", hop->node.address);
	}
}

void words_label(const struct snap_mpls *mpls, struct strbuf *buf)
{
	strbuf_printf(buf, "[MPLS: Lbl %" PRIu32 " TC %u S %u TTL %u]", mpls->label, mpls->tc,
		mpls->s, mpls->ttl);
}

void words_sureness(const struct snap_hop *hop, struct strbuf *buf)
{
	strbuf_printf(buf, ngettext("%zu address", "%zu addresses", hop->address_count),
		hop->address_count);
	strbuf_printf(buf, _(", %u of %zu flows answered; "), hop->flows_answered, hop->flow_count);
	if (hop->flows_needed == 0) {
		strbuf_puts(buf, _("there may be more"));
	} else if (hop->flows_answered < hop->flows_needed) {
		strbuf_printf(buf, _("there may be more: %u flows needed to be sure"), hop->flows_needed);
	} else {
		strbuf_puts(buf, _("no more (confidence: 95 %)"));
	}
	if (hop->flow_sources > 1) {
		strbuf_printf(buf, _("; nested: %u sources"), hop->flow_sources);
	}
}

void words_flow_count(const struct snap_flow_count *count, const char *kind, struct strbuf *buf)
{
	if (count->resolved == 0) {
		return;
	}
	strbuf_printf(buf, _("  %s %" PRIu32 " of %" PRIu32), kind, count->received, count->resolved);
	if (count->best_ms >= 0.0) {
		strbuf_printf(buf, _(", best %.1f, avg %.1f ms"), count->best_ms, count->avg_ms);
	}
}

/* The first leg out, or back, that is longer than listed; 0: none, as far as known. */
static unsigned longer_leg(const struct snapshot *snap, bool is_out, bool *ret_is_proven)
{
	*ret_is_proven = true;
	for (size_t i = 0; i < snap->hop_count; i++) {
		const struct snap_hop *hop = &snap->hops[i];
		enum snap_tri strict = is_out ? hop->strict_out : hop->strict_back;

		if (hop->through.is_on && strict == SNAP_TRI_NO) {
			return hop->hop;
		}
		/* Home from an end that answers itself no leg is written. */
		*ret_is_proven = *ret_is_proven && (!hop->through.is_on || strict == SNAP_TRI_YES ||
			(!is_out && hop->last_leg != NULL));
	}
	return 0;
}

static void put_length(struct strbuf *buf, const char *way, const struct snap_length *length)
{
	strbuf_puts(buf, way);
	if (length->hops == 0) {
		strbuf_puts(buf, _("not known"));
	} else {
		strbuf_printf(buf, ngettext("%u link", "%u links", length->hops), length->hops);
	}
}

void words_lengths(const struct snapshot *snap, struct strbuf *buf)
{
	bool is_out_proven, is_back_proven;
	unsigned out = longer_leg(snap, true, &is_out_proven);
	unsigned back = longer_leg(snap, false, &is_back_proven);

	if (snap->out.hops == 0 && snap->back.hops == 0) {
		return;
	}
	strbuf_printf(buf, _("Path length to hop %u, by the lowest TTL that returned: "),
		snap->length_hop);
	put_length(buf, _("out "), &snap->out);
	put_length(buf, _(", back "), &snap->back);
	strbuf_putc(buf, '\n');
	if (out > 0) {
		strbuf_printf(buf, _("The forward path to hop %u has unlisted routers\n"), out);
	}
	if (back > 0) {
		strbuf_printf(buf, _("The return path from hop %u has unlisted routers\n"),
			back);
	}
	if (out == 0 && back == 0 && is_out_proven && is_back_proven) {
		strbuf_printf(buf, "%s\n", _("No unlisted routers out or back: verified with exact-TTL "
			"probes"));
	}
}

void words_outage(const struct snap_outage *outage, struct strbuf *buf)
{
	char begin[32];

	ns_format_utc(outage->begin_realtime, begin, sizeof begin);
	strbuf_printf(buf, "%s  ", begin);
	strbuf_printf(buf, outage->is_over ? _("%.1f s") : _("%.1f s so far"),
		ns_to_sec(outage->lasted));
	if (outage->last_hop > 0) {
		strbuf_printf(buf, _(", replies up to hop %u"), outage->last_hop);
	} else {
		strbuf_puts(buf, _(", no hop replied"));
	}
}

void words_shorter_outages(const struct snap_end *end, struct strbuf *buf)
{
	strbuf_printf(buf, ngettext("and %" PRIu64 " shorter one", "and %" PRIu64 " shorter ones",
		plural_of(end->forgotten)), end->forgotten);
}

bool words_direction_is_open(const struct snapshot *snap, const struct snap_finding *finding)
{
	if (strcmp(finding->id, "link-loss") != 0 || finding->hop_count == 0 || snap->walk == NULL ||
	    strcmp(snap->walk, "retrace") != 0) {
		return false;
	}
	for (size_t i = 0; i < snap->link_count; i++) {
		if (snap->links[i].link == finding->hops[finding->hop_count - 1]) {
			return snap->links[i].direction != NULL &&
				strcmp(snap->links[i].direction, "unknown") == 0;
		}
	}
	return false;
}

const char *words_sign(enum snap_severity severity)
{
	static const char *const signs[] = {
		[SNAP_INFO] = "i", [SNAP_WARNING] = "w", [SNAP_ALARM] = "!"};

	return signs[severity];
}

void words_facts(const struct snap_finding *finding, struct strbuf *buf)
{
	for (size_t i = 0; i < finding->fact_count; i++) {
		strbuf_printf(buf, "%s%s %.4g", i > 0 ? ", " : "", finding->facts[i].name,
			finding->facts[i].value);
	}
}
