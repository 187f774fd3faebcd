/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <math.h>
#include <stdlib.h>

#include "base/mem.h"
#include "pkt/ip.h"
#include "sim/sim_int.h"

/* One direction of a link: members, queue, loss, delay. The order is that of the real thing:
 * what the queue has no room for never reaches the wire, where chance takes its share. */

enum { LOAD_BYTES = 1500, LOAD_PACKETS_MAX = 2000 };

static const ns_t PARETO_MOST = 60 * NS_PER_SEC;

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
	case JITTER_PARETO: {
		double added = spread * (pow(1 - rng_unit(rng), -1 / jitter->alpha) - 1);

		return added < (double)PARETO_MOST ? (ns_t)added : PARETO_MOST;
	}
	}
	return 0;
}

/* Cross traffic: packets of one size come by chance (M/D/1) and push back the instant at which the
 * interface is free. After a long time only the last of them are drawn, from the mean wait on
 * (Pollaczek and Khinchine). */
static void draw_load(struct channel *channel, ns_t now)
{
	const struct link_params *params = &channel->params;
	double service = LOAD_BYTES * 8e9 / (double)params->rate_bps;
	double load = params->load < 0.99 ? params->load : 0.99, gap = service / load;
	ns_t most = (ns_t)(service * params->queue_packets);

	if (channel->load_at < now - (ns_t)(LOAD_PACKETS_MAX * gap)) {
		double wait = service * load / (2 * (1 - load)) * rng_exponential(&channel->rng);

		channel->load_at = now - (ns_t)(LOAD_PACKETS_MAX * gap);
		channel->free_at = channel->load_at + ((ns_t)wait < most ? (ns_t)wait : most);
	}
	for (; channel->load_at <= now;
	     channel->load_at += (ns_t)(gap * rng_exponential(&channel->rng)) + 1) {
		if (channel->free_at < channel->load_at) {
			channel->free_at = channel->load_at;
		}
		if (channel->free_at - channel->load_at < most) {
			channel->free_at += (ns_t)service;
		}
	}
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
	if (params->load > 0) {
		draw_load(channel, now);
		if (channel->free_at - now >= (ns_t)(LOAD_BYTES * 8e9 / (double)params->rate_bps *
		    params->queue_packets)) {
			return NS_NEVER;
		}
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

static void draw_outage(struct channel *channel, ns_t from)
{
	const struct outage *outage = &channel->outage;
	ns_t length = outage->least + (ns_t)(rng_unit(&channel->outage_rng) *
		(double)(outage->most - outage->least));
	ns_t rest = outage->every - length;

	channel->out_from = from + (outage->is_random ?
		(ns_t)((double)rest * rng_exponential(&channel->outage_rng)) : rest);
	channel->out_until = channel->out_from + length;
}

/* Whether the link is out when the packet is put on it. */
static bool is_out(struct sim *sim, struct channel *channel, ns_t when)
{
	const struct outage *wanted = &channel->params.outage;

	if (wanted->every == 0) {
		channel->outage.every = 0;
		return false;
	}
	if (channel->outage.every != wanted->every || channel->outage.least != wanted->least ||
	    channel->outage.most != wanted->most || channel->outage.is_random != wanted->is_random) {
		/* Periodic ones begin at a phase that chance gives. */
		channel->outage = *wanted;
		draw_outage(channel, (channel->outage_since > sim->start ? channel->outage_since :
			sim->start) - (ns_t)(rng_unit(&channel->outage_rng) *
			(double)(wanted->is_random ? 0 : wanted->every)));
	}
	while (when >= channel->out_until) {
		draw_outage(channel, channel->out_until);
	}
	return when >= channel->out_from;
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
	cause = is_out(sim, channel, left) ? SIM_CAUSE_OUTAGE : chance_of_wire(sim, index, packet);
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
