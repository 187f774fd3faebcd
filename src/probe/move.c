/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <string.h>

#include "probe/engine_int.h"

/*
 * This host has moved: another address, another interface, or the old ones again after a time
 * without. What is out cannot come home and is no loss. Whether replies find the new place is seen
 * by a trial: until the first one comes in, rounds do not count, and where the path was discovered,
 * not before it was traced from there. If nothing comes for long, that is a loss like any other.
 */
static const ns_t TRIAL_LASTS = 5 * NS_PER_SEC, TRACE_LASTS = 30 * NS_PER_SEC;

static bool is_same_interface(const struct host_interface *a, const struct host_interface *b)
{
	return a->index == b->index && strcmp(a->name, b->name) == 0;
}

static void end_trial(struct engine *engine, ns_t now)
{
	struct session *session = engine->session;
	struct trial *trial = &engine->trial;

	trial->is_on = trial->is_tracing = session->is_settling = false;
	engine_gap(engine);
	/* The rest of the round would be a round of its own. */
	engine->item_at = engine->item_count;
	if (!addr_equal(&trial->was, &session->self) ||
	    !is_same_interface(&trial->was_by, &session->interface)) {
		session->move = (struct host_move){.count = session->move.count + 1,
			.was = trial->was, .was_by = trial->was_by, .at = trial->began_at};
	}
	if (session->phase == PHASE_PROBING) {
		activities_forget(engine, now);
	}
}

void move_poll(struct engine *engine, ns_t now)
{
	if (engine->trial.is_on) {
		if (now >= engine->trial.ends_at || engine->session->phase != PHASE_PROBING) {
			end_trial(engine, now);
		} else {
			engine_gap(engine);
		}
	}
}

void move_heard(struct engine *engine, const struct probe_entry *entry, ns_t now)
{
	struct trial *trial = &engine->trial;

	if (!trial->is_on || trial->is_tracing || (int32_t)(entry->seq - trial->first_seq) < 0) {
		return;
	}
	if (engine->session->is_explicit) {
		end_trial(engine, now);
	} else {
		trial->is_tracing = true;
		trial->ends_at = now + TRACE_LASTS;
		engine->rediscovery.next_at = now;
	}
}

void move_traced(struct engine *engine, ns_t now)
{
	if (engine->trial.is_tracing) {
		end_trial(engine, now);
	}
}

bool move_is_tracing(const struct engine *engine)
{
	return engine->trial.is_tracing;
}

/* What hops said of themselves to the old place. The end that refused aloud is asked as well, but
 * goes on to answer in its own name, with the counts that it has. */
static void forget_scan(struct engine *engine)
{
	engine->scan = (struct scan){0};
	for (size_t k = 0; k < engine->session->hop_count; k++) {
		struct hop *hop = &engine->session->hops[k];

		if (!hop->is_answering) {
			hop->decap = HOP_DECAP_UNKNOWN;
			hop->scan_asked = 0;
		}
		hop->takes_own_source = TRI_UNKNOWN;
	}
}

/* Nothing is counted yet: what was found so far was found from elsewhere. */
static void find_again(struct engine *engine, ns_t now)
{
	struct session *session = engine->session;

	for (uint32_t i = 0; i <= engine->out.mask; i++) {
		engine->out.entry[i].is_of_old_path = true;
	}
	forget_scan(engine);
	if (session->is_explicit) {
		engine_plan_path(engine);
		scan_start(engine, now);
		return;
	}
	memset(session->hops, 0, HOP_MAX * sizeof *session->hops);
	session->hop_count = 0;
	session->discovery_answered = 0;
	discover_start(engine, now);
}

/* It begins again when replies come in. */
static void stop_scan(struct engine *engine, ns_t now)
{
	struct scan *scan = &engine->scan;

	if (scan->sweep.waves > 0 && scan->is_second) {
		scan->again_at = now;
	} else if (scan->sweep.waves > 0) {
		scan->is_wanted = true;
	}
	scan->sweep.waves = 0;
}

/* Whatever was under way has the old source. */
static void set_out_again(struct engine *engine, ns_t now)
{
	struct trial *trial = &engine->trial;

	trial->ends_at = now + TRIAL_LASTS;
	trial->first_seq = engine->out.next;
	trial->is_tracing = false;
	trial->is_on = engine->session->is_settling = true;
	engine->item_at = engine->item_count;
	engine->rediscovery.sweep.waves = 0;
	engine->rediscovery.is_confirming = false;
	if (engine->session->is_explicit && engine->config.has_scan) {
		forget_scan(engine);
		engine->scan.has_begun = engine->scan.is_wanted = true;
	} else {
		stop_scan(engine, now);
	}
	engine_plan_path(engine);
	activities_forget(engine, trial->ends_at);
}

/* From the same place, but of another size at the most, or with another address beside. */
static bool is_same_place(const struct engine *engine, const struct engine_home *home)
{
	const struct session *session = engine->session;

	return addr_equal(&session->self, &home->self) &&
	       addr_equal(&session->self_other, &home->self_other) &&
	       is_same_interface(&session->interface, &home->interface) &&
	       (engine->config.mtu != home->mtu ||
	        !addr_equal(&engine->config.self_also, &home->self_also));
}

/* What is out comes home as ever, but for answers to the other address. */
static void settle_in(struct engine *engine, const struct engine_home *home)
{
	struct session *session = engine->session;

	if (!addr_equal(&engine->config.self_also, &home->self_also)) {
		engine_gap(engine);
		also_forget(engine);
		session->also.address = engine->config.self_also = home->self_also;
	}
	engine->config.mtu = home->mtu;
	if (session->phase == PHASE_PROBING) {
		engine_plan_path(engine);
	}
}

void engine_move(struct engine *engine, ns_t now, const struct engine_home *home)
{
	struct session *session = engine->session;

	if (is_same_place(engine, home)) {
		settle_in(engine, home);
		return;
	}
	engine_gap(engine);
	if (!engine->trial.is_on) {
		engine->trial = (struct trial){.was = session->self, .was_by = session->interface,
			.began_at = now};
	}
	session->self = engine->config.self = home->self;
	session->self_other = engine->config.self_other = home->self_other;
	session->also.address = engine->config.self_also = home->self_also;
	session->interface = home->interface;
	engine->config.mtu = home->mtu;
	engine->came_by[0] = '\0';
	if (session->phase < PHASE_PROBING) {
		find_again(engine, now);
	} else if (session->phase == PHASE_PROBING) {
		set_out_again(engine, now);
	}
}

void engine_arrival(struct engine *engine, const char *interface)
{
	memset(engine->came_by, 0, sizeof engine->came_by);
	memcpy(engine->came_by, interface, strnlen(interface, sizeof engine->came_by - 1));
}

void move_count_arrival(struct engine *engine, ns_t now)
{
	struct arrivals *arrivals = &engine->session->arrivals;

	arrivals->replies++;
	if (engine->came_by[0] != '\0') {
		arrivals->elsewhere++;
		arrivals->last_at = now;
		memcpy(arrivals->by, engine->came_by, sizeof arrivals->by);
	}
}
