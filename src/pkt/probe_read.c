/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "pkt/probe_read.h"

#include <string.h>

#include "pkt/icmp.h"
#include "pkt/ip.h"
#include "pkt/segments.h"
#include "pkt/token.h"

/* Whether another header follows; the last one that was read bears it. */
static bool enter_next(struct cursor *c, struct probe_sight *sight, uint8_t protocol)
{
	enum carrier carrier;

	if (carrier_enter(c, protocol, &carrier) == 0) {
		return false;
	}
	sight->walk.leg[sight->walk.leg_count - 1].carrier = (uint8_t)carrier;
	return true;
}

/* The headers down to what the last one carries. */
static bool read_stack(struct cursor *c, struct probe_sight *sight, uint8_t *ret_protocol)
{
	struct ip_header ip;

	do {
		struct leg *leg = &sight->walk.leg[sight->walk.leg_count];

		if (sight->walk.leg_count == LEG_MAX || !ip_read(c, &ip) ||
		    ip.fragment_offset != 0 || ip.more_fragments) {
			return false;
		}
		*leg = (struct leg){ip.src, ip.dst, ip.ttl, CARRIER_IPIP};
		sight->id[sight->walk.leg_count] = ip.id;
		sight->walk.leg_count++;
	} while (enter_next(c, sight, ip.protocol));
	sight->tos = ip.tos;
	*ret_protocol = ip.protocol;
	return true;
}

/* The legs of a walk that one header bears, and which leads home: from what it lists. Compressed
 * SIDs are read as those of the usual format are. */
static void read_routed(const uint8_t *bytes, size_t len, struct walk *ret_walk)
{
	static const struct sid_format usual = {SID_BLOCK_BITS, SID_BITS};
	struct cursor c = cursor_of(bytes, len);
	struct segments segments = {.count = 1};
	struct walk routed = *ret_walk, *walk = &routed;
	struct leg first = walk->leg[0];
	uint8_t count = 0, left;

	segments.list[0] = first.dst;
	cursor_skip(&c, IP6_HEADER_BYTES);
	if (ip_total_bytes(bytes) > IP6_HEADER_BYTES && bytes[6] == IP_PROTO_ROUTING &&
	    !segments_read(&c, &segments, &left)) {
		return;
	}
	walk->sids = usual;
	for (size_t i = 0; i < segments.count; i++) {
		struct addr sids[ADDR_SIDS_MAX];
		size_t held = segments_expand(&segments.list[i], usual, sids, ADDR_SIDS_MAX);

		if (i == 0) {
			first.carrier = held > 1 ? CARRIER_USID : CARRIER_SRH;
		}
		/* The last one may be an address like any other. */
		held = first.carrier == CARRIER_SRH || (i > 0 && i + 1 == segments.count &&
			addr_equal(&segments.list[i], &first.src)) ? 1 : held;
		for (size_t k = 0; k < held && count < LEG_MAX; k++) {
			walk->leg[count] = first;
			walk->leg[count++].dst = held == 1 ? segments.list[i] : sids[k];
		}
	}
	walk->leg_count = count;
	walk->leg[count - 1].carrier = CARRIER_IPIP;
	if (addr_equal(&walk->leg[count - 1].dst, &first.src)) {
		*ret_walk = routed;
	}
}

static bool read_carried(struct cursor *c, uint8_t protocol, struct probe_sight *sight)
{
	uint8_t family = sight->walk.leg[sight->walk.leg_count - 1].src.family;
	uint16_t *number = &sight->id[sight->walk.leg_count];
	struct icmp_header icmp;
	struct udp_header udp;

	if (protocol == IP_PROTO_UDP && udp_read(c, &udp)) {
		sight->carried = CARRIED_UDP;
		sight->sport = udp.sport;
		sight->dport = udp.dport;
		*number = udp.checksum;
		return true;
	}
	if (protocol == ip_icmp_of(family) && icmp_read(c, &icmp) && icmp_is_echo(family, icmp.type)) {
		sight->carried = CARRIED_ECHO;
		sight->sport = icmp.id;
		*number = icmp.seq;
		return true;
	}
	return false;
}

bool probe_read(const uint8_t *bytes, size_t len, struct probe_sight *ret_sight)
{
	struct cursor c = cursor_of(bytes, len);
	struct probe_sight sight = {0};
	const struct leg *last;
	struct token token;
	uint8_t protocol;

	if (!read_stack(&c, &sight, &protocol) || !read_carried(&c, protocol, &sight) ||
	    !token_read(&c, &token) || token.kind >= WALK_KIND_COUNT || token.depth == 0) {
		return false;
	}
	sight.seq = token.seq;
	sight.walk.kind = (enum walk_kind)token.kind;
	sight.walk.depth = token.depth;
	if (sight.walk.leg_count == 1 && walk_is_nested(sight.walk.kind) &&
	    sight.walk.leg[0].src.family == ADDR_V6) {
		read_routed(bytes, len, &sight.walk);
	}
	last = &sight.walk.leg[sight.walk.leg_count - 1];
	/* Of an end in the other family the carried packet alone tells. */
	sight.walk.is_answered = sight.carried == CARRIED_ECHO ||
		(last->dst.family == sight.walk.leg[0].src.family &&
		 !addr_equal(&last->dst, &sight.walk.leg[0].src));
	sight.size_bytes = (uint16_t)ip_total_bytes(bytes);
	*ret_sight = sight;
	return true;
}
