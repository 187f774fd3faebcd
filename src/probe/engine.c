/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "probe/engine.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "pkt/segments.h"
#include "probe/engine_int.h"

static const ns_t TIMEOUT_MIN = NS_PER_SEC;
/* Captures may be gathered for some milliseconds before they are handed over, so a probe is
 * given up a little after its deadline; whether it was late, the stamps decide. */
static const ns_t GATHER_SLACK = 50 * NS_PER_MS;
static const ns_t GAP = 2 * NS_PER_SEC;

/* The scan first: while it lasts, nothing else is. */
const struct activity *const engine_activities[] = {&scan_activity, &bracket_activity,
	&bracket_bounce_activity, &reverse_activity, &lengths_activity, &vias_activity,
	&spread_activity, &rediscover_activity, &echoes_activity, &faster_activity, &also_activity,
	&link_mtu_activity, &cause_activity, &bounce_activity, NULL};

/* Compressed SIDs are as of the usual format. */
size_t engine_stack_bytes(unsigned depth, uint8_t family, enum carrier carrier)
{
	enum { SIDS = (128 - SID_BLOCK_BITS) / SID_BITS };
	size_t legs = 2 * depth, segments = carrier == CARRIER_USID ? (legs + SIDS - 1) / SIDS : legs;

	return carrier_is_routed(carrier) ? segments_bytes(segments) :
		legs * ip_header_bytes(family) + (legs - 1) * carrier_shim_bytes(carrier);
}

unsigned engine_depth_limit(unsigned mtu, uint8_t family, enum carrier carrier)
{
	unsigned limit = LEG_MAX / 2;

	while (limit > 0 && probe_wire_min(engine_stack_bytes(limit, family, carrier)) > mtu) {
		limit--;
	}
	return limit;
}

static uint32_t ring_capacity(const struct engine_config *config)
{
	size_t hops = config->path_count > 0 ? config->path_count : config->max_ttl;
	double window = ns_to_sec(config->timeout > 0 ? config->timeout : TIMEOUT_MIN) * 1.2 + 1;
	double rate;
	size_t kinds = 0;

	for (int kind = 0; kind < WALK_STATS_COUNT; kind++) {
		kinds += config->has_walk[kind];
	}
	/* Walks may be added by a key, where a person looks on. */
	if (config->has_walk[WALK_RETRACE] && config->interval >= 10 * NS_PER_MS) {
		kinds = WALK_STATS_COUNT;
	}
	kinds += engine_is_used(config, WALK_ALSO);
	rate = (double)(kinds * hops + engine_is_used(config, WALK_BOUNCE)) /
		fmax(ns_to_sec(config->interval), 1e-6);
	return (uint32_t)(fmin(rate, config->max_rate_pps) * fmin(window, 12) + 1);
}

static void begin_grid(struct engine *engine, ns_t now)
{
	engine->round_base = now;
	engine->grid_at = now;
	engine->next_round_at = now;
}

/* The path is known: scan it, if asked to, else trace the way back and begin the rounds. */
static void begin(struct engine *engine, ns_t now)
{
	engine->session->phase = PHASE_PROBING;
	begin_grid(engine, now);
	engine_plan_path(engine);
	if (engine->config.has_scan && !engine->scan.has_begun) {
		engine->session->phase = PHASE_SCANNING;
		scan_start(engine, now);
		return;
	}
	activities_begin(engine, now);
}

struct engine *engine_create(const struct engine_config *config, struct session *session, ns_t now)
{
	struct engine *engine = xcalloc(1, sizeof *engine);

