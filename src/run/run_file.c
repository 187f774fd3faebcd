/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "run/run.h"

#include <stdio.h>

#include "base/i18n.h"

/* What is kept of the description of an engine, and what a recording says of it. */
static void take_config(struct run *run, const struct engine_config *config,
	struct recording_facts *ret_facts)
{
	*ret_facts = (struct recording_facts){
		.key = run->key,
		.engine = *config,
		.start = loop_now(run->loop),
		.start_realtime = run->start_realtime,
		.realtime_offset = loop_realtime_offset(run->loop),
		.route_mtu = run->target.route.mtu,
		.is_nesting_refused = run->is_nesting_refused,
		.here = run->here,
	};
	(void)snprintf(ret_facts->destination_name, sizeof ret_facts->destination_name, "%s",
		run->target.destination_name);
	(void)snprintf(ret_facts->local_host, sizeof ret_facts->local_host, "%s", run->local_host);
	run->inner_source = config->inner_source;
	run->config = *config;
	run->config.path = NULL;
	run->config.path_other = NULL;
	run->config.path_carrier = NULL;
}

static void create_engine(struct run *run, const struct engine_config *config, ns_t now)
{
	run->drive.atlas = run->atlas;
	run->drive.source = &run->source;
	run->drive.loop = run->loop;
	run->drive.engine = engine_create(config, &run->session, now);
	run->drive.transport = run->transport;
	run->drive.session = &run->session;
	run->drive.record = run->record;
	run->drive.diag = diag_create();
	diag_set_facts(run->drive.diag, atlas_facts(run->atlas));
}

bool run_create_engine(struct run *run, const struct engine_config *config, struct err *err)
{
	struct recording_facts facts;

	take_config(run, config, &facts);
	if (!record_begin(run->record, &facts, err)) {
		return err_wrap(err, "%.60s", run->record_name);
	}
	create_engine(run, config, facts.start);
	return true;
}

void run_renew_engine(struct run *run, const struct engine_config *config)
{
	struct recording_facts facts;

	run->start_realtime = loop_now(run->loop) + loop_realtime_offset(run->loop);
	take_config(run, config, &facts);
	drive_renew(&run->drive, &facts);
}

/* What a recording knows better than the command line. */
static void take_facts(struct run *run, const struct recording_facts *facts)
{
	run->inner_source = facts->engine.inner_source;
	run->settings.tos = facts->engine.tos;
	run->settings.first_ttl = facts->engine.first_ttl;
	run->settings.max_ttl = facts->engine.max_ttl;
	run->target.inner_source = facts->engine.inner_address;
	run->target.path_count = facts->engine.path_count;
	run->target.route.mtu = facts->route_mtu;
	run->start_realtime = facts->start_realtime;
	(void)snprintf(run->local_host, sizeof run->local_host, "%s", facts->local_host);
	(void)snprintf(run->target.destination_name, sizeof run->target.destination_name, "%s",
		facts->destination_name);
	run->is_nesting_refused = false;
	if (facts->is_nesting_refused) {
		run_note_refusal(run);
	}
}

static void on_anew(void *arg)
{
	struct run *run = arg;

	run->note_count = 0;
	take_facts(run, replay_facts(run->replay));
}

bool run_prepare_replay(struct run *run, struct err *err)
{
	const struct recording_facts *facts;
	struct engine_config config;

	if (run->loop == NULL && !run_open_files(run, err)) {
		return false;
	}
	facts = replay_facts(run->replay);
	config = facts->engine;
	ident_init(&config.ident, &facts->key);
	take_facts(run, facts);
	if (replay_is_foreign(run->replay)) {
		run_note(run, _("unverified: this capture is not a thrupath recording, so replies are "
			"matched without a token; traces, scans and SYNs are not read from it"));
	}
	create_engine(run, &config, facts->start);
	replay_attach(run->replay, &run->drive);
	replay_on_anew(run->replay, on_anew, run);
	return true;
}

bool run_end_record(struct run *run, struct err *err)
{
	struct record *record = run->record;

	run->record = NULL;
	run->drive.record = NULL;
	if (!record_destroy(record, loop_now(run->loop), err)) {
		return err_wrap(err, "%.60s", run->record_name);
	}
	return true;
}
