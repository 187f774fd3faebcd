/* SPDX-License-Identifier: GPL-3.0-or-later */
#define _GNU_SOURCE
#include "run/target.h"

#include <string.h>

#include "probe/engine.h"

/* Where a target lies as this host sees it: source, interface, MTU. */

static bool is_own(const struct target *target, const struct addr *address)
{
	return target->host->is_own(target->host, address);
}

/* What the boomerang to the path's end needs: its own headers twice but for the end's. */
static size_t stack_of(const struct settings *settings, const struct target *target)
{
	struct walk walk;
	enum carrier carriers[HOP_MAX];
	struct walk_plan plan = {.kind = WALK_RETRACE, .self = &target->route.source,
		.self_other = &target->source_other, .hops = target->path, .carriers = carriers,
		.sids = settings_sids(settings),
		.others = target->path_other, .depth = target->path_count};

	for (size_t i = 0; i < target->path_count; i++) {
		uint8_t told = target->path_carrier[i] > 0 ? target->path_carrier[i] : settings->carrier;

		carriers[i] = carrier_told(told, CARRIER_IPIP);
	}
	return walk_build(&plan, &walk) ? walk_stack_bytes(&walk) : SIZE_MAX / 2;
}

static bool check_depth(const struct settings *settings, const struct target *target,
	struct err *err)
{
	unsigned limit = engine_depth_limit(target->route.mtu, target->route.source.family,
		carrier_told(settings->carrier, CARRIER_IPIP));

	if (settings->size_bytes > target->route.mtu) {
		return err_set(err, ERR_USAGE, "--psize %u exceeds the MTU of the route on %s (%u bytes)",
			settings->size_bytes, target->route.interface, target->route.mtu);
	}
	if (settings->no_through || target->path_count == 0 ||
	    probe_wire_min(stack_of(settings, target)) <= target->route.mtu) {
		return true;
	}
	return err_set(err, ERR_USAGE, "%zu hops do not fit the MTU of the route on %s (%u bytes): "
		"at most %u", target->path_count, target->route.interface, target->route.mtu, limit);
}

/* What all look-ups have in common. */
static struct route_query query_of(const struct settings *settings, const struct target *target)
{
	return (struct route_query){.mark = settings->mark,
		.interface = target->interface_name[0] == '\0' ? NULL : target->interface_name};
}

/* Where a path has hops of the other family too, an address of ours in that one helps: errors
 * come home to it. Not having one is no error. */
static void find_other_source(const struct settings *settings, struct target *target)
{
	uint8_t family = target->route.source.family;
	struct route_query query = query_of(settings, target);
	struct route route;
	struct err err;

	for (size_t i = 0; i < target->path_count && !addr_is_set(&query.target); i++) {
		if (target->path[i].family != family) {
			query.target = target->path[i];
		} else if (addr_is_set(&target->path_other[i])) {
			query.target = target->path_other[i];
		}
	}
	if (addr_is_set(&query.target) && target->host->route(target->host, &query, &route, &err)) {
		target->source_other = route.source;
	}
}

/* The address that hops are asked from as well: the one that was named; on the screen, where a key
 * may want one, and where flows differ by it, any that will do. */
static bool find_also(const struct settings *settings, struct target *target, struct err *err)
{
	char text[ADDR_TEXT_MAX];

	if (!addr_is_set(&target->source_also)) {
		if (settings->is_interactive || settings->flows > 1) {
			(void)target->host->other_source(target->host, &target->route, &target->also);
		}
		return true;
	}
	target->also = target->source_also;
	(void)addr_format(&target->also, text);
	if (target->also.family != target->route.source.family ||
	    addr_equal(&target->also, &target->route.source)) {
		return err_set(err, ERR_USAGE, "--also-source needs another %s address of this host, not "
			"'%.60s'", addr_family_name(target->route.source.family), text);
	}
	return is_own(target, &target->also) || err_set(err, ERR_NOT_FOUND, "--also-source %.60s is "
		"not an address of this host: see `ip address`", text);
}

