/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "base/i18n.h"
#include "diag/diag_int.h"
#include "infer/loss.h"

/*
 * The end of the path: whether it replies at all, and where the loss begins that it has of its own
 * replies, read from those of all hops.
 */
static const double END_ALPHA = 0.005, SILENT_CHANCE = 1e-6;

/* Of an end that has never replied more is asked: nobody knows how often it does. */
static const ns_t SILENT_LASTS = 2 * NS_PER_SEC, NEVER_LASTS = 3 * NS_PER_SEC;

enum { SILENT_ROUNDS = 4, NEVER_ROUNDS = 8, PATIENCE = 4 };

/* What the probes of one round came to that had to reach hops[k]. */
static enum outcome outcome_of(const struct session *session, size_t k, uint32_t round)
{
	enum outcome outcome = OUTCOME_NONE;

	for (int kind = 0; kind < WALK_STATS_COUNT; kind++) {
		const struct stats_cell *cell = stats_cell_of(&session->hops[k].walk[kind], round);

		if (cell != NULL && cell->outcome == OUTCOME_ANSWERED) {
			return OUTCOME_ANSWERED;
		}
		outcome = stats_is_resolved(cell) ? OUTCOME_LOST : outcome;
	}
	return outcome;
}

/* So many rounds without a reply are no chance, by how many it missed before, nor a limit. */
static bool is_silent(const struct diag *diag, const struct session *session)
{
	const struct end_watch *end = &diag->end;
	double share = ((double)end->missed_before + 0.5) / ((double)end->asked_before + 1);
	ns_t lasted = diag->now - end->silent_at;

	if (end->missed == 0) {
		return false;
	}
	if (!end->has_replied) {
		/* One that replied to discovery may limit its replies, and have given them out then. */
		unsigned patience = session->has_end_answered ? PATIENCE : 1;

		return diag->is_over || (end->missed >= patience * NEVER_ROUNDS &&
			lasted >= patience * NEVER_LASTS);
	}
	return end->missed >= SILENT_ROUNDS && end->missed > 3 * end->longest &&
	       lasted >= SILENT_LASTS && end->missed * log(share) < log(SILENT_CHANCE);
}

/* The last hop that has replied, or brought something home, since the end does not; 0: none. */
static size_t last_heard(const struct diag *diag, const struct session *session)
{
	/* Of the round in which the end fell silent some probes may have come by before. */
	uint32_t since = diag->end.has_replied ? diag->end.silent_round + 1 : 1;

	for (size_t k = session->hop_count - 1; k-- > 0;) {
		if (diag->end.heard_round[k] >= since) {
			return k + 1;
		}
	}
	return 0;
}

static ns_t length_of(const struct diag_outage *outage)
{
	return outage->end - outage->begin;
}

/* All of them, as long as there is room, then the longest. */
static void keep_outage(struct end_watch *end, const struct diag_outage *outage)
{
	size_t shortest = 0;

	if (end->outage_count == OUTAGES_MAX) {
		end->forgotten++;
		for (size_t i = 1; i < OUTAGES_MAX; i++) {
			if (length_of(&end->outage[i]) < length_of(&end->outage[shortest])) {
				shortest = i;
			}
		}
		if (length_of(outage) < length_of(&end->outage[shortest])) {
			return;
		}
		end->outage_count--;
		memmove(&end->outage[shortest], &end->outage[shortest + 1],
			(end->outage_count - shortest) * sizeof end->outage[0]);
	}
	end->outage[end->outage_count++] = *outage;
}

struct diag_end diag_end(const struct diag *diag)
{
	const struct end_watch *end = &diag->end;

	return (struct diag_end){.is_known = end->has_replied || end->is_silent,
		.is_up = end->has_replied && !end->is_silent,
		.is_undecided = end->is_undecided && !end->is_silent, .replied_at = end->replied_at,
		.outage_count = end->outage_count + end->is_silent, .forgotten = end->forgotten,
		.down = end->down + (end->is_silent ? end->missed_at - end->silent_at : 0)};
}

struct diag_outage diag_outage(const struct diag *diag, size_t i)
{
	return i < diag->end.outage_count ? diag->end.outage[i] : (struct diag_outage){
		diag->end.silent_at, NS_NEVER, diag->end.last_hop};
}

