/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "model/window.h"

#include <stdlib.h>
#include <string.h>

#include "base/mem.h"

static const ns_t PART = WINDOW_PART_SEC * NS_PER_SEC;

struct bin {
	uint16_t at;
	uint32_t count;
};

/* Of one kind of probe to one hop, in one part. Counts are signed: an answer that comes late
 * takes back what was counted as lost before. */
struct counts {
	bool is_anew;            /* counting began in this part */
	int64_t transmitted, sent, received, lost, late, duplicate, reordered;
	int64_t errors[CAUSE_COUNT];
	uint64_t samples;
	double mean_ns, m2_ns, log_sum, jitter_sum_ns;
	ns_t best, worst, jitter_worst; /* of probes that left in this part; best 0: none */
	struct bin *bins;
	size_t bin_count;
};

struct part {
	ns_t from, to;
	uint32_t rounds_before;
	size_t hop_count;
	struct addr address[HOP_MAX];
	struct counts *counts;   /* of hop k and a kind: at k * WALK_STATS_COUNT + kind */
};

struct window {
	struct part parts[WINDOW_PARTS]; /* a ring; the newest before `next` */
	size_t next, count;
	ns_t from;               /* of the part under way */
	uint32_t rounds_before;
	struct stats *base[HOP_MAX][WALK_STATS_COUNT]; /* as they were then; NULL: nothing yet */
};

struct window *window_create(void)
{
	return xcalloc(1, sizeof(struct window));
}

static void clear_part(struct part *part)
{
	for (size_t i = 0; part->counts != NULL && i < part->hop_count * WALK_STATS_COUNT; i++) {
		free(part->counts[i].bins);
	}
	free(part->counts);
	*part = (struct part){0};
}

void window_destroy(struct window *window)
{
	if (window == NULL) {
		return;
	}
	for (size_t i = 0; i < WINDOW_PARTS; i++) {
		clear_part(&window->parts[i]);
	}
	for (size_t k = 0; k < HOP_MAX; k++) {
		for (int kind = 0; kind < WALK_STATS_COUNT; kind++) {
			free(window->base[k][kind]);
		}
	}
	free(window);
}

static void take_base(struct window *window, const struct session *session, ns_t now)
{
	for (size_t k = 0; k < HOP_MAX; k++) {
		for (int kind = 0; kind < WALK_STATS_COUNT; kind++) {
			struct stats **base = &window->base[k][kind];

			if (k < session->hop_count && session->has_walk[kind]) {
				*base = *base == NULL ? xcalloc(1, sizeof **base) : *base;
				**base = session->hops[k].walk[kind];
			} else {
				free(*base);
				*base = NULL;
			}
		}
	}
	window->from = now;
	window->rounds_before = session->rounds;
}

void window_begin(struct window *window, const struct session *session, ns_t now)
{
	for (size_t i = 0; i < WINDOW_PARTS; i++) {
		clear_part(&window->parts[i]);
	}
	window->next = window->count = 0;
	take_base(window, session, now);
}

/* Whether `now` may have grown out of `base`. */
static bool is_grown(const struct stats *base, const struct stats *now)
{
	return now->samples >= base->samples && now->quant.count >= base->quant.count &&
	       now->duplicate >= base->duplicate;
}

static void subtract_rtt(const struct stats *now, const struct stats *base, struct counts *counts)
{
	double n_now = (double)now->samples, n_base = (double)base->samples, n = n_now - n_base;

	counts->samples = now->samples - base->samples;
	if (counts->samples > 0) {
		double gap;

		/* Chan, Golub and LeVeque (1979), solved for one of the two parts. */
		counts->mean_ns = (n_now * now->mean_ns - n_base * base->mean_ns) / n;
		gap = base->mean_ns - counts->mean_ns;
		counts->m2_ns = now->m2_ns - base->m2_ns - gap * gap * n_base * n / n_now;
		counts->m2_ns = counts->m2_ns < 0 ? 0 : counts->m2_ns;
	}
	counts->log_sum = now->log_sum - base->log_sum;
	counts->jitter_sum_ns = now->jitter_sum_ns - base->jitter_sum_ns;
}

static void subtract_bins(const struct quant *now, const struct quant *base, struct counts *counts)
{
	struct bin bins[QUANT_BINS];
	size_t count = 0;

	for (size_t i = 0; i < QUANT_BINS; i++) {
		if (now->bin[i] > base->bin[i]) {
			bins[count++] = (struct bin){(uint16_t)i, now->bin[i] - base->bin[i]};
		}
	}
	counts->bins = count == 0 ? NULL : xcalloc(count, sizeof *counts->bins);
	counts->bin_count = count;
	if (count > 0) {
		memcpy(counts->bins, bins, count * sizeof bins[0]);
	}
}

static int64_t grown_by(uint64_t now, uint64_t base)
{
	return (int64_t)now - (int64_t)base;
}

