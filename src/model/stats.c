/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "model/stats.h"

#include <math.h>

static struct stats_second *second_of(struct stats *stats, ns_t t)
{
	int64_t second = t / NS_PER_SEC;
	struct stats_second *slot = &stats->recent[second % STATS_RECENT_SEC];

	if (slot->second != second) {
		*slot = (struct stats_second){.second = second};
	}
	return slot;
}

static void mark(struct stats *stats, const struct stats_probe *probe, enum outcome outcome,
	ns_t rtt)
{
	struct stats_cell *cell = &stats->history[probe->round % STATS_HISTORY];

	/* An old round must not overwrite the newer one that has its cell now. */
	if (cell->outcome != OUTCOME_NONE && cell->round > probe->round) {
		return;
	}
	*cell = (struct stats_cell){.round = probe->round, .outcome = (uint8_t)outcome,
		.came_us = (uint16_t)((probe->sent_at + rtt) / NS_PER_US % STATS_PHASE_US),
		.rtt_us = rtt / NS_PER_US > UINT32_MAX ? UINT32_MAX : (uint32_t)(rtt / NS_PER_US)};
}

void stats_transmitted(struct stats *stats, const struct stats_probe *probe)
{
	stats->transmitted++;
	mark(stats, probe, OUTCOME_PENDING, 0);
}

static void add_jitter(struct stats *stats, ns_t rtt)
{
	ns_t jitter = rtt > stats->last ? rtt - stats->last : stats->last - rtt;

	stats->jitter = jitter;
	stats->jitter_sum_ns += (double)jitter;
	stats->jitter_rfc_ns += ((double)jitter - stats->jitter_rfc_ns) / 16;
	if (jitter > stats->jitter_worst) {
		stats->jitter_worst = jitter;
	}
}

static void add_rtt(struct stats *stats, ns_t rtt)
{
	double delta = (double)rtt - stats->mean_ns;

	if (stats->samples == 0) {
		stats->best = rtt;
		stats->worst = rtt;
	} else {
		add_jitter(stats, rtt);
	}
	stats->samples++;
	stats->mean_ns += delta / (double)stats->samples;
	stats->m2_ns += delta * ((double)rtt - stats->mean_ns);
	stats->log_sum += log(rtt > 1 ? (double)rtt : 1.0);
	stats->last = rtt;
	if (rtt < stats->best) {
		stats->best = rtt;
	}
	if (rtt > stats->worst) {
		stats->worst = rtt;
	}
	quant_add(&stats->quant, rtt);
}

static void add_extremes(struct stats_second *second, ns_t rtt, ns_t jitter)
{
	rtt = rtt > 0 ? rtt : 1;
	second->best = second->best == 0 || rtt < second->best ? rtt : second->best;
	second->worst = rtt > second->worst ? rtt : second->worst;
	second->jitter_worst = jitter > second->jitter_worst ? jitter : second->jitter_worst;
}

void stats_answered(struct stats *stats, const struct stats_probe *probe, ns_t rtt)
{
	struct stats_second *second = second_of(stats, probe->sent_at);

	stats->sent++;
	stats->received++;
	second->sent++;
	if (stats->received > 1 && probe->round < stats->highest_round) {
		stats->reordered++;
	} else {
		stats->highest_round = probe->round;
	}
	add_rtt(stats, rtt);
	add_extremes(second, rtt, stats->jitter);
	mark(stats, probe, OUTCOME_ANSWERED, rtt);
}

void stats_lost(struct stats *stats, const struct stats_probe *probe)
{
	struct stats_second *second = second_of(stats, probe->sent_at);

	stats->sent++;
	stats->lost++;
	second->sent++;
	second->lost++;
	mark(stats, probe, OUTCOME_LOST, 0);
}

void stats_error(struct stats *stats, const struct stats_probe *probe, enum icmp_cause cause)
{
	stats->sent++;
	stats->errors[cause]++;
	mark(stats, probe, OUTCOME_ERROR, 0);
}

void stats_late(struct stats *stats, const struct stats_probe *probe)
{
	struct stats_second *second = second_of(stats, probe->sent_at);

	struct stats_cell *cell = &stats->history[probe->round % STATS_HISTORY];

	stats->lost--;
	stats->late++;
	if (cell->round == probe->round && cell->outcome == OUTCOME_LOST) {
		cell->outcome = OUTCOME_LATE;
	}
	if (second->lost > 0) {
		second->lost--;
	}
}

void stats_duplicate(struct stats *stats)
{
	stats->duplicate++;
}

void stats_void(struct stats *stats, const struct stats_probe *probe, enum outcome was,
	enum icmp_cause cause)
{
	struct stats_second *second = second_of(stats, probe->sent_at);

	stats->transmitted--;
	switch (was) {
	case OUTCOME_ANSWERED:
		stats->received--;
		break;
	case OUTCOME_LOST:
		stats->lost--;
		second->lost -= second->lost > 0;
		break;
	case OUTCOME_LATE:
		stats->late--;
		break;
	case OUTCOME_ERROR:
		stats->errors[cause]--;
		break;
	case OUTCOME_NONE:
	case OUTCOME_PENDING:
		mark(stats, probe, OUTCOME_NONE, 0);
		return;
	}
	stats->sent--;
	if (was != OUTCOME_ERROR) {
		second->sent -= second->sent > 0;
	}
	mark(stats, probe, OUTCOME_NONE, 0);
}

const struct stats_cell *stats_cell_of(const struct stats *stats, uint32_t round)
{
	const struct stats_cell *cell = &stats->history[round % STATS_HISTORY];

	return cell->round == round ? cell : NULL;
}

bool stats_is_resolved(const struct stats_cell *cell)
{
	return cell != NULL && (cell->outcome == OUTCOME_ANSWERED || cell->outcome == OUTCOME_LOST);
}

uint64_t stats_loss_trials(const struct stats *stats)
{
	return stats->received + stats->late + stats->lost;
}

double stats_recent_loss(const struct stats *stats, ns_t now)
{
	int64_t oldest = now / NS_PER_SEC - STATS_RECENT_SEC;
	uint64_t sent = 0, lost = 0;

	for (size_t i = 0; i < STATS_RECENT_SEC; i++) {
		if (stats->recent[i].second > oldest) {
			sent += stats->recent[i].sent;
			lost += stats->recent[i].lost;
		}
	}
	return sent == 0 ? -1 : (double)lost / (double)sent;
}

double stats_avg_ms(const struct stats *stats)
{
	return stats->mean_ns / 1e6;
}

double stats_stddev_ms(const struct stats *stats)
{
	return stats->samples < 2 ? 0 : sqrt(stats->m2_ns / (double)(stats->samples - 1)) / 1e6;
}

double stats_gmean_ms(const struct stats *stats)
{
	return stats->samples == 0 ? 0 : exp(stats->log_sum / (double)stats->samples) / 1e6;
}

double stats_jitter_avg_ms(const struct stats *stats)
{
	return stats->samples < 2 ? 0 : stats->jitter_sum_ns / (double)(stats->samples - 1) / 1e6;
}
