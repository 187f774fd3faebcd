/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "sim/transport_sim.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/heap.h"
#include "base/mem.h"
#include "sim/sim_int.h"

/* A probe between send and the turn in which it is told of. */
struct outgoing {
	uint32_t seq;
	bool is_unsent;
	size_t offset, len;        /* in the buffer of bytes */
	ns_t departure;
};

/* A packet that a test made. */
struct foreign {
	struct heap_node node;     /* first */
	size_t len;
	uint8_t bytes[];
};

struct transport_sim {
	struct transport base;     /* first */
	struct sim *sim;
	struct transport_config config;
	struct loop *loop;
	struct transport_events events;
	struct loop_timer timer;
	struct transport_counters counters;
	struct outgoing *out;
	size_t out_count, out_cap;
	size_t flushed_count;      /* of out: those that have left */
	uint8_t *bytes;
	size_t bytes_len, bytes_cap;
	struct heap foreign;
	uint64_t to_drop, to_lose, to_duplicate;
	struct loop_timer misfortune;
	size_t next_change;        /* of the scenario */
};

static void schedule(struct transport_sim *t)
{
	const struct heap_node *first = heap_first(&t->foreign);
	ns_t next = sim_next(t->sim);

	if (first != NULL && first->when < next) {
		next = first->when;
	}
	if (t->flushed_count > 0) {
		next = loop_now(t->loop);
	}
	loop_timer_set(t->loop, &t->timer, next);
}

static void tell(struct transport_sim *t, const uint8_t *bytes, size_t len, ns_t when)
{
	transport_take(&t->events, &t->config.context, &t->counters, (struct transport_packet){
		.bytes = bytes, .len = len, .stamp = {.t = when, .source = STAMP_SIM}});
}

static void capture(struct transport_sim *t, const uint8_t *bytes, size_t len, ns_t when)
{
	if (t->to_lose > 0) {
		t->to_lose--;
		t->counters.rx_dropped++;
		return;
	}
	tell(t, bytes, len, when);
	if (t->to_duplicate > 0) {
		t->to_duplicate--;
		tell(t, bytes, len, when);
	}
}

static void come_home(void *arg, const uint8_t *bytes, size_t len, ns_t when,
	const struct sim_identity *probe)
{
	(void)probe;
	capture(arg, bytes, len, when);
}

/* Tells of what has left. The events may send: those probes queue up behind. */
static void tell_departures(struct transport_sim *t)
{
	size_t count = t->flushed_count;
	size_t used = 0;

	for (size_t i = 0; i < count; i++) {
		struct outgoing out = t->out[i];

		if (out.is_unsent) {
			struct err err = {0};

			(void)err_set_sys(&err, ERR_IO, ENOBUFS, "cannot send probe");
			t->events.unsent(t->events.arg, out.seq, &err);
		} else {
			tell(t, t->bytes + out.offset, out.len, out.departure);
			used = out.offset + out.len;
		}
	}
	t->flushed_count -= count;
	t->out_count -= count;
	memmove(t->out, t->out + count, t->out_count * sizeof *t->out);
	t->bytes_len -= used;
	memmove(t->bytes, t->bytes + used, t->bytes_len);
	for (size_t i = 0; i < t->out_count; i++) {
		t->out[i].offset -= t->out[i].is_unsent ? 0 : used;
	}
}

static void on_timer(void *arg)
{
	struct transport_sim *t = arg;
	ns_t now = loop_now(t->loop);
	struct heap_node *first;

	if (t->flushed_count > 0) {
		tell_departures(t);
	}
	while ((first = heap_first(&t->foreign)) != NULL && first->when <= now) {
		struct foreign *foreign = (struct foreign *)(void *)first;

		heap_remove(&t->foreign, first);
		/* What came home earlier is told earlier. */
		sim_run_until(t->sim, first->when, come_home, t);
		capture(t, foreign->bytes, foreign->len, first->when);
		free(foreign);
	}
	sim_run_until(t->sim, now, come_home, t);
	schedule(t);
}

static void suffer(struct transport_sim *t, const struct scn_change *change)
{
	switch (change->event) {
	case SCN_PROBER_PAUSE:
		loop_pause(t->loop, change->value);
		break;
	case SCN_PROBER_CAPTURE_DROPS:
		t->to_lose += (uint64_t)change->value;
		break;
	case SCN_PROBER_SEND_ERRORS:
		t->to_drop += (uint64_t)change->value;
		break;
	case SCN_PROBER_CLOCK_STEP:
		loop_step_clock(t->loop, change->value);
		break;
	}
}

