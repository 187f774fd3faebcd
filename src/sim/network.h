/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef THRUPATH_SIM_NETWORK_H
#define THRUPATH_SIM_NETWORK_H

#include "sim/scenario.h"
#include "sim/truth.h"

/*
 * A scenario at work: takes the bytes of packets that leave the prober, moves them through
 * the model in order of time and gives back those that come home. Looks at no clock: it is
 * told the time, and time never goes back. The same scenario, seed and injections give the
 * same truth, however often and in what steps it is run.
 */
struct sim;

/* `probe` is the probe that came home, or that was answered; its seq only while observed. */
typedef void sim_deliver_fn(void *arg, const uint8_t *bytes, size_t len, ns_t arrival,
	const struct sim_identity *probe);

/* The scenario is borrowed until sim_destroy(). Seed 0: the scenario's own. */
struct sim *sim_create(const struct scenario *, uint64_t seed);
void sim_destroy(struct sim *);

/* The instant that is 0 in the scenario's `at` lines; 0 unless told, before anything else. */
void sim_set_start(struct sim *, ns_t start);

/* An IP packet leaves the prober. What no router could read is dropped and counted. */
void sim_inject(struct sim *, ns_t now, const uint8_t *bytes, size_t len);

/* No packet comes home before this instant unless another one leaves; NS_NEVER: none will.
 * It may be early: then sim_run_until() delivers nothing and a later one is known. */
ns_t sim_next(const struct sim *);

/* Moves everything up to and with `until`, and delivers what came home by then with the
 * exact time of its arrival. The bytes are borrowed for the call; fn may inject. */
void sim_run_until(struct sim *, ns_t until, sim_deliver_fn *fn, void *arg);

ns_t sim_now(const struct sim *);                     /* the time it has got to */
/* Whether some node other than the prober has this address (to answer ARP for it). */
bool sim_has_address(const struct sim *, const struct addr *);

/* Calls fn for every event; NULL for none (then only counters are kept). */
void sim_observe(struct sim *, sim_observer_fn *fn, void *arg);

/* Counters since the start; direction 0 is out, as the link was written. */
const struct sim_link_truth *sim_link_truth(const struct sim *, size_t link, int direction);
const struct sim_node_truth *sim_node_truth(const struct sim *, size_t node);
/* By ids; NULL when there is no such link or node. From a to b. */
const struct sim_link_truth *sim_link_truth_named(const struct sim *, const char *a, const char *b);
const struct sim_node_truth *sim_node_truth_named(const struct sim *, const char *id);

#endif
