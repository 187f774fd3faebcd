/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <errno.h>
#include <string.h>

#include "base/mem.h"
#include "probe/mtu_int.h"

/*
 * The MTU of each link, from here outwards, by one probe at a time: where a hop unwraps, by a
 * nested one that turns round there; else by what the hop replies itself. A link is narrow where
 * what passes all links before it does not pass it. Silence proves that only by being repeated, by
 * how much is lost otherwise: in the rounds, and of sizes that are known to pass.
 */
enum {
	ROUNDS_BEFORE = 10,      /* in which loss is counted */
	TRIES_LEAST = 3,
	IP4_LINK_BYTES = 576     /* hardly any link takes less (RFC 791, 3.1) */
};

static const ns_t PATIENCE_MIN = 100 * NS_PER_MS;

static struct link_mtu *link_of(struct engine *engine, uint8_t hop)
{
	return &engine->session->mtu.links[hop - 1];
}

bool engine_measure_mtu(struct engine *engine)
{
	struct session *session = engine->session;
	struct mtu_measurement *mtu = &session->mtu;

	if (mtu->is_wanted || mtu->is_running || session->phase > PHASE_PROBING ||
	    (engine->walk[WALK_LINK_MTU] == NULL && !session->has_walk[WALK_TO])) {
		return false;
	}
	if (mtu->links == NULL) {
		mtu->links = xcalloc(HOP_MAX, sizeof *mtu->links);
	}
	mtu->is_wanted = true;
	return true;
}

/* Ordinary packets need not take the path that was given. */
static void choose_hops(struct engine *engine)
{
	struct session *session = engine->session;
	struct link_mtu *links = session->mtu.links;
	uint8_t deepest = 0;

	for (size_t k = 0; k < session->hop_count; k++) {
		links[k] = (struct link_mtu){.by = mtu_by(engine, k)};
		deepest = links[k].by == MTU_BY_THROUGH ? (uint8_t)(k + 1) : deepest;
		if (engine->walk[WALK_LINK_MTU_TO] != NULL) {
			engine->walk[WALK_LINK_MTU_TO][k] = engine->walk[WALK_TO][k];
			engine->walk[WALK_LINK_MTU_TO][k].kind = WALK_LINK_MTU_TO;
		}
	}
	for (size_t k = 0; k < session->hop_count && session->is_explicit && deepest > 0; k++) {
		links[k].by = links[k].by == MTU_BY_TO ? MTU_BY_NONE : links[k].by;
	}
	engine->mtu.hop = deepest;
	engine->mtu.is_trying = deepest > 0;
}

/* The longest packet that may come home from there: links before that are narrow on the way back
 * take what is left of it. */
static uint16_t most_home(const struct engine *engine)
{
	const struct mtu_work *work = &engine->mtu;
	const struct link_mtu *links = engine->session->mtu.links;
	struct mtu_packet packet = {mtu_kind(&links[work->hop - 1]), work->hop, work->widest};

	for (uint8_t hop = 1; hop < work->hop; hop++) {
		uint16_t there = mtu_size_on(engine, &packet, hop, WAY_BACK);

		if (links[hop - 1].limit == MTU_LIMIT_BACK && there > links[hop - 1].passed[WAY_BACK]) {
			packet.size = (uint16_t)(packet.size - (there - links[hop - 1].passed[WAY_BACK]));
		}
	}
	return packet.size;
}

static void begin_search(struct engine *engine, uint16_t passed)
{
	struct mtu_work *work = &engine->mtu;

	work->search = mtu_search_of(mtu_least(engine, work->hop), most_home(engine));
	work->search.floor = work->floor > engine->session->probe_bytes ? work->floor :
		engine->session->probe_bytes;
	if (work->search.floor < IP4_LINK_BYTES) {
		work->search.floor = IP4_LINK_BYTES;
	}
	if (passed > 0) {
		mtu_search_pass(&work->search, passed);
	}
	work->row = work->dead = work->controls = 0;
}

/* The next link that can be measured; false: there is none. */
static bool begin_link(struct engine *engine, uint8_t hop)
{
	struct mtu_work *work = &engine->mtu;

	while (hop <= engine->session->hop_count && link_of(engine, hop)->by == MTU_BY_NONE) {
		hop++;
	}
	if (hop > engine->session->hop_count) {
		engine->session->mtu.is_running = false;
		return false;
	}
	work->hop = hop;
	work->sent = work->lost = 0;
	work->asks_way = false;
	work->way_silences = 0;
	begin_search(engine, 0);
	return true;
}

