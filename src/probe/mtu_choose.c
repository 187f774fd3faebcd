/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <math.h>

#include "probe/mtu_int.h"

/* Which size is sent next, and when silence is no loss. */
enum {
	BUDGET = 12,             /* probes a link, where nothing is lost and nobody says anything */
	PROBES_MOST = 160,       /* of one link in any case */
	ROW_MOST = 2,            /* silences in a row before something has to come home again */
	WAY_LESS = 2,            /* silences less, to tell a link's way: prove nothing but that */
	FLOOR_BYTES = 1280       /* what IPv6 demands of links, and nearly all others have */
};

/* The chance that a size is called too large by loss. */
static const double WRONG_MOST = 1e-4;

uint16_t mtu_least(const struct engine *engine, uint8_t hop)
{
	const struct link_mtu *link = &engine->session->mtu.links[hop - 1];
	size_t least = probe_wire_min(walk_stack_bytes(&engine->walk[mtu_kind(link)][hop - 1]));

	return least < PROBE_SIZE_MIN ? PROBE_SIZE_MIN : (uint16_t)least;
}

/* What is lost of packets that pass: of the rounds, to that hop and, where all of them go through
 * it, beyond, and of this measurement. */
struct losses {
	double sent, lost;
};

static bool has_loss(const struct session *session)
{
	for (size_t k = 0; k < session->hop_count; k++) {
		const struct hop *hop = &session->hops[k];

		if ((hop->walk[WALK_TO].received > 0 && hop->walk[WALK_TO].lost > 0) ||
		    (hop->walk[session->main_walk].received > 0 &&
		     hop->walk[session->main_walk].lost > 0)) {
			return true;
		}
	}
	return false;
}

static struct losses losses_of(const struct engine *engine)
{
	const struct session *session = engine->session;
	const struct mtu_work *work = &engine->mtu;
	unsigned refuted = work->search.refuted;
	bool is_to = session->mtu.links[work->hop - 1].by == MTU_BY_TO;
	enum walk_kind kind = is_to ? WALK_TO : session->main_walk;
	size_t end = is_to ? work->hop : session->hop_count;
	struct losses all = {work->sent + refuted, work->lost + refuted};

	for (size_t k = work->hop - 1u; k < end; k++) {
		const struct stats *stats = &session->hops[k].walk[kind];

		if (is_to || session->mtu.links[k].by == MTU_BY_THROUGH) {
			all.lost += (double)stats->lost;
			all.sent += (double)(stats->lost + stats->received);
		}
	}
	/* That none was lost here may be luck where others were. */
	all.lost += all.lost == 0 && has_loss(session);
	return all;
}

/* So many silences in a row come by loss at that chance at the most. */
static unsigned times_of(const struct losses *all, double chance)
{
	double rate = (all->lost + 1) / (all->sent + 3), times;

	if (all->lost > 0) {
		rate += 2 * sqrt(rate * (1 - rate) / (all->sent + 3));
	}
	times = rate < 0.99 ? ceil(log(chance) / log(rate)) : MTU_TIMES_MOST + 1.0;
	return times > MTU_TIMES_MOST ? MTU_TIMES_MOST + 1 : (unsigned)times;
}

/* The path may be dead for a while: something that passes has to, between silences. */
static bool needs_control(const struct engine *engine, const struct losses *all, unsigned times)
{
	const struct mtu_work *work = &engine->mtu;
	const struct mtu_search *search = &work->search;
	unsigned probes = engine->session->mtu.links[work->hop - 1].probes;
	unsigned silences = mtu_search_silences(search);
	bool is_confirming = search->passed > 0 && search->silent_count > 0 &&
		search->silent[0].size == search->passed + 1 && silences != MTU_CERTAIN;

	if (!is_confirming || work->row == 0) {
		return false;
	}
	if (all->lost > 0) {
		return work->row >= ROW_MOST || silences >= times;
	}
	return work->controls == 0 && silences >= ROW_MOST &&
	       probes + 1 + (times > silences ? times - silences : 0) <= BUDGET;
}

/* Whether the link before is narrow on the way out or home: what is one byte too long for it comes
 * home from here only if it is the latter, for then it is shorter there. */
uint8_t mtu_undirected(const struct engine *engine)
{
	const struct mtu_work *work = &engine->mtu;
	const struct link_mtu *links = engine->session->mtu.links;
	uint8_t before = links[work->hop - 1].near;

	return before > 0 && links[before - 1].limit == MTU_LIMIT_EITHER &&
	       work->search.passed == work->widest && work->widest < work->most ? before : 0;
}

uint16_t mtu_try_size(const struct engine *engine)
{
	const struct mtu_work *work = &engine->mtu;
	uint16_t least = mtu_least(engine, work->hop);
	uint16_t size = work->tries == 0 ? FLOOR_BYTES : engine->session->probe_bytes;

	size = size < least ? least : size;
	return size < engine->config.mtu ? size : engine->config.mtu;
}

/* 0: the link is decided, or cannot be. */
uint16_t mtu_choose(struct engine *engine, bool *ret_is_undecided)
{
	struct mtu_work *work = &engine->mtu;
	struct losses all = losses_of(engine);
	unsigned probes = engine->session->mtu.links[work->hop - 1].probes;
	unsigned enough = times_of(&all, WRONG_MOST), times = enough < 2 ? 2 : enough;
	unsigned silences = mtu_search_silences(&work->search);
	struct mtu_wanted wanted = {.times = times,
		.first = all.lost > 0 ? times_of(&all, MTU_UNLIKELY) : 1,
		.steps = BUDGET - (int)probes - (int)times + 1};
	uint16_t size;

	/* A rare size takes more probes to find; then fewer have to do where nothing was ever lost. */
	if (all.lost == 0 && probes >= BUDGET && silences > 1 && silences < times) {
		wanted.times = silences;
	}

	*ret_is_undecided = times > MTU_TIMES_MOST || probes >= PROBES_MOST;
	if (*ret_is_undecided) {
		return 0;
	}
	work->is_control = needs_control(engine, &all, times);
	if (work->is_control) {
		return work->search.passed;
	}
	size = mtu_search_next(&work->search, &wanted);
	work->asks_way = size == 0 && mtu_undirected(engine) > 0 &&
		work->way_silences + WAY_LESS < (times > WAY_LESS ? times : WAY_LESS + 1);
	return work->asks_way ? (uint16_t)(work->widest + 1) : size;
}

unsigned mtu_times(const struct engine *engine, double chance)
{
	struct losses all = losses_of(engine);

	return times_of(&all, chance);
}
