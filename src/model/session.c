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
		*session = (struct session){0};
	}
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

void session_reset_stats(struct session *session)
{
	for (size_t i = 0; i < session->hop_count; i++) {
		memset(session->hops[i].walk, 0, sizeof session->hops[i].walk);
	}
	session->rx_dropped = 0;
	session->send_errors = 0;
	session->void_rounds = 0;
	session->forged = 0;
}
