/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "report/object_int.h"

#include "report/hints_json.h"

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

void object_stats(struct writer *w, const char *key, const struct snap_stats *stats)
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
void object_hop(struct writer *w, const struct snap_hop *hop, bool is_retraced)
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
	write_str(w, "carrier", hop->carrier);
	write_capability(w, hop);
	write_strict(w, hop);
	write_bounce(w, &hop->bounce);
	if (is_retraced || hop->bounce.state == SNAP_BOUNCE_HOME) {
		object_stats(w, "through", &hop->through);
	}
	snap_hop_walks(hop, walks);
	for (size_t i = 0; i < SNAP_WALKS; i++) {
		object_stats(w, walks[i].key, walks[i].stats);
	}
	object_stats(w, "to", &hop->to);
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
