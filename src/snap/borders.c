/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "snap/borders.h"

#include <stdlib.h>

#include "base/mem.h"
#include "base/strbuf.h"
#include "names/border.h"

static void say(const struct border *border, struct strbuf *text)
{
	static const char *const signs[BORDER_SIGN_COUNT] = {
		[BORDER_NAMES] = "the names change",
		[BORDER_PARTY] = "the port is named after its far side",
		[BORDER_ROUTER] = "its address bears the near router's name, so the router is another's",
		[BORDER_MATE] = "only the near end of the link has a name",
		[BORDER_NUMBERS] = "the AS numbers change",
	};
	const char *relation = relation_name(border->relation);

	strbuf_printf(text, "link %u-%u leads from %s to %s", border->hop - 1, border->hop,
		border->near, border->far[0] == '\0' ? "another network" : border->far);
	if (relation[0] != '\0') {
		strbuf_printf(text, ", its %s", relation);
	}
	strbuf_printf(text, ": %s", signs[border->sign]);
}

static void fill(const struct snapshot *snap, const struct border *border,
	struct snap_finding *finding)
{
	const struct snap_hop *near = &snap->hops[border->hop - 2], *far = near + 1;
	struct strbuf text = {0};

	say(border, &text);
	*finding = (struct snap_finding){.id = "boundary", .severity = SNAP_INFO,
		.confidence = border->percent / 100.0, .is_active = true,
		.first_realtime = snap->start_realtime, .last_realtime = snap->now_realtime,
		.text = strbuf_detach(&text)};
	finding->hops = xcalloc(2, sizeof *finding->hops);
	finding->hops[0] = border->hop - 1;
	finding->hops[1] = border->hop;
	finding->hop_count = 2;
	finding->facts = xcalloc(2, sizeof *finding->facts);
	if (near->asn > 0) {
		finding->facts[finding->fact_count++] = (struct snap_fact){"near_asn", near->asn};
	}
	if (far->asn > 0) {
		finding->facts[finding->fact_count++] = (struct snap_fact){"far_asn", far->asn};
	}
}

/* The active ones come first, and of these what is worse. */
static size_t place_of(const struct snapshot *snap)
{
	size_t at = 0;

	while (at < snap->finding_count && snap->findings[at].is_active) {
		at++;
	}
	return at;
}

static void insert(struct snapshot *snap, const struct border *borders, size_t count)
{
	struct snap_finding *old = snap->findings;
	size_t at = place_of(snap), old_count = snap->finding_count;

	snap->findings = xcalloc(old_count + count + 1, sizeof *snap->findings);
	snap->finding_count = 0;
	for (size_t i = 0; i < at; i++) {
		snap->findings[snap->finding_count++] = old[i];
	}
	for (size_t i = 0; i < count; i++) {
		fill(snap, &borders[i], &snap->findings[snap->finding_count++]);
	}
	for (size_t i = at; i < old_count; i++) {
		snap->findings[snap->finding_count++] = old[i];
	}
	free(old);
}

void borders_build(struct snapshot *snap)
{
	struct border_step *steps = xcalloc(snap->hop_count + 1, sizeof *steps);
	struct border *borders = xcalloc(snap->hop_count + 1, sizeof *borders);
	size_t count;

	for (size_t i = 0; i < snap->hop_count; i++) {
		const struct snap_hop *hop = &snap->hops[i];

		steps[i] = (struct border_step){&hop->hints, &hop->mate.hints, hop->asn};
	}
	count = border_find(steps, snap->hop_count, borders, snap->hop_count);
	if (count > 0) {
		insert(snap, borders, count);
	}
	free(borders);
	free(steps);
}
