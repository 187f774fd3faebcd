/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <string.h>

#include "pkt/cksum.h"
#include "pkt/icmp.h"
#include "pkt/ip.h"
#include "pkt/segments.h"
#include "sim/sim_int.h"

/*
 * What a node does with a packet: take off a header that is addressed to it (RFC 2003), as
 * often as there is one, then answer it, forward it or drop it. ICMP errors come from the
 * address of the interface the packet came in by.
 */

enum { AT_FRAGMENT = 6, AT_TTL = 8, AT_PROTOCOL = 9, AT_CHECKSUM = 10, AT_SRC = 12, AT_DST = 16,
	AT6_PROTOCOL = 6, AT6_TTL = 7, AT6_SRC = 8, AT6_DST = 24, AT_SEGMENTS_LEFT = 3 };

uint8_t packet_family(const struct packet *packet)
{
	return packet->bytes[packet->start] >> 4 == 6 ? ADDR_V6 : ADDR_V4;
}

/* Its address at the one offset or the other. */
static struct addr address_at(const struct packet *packet, size_t at4, size_t at6)
{
	struct addr addr = {.family = packet_family(packet)};

	memcpy(addr.byte, packet->bytes + packet->start + (addr.family == ADDR_V6 ? at6 : at4),
		addr.family == ADDR_V6 ? 16 : 4);
	return addr;
}

struct addr packet_src(const struct packet *packet)
{
	return address_at(packet, AT_SRC, AT6_SRC);
}

struct addr packet_dst(const struct packet *packet)
{
	return address_at(packet, AT_DST, AT6_DST);
}

static uint8_t *ttl_of(struct packet *packet)
{
	return packet->bytes + packet->start + (packet_family(packet) == ADDR_V6 ? AT6_TTL : AT_TTL);
}

static uint8_t protocol_of(const struct packet *packet)
{
	return packet->bytes[packet->start +
		(packet_family(packet) == ADDR_V6 ? AT6_PROTOCOL : AT_PROTOCOL)];
}

size_t packet_len(const struct packet *packet)
{
	return packet->end - packet->start;
}

/* RFC 1624, eqn. 3, for the word that holds TTL and protocol; IPv6 has no sum. */
static void set_ttl(struct packet *packet, uint8_t ttl)
{
	uint8_t *header = packet->bytes + packet->start;
	uint16_t old = get_be16(header + AT_TTL);
	uint32_t sum;

	*ttl_of(packet) = ttl;
	if (packet_family(packet) == ADDR_V6) {
		return;
	}
	sum = (uint16_t)~get_be16(header + AT_CHECKSUM);
	sum += (uint16_t)~old;
	sum += get_be16(header + AT_TTL);
	sum = (sum & 0xffff) + (sum >> 16);
	sum = (sum & 0xffff) + (sum >> 16);
	put_be16(header + AT_CHECKSUM, (uint16_t)~sum);
}

/* RFC 2474, 3 and RFC 3168, 23: six bits and two, of IPv6 across a byte's edge. */
static void remark(const struct sim_node *node, struct packet *packet)
{
	uint8_t *header = packet->bytes + packet->start;
	bool is_v6 = packet_family(packet) == ADDR_V6;
	unsigned shift = is_v6 ? 4 : 0;
	uint16_t word = get_be16(header), tos = word >> shift & 0xff;

	tos = node->params.set_dscp == MARK_KEPT ? tos :
		(uint16_t)((tos & 3) | node->params.set_dscp << 2);
	tos = node->params.set_ecn == MARK_KEPT ? tos :
		(uint16_t)((tos & 0xfc) | node->params.set_ecn);
	put_be16(header, (uint16_t)((word & ~(0xffu << shift)) | (unsigned)tos << shift));
	if (!is_v6) {
		put_be16(header + AT_CHECKSUM, 0);
		put_be16(header + AT_CHECKSUM, cksum_of(header, (size_t)(header[0] & 15) * 4));
	}
}

