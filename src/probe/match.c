/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "probe/engine_int.h"

/*
 * From a decoded packet to the probe it answers, and to what that means. Nothing is
 * believed without its MAC.
 */

enum { SAID_AGAIN_MOST = 8 };

static const ns_t SAID_AGAIN = 900 * NS_PER_MS;

static bool is_layer_genuine(const struct engine *engine, const struct probe_entry *entry,
	const struct reply_ids *ids, bool is_number_outside)
{
	struct reply_probe probe = {{entry->seq, entry->depth, entry->kind}, entry->size_bytes,
		entry->stack_bytes, (uint16_t)(entry->shim_words * 4)};

	return reply_ids_fit(ids, &engine->config.ident, &probe, is_number_outside);
}

/* A probe that leaves has all its headers, and leaves once. By sixteen bits of a MAC alone one in
 * a million would be taken for another, and would itself seem never to have left. */
static bool is_leaving(const struct probe_entry *entry, const struct reply_ids *ids)
{
	return entry->tx_delta == TX_UNSEEN && ids->total_bytes == entry->size_bytes;
}

/* Newest first through the probes whose number ends in these 16 bits. */
static struct probe_entry *find_number(struct engine *engine, const struct reply_ids *ids,
	uint16_t number, bool is_number_outside, bool is_departure)
{
	uint32_t newest = engine->out.next - 1;
	uint32_t back = (newest - number) & 0xffff;

	for (; back <= engine->out.mask; back += 0x10000) {
		struct probe_entry *entry = outstanding_get(&engine->out, newest - back);

		if (entry != NULL && (!is_departure || is_leaving(entry, ids)) &&
		    is_layer_genuine(engine, entry, ids, is_number_outside)) {
			return entry;
		}
	}
	return NULL;
}

static struct probe_entry *find_by_ids(struct engine *engine, const struct reply *reply)
{
	const struct ident *ident = &engine->config.ident;
	const struct reply_ids *ids = &reply->ids;
	bool is_departure = reply->kind == REPLY_SENT;
	struct probe_entry *entry = find_number(engine, ids, ident_decipher(ident, ids->next), false,
		is_departure);

	if (entry == NULL && ids->next_is_ip) {
		entry = find_number(engine, ids, ident_decipher(ident, ids->outer_id), true, is_departure);
	}
	/* A UDP checksum of zero is sent as ffff. */
	if (entry == NULL && !ids->next_is_ip && ids->next == 0xffff) {
		entry = find_number(engine, ids, ident_decipher(ident, 0), false, is_departure);
	}
	return entry;
}

/* An answer to an echo that brings too little back for the token: by its number, which is
 * enciphered, under an identifier of 16 random bits, and from whom the echo went to. Whoever cannot
 * see the probes guesses that once in 2^32 for each that is out. */
static struct probe_entry *find_short(struct engine *engine, const struct reply *reply)
{
	uint32_t newest = engine->out.next - 1;
	uint16_t number = ident_decipher(&engine->config.ident, reply->echo_seq);
	uint32_t back = (newest - number) & 0xffff;
	struct probe_entry *entry = back > engine->out.mask ? NULL :
		outstanding_get(&engine->out, newest - back);
	const struct walk *walk = entry == NULL || !entry->is_answered || entry->is_of_old_path ? NULL :
		spread_walk(engine, entry);

	return walk != NULL && walk->leg_count > 0 &&
	       addr_equal(&walk->leg[walk->leg_count - 1].dst, &reply->from) ? entry : NULL;
}

/* ret_is_genuine: the token is ours, though the probe may be long forgotten. */
static struct probe_entry *find_by_token(struct engine *engine, const struct reply *reply,
	bool *ret_is_genuine)
{
	struct ident_subject subject = {reply->token_seq, reply->token_depth, reply->token_kind};

	if (reply->token_mac != ident_token_mac(&engine->config.ident, &subject)) {
		return NULL;
	}
	*ret_is_genuine = true;
	return outstanding_get(&engine->out, reply->token_seq);
}

