/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "base/siphash.h"
#include "pkt/icmp.h"
#include "pkt/ip.h"
#include "pkt/segments.h"
#include "sim/sim_int.h"

/* Who has which address, and the way from everywhere to everywhere: the fewest hops, the
 * earlier link of the file where there is a choice, unless the scenario says otherwise. */

static size_t slot_of(const struct sim *sim, const struct addr *address)
{
	uint64_t half[2];

	memcpy(half, address->byte, sizeof half);
	return (size_t)((half[0] ^ half[1] * 0x9e3779b97f4a7c15u) * 0x2545f4914f6cdd1du >> 32) &
	       (sim->slot_count - 1);
}

static void add_address(struct sim *sim, const struct addr *address, size_t node)
{
	size_t slot;

	if (!addr_is_set(address)) {
		return;
	}
	for (slot = slot_of(sim, address); addr_is_set(&sim->slot[slot].address);
	     slot = (slot + 1) & (sim->slot_count - 1)) {
		if (addr_equal(&sim->slot[slot].address, address)) {
			return;
		}
	}
	sim->slot[slot] = (struct address_slot){*address, (uint16_t)node};
}

const struct sid_format sim_sids = {SID_BLOCK_BITS, SID_BITS};

static uint16_t node_at(const struct sim *sim, const struct addr *address)
{
	for (size_t slot = slot_of(sim, address); addr_is_set(&sim->slot[slot].address);
	     slot = (slot + 1) & (sim->slot_count - 1)) {
		if (addr_equal(&sim->slot[slot].address, address)) {
			return sim->slot[slot].node;
		}
	}
	return SIM_NONE;
}

/* Of compressed SIDs the first one says whose it is. */
uint16_t topo_node_of(const struct sim *sim, const struct addr *address)
{
	uint16_t node = node_at(sim, address);
	struct addr first;

	if (node != SIM_NONE || address->family != ADDR_V6) {
		return node;
	}
	(void)segments_expand(address, sim_sids, &first, 1);
	node = node_at(sim, &first);
	return node != SIM_NONE && (node == sim->prober ||
		sim->node[node].params.carrier == CARRIER_USID) ? node : SIM_NONE;
}

static void build_addresses(struct sim *sim)
{
	const struct scenario *scenario = sim->scenario;

	sim->slot_count = 16;
	while (sim->slot_count < 2 * (2 * scenario->node_count + 2 * scenario->link_count)) {
		sim->slot_count *= 2;
	}
	sim->slot = xcalloc(sim->slot_count, sizeof *sim->slot);
	for (size_t i = 0; i < scenario->node_count; i++) {
		add_address(sim, &scenario->node[i].address, i);
	}
	for (size_t i = 0; i < scenario->node_count; i++) {
		add_address(sim, &scenario->node[i].params.nat.outside, i);
	}
	for (size_t i = 0; i < scenario->link_count; i++) {
		add_address(sim, &scenario->link[i].address[0], scenario->link[i].node[0]);
		add_address(sim, &scenario->link[i].address[1], scenario->link[i].node[1]);
	}
}

static bool may_pass_through(const struct sim *sim, uint16_t node)
{
	return sim->scenario->node[node].kind == SCN_ROUTER;
}

/* Hops from every node to `destination`; SIM_NONE: no way. `queue` holds node_count. */
static void measure_distances(const struct sim *sim, uint16_t destination, uint16_t *distance,
	uint16_t *queue)
{
	size_t head = 0, tail = 0;

	for (size_t i = 0; i < sim->node_count; i++) {
		distance[i] = SIM_NONE;
	}
	distance[destination] = 0;
	queue[tail++] = destination;
	while (head < tail) {
		uint16_t node = queue[head++];

		if (node != destination && !may_pass_through(sim, node)) {
			continue;
		}
		for (size_t c = 0; c < sim->channel_count; c++) {
			const struct channel *channel = &sim->channel[c];

			if (channel->to == node && distance[channel->from] == SIM_NONE) {
				distance[channel->from] = (uint16_t)(distance[node] + 1);
				queue[tail++] = channel->from;
			}
		}
	}
}

