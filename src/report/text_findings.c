/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "report/text_findings.h"

#include <inttypes.h>
#include <time.h>

#include "base/i18n.h"
#include "view/notes.h"
#include "view/words.h"

/* "03:41:02Z" of the day that the report is of, else with its own. */
static void put_time(struct strbuf *buf, ns_t realtime, ns_t now)
{
	static const ns_t DAY = 86400 * NS_PER_SEC;
	time_t seconds = (time_t)(realtime / NS_PER_SEC);
	struct tm tm;
	char text[24] = "?";

	if (gmtime_r(&seconds, &tm) != NULL) {
		(void)strftime(text, sizeof text, realtime / DAY == now / DAY ? "%H:%M:%SZ" :
			"%Y-%m-%d %H:%M:%SZ", &tm);
	}
	strbuf_puts(buf, text);
}

/* A sentence and when that was so. */
static void put_sentence(const struct snapshot *snap, const struct snap_finding *finding,
	struct strbuf *buf)
{
	strbuf_printf(buf, "%s %s, ", words_sign(finding->severity), finding->text);
	if (finding->is_active) {
		strbuf_puts(buf, _("since "));
		put_time(buf, finding->begun_realtime, snap->now_realtime);
		if (finding->episodes > 1) {
			strbuf_printf(buf, _(" (%u times, %.0f s in all)"), finding->episodes,
				ns_to_sec(finding->held));
		}
	} else if (finding->episodes > 1) {
		put_time(buf, finding->first_realtime, snap->now_realtime);
		strbuf_puts(buf, _(" to "));
		put_time(buf, finding->last_realtime, snap->now_realtime);
		strbuf_printf(buf, _(" (%u times, %.0f s in all)"), finding->episodes,
			ns_to_sec(finding->held));
	} else {
		put_time(buf, finding->first_realtime, snap->now_realtime);
		strbuf_puts(buf, _(" to "));
		put_time(buf, finding->last_realtime, snap->now_realtime);
		strbuf_printf(buf, _(" (%.0f s)"),
			ns_to_sec(finding->last_realtime - finding->first_realtime));
	}
	strbuf_putc(buf, '\n');
}

static void put_finding(const struct snapshot *snap, const struct snap_finding *finding,
	struct strbuf *buf)
{
	put_sentence(snap, finding, buf);
	strbuf_printf(buf, "  %s: ", finding->id);
	words_facts(finding, buf);
	if (finding->is_active && words_direction_is_open(snap, finding)) {
		strbuf_printf(buf, "\n  %s", _("--walk all adds probes that separate forward from return "
			"loss"));
	}
	strbuf_puts(buf, "\n");
}

static size_t count_active(const struct snapshot *snap)
{
	size_t count = 0;

	while (count < snap->finding_count && snap->findings[count].is_active) {
		count++;
	}
	return count;
}

/* How sure it is that nothing was found: by what the destination may lose at most. */
static void put_all_clear(const struct snapshot *snap, struct strbuf *buf)
{
	const struct snap_hop *end = snap->hop_count == 0 ? NULL : &snap->hops[snap->hop_count - 1];
	const struct snap_stats *stats = end == NULL ? NULL : end->to.is_on && end->to.has_rtt ?
		&end->to : &end->through;

	strbuf_printf(buf, ngettext("Verdict: nothing found in %" PRIu64 " round",
		"Verdict: nothing found in %" PRIu64 " rounds", plural_of(snap->rounds)), snap->rounds);
	if (stats != NULL && stats->is_on && stats->has_rtt) {
		strbuf_printf(buf, _("; loss to the destination is at most %.1f %%"), 100 * stats->high);
	}
	strbuf_putc(buf, '\n');
}

/* Those that are over stand here if they were more than a note. */
static bool matters(const struct snap_finding *finding)
{
	return finding->is_active || finding->severity != SNAP_INFO;
}

static void put_verdict_head(size_t lines_before, struct strbuf *buf)
{
	if (lines_before == 0) {
		strbuf_printf(buf, "%s\n", _("Verdict (! alarm, w warning, i info)"));
	}
}

void text_verdict(const struct snapshot *snap, struct strbuf *buf)
{
	enum { VERDICT_LINES = 10 };
	const char *undecided = notes_undecided(snap);
	size_t count = 0;

	if (snap->findings == NULL) {
		return;
	}
	strbuf_putc(buf, '\n');
	for (size_t i = 0; i < snap->finding_count; i++) {
		if (matters(&snap->findings[i]) && count++ < VERDICT_LINES) {
			put_verdict_head(count - 1, buf);
			put_sentence(snap, &snap->findings[i], buf);
		}
	}
	if (undecided != NULL) {
		put_verdict_head(count, buf);
		strbuf_printf(buf, "i %s\n", undecided);
	} else if (count == 0) {
		put_all_clear(snap, buf);
	}
	if (count > VERDICT_LINES) {
		strbuf_printf(buf, ngettext("and %zu more below\n", "and %zu more below\n",
			count - VERDICT_LINES), count - VERDICT_LINES);
	}
}

void text_findings(const struct snapshot *snap, struct strbuf *buf)
{
	size_t active = count_active(snap);

	if (snap->finding_count == 0) {
		return;
	}
	strbuf_printf(buf, "\n%s\n", active > 0 ?
		_("All findings, with their evidence (! alarm, w warning, i info)") :
		_("Findings: none active"));
	for (size_t i = 0; i < active; i++) {
		put_finding(snap, &snap->findings[i], buf);
	}
	if (active < snap->finding_count) {
		strbuf_printf(buf, "\n%s\n", _("Past findings"));
	}
	for (size_t i = active; i < snap->finding_count; i++) {
		put_finding(snap, &snap->findings[i], buf);
	}
}
