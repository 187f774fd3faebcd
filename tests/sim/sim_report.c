/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * sim_report FILE.scn [SEED [ROUNDS]]
 * Does the run of a scenario under virtual time and prints the program's own JSON, to be held
 * against that of a live run. The medians of JSON are true to 1 % only: exact ones of the last
 * 256 rounds go to stderr, a line a hop: `hop HOP THROUGH_MS TO_MS`.
 */
#include <stdio.h>
#include <stdlib.h>

#include "report/report.h"
#include "sim/scn_run.h"

static int by_rtt(const void *a, const void *b)
{
	ns_t x = *(const ns_t *)a, y = *(const ns_t *)b;

	return (x > y) - (x < y);
}

static double median_ms(const struct snap_stats *stats)
{
	ns_t rtt[SNAP_HISTORY];
	size_t count = 0;

	for (size_t i = 0; i < stats->history_count; i++) {
		if (stats->history[i].cell == SNAP_CELL_ANSWERED) {
			rtt[count++] = stats->history[i].rtt;
		}
	}
	qsort(rtt, count, sizeof rtt[0], by_rtt);
	return count == 0 ? -1 : ns_to_ms(rtt[count / 2]);
}

int main(int argc, char **argv)
{
	struct report_options options = {0};
	struct strbuf text = {0}, json = {0};
	struct scenario scenario;
	struct snapshot *snap;
	struct simrun *run;
	struct err err = {0};

	if (argc < 2 || argc > 4) {
		(void)fprintf(stderr, "usage: sim_report FILE.scn [SEED [ROUNDS]]\n");
		return 2;
	}
	if (!scn_run_read(argv[1], &text, &err) || !scenario_load(argv[1], &scenario, &err)) {
		(void)fprintf(stderr, "sim_report: %s\n", err.text);
		return 1;
	}
	run = scn_run(&scenario, strbuf_text(&text),
		argc > 2 ? strtoull(argv[2], NULL, 10) : scenario.seed,
		argc > 3 ? strtoull(argv[3], NULL, 10) : 0, &err);
	if (run == NULL) {
		(void)fprintf(stderr, "sim_report: %s: %s\n", argv[1], err.text);
		return 1;
	}
	snap = scn_run_snapshot(run);
	report_json(snap, &options, &json);
	(void)fwrite(strbuf_text(&json), 1, json.len, stdout);
	for (size_t k = 0; k < snap->hop_count; k++) {
		(void)fprintf(stderr, "hop %u %.4f %.4f\n", snap->hops[k].hop,
			median_ms(&snap->hops[k].through), median_ms(&snap->hops[k].to));
	}
	snapshot_destroy(snap);
	simrun_destroy(run);
	scenario_finish(&scenario);
	strbuf_finish(&json);
	strbuf_finish(&text);
	return 0;
}
