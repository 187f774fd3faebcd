/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <math.h>

#include "base/i18n.h"
#include "diag/diag_int.h"
#include "infer/asym.h"

/*
 * Loss that packets meet on their way: which link, which direction, or which hop's unwrapping.
 * The verdict compares depths of the same round; what it names, the others are not blamed for.
 */
static const double ALPHA = 0.05, LINK_ALPHA = 0.02, PATH_ALPHA = 0.005;
/* Chi squared; of hops many are looked at again and again. */
static const double LINK_ASKED = 12, DECAP_ASKED = 20;

static double percent(double fraction)
{
	return 100 * fmin(fmax(fraction, 0), 1);
}

/* Rounds until the evidence reaches the threshold, if all goes on as it did. */
static uint32_t rounds_to_decide(const struct pair_watch *watch, double threshold)
{
	struct pairs pairs = watch_since(watch, &watch->all);
	double c = (double)pairs.deeper, b = (double)pairs.shallower, n = (double)pairs.rounds;
	double later = (double)pairs.later;

	if (pairs.deeper < 2 || c < 2 * b) {
		return 0;
	}
	pairs.quiet_deeper = pairs.quiet_shallower = pairs.quiet_later = 0;
	for (double grown = 1; grown < 64; grown *= 1.25) {
		pairs.deeper = (uint64_t)(c * grown);
		pairs.shallower = (uint64_t)(b * grown);
		pairs.later = (uint64_t)(later * grown);
		if (pair_log_evidence_of(&pairs) + log(1.6) >= threshold) {
			return (uint32_t)(n * (grown - 1));
		}
	}
	return 0;
}

static const char *direction_words(const struct link_verdict *verdict)
{
	switch (verdict->direction) {
	case DIRECTION_OUT:
		return _("on the forward path");
	case DIRECTION_BACK:
		return _("on the return path");
	case DIRECTION_BOTH:
		return _("in both directions");
	case DIRECTION_UNKNOWN:
		break;
	}
	return _("direction not known");
}

static void say_counts(struct finding *finding, const struct pairs *pairs, double evidence)
{
	finding_fact(finding, "rounds", (double)pairs->rounds);
	finding_fact(finding, "deeper_only_lost", (double)pairs->deeper);
	finding_fact(finding, "shallower_only_lost", (double)pairs->shallower);
	finding_fact(finding, "ln_evidence", evidence);
}

/* The comparison that convicts the link; of both the one that the path's own walks make. */
static const struct pair_watch *proof_of(const struct diag *diag, size_t k)
{
	return watch_has_alarm(&diag->link[k]) || !diag->is_home_same ||
	       !watch_has_alarm(&diag->plain[k]) ? &diag->link[k] : &diag->plain[k];
}

/* Of now; and where it has changed, what it was. */
static void say_loss(struct finding *finding, const struct loss_now *now)
{
	finding_fact(finding, "loss", fmax(now->loss, 0));
	finding_fact(finding, "low", fmax(now->low, 0));
	finding_fact(finding, "high", fmin(now->high, 1));
	if (now->before > 0) {
		finding_fact(finding, "before", now->before);
	}
}

static void say_end(struct finding *finding, uint8_t near, const struct loss_now *now)
{
	double excess = now->loss, low = percent(now->low), high = percent(now->high);

	if (near == 0) {
		finding_say(finding, _("%.1f %% loss (%.1f to %.1f) between this host and the destination, "
			"or on the destination's return path"), percent(excess), low, high);
	} else {
		finding_say(finding, _("%.1f %% loss (%.1f to %.1f) between hop %u and the destination, or "
			"on the destination's return path"), percent(excess), low, high, near);
	}
}

