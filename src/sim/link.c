/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <stdlib.h>

#include "base/mem.h"
#include "pkt/ip.h"
#include "sim/sim_int.h"

/* One direction of a link: members, queue, loss, delay. The order is that of the real thing:
 * what the queue has no room for never reaches the wire, where chance takes its share. */

ns_t jitter_draw(const struct jitter *jitter, struct rng *rng)
{
	double spread = (double)jitter->spread;

	switch (jitter->law) {
	case JITTER_NONE:
		return 0;
	case JITTER_NORMAL: {
		double z = rng_normal(rng);

		/* Cut, so that there is a least delay to wait for. */
		return (ns_t)(spread * (z < -4 ? -4 : z > 4 ? 4 : z));
	}
	case JITTER_EXPONENTIAL:
		return (ns_t)(spread * rng_exponential(rng));
	case JITTER_UNIFORM:
		return (ns_t)(spread * rng_unit(rng));
	}
	return 0;
}

/* When the last bit leaves, or NS_NEVER when the queue is full. */
static ns_t leave_queue(struct channel *channel, ns_t now, size_t len)
{
	const struct link_params *params = &channel->params;
	ns_t start, end;

	if (params->rate_bps == 0) {
		return now;
	}
	while (channel->departure_count > 0 &&
	       channel->departure[channel->departure_first] <= now) {
		channel->departure_first = (channel->departure_first + 1) % channel->departure_cap;
		channel->departure_count--;
	}
	if (channel->departure_count >= params->queue_packets) {
		return NS_NEVER;
	}
	if (channel->departure_count == channel->departure_cap) {
		/* The queue was made longer, or this is its first packet. */
		size_t cap = params->queue_packets;
		ns_t *ring = xcalloc(cap, sizeof *ring);

		for (size_t i = 0; i < channel->departure_count; i++) {
			ring[i] = channel->departure[(channel->departure_first + i) %
				channel->departure_cap];
		}
		free(channel->departure);
		channel->departure = ring;
		channel->departure_cap = cap;
		channel->departure_first = 0;
	}
	start = channel->free_at > now ? channel->free_at : now;
	end = start + (ns_t)((double)len * 8e9 / (double)params->rate_bps);
	channel->departure[(channel->departure_first + channel->departure_count) %
		channel->departure_cap] = end;
	channel->departure_count++;
	channel->free_at = end;
	return end;
}

/* Gilbert and Elliott: the state moves once a packet, then takes its toll. */
static bool is_lost_in_burst(struct channel *channel)
{
	const struct burst *burst = &channel->params.burst;

	if (burst->enter <= 0) {
		channel->is_in_burst = false;
		return false;
	}
	if (channel->is_in_burst) {
		channel->is_in_burst = !rng_chance(&channel->rng, burst->leave);
	} else {
		channel->is_in_burst = rng_chance(&channel->rng, burst->enter);
	}
	return channel->is_in_burst && rng_chance(&channel->rng, burst->loss);
}

static enum sim_cause chance_of_wire(struct sim *sim, uint16_t index, const struct packet *packet)
{
	struct channel *channel = &sim->channel[index];
	const struct members *members = &channel->params.members;

	if (is_lost_in_burst(channel)) {
		return SIM_CAUSE_BURST;
	}
	if (rng_chance(&channel->rng, channel->params.loss)) {
		return SIM_CAUSE_LOSS;
	}
	if (members->count > 1) {
		uint64_t hash = topo_hash(sim, packet, channel->params.hash, index, &channel->rng);

		if (rng_chance(&channel->rng, members->loss[hash % members->count])) {
			return SIM_CAUSE_MEMBER;
		}
	}
	return SIM_CAUSE_NONE;
}

static void put_on_wire(struct sim *sim, uint16_t index, struct packet *packet, ns_t left)
{
	struct channel *channel = &sim->channel[index];
	ns_t delay = channel->params.delay + jitter_draw(&channel->params.jitter, &channel->rng);
	ns_t arrival = left + (delay > 0 ? delay : 0);

	packet->node = channel->to;
	packet->channel = index;
	packet->is_made_here = false;
	packet->next = NULL;
	if (channel->params.may_reorder) {
		packet->when = arrival;
		heap_set(&sim->heap, &packet->timer.node, arrival);
		return;
	}
	if (arrival < channel->last_arrival) {
		arrival = channel->last_arrival;
	}
	channel->last_arrival = arrival;
	packet->when = arrival;
	if (channel->first == NULL) {
		channel->first = packet;
		heap_set(&sim->heap, &channel->timer.node, arrival);
	} else {
		channel->last->next = packet;
	}
	channel->last = packet;
}

static void damage(struct sim *sim, uint16_t index, struct packet *packet)
{
	struct channel *channel = &sim->channel[index];
	size_t header = ip_header_bytes(packet_family(packet));
	uint32_t bits = (uint32_t)(packet_len(packet) - header) * 8, bit;

	if (channel->params.damage > 0 && bits > 0 &&
	    rng_chance(&channel->rng, channel->params.damage)) {
		bit = rng_below(&channel->rng, bits);
		packet->bytes[packet->start + header + bit / 8] ^= (uint8_t)(1u << bit % 8);
	}
}

static struct packet *copy_of(struct sim *sim, const struct packet *packet)
{
	struct packet *copy = packet_new(sim, packet_len(packet));

	for (size_t i = 0; i < packet_len(packet); i++) {
		copy->bytes[i] = packet->bytes[packet->start + i];
	}
	copy->end = (uint32_t)packet_len(packet);
	copy->probe = packet->probe;
	copy->label_ttl = packet->label_ttl;
	return copy;
}

void link_send(struct sim *sim, uint16_t index, struct packet *packet)
{
	struct channel *channel = &sim->channel[index];
	ns_t left = leave_queue(channel, sim->now, packet_len(packet));
	enum sim_cause cause;

	channel->truth.sent++;
	if (left == NS_NEVER) {
		drop_on_channel(sim, index, packet, SIM_CAUSE_QUEUE);
		return;
	}
	cause = chance_of_wire(sim, index, packet);
	if (cause != SIM_CAUSE_NONE) {
		drop_on_channel(sim, index, packet, cause);
		return;
	}
	damage(sim, index, packet);
	if (rng_chance(&channel->rng, channel->params.duplicate)) {
		channel->truth.duplicated++;
		put_on_wire(sim, index, copy_of(sim, packet), left);
	}
	put_on_wire(sim, index, packet, left);
}

void link_arrive(struct sim *sim, struct channel *channel)
{
	struct packet *packet = channel->first;

	channel->first = packet->next;
	if (channel->first == NULL) {
		channel->last = NULL;
		heap_remove(&sim->heap, &channel->timer.node);
	} else {
		heap_set(&sim->heap, &channel->timer.node, channel->first->when);
	}
	router_receive(sim, packet);
}
