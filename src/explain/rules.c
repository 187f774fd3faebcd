/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "explain/rules.h"

#include <stdarg.h>
#include <stdio.h>

struct explained *explain_add(struct rules *rules, const char *id, enum rank rank,
	enum explain_severity severity, unsigned low_hop, unsigned high_hop, const char *text, ...)
{
	struct explanation *out = rules->out;
	struct explained *found;
	va_list args;

	if (out->count == EXPLAIN_FINDINGS) {
		/* What came last is the least of these. */
		out->count--;
	}
	found = &out->finding[out->count++];
	*found = (struct explained){.id = id, .rank = rank, .severity = severity,
		.low_hop = low_hop < high_hop ? low_hop : high_hop,
		.high_hop = low_hop < high_hop ? high_hop : low_hop, .confidence = 0.9,
		.report = rules->facts->index};
	va_start(args, text);
	(void)vsnprintf(found->text, sizeof found->text, text, args);
	va_end(args);
	return found;
}

void explain_fact(struct explained *found, const char *name, double value)
{
	for (size_t i = 0; i < EXPLAIN_FACTS && !isnan(value); i++) {
		if (found->fact[i].name == NULL) {
			found->fact[i].name = name;
			found->fact[i].value = value;
			return;
		}
	}
}

unsigned explain_hop(const struct rules *rules, size_t i)
{
	return rules->facts->fact[i].row->hop;
}