/* Within a tunnel only the label counts; at its end the lesser of both goes on. */
static void cross_tunnel(const struct sim_node *node, struct packet *packet)
{
	if (node->params.decrement == DECREMENT_TUNNEL) {
		packet->label_ttl = (uint8_t)((packet->label_ttl == 0 ? 255 : packet->label_ttl) - 1);
	} else if (packet->label_ttl > 0) {
		if (packet->label_ttl < *ttl_of(packet)) {
			set_ttl(packet, packet->label_ttl);
		}
		packet->label_ttl = 0;
	}
}

static enum packet_class class_of(const struct packet *packet)
{
	uint8_t protocol = protocol_of(packet);

	return ip_is_ip(protocol) ? CLASS_IPIP : protocol == IP_PROTO_GRE ? CLASS_GRE :
		protocol == IP_PROTO_ROUTING ? CLASS_SRH : protocol == IP_PROTO_UDP ? CLASS_UDP :
		protocol == IP_PROTO_TCP ? CLASS_TCP : CLASS_ICMP;
}

static uint32_t dscp_of(const struct packet *packet)
{
	const uint8_t *header = packet->bytes + packet->start;

	return packet_family(packet) == ADDR_V6 ? (uint32_t)(get_be16(header) >> 6 & 0x3f) :
		(uint32_t)header[1] >> 2;
}

/* By what a packet is: a policer, a filter that errs. Then it is dropped. */
static bool is_unwanted(struct sim *sim, struct packet *packet)
{
	struct sim_node *node = &sim->node[packet->node];
	const struct node_params *params = &node->params;
	enum packet_class what = class_of(packet);

	if (params->police.period > 0 &&
	    (params->police.what == CLASS_ALL || params->police.what == what) &&
	    !bucket_take(&node->police, sim->now, params->police.period, params->police.burst)) {
		drop_at_node(sim, packet, SIM_CAUSE_POLICE);
		return true;
	}
	if (rng_chance(&node->rng, params->loss_of.share[what]) ||
	    rng_chance(&node->rng, params->loss_of.share[CLASS_ALL]) ||
	    (packet_len(packet) > params->loss_over.bytes &&
	     rng_chance(&node->rng, params->loss_over.share)) ||
	    (params->drop_dscp.share > 0 && dscp_of(packet) == params->drop_dscp.dscp &&
	     rng_chance(&node->rng, params->drop_dscp.share))) {
		drop_at_node(sim, packet, SIM_CAUSE_KIND);
		return true;
	}
	return false;
}

/* From and to one address: so came those of an old attack, which some still look for. */
static bool is_to_itself(const struct packet *packet)
{
	struct addr src = packet_src(packet), dst = packet_dst(packet);

	return addr_equal(&src, &dst);
}

/* RFC 3704, 2.2 and 2.4; a strict router takes its own address as a source only where the
 * packet came in by the interface that has it. */
static bool is_source_accepted(const struct sim *sim, const struct packet *packet, bool is_inner)
{
	const struct sim_node *node = &sim->node[packet->node];
	struct addr address;
	uint16_t source;

	if (node->params.source_check == SOURCE_OFF) {
		return true;
	}
	address = packet_src(packet);
	source = topo_node_of(sim, &address);
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
			return addr_equal(&sim->channel[packet->channel].address_to, &address);
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

	if (!ip_read(&c, &header) || header.total_bytes < header.header_bytes ||
	    header.total_bytes > packet_len(packet) || (header.src.family == ADDR_V4 &&
	    cksum_of(packet->bytes + packet->start, header.header_bytes) != 0)) {
		return false;
	}
	packet->end = packet->start + header.total_bytes;
	return true;
}

static void refuse(struct sim *sim, struct packet *packet, enum icmp_cause answer,
	enum sim_cause cause)
{
	answer_error(sim, packet, answer, 0);
	drop_at_node(sim, packet, cause);
}

