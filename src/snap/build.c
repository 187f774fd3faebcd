/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "snap/build_int.h"

#include "atlas/routers.h"
#include "base/mem.h"
#include "infer/asym.h"
#include "infer/nesting.h"
#include "infer/pattern.h"
#include "pkt/mate.h"
#include "snap/links.h"
#include "snap/mtu.h"
#include "snap/text.h"

/* The hop out that has this address, or the other end of its link; 0: none. */
static unsigned mate_hop(const struct session *session, const struct addr *address)
{
	for (size_t k = 0; k < session->hop_count; k++) {
		if (mate_of(&session->hops[k].address, address) != MATE_NONE) {
			return (unsigned)k + 1;
		}
	}
	return 0;
}

/* Routers beyond the last that answered are listed only when the length is proven. */
static void build_way(const struct snapshot_source *source, const struct reverse_path *path,
	struct snap_way *way)
{
	const struct session *session = source->session;
	unsigned offset = session_reverse_offset(session, path);
	int routers = session_reverse_routers(session, path);
	unsigned last = 0;

	if (path->from_hop == 0) {
		return;
	}
	way->from_hop = path->from_hop;
	way->is_complete = routers >= 0;
	for (unsigned i = 1; i + offset <= HOP_MAX; i++) {
		last = addr_is_set(&path->at_ttl[i + offset]) ? i : last;
	}
	last = routers >= 0 ? (unsigned)routers : last;
	way->returns = xcalloc(last + 1, sizeof *way->returns);
	for (unsigned i = 1; i <= last; i++) {
		const struct addr *address = &path->at_ttl[i + offset];

		way->returns[way->return_count++] = (struct snap_return){.hop = i,
			.address = snap_address_text(address), .name = build_name(source, address),
			.mate_of = mate_hop(session, address)};
	}
}

static void build_ways(const struct snapshot_source *source, struct snapshot *snap)
{
	const struct session *session = source->session;

	build_way(source, &session->reverse, &snap->way_back);
	snap->ways_back = xcalloc(session->hop_count + 1, sizeof *snap->ways_back);
	for (size_t k = session->hop_count; k-- > 0;) {
		if (session->reverses[k].from_hop > 0) {
			build_way(source, &session->reverses[k], &snap->ways_back[snap->way_count++]);
		}
	}
}

static void build_vias(const struct snapshot_source *source, struct snapshot *snap)
{
	const struct session *session = source->session;

	snap->vias = xcalloc(session->via_count + 1, sizeof *snap->vias);
	for (size_t i = 0; i < session->via_count; i++) {
		const struct via *via = &session->vias[i];
		struct snap_via *to = &snap->vias[snap->via_count++];

		*to = (struct snap_via){.address = snap_address_text(&via->address),
			.name = build_name(source, &via->address), .decap = build_decap_name(via->decap)};
		if (via->decap == HOP_DECAP_YES) {
			build_stats(source, &via->walk[VIA_ROUND], &to->round);
			build_stats(source, &via->walk[VIA_HOME], &to->home);
		}
	}
}

/* The loop's clock to the calendar's. */
static ns_t realtime_of(const struct snapshot_source *source, ns_t when)
{
	return source->realtime_at != NULL ? source->realtime_at(source->realtime_arg, when) :
		source->now_realtime - (source->now - when);
}

static void build_finding(const struct snapshot_source *source, const struct finding *finding,
	struct snap_finding *snap)
{
	static const enum snap_severity severities[] = {[SEVERITY_INFO] = SNAP_INFO,
		[SEVERITY_WARNING] = SNAP_WARNING, [SEVERITY_ALARM] = SNAP_ALARM};

	*snap = (struct snap_finding){.id = finding_name(finding->id),
		.severity = severities[finding_grade(finding)],
		.confidence = finding->confidence, .is_active = finding->is_active,
		.first_realtime = realtime_of(source, finding->first),
		.last_realtime = realtime_of(source, finding->last),
		.begun_realtime = realtime_of(source, finding->begun), .episodes = finding->episodes,
		.held = finding_held(finding), .text = xstrdup(finding->text)};
	snap->hops = xcalloc(finding->hop_count + 1, sizeof *snap->hops);
	for (size_t i = 0; i < finding->hop_count; i++) {
		snap->hops[snap->hop_count++] = finding->hop[i];
	}
	snap->facts = xcalloc(finding->fact_count + 1, sizeof *snap->facts);
	for (size_t i = 0; i < finding->fact_count; i++) {
		snap->facts[snap->fact_count++] = (struct snap_fact){finding->fact[i].name,
			finding->fact[i].value};
	}
}

