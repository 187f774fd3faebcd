/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "pkt/tcp.h"

enum { WINDOW = 1024 };

bool tcp_read_start(struct cursor *c, struct tcp_header *ret_header)
{
	struct tcp_header h = {.sport = cursor_be16(c)};

	h.dport = cursor_be16(c);
	h.seq = cursor_be32(c);
	if (c->failed) {
		return false;
	}
	*ret_header = h;
	return true;
}

bool tcp_read(struct cursor *c, struct tcp_header *ret_header)
{
	struct tcp_header h = {0};

	if (!tcp_read_start(c, &h)) {
		return false;
	}
	h.ack = cursor_be32(c);
	h.header_bytes = (uint8_t)(cursor_u8(c) >> 4) * 4;
	h.flags = cursor_u8(c);
	cursor_skip(c, 6);
	if (h.header_bytes < TCP_HEADER_BYTES) {
		return false;
	}
	cursor_skip(c, (size_t)h.header_bytes - TCP_HEADER_BYTES);
	if (c->failed) {
		return false;
	}
	*ret_header = h;
	return true;
}

void tcp_write(struct wcursor *w, const struct tcp_header *h)
{
	wcursor_be16(w, h->sport);
	wcursor_be16(w, h->dport);
	wcursor_be32(w, h->seq);
	wcursor_be32(w, h->ack);
	wcursor_u8(w, TCP_HEADER_BYTES / 4 << 4);
	wcursor_u8(w, h->flags);
	wcursor_be16(w, WINDOW);
	wcursor_zero(w, 4);
}