	engine->config = *config;
	engine->config.path = NULL;
	engine->config.path_other = NULL;
	engine->config.path_carrier = NULL;
	engine->session = session;
	activities_set(engine, engine_activities);
	rng_init(&engine->rng, config->seed, 1);
	rng_init(&engine->bouncing.rng, config->seed, 2);
	outstanding_init(&engine->out, ring_capacity(config), rng_u32(&engine->rng));
	engine->polled_at = engine->drops_read_at = now;
	pace_init(&engine->pace, config->max_rate_pps, now);
	for (int kind = 0; kind < WALK_KIND_COUNT; kind++) {
		if (engine_is_used(config, (enum walk_kind)kind)) {
			engine_make_walks(engine, (enum walk_kind)kind);
		}
	}
	spread_prepare(engine);
	brackets_prepare(engine);
	engine->timeout = config->timeout > 0 ? config->timeout : TIMEOUT_MIN;
	begin_grid(engine, now);
	session->self = config->self;
	session->self_other = config->self_other;
	session->interface = config->interface;
	session->destination = config->destination;
	session->is_explicit = config->path_count > 0;
	session->is_from = addr_is_set(&config->from);
	memcpy(session->has_walk, config->has_walk, sizeof session->has_walk);
	session->main_walk = config->main_walk;
	session->via = config->via;
	session->also.address = config->self_also;
	session->to_carried = config->to_carried;
	session->carrier_told = config->carrier;
	session->sids = config->sids;
	session->tos = config->tos;
	if (config->flows > 1) {
		session_add_flows(session, config->flows);
	}
	session->interval = config->interval;
	session->round_limit = config->round_limit;
	if (session->is_explicit) {
		session->hop_count = config->path_count < HOP_MAX ? config->path_count : HOP_MAX;
		for (size_t k = 0; k < session->hop_count; k++) {
			session->hops[k].address = config->path[k];
			if (config->path_other != NULL) {
				session->hops[k].other = config->path_other[k];
			}
			if (config->path_carrier != NULL) {
				session->hops[k].carrier_told = config->path_carrier[k];
			}
			/* Nothing turns there before it has said by what. */
			session->hops[k].is_passed_over = config->has_scan && config->carrier == 0 &&
				session->hops[k].carrier_told == 0;
		}
		begin(engine, now);
	} else {
		discover_start(engine, now);
	}
	return engine;
}

void engine_destroy(struct engine *engine)
{
	if (engine != NULL) {
		outstanding_finish(&engine->out);
		for (int kind = 0; kind < WALK_KIND_COUNT; kind++) {
			free(engine->walk[kind]);
		}
		spread_finish(engine);
		brackets_finish(engine);
		free(engine->observer);
		free(engine);
	}
}

/* Departures are seen here, and that of this one never was: it is this host that lost it. */
static bool has_stayed(const struct engine *engine, const struct probe_entry *entry)
{
	return engine->has_departed && entry->tx_delta == TX_UNSEEN && !entry->is_of_old_path &&
	       entry->round > 0 && engine_is_counted((enum walk_kind)entry->kind);
}

void engine_expire(struct engine *engine, ns_t now)
{
	const struct activity *activity;
	struct probe_entry *entry;

	while ((entry = outstanding_oldest(&engine->out)) != NULL &&
	       entry->sent_at + engine->timeout + GATHER_SLACK <= now) {
		if (has_stayed(engine, entry)) {
			engine_unsent(engine, entry->seq, 0);
			continue;
		}
		engine_resolve(engine, entry, PROBE_LOST, 0);
		spread_counted(engine, entry, false);
		activity = activity_of(engine, (enum walk_kind)entry->kind);
		if (activity->lost != NULL && !entry->is_of_old_path) {
			activity->lost(engine, entry);
		}
	}
}

/* Once a second is enough: p99 moves slowly, and finding it reads every bin. */
void engine_adapt_timeout(struct engine *engine, ns_t now)
{
	double p99_ms = 0;

	if (engine->config.timeout != 0 || now < engine->timeout_checked_at + NS_PER_SEC) {
		return;
	}
	engine->timeout_checked_at = now;
	for (size_t k = 0; k < engine->session->hop_count; k++) {
		const struct hop *hop = &engine->session->hops[k];

		for (int kind = 0; kind < WALK_STATS_COUNT; kind++) {
			if (engine->session->has_walk[kind]) {
				p99_ms = fmax(p99_ms, quant_get(&hop->walk[kind].quant, 0.99));
			}
		}
	}
	engine_raise_timeout(engine, (ns_t)(p99_ms * 1e6));
}

static void add_item(struct engine *engine, enum walk_kind kind, size_t depth)
{
	engine->item[engine->item_count] = (struct item){.kind = (uint8_t)kind,
		.depth = (uint8_t)depth};
	engine->order[engine->item_count] = (uint16_t)engine->item_count;
	engine->item_count++;
}

/* Anywhere among the others, whose order is what it would be without it. */
static void add_bounce(struct engine *engine)
{
	size_t place = rng_below(&engine->bouncing.rng, (uint32_t)engine->item_count + 1);
	uint16_t item;

	add_item(engine, WALK_BOUNCE, 1);
	item = engine->order[engine->item_count - 1];
	engine->order[engine->item_count - 1] = engine->order[place];
	engine->order[place] = item;
}

