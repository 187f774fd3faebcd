/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "explain/rules.h"

#include <string.h>

#include "base/i18n.h"

enum { ROUNDS_OF_A_LOOP = 2, HOPS_OF_ONE = 4, HOP_LIMIT = 30 };

static const double NO_ARP_MS = 2500;

static bool is_at_limit(const struct facts *facts, size_t i)
{
	unsigned hop = facts->fact[i].row->hop;

	return hop >= HOP_LIMIT || hop == facts->report->hop_limit;
}

/* The last four rows that answered are of two hosts in turn. */
static bool ends_in_turns(const struct facts *facts, size_t *ret_first)
{
	size_t i = facts->last < 4 ? 0 : facts->last - 4;
	const struct fact *fact = &facts->fact[i];

	if (facts->last < 4 || facts->has_end || facts->silent_tail > 0) {
		return false;
	}
	for (size_t k = 0; k < 4; k++) {
		if (fact[k].row->host_count != 1 || fact[k].row->flag_count > 0) {
			return false;
		}
	}
	*ret_first = i;
	return facts_same_host(&fact[0], &fact[2]) && facts_same_host(&fact[1], &fact[3]) &&
	       !facts_same_host(&fact[0], &fact[1]);
}

/* The same host at three places with somebody else, or silence, between, and nothing behind; or one
 * that fills all rows to the hop limit. */
static bool find_loop(struct rules *rules)
{
	const struct facts *facts = rules->facts;
	size_t turn = 0;
	bool in_turns = ends_in_turns(facts, &turn);

	for (size_t i = 0; i < facts->last; i++) {
		size_t places = 1, apart = 0, last = i;
		char name[64];

		for (size_t k = i + 1; k < facts->last && facts->fact[i].row->host_count > 0; k++) {
			if (facts_same_host(&facts->fact[i], &facts->fact[k])) {
				apart += k > last + 1;
				places++;
				last = k;
			}
		}
		if (facts->has_end && !is_at_limit(facts, facts->last - 1)) {
			continue;
		}
		if (apart >= ROUNDS_OF_A_LOOP || (in_turns && i == turn) || (places > HOPS_OF_ONE &&
		    last + 1 == facts->last && is_at_limit(facts, last))) {
			explain_fact(explain_add(rules, EXPLAIN_ROUTING_LOOP, i, last,
				_("Packets loop and never arrive: from hop %u on, %s replies at %zu hops."),
				explain_hop(rules, i), facts_name(&facts->fact[i], name), places), "places",
				(double)places);
			return true;
		}
	}
	return false;
}

