/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "diag/diag.h"

#include <stdlib.h>
#include <string.h>

#include "base/i18n.h"
#include "base/mem.h"
#include "diag/diag_int.h"

struct diag *diag_create(void)
{
	static const struct path_facts nothing;
	struct diag *diag = xcalloc(1, sizeof *diag);

	diag->facts = &nothing;
	diag->next_round = 1;
	return diag;
}

void diag_destroy(struct diag *diag)
{
	for (size_t k = 0; diag != NULL && k < HOP_MAX; k++) {
		limit_forget(diag, k);
	}
	free(diag);
}

void diag_set_facts(struct diag *diag, const struct path_facts *facts)
{
	diag->facts = facts;
}

static int by_weight(const void *a, const void *b)
{
	const struct finding *x = a, *y = b;
	int sx = (int)finding_grade(x), sy = (int)finding_grade(y);

	if (x->is_active != y->is_active) {
		return x->is_active ? -1 : 1;
	}
	if (x->is_active && sx != sy) {
		return sy - sx;
	}
	if (x->is_active && x->id != y->id) {
		return (int)x->id - (int)y->id;
	}
	/* Of what is over the latest first. */
	return x->is_active ? (x->begun > y->begun) - (x->begun < y->begun) :
		(x->last < y->last) - (x->last > y->last);
}

/* Whether what was held as `echo` is now known to be `cause`. */
static bool explains(const struct finding *cause, const struct finding *echo)
{
	if (echo->id == FINDING_PATH_LOSS) {
		return cause->id == FINDING_LINK_LOSS || cause->id == FINDING_DECAP_FAULT ||
		       cause->id == FINDING_END_SILENT;
	}
	if (echo->id == FINDING_LINK_LOSS) {
		return cause->id == FINDING_DECAP_FAULT &&
		       memchr(echo->hop, cause->hop[0], echo->hop_count) != NULL;
	}
	if (echo->id == FINDING_COSMETIC_LATENCY) {
		return (cause->id == FINDING_COSMETIC_LATENCY || cause->id == FINDING_MPLS_ICMP_TUNNEL) &&
		       memchr(cause->hop, echo->hop[0], cause->hop_count) != NULL;
	}
	/* Of the way back more has become known: where it comes back to the path. */
	if (echo->id == FINDING_ASYMMETRIC_PATH) {
		return cause->id == FINDING_ASYMMETRIC_PATH && cause->hop[0] == echo->hop[0] &&
		       echo->hop_count == 1 && cause->hop_count == 2 && cause->hop[1] < cause->hop[0];
	}
	return echo->id == FINDING_COSMETIC_LOSS && cause->id == FINDING_ICMP_RATE_LIMIT &&
	       cause->hop[0] == echo->hop[0];
}

/* The trouble that `echo` told of goes on under a better name: that one has its beginning. */
static bool is_explained(struct diag *diag, const struct finding *echo)
{
	for (size_t i = 0; i < diag->finding_count; i++) {
		struct finding *cause = &diag->finding[i];

		if (diag->is_held[i] && explains(cause, echo)) {
			cause->first = cause->first < echo->begun ? cause->first : echo->begun;
			cause->begun = cause->begun < echo->begun ? cause->begun : echo->begun;
			return true;
		}
	}
	return false;
}

/* Across a change of path. */
enum across { ACROSS_HOLDS, ACROSS_SAYS_SO, ACROSS_VOID };

static enum across across_of(enum finding_id id)
{
	switch ((int)id) {
	case FINDING_LINK_LOSS:
	case FINDING_DECAP_FAULT:
	case FINDING_QUEUEING:
		return ACROSS_SAYS_SO;
	case FINDING_LATENCY_STEP:
	case FINDING_COSMETIC_LOSS:
	case FINDING_COSMETIC_LATENCY:
		return ACROSS_VOID;
	default:
		return ACROSS_HOLDS;
	}
}

/* As if it had not come back; false: it was never there before. */
static bool undo_episode(struct finding *finding)
{
	if (finding->episodes < 2) {
		return false;
	}
	finding->episodes--;
	finding->last = finding->begun = finding->ended;
	finding->is_active = false;
	return true;
}

