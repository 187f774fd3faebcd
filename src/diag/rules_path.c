/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <stdio.h>

#include "base/i18n.h"
#include "diag/diag_int.h"
#include "infer/asym.h"
#include "infer/nesting.h"

/* What the path itself is like: who does not answer or unwrap, where ways part, what is filtered
 * or too narrow. */

enum { BALANCE_ROUNDS = 20, WORDS = 80 };

static const ns_t CHANGE_LASTS = 60 * NS_PER_SEC;

/* A way back is traced in two waves, a second apart, and one that changes is read half old; that
 * the path has changed is noticed some seconds later. */
static const ns_t WAY_LASTS = 10 * NS_PER_SEC;

static struct finding *hold_hop(struct diag *diag, enum finding_id id, size_t k, double confidence)
{
	uint8_t hop = (uint8_t)(k + 1);

	return diag_hold(diag, id, &hop, 1, confidence);
}

static void rule_nesting(struct diag *diag, const struct session *session)
{
	struct nesting nesting = nesting_judge(session);
	size_t k = nesting.hop == 0 ? 0 : nesting.hop - 1u;
	struct finding *finding;

	switch (nesting.kind) {
	case NESTING_FINE:
	case NESTING_NO_DECAP:
		return;
	case NESTING_FILTERED:
		/* Hops that nobody said do it may all drop what they do not understand: no warning. */
		if (!session->is_explicit) {
			return;
		}
		finding = hold_hop(diag, FINDING_PROTOCOL4_FILTERED, k, 0.95);
		finding_say(finding,
			nesting.hop == 1 ? _("no nested probe comes back, but hops answer TTL-limited probes: "
			"IP protocol 4 is filtered near this host") : _("nested probes return from hops before "
			"hop %u but from none beyond: IP protocol 4 is filtered there"),
				nesting.hop);
		return;
	case NESTING_NAT:
		finding = hold_hop(diag, FINDING_NAT_AT_PROBER, k, 0.95);
		finding_say(finding, _("hops from %u on are public but this host's address is private: "
			"nested probes cannot return through NAT"), nesting.hop);
		return;
	}
}

/* Whoever says so may be wrong: then it is no link that is too narrow. */
static void hold_mtu(struct diag *diag, const struct session *session, size_t k)
{
	const struct hop_error *error = &session->hops[k].error;
	struct finding *finding = hold_hop(diag, FINDING_MTU, k, 0.99);
	char from[ADDR_TEXT_MAX];

	finding_fact(finding, "mtu", error->mtu);
	finding_fact(finding, "probe_bytes", session->probe_bytes);
	if (error->mtu < session->probe_bytes) {
		finding_say(finding,
			_("a link towards hop %zu has an MTU of %u bytes; probes are %u bytes"),
			k + 1, error->mtu, session->probe_bytes);
	} else {
		finding_say(finding, _("%s rejects probes to hop %zu as too long, although they are %u "
			"bytes and it reports an MTU of %u"), addr_format(&error->from, from), k + 1,
			session->probe_bytes, error->mtu);
	}
}

static void rule_hops(struct diag *diag, const struct session *session)
{
	for (size_t k = 0; k < session->hop_count; k++) {
		const struct hop *hop = &session->hops[k];
		const struct stats *to = &hop->walk[WALK_TO];
		struct finding *finding;

		if (to->sent >= 20 && to->received == 0 && k + 1 < session->hop_count) {
			finding = hold_hop(diag, FINDING_SILENT_HOP, k, 0.99);
			finding_fact(finding, "asked", (double)to->sent);
			finding_say(finding, _("hop %zu answered none of %llu probes sent to it"), k + 1,
				(unsigned long long)to->sent);
		}
		if (hop->decap == HOP_DECAP_NO && !hop->is_answering) {
			finding = hold_hop(diag, FINDING_NO_DECAP, k, 0.99);
			finding_say(finding, _("hop %zu rejects IP-in-IP (ICMP %u/%u): links are measured "
				"across it"),
				k + 1, hop->refused_type, hop->refused_code);
		}
		if (hop->error.mtu > 0 && !mtu_is_said(session, k, hop->error.mtu)) {
			hold_mtu(diag, session, k);
		}
		for (int kind = 0; kind < WALK_TO; kind++) {
			uint64_t errors = hop->walk[kind].errors[CAUSE_ADMIN_PROHIBITED];

			if (errors > 0 && addr_is_set(&hop->error.from)) {
				finding = hold_hop(diag, FINDING_ADMIN_PROHIBITED, k, 0.99);
				finding_fact(finding, "errors", (double)errors);
				finding_say(finding, _("probes to hop %zu are filtered (administratively "
					"prohibited)"), k + 1);
				break;
			}
		}
	}
}

