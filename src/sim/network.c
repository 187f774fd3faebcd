/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "sim/network.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "pkt/cksum.h"
#include "pkt/icmp.h"
#include "pkt/ip.h"
#include "pkt/probe_wire.h"
#include "sim/sim_int.h"

/* Sets the streams of outages and of limiters apart from those of nodes and links. */
static const uint64_t OUTAGES = 0x6f7574u << 8, LIMITERS = 0x6c696du << 8;

static const size_t class_bytes[PACKET_CLASSES] = {320, 2048, 65536};

struct packet *packet_new(struct sim *sim, size_t len)
{
	uint8_t size_class = 0;
	struct packet *packet;

	assert(len <= class_bytes[PACKET_CLASSES - 1]);
	while (class_bytes[size_class] < len) {
		size_class++;
	}
	packet = sim->pool[size_class];
	if (packet != NULL) {
		sim->pool[size_class] = packet->next;
	} else {
		packet = xmalloc(sizeof *packet + class_bytes[size_class]);
	}
	*packet = (struct packet){.timer.kind = TIMER_PACKET, .channel = SIM_NONE,
		.size_class = size_class};
	return packet;
}

void packet_free(struct sim *sim, struct packet *packet)
{
	packet->next = sim->pool[packet->size_class];
	sim->pool[packet->size_class] = packet;
}

static void free_list(struct packet *packet)
{
	while (packet != NULL) {
		struct packet *next = packet->next;

		free(packet);
		packet = next;
	}
}

void sim_home(struct sim *sim, struct packet *packet)
{
	truth_tell(sim, SIM_EVENT_DELIVERED, SIM_CAUSE_NONE, packet, false, sim->prober);
	packet->when = sim->now;
	packet->next = NULL;
	if (sim->home_last == NULL) {
		sim->home_first = packet;
	} else {
		sim->home_last->next = packet;
	}
	sim->home_last = packet;
}

static void init_nodes(struct sim *sim, uint64_t seed)
{
	const struct scenario *scenario = sim->scenario;

	sim->node_count = scenario->node_count;
	sim->node = xcalloc(sim->node_count, sizeof *sim->node);
	for (size_t i = 0; i < sim->node_count; i++) {
		struct sim_node *node = &sim->node[i];

		node->params = scenario->node[i].params;
		rng_init(&node->rng, seed, 2 * i);
		node->ip_id = (uint16_t)rng_u32(&node->rng);
		node->police.tokens = NS_NEVER / 2; /* full, however deep it will be */
	}
}

static void init_channels(struct sim *sim, uint64_t seed)
{
	const struct scenario *scenario = sim->scenario;

	sim->channel_count = 2 * scenario->link_count;
	sim->channel = xcalloc(sim->channel_count, sizeof *sim->channel);
	for (size_t i = 0; i < sim->channel_count; i++) {
		const struct scn_link *link = &scenario->link[i / 2];
		struct channel *channel = &sim->channel[i];

		channel->timer.kind = TIMER_CHANNEL;
		channel->params = link->dir[i % 2];
		channel->from = link->node[i % 2];
		channel->to = link->node[1 - i % 2];
		channel->address_to = link->address[1 - i % 2];
		rng_init(&channel->rng, seed, 2 * i + 1);
		/* Both directions draw the same outages. */
		rng_init(&channel->outage_rng, seed ^ OUTAGES, i / 2);
	}
}

static void init_limiters(struct sim *sim, uint64_t seed)
{
	const struct scenario *scenario = sim->scenario;

	sim->limiter = xcalloc(scenario->limiter_count + 1, sizeof *sim->limiter);
	for (size_t i = 0; i < scenario->limiter_count; i++) {
		const struct limiter *params = &scenario->limiter[i];

		rng_init(&sim->limiter[i].rng, seed ^ LIMITERS, i);
		sim->limiter[i].bucket.tokens = params->period * (ns_t)params->burst;
		sim->limiter[i].next_other = params->others == 0 ? NS_NEVER : 0;
	}
}

