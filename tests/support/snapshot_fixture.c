/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "support/snapshot_fixture.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "base/strbuf.h"

static char *format(const char *pattern, size_t hop)
{
	struct strbuf buf = {0};

	for (const char *p = pattern; *p != '\0'; p++) {
		if (*p == '@') {
			strbuf_printf(&buf, "%zu", hop);
		} else {
			strbuf_putc(&buf, *p);
		}
	}
	return strbuf_detach(&buf);
}

static char *host_name(size_t hop, enum fixture_names names)
{
	static const char *const plain[] = {"ae24-0.icr03.mwh@", "be-161-0.ibr02.mwh@",
		"be-7-0.ibr02.cys@", "xe-0-0-1.core@.example.net"};
	static const char *const wide[] = {"ルータ@.東京.例", "cafe\xcc\x81-@.re\xcc\x81seau",
		"een-heel-lange-naam-van-een-router-die-nergens-past.@.example.net", "边界路由器@"};

	switch (names) {
	case FIXTURE_NO_NAMES:
		return NULL;
	case FIXTURE_NAMES:
		return format(plain[(hop - 1) % 4], hop);
	case FIXTURE_WIDE_NAMES:
		return format(wide[(hop - 1) % 4], hop);
	}
	return NULL;
}

static void fill_times(struct snap_stats *stats, double base)
{
	stats->has_rtt = true;
	stats->last_ms = base + 0.25;
	stats->best_ms = base - 0.5;
	stats->avg_ms = base + 0.1;
	stats->worst_ms = base + 3.5;
	stats->stddev_ms = 0.75;
	stats->gmean_ms = base + 0.05;
	stats->p50_ms = base;
	stats->p95_ms = base + 1.5;
	stats->p99_ms = base + 3.0;
	stats->jitter_ms = 0.1;
	stats->jitter_avg_ms = 0.4;
	stats->jitter_worst_ms = 2.5;
	stats->jitter_mtr_ms = 4.0;
	stats->jitter_rfc3550_ms = 0.3;
}

static void fill_history(struct snap_stats *stats, double base, uint64_t lost)
{
	stats->history_count = 60;
	for (size_t i = 0; i < stats->history_count; i++) {
		struct snap_sample *sample = &stats->history[i];

		sample->cell = SNAP_CELL_ANSWERED;
		sample->rtt = (ns_t)((base + (double)(i % 5) * 0.4) * (double)NS_PER_MS);
		if (i * lost / 200 != (i + 1) * lost / 200) {
			sample->cell = SNAP_CELL_LOST;
		}
	}
	stats->history[0].cell = SNAP_CELL_NONE;
	stats->history[59].cell = SNAP_CELL_PENDING;
}

static void fill_stats(struct snap_stats *stats, uint64_t lost, double base)
{
	stats->is_on = true;
	stats->sent = 201;
	stats->resolved = 200;
	stats->received = 200 - lost;
	stats->dropped = lost;
	stats->loss = (double)lost / 200.0;
	stats->low = lost == 0 ? 0.0 : stats->loss * 0.5;
	stats->high = stats->loss + 0.0175 < 1.0 ? stats->loss + 0.0175 : 1.0;
	stats->recent = stats->loss;
	if (stats->received > 0) {
		fill_times(stats, base);
	}
	fill_history(stats, base, lost);
}

static void fill_to(struct snap_hop *hop, double base)
{
	bool is_silent = hop->address == NULL;

	fill_stats(&hop->to, is_silent ? 200 : hop->hop == 2 ? 163 : 0, base + 0.5);
	hop->to_kind = "ttl";
	if (hop->hop == 2) {
		hop->to.errors[0] = (struct snap_error){"admin-prohibited", 3};
		hop->to.error_count = 1;
		hop->to.late = 2;
	}
}

static void fill_hop(struct snap_hop *hop, size_t number, size_t count,
	enum fixture_names names)
{
	double base = 2.5 * (double)number;