/* Steps over the outer header and what stands behind it, if this node takes that carrier. */
static bool enter(const struct sim_node *node, struct packet *packet)
{
	const uint8_t *header = packet->bytes + packet->start;
	struct cursor c = cursor_of(header, packet_len(packet));
	enum carrier carrier;

	cursor_skip(&c, packet_family(packet) == ADDR_V6 ? IP6_HEADER_BYTES :
		(size_t)(header[0] & 15) * 4);
	if (carrier_enter(&c, protocol_of(packet), &carrier) == 0 || carrier != node->params.carrier) {
		return false;
	}
	packet->start += (uint32_t)c.pos;
	return true;
}

/* Takes one header off. False: the packet is gone. */
static bool decapsulate(struct sim *sim, struct packet *packet)
{
	struct sim_node *node = &sim->node[packet->node];
	const uint8_t *header = packet->bytes + packet->start;

	switch (node->params.decap) {
	case DECAP_REFUSED:
		refuse(sim, packet, CAUSE_PROTOCOL_UNREACHABLE, SIM_CAUSE_DECAP_REFUSED);
		return false;
	case DECAP_REFUSED_PORT:
		refuse(sim, packet, CAUSE_PORT_UNREACHABLE, SIM_CAUSE_DECAP_REFUSED);
		return false;
	case DECAP_PROHIBITED:
		refuse(sim, packet, CAUSE_ADMIN_PROHIBITED, SIM_CAUSE_DECAP_REFUSED);
		return false;
	case DECAP_SILENT:
		drop_at_node(sim, packet, SIM_CAUSE_DECAP_SILENT);
		return false;
	case DECAP_YES:
		break;
	}
	/* More fragments, or not the first one: nobody reassembles here. */
	if (packet_family(packet) == ADDR_V4 && (get_be16(header + AT_FRAGMENT) & 0x3fff) != 0) {
		drop_at_node(sim, packet, SIM_CAUSE_MALFORMED);
		return false;
	}
	if (rng_chance(&node->rng, node->params.decap_loss)) {
		drop_at_node(sim, packet, SIM_CAUSE_DECAP_FAULT);
		return false;
	}
	if (!enter(node, packet)) {
		refuse(sim, packet, CAUSE_PROTOCOL_UNREACHABLE, SIM_CAUSE_DECAP_REFUSED);
		return false;
	}
	/* RFC 2003, 3.1: an inner TTL of 0 is discarded. */
	if (!trim_to_header(packet) || *ttl_of(packet) == 0) {
		drop_at_node(sim, packet, SIM_CAUSE_MALFORMED);
		return false;
	}
	node->truth.decapsulated++;
	return true;
}

/* RFC 8986, 4.1 and RFC 9800, 4.1.1: where it goes behind this node becomes its destination. False:
 * it ends here. */
static bool step_segments(const struct sim_node *node, struct packet *packet)
{
	uint8_t *header = packet->bytes + packet->start;
	struct cursor c = cursor_of(header, packet_len(packet));
	struct addr dst = packet_dst(packet);
	struct segments segments;
	uint8_t left;

	if (!carrier_is_routed(node->params.carrier) || node->params.decap != DECAP_YES ||
	    packet_family(packet) != ADDR_V6) {
		return false;
	}
	if (node->params.carrier == CARRIER_USID && segments_shift(&dst, sim_sids)) {
		memcpy(header + AT6_DST, dst.byte, sizeof dst.byte);
		return true;
	}
	cursor_skip(&c, IP6_HEADER_BYTES);
	if (protocol_of(packet) != IP_PROTO_ROUTING || !segments_read(&c, &segments, &left) ||
	    left == 0) {
		return false;
	}
	/* The last segment is the first in the list. */
	header[IP6_HEADER_BYTES + AT_SEGMENTS_LEFT] = (uint8_t)(left - 1);
	memcpy(header + AT6_DST, segments.list[segments.count - left].byte, sizeof dst.byte);
	return true;
}

