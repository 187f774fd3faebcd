/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef THRUPATH_TESTS_CHAIN_H
#define THRUPATH_TESTS_CHAIN_H

#include "base/rng.h"
#include "base/strbuf.h"

/* A scenario of random size: the prober A, routers R1, R2 and so on, and the host D in a row. */
struct chain {
	struct rng rng;          /* all that is random about it is drawn from here */
	struct strbuf text;      /* of the scenario so far; finished by whoever runs it */
	unsigned routers;        /* the destination is one more */
};

/* `least` to `most` routers, drawn first; the text begins with the prober. */
struct chain chain_begin(uint64_t seed, uint64_t stream, unsigned least, unsigned most);
unsigned chain_below(struct chain *, unsigned limit);

/* "link R2-R3": the one into that hop; its properties and the end of the line are to follow. */
void chain_put_link(struct chain *, unsigned hop);

#endif
