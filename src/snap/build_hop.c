/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "snap/build_int.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#include "atlas/routers.h"
#include "base/mem.h"
#include "base/strbuf.h"
#include "base/utf8.h"
#include "infer/loss.h"
#include "infer/mda.h"
#include "snap/text.h"

static const double ALPHA = 0.05;

enum { NAME_MAX_BYTES = 256 };

/* Foreign text as a screen may show it; NULL for none. */
static char *clean_text(const char *text)
{
	char clean[NAME_MAX_BYTES];

	utf8_clean(text, clean, sizeof clean);
	return clean[0] == '\0' ? NULL : xstrdup(clean);
}

char *build_name(const struct snapshot_source *source, const struct addr *address)
{
	const char *name = source->atlas == NULL || source->hides_names ? NULL :
		atlas_name(source->atlas, address);

	return name == NULL ? NULL : xstrdup(name);
}

static void build_history(const struct stats *stats, uint32_t rounds, struct snap_stats *snap)
{
	static const enum snap_cell cells[] = {
		[OUTCOME_NONE] = SNAP_CELL_NONE, [OUTCOME_PENDING] = SNAP_CELL_PENDING,
		[OUTCOME_ANSWERED] = SNAP_CELL_ANSWERED, [OUTCOME_LOST] = SNAP_CELL_LOST,
		[OUTCOME_LATE] = SNAP_CELL_LOST, [OUTCOME_ERROR] = SNAP_CELL_ERROR,
	};
	uint32_t count = rounds < SNAP_HISTORY ? rounds : SNAP_HISTORY;

	snap->history_count = count;
	for (uint32_t i = 0; i < count; i++) {
		const struct stats_cell *cell = stats_cell_of(stats, rounds - count + 1 + i);

		if (cell != NULL) {
			snap->history[i] = (struct snap_sample){.cell = cells[cell->outcome],
				.rtt = (ns_t)cell->rtt_us * NS_PER_US};
		}
	}
}

/* The sketch is good to 1 %; the extremes are exact, and no percentile lies beyond them. */
static double percentile(const struct stats *stats, double q)
{
	double ms = quant_get(&stats->quant, q);

	if (quant_rank(stats->quant.count, q) == stats->quant.count) {
		return ns_to_ms(stats->worst);
	}
	return fmin(fmax(ms, ns_to_ms(stats->best)), ns_to_ms(stats->worst));
}

static void build_rtt(const struct stats *stats, struct snap_stats *snap)
{
	snap->has_rtt = true;
	snap->last_ms = ns_to_ms(stats->last);
	snap->best_ms = ns_to_ms(stats->best);
	snap->avg_ms = stats_avg_ms(stats);
	snap->worst_ms = ns_to_ms(stats->worst);
	snap->stddev_ms = stats_stddev_ms(stats);
	snap->gmean_ms = stats_gmean_ms(stats);
	snap->p50_ms = percentile(stats, 0.50);
	snap->p95_ms = percentile(stats, 0.95);
	snap->p99_ms = percentile(stats, 0.99);
	snap->jitter_ms = ns_to_ms(stats->jitter);
	snap->jitter_avg_ms = stats_jitter_avg_ms(stats);
	snap->jitter_worst_ms = ns_to_ms(stats->jitter_worst);
	snap->jitter_rfc3550_ms = stats->jitter_rfc_ns / 1e6;
	/* mtr leaves out RFC 3550's last division by 16 (RFC 3550, A.8). */
	snap->jitter_mtr_ms = snap->jitter_rfc3550_ms * 16;
}

/* When nothing more is awaited, what never came is dropped, as mtr has it. */
static uint64_t count_dropped(const struct session *session, const struct stats *stats)
{
	uint64_t awaited = session->phase == PHASE_DONE ? stats->transmitted : stats->sent;

	return awaited > stats->received ? awaited - stats->received : 0;
}

void build_stats(const struct snapshot_source *source, const struct stats *stats,
	struct snap_stats *snap)
{
	uint64_t trials = stats_loss_trials(stats);
	struct loss_interval interval = loss_always_valid(stats->lost, trials, ALPHA);

