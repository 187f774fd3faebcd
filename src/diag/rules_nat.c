/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <stdio.h>

#include "base/i18n.h"
#include "diag/diag_int.h"

/*
 * Somebody on the way writes other addresses or ports into our packets: hops behind him quote
 * what they got. Hops before quote what was sent, so the first that does not says where.
 */
enum { QUOTES_ENOUGH = 3, PAIR_TEXT = 2 * ADDR_TEXT_MAX + 8 };

static bool is_changed(const struct diag *diag, const struct rewrite *rewrite)
{
	return rewrite->changed >= (diag->is_over ? 1 : QUOTES_ENOUGH);
}

static bool is_same_rewrite(const struct rewrite *a, const struct rewrite *b)
{
	return addr_equal(&a->source, &b->source) && addr_equal(&a->destination, &b->destination) &&
	       a->is_port_changed == b->is_port_changed && a->is_sum_changed == b->is_sum_changed;
}

/* "10.0.1.1 > 10.0.8.8" */
static const char *pair_text(const struct addr *from, const struct addr *to,
	char ret_text[PAIR_TEXT])
{
	char text[ADDR_TEXT_MAX], other[ADDR_TEXT_MAX];

	(void)snprintf(ret_text, PAIR_TEXT, "%s > %s", addr_format(from, text),
		addr_format(to, other));
	return ret_text;
}

/* `behind`: the last hop before that quoted what it was shown before; 0: none. */
static void say_where(struct finding *finding, const char *what, unsigned behind, unsigned hop)
{
	if (behind == 0) {
		finding_say(finding, _("%s: NAT at or before hop %u"), what, hop);
	} else {
		finding_say(finding, _("%s: NAT after hop %u, at or before hop %u"), what,
			behind, hop);
	}
}

static void hold_nat(struct diag *diag, const struct session *session, size_t k, unsigned behind)
{
	const struct rewrite *rewrite = &session->hops[k].rewrite;
	const struct addr *self = session_self(session, session->destination.family);
	bool has_source = addr_is_set(&rewrite->source);
	bool has_destination = addr_is_set(&rewrite->destination);
	uint8_t hop = (uint8_t)(k + 1);
	struct finding *finding = diag_hold(diag, FINDING_NAT, &hop, 1, 0.97);
	char what[FINDING_TEXT - 80], quoted[PAIR_TEXT];

	finding_fact(finding, "quotes", rewrite->quotes);
	finding_fact(finding, "quotes_changed", rewrite->changed);
	finding_fact(finding, "source_changed", has_source);
	finding_fact(finding, "destination_changed", has_destination);
	finding_fact(finding, "port_changed", rewrite->is_port_changed);
	finding_fact(finding, "checksum_changed", rewrite->is_sum_changed);
	finding_fact(finding, "behind_hop", behind);
	if (has_source || has_destination) {
		(void)snprintf(what, sizeof what, _("hop %u saw %s"), hop,
			pair_text(has_source ? &rewrite->source : self,
				has_destination ? &rewrite->destination : &session->destination, quoted));
	} else if (rewrite->is_port_changed) {
		(void)snprintf(what, sizeof what, _("hop %u saw source port %u, which we did not use"),
			hop, rewrite->port);
	} else {
		(void)snprintf(what, sizeof what, _("hop %u quotes our addresses with a checksum that does "
			"not match them"), hop);
	}
	say_where(finding, what, behind, hop);
}

void rules_nat(struct diag *diag, const struct session *session)
{
	struct rewrite before = {0};
	unsigned behind = 0;

	if (session_self(session, session->destination.family) == NULL) {
		return;
	}
	for (size_t k = 0; k < session->hop_count; k++) {
		const struct rewrite *rewrite = &session->hops[k].rewrite;

		if (is_changed(diag, rewrite) && !is_same_rewrite(rewrite, &before)) {
			hold_nat(diag, session, k, behind);
			before = *rewrite;
		}
		if (rewrite->quotes > 0) {
			behind = (unsigned)k + 1;
		}
	}
}
