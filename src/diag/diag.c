/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "diag/diag.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "diag/diag_int.h"

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
	[FINDING_NAT_AT_PROBER] = {"nat-at-prober", SEVERITY_WARNING},
	[FINDING_LOCAL_DROP] = {"local-drop", SEVERITY_WARNING},
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

const char *severity_name(enum severity severity)
{
	static const char *const names[] = {"info", "warning", "alarm"};

	return names[severity];
}

struct diag *diag_create(void)
{
	static const struct path_facts nothing;
	struct diag *diag = xcalloc(1, sizeof *diag);

	diag->facts = &nothing;
	diag->next_round = 1;
	return diag;
}

void diag_destroy(struct diag *diag)
{
	free(diag);
}

void diag_set_facts(struct diag *diag, const struct path_facts *facts)
{
	diag->facts = facts;
}

static bool is_same(const struct finding *finding, enum finding_id id, const uint8_t *hops,
	size_t hop_count)
{
	return finding->id == id && finding->hop_count == hop_count &&
	       memcmp(finding->hop, hops, hop_count) == 0;
}

/* A place for a new one: when all are taken, that of the one that has been over longest. */
static size_t place(struct diag *diag)
{
	size_t oldest = FINDINGS_MAX;

	if (diag->finding_count < FINDINGS_MAX) {
		return diag->finding_count++;
	}
	for (size_t i = 0; i < FINDINGS_MAX; i++) {
		if (!diag->finding[i].is_active && (oldest == FINDINGS_MAX ||
		    diag->finding[i].last < diag->finding[oldest].last)) {
			oldest = i;
		}
	}
	return oldest == FINDINGS_MAX ? 0 : oldest;
}

struct finding *diag_hold(struct diag *diag, enum finding_id id, const uint8_t *hops,
	size_t hop_count, double confidence)
{
	struct finding *finding = NULL;
	size_t at;

	hop_count = hop_count < FINDING_HOPS ? hop_count : FINDING_HOPS;
	for (at = 0; at < diag->finding_count; at++) {
		if (diag->finding[at].is_active && is_same(&diag->finding[at], id, hops, hop_count)) {
			finding = &diag->finding[at];
			break;
		}
	}
	if (finding == NULL) {
		at = place(diag);
		finding = &diag->finding[at];
		*finding = (struct finding){.id = id, .hop_count = hop_count, .is_active = true,
			.first = diag->now};
		memcpy(finding->hop, hops, hop_count);
	}
	finding->confidence = confidence;
	finding->last = diag->now;
	finding->fact_count = 0;
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

void diag_end_at(struct diag *diag, enum finding_id id, ns_t at)
{
	for (size_t i = 0; i < diag->finding_count; i++) {
		struct finding *finding = &diag->finding[i];

		if (finding->is_active && finding->id == id && at > finding->first) {
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

static int by_weight(const void *a, const void *b)
{
	const struct finding *x = a, *y = b;
	int sx = (int)finding_severity(x->id), sy = (int)finding_severity(y->id);

	if (x->is_active != y->is_active) {
		return x->is_active ? -1 : 1;
	}
	if (x->is_active && sx != sy) {
		return sy - sx;
	}
	if (x->is_active && x->id != y->id) {
		return (int)x->id - (int)y->id;
	}
	/* Of what is over the latest first. */
	return x->is_active ? (x->first > y->first) - (x->first < y->first) :
		(x->last < y->last) - (x->last > y->last);
}

/* Whether what was held as `echo` is now known to be `cause`. */
static bool explains(const struct finding *cause, const struct finding *echo)
{
	if (echo->id == FINDING_PATH_LOSS) {
		return cause->id == FINDING_LINK_LOSS || cause->id == FINDING_DECAP_FAULT ||
		       cause->id == FINDING_END_SILENT;
	}
	if (echo->id == FINDING_LINK_LOSS) {
		return cause->id == FINDING_DECAP_FAULT &&
		       memchr(echo->hop, cause->hop[0], echo->hop_count) != NULL;
	}
	if (echo->id == FINDING_COSMETIC_LATENCY) {
		return (cause->id == FINDING_COSMETIC_LATENCY || cause->id == FINDING_MPLS_ICMP_TUNNEL) &&
		       memchr(cause->hop, echo->hop[0], cause->hop_count) != NULL;
	}
	/* Of the way back more has become known: where it comes back to the path. */
	if (echo->id == FINDING_ASYMMETRIC_PATH) {
		return cause->id == FINDING_ASYMMETRIC_PATH && cause->hop[0] == echo->hop[0] &&
		       echo->hop_count == 1 && cause->hop_count == 2 && cause->hop[1] < cause->hop[0];
	}
	return echo->id == FINDING_COSMETIC_LOSS && cause->id == FINDING_ICMP_RATE_LIMIT &&
	       cause->hop[0] == echo->hop[0];
}

/* The trouble that `echo` told of goes on under a better name: that one has its beginning. */
static bool is_explained(struct diag *diag, const struct finding *echo)
{
	for (size_t i = 0; i < diag->finding_count; i++) {
		struct finding *cause = &diag->finding[i];

		if (diag->is_held[i] && explains(cause, echo)) {
			cause->first = cause->first < echo->first ? cause->first : echo->first;
			return true;
		}
	}
	return false;
}

/* What is not held any more is over, and stays for the log if nothing explains it. Of borders it
 * was what names seemed to say, until more of them came: nothing happened then. */
static void end_findings(struct diag *diag)
{
	bool is_echo[FINDINGS_MAX] = {false};
	size_t kept = 0;

	for (size_t i = 0; i < diag->finding_count; i++) {
		is_echo[i] = diag->finding[i].is_active && !diag->is_held[i] &&
			(diag->finding[i].id == FINDING_BOUNDARY ||
			 is_explained(diag, &diag->finding[i]));
		diag->finding[i].is_active = diag->is_held[i];
	}
	for (size_t i = 0; i < diag->finding_count; i++) {
		if (!is_echo[i]) {
			diag->finding[kept++] = diag->finding[i];
		}
	}
	diag->finding_count = kept;
}

void diag_advance(struct diag *diag, const struct session *session, ns_t now, bool is_over)
{
	diag->now = now;
	diag->is_over = is_over;
	watch_rounds(diag, session, is_over);
	/* Verdicts are for people: once a second will do, and every few rounds where they are fast. */
	if (!is_over && diag->next_round < diag->judged_round + JUDGE_ROUNDS &&
	    (now < diag->judged_at + NS_PER_SEC || diag->next_round == diag->judged_round)) {
		return;
	}
	diag->judged_round = diag->next_round;
	diag->judged_at = now;
	memset(diag->is_held, 0, sizeof diag->is_held);
	diag->end.is_undecided = false;
	rules_loss(diag, session);
	rules_end(diag, session);
	rules_to(diag, session);
	rules_path(diag, session);
	rules_mpls(diag, session);
	rules_home(diag, session);
	rules_flaws(diag, session);
	rules_nat(diag, session);
	rules_host(diag, session);
	rules_source(diag, session);
	rules_time(diag, session);
	rules_place(diag, session);
	rules_border(diag);
	end_findings(diag);
	qsort(diag->finding, diag->finding_count, sizeof diag->finding[0], by_weight);
}

const struct finding *diag_findings(const struct diag *diag, size_t *ret_count)
{
	*ret_count = diag->finding_count;
	return diag->finding;
}

struct link_verdict diag_link(const struct diag *diag, size_t k)
{
	return diag->verdict[k];
}
