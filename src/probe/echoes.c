/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "probe/engine_int.h"

/*
 * A tunnel on the way home that hides its routers counts down its own TTL, and the lesser of that
 * and the packet's comes out of it. Some routers begin errors at 255 and echo replies at 64: of the
 * former the tunnel takes its length, of the latter nothing (RTLA; Vanaubel and others 2013). So
 * each hop whose errors begin at 255 is sent echoes of its own, until two agree; and again when its
 * errors come by another way.
 */
enum { ECHO_WAVES = 4, ECHOES_AGREEING = 2, ERROR_TTL_MIN = 128 };

static const ns_t ECHOES_AFTER = 2 * NS_PER_SEC, ECHOES_EVERY = 60 * NS_PER_SEC;

static void begin(struct engine *engine, ns_t now)
{
	engine->echoes_at = engine->walk[WALK_ECHO] == NULL ? 0 : now + ECHOES_AFTER;
}

static bool item_of(const struct engine *engine, size_t index, struct item *ret_item)
{
	const struct session *session = engine->session;
	const struct hop *hop = &session->hops[index];

	*ret_item = (struct item){.kind = WALK_ECHO, .depth = (uint8_t)(index + 1)};
	return index < session->hop_count && index + 1 >= engine->config.first_ttl &&
	       (hop->echo_count < ECHOES_AGREEING || hop->echo_to_rx_ttl != hop->to_rx_ttl) &&
	       hop->to_kind == TO_TTL && hop->seen_count == 1 &&
	       hop->to_rx_ttl > ERROR_TTL_MIN && hop->address.family == ADDR_V4 &&
	       session->self.family == ADDR_V4;
}

static void lay_out(struct engine *engine)
{
	const struct session *session = engine->session;

	for (size_t k = 0; k < session->hop_count; k++) {
		struct walk *walk = &engine->walk[WALK_ECHO][k];

		*walk = walk_to(&session->self, &session->hops[k].address, WALK_TTL);
		walk->kind = WALK_ECHO;
		walk->depth = (uint8_t)(k + 1);
	}
}

static bool poll(struct engine *engine, ns_t now, struct probe_spec *ret_spec)
{
	if (engine->echoes_at != 0 && now >= engine->echoes_at) {
		engine->echoes_at = now + ECHOES_EVERY;
		lay_out(engine);
		sweep_start(&engine->echoes, engine->session->hop_count, ECHO_WAVES, NS_PER_SEC, now);
	}
	return sweep_poll(engine, &engine->echoes, item_of, now, ret_spec);
}

static ns_t next(const struct engine *engine, ns_t now)
{
	return sweep_next_or(engine, &engine->echoes, engine->echoes_at, now);
}

static bool answer(struct engine *engine, const struct probe_entry *entry,
	const struct reply *reply, bool is_first)
{
	struct hop *hop = &engine->session->hops[entry->depth - 1];

	(void)is_first;
	if (reply->kind == REPLY_ECHO && entry->depth <= engine->session->hop_count &&
	    addr_equal(&reply->from, &hop->address)) {
		bool is_same = hop->echo_rx_ttl == reply->rx_ttl && hop->echo_to_rx_ttl == hop->to_rx_ttl;

		hop->echo_count = (uint8_t)(is_same ? hop->echo_count + (hop->echo_count < UINT8_MAX) : 1);
		hop->echo_rx_ttl = reply->rx_ttl;
		hop->echo_to_rx_ttl = hop->to_rx_ttl;
	}	return false;
}

static void forget(struct engine *engine, ns_t now)
{
	engine->echoes.waves = 0;
	begin(engine, now);
}

const struct activity echoes_activity = {
	.when = ACTIVITY_BESIDE, .kinds = 1u << WALK_ECHO,
	.begin = begin, .poll = poll, .next = next, .answer = answer, .forget = forget,
};
