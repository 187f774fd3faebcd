/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "pkt/walk.h"

#include <string.h>

/* Where the legs laid out so far end. */
struct end {
	size_t hop;              /* 1-based; 0: the prober */
	bool needs_self;         /* it drops what comes from its own address */
};

/* Just enough for as many hops as lie between, for the kinds that prove the lengths of legs. */
static uint8_t leg_ttl(const struct walk_plan *plan, size_t from, size_t to)
{
	bool is_back = to < from;
	bool decrements = from > 0 && (plan->keeps_ttl == NULL || !plan->keeps_ttl[from - 1]);

	if (plan->kind != (is_back ? WALK_STRICT_BACK : WALK_STRICT_OUT)) {
		return WALK_TTL;
	}
	return (uint8_t)((is_back ? from - to : to - from) + decrements);
}

/* The leg to `dst`, sent on by the destination of the leg before. */
static bool add_leg(struct walk *walk, const struct walk_plan *plan, const struct addr *dst,
	uint8_t ttl, bool needs_self)
{
	const struct addr *src = plan->self;

	if (walk->leg_count >= LEG_MAX) {
		return false;
	}
	if (walk->leg_count > 0 && plan->inner == INNER_SOURCE_GIVEN) {
		src = &plan->source;
	} else if (walk->leg_count > 0 && (plan->inner == INNER_SOURCE_HOP ||
	           (plan->inner == INNER_SOURCE_AUTO && !needs_self))) {
		src = &walk->leg[walk->leg_count - 1].dst;
	}
	walk->leg[walk->leg_count++] = (struct leg){.src = *src, .dst = *dst, .ttl = ttl};
	return true;
}

/* Adds the leg to hops[k], if it has an address, and notes what the next leg must heed. */
static bool add_hop(struct walk *walk, const struct walk_plan *plan, size_t k, struct end *end)
{
	bool is_back = k + 1 < end->hop && plan->back != NULL;
	bool is_ok;

	if (!addr_is_set(&plan->hops[k])) {
		return true;
	}
	is_ok = add_leg(walk, plan, is_back ? &plan->back[k] : &plan->hops[k],
		leg_ttl(plan, end->hop, k + 1), end->needs_self);
	*end = (struct end){k + 1, plan->needs_self != NULL && plan->needs_self[k]};
	return is_ok;
}

static bool is_nested_both(enum walk_kind kind)
{
	return kind == WALK_RETRACE || kind == WALK_CAUSE || kind == WALK_STRICT_OUT ||
	       kind == WALK_STRICT_BACK;
}

static bool is_nested_out(enum walk_kind kind)
{
	return is_nested_both(kind) || kind == WALK_DIRECT || kind == WALK_VIA;
}

static bool is_nested_back(enum walk_kind kind)
{
	return is_nested_both(kind) || kind == WALK_RETURN_ONLY || kind == WALK_VIA_HOME;
}

bool walk_build(const struct walk_plan *plan, struct walk *ret_walk)
{
	struct walk walk = {.kind = plan->kind, .depth = (uint8_t)plan->depth};
	bool is_ok = plan->depth > 0 && plan->depth <= UINT8_MAX &&
		addr_is_set(&plan->hops[plan->depth - 1]);
	struct end end = {0};

	if (is_ok && plan->kind == WALK_VIA_HOME) {
		is_ok = add_leg(&walk, plan, &plan->via, WALK_TTL, false);
	}
	for (size_t k = is_nested_out(plan->kind) ? 0 : plan->depth - 1;
	     is_ok && k < plan->depth; k++) {
		is_ok = add_hop(&walk, plan, k, &end);
	}
	for (size_t k = plan->depth - 1; is_ok && is_nested_back(plan->kind) && k-- > 0;) {
		is_ok = add_hop(&walk, plan, k, &end);
	}
	if (is_ok && plan->kind == WALK_VIA) {
		is_ok = add_leg(&walk, plan, &plan->via, WALK_TTL, end.needs_self);
		end = (struct end){0};
	}
	is_ok = is_ok && add_leg(&walk, plan, plan->self, leg_ttl(plan, end.hop, 0),
		end.needs_self);
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

static const char *const names[WALK_KIND_COUNT] = {
	[WALK_RETRACE] = "retrace", [WALK_DIRECT] = "direct", [WALK_NATURAL] = "natural",
	[WALK_RETURN_ONLY] = "return-only", [WALK_VIA] = "via", [WALK_TO] = "to",
	[WALK_SCAN_HOP] = "scan-hop", [WALK_SCAN_SELF] = "scan-self",
	[WALK_CAUSE] = "cause", [WALK_REVERSE] = "reverse", [WALK_REDISCOVER] = "rediscover",
	[WALK_LENGTH_OUT] = "length-out", [WALK_LENGTH_BACK] = "length-back",
	[WALK_STRICT_OUT] = "strict-out", [WALK_STRICT_BACK] = "strict-back",
	[WALK_VIA_ASK] = "via-ask", [WALK_VIA_ROUND] = "via-round", [WALK_VIA_HOME] = "via-home",
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

struct walk walk_length(enum walk_kind kind, const struct addr *self, const struct addr *turn,
	const struct addr *source_back, uint8_t ttl)
{
	return (struct walk){.kind = kind, .depth = ttl, .leg_count = 2, .leg = {
		{.src = *self, .dst = *turn, .ttl = kind == WALK_LENGTH_OUT ? ttl : WALK_TTL},
		{.src = *source_back, .dst = *self,
			.ttl = kind == WALK_LENGTH_BACK ? ttl : WALK_TTL}}};
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