static bool is_on_new_path(const struct session *session, unsigned hop)
{
	const struct path_change *change = &session->change;

	/* Who is silent there may be the one that was. */
	if (hop > change->first_hop && hop <= change->hop_count &&
	    !addr_is_set(&change->hops[hop - 1])) {
		return true;
	}
	for (size_t k = 0; hop > 0 && k < change->hop_count; k++) {
		if (addr_equal(&change->hops[k], &session->hops[hop - 1].address)) {
			return true;
		}
	}
	return hop == 0;
}

/* Whether traffic does not take the hops any more that the finding is of. */
static bool is_left(const struct session *session, const struct finding *finding)
{
	for (size_t i = 0; i < finding->hop_count; i++) {
		if (!is_on_new_path(session, finding->hop[i])) {
			return true;
		}
	}
	return false;
}

/* While the nested probes keep to the path that traffic has left, what they find behind the change
 * is of that one, and of both together nothing is said. */
static void heed_change(struct diag *diag, const struct session *session)
{
	size_t kept = 0;

	for (size_t i = 0; i < diag->finding_count; i++) {
		struct finding *finding = &diag->finding[i];
		bool is_behind = diag->is_held[i] && session->change.is_active &&
			finding->hop_count > 0 &&
			finding->hop[finding->hop_count - 1] >= session->change.first_hop;
		enum across across = is_behind ? across_of(finding->id) : ACROSS_HOLDS;

		if (across == ACROSS_SAYS_SO && is_left(session, finding)) {
			finding_say(finding, _("%s; traffic has left this path since the route change"),
				finding->text);
		}
		if (across == ACROSS_VOID && finding->begun == diag->now && !undo_episode(finding)) {
			continue;
		}
		diag->is_held[i] = diag->is_held[i] && across != ACROSS_VOID;
		diag->is_held[kept] = diag->is_held[i];
		diag->finding[kept++] = *finding;
	}
	diag->finding_count = kept;
}

/* What is not held any more is over, and stays for the log if nothing explains it. Of borders it
 * was what names seemed to say, until more of them came: nothing happened then. */
static void end_findings(struct diag *diag)
{
	bool is_echo[FINDINGS_MAX] = {false};
	size_t kept = 0;

	for (size_t i = 0; i < diag->finding_count; i++) {
		is_echo[i] = diag->finding[i].is_active && !diag->is_held[i] &&
			(diag->finding[i].id == FINDING_BOUNDARY ||
			 is_explained(diag, &diag->finding[i]));
		diag->finding[i].is_active = diag->is_held[i];
	}
	for (size_t i = 0; i < diag->finding_count; i++) {
		if (!is_echo[i] || undo_episode(&diag->finding[i])) {
			diag->finding[kept++] = diag->finding[i];
		}
	}
	diag->finding_count = kept;
}

void diag_advance(struct diag *diag, const struct session *session, ns_t now, bool is_over)
{
	diag->now = now;
	diag->is_over = is_over;
	watch_rounds(diag, session, is_over);
	/* Verdicts are for people: once a second will do, and every few rounds where they are fast. */
	if (!is_over && diag->next_round < diag->judged_round + JUDGE_ROUNDS &&
	    (now < diag->judged_at + NS_PER_SEC || diag->next_round == diag->judged_round)) {
		return;
	}
	diag->judged_round = diag->next_round;
	diag->judged_at = now;
	memset(diag->is_held, 0, sizeof diag->is_held);
	diag->end.is_undecided = false;
	for (size_t k = 0; k < session->hop_count; k++) {
		limit_judge(&diag->to[k]);
	}
	rules_loss(diag, session);
	rules_end(diag, session);
	rules_to(diag, session);
	rules_path(diag, session);
	rules_mpls(diag, session);
	rules_home(diag, session);
	rules_flaws(diag, session);
	rules_mtu(diag, session);
	rules_tos(diag, session);
	rules_nat(diag, session);
	rules_host(diag, session);
	rules_source(diag, session);
	rules_time(diag, session);
	rules_place(diag, session);
	rules_border(diag);
	heed_change(diag, session);
	end_findings(diag);
	qsort(diag->finding, diag->finding_count, sizeof diag->finding[0], by_weight);
}

const struct finding *diag_findings(const struct diag *diag, size_t *ret_count)
{
	*ret_count = diag->finding_count;
	return diag->finding;
}

struct link_verdict diag_link(const struct diag *diag, size_t k)
{
	return diag->verdict[k];
}
