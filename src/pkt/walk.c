/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "pkt/walk.h"

#include <string.h>

/* The leg to `dst`, sent on by the destination of the leg before. `needs_self`: that one
 * drops what comes from its own address, so this leg comes from the prober. */
static bool add_leg(struct walk *walk, const struct walk_plan *plan, const struct addr *dst,
	bool needs_self)
{
	const struct addr *src = plan->self;

	if (walk->leg_count >= LEG_MAX) {
		return false;
	}
	if (plan->inner == INNER_SOURCE_HOP && walk->leg_count > 0 && !needs_self) {
		src = &walk->leg[walk->leg_count - 1].dst;
	}
	walk->leg[walk->leg_count++] = (struct leg){.src = *src, .dst = *dst, .ttl = WALK_TTL};
	return true;
}

/* Adds the leg to hops[k], if it has an address, and notes what the next leg must heed. */
static bool add_hop(struct walk *walk, const struct walk_plan *plan, size_t k, bool *needs_self)
{
	bool is_ok;

	if (!addr_is_set(&plan->hops[k])) {
		return true;
	}
	is_ok = add_leg(walk, plan, &plan->hops[k], *needs_self);
	*needs_self = plan->needs_self != NULL && plan->needs_self[k];
	return is_ok;
}

static bool is_nested_out(enum walk_kind kind)
{
	return kind == WALK_RETRACE || kind == WALK_CAUSE || kind == WALK_DIRECT || kind == WALK_VIA;
}

static bool is_nested_back(enum walk_kind kind)
{
	return kind == WALK_RETRACE || kind == WALK_CAUSE || kind == WALK_RETURN_ONLY;
}

/* What follows the way out: home, or where the end answers nothing at all, because routing
 * brings its answer to the prober. */
static bool add_way_back(struct walk *walk, const struct walk_plan *plan, bool needs_self)
{
	bool is_ok = true;

	for (size_t k = plan->depth - 1; is_ok && is_nested_back(plan->kind) && k-- > 0;) {
		is_ok = add_hop(walk, plan, k, &needs_self);
	}
	if (is_ok && plan->kind == WALK_VIA) {
		is_ok = add_leg(walk, plan, &plan->via, needs_self);
		needs_self = false;
	}
	return is_ok && add_leg(walk, plan, plan->self, needs_self);
}

bool walk_build(const struct walk_plan *plan, struct walk *ret_walk)
{
	struct walk walk = {.kind = plan->kind, .depth = (uint8_t)plan->depth};
	bool is_ok = plan->depth > 0 && plan->depth <= UINT8_MAX &&
		addr_is_set(&plan->hops[plan->depth - 1]);
	bool needs_self = false;

	if (plan->is_end_answering && (plan->kind == WALK_RETURN_ONLY || plan->kind == WALK_VIA)) {
		return false;
	}
	for (size_t k = is_nested_out(plan->kind) ? 0 : plan->depth - 1;
	     is_ok && k < plan->depth; k++) {
		needs_self = needs_self || (plan->is_end_answering && k + 1 == plan->depth);
		is_ok = add_hop(&walk, plan, k, &needs_self);
	}
	is_ok = is_ok && (plan->is_end_answering || add_way_back(&walk, plan, needs_self));
	if (is_ok) {
		*ret_walk = walk;
	}
	return is_ok;
}

bool walk_retrace(const struct addr *self, const struct addr *hops, size_t depth,
	enum inner_source inner, struct walk *ret_walk)
{
	return walk_build(&(struct walk_plan){.kind = WALK_RETRACE, .self = self, .hops = hops,
		.depth = depth, .inner = inner}, ret_walk);
}

bool walk_is_answered(const struct walk *walk)
{
	return walk->leg_count > 0 &&
	       !addr_equal(&walk->leg[walk->leg_count - 1].dst, &walk->leg[0].src);
}

static const char *const names[WALK_KIND_COUNT] = {
	[WALK_RETRACE] = "retrace", [WALK_DIRECT] = "direct", [WALK_NATURAL] = "natural",
	[WALK_RETURN_ONLY] = "return-only", [WALK_VIA] = "via", [WALK_TO] = "to",
	[WALK_SCAN_HOP] = "scan-hop", [WALK_SCAN_SELF] = "scan-self",
	[WALK_CAUSE] = "cause", [WALK_REVERSE] = "reverse",
};

const char *walk_kind_name(enum walk_kind kind)
{
	return kind < WALK_KIND_COUNT ? names[kind] : "?";
}

bool walk_kind_parse(const char *name, enum walk_kind *ret_kind)
{
	for (int kind = 0; kind < WALK_TO; kind++) {
		if (strcmp(names[kind], name) == 0) {
			*ret_kind = (enum walk_kind)kind;
			return true;
		}
	}
	return false;
}

struct walk walk_to(const struct addr *self, const struct addr *dst, uint8_t ttl)
{
	return (struct walk){.kind = WALK_TO, .depth = ttl, .leg_count = 1,
		.leg = {{.src = *self, .dst = *dst, .ttl = ttl}}};
}

struct walk walk_reverse(const struct addr *self, const struct addr *turn, uint8_t ttl)
{
	return (struct walk){.kind = WALK_REVERSE, .depth = ttl, .leg_count = 2, .leg = {
		{.src = *self, .dst = *turn, .ttl = WALK_TTL},
		{.src = *self, .dst = *self, .ttl = ttl}}};
}

struct walk walk_to_from(const struct addr *self, const struct addr *from, const struct addr *dst,
	uint8_t ttl)
{
	if (!addr_is_set(from)) {
		return walk_to(self, dst, ttl);
	}
	return (struct walk){.kind = WALK_TO, .depth = ttl, .leg_count = 2, .leg = {
		{.src = *self, .dst = *from, .ttl = WALK_TTL},
		{.src = *self, .dst = *dst, .ttl = ttl}}};
}
