/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "snap/links.h"

#include <math.h>

#include "base/mem.h"
#include "infer/change.h"
#include "infer/loss.h"
#include "infer/serial.h"
#include "snap/text.h"

static const double ALPHA = 0.05;

enum { ASTRAY = 16 };

static struct loss_count count_of(const struct stats *stats)
{
	return (struct loss_count){stats->lost, stats_loss_trials(stats)};
}

/* Counts of the same rounds. Where one end was asked at other times, as after it was reset, or was
 * not known before, they are those of the last rounds that both have. */
static void count_both(const struct stats *near, const struct stats *far,
	struct loss_count *ret_near, struct loss_count *ret_far)
{
	uint64_t differ;

	*ret_near = count_of(near);
	*ret_far = count_of(far);
	differ = ret_near->trials > ret_far->trials ? ret_near->trials - ret_far->trials :
		ret_far->trials - ret_near->trials;
	if (differ <= ASTRAY + ret_far->trials / 100) {
		return;
	}
	*ret_near = *ret_far = (struct loss_count){0};
	for (size_t i = 0; i < STATS_HISTORY; i++) {
		const struct stats_cell *a = &near->history[i], *b = &far->history[i];

		if (a->round == b->round && stats_is_resolved(a) && stats_is_resolved(b)) {
			ret_near->trials++;
			ret_near->lost += a->outcome == OUTCOME_LOST;
			ret_far->trials++;
			ret_far->lost += b->outcome == OUTCOME_LOST;
		}
	}
}

/* Milliseconds that the far end took longer, in the rounds in which both answered. */
static int paired(const struct stats *near, const struct stats *far, double *ret_ms)
{
	int n = 0;

	for (size_t i = 0; i < STATS_HISTORY; i++) {
		const struct stats_cell *b = &far->history[i];
		const struct stats_cell *a = near == NULL ? b : &near->history[i];

		if (a->outcome == OUTCOME_ANSWERED && b->outcome == OUTCOME_ANSWERED &&
		    a->round == b->round) {
			ret_ms[n++] = (b->rtt_us - (near == NULL ? 0.0 : a->rtt_us)) / 1e3;
		}
	}
	return n;
}

/* What both met in a round, by the prober itself or before the link, is no part of it. */
static void build_added(const struct stats *near, const struct stats *far, struct snap_link *snap)
{
	double ms[STATS_HISTORY];
	struct shift_interval added;

	snap->rtt_added_ms = snap->rtt_added_low = snap->rtt_added_high = SNAP_UNKNOWN;
	if (far->samples == 0 || (near != NULL && near->samples == 0)) {
		return;
	}
	added = shift_of_pairs(ms, paired(near, far, ms), ALPHA);
	snap->rtt_added_ms = isfinite(added.low) ? added.shift :
		ns_to_ms(far->best - (near == NULL ? 0 : near->best));
	if (isfinite(added.low)) {
		snap->rtt_added_low = added.low;
		snap->rtt_added_high = added.high;
	}
}

/* Of what goes there and comes back over the same hops. */
static const struct stats *stats_of(const struct session *session, size_t k)
{
	return &session->hops[k].walk[session_is_bounced(session, k) ? session->main_walk :
		WALK_RETRACE];
}

static bool is_measured(const struct session *session, size_t k)
{
	const struct hop *hop = &session->hops[k];

	return session_is_bounced(session, k) || (session->has_walk[WALK_RETRACE] &&
		!hop->is_muted && !session_is_loose(hop) &&
		hop->walk[WALK_RETRACE].transmitted > 0);
}

static void build_link(const struct snapshot_source *source, size_t near, size_t far,
	struct snap_link *snap)
{
	const struct session *session = source->session;
	const struct stats *far_stats = stats_of(session, far);
	const struct stats *near_stats = near == 0 ? NULL : stats_of(session, near - 1);
	struct loss_count far_count = count_of(far_stats), near_count = {0};
	double recent_far = stats_recent_loss(far_stats, source->now), recent_near = 0;
	struct link_loss loss;

	if (near_stats != NULL) {
		count_both(near_stats, far_stats, &near_count, &far_count);
		recent_near = stats_recent_loss(near_stats, source->now);
	}
	loss = loss_of_link(near_stats == NULL ? NULL : &near_count, &far_count, ALPHA);
	snap->link = (unsigned)far + 1;
	snap->from_hop = (unsigned)near;
	snap->from = snap_address_text(near == 0 ? &session->self : &session->hops[near - 1].address);
	snap->to = snap_address_text(&session->hops[far].address);
	snap->loss = loss.is_known ? loss.loss : SNAP_UNKNOWN;
	snap->low = loss.low;
	snap->high = loss.high;
	snap->is_back_routed = session->hops[far].is_answering;
	snap->recent = recent_far < 0 || recent_near < 0 || recent_near >= 1 ? SNAP_UNKNOWN :
		recent_far <= recent_near ? 0 : 1 - (1 - recent_far) / (1 - recent_near);
	build_added(near_stats, far_stats, snap);
}

/* Its line is what a name at either end says. */
static void build_line(const struct snap_hop *hop, unsigned probe_bytes, struct snap_link *snap)
{
	snap->speed_mbps = hints_line_mbps(&hop->hints);
	if (snap->speed_mbps == 0 && hop->mate.is_of_before) {
		snap->speed_mbps = hints_line_mbps(&hop->mate.hints);
	}
	snap->serial_ms = 2 * serial_ms(probe_bytes, snap->speed_mbps);
}

static void build_verdict(const struct snapshot_source *source, size_t k, struct snap_link *snap)
{
	static const char *const names[] = {[DIRECTION_UNKNOWN] = "unknown",
		[DIRECTION_OUT] = "out", [DIRECTION_BACK] = "back", [DIRECTION_BOTH] = "both"};
	struct link_verdict verdict = source->diag == NULL ? (struct link_verdict){0} :
		diag_link(source->diag, k);

	snap->is_suspect = verdict.is_suspect;
	snap->direction = names[verdict.direction];
	snap->has_bounds = verdict.has_bounds;
	snap->out_low = verdict.out_low;
	snap->out_high = verdict.out_high;
	snap->back_low = verdict.back_low;
	snap->back_high = verdict.back_high;
	snap->rounds_to_decide = verdict.rounds_to_decide;
}

/* A link spans from the last hop before it that is measured: silent ones are passed over.
 * Only walks that come back over the same hops may be divided by one another. */
void links_build(const struct snapshot_source *source, size_t blocked, struct snapshot *snap)
{
	const struct session *session = source->session;
	size_t near = 0;

	snap->links = xcalloc(session->hop_count + 1, sizeof *snap->links);
	for (size_t k = 0; k < session->hop_count && k < blocked; k++) {
		if (is_measured(session, k)) {
			build_link(source, near, k, &snap->links[snap->link_count]);
			build_line(&snap->hops[k], session->probe_bytes, &snap->links[snap->link_count]);
			build_verdict(source, k, &snap->links[snap->link_count++]);
			near = k + 1;
		}
	}
}