static void note_sent(struct engine *engine, struct probe_entry *entry, struct stamp stamp)
{
	ns_t delta = stamp.t - entry->sent_at;

	/* A bridge shows the packet twice: the first sight is the departure. */
	if (entry->tx_delta == TX_UNSEEN && delta > INT32_MIN && delta <= INT32_MAX) {
		entry->tx_delta = (int32_t)delta;
	}
	engine->has_departed = true;
}

static ns_t rtt_of(const struct probe_entry *entry, struct stamp stamp)
{
	ns_t tx = entry->sent_at + (entry->tx_delta == TX_UNSEEN ? 0 : entry->tx_delta);

	return stamp.t > tx ? stamp.t - tx : 0;
}

static void learn_decap(struct session *session, const struct probe_entry *entry)
{
	/* A natural walk only turns round at its hop; the others unwrapped at each before it. */
	size_t first = entry->kind == WALK_NATURAL ? entry->depth - 1u : 0;
	size_t end = entry->depth - (size_t)entry->is_answered;

	for (size_t k = first; k < end && k < session->hop_count; k++) {
		if (addr_is_set(&session->hops[k].address) && !session_is_loose(&session->hops[k])) {
			session->hops[k].decap = HOP_DECAP_YES;
		}
	}
	if (entry->depth == session->hop_count) {
		session->has_end_answered = true;
	}
}

/* That the destination cannot be reached. Only the end itself knows of protocols and ports. */
static bool is_no_way(const struct reply *reply)
{
	return reply->kind == REPLY_ERROR && (reply->cause == CAUSE_NET_UNREACHABLE ||
		reply->cause == CAUSE_HOST_UNREACHABLE || reply->cause == CAUSE_ADMIN_PROHIBITED);
}

/* What was asked to find the path is no measurement: a late answer is as good as any. */
static bool is_of_discovery(const struct engine *engine, const struct probe_entry *entry)
{
	return engine->session->phase == PHASE_DISCOVERING && entry->kind == WALK_TO;
}

static bool is_last_hop(const struct session *session, unsigned hop, const struct addr *address)
{
	return hop == session->hop_count && addr_equal(&session->hops[hop - 1].address, address);
}

/* What the answer to a To probe says of the end of the path. */
static enum end_kind end_kind_of(const struct engine *engine, const struct probe_entry *entry,
	const struct reply *reply)
{
	const struct session *session = engine->session;
	bool is_unreachable = reply->kind == REPLY_ERROR && icmp_is_unreachable(reply->cause);

	if (reply_is_of_end(reply, &session->destination)) {
		return END_PROVEN;
	}
	/* That there is no way to the address beside it says nothing of the destination. */
	return is_unreachable && entry->spread == SPREAD_NONE && (is_of_discovery(engine, entry) ||
		is_last_hop(session, entry->depth, &reply->from)) ? END_NO_WAY : END_NONE;
}

/* That the end replies itself may be known after the scan has said that it does not unwrap: then
 * it is measured by its replies from now on. */
static void note_end(struct engine *engine, size_t k, enum to_kind kind)
{
	struct hop *hop = &engine->session->hops[k];
	bool is_news = kind == TO_ECHO && hop->to_kind != TO_ECHO;

	hop->to_kind = kind;
	if (is_news && !hop->is_answering && !engine->session->is_explicit &&
	    engine->session->phase == PHASE_PROBING &&
	    (hop->decap == HOP_DECAP_NO || hop->decap == HOP_DECAP_SILENT)) {
		engine_plan_path(engine);
	}
}

