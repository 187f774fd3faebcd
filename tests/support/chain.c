/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "support/chain.h"

unsigned chain_below(struct chain *chain, unsigned limit)
{
	return (unsigned)(rng_unit(&chain->rng) * limit);
}

struct chain chain_begin(uint64_t seed, uint64_t stream, unsigned least, unsigned most)
{
	struct chain chain = {.routers = 0};

	rng_init(&chain.rng, seed, stream);
	chain.routers = least + chain_below(&chain, most + 1 - least);
	strbuf_puts(&chain.text, "prober A 10.0.0.1\n");
	return chain;
}

static void put_node(struct chain *chain, unsigned hop)
{
	if (hop == 0 || hop > chain->routers) {
		strbuf_putc(&chain->text, hop == 0 ? 'A' : 'D');
	} else {
		strbuf_printf(&chain->text, "R%u", hop);
	}
}

void chain_put_link(struct chain *chain, unsigned hop)
{
	strbuf_puts(&chain->text, "link ");
	put_node(chain, hop - 1);
	strbuf_putc(&chain->text, '-');
	put_node(chain, hop);
}