/* Several addresses that answer at one place, again and again. */
static void rule_ecmp(struct diag *diag, const struct session *session)
{
	for (size_t k = 0; k < session->hop_count; k++) {
		const struct hop *hop = &session->hops[k];

		if (hop->settled_count > 1 && !session->change.is_active) {
			struct finding *finding = hold_hop(diag, FINDING_ECMP, k, 0.9);

			finding_fact(finding, "addresses", (double)hop->seen_count);
			finding_say(finding, hop->has_more_seen ?
				_("hop %zu answers from at least %zu addresses: load balancing upstream") :
				_("hop %zu answers from %zu addresses: load balancing upstream"),
				k + 1, hop->seen_count);
		}
	}
}

/* Two routers, one after the other: one address at hops in a row is that of a translator, of a
 * tunnel or of a router that counts twice. */
static bool is_pair(const struct session *session, size_t k)
{
	const struct addr *first = &session->hops[k].address, *second = &session->hops[k + 1].address;

	return addr_is_set(first) && addr_is_set(second) && !addr_equal(first, second);
}

/* What goes round never comes to the end. */
static bool is_end_reached(const struct session *session)
{
	return session->is_end_expiring || (session->hop_count > 0 &&
		session->hops[session->hop_count - 1].to_kind == TO_ECHO);
}

static void rule_loop(struct diag *diag, const struct session *session)
{
	bool may_loop = !session->is_explicit && !is_end_reached(session);

	for (size_t k = 0; k + 2 < session->hop_count && may_loop; k++) {
		for (size_t i = k + 2; i + 1 < session->hop_count && is_pair(session, k); i++) {
			uint8_t hops[2] = {(uint8_t)(k + 1), (uint8_t)(i + 1)};

			/* Twice the same pair in the same order: packets go round. */
			if (addr_equal(&session->hops[k].address, &session->hops[i].address) &&
			    addr_equal(&session->hops[k + 1].address, &session->hops[i + 1].address)) {
				finding_say(diag_hold(diag, FINDING_ROUTING_LOOP, hops, 2, 0.99),
					_("hops %u and %u are the same router: forwarding loop"),
					hops[0], hops[1]);
				return;
			}
		}
	}
}

/* Routing reaches the end sooner than the given path: To rows are of another way. */
static void rule_way(struct diag *diag, const struct session *session)
{
	for (size_t k = 0; session->is_explicit && k + 1 < session->hop_count; k++) {
		const struct hop *hop = &session->hops[k];

		if (hop->to_kind == TO_ECHO && hop->walk[WALK_TO].received > 0 &&
		    !addr_equal(&hop->address, &session->destination)) {
			struct finding *finding = hold_hop(diag, FINDING_NOT_ON_PATH, k, 0.95);

			finding_fact(finding, "routed_hops", (double)k + 1);
			finding_fact(finding, "path_hops", (double)session->hop_count);
			finding_say(finding, _("routing reaches the destination in %zu hops, the given path in "
				"%zu: To replies describe another path"), k + 1, session->hop_count);
			return;
		}
	}
}

static void rule_change(struct diag *diag, const struct session *session)
{
	const struct path_change *change = &session->change;
	unsigned now = change->hop_count, before = change->old_hop_count;
	struct finding *finding;

	/* Where the new path is followed, or routing is back, it was an event. */
	if (change->first_hop == 0 || change->count == 0 ||
	    (!change->is_active && diag->now >= change->noticed_at + CHANGE_LASTS)) {
		return;
	}
	/* Back on the path that is probed. */
	if (!change->is_active && !change->is_followed) {
		now = change->old_hop_count;
		before = change->hop_count;
	}
	finding = hold_hop(diag, FINDING_ROUTE_CHANGE, change->first_hop - 1u, 0.95);
	finding_fact(finding, "changes", change->count);
	finding_fact(finding, "hops", now);
	if (change->count > 1) {
		finding_say(finding, _("route change at hop %u: %u hops now, previously %u; %u changes so "
			"far"), change->first_hop, now, before, change->count);
	} else {
		finding_say(finding, _("route change at hop %u: %u hops now, previously %u"),
			change->first_hop, now, before);
	}
}

/* Where the ways part or meet: "at hop 3", or where silent routers leave it open. */
static const char *place_words(unsigned low, unsigned high, char *text, size_t cap)
{
	if (low == high) {
		(void)snprintf(text, cap, _("at hop %u"), low);
	} else {
		(void)snprintf(text, cap, _("at one of hops %u to %u"), low, high);
	}
	return text;
}