/* What the scenario has in store for this host. */
static void on_misfortune(void *arg)
{
	struct transport_sim *t = arg;
	const struct scenario *scenario = t->sim->scenario;

	for (; t->next_change < scenario->change_count; t->next_change++) {
		const struct scn_change *change = &scenario->change[t->next_change];
		ns_t at = ns_add(t->sim->start, change->at);

		if (change->kind != SCN_CHANGE_PROBER) {
			continue;
		}
		if (at > loop_now(t->loop)) {
			loop_timer_set(t->loop, &t->misfortune, at);
			return;
		}
		suffer(t, change);
	}
}

static bool start(struct transport *base, struct loop *loop, const struct transport_events *events,
	struct err *err)
{
	struct transport_sim *t = (struct transport_sim *)(void *)base;
	(void)err;

	t->loop = loop;
	t->events = *events;
	t->timer.fn = on_timer;
	t->timer.arg = t;
	t->misfortune = (struct loop_timer){.fn = on_misfortune, .arg = t};
	on_misfortune(t);
	return true;
}

static void send_probe(struct transport *base, const struct probe_spec *spec)
{
	struct transport_sim *t = (struct transport_sim *)(void *)base;
	struct outgoing out = {.seq = spec->seq, .offset = t->bytes_len};

	if (t->to_drop > 0) {
		t->to_drop--;
		out.is_unsent = true;
	} else {
		if (t->bytes_cap - t->bytes_len < spec->size_bytes) {
			t->bytes_cap = t->bytes_cap * 2 + spec->size_bytes;
			t->bytes = xreallocarray(t->bytes, t->bytes_cap, 1);
		}
		out.len = probe_wire_build(spec, &t->config.ident, t->bytes + t->bytes_len,
			t->bytes_cap - t->bytes_len);
		out.is_unsent = out.len == 0;
		t->bytes_len += out.len;
	}
	t->out = xgrow(t->out, &t->out_cap, t->out_count, sizeof *t->out);
	t->out[t->out_count++] = out;
}

static void flush(struct transport *base)
{
	struct transport_sim *t = (struct transport_sim *)(void *)base;
	ns_t now = loop_now(t->loop);

	if (t->flushed_count == t->out_count) {
		return;
	}
	for (; t->flushed_count < t->out_count; t->flushed_count++) {
		struct outgoing *out = &t->out[t->flushed_count];

		out->departure = now;
		if (!out->is_unsent) {
			sim_inject(t->sim, now, t->bytes + out->offset, out->len);
		}
	}
	schedule(t);
}

static void count(struct transport *base, struct transport_counters *ret_counters)
{
	*ret_counters = ((struct transport_sim *)(void *)base)->counters;
}

static void destroy(struct transport *base)
{
	struct transport_sim *t = (struct transport_sim *)(void *)base;
	struct heap_node *first;

	if (t == NULL) {
		return;
	}
	if (t->loop != NULL) {
		loop_timer_cancel(t->loop, &t->timer);
		loop_timer_cancel(t->loop, &t->misfortune);
	}
	while ((first = heap_first(&t->foreign)) != NULL) {
		heap_remove(&t->foreign, first);
		free(first);
	}
	heap_finish(&t->foreign);
	free(t->out);
	free(t->bytes);
	free(t);
}

/* Which addresses lead to the prober, the scenario says. */
static bool move(struct transport *transport, const struct transport_home *home, struct err *err)
{
	struct transport_sim *t = (struct transport_sim *)(void *)transport;

	(void)err;
	transport_come_home(&t->config.context, home);
	return true;
}

struct transport *transport_sim_create(struct sim *sim, const struct transport_config *config)
{
	static const struct transport_ops ops = {
		.name = "sim",
		.start = start,
		.send = send_probe,
		.flush = flush,
		.count = count,
		.move = move,
		.destroy = destroy,
	};
	struct transport_sim *t = xcalloc(1, sizeof *t);

	t->base.ops = &ops;
	t->sim = sim;
	t->config = *config;
	return &t->base;
}

void transport_sim_drop_next(struct transport *base, uint64_t n)
{
	((struct transport_sim *)(void *)base)->to_drop += n;
}

void transport_sim_lose_next(struct transport *base, uint64_t n)
{
	((struct transport_sim *)(void *)base)->to_lose += n;
}

void transport_sim_duplicate_next(struct transport *base, uint64_t n)
{
	((struct transport_sim *)(void *)base)->to_duplicate += n;
}

void transport_sim_deliver(struct transport *base, const uint8_t *bytes, size_t len, ns_t when)
{
	struct transport_sim *t = (struct transport_sim *)(void *)base;
	struct foreign *foreign = xmalloc(sizeof *foreign + len);

	*foreign = (struct foreign){.len = len};
	memcpy(foreign->bytes, bytes, len);
	heap_set(&t->foreign, &foreign->node, when);
	schedule(t);
}