static void build_routes(struct sim *sim)
{
	size_t count = sim->node_count;
	uint16_t *distance = xcalloc(count, sizeof *distance);
	uint16_t *queue = xcalloc(count, sizeof *queue);

	sim->route = xcalloc(count * count, sizeof *sim->route);
	for (size_t i = 0; i < count * count; i++) {
		sim->route[i] = SIM_NONE;
	}
	for (size_t d = 0; d < count; d++) {
		measure_distances(sim, (uint16_t)d, distance, queue);
		for (size_t c = 0; c < sim->channel_count; c++) {
			const struct channel *channel = &sim->channel[c];
			uint16_t *route = &sim->route[channel->from * count + d];

			if (*route == SIM_NONE && distance[channel->to] != SIM_NONE &&
			    distance[channel->from] == distance[channel->to] + 1 &&
			    (channel->to == d || may_pass_through(sim, channel->to))) {
				*route = (uint16_t)c;
			}
		}
	}
	free(distance);
	free(queue);
}

/* Bellman and Ford over the least delays there ever are, changes to come included. */
static void build_least_home(struct sim *sim)
{
	const struct scenario *scenario = sim->scenario;
	ns_t *least = xcalloc(sim->channel_count, sizeof *least);
	bool is_better = true;

	for (size_t c = 0; c < sim->channel_count; c++) {
		struct link_params params = scenario->link[c / 2].dir[c % 2];

		least[c] = link_params_least_delay(&params);
		for (size_t i = 0; i < scenario->change_count; i++) {
			const struct scn_change *change = &scenario->change[i];

			if (change->kind == SCN_CHANGE_LINK && change->index == c / 2) {
				ns_t delay;

				link_params_apply(&params, &change->link[c % 2],
					change->link_mask[c % 2]);
				delay = link_params_least_delay(&params);
				least[c] = delay < least[c] ? delay : least[c];
			}
		}
	}
	for (size_t i = 0; i < sim->node_count; i++) {
		sim->node[i].least_home = i == sim->prober ? 0 : NS_NEVER;
	}
	while (is_better) {
		is_better = false;
		for (size_t c = 0; c < sim->channel_count; c++) {
			const struct channel *channel = &sim->channel[c];
			ns_t home = ns_add(sim->node[channel->to].least_home, least[c]);

			if (home < sim->node[channel->from].least_home) {
				sim->node[channel->from].least_home = home;
				is_better = true;
			}
		}
	}
	free(least);
}

void topo_set_route(struct sim *sim, const struct scn_route *route, size_t index)
{
	struct group *group = &sim->group[index];

	group->hash = route->hash;
	group->count = 0;
	for (size_t i = 0; i < route->via_count; i++) {
		int direction = 0;
		int link = scenario_find_link(sim->scenario, route->node, route->via[i],
			&direction);

		group->channel[group->count++] = (uint16_t)(2 * link + direction);
	}
	sim->route[route->node * sim->node_count + route->to] = group->count == 1 ?
		group->channel[0] : (uint16_t)(ROUTE_GROUP | index);
}

void topo_build(struct sim *sim)
{
	const struct scenario *scenario = sim->scenario;

	build_addresses(sim);
	build_routes(sim);
	build_least_home(sim);
	sim->group = xcalloc(scenario->route_count + scenario->change_count + 1,
		sizeof *sim->group);
	for (size_t i = 0; i < scenario->route_count; i++) {
		topo_set_route(sim, &scenario->route[i], i);
	}
}

void topo_finish(struct sim *sim)
{
	free(sim->slot);
	free(sim->route);
	free(sim->group);
}

static bool is_v6(const uint8_t *header)
{
	return header[0] >> 4 == 6;
}

