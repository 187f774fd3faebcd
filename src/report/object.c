/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "report/object.h"

#include <string.h>

#include "report/hints_json.h"
#include "view/notes.h"

/* A day to the tenth of a millisecond. */
enum { DIGITS_SEC = 9 };

static void write_times(struct writer *w, const struct snap_stats *stats)
{
	write_ms(w, "last", stats->last_ms);
	write_ms(w, "best", stats->best_ms);
	write_ms(w, "avg", stats->avg_ms);
	write_ms(w, "worst", stats->worst_ms);
	write_ms(w, "stddev", stats->stddev_ms);
	write_ms(w, "p50", stats->p50_ms);
	write_ms(w, "p95", stats->p95_ms);
	write_ms(w, "p99", stats->p99_ms);
	write_ms(w, "jitter", stats->jitter_ms);
	write_ms(w, "jitter_avg", stats->jitter_avg_ms);
	write_ms(w, "jitter_worst", stats->jitter_worst_ms);
	write_ms(w, "jitter_rfc3550", stats->jitter_rfc3550_ms);
}

static void write_stats(struct writer *w, const char *key, const struct snap_stats *stats)
{
	if (!stats->is_on) {
		return;
	}
	write_obj(w, key);
	write_uint(w, "sent", stats->sent);
	write_uint(w, "resolved", stats->resolved);
	write_uint(w, "received", stats->received);
	write_fraction(w, "loss", stats->resolved > 0 ? stats->loss : SNAP_UNKNOWN);
	write_fraction(w, "low", stats->low);
	write_fraction(w, "high", stats->high);
	write_fraction(w, "recent", stats->recent);
	write_uint(w, "late", stats->late);
	write_uint(w, "duplicate", stats->duplicate);
	write_uint(w, "reordered", stats->reordered);
	write_obj(w, "errors");
	for (size_t i = 0; i < stats->error_count; i++) {
		write_uint(w, stats->errors[i].cause, stats->errors[i].count);
	}
	write_end(w);
	if (stats->has_rtt) {
		write_times(w, stats);
	}
	write_end(w);
}

static void write_mpls(struct writer *w, const struct snap_hop *hop)
{
	if (hop->mpls_count == 0) {
		return;
	}
	write_arr(w, "mpls");
	for (size_t i = 0; i < hop->mpls_count; i++) {
		write_obj(w, NULL);
		write_uint(w, "label", hop->mpls[i].label);
		write_uint(w, "tc", hop->mpls[i].tc);
		write_uint(w, "s", hop->mpls[i].s);
		write_uint(w, "ttl", hop->mpls[i].ttl);
		write_end(w);
	}
	write_end(w);
}

static void write_node(struct writer *w, const struct snap_node *node)
{
	if (node->name != NULL || node->address != NULL) {
		write_obj(w, "node");
		write_str(w, "name", node->name);
		write_str(w, "address", node->address);
		write_end(w);
	}
}

static void write_interface(struct writer *w, const struct snap_interface *interface)
{
	if (interface->name == NULL && interface->index == 0 && interface->mtu == 0) {
		return;
	}
	write_obj(w, "interface");
	write_str(w, "name", interface->name);
	if (interface->index > 0) {
		write_uint(w, "index", interface->index);
	}
	if (interface->mtu > 0) {
		write_uint(w, "mtu", interface->mtu);
	}
	write_end(w);
}

static void write_tri(struct writer *w, const char *key, enum snap_tri tri)
{
	if (tri != SNAP_TRI_UNKNOWN) {
		write_bool(w, key, tri == SNAP_TRI_YES);
	}
}

static void write_capability(struct writer *w, const struct snap_hop *hop)
{
	if (hop->refused_by[0] == '\0' && hop->own_source == SNAP_TRI_UNKNOWN &&
	    hop->decrements == SNAP_TRI_UNKNOWN) {
		return;
	}
	write_obj(w, "capability");
	if (hop->refused_by[0] != '\0') {
		write_str(w, "refused_by", hop->refused_by);
	}
	write_tri(w, "own_source", hop->own_source);
	write_tri(w, "decrements", hop->decrements);
	write_end(w);
}

