/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "pkt/quote.h"

enum { LEGACY_QUOTE_BYTES = 128 };

/* The first eight bytes after the outer header: all that a legal IPv4 quote must hold. */
static bool read_next(struct cursor c, struct quote *quote)
{
	struct cursor next = c;
	uint8_t family = carrier_enter(&c, quote->outer.protocol, &quote->carrier);

	quote->next_is_ip = family != 0;
	cursor_skip(&next, L4_HEADER_BYTES);
	if (next.failed) {
		return false;
	}
	if (quote->outer.src.family == ADDR_V4 && family == ADDR_V4) {
		cursor_skip(&c, 2);
		quote->next_total_bytes = cursor_be16(&c);
		quote->next_id = cursor_be16(&c);
		quote->has_next_id = !c.failed; /* eight bytes of GRE end before it */
	}
	return true;
}

/* Through all headers to the carried packet, as far as the quote reaches. */
static void read_carried(struct cursor c, struct quote *quote)
{
	struct ip_header h = quote->outer;
	enum carrier carrier;

	while (carrier_enter(&c, h.protocol, &carrier) != 0) {
		if (!ip_read(&c, &h)) {
			return;
		}
	}
	quote->carried_family = h.src.family;
	quote->carried_protocol = h.protocol;
	if (h.protocol == IP_PROTO_UDP) {
		quote->has_carried = udp_read(&c, &quote->udp);
	} else if (h.protocol == IP_PROTO_TCP) {
		quote->has_carried = tcp_read_start(&c, &quote->tcp);
	} else if (h.protocol == ip_icmp_of(h.src.family)) {
		quote->has_carried = icmp_read(&c, &quote->echo);
	}
	quote->payload = c;
}

bool quote_read(struct cursor body, size_t said_bytes, struct quote *ret_quote)
{
	struct quote quote = {0};
	struct cursor ext = body;
	struct cursor c = body;

	cursor_skip(&ext, said_bytes > 0 ? said_bytes : LEGACY_QUOTE_BYTES);
	if (!ext.failed && cursor_left(&ext) > 0) {
		quote.has_ext = icmpext_read(ext, &quote.ext);
	}
	/* What follows the quote is not read as a part of it. */
	if (quote.has_ext || (said_bytes > 0 && !ext.failed)) {
		c = cursor_of(body.bytes, ext.pos);
		c.pos = body.pos;
	}
	if (!ip_read(&c, &quote.outer) || !read_next(c, &quote)) {
		return false;
	}
	read_carried(c, &quote);
	*ret_quote = quote;
	return true;
}

size_t quote_said_bytes(uint8_t family, const struct icmp_header *h)
{
	if (family == ADDR_V6) {
		return h->type == ICMP6_UNREACHABLE || h->type == ICMP6_TIME_EXCEEDED ?
			(size_t)(h->id >> 8) * 8 : 0;
	}
	return (size_t)(h->id & 0xff) * 4;
}