static void schedule_change(struct sim *sim)
{
	const struct scenario *scenario = sim->scenario;

	sim->change_timer.kind = TIMER_CHANGE;
	if (sim->next_change < scenario->change_count) {
		heap_set(&sim->heap, &sim->change_timer.node,
			ns_add(sim->start, scenario->change[sim->next_change].at));
	} else {
		heap_remove(&sim->heap, &sim->change_timer.node);
	}
}

struct sim *sim_create(const struct scenario *scenario, uint64_t seed)
{
	struct sim *sim = xcalloc(1, sizeof *sim);

	sim->scenario = scenario;
	sim->prober = scenario->prober;
	sim->hash_seed = seed != 0 ? seed : scenario->seed;
	init_nodes(sim, sim->hash_seed);
	init_channels(sim, sim->hash_seed);
	init_limiters(sim, sim->hash_seed);
	topo_build(sim);
	schedule_change(sim);
	return sim;
}

void sim_destroy(struct sim *sim)
{
	if (sim == NULL) {
		return;
	}
	for (size_t i = 0; i < sim->heap.count; i++) {
		struct sim_timer *timer = (struct sim_timer *)(void *)sim->heap.node[i];

		if (timer->kind == TIMER_PACKET) {
			free(timer);
		}
	}
	for (size_t i = 0; i < sim->channel_count; i++) {
		free_list(sim->channel[i].first);
		free(sim->channel[i].departure);
	}
	for (size_t i = 0; i < PACKET_CLASSES; i++) {
		free_list(sim->pool[i]);
	}
	free_list(sim->home_first);
	topo_finish(sim);
	heap_finish(&sim->heap);
	free(sim->node);
	free(sim->channel);
	free(sim->limiter);
	free(sim);
}

void sim_set_start(struct sim *sim, ns_t start)
{
	sim->start = start;
	sim->now = start;
	schedule_change(sim);
}

ns_t sim_now(const struct sim *sim)
{
	return sim->now;
}

bool sim_has_address(const struct sim *sim, const struct addr *addr)
{
	uint16_t node = topo_node_of(sim, addr);

	return node != SIM_NONE && node != sim->prober;
}

static void apply_change(struct sim *sim)
{
	const struct scn_change *change = &sim->scenario->change[sim->next_change];

	switch (change->kind) {
	case SCN_CHANGE_LINK:
		for (size_t d = 0; d < 2; d++) {
			struct channel *channel = &sim->channel[2 * change->index + d];

			link_params_apply(&channel->params, &change->link[d], change->link_mask[d]);
			channel->outage_since = ns_add(sim->start, change->at);
		}
		break;
	case SCN_CHANGE_NODE:
		node_params_apply(&sim->node[change->index].params, &change->node,
			change->node_mask);
		break;
	case SCN_CHANGE_PROBER:
		break; /* the transport's */
	case SCN_CHANGE_ROUTE:
		topo_set_route(sim, &change->route, sim->scenario->route_count + sim->next_change);
		break;
	}
	sim->next_change++;
	schedule_change(sim);
}

/* Moves everything up to and with `until`. */
static void advance(struct sim *sim, ns_t until)
{
	struct heap_node *first;

	while ((first = heap_first(&sim->heap)) != NULL && first->when <= until) {
		struct sim_timer *timer = (struct sim_timer *)(void *)first;

		if (first->when > sim->now) {
			sim->now = first->when;
		}
		switch (timer->kind) {
		case TIMER_CHANNEL:
			link_arrive(sim, (struct channel *)(void *)timer);
			break;
		case TIMER_PACKET:
			heap_remove(&sim->heap, first);
			router_receive(sim, (struct packet *)(void *)timer);
			break;
		case TIMER_CHANGE:
			apply_change(sim);
			break;
		}
	}
	if (until > sim->now && until != NS_NEVER) {
		sim->now = until;
	}
}

