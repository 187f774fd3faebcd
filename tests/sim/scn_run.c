/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "sim/scn_run.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>

#include "app/places.h"
#include "names/table.h"
#include "snap/build.h"

bool scn_run_read(const char *file, struct strbuf *ret_text, struct err *err)
{
	FILE *stream = fopen(file, "r");
	char bytes[4096];
	size_t got;

	if (stream == NULL) {
		return err_set_sys(err, ERR_IO, errno, "cannot read %.100s", file);
	}
	while ((got = fread(bytes, 1, sizeof bytes, stream)) > 0) {
		strbuf_printf(ret_text, "%.*s", (int)got, bytes);
	}
	(void)fclose(stream);
	return true;
}

static const char *name_of(void *arg, const struct addr *address)
{
	const struct scenario *scn = arg;

	for (size_t i = 0; i < scn->node_count; i++) {
		if (addr_equal(&scn->node[i].address, address) && scn->node[i].name[0] != '\0') {
			return scn->node[i].name;
		}
	}
	return NULL;
}

/* As the program does before its report. */
static void judge_places(const struct scenario *scn, struct simrun *run)
{
	struct table *names = table_create();

	places_judge(&(struct snapshot_source){.session = &run->session, .names = names,
		.name_of = name_of, .name_arg = (void *)(uintptr_t)scn}, run->diag);
	diag_advance(run->diag, &run->session, loop_now(run->loop), true);
	table_destroy(names);
}

struct simrun *scn_run(const struct scenario *scn, const char *text, uint64_t seed, uint64_t rounds,
	struct err *err)
{
	const struct scn_run *line = scn->run_count == 0 ? NULL : &scn->run[scn->run_count - 1];
	struct simrun_options options = {.seed = seed, .rounds = rounds, .max_rate_pps = 1000};
	struct strbuf ids = {0};
	struct simrun *run;

	if (line == NULL || line->options[0] != '\0') {
		(void)err_set(err, ERR_USAGE, "no run line, or one with options");
		return NULL;
	}
	for (size_t i = 0; i < line->node_count; i++) {
		strbuf_printf(&ids, "%s%s", i > 0 ? "," : "", scn->node[line->node[i]].id);
	}
	if (line->is_path) {
		options.path = strbuf_text(&ids);
	} else {
		options.destination = strbuf_text(&ids);
	}
	options.interval = line->interval;
	options.has_reverse = true;
	options.has_scan = !line->is_path;
	if (rounds == 0) {
		options.rounds = (uint64_t)(line->duration / line->interval);
	}
	run = simrun_create(text, &options);
	simrun_until_done(run);
	judge_places(scn, run);
	strbuf_finish(&ids);
	return run;
}

struct snapshot *scn_run_snapshot(const struct simrun *run)
{
	ns_t now = loop_now(run->loop);
	struct snapshot_source source = {
		.session = &run->session, .version = "sim", .command = "sim_report",
		.local_host = "prober", .walk = "retrace", .inner_source = "hop",
		.now = now, .now_realtime = now, .mtu = 1500, .foreign = run->drive.foreign,
		.diag = run->diag,
	};

	return snapshot_build(&source);
}
