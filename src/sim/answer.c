/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <string.h>

#include "pkt/cksum.h"
#include "pkt/icmp.h"
#include "pkt/ip.h"
#include "pkt/tcp.h"
#include "sim/sim_int.h"

/* The slow path: what a node says itself, how often it does and how long it takes. */

enum {
	ICMP_TOTAL_MAX = 576,          /* RFC 1812, 4.3.2.3 */
	ICMP6_TOTAL_MAX = 1280,        /* RFC 4443, 2.4 (c) */
	EXT_QUOTE_BYTES = 128,         /* RFC 4884, 5.1: padded to that at least */
	TOS_INTERNETWORK_CONTROL = 0xc0,
	OTHERS_MAX = 10000             /* that are drawn one by one */
};

/* What each family says for a cause: RFC 792 and RFC 4443. */
struct icmp_words {
	uint8_t type, code;
};

static const struct icmp_words words4[CAUSE_COUNT] = {
	[CAUSE_TIME_EXCEEDED] = {ICMP_TIME_EXCEEDED, 0},
	[CAUSE_NET_UNREACHABLE] = {ICMP_UNREACHABLE, 0},
	[CAUSE_HOST_UNREACHABLE] = {ICMP_UNREACHABLE, 1},
	[CAUSE_PROTOCOL_UNREACHABLE] = {ICMP_UNREACHABLE, ICMP_CODE_PROTOCOL},
	[CAUSE_PORT_UNREACHABLE] = {ICMP_UNREACHABLE, ICMP_CODE_PORT},
	[CAUSE_FRAGMENTATION_NEEDED] = {ICMP_UNREACHABLE, ICMP_CODE_FRAGMENTATION},
	[CAUSE_ADMIN_PROHIBITED] = {ICMP_UNREACHABLE, 13},
};
static const struct icmp_words words6[CAUSE_COUNT] = {
	[CAUSE_TIME_EXCEEDED] = {ICMP6_TIME_EXCEEDED, 0},
	[CAUSE_NET_UNREACHABLE] = {ICMP6_UNREACHABLE, 0},
	[CAUSE_HOST_UNREACHABLE] = {ICMP6_UNREACHABLE, 3},
	[CAUSE_PROTOCOL_UNREACHABLE] = {ICMP6_PARAMETER, ICMP6_CODE_NEXT_HEADER},
	[CAUSE_PORT_UNREACHABLE] = {ICMP6_UNREACHABLE, ICMP6_CODE_PORT},
	[CAUSE_FRAGMENTATION_NEEDED] = {ICMP6_TOO_BIG, 0},
	[CAUSE_ADMIN_PROHIBITED] = {ICMP6_UNREACHABLE, 1},
};

/* As Linux: tokens are time, gained as it passes up to the burst, spent a period each. */
bool bucket_take(struct bucket *bucket, ns_t now, ns_t period, uint32_t burst)
{
	ns_t most = period * (ns_t)burst;

	bucket->tokens += now - bucket->at;
	bucket->at = now;
	if (bucket->tokens > most) {
		bucket->tokens = most;
	}
	if (bucket->tokens < period) {
		return false;
	}
	bucket->tokens -= period;
	return true;
}

static struct bucket *bucket_for(struct sim *sim, struct sim_node *node,
	const struct addr *destination)
{
	const struct icmp_rate *rate = &node->params.icmp_rate;
	struct bucket *bucket;

	for (size_t i = 0; i < node->bucket_count; i++) {
		if (addr_equal(&node->bucket[i].destination, destination)) {
			return &node->bucket[i];
		}
	}
	bucket = node->bucket_count < BUCKETS_MAX ? &node->bucket[node->bucket_count++] :
		&node->bucket[node->bucket_oldest++ % BUCKETS_MAX];
	*bucket = (struct bucket){*destination, rate->period * (ns_t)rate->burst, sim->now};
	return bucket;
}

/* Others have taken theirs by now: a long silence of ours is caught up with by the last of them,
 * as no bucket is deeper than that. */
static bool take_shared(struct sim *sim, uint32_t index)
{
	const struct limiter *params = &sim->scenario->limiter[index];
	struct sim_limiter *limiter = &sim->limiter[index];

	if (limiter->next_other < sim->now - OTHERS_MAX * params->others) {
		limiter->next_other = sim->now - OTHERS_MAX * params->others;
	}
	while (limiter->next_other <= sim->now) {
		(void)bucket_take(&limiter->bucket, limiter->next_other, params->period, params->burst);
		limiter->next_other += (ns_t)((double)params->others * rng_exponential(&limiter->rng));
	}
	return bucket_take(&limiter->bucket, sim->now, params->period, params->burst);
}

