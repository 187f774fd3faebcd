/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "diag/diag_int.h"

/* What is found and was found, below the rules, which hold findings here. */

/* What comes back within this time is the same trouble. */
static const ns_t ONE_LIFE = 3600 * NS_PER_SEC;

static const struct {
	const char *name;
	enum severity severity;
} rows[FINDING_ID_COUNT] = {
	[FINDING_LINK_LOSS] = {"link-loss", SEVERITY_ALARM},
	[FINDING_PATH_LOSS] = {"path-loss", SEVERITY_ALARM},
	[FINDING_DECAP_FAULT] = {"decap-fault", SEVERITY_ALARM},
	[FINDING_END_SILENT] = {"end-silent", SEVERITY_ALARM},
	[FINDING_ROUTING_LOOP] = {"routing-loop", SEVERITY_ALARM},
	[FINDING_RETURN_PATH_LOSS] = {"return-path-loss", SEVERITY_WARNING},
	[FINDING_LATENCY_STEP] = {"latency-step", SEVERITY_WARNING},
	[FINDING_QUEUEING] = {"queueing", SEVERITY_WARNING},
	[FINDING_ASYMMETRIC_PATH] = {"asymmetric-path", SEVERITY_WARNING},
	[FINDING_ROUTE_CHANGE] = {"route-change", SEVERITY_WARNING},
	[FINDING_UNEQUAL_ECMP] = {"unequal-ecmp", SEVERITY_WARNING},
	[FINDING_ADMIN_PROHIBITED] = {"admin-prohibited", SEVERITY_WARNING},
	[FINDING_PROTOCOL4_FILTERED] = {"protocol4-filtered", SEVERITY_WARNING},
	[FINDING_PROTOCOL4_LOSS] = {"protocol4-loss", SEVERITY_WARNING},
	[FINDING_NAT_AT_PROBER] = {"nat-at-prober", SEVERITY_WARNING},
	[FINDING_LOCAL_DROP] = {"local-drop", SEVERITY_WARNING},
	[FINDING_HOST_DELAY] = {"host-delay", SEVERITY_WARNING},
	[FINDING_NOT_ON_PATH] = {"not-on-path", SEVERITY_WARNING},
	[FINDING_TOO_FAST] = {"too-fast-for-place", SEVERITY_WARNING},
	[FINDING_TOO_SLOW] = {"too-slow-for-place", SEVERITY_WARNING},
	[FINDING_DETOUR] = {"detour", SEVERITY_WARNING},
	[FINDING_DAMAGED_ANSWERS] = {"damaged-answers", SEVERITY_WARNING},
	[FINDING_ICMP_RATE_LIMIT] = {"icmp-rate-limit", SEVERITY_INFO},
	[FINDING_COSMETIC_LOSS] = {"cosmetic-loss", SEVERITY_INFO},
	[FINDING_COSMETIC_LATENCY] = {"cosmetic-latency", SEVERITY_INFO},
	[FINDING_ECMP] = {"ecmp", SEVERITY_INFO},
	[FINDING_MPLS_ICMP_TUNNEL] = {"mpls-icmp-tunnel", SEVERITY_INFO},
	[FINDING_MPLS_HIDDEN] = {"mpls-hidden", SEVERITY_INFO},
	[FINDING_SILENT_HOP] = {"silent-hop", SEVERITY_INFO},
	[FINDING_NO_DECAP] = {"no-decap", SEVERITY_INFO},
	[FINDING_COARSE_CLOCK] = {"coarse-clock", SEVERITY_INFO},
	[FINDING_PERIODIC_SPIKE] = {"periodic-spike", SEVERITY_INFO},
	[FINDING_ASYMMETRIC_LENGTH] = {"asymmetric-length", SEVERITY_INFO},
	[FINDING_NAT] = {"nat", SEVERITY_INFO},
	[FINDING_MTU] = {"mtu", SEVERITY_INFO},
	[FINDING_LINK_MTU] = {"link-mtu", SEVERITY_INFO},
	[FINDING_DSCP_REWRITTEN] = {"dscp-rewritten", SEVERITY_INFO},
	[FINDING_FRAGMENTED_ANSWERS] = {"fragmented-answers", SEVERITY_INFO},
	[FINDING_SHORTENED_ANSWERS] = {"shortened-answers", SEVERITY_INFO},
	[FINDING_MOVED] = {"moved", SEVERITY_INFO},
	[FINDING_ANSWERS_ELSEWHERE] = {"answers-elsewhere", SEVERITY_INFO},
	[FINDING_BOUNDARY] = {"boundary", SEVERITY_INFO},
};

const char *finding_name(enum finding_id id)
{
	return id < FINDING_ID_COUNT ? rows[id].name : "?";
}

enum severity finding_severity(enum finding_id id)
{
	return id < FINDING_ID_COUNT ? rows[id].severity : SEVERITY_INFO;
}

enum severity finding_grade(const struct finding *finding)
{
	enum severity severity = finding_severity(finding->id);

	return finding->is_warning && severity < SEVERITY_WARNING ? SEVERITY_WARNING : severity;
}

