/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "pkt/probe_wire.h"

#include "pkt/cksum.h"
#include "pkt/icmp.h"
#include "pkt/ip.h"
#include "pkt/segments.h"
#include "pkt/tcp.h"
#include "pkt/token.h"

/* Any constant serves; this one is far from the values where 0 and ffff meet. */
enum { ECHO_CHECKSUM = 0x7470 };

const char *carried_name(enum carried carried)
{
	static const char *const names[CARRIED_COUNT] = {
		[CARRIED_UDP] = "udp",
		[CARRIED_ECHO] = "echo",
		[CARRIED_TCP] = "tcp",
	};

	return carried < CARRIED_COUNT ? names[carried] : "?";
}

size_t probe_wire_min(size_t stack_bytes)
{
	return stack_bytes + L4_HEADER_BYTES + PAYLOAD_MIN;
}

void probe_wire_stack(struct wcursor *w, const struct walk *walk, const struct probe_stack *stack)
{
	size_t left = walk_stack_bytes(walk) + stack->carried;

	if (walk_is_routed(walk)) {
		segments_write(w, walk, &(struct segments_header){stack->flow_label, stack->tos,
			stack->protocol, stack->carried});
		return;
	}
	for (size_t i = 0; i < walk->leg_count; i++) {
		const struct leg *leg = &walk->leg[i];

		ip_write(w, &(struct ip_header){
			.src = leg->src,
			.dst = leg->dst,
			.total_bytes = (uint32_t)left,
			.flow_label = stack->flow_label,
			.id = stack->ids[i],
			.dont_fragment = true,
			.tos = stack->tos,
			.ttl = leg->ttl,
			.protocol = i + 1 == walk->leg_count ? stack->protocol :
				carrier_protocol((enum carrier)leg->carrier, leg[1].src.family),
		});
		left -= walk_leg_bytes(walk, i);
		if (i + 1 < walk->leg_count) {
			carrier_write(w, (enum carrier)leg->carrier, leg[1].src.family);
		}
	}
}

/* Writes the steering word so that the checksum of `bytes` becomes `wanted`, and stores it
 * at `field`. The checksum field itself still is zero. */
static void steer(uint8_t *bytes, size_t len, uint64_t sum, uint16_t wanted, uint8_t *field)
{
	uint8_t *word = bytes + L4_HEADER_BYTES + PAYLOAD_STEER;

	put_be16(word, cksum_compensate(cksum_add(sum, bytes, len), wanted));
	put_be16(field, wanted);
}

