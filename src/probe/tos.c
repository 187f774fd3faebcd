/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "probe/engine_int.h"

/*
 * The TOS byte, or traffic class: DSCP and ECN. A router quotes a packet as it came in, so what To
 * probes had on the way to it shows. Of nested probes the last header alone comes home, with what
 * was made of it since the hop that unwrapped it.
 */

static void see(struct tos_seen *seen, uint8_t tos)
{
	seen->count = seen->count > 0 && seen->tos == tos ? seen->count + (seen->count < UINT32_MAX) :
		1;
	seen->tos = tos;
}

/* From which hop the last header left, 1-based; 0: none of the path. */
static size_t last_hop_of(const struct engine *engine, const struct probe_entry *entry)
{
	const struct session *session = engine->session;
	const struct walk *walk = spread_walk(engine, entry);
	const struct addr *from;

	if (walk->leg_count < 2) {
		return 0;
	}
	from = &walk->leg[walk->leg_count - 2].dst;
	if (entry->depth > 0 && entry->depth <= session->hop_count &&
	    addr_equal(&session->hops[entry->depth - 1].address, from)) {
		return entry->depth;
	}
	for (size_t k = 0; k < session->hop_count; k++) {
		if (addr_equal(&session->hops[k].address, from)) {
			return k + 1;
		}
	}
	return 0;
}

void tos_note(struct engine *engine, const struct probe_entry *entry, const struct reply *reply)
{
	struct session *session = engine->session;
	size_t hop;

	if (engine->observer != NULL) {
		return;
	}
	if (reply->kind == REPLY_RETURN) {
		hop = last_hop_of(engine, entry);
		if (hop > 0) {
			see(&session->hops[hop - 1].tos_home, reply->rx_tos);
		}
	} else if (reply->kind == REPLY_ERROR && reply->cause == CAUSE_TIME_EXCEEDED &&
	           !reply->is_nested && engine_is_to((enum walk_kind)entry->kind) &&
	           entry->depth > 0 && entry->depth <= session->hop_count) {
		see(&session->hops[entry->depth - 1].tos_quoted, reply->quoted_tos);
	}
}