static void subtract(const struct stats *now, const struct stats *base, struct counts *counts)
{
	static const struct stats nothing;

	if (base == NULL || !is_grown(base, now)) {
		base = &nothing;
		counts->is_anew = true;
	}
	counts->transmitted = grown_by(now->transmitted, base->transmitted);
	counts->sent = grown_by(now->sent, base->sent);
	counts->received = grown_by(now->received, base->received);
	counts->lost = grown_by(now->lost, base->lost);
	counts->late = grown_by(now->late, base->late);
	counts->duplicate = grown_by(now->duplicate, base->duplicate);
	counts->reordered = grown_by(now->reordered, base->reordered);
	for (size_t i = 0; i < CAUSE_COUNT; i++) {
		counts->errors[i] = grown_by(now->errors[i], base->errors[i]);
	}
	subtract_rtt(now, base, counts);
	subtract_bins(&now->quant, &base->quant, counts);
}

/* Of probes that left from `from` up to, not with, `to`; the stats know the last minute. */
static void add_extremes(const struct stats *stats, ns_t from, ns_t to, struct counts *counts)
{
	for (size_t i = 0; i < STATS_RECENT_SEC; i++) {
		const struct stats_second *second = &stats->recent[i];

		if (second->best == 0 || second->second < from / NS_PER_SEC ||
		    second->second >= to / NS_PER_SEC) {
			continue;
		}
		counts->best = counts->best == 0 || second->best < counts->best ? second->best :
			counts->best;
		counts->worst = second->worst > counts->worst ? second->worst : counts->worst;
		counts->jitter_worst = second->jitter_worst > counts->jitter_worst ?
			second->jitter_worst : counts->jitter_worst;
	}
}

static struct part *newest(const struct window *window)
{
	size_t at = (window->next + WINDOW_PARTS - 1) % WINDOW_PARTS;

	return window->count == 0 ? NULL : (struct part *)(uintptr_t)&window->parts[at];
}

/* What was still under way when the part ended has been answered by now. */
static void finish_extremes(struct part *part, const struct session *session)
{
	for (size_t k = 0; k < part->hop_count && k < session->hop_count; k++) {
		for (int kind = 0; kind < WALK_STATS_COUNT; kind++) {
			add_extremes(&session->hops[k].walk[kind], part->from, part->to,
				&part->counts[k * WALK_STATS_COUNT + (size_t)kind]);
		}
	}
}

/* The part from the last one's end on, as it is now. */
static void fill_part(const struct window *window, const struct session *session, ns_t now,
	struct part *part)
{
	*part = (struct part){.from = window->from, .to = now,
		.rounds_before = window->rounds_before, .hop_count = session->hop_count};
	part->counts = xcalloc(part->hop_count * WALK_STATS_COUNT + 1, sizeof *part->counts);
	for (size_t k = 0; k < part->hop_count; k++) {
		part->address[k] = session->hops[k].address;
		for (int kind = 0; kind < WALK_STATS_COUNT; kind++) {
			if (session->has_walk[kind]) {
				subtract(&session->hops[k].walk[kind], window->base[k][kind],
					&part->counts[k * WALK_STATS_COUNT + (size_t)kind]);
			}
		}
	}
}

void window_advance(struct window *window, const struct session *session, ns_t now)
{
	/* Whole seconds, for so the extremes are kept. */
	ns_t second = now / NS_PER_SEC * NS_PER_SEC;
	struct part *part = newest(window);

	if (second < window->from + PART) {
		return;
	}
	if (part != NULL) {
		finish_extremes(part, session);
	}
	part = &window->parts[window->next];
	clear_part(part);
	fill_part(window, session, second, part);
	window->next = (window->next + 1) % WINDOW_PARTS;
	window->count += window->count < WINDOW_PARTS;
	take_base(window, session, second);
}

/* Less than nothing for a while: the part that had more comes after it. */
static uint64_t plus(uint64_t sum, int64_t more)
{
	return sum + (uint64_t)more;
}

static void lift(uint64_t *count)
{
	*count = *count > INT64_MAX ? 0 : *count;
}

/* What was counted before the window and taken back in it is none of its own. */
static void lift_counts(struct stats *stats)
{
	lift(&stats->transmitted);
	lift(&stats->sent);
	lift(&stats->received);
	lift(&stats->lost);
	lift(&stats->late);
	lift(&stats->duplicate);
	lift(&stats->reordered);
	for (size_t i = 0; i < CAUSE_COUNT; i++) {
		lift(&stats->errors[i]);
	}
}

