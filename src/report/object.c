/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "report/object_int.h"

#include <string.h>

#include "view/notes.h"

/* A day to the tenth of a millisecond. */
enum { DIGITS_SEC = 9 };

static void write_bounds(struct writer *w, const char *key, double low, double high)
{
	write_obj(w, key);
	write_fraction(w, "low", low);
	write_fraction(w, "high", high);
	write_end(w);
}

void object_link(struct writer *w, const struct snap_link *link)
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
		object_stats(w, "round", &via->round);
		object_stats(w, "home", &via->home);
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

void object_finding(struct writer *w, const char *key, const struct snap_finding *finding)
{
	write_obj(w, key);
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
		object_finding(w, NULL, &snap->findings[i]);
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

/* Of the way that is the limit what crossed it is the MTU. */
static void write_mtu(struct writer *w, const struct snap_mtu *mtu)
{
	write_obj(w, NULL);
	write_uint(w, "link", mtu->link);
	write_uint(w, "from_hop", mtu->from_hop);
	write_str(w, "from", mtu->from);
	write_str(w, "to", mtu->to);
	write_str(w, "by", mtu->is_through ? "through" : "to");
	write_bool(w, "decided", !mtu->is_undecided);
	if (mtu->out > 0) {
		write_uint(w, "out", mtu->out);
	}
	if (mtu->back > 0) {
		write_uint(w, "back", mtu->back);
	}
	write_str(w, "limit", mtu->is_out && mtu->is_back ? "either" : mtu->is_out ? "out" :
		mtu->is_back ? "back" : "none");
	write_bool(w, "black_hole", mtu->is_black_hole);
	write_str(w, "reported_by", mtu->said_by);
	if (mtu->said > 0) {
		write_uint(w, "reported", mtu->said);
	}
	write_uint(w, "probes", mtu->probes);
	write_end(w);
}

static void write_mtus(struct writer *w, const struct snapshot *snap)
{
	if (snap->mtu_probes == 0) {
		return;
	}
	write_arr(w, "link_mtus");
	for (size_t i = 0; i < snap->mtu_count; i++) {
		write_mtu(w, &snap->mtus[i]);
	}
	write_end(w);
}

void report_object(const struct snapshot *snap, struct writer *w)
{
	bool is_retraced = snap->walk == NULL || strcmp(snap->walk, "retrace") == 0 ||
		strcmp(snap->walk, "all") == 0;

	write_obj(w, "thrupath");
	write_run(w, snap);
	write_arr(w, "hops");
	for (size_t i = 0; i < snap->hop_count; i++) {
		object_hop(w, &snap->hops[i], is_retraced);
	}
	write_end(w);
	write_arr(w, "links");
	for (size_t i = 0; i < snap->link_count; i++) {
		object_link(w, &snap->links[i]);
	}
	write_end(w);
	write_mtus(w, snap);
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