static void write_strict(struct writer *w, const struct snap_hop *hop)
{
	if (hop->strict_out == SNAP_TRI_UNKNOWN && hop->strict_back == SNAP_TRI_UNKNOWN) {
		return;
	}
	write_obj(w, "strict");
	write_tri(w, "out", hop->strict_out);
	write_tri(w, "back", hop->strict_back);
	write_end(w);
}

static void write_bounce(struct writer *w, const struct snap_bounce *bounce)
{
	if (bounce->state == SNAP_BOUNCE_OFF) {
		return;
	}
	write_obj(w, "bounce");
	write_str(w, "state", snap_bounce_name(bounce->state));
	write_uint(w, "unanswered_trials", bounce->asked);
	write_uint(w, "redirects", bounce->redirects);
	write_end(w);
}

static void write_last_error(struct writer *w, const struct snap_last_error *error)
{
	if (error->cause == NULL) {
		return;
	}
	write_obj(w, "last_error");
	write_str(w, "cause", error->cause);
	write_str(w, "code", error->code);
	write_str(w, "from", error->from);
	if (error->from_hop > 0) {
		write_uint(w, "from_hop", error->from_hop);
	}
	write_str(w, "walk", error->walk);
	if (error->leg > 0) {
		write_uint(w, "leg", error->leg);
	}
	write_str(w, "leg_to", error->to);
	if (error->to_hop > 0) {
		write_uint(w, "leg_to_hop", error->to_hop);
	}
	if (error->mtu > 0) {
		write_uint(w, "mtu", error->mtu);
	}
	write_end(w);
}

static void write_flow_count(struct writer *w, const char *key,
	const struct snap_flow_count *count)
{
	if (count->resolved == 0) {
		return;
	}
	write_obj(w, key);
	write_uint(w, "resolved", count->resolved);
	write_uint(w, "received", count->received);
	if (count->best_ms >= 0) {
		write_ms(w, "best", count->best_ms);
		write_ms(w, "avg", count->avg_ms);
	}
	write_end(w);
}

static void write_flows(struct writer *w, const struct snap_hop *hop)
{
	if (hop->flow_count == 0) {
		return;
	}
	write_arr(w, "flows");
	for (size_t i = 0; i < hop->flow_count; i++) {
		write_obj(w, NULL);
		write_uint(w, "flow", i);
		write_str(w, "address", hop->flows[i].address);
		write_flow_count(w, "to", &hop->flows[i].to);
		write_flow_count(w, "through", &hop->flows[i].through);
		write_end(w);
	}
	write_end(w);
	if (hop->flow_sources > 1) {
		write_uint(w, "flow_sources", hop->flow_sources);
	}
	write_uint(w, "flows_answered", hop->flows_answered);
	if (hop->flows_needed > 0) {
		write_uint(w, "flows_needed", hop->flows_needed);
		write_bool(w, "all_addresses_seen", hop->flows_answered >= hop->flows_needed);
	}
}

/* Where the hop stands: of its name's meanings the one that fits; else as a database has it. */
static void write_geo(struct writer *w, const struct snap_hop *hop)
{
	const struct place *place = hop->place.kind != PLACE_NONE ? &hop->place : &hop->database;
	bool is_named = place->kind != PLACE_NONE && place->kind != PLACE_DATABASE;

	if (place->kind == PLACE_NONE && place->country[0] == '\0') {
		return;
	}
	write_obj(w, "geo");
	/* A database's city that light rejected is no place, but its country may be right. */
	if (hop->place.kind != PLACE_NONE) {
		write_str(w, "city", place->city);
	}
	write_str(w, "country", place->country);
	if (hop->place.kind != PLACE_NONE) {
		write_real(w, "lat", place->lat / 100.0, DIGITS_DEGREES);
		write_real(w, "lon", place->lon / 100.0, DIGITS_DEGREES);
	}
	write_str(w, "source", is_named ? "name" : "mmdb");
	write_end(w);
}

