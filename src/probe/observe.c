/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "probe/observe.h"

#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "probe/engine_int.h"

enum { PAIRS = 1 << 16, JUMP_MAX = 1 << 16, MTU_GUESS = 1500, MTU_MOST = 1984 };

/* Discovery is followed by a pause; the probes of a round are not. */
static const ns_t PAUSE = 5 * NS_PER_MS;
static const ns_t INTERVAL_GUESS = NS_PER_SEC;

/* Two neighbouring numbers of a probe's headers, as an error quotes them. */
struct pair {
	uint32_t ids, seq;
	bool is_used;
};

struct observer {
	struct reply_context context;
	struct round_count count;
	uint32_t nested_from;
	bool has_begun;
	struct pair pair[PAIRS];         /* the newest of each */
};

static uint32_t round_of(struct round_count *count, enum walk_kind kind, uint8_t depth, ns_t t)
{
	bool is_first_nested = walk_is_nested(kind) && !count->has_nested &&
		t - count->last_at > PAUSE;

	count->has_nested = count->has_nested || walk_is_nested(kind);
	if (count->rounds == 0 || is_first_nested || count->last[kind][depth] == count->rounds) {
		count->rounds++;
	}
	count->last[kind][depth] = count->rounds;
	count->last_at = t;
	return count->rounds;
}

static bool is_counted(const struct probe_sight *sight)
{
	return walk_has_stats(sight->walk.kind) && sight->walk.depth <= HOP_MAX;
}

/* Whether the sight is of the run that the context describes. */
static bool is_of_run(const struct reply_context *context, const struct probe_sight *sight)
{
	const struct addr *self = &sight->walk.leg[0].src;

	/* What comes home from a leg of our own source looks as if it left. */
	if ((!addr_equal(self, &context->self) && !addr_equal(self, &context->self_other)) ||
	    addr_equal(&sight->walk.leg[0].dst, self)) {
		return false;
	}
	if (sight->carried == CARRIED_ECHO) {
		return sight->sport == context->echo_id;
	}
	return sight->dport == (sight->walk.is_answered ? context->to_port : context->port);
}

/* The first of each sort of probe shows what the others must have. */
static void learn_context(struct reply_context *context, const struct probe_sight *sight)
{
	const struct addr *self = &sight->walk.leg[0].src;

	/* A nested probe that has come home has one header left, of whoever sent it last. */
	if (walk_is_nested(sight->walk.kind) && sight->walk.leg_count == 1) {
		return;
	}
	if (!addr_is_set(&context->self)) {
		context->self = *self;
	} else if (self->family != context->self.family && !addr_is_set(&context->self_other)) {
		context->self_other = *self;
	}
	if (sight->carried == CARRIED_ECHO && context->echo_id == 0) {
		context->to_carried = CARRIED_ECHO;
		context->echo_id = sight->sport;
	} else if (sight->carried == CARRIED_UDP && !sight->walk.is_answered && context->port == 0) {
		context->port = sight->dport;
	} else if (sight->carried == CARRIED_UDP && sight->walk.is_answered &&
	           context->to_port == 0) {
		context->to_carried = CARRIED_UDP;
		context->to_port = sight->dport;
	}
}

void survey_init(struct survey *survey)
{
	memset(survey, 0, sizeof *survey);
	survey->inner_source = INNER_SOURCE_HOP;
	survey->context.to_carried = CARRIED_ECHO;
}

/* Where the walk turns: the legs before it lead out, and of most kinds as many lead home. */
static const struct addr *turn_of(const struct walk *walk)
{
	size_t legs = walk->leg_count, ends = walk->is_answered || legs < 2 ? 1 : 2;

	if (walk->kind == WALK_RETRACE) {
		return &walk->leg[walk->is_answered ? legs - 1 : (legs - 1) / 2].dst;
	}
	if (walk->kind == WALK_DIRECT || walk->kind == WALK_NATURAL) {
		return &walk->leg[legs - ends].dst;
	}
	if (walk->kind == WALK_RETURN_ONLY) {
		return &walk->leg[0].dst;
	}
	return walk->kind == WALK_VIA && legs > 2 ? &walk->leg[legs - 3].dst : NULL;
}

static void survey_sight(struct survey *survey, const struct probe_sight *sight, ns_t t)
{
	const struct walk *walk = &sight->walk;
	const struct leg *last = &walk->leg[walk->leg_count - 1];
	uint32_t before = survey->count.rounds, round;
	const struct addr *turn = turn_of(walk);

	survey->probes++;
	survey->has_walk[walk->kind] = true;
	round = round_of(&survey->count, walk->kind, walk->depth, t);
	if (walk_is_nested(walk->kind) && survey->nested_from == 0) {
		survey->nested_from = round;
		survey->begun_at[0] = t;
	}
	if (round != before) {
		survey->begun_at[1] = t;
	}
	survey->size_bytes = sight->size_bytes;
	survey->tos = sight->tos;
	if (walk->kind == WALK_TO) {
		survey->destination = last->dst;
		survey->sent_ttl = walk->depth > survey->sent_ttl ? walk->depth : survey->sent_ttl;
		return;
	}
	if (walk->depth > survey->nested_depth) {
		survey->nested_depth = walk->depth;
	}
	if (turn != NULL) {
		survey->hop[walk->depth - 1] = *turn;
	}
	if (walk->leg_count > 2 && addr_equal(&walk->leg[1].src, &walk->leg[0].src)) {
		survey->inner_source = INNER_SOURCE_SELF;
	}
}