static void drop_first_hop(struct target *target)
{
	target->path_count--;
	memmove(target->path, target->path + 1, target->path_count * sizeof target->path[0]);
	memmove(target->path_other, target->path_other + 1,
		target->path_count * sizeof target->path_other[0]);
	memmove(target->path_carrier, target->path_carrier + 1, target->path_count);
}

/* Which route all others are judged by: the one to the first hop. */
static bool ask_route(const struct settings *settings, struct target *target, struct err *err)
{
	struct route_query query = query_of(settings, target);
	char text[ADDR_TEXT_MAX];

	query.target = target->path_count > 0 ? target->path[0] :
		addr_is_set(&target->from) ? target->from : target->destination;
	query.source = target->source;
	if (addr_is_set(&query.source) && query.source.family != query.target.family) {
		return err_set(err, ERR_USAGE, "--address needs an %s address of this host, not '%.60s'",
			addr_family_name(query.target.family), addr_format(&query.source, text));
	}
	/* Of IPv6 the kernel does not look at it. */
	if (addr_is_set(&query.source) && !is_own(target, &query.source)) {
		return err_set(err, ERR_NOT_FOUND, "--address %.60s is not an address of this host: "
			"see `ip address`", addr_format(&query.source, text));
	}
	if (!target->host->route(target->host, &query, &target->route, err)) {
		return false;
	}
	target->interface = query.interface == NULL ? 0 : if_nametoindex(query.interface);
	target->source_other = (struct addr){0};
	find_other_source(settings, target);
	return true;
}

bool target_route_again(const struct settings *settings, const struct addr *settled,
	struct target *target, struct err *err)
{
	uint32_t interface = target->route.interface_index;
	struct err why;

	if (!ask_route(settings, target, err)) {
		return false;
	}
	if (route_has_address(target->route.interface_index, settled)) {
		target->route.source = *settled;
	}
	/* Where any will do, another one would do no better. */
	if (!addr_is_set(&target->source_also) && target->route.interface_index == interface &&
	    target->also.family == target->route.source.family &&
	    !addr_equal(&target->also, &target->route.source) && is_own(target, &target->also)) {
		return true;
	}
	target->also = (struct addr){0};
	if (!find_also(settings, target, &why)) {
		target->also = (struct addr){0};
	}
	return true;
}

bool target_route(const struct settings *settings, struct target *target, struct err *err)
{
	/* From this host is how every path is traced. */
	if (addr_is_set(&target->from) && is_own(target, &target->from)) {
		target->from = (struct addr){0};
	}
	if (target->path_count == 1 && is_own(target, &target->path[0])) {
		return err_set(err, ERR_USAGE, "the path contains only this host");
	}
	if (target->path_count > 1 && is_own(target, &target->path[0])) {
		drop_first_hop(target);
	}
	return ask_route(settings, target, err) && find_also(settings, target, err) &&
	       check_depth(settings, target, err);
}

bool target_has_beside(const struct settings *settings, const struct target *target)
{
	struct route_query query = query_of(settings, target);
	struct route route;
	struct err err;

	query.target = addr_beside(&target->destination);
	return target->host->route(target->host, &query, &route, &err) &&
	       route.interface_index == target->route.interface_index &&
	       addr_equal(&route.source, &target->route.source);
}

static bool is_all_private(const struct target *target)
{
	for (size_t i = 0; i < target->path_count; i++) {
		if (!addr_is_private(&target->path[i]) || (addr_is_set(&target->path_other[i]) &&
		    !addr_is_private(&target->path_other[i]))) {
			return false;
		}
	}
	return addr_is_private(&target->destination) &&
	       (!addr_is_set(&target->via) || addr_is_private(&target->via)) &&
	       (!addr_is_set(&target->from) || addr_is_private(&target->from)) &&
	       (!addr_is_set(&target->inner_source) || addr_is_private(&target->inner_source));
}

void target_judge(struct target *target)
{
	target->is_private = is_all_private(target);
}
