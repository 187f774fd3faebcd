/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <math.h>
#include <stdio.h>

#include "base/i18n.h"
#include "diag/diag_int.h"

/* What end.c keeps of the end of the path, as findings. */
static const double END_ALPHA = 0.005;

/* Where the first link loses as well, what is said to be behind it must be surer. */
static const double BEHIND_ALPHA = 0.001;

static void say_silent(const struct diag *diag, const struct session *session,
	struct finding *finding, size_t last)
{
	const struct end_watch *end = &diag->end;
	char to[ADDR_TEXT_MAX], by[ADDR_TEXT_MAX];

	(void)addr_format(&session->destination, to);
	if (last == 0) {
		finding_say(finding, ngettext("%s has not replied (%u round, and no hop replies)",
			"%s has not replied (%u rounds, and no hop replies)", end->missed), to, end->missed);
		return;
	}
	(void)addr_format(&session->hops[last - 1].address, by);
	finding_say(finding, ngettext(
		"%s has not replied (%u round; the last hop that replies is %zu, %s)",
		"%s has not replied (%u rounds; the last hop that replies is %zu, %s)", end->missed), to,
		end->missed, last, by);
}

/* Who said since then that the end cannot be reached. */
static void say_reason(struct finding *finding, const struct hop_error *error, ns_t since)
{
	char from[ADDR_TEXT_MAX];

	if (addr_is_set(&error->from) && error->kind == WALK_TO && error->sent_at >= since) {
		finding_say(finding, _("%s; %s reports: %s"), finding->text,
			addr_format(&error->from, from),
			icmp_cause_name(icmp_cause_of(error->from.family, error->type, error->code)));
	}
}

/* The destination is down, or cut off, or does not reply to this kind of probe. */
static void rule_silent(struct diag *diag, const struct session *session)
{
	struct end_watch *end = &diag->end;
	uint8_t hop = (uint8_t)session->hop_count;
	struct finding *finding;
	size_t last;

	end->is_silent = end->is_silent || end_is_silent(diag, session);
	if (!end->is_silent) {
		diag_end_at(diag, FINDING_END_SILENT, end->back_at);
		return;
	}
	last = end_last_heard(diag, session);
	end->last_hop = (uint8_t)last;
	finding = diag_hold(diag, FINDING_END_SILENT, &hop, 1, 0.99);
	finding->first = end->silent_at;
	finding->worst = 1;
	finding_fact(finding, "rounds", end->missed);
	finding_fact(finding, "last_hop", (double)last);
	finding_fact(finding, "has_replied", end->has_replied);
	say_silent(diag, session, finding, last);
	say_reason(finding, &session->hops[session->hop_count - 1].error, end->silent_at);
}

/* The end's losses are its own doing; whether packets to it are lost as well, others tell. */
static void rule_limit(struct diag *diag, const struct session *session)
{
	uint8_t hop = (uint8_t)session->hop_count;
	const struct stats *to = watch_stats(session, hop - 1u, WALK_TO);
	const struct bucket_fit *fit = &diag->end.limit.fit;
	double answered = (double)to->received / fmax((double)stats_loss_trials(to), 1);
	uint32_t burst = pattern_burst(diag->to[hop - 1u].first_run, answered);
	struct finding *finding;
	char text[32];
	const char *maker;

	/* Of one that is passed through, what passes tells. */
	if (!diag->end.limit.is_known || diag->end.is_silent || diag->is_measured[hop - 1u]) {
		return;
	}
	maker = answered > 0.7 ? NULL : limit_of_maker(burst, fit->rate);
	finding = diag_hold(diag, FINDING_ICMP_RATE_LIMIT, &hop, 1, 0.99);
	finding->worst = 1 - answered;
	finding_fact(finding, "answers_per_second", fit->rate);
	finding_fact(finding, "burst", burst);
	finding_fact(finding, "log_evidence", fit->evidence);
	finding_fact(finding, "to_loss", 1 - answered);
	limit_rate_text(fit->rate, text);
	if (maker == NULL) {
		finding_say(finding, _("the destination rate-limits replies to %s per second: it answers "
			"%.0f %% of probes, which says nothing about the path"), text, 100 * answered);
	} else {
		finding_say(finding, _("the destination rate-limits replies to %s per second, the default "
			"of %s: it answers %.0f %% of probes, which says nothing about the path"), text, maker,
			100 * answered);
	}
}