/* Where the path of To probes ends, as far as quotes are long enough to tell. */
static void survey_answer(struct survey *survey, const struct reply *reply)
{
	uint8_t ttl = reply->token_depth;

	if (!reply->has_token || reply->token_kind != WALK_TO || ttl == 0 || ttl > HOP_MAX) {
		return;
	}
	if (ttl > survey->answered_ttl) {
		survey->answered_ttl = ttl;
	}
	survey->to_hop[ttl] = reply->from;
	if (reply_is_of_end(reply, &survey->destination) &&
	    (survey->end_ttl == 0 || ttl < survey->end_ttl)) {
		survey->end_ttl = ttl;
	}
}

bool survey_packet(struct survey *survey, const uint8_t *bytes, size_t len, ns_t t)
{
	struct probe_sight sight;
	struct reply reply;

	if (probe_read(bytes, len, &sight) && is_counted(&sight)) {
		learn_context(&survey->context, &sight);
		if (is_of_run(&survey->context, &sight)) {
			if (survey->probes == 0) {
				survey->started_at = t;
				survey->begun_at[0] = survey->begun_at[1] = t;
			}
			survey->ended_at = t;
			survey_sight(survey, &sight, t);
			return true;
		}
	}
	if (survey->probes > 0 &&
	    reply_decode(bytes, len, &survey->context, &reply) == DECODE_OK) {
		survey->ended_at = t;
		survey_answer(survey, &reply);
		return true;
	}
	return false;
}

/* Hops of the path; beyond the last that answered may be the end. */
static size_t count_hops(struct survey *survey)
{
	if (survey->end_ttl == 0 && survey->sent_ttl > 0) {
		survey->end_ttl = discover_expiring_end(survey->to_hop, survey->sent_ttl,
			&survey->destination);
		survey->is_end_expiring = survey->end_ttl > 0;
	}
	if (survey->nested_depth > 0 || survey->end_ttl > 0) {
		return survey->nested_depth > 0 ? survey->nested_depth : survey->end_ttl;
	}
	return survey->answered_ttl < survey->sent_ttl ? survey->answered_ttl + 1u : survey->sent_ttl;
}

bool survey_end(struct survey *survey, struct addr *ret_path, struct engine_config *ret_config)
{
	uint32_t rounds = survey->count.rounds -
		(survey->nested_from > 0 ? survey->nested_from - 1 : 0);
	ns_t span = survey->begun_at[1] - survey->begun_at[0];
	size_t count = count_hops(survey);
	struct engine_config config = {
		.self = survey->context.self,
		.self_other = survey->context.self_other,
		.path = ret_path,
		.path_count = count < HOP_MAX ? count : HOP_MAX,
		.main_walk = WALK_RETRACE,
		.inner_source = survey->inner_source,
		.size_bytes = survey->size_bytes,
		.mtu = survey->size_bytes > MTU_GUESS ? MTU_MOST : MTU_GUESS,
		.port = survey->context.port,
		.echo_id = survey->context.echo_id,
		.to_carried = survey->context.to_carried,
		.to_port = survey->context.to_port,
		.tos = survey->tos,
		.first_ttl = 1,
		.max_ttl = HOP_MAX,
		.interval = rounds > 1 && span >= rounds ? span / (ns_t)(rounds - 1) : INTERVAL_GUESS,
		.max_rate_pps = 100000,
	};

	if (survey->probes == 0 || survey->size_bytes > MTU_MOST) {
		return false;
	}
	memcpy(ret_path, survey->hop, HOP_MAX * sizeof *ret_path);
	memcpy(config.has_walk, survey->has_walk, sizeof config.has_walk);
	for (int kind = WALK_TO - 1; kind >= 0; kind--) {
		config.main_walk = survey->has_walk[kind] ? (enum walk_kind)kind : config.main_walk;
	}
	config.destination = addr_is_set(&survey->destination) ? survey->destination :
		survey->hop[config.path_count - 1];
	*ret_config = config;
	return true;
}

void engine_observe(struct engine *engine, const struct survey *survey)
{
	engine->observer = xcalloc(1, sizeof *engine->observer);
	engine->observer->context = survey->context;
	engine->observer->nested_from = survey->nested_from;
	engine->session->is_end_expiring = survey->is_end_expiring;
}

static struct pair *pair_of(struct observer *observer, uint16_t outer, uint16_t inner)
{
	uint32_t ids = (uint32_t)outer << 16 | inner;

	return &observer->pair[(ids * 2654435761u) >> 16];
}

