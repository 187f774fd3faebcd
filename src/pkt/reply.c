/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "pkt/reply.h"

#include <string.h>

#include "pkt/cksum.h"
#include "pkt/probe_wire.h"
#include "pkt/quote.h"
#include "pkt/tcp.h"
#include "pkt/token.h"

enum { SHIM_UNIT = 4 }; /* what carriers put between headers has whole words */

/* Reads the payload's token where a whole probe is at hand. */
static void read_token(struct cursor c, struct reply *reply)
{
	struct token token;

	if (token_read(&c, &token)) {
		reply->has_token = true;
		reply->token_seq = token.seq;
		reply->token_depth = token.depth;
		reply->token_kind = token.kind;
		reply->token_mac = token.mac;
	}
}

void reply_context_set_port(struct reply_context *context, uint16_t port)
{
	context->port = port;
	if (context->to_source_port == 0) {
		context->to_source_port = port;
	}
}

uint16_t reply_context_port_of(const struct reply_context *context, enum carried carried)
{
	return carried == context->to_carried ? context->to_port : context->other_port;
}

static bool is_ours(const struct reply_context *context, const struct addr *addr)
{
	return addr_equal(addr, &context->self) || (addr_is_set(addr) &&
		(addr_equal(addr, &context->self_other) || addr_equal(addr, &context->self_also)));
}

static bool is_our_port(const struct reply_context *context, uint16_t port)
{
	uint16_t to_port = reply_context_port_of(context, CARRIED_UDP);

	return port == context->port || (to_port != 0 && port == to_port);
}

/* Whether what the quoted packet carries is a probe's; where the quote is too short to tell,
 * its IDs must. */
static bool is_carried_ours(const struct quote *quote, const struct reply_context *context)
{
	if (!quote->has_carried) {
		return quote->has_next_id;
	}
	if (quote->carried_protocol == IP_PROTO_UDP) {
		return is_our_port(context, quote->udp.dport);
	}
	if (quote->carried_protocol == IP_PROTO_TCP) {
		uint16_t to_port = reply_context_port_of(context, CARRIED_TCP);

		return to_port != 0 && quote->tcp.dport == to_port;
	}
	return icmp_is_echo(quote->carried_family, quote->echo.type) &&
	       quote->echo.id == context->echo_id;
}

/* The number's lower half is the MAC that the IP ID of an IPv4 header is. */
static struct reply_ids ids_of_tcp(uint32_t seq, const struct ip_header *outer)
{
	return (struct reply_ids){.outer_id = (uint16_t)seq, .next = (uint16_t)(seq >> 16),
		.total_bytes = outer->total_bytes};
}

/* The IDs are of IPv4: of two headers, or of one and of what it carries. A SYN has both in its
 * sequence number. */
static bool read_ids(const struct quote *quote, struct reply_ids *ret_ids)
{
	if (quote->has_carried && quote->carried_protocol == IP_PROTO_TCP) {
		*ret_ids = ids_of_tcp(quote->tcp.seq, &quote->outer);
		return true;
	}
	if (quote->outer.src.family != ADDR_V4 || (quote->next_is_ip && !quote->has_next_id)) {
		return false;
	}
	*ret_ids = (struct reply_ids){.outer_id = quote->outer.id,
		.total_bytes = quote->outer.total_bytes, .next_is_ip = quote->next_is_ip,
		.next = quote->next_is_ip ? quote->next_id :
			quote->carried_protocol == IP_PROTO_UDP ? quote->udp.checksum : quote->echo.seq};
	return true;
}

static uint32_t mtu_of(const struct reply *reply, const struct icmp_header *icmp)
{
	if (reply->cause != CAUSE_FRAGMENTATION_NEEDED) {
		return 0;
	}
	return reply->from.family == ADDR_V6 ? (uint32_t)icmp->id << 16 | icmp->seq : icmp->seq;
}

/* Ports and sums are what a translator changes beside addresses. */
static void read_ports(const struct quote *quote, struct reply *reply)
{
	reply->has_quoted_sum = quote->has_carried && quote->carried_protocol == IP_PROTO_UDP;
	reply->quoted_sum = reply->has_quoted_sum ? quote->udp.checksum : 0;
	reply->has_quoted_ports = reply->has_quoted_sum ||
		(quote->has_carried && quote->carried_protocol == IP_PROTO_TCP);
	reply->quoted_sport = !reply->has_quoted_ports ? 0 : reply->has_quoted_sum ?
		quote->udp.sport : quote->tcp.sport;
}

