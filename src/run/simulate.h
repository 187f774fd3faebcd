/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef THRUPATH_RUN_SIMULATE_H
#define THRUPATH_RUN_SIMULATE_H

#include "io/loop.h"
#include "net/transport.h"
#include "sim/network.h"

/*
 * --simulate: what a run has instead of this machine's clock, chance and sockets. The same
 * scenario, seed and options give the same run, to the byte.
 */

/* Virtual time, from a fixed date on. */
struct loop *simulate_loop(void);
/* Stands in for random bytes: of the scenario's seed. */
void simulate_words(const struct scenario *, uint64_t *ret_words, size_t count);
/* The network begins now. Fills the port of the context; the sim is borrowed until destroy. */
struct transport *simulate_transport(struct sim *, struct transport_config *, const struct loop *);

#endif