/* Of the quote's number it is known where it stands, and ids are the newest with that look. */
static struct probe_entry *find(struct engine *engine, const struct reply *reply)
{
	const struct pair *pair;

	if (reply->has_token) {
		struct probe_entry *entry = outstanding_get(&engine->out, reply->token_seq);

		return entry == NULL || entry->kind != reply->token_kind ||
		       entry->depth != reply->token_depth ? NULL : entry;
	}
	if (!reply->has_ids) {
		return NULL;
	}
	pair = pair_of(engine->observer, reply->ids.outer_id, reply->ids.next);
	return pair->is_used && pair->ids == ((uint32_t)reply->ids.outer_id << 16 | reply->ids.next) ?
		outstanding_get(&engine->out, pair->seq) : NULL;
}

static void note_ids(struct observer *observer, const struct probe_sight *sight)
{
	for (size_t i = 0; i < sight->walk.leg_count; i++) {
		struct pair *pair = pair_of(observer, sight->id[i], sight->id[i + 1]);

		*pair = (struct pair){(uint32_t)sight->id[i] << 16 | sight->id[i + 1], sight->seq, true};
	}
}

/* The place of that number; NULL where it was seen before, or is far from those before it. */
static struct probe_entry *place(struct engine *engine, uint32_t seq)
{
	struct observer *observer = engine->observer;
	struct outstanding *out = &engine->out;
	struct probe_entry *entry;

	if (!observer->has_begun) {
		observer->has_begun = true;
		out->first = out->next = out->oldest = seq;
	}
	/* Numbers that are missing were SYNs, or the capture missed them. */
	if (seq - out->next > JUMP_MAX) {
		return NULL;
	}
	for (; out->next != seq; out->next++) {
		entry = &out->entry[out->next & out->mask];
		if (entry->state == PROBE_WAITING) {
			return NULL;
		}
		entry->state = PROBE_FREE;
	}
	return outstanding_add(out);
}

static void observe_sent(struct engine *engine, const struct probe_sight *sight, ns_t t)
{
	struct observer *observer = engine->observer;
	struct session *session = engine->session;
	const struct walk *walk = &sight->walk;
	struct probe_entry *entry = engine->walk[walk->kind] == NULL ? NULL :
		place(engine, sight->seq);
	struct stats_probe probe;
	struct stats *stats;
	uint32_t round;

	if (entry == NULL) {
		return;
	}
	round = round_of(&observer->count, walk->kind, walk->depth, t);
	/* Before the first nested probe a path is looked for, not measured. */
	if (observer->nested_from > 0) {
		round = round < observer->nested_from ? 0 : round - observer->nested_from + 1;
	}
	if (round != session->rounds) {
		session_begin_round(session, round, t);
	}
	entry->sent_at = t;
	entry->tx_delta = 0;
	entry->round = round;
	entry->kind = (uint8_t)walk->kind;
	entry->depth = walk->depth;
	entry->size_bytes = sight->size_bytes;
	entry->stack_bytes = (uint16_t)walk_stack_bytes(walk);
	entry->shim_words = (uint8_t)(walk_shim_bytes(walk) / 4);
	entry->is_answered = walk->is_answered;
	if (walk_is_nested(walk->kind) && walk->depth <= session->hop_count && walk->is_answered) {
		engine_set_answering(engine, walk->depth - 1u, true);
	}
	engine->walk[walk->kind][walk->depth - 1] = *walk;
	note_ids(observer, sight);
	stats = engine_stats_of(engine, entry);
	if (stats != NULL) {
		probe = engine_stats_probe(entry);
		stats_transmitted(stats, &probe);
	}
}

void engine_observe_packet(struct engine *engine, const uint8_t *bytes, size_t len, bool is_cut,
	ns_t t)
{
	struct observer *observer = engine->observer;
	struct probe_sight sight;
	struct reply reply;

	engine_expire(engine, t);
	engine_adapt_timeout(engine, t);
	if (probe_read(bytes, len, &sight) && is_counted(&sight) &&
	    is_of_run(&observer->context, &sight)) {
		observe_sent(engine, &sight, t);
	} else if (reply_decode(bytes, len, &observer->context, &reply) == DECODE_OK &&
	           reply.kind != REPLY_SENT) {
		/* That was the capture, and is no damage. */
		reply.flaw = reply.flaw == FLAW_CUT && is_cut ? FLAW_NONE : reply.flaw;
		match_take(engine, find(engine, &reply), &reply,
			(struct stamp){.t = t, .source = STAMP_PCAP});
	}
}

void engine_observe_end(struct engine *engine)
{
	struct probe_entry *entry;

	while ((entry = outstanding_oldest(&engine->out)) != NULL) {
		uint32_t end = entry->seq + 1;
		const struct probe_entry *next;

		while (end != engine->out.next && ((next = outstanding_get(&engine->out, end)) == NULL ||
		       next->round == entry->round)) {
			end++;
		}
		engine_void_rounds(engine, entry->seq, end);
	}
	engine->session->phase = PHASE_DONE;
}
