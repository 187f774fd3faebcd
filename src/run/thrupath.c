/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "run/thrupath.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "config.h"
#include "run/run.h"
#include "sim/scenario.h"

struct thrupath {
	struct run run;
	struct scenario scenario;
	struct host host;            /* of the scenario */
	bool has_scenario, has_aim, has_begun, is_done;
	char name[SCN_HOST_NAME_MAX]; /* the last answer of name_in_scenario() */
	char *record_name, *replay_name;
	struct snapshot *snap;       /* of the last look; NULL: there was none */
	struct err err;
};

const char *thrupath_version(void)
{
	return PACKAGE_VERSION;
}

struct thrupath *thrupath_create(void)
{
	struct thrupath *t = xcalloc(1, sizeof *t);

	t->run.settings = settings_default();
	t->run.settings.is_kept = true;
	t->run.target.host = &host_this;
	t->run.command = "libthrupath";
	return t;
}

void thrupath_destroy(struct thrupath *t)
{
	if (t == NULL) {
		return;
	}
	snapshot_destroy(t->snap);
	if (t->run.loop != NULL) {
		run_finish(&t->run);
	}
	if (t->has_scenario) {
		scenario_finish(&t->scenario);
	}
	free(t->record_name);
	free(t->replay_name);
	free(t);
}

const char *thrupath_error(const struct thrupath *t)
{
	return t->err.text;
}

static bool is_before(struct thrupath *t)
{
	t->err = (struct err){0};
	return !t->has_begun || err_set(&t->err, ERR_USAGE, "the run has begun already");
}

static bool is_under_way(struct thrupath *t)
{
	t->err = (struct err){0};
	return t->has_begun || err_set(&t->err, ERR_USAGE, "the run has not begun");
}

/* Up to the size that the caller knows. */
static void give(void *to, size_t size, const void *from, size_t known)
{
	memset(to, 0, size);
	memcpy(to, from, size < known ? size : known);
}

void thrupath_settings_default(struct thrupath_settings *ret_settings, size_t size)
{
	struct settings settings = settings_default();

	give(ret_settings, size, &(struct thrupath_settings){.first_ttl = settings.first_ttl,
		.max_ttl = settings.max_ttl, .max_rate_pps = settings.max_rate_pps,
		.flows = settings.flows}, sizeof *ret_settings);
}

static bool check(const struct thrupath_settings *asked, struct err *err)
{
	static const struct {
		const char *name;
		size_t offset;
		uint32_t least, most;
	} bounds[] = {
		{"size_bytes", offsetof(struct thrupath_settings, size_bytes), 0, 1984},
		{"first_ttl", offsetof(struct thrupath_settings, first_ttl), 1, 64},
		{"max_ttl", offsetof(struct thrupath_settings, max_ttl), 1, 64},
		{"tos", offsetof(struct thrupath_settings, tos), 0, 255},
		{"max_rate_pps", offsetof(struct thrupath_settings, max_rate_pps), 1, 100000},
		{"flows", offsetof(struct thrupath_settings, flows), 1, FLOW_MAX},
		{"protocol", offsetof(struct thrupath_settings, protocol), THRUPATH_ECHO, THRUPATH_TCP},
		{"port", offsetof(struct thrupath_settings, port), 0, UINT16_MAX},
	};

	for (size_t i = 0; i < sizeof bounds / sizeof bounds[0]; i++) {
		uint32_t value;

		memcpy(&value, (const char *)asked + bounds[i].offset, sizeof value);
		if (value < bounds[i].least || value > bounds[i].most) {
			return err_set(err, ERR_USAGE, "%s is %u to %u, not %u", bounds[i].name,
				bounds[i].least, bounds[i].most, value);
		}
	}
	if (asked->first_ttl > asked->max_ttl) {
		return err_set(err, ERR_USAGE, "first_ttl is greater than max_ttl");
	}
	if (asked->no_to && asked->no_through) {
		return err_set(err, ERR_USAGE, "no_to and no_through leave nothing to send");
	}
	return (asked->interval_s >= 0 && asked->interval_s <= 86400 && asked->timeout_s >= 0 &&
	        asked->timeout_s <= 60) || err_set(err, ERR_USAGE,
		"interval_s is 0 to 86400, and timeout_s 0 to 60");
}