static void hold_link(struct diag *diag, const struct session *session, size_t k)
{
	const struct pair_watch *watch = proof_of(diag, k);
	struct link_verdict *verdict = &diag->verdict[k];
	struct pairs pairs = watch_since(watch, &watch->alarm);
	uint8_t hops[2] = {diag->near[k], (uint8_t)(k + 1)};
	double inflation = watch_inflation(watch), plain_high;
	struct loss_now now = watch_loss_now(watch);
	unsigned bad_flows = watch_bad_flows(session, k, diag->near[k], session->main_walk);
	struct finding *finding;

	finding = diag_hold(diag, FINDING_LINK_LOSS, hops, 2, 1 - LINK_ALPHA);
	finding->worst = watch_worst(watch, &now);
	say_counts(finding, &pairs, pair_log_evidence_of(&pairs));
	say_loss(finding, &now);
	if (inflation > 1.5) {
		finding_fact(finding, "burst_inflation", inflation);
	}
	if (verdict->has_bounds) {
		finding_fact(finding, "out_low", verdict->out_low);
		finding_fact(finding, "back_low", verdict->back_low);
	}
	if (session->hops[k].is_answering) {
		say_end(finding, hops[0], &now);
		diag_say_place(diag, session, finding);
		return;
	}
	if (bad_flows > 0) {
		finding_place(finding, hops[0] + 1u, hops[1]);
		finding_fact(finding, "bad_flows", bad_flows);
		finding_say(finding, _("link %u-%u loses %.1f %%, nearly all of it in %u of %u flows: one "
			"bad member of several, %s"), hops[0], hops[1], percent(now.loss), bad_flows,
			session->flow_count, direction_words(verdict));
		return;
	}
	if (nested_is_other_line(&pairs, &plain_high)) {
		finding_place(finding, hops[0] + 1u, hops[1]);
		finding_fact(finding, "ordinary_high", plain_high);
		finding_say(finding, _("link %u-%u loses %.1f %% (%.1f to %.1f), but at most %.1f %% of "
			"ordinary packets: one bad member of several, %s"), hops[0], hops[1],
			percent(now.loss), percent(now.low), percent(now.high), percent(plain_high),
			direction_words(verdict));
		return;
	}
	if (now.before > 0) {
		finding_say(finding, _("link %u-%u loses %.1f %% (%.1f to %.1f), up to %.1f %% before, "
			"%s"), hops[0], hops[1], percent(now.loss), percent(now.low), percent(now.high),
			percent(now.before), direction_words(verdict));
	} else {
		finding_say(finding, _("link %u-%u loses %.1f %% (%.1f to %.1f), %s"), hops[0], hops[1],
			percent(now.loss), percent(now.low), percent(now.high), direction_words(verdict));
	}
	diag_say_place(diag, session, finding);
}

/* What comes of what hops[k] unwraps beyond doubt. */
static bool is_decap_fault(const struct diag *diag, size_t k)
{
	bool was_held = diag_is_active(diag, FINDING_DECAP_FAULT, (uint8_t)(k + 1));

	return diag->blame[k].unwrap_asked > (was_held ? DECAP_ASKED / 2 : DECAP_ASKED);
}

/* Something between the two depths loses, and their hops explain it without the link. */
static bool is_exonerated(const struct diag *diag, size_t k)
{
	const struct blame *blame = &diag->blame[k];

	return blame->link_asked < LINK_ASKED && (is_decap_fault(diag, k) ||
		(diag->near[k] > 0 && is_decap_fault(diag, diag->near[k] - 1u)));
}

static void hold_decap(struct diag *diag, size_t k)
{
	uint8_t hop = (uint8_t)(k + 1);
	const struct blame *blame = &diag->blame[k];
	struct finding *finding = diag_hold(diag, FINDING_DECAP_FAULT, &hop, 1, 0.95);

	finding->worst = fmax(finding->worst, blame->unwrap_loss);
	finding_fact(finding, "loss", blame->unwrap_loss);
	finding_fact(finding, "chi_squared", blame->unwrap_asked);
	if (diag->verdict[k].is_suspect) {
		finding_say(finding, _("hop %u drops %.1f %% of packets it decapsulates"), hop,
			percent(blame->unwrap_loss));
		return;
	}
	finding_say(finding,
		_("hop %u drops %.1f %% of packets it decapsulates and none that it merely forwards"),
		hop, percent(blame->unwrap_loss));
}

/* One or two comparisons may convict each of the links. */
static double threshold_of(const struct diag *diag, size_t k)
{
	return log((diag->plain[k].total.rounds > 0 ? 2 : 1) * (double)diag->link_count / LINK_ALPHA);
}