	hop->hop = (unsigned)number;
	hop->is_end = number == count;
	hop->decap = number % 8 == 0 ? "silent" : "yes";
	if (number % 8 != 0 || hop->is_end) {
		hop->decap = "yes";
		hop->address = format("10.0.@.2", number);
		hop->name = host_name(number, names);
		hop->addresses = xcalloc(1, sizeof *hop->addresses);
		hop->addresses[0] = xstrdup(hop->address);
		hop->address_count = 1;
		fill_stats(&hop->through, number >= 3 ? 4 : 0, base);
	}
	fill_to(hop, base);
	if (number == 5) {
		hop->mpls[0] = (struct snap_mpls){.label = 24001, .tc = 0, .s = 1, .ttl = 1};
		hop->mpls_count = 1;
	}
}

static size_t fill_links(struct snapshot *snap)
{
	size_t count = 0, before = 0;

	for (size_t i = 0; i < snap->hop_count; i++) {
		const struct snap_hop *hop = &snap->hops[i];
		struct snap_link *link = &snap->links[count];

		if (!hop->through.is_on) {
			continue;
		}
		link->link = hop->hop;
		link->from_hop = (unsigned)before;
		link->from = xstrdup(before == 0 ? snap->source : snap->hops[before - 1].address);
		link->to = xstrdup(hop->address);
		link->loss = hop->hop == 3 ? 0.02 : 0.0;
		link->low = hop->hop == 3 ? 0.01 : 0.0;
		link->high = hop->hop == 3 ? 0.042 : 0.021;
		link->is_suspect = hop->hop == 3;
		link->recent = link->loss;
		link->rtt_added_ms = 2.5;
		link->rtt_added_low = 2.25;
		link->rtt_added_high = 2.75;
		link->direction = "unknown";
		before = hop->hop;
		count++;
	}
	return count;
}

/* What few hops tell; and the way back has a router more, beyond hop 4. */
static void fill_rare_facts(struct snapshot *snap)
{
	struct hints *hints = &snap->hops[0].hints;

	*hints = (struct hints){.operator = "example.net", .router = "icr03.mwh1", .place_count = 1,
		.places = {{.kind = PLACE_IATA, .rule = RULE_AIRPORT, .mark = {13, 3}, .token = "mwh",
			.city = "Moses Lake", .country = "US", .lat = 4713, .lon = -11928, .percent = 91}},
		.role = ROUTER_CORE, .role_mark = {7, 5}, .other_party = "telco",
		.relation = RELATION_PEER, .port = {.type = PORT_LAG, .mark = {0, 6}, .token = "ae24-0",
			.vendor = "juniper", .unit = "0"}};
	snap->hops[0].place = hints->places[0];
	snap->hops[0].as.number = 64500;
	snap->hops[0].as.name = xstrdup("EXAMPLE");
	snap->hops[3].hints = (struct hints){.operator = "example.net", .operator_mark = {15, 11},
		.router = "core4", .role = ROUTER_CORE, .role_mark = {9, 5},
		.ends = {"Augsburg", "Passau"}, .port = {.type = PORT_10GE,
			.mark = {0, 8}, .token = "xe-0-0-1", .vendor = "juniper", .slot = "5",
			.chassis_slots = 6, .speed_mbps = 10000}};
	snap->hops[3].place = (struct place){.kind = PLACE_DATABASE, .city = "M\xc3\xbcnchen",
		.country = "DE", .lat = 4814, .lon = 1158, .percent = 58};
	snap->hops[3].as.number = 64501;
	snap->hops[3].as.prefix = xstrdup("10.0.4.0/24");
	snap->hops[3].as.country = xstrdup("DE");
	snap->hops[3].as.registry = xstrdup("ripencc");
	snap->hops[3].as.allocated = xstrdup("2001-01-01");
	snap->hops[3].mate = (struct snap_mate){.address = xstrdup("10.0.4.1"),
		.name = xstrdup("ae3.cys3.example.org"), .hints = {.operator = "example.org"}};
	snap->hops[1].interface = (struct snap_interface){xstrdup("ge-0/0/1"), 7, 1500};
	snap->hops[2].interface.index = 12;
	snap->hops[3].return_address = xstrdup("10.0.5.1");
	snap->way_back = (struct snap_way){.from_hop = 9, .is_complete = true,
		.returns = xcalloc(2, sizeof *snap->way_back.returns), .return_count = 2};
	snap->way_back.returns[0] = (struct snap_return){1, xstrdup("10.0.90.3"), NULL, 0};
	snap->way_back.returns[1] = (struct snap_return){2, NULL, NULL, 0};
	snap->ways_back = xcalloc(1, sizeof *snap->ways_back);
	snap->way_count = 1;
	snap->ways_back[0] = (struct snap_way){.from_hop = 2,
		.returns = xcalloc(1, sizeof *snap->way_back.returns), .return_count = 1};
	snap->ways_back[0].returns[0] = (struct snap_return){1, xstrdup("10.0.2.1"),
		xstrdup("r1.example.net"), 2};
	snap->vias = xcalloc(2, sizeof *snap->vias);
	snap->via_count = 2;
	snap->vias[0] = (struct snap_via){.address = xstrdup("10.0.90.3"), .decap = "yes"};
	fill_stats(&snap->vias[0].round, 0, 5);
	fill_stats(&snap->vias[0].home, 4, 12.5);
	snap->vias[1] = (struct snap_via){.address = xstrdup("10.0.91.3"), .decap = "no"};
	snap->length_hop = 9;
	snap->out.hops = 9;
	snap->back.hops = 10;
	for (size_t i = 0; i < snap->hop_count; i++) {
		snap->hops[i].strict_out = SNAP_TRI_YES;
		snap->hops[i].strict_back = i < 4 ? SNAP_TRI_YES : SNAP_TRI_NO;
	}
}

