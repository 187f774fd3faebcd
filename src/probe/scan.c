/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <string.h>

#include "probe/engine_int.h"

/*
 * The capability scan: which hops decapsulate, and what. Each is sent [A>k][k>A] and [A>k][A>A],
 * on its own and by ordinary routing, so that no other hop's silence speaks for it. What stays
 * unanswered is asked again, five times in all; then the path is built from what works. A hop
 * that is found later is asked then, beside the rounds. The silent ones are asked once more a
 * second later, lest a short outage speaks for them.
 */
enum { SCAN_WAVES = 5 };

static const ns_t SCAN_AGAIN_AFTER = NS_PER_SEC;

static uint8_t told_of(const struct engine *engine, size_t k)
{
	const struct hop *hop = &engine->session->hops[k];

	return hop->carrier_told > 0 ? hop->carrier_told : engine->session->carrier_told;
}

/* SIDs are told, or there are none. */
static bool may_ask(const struct engine *engine, size_t k, enum carrier carrier)
{
	uint8_t told = told_of(engine, k);

	return told > 0 ? told == 1 + carrier : !carrier_is_routed(carrier);
}

static size_t scan_index(size_t k, enum carrier carrier, bool is_self)
{
	return SCAN_ASKED * k + 2u * carrier + is_self;
}

/* Hops that take IP in IP are asked about nothing else: about that comes first. */
static bool is_carrier_asked(const struct engine *engine, size_t k, enum carrier carrier)
{
	const struct hop *hop = &engine->session->hops[k];
	const bool *known = engine->scan.is_known;
	bool is_ipip_done = engine->scan.sweep.waves > 1 ||
		known[scan_index(k, CARRIER_IPIP, false)] || known[scan_index(k, CARRIER_IPIP, true)];

	return may_ask(engine, k, carrier) && (carrier == CARRIER_IPIP || told_of(engine, k) > 0 ||
		(is_ipip_done && (hop->unwraps & 1u << CARRIER_IPIP) == 0));
}

void scan_forget(struct engine *engine, size_t k)
{
	memset(&engine->scan.is_known[SCAN_ASKED * k], 0,
		SCAN_ASKED * sizeof engine->scan.is_known[0]);
}

static bool item_of(const struct engine *engine, size_t index, struct item *ret_item)
{
	size_t k = index / SCAN_ASKED;
	const struct hop *hop = &engine->session->hops[k];
	enum carrier carrier = (enum carrier)(index % SCAN_ASKED / 2);

	ret_item->kind = index % 2 == 0 ? WALK_SCAN_HOP : WALK_SCAN_SELF;
	ret_item->depth = (uint8_t)(k + 1);
	ret_item->carrier = (uint8_t)carrier;
	/* Who forwards its own source need not be asked with ours. One that was heard only while
	 * the others are asked has no walk yet, and waits for the next scan. */
	return scan_walk_at(engine, (enum walk_kind)ret_item->kind, k, carrier)->leg_count > 0 &&
	       !engine_is_named(engine, k) && !engine->scan.is_known[index] &&
	       is_carrier_asked(engine, k, carrier) &&
	       (hop->decap != HOP_DECAP_SILENT || engine->scan.is_second) &&
	       hop->takes_own_source == TRI_UNKNOWN;
}

/* The two walks by which hops[k] is asked whether it takes that carrier. */
static void lay_out(struct engine *engine, size_t k, enum carrier carrier)
{
	struct session *session = engine->session;
	size_t size = 0; /* of its own: what the scan needs, rounds do not */
	struct walk_plan plan = {.kind = WALK_SCAN_HOP, .self = &session->self,
		.self_other = &session->self_other, .hops = &session->hops[k].address,
		.others = &session->hops[k].other, .carriers = &carrier, .sids = session->sids,
		.depth = 1,
		.inner = INNER_SOURCE_HOP};

	engine_plan_walk(engine, &plan, scan_walk_at(engine, WALK_SCAN_HOP, k, carrier), &size);
	scan_walk_at(engine, WALK_SCAN_HOP, k, carrier)->depth = (uint8_t)(k + 1);
	plan.kind = WALK_SCAN_SELF;
	plan.inner = INNER_SOURCE_SELF;
	engine_plan_walk(engine, &plan, scan_walk_at(engine, WALK_SCAN_SELF, k, carrier), &size);
	scan_walk_at(engine, WALK_SCAN_SELF, k, carrier)->depth = (uint8_t)(k + 1);
}

void scan_start(struct engine *engine, ns_t now)
{
	struct session *session = engine->session;

	engine->scan.has_begun = true;
	engine->scan.is_wanted = false;
	engine->scan.is_second = engine->scan.again_at != 0 && now >= engine->scan.again_at;
	engine->scan.again_at = engine->scan.is_second ? 0 : engine->scan.again_at;
	sweep_start(&engine->scan.sweep, SCAN_ASKED * session->hop_count, SCAN_WAVES, 0, now);
	for (size_t k = 0; k < session->hop_count; k++) {
		for (int i = 0; i < CARRIER_COUNT && addr_is_set(&session->hops[k].address); i++) {
			if (may_ask(engine, k, (enum carrier)i)) {
				lay_out(engine, k, (enum carrier)i);
			}
		}
	}
}

