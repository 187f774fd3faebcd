/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "support/simrun.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "names/table.h"
#include "pkt/segments.h"

enum { PORT = 33000, ECHO_ID = 0x4d4d, TO_PORT = 33434 };

struct siphash_key simrun_key(uint64_t seed)
{
	return (struct siphash_key){seed * 0x9e3779b97f4a7c15u + 1, seed};
}

static void must(bool is_ok, const char *what)
{
	if (!is_ok) {
		(void)fprintf(stderr, "simrun: %s\n", what);
		exit(99);
	}
}

static struct addr address_of(const struct scenario *scenario, const char *id)
{
	int node = scenario_find_node(scenario, id);

	must(node >= 0, id);
	return *scenario_node_address(scenario, (uint16_t)node);
}

static struct addr other_of(const struct scenario *scenario, uint16_t node)
{
	const struct addr *address = scenario_node_address(scenario, node);

	return scenario_node_address_of(scenario, node,
		address->family == ADDR_V4 ? ADDR_V6 : ADDR_V4);
}

struct path {
	struct addr hop[HOP_MAX], other[HOP_MAX];
	uint8_t carrier[HOP_MAX];
};

/* Nodes are reached by what they take. */
static size_t read_path(const struct scenario *scenario, const char *ids, struct path *ret_path)
{
	char *copy = xstrdup(ids), *rest = NULL;
	size_t count = 0;

	for (char *id = strtok_r(copy, ",", &rest); id != NULL; id = strtok_r(NULL, ",", &rest)) {
		uint16_t node = (uint16_t)scenario_find_node(scenario, id);

		ret_path->hop[count] = address_of(scenario, id);
		ret_path->other[count] = other_of(scenario, node);
		ret_path->carrier[count++] = (uint8_t)(1 + scenario->node[node].params.carrier);
	}
	free(copy);
	return count;
}

static void stop(void *arg)
{
	loop_stop(arg);
}

static struct recording_facts facts_of(const struct simrun *run,
	const struct simrun_options *options, const struct engine_config *config)
{
	return (struct recording_facts){.key = simrun_key(options->seed), .engine = *config,
		.start = loop_now(run->loop), .start_realtime = 1700000000 * NS_PER_SEC,
		.realtime_offset = 1700000000 * NS_PER_SEC, .route_mtu = 1500,
		.local_host = "prober"};
}

static struct record *begin_record(const struct simrun *run, const struct simrun_options *options,
	const struct engine_config *config)
{
	struct recording_facts facts = facts_of(run, options, config);
	struct err err = {0};
	struct record *record = options->record == NULL ? NULL :
		record_create(options->record, &err);

	must(err.code == ERR_NONE && record_begin(record, &facts, &err), err.text);
	return record;
}

static enum carried carried_of(const struct simrun_options *options)
{
	return options->is_udp ? CARRIED_UDP : options->is_tcp ? CARRIED_TCP : CARRIED_ECHO;
}

/* The config points into the path. */
static struct engine_config configure(const struct simrun *run,
	const struct simrun_options *options, struct path *path)
{
	struct siphash_key key = simrun_key(options->seed);
	struct engine_config config = {
		.seed = options->seed, .self = *scenario_prober_address(&run->scenario),
		.interface = {"eth0", 2},
		.has_walk = {[WALK_RETRACE] = !options->no_through, [WALK_TO] = !options->no_to,
			[WALK_DIRECT] = options->all_walks, [WALK_NATURAL] = options->all_walks,
			[WALK_RETURN_ONLY] = options->all_walks, [WALK_VIA] = options->via != NULL},
		.has_scan = options->has_scan, .has_reverse = options->has_reverse,
		.has_vias = options->all_walks && options->has_reverse,
		.has_follow = options->has_follow, .has_bounce = options->has_bounce, .mtu = 1500,
		.port = PORT, .echo_id = ECHO_ID,
		.to_carried = carried_of(options),
		.to_port = carried_of(options) == CARRIED_ECHO ? 0 : TO_PORT,
		.to_source_port = PORT, .first_ttl = 1, .max_ttl = 30,
		.interval = options->interval > 0 ? options->interval : 200 * NS_PER_MS,
		.round_limit = options->rounds > 0 ? options->rounds : 10,
		.timeout = options->timeout, .grace = options->grace,
		.size_bytes = options->size_bytes, .tos = options->tos,
		.inner_source = options->inner_source,
		.carrier = options->carrier, .sids = {SID_BLOCK_BITS, SID_BITS},
		.has_return_side = options->has_return_side,
		.flows = options->flows,
		.has_beside = true,
		.max_rate_pps = options->max_rate_pps > 0 ? options->max_rate_pps : 100000,
	};

	ident_init(&config.ident, &key);
	if (!options->has_one_family) {
		config.self_other = other_of(&run->scenario, run->scenario.prober);
	}
	if (options->from != NULL) {
		config.from = address_of(&run->scenario, options->from);
	}
	if (options->also != NULL) {
		config.self_also = address_of(&run->scenario, options->also);
		config.has_also = options->has_also;
	}
	if (options->via != NULL) {
		config.via = address_of(&run->scenario, options->via);
	}
	if (options->path != NULL) {
		config.path_count = read_path(&run->scenario, options->path, path);
		config.path = path->hop;
		config.path_other = path->other;
		config.path_carrier = options->has_scan || options->carrier > 0 ? NULL : path->carrier;
		config.destination = path->hop[config.path_count - 1];
	} else {
		config.destination = address_of(&run->scenario, options->destination);
	}
	return config;
}