static bool is_of(const struct read_row *row, const struct addr *address)
{
	for (size_t i = 0; addr_is_set(address) && i < row->host_count; i++) {
		if (addr_equal(&row->host[i].address, address)) {
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

		if (one->row->host_count == 1 && two->row->host_count == 1 &&
		    facts_same_host(one, two) && !is_of(one->row, &facts->report->target)) {
			(void)explain_add(rules, EXPLAIN_DUPLICATE_HOP, i - 1, i,
				_("One router replies at hops %u and %u, and the path continues: no loop."),
				explain_hop(rules, i - 1), explain_hop(rules, i));
		}
	}
}

/* One of the words of the list, or an MTU with its number: "!F-1400". */
static bool has_flag(const struct read_row *row, const char *list)
{
	for (size_t i = 0; i < row->flag_count; i++) {
		size_t len = strcspn(row->flag[i], "-");
		const char *at = strstr(list, row->flag[i]);

		if (at != NULL && (at[len] == ' ' || at[len] == '\0')) {
			return true;
		}
		if (strncmp(list, "!F", 2) == 0 && strncmp(row->flag[i], "!F", 2) == 0) {
			return true;
		}
	}
	return false;
}

static void say_unreachable(struct rules *rules, size_t i)
{
	const struct facts *facts = rules->facts;
	const struct fact *fact = &facts->fact[i];
	size_t before = facts_before(facts, i);
	unsigned hop = explain_hop(rules, i);
	char name[64];

	(void)facts_name(fact, name);
	if (before == facts->count && (hop <= 1 || fact->ms > NO_ARP_MS)) {
		(void)explain_add(rules, EXPLAIN_UNREACHABLE, i, i, _("The destination is unreachable from "
			"here: %s says so at hop %u. Either this host gets no reply to ARP, or its gateway "
			"has no route."), name, hop);
		explain_beside(explain_add(rules, EXPLAIN_FIRST_HOP, i, i,
			_("The first hop reports it: check your own link and VLAN.")));
	} else if (before < facts->count && facts_same_host(fact, &facts->fact[before])) {
		(void)explain_add(rules, EXPLAIN_UNREACHABLE, i, i, _("The path ends at hop %u: %s, the "
			"last router, reports that the destination is unreachable. The host beyond it is "
			"gone."), hop, name);
	} else {
		(void)explain_add(rules, EXPLAIN_UNREACHABLE, i, i, _("The path ends at hop %u: %s reports "
			"that the destination is unreachable."), hop, name);
	}
}

static void find_errors(struct rules *rules)
{
	const struct facts *facts = rules->facts;

	for (size_t i = 0; i < facts->count; i++) {
		const struct read_row *row = facts->fact[i].row;
		char name[64];

		if (has_flag(row, "!H !N !P !U")) {
			say_unreachable(rules, i);
			return;
		}
		if (has_flag(row, "!X !A !C !Z !9 !10 !13")) {
			(void)explain_add(rules, EXPLAIN_PROHIBITED, i, i, _("%s at hop %u was reached, and "
				"its filter rejects these probes (administratively prohibited)."),
				facts_name(&facts->fact[i], name), explain_hop(rules, i));
			return;
		}
		if (has_flag(row, "!F")) {
			(void)explain_add(rules, EXPLAIN_MTU, i, i, _("Beyond hop %u the MTU is too small for "
				"probes of this size."), explain_hop(rules, i));
			return;
		}
	}
}

static void find_mtu(struct rules *rules)
{
	const struct facts *facts = rules->facts;
	unsigned most = facts->report->pmtu;

	for (size_t i = 0; i < facts->count; i++) {
		unsigned pmtu = facts->fact[i].row->pmtu;

		if (pmtu > 0 && pmtu < most) {
			explain_fact(explain_add(rules, EXPLAIN_MTU, i, i,
				_("The path MTU drops from %u to %u bytes at hop %u."), most, pmtu,
				explain_hop(rules, i)), "pmtu", pmtu);
			return;
		}
		most = pmtu > most ? pmtu : most;
	}
	if (most > 0 && most < 1500) {
		explain_fact(explain_add(rules, EXPLAIN_MTU, 0, 0, _("The path MTU is %u bytes."), most),
			"pmtu", most);
	}
}

/* Somebody replies with the destination's address before others do, or before the destination. */
static void find_translator(struct rules *rules)
{
	const struct facts *facts = rules->facts;
	const struct addr *target = &facts->report->target;

	for (size_t i = 0; addr_is_set(target) && i + 1 < facts->last; i++) {
		bool is_it = is_of(facts->fact[i].row, target), goes_on = false;

		for (size_t k = i + 1; is_it && k < facts->last; k++) {
			goes_on = goes_on || (facts->fact[k].row->host_count > 0 &&
				!addr_equal(&facts->fact[k].row->host[0].address, target));
		}
		if (goes_on) {
			(void)explain_add(rules, EXPLAIN_NAT, i, i, _("Hop %u replies with the destination's "
				"address but is not the destination: NAT or a firewall near you."),
				explain_hop(rules, i));
			return;
		}
		if (is_it && is_of(facts->fact[i + 1].row, target) &&
		    !is_at_limit(facts, facts->last - 1)) {
			(void)explain_add(rules, EXPLAIN_NAT, i, facts->last - 1,
				_("The destination's address replies at hops %u to %u: NAT or a firewall stands "
				  "there, with the destination behind it."), explain_hop(rules, i),
				explain_hop(rules, facts->last - 1));
			return;
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