void end_take_round(struct diag *diag, const struct session *session, uint32_t round)
{
	struct end_watch *end = &diag->end;
	enum outcome outcome;

	if (!addr_equal(&end->address, &session->destination)) {
		*end = (struct end_watch){.address = session->destination};
	}
	for (size_t k = 0; k < session->hop_count; k++) {
		if (outcome_of(session, k, round) == OUTCOME_ANSWERED) {
			end->heard_round[k] = round;
		}
	}
	if (session->hop_count > 0 && session->has_end_answered && !end->is_silent) {
		limit_take_round(&end->limit, session, round);
	}
	outcome = session->hop_count == 0 ? OUTCOME_NONE :
		outcome_of(session, session->hop_count - 1, round);
	/* A router that answers in its stead is not the destination. */
	outcome = outcome == OUTCOME_ANSWERED && !session->has_end_answered ? OUTCOME_LOST : outcome;
	if (outcome == OUTCOME_LOST) {
		if (end->missed == 0) {
			end->silent_round = round;
			end->silent_at = session_round_at(session, round);
		}
		end->missed++;
		end->missed_at = session_round_at(session, round);
		end->is_silent = end->is_silent || is_silent(diag, session);
	} else if (outcome == OUTCOME_ANSWERED) {
		/* An outage says nothing of how often it is missed otherwise. */
		if (end->is_silent) {
			end->back_at = session_round_at(session, round);
			end->down += end->back_at - end->silent_at;
			keep_outage(end, &(struct diag_outage){end->silent_at, end->back_at,
				(uint8_t)last_heard(diag, session)});
			end->limit.count = end->limit.fresh = 0;
		} else {
			end->longest = end->missed > end->longest ? end->missed : end->longest;
			end->missed_before += end->missed;
			end->asked_before += end->missed + 1;
		}
		end->has_replied = true;
		end->replied_at = session_round_at(session, round);
		end->missed = 0;
		end->is_silent = false;
	}
}

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

	end->is_silent = end->is_silent || is_silent(diag, session);
	if (!end->is_silent) {
		diag_end_at(diag, FINDING_END_SILENT, end->back_at);
		return;
	}
	last = last_heard(diag, session);
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

/* What hops[k] lost of its own replies. */
static struct loss_count own_loss(const struct session *session, size_t k)
{
	const struct stats *to = watch_stats(session, k, WALK_TO);

	return (struct loss_count){to->lost, stats_loss_trials(to)};
}

/* Routers that limit their answers, or lose more of them than the end does, have reasons of their
 * own, and those that never answer say nothing. */
static bool tells_place(const struct diag *diag, const struct session *session, size_t k,
	size_t end)
{
	struct loss_count own = own_loss(session, k), last = own_loss(session, end);
	struct bucket_pattern pattern;

	return k == end || (watch_stats(session, k, WALK_TO)->received > 0 &&
		!limit_is_seen(&diag->to[k], &pattern) && !loss_is_more(&own, &last));
}

struct loss_place diag_loss_place(const struct diag *diag, const struct session *session,
	size_t first, size_t end)
{
	struct loss_count count[HOP_MAX];
	uint8_t hops[HOP_MAX + 1] = {0};
	size_t n = 0;
	struct loss_rise rise;

	for (size_t k = first; k <= end; k++) {
		if (tells_place(diag, session, k, end)) {
			count[n] = own_loss(session, k);
			hops[n++] = (uint8_t)(k + 1);
		}
	}
	rise = loss_rise_find(count, n);
	/* What lies between two hops that can tell may be at any of those that cannot. */
	return (struct loss_place){.from = hops[rise.best], .high = hops[rise.high],
		.low = rise.low == 0 ? (uint8_t)(first + 1) : (uint8_t)(hops[rise.low - 1] + 1)};
}

