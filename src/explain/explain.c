/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "explain/explain.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/i18n.h"
#include "base/mem.h"
#include "explain/rules.h"

enum { WHOLE_ROWS = 3 };

/* The least rank first; of equal ones the one that was added first, which is nearer. */
static void put_headline_first(struct explanation *out, size_t report)
{
	size_t best = out->count;

	for (size_t i = 0; i < out->count; i++) {
		if (out->finding[i].report == report && out->finding[i].rank < RANK_BESIDE &&
		    (best == out->count || out->finding[i].rank < out->finding[best].rank)) {
			best = i;
		}
	}
	if (best > 0 && best < out->count) {
		struct explained first = out->finding[best];

		memmove(&out->finding[1], &out->finding[0], best * sizeof out->finding[0]);
		out->finding[0] = first;
	}
}

static void advise(const struct facts *facts, struct explanation *out)
{
	const struct read_report *report = facts->report;
	const char *target = report->target_name[0] != '\0' ? report->target_name : "DESTINATION";

	if (!facts->is_table) {
		out->cannot_tell[out->cannot_count++] = _("Three probes per hop are no loss statistics: a "
			"missing reply may be chance, a rate limit or loss.");
	}
	out->cannot_tell[out->cannot_count++] = _("The return path is not in it, and each hop's reply "
		"may take a different one.");
	if (!facts->has_end) {
		out->cannot_tell[out->cannot_count++] = _("It contains no reply from the destination "
			"itself.");
	}
	(void)snprintf(out->next[out->next_count++], sizeof out->next[0], "thrupath -r -c 100 %.100s",
		target);
	if (!facts->has_end && facts->last > 0) {
		(void)snprintf(out->next[out->next_count++], sizeof out->next[0],
			"thrupath -r -T -P 443 -c 100 %.100s", target);
	}
	if (out->persists == PERSISTS_YES) {
		(void)snprintf(out->next[out->next_count++], sizeof out->next[0],
			"thrupath --reverse %.100s", target);
	}
}

/* The last of them: what was run again was run for a reason. One of a row or two beside a whole one
 * is a fragment. */
static size_t choose(const struct read_text *text)
{
	size_t most = 0;

	for (size_t i = 0; i < text->count; i++) {
		most = text->report[i].row_count > most ? text->report[i].row_count : most;
	}
	for (size_t i = text->count; i-- > 0;) {
		if (2 * text->report[i].row_count >= most || text->report[i].row_count >= WHOLE_ROWS) {
			return i;
		}
	}
	return 0;
}

static void compare(const struct read_text *text, const struct table *names,
	struct facts *facts, struct explanation *out)
{
	const struct read_report *report[READ_REPORTS];

	for (size_t i = 0; i < text->count; i++) {
		report[i] = &text->report[i];
	}
	explain_compare(report, text->count, names, &out->compared);
	for (size_t i = 0; i < out->compared.count; i++) {
		const struct compared *item = &out->compared.item[i];

		facts->index = item->report[0];
		if (item->id != NULL) {
			explain_hops(&(struct rules){facts, out}, (enum explain_kind)item->kind,
				item->low_hop, item->high_hop, "%s", item->text)->is_compared = true;
		}
	}
}

void explain(const struct read_text *text, const struct table *names, struct explanation *ret)
{
	/* Of the report that the headline is about, and of another. */
	struct facts *facts = xcalloc(1, sizeof *facts), *other = xcalloc(1, sizeof *other);
	size_t report = text->count > 0 ? choose(text) : 0;

	*ret = (struct explanation){.report = report};
	for (size_t n = 0; n < text->count; n++) {
		/* The chosen one first; what the others show stands behind it. */
		size_t i = n == 0 ? report : n <= report ? n - 1 : n;
		enum explain_persists persists = ret->persists;
		unsigned bad = ret->first_bad_hop;
		struct rules rules = {i == report ? facts : other, ret};

		facts_of(&text->report[i], i, names, i == report ? facts : other);
		ret->persists = PERSISTS_UNKNOWN;
		explain_errors(&rules);
		explain_loss(&rules);
		explain_time(&rules);
		explain_end(&rules);
		if (i != report) {
			ret->first_bad_hop = bad;
			/* Another of the same destination may know what this one cannot. */
			if (persists != PERSISTS_UNKNOWN || !facts_same_target(facts, other)) {
				ret->persists = persists;
			}
			continue;
		}
		put_headline_first(ret, report);
		advise(facts, ret);
	}
	compare(text, names, facts, ret);
	free(facts);
	free(other);
}