static void say_asymmetry(struct finding *finding, const struct asym *asym, unsigned from_hop)
{
	char diverges[WORDS], rejoins[WORDS];

	finding_fact(finding, "symmetric_links", asym->symmetric_links);
	finding_fact(finding, "similarity", asym->similarity);
	if (asym->diverges_low < asym->diverges_at) {
		finding_fact(finding, "diverges_low", asym->diverges_low);
	}
	if (asym->rejoins_high > asym->rejoins_at) {
		finding_fact(finding, "rejoins_high", asym->rejoins_high);
	}
	place_words(asym->diverges_low, asym->diverges_at, diverges, sizeof diverges);
	if (asym->rejoins_at > 0) {
		place_words(asym->rejoins_at, asym->rejoins_high, rejoins, sizeof rejoins);
		finding_say(finding, _("the return path from hop %u diverges %s and rejoins %s"), from_hop,
			diverges, rejoins);
	} else {
		finding_say(finding, _("the return path from hop %u diverges %s and does not rejoin"),
			from_hop, diverges);
	}
}

static void rule_asymmetry(struct diag *diag, const struct session *session)
{
	const struct reverse_path *path = &session->reverse;
	struct asym asym = asym_of_session(session, &diag->facts->known);

	/* Traced ways home may be those of either path. */
	if (session->change.is_active) {
		return;
	}
	if (asym.diverges_at != diag->diverges_at || asym.rejoins_at != diag->rejoins_at) {
		diag->diverges_at = asym.diverges_at;
		diag->rejoins_at = asym.rejoins_at;
		diag->diverges_since = diag->now;
	}
	if (diag->now < diag->diverges_since + WAY_LASTS &&
	    (!diag->is_over || session->change.count > 0)) {
		return;
	}

	/* Who else answers at a place, where traffic is balanced, shows in the first rounds only. */
	if (!session->is_explicit && session->rounds < BALANCE_ROUNDS && !diag->is_over) {
		return;
	}
	if (asym.is_known && asym.diverges_at > 0) {
		uint8_t hops[2] = {(uint8_t)asym.diverges_at, (uint8_t)asym.rejoins_at};

		say_asymmetry(diag_hold(diag, FINDING_ASYMMETRIC_PATH, hops, asym.rejoins_at > 0 ? 2 : 1,
			0.97), &asym, path->from_hop);
	}
}

static void rule_length(struct diag *diag, const struct session *session)
{
	unsigned out = session->length[WAY_OUT].hops, back = session->length[WAY_BACK].hops;

	if (out > 0 && back > 0 && out != back) {
		struct finding *finding = hold_hop(diag, FINDING_ASYMMETRIC_LENGTH,
			session->length_hop - 1u, 0.97);

		finding_fact(finding, "out", out);
		finding_fact(finding, "back", back);
		finding_say(finding, _("asymmetric path lengths to hop %u: %u links out, %u back"),
			session->length_hop, out, back);
	}
}

/* The end where others let packets pass as well, or a router where neither hop is alone: sooner to
 * some packets than to others. Where routing has just changed, what was at one place is at the
 * next: so they have to alternate. */
static bool is_at_both(const struct session *session, size_t k, const struct addr *address)
{
	const struct hop *hop = &session->hops[k], *next = &session->hops[k + 1];

	if (addr_equal(address, &session->destination)) {
		return hop->settled_count > 1 && hop->lets_expire;
	}
	return k + 1 < session->hop_count && hop->settled_count > 1 && next->settled_count > 1 &&
	       session_hop_has(next, address);
}

static void rule_unequal(struct diag *diag, const struct session *session)
{
	for (size_t k = 0; k < session->hop_count && !session->change.is_active; k++) {
		const struct hop *hop = &session->hops[k];
		uint8_t hops[2] = {(uint8_t)(k + 1), (uint8_t)(k + 2)};

		for (size_t i = 0; i < hop->settled_count; i++) {
			if (is_at_both(session, k, &hop->seen[i])) {
				finding_say(diag_hold(diag, FINDING_UNEQUAL_ECMP, hops, 2, 0.8),
					_("one router answers as hop %u and as hop %u: load-balanced paths have "
					"different lengths"), hops[0], hops[1]);
				return;
			}
		}
	}
}

void rules_path(struct diag *diag, const struct session *session)
{
	rule_nesting(diag, session);
	rule_hops(diag, session);
	rule_ecmp(diag, session);
	rule_unequal(diag, session);
	rule_loop(diag, session);
	rule_way(diag, session);
	rule_change(diag, session);
	rule_asymmetry(diag, session);
	rule_length(diag, session);
}
