/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "model/session.h"

#include <stdlib.h>
#include <string.h>

#include "base/mem.h"

enum { STRAYS_ENOUGH = 100, STRAYS_EACH = 10, STRAYS_SETTLE = 8, TURNS_SETTLE = 4 };

void session_init(struct session *session)
{
	*session = (struct session){.discovery = -1};
	session->hops = xcalloc(HOP_MAX, sizeof *session->hops);
	session->reverses = xcalloc(HOP_MAX, sizeof *session->reverses);
	session->vias = xcalloc(VIA_MAX, sizeof *session->vias);
}

void session_finish(struct session *session)
{
	if (session != NULL) {
		free(session->hops);
		free(session->reverses);
		free(session->vias);
		free(session->flows);
		free(session->also.hops);
		free(session->brackets);
		free(session->mtu.links);
		*session = (struct session){0};
	}
}

/* seen_count: not among them. */
static size_t index_seen(const struct hop *hop, const struct addr *address)
{
	size_t i = 0;

	while (i < hop->seen_count && !addr_equal(&hop->seen[i], address)) {
		i++;
	}
	return i;
}

const struct addr *session_self(const struct session *session, uint8_t family)
{
	return session->self.family == family ? &session->self :
	       session->self_other.family == family ? &session->self_other : NULL;
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

/* What it was seen to unwrap. */
static enum carrier seen_carrier(const struct hop *hop)
{
	int i = 0;

	while (i + 1 < CARRIER_COUNT && (hop->unwraps & 1u << i) == 0) {
		i++;
	}
	return hop->unwraps == 0 ? CARRIER_IPIP : (enum carrier)i;
}

enum carrier session_carrier(const struct session *session, const struct hop *hop)
{
	for (size_t k = 0; hop == NULL && k < session->hop_count; k++) {
		if (session->hops[k].carrier_told > 0 || session->hops[k].unwraps != 0) {
			hop = &session->hops[k];
		}
	}
	return carrier_told(hop == NULL ? 0 : hop->carrier_told, carrier_told(session->carrier_told,
		hop == NULL ? CARRIER_IPIP : seen_carrier(hop)));
}

bool session_is_routed(const struct session *session)
{
	return carrier_is_routed(session_carrier(session, NULL));
}

void session_add_brackets(struct session *session)
{
	free(session->brackets);
	session->brackets = xcalloc(HOP_MAX, sizeof *session->brackets);
}

struct bracket_cell *session_bracket_cell(struct bracket *bracket, uint32_t round)
{
	struct bracket_cell *cell = &bracket->cell[round % STATS_HISTORY];

	if (cell->round != round) {
		*cell = (struct bracket_cell){.round = round};
	}
	return cell;
}

bool session_is_bracketed(const struct session *session, size_t k, uint8_t near)
{
	return session->brackets != NULL && near > 0 && session->brackets[k].near == near &&
	       session->brackets[k].after > 0;
}

const struct bracket_cell *session_bracket_of(const struct session *session, size_t k, uint8_t near,
	uint32_t round)
{
	const struct bracket *bracket = session->brackets == NULL ? NULL : &session->brackets[k];

	return bracket == NULL || bracket->near != near ||
	       bracket->cell[round % STATS_HISTORY].round != round ? NULL :
	       &bracket->cell[round % STATS_HISTORY];
}

/* Its own address replies again. Others that reply for long in between came by a change of routing;
 * at its very moment both may for some replies. */
static void note_turn(struct hop *hop)
{
	if (hop->strays > STRAYS_SETTLE * hop->seen_count) {
		hop->turns = 0;
	} else {
		hop->turns += hop->strays > 0;
	}
	if (hop->turns >= TURNS_SETTLE || hop->seen_count == 1) {
		hop->settled_count = hop->seen_count;
	}
}

void session_hop_seen(struct hop *hop, const struct addr *address)
{
	if (!addr_is_set(&hop->address)) {
		hop->address = *address;
	}
	if (index_seen(hop, address) == hop->seen_count) {
		hop->has_more_seen = hop->seen_count == HOP_ADDRESSES;
		hop->seen_count -= hop->has_more_seen;
		hop->seen[hop->seen_count++] = *address;
	}
	if (addr_equal(&hop->address, address)) {
		note_turn(hop);
		hop->strays = 0;
	} else {
		hop->strays++;
	}
}

bool session_hop_has(const struct hop *hop, const struct addr *address)
{
	return index_seen(hop, address) < hop->seen_count;
}

void session_begin_round(struct session *session, uint32_t round, ns_t now)
{
	session->rounds = round;
	session->round_at[round % STATS_HISTORY] = now;
}

ns_t session_round_at(const struct session *session, uint32_t round)
{
	return session->round_at[round % STATS_HISTORY];
}

bool session_is_loose(const struct hop *hop)
{
	return hop->is_passed_over || hop->is_skipped;
}

bool session_is_bounced(const struct session *session, size_t k)
{
	return k == 0 && session->bounce.state == BOUNCE_HOME;
}

bool session_is_through(const struct session *session, size_t k)
{
	const struct hop *hop = &session->hops[k];

	return session_is_bounced(session, k) || (session->has_walk[session->main_walk] &&
		!session_is_loose(hop) && !hop->is_muted);
}

bool session_hop_is_replaced(const struct hop *hop, const struct addr *by)
{
	size_t index = index_seen(hop, by), enough = STRAYS_EACH * hop->seen_count;

	return addr_is_set(&hop->address) && addr_is_set(by) && !addr_equal(&hop->address, by) &&
	       ((index >= hop->settled_count && index < hop->seen_count) ||
	        hop->strays >= (enough > STRAYS_ENOUGH ? enough : STRAYS_ENOUGH));
}

unsigned session_reverse_offset(const struct session *session, const struct reverse_path *path)
{
	const struct hop *hop = path->from_hop == 0 ? NULL : &session->hops[path->from_hop - 1];

	/* A hop that decrements what it unwraps lets the TTL of 1 expire itself. */
	return hop != NULL && hop->decrements == TRI_NO ? 0 : 1;
}

int session_reverse_routers(const struct session *session, const struct reverse_path *path)
{
	int home = path->home_ttl;

	return home == 0 ? -1 : home - 1 - (int)session_reverse_offset(session, path);
}

void session_reset_hop(struct session *session, size_t k)
{
	memset(session->hops[k].walk, 0, sizeof session->hops[k].walk);
	session->hops[k].error = (struct hop_error){0};
	session->hops[k].rewrite = (struct rewrite){0};
	session->hops[k].flaws = (struct flaws){0};
	for (unsigned flow = 0; session->flows != NULL && flow < session->flow_count; flow++) {
		session->flows[k * session->flow_count + flow] = (struct flow){0};
	}
}

void session_reset_also(struct session *session)
{
	struct also_source *also = &session->also;

	if (also->hops != NULL) {
		memset(also->hops, 0, HOP_MAX * sizeof *also->hops);
	}
	also->first_round = session->rounds + 1;
	also->rounds = 0;
}

void session_reset_stats(struct session *session)
{
	session_reset_also(session);
	for (size_t i = 0; i < session->hop_count; i++) {
		session_reset_hop(session, i);
	}
	for (size_t i = 0; i < session->via_count; i++) {
		memset(session->vias[i].walk, 0, sizeof session->vias[i].walk);
	}
	session->arrivals = (struct arrivals){0};
	session->bounce.redirects = 0;
	session->rx_dropped = 0;
	session->send_errors = 0;
	session->send_errno = 0;
	session->void_rounds = 0;
	session->forged = 0;
}