/* A To probe was answered, whatever the ICMP type: the hop itself spoke. */
static void answer_to(struct engine *engine, struct probe_entry *entry, const struct reply *reply,
	ns_t rtt, struct stamp stamp)
{
	struct session *session = engine->session;
	enum end_kind end = end_kind_of(engine, entry, reply);

	session->has_end_answered = session->has_end_answered || end == END_PROVEN ||
		(session->is_end_expiring && is_last_hop(session, entry->depth, &reply->from));
	engine_resolve(engine, entry, PROBE_ANSWERED, rtt);
	spread_counted(engine, entry, reply->kind != REPLY_ERROR ||
		!icmp_is_unreachable(reply->cause));
	if (is_no_way(reply) && end != END_PROVEN) {
		cause_note(engine, entry, reply);
	}
	if (entry->kind == WALK_TO && entry->round > 0) {
		engine->answer = (struct engine_answer){entry->seq, entry->depth, reply->from, rtt,
			reply->ext.mpls};
	}
	discover_answer(engine, entry->depth, &reply->from, end, stamp.t);
	rediscover_answer(engine, entry->depth, &reply->from, end, stamp.t);
	if (entry->depth <= session->hop_count) {
		struct hop *hop = &session->hops[entry->depth - 1];

		if (session->flows != NULL && entry->round > 0) {
			session_flow(session, entry->depth - 1u, entry->flow)->from = reply->from;
		}
		rewrite_note(engine, entry, reply);
		hop->to_rx_ttl = reply->rx_ttl;
		note_end(engine, entry->depth - 1u, end == END_PROVEN ? TO_ECHO : TO_TTL);
		hop->lets_expire = hop->lets_expire || reply->cause == CAUSE_TIME_EXCEEDED;
		if (reply->ext.mpls.count > 0) {
			hop->mpls = reply->ext.mpls;
		}
		if (reply->ext.interface.name[0] != '\0' || reply->ext.interface.index != 0 ||
		    reply->ext.interface.mtu != 0) {
			hop->interface = reply->ext.interface;
		}
		if (reply->ext.node.name[0] != '\0' || addr_is_set(&reply->ext.node.address)) {
			hop->node = reply->ext.node;
		}
	}
}

static void answer_error(struct engine *engine, struct probe_entry *entry,
	const struct reply *reply)
{
	entry->cause = (uint8_t)reply->cause;
	engine_resolve(engine, entry, PROBE_ERROR, 0);
	cause_note(engine, entry, reply);
	cause_learn(engine, reply);
}

/* Somebody on the way says that a To probe cannot get there: so it did not. But where a path was
 * found to end with such an answer, its last hop is whoever gave it, unless the end itself has
 * answered there. */
static bool is_undeliverable(const struct engine *engine, const struct probe_entry *entry,
	const struct reply *reply)
{
	const struct session *session = engine->session;

	return is_no_way(reply) && engine_is_to((enum walk_kind)entry->kind) &&
	       !is_of_discovery(engine, entry) && entry->spread == SPREAD_NONE &&
	       !reply_is_of_end(reply, &session->destination) &&
	       !(entry->depth <= session->hop_count &&
	         session->hops[entry->depth - 1].to_kind != TO_ECHO &&
	         session_hop_has(&session->hops[entry->depth - 1], &reply->from));
}

/* It may be said late, as by a router that first asks three times who has the address. */
static void take_undeliverable(struct engine *engine, struct probe_entry *entry,
	const struct reply *reply)
{
	if (entry->state == PROBE_WAITING) {
		engine_resolve(engine, entry, PROBE_LOST, 0);
		spread_counted(engine, entry, false);
	}
	cause_note(engine, entry, reply);
}

/* An answer to a probe that is resolved already. */
static void answer_again(struct engine *engine, struct probe_entry *entry,
	const struct reply *reply, ns_t rtt)
{
	const struct activity *activity = activity_of(engine, (enum walk_kind)entry->kind);
	struct stats *stats = engine_stats_of(engine, entry);
	struct stats_probe probe = {.round = entry->round, .sent_at = entry->sent_at};

	if (!engine_is_answer_to(entry, reply) && !engine_is_answer_of_end(entry, reply)) {
		cause_note(engine, entry, reply); /* an error brings nothing home, late or not */
	} else if (entry->state == PROBE_LOST) {
		if (activity->late != NULL) {
			activity->late(engine, entry);
		}
		entry->state = PROBE_LATE;
		if (stats != NULL) {
			stats_late(stats, &probe);
		}
		/* If all answers are late, only this can make the deadline longer. */
		engine_raise_timeout(engine, rtt);
	} else if (stats != NULL && entry->state != PROBE_VOID) {
		stats_duplicate(stats);
	}
}

