/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <string.h>

#include "base/i18n.h"
#include "diag/diag_int.h"

/*
 * What this host itself does: it moves, and replies may come in elsewhere than probes leave.
 * Neither is trouble, but whoever reads the numbers has to know.
 */
static const ns_t MOVE_LASTS = 60 * NS_PER_SEC, ARRIVAL_LASTS = 10 * NS_PER_SEC;

static void rule_move(struct diag *diag, const struct session *session)
{
	static const double SURE = 1;
	const struct host_move *move = &session->move;
	char was[ADDR_TEXT_MAX], is[ADDR_TEXT_MAX];
	struct finding *finding;

	if (move->count == 0 || diag->now >= move->at + MOVE_LASTS) {
		return;
	}
	finding = diag_hold(diag, FINDING_MOVED, (const uint8_t[]){0}, 1, SURE);
	finding->first = move->at < finding->first ? move->at : finding->first;
	finding_fact(finding, "moves", move->count);
	(void)addr_format(&move->was, was);
	(void)addr_format(&session->self, is);
	if (!addr_equal(&move->was, &session->self) ||
	    strcmp(move->was_by.name, session->interface.name) != 0) {
		finding_say(finding, _("this host moved: probes now leave from %s on %s, previously from "
			"%s on %s"), is, session->interface.name, was, move->was_by.name);
	} else {
		finding_say(finding, _("%s was removed and created again: probes now leave on the new one, "
			"still from %s"), session->interface.name, is);
	}
}

static void rule_arrivals(struct diag *diag, const struct session *session)
{
	static const double SURE = 0.99;
	const struct arrivals *arrivals = &session->arrivals;
	struct finding *finding;

	if (arrivals->elsewhere == 0 || diag->now >= arrivals->last_at + ARRIVAL_LASTS) {
		return;
	}
	finding = diag_hold(diag, FINDING_ANSWERS_ELSEWHERE, (const uint8_t[]){0}, 1, SURE);
	finding_fact(finding, "elsewhere", (double)arrivals->elsewhere);
	finding_fact(finding, "replies", (double)arrivals->replies);
	finding_say(finding, _("%llu of %llu replies arrived on %s, but probes leave on %s: the return "
		"path ends at another interface"), (unsigned long long)arrivals->elsewhere,
		(unsigned long long)arrivals->replies, arrivals->by, session->interface.name);
}

void rules_host(struct diag *diag, const struct session *session)
{
	rule_move(diag, session);
	rule_arrivals(diag, session);
}
