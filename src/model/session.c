/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "model/session.h"

#include <stdlib.h>
#include <string.h>

#include "base/mem.h"

void session_init(struct session *session)
{
	*session = (struct session){.discovery = -1};
	session->hops = xcalloc(HOP_MAX, sizeof *session->hops);
}

void session_finish(struct session *session)
{
	if (session != NULL) {
		free(session->hops);
		free(session->flows);
		*session = (struct session){0};
	}
}

void session_add_flows(struct session *session, unsigned flow_count)
{
	session->flow_count = flow_count;
	session->flows = xcalloc((size_t)HOP_MAX * flow_count, sizeof *session->flows);
}

struct flow *session_flow(const struct session *session, size_t k, unsigned flow)
{
	return session->flows == NULL ? NULL : &session->flows[k * session->flow_count + flow];
}

void session_hop_seen(struct hop *hop, const struct addr *address)
{
	if (!addr_is_set(&hop->address)) {
		hop->address = *address;
	}
	for (size_t i = 0; i < hop->seen_count; i++) {
		if (addr_equal(&hop->seen[i], address)) {
			return;
		}
	}
	if (hop->seen_count < HOP_ADDRESSES) {
		hop->seen[hop->seen_count++] = *address;
	}
}

unsigned session_reverse_offset(const struct session *session)
{
	const struct reverse_path *path = &session->reverse;
	const struct hop *hop = path->from_hop == 0 ? NULL : &session->hops[path->from_hop - 1];

	/* A hop that decrements what it unwraps lets the TTL of 1 expire itself. */
	return hop != NULL && hop->decrements == TRI_NO ? 0 : 1;
}

int session_reverse_routers(const struct session *session)
{
	int home = session->reverse.home_ttl;

	return home == 0 ? -1 : home - 1 - (int)session_reverse_offset(session);
}

void session_reset_stats(struct session *session)
{
	for (size_t i = 0; i < session->hop_count; i++) {
		memset(session->hops[i].walk, 0, sizeof session->hops[i].walk);
		session->hops[i].error = (struct hop_error){0};
	}
	if (session->flows != NULL) {
		memset(session->flows, 0, (size_t)HOP_MAX * session->flow_count * sizeof *session->flows);
	}
	session->rx_dropped = 0;
	session->send_errors = 0;
	session->void_rounds = 0;
	session->forged = 0;
}
