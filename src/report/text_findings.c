/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "report/text_findings.h"

#include <time.h>

#include "base/i18n.h"
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

static void put_finding(const struct snapshot *snap, const struct snap_finding *finding,
	struct strbuf *buf)
{
	strbuf_printf(buf, "%s %s, ", words_sign(finding->severity), finding->text);
	if (finding->is_active) {
		strbuf_puts(buf, _("since "));
		put_time(buf, finding->first_realtime, snap->now_realtime);
	} else {
		put_time(buf, finding->first_realtime, snap->now_realtime);
		strbuf_puts(buf, _(" to "));
		put_time(buf, finding->last_realtime, snap->now_realtime);
	}
	strbuf_printf(buf, "\n  %s: ", finding->id);
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

void text_findings(const struct snapshot *snap, struct strbuf *buf)
{
	size_t active = count_active(snap);

	if (snap->findings == NULL) {
		return;
	}
	strbuf_printf(buf, "\n%s\n", active > 0 ? _("Findings (! alarm, w warning, i info)") :
		_("Findings: none"));
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
