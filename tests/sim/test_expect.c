/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Every `expect` line of every scenario, under virtual time and over some seeds. A line holds
 * when no seed's interval denies it, and when the mean over the seeds lies within its range:
 * one run of a minute scatters more than a range says, five together do not.
 */
#include <glob.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "sim/scn_run.h"

enum { SEEDS = 5 };

struct tap {
	unsigned count, failed;
};

struct measured {
	double value, low, high;
};

static bool measure_hop(const struct snapshot *snap, const struct scn_expect *expect,
	struct measured *ret)
{
	const struct snap_stats *stats;

	if (expect->from < 1 || expect->from > snap->hop_count) {
		return false;
	}
	stats = &snap->hops[expect->from - 1].through;
	if (strcmp(expect->what, "loss") == 0 && stats->sent > 0) {
		*ret = (struct measured){stats->loss, stats->low, stats->high};
		return true;
	}
	if (strcmp(expect->what, "rtt") == 0 && stats->has_rtt) {
		*ret = (struct measured){stats->p50_ms, stats->p50_ms, stats->p50_ms};
		return true;
	}
	return false;
}

/* False: there is no such number, which no range can hold. */
static bool measure(const struct snapshot *snap, const struct scn_expect *expect,
	struct measured *ret)
{
	if (expect->kind == SCN_EXPECT_HOP) {
		return measure_hop(snap, expect, ret);
	}
	for (size_t i = 0; i < snap->link_count; i++) {
		const struct snap_link *link = &snap->links[i];

		if (link->link == expect->from && strcmp(expect->what, "loss") == 0 &&
		    link->loss >= 0) {
			*ret = (struct measured){link->loss, link->low, link->high};
			return true;
		}
	}
	return false;
}

/* Whether `from` to `to` are the hops it is about; 0: any, and `to` alone the last of them. */
static bool is_about(const struct snap_finding *finding, const struct scn_expect *expect)
{
	if (expect->from == 0) {
		return true;
	}
	if (expect->to == expect->from || expect->to == 0) {
		return finding->hop_count == 1 && finding->hops[0] == expect->from;
	}
	return finding->hop_count == 2 && finding->hops[0] == expect->from &&
	       finding->hops[1] == expect->to;
}

/* A finding that was true for a while counts where none may be. */
static bool has_finding(const struct snapshot *snap, const struct scn_expect *expect)
{
	for (size_t i = 0; i < snap->finding_count; i++) {
		const struct snap_finding *finding = &snap->findings[i];

		if (strcmp(finding->id, expect->what) == 0 && is_about(finding, expect) &&
		    (finding->is_active || expect->is_negated) &&
		    (expect->direction[0] == '\0' || (finding->hop_count == 2 &&
		    strcmp(snap->links[finding->hops[1] - 1].direction, expect->direction) == 0))) {
			return true;
		}
	}
	return false;
}

/* In every seed, or in none. */
static void check_finding(struct tap *tap, const char *file, const struct scn_expect *expect,
	struct snapshot *const snap[SEEDS], uint64_t seed)
{
	bool is_ok = true;

	for (uint64_t i = 0; i < SEEDS; i++) {
		if (has_finding(snap[i], expect) == expect->is_negated) {
			is_ok = false;
			(void)printf("# seed %llu: %s\n", (unsigned long long)(seed + i),
				expect->is_negated ? "found" : "not found");
		}
	}
	tap->failed += !is_ok;
	(void)printf("%sok %u - %s:%u %s\n", is_ok ? "" : "not ", ++tap->count, file, expect->line,
		expect->text);
}

/* Whether a line of the scenario asks for this finding. */
static bool is_expected(const struct scenario *scenario, const struct snap_finding *finding)
{
	for (size_t i = 0; i < scenario->expect_count; i++) {
		const struct scn_expect *expect = &scenario->expect[i];

		if (expect->kind == SCN_EXPECT_FINDING && !expect->is_negated &&
		    strcmp(finding->id, expect->what) == 0 && is_about(finding, expect)) {
			return true;
		}
	}
	return false;
}

