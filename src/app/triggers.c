/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/triggers.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "app/run.h"
#include "app/savefile.h"
#include "base/i18n.h"
#include "base/mem.h"
#include "report/report.h"

static const ns_t LOOK_EVERY = NS_PER_SEC / 10;

static bool is_wanted(const struct options *options)
{
	return options->metrics != NULL || options->on_finding != NULL || options->has_bell;
}

static void write_metrics(struct triggers *triggers, const struct snapshot *snap)
{
	struct strbuf text = {0};
	struct err err = {0};

	report_metrics(snap, &text);
	if (!savefile_replace(triggers->run->options->metrics, &text, &err) &&
	    !triggers->has_failed) {
		triggers->has_failed = true;
		run_note(triggers->run, _("the file of metrics could not be written"));
		if (!triggers->run->is_on_screen) {
			(void)fprintf(stderr, "thrupath: %s\n", err.text);
		}
	}
	strbuf_finish(&text);
}

static char *name_of(const struct snap_finding *finding)
{
	struct strbuf text = {0};

	strbuf_puts(&text, finding->id);
	for (size_t i = 0; i < finding->hop_count; i++) {
		strbuf_printf(&text, " %u", finding->hops[i]);
	}
	return strbuf_detach(&text);
}

/* The place in the list of what was told; told_count: none. */
static size_t place_of(const struct triggers *triggers, const char *name)
{
	size_t i = 0;

	while (i < triggers->told_count && strcmp(triggers->told[i], name) != 0) {
		i++;
	}
	return i;
}

static void tell(struct triggers *triggers, const struct snapshot *snap,
	const struct snap_finding *finding)
{
	const struct options *options = triggers->run->options;

	if (options->on_finding != NULL) {
		hook_run(&triggers->hook, snap, finding, finding->is_active,
			triggers->run->is_on_screen);
	}
	if (options->has_bell && triggers->ring != NULL && finding->is_active &&
	    finding->severity != SNAP_INFO) {
		triggers->ring();
	}
}

static void tell_findings(struct triggers *triggers, const struct snapshot *snap)
{
	for (size_t i = 0; i < snap->finding_count; i++) {
		const struct snap_finding *finding = &snap->findings[i];
		char *name = name_of(finding);
		size_t at = place_of(triggers, name);
		bool was_active = at < triggers->told_count;

		if (finding->is_active && !was_active) {
			triggers->told = xgrow(triggers->told, &triggers->told_cap,
				triggers->told_count, sizeof *triggers->told);
			triggers->told[triggers->told_count++] = xstrdup(name);
			tell(triggers, snap, finding);
		} else if (!finding->is_active && was_active) {
			free(triggers->told[at]);
			triggers->told[at] = triggers->told[--triggers->told_count];
			tell(triggers, snap, finding);
		}
		free(name);
	}
}

static void look(struct triggers *triggers, const struct snapshot *snap)
{
	const struct options *options = triggers->run->options;

	if (options->metrics != NULL) {
		write_metrics(triggers, snap);
	}
	if (options->on_finding != NULL || options->has_bell) {
		tell_findings(triggers, snap);
	}
}

static void on_timer(void *arg)
{
	struct triggers *triggers = arg;
	struct run *run = triggers->run;

	hook_reap(&triggers->hook);
	if (run->session.rounds != triggers->rounds) {
		struct snapshot *snap = run_snapshot(run);

		triggers->rounds = run->session.rounds;
		look(triggers, snap);
		snapshot_destroy(snap);
	}
	loop_timer_set(run->loop, &triggers->timer, loop_now(run->loop) + LOOK_EVERY);
}

void triggers_start(struct triggers *triggers, struct run *run)
{
	triggers->run = run;
	triggers->hook.command = run->options->on_finding;
	triggers->timer = (struct loop_timer){.fn = on_timer, .arg = triggers};
	if (is_wanted(run->options)) {
		loop_timer_set(run->loop, &triggers->timer, loop_now(run->loop) + LOOK_EVERY);
	}
}

/* That the end never answered says more than that a number was too large. */
static int judge(const struct run *run, const struct snapshot *snap, int status)
{
	struct strbuf why = {0};

	if (conditions_met(&run->options->fail_if, snap, &why)) {
		(void)fprintf(stderr, _("thrupath: --fail-if: %s\n"), strbuf_text(&why));
		status = status == EXIT_DONE ? EXIT_CONDITION_MET : status;
	}
	strbuf_finish(&why);
	return status;
}

int triggers_end(struct triggers *triggers, struct run *run, int status)
{
	const struct hook *hook = &triggers->hook;
	struct snapshot *snap;

	if (status != EXIT_LOCAL_ERROR && (is_wanted(run->options) ||
	    run->options->fail_if.count > 0)) {
		triggers->run = run;
		snap = run_snapshot(run);
		look(triggers, snap);
		status = judge(run, snap, status);
		snapshot_destroy(snap);
	}
	if (triggers->run != NULL && run->loop != NULL) {
		loop_timer_cancel(run->loop, &triggers->timer);
	}
	if (hook->failed > 0 || hook->skipped > 0) {
		(void)fprintf(stderr, _("thrupath: %s: failed %" PRIu64 " times, was not run %" PRIu64
			" times because as many were running\n"), hook->command, hook->failed, hook->skipped);
	}
	for (size_t i = 0; i < triggers->told_count; i++) {
		free(triggers->told[i]);
	}
	free(triggers->told);
	triggers->told = NULL;
	triggers->told_count = 0;
	return status;
}