static void build_findings(const struct snapshot_source *source, struct snapshot *snap)
{
	size_t count = 0;
	const struct finding *findings;

	if (source->diag == NULL) {
		return;
	}
	findings = diag_findings(source->diag, &count);
	snap->findings = xcalloc(count + 1, sizeof *snap->findings);
	for (size_t i = 0; i < count; i++) {
		build_finding(source, &findings[i], &snap->findings[snap->finding_count++]);
	}
}

static void build_end(const struct snapshot_source *source, struct snapshot *snap)
{
	struct diag_end end;

	if (source->diag == NULL) {
		return;
	}
	end = diag_end(source->diag);
	snap->end = (struct snap_end){.is_known = end.is_known, .is_up = end.is_up,
		.is_undecided = end.is_undecided,
		.replied_realtime = end.replied_at == 0 ? 0 : realtime_of(source, end.replied_at),
		.outages = xcalloc(end.outage_count + 1, sizeof *snap->end.outages),
		.forgotten = end.forgotten, .down = end.down};
	for (size_t i = 0; i < end.outage_count; i++) {
		struct diag_outage outage = diag_outage(source->diag, i);
		bool is_over = outage.end != NS_NEVER;

		snap->end.outages[snap->end.outage_count++] = (struct snap_outage){
			.begin_realtime = realtime_of(source, outage.begin), .is_over = is_over,
			.lasted = (is_over ? outage.end : source->now) - outage.begin,
			.last_hop = outage.last_hop};
	}
}

static void build_asymmetry(const struct snapshot_source *source, struct snapshot *snap)
{
	struct asym_routers routers = source->atlas == NULL ? (struct asym_routers){0} :
		routers_compare(source->atlas, source->session);
	struct asym asym = asym_of_session(source->session, source->atlas == NULL ? NULL :
		&atlas_facts(source->atlas)->known);

	snap->asymmetry = (struct snap_asymmetry){.is_known = asym.is_known,
		.symmetric_links = asym.symmetric_links, .diverges_at = asym.diverges_at,
		.similarity = asym.similarity, .shared_routers = routers.shared,
		.distinct_routers = routers.distinct, .router_edits = routers.distance};
}

static void build_faster(const struct session *session, struct snapshot *snap)
{
	const struct faster *faster = &session->faster;
	enum share_change change = pattern_share_change(faster->asked_before,
		faster->answered_before, faster->asked, faster->answered);

	if (faster->hop == 0 || faster->is_running || faster->asked == 0 || faster->took <= 0) {
		return;
	}
	snap->faster = (struct snap_faster){.hop = faster->hop,
		.rate = faster->asked / ns_to_sec(faster->took),
		.answered = (double)faster->answered / faster->asked,
		.answered_before = faster->asked_before == 0 ? 0 :
			(double)faster->answered_before / (double)faster->asked_before,
		.answers_per_second = faster->answered / ns_to_sec(faster->took),
		.is_limited = change == SHARE_FELL, .is_in_step = change == SHARE_IN_STEP};
}

static void build_also(const struct snapshot_source *source, struct snapshot *snap)
{
	const struct session *session = source->session;
	struct diag_source test;

	if (source->diag == NULL || session->also.rounds == 0) {
		return;
	}
	test = diag_source(source->diag);
	snap->also = (struct snap_also){.rounds = session->also.rounds,
		.is_running = session->also.is_running && session->phase < PHASE_DRAINING,
		.hops_heard = test.hops_heard, .hops_compared = test.hops_compared,
		.has_difference = test.has_difference, .most_ms = test.most_ms};
	(void)addr_format(&session->also.address, snap->also.address);
}

static void build_change(const struct snapshot_source *source, struct snapshot *snap)
{
	const struct path_change *change = &source->session->change;

	if (change->count == 0) {
		return;
	}
	snap->change = (struct snap_change){.count = change->count, .is_active = change->is_active,
		.is_followed = change->is_followed,
		.noticed_realtime = realtime_of(source, change->noticed_at),
		.hop = change->first_hop, .hop_count = change->hop_count,
		.old_hop_count = change->old_hop_count, .was = snap_address_text(&change->was),
		.is = snap_address_text(&change->hops[change->first_hop - 1])};
}

static void build_nesting(const struct snapshot_source *source, struct snapshot *snap)
{
	static const enum snap_nesting kinds[] = {
		[NESTING_FINE] = SNAP_NESTING_FINE, [NESTING_NO_DECAP] = SNAP_NESTING_NO_DECAP,
		[NESTING_FILTERED] = SNAP_NESTING_FILTERED, [NESTING_NAT] = SNAP_NESTING_NAT,
	};
	struct nesting nesting = nesting_judge(source->session);

	snap->nesting = kinds[nesting.kind];
	snap->nesting_hop = nesting.hop;
}

static struct snap_length length_of(const struct snapshot_source *source, enum way way)
{
	const struct way_length *length = &source->session->length[way];

	return (struct snap_length){length->hops, length->before,
		realtime_of(source, length->changed_at)};
}

