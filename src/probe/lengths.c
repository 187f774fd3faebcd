/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <string.h>

#include "probe/engine_int.h"

/*
 * Lengths without ICMP. Only packets that come home say anything: the least TTL out to the
 * turning hop X that does is the length out ([A>X ttl=t][X>A]), the least one home from it
 * the length back ([A>X][X>A ttl=t]), less what X itself takes. A retrace whose legs out, or
 * back, have no more TTL than the path lists hops proves that no router was inserted there.
 * Three waves; what differs from before is measured a second time before it is believed.
 */
enum { LENGTH_WAVES = 3, LENGTH_MARGIN = 12, NARROW_BELOW = 1, NARROW_ABOVE = 3 };

static const ns_t LENGTHS_EVERY = 60 * NS_PER_SEC;
/* With more loss than this a strict walk may be lost thrice by chance. */
static const double LOSS_MOST = 0.1;

static enum walk_kind kind_of(size_t index)
{
	return (enum walk_kind)(WALK_LENGTH_OUT + (int)index);
}

/* Which TTLs to ask: round what is known, else all that may be. */
static void choose_ttls(struct engine *engine, enum way way)
{
	struct lengths *lengths = &engine->lengths;
	unsigned known = engine->session->length[way].hops, least = 1;
	unsigned last = engine->session->length_hop + LENGTH_MARGIN;

	if (known > 0 && !lengths->is_confirming) {
		least = known > NARROW_BELOW ? known - NARROW_BELOW : 1;
		last = known + NARROW_ABOVE;
	}
	lengths->first[way] = (uint8_t)least;
	lengths->last[way] = (uint8_t)(last < HOP_MAX ? last : HOP_MAX);
}

static void begin_sweep(struct engine *engine, ns_t now)
{
	struct session *session = engine->session;
	struct lengths *lengths = &engine->lengths;
	uint8_t turn = reverse_turning_hop(engine);
	const struct hop *hop;
	const struct addr *self, *source;
	enum inner_source inner = engine->config.inner_source;

	/* One header has one TTL for both legs. */
	if (turn == 0 || session_is_routed(session)) {
		return;
	}
	hop = &session->hops[turn - 1];
	self = session_self(session, hop->address.family);
	if (!addr_equal(&session->length_to, &hop->address)) {
		memset(session->length, 0, sizeof session->length);
		session->length_to = hop->address;
		session->length_hop = turn;
	}
	source = inner == INNER_SOURCE_GIVEN ? &engine->config.inner_address :
		inner == INNER_SOURCE_SELF || (inner == INNER_SOURCE_AUTO &&
		hop->takes_own_source == TRI_NO) ? self : &hop->address;
	memset(lengths->has_returned, 0, sizeof lengths->has_returned);
	for (int way = WAY_OUT; way < WAY_COUNT; way++) {
		lengths->least[way] = 0;
		choose_ttls(engine, (enum way)way);
		for (unsigned ttl = lengths->first[way]; ttl <= lengths->last[way]; ttl++) {
			engine->walk[kind_of((size_t)way)][ttl - 1] = walk_length(kind_of((size_t)way),
				self, &hop->address, session_carrier(session, hop), source, (uint8_t)ttl);
		}
	}
	sweep_start(&lengths->sweep, LENGTH_KINDS * HOP_MAX, LENGTH_WAVES, 0, now);
}

static bool item_of(const struct engine *engine, size_t index, struct item *ret_item)
{
	const struct lengths *lengths = &engine->lengths;
	size_t number = index / HOP_MAX, depth = index % HOP_MAX + 1;

	*ret_item = (struct item){.kind = (uint8_t)kind_of(number),
		.depth = (uint8_t)depth};
	if (lengths->has_returned[number][depth]) {
		return false;
	}
	if (number >= WAY_COUNT) {
		return engine->walk[kind_of(number)] != NULL && depth <= engine->session->hop_count &&
		       engine->walk[kind_of(number)][depth - 1].leg_count > 0;
	}
	return depth >= lengths->first[number] && depth <= lengths->last[number] &&
	       (lengths->least[number] == 0 || depth < lengths->least[number]);
}

