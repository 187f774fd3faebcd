/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "explain/rules.h"

#include <stdarg.h>
#include <stdio.h>

/* What a reader has to hear first has the least rank. */
static const struct {
	const char *id;
	unsigned rank;
	enum snap_severity severity;
} kinds[EXPLAIN_KIND_COUNT] = {
	[EXPLAIN_ROUTING_LOOP] = {"routing-loop", 10, SNAP_ALARM},
	[EXPLAIN_UNREACHABLE] = {"unreachable", 20, SNAP_ALARM},
	[EXPLAIN_PROHIBITED] = {"admin-prohibited", 20, SNAP_WARNING},
	[EXPLAIN_MTU] = {"mtu", 20, SNAP_WARNING},
	[EXPLAIN_NAT] = {"nat", 30, SNAP_INFO},
	[EXPLAIN_UNEQUAL_ECMP] = {"unequal-ecmp", 40, SNAP_INFO},
	[EXPLAIN_FIRST_HOP] = {"first-hop", 50, SNAP_ALARM},
	[EXPLAIN_PATH_LOSS] = {"path-loss", 60, SNAP_ALARM},
	[EXPLAIN_LAST_MILE] = {"last-mile", 70, SNAP_WARNING},
	[EXPLAIN_TUNNEL] = {"mpls-icmp-tunnel", 80, SNAP_INFO},
	[EXPLAIN_TOO_SLOW] = {"too-slow-for-place", 80, SNAP_WARNING},
	[EXPLAIN_LATENCY_STEP] = {"latency-step", 80, SNAP_WARNING},
	[EXPLAIN_END_LIMITED] = {"end-limited", 90, SNAP_WARNING},
	[EXPLAIN_END_FILTERED] = {"end-filtered", 100, SNAP_WARNING},
	[EXPLAIN_INCOMPLETE] = {"incomplete", 110, SNAP_INFO},
	[EXPLAIN_RATE_LIMIT] = {"icmp-rate-limit", 120, SNAP_INFO},
	[EXPLAIN_COSMETIC_LOSS] = {"cosmetic-loss", 120, SNAP_INFO},
	[EXPLAIN_COSMETIC_LATENCY] = {"cosmetic-latency", 120, SNAP_INFO},
	[EXPLAIN_LONG_HAUL] = {"long-haul", 130, SNAP_INFO},
	[EXPLAIN_SILENT_HOP] = {"silent-hop", 140, SNAP_INFO},
	[EXPLAIN_ECMP] = {"ecmp", 150, SNAP_INFO},
	[EXPLAIN_TOO_FEW] = {"too-few-probes", 160, SNAP_INFO},
	[EXPLAIN_HEALTHY] = {"healthy", 170, SNAP_INFO},
	[EXPLAIN_CANNOT_TELL] = {"cannot-tell", 180, SNAP_INFO},
	[EXPLAIN_RETURN_LENGTH] = {"asymmetric-path", 155, SNAP_INFO},
	[EXPLAIN_QUEUEING] = {"queueing", RANK_BESIDE, SNAP_WARNING},
	[EXPLAIN_DUPLICATE_HOP] = {"duplicate-hop", RANK_BESIDE, SNAP_INFO},
	[EXPLAIN_MPLS] = {"mpls", RANK_BESIDE, SNAP_INFO},
	[EXPLAIN_CGNAT] = {"cgnat", RANK_BESIDE, SNAP_INFO},
	[EXPLAIN_PRIVATE] = {"private", RANK_BESIDE, SNAP_INFO},
	[EXPLAIN_ROUTE_CHANGE] = {"route-change", RANK_BESIDE, SNAP_INFO},
	[EXPLAIN_ASYMMETRIC_PATH] = {"asymmetric-path", RANK_BESIDE, SNAP_INFO},
};

const char *explain_id(enum explain_kind kind)
{
	return kinds[kind].id;
}

static struct explained *add(struct rules *, enum explain_kind, unsigned low_hop,
	unsigned high_hop, const char *text, va_list) __attribute__((format(printf, 5, 0)));

static struct explained *add(struct rules *rules, enum explain_kind kind, unsigned low_hop,
	unsigned high_hop, const char *text, va_list args)
{
	struct explanation *out = rules->out;
	struct explained *found;

	/* What comes last is of the reports that the headline is not about. */
	out->count -= out->count == EXPLAIN_FINDINGS;
	found = &out->finding[out->count++];
	/* A late row may stand behind one that is farther on. */
	*found = (struct explained){.id = kinds[kind].id, .rank = kinds[kind].rank,
		.severity = kinds[kind].severity, .low_hop = low_hop < high_hop ? low_hop : high_hop,
		.high_hop = low_hop < high_hop ? high_hop : low_hop, .confidence = 0.9,
		.report = rules->facts->index, .sentence = text};
	(void)vsnprintf(found->text, sizeof found->text, text, args);
	return found;
}

struct explained *explain_hops(struct rules *rules, enum explain_kind kind, unsigned low_hop,
	unsigned high_hop, const char *text, ...)
{
	struct explained *found;
	va_list args;

	va_start(args, text);
	found = add(rules, kind, low_hop, high_hop, text, args);
	va_end(args);
	return found;
}

struct explained *explain_add(struct rules *rules, enum explain_kind kind, size_t first,
	size_t last, const char *text, ...)
{
	struct explained *found;
	va_list args;

	va_start(args, text);
	found = add(rules, kind, first == WHOLE_PATH ? 0 : explain_hop(rules, first),
		last == WHOLE_PATH ? 0 : explain_hop(rules, last), text, args);
	va_end(args);
	return found;
}

void explain_beside(struct explained *found)
{
	found->rank = RANK_BESIDE;
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
