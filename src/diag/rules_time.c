/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <math.h>
#include <stdio.h>

#include "base/i18n.h"
#include "diag/diag_int.h"
#include "infer/serial.h"

/*
 * Time that a link adds: a step says that something else carries the packets now; some that wait
 * while others hardly do are a queue. What all probes share from the first link on may be this
 * host.
 */
enum { FULL_BYTES = 1500, JUDGE_PARTS = 8 };

static const double SERIAL_WORTH_MS = 0.05, FULL_WORTH_MS = 0.5, SHARED = 0.5;
static const ns_t STEP_LASTS = 3600 * NS_PER_SEC, FALL_LASTS = 60 * NS_PER_SEC,
	CHANGE_NOTICED = 75 * NS_PER_SEC;

/* Of the line that leads to hops[k], where that alone is the link. */
static uint32_t speed_of(const struct diag *diag, size_t k)
{
	return diag->near[k] == k ? diag->facts->place[k + 1].speed_mbps : 0;
}

/* What of a link's time is no distance and no queue: its line takes the bits one by one. */
static void say_serial(const struct diag *diag, const struct session *session, size_t k,
	struct finding *finding)
{
	double ms = 2 * serial_ms(session->probe_bytes, speed_of(diag, k));
	char more[80];

	if (ms < SERIAL_WORTH_MS) {
		return;
	}
	finding_fact(finding, "serialisation_ms", ms);
	(void)snprintf(more, sizeof more, _(", of which %.2f ms is serialization at %u Mbit/s"), ms,
		speed_of(diag, k));
	finding_say(finding, "%s%s", finding->text, more);
}

/* On a slow line a few packets ahead are all that it takes. */
static void say_packets(const struct diag *diag, size_t k, double waited_ms,
	struct finding *finding)
{
	double ms = serial_ms(FULL_BYTES, speed_of(diag, k));
	char more[100];

	if (ms < FULL_WORTH_MS) {
		return;
	}
	finding_fact(finding, "packet_ms", ms);
	(void)snprintf(more, sizeof more, _("; at %u Mbit/s a %d-byte packet takes %.1f ms: about %.0f "
		"packets in the queue"), speed_of(diag, k), FULL_BYTES, ms,
		fmax(1, waited_ms / ms));
	finding_say(finding, "%s%s", finding->text, more);
}

static struct finding *hold_step(struct diag *diag, size_t k, const struct lag_shift *shift)
{
	uint8_t hops[2] = {diag->near[k], (uint8_t)(k + 1)};
	struct finding *finding = diag_hold(diag, FINDING_LATENCY_STEP, hops, 2, 0.99);

	finding->worst = fmax(finding->worst, fabs(shift->added_ms));
	finding_fact(finding, "step_ms", shift->added_ms);
	finding_fact(finding, "low_ms", shift->low_ms);
	finding_fact(finding, "high_ms", shift->high_ms);
	finding_fact(finding, "before_ms", shift->before_ms);
	return finding;
}

static void hold_rise(struct diag *diag, const struct session *session, size_t k)
{
	const struct lag_shift *shift = &diag->time[k].lag.shift;
	struct finding *finding = hold_step(diag, k, shift);

	finding_say(finding, _("delay of link %u-%u rose by %.1f ms (%.1f to %.1f) from %.1f ms"),
		finding->hop[0], finding->hop[1], shift->added_ms, shift->low_ms, shift->high_ms,
		shift->before_ms);
	say_serial(diag, session, k, finding);
}

static void hold_fall(struct diag *diag, const struct session *session, size_t k)
{
	const struct lag_shift *fall = &diag->time[k].fall;
	struct finding *finding = hold_step(diag, k, fall);

	finding_say(finding, _("delay of link %u-%u fell by %.1f ms from %.1f ms"), finding->hop[0],
		finding->hop[1], -fall->added_ms, fall->before_ms);
	say_serial(diag, session, k, finding);
}

static void hold_queue(struct diag *diag, size_t k)
{
	const struct lag_shift *shift = &diag->time[k].lag.shift;
	uint8_t hops[2] = {diag->near[k], (uint8_t)(k + 1)};
	struct finding *finding = diag_hold(diag, FINDING_QUEUEING, hops, 2, 0.95);

	finding->worst = fmax(finding->worst, shift->added_ms);
	finding_fact(finding, "added_ms", shift->added_ms);
	finding_fact(finding, "fastest_ms", shift->fast_ms);
	finding_fact(finding, "slow_ms", shift->slow_ms);
	finding_fact(finding, "slow_before_ms", shift->slow_before_ms);
	finding_say(finding, _("queueing on link %u-%u: packets wait %.1f ms on average, the slowest "
		"tenth at least %.1f ms longer than usual"), hops[0], hops[1], shift->added_ms,
		shift->slow_ms - shift->before_ms);
	say_packets(diag, k, shift->slow_ms - shift->before_ms, finding);
}