/* Scans and traces are no measurement: a late answer is as good as any. */
static void answer_uncounted(struct engine *engine, struct probe_entry *entry,
	const struct reply *reply, ns_t rtt)
{
	const struct activity *activity = activity_of(engine, (enum walk_kind)entry->kind);
	bool was_waiting = entry->state == PROBE_WAITING;

	if (was_waiting) {
		engine_resolve(engine, entry, engine_is_answer_of_end(entry, reply) ?
			PROBE_ANSWERED : PROBE_ERROR, rtt);
	} else if (entry->state == PROBE_LOST && activity->resolved != NULL &&
	           engine_is_answer_of_end(entry, reply)) {
		entry->state = PROBE_LATE; /* what is late is not lost */
		activity->resolved(engine, entry, 0);
	}
	if (entry->spread == SPREAD_TRIAL) {
		spread_tried(engine, entry, reply);
	} else if (activity->answer != NULL && activity->answer(engine, entry, reply, was_waiting)) {
		engine_plan_path(engine);
	}
}

static bool does_fit(const struct probe_entry *entry, const struct reply *reply)
{
	switch (reply->kind) {
	case REPLY_RETURN:
		return !entry->is_answered;
	case REPLY_ECHO:
	case REPLY_TCP:
		return entry->is_answered;
	case REPLY_SENT:
	case REPLY_ERROR:
	case REPLY_REDIRECT:
		break;
	}
	return true;
}

static bool is_port_of(uint16_t base, uint16_t port)
{
	uint16_t low, high;

	flow_port_range(base, &low, &high);
	return port >= low && port <= high;
}

/* What quotes a packet from another port is about another program's, to the same port as ours. */
static bool is_about_ours(const struct engine *engine, const struct reply *reply)
{
	return !reply->has_quoted_ports || is_port_of(engine->config.port, reply->quoted_sport) ||
	       is_port_of(engine->config.to_source_port, reply->quoted_sport);
}

static struct probe_entry *find(struct engine *engine, const struct reply *reply, ns_t now)
{
	bool is_genuine = false;
	struct probe_entry *entry;

	entry = reply->has_token ? find_by_token(engine, reply, &is_genuine) : NULL;

	/* A quote may end within the token: then the IDs still tell. */
	if (!is_genuine && reply->has_ids) {
		entry = find_by_ids(engine, reply);
		is_genuine = entry != NULL;
	}
	if (reply->kind == REPLY_ECHO && !reply->has_token) {
		entry = find_short(engine, reply);
		is_genuine = entry != NULL;
	}
	/* Another program's echo or tunnel going out is no forgery, nor is what was damaged or still
	 * comes for the engine that was here before. */
	engine->session->forged += !is_genuine && reply->kind != REPLY_SENT &&
		!reply_is_damaged(reply) &&
		now >= engine->config.strays_until && is_about_ours(engine, reply);
	return entry;
}

/* An end that has lost its answer to a SYN says it again after a second (RFC 6298, 2.1): that is
 * no round trip, and the loss is true. */
static bool is_said_again(struct engine *engine, const struct probe_entry *entry,
	const struct reply *reply, ns_t rtt)
{
	const struct stats *stats = engine_stats_of(engine, entry);

	if (reply->kind != REPLY_TCP || reply->is_reset || stats == NULL || stats->samples == 0) {
		return false;
	}
	if (rtt <= stats->best + SAID_AGAIN) {
		engine->said_again = 0;
		return false;
	}
	/* Of losses some are not said again: so many in a row are a way that has become that long. */
	engine->said_again += entry->state == PROBE_WAITING;
	return engine->said_again < SAID_AGAIN_MOST;
}

