/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "view/columns.h"

#include <inttypes.h>
#include <stdio.h>

#include "base/i18n.h"

/* A link whose loss is proven to be above this is suspect (DESIGN, --json). */
static const double suspect_above = 0.001;

const struct snap_stats *column_stats(enum column_source source, const struct snap_hop *hop)
{
	const struct snap_stats *stats = source == COLUMN_TO ? &hop->to : &hop->through;

	return source != COLUMN_OF_HOP && stats->is_on ? stats : NULL;
}

void column_percent(double fraction, char *ret_text, size_t cap)
{
	double percent = fraction * 100.0;

	if (percent > 0.0 && percent < 0.05) {
		(void)snprintf(ret_text, cap, "<0.1");
	} else if (percent < 100.0 && percent >= 99.95) {
		(void)snprintf(ret_text, cap, ">99.9");
	} else {
		(void)snprintf(ret_text, cap, "%.1f", percent);
	}
}

void column_ms(double ms, char *ret_text, size_t cap)
{
	(void)snprintf(ret_text, cap, ms < 9999.95 ? "%.1f" : "%.0f", ms);
}

const char *column_host(const struct snap_hop *hop)
{
	return hop->name != NULL ? hop->name : hop->address != NULL ? hop->address : "???";
}

static void set_dash(struct column_text *ret_text)
{
	(void)snprintf(ret_text->text, sizeof ret_text->text, "-");
	ret_text->role = ROLE_DIM;
}

static void set_count(uint64_t count, struct column_text *ret_text)
{
	(void)snprintf(ret_text->text, sizeof ret_text->text, "%" PRIu64, count);
	ret_text->role = ROLE_NORMAL;
}

static void value_number(const struct column *column, const struct column_input *in,
	struct column_text *ret_text)
{
	(void)column;
	(void)snprintf(ret_text->text, sizeof ret_text->text, "%u", in->hop->hop);
	ret_text->role = ROLE_NORMAL;
}

/* The alarm is the link's: the hops behind it lose the same packets and are not to blame. */
enum role column_link_role(const struct snap_link *link)
{
	return link->low > suspect_above ? ROLE_ALARM : link->loss > 0.0 ? ROLE_WARNING : ROLE_GOOD;
}

/* A hop that does not answer proves nothing about the path, so To losses never alarm. */
static void value_loss(const struct column *column, const struct column_input *in,
	struct column_text *ret_text)
{
	const struct snap_stats *stats = column_stats(column->source, in->hop);

	if (stats == NULL || stats->loss < 0.0) {
		set_dash(ret_text);
		return;
	}
	column_percent(stats->loss, ret_text->text, sizeof ret_text->text);
	if (column->source == COLUMN_TO) {
		ret_text->role = stats->loss > 0.0 ? ROLE_NOTICE : ROLE_NORMAL;
	} else {
		ret_text->role = stats->loss > 0.0 ? ROLE_WARNING : ROLE_GOOD;
	}
}

static void value_at_most(const struct column *column, const struct column_input *in,
	struct column_text *ret_text)
{
	const struct snap_stats *stats = column_stats(column->source, in->hop);

	if (stats == NULL || stats->loss < 0.0) {
		set_dash(ret_text);
		return;
	}
	column_percent(stats->high, ret_text->text, sizeof ret_text->text);
	ret_text->role = ROLE_NORMAL;
}

static void value_link(const struct column *column, const struct column_input *in,
	struct column_text *ret_text)
{
	(void)column;
	if (in->link == NULL || in->link->loss < 0.0) {
		set_dash(ret_text);
		return;
	}
	column_percent(in->link->loss, ret_text->text, sizeof ret_text->text);
	ret_text->role = column_link_role(in->link);
}

static void value_ms(const struct column *column, const struct column_input *in,
	struct column_text *ret_text)
{
	const struct snap_stats *stats = column_stats(column->source, in->hop);

	if (stats == NULL || !stats->has_rtt) {
		set_dash(ret_text);
		return;
	}
	column_ms(*(const double *)(const void *)((const char *)stats + column->offset),
		ret_text->text, sizeof ret_text->text);
	ret_text->role = ROLE_NORMAL;
}

static void value_sent(const struct column *column, const struct column_input *in,
	struct column_text *ret_text)
{
	const struct snap_stats *stats = column_stats(column->source, in->hop);

	if (stats == NULL) {
		set_dash(ret_text);
		return;
	}
	set_count(stats->sent, ret_text);
}

static void value_received(const struct column *column, const struct column_input *in,
	struct column_text *ret_text)
{
	const struct snap_stats *stats = column_stats(column->source, in->hop);

	if (stats == NULL) {
		set_dash(ret_text);
		return;
	}
	set_count(stats->received, ret_text);
}

static void value_drop(const struct column *column, const struct column_input *in,
	struct column_text *ret_text)
{
	const struct snap_stats *stats = column_stats(column->source, in->hop);

	if (stats == NULL || stats->received > stats->sent) {
		set_dash(ret_text);
		return;
	}
	set_count(stats->sent - stats->received, ret_text);
}

#define TIME_COLUMN(src, head, text, wide, rank, field) { \
	.source = (src), .heading = (head), .meaning = (text), .width = (wide), \
	.priority = (rank), .offset = offsetof(struct snap_stats, field), .value = value_ms}