int thrupath_set(struct thrupath *t, const struct thrupath_settings *given, size_t size)
{
	struct settings *settings = &t->run.settings;
	struct thrupath_settings asked;

	thrupath_settings_default(&asked, sizeof asked);
	memcpy(&asked, given, size < sizeof asked ? size : sizeof asked);
	if (!is_before(t) || !check(&asked, &t->err)) {
		return 0;
	}
	*settings = settings_default();
	settings->is_kept = true;
	settings->rounds = asked.rounds;
	settings->interval = (ns_t)(asked.interval_s * (double)NS_PER_SEC);
	settings->timeout = (ns_t)(asked.timeout_s * (double)NS_PER_SEC);
	settings->size_bytes = asked.size_bytes;
	settings->first_ttl = asked.first_ttl;
	settings->max_ttl = asked.max_ttl;
	settings->tos = asked.tos;
	settings->max_rate_pps = asked.max_rate_pps;
	settings->flows = asked.flows;
	settings->is_udp = asked.protocol == THRUPATH_UDP;
	settings->is_tcp = asked.protocol == THRUPATH_TCP;
	settings->port = asked.port;
	settings->is_public = asked.is_public != 0;
	settings->no_to = asked.no_to != 0;
	settings->no_through = asked.no_through != 0;
	settings->has_follow = asked.follow != 0;
	if (asked.has_all_walks != 0) {
		settings_want_all_walks(settings);
	}
	return 1;
}

static bool find(struct thrupath *t, const char *word, struct addr *ret_address)
{
	const struct host *host = t->run.target.host;

	return addr_parse(word, ret_address) ||
	       host->resolve(host, word, 0, ret_address, &t->err);
}

int thrupath_aim(struct thrupath *t, const char *destination)
{
	struct target *target = &t->run.target;
	struct addr address;

	if (!is_before(t) || !find(t, destination, &address)) {
		return 0;
	}
	*target = (struct target){.host = target->host, .destination = address};
	if (!addr_parse(destination, &address)) {
		(void)snprintf(target->destination_name, sizeof target->destination_name, "%s",
			destination);
	}
	t->has_aim = true;
	return 1;
}

int thrupath_aim_path(struct thrupath *t, const char *const *addresses, size_t count)
{
	struct target target = {.host = t->run.target.host, .path_count = count};

	if (!is_before(t)) {
		return 0;
	}
	if (count == 0 || count > HOP_MAX) {
		return err_set(&t->err, ERR_USAGE, "a path has 1 to %d hops, not %zu", HOP_MAX, count);
	}
	for (size_t i = 0; i < count; i++) {
		if (!find(t, addresses[i], &target.path[i])) {
			return 0;
		}
		if (target.path[i].family != target.path[0].family) {
			return err_set(&t->err, ERR_USAGE, "the path mixes IPv4 and IPv6 addresses");
		}
	}
	target.destination = target.path[count - 1];
	t->run.target = target;
	t->has_aim = true;
	return 1;
}

int thrupath_simulate(struct thrupath *t, const char *file, uint64_t seed)
{
	if (!is_before(t)) {
		return 0;
	}
	if (t->has_scenario || t->has_aim || t->replay_name != NULL) {
		return err_set(&t->err, ERR_USAGE, "a scenario is to be named once, and first");
	}
	if (!scenario_load(file, &t->scenario, &t->err)) {
		return 0;
	}
	t->has_scenario = true;
	t->scenario.seed = seed != 0 ? seed : t->scenario.seed;
	t->host = host_of_prober(&t->scenario);
	t->run.target.host = &t->host;
	t->run.scenario = &t->scenario;
	return 1;
}

static int keep_name(struct thrupath *t, char **name, const char *file)
{
	if (!is_before(t)) {
		return 0;
	}
	free(*name);
	*name = xstrdup(file);
	return 1;
}

int thrupath_replay(struct thrupath *t, const char *file)
{
	return t->has_scenario ? err_set(&t->err, ERR_USAGE, "a recording has no scenario") :
		keep_name(t, &t->replay_name, file);
}

int thrupath_record(struct thrupath *t, const char *file)
{
	return keep_name(t, &t->record_name, file);
}

static bool aim_as_scenario_says(struct thrupath *t)
{
	const struct scenario *scn = &t->scenario;
	const struct scn_run *run = scn->run_count == 0 ? NULL : &scn->run[scn->run_count - 1];
	struct target *target = &t->run.target;
	struct settings *settings = &t->run.settings;

	if (run == NULL || run->node_count == 0) {
		return err_set(&t->err, ERR_USAGE, "%.80s has no run line: say where to", scn->file);
	}
	settings->interval = settings->interval == 0 ? run->interval : settings->interval;
	for (size_t i = 0; i < run->node_count; i++) {
		enum carrier carrier = scn->node[run->node[i]].params.carrier;

		target->path[i] = *scenario_node_address(scn, run->node[i]);
		target->path_carrier[i] = carrier == CARRIER_IPIP ? 0 : (uint8_t)(1 + carrier);
	}
	target->path_count = run->is_path ? run->node_count : 0;
	target->destination = target->path[run->node_count - 1];
	return true;
}