/* What the name says, and the network of the address. */
static void write_names(struct writer *w, const struct snap_hop *hop)
{
	if (hop->as.number > 0) {
		write_uint(w, "asn", hop->as.number);
		write_str(w, "as_name", hop->as.name);
		write_str(w, "as_prefix", hop->as.prefix);
		write_str(w, "as_country", hop->as.country);
		write_str(w, "as_registry", hop->as.registry);
		write_str(w, "as_allocated", hop->as.allocated);
	}
	if (hop->hints.operator[0] != '\0' || hop->hints.router[0] != '\0') {
		write_obj(w, "hints");
		write_hints(w, &hop->hints);
		write_end(w);
	}
	write_geo(w, hop);
}

/* "through" is the retraced walk's own, or the bounces': a run of another kind only has that kind's
 * object. */
static void write_hop(struct writer *w, const struct snap_hop *hop, bool is_retraced)
{
	struct snap_walk walks[SNAP_WALKS];

	write_obj(w, NULL);
	write_uint(w, "hop", hop->hop);
	write_str(w, "address", hop->address);
	if (hop->address_count > 0) {
		write_arr(w, "addresses");
		for (size_t i = 0; i < hop->address_count; i++) {
			write_str(w, NULL, hop->addresses[i]);
		}
		write_end(w);
	}
	if (hop->has_more_addresses) {
		write_bool(w, "more_addresses", true);
	}
	write_str(w, "name", hop->name);
	write_str(w, "return_address", hop->return_address);
	if (hop->mate.name != NULL) {
		write_obj(w, "mate");
		write_str(w, "address", hop->mate.address);
		write_str(w, "name", hop->mate.name);
		write_end(w);
	}
	write_str(w, "decap", hop->decap);
	write_capability(w, hop);
	write_strict(w, hop);
	write_bounce(w, &hop->bounce);
	if (is_retraced || hop->bounce.state == SNAP_BOUNCE_HOME) {
		write_stats(w, "through", &hop->through);
	}
	snap_hop_walks(hop, walks);
	for (size_t i = 0; i < SNAP_WALKS; i++) {
		write_stats(w, walks[i].key, walks[i].stats);
	}
	write_stats(w, "to", &hop->to);
	write_str(w, "to_kind", hop->to_kind);
	write_mpls(w, hop);
	write_interface(w, &hop->interface);
	write_node(w, &hop->node);
	write_str(w, "last_leg", hop->last_leg);
	write_last_error(w, &hop->last_error);
	write_names(w, hop);
	write_flows(w, hop);
	write_end(w);
}

static void write_bounds(struct writer *w, const char *key, double low, double high)
{
	write_obj(w, key);
	write_fraction(w, "low", low);
	write_fraction(w, "high", high);
	write_end(w);
}

static void write_link(struct writer *w, const struct snap_link *link)
{
	write_obj(w, NULL);
	write_uint(w, "link", link->link);
	write_uint(w, "from_hop", link->from_hop);
	write_str(w, "from", link->from);
	write_str(w, "to", link->to);
	write_fraction(w, "loss", link->loss);
	write_fraction(w, "low", link->low);
	write_fraction(w, "high", link->high);
	write_fraction(w, "recent", link->recent);
	/* SNAP_UNKNOWN itself: a link may well seem to add less than nothing. */
	if (link->rtt_added_ms != SNAP_UNKNOWN) {
		write_ms(w, "rtt_added_ms", link->rtt_added_ms);
	}
	if (link->rtt_added_low != SNAP_UNKNOWN) {
		write_ms(w, "rtt_added_low", link->rtt_added_low);
		write_ms(w, "rtt_added_high", link->rtt_added_high);
	}
	if (link->speed_mbps > 0) {
		write_uint(w, "speed_mbps", link->speed_mbps);
		write_ms(w, "serialisation_ms", link->serial_ms);
	}
	if (link->is_back_routed) {
		write_bool(w, "back_routed", true);
	}
	write_bool(w, "suspect", link->is_suspect);
	write_uint(w, "rounds_to_decide", link->rounds_to_decide);
	write_str(w, "direction", link->direction);
	if (link->has_bounds) {
		write_bounds(w, "out", link->out_low, link->out_high);
		write_bounds(w, "back", link->back_low, link->back_high);
	}
	write_end(w);
}