static void begin_round(struct engine *engine, ns_t now)
{
	struct session *session = engine->session;
	ns_t interval = engine->config.interval;
	ns_t behind = now - engine->round_base;

	if (behind > GAP + 2 * interval) {
		engine_gap(engine);
	}
	/* Small delays are made up for; after long ones the grid starts anew. */
	if (behind > interval + 100 * NS_PER_MS) {
		begin_grid(engine, now);
	}
	/* What recurs with the interval, or so many times in it, meets rounds by chance alone. They
	 * come back to the grid, so that no more and no fewer are begun. */
	engine->round_base += interval / 2 + (ns_t)(rng_unit(&engine->rng) * (double)interval) -
		(engine->round_base - engine->grid_at) / 8;
	engine->grid_at += interval;
	engine->next_round_at = engine->round_base;
	brackets_plan(engine, now);
	engine_adapt_timeout(engine, now);
	session_begin_round(session, session->rounds + 1, now);
	engine->item_count = 0;
	engine->item_at = 0;
	for (size_t k = 0; k < session->hop_count; k++) {
		for (int kind = 0; kind < WALK_TO; kind++) {
			if (engine->walk[kind] != NULL && engine->walk[kind][k].leg_count > 0) {
				add_item(engine, (enum walk_kind)kind, k + 1);
			}
		}
		if (session->has_walk[WALK_TO] && k + 1 >= engine->config.first_ttl &&
		    engine->walk[WALK_TO][k].leg_count > 0) {
			add_item(engine, WALK_TO, k + 1);
		}
		if (cause_is_wanted(engine, k)) {
			session->hops[k].cause_asked = session->rounds;
			add_item(engine, WALK_CAUSE, k + 1);
		}
	}
	for (size_t k = 0, end = also_is_due(engine) ? session->hop_count : 0; k < end; k++) {
		if (k + 1 >= engine->config.first_ttl && engine->walk[WALK_ALSO][k].leg_count > 0) {
			add_item(engine, WALK_ALSO, k + 1);
		}
	}
	for (size_t i = 0; i < session->via_count; i++) {
		for (int kind = WALK_VIA_ROUND; kind <= WALK_VIA_HOME; kind++) {
			if (engine->walk[kind][i].leg_count > 0) {
				add_item(engine, (enum walk_kind)kind, i + 1);
			}
		}
	}
	rng_shuffle_u16(&engine->rng, engine->order, engine->item_count);
	if (bounce_is_due(engine)) {
		add_bounce(engine);
	}
}

static bool is_last_round_out(const struct engine *engine)
{
	return engine->config.round_limit != 0 &&
	       engine->session->rounds >= engine->config.round_limit &&
	       engine->item_at == engine->item_count;
}

static bool poll_round(struct engine *engine, ns_t now, struct probe_spec *ret_spec)
{
	if (engine->session->is_paused) {
		return false;
	}
	if (engine->item_at == engine->item_count) {
		if (now < engine->next_round_at || is_last_round_out(engine)) {
			return false;
		}
		begin_round(engine, now);
	}
	while (engine->item_at < engine->item_count) {
		struct item item = engine->item[engine->order[engine->item_at]];

		/* The path may have become shorter since the round began. */
		if (!engine_is_of_via((enum walk_kind)item.kind) &&
		    item.depth > engine->session->hop_count) {
			engine->item_at++;
			continue;
		}
		/* And a walk may have become impossible. */
		if (engine->walk[item.kind][item.depth - 1].leg_count == 0) {
			engine->item_at++;
			continue;
		}
		if (!engine_emit(engine, now, &item, ret_spec)) {
			return false;
		}
		engine->item_at++;
		return true;
	}
	return false;
}

/* Discovery and scan, and what follows when they end. */
static bool poll_finding(struct engine *engine, ns_t now, struct probe_spec *ret_spec)
{
	struct session *session = engine->session;

	if (session->phase == PHASE_DISCOVERING) {
		if (discover_poll(engine, now, ret_spec)) {
			return true;
		}
		if (engine->discovery.is_done) {
			begin(engine, now);
		}
	}
	if (activities_poll(engine, ACTIVITY_ALWAYS, now, ret_spec)) {
		return true;
	}
	if (session->phase == PHASE_SCANNING && engine->scan.sweep.waves == 0) {
		begin(engine, now);
	}
	return false;
}

bool engine_poll(struct engine *engine, ns_t now, struct probe_spec *ret_spec)
{
	struct session *session = engine->session;

	engine->polled_at = now;
	move_poll(engine, now);
	engine_expire(engine, now);
	if (poll_finding(engine, now, ret_spec)) {
		return true;
	}
	if (session->phase == PHASE_PROBING) {
		if ((!session->is_paused && activities_poll(engine, ACTIVITY_BESIDE, now, ret_spec)) ||
		    poll_round(engine, now, ret_spec) ||
		    (!session->is_paused && activities_poll(engine, ACTIVITY_SPARE, now, ret_spec))) {
			return true;
		}
		if (is_last_round_out(engine) && !activities_are_busy(engine)) {
			session->phase = PHASE_DRAINING;
			engine->drained_at = engine->config.grace == 0 ? NS_NEVER :
				now + engine->config.grace;
		}
	}
	if (session->phase == PHASE_DRAINING &&
	    (outstanding_oldest(&engine->out) == NULL || now >= engine->drained_at)) {
		session->phase = PHASE_DONE;
		bounce_settle(engine);
	}
	return false;
}

