/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "snap/borders.h"

#include <stdlib.h>

#include "base/i18n.h"
#include "base/mem.h"
#include "base/strbuf.h"
#include "names/border.h"

enum { FACTS = 2 };

/* A new finding behind those as grave as it is. The pointer holds until the next one. */
static struct snap_finding *add_finding(struct snapshot *snap, const char *id,
	enum snap_severity severity, unsigned from_hop, unsigned hop)
{
	struct snap_finding *all = xcalloc(snap->finding_count + 2, sizeof *all), *finding;
	size_t at = 0;

	while (at < snap->finding_count && snap->findings[at].is_active &&
	       snap->findings[at].severity >= severity) {
		at++;
	}
	for (size_t i = 0; i < snap->finding_count; i++) {
		all[i < at ? i : i + 1] = snap->findings[i];
	}
	free(snap->findings);
	snap->findings = all;
	snap->finding_count++;
	finding = &all[at];
	*finding = (struct snap_finding){.id = id, .severity = severity, .is_active = true,
		.first_realtime = snap->start_realtime, .last_realtime = snap->now_realtime,
		.hops = xcalloc(2, sizeof *finding->hops), .facts = xcalloc(FACTS, sizeof *finding->facts)};
	if (from_hop > 0) {
		finding->hops[finding->hop_count++] = from_hop;
	}
	finding->hops[finding->hop_count++] = hop;
	return finding;
}

static void add_fact(struct snap_finding *finding, const char *name, double value)
{
	finding->facts[finding->fact_count++] = (struct snap_fact){name, value};
}

/* Machine words for relations stay as they are. */
static void say_border(const struct border *border, struct strbuf *text)
{
	static const char *const signs[BORDER_SIGN_COUNT] = {
		[BORDER_NAMES] = N_("the names change"),
		[BORDER_PARTY] = N_("the interface is named after its peer"),
		[BORDER_ROUTER] =
			N_("its address is named after the near router, so the router is another network's"),
		[BORDER_MATE] = N_("only the near end of the link has a name"),
		[BORDER_NUMBERS] = N_("the AS numbers change"),
	};
	struct strbuf far = {0};

	strbuf_puts(&far, border->far[0] == '\0' ? _("another network") : border->far);
	if (border->relation != RELATION_NONE) {
		strbuf_printf(&far, " (%s)", relation_name(border->relation));
	}
	strbuf_printf(text, _("link %u-%u leads from %s to %s: %s"), border->hop - 1, border->hop,
		border->near, strbuf_text(&far), _(signs[border->sign]));
	strbuf_finish(&far);
}

static void add_border(struct snapshot *snap, const struct border *border)
{
	const struct snap_hop *near = &snap->hops[border->hop - 2], *far = near + 1;
	struct snap_finding *finding = add_finding(snap, BORDER_FINDING, SNAP_INFO, border->hop - 1,
		border->hop);
	struct strbuf text = {0};

	say_border(border, &text);
	finding->text = strbuf_detach(&text);
	finding->confidence = border->percent / 100.0;
	if (near->as.number > 0) {
		add_fact(finding, "near_asn", near->as.number);
	}
	if (far->as.number > 0) {
		add_fact(finding, "far_asn", far->as.number);
	}
}

void borders_build(struct snapshot *snap)
{
	struct border_step *steps = xcalloc(snap->hop_count + 1, sizeof *steps);
	struct border *borders = xcalloc(snap->hop_count + 1, sizeof *borders);
	size_t count;

	for (size_t i = 0; i < snap->hop_count; i++) {
		const struct snap_hop *hop = &snap->hops[i];

		steps[i] = (struct border_step){&hop->hints, &hop->mate.hints, hop->as.number};
	}
	count = border_find(steps, snap->hop_count, borders, snap->hop_count);
	for (size_t i = 0; i < count; i++) {
		add_border(snap, &borders[i]);
	}
	free(borders);
	free(steps);
}