static bool take_token(struct sim *sim, struct sim_node *node, const struct addr *destination)
{
	const struct icmp_rate *rate = &node->params.icmp_rate;

	if (rate->limiter > 0) {
		return take_shared(sim, rate->limiter - 1);
	}
	return rate->period == 0 || bucket_take(bucket_for(sim, node, destination), sim->now,
		rate->period, rate->burst);
}

static bool may_answer(struct sim *sim, const struct packet *packet, bool is_limited)
{
	struct sim_node *node = &sim->node[packet->node];
	enum sim_cause cause = SIM_CAUSE_NONE;
	struct addr src = packet_src(packet);

	if (!node->params.icmp) {
		cause = SIM_CAUSE_ICMP_OFF;
	} else if (is_limited && !take_token(sim, node, &src)) {
		cause = SIM_CAUSE_ICMP_LIMITED;
	}
	if (cause != SIM_CAUSE_NONE) {
		node->truth.dropped[cause]++;
		truth_tell(sim, SIM_EVENT_SUPPRESSED, cause, packet, false, packet->node);
	}
	return cause == SIM_CAUSE_NONE;
}

/* When an answer that is begun now leaves. */
static ns_t answer_time(const struct sim *sim, struct sim_node *node)
{
	const struct icmp_delay *delay = &node->params.icmp_delay;
	const struct icmp_stall *stall = &node->params.icmp_stall;
	ns_t added = delay->base + jitter_draw(&delay->jitter, &node->rng);
	ns_t when = sim->now + (added > 0 ? added : 0);

	if (stall->period > 0) {
		ns_t into = (when - sim->start) % stall->period;

		if (into >= 0 && into < stall->width) {
			when += stall->width - into;
		}
	}
	if (node->params.clock > 0) {
		ns_t into = (when - sim->start) % node->params.clock;

		when += into > 0 ? node->params.clock - into : 0;
	}
	return when;
}

/* Sends it after its time on the slow path. */
static void schedule(struct sim *sim, struct packet *answer, uint16_t at)
{
	struct addr dst = packet_dst(answer);

	answer->node = at;
	answer->is_made_here = true;
	answer->channel = SIM_NONE;
	answer->when = answer_time(sim, &sim->node[at]);
	truth_tell(sim, SIM_EVENT_ANSWERED, SIM_CAUSE_NONE, answer, false, at);
	if (topo_node_of(sim, &dst) == at) {
		/* Addressed to this node: a leg with its own source, refused by itself. */
		drop_at_node(sim, answer, SIM_CAUSE_CONSUMED);
		return;
	}
	heap_set(&sim->heap, &answer->timer.node, answer->when);
}

/* RFC 1122, 3.2.2: no errors about errors, later fragments, or to no single host. */
static bool is_error_due(const struct ip_header *header, struct cursor rest)
{
	if (header->fragment_offset != 0 || addr_is_unspecified(&header->src) ||
	    addr_is_multicast(&header->src) || addr_is_broadcast(&header->src)) {
		return false;
	}
	return header->protocol != ip_icmp_of(header->src.family) || cursor_left(&rest) == 0 ||
		!icmp_is_error(header->src.family, cursor_u8(&rest));
}

/* The address of the interface it came in by; where that has none of the packet's family,
 * another one of the node. Unset: it has none, and cannot answer. */
static struct addr ingress_address(const struct sim *sim, const struct packet *packet)
{
	uint8_t family = packet_family(packet);

	if (packet->channel != SIM_NONE &&
	    sim->channel[packet->channel].address_to.family == family) {
		return sim->channel[packet->channel].address_to;
	}
	return scenario_node_address_of(sim->scenario, packet->node, family);
}

/* As a translator has it that gives the errors of what lies behind it another address. */
static struct addr error_source(const struct sim *sim, const struct packet *packet)
{
	const struct addr *as = &sim->node[packet->node].params.answers_as;

	return as->family == packet_family(packet) ? *as : ingress_address(sim, packet);
}

static uint32_t ttl_of(const struct sim_node *node)
{
	return node->params.initial_ttl;
}

/* RFC 4884, 4, says which errors have extensions; of labels it is those of expired TTLs. Returns
 * how many bytes they take. */
static size_t ext_of(const struct sim_node *node, enum icmp_cause cause,
	uint8_t ret_bytes[ICMP_EXT_MAX])
{
	struct icmp_ext ext = node->params.ext;
	struct wcursor w = wcursor_of(ret_bytes, ICMP_EXT_MAX);

	if (cause == CAUSE_FRAGMENTATION_NEEDED || cause == CAUSE_OTHER) {
		return 0;
	}
	if (cause != CAUSE_TIME_EXCEEDED) {
		ext.mpls.count = 0;
	}
	if (!icmpext_has_any(&ext)) {
		return 0;
	}
	icmpext_write(&w, &ext);
	return w.failed ? 0 : w.pos;
}

