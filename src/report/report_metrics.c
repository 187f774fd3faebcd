/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <inttypes.h>

#include "report/report.h"

/*
 * A run as metrics for Prometheus, in its text exposition format 0.0.4: families in turn, each
 * with all its series; base units (seconds, ratios of one). What is not known has no series.
 */
static const char VIEW_THROUGH[] = "through", VIEW_TO[] = "to";

struct family {
	const char *name, *type, *help;
};

static void begin(struct strbuf *out, const char *name, const char *type, const char *help)
{
	strbuf_printf(out, "# HELP thrupath_%s %s\n# TYPE thrupath_%s %s\n", name, help, name, type);
}

static void put_label(struct strbuf *out, const char *name, const char *value)
{
	strbuf_printf(out, ",%s=\"", name);
	for (; value != NULL && *value != '\0'; value++) {
		if (*value == '\\' || *value == '"') {
			strbuf_putc(out, '\\');
		}
		strbuf_putc(out, *value == '\n' ? ' ' : *value);
	}
	strbuf_putc(out, '"');
}

/* Every series says whose run it is, so that the files of several lie side by side: by addresses,
 * for a name comes later than the first numbers, and may change. */
static void put_name(struct strbuf *out, const struct snapshot *snap, const char *name)
{
	strbuf_printf(out, "thrupath_%s{source=\"%s\"", name, snap->source);
	put_label(out, "destination", snap->destination);
}

static void put_hop(struct strbuf *out, const struct snapshot *snap, const char *name,
	const struct snap_hop *hop, const char *view)
{
	put_name(out, snap, name);
	strbuf_printf(out, ",hop=\"%u\"", hop->hop);
	put_label(out, "address", hop->address);
	put_label(out, "view", view);
}

static void put_real(struct strbuf *out, double value)
{
	strbuf_printf(out, "} %.9g\n", value);
}

static void put_time(struct strbuf *out, ns_t realtime)
{
	strbuf_printf(out, "} %" PRId64 ".%03d\n", realtime / NS_PER_SEC,
		(int)(realtime % NS_PER_SEC / NS_PER_MS));
}

static void put_count(struct strbuf *out, uint64_t value)
{
	strbuf_printf(out, "} %" PRIu64 "\n", value);
}

struct measure {
	struct family family;
	size_t offset;           /* into snap_stats */
	bool is_count;           /* a uint64_t, else a double */
	bool is_time;            /* in ms: known from the first answer on */
};

#define STATS(member) offsetof(struct snap_stats, member)

static const struct measure measures[] = {
	{{"probes_sent_total", "counter", "Probes sent."},
		STATS(sent), true, false},
	{{"probes_received_total", "counter", "Probes that were answered."},
		STATS(received), true, false},
	{{"loss_ratio", "gauge", "Loss since the start."}, STATS(loss), false, false},
	{{"loss_ratio_low", "gauge", "Lower bound of its always-valid 95 % interval."},
		STATS(low), false, false},
	{{"loss_ratio_high", "gauge", "Upper bound of its always-valid 95 % interval."},
		STATS(high), false, false},
	{{"loss_ratio_recent", "gauge", "Loss over the last 60 seconds."},
		STATS(recent), false, false},
	{{"rtt_best_seconds", "gauge", "The shortest round-trip time."},
		STATS(best_ms), false, true},
	{{"jitter_seconds", "gauge", "Smoothed jitter (RFC 3550, 6.4.1)."},
		STATS(jitter_rfc3550_ms), false, true},
};

static void put_measure(struct strbuf *out, const struct snapshot *snap,
	const struct measure *measure, const struct snap_hop *hop, const char *view)
{
	const struct snap_stats *stats = view == VIEW_TO ? &hop->to : &hop->through;
	const void *at = (const char *)stats + measure->offset;

	if (!stats->is_on || (measure->is_time ? !stats->has_rtt :
	    !measure->is_count && (stats->resolved == 0 || *(const double *)at < 0))) {
		return;
	}
	put_hop(out, snap, measure->family.name, hop, view);
	if (measure->is_count) {
		put_count(out, *(const uint64_t *)at);
	} else {
		put_real(out, *(const double *)at * (measure->is_time ? 1e-3 : 1));
	}
}

static void put_summary(struct strbuf *out, const struct snapshot *snap,
	const struct snap_hop *hop, const struct snap_stats *stats, const char *view)
{
	const struct {
		const char *name;
		double ms;
	} quantiles[] = {{"0.5", stats->p50_ms}, {"0.95", stats->p95_ms}, {"0.99", stats->p99_ms}};

	for (size_t i = 0; stats->is_on && stats->has_rtt && i < 3; i++) {
		put_hop(out, snap, "rtt_seconds", hop, view);
		put_label(out, "quantile", quantiles[i].name);
		put_real(out, quantiles[i].ms / 1e3);
	}
	if (stats->is_on && stats->has_rtt) {
		put_hop(out, snap, "rtt_seconds_sum", hop, view);
		put_real(out, stats->avg_ms / 1e3 * (double)stats->received);
		put_hop(out, snap, "rtt_seconds_count", hop, view);
		put_count(out, stats->received);
	}
}

static void put_links(struct strbuf *out, const struct snapshot *snap, const struct family *family,
	size_t offset, double factor)
{
	begin(out, family->name, family->type, family->help);
	for (size_t i = 0; i < snap->link_count; i++) {
		const struct snap_link *link = &snap->links[i];
		const void *at = (const char *)link + offset;
		double value = *(const double *)at;

		if (link->loss >= 0 && value != SNAP_UNKNOWN) {
			put_name(out, snap, family->name);
			strbuf_printf(out, ",link=\"%u\"", link->link);
			put_label(out, "from", link->from);
			put_label(out, "to", link->to);
			put_real(out, factor * value);
		}
	}
}