unsigned flow_syn_index(enum walk_kind kind, unsigned flow)
{
	/* To probes have the first ones, as those by UDP, and what looks for their path does, too; so
	 * does what differs from them by its source alone. */
	if (kind == WALK_TO || kind == WALK_REDISCOVER || kind == WALK_ALSO) {
		return flow;
	}
	if (walk_has_stats(kind)) {
		return ((unsigned)kind + 1) * FLOW_MAX + flow;
	}
	return WALK_STATS_COUNT * FLOW_MAX + (unsigned)(kind - WALK_STATS_COUNT);
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

size_t probe_wire_tcp_bytes(size_t stack_bytes)
{
	return stack_bytes + TCP_HEADER_BYTES;
}

bool probe_wire_is_size(const struct probe_spec *spec)
{
	size_t stack_bytes = walk_stack_bytes(spec->walk);

	return spec->carried == CARRIED_TCP ? spec->size_bytes == probe_wire_tcp_bytes(stack_bytes) :
		spec->size_bytes >= probe_wire_min(stack_bytes);
}

static const struct leg *last_of(const struct probe_spec *spec)
{
	return &spec->walk->leg[spec->walk->leg_count - 1];
}

static uint8_t protocol_of(const struct probe_spec *spec)
{
	return spec->carried == CARRIED_UDP ? IP_PROTO_UDP : spec->carried == CARRIED_TCP ?
		IP_PROTO_TCP : ip_icmp_of(last_of(spec)->src.family);
}

static void write_carried(struct wcursor *w, const struct probe_spec *spec,
	const struct ident *ident, const struct ident_subject *subject, size_t carried)
{
	uint16_t number = ident_encipher(ident, (uint16_t)spec->seq);

	switch (spec->carried) {
	case CARRIED_UDP:
		udp_write(w, &(struct udp_header){.sport = spec->sport, .dport = spec->dport,
			.len_bytes = (uint16_t)carried});
		break;
	case CARRIED_ECHO:
		icmp_write(w, &(struct icmp_header){.type = last_of(spec)->src.family == ADDR_V6 ?
			ICMP6_ECHO : ICMP_ECHO, .id = spec->sport, .seq = number});
		break;
	case CARRIED_TCP:
		tcp_write(w, &(struct tcp_header){.sport = spec->sport, .dport = spec->dport,
			.seq = (uint32_t)number << 16 | ident_layer_mac(ident, subject, 0),
			.flags = TCP_SYN});
		return;
	case CARRIED_COUNT:
		return;
	}
	token_write(w, ident, subject);
	wcursor_zero(w, carried - L4_HEADER_BYTES - PAYLOAD_MIN);
}

/* The checksum of the carried packet, or the payload so that the checksum is as it should be. */
static void end_carried(uint8_t *bytes, size_t carried, const struct probe_spec *spec,
	uint16_t number)
{
	const struct leg *last = last_of(spec);

	if (spec->carried == CARRIED_UDP) {
		/* A UDP checksum of zero would mean "none" (RFC 768). */
		steer(bytes, carried, cksum_pseudo(&last->src, &last->dst, IP_PROTO_UDP, carried),
			number == 0 ? 0xffff : number, bytes + 6);
	} else if (spec->carried == CARRIED_ECHO) {
		/* RFC 4443, 2.3: only ICMPv6 sums a pseudo header. Balancers that know no ports hash the
		 * checksum instead (Paris traceroute, 2006). */
		steer(bytes, carried, last->src.family == ADDR_V4 ? 0 :
			cksum_pseudo(&last->src, &last->dst, IP_PROTO_ICMPV6, carried),
			(uint16_t)(ECHO_CHECKSUM + spec->flow), bytes + 2);
	} else {
		put_be16(bytes + TCP_CHECKSUM, cksum_end(cksum_add(cksum_pseudo(&last->src,
			&last->dst, IP_PROTO_TCP, carried), bytes, carried)));
	}
}

size_t probe_wire_build(const struct probe_spec *spec, const struct ident *ident,
	uint8_t *ret_bytes, size_t cap)
{
	const struct walk *walk = spec->walk;
	struct ident_subject subject = {spec->seq, walk->depth, (uint8_t)walk->kind};
	uint16_t number = ident_encipher(ident, (uint16_t)spec->seq);
	size_t headers = walk_stack_bytes(walk), below = headers - walk_shim_bytes(walk);
	struct wcursor w = wcursor_of(ret_bytes, cap < spec->size_bytes ? cap : spec->size_bytes);
	uint16_t ids[LEG_MAX];
	size_t carried;

	if (walk->leg_count == 0 || !probe_wire_is_size(spec)) {
		return 0;
	}
	carried = spec->size_bytes - headers;
	for (size_t i = 0; i < walk->leg_count && !walk_is_routed(walk); i++) {
		below -= ip_header_bytes(walk->leg[i].src.family);
		ids[i] = below / IP4_HEADER_BYTES % 2 == 0 ?
			ident_layer_mac(ident, &subject, (uint8_t)(below / IP4_HEADER_BYTES)) : number;
	}
	probe_wire_stack(&w, walk, &(struct probe_stack){.ids = ids, .tos = spec->tos,
		.flow_label = ident_flow_label(ident, spec->flow), .carried = carried,
		.protocol = protocol_of(spec)});
	write_carried(&w, spec, ident, &subject, carried);
	if (w.failed) {
		return 0;
	}
	end_carried(ret_bytes + headers, carried, spec, number);
	return w.pos;
}