static enum snap_phase phase_of(enum phase phase)
{
	static const enum snap_phase phases[] = {
		[PHASE_DISCOVERING] = SNAP_DISCOVERING, [PHASE_SCANNING] = SNAP_SCANNING,
		[PHASE_PROBING] = SNAP_PROBING,
		[PHASE_DRAINING] = SNAP_DRAINING, [PHASE_DONE] = SNAP_DONE,
	};

	return phases[phase];
}

/* What was on the wire: a SYN is as long as its headers, whatever was asked for. */
static void build_sizes(const struct snapshot_source *source, struct snapshot *snap)
{
	const struct session *session = source->session;
	bool has_through = session->has_walk[session->main_walk];

	if (session->to_carried == CARRIED_TCP && session->has_walk[WALK_TO]) {
		snap->syn_bytes = (unsigned)probe_wire_tcp_bytes(
			ip_header_bytes(session->destination.family));
	}
	snap->padded_bytes = session->probe_bytes;
	snap->probe_bytes = snap->syn_bytes > 0 && !has_through ? snap->syn_bytes :
		session->probe_bytes;
	snap->asked_bytes = source->asked_bytes;
}

static void build_run(const struct snapshot_source *source, struct snapshot *snap)
{
	const struct session *session = source->session;

	snap->version = source->version;
	snap->command = xstrdup(source->command);
	snap->local_host = xstrdup(source->local_host);
	snap->source = snap_address_text(&session->self);
	snap->destination = snap_address_text(&session->destination);
	snap->destination_name = source->destination_name == NULL ?
		build_name(source, &session->destination) : xstrdup(source->destination_name);
	snap->start_realtime = source->start_realtime;
	snap->now_realtime = source->now_realtime;
	snap->phase = phase_of(session->phase);
	snap->is_paused = session->is_paused;
	snap->is_unverified = source->is_unverified;
	snap->rounds = session->rounds;
	snap->round_limit = session->round_limit;
	snap->interval = session->interval;
	snap->is_explicit = session->is_explicit;
	snap->is_routed = session_is_routed(session);
	snap->walk = source->walk;
	snap->inner_source = source->inner_source == NULL ? NULL : xstrdup(source->inner_source);
	build_sizes(source, snap);
	snap->mtu = source->mtu;
	snap->depth_limit = source->depth_limit;
	snap->tos = source->tos;
	snap->first_ttl = source->first_ttl;
	snap->max_ttl = source->max_ttl;
	snap->to_carried = carried_name(session->to_carried);
	snap->has_through = session->has_walk[session->main_walk] || session_is_bounced(session, 0);
	snap->has_nested = session->has_walk[session->main_walk];
	snap->has_to = session->has_walk[WALK_TO];
	snap->may_nest = source->may_nest;
	snap->via = snap_address_text(&session->via);
	snap->has_discovery = session->discovery >= 0;
	snap->discovery = session->discovery;
	snap->discovery_answered = session->discovery_answered;
	snap->discovery_awaited = session->discovery_awaited;
	snap->rx_dropped = session->rx_dropped;
	snap->send_errors = session->send_errors;
	snap->send_error = session->send_errno == 0 ? NULL :
		xstrdup(strerror(session->send_errno));
	snap->void_rounds = session->void_rounds;
	snap->foreign = source->foreign;
	snap->forged = session->forged;
}

struct snapshot *snapshot_build(const struct snapshot_source *source)
{
	struct snapshot *snap = xcalloc(1, sizeof *snap);

	build_run(source, snap);
	snap->hops = xcalloc(source->session->hop_count + 1, sizeof *snap->hops);
	for (size_t k = 0; k < source->session->hop_count; k++) {
		build_hop(source, k, &snap->hops[snap->hop_count++]);
	}
	links_build(source, build_blocked_from(source->session), snap);
	build_ways(source, snap);
	build_asymmetry(source, snap);
	build_findings(source, snap);
	build_end(source, snap);
	build_vias(source, snap);
	build_nesting(source, snap);
	build_change(source, snap);
	build_faster(source->session, snap);
	build_also(source, snap);
	mtu_build(source->session, snap);
	snap->length_hop = source->session->length_hop;
	snap->out = length_of(source, WAY_OUT);
	snap->back = length_of(source, WAY_BACK);
	snap->remarks = xcalloc(source->remark_count + 1, sizeof *snap->remarks);
	for (size_t i = 0; i < source->remark_count; i++) {
		snap->remarks[snap->remark_count++] = (struct snap_remark){
			source->remarks[i].realtime, xstrdup(source->remarks[i].text)};
	}
	snap->notes = xcalloc(source->note_count + 1, sizeof *snap->notes);
	for (size_t i = 0; i < source->note_count; i++) {
		snap->notes[snap->note_count++] = xstrdup(source->notes[i]);
	}
	return snap;
}