/* False: it is to be measured again. */
static bool judge_length(struct engine *engine, enum way way, ns_t now)
{
	const struct lengths *lengths = &engine->lengths;
	const struct hop *hop = &engine->session->hops[engine->session->length_hop - 1];
	struct way_length *length = &engine->session->length[way];
	uint8_t least = lengths->least[way];
	uint8_t taken = way == WAY_BACK && hop->decrements != TRI_NO;

	/* The least that was asked may not be the least there is. */
	if (least == 0 || (least == lengths->first[way] && least > 1)) {
		return length->hops == 0 || lengths->is_confirming;
	}
	if (least <= taken || least - taken == length->hops) {
		return true;
	}
	if (length->hops > 0 && !lengths->is_confirming) {
		return false;
	}
	if (length->hops > 0) {
		length->before = length->hops;
		length->changed_at = now;
	}
	length->hops = (uint8_t)(least - taken);
	return true;
}

static bool judge_strict(struct engine *engine, enum way way, ns_t now)
{
	const struct lengths *lengths = &engine->lengths;
	struct session *session = engine->session;
	size_t number = WAY_COUNT + (size_t)way;
	bool is_settled = true;

	for (size_t k = 0; k < session->hop_count && engine->walk[kind_of(number)] != NULL; k++) {
		struct hop *hop = &session->hops[k];
		double loss = stats_recent_loss(&hop->walk[WALK_RETRACE], now);

		if (engine->walk[kind_of(number)][k].leg_count == 0) {
			hop->is_strict[way] = TRI_UNKNOWN;
		} else if (lengths->has_returned[number][k + 1]) {
			hop->is_strict[way] = TRI_YES;
		} else if (lengths->least[WAY_OUT] == 0 || loss < 0 || loss > LOSS_MOST) {
			continue;
		} else if (lengths->is_confirming) {
			hop->is_strict[way] = TRI_NO;
		} else {
			is_settled = is_settled && hop->is_strict[way] == TRI_NO;
		}
	}
	return is_settled;
}

static void judge(struct engine *engine, ns_t now)
{
	bool is_settled = true;

	for (int way = WAY_OUT; way < WAY_COUNT; way++) {
		is_settled = judge_length(engine, (enum way)way, now) && is_settled;
		is_settled = judge_strict(engine, (enum way)way, now) && is_settled;
	}
	engine->lengths.is_confirming = !is_settled && !engine->lengths.is_confirming;
	if (engine->lengths.is_confirming) {
		begin_sweep(engine, now);
	}
}

static bool poll(struct engine *engine, ns_t now, struct probe_spec *ret_spec)
{
	struct lengths *lengths = &engine->lengths;
	bool was_active;

	if (lengths->next_at != 0 && now >= lengths->next_at) {
		lengths->next_at = now + LENGTHS_EVERY;
		lengths->is_confirming = false;
		begin_sweep(engine, now);
	}
	was_active = lengths->sweep.waves > 0;
	if (sweep_poll(engine, &lengths->sweep, item_of, now, ret_spec)) {
		return true;
	}
	if (was_active && lengths->sweep.waves == 0) {
		judge(engine, now);
	}
	return false;
}

static ns_t next(const struct engine *engine, ns_t now)
{
	return sweep_next_or(engine, &engine->lengths.sweep, engine->lengths.next_at, now);
}

/* It came home, or the end that unwraps nothing answered it. */
static bool answer(struct engine *engine, const struct probe_entry *entry,
	const struct reply *reply, bool is_first)
{
	struct lengths *lengths = &engine->lengths;
	size_t number = (size_t)(entry->kind - WALK_LENGTH_OUT);

	(void)is_first;
	if (!engine_is_answer_of_end(entry, reply)) {
		return false;
	}
	lengths->has_returned[number][entry->depth] = true;
	if (number < WAY_COUNT && (lengths->least[number] == 0 ||
	    entry->depth < lengths->least[number])) {
		lengths->least[number] = entry->depth;
	}	return false;
}

static void begin(struct engine *engine, ns_t now)
{
	engine->lengths.next_at = engine->config.has_reverse ? now : engine->lengths.next_at;
}

void lengths_forget(struct engine *engine, ns_t now)
{
	engine->lengths.sweep.waves = 0;
	begin(engine, now);
}

const struct activity lengths_activity = {
	.when = ACTIVITY_BESIDE, .kinds = 1u << WALK_LENGTH_OUT | 1u << WALK_LENGTH_BACK |
		1u << WALK_STRICT_OUT | 1u << WALK_STRICT_BACK,
	.begin = begin, .poll = poll, .next = next, .answer = answer, .forget = lengths_forget,
};