/* Where the path was found by To probes, only what is known to decapsulate carries walks;
 * where it was given, only a hop that refused aloud is passed over. */
static void finish(struct engine *engine, ns_t now)
{
	struct session *session = engine->session;

	for (size_t k = 0; k < session->hop_count; k++) {
		struct hop *hop = &session->hops[k];

		if (hop->scan_asked > 0 && hop->decap == HOP_DECAP_UNKNOWN) {
			hop->decap = HOP_DECAP_SILENT;
			engine->scan.again_at = now + SCAN_AGAIN_AFTER;
		}
		if (hop->decap == HOP_DECAP_YES && hop->takes_own_source == TRI_UNKNOWN) {
			hop->takes_own_source = TRI_NO;
		}
		/* One that was heard only while the others were asked has its turn in the next scan;
		 * until then nothing turns there. */
		if (hop->scan_asked > 0) {
			hop->is_passed_over = hop->decap == HOP_DECAP_NO ||
				(hop->decap == HOP_DECAP_SILENT && !session->is_explicit);
		}
	}
	engine_plan_path(engine);
	/* What was found beside the rounds may be the hop to trace the way back from. */
	if (session->phase == PHASE_PROBING && engine->reverse.next_at != 0) {
		engine->reverse.next_at = now;
		engine->lengths.next_at = now;
	}
}

/* When a scan shall begin beside the rounds, or NS_NEVER. */
static ns_t wanted_at(const struct engine *engine)
{
	const struct scan *scan = &engine->scan;

	/* Where this host has just moved, nobody knows yet whether replies find it. */
	if (engine->session->phase != PHASE_PROBING || engine->session->is_paused ||
	    engine->trial.is_on) {
		return NS_NEVER;
	}
	return scan->is_wanted ? 0 : scan->again_at != 0 ? scan->again_at : NS_NEVER;
}

static bool poll(struct engine *engine, ns_t now, struct probe_spec *ret_spec)
{
	bool was_active;

	if (now >= wanted_at(engine)) {
		scan_start(engine, now);
	}
	was_active = engine->scan.sweep.waves > 0;

	if (sweep_poll(engine, &engine->scan.sweep, item_of, now, ret_spec)) {
		engine->session->hops[ret_spec->walk->depth - 1].scan_asked++;
		return true;
	}
	if (was_active && engine->scan.sweep.waves == 0) {
		finish(engine, now);
	}
	return false;
}

static ns_t next(const struct engine *engine, ns_t now)
{
	ns_t sweep = sweep_next(engine, &engine->scan.sweep, now);
	ns_t wanted = wanted_at(engine);

	return wanted < sweep ? wanted : sweep;
}

/* Intermediate hops on the way back, by the answer's TTL: senders start at one of these. */
static int hops_back(uint8_t rx_ttl)
{
	return (rx_ttl <= 32 ? 32 : rx_ttl <= 64 ? 64 : rx_ttl <= 128 ? 128 : 255) - rx_ttl;
}

/* The hop's own answer left it with a full TTL; the unwrapped packet has one less where the
 * forwarding step after decapsulation counts (RFC 2003, 3.1). */
static void learn_decrement(struct hop *hop, uint8_t rx_ttl)
{
	int more = (WALK_TTL - rx_ttl) - hops_back(hop->to_rx_ttl);

	if (hop->to_rx_ttl > 0 && (more == 0 || more == 1)) {
		hop->decrements = more == 1 ? TRI_YES : TRI_NO;
	}
}

static bool answer(struct engine *engine, const struct probe_entry *entry,
	const struct reply *reply, bool is_first)
{
	struct hop *hop = &engine->session->hops[entry->depth - 1];
	size_t index = scan_index(entry->depth - 1u, (enum carrier)entry->carrier,
		entry->kind == WALK_SCAN_SELF);

	(void)is_first;
	if (entry->depth > engine->session->hop_count) {
		return false;
	}
	engine->scan.is_known[index] = true;
	if (reply->kind != REPLY_ERROR) {
		hop->decap = HOP_DECAP_YES;
		hop->unwraps |= (uint8_t)(1u << entry->carrier);
		learn_decrement(hop, reply->rx_ttl);
		if (entry->kind == WALK_SCAN_HOP) {
			hop->takes_own_source = TRI_YES;
		}
		return false;
	}
	/* Who takes neither is known for what it says of the first. */
	if (addr_equal(&reply->from, &hop->address) && icmp_is_unreachable(reply->cause) &&
	    hop->decap != HOP_DECAP_YES &&
	    entry->carrier == session_carrier(engine->session, hop)) {
		hop->decap = HOP_DECAP_NO;
		hop->refused_type = reply->icmp_type;
		hop->refused_code = reply->icmp_code;
	}
	return false;
}

const struct activity scan_activity = {
	.when = ACTIVITY_ALWAYS, .kinds = 1u << WALK_SCAN_HOP | 1u << WALK_SCAN_SELF,
	.poll = poll, .next = next, .answer = answer,
};
