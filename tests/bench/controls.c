/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * controls [SEEDS]
 * After how many rounds a lossy link of a clean path is named: the median of SEEDS runs, against
 * what it was and may be. As TAP.
 */
#include <stdio.h>
#include <stdlib.h>

#include "base/strbuf.h"
#include "support/simrun.h"

enum { HOPS = 8, SEEDS_MAX = 400, ROUNDS = 20000 };

static const struct control {
	const char *name;
	double percent;
	bool has_two;
	unsigned before;         /* the median of 40 seeds, when this was written */
} controls[] = {
	{"5 %", 5, false, 160},
	{"1 %", 1, false, 805},
	{"0.3 %", 0.3, false, 2135},
	{"two links, 3 %", 3, true, 1120},
};

static const double SLOWER_MOST = 1.15;

static bool is_named(const struct simrun *run, unsigned hop)
{
	size_t count;
	const struct finding *findings = diag_findings(run->diag, &count);

	for (size_t i = 0; i < count; i++) {
		if (findings[i].is_active && findings[i].id == FINDING_LINK_LOSS &&
		    findings[i].hop[1] == hop) {
			return true;
		}
	}
	return false;
}

static void write_chain(struct strbuf *text, const struct control *control, unsigned bad,
	unsigned other)
{
	strbuf_puts(text, "prober A 10.0.1.1\n");
	for (unsigned i = 1; i <= HOPS; i++) {
		strbuf_printf(text, "router R%u 10.0.%u.3\n", i, i);
	}
	for (unsigned i = 1; i <= HOPS; i++) {
		double percent = i == bad || i == other ? control->percent : 0;

		strbuf_printf(text, "link %s%.0u-R%u delay %ums jitter exponential 0.05ms reorder yes "
			"loss %.1f%% out-only\n", i == 1 ? "A" : "R", i - 1, i, 1 + i % 3, percent);
	}
}

/* After how many rounds all that lose are named at once. */
static unsigned rounds_to_name(const struct control *control, uint64_t seed)
{
	unsigned bad = 2 + (unsigned)(seed % (HOPS - 2));
	unsigned other = control->has_two ? bad + 1 + (unsigned)(seed % 3) % (HOPS - bad) : bad;
	struct strbuf text = {0};
	struct simrun *run;
	unsigned rounds = 0;

	write_chain(&text, control, bad, other);
	run = simrun_create(strbuf_text(&text), &(struct simrun_options){
		.path = "R1,R2,R3,R4,R5,R6,R7,R8", .seed = seed, .rounds = ROUNDS,
		.max_rate_pps = 100000});
	while (rounds < ROUNDS && !(is_named(run, bad) && is_named(run, other))) {
		simrun_for(run, NS_PER_SEC);
		rounds += 5;
	}
	simrun_destroy(run);
	strbuf_finish(&text);
	return rounds;
}

static int compare(const void *a, const void *b)
{
	unsigned x = *(const unsigned *)a, y = *(const unsigned *)b;

	return (x > y) - (x < y);
}

int main(int argc, char **argv)
{
	unsigned seeds = argc > 1 ? (unsigned)strtoul(argv[1], NULL, 10) : 40;
	size_t count = sizeof controls / sizeof controls[0];
	unsigned rounds[SEEDS_MAX];
	bool is_ok = true;

	seeds = seeds < SEEDS_MAX ? seeds : SEEDS_MAX;
	for (size_t i = 0; i < count; i++) {
		const struct control *control = &controls[i];
		bool is_fast;

		for (unsigned seed = 0; seed < seeds; seed++) {
			rounds[seed] = rounds_to_name(control, seed + 1);
		}
		qsort(rounds, seeds, sizeof rounds[0], compare);
		is_fast = rounds[seeds / 2] <= SLOWER_MOST * control->before;
		is_ok = is_ok && is_fast;
		(void)printf("%sok %zu - %s named after %u rounds, 95 %% of runs after %u; "
			"the bar is %.0f\n", is_fast ? "" : "not ", i + 1, control->name,
			rounds[seeds / 2], rounds[seeds * 95 / 100], SLOWER_MOST * control->before);
		(void)fflush(stdout);
	}
	(void)printf("1..%zu\n", count);
	return is_ok ? 0 : 1;
}
