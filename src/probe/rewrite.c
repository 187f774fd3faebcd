/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "probe/engine_int.h"

/*
 * Address translation on the way. A router quotes what it got; what it got is not what left here
 * where somebody before it rewrote the packet and did not mend the quote on its way home. Only
 * probes of one ordinary packet are looked at: of them every field of the quote is known. Whose
 * probe it is, the token or the MACs have told before, which no translator changes.
 */
static bool is_port_ours(const struct engine *engine, const struct probe_entry *entry,
	uint16_t port)
{
	uint16_t base = engine->config.to_source_port, low, high;

	if (engine->config.to_carried == CARRIED_UDP) {
		return port == flow_port(base, entry->flow);
	}
	flow_port_range(base, &low, &high);
	return port >= low && port <= high;
}

/* UDP's sum is the number itself. Where the sum told which probe it was, it is right. */
static bool is_sum_ours(const struct engine *engine, const struct probe_entry *entry,
	const struct reply *reply)
{
	uint16_t sum = ident_encipher(&engine->config.ident, (uint16_t)entry->seq);

	return !reply->has_quoted_sum || reply->quoted_sum == (sum == 0 ? 0xffff : sum);
}

void rewrite_note(struct engine *engine, const struct probe_entry *entry, const struct reply *reply)
{
	const struct walk *walk = engine->observer != NULL || reply->kind != REPLY_ERROR ||
		entry->depth > engine->session->hop_count ? NULL :
		spread_walk(engine, entry);
	const struct leg *sent;
	struct rewrite *rewrite;
	bool is_port_known = reply->has_quoted_ports && engine->config.to_source_port != 0 &&
		engine->config.to_carried != CARRIED_ECHO;
	struct rewrite now = {0};

	if (walk == NULL || walk->leg_count == 0 || reply->is_nested) {
		return;
	}
	sent = &walk->leg[walk->leg_count - 1];
	rewrite = &engine->session->hops[entry->depth - 1].rewrite;
	if (!addr_equal(&reply->quoted.src, &sent->src)) {
		now.source = reply->quoted.src;
	}
	if (!addr_equal(&reply->quoted.dst, &sent->dst)) {
		now.destination = reply->quoted.dst;
	}
	now.port = reply->quoted_sport;
	now.is_port_changed = is_port_known && !is_port_ours(engine, entry, now.port);
	now.is_sum_changed = !is_sum_ours(engine, entry, reply);
	now.quotes = rewrite->quotes + 1;
	if (addr_is_set(&now.source) || addr_is_set(&now.destination) || now.is_port_changed ||
	    now.is_sum_changed) {
		now.changed = rewrite->changed + 1;
	}
	*rewrite = now;
}