static bool is_same(const struct finding *finding, enum finding_id id, const uint8_t *hops,
	size_t hop_count)
{
	return finding->id == id && finding->hop_count == hop_count &&
	       memcmp(finding->hop, hops, hop_count) == 0;
}

/* Whether x is to give way before y: the lesser one, then that which has been over longer. */
static bool is_lesser(const struct finding *x, const struct finding *y)
{
	enum severity sx = finding_grade(x), sy = finding_grade(y);

	return sx != sy ? sx < sy : x->last < y->last;
}

/* A place for a new one: when all are taken, that of one that is over and no graver. */
static size_t place(struct diag *diag, enum finding_id id)
{
	size_t least = FINDINGS_MAX;

	if (diag->finding_count < FINDINGS_MAX) {
		return diag->finding_count++;
	}
	for (size_t i = 0; i < FINDINGS_MAX; i++) {
		const struct finding *finding = &diag->finding[i];

		if (!finding->is_active && finding_grade(finding) <= finding_severity(id) &&
		    (least == FINDINGS_MAX || is_lesser(finding, &diag->finding[least]))) {
			least = i;
		}
	}
	return least;
}

/* The one that is active, or else was not long ago; FINDINGS_MAX: none. */
static size_t same_as(const struct diag *diag, enum finding_id id, const uint8_t *hops,
	size_t hop_count)
{
	size_t latest = FINDINGS_MAX;

	for (size_t i = 0; i < diag->finding_count; i++) {
		const struct finding *finding = &diag->finding[i];

		if (!is_same(finding, id, hops, hop_count)) {
			continue;
		}
		if (finding->is_active) {
			return i;
		}
		if (diag->now < finding->last + ONE_LIFE && (latest == FINDINGS_MAX ||
		    finding->last > diag->finding[latest].last)) {
			latest = i;
		}
	}
	return latest;
}

/* It is back. */
static void begin_again(struct finding *finding, ns_t now)
{
	finding->held = finding_held(finding);
	finding->ended = finding->last;
	finding->begun = now;
	finding->episodes++;
	finding->is_active = true;
}

ns_t finding_held(const struct finding *finding)
{
	return finding->held + (finding->last - finding->begun);
}

struct finding *diag_hold(struct diag *diag, enum finding_id id, const uint8_t *hops,
	size_t hop_count, double confidence)
{
	struct finding *finding;
	size_t at;

	hop_count = hop_count < FINDING_HOPS ? hop_count : FINDING_HOPS;
	at = same_as(diag, id, hops, hop_count);
	if (at == FINDINGS_MAX) {
		at = place(diag, id);
		finding = &diag->finding[at];
		*finding = (struct finding){.id = id, .hop_count = hop_count, .is_active = true,
			.first = diag->now, .begun = diag->now, .episodes = 1};
		memcpy(finding->hop, hops, hop_count);
	}
	finding = &diag->finding[at];
	if (!finding->is_active) {
		begin_again(finding, diag->now);
	}
	finding->confidence = confidence;
	finding->last = diag->now;
	finding->fact_count = 0;
	finding->is_warning = false;
	diag->is_held[at] = true;
	return finding;
}

struct finding *diag_tell(struct diag *diag, enum finding_id id, uint8_t hop, const char *text)
{
	static const double CONFIDENCE = 0.95;
	struct finding *finding;

	for (size_t i = 0; i < diag->finding_count; i++) {
		finding = &diag->finding[i];
		if (diag->is_held[i] && is_same(finding, id, &hop, 1)) {
			finding_say(finding, "%s; %s", finding->text, text);
			return finding;
		}
	}
	finding = diag_hold(diag, id, &hop, 1, CONFIDENCE);
	finding_say(finding, "%s", text);
	return finding;
}

void finding_say(struct finding *finding, const char *format, ...)
{
	char text[FINDING_TEXT] = "";
	va_list args;

	va_start(args, format);
	(void)vsnprintf(text, sizeof text, format, args);
	va_end(args);
	memcpy(finding->text, text, sizeof text);
}

void finding_fact(struct finding *finding, const char *name, double value)
{
	if (finding->fact_count < FINDING_FACTS) {
		finding->fact[finding->fact_count++] = (struct finding_fact){name, value};
	}
}

void finding_place(struct finding *finding, unsigned low, unsigned high)
{
	finding_fact(finding, "low_hop", low);
	finding_fact(finding, "high_hop", high);
}

void diag_end_at(struct diag *diag, enum finding_id id, ns_t at)
{
	for (size_t i = 0; i < diag->finding_count; i++) {
		struct finding *finding = &diag->finding[i];

		if (finding->is_active && finding->id == id && at > finding->begun) {
			finding->last = at;
		}
	}
}

bool diag_is_active(const struct diag *diag, enum finding_id id, uint8_t hop)
{
	for (size_t i = 0; i < diag->finding_count; i++) {
		const struct finding *finding = &diag->finding[i];

		if (finding->is_active && finding->id == id) {
			for (size_t j = 0; j < finding->hop_count; j++) {
				if (finding->hop[j] == hop) {
					return true;
				}
			}
		}
	}
	return false;
}
