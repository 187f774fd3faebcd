/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "pkt/walk.h"

#include <string.h>

#include "pkt/ip.h"
#include "pkt/segments.h"

/* One end of a leg: its address, and that of the other family if it has one. */
struct end {
	struct addr of[2];
};

/* What add_leg() goes on from. */
struct layout {
	const struct walk_plan *plan;
	struct walk walk;
	struct end at;           /* where the last leg ended; at first the prober */
	size_t hop;              /* which that is, 1-based; 0: the prober */
	bool needs_self;         /* it drops what comes from its own address */
	bool is_last;            /* the leg that follows is answered by the end itself */
	uint8_t family;          /* of the last leg */
};

static struct end end_of(const struct addr *addr, const struct addr *other)
{
	return (struct end){.of = {*addr, other == NULL ? (struct addr){0} : *other}};
}

static const struct addr *address_in(const struct end *end, uint8_t family)
{
	return end->of[0].family == family ? &end->of[0] :
	       end->of[1].family == family ? &end->of[1] : NULL;
}

/* The family of the leg between both: the one before if it can be, else the other; 0: none. */
static uint8_t choose_family(const struct layout *layout, const struct end *to)
{
	uint8_t other = layout->family == ADDR_V4 ? ADDR_V6 : ADDR_V4;

	if (address_in(&layout->at, layout->family) != NULL &&
	    address_in(to, layout->family) != NULL) {
		return layout->family;
	}
	return address_in(&layout->at, other) != NULL && address_in(to, other) != NULL ? other : 0;
}

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

/* Where the next leg of this family comes from. Where the family changes it is the prober, if
 * that has an address of it. */
static struct addr source_of(const struct layout *layout, uint8_t family)
{
	const struct walk_plan *plan = layout->plan;
	struct end self = end_of(plan->self, plan->self_other);
	const struct addr *own = address_in(&self, family);
	bool is_ours = layout->walk.leg_count == 0 || layout->is_last;

	if (!is_ours && plan->inner == INNER_SOURCE_GIVEN && plan->source.family == family) {
		return plan->source;
	}
	if (own != NULL && (is_ours || plan->inner == INNER_SOURCE_SELF ||
	    family != layout->family || (plan->inner == INNER_SOURCE_AUTO && layout->needs_self))) {
		return *own;
	}
	return *address_in(&layout->at, family);
}

/* How the hop unwraps what comes to it; 0 is a router beside the path. */
static uint8_t carrier_to(const struct walk_plan *plan, size_t hop)
{
	return (uint8_t)(hop == 0 ? plan->via_carrier :
		plan->carriers == NULL ? CARRIER_IPIP : plan->carriers[hop - 1]);
}

/* The leg to `to`, which is that hop, sent on by where the leg before ended. `ttl` 0: as the
 * kind of walk has it. */
static bool add_leg(struct layout *layout, const struct end *to, size_t hop, uint8_t ttl)
{
	struct walk *walk = &layout->walk;
	uint8_t family = choose_family(layout, to);

	if (family == 0 || walk->leg_count >= LEG_MAX) {
		return false;
	}
	walk->leg[walk->leg_count] = (struct leg){.src = source_of(layout, family),
		.dst = *address_in(to, family),
		.ttl = ttl > 0 ? ttl : leg_ttl(layout->plan, layout->hop, hop),
		.carrier = carrier_to(layout->plan, hop)};
	walk->leg_count++;
	layout->at = *to;
	layout->hop = hop;
	layout->family = family;
	return true;
}

