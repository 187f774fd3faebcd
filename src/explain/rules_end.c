/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "explain/rules.h"

#include <math.h>
#include <string.h>

#include "base/i18n.h"

enum { TAIL = 5, FEW = 5, LAST_TRY = 255 };

/* Rows behind the last that answered say that nobody will: they are many, or the last there are. */
static bool is_silent_to_the_end(const struct facts *facts)
{
	const struct fact *final = &facts->fact[facts->count - 1];
	bool is_at_limit = facts->report->hop_limit > 0 &&
		final->row->hop >= facts->report->hop_limit;

	/* pathping stops at the first that is silent. */
	return strcmp(facts->report->tool, "pathping") != 0 && (facts->silent_tail >= TAIL ||
		facts->report->is_end_silent ||
		(facts->silent_tail > 0 && (is_at_limit || (facts->is_table && final->loss >= 1 &&
		facts->rounds >= FEW))));
}

static void find_end(struct rules *rules)
{
	const struct facts *facts = rules->facts;
	size_t last = facts->last - 1;
	char hop[80];

	if (facts->last == 0) {
		(void)explain_add(rules, EXPLAIN_CANNOT_TELL, WHOLE_PATH, WHOLE_PATH,
			_("Nobody replied at all: a firewall on or near this host drops the ICMP errors, or "
			  "there is no way out. Nothing is known of the path."));
	} else if (facts->has_end || facts->has_errors) {
		return;
	} else if (is_silent_to_the_end(facts)) {
		(void)explain_add(rules, EXPLAIN_END_FILTERED, last, facts->count - 1,
			_("The path is seen up to hop %s; beyond it nothing replies. The destination "
			  "drops these probes or is down: this report cannot tell which."),
			facts_label(&facts->fact[last], explain_hop(rules, last), hop));
	} else {
		(void)explain_add(rules, EXPLAIN_INCOMPLETE, last, facts->count - 1,
			_("The report stops at hop %u, before the destination was seen."),
			explain_hop(rules, facts->count - 1));
	}
}

static void find_silent(struct rules *rules)
{
	const struct facts *facts = rules->facts;
	unsigned first = 0, last = 0, count = 0;

	for (size_t i = 0; i < facts->last; i++) {
		unsigned hop = explain_hop(rules, i);
		unsigned before = i > 0 ? explain_hop(rules, i - 1) : hop - 1;

		/* Some programs leave their rows out; RIPE Atlas goes from the last it tries to 255. */
		if (hop > before + 1 && hop < LAST_TRY) {
			first = first == 0 ? before + 1 : first;
			last = hop - 1;
			count += last - before;
		}
		/* Hop 0 is this host itself. */
		if (!facts->fact[i].is_answered && hop > 0) {
			last = hop;
			first = first == 0 ? last : first;
			count++;
		}
	}
	if (count == 1) {
		(void)explain_hops(rules, EXPLAIN_SILENT_HOP, first, last,
			_("Hop %u never replies, but hops beyond it do: it is configured not to."), first);
	} else if (count > 1) {
		(void)explain_hops(rules, EXPLAIN_SILENT_HOP, first, last,
			_("%u hops between %u and %u never reply, but hops beyond them do: they are configured "
			  "not to."), count, first, last);
	}
}

static void find_parallel(struct rules *rules)
{
	const struct facts *facts = rules->facts;
	size_t first = facts->last;
	bool is_unequal = false;

	for (size_t i = 0; i < facts->last; i++) {
		const struct fact *fact = &facts->fact[i];

		if (fact->row->host_count + fact->row->lost_hosts < 2) {
			continue;
		}
		first = first == facts->last ? i : first;
		/* The same at two lengths: paths of unequal length. */
		is_unequal = is_unequal || (i > 0 && facts_same_host(fact, &facts->fact[i - 1])) ||
			(i + 1 < facts->last && facts_same_host(fact, &facts->fact[i + 1]));
	}
	if (first < facts->last) {
		struct explained *found = explain_add(rules, EXPLAIN_ECMP, first, first,
			_("Several routers reply at hop %u: parallel paths (ECMP), harmless."),
			explain_hop(rules, first));

		if (facts->has_end && addr_is_set(&facts->report->target)) {
			explain_beside(found);
		}
	}
	if (is_unequal) {
		(void)explain_add(rules, EXPLAIN_UNEQUAL_ECMP, first, first,
			_("One router shows up at two hops beside others: parallel paths of unequal length, "
			  "harmless; the rows are not one single path."));
	}
}

