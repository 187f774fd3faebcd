/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "bench/verdict.h"

#include <stdio.h>

#include "base/rng.h"
#include "base/strbuf.h"

enum { HOPS_MIN = 5, HOPS_MAX = 20, TROUBLES_MAX = 3, ROUNDS = 5000 };

enum trouble {
	NO_TROUBLE,
	TROUBLE_LINK,            /* the link before the hop loses, one way or both */
	TROUBLE_DECAP            /* the hop loses what it unwraps */
};

struct truth {
	unsigned hops;
	enum trouble trouble[HOPS_MAX + 1]; /* [i]: of hop i, from 1 */
	double percent[HOPS_MAX + 1];
	bool has_limit[HOPS_MAX + 1], is_loose[HOPS_MAX + 1];
};

static unsigned pick(struct rng *rng, unsigned low, unsigned high)
{
	return low + rng_u32(rng) % (high - low + 1);
}

static void make_truth(struct rng *rng, struct truth *truth)
{
	unsigned faults = pick(rng, 0, TROUBLES_MAX), limits = pick(rng, 0, TROUBLES_MAX);

	*truth = (struct truth){.hops = pick(rng, HOPS_MIN, HOPS_MAX)};
	for (unsigned i = 1; i < truth->hops; i++) {
		truth->is_loose[i] = pick(rng, 1, 7) == 1;
	}
	for (unsigned i = 0; i < limits; i++) {
		truth->has_limit[pick(rng, 1, truth->hops - 1)] = true;
	}
	while (faults > 0) {
		unsigned at = pick(rng, 1, truth->hops);
		bool may_be_decap = at < truth->hops && !truth->is_loose[at];

		if (truth->trouble[at] == NO_TROUBLE) {
			truth->trouble[at] = may_be_decap && pick(rng, 1, 4) == 1 ? TROUBLE_DECAP :
				TROUBLE_LINK;
			truth->percent[at] = pick(rng, 2, 6);
			faults--;
		}
	}
}

static void write_path(struct rng *rng, const struct truth *truth, struct strbuf *text)
{
	static const char *const decap[] = {"refused", "refused-port", "prohibited", "silent"};
	static const char *const way[] = {"", "out-only", "back-only"};

	strbuf_puts(text, "prober A 10.0.1.1\n");
	for (unsigned i = 1; i <= truth->hops; i++) {
		strbuf_printf(text, "router R%u 10.0.%u.3", i, i);
		if (truth->is_loose[i]) {
			strbuf_printf(text, " decap %s", decap[pick(rng, 0, 3)]);
		}
		if (truth->has_limit[i]) {
			strbuf_printf(text, " icmp-rate 1/2s burst %u", pick(rng, 1, 6));
		}
		if (truth->trouble[i] == TROUBLE_DECAP) {
			strbuf_printf(text, " decap-loss %.0f%%", truth->percent[i]);
		}
		strbuf_putc(text, '\n');
	}
	for (unsigned i = 1; i <= truth->hops; i++) {
		strbuf_printf(text, "link %s%.0u-R%u delay %ums jitter exponential 0.1ms",
			i == 1 ? "A" : "R", i - 1, i, pick(rng, 1, 8));
		if (truth->trouble[i] == TROUBLE_LINK) {
			strbuf_printf(text, " loss %.0f%% %s", truth->percent[i], way[pick(rng, 0, 2)]);
		}
		strbuf_putc(text, '\n');
	}
}

/* A link that is said to lose may span hops that do not decapsulate. */
static bool is_right_link(const struct truth *truth, const struct finding *finding)
{
	for (unsigned i = finding->hop[0] + 1u; i <= finding->hop[1]; i++) {
		if (truth->trouble[i] == TROUBLE_LINK) {
			return true;
		}
	}
	return false;
}

static bool is_right(const struct truth *truth, const struct finding *finding)
{
	bool has_any = false;

	for (unsigned i = 1; i <= truth->hops; i++) {
		has_any = has_any || truth->trouble[i] != NO_TROUBLE;
	}
	return finding->id == FINDING_LINK_LOSS ? is_right_link(truth, finding) :
		finding->id == FINDING_DECAP_FAULT ? truth->trouble[finding->hop[0]] == TROUBLE_DECAP :
		finding->id == FINDING_PATH_LOSS ? has_any :
		finding->id == FINDING_ICMP_RATE_LIMIT ? truth->has_limit[finding->hop[0]] :
		finding->id == FINDING_ADMIN_PROHIBITED ? truth->is_loose[finding->hop[0]] :
		finding_severity(finding->id) == SEVERITY_INFO;
}

static bool is_found(const struct simrun *run, const struct truth *truth, unsigned hop)
{
	size_t count;
	const struct finding *findings = diag_findings(run->diag, &count);

	for (size_t i = 0; i < count; i++) {
		const struct finding *finding = &findings[i];

		if (finding->is_active && (truth->trouble[hop] == TROUBLE_DECAP ?
		    finding->id == FINDING_DECAP_FAULT && finding->hop[0] == hop :
		    finding->id == FINDING_LINK_LOSS && finding->hop[0] < hop && finding->hop[1] >= hop)) {
			return true;
		}
	}
	return false;
}

void random_path(struct score *score, uint64_t seed)
{
	struct strbuf text = {0};
	struct truth truth;
	struct simrun *run;
	struct rng rng;
	char end[8];
	size_t count;
	const struct finding *findings;

	rng_init(&rng, seed, 77);
	make_truth(&rng, &truth);
	write_path(&rng, &truth, &text);
	(void)snprintf(end, sizeof end, "R%u", truth.hops);
	run = simrun_create(strbuf_text(&text), &(struct simrun_options){.destination = end,
		.seed = seed, .rounds = ROUNDS, .has_scan = true, .has_reverse = true, .all_walks = true,
		.max_rate_pps = 100000});
	simrun_until_done(run);
	findings = diag_findings(run->diag, &count);
	for (size_t i = 0; i < count; i++) {
		if (!is_right(&truth, &findings[i])) {
			score->wrong++;
			(void)printf("# seed %llu, wrong: %s%s\n", (unsigned long long)seed,
				findings[i].text, findings[i].is_active ? "" : " (over)");
		}
	}
	for (unsigned i = 1; i <= truth.hops; i++) {
		score->wrong += diag_link(run->diag, i - 1).direction != DIRECTION_UNKNOWN;
		if (truth.trouble[i] != NO_TROUBLE) {
			bool is_named = is_found(run, &truth, i);

			score->runs++;
			score->named += is_named;
			if (!is_named) {
				(void)printf("# seed %llu, missed: %s at hop %u of %u, %.0f %%\n",
					(unsigned long long)seed, truth.trouble[i] == TROUBLE_LINK ? "link" : "decap",
					i, truth.hops, truth.percent[i]);
			}
		}
	}
	simrun_destroy(run);
	strbuf_finish(&text);
}