/* Adds the leg to hops[k], if it has an address, and notes what the next leg must heed. */
static bool add_hop(struct layout *layout, size_t k)
{
	const struct walk_plan *plan = layout->plan;
	bool is_back = k + 1 < layout->hop && plan->back != NULL;
	struct end hop = end_of(is_back ? &plan->back[k] : &plan->hops[k],
		plan->others == NULL ? NULL : &plan->others[k]);
	bool is_ok;

	if (!addr_is_set(&plan->hops[k])) {
		return true;
	}
	is_ok = add_leg(layout, &hop, k + 1, 0);
	layout->needs_self = plan->needs_self != NULL && plan->needs_self[k];
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

/* What follows the way out: home, or where the end answers nothing at all, because routing
 * brings its answer to the prober. */
static bool add_way_back(struct layout *layout)
{
	const struct walk_plan *plan = layout->plan;
	struct end self = end_of(plan->self, plan->self_other), via = end_of(&plan->via, NULL);
	bool is_ok = true;

	for (size_t k = plan->depth - 1; is_ok && is_nested_back(plan->kind) && k-- > 0;) {
		is_ok = add_hop(layout, k);
	}
	if (is_ok && plan->kind == WALK_VIA) {
		is_ok = add_leg(layout, &via, 0, WALK_TTL);
		layout->needs_self = false;
	}
	return is_ok && add_leg(layout, &self, 0, 0);
}

/* One header serves all legs or none, and is of IPv6. */
static bool is_of_one_kind(const struct walk *walk)
{
	uint8_t carrier = walk->leg[0].carrier;

	for (size_t i = 0; i + 1 < walk->leg_count; i++) {
		const struct leg *leg = &walk->leg[i];
		bool is_routed = carrier_is_routed((enum carrier)leg->carrier);

		if (is_routed ? leg->carrier != carrier || leg->dst.family != ADDR_V6 :
		    carrier_is_routed((enum carrier)carrier)) {
			return false;
		}
	}
	return true;
}

bool walk_build(const struct walk_plan *plan, struct walk *ret_walk)
{
	struct layout layout = {.plan = plan, .at = end_of(plan->self, plan->self_other),
		.family = plan->self->family,
		.walk = {.kind = plan->kind, .depth = (uint8_t)plan->depth, .sids = plan->sids,
			.is_answered = plan->is_end_answering}};
	struct end via = end_of(&plan->via, NULL);
	bool is_ok = plan->depth > 0 && plan->depth <= UINT8_MAX &&
		addr_is_set(&plan->hops[plan->depth - 1]);

	if (plan->is_end_answering && (plan->kind == WALK_RETURN_ONLY || plan->kind == WALK_VIA ||
	    plan->kind == WALK_STRICT_BACK)) {
		return false;
	}
	if (is_ok && plan->kind == WALK_VIA_HOME) {
		is_ok = add_leg(&layout, &via, 0, WALK_TTL);
	}
	for (size_t k = is_nested_out(plan->kind) ? 0 : plan->depth - 1;
	     is_ok && k < plan->depth; k++) {
		layout.is_last = plan->is_end_answering && k + 1 == plan->depth;
		is_ok = add_hop(&layout, k);
	}
	is_ok = is_ok && (plan->is_end_answering || add_way_back(&layout)) &&
		is_of_one_kind(&layout.walk);
	for (size_t i = 0; is_ok && walk_is_routed(&layout.walk) && i < layout.walk.leg_count; i++) {
		layout.walk.leg[i].src = layout.walk.leg[0].src;
	}
	if (is_ok) {
		*ret_walk = layout.walk;
	}
	return is_ok;
}

bool walk_is_routed(const struct walk *walk)
{
	return walk->leg_count > 1 && carrier_is_routed((enum carrier)walk->leg[0].carrier);
}

size_t walk_shim_bytes(const struct walk *walk)
{
	size_t bytes = 0;

	for (size_t i = 0; i + 1 < walk->leg_count; i++) {
		bytes += carrier_shim_bytes((enum carrier)walk->leg[i].carrier);
	}
	return bytes;
}

size_t walk_leg_bytes(const struct walk *walk, size_t i)
{
	return walk_is_routed(walk) ? 0 : ip_header_bytes(walk->leg[i].src.family) +
		(i + 1 < walk->leg_count ? carrier_shim_bytes((enum carrier)walk->leg[i].carrier) : 0);
}

size_t walk_stack_bytes(const struct walk *walk)
{
	size_t bytes = 0;

	if (walk_is_routed(walk)) {
		return segments_header_bytes(walk);
	}
	for (size_t i = 0; i < walk->leg_count; i++) {
		bytes += walk_leg_bytes(walk, i);
	}
	return bytes;
}

static const char *const names[WALK_KIND_COUNT] = {
	[WALK_RETRACE] = "retrace", [WALK_DIRECT] = "direct", [WALK_NATURAL] = "natural",
	[WALK_RETURN_ONLY] = "return-only", [WALK_VIA] = "via", [WALK_TO] = "to",
	[WALK_SCAN_HOP] = "scan-hop", [WALK_SCAN_SELF] = "scan-self",
	[WALK_CAUSE] = "cause", [WALK_REVERSE] = "reverse", [WALK_REDISCOVER] = "rediscover",
	[WALK_LENGTH_OUT] = "length-out", [WALK_LENGTH_BACK] = "length-back",
	[WALK_STRICT_OUT] = "strict-out", [WALK_STRICT_BACK] = "strict-back",
	[WALK_VIA_ASK] = "via-ask", [WALK_VIA_ROUND] = "via-round", [WALK_VIA_HOME] = "via-home",
	[WALK_FASTER] = "faster", [WALK_ALSO] = "also", [WALK_BRACKET] = "bracket",
	[WALK_ECHO] = "echo", [WALK_BOUNCE] = "bounce", [WALK_BRACKET_BOUNCE] = "bracket-bounce",
	[WALK_LINK_MTU] = "link-mtu", [WALK_LINK_MTU_TO] = "link-mtu-to",
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
	return (struct walk){.kind = WALK_TO, .depth = ttl, .leg_count = 1, .is_answered = true,
		.leg = {{.src = *self, .dst = *dst, .ttl = ttl}}};
}

struct walk walk_bounce(const struct addr *self, const struct addr *towards,
	const struct addr *by)
{
	return (struct walk){.kind = WALK_BOUNCE, .depth = 1, .leg_count = 1, .towards = *towards,
		.by = *by,
		.leg = {{.src = *self, .dst = *self, .ttl = BOUNCE_TTL}}};
}

struct walk walk_reverse(const struct addr *self, const struct addr *turn, enum carrier carrier,
	uint8_t hops, uint8_t ttl)
{
	return (struct walk){.kind = WALK_REVERSE, .depth = ttl, .leg_count = 2, .leg = {
		{.src = *self, .dst = *turn,
			.ttl = carrier_is_routed(carrier) ? (uint8_t)(hops + ttl - 1) : WALK_TTL,
			.carrier = (uint8_t)carrier},
		{.src = *self, .dst = *self, .ttl = ttl}}};
}

struct walk walk_length(enum walk_kind kind, const struct addr *self, const struct addr *turn,
	enum carrier carrier, const struct addr *source_back, uint8_t ttl)
{
	return (struct walk){.kind = kind, .depth = ttl, .leg_count = 2, .leg = {
		{.src = *self, .dst = *turn, .ttl = kind == WALK_LENGTH_OUT ? ttl : WALK_TTL,
			.carrier = (uint8_t)carrier},
		{.src = *source_back, .dst = *self,
			.ttl = kind == WALK_LENGTH_BACK ? ttl : WALK_TTL}}};
}

struct walk walk_to_from(const struct addr *self, const struct addr *from, enum carrier carrier,
	const struct addr *dst, uint8_t ttl)
{
	if (!addr_is_set(from)) {
		return walk_to(self, dst, ttl);
	}
	return (struct walk){.kind = WALK_TO, .depth = ttl, .leg_count = 2, .is_answered = true,
		.leg = {
		{.src = *self, .dst = *from, .ttl = WALK_TTL, .carrier = (uint8_t)carrier},
		{.src = *self, .dst = *dst, .ttl = ttl}}};
}