static const struct column columns[COLUMN_COUNT] = {
	[COLUMN_NUMBER] = {.heading = N_("#"), .width = 3, .priority = 100,
		.value = value_number},
	[COLUMN_HOST] = {.heading = N_("Host"), .is_left = true, .width = 5, .priority = 99},
	[COLUMN_LOSS] = {.source = COLUMN_THROUGH, .heading = N_("Through%"),
		.meaning = N_("loss of packets that went through the hop and back"),
		.width = 8, .priority = 90, .value = value_loss},
	[COLUMN_AT_MOST] = {.source = COLUMN_THROUGH, .heading = N_("at most"),
		.meaning = N_("upper end of the 95 % interval of that loss: how bad it may be"),
		.width = 7, .priority = 75, .value = value_at_most},
	[COLUMN_LINK] = {.source = COLUMN_THROUGH, .heading = N_("Link%"),
		.meaning = N_("loss added by the link that ends at the hop, out and back"),
		.width = 5, .priority = 85, .value = value_link},
	[COLUMN_P50] = TIME_COLUMN(COLUMN_THROUGH, N_("p50"),
		N_("median round-trip time through the hop, ms"), 6, 70, p50_ms),
	[COLUMN_P95] = TIME_COLUMN(COLUMN_THROUGH, N_("p95"),
		N_("95 % of the round trips were faster than this, ms"), 6, 50, p95_ms),
	[COLUMN_JITTER] = TIME_COLUMN(COLUMN_THROUGH, N_("Jit"),
		N_("difference between the last two round trips, ms"), 5, 40, jitter_ms),
	[COLUMN_JITTER_AVG] = TIME_COLUMN(COLUMN_THROUGH, N_("JitAvg"),
		N_("average of those differences, ms"), 6, 66, jitter_avg_ms),
	[COLUMN_JITTER_WORST] = TIME_COLUMN(COLUMN_THROUGH, N_("JitMax"),
		N_("the largest of those differences, ms"), 6, 64, jitter_worst_ms),
	[COLUMN_SENT] = {.source = COLUMN_THROUGH, .heading = N_("Snt"),
		.meaning = N_("probes that were answered or whose deadline has passed"),
		.width = 5, .priority = 30, .value = value_sent},
	[COLUMN_TO_LOSS] = {.source = COLUMN_TO, .heading = N_("To%"),
		.meaning = N_("questions to the hop itself that it left without an answer"),
		.width = 5, .priority = 80, .value = value_loss},
	[COLUMN_TO_P50] = TIME_COLUMN(COLUMN_TO, N_("To50"),
		N_("median round-trip time of the hop's own answers, ms"), 6, 20, p50_ms),
	[COLUMN_TO_SENT] = {.source = COLUMN_TO, .heading = N_("ToSnt"), .width = 5,
		.priority = 60, .value = value_sent},
	[COLUMN_TO_DROP] = {.source = COLUMN_TO, .heading = N_("Drop"), .width = 5,
		.priority = 28, .value = value_drop},
	[COLUMN_TO_RECEIVED] = {.source = COLUMN_TO, .heading = N_("Rcv"), .width = 5,
		.priority = 26, .value = value_received},
	[COLUMN_TO_LAST] = TIME_COLUMN(COLUMN_TO, N_("Last"), NULL, 6, 58, last_ms),
	[COLUMN_TO_AVG] = TIME_COLUMN(COLUMN_TO, N_("Avg"), NULL, 6, 70, avg_ms),
	[COLUMN_TO_BEST] = TIME_COLUMN(COLUMN_TO, N_("Best"), NULL, 6, 56, best_ms),
	[COLUMN_TO_WORST] = TIME_COLUMN(COLUMN_TO, N_("Wrst"), NULL, 6, 54, worst_ms),
	[COLUMN_TO_STDEV] = TIME_COLUMN(COLUMN_TO, N_("StDev"), NULL, 6, 50, stddev_ms),
	[COLUMN_TO_GMEAN] = TIME_COLUMN(COLUMN_TO, N_("Gmean"), NULL, 6, 24, gmean_ms),
	[COLUMN_TO_JITTER] = TIME_COLUMN(COLUMN_TO, N_("ToJttr"), NULL, 6, 48, jitter_ms),
	[COLUMN_TO_JITTER_AVG] = TIME_COLUMN(COLUMN_TO, N_("ToJavg"), NULL, 6, 46,
		jitter_avg_ms),
	[COLUMN_TO_JITTER_WORST] = TIME_COLUMN(COLUMN_TO, N_("ToJmax"), NULL, 6, 44,
		jitter_worst_ms),
	[COLUMN_TO_JITTER_INT] = TIME_COLUMN(COLUMN_TO, N_("ToJint"), NULL, 6, 42,
		jitter_mtr_ms),
	[COLUMN_HISTORY] = {.source = COLUMN_THROUGH, .heading = N_("History"), .is_left = true,
		.width = 8, .priority = 45},
	[COLUMN_TO_HISTORY] = {.source = COLUMN_TO, .heading = N_("ToHistory"),
		.is_left = true, .width = 8, .priority = 45},
};
#undef TIME_COLUMN

const struct column *column_get(enum column_id id)
{
	return &columns[id];
}
