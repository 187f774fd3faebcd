/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * bench_engine [ROUNDS]: engine, simulator and statistics together under virtual time, four
 * hops, Through and To. Prints one line of JSON.
 */
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#include "support/simrun.h"

static const char FOUR[] =
	"prober A 10.0.1.1\n"
	"router R1 10.0.1.2\nrouter R2 10.0.2.3\nrouter R3 10.0.3.3\nrouter R4 10.0.4.3\n"
	"link A-R1 delay 1ms jitter exponential 0.1ms\n"
	"link R1-R2 delay 5ms jitter exponential 0.1ms\n"
	"link R2-R3 delay 10ms jitter normal 0.1ms loss 2% out-only\n"
	"link R3-R4 delay 2ms\n";

int main(int argc, char **argv)
{
	struct simrun_options options = {.path = "R1,R2,R3,R4", .seed = 1,
		.rounds = argc > 1 ? strtoull(argv[1], NULL, 10) : 125000};
	struct simrun *run = simrun_create(FOUR, &options);
	struct timespec from, to;
	unsigned long long probes = 0;

	(void)clock_gettime(CLOCK_MONOTONIC, &from);
	simrun_until_done(run);
	(void)clock_gettime(CLOCK_MONOTONIC, &to);
	for (size_t k = 0; k < run->session.hop_count; k++) {
		probes += run->session.hops[k].walk[WALK_RETRACE].sent +
			run->session.hops[k].walk[WALK_TO].sent;
	}
	printf("{\"probes\": %llu, \"seconds\": %.2f}\n", probes,
		ns_to_sec(ns_from_timespec(to) - ns_from_timespec(from)));
	simrun_destroy(run);
	return 0;
}