	snap->is_on = true;
	snap->sent = stats->transmitted;
	snap->resolved = stats->sent;
	snap->dropped = count_dropped(source->session, stats);
	snap->received = stats->received;
	snap->late = stats->late;
	snap->duplicate = stats->duplicate;
	snap->reordered = stats->reordered;
	snap->loss = trials == 0 ? SNAP_UNKNOWN : (double)stats->lost / (double)trials;
	snap->low = interval.low;
	snap->high = interval.high;
	snap->recent = stats_recent_loss(stats, source->now);
	for (size_t i = 0; i < CAUSE_COUNT; i++) {
		if (stats->errors[i] > 0) {
			snap->errors[snap->error_count++] = (struct snap_error){
				icmp_cause_name((enum icmp_cause)i), stats->errors[i]};
		}
	}
	if (stats->samples > 0) {
		build_rtt(stats, snap);
	}
	build_history(stats, source->session->rounds, snap);
}

size_t build_blocked_from(const struct session *session)
{
	size_t k = 0;

	while (k < session->hop_count && (session_is_loose(&session->hops[k]) ||
	       session_is_bounced(session, k) ||
	       session->hops[k].walk[session->main_walk].received > 0 ||
	       (session->hops[k].decap != HOP_DECAP_NO &&
	        session->hops[k].decap != HOP_DECAP_SILENT))) {
		k++;
	}
	return k;
}

static void forget_loss(struct snap_stats *snap)
{
	if (snap->received == 0) {
		snap->loss = SNAP_UNKNOWN;
		snap->recent = SNAP_UNKNOWN;
		snap->low = 0;
		snap->high = 1;
	}
}

static void build_walks(const struct snapshot_source *source, size_t k, struct snap_hop *snap)
{
	const struct session *session = source->session;
	const struct hop *hop = &session->hops[k];
	struct snap_stats *places[WALK_STATS_COUNT] = {
		[WALK_DIRECT] = &snap->direct, [WALK_NATURAL] = &snap->natural,
		[WALK_RETURN_ONLY] = &snap->return_only, [WALK_VIA] = &snap->via,
	};

	if (session->has_walk[WALK_TO]) {
		build_stats(source, &hop->walk[WALK_TO], &snap->to);
	}
	if (!addr_is_set(&hop->address) || (!session_is_bounced(session, k) &&
	    (session_is_loose(hop) || hop->is_muted))) {
		return;
	}
	if (session_is_through(session, k)) {
		build_stats(source, &hop->walk[session->main_walk], &snap->through);
		if (k >= build_blocked_from(session)) {
			forget_loss(&snap->through);
		}
	}
	for (int kind = 0; kind < WALK_TO && !session_is_bounced(session, k); kind++) {
		if (session->has_walk[kind] && places[kind] != NULL) {
			build_stats(source, &hop->walk[kind], places[kind]);
		}
	}
}

static void build_capability(const struct hop *hop, struct snap_hop *snap)
{
	static const enum snap_tri tris[] = {[TRI_UNKNOWN] = SNAP_TRI_UNKNOWN,
		[TRI_NO] = SNAP_TRI_NO, [TRI_YES] = SNAP_TRI_YES};

	snap->is_passed_over = hop->is_passed_over;
	snap->is_skipped = hop->is_skipped;
	snap->is_muted = hop->is_muted;
	snap->own_source = tris[hop->takes_own_source];
	snap->decrements = tris[hop->decrements];
	snap->strict_out = tris[hop->is_strict[WAY_OUT]];
	snap->strict_back = tris[hop->is_strict[WAY_BACK]];
	if (hop->decap == HOP_DECAP_NO && hop->refused_type != 0) {
		(void)snprintf(snap->refused_by, sizeof snap->refused_by, "%u/%u",
			hop->refused_type, hop->refused_code);
	}
}

/* The hop that has answered from this address; 0: none. */
static unsigned hop_of(const struct session *session, const struct addr *address)
{
	for (size_t k = 0; k < session->hop_count; k++) {
		const struct hop *hop = &session->hops[k];

		for (size_t i = 0; i < hop->seen_count; i++) {
			if (addr_equal(&hop->seen[i], address)) {
				return (unsigned)k + 1;
			}
		}
		if (addr_equal(&hop->address, address)) {
			return (unsigned)k + 1;
		}
	}
	return 0;
}