/* What is quoted begins as our payload does; who adds extensions to a shorter quote fills it up
 * with zeros (RFC 4884, 5.1). */
static bool is_payload_ours(struct cursor c)
{
	if (token_may_begin(c)) {
		return true;
	}
	while (cursor_left(&c) > 0) {
		if (cursor_u8(&c) != 0) {
			return false;
		}
	}
	return true;
}

/* What a packet quotes of ours, and by what it can be known. */
static enum decode_result decode_quote(struct cursor c, size_t said_bytes,
	const struct reply_context *context, struct reply *reply)
{
	struct quote quote;

	if (!quote_read(c, said_bytes, &quote)) {
		return DECODE_TRUNCATED;
	}
	if (!is_carried_ours(&quote, context)) {
		return quote.has_carried || !quote.next_is_ip ? DECODE_FOREIGN : DECODE_TRUNCATED;
	}
	reply->has_ids = read_ids(&quote, &reply->ids);
	if (quote.has_carried && quote.carried_protocol != IP_PROTO_TCP) {
		read_token(quote.payload, reply);
	}
	if (!reply->has_ids && !reply->has_token) {
		return DECODE_TRUNCATED;
	}
	reply->quoted = (struct leg){quote.outer.src, quote.outer.dst, quote.outer.ttl,
		(uint8_t)quote.carrier};
	reply->quoted_bytes = quote.outer.total_bytes;
	reply->quoted_tos = quote.outer.tos;
	reply->is_nested = quote.next_is_ip;
	reply->is_payload_foreign = quote.has_carried && !is_payload_ours(quote.payload);
	read_ports(&quote, reply);
	reply->ext = quote.ext;
	return DECODE_OK;
}

static enum decode_result decode_error(struct cursor c, const struct icmp_header *icmp,
	const struct reply_context *context, struct reply *reply)
{
	uint8_t family = reply->from.family;

	reply->kind = REPLY_ERROR;
	reply->icmp_type = icmp->type;
	reply->icmp_code = icmp->code;
	reply->cause = icmp_cause_of(family, icmp->type, icmp->code);
	reply->icmp_mtu = mtu_of(reply, icmp);
	return decode_quote(c, quote_said_bytes(family, icmp), context, reply);
}

/* RFC 4861, 4.5: | target 16 | destination 16 | options .. |; of these (4.6.3) the redirected
 * header is | type 1 | length 1, in units of 8 | reserved 6 | packet .. |. */
static bool find_redirected(struct cursor *c)
{
	enum { REDIRECTED = 4, UNIT = 8 };

	cursor_skip(c, 32);
	while (!c->failed && cursor_left(c) >= UNIT) {
		uint8_t type = cursor_u8(c), units = cursor_u8(c);
		struct cursor body;

		if (units == 0) {
			return false;
		}
		body = cursor_take(c, (size_t)units * UNIT - 2);
		if (type == REDIRECTED && !c->failed) {
			cursor_skip(&body, 6);
			*c = body;
			return true;
		}
	}
	return false;
}

/* RFC 792 has the better router's address where errors have the length of the quote. */
static enum decode_result decode_redirect(struct cursor c, const struct icmp_header *icmp,
	const struct reply_context *context, struct reply *reply)
{
	reply->kind = REPLY_REDIRECT;
	reply->icmp_type = icmp->type;
	reply->icmp_code = icmp->code;
	reply->cause = CAUSE_OTHER;
	if (reply->from.family == ADDR_V6 && !find_redirected(&c)) {
		return DECODE_TRUNCATED;
	}
	return decode_quote(c, 0, context, reply);
}

/* Our own probe going out: by its IDs, or where IPv6 has none by its token. */
static enum decode_result decode_sent(const struct ip_header *ip, uint16_t next,
	struct cursor payload, struct reply *reply)
{
	reply->kind = REPLY_SENT;
	reply->has_ids = ip->src.family == ADDR_V4;
	if (reply->has_ids) {
		reply->ids = (struct reply_ids){.outer_id = ip->id, .next = next,
			.total_bytes = ip->total_bytes};
		return DECODE_OK;
	}
	read_token(payload, reply);
	return reply->has_token ? DECODE_OK : DECODE_FOREIGN;
}

