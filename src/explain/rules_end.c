/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "explain/rules.h"

#include <math.h>
#include <string.h>

enum { TAIL = 5, FEW = 5 };

static void find_end(struct rules *rules)
{
	const struct facts *facts = rules->facts;
	unsigned last = facts->last > 0 ? explain_hop(rules, facts->last - 1) : 0;
	unsigned final = facts->count > 0 ? explain_hop(rules, facts->count - 1) : 0;
	bool is_at_limit = facts->report->hop_limit > 0 && final >= facts->report->hop_limit;
	char name[64];
	bool is_silent;

	if (facts->last == 0) {
		(void)explain_add(rules, "cannot-tell", RANK_CANNOT_TELL, EXPLAIN_INFO, 0, 0,
			"Nobody replied at all: a firewall on or before this host drops the errors, or there "
			"is no way out. Nothing is known of the path.");
		return;
	}
	if (facts->has_end || facts->has_errors) {
		return;
	}
	/* pathping stops at the first that is silent. */
	is_silent = facts->silent_tail >= TAIL || (facts->silent_tail > 0 && (is_at_limit ||
		(facts->is_table && facts->fact[facts->count - 1].loss >= 1 && facts->rounds >= FEW)));
	if (is_silent && strcmp(facts->report->tool, "pathping") != 0) {
		(void)explain_add(rules, "end-filtered", RANK_END_FILTERED, EXPLAIN_WARNING, last, final,
			"The path is seen up to hop %u, %s; behind it nothing answers. The end drops these "
			"probes or is down: this text cannot tell which.", last,
			facts_name(&facts->fact[facts->last - 1], name));
	} else {
		(void)explain_add(rules, "incomplete", RANK_INCOMPLETE, EXPLAIN_INFO, last, final,
			"The report stops at hop %u before the end was seen.", final);
	}
}

static void find_silent(struct rules *rules)
{
	const struct facts *facts = rules->facts;
	unsigned first = 0, last = 0, count = 0;

	for (size_t i = 0; i < facts->last; i++) {
		unsigned before = i > 0 ? explain_hop(rules, i - 1) : explain_hop(rules, i) - 1;

		/* Some programs leave their rows out. */
		if (explain_hop(rules, i) > before + 1) {
			first = first == 0 ? before + 1 : first;
			last = explain_hop(rules, i) - 1;
			count += last - before;
		}
		if (!facts->fact[i].is_answered) {
			last = explain_hop(rules, i);
			first = first == 0 ? last : first;
			count++;
		}
	}
	if (count > 0) {
		(void)explain_add(rules, "silent-hop", RANK_SILENT, EXPLAIN_INFO, first, last, count == 1 ?
			"Hop %u never replies, and hops behind it do: it is set up so." :
			"Some hops from %u to %u never reply, and hops behind them do: they are set up "
			"so.", first, last);
	}
}

static void find_parallel(struct rules *rules)
{
	const struct facts *facts = rules->facts;
	bool is_unequal = false;
	unsigned first = 0;

	for (size_t i = 0; i < facts->last; i++) {
		if (facts->fact[i].row->host_count + facts->fact[i].row->lost_hosts < 2) {
			continue;
		}
		first = first == 0 ? explain_hop(rules, i) : first;
		for (size_t k = 0; k < facts->last && !is_unequal; k++) {
			/* The same at two lengths: paths of unequal length. */
			is_unequal = (k + 1 == i || k == i + 1) && facts_same_host(&facts->fact[i],
				&facts->fact[k]);
		}
	}
	if (first > 0) {
		(void)explain_add(rules, "ecmp", facts->has_end && addr_is_set(&facts->report->target) ?
			RANK_BESIDE : RANK_ECMP, EXPLAIN_INFO, first, first,
			"Several routers reply at hop %u: parallel paths, harmless.", first);
	}
	if (is_unequal) {
		(void)explain_add(rules, "unequal-ecmp", RANK_CHANGE, EXPLAIN_INFO, first, first,
			"One router shows at two hops beside others: parallel paths of unequal length, no "
			"trouble.");
	}
}

static void find_marks(struct rules *rules)
{
	const struct facts *facts = rules->facts;

	for (size_t i = 0; i < facts->last; i++) {
		if (facts->fact[i].row->label_count > 0) {
			(void)explain_add(rules, "mpls", RANK_BESIDE, EXPLAIN_INFO, explain_hop(rules, i),
				explain_hop(rules, i), "Labels are shown at hop %u.", explain_hop(rules, i));
			break;
		}
	}
	for (size_t i = 0; i < facts->last; i++) {
		if (facts->fact[i].is_shared) {
			(void)explain_add(rules, "cgnat", RANK_BESIDE, EXPLAIN_INFO, explain_hop(rules, i),
				explain_hop(rules, i), "Hop %u has a shared address (100.64.0.0/10): the provider "
				"translates.", explain_hop(rules, i));
			break;
		}
	}
	for (size_t i = 0; i < facts->last; i++) {
		if (facts->fact[i].is_private && facts->fact[i].row->hop > 2) {
			(void)explain_add(rules, "private", RANK_BESIDE, EXPLAIN_INFO, explain_hop(rules, i),
				explain_hop(rules, i), "Hop %u has a private address.", explain_hop(rules, i));
			break;
		}
	}
}

static void find_rest(struct rules *rules)
{
	const struct facts *facts = rules->facts;
	const struct fact *end = facts->last > 0 ? &facts->fact[facts->last - 1] : NULL;

	if (end == NULL) {
		return;
	}
	if (facts->is_table && facts->rounds < FEW) {
		(void)explain_add(rules, "too-few-probes", facts->rounds < 2 ? RANK_FEW : RANK_BESIDE,
			EXPLAIN_INFO, 0, 0,
			"%.0f rounds say the way and a time, and nothing of loss.", facts->rounds);
	}
	if (facts->has_end && !(end->loss > 0.011 && end->lost > 1)) {
		(void)explain_add(rules, "healthy", RANK_HEALTHY, EXPLAIN_INFO, 0, 0, isnan(end->ms) ?
			"Nothing is wrong here: the end replies and loses nothing." :
			"Nothing is wrong here: the end replies in %.0f ms and loses nothing.", end->ms);
	}
}

void explain_end(struct rules *rules)
{
	find_end(rules);
	find_silent(rules);
	find_parallel(rules);
	find_marks(rules);
	find_rest(rules);
}
