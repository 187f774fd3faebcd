/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "pkt/reply.h"

#include <string.h>

#include "pkt/cksum.h"
#include "pkt/probe_wire.h"
#include "pkt/quote.h"

/* Reads the payload's token where a whole probe is at hand. */
static void read_token(struct cursor c, struct reply *reply)
{
	const uint8_t *name = cursor_bytes(&c, 8);
	uint32_t seq = cursor_be32(&c);
	uint8_t depth = cursor_u8(&c);
	uint8_t kind = cursor_u8(&c);
	uint64_t mac;

	cursor_skip(&c, 2);
	mac = cursor_be64(&c);
	if (c.failed || memcmp(name, "thrupath", 8) != 0) {
		return;
	}
	reply->has_token = true;
	reply->token_seq = seq;
	reply->token_depth = depth;
	reply->token_kind = kind;
	reply->token_mac = mac;
}

static bool is_our_port(const struct reply_context *context, uint16_t port)
{
	return port == context->port || (context->to_port != 0 && port == context->to_port);
}

static bool has_ids_of_probe(const struct quote *quote, const struct reply_context *context,
	struct reply_ids *ret_ids)
{
	struct reply_ids ids = {.outer_id = quote->outer.id,
		.total_bytes = quote->outer.total_bytes, .next_is_ip = quote->next_is_ip};

	if (quote->next_is_ip) {
		/* Another instance's probe is foreign, and no forgery of ours. */
		if (quote->has_carried_udp && !is_our_port(context, quote->udp.dport)) {
			return false;
		}
		ids.next = quote->next_id;
	} else if (quote->outer.protocol == IP_PROTO_ICMP && quote->echo.type == ICMP_ECHO &&
	           quote->echo.id == context->echo_id) {
		ids.next = quote->echo.seq;
	} else if (quote->outer.protocol == IP_PROTO_UDP && is_our_port(context, quote->udp.dport)) {
		ids.next = quote->udp.checksum;
	} else {
		return false;
	}
	*ret_ids = ids;
	return true;
}

static enum decode_result decode_error(struct cursor c, const struct icmp_header *icmp,
	const struct reply_context *context, struct reply *reply)
{
	struct quote quote;
	uint8_t length_words = (uint8_t)icmp->id;

	if (!quote_read(c, length_words, &quote)) {
		return DECODE_TRUNCATED;
	}
	if (!has_ids_of_probe(&quote, context, &reply->ids)) {
		return DECODE_FOREIGN;
	}
	reply->kind = REPLY_ERROR;
	reply->has_ids = true;
	reply->icmp_type = icmp->type;
	reply->icmp_code = icmp->code;
	if (icmp->type == ICMP_UNREACHABLE && icmp->code == ICMP_CODE_FRAGMENTATION) {
		reply->icmp_mtu = icmp->seq;
	}
	reply->quoted = (struct leg){quote.outer.src, quote.outer.dst, quote.outer.ttl};
	reply->ext = quote.ext;
	return DECODE_OK;
}

static enum decode_result decode_icmp(struct cursor c, bool is_outgoing,
	const struct ip_header *ip, const struct reply_context *context, struct reply *reply)
{
	struct cursor whole = c;
	struct icmp_header icmp;

	if (!icmp_read(&c, &icmp)) {
		return DECODE_TRUNCATED;
	}
	if (icmp.type == ICMP_ECHO && is_outgoing && icmp.id == context->echo_id) {
		reply->kind = REPLY_SENT;
		reply->has_ids = true;
		reply->ids = (struct reply_ids){.outer_id = ip->id, .next = icmp.seq,
			.total_bytes = ip->total_bytes};
		return DECODE_OK;
	}
	if (is_outgoing) {
		return DECODE_FOREIGN;
	}
	if (icmp.type == ICMP_ECHO_REPLY && icmp.id == context->echo_id) {
		if (cksum_of(whole.bytes + whole.pos, cursor_left(&whole)) != 0) {
			return DECODE_CHECKSUM;
		}
		reply->kind = REPLY_ECHO;
		read_token(c, reply);
		return reply->has_token ? DECODE_OK : DECODE_FOREIGN;
	}
	if (!icmp_is_error(icmp.type)) {
		return DECODE_FOREIGN;
	}
	if (cksum_of(whole.bytes + whole.pos, cursor_left(&whole)) != 0) {
		return DECODE_CHECKSUM;
	}
	return decode_error(c, &icmp, context, reply);
}