static bool is_time(const struct engine *engine)
{
	const struct session *session = engine->session;

	return session->mtu.is_wanted && session->hop_count > 0 &&
	       (session->rounds >= ROUNDS_BEFORE || (engine->config.round_limit != 0 &&
	        session->rounds >= engine->config.round_limit)) &&
	       engine->item_at == engine->item_count;
}

static void begin_all(struct engine *engine)
{
	struct session *session = engine->session;

	engine->mtu = (struct mtu_work){.widest = engine->config.mtu};
	session->mtu.is_wanted = false;
	session->mtu.is_running = true;
	session->mtu.probes = 0;
	session->mtu.most = engine->config.mtu;
	if (engine->walk[WALK_LINK_MTU] != NULL) {
		mtu_plan(engine, (struct mtu_legs){true, mtu_is_elsewhere(session)});
	}
	choose_hops(engine);
	if (!engine->mtu.is_trying) {
		(void)begin_link(engine, 1);
	}
}

/* False: there are no others. */
static bool other_legs(const struct engine *engine, struct mtu_legs *ret_legs)
{
	struct mtu_legs legs = engine->mtu.legs;

	if (!legs.is_self && (legs.is_nested_out || !engine->session->is_explicit)) {
		return false;
	}
	*ret_legs = legs.is_self ? (struct mtu_legs){false, legs.is_nested_out} :
		(struct mtu_legs){true, true};
	return true;
}

static void tried(struct engine *engine, bool is_home, uint16_t size)
{
	struct mtu_work *work = &engine->mtu;
	unsigned most = mtu_times(engine, MTU_HARDLY);
	struct mtu_legs legs;

	if (is_home) {
		work->floor = size;
	} else if (++work->tries < (most < TRIES_LEAST ? TRIES_LEAST : most)) {
		return;
	} else if (other_legs(engine, &legs)) {
		work->tries = 0;
		mtu_plan(engine, legs);
		return;
	}
	work->is_trying = false;
	(void)begin_link(engine, 1);
}

/* What was sent last has not come home in time. */
static void take_silence(struct engine *engine)
{
	struct mtu_work *work = &engine->mtu;

	work->is_out = false;
	if (work->is_trying) {
		tried(engine, false, work->size);
	} else if (work->asks_way) {
		work->way_silences++;
	} else if (work->is_control) {
		work->sent++;
		work->lost++;
		if (++work->dead >= mtu_times(engine, MTU_UNLIKELY)) {
			mtu_search_unsay(&work->search, (uint16_t)(work->size + 1), work->row);
			work->row = work->dead = 0;
		}
	} else {
		mtu_search_fail(&work->search, work->size, false);
		work->row++;
	}
}

static void decide_limit(struct engine *engine, struct link_mtu *link)
{
	struct mtu_work *work = &engine->mtu;
	unsigned silences = mtu_search_silences(&work->search);
	struct mtu_packet packet = {mtu_kind(link), work->hop, work->search.passed};

	if (link->limit == MTU_LIMIT_NONE) {
		link->limit = link->by == MTU_BY_TO && !work->is_echoed ? MTU_LIMIT_OUT :
			MTU_LIMIT_EITHER;
	}
	if (silences != MTU_CERTAIN && work->search.hint != work->search.passed) {
		/* What was told was of longer ones. */
		link->said_by = (struct addr){0};
		link->said = 0;
		link->limit = link->by == MTU_BY_TO ? MTU_LIMIT_OUT : MTU_LIMIT_EITHER;
	}
	link->silent = silences == MTU_CERTAIN ? 0 : (uint16_t)silences;
	link->is_black_hole = !addr_is_set(&link->said_by) &&
		(link->by == MTU_BY_TO || work->legs.is_self);
	for (int way = WAY_OUT; way < WAY_COUNT; way++) {
		uint16_t size = mtu_size_on(engine, &packet, work->hop, (enum way)way);

		link->passed[way] = size > link->passed[way] ? size : link->passed[way];
	}
}

