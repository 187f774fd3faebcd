/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef THRUPATH_TESTS_SIMRUN_H
#define THRUPATH_TESTS_SIMRUN_H

#include "run/drive.h"
#include "sim/transport_sim.h"

/* The whole program but its screen, over the simulator and under virtual time. */
struct simrun {
	struct scenario scenario;
	struct sim *sim;
	struct loop *loop;
	struct transport *transport;
	struct session session;
	struct engine *engine;
	struct diag *diag;
	struct table *names;     /* where there is a source; else both are NULL */
	struct atlas *atlas;
	struct drive drive;
};

struct simrun_options {
	const char *path;        /* ids of nodes, comma-separated; NULL: discover */
	const char *destination; /* id; of a discovery */
	uint64_t seed;
	ns_t interval;           /* 0: 200 ms */
	uint64_t rounds;         /* 0: 10 */
	ns_t timeout, grace;
	bool no_to, no_through, is_udp, is_tcp;
	bool all_walks, has_scan, has_reverse, has_follow, has_bounce;
	uint8_t flows;
	const char *via;         /* id; adds WALK_VIA */
	const char *from;        /* id; of a trace from there */
	const char *also;        /* id of a node that stands for the prober's other address */
	bool has_also;           /* asked from in all rounds */
	double max_rate_pps;     /* 0: 100 000 */
	uint16_t size_bytes;
	uint8_t tos;
	bool has_one_family;     /* the prober does not use its address of the other one */
	enum inner_source inner_source;
	uint8_t carrier;         /* 1 + enum carrier; 0: what the scan finds, or IP in IP */
	bool has_return_side;
	const char *record;      /* a file to write the run to; NULL: none */
	const struct atlas_source *source; /* of names, networks and places; NULL: none */
};

/* Ends the test with a message when the scenario is wrong. */
struct simrun *simrun_create(const char *scenario, const struct simrun_options *);
void simrun_destroy(struct simrun *);
/* Goes on with another engine, on the same transport. The seed must be the one of before. */
void simrun_renew(struct simrun *, const struct simrun_options *);
void simrun_until_done(struct simrun *);
void simrun_for(struct simrun *, ns_t duration);

/* Of the hop, from 1. */
const struct stats *simrun_through(const struct simrun *, size_t hop);
const struct stats *simrun_to(const struct simrun *, size_t hop);

/* The finding of that id, an active one first; NULL: none. */
const struct finding *simrun_finding(const struct simrun *, enum finding_id);
/* A number that the finding rests on; -1: it has none of that name. Accepts NULL. */
double simrun_fact(const struct finding *, const char *name);

/* The key of the session, for tests that forge. */
struct siphash_key simrun_key(uint64_t seed);

#endif
