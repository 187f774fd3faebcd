/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <string.h>

#include "base/i18n.h"
#include "diag/diag_int.h"

/*
 * What this host itself does: it moves, replies may come in elsewhere than probes leave, and it
 * loses packets. Whoever reads the numbers has to know.
 */
enum { VOID_LEAST = 3 };

static const ns_t LOCAL_LASTS = 60 * NS_PER_SEC, VOID_LASTS = 10 * NS_PER_SEC;
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

static struct finding *hold_local(struct diag *diag, const struct session *session)
{
	static const double SURE = 0.99;
	struct finding *finding = diag_hold(diag, FINDING_LOCAL_DROP, (const uint8_t[]){0}, 1, SURE);

	finding_fact(finding, "rx_dropped", (double)session->rx_dropped);
	finding_fact(finding, "send_errors", (double)session->send_errors);
	finding_fact(finding, "void_rounds", (double)session->void_rounds);
	return finding;
}

static void say_send_error(struct finding *finding, const struct session *session)
{
	if (session->send_errno != 0) {
		finding_fact(finding, "send_errno", session->send_errno);
		finding_say(finding, _("%s; last send error: %s"), finding->text,
			strerror(session->send_errno));
	}
}

static void rule_local(struct diag *diag, const struct session *session)
{
	uint64_t count = session->rx_dropped + session->send_errors;

	if (count > diag->local_lost) {
		diag->local_at = diag->now;
	}
	diag->local_lost = count;
	if (count > 0 && diag->now < diag->local_at + LOCAL_LASTS) {
		struct finding *finding = hold_local(diag, session);

		finding_say(finding, _("this host dropped %llu packets and failed to send %llu: %llu "
			"rounds excluded"), (unsigned long long)session->rx_dropped,
			(unsigned long long)session->send_errors, (unsigned long long)session->void_rounds);
		say_send_error(finding, session);
	}
}

/* A table that says 0.0 % and does not count any more must not be taken for a good one. */
static void rule_excluded(struct diag *diag, const struct session *session)
{
	uint64_t good = session->rounds - session->void_rounds;
	bool has_unsent;
	double lasts;
	struct finding *finding;

	/* The latest rounds may yet be excluded, so fewer than before are no news; a reset gives all
	 * back that was excluded. */
	if (diag->good_at == 0 || good > diag->good_rounds || session->is_paused) {
		diag->good_rounds = good;
		diag->void_before = session->void_rounds;
		diag->unsent_before = session->send_errors;
		diag->dropped_before = session->rx_dropped;
		diag->good_at = diag->now;
	}
	if (session->void_rounds < diag->void_before + VOID_LEAST ||
	    diag->now < diag->good_at + VOID_LASTS) {
		return;
	}
	has_unsent = session->send_errors > diag->unsent_before && session->send_errno != 0;
	if (!has_unsent && session->rx_dropped > diag->dropped_before) {
		return; /* that is told already */
	}
	lasts = ns_to_sec(diag->now - diag->good_at);
	finding = hold_local(diag, session);
	finding_fact(finding, "void_s", lasts);
	if (has_unsent) {
		finding_fact(finding, "send_errno", session->send_errno);
		finding_say(finding, _("no round has counted for %.0f s: this host cannot send (%s)"),
			lasts, strerror(session->send_errno));
	} else {
		finding_say(finding, _("no round has counted for %.0f s: this host has no connection"),
			lasts);
	}
}

void rules_host(struct diag *diag, const struct session *session)
{
	rule_move(diag, session);
	rule_arrivals(diag, session);
	rule_local(diag, session);
	rule_excluded(diag, session);
}
