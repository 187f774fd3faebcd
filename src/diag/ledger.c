/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "diag/diag_int.h"

#include <math.h>

#include "infer/loss.h"
#include "pkt/mate.h"

static const double ALPHA = 0.005;

/* An edge off the path, known by the address it leads to; unset: nobody else's. */
static size_t edge_other(struct ledger *ledger, const struct addr *ingress)
{
	size_t count = ledger->edge_count - 3 * HOP_MAX;

	for (size_t i = 0; addr_is_set(ingress) && i < count; i++) {
		if (addr_equal(&ledger->other[i], ingress)) {
			return 3 * HOP_MAX + i;
		}
	}
	if (ledger->edge_count == EDGES_MAX) {
		return EDGES_MAX - 1;
	}
	ledger->other[count] = *ingress;
	return ledger->edge_count++;
}

/* The hop on whose link this router answered: the far end of what the trace out shows; HOP_MAX:
 * none of the path. */
static size_t link_of(const struct session *session, const struct addr *address)
{
	for (size_t k = 0; k < session->hop_count; k++) {
		enum mate_kind mate = mate_of(&session->hops[k].address, address);

		if (mate == MATE_31 || mate == MATE_30) {
			return k;
		}
	}
	return HOP_MAX;
}

static const struct reverse_path *reverse_from(const struct session *session, size_t k)
{
	if (session->reverse.from_hop == k + 1) {
		return &session->reverse;
	}
	return session->reverses != NULL && session->reverses[k].from_hop == k + 1 ?
		&session->reverses[k] : NULL;
}

/* The way home from hops[k] as routing goes, edge by edge; where nothing is known of it, one
 * edge of its own. Between two links of the path that follow one another a silent router is
 * the one between them. */
static void add_home(struct ledger *ledger, const struct session *session, size_t k, uint8_t *times)
{
	const struct reverse_path *path = reverse_from(session, k);
	size_t last = k + 1, ttl;

	if (path == NULL || path->home_ttl == 0) {
		times[edge_other(ledger, &(struct addr){0})]++;
		return;
	}
	for (ttl = 1 + session_reverse_offset(session, path); ttl < path->home_ttl; ttl++) {
		const struct addr *address = &path->at_ttl[ttl];
		size_t link = addr_is_set(address) ? link_of(session, address) : HOP_MAX;

		if (link < HOP_MAX) {
			times[edge_back(link)]++;
			last = link;
		} else if (!addr_is_set(address) && last > 0 && last < HOP_MAX && ttl + 1 <
		           path->home_ttl && link_of(session, &path->at_ttl[ttl + 1]) + 2 == last) {
			times[edge_back(--last)]++;
		} else {
			times[edge_other(ledger, address)]++;
			last = HOP_MAX;
		}
	}
	/* The last edge leads home: from the first hop it is the path's. */
	if (last == 1) {
		times[edge_back(0)]++;
	} else {
		times[edge_other(ledger, &session->self)]++;
	}
}

static void add_out(uint8_t *times, size_t k)
{
	for (size_t i = 0; i <= k; i++) {
		times[edge_out(i)]++;
	}
}

static void add_back(uint8_t *times, size_t k)
{
	for (size_t i = 0; i <= k; i++) {
		times[edge_back(i)]++;
	}
}

/* The walk's counts, if it has some; its edges are those of `times`. */
static bool begin(struct ledger *ledger, const struct stats *stats)
{
	uint64_t trials = stats_loss_trials(stats);
	struct loss_interval loss;
	size_t i = ledger->walk_count;

	if (trials < 100 || stats->received == 0 || i == LEDGER_WALKS) {
		return false;
	}
	loss = loss_always_valid(stats->lost, trials, ALPHA);
	ledger->walk[i] = (struct walk_bound){.times = ledger->times[i], .low = 1 - loss.high,
		.high = fmin(1 - loss.low, 1)};
	ledger->loss[i] = (struct walk_loss){.times = ledger->times[i], .sent = trials,
		.lost = stats->lost};
	ledger->walk_count++;
	return ledger->walk[i].low > 0;
}

/* Routing takes single packets to hops[k] over the hops before it: each has answered at its
 * place on the way to the destination, and nobody else. */
static bool is_natural_way_known(const struct session *session, size_t k)
{
	for (size_t i = 0; i <= k; i++) {
		if (!watch_is_itself(session, i)) {
			return false;
		}
	}
	return true;
}

/* What the walk of that kind to hops[k] is unwrapped by, and how often. */
static void add_unwraps(const struct diag *diag, enum walk_kind kind, size_t k, uint8_t *times)
{
	unsigned passed = kind == WALK_RETRACE ? 2 : kind == WALK_NATURAL ? 0 : 1;

	for (size_t i = 0; i < k; i++) {
		times[edge_unwrap(i)] = (uint8_t)(diag->is_measured[i] ? passed : 0);
	}
	times[edge_unwrap(k)]++;
}

static void add_hop(struct ledger *ledger, const struct diag *diag, const struct session *session,
	size_t k)
{
	const struct hop *hop = &session->hops[k];
	uint8_t *times;

	if (session_is_bounced(session, k)) {
		times = ledger->times[ledger->walk_count];
		if (begin(ledger, &hop->walk[session->main_walk])) {
			add_out(times, k);
			add_back(times, k);
		}
		return;
	}
	for (int kind = 0; kind < WALK_VIA; kind++) {
		bool is_out_nested = kind == WALK_RETRACE || kind == WALK_DIRECT;

		times = ledger->times[ledger->walk_count];
		if (!session->has_walk[kind] || hop->is_answering || !begin(ledger, &hop->walk[kind])) {
			continue;
		}
		add_unwraps(diag, (enum walk_kind)kind, k, times);
		if (is_out_nested || is_natural_way_known(session, k)) {
			add_out(times, k);
		} else {
			times[edge_other(ledger, &(struct addr){0})]++;
		}
		if (kind == WALK_RETRACE || kind == WALK_RETURN_ONLY) {
			add_back(times, k);
		} else {
			add_home(ledger, session, k, times);
		}
	}
}

static void add_via(struct ledger *ledger, const struct diag *diag, const struct session *session,
	size_t i)
{
	const struct via *via = &session->vias[i];
	uint8_t *times = ledger->times[ledger->walk_count];

	if (session->reverse.from_hop > 0 && begin(ledger, &via->walk[VIA_HOME])) {
		times[edge_other(ledger, &(struct addr){0})]++;
		add_back(times, session->reverse.from_hop - 1u);
		add_unwraps(diag, WALK_RETURN_ONLY, session->reverse.from_hop - 1u, times);
	}
}

void ledger_build(struct ledger *ledger, const struct diag *diag, const struct session *session)
{
	*ledger = (struct ledger){.edge_count = 3 * HOP_MAX};
	for (size_t i = 0; i < session->hop_count; i++) {
		if (diag->is_measured[i]) {
			add_hop(ledger, diag, session, i);
		}
	}
	for (size_t i = 0; i < session->via_count; i++) {
		add_via(ledger, diag, session, i);
	}
}
