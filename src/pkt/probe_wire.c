/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "pkt/probe_wire.h"

#include "pkt/cksum.h"
#include "pkt/icmp.h"
#include "pkt/ip.h"
#include "pkt/tcp.h"

/* Any constant serves; this one is far from the values where 0 and ffff meet. */
enum { ECHO_CHECKSUM = 0x7470 };

const char *carrier_name(enum carrier carrier)
{
	static const char *const names[CARRIER_COUNT] = {
		[CARRIER_UDP] = "udp",
		[CARRIER_ECHO] = "echo",
		[CARRIER_TCP] = "tcp",
	};

	return carrier < CARRIER_COUNT ? names[carrier] : "?";
}

size_t probe_wire_min(size_t leg_count)
{
	return leg_count * IP4_HEADER_BYTES + L4_HEADER_BYTES + PAYLOAD_MIN;
}

void probe_wire_stack(struct wcursor *w, const struct walk *walk, const uint16_t *ids, uint8_t tos,
	uint8_t protocol, size_t carried)
{
	for (size_t i = 0; i < walk->leg_count; i++) {
		size_t below = (size_t)walk->leg_count - i;

		ip4_write(w, &(struct ip_header){
			.src = walk->leg[i].src,
			.dst = walk->leg[i].dst,
			.total_bytes = (uint16_t)(below * IP4_HEADER_BYTES + carried),
			.id = ids[i],
			.dont_fragment = true,
			.tos = tos,
			.ttl = walk->leg[i].ttl,
			.protocol = below > 1 ? IP_PROTO_IPIP : protocol,
		});
	}
}

static void write_payload(struct wcursor *w, const struct ident *ident,
	const struct ident_subject *subject, size_t len)
{
	static const uint8_t name[8] = {'t', 'h', 'r', 'u', 'p', 'a', 't', 'h'};

	wcursor_bytes(w, name, sizeof name);
	wcursor_be32(w, subject->seq);
	wcursor_u8(w, subject->depth);
	wcursor_u8(w, subject->kind);
	wcursor_be16(w, 0);
	wcursor_be64(w, ident_token_mac(ident, subject));
	wcursor_zero(w, len - PAYLOAD_MIN);
}

/* Writes the steering word so that the checksum of `bytes` becomes `wanted`, and stores it
 * at `field`. The checksum field itself still is zero. */
static void steer(uint8_t *bytes, size_t len, uint64_t sum, uint16_t wanted, uint8_t *field)
{
	uint8_t *word = bytes + L4_HEADER_BYTES + PAYLOAD_STEER;

	put_be16(word, cksum_compensate(cksum_add(sum, bytes, len), wanted));
	put_be16(field, wanted);
}

uint16_t flow_port(uint16_t base, unsigned index)
{
	return (uint16_t)(base + FLOW_PORTS - 1 > UINT16_MAX ? base - index : base + index);
}

void flow_port_range(uint16_t base, uint16_t *ret_low, uint16_t *ret_high)
{
	uint16_t last = flow_port(base, FLOW_PORTS - 1);

	*ret_low = last < base ? last : base;
	*ret_high = last < base ? base : last;
}

size_t probe_wire_tcp_bytes(size_t leg_count)
{
	return leg_count * IP4_HEADER_BYTES + TCP_HEADER_BYTES;
}

bool probe_wire_is_size(const struct probe_spec *spec)
{
	size_t leg_count = spec->walk->leg_count;

	return spec->carrier == CARRIER_TCP ? spec->size_bytes == probe_wire_tcp_bytes(leg_count) :
		spec->size_bytes >= probe_wire_min(leg_count);
}

static void write_carried(struct wcursor *w, const struct probe_spec *spec,
	const struct ident *ident, const struct ident_subject *subject, size_t carried)
{
	uint16_t number = ident_encipher(ident, (uint16_t)spec->seq);

	switch (spec->carrier) {
	case CARRIER_UDP:
		udp_write(w, &(struct udp_header){.sport = spec->sport, .dport = spec->dport,
			.len_bytes = (uint16_t)carried});
		break;
	case CARRIER_ECHO:
		icmp_write(w, &(struct icmp_header){.type = ICMP_ECHO, .id = spec->sport, .seq = number});
		break;
	case CARRIER_TCP:
		tcp_write(w, &(struct tcp_header){.sport = spec->sport, .dport = spec->dport,
			.seq = (uint32_t)number << 16 | ident_layer_mac(ident, subject, 0),
			.flags = TCP_SYN});
		return;
	case CARRIER_COUNT:
		return;
	}
	write_payload(w, ident, subject, carried - L4_HEADER_BYTES);
}

/* The checksum of the carried packet, or the payload so that the checksum is as it should be. */
static void end_carried(uint8_t *bytes, size_t carried, const struct probe_spec *spec,
	uint16_t number)
{
	const struct leg *last = &spec->walk->leg[spec->walk->leg_count - 1];

	if (spec->carrier == CARRIER_UDP) {
		/* A UDP checksum of zero would mean "none" (RFC 768). */
		steer(bytes, carried, cksum_pseudo(&last->src, &last->dst, IP_PROTO_UDP, carried),
			number == 0 ? 0xffff : number, bytes + 6);
	} else if (spec->carrier == CARRIER_ECHO) {
		/* Balancers that know no ports hash this instead (Paris traceroute, 2006). */
		steer(bytes, carried, 0, (uint16_t)(ECHO_CHECKSUM + spec->dport), bytes + 2);
	} else {
		put_be16(bytes + TCP_CHECKSUM, cksum_end(cksum_add(cksum_pseudo(&last->src,
			&last->dst, IP_PROTO_TCP, carried), bytes, carried)));
	}
}

size_t probe_wire_build(const struct probe_spec *spec, const struct ident *ident,
	uint8_t *ret_bytes, size_t cap)
{
	static const uint8_t protocols[CARRIER_COUNT] = {[CARRIER_UDP] = IP_PROTO_UDP,
		[CARRIER_ECHO] = IP_PROTO_ICMP, [CARRIER_TCP] = IP_PROTO_TCP};
	const struct walk *walk = spec->walk;
	struct ident_subject subject = {spec->seq, walk->depth, (uint8_t)walk->kind};
	uint16_t number = ident_encipher(ident, (uint16_t)spec->seq);
	size_t headers = (size_t)walk->leg_count * IP4_HEADER_BYTES;
	struct wcursor w = wcursor_of(ret_bytes, cap < spec->size_bytes ? cap : spec->size_bytes);
	uint16_t ids[LEG_MAX];
	size_t carried;

	if (walk->leg_count == 0 || !probe_wire_is_size(spec)) {
		return 0;
	}
	carried = spec->size_bytes - headers;
	for (size_t i = 0; i < walk->leg_count; i++) {
		uint8_t below = (uint8_t)(walk->leg_count - 1 - i);

		ids[i] = below % 2 == 0 ? ident_layer_mac(ident, &subject, below) : number;
	}
	probe_wire_stack(&w, walk, ids, spec->tos, protocols[spec->carrier], carried);
	write_carried(&w, spec, ident, &subject, carried);
	if (w.failed) {
		return 0;
	}
	end_carried(ret_bytes + headers, carried, spec, number);
	return w.pos;
}