/* RFC 792 sums the message alone, RFC 4443, 2.3 a pseudo header as well. */
static bool is_icmp_sum_right(const struct ip_header *ip, const struct cursor *message)
{
	size_t len = cursor_left(message);
	uint64_t sum = ip->src.family == ADDR_V4 ? 0 :
		cksum_pseudo(&ip->src, &ip->dst, IP_PROTO_ICMPV6, len);

	return cksum_end(cksum_add(sum, message->bytes + message->pos, len)) == 0;
}

/* Of a packet that is not all there nothing can be summed. */
static void note_sum(struct reply *reply, bool is_right)
{
	if (reply->flaw == FLAW_NONE && !is_right) {
		reply->flaw = FLAW_CHECKSUM;
	}
}

/* Some hosts bring back a few bytes of what they were sent, or none: then identifier and sequence
 * say whose answer it is, as far as what is there does not speak against it. */
static enum decode_result decode_echo(struct cursor c, const struct icmp_header *icmp,
	struct reply *reply)
{
	size_t left = cursor_left(&c);

	reply->kind = REPLY_ECHO;
	reply->echo_seq = icmp->seq;
	if (left >= PAYLOAD_MIN) {
		read_token(c, reply);
		return reply->has_token ? DECODE_OK : DECODE_FOREIGN;
	}
	reply->flaw = reply->flaw == FLAW_NONE ? FLAW_SHORT : reply->flaw;
	return token_may_begin(c) ? DECODE_OK : DECODE_FOREIGN;
}

static enum decode_result decode_icmp(struct cursor c, bool is_outgoing,
	const struct ip_header *ip, const struct reply_context *context, struct reply *reply)
{
	uint8_t family = ip->src.family;
	struct cursor whole = c;
	struct icmp_header icmp;

	if (!icmp_read(&c, &icmp)) {
		return DECODE_TRUNCATED;
	}
	if (is_outgoing) {
		return icmp_is_echo(family, icmp.type) && icmp.id == context->echo_id ?
			decode_sent(ip, icmp.seq, c, reply) : DECODE_FOREIGN;
	}
	if (icmp_is_echo_reply(family, icmp.type) && icmp.id == context->echo_id) {
		note_sum(reply, is_icmp_sum_right(ip, &whole));
		return decode_echo(c, &icmp, reply);
	}
	if (icmp_is_redirect(family, icmp.type)) {
		note_sum(reply, is_icmp_sum_right(ip, &whole));
		return decode_redirect(c, &icmp, context, reply);
	}
	if (!icmp_is_error(family, icmp.type)) {
		return DECODE_FOREIGN;
	}
	note_sum(reply, is_icmp_sum_right(ip, &whole));
	return decode_error(c, &icmp, context, reply);
}

/* A bounce has the same addresses on its way out and home; but no router has passed it on yet. */
static bool is_bounce_leaving(const struct ip_header *ip, const struct reply *reply)
{
	return reply->has_token && walk_is_bounce((enum walk_kind)reply->token_kind) &&
	       ip->ttl == BOUNCE_TTL && addr_equal(&ip->src, &ip->dst);
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
	if (udp.dport != context->port || !is_ours(context, &ip->dst)) {
		return DECODE_FOREIGN;
	}
	if (udp.len_bytes != len && reply->flaw == FLAW_NONE) {
		return DECODE_TRUNCATED;
	}
	sum = cksum_pseudo(&ip->src, &ip->dst, IP_PROTO_UDP, len);
	note_sum(reply, cksum_end(cksum_add(sum, bytes, len)) == 0);
	read_token(c, reply);
	reply->kind = is_bounce_leaving(ip, reply) ? REPLY_SENT : REPLY_RETURN;
	if (reply->kind == REPLY_SENT && reply->flaw != FLAW_NONE) {
		return DECODE_TRUNCATED;
	}
	return reply->has_token ? DECODE_OK : DECODE_FOREIGN;
}