static void put_findings(struct strbuf *out, const struct snapshot *snap)
{
	begin(out, "finding_active", "gauge", "1 for each finding that is active.");
	for (size_t i = 0; i < snap->finding_count; i++) {
		const struct snap_finding *finding = &snap->findings[i];

		if (!finding->is_active) {
			continue;
		}
		put_name(out, snap, "finding_active");
		put_label(out, "id", finding->id);
		put_label(out, "severity", snap_severity_name(finding->severity));
		strbuf_puts(out, ",hops=\"");
		for (size_t k = 0; k < finding->hop_count; k++) {
			strbuf_printf(out, "%s%u", k > 0 ? "-" : "", finding->hops[k]);
		}
		strbuf_puts(out, "\"} 1\n");
	}
}

static void put_end(struct strbuf *out, const struct snapshot *snap)
{
	begin(out, "end_up", "gauge", "1 while the destination replies, 0 while it does not.");
	if (snap->end.is_known) {
		put_name(out, snap, "end_up");
		put_count(out, snap->end.is_up);
	}
	begin(out, "end_last_answer_timestamp_seconds", "gauge",
		"Send time of the last probe that the destination replied to.");
	if (snap->end.replied_realtime > 0) {
		put_name(out, snap, "end_last_answer_timestamp_seconds");
		put_time(out, snap->end.replied_realtime);
	}
	begin(out, "end_outages_total", "counter", "Outages: the destination did not reply.");
	put_name(out, snap, "end_outages_total");
	put_count(out, snap->end.outage_count + snap->end.forgotten);
	begin(out, "end_down_seconds_total", "counter", "Total length of the outages.");
	put_name(out, snap, "end_down_seconds_total");
	put_real(out, ns_to_sec(snap->end.down));
}

static void put_own(struct strbuf *out, const struct snapshot *snap)
{
	const struct {
		struct family family;
		uint64_t value;
	} own[] = {
		{{"rounds_total", "counter", "Rounds started."}, snap->rounds},
		{{"rounds_void_total", "counter", "Excluded rounds."}, snap->void_rounds},
		{{"local_dropped_total", "counter", "Packets that this host dropped."},
			snap->rx_dropped},
		{{"send_errors_total", "counter", "Probes that could not be sent."},
			snap->send_errors},
		{{"forged_total", "counter", "Spoofed replies."}, snap->forged},
	};

	for (size_t i = 0; i < sizeof own / sizeof own[0]; i++) {
		begin(out, own[i].family.name, own[i].family.type, own[i].family.help);
		put_name(out, snap, own[i].family.name);
		put_count(out, own[i].value);
	}
	begin(out, "updated_timestamp_seconds", "gauge", "When these numbers were written.");
	put_name(out, snap, "updated_timestamp_seconds");
	put_time(out, snap->now_realtime);
}

/* What may become known later stands apart: else the series of a hop would end with it. */
static void put_hops(struct strbuf *out, const struct snapshot *snap)
{
	begin(out, "hop_info", "gauge", "Attributes of a hop.");
	for (size_t i = 0; i < snap->hop_count; i++) {
		const struct snap_hop *hop = &snap->hops[i];

		put_name(out, snap, "hop_info");
		strbuf_printf(out, ",hop=\"%u\"", hop->hop);
		put_label(out, "address", hop->address);
		put_label(out, "name", hop->name);
		put_label(out, "city", hop->place.city);
		put_label(out, "country", hop->place.country);
		strbuf_printf(out, ",asn=\"%" PRIu32 "\",decap=\"%s\"} 1\n", hop->as.number, hop->decap);
	}
}

void report_metrics(const struct snapshot *snap, struct strbuf *out)
{
	static const struct family added = {"link_rtt_added_seconds", "gauge",
		"Median round-trip time that a link adds."};
	static const struct {
		struct family family;
		size_t offset;
	} losses[] = {
		{{"link_loss_ratio", "gauge", "Loss of a link, both ways."},
			offsetof(struct snap_link, loss)},
		{{"link_loss_ratio_low", "gauge", "Lower bound of its always-valid 95 % interval."},
			offsetof(struct snap_link, low)},
		{{"link_loss_ratio_high", "gauge", "Upper bound of its always-valid 95 % interval."},
			offsetof(struct snap_link, high)},
	};

	begin(out, "info", "gauge", "Version of the program.");
	put_name(out, snap, "info");
	put_label(out, "version", snap->version);
	put_label(out, "walk", snap->walk);
	put_label(out, "destination_name", snap->destination_name);
	strbuf_puts(out, "} 1\n");
	put_own(out, snap);
	put_end(out, snap);
	put_hops(out, snap);
	for (size_t i = 0; i < sizeof measures / sizeof measures[0]; i++) {
		begin(out, measures[i].family.name, measures[i].family.type, measures[i].family.help);
		for (size_t k = 0; k < snap->hop_count; k++) {
			put_measure(out, snap, &measures[i], &snap->hops[k], VIEW_THROUGH);
			put_measure(out, snap, &measures[i], &snap->hops[k], VIEW_TO);
		}
	}
	begin(out, "rtt_seconds", "summary", "Round-trip time.");
	for (size_t i = 0; i < snap->hop_count; i++) {
		put_summary(out, snap, &snap->hops[i], &snap->hops[i].through, VIEW_THROUGH);
		put_summary(out, snap, &snap->hops[i], &snap->hops[i].to, VIEW_TO);
	}
	for (size_t i = 0; i < sizeof losses / sizeof losses[0]; i++) {
		put_links(out, snap, &losses[i].family, losses[i].offset, 1);
	}
	put_links(out, snap, &added, offsetof(struct snap_link, rtt_added_ms), 1e-3);
	put_findings(out, snap);
}