static ns_t next_of_phase(const struct engine *engine, ns_t now)
{
	/* outstanding_oldest only moves a mark over resolved probes. */
	struct outstanding out = engine->out;
	const struct probe_entry *oldest = outstanding_oldest(&out);
	ns_t deadline = oldest == NULL ? NS_NEVER :
		oldest->sent_at + engine->timeout + GATHER_SLACK;
	bool is_full = out.entry[out.next & out.mask].state == PROBE_WAITING;
	ns_t round = NS_NEVER;

	if (is_full && engine->session->phase == PHASE_PROBING) {
		return deadline;
	}
	switch (engine->session->phase) {
	case PHASE_DISCOVERING:
		return discover_next(engine, now);
	case PHASE_SCANNING:
		return NS_NEVER;
	case PHASE_PROBING:
		if (!engine->session->is_paused) {
			round = engine->item_at < engine->item_count ? pace_next(&engine->pace, now) :
				is_last_round_out(engine) ? NS_NEVER : engine->next_round_at;
		}
		/* One wake serves a round: what is overdue waits for it, unless that is long. */
		return deadline == NS_NEVER || round <= deadline + NS_PER_SEC ? round : deadline;
	case PHASE_DRAINING:
		/* Nothing is out, perhaps because nothing could leave: that is the end. */
		if (oldest == NULL) {
			return now;
		}
		return deadline < engine->drained_at ? deadline : engine->drained_at;
	case PHASE_DONE:
		break;
	}
	return NS_NEVER;
}

static ns_t earlier(ns_t a, ns_t b)
{
	return a < b ? a : b;
}

ns_t engine_next(const struct engine *engine, ns_t now)
{
	ns_t next = earlier(next_of_phase(engine, now),
		activities_next(engine, ACTIVITY_ALWAYS, now));

	if (engine->session->phase == PHASE_PROBING && !engine->session->is_paused) {
		next = earlier(next, activities_next(engine, ACTIVITY_BESIDE, now));
		next = earlier(next, activities_next(engine, ACTIVITY_SPARE, now));
	}
	return next;
}

void engine_pause(struct engine *engine, ns_t now, bool is_paused)
{
	if (engine->session->is_paused && !is_paused) {
		begin_grid(engine, now);
	}
	engine->session->is_paused = is_paused;
}

void engine_set_interval(struct engine *engine, ns_t now, ns_t interval)
{
	engine->config.interval = interval;
	engine->session->interval = interval;
	begin_grid(engine, now);
}

void engine_set_limit(struct engine *engine, ns_t now, uint64_t round_limit)
{
	struct session *session = engine->session;

	engine->config.round_limit = round_limit;
	session->round_limit = round_limit;
	if ((session->phase == PHASE_DRAINING || session->phase == PHASE_DONE) &&
	    !is_last_round_out(engine)) {
		session->phase = PHASE_PROBING;
		begin_grid(engine, now);
	}
}

void engine_reset(struct engine *engine)
{
	uint64_t dropped = engine->session->rx_dropped;

	/* What is out belongs to the time before, and so does what is still said of what was. */
	engine_void_rounds(engine, engine_oldest_out(engine), engine->out.next);
	for (uint32_t i = 0; i <= engine->out.mask; i++) {
		struct probe_entry *entry = &engine->out.entry[i];

		entry->is_of_old_path = entry->is_of_old_path ||
			(entry->round > 0 && engine_is_counted((enum walk_kind)entry->kind));
	}
	brackets_forget(engine);
	bounce_reset(engine);
	session_reset_stats(engine->session);
	engine->session->rx_dropped = dropped;
}

void engine_reset_hop(struct engine *engine, uint8_t hop)
{
	struct session *session = engine->session;

	if (hop == 0 || hop > session->hop_count) {
		return;
	}
	for (uint32_t i = 0; i <= engine->out.mask; i++) {
		struct probe_entry *entry = &engine->out.entry[i];

		entry->is_of_old_path = entry->is_of_old_path ||
			(engine_is_of_hop((enum walk_kind)entry->kind) && entry->depth == hop);
	}
	if (hop == 1) {
		bounce_reset(engine);
	}
	session_reset_hop(session, hop - 1u);
}