static void note_flaw(struct engine *engine, const struct probe_entry *entry,
	const struct reply *reply)
{
	struct flaws *flaws;

	if (reply->flaw == FLAW_NONE || entry->depth == 0 ||
	    entry->depth > engine->session->hop_count) {
		return;
	}
	flaws = &engine->session->hops[entry->depth - 1].flaws;
	flaws->count[reply->flaw]++;
	if (reply->flaw == FLAW_FRAGMENT) {
		flaws->fragment_bytes = reply->bytes;
	}
}

void match_take(struct engine *engine, struct probe_entry *entry, const struct reply *reply,
	struct stamp stamp)
{
	const struct activity *activity;
	ns_t rtt;

	engine->answer.hop = 0;
	if (entry == NULL || entry->is_of_old_path || !does_fit(entry, reply)) {
		return;
	}
	if (reply->kind == REPLY_SENT) {
		note_sent(engine, entry, stamp);
		return;
	}
	activity = activity_of(engine, (enum walk_kind)entry->kind);
	move_count_arrival(engine, stamp.t);
	note_flaw(engine, entry, reply);
	if (reply_is_damaged(reply) || (reply->kind == REPLY_REDIRECT && activity->take == NULL)) {
		return;
	}
	move_heard(engine, entry, stamp.t);
	tos_note(engine, entry, reply);
	rtt = rtt_of(entry, stamp);
	if (is_said_again(engine, entry, reply, rtt)) {
		return; /* until it is given up */
	}
	if (is_of_discovery(engine, entry)) {
		entry->state = entry->state == PROBE_LOST ? PROBE_WAITING : entry->state;
	} else if (entry->state == PROBE_WAITING && rtt > engine->timeout) {
		engine_resolve(engine, entry, PROBE_LOST, 0);
	}
	if (entry->state == PROBE_WAITING && rtt > engine->max_rtt) {
		engine->max_rtt = rtt;
	}
	if (activity->take != NULL && activity->take(engine, entry, reply)) {
		return;
	}
	if (is_undeliverable(engine, entry, reply)) {
		take_undeliverable(engine, entry, reply);
	} else if (entry->kind == WALK_REDISCOVER) {
		if ((entry->state == PROBE_WAITING || move_is_tracing(engine)) &&
		    engine_is_answer_to(entry, reply)) {
			answer_to(engine, entry, reply, rtt, stamp);
		}
	} else if (entry->spread == SPREAD_TRIAL ||
	           !engine_is_counted((enum walk_kind)entry->kind)) {
		answer_uncounted(engine, entry, reply, rtt);
	} else if (entry->state != PROBE_WAITING) {
		answer_again(engine, entry, reply, rtt);
	} else if (entry->kind == WALK_ALSO && engine_is_answer_to(entry, reply)) {
		also_answer(engine, entry, reply, rtt);
	} else if (engine_is_answer_to(entry, reply)) {
		answer_to(engine, entry, reply, rtt, stamp);
	} else if (!engine_is_answer_of_end(entry, reply)) {
		answer_error(engine, entry, reply);
	} else {
		engine_resolve(engine, entry, PROBE_ANSWERED, rtt);
		spread_counted(engine, entry, true);
		if (walk_has_stats((enum walk_kind)entry->kind)) {
			learn_decap(engine->session, entry);
		}
	}
}

void engine_reply(struct engine *engine, const struct reply *reply, struct stamp stamp)
{
	match_take(engine, find(engine, reply, stamp.t), reply, stamp);
}

bool engine_last_answer(const struct engine *engine, struct engine_answer *ret_answer)
{
	if (engine->answer.hop == 0) {
		return false;
	}
	*ret_answer = engine->answer;
	return true;
}