uint8_t end_telling(struct diag *diag, const struct session *session)
{
	struct end_watch *end = &diag->end;
	size_t last = session->hop_count - 1;

	if (!end->limit.is_known && (end->has_replied || !end->is_silent)) {
		end->stand_in = 0;
	} else if (end->stand_in == 0 || end->stand_in > last ||
	    !tells_place(diag, session, end->stand_in - 1u, last)) {
		end->stand_in = 0;
		for (size_t k = last; k-- > 0 && end->stand_in == 0;) {
			end->stand_in = tells_place(diag, session, k, last) ? (uint8_t)(k + 1) : 0;
		}
	}
	return end->stand_in > 0 ? end->stand_in : (uint8_t)session->hop_count;
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
	maker = limit_of_maker(burst, fit->rate);
	finding = diag_hold(diag, FINDING_ICMP_RATE_LIMIT, &hop, 1, 0.99);
	finding->worst = 1 - answered;
	finding_fact(finding, "answers_per_second", fit->rate);
	finding_fact(finding, "burst", burst);
	finding_fact(finding, "log_evidence", fit->evidence);
	finding_fact(finding, "to_loss", 1 - answered);
	limit_rate_text(fit->rate, text);
	if (maker == NULL) {
		finding_say(finding, _("the destination rate-limits replies to %s per second: it answers "
			"%.0f %% of probes, which says nothing of the path"), text, 100 * answered);
	} else {
		finding_say(finding, _("the destination rate-limits replies to %s per second, the default "
			"of %s: it answers %.0f %% of probes, which says nothing of the path"), text, maker,
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
	finding_fact(finding, "low_hop", place->low);
	finding_fact(finding, "high_hop", place->high);
}

/* The hop that tells of the loss may lose its replies itself, as nobody behind it shows that it
 * does not: a stand-in tells only together with others before it. What is said already goes on. */
static bool is_own_doing(struct diag *diag, const struct loss_place *place)
{
	bool is_alone = place->high == diag->path_hop;

	if (diag->end.stand_in > 0) {
		return is_alone;
	}
	return diag->end.is_silent || (is_alone &&
		!diag_is_active(diag, FINDING_PATH_LOSS, diag->path_hop) && limit_holds_back(diag));
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

void diag_say_place(const struct diag *diag, const struct session *session,
	struct finding *finding)
{
	uint8_t near = finding->hop[0], end = finding->hop[1];
	const struct stats *to = watch_stats(session, end - 1u, WALK_TO);
	char where[80];
	struct loss_place place;

	if (near == 0 || end == near + 1 || to->received == 0 || to->lost == 0) {
		return;
	}
	place = diag_loss_place(diag, session, near - 1u, end - 1u);
	finding_fact(finding, "low_hop", place.low);
	finding_fact(finding, "high_hop", place.high);
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

/* Where nothing can be sent through hops: loss that the end has, and all hops from some hop on,
 * is real, there or on the way home. An end that has never answered may just not do it. */
static void rule_end(struct diag *diag, const struct session *session)
{
	size_t end = diag->path_hop - 1u;
	struct loss_place place;
	struct finding *finding;
	struct pairs pairs;
	unsigned bad_flows;
	double error, excess;
	char where[80];

	watch_judge(&diag->path, -log(END_ALPHA), true, diag->now);
	if (!watch_has_alarm(&diag->path) || watch_stats(session, end, WALK_TO)->received == 0) {
		return;
	}
	place = diag_loss_place(diag, session, 0, end);
	if (is_own_doing(diag, &place)) {
		return;
	}
	pairs = watch_since(&diag->path, &diag->path.alarm);
	excess = pair_excess(&pairs, &error);
	finding = diag_hold(diag, FINDING_PATH_LOSS, &diag->path_hop, 1, 1 - END_ALPHA);
	finding->worst = diag->path.worst;
	say_counts_of_path(finding, &pairs, excess, &place);
	if (diag->end.stand_in > 0) {
		say_stand_in(finding, &place, excess, diag->path_hop);
		return;
	}
	bad_flows = watch_bad_flows(session, end, 0, WALK_TO);
	if (bad_flows > 0) {
		finding_fact(finding, "bad_flows", bad_flows);
		finding_say(finding, _("%.1f %% of probes to the destination are unanswered, nearly all in "
			"%u of %u flows: one of several paths, %s"), 100 * excess, bad_flows,
			session->flow_count, place_words(&place, where, sizeof where));
		return;
	}
	say_place(finding, &place, excess, diag->path_hop);
	say_reason(finding, &session->hops[end].error, diag->path.alarm.at);
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
	if (diag->is_path_asked && diag->path_hop <= session->hop_count) {
		rule_end(diag, session);
	}
}
