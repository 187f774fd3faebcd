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
	EXT_QUOTE_BYTES = 128,         /* RFC 4884, 5.1: padded to that at least */
	TOS_INTERNETWORK_CONTROL = 0xc0
};

/* As Linux: tokens are time, gained as it passes up to the burst, spent a period each. */
static bool take_token(struct sim *sim, struct sim_node *node, uint32_t destination)
{
	const struct icmp_rate *rate = &node->params.icmp_rate;
	ns_t most = rate->period * (ns_t)rate->burst;
	struct bucket *bucket = NULL;

	if (rate->period == 0) {
		return true;
	}
	for (size_t i = 0; i < node->bucket_count; i++) {
		if (node->bucket[i].destination == destination) {
			bucket = &node->bucket[i];
		}
	}
	if (bucket == NULL) {
		if (node->bucket_count < BUCKETS_MAX) {
			bucket = &node->bucket[node->bucket_count++];
		} else {
			bucket = &node->bucket[node->bucket_oldest++ % BUCKETS_MAX];
		}
		*bucket = (struct bucket){destination, most, sim->now};
	}
	bucket->tokens += sim->now - bucket->at;
	bucket->at = sim->now;
	if (bucket->tokens > most) {
		bucket->tokens = most;
	}
	if (bucket->tokens < rate->period) {
		return false;
	}
	bucket->tokens -= rate->period;
	return true;
}

