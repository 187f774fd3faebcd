/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <math.h>
#include <string.h>

#include "diag/diag_int.h"
#include "infer/loss.h"
#include "infer/walks.h"
#include "pkt/mate.h"

/*
 * Out or back? A closed walk tells only the product of what it crosses, so a direction comes out
 * only where some walks use a link one way and others do not: where routing goes home by
 * another way, or a walk was sent by a router of that way. Every edge that is not known to be
 * one of the path's is an edge of its own.
 */
enum { WALKS_MAX = 5 * HOP_MAX };

static const double ALPHA = 0.005, PROVEN = 2e-4;

/* Edges: hops[k] out at k, back at HOP_MAX + k; the others follow. */
struct ledger {
	uint8_t times[WALKS_MAX][EDGES_MAX];
	struct walk_bound walk[WALKS_MAX];
	size_t walk_count, edge_count;
	struct addr other[EDGES_MAX - 2 * HOP_MAX]; /* ingress address of edges off the path */
};

static size_t edge_out(size_t k)
{
	return k;
}

static size_t edge_back(size_t k)
{
	return HOP_MAX + k;
}

/* An edge off the path, known by the address it leads to; unset: nobody else's. */
static size_t edge_other(struct ledger *ledger, const struct addr *ingress)
{
	size_t count = ledger->edge_count - 2 * HOP_MAX;

	for (size_t i = 0; addr_is_set(ingress) && i < count; i++) {
		if (addr_equal(&ledger->other[i], ingress)) {
			return 2 * HOP_MAX + i;
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

	if (trials < 100 || stats->received == 0 || i == WALKS_MAX) {
		return false;
	}
	loss = loss_always_valid(stats->lost, trials, ALPHA);
	ledger->walk[i] = (struct walk_bound){.times = ledger->times[i], .low = 1 - loss.high,
		.high = fmin(1 - loss.low, 1)};
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

static void add_hop(struct ledger *ledger, const struct session *session, size_t k)
{
	const struct hop *hop = &session->hops[k];
	uint8_t *times;

	for (int kind = 0; kind < WALK_VIA; kind++) {
		bool is_out_nested = kind == WALK_RETRACE || kind == WALK_DIRECT;

		times = ledger->times[ledger->walk_count];
		if (!session->has_walk[kind] || hop->is_answering || !begin(ledger, &hop->walk[kind])) {
			continue;
		}
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

static void add_via(struct ledger *ledger, const struct session *session, size_t i)
{
	const struct via *via = &session->vias[i];
	uint8_t *times = ledger->times[ledger->walk_count];

	if (session->reverse.from_hop > 0 && begin(ledger, &via->walk[VIA_HOME])) {
		times[edge_other(ledger, &(struct addr){0})]++;
		add_back(times, session->reverse.from_hop - 1u);
	}
}

void direction_judge(struct diag *diag, const struct session *session, size_t k)
{
	struct ledger ledger = {.edge_count = 2 * HOP_MAX};
	double low[EDGES_MAX], high[EDGES_MAX];
	struct link_verdict *verdict = &diag->verdict[k];
	size_t first = diag->near[k];

	for (size_t i = 0; i < session->hop_count; i++) {
		if (diag->is_measured[i]) {
			add_hop(&ledger, session, i);
		}
	}
	for (size_t i = 0; i < session->via_count; i++) {
		add_via(&ledger, session, i);
	}
	walks_bound(ledger.walk, ledger.walk_count, ledger.edge_count, low, high);
	*verdict = (struct link_verdict){.is_suspect = verdict->is_suspect, .has_bounds = true,
		.rounds_to_decide = verdict->rounds_to_decide};
	/* Over hops that were passed over the link has several edges each way. */
	for (size_t i = first; i <= k; i++) {
		verdict->out_low = fmax(verdict->out_low, low[edge_out(i)]);
		verdict->back_low = fmax(verdict->back_low, low[edge_back(i)]);
		verdict->out_high = 1 - (1 - verdict->out_high) * (1 - high[edge_out(i)]);
		verdict->back_high = 1 - (1 - verdict->back_high) * (1 - high[edge_back(i)]);
	}
	if (verdict->out_low > PROVEN && verdict->back_low > PROVEN) {
		verdict->direction = DIRECTION_BOTH;
	} else if (verdict->out_low > PROVEN) {
		verdict->direction = DIRECTION_OUT;
	} else if (verdict->back_low > PROVEN) {
		verdict->direction = DIRECTION_BACK;
	}
}
