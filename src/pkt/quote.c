/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "pkt/quote.h"

enum { LEGACY_QUOTE_BYTES = 128 };

/* Through all headers of IP in IP down to UDP, if so much is quoted. */
static bool read_carried(struct cursor c, struct udp_header *ret_udp)
{
	struct ip_header ip;

	do {
		if (!ip4_read(&c, &ip)) {
			return false;
		}
	} while (ip.protocol == IP_PROTO_IPIP);
	return ip.protocol == IP_PROTO_UDP && udp_read(&c, ret_udp);
}

static bool read_next(struct cursor c, struct quote *quote)
{
	switch (quote->outer.protocol) {
	case IP_PROTO_IPIP:
		quote->next_is_ip = true;
		quote->has_carried_udp = read_carried(c, &quote->udp);
		cursor_skip(&c, 2);
		quote->next_total_bytes = cursor_be16(&c);
		quote->next_id = cursor_be16(&c);
		cursor_skip(&c, 2);
		return !c.failed;
	case IP_PROTO_ICMP:
		return icmp_read(&c, &quote->echo);
	case IP_PROTO_UDP:
		return udp_read(&c, &quote->udp);
	default:
		cursor_skip(&c, L4_HEADER_BYTES);
		return !c.failed;
	}
}

bool quote_read(struct cursor body, uint8_t length_words, struct quote *ret_quote)
{
	struct quote quote = {0};
	size_t quote_bytes = length_words > 0 ? (size_t)length_words * 4 : LEGACY_QUOTE_BYTES;
	struct cursor ext = body;
	struct cursor c = body;

	if (!ip4_read(&c, &quote.outer) || !read_next(c, &quote)) {
		return false;
	}
	cursor_skip(&ext, quote_bytes);
	if (!ext.failed && cursor_left(&ext) > 0) {
		quote.has_ext = icmpext_read(ext, &quote.ext);
	}
	*ret_quote = quote;
	return true;
}
