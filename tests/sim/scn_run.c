/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "sim/scn_run.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>

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

bool scn_run_options(const struct scenario *scn, struct simrun_options *ret_options,
	struct strbuf *ids, struct err *err)
{
	const struct scn_run *line = scn->run_count == 0 ? NULL : &scn->run[scn->run_count - 1];

	if (line == NULL || line->options[0] != '\0') {
		return err_set(err, ERR_USAGE, "no run line, or one with options");
	}
	for (size_t i = 0; i < line->node_count; i++) {
		strbuf_printf(ids, "%s%s", i > 0 ? "," : "", scn->node[line->node[i]].id);
	}
	*ret_options = (struct simrun_options){.path = line->is_path ? strbuf_text(ids) : NULL,
		.destination = line->is_path ? NULL : strbuf_text(ids), .interval = line->interval,
		.rounds = (uint64_t)(line->duration / line->interval), .max_rate_pps = 1000,
		.has_reverse = true, .has_scan = !line->is_path};
	return true;
}

struct simrun *scn_run(const struct scenario *scn, const char *text, uint64_t seed, uint64_t rounds,
	struct err *err)
{
	struct atlas_source source = {.name_of = name_of, .name_arg = (void *)(uintptr_t)scn};
	struct simrun_options options;
	struct strbuf ids = {0};
	struct simrun *run = NULL;

	if (scn_run_options(scn, &options, &ids, err)) {
		options.seed = seed;
		options.rounds = rounds == 0 ? options.rounds : rounds;
		options.source = &source;
		run = simrun_create(text, &options);
		simrun_until_done(run);
		run->drive.source = NULL;
	}
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