static struct finding *hold_host(struct diag *diag, double worst_ms)
{
	struct finding *finding = diag_hold(diag, FINDING_HOST_DELAY, (const uint8_t[]){0}, 1, 0.9);

	finding->worst = fmax(finding->worst, worst_ms);
	return finding;
}

/* Probes to the first hop are late as well, and cross but this host and its first link. */
static void say_late(struct diag *diag, const struct session *session)
{
	struct delay_late late = delay_late(diag, session);
	struct finding *finding = hold_host(diag, late.most_ms);
	unsigned hop = diag->host.first_hop;

	finding_fact(finding, "late_rounds", late.rounds);
	finding_fact(finding, "of_rounds", late.of_rounds);
	finding_fact(finding, "late_times", late.times);
	finding_fact(finding, "most_ms", late.most_ms);
	finding_say(finding, _("in %u of the last %u rounds all replies were late together, those of "
		"hop %u too, by up to %.1f ms: this host or link 0-%u delays them, no link beyond it"),
		late.rounds, late.of_rounds, hop, late.most_ms, hop);
}

/* The same where it goes on for long. */
static void say_shared(struct diag *diag, size_t k)
{
	const struct lag_shift *shift = &diag->time[k].lag.shift;
	struct finding *finding = hold_host(diag, shift->added_ms);

	finding_fact(finding, "added_ms", shift->added_ms);
	finding_fact(finding, "common_ms", shift->common_ms);
	/* As it subsides, it is said as it was. */
	if (finding->text[0] != '\0' && shift->common_ms < SHARED * shift->added_ms) {
		return;
	}
	finding_say(finding, _("all replies are late together, those of hop %zu too, by %.1f ms on "
		"average: this host or link 0-%zu delays them, no link beyond it"), k + 1,
		shift->common_ms, k + 1);
}

static void judge(struct diag *diag, size_t k, const struct lag_rule *rule)
{
	struct link_time *time = &diag->time[k];

	if (time->lag.kind == LAG_STEP && diag->now >= time->began_at + STEP_LASTS) {
		lag_adopt(&time->lag, 2 * rule->window);
	}
	if (time->fresh < rule->window / JUDGE_PARTS) {
		return;
	}
	time->fresh = 0;
	switch (lag_judge(&time->lag, rule, diag->near[k] == 0)) {
	case LAG_BEGAN:
		time->began_at = diag->now;
		time->is_shared = diag->near[k] == 0 &&
			time->lag.shift.common_ms >= SHARED * time->lag.shift.added_ms;
		break;
	case LAG_FELL:
		time->fell_at = diag->now;
		time->fall = time->lag.shift;
		break;
	case LAG_SAME:
	case LAG_ENDED:
		break;
	}
}

/* An end that replies itself does so by routing's way home. Whether that has changed, discovery
 * tells within a minute. */
static bool may_be_change(const struct diag *diag, const struct session *session, size_t k)
{
	const struct link_time *time = &diag->time[k];
	ns_t since = time->lag.kind == LAG_CALM ? time->fell_at : time->began_at;

	return session->hops[k].is_answering && diag->now < since + CHANGE_NOTICED;
}

/* What such an end took before a change of the path is no base any more. */
static void heed_changes(struct diag *diag, const struct session *session)
{
	if (diag->changes_seen == session->change.count) {
		return;
	}
	diag->changes_seen = session->change.count;
	for (size_t k = 0; k < session->hop_count; k++) {
		if (session->hops[k].is_answering) {
			diag->time[k] = (struct link_time){0};
		}
	}
}

static void rule_link(struct diag *diag, const struct session *session, size_t k)
{
	const struct link_time *time = &diag->time[k];

	if (may_be_change(diag, session, k)) {
		return;
	}
	switch (time->lag.kind) {
	case LAG_QUEUE:
		if (!time->is_shared) {
			hold_queue(diag, k);
		}
		break;
	case LAG_STEP:
		hold_rise(diag, session, k);
		break;
	case LAG_CALM:
		if (time->fell_at > 0 && diag->now < time->fell_at + FALL_LASTS +
		    (session->hops[k].is_answering ? CHANGE_NOTICED : 0)) {
			hold_fall(diag, session, k);
		}
		break;
	}
}

void rules_time(struct diag *diag, const struct session *session)
{
	unsigned every;
	struct lag_rule rule = delay_rule(diag, session, &every);
	size_t shared = HOP_MAX;

	heed_changes(diag, session);
	for (size_t k = 0; k < session->hop_count; k++) {
		if (diag->is_measured[k]) {
			judge(diag, k, &rule);
			rule_link(diag, session, k);
			shared = diag->time[k].lag.kind == LAG_QUEUE && diag->time[k].is_shared ? k : shared;
		}
	}
	if (delay_is_shared(diag, session)) {
		say_late(diag, session);
	} else if (shared < HOP_MAX) {
		say_shared(diag, shared);
	}
}