static const char *name_in_scenario(void *arg, const struct addr *address)
{
	struct thrupath *t = arg;

	return scenario_name_of(&t->scenario, address, t->name) ? t->name : NULL;
}

static void on_done(void *arg)
{
	struct thrupath *t = arg;

	t->is_done = true;
	loop_stop(t->run.loop);
}

int thrupath_begin(struct thrupath *t)
{
	struct run *run = &t->run;

	if (!is_before(t)) {
		return 0;
	}
	run->record_name = t->record_name;
	run->replay_name = t->replay_name;
	t->has_begun = true;
	if (run->replay_name != NULL) {
		return run_prepare_replay(run, &t->err);
	}
	if (!t->has_aim && !t->has_scenario) {
		return err_set(&t->err, ERR_USAGE, "say where to first");
	}
	if (!t->has_aim && !aim_as_scenario_says(t)) {
		return 0;
	}
	if (t->has_scenario) {
		run->name_of = name_in_scenario;
		run->name_arg = t;
	}
	target_judge(&run->target);
	run->drive.on_done = on_done;
	run->drive.arg = t;
	return run_prepare(run, &t->err) && run_start(run, &t->err);
}

static void on_time(void *arg)
{
	struct thrupath *t = arg;

	loop_stop(t->run.loop);
}

int thrupath_run(struct thrupath *t, double seconds)
{
	struct loop_timer timer = {.fn = on_time, .arg = t};
	struct run *run = &t->run;

	if (!is_under_way(t)) {
		return 0;
	}
	if (run->replay != NULL) {
		t->is_done = t->is_done || replay_all(run->replay, &t->err);
		return t->is_done;
	}
	if (!(seconds >= 0 && seconds <= 1e9)) {
		return err_set(&t->err, ERR_USAGE, "a run takes 0 to 1e9 seconds");
	}
	if (!t->is_done) {
		if (seconds > 0) {
			loop_timer_set(run->loop, &timer,
				loop_now(run->loop) + (ns_t)(seconds * (double)NS_PER_SEC));
		}
		loop_run(run->loop);
		loop_timer_cancel(run->loop, &timer);
	}
	t->err = run->drive.failure;
	/* A run that is over has a recording that is whole. */
	return t->err.code == ERR_NONE && (!t->is_done || run_end_record(run, &t->err));
}

static int tell(struct thrupath *t, struct command command)
{
	if (!is_under_way(t)) {
		return 0;
	}
	return (t->run.replay == NULL && drive_do(&t->run.drive, command)) ||
	       err_set(&t->err, ERR_USAGE, "that cannot be done now");
}

int thrupath_pause(struct thrupath *t, int is_paused)
{
	return tell(t, (struct command){.kind = is_paused ? COMMAND_PAUSE : COMMAND_RESUME});
}

int thrupath_reset(struct thrupath *t)
{
	return tell(t, (struct command){.kind = COMMAND_RESET});
}

static double date(ns_t realtime)
{
	return (double)realtime / (double)NS_PER_SEC;
}

static void put_text(char *to, size_t size, const char *text)
{
	(void)snprintf(to, size, "%s", text == NULL ? "" : text);
}

int thrupath_look(struct thrupath *t, struct thrupath_summary *ret_summary, size_t size)
{
	struct thrupath_summary summary = {0};
	const struct snapshot *snap;

	if (!is_under_way(t)) {
		return 0;
	}
	if (t->run.drive.engine == NULL) {
		return err_set(&t->err, ERR_USAGE, "the run could not begin");
	}
	snapshot_destroy(t->snap);
	run_note_files(&t->run);
	snap = t->snap = run_snapshot(&t->run);
	summary.is_over = snap->phase == SNAP_DONE;
	summary.has_end = t->run.session.has_end_answered;
	summary.rounds = snap->rounds;
	summary.start = date(snap->start_realtime);
	summary.now = date(snap->now_realtime);
	summary.interval_s = ns_to_sec(snap->interval);
	summary.hops = (uint32_t)snap->hop_count;
	summary.links = (uint32_t)snap->link_count;
	summary.findings = (uint32_t)snap->finding_count;
	put_text(summary.source, sizeof summary.source, snap->source);
	put_text(summary.destination, sizeof summary.destination, snap->destination);
	give(ret_summary, size, &summary, sizeof summary);
	return 1;
}

