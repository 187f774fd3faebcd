/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "pkt/cksum.h"
#include "pkt/icmp.h"
#include "pkt/ip.h"
#include "sim/sim_int.h"

/*
 * What a node does with a packet: take off a header that is addressed to it (RFC 2003), as
 * often as there is one, then answer it, forward it or drop it. ICMP errors come from the
 * address of the interface the packet came in by.
 */

enum { ICMP_CODE_NET = 0, ICMP_CODE_PROHIBITED = 13, AT_FRAGMENT = 6, AT_TTL = 8,
	AT_PROTOCOL = 9, AT_CHECKSUM = 10, AT_SRC = 12, AT_DST = 16 };

static uint32_t be32(const uint8_t *at)
{
	return (uint32_t)get_be16(at) << 16 | get_be16(at + 2);
}

uint32_t packet_src(const struct packet *packet)
{
	return be32(packet->bytes + packet->start + AT_SRC);
}

uint32_t packet_dst(const struct packet *packet)
{
	return be32(packet->bytes + packet->start + AT_DST);
}

size_t packet_len(const struct packet *packet)
{
	return packet->end - packet->start;
}

/* RFC 1624, eqn. 3, for the word that holds TTL and protocol. */
static void decrement_ttl(uint8_t *header)
{
	uint16_t old = get_be16(header + AT_TTL);
	uint32_t sum;

	header[AT_TTL]--;
	sum = (uint16_t)~get_be16(header + AT_CHECKSUM);
	sum += (uint16_t)~old;
	sum += get_be16(header + AT_TTL);
	sum = (sum & 0xffff) + (sum >> 16);
	sum = (sum & 0xffff) + (sum >> 16);
	put_be16(header + AT_CHECKSUM, (uint16_t)~sum);
}

static bool is_own_address(const struct sim *sim, uint16_t node, uint32_t address)
{
	return topo_node_of(sim, address) == node;
}

/* RFC 3704, 2.2 and 2.4; a strict router takes its own address as a source only where the
 * packet came in by the interface that has it. */
static bool is_source_accepted(const struct sim *sim, const struct packet *packet, bool is_inner)
{
	const struct sim_node *node = &sim->node[packet->node];
	uint32_t address;
	uint16_t source;

	if (node->params.source_check == SOURCE_OFF) {
		return true;
	}
	address = packet_src(packet);
	source = topo_node_of(sim, address);
	switch (node->params.source_check) {
	case SOURCE_OFF:
		return true;
	case SOURCE_MARTIAN:
		return !is_inner || source != packet->node;
	case SOURCE_LOOSE:
		return source != SIM_NONE && (source == packet->node ||
			sim->route[packet->node * sim->node_count + source] != SIM_NONE);
	case SOURCE_STRICT:
		if (source == SIM_NONE || packet->channel == SIM_NONE) {
			return false;
		}
		if (source == packet->node) {
			return sim->channel[packet->channel].address_to == address;
		}
		return topo_routes_by(sim, packet->node, source, packet->channel ^ 1);
	}
	return true;
}

/* The header at `start` is whole and what it says fits; then `end` is where it says. */
static bool trim_to_header(struct packet *packet)
{
	struct cursor c = cursor_of(packet->bytes + packet->start, packet_len(packet));
	struct ip_header header;

	if (!ip4_read(&c, &header) || header.total_bytes < header.header_bytes ||
	    header.total_bytes > packet_len(packet) ||
	    cksum_of(packet->bytes + packet->start, header.header_bytes) != 0) {
		return false;
	}
	packet->end = packet->start + header.total_bytes;
	return true;
}

static void refuse(struct sim *sim, struct packet *packet, uint8_t type, uint8_t code,
	enum sim_cause cause)
{
	answer_error(sim, packet, type, code, 0);
	drop_at_node(sim, packet, cause);
}