static void write_local(struct writer *w, const struct snapshot *snap)
{
	write_obj(w, "local");
	write_uint(w, "rx_dropped", snap->rx_dropped);
	write_uint(w, "send_errors", snap->send_errors);
	if (snap->send_error != NULL) {
		write_str(w, "send_error", snap->send_error);
	}
	write_uint(w, "void_rounds", snap->void_rounds);
	write_uint(w, "foreign", snap->foreign);
	write_uint(w, "forged", snap->forged);
	write_end(w);
}

static void write_run(struct writer *w, const struct snapshot *snap)
{
	write_str(w, "version", snap->version);
	write_str(w, "command", snap->command);
	write_utc(w, "start", snap->start_realtime);
	write_utc(w, "end", snap->now_realtime);
	if (snap->is_unverified) {
		write_bool(w, "unverified", true);
	}
	write_uint(w, "rounds", snap->rounds);
	write_real(w, "interval", ns_to_sec(snap->interval), DIGITS_SEC);
	write_str(w, "source", snap->source);
	write_str(w, "destination", snap->destination);
	write_str(w, "path_origin", snap->is_explicit ? "explicit" : "discovered");
	write_str(w, "walk", snap->walk);
	write_str(w, "inner_source", snap->inner_source);
	write_uint(w, "probe_bytes", snap->probe_bytes);
	if (snap->syn_bytes > 0) {
		write_uint(w, "syn_bytes", snap->syn_bytes);
	}
	if (snap->asked_bytes > 0) {
		write_uint(w, "asked_bytes", snap->asked_bytes);
	}
	if (snap->has_discovery && !snap->is_explicit) {
		write_ms(w, "discovery_ms", ns_to_ms(snap->discovery));
	}
}

static void write_returns(struct writer *w, const struct snap_way *way)
{
	write_arr(w, "reverse");
	for (size_t i = 0; i < way->return_count; i++) {
		const struct snap_return *back = &way->returns[i];

		write_obj(w, NULL);
		write_uint(w, "hop", back->hop);
		write_str(w, "address", back->address);
		write_str(w, "name", back->name);
		if (back->mate_of > 0) {
			write_uint(w, "mate_of", back->mate_of);
		}
		write_end(w);
	}
	write_end(w);
}

static void write_ways(struct writer *w, const struct snapshot *snap)
{
	if (snap->way_back.from_hop > 0) {
		write_returns(w, &snap->way_back);
	}
	if (snap->way_count > 0) {
		write_arr(w, "reverses");
		for (size_t i = 0; i < snap->way_count; i++) {
			write_obj(w, NULL);
			write_uint(w, "from_hop", snap->ways_back[i].from_hop);
			write_returns(w, &snap->ways_back[i]);
			write_end(w);
		}
		write_end(w);
	}
}

static void write_vias(struct writer *w, const struct snapshot *snap)
{
	if (snap->via_count == 0) {
		return;
	}
	write_arr(w, "vias");
	for (size_t i = 0; i < snap->via_count; i++) {
		const struct snap_via *via = &snap->vias[i];

		write_obj(w, NULL);
		write_str(w, "address", via->address);
		write_str(w, "name", via->name);
		write_str(w, "decap", via->decap);
		write_stats(w, "round", &via->round);
		write_stats(w, "home", &via->home);
		write_end(w);
	}
	write_end(w);
}