static enum decode_result decode_udp(struct cursor c, const struct ip_header *ip,
	const struct reply_context *context, struct reply *reply)
{
	const uint8_t *bytes = c.bytes + c.pos;
	size_t len = cursor_left(&c);
	struct udp_header udp;
	uint64_t sum;

	if (!udp_read(&c, &udp)) {
		return DECODE_TRUNCATED;
	}
	if (udp.dport != context->port || !addr_equal(&ip->dst, &context->self)) {
		return DECODE_FOREIGN;
	}
	if (udp.len_bytes != len) {
		return DECODE_TRUNCATED;
	}
	sum = cksum_pseudo(&ip->src, &ip->dst, IP_PROTO_UDP, len);
	if (cksum_end(cksum_add(sum, bytes, len)) != 0) {
		return DECODE_CHECKSUM;
	}
	reply->kind = REPLY_RETURN;
	read_token(c, reply);
	return reply->has_token ? DECODE_OK : DECODE_FOREIGN;
}

/* A To probe by UDP on its way out. */
static enum decode_result decode_sent_udp(struct cursor c, const struct ip_header *ip,
	const struct reply_context *context, struct reply *reply)
{
	struct udp_header udp;

	if (!udp_read(&c, &udp)) {
		return DECODE_TRUNCATED;
	}
	if (context->to_port == 0 || udp.dport != context->to_port) {
		return DECODE_FOREIGN;
	}
	reply->kind = REPLY_SENT;
	reply->has_ids = true;
	reply->ids = (struct reply_ids){.outer_id = ip->id, .next = udp.checksum,
		.total_bytes = ip->total_bytes};
	return DECODE_OK;
}

/* The second header of our own outgoing stack: only its ID is wanted. */
static enum decode_result decode_sent_stack(struct cursor c, const struct ip_header *ip,
	struct reply *reply)
{
	cursor_skip(&c, 4);
	reply->kind = REPLY_SENT;
	reply->has_ids = true;
	reply->ids = (struct reply_ids){.outer_id = ip->id, .next = cursor_be16(&c),
		.total_bytes = ip->total_bytes, .next_is_ip = true};
	return c.failed ? DECODE_TRUNCATED : DECODE_OK;
}

enum decode_result reply_decode(const uint8_t *bytes, size_t len,
	const struct reply_context *context, struct reply *ret_reply)
{
	struct cursor c = cursor_of(bytes, len);
	struct reply reply;
	struct ip_header ip;
	enum decode_result result;
	bool is_outgoing;

	if (!ip4_read(&c, &ip)) {
		return DECODE_TRUNCATED;
	}
	if (ip.fragment_offset != 0 || ip.more_fragments) {
		return DECODE_FRAGMENT;
	}
	if (ip.total_bytes < ip.header_bytes || ip.total_bytes > len) {
		return DECODE_TRUNCATED;
	}
	/* What follows the datagram is padding of the link. */
	c = cursor_take(&c, (size_t)ip.total_bytes - ip.header_bytes);
	memset(&reply, 0, sizeof reply);
	reply.from = ip.src;
	reply.to = ip.dst;
	reply.rx_ttl = ip.ttl;
	reply.rx_tos = ip.tos;
	is_outgoing = addr_equal(&ip.src, &context->self) && !addr_equal(&ip.dst, &context->self);
	switch (ip.protocol) {
	case IP_PROTO_IPIP:
		result = is_outgoing ? decode_sent_stack(c, &ip, &reply) : DECODE_FOREIGN;
		break;
	case IP_PROTO_ICMP:
		result = decode_icmp(c, is_outgoing, &ip, context, &reply);
		break;
	case IP_PROTO_UDP:
		result = is_outgoing ? decode_sent_udp(c, &ip, context, &reply) :
			decode_udp(c, &ip, context, &reply);
		break;
	default:
		result = DECODE_FOREIGN;
		break;
	}
	if (result == DECODE_OK) {
		*ret_reply = reply;
	}
	return result;
}

const char *decode_result_name(enum decode_result result)
{
	static const char *const names[DECODE_RESULT_COUNT] = {
		[DECODE_OK] = "ok",
		[DECODE_FOREIGN] = "foreign",
		[DECODE_TRUNCATED] = "truncated",
		[DECODE_CHECKSUM] = "checksum",
		[DECODE_FRAGMENT] = "fragment",
	};

	return result < DECODE_RESULT_COUNT ? names[result] : "?";
}