struct snapshot *fixture_snapshot(size_t hop_count, enum fixture_names names)
{
	struct snapshot *snap = xcalloc(1, sizeof *snap);

	snap->version = "0.1.0";
	snap->command = xstrdup("thrupath -r -c 200 -i 0.2 10.0.3.2");
	snap->local_host = xstrdup("mon1");
	snap->source = xstrdup("10.0.1.1");
	snap->destination = xstrdup("10.0.3.2");
	snap->start_realtime = (ns_t)1795319170 * NS_PER_SEC;
	snap->now_realtime = snap->start_realtime + 40 * NS_PER_SEC;
	snap->phase = hop_count == 0 ? SNAP_DISCOVERING : SNAP_PROBING;
	snap->discovery_answered = 2;
	snap->discovery_awaited = 5;
	snap->rounds = hop_count == 0 ? 0 : 201;
	snap->interval = NS_PER_SEC / 5;
	snap->is_explicit = hop_count < 64;
	snap->has_discovery = !snap->is_explicit;
	snap->discovery = 163200 * NS_PER_US;
	snap->walk = "retrace";
	snap->inner_source = xstrdup("hop");
	snap->probe_bytes = snap->padded_bytes = 188;
	snap->mtu = 1500;
	snap->depth_limit = 36;
	snap->has_through = snap->has_nested = true;
	snap->has_to = true;
	snap->hop_count = hop_count;
	snap->hops = xcalloc(hop_count + 1, sizeof *snap->hops);
	snap->links = xcalloc(hop_count + 1, sizeof *snap->links);
	for (size_t i = 0; i < hop_count; i++) {
		fill_hop(&snap->hops[i], i + 1, hop_count, names);
	}
	snap->link_count = fill_links(snap);
	if (hop_count == 9) {
		fill_rare_facts(snap);
	}
	if (hop_count > 1) {
		snap->notes = xcalloc(1, sizeof *snap->notes);
		snap->notes[0] = xstrdup("hop 2 answers 18 % of what is sent to it and loses "
			"nothing through it");
		snap->note_count = 1;
	}
	return snap;
}