/* To whom it goes is known. */
static void send_to(struct sim *sim, struct packet *packet, uint16_t destination, bool is_exempt)
{
	struct sim_node *node = &sim->node[packet->node];
	uint16_t channel;
	uint32_t mtu;

	if (!is_exempt && *ttl_of(packet) <= 1) {
		refuse(sim, packet, CAUSE_TIME_EXCEEDED, SIM_CAUSE_TTL);
		return;
	}
	channel = destination == SIM_NONE ? SIM_NONE :
		topo_route(sim, packet->node, destination, packet);
	if (channel == SIM_NONE) {
		refuse(sim, packet, CAUSE_NET_UNREACHABLE, SIM_CAUSE_NO_ROUTE);
		return;
	}
	mtu = sim->channel[channel].params.mtu_bytes;
	if (packet_len(packet) > mtu) {
		if (fragment_may(packet)) {
			fragment_send(sim, packet, mtu, is_exempt);
			return;
		}
		answer_error(sim, packet, CAUSE_FRAGMENTATION_NEEDED, mtu);
		drop_at_node(sim, packet, SIM_CAUSE_MTU);
		return;
	}
	if (!is_exempt) {
		set_ttl(packet, (uint8_t)(*ttl_of(packet) - 1));
	}
	if (node->params.set_dscp != MARK_KEPT || node->params.set_ecn != MARK_KEPT) {
		remark(node, packet);
	}
	nat_leave(&node->params.nat, packet);
	node->truth.forwarded++;
	link_send(sim, channel, packet);
}

void router_send(struct sim *sim, struct packet *packet, bool is_exempt)
{
	struct addr dst = packet_dst(packet);

	send_to(sim, packet, topo_node_of(sim, &dst), is_exempt);
}

void router_receive(struct sim *sim, struct packet *packet)
{
	struct sim_node *node = &sim->node[packet->node];
	bool is_inner = false;
	uint16_t destination;

	if (packet->is_made_here) {
		router_send(sim, packet, true);
		return;
	}
	if (packet->channel != SIM_NONE) {
		sim->channel[packet->channel].truth.delivered++;
	}
	node->truth.received++;
	cross_tunnel(node, packet);
	if (packet->node == sim->prober) {
		sim_home(sim, packet);
		return;
	}
	nat_enter(&node->params.nat, packet);
	if (is_unwanted(sim, packet)) {
		return;
	}
	if ((!node->params.passes_nested && class_of(packet) == CLASS_IPIP) ||
	    (!node->params.bounces && is_to_itself(packet))) {
		drop_at_node(sim, packet, SIM_CAUSE_FILTER);
		return;
	}
	for (;;) {
		struct addr dst;

		if (!is_source_accepted(sim, packet, is_inner)) {
			drop_at_node(sim, packet, SIM_CAUSE_SOURCE);
			return;
		}
		dst = packet_dst(packet);
		destination = topo_node_of(sim, &dst);
		if (destination != packet->node) {
			break;
		}
		if (step_segments(node, packet)) {
			if (rng_chance(&node->rng, node->params.decap_loss)) {
				drop_at_node(sim, packet, SIM_CAUSE_DECAP_FAULT);
				return;
			}
			node->truth.decapsulated++;
			is_inner = true;
			continue;
		}
		if (!carrier_is_any(protocol_of(packet))) {
			answer_local(sim, packet);
			return;
		}
		if (!decapsulate(sim, packet)) {
			return;
		}
		is_inner = true;
	}
	send_to(sim, packet, destination, node->params.decrement == DECREMENT_NO ||
		node->params.decrement == DECREMENT_TUNNEL ||
		(node->params.decrement == DECREMENT_PLAIN && is_inner));
}
