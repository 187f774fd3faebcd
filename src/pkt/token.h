/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef THRUPATH_PKT_TOKEN_H
#define THRUPATH_PKT_TOKEN_H

#include "pkt/cursor.h"
#include "pkt/ident.h"

/*
 * What the payload of a probe says of it; the layout is probe_wire.h's. Reading needs no key:
 * whether the MAC is genuine is the engine's to say.
 */
struct token {
	uint32_t seq;
	uint8_t depth, kind;
	uint64_t mac;
};

/* False, and the cursor used up somehow, where the payload is not ours, or cut within it. */
bool token_read(struct cursor *, struct token *ret_token);
/* Whether what is left, shorter than a token, is how one begins. */
bool token_may_begin(struct cursor);
void token_write(struct wcursor *, const struct ident *, const struct ident_subject *);

#endif