/* How much of a quote there is, and how it is padded where an extension follows. */
struct quote_plan {
	size_t quote, padded, ext_bytes;
};

static struct quote_plan plan_quote(const struct sim_node *node, const struct packet *packet,
	size_t ext_bytes)
{
	uint8_t family = packet_family(packet);
	size_t unit = family == ADDR_V6 ? 8 : 4;
	struct quote_plan plan = {.quote = packet_len(packet)};
	size_t room = (family == ADDR_V6 ? ICMP6_TOTAL_MAX : ICMP_TOTAL_MAX) -
		ip_header_bytes(family) - L4_HEADER_BYTES;

	plan.ext_bytes = ext_bytes;
	room -= plan.ext_bytes;
	room = node->params.quote_bytes > 0 && node->params.quote_bytes < room ?
		node->params.quote_bytes : room;
	if (plan.quote > room) {
		plan.quote = ext_bytes > 0 ? room - room % unit : room;
	}
	plan.padded = plan.quote;
	if (ext_bytes > 0) {
		plan.padded = plan.quote < EXT_QUOTE_BYTES ? EXT_QUOTE_BYTES :
			(plan.quote + unit - 1) / unit * unit;
	}
	return plan;
}

/* The checksum of an ICMP message of `len` bytes, whose field is zero, put where it belongs. */
static void sum_icmp(uint8_t *message, size_t len, const struct addr *src, const struct addr *dst)
{
	uint64_t sum = src->family == ADDR_V4 ? 0 :
		cksum_pseudo(src, dst, IP_PROTO_ICMPV6, len);

	put_be16(message + 2, cksum_end(cksum_add(sum, message, len)));
}

void answer_error(struct sim *sim, const struct packet *packet, enum icmp_cause cause, uint32_t mtu)
{
	struct sim_node *node = &sim->node[packet->node];
	const uint8_t *quoted = packet->bytes + packet->start;
	struct cursor c = cursor_of(quoted, packet_len(packet));
	uint8_t family = packet_family(packet);
	const struct icmp_words *words = family == ADDR_V6 ? &words6[cause] : &words4[cause];
	size_t header_bytes = ip_header_bytes(family), total, ext;
	struct addr src = error_source(sim, packet);
	uint8_t ext_bytes[ICMP_EXT_MAX];
	struct quote_plan plan;
	struct ip_header header;
	struct packet *answer;
	struct wcursor w;

	if (packet->node == sim->prober || !ip_read(&c, &header) || !is_error_due(&header, c) ||
	    !addr_is_set(&src) || !may_answer(sim, packet, true)) {
		return;
	}
	ext = ext_of(node, cause, ext_bytes);
	plan = plan_quote(node, packet, ext);
	total = header_bytes + L4_HEADER_BYTES + plan.padded + plan.ext_bytes;
	answer = packet_new(sim, total);
	answer->probe = packet->probe;
	answer->end = (uint32_t)total;
	w = wcursor_of(answer->bytes, total);
	ip_write(&w, &(struct ip_header){.src = src, .dst = header.src,
		.total_bytes = (uint32_t)total, .id = node->ip_id++,
		.tos = TOS_INTERNETWORK_CONTROL, .ttl = (uint8_t)ttl_of(node),
		.protocol = ip_icmp_of(family)});
	/* RFC 4884, 4.1: byte 5 is the quote's length in words; of ICMPv6 byte 4, in long ones. */
	icmp_write(&w, &(struct icmp_header){.type = words->type, .code = words->code,
		.id = plan.ext_bytes == 0 ? (uint16_t)(mtu >> 16) : family == ADDR_V6 ?
			(uint16_t)(plan.padded / 8 << 8) : (uint16_t)(plan.padded / 4),
		.seq = (uint16_t)mtu});
	wcursor_bytes(&w, quoted, plan.quote);
	wcursor_zero(&w, plan.padded - plan.quote);
	wcursor_bytes(&w, ext_bytes, ext);
	sum_icmp(answer->bytes + header_bytes, total - header_bytes, &src, &header.src);
	node->truth.errors_sent++;
	schedule(sim, answer, packet->node);
}