/* What is known of it; the lengths are proven. */
static void write_asymmetry(struct writer *w, const struct snapshot *snap)
{
	if (snap->length_hop == 0 && !snap->asymmetry.is_known) {
		return;
	}
	write_obj(w, "asymmetry");
	write_bool(w, "known", snap->asymmetry.is_known);
	if (snap->asymmetry.is_known) {
		write_uint(w, "symmetric_links", snap->asymmetry.symmetric_links);
		if (snap->asymmetry.diverges_at > 0) {
			write_uint(w, "diverges_at", snap->asymmetry.diverges_at);
		}
		write_fraction(w, "similarity", snap->asymmetry.similarity);
	}
	if (snap->asymmetry.distinct_routers > 0) {
		write_uint(w, "shared_routers", snap->asymmetry.shared_routers);
		write_uint(w, "distinct_routers", snap->asymmetry.distinct_routers);
		write_uint(w, "router_edits", snap->asymmetry.router_edits);
	}
	if (snap->out.hops > 0) {
		write_uint(w, "forward_hops", snap->out.hops);
	}
	if (snap->back.hops > 0) {
		write_uint(w, "reverse_hops", snap->back.hops);
	}
	write_end(w);
}

static void write_finding(struct writer *w, const struct snap_finding *finding)
{
	write_obj(w, NULL);
	write_str(w, "id", finding->id);
	write_arr(w, "hops");
	for (size_t i = 0; i < finding->hop_count; i++) {
		write_uint(w, NULL, finding->hops[i]);
	}
	write_end(w);
	write_str(w, "severity", snap_severity_name(finding->severity));
	write_fraction(w, "confidence", finding->confidence);
	write_bool(w, "active", finding->is_active);
	write_utc(w, "first", finding->first_realtime);
	write_utc(w, "last", finding->last_realtime);
	write_uint(w, "episodes", finding->episodes);
	write_ms(w, "held_s", ns_to_sec(finding->held));
	write_str(w, "text", finding->text);
	write_obj(w, "evidence");
	for (size_t i = 0; i < finding->fact_count; i++) {
		write_ms(w, finding->facts[i].name, finding->facts[i].value);
	}
	write_end(w);
	write_end(w);
}

static void write_findings(struct writer *w, const struct snapshot *snap)
{
	write_arr(w, "findings");
	for (size_t i = 0; i < snap->finding_count; i++) {
		write_finding(w, &snap->findings[i]);
	}
	write_end(w);
}

static void write_outages(struct writer *w, const struct snap_end *end)
{
	write_arr(w, "outages");
	for (size_t i = 0; i < end->outage_count; i++) {
		write_obj(w, NULL);
		write_utc(w, "begin", end->outages[i].begin_realtime);
		write_real(w, "seconds", ns_to_sec(end->outages[i].lasted), 6);
		write_bool(w, "over", end->outages[i].is_over);
		write_uint(w, "last_hop", end->outages[i].last_hop);
		write_end(w);
	}
	write_end(w);
	if (end->forgotten > 0) {
		write_uint(w, "shorter_outages", end->forgotten);
	}
}

static void write_note(void *arg, const char *note)
{
	write_str(arg, NULL, note);
}

void report_object(const struct snapshot *snap, struct writer *w)
{
	bool is_retraced = snap->walk == NULL || strcmp(snap->walk, "retrace") == 0 ||
		strcmp(snap->walk, "all") == 0;

	write_obj(w, "thrupath");
	write_run(w, snap);
	write_arr(w, "hops");
	for (size_t i = 0; i < snap->hop_count; i++) {
		write_hop(w, &snap->hops[i], is_retraced);
	}
	write_end(w);
	write_arr(w, "links");
	for (size_t i = 0; i < snap->link_count; i++) {
		write_link(w, &snap->links[i]);
	}
	write_end(w);
	write_ways(w, snap);
	write_vias(w, snap);
	write_asymmetry(w, snap);
	write_findings(w, snap);
	write_outages(w, &snap->end);
	write_arr(w, "notes");
	notes_tell(snap, write_note, w);
	write_end(w);
	write_local(w, snap);
	write_end(w);
}