/* A To probe by UDP on its way out, or a walk that one header bears. */
static enum decode_result decode_sent_udp(struct cursor c, const struct ip_header *ip,
	const struct reply_context *context, struct reply *reply)
{
	uint16_t to_port = reply_context_port_of(context, CARRIED_UDP);
	struct udp_header udp;

	if (!udp_read(&c, &udp)) {
		return DECODE_TRUNCATED;
	}
	if ((to_port == 0 || udp.dport != to_port) &&
	    (ip->src.family == ADDR_V4 || udp.dport != context->port)) {
		return DECODE_FOREIGN;
	}
	return decode_sent(ip, udp.checksum, c, reply);
}

/* Between hosts of one machine, as to a container, a card that is none leaves it at the sum of the
 * pseudo header: nothing goes over a wire that could damage it. */
static bool is_tcp_sum_right(const struct ip_header *ip, const uint8_t *bytes, size_t len)
{
	uint64_t pseudo = cksum_pseudo(&ip->src, &ip->dst, IP_PROTO_TCP, len);

	return cksum_end(cksum_add(pseudo, bytes, len)) == 0 ||
	       get_be16(bytes + TCP_CHECKSUM) == UINT16_MAX - cksum_end(pseudo);
}

/* Our own SYN on its way out, or what was said to one. */
static enum decode_result decode_tcp(struct cursor c, bool is_outgoing, const struct ip_header *ip,
	const struct reply_context *context, struct reply *reply)
{
	const uint8_t *bytes = c.bytes + c.pos;
	size_t len = cursor_left(&c);
	uint16_t to_port = reply_context_port_of(context, CARRIED_TCP), low, high, ours, theirs;
	struct tcp_header tcp;

	if (!tcp_read(&c, &tcp)) {
		return DECODE_TRUNCATED;
	}
	flow_port_range(context->to_source_port, &low, &high);
	ours = is_outgoing ? tcp.sport : tcp.dport;
	theirs = is_outgoing ? tcp.dport : tcp.sport;
	if (to_port == 0 || theirs != to_port || ours < low ||
	    ours > high || !is_ours(context, is_outgoing ? &ip->src : &ip->dst) ||
	    (is_outgoing ? tcp.flags != TCP_SYN : (tcp.flags & TCP_ACK) == 0 ||
	     (tcp.flags & (TCP_SYN | TCP_RST)) == 0)) {
		return DECODE_FOREIGN;
	}
	note_sum(reply, is_outgoing || is_tcp_sum_right(ip, bytes, len));
	reply->kind = is_outgoing ? REPLY_SENT : REPLY_TCP;
	reply->is_reset = (tcp.flags & TCP_RST) != 0;
	reply->has_ids = true;
	reply->ids = ids_of_tcp(is_outgoing ? tcp.seq : tcp.ack - 1, ip);
	return DECODE_OK;
}

/* Our own outgoing stack: two IPv4 headers tell by their IDs, others by what is within. */
static enum decode_result decode_sent_stack(struct cursor c, const struct ip_header *ip,
	struct reply *reply)
{
	struct ip_header h = *ip;
	struct cursor inner = c;
	enum carrier carrier;
	struct tcp_header tcp;

	reply->kind = REPLY_SENT;
	if (ip->src.family == ADDR_V4 && carrier_enter(&inner, ip->protocol, &carrier) == ADDR_V4) {
		cursor_skip(&inner, 4);
		reply->has_ids = true;
		reply->ids = (struct reply_ids){.outer_id = ip->id, .next = cursor_be16(&inner),
			.total_bytes = ip->total_bytes, .next_is_ip = true};
		return inner.failed ? DECODE_TRUNCATED : DECODE_OK;
	}
	while (carrier_enter(&c, h.protocol, &carrier) != 0) {
		if (!ip_read(&c, &h)) {
			return DECODE_TRUNCATED;
		}
	}
	if (h.protocol == IP_PROTO_TCP && tcp_read(&c, &tcp)) {
		reply->has_ids = true;
		reply->ids = ids_of_tcp(tcp.seq, ip);
		return DECODE_OK;
	}
	cursor_skip(&c, L4_HEADER_BYTES);
	read_token(c, reply);
	return reply->has_token ? DECODE_OK : DECODE_FOREIGN;
}

