/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "view/words.h"

#include <inttypes.h>
#include <string.h>

#include "base/i18n.h"

void words_untested(const struct snap_hop *hop, struct strbuf *buf)
{
	if (hop->address == NULL) {
		strbuf_puts(buf, _("not tested: silent"));
	} else if (hop->refused_by[0] != '\0') {
		strbuf_printf(buf, _("not tested: does not decapsulate (it answered ICMP %s)"),
			hop->refused_by);
	} else if (hop->is_skipped) {
		strbuf_puts(buf, _("not tested: it was left out by hand"));
	} else if (hop->is_muted) {
		strbuf_puts(buf, _("not tested: one other link is looked at"));
	} else if (hop->is_passed_over) {
		strbuf_puts(buf, _("not tested: does not decapsulate, and does not say so"));
	} else {
		strbuf_puts(buf, _("not tested: no probe can turn round here"));
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
	add_odd(line, stats->late, _("late (after the deadline)"));
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
	strbuf_printf(buf, _("last: %s, said by "), error->cause);
	put_named(buf, error->from, error->from_hop);
	strbuf_printf(buf, _(", %s probe, leg %u to "), error->walk, error->leg);
	put_named(buf, error->to, error->to_hop);
	if (error->mtu > 0) {
		strbuf_printf(buf, _(", MTU %u"), error->mtu);
	}
}

void words_interface(const struct snap_interface *interface, struct strbuf *buf)
{
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
		strbuf_printf(buf, _("there may be more: %u flows would tell"), hop->flows_needed);
	} else {
		strbuf_puts(buf, _("there are no more, at 95 %"));
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
		*ret_is_proven = *ret_is_proven && (!hop->through.is_on || strict == SNAP_TRI_YES);
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
	strbuf_printf(buf, _("Lengths to hop %u, by the least TTL that came home: "),
		snap->length_hop);
	put_length(buf, _("out "), &snap->out);
	put_length(buf, _(", back "), &snap->back);
	strbuf_putc(buf, '\n');
	if (out > 0) {
		strbuf_printf(buf, _("The way out to hop %u has more routers than are listed\n"), out);
	}
	if (back > 0) {
		strbuf_printf(buf, _("The way back from hop %u has more routers than are listed\n"),
			back);
	}
	if (out == 0 && back == 0 && is_out_proven && is_back_proven) {
		strbuf_printf(buf, "%s\n", _("No leg out or back is longer than listed: proven by "
			"probes with no TTL to spare"));
	}
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
