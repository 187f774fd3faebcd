/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <stdio.h>

#include "base/i18n.h"
#include "diag/diag_int.h"

/* DSCP or ECN is another one behind a pair of hops than before it. */

enum { QUOTED_ENOUGH = 3, HOME_ENOUGH = 1, ROUNDS_ENOUGH = 10,
	ECN_MASK = 3, ECN_CE = 3, ECN_NONE = 0,
	WHAT_BYTES = 120 };

/* What is known at each hop, from here on. */
struct trail {
	uint8_t hop, tos;        /* the last that showed it */
	bool may_pass;           /* over hops that never did: they had the time */
	bool is_open;            /* one may still: beyond it nothing is said */
};

/* One hop to the next, on one way. */
struct step {
	bool is_changed;
	uint8_t near, before, after;
};

/* A router that is full marks what says that it may (RFC 3168, 5): that is no rewriting. */
static bool differs(uint8_t before, uint8_t after)
{
	bool is_mark = (after & ECN_MASK) == ECN_CE && (before & ECN_MASK) != ECN_NONE;

	return before >> 2 != after >> 2 || (before != after && !is_mark);
}

static struct step step_of(struct trail *trail, const struct tos_seen *seen, uint32_t enough,
	size_t k)
{
	struct step step = {.near = trail->hop, .before = trail->tos, .after = seen->tos};

	if (seen->count < enough || trail->is_open) {
		trail->is_open = trail->is_open || seen->count > 0 || !trail->may_pass;
		return step;
	}
	step.is_changed = differs(trail->tos, seen->tos);
	trail->hop = (uint8_t)(k + 1);
	trail->tos = seen->tos;
	return step;
}

static void hold(struct diag *diag, const struct step *step, size_t k, bool is_out, bool is_back)
{
	uint8_t hops[] = {step->near, (uint8_t)(k + 1)};
	unsigned dscp = step->before >> 2, ecn = step->before & ECN_MASK;
	unsigned new_dscp = step->after >> 2, new_ecn = step->after & ECN_MASK;
	struct finding *finding = diag_hold(diag, FINDING_DSCP_REWRITTEN, hops, 2, 0.99);
	char what[WHAT_BYTES];

	finding_fact(finding, "dscp", dscp);
	finding_fact(finding, "dscp_after", new_dscp);
	finding_fact(finding, "ecn", ecn);
	finding_fact(finding, "ecn_after", new_ecn);
	finding_fact(finding, "out", is_out);
	finding_fact(finding, "back", is_back);
	if (dscp != new_dscp && ecn != new_ecn) {
		(void)snprintf(what, sizeof what, _("DSCP %u becomes %u and ECN %u becomes %u"), dscp,
			new_dscp, ecn, new_ecn);
	} else if (dscp != new_dscp) {
		(void)snprintf(what, sizeof what, _("DSCP %u becomes %u"), dscp, new_dscp);
	} else {
		(void)snprintf(what, sizeof what, _("ECN %u becomes %u"), ecn, new_ecn);
	}
	finding_say(finding, is_out && is_back ? _("%s between hops %u and %u, out and back") :
		is_out ? _("%s between hops %u and %u, on the way out") :
		_("%s between hops %u and %u, on the way back"), what, (unsigned)step->near,
		(unsigned)(k + 1));
}

void rules_tos(struct diag *diag, const struct session *session)
{
	struct trail out = {.tos = session->tos,
		.may_pass = session->rounds >= ROUNDS_ENOUGH || diag->is_over};
	struct trail back = out;

	for (size_t k = 0; k < session->hop_count && !session->change.is_active; k++) {
		const struct hop *hop = &session->hops[k];
		struct step there = step_of(&out, &hop->tos_quoted, QUOTED_ENOUGH, k);
		struct step home = step_of(&back, &hop->tos_home, HOME_ENOUGH, k);
		bool is_both = there.is_changed && home.is_changed && there.near == home.near &&
			there.before == home.before && there.after == home.after;

		if (there.is_changed) {
			hold(diag, &there, k, true, is_both);
		}
		if (home.is_changed && !is_both) {
			hold(diag, &home, k, false, true);
		}
	}
}