static void build_last_error(const struct session *session, const struct hop_error *error,
	struct snap_last_error *snap)
{
	if (!addr_is_set(&error->from)) {
		return;
	}
	snap->cause = icmp_cause_name(icmp_cause_of(error->from.family, error->type,
		error->code));
	(void)snprintf(snap->code, sizeof snap->code, "%u/%u", error->type, error->code);
	snap->walk = walk_kind_name(error->kind);
	snap->is_to = error->kind == WALK_TO;
	snap->from = snap_address_text(&error->from);
	snap->to = snap_address_text(&error->to);
	snap->from_hop = hop_of(session, &error->from);
	snap->to_hop = hop_of(session, &error->to);
	snap->leg = error->leg;
	snap->mtu = error->mtu;
}

static struct snap_flow_count flow_count_of(const struct flow_count *count)
{
	bool is_known = count->samples > 0;

	return (struct snap_flow_count){.resolved = count->sent, .received = count->received,
		.best_ms = is_known ? ns_to_ms(count->best) : SNAP_UNKNOWN,
		.avg_ms = is_known ? ns_to_ms(count->sum) / count->samples : SNAP_UNKNOWN};
}

static void build_flows(const struct session *session, size_t k, struct snap_hop *snap)
{
	const struct hop *hop = &session->hops[k];

	if (session->flows == NULL) {
		return;
	}
	snap->flow_count = session->flow_count;
	snap->flow_sources = hop->flow_sources;
	snap->flows = xcalloc(snap->flow_count, sizeof *snap->flows);
	for (unsigned i = 0; i < session->flow_count; i++) {
		const struct flow *flow = session_flow(session, k, i);

		snap->flows[i] = (struct snap_flow){.address = snap_address_text(&flow->from),
			.to = flow_count_of(&flow->to), .through = flow_count_of(&flow->through)};
		snap->flows_answered += flow->to.samples > 0;
	}
	/* Where no more addresses could be kept, the count of them says nothing. */
	snap->flows_needed = hop->has_more_seen ? 0 :
		mda_flows_needed((unsigned)hop->seen_count);
}

const char *build_decap_name(enum hop_decap decap)
{
	static const char *const names[] = {
		[HOP_DECAP_UNKNOWN] = "unknown", [HOP_DECAP_YES] = "yes", [HOP_DECAP_NO] = "no",
		[HOP_DECAP_SILENT] = "silent",
	};

	return names[decap];
}

static void build_as(const struct snapshot_source *source, const struct addr *address,
	struct snap_as *as)
{
	const struct network *network = source->atlas == NULL ? NULL :
		atlas_network(source->atlas, address);
	struct network found;

	if (network == NULL && source->beside != NULL &&
	    source->beside->network_of(source->beside->arg, address, &found)) {
		network = &found;
	}
	if (network != NULL) {
		*as = (struct snap_as){.number = network->asn, .name = clean_text(network->name),
			.prefix = clean_text(network->prefix), .country = clean_text(network->country),
			.registry = clean_text(network->registry),
			.allocated = clean_text(network->allocated)};
	}
}

/* What the atlas has read for the hop. Without names a place may still be a database's. */
static void build_places(const struct snapshot_source *source, size_t k, struct snap_hop *snap)
{
	const struct addr *address = &source->session->hops[k].address;
	const struct atlas_hop *hop = source->atlas == NULL ? NULL :
		atlas_hop(source->atlas, source->session, k);
	const struct place *database = source->atlas == NULL ? NULL :
		atlas_place(source->atlas, address);
	const struct hints *mate;

	if (database != NULL) {
		snap->database = *database;
	} else if (source->beside != NULL) {
		(void)source->beside->place_of(source->beside->arg, address, &snap->database);
	}
	if (hop != NULL && (!source->hides_names || hop->place.kind == PLACE_DATABASE)) {
		snap->place = hop->place;
	}
	if (hop == NULL || source->hides_names) {
		return;
	}
	snap->hints = hop->hints;
	snap->mate.name = build_name(source, &hop->mate);
	snap->mate.address = snap_address_text(&hop->mate);
	mate = atlas_hints(source->atlas, &hop->mate);
	if (mate != NULL) {
		snap->mate.hints = *mate;
		snap->mate.is_of_before = k > 0 && hints_are_of_one_router(mate, &snap[-1].hints);
	}
}

static void build_addresses(const struct snapshot_source *source, const struct hop *hop,
	struct snap_hop *snap)
{
	bool has_seen = hop->seen_count > 0;

