/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "probe/engine_int.h"

/*
 * Why a depth is silent. An error of a leg that is not ours goes to that leg's own source, so
 * a depth that has only ever been silent is asked once more with all legs from ourselves, and
 * again after a while.
 */
enum { CAUSE_AFTER_LOST = 3, CAUSE_EVERY_ROUNDS = 50 };

bool cause_is_wanted(const struct engine *engine, size_t k)
{
	const struct hop *hop = &engine->session->hops[k];
	const struct stats *stats = &hop->walk[engine->session->main_walk];

	return engine->walk[WALK_CAUSE] != NULL && engine->walk[WALK_CAUSE][k].leg_count > 0 &&
	       stats->received == 0 && stats->lost >= CAUSE_AFTER_LOST &&
	       (hop->cause_asked == 0 ||
	        engine->session->rounds - hop->cause_asked >= CAUSE_EVERY_ROUNDS);
}

/* The leg under way, from 1, by how much of the probe was left; 0: that fits none of them. */
static uint8_t leg_of(const struct engine *engine, const struct probe_entry *entry,
	const struct reply *reply)
{
	const struct walk *walk = &engine->walk[entry->kind][entry->depth - 1];
	size_t left = entry->size_bytes;

	for (uint8_t i = 0; i < walk->leg_count; i++) {
		if (left == reply->quoted_bytes) {
			return (uint8_t)(i + 1);
		}
		left -= ip_header_bytes(walk->leg[i].src.family) +
			carrier_shim_bytes((enum carrier)walk->leg[i].carrier);
	}
	return 0;
}

void cause_note(struct engine *engine, const struct probe_entry *entry, const struct reply *reply)
{
	if (entry->depth > engine->session->hop_count ||
	    (entry->kind != WALK_CAUSE && engine_stats_of(engine, entry) == NULL)) {
		return;
	}
	engine->session->hops[entry->depth - 1].error = (struct hop_error){.from = reply->from,
		.to = reply->quoted.dst, .kind = (enum walk_kind)entry->kind,
		.type = reply->icmp_type, .code = reply->icmp_code, .leg = leg_of(engine, entry, reply),
		.mtu = reply->icmp_mtu, .sent_at = entry->sent_at};
}

void cause_learn(struct engine *engine, const struct reply *reply)
{
	struct session *session = engine->session;
	bool is_end = false;
	bool is_refusal = reply->cause == CAUSE_PROTOCOL_UNREACHABLE ||
		reply->cause == CAUSE_PORT_UNREACHABLE || reply->cause == CAUSE_ADMIN_PROHIBITED;

	for (size_t k = 0; k < session->hop_count && is_refusal; k++) {
		struct hop *hop = &session->hops[k];

		/* What it was asked before by another carrier says nothing of this one. */
		if (hop->decap != HOP_DECAP_NO && reply->is_nested && !engine_is_named(engine, k) &&
		    reply->quoted.carrier == session_carrier(session, hop) &&
		    (addr_equal(&hop->address, &reply->quoted.dst) ||
		     addr_equal(&hop->other, &reply->quoted.dst))) {
			hop->decap = HOP_DECAP_NO;
			hop->refused_type = reply->icmp_type;
			hop->refused_code = reply->icmp_code;
			is_end = is_end || k + 1 == session->hop_count;
		}
	}
	if (is_end) {
		engine_plan_path(engine);
	}
}

/* The hop before is measured and this one answers for itself, yet nothing comes through it:
 * it takes no protocol 4, and does not say so. A dead link would silence its answers too. */
static void lost(struct engine *engine, const struct probe_entry *entry)
{
	struct session *session = engine->session;
	uint8_t depth = entry->depth;
	struct hop *hop = &session->hops[depth - 1];
	enum walk_kind main = session->main_walk;
	bool is_near_alive = depth == 1 || (depth <= session->hop_count &&
		session->hops[depth - 2].walk[main].received > 0);

	if (depth <= session->hop_count && hop->decap == HOP_DECAP_UNKNOWN && is_near_alive &&
	    hop->walk[WALK_TO].received > 0 && hop->walk[main].received == 0) {
		hop->decap = HOP_DECAP_SILENT;
		engine_plan_path(engine);
	}
}

static bool answer(struct engine *engine, const struct probe_entry *entry,
	const struct reply *reply, bool is_first)
{
	(void)is_first;
	if (reply->kind == REPLY_ERROR) {
		cause_note(engine, entry, reply);
		cause_learn(engine, reply);
	}
	return false;
}

const struct activity cause_activity = {
	.when = ACTIVITY_IN_ROUNDS, .kinds = 1u << WALK_CAUSE, .answer = answer, .lost = lost,
};