static bool may_answer(struct sim *sim, const struct packet *packet, bool is_limited)
{
	struct sim_node *node = &sim->node[packet->node];
	enum sim_cause cause = SIM_CAUSE_NONE;

	if (!node->params.icmp) {
		cause = SIM_CAUSE_ICMP_OFF;
	} else if (is_limited && !take_token(sim, node, packet_src(packet))) {
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
	return when;
}

/* Sends it after its time on the slow path. */
static void schedule(struct sim *sim, struct packet *answer, uint16_t at)
{
	answer->node = at;
	answer->is_made_here = true;
	answer->channel = SIM_NONE;
	answer->when = answer_time(sim, &sim->node[at]);
	truth_tell(sim, SIM_EVENT_ANSWERED, SIM_CAUSE_NONE, answer, false, at);
	if (topo_node_of(sim, packet_dst(answer)) == at) {
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
	return header->protocol != IP_PROTO_ICMP || cursor_left(&rest) == 0 ||
		!icmp_is_error(cursor_u8(&rest));
}

/* The address of the interface it came in by. */
static struct addr ingress_address(const struct sim *sim, const struct packet *packet)
{
	if (packet->channel != SIM_NONE) {
		return addr_v4(sim->channel[packet->channel].address_to);
	}
	return sim->scenario->node[packet->node].address;
}

static uint32_t ttl_of(const struct sim_node *node)
{
	return node->params.initial_ttl;
}

void answer_error(struct sim *sim, const struct packet *packet, uint8_t type, uint8_t code,
	uint16_t mtu)
{
	struct sim_node *node = &sim->node[packet->node];
	const uint8_t *quoted = packet->bytes + packet->start;
	struct cursor c = cursor_of(quoted, packet_len(packet));
	bool has_ext = type == ICMP_TIME_EXCEEDED && node->params.mpls.count > 0;
	size_t ext_bytes = has_ext ? 8 + 4 * (size_t)node->params.mpls.count : 0;
	size_t room = ICMP_TOTAL_MAX - IP4_HEADER_BYTES - L4_HEADER_BYTES - ext_bytes;
	size_t quote = node->params.quote_bytes;
	size_t padded, total;
	struct ip_header header;
	struct packet *answer;
	struct wcursor w;

	if (packet->node == sim->prober || !ip4_read(&c, &header) || !is_error_due(&header, c) ||
	    !may_answer(sim, packet, true)) {
		return;
	}
	quote = quote < packet_len(packet) ? quote : packet_len(packet);
	quote = quote < room ? quote : room;
	if (has_ext && quote < packet_len(packet)) {
		quote -= quote % 4;
	}
	padded = quote;
	if (has_ext) {
		padded = quote < EXT_QUOTE_BYTES ? EXT_QUOTE_BYTES : (quote + 3) / 4 * 4;
	}
	total = IP4_HEADER_BYTES + L4_HEADER_BYTES + padded + ext_bytes;
	answer = packet_new(sim, total);
	answer->probe = packet->probe;
	answer->end = (uint32_t)total;
	w = wcursor_of(answer->bytes, total);
	ip4_write(&w, &(struct ip_header){.src = ingress_address(sim, packet), .dst = header.src,
		.total_bytes = (uint16_t)total, .id = node->ip_id++,
		.tos = TOS_INTERNETWORK_CONTROL, .ttl = (uint8_t)ttl_of(node),
		.protocol = IP_PROTO_ICMP});
	/* RFC 4884, 4.1: byte 5 is the quote's length in words. */
	icmp_write(&w, &(struct icmp_header){.type = type, .code = code,
		.id = has_ext ? (uint16_t)(padded / 4) : 0, .seq = mtu});
	wcursor_bytes(&w, quoted, quote);
	wcursor_zero(&w, padded - quote);
	if (has_ext) {
		icmpext_write_mpls(&w, &node->params.mpls);
	}
	put_be16(answer->bytes + IP4_HEADER_BYTES + 2,
		cksum_of(answer->bytes + IP4_HEADER_BYTES, total - IP4_HEADER_BYTES));
	node->truth.errors_sent++;
	schedule(sim, answer, packet->node);
}

static void answer_echo(struct sim *sim, struct packet *packet, const struct ip_header *header)
{
	struct sim_node *node = &sim->node[packet->node];
	size_t len = packet_len(packet);
	struct packet *answer;
	struct wcursor w;
	uint8_t *icmp;

	if (node->params.echo == ECHO_NO || header->fragment_offset != 0 ||
	    !may_answer(sim, packet, node->params.echo == ECHO_LIMITED)) {
		return;
	}
	answer = packet_new(sim, len);
	answer->probe = packet->probe;
	w = wcursor_of(answer->bytes, len);
	ip4_write(&w, &(struct ip_header){.src = header->dst, .dst = header->src,
		.total_bytes = (uint16_t)(len - header->header_bytes + IP4_HEADER_BYTES),
		.id = node->ip_id++, .tos = header->tos, .ttl = (uint8_t)ttl_of(node),
		.protocol = IP_PROTO_ICMP});
	wcursor_bytes(&w, packet->bytes + packet->start + header->header_bytes,
		len - header->header_bytes);
	answer->end = (uint32_t)w.pos;
	icmp = answer->bytes + IP4_HEADER_BYTES;
	icmp[0] = ICMP_ECHO_REPLY;
	put_be16(icmp + 2, 0);
	put_be16(icmp + 2, cksum_of(icmp, answer->end - IP4_HEADER_BYTES));
	node->truth.echoes_sent++;
	schedule(sim, answer, packet->node);
}

/* An open port takes a SYN, a closed one resets (RFC 9293, 3.10.7). Nobody keeps a state. */
static void answer_tcp(struct sim *sim, struct packet *packet, const struct ip_header *header,
	struct cursor c)
{
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
	answer = packet_new(sim, IP4_HEADER_BYTES + TCP_HEADER_BYTES);
	answer->probe = packet->probe;
	answer->end = IP4_HEADER_BYTES + TCP_HEADER_BYTES;
	w = wcursor_of(answer->bytes, answer->end);
	ip4_write(&w, &(struct ip_header){.src = header->dst, .dst = header->src,
		.total_bytes = (uint16_t)answer->end, .dont_fragment = true, .tos = header->tos,
		.ttl = (uint8_t)ttl_of(node), .protocol = IP_PROTO_TCP});
	tcp_write(&w, &said);
	segment = answer->bytes + IP4_HEADER_BYTES;
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

	if (!ip4_read(&c, &header)) {
		drop_at_node(sim, packet, SIM_CAUSE_MALFORMED);
		return;
	}
	if (header.protocol == IP_PROTO_ICMP) {
		if (icmp_read(&c, &icmp) && icmp.type == ICMP_ECHO) {
			answer_echo(sim, packet, &header);
		}
	} else if (params->answers_closed_ports && header.protocol == IP_PROTO_TCP) {
		answer_tcp(sim, packet, &header, c);
	} else if (params->answers_closed_ports) {
		answer_error(sim, packet, ICMP_UNREACHABLE,
			header.protocol == IP_PROTO_UDP ? ICMP_CODE_PORT : ICMP_CODE_PROTOCOL, 0);
	}
	drop_at_node(sim, packet, SIM_CAUSE_CONSUMED);
}
