/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "pkt/probe_wire.h"

#include "pkt/cksum.h"
#include "pkt/icmp.h"
#include "pkt/ip.h"

/* Any constant serves; this one is far from the values where 0 and ffff meet. */
enum { ECHO_CHECKSUM = 0x7470 };

const char *carrier_name(enum carrier carrier)
{
	static const char *const names[CARRIER_COUNT] = {
		[CARRIER_UDP] = "udp",
		[CARRIER_ECHO] = "echo",
	};

	return carrier < CARRIER_COUNT ? names[carrier] : "?";
}

size_t probe_wire_min(size_t stack_bytes)
{
	return stack_bytes + L4_HEADER_BYTES + PAYLOAD_MIN;
}

void probe_wire_stack(struct wcursor *w, const struct walk *walk, const struct probe_stack *stack)
{
	size_t left = walk_stack_bytes(walk) + stack->carried;

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
				ip_protocol_of(leg[1].src.family),
		});
		left -= ip_header_bytes(leg->src.family);
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

size_t probe_wire_build(const struct probe_spec *spec, const struct ident *ident,
	uint8_t *ret_bytes, size_t cap)
{
	const struct walk *walk = spec->walk;
	struct ident_subject subject = {spec->seq, walk->depth, (uint8_t)walk->kind};
	uint16_t number = ident_encipher(ident, (uint16_t)spec->seq);
	size_t headers = walk_stack_bytes(walk), below = headers;
	struct wcursor w = wcursor_of(ret_bytes, cap < spec->size_bytes ? cap : spec->size_bytes);
	const struct leg *last;
	uint16_t ids[LEG_MAX];
	size_t carried;
	uint8_t *bytes;

	if (walk->leg_count == 0 || spec->size_bytes < probe_wire_min(headers)) {
		return 0;
	}
	last = &walk->leg[walk->leg_count - 1];
	carried = spec->size_bytes - headers;
	for (size_t i = 0; i < walk->leg_count; i++) {
		below -= ip_header_bytes(walk->leg[i].src.family);
		ids[i] = below / IP4_HEADER_BYTES % 2 == 0 ?
			ident_layer_mac(ident, &subject, (uint8_t)(below / IP4_HEADER_BYTES)) : number;
	}
	probe_wire_stack(&w, walk, &(struct probe_stack){.ids = ids, .tos = spec->tos,
		.flow_label = ident_flow_label(ident), .carried = carried,
		.protocol = spec->carrier == CARRIER_UDP ? IP_PROTO_UDP :
			ip_icmp_of(last->src.family)});
	if (spec->carrier == CARRIER_UDP) {
		udp_write(&w, &(struct udp_header){.sport = spec->sport, .dport = spec->dport,
			.len_bytes = (uint16_t)carried});
	} else {
		icmp_write(&w, &(struct icmp_header){
			.type = last->src.family == ADDR_V6 ? ICMP6_ECHO : ICMP_ECHO, .id = spec->sport,
			.seq = number});
	}
	write_payload(&w, ident, &subject, carried - L4_HEADER_BYTES);
	if (w.failed) {
		return 0;
	}
	bytes = ret_bytes + headers;
	if (spec->carrier == CARRIER_UDP) {
		/* A UDP checksum of zero would mean "none" (RFC 768). */
		steer(bytes, carried, cksum_pseudo(&last->src, &last->dst, IP_PROTO_UDP, carried),
			number == 0 ? 0xffff : number, bytes + 6);
	} else {
		/* RFC 4443, 2.3: only ICMPv6 sums a pseudo header. */
		steer(bytes, carried, last->src.family == ADDR_V4 ? 0 :
			cksum_pseudo(&last->src, &last->dst, IP_PROTO_ICMPV6, carried),
			ECHO_CHECKSUM, bytes + 2);
	}
	return w.pos;
}