/* Whether there is an i-th of so many in the picture. */
static bool is_seen(struct thrupath *t, const char *what, uint32_t i, size_t count)
{
	t->err = (struct err){0};
	return (t->snap != NULL || err_set(&t->err, ERR_USAGE, "look first")) &&
	       (i < count || err_set(&t->err, ERR_NOT_FOUND, "there is no such %s", what));
}

static struct thrupath_count count_of(const struct snap_stats *stats)
{
	struct thrupath_count count = {.is_on = stats->is_on, .sent = stats->sent,
		.resolved = stats->resolved, .received = stats->received, .loss = stats->loss,
		.low = stats->low, .high = stats->high, .best_ms = THRUPATH_UNKNOWN,
		.average_ms = THRUPATH_UNKNOWN, .worst_ms = THRUPATH_UNKNOWN,
		.p50_ms = THRUPATH_UNKNOWN, .p95_ms = THRUPATH_UNKNOWN,
		.p99_ms = THRUPATH_UNKNOWN, .jitter_ms = THRUPATH_UNKNOWN};

	if (stats->has_rtt) {
		count.best_ms = stats->best_ms;
		count.average_ms = stats->avg_ms;
		count.worst_ms = stats->worst_ms;
		count.p50_ms = stats->p50_ms;
		count.p95_ms = stats->p95_ms;
		count.p99_ms = stats->p99_ms;
		count.jitter_ms = stats->jitter_ms;
	}
	return count;
}

int thrupath_hop(struct thrupath *t, uint32_t hop, struct thrupath_hop *ret_hop, size_t size)
{
	struct thrupath_hop filled = {.hop = hop};
	const struct snap_hop *row;

	if (!is_seen(t, "hop", hop - 1, t->snap == NULL ? 0 : t->snap->hop_count)) {
		return 0;
	}
	row = &t->snap->hops[hop - 1];
	filled.is_end = row->is_end;
	put_text(filled.address, sizeof filled.address, row->address);
	put_text(filled.name, sizeof filled.name, row->name);
	filled.through = count_of(&row->through);
	filled.to = count_of(&row->to);
	give(ret_hop, size, &filled, sizeof filled);
	return 1;
}

int thrupath_link(struct thrupath *t, uint32_t link, struct thrupath_link *ret_link, size_t size)
{
	const struct snap_link *row = t->snap == NULL ? NULL : snap_link_to(t->snap, link);
	struct thrupath_link filled = {.link = link, .out_high = 1, .back_high = 1};

	if (!is_seen(t, "link", row == NULL, 1) || row == NULL) {
		return 0;
	}
	filled.is_suspect = row->is_suspect;
	filled.loss = row->loss;
	filled.low = row->low;
	filled.high = row->high;
	filled.added_ms = row->rtt_added_ms;
	if (row->has_bounds) {
		filled.out_low = row->out_low;
		filled.out_high = row->out_high;
		filled.back_low = row->back_low;
		filled.back_high = row->back_high;
	}
	give(ret_link, size, &filled, sizeof filled);
	return 1;
}

int thrupath_finding(struct thrupath *t, uint32_t i, struct thrupath_finding *ret_finding,
	size_t size)
{
	struct thrupath_finding filled = {0};
	const struct snap_finding *row;

	if (!is_seen(t, "finding", i, t->snap == NULL ? 0 : t->snap->finding_count)) {
		return 0;
	}
	row = &t->snap->findings[i];
	put_text(filled.id, sizeof filled.id, row->id);
	put_text(filled.text, sizeof filled.text, row->text);
	filled.severity = (uint32_t)row->severity;
	filled.is_active = row->is_active;
	filled.episodes = row->episodes;
	filled.first = date(row->first_realtime);
	filled.last = date(row->last_realtime);
	filled.held_s = ns_to_sec(row->held);
	for (size_t k = 0; k < row->hop_count; k++) {
		filled.low_hop = k == 0 || row->hops[k] < filled.low_hop ? row->hops[k] : filled.low_hop;
		filled.high_hop = row->hops[k] > filled.high_hop ? row->hops[k] : filled.high_hop;
	}
	give(ret_finding, size, &filled, sizeof filled);
	return 1;
}