/* Takes one header off. False: the packet is gone. */
static bool decapsulate(struct sim *sim, struct packet *packet)
{
	struct sim_node *node = &sim->node[packet->node];
	const uint8_t *header = packet->bytes + packet->start;

	switch (node->params.decap) {
	case DECAP_REFUSED:
		refuse(sim, packet, ICMP_UNREACHABLE, ICMP_CODE_PROTOCOL, SIM_CAUSE_DECAP_REFUSED);
		return false;
	case DECAP_REFUSED_PORT:
		refuse(sim, packet, ICMP_UNREACHABLE, ICMP_CODE_PORT, SIM_CAUSE_DECAP_REFUSED);
		return false;
	case DECAP_PROHIBITED:
		refuse(sim, packet, ICMP_UNREACHABLE, ICMP_CODE_PROHIBITED,
			SIM_CAUSE_DECAP_REFUSED);
		return false;
	case DECAP_SILENT:
		drop_at_node(sim, packet, SIM_CAUSE_DECAP_SILENT);
		return false;
	case DECAP_YES:
		break;
	}
	/* More fragments, or not the first one: nobody reassembles here. */
	if ((get_be16(header + AT_FRAGMENT) & 0x3fff) != 0) {
		drop_at_node(sim, packet, SIM_CAUSE_MALFORMED);
		return false;
	}
	if (rng_chance(&node->rng, node->params.decap_loss)) {
		drop_at_node(sim, packet, SIM_CAUSE_DECAP_FAULT);
		return false;
	}
	packet->start += (uint32_t)(header[0] & 15) * 4;
	/* RFC 2003, 3.1: an inner TTL of 0 is discarded. */
	if (!trim_to_header(packet) || packet->bytes[packet->start + AT_TTL] == 0) {
		drop_at_node(sim, packet, SIM_CAUSE_MALFORMED);
		return false;
	}
	node->truth.decapsulated++;
	return true;
}

void router_send(struct sim *sim, struct packet *packet, bool is_exempt)
{
	struct sim_node *node = &sim->node[packet->node];
	uint8_t *header = packet->bytes + packet->start;
	uint16_t destination = topo_node_of(sim, packet_dst(packet));
	uint16_t channel;
	uint32_t mtu;

	if (!is_exempt && header[AT_TTL] <= 1) {
		refuse(sim, packet, ICMP_TIME_EXCEEDED, 0, SIM_CAUSE_TTL);
		return;
	}
	channel = destination == SIM_NONE ? SIM_NONE :
		topo_route(sim, packet->node, destination, packet);
	if (channel == SIM_NONE) {
		refuse(sim, packet, ICMP_UNREACHABLE, ICMP_CODE_NET, SIM_CAUSE_NO_ROUTE);
		return;
	}
	mtu = sim->channel[channel].params.mtu_bytes;
	if (packet_len(packet) > mtu) {
		/* Without DF a router would fragment; nothing of ours comes without. */
		answer_error(sim, packet, ICMP_UNREACHABLE, ICMP_CODE_FRAGMENTATION,
			(uint16_t)mtu);
		drop_at_node(sim, packet, SIM_CAUSE_MTU);
		return;
	}
	if (!is_exempt) {
		decrement_ttl(header);
	}
	node->truth.forwarded++;
	link_send(sim, channel, packet);
}

void router_receive(struct sim *sim, struct packet *packet)
{
	struct sim_node *node = &sim->node[packet->node];
	bool is_inner = false;

	if (packet->is_made_here) {
		router_send(sim, packet, true);
		return;
	}
	if (packet->channel != SIM_NONE) {
		sim->channel[packet->channel].truth.delivered++;
	}
	node->truth.received++;
	if (packet->node == sim->prober) {
		sim_home(sim, packet);
		return;
	}
	if (!node->params.passes_nested &&
	    packet->bytes[packet->start + AT_PROTOCOL] == IP_PROTO_IPIP) {
		drop_at_node(sim, packet, SIM_CAUSE_FILTER);
		return;
	}
	for (;;) {
		if (!is_source_accepted(sim, packet, is_inner)) {
			drop_at_node(sim, packet, SIM_CAUSE_SOURCE);
			return;
		}
		if (!is_own_address(sim, packet->node, packet_dst(packet))) {
			break;
		}
		if (packet->bytes[packet->start + AT_PROTOCOL] != IP_PROTO_IPIP) {
			answer_local(sim, packet);
			return;
		}
		if (!decapsulate(sim, packet)) {
			return;
		}
		is_inner = true;
	}
	router_send(sim, packet, node->params.decrement == DECREMENT_NO ||
		(node->params.decrement == DECREMENT_PLAIN && is_inner));
}