static size_t header_bytes_of(const uint8_t *header)
{
	return is_v6(header) ? IP6_HEADER_BYTES : (size_t)(header[0] & 15) * 4;
}

static uint8_t protocol_of(const uint8_t *header)
{
	return header[is_v6(header) ? 6 : 9];
}

/* Routers hash the flow label of IPv6 with the addresses (RFC 6438, 3). */
static uint64_t address_pair(const struct siphash_key *key, const uint8_t *header)
{
	struct cursor c = cursor_of(header + 12, 8);
	uint64_t sum;

	if (!is_v6(header)) {
		return cursor_be64(&c);
	}
	c = cursor_of(header, IP6_HEADER_BYTES);
	sum = cursor_be32(&c) & 0xfffff;
	cursor_skip(&c, 4);
	while (cursor_left(&c) > 0) {
		sum = siphash_u64(key, sum ^ cursor_be64(&c));
	}
	return sum;
}

/* Protocol and, where there are some, ports; of echoes the four bytes that stand there. */
static uint64_t transport_of(const struct packet *packet, const uint8_t *header)
{
	size_t header_bytes = header_bytes_of(header);
	uint8_t protocol = protocol_of(header);
	uint64_t ports = 0;

	if (packet_len(packet) >= header_bytes + 4 &&
	    (protocol == IP_PROTO_UDP || protocol == IP_PROTO_TCP ||
	     (protocol == IP_PROTO_ICMP && header[header_bytes] == ICMP_ECHO))) {
		ports = (uint64_t)get_be16(header + header_bytes) << 16 |
			get_be16(header + header_bytes + 2);
	}
	return ports << 8 | protocol;
}

/* The header that the outer one bears; that itself where there is none. */
static const uint8_t *inner_of(const struct packet *packet)
{
	const uint8_t *header = packet->bytes + packet->start;
	struct cursor c = cursor_of(header, packet_len(packet));
	enum carrier carrier;

	cursor_skip(&c, header_bytes_of(header));
	if (carrier_enter(&c, protocol_of(header), &carrier) == 0 || cursor_left(&c) == 0 ||
	    cursor_left(&c) < header_bytes_of(header + c.pos)) {
		return header;
	}
	return header + c.pos;
}

uint64_t topo_hash(struct sim *sim, const struct packet *packet, enum hash_mode mode, uint64_t salt,
	struct rng *rng)
{
	const uint8_t *header = packet->bytes + packet->start;
	struct siphash_key key = {sim->hash_seed, salt};

	switch (mode) {
	case HASH_OUTER:
		return siphash_u64(&key, address_pair(&key, header));
	case HASH_INNER:
		return siphash_u64(&key, address_pair(&key, inner_of(packet)));
	case HASH_FIVE_TUPLE:
		return siphash_u64(&key, siphash_u64(&key, address_pair(&key, header)) ^
			transport_of(packet, header));
	case HASH_PACKET:
		return rng_u32(rng);
	}
	return 0;
}

uint16_t topo_route(struct sim *sim, uint16_t node, uint16_t destination,
	const struct packet *packet)
{
	uint16_t route = sim->route[node * sim->node_count + destination];
	const struct group *group;

	if (route == SIM_NONE || (route & ROUTE_GROUP) == 0) {
		return route;
	}
	group = &sim->group[route & ~ROUTE_GROUP];
	return group->channel[topo_hash(sim, packet, group->hash, (uint64_t)node << 32,
		&sim->node[node].rng) % group->count];
}

bool topo_routes_by(const struct sim *sim, uint16_t node, uint16_t destination, uint16_t channel)
{
	uint16_t route = sim->route[node * sim->node_count + destination];
	const struct group *group;

	if (route == SIM_NONE || (route & ROUTE_GROUP) == 0) {
		return route == channel;
	}
	group = &sim->group[route & ~ROUTE_GROUP];
	for (size_t i = 0; i < group->count; i++) {
		if (group->channel[i] == channel) {
			return true;
		}
	}
	return false;
}
