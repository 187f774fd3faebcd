/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "explain/rules.h"

#include <string.h>

#include "base/utf8.h"

/* The same host at three places with somebody else, or silence, between, and nothing behind. */
static bool find_loop(struct rules *rules)
{
	const struct facts *facts = rules->facts;

	for (size_t i = 0; i < facts->last; i++) {
		size_t again = 0, before = i, apart = 0, last = i;

		for (size_t k = i + 1; k < facts->last && facts->fact[i].row->host_count > 0; k++) {
			if (!facts_same_host(&facts->fact[i], &facts->fact[k])) {
				continue;
			}
			apart += k > before + 1;
			again++;
			before = last = k;
		}
		if (facts->has_end && facts->report->hop_limit != facts->fact[facts->last - 1].row->hop) {
			continue;
		}
		if (apart >= 2 || (again >= 4 && last + 1 == facts->last && (facts->fact[last].row->hop
			>= 30 ||
		    facts->fact[last].row->hop == facts->report->hop_limit))) {
			char name[64];
			struct explained *found = explain_add(rules, "routing-loop", RANK_LOOP, EXPLAIN_ALARM,
				explain_hop(rules, i), explain_hop(rules, last),
				"Packets go round and never arrive: %s replies at %zu places from hop %u on.",
				facts_name(&facts->fact[i], name), again + 1, explain_hop(rules, i));

			explain_fact(found, "places", (double)again + 1);
			return true;
		}
	}
	return false;
}

static void find_twins(struct rules *rules)
{
	const struct facts *facts = rules->facts;

	for (size_t i = 1; i < facts->last; i++) {
		const struct fact *one = &facts->fact[i - 1], *two = &facts->fact[i];

		if (one->row->host_count == 1 && two->row->host_count == 1 && facts_same_host(one, two)) {
			(void)explain_add(rules, "duplicate-hop", RANK_BESIDE, EXPLAIN_INFO,
				explain_hop(rules, i - 1), explain_hop(rules, i),
				"One router replies at hops %u and %u, and the path goes on: no loop.",
				explain_hop(rules, i - 1), explain_hop(rules, i));
		}
	}
}

static bool has_flag(const struct read_row *row, const char *const *flags, size_t count)
{
	for (size_t i = 0; i < row->flag_count; i++) {
		for (size_t k = 0; k < count; k++) {
			if (strcmp(row->flag[i], flags[k]) == 0 ||
			    (flags[k][1] == 'F' && strncmp(row->flag[i], "!F", 2) == 0)) {
				return true;
			}
		}
	}
	return false;
}

static void find_errors(struct rules *rules)
{
	static const char *const unreachable[] = {"!H", "!N", "!P", "!U"};
	static const char *const prohibited[] = {"!X", "!A", "!C", "!10", "!13", "!9", "!Z"};
	static const char *const mtu[] = {"!F"};
	const struct facts *facts = rules->facts;

	for (size_t i = 0; i < facts->count; i++) {
		const struct fact *fact = &facts->fact[i];
		char name[64];

		(void)facts_name(fact, name);
		if (has_flag(fact->row, unreachable, 4)) {
			size_t before = facts_before(facts, i);
			const char *who = i == 0 || (fact->ms > 2500 && before == facts->count) ?
				"this host itself, or its gateway" :
				before < facts->count && facts_same_host(fact, &facts->fact[before]) ?
				"the last router: the host behind it is gone" : "a router on the way";

			(void)explain_add(rules, "unreachable", RANK_UNREACHABLE, EXPLAIN_ALARM,
				explain_hop(rules, i), explain_hop(rules, i),
				"The path ends at hop %u: %s says that the target cannot be reached (%s).",
				explain_hop(rules, i), name[0] == '\0' ? "somebody" : name, who);
			if (i == 0) {
				(void)explain_add(rules, "first-hop", RANK_BESIDE, EXPLAIN_INFO,
					explain_hop(rules, i),
					explain_hop(rules, i), "It is said at the first hop: look at your own link.");
			}
			return;
		}
		if (has_flag(fact->row, prohibited, 7)) {
			(void)explain_add(rules, "admin-prohibited", RANK_UNREACHABLE, EXPLAIN_WARNING,
				explain_hop(rules, i), explain_hop(rules, i),
				"%s at hop %u is reached and refuses these probes by a filter.",
				name[0] == '\0' ? "Whoever stands" : name, explain_hop(rules, i));
			return;
		}
		if (has_flag(fact->row, mtu, 1)) {
			(void)explain_add(rules, "mtu", RANK_UNREACHABLE, EXPLAIN_WARNING, explain_hop(rules,
				i),
				explain_hop(rules, i), "Behind hop %u packets of that size do not fit.",
				explain_hop(rules, i));
			return;
		}
	}
}

static void find_mtu(struct rules *rules)
{
	const struct facts *facts = rules->facts;
	unsigned most = 0;

	for (size_t i = 0; i < facts->count; i++) {
		unsigned pmtu = facts->fact[i].row->pmtu;

		if (pmtu > 0 && pmtu < most) {
			struct explained *found = explain_add(rules, "mtu", RANK_UNREACHABLE, EXPLAIN_WARNING,
				explain_hop(rules, i), explain_hop(rules, i),
				"The path's MTU falls from %u to %u bytes at hop %u.", most, pmtu,
				explain_hop(rules, i));

			explain_fact(found, "pmtu", pmtu);
			return;
		}
		most = pmtu > most ? pmtu : most;
	}
	if (most > 0 && most < 1500 && facts->count > 0) {
		(void)explain_add(rules, "mtu", RANK_UNREACHABLE, EXPLAIN_WARNING, explain_hop(rules, 0),
			explain_hop(rules, 0), "The path's MTU is %u bytes.", most);
	}
}

/* Somebody replies in the target's name before others do. */
static void find_translator(struct rules *rules)
{
	const struct facts *facts = rules->facts;
	const struct addr *target = &facts->report->target;

	for (size_t i = 0; addr_is_set(target) && i + 1 < facts->last; i++) {
		for (size_t k = 0; k < facts->fact[i].row->host_count; k++) {
			bool is_it = addr_equal(&facts->fact[i].row->host[k].address, target);
			bool goes_on = false;

			for (size_t j = i + 1; is_it && j < facts->last; j++) {
				goes_on = goes_on || (facts->fact[j].row->host_count > 0 &&
					!addr_equal(&facts->fact[j].row->host[0].address, target));
			}
			if (goes_on) {
				(void)explain_add(rules, "nat", RANK_NAT, EXPLAIN_INFO, explain_hop(rules, i),
					explain_hop(rules, i), "Hop %u replies in the target's name and is not it: a "
					"translator or firewall near you.", explain_hop(rules, i));
				return;
			}
		}
	}
}

void explain_errors(struct rules *rules)
{
	if (!find_loop(rules)) {
		find_twins(rules);
	}
	find_errors(rules);
	find_mtu(rules);
	find_translator(rules);
}