static void conclude(struct engine *engine, bool is_undecided)
{
	struct mtu_work *work = &engine->mtu;
	struct link_mtu *link = link_of(engine, work->hop);
	uint8_t before = mtu_undirected(engine);

	if (work->asks_way || (before > 0 && work->way_silences > 0)) {
		link_of(engine, before)->limit = MTU_LIMIT_OUT;
	}
	link->is_done = true;
	link->is_undecided = is_undecided || work->search.passed == 0;
	work->bound[work->hop - 1] = link->is_undecided ? 0 : work->search.passed;
	if (!link->is_undecided) {
		work->most = work->widest;
		if (work->search.passed < work->search.most) {
			decide_limit(engine, link);
			work->widest = link->limit == MTU_LIMIT_BACK ? work->widest : work->search.passed;
		}
		for (size_t k = work->hop; k < engine->session->hop_count; k++) {
			link_of(engine, (uint8_t)(k + 1))->near = work->hop;
		}
	}
	(void)begin_link(engine, (uint8_t)(work->hop + 1));
}

static bool send(struct engine *engine, ns_t now, uint16_t size, struct probe_spec *ret_spec)
{
	struct mtu_work *work = &engine->mtu;
	struct link_mtu *link = link_of(engine, work->hop);
	struct item item = {.kind = (uint8_t)mtu_kind(link), .depth = work->hop, .size_bytes = size};
	ns_t wait = 2 * engine->max_rtt;

	if (!engine_emit(engine, now, &item, ret_spec)) {
		return false;
	}
	link->probes += !work->is_trying;
	engine->session->mtu.probes++;
	work->controls += work->is_control;
	work->is_out = true;
	work->is_settling = false;
	work->seq = ret_spec->seq;
	work->size = size;
	work->last_at = now;
	work->next_at = now + (wait < PATIENCE_MIN ? PATIENCE_MIN : wait);
	return true;
}

static bool poll(struct engine *engine, ns_t now, struct probe_spec *ret_spec)
{
	struct mtu_measurement *mtu = &engine->session->mtu;
	struct mtu_work *work = &engine->mtu;

	if (!mtu->is_running && is_time(engine)) {
		begin_all(engine);
	}
	while (mtu->is_running) {
		bool is_undecided = false;
		uint16_t size;

		if ((work->is_out || work->is_settling) && now < work->next_at) {
			return false;
		}
		if (work->is_out) {
			take_silence(engine);
			continue;
		}
		size = work->is_trying ? mtu_try_size(engine) : mtu_choose(engine, &is_undecided);
		if (size > 0) {
			return send(engine, now, size, ret_spec);
		}
		/* The last silences may yet turn out to be late. */
		if (!work->is_settling && work->row + work->way_silences > 0) {
			work->is_settling = true;
			work->next_at = work->last_at + engine->timeout;
			continue;
		}
		work->is_settling = false;
		conclude(engine, is_undecided);
	}
	return false;
}

static ns_t next(const struct engine *engine, ns_t now)
{
	const struct mtu_work *work = &engine->mtu;

	if (!engine->session->mtu.is_running) {
		return engine->session->mtu.is_wanted && is_time(engine) ? now : NS_NEVER;
	}
	return work->is_out || work->is_settling ? work->next_at : pace_next(&engine->pace, now);
}

/* All links that it crossed take what it was on them. */
static void note_passed(struct engine *engine, const struct mtu_packet *packet)
{
	for (uint8_t hop = 1; hop <= packet->depth; hop++) {
		struct link_mtu *link = link_of(engine, hop);

		for (int way = WAY_OUT; way < WAY_COUNT; way++) {
			uint16_t size = mtu_size_on(engine, packet, hop, (enum way)way);

			link->passed[way] = size > link->passed[way] ? size : link->passed[way];
		}
	}
}

/* The way back is what is narrow before: this link and those beyond are held against what it was
 * before that. */
static void turn_back(struct engine *engine)
{
	struct mtu_work *work = &engine->mtu;
	uint16_t passed = (uint16_t)(work->widest + 1);

	link_of(engine, mtu_undirected(engine))->limit = MTU_LIMIT_BACK;
	work->widest = work->most;
	work->asks_way = false;
	work->way_silences = 0;
	begin_search(engine, passed);
}