/* Where that is, in words; the link from this host to hop 1 is before hop 1. */
static const char *place_words(const struct loss_place *place, char *text, size_t cap)
{
	if (place->low == place->high) {
		(void)snprintf(text, cap, _("before hop %u"), place->high);
	} else if (place->low == 1) {
		(void)snprintf(text, cap, _("between this host and hop %u"), place->high);
	} else {
		(void)snprintf(text, cap, _("between hop %u and hop %u"), place->low - 1, place->high);
	}
	return text;
}

static void say_counts_of_path(struct finding *finding, const struct pairs *pairs, double excess,
	const struct loss_place *place)
{
	finding_fact(finding, "rounds", (double)pairs->rounds);
	finding_fact(finding, "lost", (double)pairs->deeper);
	finding_fact(finding, "loss", excess);
	finding_fact(finding, "from_hop", place->from);
	finding_place(finding, place->low, place->high);
}

/* Whether another hop behind that place loses as much, and is known not to limit its replies. */
static bool has_witness(const struct diag *diag, const struct session *session,
	const struct loss_place *place)
{
	for (size_t k = place->high - 1u; k + 1u < diag->routed_hop; k++) {
		const struct limit_watch *limit = diag->hop_limit[k];

		if (limit != NULL && limit->looked_at > 0 && !limit_may_be(diag, session, k)) {
			return true;
		}
	}
	return false;
}

/* The hop that tells of the loss may lose its replies itself, as nobody behind it shows that it
 * does not: a stand-in tells only together with others before it. What is said already goes on. */
static bool is_own_doing(struct diag *diag, const struct session *session,
	const struct loss_place *place)
{
	bool is_alone = place->high == diag->routed_hop;

	if (diag->end.stand_in > 0) {
		return is_alone;
	}
	is_alone = is_alone || !has_witness(diag, session, place);
	return diag->end.is_silent || (is_alone &&
		(diag_is_active(diag, FINDING_PATH_LOSS, diag->routed_hop) ? limit_is_likely(diag) :
		 limit_holds_back(diag)));
}

static void say_stand_in(struct finding *finding, const struct loss_place *place, double loss,
	uint8_t hop)
{
	char where[80];

	finding_say(finding, _("%.1f %% of probes to hop %u are unanswered, and hops from %u on "
		"lose as much: %s, or on their return path"), 100 * loss, hop, place->high,
		place_words(place, where, sizeof where));
}

static void say_place(struct finding *finding, const struct loss_place *place, double loss,
	uint8_t end)
{
	char where[80];

	if (place->low == end) {
		finding_say(finding, _("%.1f %% of probes to the destination are unanswered, and no "
			"earlier hop loses as much: at the destination, just before it, or on its return path"),
			100 * loss);
	} else if (place->high == 1) {
		finding_say(finding, _("%.1f %% of probes to the destination are unanswered, and all hops "
			"lose as much: before hop 1, or on its return path"), 100 * loss);
	} else {
		finding_say(finding, _("%.1f %% of probes to the destination are unanswered, and hops from "
			"%u on lose as much: %s, or on its return path"), 100 * loss, place->high,
			place_words(place, where, sizeof where));
	}
}

/* What goes through that hop is compared with: the loss is beyond it. */
static void begin_behind(struct loss_place *place, uint8_t near)
{
	place->low = (uint8_t)(place->low > near ? place->low : near + 1);
	place->from = (uint8_t)(place->from > near ? place->from : near + 1);
}

void diag_say_place(const struct diag *diag, const struct session *session,
	struct finding *finding)
{
	uint8_t near = finding->hop[0], end = finding->hop[1];
	const struct stats *to = watch_stats(session, end - 1u, WALK_TO);
	char where[80];
	struct loss_place place;