static void create_engine(struct simrun *run, const struct simrun_options *options)
{
	struct path path;
	struct engine_config config = configure(run, options, &path);

	run->engine = engine_create(&config, &run->session, loop_now(run->loop));
	run->drive.record = begin_record(run, options, &config);
}

void simrun_renew(struct simrun *run, const struct simrun_options *options)
{
	struct path path;
	struct engine_config config = configure(run, options, &path);
	struct recording_facts facts;

	config.seed++;
	config.strays_until = loop_now(run->loop) + 10 * NS_PER_SEC;
	facts = facts_of(run, options, &config);
	drive_renew(&run->drive, &facts);
	run->engine = run->drive.engine;
	run->diag = run->drive.diag;
}

struct simrun *simrun_create(const char *scenario, const struct simrun_options *options)
{
	struct simrun *run = xcalloc(1, sizeof *run);
	struct siphash_key key = simrun_key(options->seed);
	struct transport_config transport = {.context = {.port = PORT, .echo_id = ECHO_ID,
		.to_carried = carried_of(options), .to_source_port = PORT,
		.to_port = carried_of(options) == CARRIED_ECHO ? 0 : TO_PORT}};
	struct err err = {0};

	must(scenario_parse("test.scn", scenario, strlen(scenario), &run->scenario, &err), err.text);
	run->sim = sim_create(&run->scenario, options->seed);
	run->loop = loop_create_virtual(NS_PER_SEC);
	sim_set_start(run->sim, NS_PER_SEC);
	session_init(&run->session);
	ident_init(&transport.ident, &key);
	transport.context.self = *scenario_prober_address(&run->scenario);
	transport.context.self_other = other_of(&run->scenario, run->scenario.prober);
	if (options->also != NULL) {
		transport.context.self_also = address_of(&run->scenario, options->also);
	}
	run->transport = transport_sim_create(run->sim, &transport);
	create_engine(run, options);
	run->diag = diag_create();
	if (options->source != NULL) {
		run->names = table_create();
		run->atlas = atlas_create(run->names, (struct spot){0});
		diag_set_facts(run->diag, atlas_facts(run->atlas));
	}
	run->drive = (struct drive){.loop = run->loop, .engine = run->engine,
		.transport = run->transport, .session = &run->session, .on_done = stop,
		.arg = run->loop, .record = run->drive.record, .diag = run->diag,
		.atlas = run->atlas, .source = options->source};
	must(drive_start(&run->drive, &err), err.text);
	return run;
}

void simrun_until_done(struct simrun *run)
{
	loop_run(run->loop);
	must(run->session.phase == PHASE_DONE, "the run did not end");
}

void simrun_for(struct simrun *run, ns_t duration)
{
	struct loop_timer timer = {.fn = stop, .arg = run->loop};

	loop_timer_set(run->loop, &timer, loop_now(run->loop) + duration);
	loop_run(run->loop);
	loop_timer_cancel(run->loop, &timer);
}

void simrun_destroy(struct simrun *run)
{
	struct err err = {0};

	must(record_destroy(run->drive.record, loop_now(run->loop), &err), err.text);
	run->transport->ops->destroy(run->transport);
	engine_destroy(run->engine);
	diag_destroy(run->diag);
	atlas_destroy(run->atlas);
	table_destroy(run->names);
	session_finish(&run->session);
	loop_destroy(run->loop);
	sim_destroy(run->sim);
	scenario_finish(&run->scenario);
	free(run);
}

const struct stats *simrun_through(const struct simrun *run, size_t hop)
{
	return &run->session.hops[hop - 1].walk[WALK_RETRACE];
}

const struct stats *simrun_to(const struct simrun *run, size_t hop)
{
	return &run->session.hops[hop - 1].walk[WALK_TO];
}

const struct finding *simrun_finding(const struct simrun *run, enum finding_id id)
{
	size_t count;
	const struct finding *findings = diag_findings(run->diag, &count);

	for (size_t i = 0; i < count; i++) {
		if (findings[i].id == id) {
			return &findings[i];
		}
	}
	return NULL;
}

double simrun_fact(const struct finding *finding, const char *name)
{
	for (size_t i = 0; finding != NULL && i < finding->fact_count; i++) {
		if (strcmp(finding->fact[i].name, name) == 0) {
			return finding->fact[i].value;
		}
	}
	return -1;
}