/* The number in the token, wherever the payload begins. */
static void read_seq(const uint8_t *bytes, size_t len, struct sim_identity *probe)
{
	struct cursor c = cursor_of(bytes, len);
	struct ip_header header;
	enum carrier carrier;
	const uint8_t *name;
	uint32_t seq;

	do {
		if (!ip_read(&c, &header)) {
			return;
		}
	} while (carrier_enter(&c, header.protocol, &carrier) != 0);
	cursor_skip(&c, L4_HEADER_BYTES);
	name = cursor_bytes(&c, 8);
	seq = cursor_be32(&c);
	if (!c.failed && memcmp(name, "thrupath", 8) == 0) {
		probe->has_seq = true;
		probe->seq = seq;
	}
}

/* By which link the prober sends what is for itself: to the gateway on the one with that address.
 * SIM_NONE: there is none. */
static uint16_t link_home(const struct sim *sim, const struct packet *packet)
{
	struct addr self = packet_dst(packet);
	uint16_t first = SIM_NONE;

	for (size_t i = 0; i < sim->channel_count; i++) {
		if (sim->channel[i].from == sim->prober) {
			first = first == SIM_NONE ? (uint16_t)i : first;
			if (addr_equal(&sim->channel[i ^ 1].address_to, &self)) {
				return (uint16_t)i;
			}
		}
	}
	return first;
}

static void send_out(struct sim *sim, struct packet *packet)
{
	struct addr dst = packet_dst(packet);
	uint16_t channel = topo_node_of(sim, &dst) == sim->prober ? link_home(sim, packet) : SIM_NONE;

	if (channel == SIM_NONE) {
		router_send(sim, packet, true);
	} else {
		link_send(sim, channel, packet);
	}
}

void sim_inject(struct sim *sim, ns_t now, const uint8_t *bytes, size_t len)
{
	struct cursor c = cursor_of(bytes, len);
	struct ip_header header;
	struct packet *packet;

	advance(sim, now);
	sim->serial++;
	if (!ip_read(&c, &header) || header.total_bytes < header.header_bytes ||
	    header.total_bytes > len || (header.src.family == ADDR_V4 &&
	    cksum_of(bytes, header.header_bytes) != 0)) {
		sim->node[sim->prober].truth.dropped[SIM_CAUSE_MALFORMED]++;
		return;
	}
	packet = packet_new(sim, header.total_bytes);
	memcpy(packet->bytes, bytes, header.total_bytes);
	packet->end = header.total_bytes;
	packet->node = sim->prober;
	packet->probe = (struct sim_identity){.serial = sim->serial, .ip_id = header.id};
	if (sim->observer != NULL) {
		read_seq(bytes, header.total_bytes, &packet->probe);
	}
	truth_tell(sim, SIM_EVENT_SENT, SIM_CAUSE_NONE, packet, false, sim->prober);
	send_out(sim, packet);
}

ns_t sim_next(const struct sim *sim)
{
	ns_t next = sim->home_first != NULL ? sim->home_first->when : NS_NEVER;

	for (size_t i = 0; i < sim->heap.count; i++) {
		const struct heap_node *node = sim->heap.node[i];
		const struct sim_timer *timer = (const struct sim_timer *)(const void *)node;
		uint16_t to;
		ns_t home;

		if (timer->kind == TIMER_CHANGE) {
			continue;
		}
		to = timer->kind == TIMER_CHANNEL ?
			((const struct channel *)(const void *)timer)->to :
			((const struct packet *)(const void *)timer)->node;
		home = ns_add(node->when, sim->node[to].least_home);
		next = home < next ? home : next;
	}
	return next;
}

void sim_run_until(struct sim *sim, ns_t until, sim_deliver_fn *fn, void *arg)
{
	struct packet *packet;

	advance(sim, until);
	while ((packet = sim->home_first) != NULL) {
		sim->home_first = packet->next;
		if (sim->home_first == NULL) {
			sim->home_last = NULL;
		}
		fn(arg, packet->bytes + packet->start, packet_len(packet), packet->when,
			&packet->probe);
		packet_free(sim, packet);
	}
}