static struct snap_finding finding_of(const struct snapshot *snap, const char *id,
	enum snap_severity severity, unsigned hop)
{
	struct snap_finding finding = {.id = id, .severity = severity, .confidence = 0.97,
		.is_active = true, .first_realtime = snap->start_realtime + 5 * NS_PER_SEC,
		.last_realtime = snap->now_realtime, .hop_count = 1, .episodes = 1,
		.begun_realtime = snap->start_realtime + 5 * NS_PER_SEC,
		.held = snap->now_realtime - snap->start_realtime - 5 * NS_PER_SEC};

	finding.hops = xcalloc(1, sizeof *finding.hops);
	finding.hops[0] = hop;
	return finding;
}

void fixture_add_findings(struct snapshot *snap)
{
	snap->end = (struct snap_end){.is_known = true, .is_up = true,
		.replied_realtime = snap->now_realtime - NS_PER_SEC,
		.outages = xcalloc(1, sizeof *snap->end.outages), .outage_count = 1, .forgotten = 3};
	snap->end.outages[0] = (struct snap_outage){snap->now_realtime - 90 * NS_PER_SEC,
		12400 * NS_PER_MS, true, 2};
	snap->findings = xcalloc(3, sizeof *snap->findings);
	snap->finding_count = 3;
	snap->findings[0] = finding_of(snap, "link-loss", SNAP_ALARM, 3);
	snap->findings[0].text = xstrdup("link 2-3 loses 2.0 % (1.0 to 4.2), out or back not yet "
		"known");
	snap->findings[0].facts = xcalloc(2, sizeof *snap->findings[0].facts);
	snap->findings[0].facts[0] = (struct snap_fact){"rounds", 200};
	snap->findings[0].facts[1] = (struct snap_fact){"loss", .02};
	snap->findings[0].fact_count = 2;
	snap->findings[1] = finding_of(snap, "icmp-rate-limit", SNAP_WARNING, 2);
	snap->findings[1].text = xstrdup("hop 2 answers one question in five");
	snap->findings[2] = finding_of(snap, "jitter", SNAP_INFO, 5);
	snap->findings[2].text = xstrdup("link 4-5 jittered by 3 ms at most");
	snap->findings[2].is_active = false;
	snap->findings[2].last_realtime = snap->start_realtime + 20 * NS_PER_SEC;
	snap->remarks = xcalloc(1, sizeof *snap->remarks);
	snap->remarks[0] = (struct snap_remark){snap->start_realtime + 30 * NS_PER_SEC,
		xstrdup("called the carrier, ticket 4711")};
	snap->remark_count = 1;
}

static char *read_whole(const char *path)
{
	struct strbuf buf = {0};
	FILE *file = fopen(path, "rb");
	char chunk[4096];
	size_t len;

	if (file == NULL) {
		return NULL;
	}
	while ((len = fread(chunk, 1, sizeof chunk, file)) > 0) {
		strbuf_add(&buf, chunk, len);
	}
	(void)fclose(file);
	return strbuf_detach(&buf);
}

static void write_whole(const char *path, const char *text)
{
	FILE *file = fopen(path, "wb");

	if (file == NULL || fputs(text, file) < 0 || fclose(file) != 0) {
		(void)fprintf(stderr, "cannot write %s\n", path);
		exit(99);
	}
}

void golden_check(const char *name, const char *text)
{
	const char *srcdir = getenv("srcdir"), *mode = getenv("GOLDEN");
	struct strbuf path = {0};
	char *expected;

	strbuf_printf(&path, "%s/tests/golden/%s", srcdir == NULL ? "." : srcdir, name);
	if (mode != NULL && strcmp(mode, "write") == 0) {
		write_whole(strbuf_text(&path), text);
	}
	expected = read_whole(strbuf_text(&path));
	if (expected == NULL || strcmp(expected, text) != 0) {
		struct strbuf got = {0};

		strbuf_printf(&got, "%s.got", strrchr(strbuf_text(&path), '/') + 1);
		write_whole(strbuf_text(&got), text);
		(void)fprintf(stderr, "%s differs; see %s\n", strbuf_text(&path),
			strbuf_text(&got));
		strbuf_finish(&got);
		strbuf_finish(&path);
		free(expected);
		exit(99);
	}
	free(expected);
	strbuf_finish(&path);
}
