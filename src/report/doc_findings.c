/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "report/doc_findings.h"

#include "base/i18n.h"
#include "view/words.h"

static enum role role_of(const struct snap_finding *finding)
{
	return !finding->is_active || finding->severity == SNAP_INFO ? ROLE_NORMAL :
		finding->severity == SNAP_WARNING ? ROLE_WARNING : ROLE_ALARM;
}

static void put_finding(struct doc *doc, const struct snap_finding *finding)
{
	struct strbuf text = {0};
	char first[32], last[32];

	ns_format_utc(finding->first_realtime, first, sizeof first);
	ns_format_utc(finding->last_realtime, last, sizeof last);
	strbuf_printf(&text, "%s, ", finding->text);
	strbuf_printf(&text, finding->is_active ? _("since %s") : _("%s to %s"), first, last);
	doc->ops->item(doc, role_of(finding), words_sign(finding->severity), strbuf_text(&text));
	strbuf_finish(&text);
}

void doc_findings(struct doc *doc, const struct snapshot *snap)
{
	if (snap->findings == NULL) {
		return;
	}
	doc->ops->heading(doc, snap->finding_count > 0 ?
		_("Findings (! alarm, w warning, i info)") : _("Findings: none"));
	for (int is_over = 0; is_over < 2; is_over++) {
		size_t count = 0;

		for (size_t i = 0; i < snap->finding_count; i++) {
			if (snap->findings[i].is_active == (is_over != 0)) {
				continue;
			}
			if (is_over != 0 && count == 0) {
				doc->ops->line(doc, _("Past findings"));
			}
			put_finding(doc, &snap->findings[i]);
			count++;
		}
		if (count > 0) {
			doc->ops->items_end(doc);
		}
	}
}

/* How sure each is, and the numbers that it rests on. */
void doc_evidence(struct doc *doc, const struct snapshot *snap)
{
	if (snap->finding_count == 0) {
		return;
	}
	doc->ops->heading(doc, _("Evidence"));
	for (size_t i = 0; i < snap->finding_count; i++) {
		const struct snap_finding *finding = &snap->findings[i];
		struct strbuf text = {0};

		strbuf_puts(&text, finding->id);
		for (size_t k = 0; k < finding->hop_count; k++) {
			strbuf_printf(&text, "%s%u", k == 0 ? " " : "-", finding->hops[k]);
		}
		strbuf_printf(&text, _(", confidence %.0f %%"), finding->confidence * 100.0);
		if (finding->fact_count > 0) {
			strbuf_puts(&text, ": ");
			words_facts(finding, &text);
		}
		if (finding->is_active && words_direction_is_open(snap, finding)) {
			strbuf_printf(&text, "; %s", _("--walk all adds probes that separate forward from "
				"return loss"));
		}
		doc->ops->item(doc, ROLE_NORMAL, words_sign(finding->severity), strbuf_text(&text));
		strbuf_finish(&text);
	}
	doc->ops->items_end(doc);
}

void doc_outages(struct doc *doc, const struct snap_end *end)
{
	for (size_t i = 0; i < end->outage_count; i++) {
		struct strbuf text = {0};

		if (i == 0) {
			doc->ops->heading(doc, _("Outages: the destination did not reply"));
		}
		words_outage(&end->outages[i], &text);
		doc->ops->item(doc, ROLE_NORMAL, "", strbuf_text(&text));
		strbuf_finish(&text);
	}
	if (end->forgotten > 0) {
		struct strbuf text = {0};

		words_shorter_outages(end, &text);
		doc->ops->item(doc, ROLE_NORMAL, "", strbuf_text(&text));
		strbuf_finish(&text);
	}
	if (end->outage_count > 0) {
		doc->ops->items_end(doc);
	}
}