static bool judge_watches(struct diag *diag, size_t k)
{
	double threshold = threshold_of(diag, k);

	watch_judge(&diag->link[k], threshold, diag->near[k] == 0, diag->now);
	if (diag->plain[k].total.rounds > 0) {
		watch_judge(&diag->plain[k], threshold, diag->near[k] == 0, diag->now);
	}
	return watch_has_alarm(&diag->link[k]) || watch_has_alarm(&diag->plain[k]);
}

/* A gateway may police bounces, or drop some of them, and nothing else: so they convict a link only
 * of what ordinary packets lose as well. */
static bool is_of_bounces_alone(const struct diag *diag, const struct session *session, size_t k)
{
	const struct pair_watch *watch = proof_of(diag, k);
	struct pairs pairs = watch_since(watch, &watch->alarm);

	return session_is_bounced(session, k) && !nested_is_shared(&pairs);
}

static void judge_link(struct diag *diag, const struct session *session, size_t k)
{
	struct link_verdict *verdict = &diag->verdict[k];

	nested_judge(diag, session, k, proof_of(diag, k));
	verdict->is_suspect = watch_has_alarm(proof_of(diag, k)) && !is_exonerated(diag, k) &&
		diag->nested[k] == NESTED_AS_ALL && !is_of_bounces_alone(diag, session, k) &&
		(verdict->is_suspect || !session->hops[k].is_answering || !limit_holds_back(diag));
	verdict->rounds_to_decide = verdict->is_suspect ? 0 :
		rounds_to_decide(&diag->link[k], threshold_of(diag, k));
	if (verdict->is_suspect) {
		direction_judge(diag, session, k);
	} else {
		verdict->has_bounds = false;
		verdict->direction = DIRECTION_UNKNOWN;
	}
}

static void rule_links(struct diag *diag, const struct session *session)
{
	/* Of the same links, not only of the same routers. */
	struct asym asym = asym_of_session(session, NULL);
	bool has_alarm = false, is_nested = false;

	diag->is_home_same = asym.is_known && asym.diverges_at == 0;
	for (size_t k = 0; k < session->hop_count; k++) {
		has_alarm = (diag->is_measured[k] && judge_watches(diag, k)) || has_alarm;
	}
	if (has_alarm) {
		blame_judge(diag, session);
	}
	for (size_t k = 0; k < session->hop_count; k++) {
		diag->verdict[k] = diag->is_measured[k] ? diag->verdict[k] : (struct link_verdict){0};
		diag->nested[k] = diag->is_measured[k] ? diag->nested[k] : NESTED_AS_ALL;
		if (diag->is_measured[k]) {
			judge_link(diag, session, k);
		}
		if (diag->verdict[k].is_suspect) {
			hold_link(diag, session, k);
		}
		/* Those behind it are lost by the same hand. */
		if ((diag->nested[k] == NESTED_ALONE || diag->nested[k] == NESTED_OPEN) && !is_nested &&
		    !is_exonerated(diag, k) && !session_is_bounced(session, k)) {
			nested_hold(diag, session, k, proof_of(diag, k));
			is_nested = true;
		}
		if (has_alarm && diag->is_measured[k] && is_decap_fault(diag, k)) {
			hold_decap(diag, k);
		}
	}
}

static bool is_any_named(const struct diag *diag, const struct session *session)
{
	for (size_t k = 0; k < session->hop_count; k++) {
		if (diag->verdict[k].is_suspect || diag->nested[k] != NESTED_AS_ALL ||
		    diag_is_active(diag, FINDING_DECAP_FAULT, (uint8_t)(k + 1))) {
			return true;
		}
	}
	return false;
}

