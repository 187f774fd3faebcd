/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "snap/snapshot.h"

#include <stdlib.h>
#include <string.h>

static void finish_as(struct snap_as *as)
{
	free(as->name);
	free(as->prefix);
	free(as->country);
	free(as->registry);
	free(as->allocated);
}

static void finish_hop(struct snap_hop *hop)
{
	for (size_t i = 0; i < hop->address_count; i++) {
		free(hop->addresses[i]);
		if (hop->address_names != NULL) {
			free(hop->address_names[i]);
		}
		if (hop->address_as != NULL) {
			finish_as(&hop->address_as[i]);
		}
	}
	free(hop->addresses);
	free(hop->address_names);
	free(hop->address_as);
	free(hop->address);
	free(hop->name);
	free(hop->awaited);
	finish_as(&hop->as);
	free(hop->mate.address);
	free(hop->mate.name);
	free(hop->return_address);
	free(hop->interface.name);
	free(hop->node.name);
	free(hop->node.address);
	for (size_t i = 0; i < hop->flow_count; i++) {
		free(hop->flows[i].address);
	}
	free(hop->flows);
	free(hop->last_error.from);
	free(hop->last_error.to);
}

static void finish_way(struct snap_way *way)
{
	for (size_t i = 0; i < way->return_count; i++) {
		free(way->returns[i].address);
		free(way->returns[i].name);
	}
	free(way->returns);
}

static void finish_finding(struct snap_finding *finding)
{
	free(finding->facts);
	free(finding->hops);
	free(finding->text);
}

const char *snap_bounce_name(enum snap_bounce_state state)
{
	static const char *const names[] = {[SNAP_BOUNCE_OFF] = "off", [SNAP_BOUNCE_TRIED] = "tried",
		[SNAP_BOUNCE_HOME] = "home", [SNAP_BOUNCE_DROPPED] = "dropped",
		[SNAP_BOUNCE_NO_GATEWAY] = "no-gateway", [SNAP_BOUNCE_NO_LINK] = "no-link-address"};

	return names[state];
}

static bool has_through_from(const struct snapshot *snap, size_t i)
{
	for (; i < snap->hop_count; i++) {
		if (snap->hops[i].through.is_on && snap->hops[i].last_leg == NULL) {
			return true;
		}
	}
	return false;
}

bool snap_has_through(const struct snapshot *snap)
{
	return has_through_from(snap, 0);
}

bool snap_is_bounced_alone(const struct snapshot *snap)
{
	return snap->hop_count > 0 && snap->hops[0].bounce.state == SNAP_BOUNCE_HOME &&
	       !has_through_from(snap, 1);
}

const struct snap_link *snap_link_to(const struct snapshot *snap, unsigned hop)
{
	for (size_t i = 0; i < snap->link_count; i++) {
		if (snap->links[i].link == hop) {
			return &snap->links[i];
		}
	}
	return NULL;
}

const char *snap_hop_name(const struct snap_hop *hop)
{
	return hop->name == NULL && hop->node.stands_for_name ? hop->node.name : hop->name;
}

const char *snap_hop_said_by(const struct snap_hop *hop)
{
	return hop->address == NULL && hop->last_error.is_to ? hop->last_error.from : NULL;
}

void snap_hop_walks(const struct snap_hop *hop, struct snap_walk ret_walks[SNAP_WALKS])
{
	ret_walks[0] = (struct snap_walk){"direct", "direct", &hop->direct};
	ret_walks[1] = (struct snap_walk){"natural", "natural", &hop->natural};
	ret_walks[2] = (struct snap_walk){"return-only", "return_only", &hop->return_only};
	ret_walks[3] = (struct snap_walk){"via", "via", &hop->via};
}

const char *snap_severity_name(enum snap_severity severity)
{
	static const char *const names[] = {[SNAP_INFO] = "info", [SNAP_WARNING] = "warning",
		[SNAP_ALARM] = "alarm"};

	return names[severity];
}