/* The first row of which it is true; facts->last: none. */
static size_t first_of(const struct facts *facts, bool (*is_it)(const struct fact *))
{
	size_t i = 0;

	while (i < facts->last && !is_it(&facts->fact[i])) {
		i++;
	}
	return i;
}

static bool is_asymmetric(const struct fact *fact)
{
	return fact->row->is_asymmetric;
}

static bool has_labels(const struct fact *fact)
{
	return fact->row->label_count > 0;
}

static bool is_shared(const struct fact *fact)
{
	return fact->is_shared;
}

static bool is_private_within(const struct fact *fact)
{
	return fact->is_private && fact->row->hop > 2;
}

static void find_marks(struct rules *rules)
{
	const struct facts *facts = rules->facts;
	size_t i = first_of(facts, has_labels);

	if (i < facts->last) {
		(void)explain_add(rules, EXPLAIN_MPLS, i, i, _("Hop %u shows MPLS labels."),
			explain_hop(rules, i));
	}
	i = first_of(facts, is_asymmetric);
	if (i < facts->last) {
		(void)explain_add(rules, EXPLAIN_RETURN_LENGTH, i, i,
			_("The return path from hop %u is not as long as the forward path, so the two "
			  "differ: harmless by itself."),
			explain_hop(rules, i));
	}
	i = first_of(facts, is_shared);
	if (i < facts->last) {
		(void)explain_add(rules, EXPLAIN_CGNAT, i, i, _("Hop %u has a shared address "
			"(100.64.0.0/10): the provider uses carrier-grade NAT."), explain_hop(rules, i));
	}
	i = first_of(facts, is_private_within);
	if (i < facts->last) {
		(void)explain_add(rules, EXPLAIN_PRIVATE, i, i, _("Hop %u has a private address."),
			explain_hop(rules, i));
	}
}

static void say_healthy(struct rules *rules, const struct fact *end)
{
	if (end->lost >= 1) {
		(void)explain_add(rules, EXPLAIN_HEALTHY, WHOLE_PATH, WHOLE_PATH,
			_("Nothing is proven wrong: the destination replies, and left %.0f of %.0f probes "
			  "unanswered."), end->lost, end->sent);
	} else if (isnan(end->ms)) {
		(void)explain_add(rules, EXPLAIN_HEALTHY, WHOLE_PATH, WHOLE_PATH,
			_("Nothing is wrong here: the destination replies."));
	} else {
		(void)explain_add(rules, EXPLAIN_HEALTHY, WHOLE_PATH, WHOLE_PATH,
			_("Nothing is wrong here: the destination replies in %.1f ms, and nothing is lost."),
			end->ms);
	}
}

static void find_rest(struct rules *rules)
{
	const struct facts *facts = rules->facts;
	const struct fact *end = facts->last > 0 ? &facts->fact[facts->last - 1] : NULL;

	if (end != NULL && facts->is_table && facts->rounds < FEW) {
		struct explained *found = facts->rounds < 1 ?
			explain_add(rules, EXPLAIN_TOO_FEW, WHOLE_PATH, WHOLE_PATH,
				_("The report does not say how many probes its percentages are of; if few, they "
				  "say nothing about loss.")) :
			explain_add(rules, EXPLAIN_TOO_FEW, WHOLE_PATH, WHOLE_PATH,
				_("So few rounds (%.0f) show the path and a time, but say nothing about loss."),
				facts->rounds);

		if (facts->rounds >= 2) {
			explain_beside(found);
		}
	}
	if (end != NULL && facts->has_end && !(end->loss > 0.011 && end->lost > 1)) {
		say_healthy(rules, end);
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