enum decode_result reply_decode(const uint8_t *bytes, size_t len,
	const struct reply_context *context, struct reply *ret_reply)
{
	struct cursor c = cursor_of(bytes, len);
	struct reply reply;
	struct ip_header ip;
	enum decode_result result;
	bool is_outgoing;

	if (!ip_read(&c, &ip)) {
		return DECODE_TRUNCATED;
	}
	if (ip.fragment_offset != 0) {
		return DECODE_FRAGMENT;
	}
	if (ip.total_bytes < ip.header_bytes) {
		return DECODE_TRUNCATED;
	}
	memset(&reply, 0, sizeof reply);
	reply.flaw = ip.total_bytes > len ? FLAW_CUT : ip.more_fragments ? FLAW_FRAGMENT : FLAW_NONE;
	reply.bytes = ip.total_bytes;
	/* What follows the datagram is padding of the link. */
	c = cursor_take(&c, (ip.total_bytes > len ? len : ip.total_bytes) - ip.header_bytes);
	reply.from = ip.src;
	reply.to = ip.dst;
	reply.rx_ttl = ip.ttl;
	reply.rx_tos = ip.tos;
	is_outgoing = is_ours(context, &ip.src) && !is_ours(context, &ip.dst);
	if (is_outgoing && reply.flaw != FLAW_NONE) {
		return DECODE_TRUNCATED;
	}
	if (carrier_is_any(ip.protocol)) {
		result = is_outgoing ? decode_sent_stack(c, &ip, &reply) : DECODE_FOREIGN;
	} else if (ip.protocol == ip_icmp_of(ip.src.family)) {
		result = decode_icmp(c, is_outgoing, &ip, context, &reply);
	} else if (ip.protocol == IP_PROTO_UDP) {
		result = is_outgoing ? decode_sent_udp(c, &ip, context, &reply) :
			decode_udp(c, &ip, context, &reply);
	} else if (ip.protocol == IP_PROTO_TCP) {
		result = decode_tcp(c, is_outgoing, &ip, context, &reply);
	} else {
		result = DECODE_FOREIGN;
	}
	if (result == DECODE_OK) {
		*ret_reply = reply;
	}
	return result;
}

/* With that many headers of 20 bytes beneath the outer one. */
static bool does_layer_fit(const struct reply_ids *ids, const struct ident *ident,
	const struct reply_probe *probe, bool is_number_outside, size_t below)
{
	if (below >= (size_t)(probe->stack_bytes - probe->shim_bytes) / IP4_HEADER_BYTES) {
		return false;
	}
	if (is_number_outside) {
		return below % 2 == 1 &&
		       ids->next == ident_layer_mac(ident, &probe->subject, (uint8_t)(below - 1));
	}
	return below % 2 == 0 &&
	       ids->outer_id == ident_layer_mac(ident, &probe->subject, (uint8_t)below);
}

/* The quoted length tells how many headers were left, if the probe's carriers put nothing between
 * them, and else all but a few numbers. */
bool reply_ids_fit(const struct reply_ids *ids, const struct ident *ident,
	const struct reply_probe *probe, bool is_number_outside)
{
	size_t carried = (size_t)probe->size_bytes - probe->stack_bytes, left;

	if (!ids->next_is_ip) {
		return does_layer_fit(ids, ident, probe, is_number_outside, 0);
	}
	left = ids->total_bytes < carried ? 0 : ids->total_bytes - carried;
	for (size_t shims = 0; shims <= probe->shim_bytes && shims < left; shims += SHIM_UNIT) {
		size_t headers = (left - shims) / IP4_HEADER_BYTES;

		if ((left - shims) % IP4_HEADER_BYTES == 0 && headers >= 2 &&
		    does_layer_fit(ids, ident, probe, is_number_outside, headers - 1)) {
			return true;
		}
	}
	return false;
}

bool reply_is_damaged(const struct reply *reply)
{
	return reply->flaw == FLAW_CHECKSUM || reply->flaw == FLAW_CUT;
}

bool reply_is_of_end(const struct reply *reply, const struct addr *destination)
{
	if (reply->kind != REPLY_ERROR) {
		return reply->kind == REPLY_ECHO || reply->kind == REPLY_TCP;
	}
	return addr_equal(&reply->from, destination) && reply->cause != CAUSE_TIME_EXCEEDED &&
	       reply->cause != CAUSE_NET_UNREACHABLE && reply->cause != CAUSE_HOST_UNREACHABLE;
}
