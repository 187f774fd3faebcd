/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/i18n.h"
#include "diag/diag_int.h"
#include "infer/change.h"
#include "infer/serial.h"

/*
 * Time that a link adds, round by round: a step says that something else carries the packets
 * now; the slowest rising above the fastest, which stay, is a queue.
 */
enum { FULL_BYTES = 1500 };

static const double SERIAL_WORTH_MS = 0.05, FULL_WORTH_MS = 0.5;
static const double STEP_MIN_MS = 0.5, STEP_SPREADS = 4, QUEUE_MIN_MS = 2, QUEUE_SPREADS = 8;

static int by_value(const void *a, const void *b)
{
	double x = *(const double *)a, y = *(const double *)b;

	return (x > y) - (x < y);
}

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

static void rule_step(struct diag *diag, const struct session *session, size_t k,
	const double *recent)
{
	struct lag_watch *lag = &diag->lag[k];
	uint8_t hops[2] = {diag->near[k], (uint8_t)(k + 1)};
	double tau = fmax(STEP_MIN_MS, STEP_SPREADS * lag->spread);
	double copy[LAG_RECENT];
	struct shift_interval shift;
	struct finding *finding;

	memcpy(copy, recent, sizeof copy);
	if (fabs(robust_median(copy, LAG_RECENT) - lag->median) < tau / 2) {
		return;
	}
	shift = shift_between(lag->base, LAG_BASE, recent, LAG_RECENT, 0.001);
	/* The whole distribution moved, the fastest as well: no queue. */
	if (!(shift.low > tau || shift.high < -tau)) {
		return;
	}
	finding = diag_hold(diag, FINDING_LATENCY_STEP, hops, 2, 0.99);
	finding->worst = fmax(finding->worst, fabs(shift.shift));
	finding_fact(finding, "step_ms", shift.shift);
	finding_fact(finding, "low_ms", shift.low);
	finding_fact(finding, "high_ms", shift.high);
	finding_fact(finding, "before_ms", lag->median);
	finding_say(finding, _("delay of link %u-%u rose by %.1f ms (%.1f to %.1f) from %.1f ms"),
		hops[0], hops[1], shift.shift, shift.low, shift.high, lag->median);
	if (shift.shift < 0) {
		finding_say(finding, _("delay of link %u-%u fell by %.1f ms from %.1f ms"), hops[0],
			hops[1], -shift.shift, lag->median);
	}
	say_serial(diag, session, k, finding);
}

static void rule_queue(struct diag *diag, size_t k, const double *sorted)
{
	struct lag_watch *lag = &diag->lag[k];
	uint8_t hops[2] = {diag->near[k], (uint8_t)(k + 1)};
	double low = sorted[1], high = sorted[LAG_RECENT - 4], base[LAG_BASE], grown;
	struct finding *finding;

	memcpy(base, lag->base, sizeof base);
	qsort(base, LAG_BASE, sizeof base[0], by_value);
	grown = (high - low) - (base[LAG_BASE - 5] - base[1]);
	if (grown < fmax(QUEUE_MIN_MS, QUEUE_SPREADS * lag->spread) ||
	    fabs(low - base[1]) > fmax(STEP_MIN_MS, STEP_SPREADS * lag->spread)) {
		return;
	}
	finding = diag_hold(diag, FINDING_QUEUEING, hops, 2, 0.9);
	finding->worst = fmax(finding->worst, grown);
	finding_fact(finding, "fastest_ms", low);
	finding_fact(finding, "slow_ms", high);
	finding_fact(finding, "slow_before_ms", base[LAG_BASE - 5]);
	finding_say(finding, _("queueing on link %u-%u: slow packets take %.1f ms longer than fast "
		"ones, whose delay is unchanged"), hops[0], hops[1], high - low);
	say_packets(diag, k, high - low, finding);
}

void rules_time(struct diag *diag, const struct session *session)
{
	for (size_t k = 0; k < session->hop_count; k++) {
		const struct lag_watch *lag = &diag->lag[k];
		double recent[LAG_RECENT];

		if (!diag->is_measured[k] || lag->recent_count < LAG_RECENT) {
			continue;
		}
		memcpy(recent, lag->recent, sizeof recent);
		rule_step(diag, session, k, recent);
		qsort(recent, LAG_RECENT, sizeof recent[0], by_value);
		rule_queue(diag, k, recent);
	}
}
