/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * bench_engine [ROUNDS]: engine, simulator, statistics and findings together under virtual time,
 * four hops, Through and To; then what the findings of a long path cost a round, by the
 * difference to a run without them. Prints one line of JSON.
 */
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#include "base/strbuf.h"
#include "support/simrun.h"

static const char FOUR[] =
	"prober A 10.0.1.1\n"
	"router R1 10.0.1.2\nrouter R2 10.0.2.3\nrouter R3 10.0.3.3\nrouter R4 10.0.4.3\n"
	"link A-R1 delay 1ms jitter exponential 0.1ms\n"
	"link R1-R2 delay 5ms jitter exponential 0.1ms\n"
	"link R2-R3 delay 10ms jitter normal 0.1ms loss 2% out-only\n"
	"link R3-R4 delay 2ms\n";

enum { LONG_HOPS = 30, LONG_ROUNDS = 2000 };

static double now_sec(void)
{
	struct timespec now;

	(void)clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &now);
	return ns_to_sec(ns_from_timespec(now));
}

/* Seconds for LONG_ROUNDS rounds of every walk over LONG_HOPS hops, the way back another one for
 * a part of it. */
static double long_path(bool has_diag)
{
	struct strbuf text = {0}, path = {0};
	struct simrun_options options = {.seed = 1, .rounds = LONG_ROUNDS, .all_walks = true,
		.has_reverse = true};
	struct simrun *run;
	struct diag *diag;
	double from;

	strbuf_puts(&text, "prober A 10.0.1.1\n");
	for (unsigned i = 1; i <= LONG_HOPS; i++) {
		strbuf_printf(&text, "router R%u 10.0.%u.3\n", i, i);
		strbuf_printf(&path, "%sR%u", i > 1 ? "," : "", i);
	}
	for (unsigned i = 1; i <= LONG_HOPS; i++) {
		strbuf_printf(&text, "link %s%.0u-R%u delay 1ms jitter exponential 0.05ms %s\n",
			i == 1 ? "A" : "R", i - 1, i, i == 14 ? "loss 2% out-only" : "");
	}
	strbuf_puts(&text, "router Z 10.0.200.3\nlink R20-Z 10.0.200.2/10.0.200.3 delay 2ms\n"
		"link Z-R10 10.0.201.2/10.0.201.3 delay 2ms\nroute R20 to A via Z\n");
	options.path = strbuf_text(&path);
	run = simrun_create(strbuf_text(&text), &options);
	diag = run->drive.diag;
	run->drive.diag = has_diag ? diag : NULL;
	from = now_sec();
	simrun_until_done(run);
	from = now_sec() - from;
	simrun_destroy(run);
	strbuf_finish(&text);
	strbuf_finish(&path);
	return from;
}

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
	printf("{\"probes\": %llu, \"seconds\": %.2f, ", probes,
		ns_to_sec(ns_from_timespec(to) - ns_from_timespec(from)));
	simrun_destroy(run);
	printf("\"diag_ms\": %.4f}\n", 1e3 * (long_path(true) - long_path(false)) / LONG_ROUNDS);
	return 0;
}