static void add_rtt(const struct counts *counts, struct stats *sum)
{
	double n_sum = (double)sum->samples, n = (double)counts->samples;
	double gap = counts->mean_ns - sum->mean_ns;

	if (counts->samples > 0) {
		sum->m2_ns += counts->m2_ns + gap * gap * n_sum * n / (n_sum + n);
		sum->mean_ns += gap * n / (n_sum + n);
		sum->samples += counts->samples;
	}
	sum->log_sum += counts->log_sum;
	sum->jitter_sum_ns += counts->jitter_sum_ns;
	for (size_t i = 0; i < counts->bin_count; i++) {
		sum->quant.bin[counts->bins[i].at] += counts->bins[i].count;
		sum->quant.count += counts->bins[i].count;
	}
	sum->best = counts->best != 0 && (sum->best == 0 || counts->best < sum->best) ?
		counts->best : sum->best;
	sum->worst = counts->worst > sum->worst ? counts->worst : sum->worst;
	sum->jitter_worst = counts->jitter_worst > sum->jitter_worst ? counts->jitter_worst :
		sum->jitter_worst;
}

static void add_counts(const struct counts *counts, struct stats *sum)
{
	sum->transmitted = plus(sum->transmitted, counts->transmitted);
	sum->sent = plus(sum->sent, counts->sent);
	sum->received = plus(sum->received, counts->received);
	sum->lost = plus(sum->lost, counts->lost);
	sum->late = plus(sum->late, counts->late);
	sum->duplicate = plus(sum->duplicate, counts->duplicate);
	sum->reordered = plus(sum->reordered, counts->reordered);
	for (size_t i = 0; i < CAUSE_COUNT; i++) {
		sum->errors[i] = plus(sum->errors[i], counts->errors[i]);
	}
	add_rtt(counts, sum);
}

/* The part that is `back` before the newest; NULL: there is none, or it begins too early. */
static const struct part *part_back(const struct window *window, size_t back, ns_t not_before)
{
	size_t at = (window->next + WINDOW_PARTS - 1 - back) % WINDOW_PARTS;

	return back >= window->count || window->parts[at].to <= not_before ? NULL :
		&window->parts[at];
}

/* What goes on is kept, what is summed is counted anew. */
static void sum_up(const struct window *window, const struct part *open, size_t k, int kind,
	ns_t not_before, struct stats *stats)
{
	size_t at = k * WALK_STATS_COUNT + (size_t)kind;
	struct stats sum = {.last = stats->last, .jitter = stats->jitter,
		.jitter_rfc_ns = stats->jitter_rfc_ns, .highest_round = stats->highest_round};
	const struct part *part;
	struct counts extremes = {.best = 0};
	bool is_anew = open->counts[at].is_anew;
	ns_t live_from = open->from;

	add_counts(&open->counts[at], &sum);
	for (size_t back = 0; !is_anew && (part = part_back(window, back, not_before)) != NULL &&
	     k < part->hop_count && addr_equal(&part->address[k], &open->address[k]); back++) {
		add_counts(&part->counts[at], &sum);
		is_anew = part->counts[at].is_anew;
		live_from = back == 0 ? part->from : live_from;
	}
	lift_counts(&sum);
	/* The first sample differs from one before: that many differences, and not one less. */
	if (!is_anew && sum.samples > 1) {
		sum.jitter_sum_ns *= (double)(sum.samples - 1) / (double)sum.samples;
	}
	add_extremes(stats, live_from, NS_NEVER, &extremes);
	add_rtt(&extremes, &sum);
	/* Where nothing is known of a sample's second, the histogram knows it to a hundredth. */
	if (sum.samples > 0 && sum.best == 0) {
		sum.best = (ns_t)(quant_get(&sum.quant, 0) * 1e6);
		sum.worst = (ns_t)(quant_get(&sum.quant, 1) * 1e6);
	}
	memcpy(sum.history, stats->history, sizeof sum.history);
	memcpy(sum.recent, stats->recent, sizeof sum.recent);
	*stats = sum;
}

ns_t window_cut(const struct window *window, const struct session *session, ns_t now, ns_t ago,
	struct session *ret_session)
{
	ns_t not_before = now - ago, from = window->from;
	const struct part *part;
	struct part open;

	fill_part(window, session, now, &open);
	*ret_session = *session;
	ret_session->hops = xcalloc(HOP_MAX, sizeof *ret_session->hops);
	memcpy(ret_session->hops, session->hops, HOP_MAX * sizeof *ret_session->hops);
	ret_session->flows = NULL;
	ret_session->flow_count = 1;
	ret_session->via_count = 0;
	for (size_t back = 0; (part = part_back(window, back, not_before)) != NULL; back++) {
		from = part->from;
	}
	for (size_t k = 0; k < session->hop_count; k++) {
		for (int kind = 0; kind < WALK_STATS_COUNT; kind++) {
			if (session->has_walk[kind]) {
				sum_up(window, &open, k, kind, not_before, &ret_session->hops[k].walk[kind]);
			}
		}
	}
	clear_part(&open);
	return from;
}

void window_finish_cut(struct session *session)
{
	free(session->hops);
	session->hops = NULL;
}

uint32_t window_rounds_before(const struct window *window, ns_t from)
{
	for (size_t i = 0; i < window->count; i++) {
		if (window->parts[i].counts != NULL && window->parts[i].from == from) {
			return window->parts[i].rounds_before;
		}
	}
	return window->rounds_before;
}