	if (end == near + 1 || to->received == 0 || to->lost == 0) {
		finding_place(finding, near + 1u, end);
		return;
	}
	place = diag_loss_place(diag, session, near == 0 ? 0 : near - 1u, end - 1u);
	begin_behind(&place, near);
	place.high = (uint8_t)(place.high > near ? place.high : end);
	finding_place(finding, place.low, place.high);
	if (place.low > near + 1 || place.high < end) {
		finding_say(finding, _("%s; the hops' replies place it %s"), finding->text,
			place_words(&place, where, sizeof where));
	}
}

/* The path was found to end with a router that says so, and it goes on saying it. */
static bool rule_unreachable(struct diag *diag, const struct session *session)
{
	static const double SURE = 0.99;
	uint8_t hop = (uint8_t)session->hop_count;
	const struct hop *end = &session->hops[session->hop_count - 1];
	const struct hop_error *error = &end->error;
	char to[ADDR_TEXT_MAX], from[ADDR_TEXT_MAX];
	ns_t lasts = 10 * (session->interval + NS_PER_SEC);
	struct finding *finding;

	if (session->is_explicit || !addr_is_set(&error->from) || error->kind != WALK_TO ||
	    !addr_equal(&error->from, &end->address) || diag->now > error->sent_at + lasts) {
		return false;
	}
	finding = diag_hold(diag, FINDING_PATH_LOSS, &hop, 1, SURE);
	finding->worst = 1;
	finding_fact(finding, "icmp_type", error->type);
	finding_fact(finding, "icmp_code", error->code);
	finding_say(finding, _("%s is unreachable: hop %u (%s) reports: %s"),
		addr_format(&session->destination, to), hop, addr_format(&error->from, from),
		icmp_cause_name(icmp_cause_of(error->from.family, error->type, error->code)));
	return true;
}

/* Loss that the end has, and all hops from some hop on, is real, there or on the way home, where
 * nothing can be sent through hops, or what can is lost less. An end that has never answered may
 * just not do it. */
static void rule_end(struct diag *diag, const struct session *session)
{
	size_t end = diag->routed_hop - 1u;
	struct loss_place place;
	struct finding *finding;
	struct pairs pairs;
	struct loss_now now;
	unsigned bad_flows;
	char where[80];

	watch_judge(&diag->routed, -log(diag->routed.total.is_bracketed ? BEHIND_ALPHA : END_ALPHA),
		diag->path_hop == 0, diag->now);
	if (!watch_has_alarm(&diag->routed) || watch_stats(session, end, WALK_TO)->received == 0) {
		return;
	}
	place = diag_loss_place(diag, session, 0, end);
	if (diag->path_hop == 1 && session_is_bounced(session, 0)) {
		/* What hop 1 loses alike is lost on the way to it, and of that the bounces tell. */
		if (place.high == 1) {
			return;
		}
		begin_behind(&place, 1);
	}
	if (is_own_doing(diag, session, &place)) {
		return;
	}
	pairs = watch_since(&diag->routed, &diag->routed.alarm);
	now = watch_loss_now(&diag->routed);
	finding = diag_hold(diag, FINDING_PATH_LOSS, &diag->routed_hop, 1, 1 - END_ALPHA);
	finding->worst = watch_worst(&diag->routed, &now);
	say_counts_of_path(finding, &pairs, now.loss, &place);
	if (diag->end.stand_in > 0) {
		say_stand_in(finding, &place, now.loss, diag->routed_hop);
		return;
	}
	bad_flows = watch_bad_flows(session, end, 0, WALK_TO);
	if (bad_flows > 0) {
		finding_fact(finding, "bad_flows", bad_flows);
		finding_say(finding, _("%.1f %% of probes to the destination are unanswered, nearly all in "
			"%u of %u flows: one of several paths, %s"), 100 * now.loss, bad_flows,
			session->flow_count, place_words(&place, where, sizeof where));
		return;
	}
	say_place(finding, &place, now.loss, diag->routed_hop);
	say_reason(finding, &session->hops[end].error, diag->routed.alarm.at);
}

void rules_end(struct diag *diag, const struct session *session)
{
	if (session->hop_count == 0) {
		return;
	}
	if (session->has_walk[WALK_TO] && rule_unreachable(diag, session)) {
		return;
	}
	rule_silent(diag, session);
	rule_limit(diag, session);
	if (diag->routed_hop > 0 && diag->routed_hop <= session->hop_count) {
		rule_end(diag, session);
	}
}