/* No seed has a warning or an alarm that the scenario does not ask for, not for a while either. */
static void check_no_other(struct tap *tap, const char *file, const struct scenario *scenario,
	unsigned line, struct snapshot *const snap[SEEDS])
{
	bool is_ok = true;

	for (size_t i = 0; i < SEEDS; i++) {
		for (size_t j = 0; j < snap[i]->finding_count; j++) {
			const struct snap_finding *finding = &snap[i]->findings[j];

			if (finding->severity != SNAP_INFO && !is_expected(scenario, finding)) {
				is_ok = false;
				(void)printf("# %s: %s\n", finding->id, finding->text);
			}
		}
	}
	tap->failed += !is_ok;
	(void)printf("%sok %u - %s:%u no other finding\n", is_ok ? "" : "not ", ++tap->count, file,
		line);
}

static const char *base_name(const char *file)
{
	const char *slash = strrchr(file, '/');

	return slash == NULL ? file : slash + 1;
}

static void check_line(struct tap *tap, const char *file, const struct scn_expect *expect,
	struct snapshot *const snap[SEEDS], uint64_t seed)
{
	bool is_ok = true;
	double sum = 0;

	if (expect->kind == SCN_EXPECT_FINDING) {
		check_finding(tap, base_name(file), expect, snap, seed);
		return;
	}
	for (uint64_t i = 0; i < SEEDS; i++) {
		struct measured m = {NAN, NAN, NAN};
		bool has_value = measure(snap[i], expect, &m);

		if (!has_value || m.low > expect->high || m.high < expect->low) {
			is_ok = false;
		}
		sum += m.value;
		(void)printf("# seed %llu: %.4f (%.4f to %.4f)\n", (unsigned long long)(seed + i),
			m.value, m.low, m.high);
	}
	is_ok = is_ok && sum / SEEDS >= expect->low && sum / SEEDS <= expect->high;
	tap->failed += !is_ok;
	(void)printf("%sok %u - %s:%u %s: mean %.4f\n", is_ok ? "" : "not ", ++tap->count,
		base_name(file), expect->line, expect->text, sum / SEEDS);
}

static void check_file(struct tap *tap, const char *file)
{
	const char *asked = getenv("TEST_SEED");
	struct snapshot *snap[SEEDS] = {NULL};
	struct scenario scenario;
	struct strbuf text = {0};
	struct err err = {0};
	uint64_t seed;

	if (!scn_run_read(file, &text, &err) || !scenario_load(file, &scenario, &err)) {
		(void)printf("not ok %u - %s: %s\n", ++tap->count, base_name(file), err.text);
		tap->failed++;
		return;
	}
	seed = asked == NULL ? scenario.seed : strtoull(asked, NULL, 0);
	for (uint64_t i = 0; i < SEEDS && scenario.expect_count > 0; i++) {
		struct simrun *run = scn_run(&scenario, strbuf_text(&text), seed + i, /* rounds= */ 0,
			&err);

		if (run == NULL) {
			(void)printf("Bail out! %s: %s\n", base_name(file), err.text);
			exit(1);
		}
		snap[i] = scn_run_snapshot(run);
		simrun_destroy(run);
	}
	for (size_t i = 0; i < scenario.expect_count; i++) {
		if (scenario.expect[i].kind == SCN_EXPECT_NO_OTHER) {
			check_no_other(tap, base_name(file), &scenario, scenario.expect[i].line, snap);
			continue;
		}
		check_line(tap, file, &scenario.expect[i], snap, seed);
	}
	for (size_t i = 0; i < SEEDS; i++) {
		snapshot_destroy(snap[i]);
	}
	scenario_finish(&scenario);
	strbuf_finish(&text);
}

int main(void)
{
	static const char *const patterns[] = {"data/demo/*.scn", "tests/sim/*.scn"};
	const char *srcdir = getenv("srcdir");
	struct tap tap = {0};
	glob_t found;
	char pattern[1024];

	for (size_t i = 0; i < sizeof patterns / sizeof patterns[0]; i++) {
		(void)snprintf(pattern, sizeof pattern, "%s/%s", srcdir == NULL ? "." : srcdir,
			patterns[i]);
		if (glob(pattern, 0, NULL, &found) == 0) {
			for (size_t k = 0; k < found.gl_pathc; k++) {
				check_file(&tap, found.gl_pathv[k]);
			}
			globfree(&found);
		}
	}
	(void)printf("1..%u\n", tap.count);
	return tap.failed > 0 || tap.count == 0;
}
