/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "probe/mtu_int.h"

/*
 * The walks that tell how long a packet may be on each link. One leg leads to the turning hop,
 * where routing takes that way: the packet is as long on all links out. A path by hand may not be
 * the one that routing takes: the leg lives no longer than the path is, and if it does not come
 * home, the path is kept to leg by leg. So is the way home always. Each leg that was unwrapped
 * leaves the packet shorter.
 */

/* Errors come home from all legs that come from us. */
static enum inner_source source_of(const struct engine *engine, bool is_self)
{
	enum inner_source inner = engine->config.inner_source;

	return is_self && inner != INNER_SOURCE_GIVEN ? INNER_SOURCE_SELF : inner;
}

void mtu_plan(struct engine *engine, struct mtu_legs legs)
{
	struct session *session = engine->session;
	struct addr hops[HOP_MAX], others[HOP_MAX];
	bool needs_self[HOP_MAX], keeps_ttl[HOP_MAX];
	enum carrier carriers[HOP_MAX];
	struct walk_plan plan = {.self = &session->self, .self_other = &session->self_other,
		.hops = hops, .others = others, .inner = source_of(engine, legs.is_self),
		.source = engine->config.inner_address, .needs_self = needs_self,
		.keeps_ttl = keeps_ttl, .carriers = carriers, .sids = session->sids};

	engine->mtu.legs = legs;
	for (size_t k = 0; k < session->hop_count; k++) {
		const struct hop *hop = &session->hops[k];
		struct walk *walk = &engine->walk[WALK_LINK_MTU][k];
		size_t size = 0;

		hops[k] = session_is_loose(hop) ? (struct addr){0} : hop->address;
		others[k] = hop->other;
		carriers[k] = session_carrier(session, hop);
		needs_self[k] = hop->takes_own_source == TRI_NO;
		keeps_ttl[k] = hop->decrements == TRI_NO;
		plan.depth = k + 1;
		plan.is_end_answering = hop->is_answering;
		plan.kind = legs.is_nested_out || hop->is_answering ? WALK_RETRACE :
			WALK_RETURN_ONLY;
		engine_plan_walk(engine, &plan, walk, &size);
		walk->kind = WALK_LINK_MTU;
		if (session->is_explicit && plan.kind == WALK_RETURN_ONLY && !walk_is_routed(walk)) {
			walk->leg[0].ttl = (uint8_t)(k + 1);
		}
	}
}

/* Where the leg after hop `at` ends, on the way out to `depth` or home from there. */
static size_t end_of_leg(const struct engine *engine, size_t depth, size_t at, bool is_back)
{
	const struct hop *hops = engine->session->hops;
	bool is_nested = is_back || engine->mtu.legs.is_nested_out || hops[depth - 1].is_answering;

	if (!is_nested) {
		return depth;
	}
	for (at = is_back ? at - 1 : at + 1; at > 0 && at < depth; at = is_back ? at - 1 : at + 1) {
		if (addr_is_set(&hops[at - 1].address) && !session_is_loose(&hops[at - 1])) {
			break;
		}
	}
	return at;
}

uint16_t mtu_size_on(const struct engine *engine, const struct mtu_packet *packet, size_t link,
	enum way way)
{
	const struct walk *walk;
	size_t at = 0, size = packet->size;
	bool is_back = false;

	if (packet->kind == WALK_LINK_MTU_TO) {
		return way == WAY_OUT && link <= packet->depth ? packet->size : 0;
	}
	walk = &engine->walk[WALK_LINK_MTU][packet->depth - 1];
	for (size_t i = 0; i < walk->leg_count; i++) {
		size_t to;

		is_back = is_back || at == packet->depth;
		to = end_of_leg(engine, packet->depth, at, is_back);
		if (way == WAY_OUT ? !is_back && link > at && link <= to :
		    is_back && link > to && link <= at) {
			return (uint16_t)size;
		}
		size -= walk_leg_bytes(walk, i);
		at = to;
	}
	return 0;
}

bool mtu_is_back(const struct engine *engine, const struct mtu_packet *packet, size_t left,
	uint16_t *ret_unwrapped)
{
	const struct walk *walk = &engine->walk[packet->kind][packet->depth - 1];
	size_t size = packet->size, at = 0;
	bool is_back = false;

	*ret_unwrapped = 0;
	for (size_t i = 0; packet->kind == WALK_LINK_MTU && i < walk->leg_count; i++) {
		is_back = is_back || at == packet->depth;
		if (size == left) {
			*ret_unwrapped = (uint16_t)(packet->size - size);
			return is_back;
		}
		size -= walk_leg_bytes(walk, i);
		at = end_of_leg(engine, packet->depth, at, is_back);
	}
	return false;
}

enum mtu_by mtu_by(const struct engine *engine, size_t k)
{
	const struct session *session = engine->session;
	const struct hop *hop = &session->hops[k];

	if (engine->walk[WALK_LINK_MTU] != NULL && engine->walk[WALK_LINK_MTU][k].leg_count > 0 &&
	    !session_is_loose(hop) &&
	    (hop->is_answering ? session->is_explicit : hop->decap == HOP_DECAP_YES)) {
		return MTU_BY_THROUGH;
	}
	return session->has_walk[WALK_TO] && session->to_carried != CARRIED_TCP &&
	       !session->is_from && hop->walk[WALK_TO].received > 0 &&
	       engine->walk[WALK_TO][k].leg_count > 0 ? MTU_BY_TO : MTU_BY_NONE;
}

bool mtu_is_elsewhere(const struct session *session)
{
	uint8_t length = session->length[WAY_OUT].hops;

	if (session->is_explicit && length > 0 && length != session->length_hop) {
		return true;
	}
	for (size_t k = 0; k < session->hop_count && session->is_explicit; k++) {
		const struct hop *hop = &session->hops[k];

		if (hop->seen_count > 0 && !session_hop_has(hop, &hop->address)) {
			return true;
		}
	}
	return false;
}