	snap->has_more_addresses = hop->has_more_seen;
	snap->address_count = has_seen ? hop->seen_count : addr_is_set(&hop->address);
	snap->addresses = xcalloc(snap->address_count + 1, sizeof *snap->addresses);
	snap->address_names = xcalloc(snap->address_count + 1, sizeof *snap->address_names);
	snap->address_as = xcalloc(snap->address_count + 1, sizeof *snap->address_as);
	for (size_t i = 0; i < snap->address_count; i++) {
		const struct addr *address = has_seen ? &hop->seen[i] : &hop->address;

		snap->addresses[i] = snap_address_text(address);
		snap->address_names[i] = build_name(source, address);
		build_as(source, address, &snap->address_as[i]);
	}
}

/* The last row is kept for a destination that nobody has heard of yet. */
static char *awaited_text(const struct snapshot_source *source, size_t k)
{
	const struct session *session = source->session;
	struct strbuf text = {0};
	char address[ADDR_TEXT_MAX], *awaited, *name;

	if (k + 1 != session->hop_count || addr_is_set(&session->hops[k].address) ||
	    session->phase == PHASE_DISCOVERING) {
		return NULL;
	}
	name = source->destination_name != NULL ? xstrdup(source->destination_name) :
		build_name(source, &session->destination);
	strbuf_printf(&text, "(%s)", name != NULL ? name :
		addr_format(&session->destination, address));
	awaited = xstrdup(strbuf_text(&text));
	free(name);
	strbuf_finish(&text);
	return awaited;
}

static void build_bounce(const struct session *session, struct snap_hop *snap)
{
	static const enum snap_bounce_state states[] = {[BOUNCE_OFF] = SNAP_BOUNCE_OFF,
		[BOUNCE_TRIED] = SNAP_BOUNCE_TRIED, [BOUNCE_HOME] = SNAP_BOUNCE_HOME,
		[BOUNCE_DROPPED] = SNAP_BOUNCE_DROPPED, [BOUNCE_NO_GATEWAY] = SNAP_BOUNCE_NO_GATEWAY,
		[BOUNCE_NO_LINK] = SNAP_BOUNCE_NO_LINK};

	if (snap->hop == 1) {
		snap->bounce = (struct snap_bounce){.state = states[session->bounce.state],
			.asked = session->bounce.asked, .redirects = session->bounce.redirects};
	}
}

void build_hop(const struct snapshot_source *source, size_t k, struct snap_hop *snap)
{
	const struct session *session = source->session;
	const struct hop *hop = &session->hops[k];

	snap->hop = (unsigned)k + 1;
	snap->address = snap_address_text(&hop->address);
	snap->name = build_name(source, &hop->address);
	snap->awaited = awaited_text(source, k);
	build_as(source, &hop->address, &snap->as);
	build_places(source, k, snap);
	snap->return_address = snap_address_text(&hop->return_side);
	snap->is_end = k + 1 == session->hop_count && session->phase != PHASE_DISCOVERING;
	snap->is_end_silent = snap->is_end && !session->has_end_answered;
	snap->decap = build_decap_name(hop->decap);
	snap->carrier = hop->decap == HOP_DECAP_YES ? carrier_name(session_carrier(session, hop)) :
		NULL;
	snap->carrier_told = hop->carrier_told == 0 ? NULL :
		carrier_name(carrier_told(hop->carrier_told, CARRIER_IPIP));
	build_capability(hop, snap);
	snap->last_leg = hop->is_answering ? carried_name(session->to_carried) : NULL;
	snap->to_kind = hop->to_kind == TO_NONE ? NULL : hop->to_kind == TO_TTL ? "ttl" : "echo";
	build_addresses(source, hop, snap);
	build_walks(source, k, snap);
	build_bounce(session, snap);
	snap->interface = (struct snap_interface){.name = clean_text(hop->interface.name),
		.index = hop->interface.index, .mtu = hop->interface.mtu};
	snap->node = (struct snap_node){.name = clean_text(hop->node.name),
		.address = snap_address_text(&hop->node.address),
		.stands_for_name = !source->hides_names && snap->name == NULL};
	build_flows(session, k, snap);
	build_last_error(session, &hop->error, &snap->last_error);
	for (size_t i = 0; i < hop->mpls.count && i < SNAP_MPLS; i++) {
		const struct mpls_entry *entry = &hop->mpls.entry[i];

		snap->mpls[snap->mpls_count++] = (struct snap_mpls){entry->label, entry->tc,
			entry->is_bottom, entry->ttl};
	}
}