/* Loss to the end of which no link is convicted yet. */
static void rule_path(struct diag *diag, const struct session *session)
{
	struct pair_watch *watch = &diag->path;
	struct pairs pairs;
	struct loss_now now;
	struct finding *finding;

	watch_judge(watch, -log(PATH_ALPHA), true, diag->now);
	if (!watch_has_alarm(watch) || is_any_named(diag, session) ||
	    nested_is_path_refuted(diag, session) ||
	    (session->hops[diag->path_hop - 1u].is_answering &&
	     !diag_is_active(diag, FINDING_PATH_LOSS, diag->path_hop) &&
	     limit_holds_back(diag))) {
		return;
	}
	pairs = watch_since(watch, &watch->alarm);
	now = watch_loss_now(watch);
	finding = diag_hold(diag, FINDING_PATH_LOSS, &diag->path_hop, 1, 1 - PATH_ALPHA);
	finding->worst = watch_worst(watch, &now);
	finding_fact(finding, "rounds", (double)pairs.rounds);
	finding_fact(finding, "lost", (double)pairs.deeper);
	finding_fact(finding, "loss", now.loss);
	finding_place(finding, 1, diag->path_hop);
	finding_say(finding, _("%.1f %% round-trip loss to hop %u; the lossy link is not proven yet"),
		percent(now.loss), diag->path_hop);
}

/* Routing also chose the way to the hop's address. Walks that come home over the path instead tell:
 * where they lose as little as it, the way home is to blame. */
static bool is_way_out_clean(const struct session *session, size_t k)
{
	const struct stats *out = watch_stats(session, k, WALK_RETURN_ONLY);
	const struct stats *both = watch_stats(session, k, WALK_NATURAL);

	return loss_always_valid(out->lost, stats_loss_trials(out), ALPHA).high <
	       loss_always_valid(both->lost, stats_loss_trials(both), ALPHA).low;
}

/* What routing takes to a hop and home loses more than what goes over the path. */
static void rule_return(struct diag *diag, const struct session *session)
{
	double threshold = log((double)diag->link_count / ALPHA);

	for (size_t k = 0; k < session->hop_count; k++) {
		struct pair_watch *watch = &diag->home[k];
		uint8_t hop = (uint8_t)(k + 1);
		struct pairs pairs;
		struct loss_now now;
		struct finding *finding;

		if (!diag->is_measured[k] || watch->total.rounds == 0) {
			continue;
		}
		watch_judge(watch, threshold, false, diag->now);
		if (!watch_has_alarm(watch)) {
			continue;
		}
		pairs = watch_since(watch, &watch->alarm);
		now = watch_loss_now(watch);
		finding = diag_hold(diag, FINDING_RETURN_PATH_LOSS, &hop, 1, 1 - ALPHA);
		finding->worst = watch_worst(watch, &now);
		say_counts(finding, &pairs, pair_log_evidence_of(&pairs));
		finding_fact(finding, "loss", fmax(now.loss, 0));
		if (is_way_out_clean(session, k)) {
			finding_say(finding, _("packets routed back from hop %u lose %.1f %% more than those "
				"returned along the path"), hop, percent(now.loss));
		} else {
			finding_say(finding, _("normally routed packets to hop %u and back lose %.1f %% more "
				"than those along the path: on the return path, or towards its address"),
				hop, percent(now.loss));
		}
	}
}

/* Where nothing but bounces leads through a hop: the link to it. Which way it loses, nothing
 * tells. */
static void rule_first_link(struct diag *diag, const struct session *session)
{
	struct link_verdict *verdict = &diag->verdict[0];

	(void)judge_watches(diag, 0);
	nested_judge(diag, session, 0, &diag->link[0]);
	*verdict = (struct link_verdict){
		.is_suspect = watch_has_alarm(&diag->link[0]) && diag->nested[0] == NESTED_AS_ALL &&
			!is_of_bounces_alone(diag, session, 0)};
	if (verdict->is_suspect) {
		hold_link(diag, session, 0);
	} else {
		verdict->rounds_to_decide = rounds_to_decide(&diag->link[0], threshold_of(diag, 0));
	}
}

void rules_loss(struct diag *diag, const struct session *session)
{
	if (diag->is_path_asked && diag->is_measured[0] && session_is_bounced(session, 0)) {
		rule_first_link(diag, session);
	}
	if (diag->link_count > 0 && !diag->is_path_asked) {
		rule_links(diag, session);
		rule_return(diag, session);
		rule_path(diag, session);
	}
	if (session->has_walk[session->main_walk]) {
		nested_rule_never(diag, session);
	}
}