const char *snap_as_word(const struct snap_as *as, enum snap_network which)
{
	const char *const words[SNAP_NETWORK_COUNT] = {
		[SNAP_NETWORK_PREFIX] = as->prefix,
		[SNAP_NETWORK_COUNTRY] = as->country,
		[SNAP_NETWORK_REGISTRY] = as->registry,
		[SNAP_NETWORK_ALLOCATED] = as->allocated,
	};

	return words[which];
}

const char *snap_network_word(const struct snap_hop *hop, enum snap_network which)
{
	const char *word = snap_as_word(&hop->as, which);
	bool is_in_database = which == SNAP_NETWORK_COUNTRY && hop->database.country[0] != '\0';

	return word == NULL && is_in_database ? hop->database.country : word;
}

static bool is_of(const struct snap_finding *one, const struct snap_finding *other)
{
	return strcmp(one->id, other->id) == 0 && one->hop_count == other->hop_count &&
	       (one->hop_count == 0 ||
	        memcmp(one->hops, other->hops, one->hop_count * sizeof one->hops[0]) == 0);
}

/* The active finding of the same name, or the latest that is over; NULL: there is none. */
static const struct snap_finding *find_same(const struct snapshot *snap,
	const struct snap_finding *finding, bool is_active)
{
	const struct snap_finding *found = NULL;

	for (size_t i = 0; i < snap->finding_count; i++) {
		const struct snap_finding *at = &snap->findings[i];

		if (at->is_active == is_active && is_of(at, finding) &&
		    (found == NULL || at->last_realtime > found->last_realtime)) {
			found = at;
		}
	}
	return found;
}

void snap_compare_findings(const struct snapshot *before, const struct snapshot *now,
	snap_finding_fn *fn, void *arg)
{
	bool is_elsewhere = before != NULL && strcmp(before->destination, now->destination) != 0;

	for (size_t i = 0; before != NULL && i < before->finding_count; i++) {
		const struct snap_finding *was = &before->findings[i];

		if (was->is_active && (is_elsewhere || find_same(now, was, true) == NULL)) {
			const struct snap_finding *over = is_elsewhere ? NULL : find_same(now, was, false);

			fn(arg, over != NULL ? now : before, over != NULL ? over : was, false);
		}
	}
	for (size_t i = 0; i < now->finding_count; i++) {
		const struct snap_finding *is = &now->findings[i];

		if (is->is_active && (before == NULL || is_elsewhere ||
		    find_same(before, is, true) == NULL)) {
			fn(arg, now, is, true);
		}
	}
}

void snapshot_destroy(struct snapshot *snap)
{
	if (snap == NULL) {
		return;
	}
	for (size_t i = 0; i < snap->hop_count; i++) {
		finish_hop(&snap->hops[i]);
	}
	for (size_t i = 0; i < snap->link_count; i++) {
		free(snap->links[i].from);
		free(snap->links[i].to);
	}
	finish_way(&snap->way_back);
	for (size_t i = 0; i < snap->way_count; i++) {
		finish_way(&snap->ways_back[i]);
	}
	free(snap->ways_back);
	for (size_t i = 0; i < snap->via_count; i++) {
		free(snap->vias[i].address);
		free(snap->vias[i].name);
	}
	free(snap->vias);
	free(snap->change.was);
	free(snap->change.is);
	for (size_t i = 0; i < snap->finding_count; i++) {
		finish_finding(&snap->findings[i]);
	}
	free(snap->findings);
	free(snap->end.outages);
	for (size_t i = 0; i < snap->remark_count; i++) {
		free(snap->remarks[i].text);
	}
	free(snap->remarks);
	for (size_t i = 0; i < snap->note_count; i++) {
		free(snap->notes[i]);
	}
	free(snap->hops);
	free(snap->links);
	for (size_t i = 0; i < snap->mtu_count; i++) {
		free(snap->mtus[i].from);
		free(snap->mtus[i].to);
		free(snap->mtus[i].said_by);
	}
	free(snap->mtus);
	free(snap->notes);
	free(snap->command);
	free(snap->local_host);
	free(snap->inner_source);
	free(snap->via);
	free(snap->source);
	free(snap->send_error);
	free(snap->destination);
	free(snap->destination_name);
	free(snap);
}
