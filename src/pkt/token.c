/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "pkt/token.h"

#include <string.h>

static const uint8_t program[8] = {'t', 'h', 'r', 'u', 'p', 'a', 't', 'h'};

bool token_read(struct cursor *c, struct token *ret_token)
{
	const uint8_t *name = cursor_bytes(c, sizeof program);
	struct token token;

	token.seq = cursor_be32(c);
	token.depth = cursor_u8(c);
	token.kind = cursor_u8(c);
	cursor_skip(c, 2);
	token.mac = cursor_be64(c);
	if (name == NULL || c->failed || memcmp(name, program, sizeof program) != 0) {
		return false;
	}
	*ret_token = token;
	return true;
}

bool token_may_begin(struct cursor c)
{
	size_t left = cursor_left(&c);

	return memcmp(c.bytes + c.pos, program, left < sizeof program ? left : sizeof program) == 0;
}

void token_write(struct wcursor *w, const struct ident *ident, const struct ident_subject *subject)
{
	wcursor_bytes(w, program, sizeof program);
	wcursor_be32(w, subject->seq);
	wcursor_u8(w, subject->depth);
	wcursor_u8(w, subject->kind);
	wcursor_be16(w, 0);
	wcursor_be64(w, ident_token_mac(ident, subject));
}
