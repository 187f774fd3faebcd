/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "explain/explain.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "explain/rules.h"

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

static void say(char (*lines)[200], size_t *count, const char *text)
{
	if (*count < EXPLAIN_LINES) {
		(void)snprintf(lines[(*count)++], 200, "%s", text);
	}
}

static void advise(const struct facts *facts, struct explanation *out)
{
	const char *target = facts->report->target_name[0] != '\0' ? facts->report->target_name :
		"TARGET";
	char (*next)[160] = out->next;

	if (!facts->is_table) {
		say(out->cannot_tell, &out->cannot_count, "Three probes a hop are no loss statistics: a "
			"star may be chance, a limit or a loss.");
	}
	say(out->cannot_tell, &out->cannot_count, "The way back is not in it, and each reply may take "
		"another one.");
	if (!facts->has_end) {
		say(out->cannot_tell, &out->cannot_count, "Nothing from the target itself is in it.");
	}
	(void)snprintf(next[out->next_count++], 160, "thrupath -r -c 100 %.120s", target);
	if (!facts->has_end && facts->last > 0) {
		(void)snprintf(next[out->next_count++], 160, "thrupath -r -T -P 443 -c 100 %.100s", target);
	}
	if (out->persists == PERSISTS_YES) {
		(void)snprintf(next[out->next_count++], 160, "thrupath --reverse %.120s", target);
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
		if (2 * text->report[i].row_count >= most || text->report[i].row_count >= 4 ||
		    text->report[i].row_count >= 3) {
			return i;
		}
	}
	return 0;
}

void explain(const struct read_text *text, const struct table *names, struct explanation *ret)
{
	struct facts *facts = xcalloc(1, sizeof *facts);
	size_t report = text->count > 0 ? choose(text) : 0;

	*ret = (struct explanation){.report = report};
	for (size_t n = 0; n < text->count; n++) {
		/* The chosen one first; what the others show stands behind it. */
		size_t i = n == 0 ? report : n <= report ? n - 1 : n;
		enum explain_persists persists = ret->persists;
		unsigned bad = ret->first_bad_hop;
		struct rules rules = {facts, ret};

		facts_of(&text->report[i], i, names, facts);
		explain_errors(&rules);
		explain_loss(&rules);
		explain_time(&rules);
		explain_end(&rules);
		if (i != report) {
			ret->persists = persists;
			ret->first_bad_hop = bad;
			continue;
		}
		put_headline_first(ret, report);
		advise(facts, ret);
	}
	free(facts);
}