static void take_passed(struct engine *engine, const struct probe_entry *entry,
	const struct reply *reply)
{
	struct mtu_work *work = &engine->mtu;

	note_passed(engine, &(struct mtu_packet){(enum walk_kind)entry->kind, entry->depth,
		entry->size_bytes});
	if (!engine->session->mtu.is_running || entry->depth != work->hop) {
		/* It was only late, by more than any other. */
		struct link_mtu *link = link_of(engine, entry->depth);

		link->is_undecided = link->is_undecided || (link->is_done &&
			work->bound[entry->depth - 1] < entry->size_bytes);
		return;
	}
	work->is_out = work->is_out && entry->seq != work->seq;
	work->is_settling = false;
	if (work->is_trying) {
		tried(engine, true, entry->size_bytes);
		return;
	}
	work->is_echoed = reply->kind == REPLY_ECHO;
	work->row = work->dead = 0;
	work->sent++;
	if (entry->size_bytes == work->widest + 1 && mtu_undirected(engine) > 0) {
		turn_back(engine);
	} else {
		mtu_search_pass(&work->search, entry->size_bytes);
	}
}

/* Somebody says that it does not fit, and perhaps what does. */
static void take_refusal(struct engine *engine, const struct probe_entry *entry,
	const struct reply *reply)
{
	struct mtu_work *work = &engine->mtu;
	struct link_mtu *link = link_of(engine, entry->depth);
	struct mtu_packet packet = {(enum walk_kind)entry->kind, entry->depth, entry->size_bytes};
	uint16_t unwrapped;
	bool is_back;

	if (!engine->session->mtu.is_running || entry->depth != work->hop) {
		return;
	}
	work->is_out = work->is_out && entry->seq != work->seq;
	if (work->is_trying) {
		tried(engine, false, entry->size_bytes);
		return;
	}
	if (entry->size_bytes > work->widest) {
		work->way_silences += MTU_TIMES_MOST;
		return;
	}
	is_back = mtu_is_back(engine, &packet, reply->quoted_bytes, &unwrapped);
	link->limit = is_back ? MTU_LIMIT_BACK : MTU_LIMIT_OUT;
	link->said_by = reply->from;
	link->said = reply->icmp_mtu;
	mtu_search_fail(&work->search, entry->size_bytes, true);
	if (reply->icmp_mtu > 0 && reply->icmp_mtu + unwrapped < entry->size_bytes) {
		work->search.hint = (uint16_t)(reply->icmp_mtu + unwrapped);
	}
}

static bool answer(struct engine *engine, const struct probe_entry *entry,
	const struct reply *reply, bool is_first)
{
	bool is_to = entry->kind == WALK_LINK_MTU_TO;

	(void)is_first;
	if (entry->depth > engine->session->hop_count) {
		return false;
	}
	if (reply->kind == REPLY_ERROR && reply->cause == CAUSE_FRAGMENTATION_NEEDED) {
		take_refusal(engine, entry, reply);
	} else if (is_to ? engine_is_answer_to(entry, reply) : engine_is_answer_of_end(entry, reply)) {
		take_passed(engine, entry, reply);
	}
	return false;
}

/* What was out is void: it says nothing. */
static void resolved(struct engine *engine, const struct probe_entry *entry, ns_t rtt)
{
	struct mtu_work *work = &engine->mtu;

	(void)rtt;
	if (entry->state == PROBE_VOID && work->is_out && entry->seq == work->seq) {
		work->is_out = false;
	}
}

/* This host's own link takes less than it said. */
static void unsent(struct engine *engine, const struct probe_entry *entry, int sys)
{
	struct mtu_work *work = &engine->mtu;

	if (work->is_out && entry->seq == work->seq) {
		work->is_out = false;
		if (sys == EMSGSIZE && !work->is_trying && !work->asks_way && !work->is_control) {
			mtu_search_fail(&work->search, entry->size_bytes, true);
		} else {
			take_silence(engine);
		}
	}
}

static void forget(struct engine *engine, ns_t now)
{
	struct mtu_measurement *mtu = &engine->session->mtu;

	(void)now;
	if (mtu->links != NULL) {
		/* One that was under way begins anew with the path that there is now. */
		mtu->is_wanted = mtu->is_wanted || mtu->is_running;
		mtu->is_running = false;
		mtu->probes = 0;
		memset(mtu->links, 0, HOP_MAX * sizeof *mtu->links);
	}
}

static bool is_busy(const struct engine *engine)
{
	return (engine->session->mtu.is_wanted && engine->session->hop_count > 0) ||
	       engine->session->mtu.is_running;
}

const struct activity link_mtu_activity = {
	.when = ACTIVITY_SPARE, .kinds = 1u << WALK_LINK_MTU | 1u << WALK_LINK_MTU_TO,
	.poll = poll, .next = next, .answer = answer, .resolved = resolved, .unsent = unsent,
	.forget = forget, .is_busy = is_busy,
};