static void answer_echo(struct sim *sim, struct packet *packet, const struct ip_header *header)
{
	struct sim_node *node = &sim->node[packet->node];
	size_t len = packet_len(packet), plain = ip_header_bytes(header->src.family);
	size_t most = header->header_bytes + L4_HEADER_BYTES + (size_t)node->params.echo_data;
	struct packet *answer;
	struct wcursor w;
	uint8_t *icmp;

	if (node->params.echo == ECHO_NO || header->fragment_offset != 0 ||
	    !may_answer(sim, packet, node->params.echo == ECHO_LIMITED)) {
		return;
	}
	len = len < most ? len : most;
	answer = packet_new(sim, len);
	answer->probe = packet->probe;
	w = wcursor_of(answer->bytes, len);
	ip_write(&w, &(struct ip_header){.src = header->dst, .dst = header->src,
		.total_bytes = (uint32_t)(len - header->header_bytes + plain),
		.id = node->ip_id++, .tos = header->tos, .ttl = (uint8_t)(node->params.echo_ttl > 0 ?
			node->params.echo_ttl : ttl_of(node)),
		.flow_label = header->flow_label, .protocol = header->protocol});
	wcursor_bytes(&w, packet->bytes + packet->start + header->header_bytes,
		len - header->header_bytes);
	answer->end = (uint32_t)w.pos;
	icmp = answer->bytes + plain;
	icmp[0] = header->src.family == ADDR_V6 ? ICMP6_ECHO_REPLY : ICMP_ECHO_REPLY;
	put_be16(icmp + 2, 0);
	sum_icmp(icmp, answer->end - plain, &header->dst, &header->src);
	node->truth.echoes_sent++;
	schedule(sim, answer, packet->node);
}

/* An open port takes a SYN, a closed one resets (RFC 9293, 3.10.7). Nobody keeps a state. */
static void answer_tcp(struct sim *sim, struct packet *packet, const struct ip_header *header,
	struct cursor c)
{
	size_t plain = ip_header_bytes(header->src.family);
	struct sim_node *node = &sim->node[packet->node];
	struct tcp_header asked, said = {0};
	struct packet *answer;
	struct wcursor w;
	uint8_t *segment;

	if (!tcp_read(&c, &asked) || (asked.flags & TCP_RST) != 0) {
		return;
	}
	said = (struct tcp_header){.sport = asked.dport, .dport = asked.sport, .flags = TCP_RST};
	if ((asked.flags & TCP_ACK) != 0) {
		said.seq = asked.ack;
	} else {
		said.flags |= TCP_ACK;
		said.ack = asked.seq + (uint32_t)cursor_left(&c) +
			((asked.flags & (TCP_SYN | TCP_FIN)) != 0);
	}
	if (asked.flags == TCP_SYN && asked.dport == node->params.open_port) {
		said.flags = TCP_SYN | TCP_ACK;
		said.ack = asked.seq + 1;
		said.seq = rng_u32(&node->rng);
	}
	answer = packet_new(sim, plain + TCP_HEADER_BYTES);
	answer->probe = packet->probe;
	answer->end = (uint32_t)(plain + TCP_HEADER_BYTES);
	w = wcursor_of(answer->bytes, answer->end);
	ip_write(&w, &(struct ip_header){.src = header->dst, .dst = header->src,
		.total_bytes = answer->end, .dont_fragment = true, .tos = header->tos,
		.ttl = (uint8_t)ttl_of(node), .protocol = IP_PROTO_TCP});
	tcp_write(&w, &said);
	segment = answer->bytes + plain;
	put_be16(segment + TCP_CHECKSUM, cksum_end(cksum_add(cksum_pseudo(&header->dst,
		&header->src, IP_PROTO_TCP, TCP_HEADER_BYTES), segment, TCP_HEADER_BYTES)));
	schedule(sim, answer, packet->node);
}

/* A packet for this node that carries no IP. */
void answer_local(struct sim *sim, struct packet *packet)
{
	const struct node_params *params = &sim->node[packet->node].params;
	struct cursor c = cursor_of(packet->bytes + packet->start, packet_len(packet));
	struct icmp_header icmp;
	struct ip_header header;

	if (!ip_read(&c, &header)) {
		drop_at_node(sim, packet, SIM_CAUSE_MALFORMED);
		return;
	}
	if (header.protocol == ip_icmp_of(header.src.family)) {
		if (icmp_read(&c, &icmp) && icmp_is_echo(header.src.family, icmp.type)) {
			answer_echo(sim, packet, &header);
		}
	} else if (params->answers_closed_ports && header.protocol == IP_PROTO_TCP) {
		answer_tcp(sim, packet, &header, c);
	} else if (params->answers_closed_ports) {
		answer_error(sim, packet, header.protocol == IP_PROTO_UDP ?
			CAUSE_PORT_UNREACHABLE : CAUSE_PROTOCOL_UNREACHABLE, 0);
	}
	drop_at_node(sim, packet, SIM_CAUSE_CONSUMED);
}
